package bot

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// yearlyRule is how a free day comes again, RRULE of RFC 5545 with FREQ=YEARLY.
type yearlyRule struct {
	every  int // years
	count  int // how often in all; 0: for ever
	until  Date
	months []time.Month
	days   []int // of the month, from its end if negative
	on7    []nthWeekday
}

// nthWeekday is "the second Monday" or "the last Friday" of a month; n is 0 for each.
type nthWeekday struct {
	n       int
	weekday time.Weekday
}

var icsWeekdays = map[string]time.Weekday{
	"SU": time.Sunday, "MO": time.Monday, "TU": time.Tuesday, "WE": time.Wednesday, "TH": time.Thursday, "FR": time.Friday, "SA": time.Saturday,
}

// readYearly reads "FREQ=YEARLY;BYMONTH=5;BYDAY=2MO".
func readYearly(text string) (*yearlyRule, error) {
	r := &yearlyRule{every: 1}
	yearly := false
	for part := range strings.SplitSeq(strings.ToUpper(text), ";") {
		name, value, _ := strings.Cut(part, "=")
		if name == "FREQ" {
			if yearly = value == "YEARLY"; !yearly {
				return nil, fmt.Errorf("a free day comes every year if it comes again, not %q", value)
			}
			continue
		}
		if err := r.part(name, value); err != nil {
			return nil, err
		}
	}
	switch {
	case !yearly:
		return nil, errors.New("RRULE has no FREQ")
	case len(r.on7) > 0 && (len(r.months) == 0 || len(r.days) > 0):
		return nil, errors.New("BYDAY needs BYMONTH, and no BYMONTHDAY")
	case len(r.days) > 0 && len(r.months) == 0:
		return nil, errors.New("BYMONTHDAY needs BYMONTH")
	}
	return r, nil
}

func (r *yearlyRule) part(name, value string) (err error) {
	switch name {
	case "INTERVAL":
		r.every, err = numberBetween(value, 1, 1000)
	case "COUNT":
		r.count, err = numberBetween(value, 1, 1000)
	case "UNTIL":
		r.until, err = wholeDay(value[:min(8, len(value))])
	case "BYMONTH":
		return eachOf(value, func(text string) error {
			n, err := numberBetween(text, 1, 12)
			r.months = append(r.months, time.Month(n))
			return err
		})
	case "BYMONTHDAY":
		return eachOf(value, func(text string) error {
			n, err := numberBetween(text, -31, 31)
			r.days = append(r.days, n)
			return err
		})
	case "BYDAY":
		return eachOf(value, r.weekday)
	case "WKST":
	default:
		err = fmt.Errorf("RRULE says %s, which is not understood", name)
	}
	return err
}

// weekday reads "MO", "2MO" or "-1FR".
func (r *yearlyRule) weekday(text string) error {
	at := max(0, len(text)-2)
	day, ok := icsWeekdays[text[at:]]
	if !ok {
		return fmt.Errorf("%q is no weekday", text)
	}
	n := 0
	if at > 0 {
		var err error
		if n, err = numberBetween(text[:at], -5, 5); err != nil {
			return err
		}
	}
	r.on7 = append(r.on7, nthWeekday{n, day})
	return nil
}

func eachOf(list string, read func(string) error) error {
	for text := range strings.SplitSeq(list, ",") {
		if err := read(text); err != nil {
			return err
		}
	}
	return nil
}

func numberBetween(text string, least, most int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%q is no number from %d to %d", text, least, most)
	}
	return n, nil
}

// on reports whether the rule that began on a day comes again on another.
func (r *yearlyRule) on(start, d Date) bool {
	switch {
	case d.Before(start), (d.Year-start.Year)%r.every != 0, !r.until.IsZero() && r.until.Before(d), !r.matches(start, d):
		return false
	case r.count == 0:
		return true
	}
	before := 1 // the first one
	for day := start.AddDays(1); day.Before(d) && before < r.count; day = day.AddDays(1) {
		if (day.Year-start.Year)%r.every == 0 && r.matches(start, day) {
			before++
		}
	}
	return before < r.count
}

// matches reports whether a date is one of those in its year.
func (r *yearlyRule) matches(start, d Date) bool {
	if len(r.months) == 0 {
		return d.Month == start.Month && d.Day == start.Day
	}
	if !slices.Contains(r.months, d.Month) {
		return false
	}
	last := Date{Year: d.Year, Month: d.Month, Day: 1}.AddMonths(1).AddDays(-1).Day
	switch {
	case len(r.on7) > 0:
		return slices.ContainsFunc(r.on7, func(w nthWeekday) bool {
			return w.weekday == d.Weekday() && (w.n == 0 || w.n == (d.Day-1)/7+1 || w.n == -((last-d.Day)/7+1))
		})
	case len(r.days) > 0:
		return slices.ContainsFunc(r.days, func(n int) bool { return n == d.Day || n == d.Day-last-1 })
	}
	return d.Day == start.Day
}
