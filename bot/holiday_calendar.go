package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// What stands for no calendar, and for that of the country of somebody's zone.
const (
	HolidaysNone   = "none"
	HolidaysByZone = "zone"
)

// Calendars are the calendars of free days that a workspace knows: those of countries, and its own from files. The nil value knows the countries alone, and
// gives nobody one whom they did not choose.
type Calendars struct {
	standard []string // codes that count for who chose none themselves
	files    map[string]HolidayFile
}

// NewCalendars makes calendars of files. standard is for everybody who did not choose themselves: codes separated by commas, of which [HolidaysByZone] is that of
// each one's own country; empty or [HolidaysNone] for none.
func NewCalendars(standard string, files ...HolidayFile) (*Calendars, error) {
	c := &Calendars{files: map[string]HolidayFile{}}
	for _, f := range files {
		if _, twice := c.files[f.Code]; twice {
			return nil, fmt.Errorf("read holidays %q: there are two of that name", f.Code)
		}
		c.files[f.Code] = f
	}
	for code := range strings.SplitSeq(standard, ",") {
		switch code = strings.TrimSpace(code); {
		case code == "", code == HolidaysNone:
		case code != HolidaysByZone && !c.Knows(code):
			return nil, fmt.Errorf("find holidays %q: %w", code, errNoCalendar)
		default:
			c.standard = append(c.standard, code)
		}
	}
	return c, nil
}

var errNoCalendar = errors.New("neither a country with a calendar, nor a file")

// Codes lists the calendars that a person can choose: countries, then the workspace's own, each in order.
func (c *Calendars) Codes() []string { return append(HolidayCalendars(), c.Own()...) }

// Own lists those from files that are no country's, in order.
func (c *Calendars) Own() []string {
	if c == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(c.files)), func(code string) bool { return calendars[code] != nil })
}

// Knows reports whether there is a calendar of that code.
func (c *Calendars) Knows(code string) bool { return slices.Contains(c.Codes(), code) }

// Standard is the calendars for somebody in a zone who chose none: codes separated by commas, empty for none.
func (c *Calendars) Standard(zone string) string {
	if c == nil {
		return ""
	}
	var codes []string
	for _, code := range c.standard {
		if code == HolidaysByZone {
			code = HolidaysIn(zone)
		}
		if code != "" {
			codes = append(codes, code)
		}
	}
	return strings.Join(codes, ",")
}

// Free reports whether a date is free by one of several calendars, whose codes commas separate. A calendar that is no longer there frees nobody.
func (c *Calendars) Free(codes string, d Date) bool {
	for code := range strings.SplitSeq(codes, ",") {
		country, _, regional := strings.Cut(code, "-")
		if IsHoliday(code, d) || regional && IsHoliday(country, d) {
			return true
		}
		if c == nil {
			continue
		}
		if f, ok := c.files[code]; ok && f.Free(d) {
			return true
		}
	}
	return false
}

// chosen is what counts for a person: what they chose, also none, else what is standard where they are.
func (c *Calendars) chosen(own, zone string) string {
	switch own {
	case "":
		return c.Standard(zone)
	case HolidaysNone:
		return ""
	}
	return own
}

// Scenes has everybody's hours know of the calendars.
func (c *Calendars) Scenes(r SceneReader) SceneReader { return datedScenes{r, c} }

type datedScenes struct {
	SceneReader
	calendars *Calendars
}

// Scene implements [SceneReader].
func (d datedScenes) Scene(ctx context.Context, channel string, members ...string) (Scene, error) {
	s, err := d.SceneReader.Scene(ctx, channel, members...)
	s.Calendars = d.calendars
	return s, err
}

// Commitments is [Calendars.Scenes] for the scenes that are read with a commitment.
func (c *Calendars) Commitments(s CommitmentStore) CommitmentStore { return datedCommitments{s, c} }

type datedCommitments struct {
	CommitmentStore
	calendars *Calendars
}

// CommitmentScene implements [CommitmentStore].
func (d datedCommitments) CommitmentScene(ctx context.Context, id int, members ...string) (Commitment, Scene, error) {
	c, s, err := d.CommitmentStore.CommitmentScene(ctx, id, members...)
	s.Calendars = d.calendars
	return c, s, err
}
