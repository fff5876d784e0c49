package scheduler_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// eachTown runs a test on some seeds: these, or RAPPORT_TOWN_RUNS of them from RAPPORT_TOWN_SEED on.
func eachTown(t *testing.T, test func(t *testing.T, seed uint64), seeds ...uint64) {
	t.Helper()
	if first, err := strconv.ParseUint(os.Getenv("RAPPORT_TOWN_SEED"), 10, 64); err == nil {
		runs, _ := strconv.ParseUint(os.Getenv("RAPPORT_TOWN_RUNS"), 10, 64)
		seeds = nil
		for n := range max(runs, 1) {
			seeds = append(seeds, first+n)
		}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			test(t, seed)
		})
	}
}

// TestPromisesOfATown lets a few people in five zones do with promises what there is to do, while the clocks change, processes die, Slack fails, and some leave. One
// bundle a day and one message an hour come, in hours; what holds in the end was told once, and what was taken back was not.
func TestPromisesOfATown(t *testing.T) {
	eachTown(t, func(t *testing.T, seed uint64) {
		m := newPromiseTown(t, seed)
		m.live(seed)
		m.judge()
	}, 11)
}

// TestPromisesOfARestoredTown puts a copy of the store back that is three days old: what went out meanwhile does not come again.
func TestPromisesOfARestoredTown(t *testing.T) {
	eachTown(t, func(t *testing.T, seed uint64) {
		m := newPromiseTown(t, seed)
		dir, copied := t.TempDir(), filepath.Join(t.TempDir(), "copy")
		m.moveTo(dir)
		m.busy(3 * 24 * time.Hour)
		m.moveTo(t.TempDir())
		m.must(os.CopyFS(copied, os.DirFS(dir)))
		m.moveTo(dir)
		m.busy(3 * 24 * time.Hour)
		m.moveTo(copied)
		m.restored = m.clock.Now()
		m.busy(0)
		m.clock.advance(8 * 24 * time.Hour)
		m.judgeMessages()
		m.report()
	}, 1)
}

// moveTo ends all processes and opens the store in a folder.
func (m *promiseTown) moveTo(dir string) {
	for _, p := range m.processes {
		p.die()
	}
	m.processes = nil
	m.clock.advance(time.Minute)
	m.must(m.store.Close())
	store, err := storage.OpenFolder(m.t.Context(), storage.Options{Dir: dir, Team: "T1", Key: make([]byte, 32), Now: m.clock.Now})
	m.must(err)
	m.movesInto(store)
	m.settle()
}

// busy starts processes and lets people act for a while, if there is one.
func (m *promiseTown) busy(d time.Duration) {
	for range 3 {
		m.hire(m.t.Context())
	}
	for ends := m.clock.Now().Add(d); m.clock.Now().Before(ends); {
		for range 1 + m.dice.IntN(4) {
			m.act()
		}
		m.processes[0].sched.Poke()
		m.clock.advance(time.Duration(1+m.dice.IntN(100)) * time.Minute)
	}
}

// live lets some busy days go by, and as many quiet ones.
func (m *promiseTown) live(seed uint64) {
	ctx := m.t.Context()
	m.trouble = seed%4 != 0
	for ends := m.clock.Now().AddDate(0, 0, townBusyDays); m.clock.Now().Before(ends); {
		switch m.dice.IntN(12) {
		case 0:
			if seed%3 != 0 {
				m.set()
			}
		case 1:
			if seed%5 == 1 {
				m.must(m.store.MarkRestored(ctx, m.clock.Now()))
			}
		case 2:
			if seed%4 == 3 && m.dice.IntN(4) == 0 {
				m.leave()
			}
		default:
			for range 1 + m.dice.IntN(4) {
				m.act()
			}
		}
		step := time.Duration(1+m.dice.IntN(120)) * time.Minute
		switch m.dice.IntN(20) {
		case 0:
			step = 20 * time.Hour
		case 1, 2:
			step = 30 * time.Second
		}
		m.processes[0].sched.Poke()
		m.clock.advance(step)
		m.bury(ctx)
	}
	for _, id := range townIDs {
		if m.gone[id] {
			continue
		}
		_, err := m.bot.Host.Set(ctx, m.clock.Now(), bot.Token("calm "+id), id, func(p *bot.Preferences) { p.PausedTill = bot.Date{} })
		m.must(err)
	}
	for range townQuietDays {
		m.clock.advance(24 * time.Hour)
		m.trouble = false
		m.bury(ctx)
	}
}

