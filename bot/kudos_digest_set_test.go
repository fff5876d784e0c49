package bot

import (
	"testing"
	"time"
)

// changed is a wish of Ana's for another digest in CPUB than is stored.
func (w *kudosTown) wished(edit func(*Digest)) Digest {
	d := w.digests["CPUB"]
	d.Channel, d.By = "CPUB", "UANA"
	edit(&d)
	return d
}

func TestWhatCanBeSetOfADigest(t *testing.T) {
	for _, tt := range []struct {
		name  string
		edit  func(*Digest)
		fault FaultCode
		spec  string // of the digest
		quiet string // of the day before
	}{
		{"another day", func(d *Digest) { d.Weekday = time.Tuesday }, "", "0 15 * * 2", "0 10 * * 1"},
		{"Monday: asked on Friday", func(d *Digest) { d.Weekday, d.Minute = time.Monday, 9*60+5 }, "", "5 9 * * 1", "0 10 * * 5"},
		{"Sunday: asked on Friday, too", func(d *Digest) { d.Weekday = time.Sunday }, "", "0 15 * * 0", "0 10 * * 5"},
		{"midnight", func(d *Digest) { d.Minute = 0 }, "", "0 0 * * 5", "0 10 * * 4"},
		{"another zone", func(d *Digest) { d.Zone = "Asia/Tokyo" }, "", "0 15 * * 5", "0 10 * * 4"},
		{"the question", func(d *Digest) { d.QuietWork = true }, "", "0 15 * * 5", "0 10 * * 4"},
		{"off", func(d *Digest) { d.Off = true }, "", "0 15 * * 5", "0 10 * * 4"},
		{"no zone", func(d *Digest) { d.Zone = "" }, SettingsZone, "", ""},
		{"a zone that is none", func(d *Digest) { d.Zone = "Nowhere/Land" }, SettingsZone, "", ""},
		{"this machine's zone", func(d *Digest) { d.Zone = "Local" }, SettingsZone, "", ""},
		{"a day that is none", func(d *Digest) { d.Weekday = 7 }, FaultInvalid, "", ""},
		{"a day below", func(d *Digest) { d.Weekday = -1 }, FaultInvalid, "", ""},
		{"a time that is none", func(d *Digest) { d.Minute = 24 * 60 }, FaultInvalid, "", ""},
		{"somebody who is not there", func(d *Digest) { d.By, d.Minute = "UDEE", 1 }, DigestOutside, "", ""},
		{"a guest", func(d *Digest) { d.By, d.Minute = "UGUEST", 1 }, DigestGuest, "", ""},
		{"another's channel", func(d *Digest) { d.Channel, d.By, d.Minute = "CPRIV", "UCYN", 1 }, DigestOutside, "", ""},
		{"what was looked at long ago", func(d *Digest) { d.Changed, d.Minute = d.Changed.Add(-time.Hour), 1 }, FaultStale, "", ""},
		{"the same, looked at long ago", func(d *Digest) { d.Changed = d.Changed.Add(-time.Hour) }, "", "0 15 * * 5", "0 10 * * 4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			if _, err := w.SetDigest(t.Context(), w.now, "on", standardDigest("CPUB", "UBOB", false)); err != nil {
				t.Fatal(err)
			}
			was := w.digests["CPUB"]
			wish := w.wished(tt.edit)
			w.now = w.now.Add(time.Hour)
			got, err := w.ChangeDigest(t.Context(), w.now, "form", wish)
			wantsFault(t, err, tt.fault)
			is := w.digests["CPUB"]
			if tt.fault != "" {
				if is != was {
					t.Errorf("it is changed all the same: %+v", is)
				}
				return
			}
			digest, quiet := w.entries["digest/CPUB"], w.entries["quiet/CPUB"]
			if digest.Spec != tt.spec || quiet.Spec != tt.quiet || digest.Zone != wish.Zone || quiet.Zone != wish.Zone || digest.Off != wish.Off || quiet.Off != wish.Off {
				t.Errorf("runs %+v and %+v", digest, quiet)
			}
			if got != is || is.QuietWork != wish.QuietWork || !is.Since.Equal(was.Since) || is.Version > was.Version && (is.By != "UANA" || !is.Changed.Equal(w.now)) {
				t.Errorf("was %+v, is %+v, says %+v", was, is, got)
			}
			if again, err := w.ChangeDigest(t.Context(), w.now.Add(time.Second), "form", wish); err != nil || again != is {
				t.Errorf("the same form again: %+v, %v", again, err)
			}
		})
	}
}

