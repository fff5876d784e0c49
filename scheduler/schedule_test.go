package scheduler

import (
	"fmt"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"rapport/bot"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

func TestNext(t *testing.T) {
	for _, test := range []struct {
		name  string
		e     bot.Entry
		after string
		want  string
		civil string
	}{
		{"a weekday", bot.Entry{Spec: "0 9 * * 1", Zone: "Europe/Berlin"}, "2026-03-01T12:00:00Z", "2026-03-02T08:00:00Z", "2026-03-02T09:00"},
		{"strictly after", bot.Entry{Spec: "0 9 * * 1", Zone: "Europe/Berlin"}, "2026-03-02T08:00:00Z", "2026-03-09T08:00:00Z", "2026-03-09T09:00"},
		{"skipped in New York", bot.Entry{Spec: "30 2 * * *", Zone: "America/New_York"}, "2026-03-08T05:00:00Z", "2026-03-08T07:00:00Z", "2026-03-08T02:30"},
		{"after the skipped one", bot.Entry{Spec: "30 2 * * *", Zone: "America/New_York"}, "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z", "2026-03-09T02:30"},
		{"shown twice in New York", bot.Entry{Spec: "30 1 * * *", Zone: "America/New_York"}, "2026-11-01T00:00:00Z", "2026-11-01T05:30:00Z", "2026-11-01T01:30"},
		{"not a second time", bot.Entry{Spec: "30 1 * * *", Zone: "America/New_York"}, "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z", "2026-11-02T01:30"},
		{"midnight lost in Santiago", bot.Entry{Spec: "0 0 * * *", Zone: "America/Santiago"}, "2026-09-06T03:00:00Z", "2026-09-06T04:00:00Z", "2026-09-06T00:00"},
		{"midnight lost in Beirut", bot.Entry{Spec: "0 0 * * *", Zone: "Asia/Beirut"}, "2026-03-28T12:00:00Z", "2026-03-28T22:00:00Z", "2026-03-29T00:00"},
		{"midnight lost in Cairo", bot.Entry{Spec: "0 0 * * 5", Zone: "Africa/Cairo"}, "2026-04-23T12:00:00Z", "2026-04-23T22:00:00Z", "2026-04-24T00:00"},
		{"a day lost in Apia", bot.Entry{Spec: "0 9 30 12 *", Zone: "Pacific/Apia"}, "2011-12-30T00:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T09:00"},
		{"half an hour in Lord Howe", bot.Entry{Spec: "15 2 4 10 *", Zone: "Australia/Lord_Howe"}, "2026-09-01T00:00:00Z", "2026-10-03T15:30:00Z", "2026-10-04T02:15"},
		{"every other week", bot.Entry{Spec: "0 9 * * 1", Zone: "UTC", Weeks: 2, Anchor: bot.Date{Year: 2026, Month: 3, Day: 2}}, "2026-03-02T09:00:00Z", "2026-03-16T09:00:00Z", "2026-03-16T09:00"},
		{"anchored in the middle of a week", bot.Entry{Spec: "0 9 * * 1", Zone: "UTC", Weeks: 3, Anchor: bot.Date{Year: 2026, Month: 3, Day: 4}}, "2026-03-01T00:00:00Z", "2026-03-23T09:00:00Z", "2026-03-23T09:00"},
		{"not before the anchor", bot.Entry{Spec: "0 9 * * 1", Zone: "UTC", Anchor: bot.Date{Year: 2026, Month: 6, Day: 1}}, "2026-03-01T00:00:00Z", "2026-06-01T09:00:00Z", "2026-06-01T09:00"},
		{"a leap day", bot.Entry{Spec: "0 9 29 2 *", Zone: "UTC"}, "2026-03-01T00:00:00Z", "2028-02-29T09:00:00Z", "2028-02-29T09:00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			run, err := Next(test.e, at(t, test.after))
			if err != nil {
				t.Fatal(err)
			}
			if !run.At.Equal(at(t, test.want)) || run.Civil != test.civil {
				t.Errorf("got %s, %s; want %s, %s", run.At.UTC().Format(time.RFC3339), run.Civil, test.want, test.civil)
			}
		})
	}
}

