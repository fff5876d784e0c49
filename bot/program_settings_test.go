package bot

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestEverySettingIsCopied fails for a field of Program that is neither a setting that the forms change nor one that stays as stored.
func TestEverySettingIsCopied(t *testing.T) {
	stays := strings.Fields("ID Form Channel Closed Owner Before Orphan Paused Created Anchor Names")
	var full Program
	v := reflect.ValueOf(&full).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString("x")
		case reflect.Int:
			f.SetInt(3)
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Slice:
			f.Set(reflect.ValueOf([]string{"x"}))
		case reflect.Struct:
		default:
			t.Fatalf("%s: kind %s", v.Type().Field(i).Name, f.Kind())
		}
	}
	full.Created, full.Anchor = time.Unix(1, 0), Date{Year: 2026, Month: 1, Day: 1}
	got := reflect.ValueOf(Program{}.with(full))
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		if copied := !got.Field(i).IsZero(); copied == slices.Contains(stays, name) {
			t.Errorf("%s is copied: %t", name, copied)
		}
	}
}

func TestNamesInAChannelAreDifferent(t *testing.T) {
	k := openCafe(t, 2)
	k.setUp("C1", func(p *Program) { p.Name = "Lunch" })
	p := k.setUp("C1", func(p *Program) { p.Name = "Breakfast" })
	k.setUp("P1", func(p *Program) { p.Name = "Lunch" }) // another channel
	wish := NewProgram("C1", "b", "Europe/Berlin")
	wish.Name = "LUNCH"
	if _, err := k.Save(t.Context(), k.now, k.token(), "b", wish); code(err) != ProgramTaken {
		t.Errorf("the same name twice: %v", err)
	}
	p.Name = "lunch"
	if _, err := k.Save(t.Context(), k.now, k.token(), "a", p); code(err) != ProgramTaken {
		t.Errorf("renamed to another's: %v", err)
	}
	p.Name = "BREAKFAST"
	if _, err := k.Save(t.Context(), k.now, k.token(), "a", p); err != nil {
		t.Errorf("its own name in capitals: %v", err)
	}
	for n := range ProgramLimit - 2 {
		k.setUp("C1", func(p *Program) { p.Name = fmt.Sprint("Program ", n) })
	}
	if _, err := k.Save(t.Context(), k.now, k.token(), "b", NewProgram("C1", "b", "Europe/Berlin")); code(err) != ProgramMany {
		t.Errorf("one too many: %v", err)
	}
}

func TestNothingIsSavedWhereNothingChanged(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", nil)
	before := len(k.shelf.sends)
	change := func(version int, edit func(*Program)) (ProgramChange, error) {
		return k.Change(t.Context(), k.now, ProgramAct{Token: k.token(), Actor: "a", Program: p.ID, Version: version}, func(p *Program) error { edit(p); return nil })
	}
	c, err := change(p.Version, func(p *Program) { p.Editors, p.Overlap = []string{"a"}, "" }) // the owner, and the standard
	if err != nil || !c.Unchanged() || len(k.shelf.sends) != before {
		t.Errorf("%+v, %v", c, err)
	}
	c, err = change(p.Version, func(p *Program) { p.Theme, p.Editors = "curiosity", []string{"b", "b", "a"} })
	if err != nil || c.Unchanged() || c.Was.Theme != "" || c.Program.Theme != "curiosity" || !slices.Equal(c.Program.Editors, []string{"b"}) {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err = change(p.Version, func(*Program) {}); code(err) != FaultStale {
		t.Errorf("an older version was taken for the same: %v", err)
	}
}

func TestAZonesHolidaysAreThoseOfItsCountry(t *testing.T) {
	for zone, want := range map[string]string{
		"Europe/Berlin": "DE", "America/New_York": "US", "America/Sao_Paulo": "BR", "Asia/Tokyo": "JP", "Europe/London": "GB", "Asia/Kolkata": "", "UTC": "", "": "",
	} {
		if got := HolidaysIn(zone); got != want {
			t.Errorf("%s: %q, want %q", zone, got, want)
		}
	}
	known := HolidayCalendars()
	for country, zones := range countryZones {
		if !slices.Contains(known, country) {
			t.Errorf("%s has no calendar", country)
		}
		for zone := range strings.FieldsSeq(zones) {
			if _, err := time.LoadLocation(zone); err != nil {
				t.Errorf("%s: %v", country, err)
			}
		}
	}
	if len(countryZones) != len(known) {
		t.Errorf("%d countries have zones, %d calendars", len(countryZones), len(known))
	}
}

func TestATrialIsCoarseAndHasNoEffect(t *testing.T) {
	k := openCafe(t, 9)
	p := k.setUp("C1", nil, "a", "b", "c", "d")
	try := func() Trial {
		t.Helper()
		before := len(k.shelf.sends)
		trial, err := k.Try(t.Context(), k.now, p.ID, "a", "")
		if err != nil || len(k.shelf.rounds) > 0 || len(k.shelf.drafts) > 0 || len(k.shelf.sends) != before {
			t.Fatalf("%+v, %v: something was stored", trial, err)
		}
		return trial
	}
	if trial := try(); trial.Known || trial.In+trial.Matched+trial.Groups+trial.Away+trial.LeftOut+trial.Across != 0 {
		t.Errorf("four people: %+v", trial)
	}
	for _, id := range []string{"e", "f", "g", "h", "i"} {
		k.join(p.ID, id)
	}
	full := try()
	if !full.Known || full.In != 5 || full.Matched != 5 || full.Away != 0 || full.LeftOut != 0 {
		t.Errorf("nine people: %+v", full)
	}
	if _, err := k.Skip(t.Context(), k.now, k.act(p.ID, "c"), true); err != nil {
		t.Fatal(err)
	}
	if one := try(); !reflect.DeepEqual(one, full) {
		t.Errorf("one skip shows: %+v, before %+v", one, full)
	}
	if _, err := k.Try(t.Context(), k.now, p.ID, "b", ""); code(err) != FaultForbidden {
		t.Errorf("a colleague tried: %v", err)
	}
}
