package main

import (
	"strings"
	"time"

	"rapport/bot/pairing"
)

// clockLayouts are the ways in which spreadsheets write a time of day.
var clockLayouts = []string{"15:04", "15:04:05", "3:04 PM", "3:04PM", "3:04:05 PM"}

const (
	usualStart = 9 * time.Hour
	usualEnd   = 17 * time.Hour
)

// weekOf reads work_start, work_end and work_days. Who has none of them works the engine's default week.
func weekOf(t *table) pairing.Week {
	start, end, said := hoursOf(t)
	days := daysOf(t)
	if !said && days == nil {
		return pairing.Week{}
	}
	if days == nil {
		return pairing.OfficeWeek(start, end)
	}
	var week pairing.Week
	for _, day := range days {
		week[day] = pairing.Span{Start: start, End: end}
	}
	return week
}

// hoursOf reads the hours of a day; they end on the next day if they end before they begin.
func hoursOf(t *table) (start, end time.Duration, said bool) {
	from, to := t.cell("work_start"), t.cell("work_end")
	if from == "" && to == "" || !t.has("work_start") || !t.has("work_end") {
		return usualStart, usualEnd, false
	}
	start, startRead := clockOf(t, "work_start")
	end, endRead := clockOf(t, "work_end")
	if !startRead || !endRead {
		return usualStart, usualEnd, false
	}
	if start == end {
		t.report("work_end", "work ends when it begins, at %s; write two times, or none", excerpt(to))
		return usualStart, usualEnd, false
	}
	if end < start {
		end += 24 * time.Hour
	}
	return start, end, true
}

// clockOf reads a time of day.
func clockOf(t *table, column string) (time.Duration, bool) {
	text := t.cell(column)
	if text == "" {
		t.report(column, "work_start and work_end go together; %s is missing", column)
		return 0, false
	}
	if text == "24:00" && column == "work_end" {
		return 24 * time.Hour, true
	}
	for _, layout := range clockLayouts {
		if clock, err := time.Parse(layout, strings.ToUpper(text)); err == nil {
			return time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute + time.Duration(clock.Second())*time.Second, true
		}
	}
	t.report(column, "%q is no time of day; write it as 09:00", excerpt(text))
	return 0, false
}

// daysOf reads weekdays such as mon;tue;thu, mon-fri or sun-thu; nil if there are none.
func daysOf(t *table) []time.Weekday {
	var days []time.Weekday
	for _, part := range strings.FieldsFunc(t.cell("work_days"), func(r rune) bool { return strings.ContainsRune(";|, ", r) }) {
		first, last, several := strings.Cut(strings.ReplaceAll(part, "–", "-"), "-")
		if !several {
			last = first
		}
		from, fromRead := weekdayOf(first)
		to, toRead := weekdayOf(last)
		if !fromRead || !toRead {
			t.report("work_days", "%q are no working days; write them as mon-fri or mon;tue;thu", excerpt(part))
			return nil
		}
		for day := from; ; day = (day + 1) % 7 {
			days = append(days, day)
			if day == to {
				break
			}
		}
	}
	return days
}

// weekdayOf reads an English weekday, whole or by its first three letters or more.
func weekdayOf(word string) (time.Weekday, bool) {
	word = strings.ToLower(word)
	for day := time.Sunday; day <= time.Saturday; day++ {
		if len(word) >= 3 && strings.HasPrefix(strings.ToLower(day.String()), word) {
			return day, true
		}
	}
	return 0, false
}