func TestEntriesThatCannotRunAreRefused(t *testing.T) {
	for name, e := range map[string]bot.Entry{
		"31 February":      {Spec: "0 9 31 2 *", Zone: "UTC"},
		"zone without end": {Spec: "CRON_TZ=UTC", Zone: "UTC"},
		"zone in front":    {Spec: "TZ=UTC 0 9 * * 1", Zone: "UTC"},
		"a word":           {Spec: "@daily", Zone: "UTC"},
		"an interval":      {Spec: "@every 1h", Zone: "UTC"},
		"six fields":       {Spec: "0 0 9 * * 1", Zone: "UTC"},
		"nothing":          {Zone: "UTC"},
		"out of range":     {Spec: "0 24 * * *", Zone: "UTC"},
		"no zone":          {Spec: "0 9 * * 1"},
		"this machine's":   {Spec: "0 9 * * 1", Zone: "Local"},
		"unknown zone":     {Spec: "0 9 * * 1", Zone: "Europe/Atlantis"},
		"weeks from when":  {Spec: "0 9 * * 1", Zone: "UTC", Weeks: 2},
	} {
		if err := Check(e); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// Every wall time that a daily spec names comes exactly once, at an instant that shows it, or at the first one after it was skipped. The
// oracle goes through the instants by quarters of an hour and knows nothing of offsets.
func TestEveryWallTimeComesOnce(t *testing.T) {
	zones := []string{
		"America/New_York", "America/Santiago", "Asia/Beirut", "Africa/Cairo", "Pacific/Apia", "Australia/Lord_Howe", "Europe/Berlin",
		"Africa/Casablanca", "America/Havana", "Antarctica/Troll", "Asia/Tehran", "UTC",
	}
	for _, zone := range zones {
		for _, spec := range []string{"0 0 * * *", "30 1 * * *", "15 2 * * *", "30 2 * * *", "0 9 * * 1-5", "45 23 * * *"} {
			t.Run(fmt.Sprint(zone, " ", spec), func(t *testing.T) {
				e := bot.Entry{Spec: spec, Zone: zone}
				compareWithOracle(t, e, time.Date(2011, 12, 1, 0, 0, 0, 0, time.UTC), time.Date(2012, 2, 1, 0, 0, 0, 0, time.UTC))
				compareWithOracle(t, e, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC))
			})
		}
	}
}

func compareWithOracle(t *testing.T, e bot.Entry, from, to time.Time) {
	t.Helper()
	want := oracle(t, e, from, to)
	for run, err := Next(e, from); ; run, err = Next(e, run.At) {
		if err != nil {
			t.Fatal(err)
		}
		if !run.At.Before(to) {
			break
		}
		if len(want) == 0 {
			t.Fatalf("%s at %s is one too many", run.Civil, run.At)
		}
		if run.Civil != want[0].Civil || !run.At.Equal(want[0].At) {
			t.Fatalf("got %s at %s, want %s at %s", run.Civil, run.At, want[0].Civil, want[0].At)
		}
		want = want[1:]
	}
	if len(want) > 0 {
		t.Fatalf("%d runs are missing, the first %s", len(want), want[0].Civil)
	}
}

// oracle watches a zone's clock: a wall time has come once the clock shows it or a later one for the first time. Those that come at one
// instant are one run.
func oracle(t *testing.T, e bot.Entry, from, to time.Time) []Run {
	t.Helper()
	spec, err := cron.ParseStandard(e.Spec)
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(e.Zone)
	if err != nil {
		t.Fatal(err)
	}
	wall := func(at time.Time) time.Time {
		at = at.In(zone)
		return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
	}
	var runs []Run
	next := spec.Next(wall(from))
	for at := from.Add(15 * time.Minute); at.Before(to); at = at.Add(15 * time.Minute) {
		for first := true; !wall(at).Before(next); next = spec.Next(next) {
			if first {
				runs = append(runs, Run{At: at, Civil: next.Format(civilLayout)})
			}
			first = false
		}
	}
	return runs
}
