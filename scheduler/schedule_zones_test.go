package scheduler

import (
	"archive/zip"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zone data that the binary carries

	"rapport/bot"
)

// wallSpec is a spec in its cron form, and as sets that the oracle reads; an empty set is all.
type wallSpec struct {
	cron                 string
	minutes, hours, days []int
	weekdays             []time.Weekday
}

func wallSpecs() []wallSpec {
	return []wallSpec{
		{cron: "0 0 * * *", minutes: []int{0}, hours: []int{0}},
		{cron: "30 2 * * *", minutes: []int{30}, hours: []int{2}},
		{cron: "0,45 0-4 * * *", minutes: []int{0, 45}, hours: []int{0, 1, 2, 3, 4}},
		{cron: "30 1 * * 0,6", minutes: []int{30}, hours: []int{1}, weekdays: []time.Weekday{time.Sunday, time.Saturday}},
		{cron: "15 23 1-7,24-31 * *", minutes: []int{15}, hours: []int{23}, days: []int{1, 2, 3, 4, 5, 6, 7, 24, 25, 26, 27, 28, 29, 30, 31}},
		{cron: "*/10 * * * *", minutes: []int{0, 10, 20, 30, 40, 50}},
	}
}

func (w wallSpec) names(wall time.Time) bool {
	in := func(set []int, n int) bool { return len(set) == 0 || slices.Contains(set, n) }
	return in(w.minutes, wall.Minute()) && in(w.hours, wall.Hour()) && in(w.days, wall.Day()) &&
		(len(w.weekdays) == 0 || slices.Contains(w.weekdays, wall.Weekday()))
}

// zoneNames lists every zone of the toolchain's zone data, which is what the binary carries.
func zoneNames(t *testing.T) []string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatalf("find the toolchain: %v", err)
	}
	data, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = data.Close() }()
	var names []string
	for _, f := range data.File {
		if !strings.HasSuffix(f.Name, "/") {
			names = append(names, f.Name)
		}
	}
	return names
}

// changes lists the hours in which a zone's clocks are set, by looking at its clock every hour.
func changes(zone *time.Location, from, to time.Time) []time.Time {
	var found []time.Time
	_, before := from.In(zone).Zone()
	for at := from; at.Before(to); at = at.Add(time.Hour) {
		if _, offset := at.In(zone).Zone(); offset != before {
			found, before = append(found, at), offset
		}
	}
	return found
}

// watched is what a zone's clock shows, minute by minute: the minutes of wall time since an origin, by the minutes that have passed.
type watched struct {
	from  time.Time
	walls []int
	first map[int]int // wall minute to the first instant that shows it
}

func watch(zone *time.Location, from, to time.Time) watched {
	w := watched{from: from, first: make(map[int]int)}
	for at := from; at.Before(to); at = at.Add(time.Minute) {
		show := at.In(zone)
		wall := int(time.Date(show.Year(), show.Month(), show.Day(), show.Hour(), show.Minute(), 0, 0, time.UTC).Unix() / 60)
		if _, ok := w.first[wall]; !ok {
			w.first[wall] = len(w.walls)
		}
		w.walls = append(w.walls, wall)
	}
	return w
}

// runs returns what a spec comes to: each wall time that it names, at the first instant that shows it, or at the first one that shows a later one if
// none does; those that come at one instant are one, named after the first.
func (w watched) runs(spec wallSpec) []Run {
	var runs []Run
	for wall := w.walls[0] + 1; wall <= w.walls[len(w.walls)-1]; wall++ {
		show := time.Unix(int64(wall)*60, 0).UTC()
		if !spec.names(show) {
			continue
		}
		i, shown := w.first[wall]
		if !shown {
			i = slices.IndexFunc(w.walls, func(other int) bool { return other > wall })
		}
		at := w.from.Add(time.Duration(i) * time.Minute)
		if len(runs) == 0 || !runs[len(runs)-1].At.Equal(at) {
			runs = append(runs, Run{At: at, Civil: show.Format(civilLayout)})
		}
	}
	return runs
}

// Every zone there is, around every change of its clocks until the end of 2037, and around the same days of a year without one: one run for each wall
// time, at the first instant that shows it or has passed it, and never back in time. The oracle looks at clocks and does not compute with offsets.
func TestEveryZoneRunsEachWallTimeOnce(t *testing.T) {
	from, to := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC), time.Date(2037, 12, 31, 0, 0, 0, 0, time.UTC)
	zones, windows, runs := 0, 0, 0
	same := make(map[string]bool) // many names are one zone
	for _, name := range zoneNames(t) {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Errorf("zone %q: %v", name, err)
			continue
		}
		zones++
		around := append(changes(zone, from, to), from.AddDate(1, 1, 0))
		if looks := fmt.Sprint(around, offsets(zone, around)); same[looks] {
			continue
		} else {
			same[looks] = true
		}
		for _, at := range around {
			windows++
			w := watch(zone, at.Add(-30*time.Hour), at.Add(30*time.Hour))
			for _, spec := range wallSpecs() {
				runs += checkWindow(t, name, spec, w)
			}
			if t.Failed() {
				return
			}
		}
	}
	if zones < 400 || windows < 500 {
		t.Errorf("only %d zones and %d changes were found", zones, windows)
	}
	t.Logf("%d runs in %d windows of %d zones, %d of them different", runs, windows, zones, len(same))
}

func offsets(zone *time.Location, at []time.Time) (list []int) {
	for _, a := range at {
		_, before := a.Add(-2 * time.Hour).In(zone).Zone()
		_, after := a.In(zone).Zone()
		list = append(list, before, after)
	}
	return list
}

// checkWindow compares the schedule with the oracle and returns how many runs there were.
func checkWindow(t *testing.T, zone string, spec wallSpec, w watched) int {
	t.Helper()
	table, err := newTable(bot.Entry{Name: "e", Spec: spec.cron, Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	want := w.runs(spec)
	last, end := w.from, w.from.Add(time.Duration(len(w.walls))*time.Minute)
	run := table.next(w.from)
	for i := range want {
		if !run.At.Equal(want[i].At) || run.Civil != want[i].Civil || !run.At.After(last) {
			t.Errorf("%s, %q: run %d is %s at %s, want %s at %s", zone, spec.cron, i, run.Civil, run.At.UTC(), want[i].Civil, want[i].At)
			return i
		}
		last, run = run.At, table.next(run.At)
	}
	if run.At.Before(end) {
		t.Errorf("%s, %q: %s at %s is one too many", zone, spec.cron, run.Civil, run.At.UTC())
	}
	return len(want)
}
