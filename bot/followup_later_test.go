package bot

import "testing"

// TestWhatComesUpLaterStillComes: a reminder that moves to a later day, because its owner's days are others now, comes on that day.
func TestWhatComesUpLaterStillComes(t *testing.T) {
	week := StandardWeek()
	week[4] = Span{} // no Thursdays
	for name, tt := range map[string]struct {
		said  string
		acted string // when she says that it stays
		prefs Preferences
		want  string
	}{
		"a free weekday": {
			"send the deck by wednesday", "2026-03-25T10:20:00+01:00",
			Preferences{Member: "UANA", Hours: &week},
			"03-25 16:00 alone #1 due; 03-27 09:00 #1 overdue; 03-31 09:00 #1 overdue",
		},
		"holidays": {
			"send the deck by thursday", "2026-03-30T12:00:00+02:00",
			Preferences{Member: "UANA", Holidays: "DE"},
			"03-26 09:00 #1 due; 03-27 09:00 #1 overdue; 03-31 09:00 #1 overdue; 04-08 09:00 #1 overdue",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.say("UANA", tt.said)
			d.wait(tt.acted)
			d.must(d.use.Keep(t.Context(), d.now, d.press("UANA", 1)))
			d.prefs["UANA"] = tt.prefs
			d.wait("2026-04-20T20:00:00+02:00")
			d.expect("UANA", tt.want)
		})
	}
}

// TestWhatIsSnoozedComesWhenItIsSaid: what was asked for at an instant at which nothing reaches its owner comes with a bundle, on the day that they were told.
func TestWhatIsSnoozedComesWhenItIsSaid(t *testing.T) {
	late := StandardWeek()
	for day := range late {
		if late[day].To > 0 {
			late[day] = Span{From: 10 * 60, To: 18 * 60}
		}
	}
	for name, tt := range map[string]struct {
		prefs     Preferences
		till      string
		said, got string
	}{
		"at night":        {Preferences{}, "2026-03-25T19:00:00+01:00", "2026-03-26T09:00:00+01:00", "03-26 09:00 #1 snoozed"},
		"before they are": {Preferences{Hours: &late}, "2026-03-26T09:30:00+01:00", "2026-03-26T09:00:00+01:00", "03-26 10:00 #1 snoozed"},
		"soon": {
			Preferences{Hours: &late, PausedTill: Date{Year: 2026, Month: 3, Day: 27}}, "2026-03-25T15:00:00+01:00", "2026-03-27T09:00:00+01:00", "03-27 10:00 #1 snoozed",
		},
		"in their hours": {Preferences{}, "2026-03-25T15:00:00+01:00", "2026-03-25T15:00:00+01:00", "03-25 15:00 alone #1 snoozed"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.prefs["UANA"] = tt.prefs
			d.say("UANA", "send it by 30 april")
			c := d.must(d.use.Snooze(t.Context(), d.now, d.press("UANA", 1), instant(t, tt.till)))
			if !c.SnoozedTill.Equal(instant(t, tt.said)) {
				t.Errorf("it comes %s", c.SnoozedTill)
			}
			d.wait("2026-04-02T12:00:00+02:00")
			d.expect("UANA", tt.got)
		})
	}
}