// bad notes what is wrong.
func (m *promiseTown) bad(format string, args ...any) {
	m.wrong = append(m.wrong, fmt.Sprintf(format, args...))
}

// judge holds what came to what was to come.
func (m *promiseTown) judge() {
	told, words := m.judgeMessages()
	for _, id := range m.ids {
		c, err := m.store.Commitment(m.t.Context(), id)
		m.must(err)
		m.judgeWords(c, words)
		m.judgeSides(c, told)
		m.judgeLadder(c)
	}
	kinds := []bot.Kind{bot.KindTimed, bot.KindReminders, bot.KindProposal, bot.KindAnswer, bot.KindPlan}
	due, err := m.store.Due(m.t.Context(), m.clock.Now().Add(-time.Hour), kinds, 100)
	m.must(err)
	for _, s := range due {
		m.bad("%s still waits (%s)", s.SID, s.Reason)
	}
	m.report()
}

// report says what is wrong, and what people did.
func (m *promiseTown) report() {
	m.t.Helper()
	slices.Sort(m.wrong)
	for _, w := range slices.Compact(m.wrong) {
		m.t.Error(w)
	}
	if m.t.Failed() {
		m.t.Log(strings.Join(m.history, "\n"))
	}
	if len(m.there) < 20 || len(m.ids) < 10 {
		m.t.Errorf("%d messages about %d items: too few to say anything", len(m.there), len(m.ids))
	}
}

// judgeMessages judges each message by itself and those before it. It returns how often was told what, and which words, to whom.
func (m *promiseTown) judgeMessages() (told, words map[string]int) {
	told, words = map[string]int{}, map[string]int{}
	items, bundles, reviews := map[string]int{}, map[string]int{}, map[string]int{}
	last := map[string]time.Time{}
	for _, x := range m.there {
		if !x.hours.Open(x.at.Add(townSkew)) && !x.hours.Open(x.at.Add(-townSkew)) {
			m.bad("%s to %s outside their hours: %s", x.send.SID, x.to, x.at.In(x.hours.Zone))
		}
		switch content := x.content.(type) {
		case bot.Addressed:
			was, ok := last[x.to]
			forgotten := was.Before(m.restored) && !x.at.Before(m.restored)
			if ok && !forgotten && x.at.Sub(was) < time.Hour-2*townSkew {
				m.bad("%s to %s comes %s after another", x.send.SID, x.to, x.at.Sub(was))
			}
			last[x.to] = x.at
			for _, i := range content.Items {
				told[fmt.Sprint(i.What, " ", i.Commitment.ID, " ", x.to)]++
				if i.Word > 0 {
					words[fmt.Sprint(i.Commitment.ID, " ", i.Word, " ", x.to)]++
				}
				if key := fmt.Sprint(x.to, " ", i.Kind, " ", i.Ref); i.What != bot.WhatAsked { // which is asked again after some days
					if items[key]++; items[key] > 1 {
						m.bad("told twice: %s", key)
					}
				}
			}
		case bot.Bundle:
			m.judgeBundle(x, content, bundles, reviews)
		}
	}
	return told, words
}

func (m *promiseTown) judgeBundle(x arrival, content bot.Bundle, bundles, reviews map[string]int) {
	at := x.at.In(x.hours.Zone)
	day := x.to + " " + at.Format(time.DateOnly)
	if bundles[day]++; bundles[day] > 1 {
		m.bad("a second bundle on %s", day)
	}
	if content.Review == nil {
		return
	}
	year, week := at.ISOWeek()
	key := fmt.Sprint(x.to, " ", year, " ", week)
	if reviews[key]++; reviews[key] > 1 && !m.rescheduled[x.to] {
		m.bad("a second review in %s", key)
	}
}

