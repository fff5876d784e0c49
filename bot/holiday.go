package bot

import (
	"maps"
	"slices"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/us"
)

// calendars are the holidays of whole countries by ISO 3166-1 alpha-2 code; regional ones are not in them.
var calendars = map[string][]*cal.Holiday{
	"AT": at.Holidays,
	"BE": be.Holidays,
	"BR": br.Holidays,
	"CA": ca.Holidays,
	"CH": ch.Holidays,
	"CZ": cz.Holidays,
	"DE": de.Holidays,
	"DK": dk.Holidays,
	"ES": es.Holidays,
	"FR": fr.Holidays,
	"GB": gb.Holidays,
	"IE": ie.Holidays,
	"IT": it.Holidays,
	"JP": jp.Holidays,
	"NL": nl.Holidays,
	"NO": no.Holidays,
	"NZ": nz.Holidays,
	"PL": pl.Holidays,
	"SE": se.Holidays,
	"US": us.Holidays,
}

// HolidayCalendars lists the country calendars that a person can choose, by ISO 3166-1 alpha-2 code, in order.
func HolidayCalendars() []string { return slices.Sorted(maps.Keys(calendars)) }

// IsHoliday reports whether a country does not work on a date. An unknown country has no holidays.
func IsHoliday(country string, d Date) bool {
	noon := time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC)
	return slices.ContainsFunc(calendars[country], func(h *cal.Holiday) bool {
		actual, observed := h.Calc(d.Year)
		return sameDay(actual, noon) || sameDay(observed, noon)
	})
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}