func TestADigestIsSetWhereItNeverWas(t *testing.T) {
	w := newKudosTown(t)
	ana := w.scene.Members["UANA"]
	ana.Zone = "America/New_York"
	w.scene.Members["UANA"] = ana
	d, err := w.DigestSettings(t.Context(), "UANA", "CPUB")
	if err != nil || !d.Off || d.Version != 0 || d.Zone != "America/New_York" || d.Weekday != DigestWeekday || len(w.digests) > 0 {
		t.Fatalf("%+v, %v", d, err)
	}
	d.By, d.Off, d.Weekday, d.QuietWork = "UANA", false, time.Wednesday, true
	set, err := w.ChangeDigest(t.Context(), w.now, "form", d)
	if err != nil || set.Version != 1 || !set.Since.Equal(w.now.Add(-digestReach)) || w.entries["digest/CPUB"].Spec != "0 15 * * 3" {
		t.Errorf("%+v, %v", set, err)
	}
	// Off and on by the buttons: it is as it was set.
	for i, off := range []bool{true, false} {
		if _, err := w.SetDigest(t.Context(), w.now, Token([]string{"off", "on"}[i]), standardDigest("CPUB", "UBOB", off)); err != nil {
			t.Fatal(err)
		}
	}
	if is := w.digests["CPUB"]; is.Off || is.Weekday != time.Wednesday || is.Zone != "America/New_York" || !is.QuietWork || is.By != "UBOB" {
		t.Errorf("%+v", is)
	}
	for _, other := range []string{"UDEE", "UGUEST", "UFAR"} {
		if _, err := w.DigestSettings(t.Context(), other, "CPUB"); err == nil {
			t.Errorf("%s sees what they may not change", other)
		}
		if _, err := w.StopQuietWork(t.Context(), w.now, "stop", other, "CPUB"); err == nil || !w.digests["CPUB"].QuietWork {
			t.Errorf("%s stops the question", other)
		}
	}
	if stopped, err := w.StopQuietWork(t.Context(), w.now, "stop", "UCYN", "CPUB"); err != nil || stopped.QuietWork || stopped.Off || w.digests["CPUB"].QuietWork {
		t.Errorf("%+v, %v", stopped, err)
	}
}

func TestADigestThatRunsMeanwhileIsNotInTheWay(t *testing.T) {
	w := newKudosTown(t)
	if _, err := w.SetDigest(t.Context(), w.now, "on", standardDigest("CPUB", "UBOB", false)); err != nil {
		t.Fatal(err)
	}
	wish := w.wished(func(d *Digest) { d.Weekday = time.Monday })
	w.planned(t, "CPUB", instant(t, friday))
	set, err := w.ChangeDigest(t.Context(), instant(t, friday).Add(time.Hour), "form", wish)
	if err != nil || set.Weekday != time.Monday || !set.Since.Equal(instant(t, friday)) {
		t.Errorf("%+v, %v", set, err)
	}
}

func TestWhenTheNextDigestComes(t *testing.T) {
	for _, tt := range []struct {
		zone, after, want string
		weekday           time.Weekday
		earliest          Date
	}{
		{zone: "Europe/Berlin", weekday: time.Friday, after: "2026-03-25T09:00:00Z", want: "2026-03-27T14:00:00Z"},
		{zone: "Europe/Berlin", weekday: time.Friday, after: "2026-03-27T13:59:59Z", want: "2026-03-27T14:00:00Z"},
		{zone: "Europe/Berlin", weekday: time.Friday, after: "2026-03-27T14:00:00Z", want: "2026-04-03T13:00:00Z"},
		{zone: "Asia/Tokyo", weekday: time.Monday, after: "2026-03-22T16:00:00Z", want: "2026-03-23T06:00:00Z"},
		{zone: "America/New_York", weekday: time.Friday, after: "2026-03-27T07:00:00Z", want: "2026-04-03T19:00:00Z", earliest: Date{Year: 2026, Month: 3, Day: 28}},
	} {
		d := Digest{Zone: tt.zone, Weekday: tt.weekday, Minute: 15 * 60, Earliest: tt.earliest}
		if got := d.Next(instant(t, tt.after)).UTC().Format(time.RFC3339); got != tt.want {
			t.Errorf("%s after %s: %s, want %s", tt.zone, tt.after, got, tt.want)
		}
	}
}

// Where the zone moves west, clocks show again what they showed when the last digest came.
func TestAnotherZoneBringsNoSecondDigestOfADay(t *testing.T) {
	w := newKudosTown(t)
	tokyo := standardDigest("CPUB", "UANA", false)
	tokyo.Zone = "Asia/Tokyo"
	if _, err := w.SetDigest(t.Context(), w.now, "on", tokyo); err != nil {
		t.Fatal(err)
	}
	end := instant(t, "2026-03-27T15:00:00+09:00")
	w.planned(t, "CPUB", end)
	d, err := w.ChangeDigest(t.Context(), end.Add(time.Hour), "form", w.wished(func(d *Digest) { d.Zone = "America/New_York" }))
	want := Date{Year: 2026, Month: 3, Day: 28}
	if err != nil || d.Earliest != want || w.entries["digest/CPUB"].Anchor != want || w.entries["digest/CPUB"].Zone != "America/New_York" {
		t.Errorf("%+v, %v; runs %+v", d, err, w.entries["digest/CPUB"])
	}
}
