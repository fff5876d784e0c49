package bot

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/bot/when"
)

// HolidayFile is the free days of an iCalendar file (RFC 5545): its all-day events, once or every year.
type HolidayFile struct {
	Code   string // such as "DE-BY" or "ACME"; one that begins with a country's code and a hyphen adds to that country's days
	events []holidayEvent
}

// holidayEvent is an event of one or more whole days.
type holidayEvent struct {
	start  Date
	days   int
	yearly *yearlyRule // nil: once
	also   []Date      // further first days
	except map[Date]bool
}

// holidayFileSize is far more than the free days of a century need, in bytes.
const holidayFileSize = 1 << 20

// holidayCode is what a calendar of one's own may be called.
var holidayCode = regexp.MustCompile(`^[A-Z0-9]{2,12}(-[A-Z0-9]{1,12})?$`)

// errNoDays is what is wrong with a calendar without any.
var errNoDays = errors.New("there is no all-day event in it")

// ReadHolidays reads an iCalendar file. It is strict, since a day that is wrongly free is a reminder that comes late: each event lasts whole days, and repeats yearly
// if at all. Errors name the line.
func ReadHolidays(code string, data []byte) (HolidayFile, error) {
	f := HolidayFile{Code: code}
	switch {
	case !holidayCode.MatchString(code) || strings.EqualFold(code, HolidaysNone) || strings.EqualFold(code, HolidaysByZone):
		return f, fmt.Errorf("read holidays %q: a calendar is called like DE-BY or ACME", code)
	case len(data) > holidayFileSize:
		return f, fmt.Errorf("read holidays %q: it is larger than a megabyte", code)
	}
	r := holidayReader{file: &f}
	for _, l := range unfold(data) {
		if err := r.line(l.text); err != nil {
			return f, fmt.Errorf("read holidays %q, line %d: %w", code, l.number, err)
		}
	}
	switch {
	case len(r.inside) > 0:
		return f, fmt.Errorf("read holidays %q: %s has no end", code, r.inside[len(r.inside)-1])
	case len(f.events) == 0:
		return f, fmt.Errorf("read holidays %q: %w", code, errNoDays)
	}
	return f, nil
}

// numbered is a line with its number in the file.
type numbered struct {
	number int
	text   string
}

// unfold joins lines that were broken, which go on with a space or a tab.
func unfold(data []byte) []numbered {
	var lines []numbered
	for i, raw := range strings.Split(string(bytes.TrimPrefix(data, []byte("\ufeff"))), "\n") {
		raw = strings.TrimSuffix(raw, "\r")
		switch {
		case raw == "":
		case len(lines) > 0 && (raw[0] == ' ' || raw[0] == '\t'):
			lines[len(lines)-1].text += raw[1:]
		default:
			lines = append(lines, numbered{i + 1, raw})
		}
	}
	return lines
}

// holidayReader reads a calendar line by line.
type holidayReader struct {
	file      *HolidayFile
	inside    []string // the components around the line, the outermost first
	event     holidayEvent
	cancelled bool
}

func (r *holidayReader) line(text string) error {
	head, value, ok := strings.Cut(text, ":")
	if !ok {
		return errors.New("there is no colon")
	}
	name, params, _ := strings.Cut(strings.ToUpper(head), ";")
	switch name {
	case "BEGIN":
		return r.begin(strings.ToUpper(strings.TrimSpace(value)))
	case "END":
		return r.end(strings.ToUpper(strings.TrimSpace(value)))
	}
	switch {
	case len(r.inside) == 0:
		return errors.New("it does not begin with BEGIN:VCALENDAR")
	case len(r.inside) != 2 || r.inside[1] != "VEVENT":
		return nil
	}
	return r.property(name, params, strings.TrimSpace(value))
}

func (r *holidayReader) begin(component string) error {
	switch {
	case len(r.inside) == 0 && component != "VCALENDAR":
		return errors.New("it does not begin with BEGIN:VCALENDAR")
	case len(r.inside) == 1 && component == "VEVENT":
		r.event, r.cancelled = holidayEvent{days: 1, except: map[Date]bool{}}, false
	}
	r.inside = append(r.inside, component)
	return nil
}

func (r *holidayReader) end(component string) error {
	n := len(r.inside)
	if n == 0 || r.inside[n-1] != component {
		return fmt.Errorf("%s ends, and did not begin", component)
	}
	if r.inside = r.inside[:n-1]; n != 2 || component != "VEVENT" || r.cancelled {
		return nil
	}
	if r.event.start.IsZero() {
		return errors.New("the event has no DTSTART before its end")
	}
	if r.event.days < 1 || r.event.days > 366 {
		return errors.New("the event ends before it begins, or lasts longer than a year")
	}
	r.file.events = append(r.file.events, r.event)
	return nil
}

// property takes what an event says about its days.
func (r *holidayReader) property(name, params, value string) (err error) {
	e := &r.event
	switch name {
	case "STATUS":
		r.cancelled = strings.EqualFold(value, "CANCELLED")
	case "DTSTART":
		e.start, err = wholeDay(value)
	case "DTEND":
		var end Date
		if end, err = wholeDay(value); err == nil {
			if e.start.IsZero() {
				return errors.New("DTEND comes before DTSTART")
			}
			e.days = e.start.DaysUntil(end)
		}
	case "DURATION":
		e.days, err = wholeDays(value)
	case "RRULE":
		e.yearly, err = readYearly(value)
	case "RDATE", "EXDATE":
		for text := range strings.SplitSeq(value, ",") {
			day, err := wholeDay(text)
			if err != nil {
				return err
			}
			if name == "RDATE" {
				e.also = append(e.also, day)
			} else {
				e.except[day] = true
			}
		}
	}
	if err != nil && strings.Contains(params, "TZID") {
		return errors.New("the event has a time of day; only all-day events are free days")
	}
	return err
}

func wholeDay(text string) (Date, error) {
	at, err := time.Parse("20060102", text)
	if err != nil {
		return Date{}, fmt.Errorf("%q is no whole day such as 20260501", text)
	}
	return when.DateOf(at), nil
}

// wholeDays reads "P1D" or "P2W".
func wholeDays(text string) (int, error) {
	rest, ok := strings.CutPrefix(text, "P")
	if ok && len(rest) > 1 {
		n, err := strconv.Atoi(rest[:len(rest)-1])
		switch unit := rest[len(rest)-1]; {
		case err == nil && unit == 'D':
			return n, nil
		case err == nil && unit == 'W':
			return 7 * n, nil
		}
	}
	return 0, fmt.Errorf("%q is no duration of whole days", text)
}

// Free reports whether a date is one of the file's.
func (f HolidayFile) Free(d Date) bool {
	for _, e := range f.events {
		for back := range e.days {
			if e.begins(d.AddDays(-back)) {
				return true
			}
		}
	}
	return false
}

// begins reports whether the event begins on a date, the first time or again.
func (e holidayEvent) begins(d Date) bool {
	if e.except[d] {
		return false
	}
	return slices.Contains(e.also, d) || d == e.start || e.yearly != nil && e.yearly.on(e.start, d)
}