// judgeWords looks whether words in the end stand where they were to be told, and nowhere else.
func (m *promiseTown) judgeWords(c bot.Commitment, words map[string]int) {
	for _, w := range c.Said {
		n := words[fmt.Sprint(c.ID, " ", w.N, " ", w.To)]
		holds := w.Text != "" && (!w.Kept || c.State == bot.Done)
		switch {
		case w.Text == "" && n > 0:
			m.bad("#%d word %d to %s was taken back and told", c.ID, w.N, w.To)
		case holds && n != 1 && !m.touched[w.To]:
			m.bad("#%d word %d to %s was told %d times", c.ID, w.N, w.To, n)
		}
	}
}

// judgeSides looks whether everybody heard what holds for them.
func (m *promiseTown) judgeSides(c bot.Commitment, told map[string]int) {
	want := func(what bot.What, to string) {
		if told[fmt.Sprint(what, " ", c.ID, " ", to)] == 0 && !m.touched[to] {
			m.bad("#%d (%s of %s by %s): %s never heard %s", c.ID, c.State, c.Owner, c.By, to, what)
		}
	}
	switch c.State {
	case bot.Lapsed:
		want(bot.WhatLapsed, c.By)
		if !m.left { // who asked and left asks for nothing any more
			want(bot.WhatProposed, c.Owner)
		}
	case bot.Declined:
		want(bot.WhatDeclined, c.By)
	case bot.Proposed:
		m.bad("#%d is still proposed: owner %s", c.ID, c.Owner)
	case bot.Open:
		if c.Giving != "" {
			want(bot.WhatOffered, c.Giving)
		}
		for _, f := range c.Freed {
			if f.By != c.Owner && c.VisibleTo(f.By) && !m.handed[c.ID] && !m.gone[f.By] {
				want(bot.WhatFreed, c.Owner)
			}
		}
		for _, q := range c.Asked {
			if !q.Answered.IsZero() && c.VisibleTo(q.By) && (len(c.Moves) == 0 || c.Moves[len(c.Moves)-1].At.Before(q.Answered)) {
				want(bot.WhatOnTrack, q.By)
			}
		}
	}
}

// judgeLadder looks whether an open item came up as often as its ladder says since its owner's last act.
func (m *promiseTown) judgeLadder(c bot.Commitment) {
	if c.State != bot.Open || m.moved[c.Owner] || m.gone[c.Owner] {
		return
	}
	h := m.hours(c.Owner)
	acted := c.Acted
	if acted.IsZero() {
		acted = c.Created
	}
	var days []bot.Date
	for _, x := range m.there {
		b, ok := x.content.(bot.Bundle)
		if ok && x.at.After(acted) && slices.ContainsFunc(b.Items, func(i bot.BundleItem) bool { return i.Commitment.ID == c.ID }) {
			days = append(days, h.Today(x.at))
		}
	}
	rungs := bot.Ladder(c, h)
	for len(rungs) > 0 && h.Today(m.clock.Now()).Before(rungs[len(rungs)-1].Day) {
		rungs = rungs[:len(rungs)-1]
	}
	story := fmt.Sprintf("#%d of %s, acted %s, due %v, snoozed %s, plan %v: ladder %v, came up %v", c.ID, c.Owner, acted.In(h.Zone).Format("01-02 15:04"), c.Due, c.SnoozedTill, c.Plan, rungs, days)
	switch {
	case len(days) > len(rungs):
		m.bad("too often: %s", story)
	case len(rungs) > 0 && (len(days) == 0 || days[len(days)-1].Before(rungs[len(rungs)-1].Day)):
		m.bad("too seldom: %s", story)
	}
}
