//go:build unix

package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// pencil says for each day what has to be in its bundle, by looking at each day by itself: it walks through the calendar and counts, and plans nothing ahead.
type pencil struct {
	down  bool
	items map[int]*pencilItem
	acts  []pencilAct
}

// pencilItem is what is known of a promise on a day.
type pencilItem struct {
	due     string // a date, empty for none
	acted   string // the day of the last act
	snoozed string // "2026-03-20", or with a time; empty for none
	plan    string // a date
	kept    bool   // the last act was to keep it
	closed  bool
	told    int // reminders since the last act
}

// pencilAct is something that changes an item from the next day on.
type pencilAct struct {
	day, clock string
	id         int
	change     func(*pencilItem)
}

func newPencil(down bool) *pencil { return &pencil{down: down, items: map[int]*pencilItem{}} }

var dateInText = regexp.MustCompile(`(?:by )?(\d{4}-\d\d-\d\d)( \d\d:\d\d)?`)

// note writes down what Ana did; id is the number of what is new.
func (p *pencil) note(t *testing.T, act monthAct, id int) {
	t.Helper()
	verb := strings.Fields(act.text)[0]
	if verb == "pause" {
		return
	}
	due, clock := act.due, ""
	if found := dateInText.FindStringSubmatch(act.text); found != nil {
		due, clock = found[1], found[2]
	}
	a := pencilAct{day: "2026-" + act.at[:5], clock: act.at[6:], id: id}
	if id != 0 {
		if id != len(p.items)+1 {
			t.Fatalf("%q has number %d, and is promise %d", act.text, id, len(p.items)+1)
		}
		p.items[id] = &pencilItem{closed: true} // until it is made
		a.change = func(i *pencilItem) { i.due, i.closed = due, false }
		p.acts = append(p.acts, a)
		return
	}
	a.id = numberOf(act.text)
	a.change = map[string]func(*pencilItem){
		"done":   func(i *pencilItem) { i.due, i.closed = due, due == "" },
		"drop":   func(i *pencilItem) { i.closed = true },
		"move":   func(i *pencilItem) { i.due, i.snoozed = due, "" },
		"snooze": func(i *pencilItem) { i.snoozed = due + clock },
		"plan":   func(i *pencilItem) { i.plan = due },
		"keep":   func(i *pencilItem) { i.kept = true },
	}[verb]
	p.acts = append(p.acts, a)
}

// days are the bundles, by day: "03-10".
func (p *pencil) days(t *testing.T) map[string][]int {
	t.Helper()
	bundles := map[string][]int{}
	var late []int // what should have been said and was not
	last := berlinTime(t, monthEnds)
	for at := berlinTime(t, monthBegins[:10]+" 09:00"); at.Before(last); at = at.AddDate(0, 0, 1) {
		day := at.Format("2006-01-02")
		for id, i := range p.items {
			if i.comesUp(at) {
				i.told++
				late = append(late, id)
			}
		}
		late = slices.DeleteFunc(late, func(id int) bool { return p.items[id].closed })
		if p.reached(day) && workday(at) && len(late) > 0 {
			slices.Sort(late)
			bundles[at.Format("01-02")] = slices.Compact(late)
			late = nil
		}
		for _, a := range p.acts {
			if a.day == day {
				i := p.items[a.id]
				i.acted, i.kept, i.told = day, false, 0
				a.change(i)
				late = slices.DeleteFunc(late, func(id int) bool { return id == a.id })
			}
		}
		for _, i := range p.items {
			if len(i.snoozed) > 10 && i.snoozed[:10] == day && !i.closed {
				i.told++ // it came alone, or comes so
			}
		}
	}
	return bundles
}

// reached reports whether somebody is there on a day: neither is Ana away, nor the process down. It is back on its last day before work ends.
func (p *pencil) reached(day string) bool {
	if day == "2026-03-17" || day == "2026-03-18" {
		return false
	}
	return !p.down || day <= monthDies[:10] || day >= monthLives[:10]
}

// comesUp reports whether an item comes up on a day by itself.
func (i *pencilItem) comesUp(at time.Time) bool {
	day := at.Format("2006-01-02")
	if i.closed || i.acted >= day || i.told == 2 || !workday(at) {
		return false
	}
	if s := i.snoozed; s != "" && s > i.acted+" 24" { // said by the last act, or still ahead when that was
		if len(s) > 10 && day <= s[:10] || day < s {
			return false
		}
		if len(s) == 10 && firstFrom(s) == day {
			return true
		}
	}
	planned := i.plan > i.acted
	if planned && i.plan == day {
		return true
	}
	if i.due == "" {
		return !i.kept && day == firstFrom(plusDays(i.acted, 7))
	}
	last := lastUntil(i.due)
	switch {
	case day == last:
		return true
	case day > i.due:
		n := between(i.due, day)
		return n == 1 || n == 3 || n == 7
	}
	return !planned && between(i.acted, last) > 5 && day < last && between(day, last) == 2
}

func dayOf(text string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", text+" 12:00", berlin())
	if err != nil {
		panic(err)
	}
	return at
}

func plusDays(day string, n int) string { return dayOf(day).AddDate(0, 0, n).Format("2006-01-02") }

// firstFrom is the first working day from a date on.
func firstFrom(day string) string {
	for !workday(dayOf(day)) {
		day = plusDays(day, 1)
	}
	return day
}

// lastUntil is the last working day until a date.
func lastUntil(day string) string {
	for !workday(dayOf(day)) {
		day = plusDays(day, -1)
	}
	return day
}

// between counts the working days after a date, up to and with another.
func between(from, to string) int {
	n := 0
	for day := plusDays(from, 1); day <= to; day = plusDays(day, 1) {
		if workday(dayOf(day)) {
			n++
		}
	}
	return n
}
