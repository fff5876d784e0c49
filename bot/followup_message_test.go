package bot

import (
	"testing"
	"time"
)

func TestTwoRemindersWithoutAnActEndTheLadder(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	d.say("UANA", "clean the desk")
	d.say("UANA", "write the report by 30 april")
	d.wait("2026-07-01T12:00:00+02:00")
	d.expect("UANA", "03-27 09:00 #1 due; 03-30 09:00 #1 overdue; 04-01 09:00 #2 undated; 04-28 09:00 #3 ahead; 04-30 09:00 #3 due")
}

func TestAnActBeginsTheLadderAnew(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	d.wait("2026-03-30T12:00:00+02:00")
	d.must(d.use.Move(t.Context(), d.now, d.press("UANA", 1), d.due("UANA", "wednesday")))
	d.wait("2026-05-01T12:00:00+02:00")
	d.expect("UANA", "03-27 09:00 #1 due; 03-30 09:00 #1 overdue; 04-01 09:00 #1 due; 04-02 09:00 #1 overdue")
}

func TestOneBundleForEverythingOfADay(t *testing.T) {
	d := newDesk(t)
	for range 3 {
		d.say("UANA", "send the deck by friday")
	}
	d.say("UBOB", "send the deck by friday")
	d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 2)))
	d.wait("2026-03-27T12:00:00+01:00")
	d.expect("UANA", "03-27 09:00 #1 due, #3 due")
	d.expect("UBOB", "03-27 09:00 #4 due")
}

func TestAfterAPauseOneMessage(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "one by thursday")
	d.say("UANA", "two by friday")
	d.say("UANA", "three by 8 april")
	d.prefs["UANA"] = Preferences{PausedTill: day(2026, 4, 8)}
	d.wait("2026-04-08T18:00:00+02:00")
	d.expect("UANA", "04-08 09:00 #3 due, #1 overdue, #2 overdue")
}

func TestAfterAnOutageOneMessage(t *testing.T) {
	for name, first := range map[string]string{"the oldest first": "bundle/UANA/2026-03-26", "today's first": "bundle/UANA/2026-03-30"} {
		d := newDesk(t)
		d.say("UANA", "one by thursday")
		d.say("UANA", "two by friday")
		d.say("UANA", "three by monday")
		d.now = instant(t, "2026-03-30T10:00:00+02:00") // nothing was delivered since Wednesday
		d.settle(d.sends[first])
		d.wait("2026-03-30T18:00:00+02:00")
		if want := "03-30 10:00 #3 due, #1 overdue, #2 overdue"; d.got("UANA") != want {
			t.Errorf("%s: got %s, want %s", name, d.got("UANA"), want)
		}
		d.wait("2026-03-31T18:00:00+02:00")
		if want := "03-30 10:00 #3 due, #1 overdue, #2 overdue; 03-31 09:00 #3 overdue"; d.got("UANA") != want {
			t.Errorf("%s: a day later: got %s, want %s", name, d.got("UANA"), want)
		}
	}
}

func TestAnOutageInTheEveningWaitsForTheMorning(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "one by friday")
	d.now = instant(t, "2026-03-27T18:00:00+01:00")
	d.wait("2026-03-30T18:00:00+02:00")
	d.expect("UANA", "03-30 09:00 #1 overdue")
}

func TestWhatAnEarlierBundleCouldNotSayAfterTodaysWasDecided(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "one by friday")
	stuck := d.sends["bundle/UANA/2026-03-27"]
	stuck.State = StateUnknown // Slack did not answer, nor does its history
	d.sends[stuck.SID] = stuck
	d.wait("2026-03-30T12:00:00+02:00")
	d.expect("UANA", "03-30 09:00 #1 overdue")
	d.now = instant(t, "2026-03-30T12:00:00+02:00")
	d.say("UANA", "two by monday 16:00")
	stuck.State = StatePending // it turns out that Slack never had it
	d.sends[stuck.SID] = stuck
	d.wait("2026-04-03T12:00:00+02:00")
	d.expect("UANA", "03-30 09:00 #1 overdue; 03-30 15:30 alone #2 due; 03-31 09:00 #2 overdue; 04-02 09:00 #2 overdue")
}

func TestPromisedForToday(t *testing.T) {
	for _, tt := range []struct{ name, now, text, want string }{
		{"before nine: in the day's bundle", "2026-03-25T08:00:00+01:00", "send it today", "03-25 09:00 #1 due; 03-26 09:00 #1 overdue"},
		{"at nine sharp the bundle is made", "2026-03-25T09:00:00+01:00", "send it today", "03-25 16:00 alone #1 due; 03-26 09:00 #1 overdue"},
		{"after nine: an hour before the end of the day", "2026-03-25T10:17:00+01:00", "send it today", "03-25 16:00 alone #1 due; 03-26 09:00 #1 overdue"},
		{"too late for a reminder", "2026-03-25T15:30:00+01:00", "send it today", "03-26 09:00 #1 overdue"},
		{"with a time: half an hour before", "2026-03-25T10:17:00+01:00", "send it today at 3pm", "03-25 14:30 alone #1 due; 03-26 09:00 #1 overdue"},
		{"this evening: before work ends", "2026-03-25T10:17:00+01:00", "send it today at 8pm", "03-25 17:00 alone #1 due; 03-26 09:00 #1 overdue"},
		{"on a free day right after today", "2026-03-27T10:17:00+01:00", "send it tomorrow", "03-27 16:00 alone #1 due; 03-30 09:00 #1 overdue"},
	} {
		d := newDesk(t)
		d.now = instant(t, tt.now)
		d.say("UANA", tt.text)
		end := d.now.Add(4 * 24 * time.Hour)
		if tt.name == "on a free day right after today" {
			end = d.now.Add(3 * 24 * time.Hour)
		}
		d.wait(end.Format(time.RFC3339))
		if got := firstTwo(d.got("UANA")); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// firstTwo keeps two lines of what somebody got.
func firstTwo(lines string) string {
	n := 0
	for i, r := range lines {
		if r == ';' {
			if n++; n == 2 {
				return lines[:i]
			}
		}
	}
	return lines
}

func TestMovedToTodayAfterTheBundle(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "one by wednesday")
	d.say("UANA", "two by 30 april")
	d.wait("2026-03-25T11:00:00+01:00")
	d.must(d.use.Move(t.Context(), d.now, d.press("UANA", 2), d.due("UANA", "today")))
	d.wait("2026-03-26T12:00:00+01:00")
	d.expect("UANA", "03-25 16:00 alone #1 due; 03-25 16:00 alone #2 due; 03-26 09:00 #1 overdue, #2 overdue")
}

func TestSnoozing(t *testing.T) {
	for _, tt := range []struct{ name, till, want string }{
		{"to a day: with that day's bundle", "2026-03-26T09:00:00+01:00", "03-26 09:00 #1 snoozed; 03-27 09:00 #1 due"},
		{"to a time: by itself", "2026-03-26T15:00:00+01:00", "03-26 15:00 alone #1 snoozed; 03-27 09:00 #1 due"},
		{"to this afternoon", "2026-03-25T15:00:00+01:00", "03-25 15:00 alone #1 snoozed; 03-27 09:00 #1 due"},
		{"past its date", "2026-03-30T09:00:00+02:00", "03-30 09:00 #1 snoozed; 04-01 09:00 #1 overdue"},
		{"to a Sunday", "2026-03-29T09:00:00+02:00", "03-30 09:00 #1 snoozed; 04-01 09:00 #1 overdue"},
		{"to a time at night", "2026-03-26T23:00:00+01:00", "03-27 09:00 #1 due; 03-30 09:00 #1 overdue"},
		{"to a time on a free day", "2026-03-29T11:00:00+02:00", "03-30 09:00 #1 snoozed; 04-01 09:00 #1 overdue"},
		{"to early in the morning", "2026-03-26T07:00:00+01:00", "03-26 09:00 #1 snoozed; 03-27 09:00 #1 due"},
	} {
		d := newDesk(t)
		d.say("UANA", "send it by friday")
		d.must(d.use.Snooze(t.Context(), d.now, d.press("UANA", 1), instant(t, tt.till)))
		d.wait("2026-05-01T12:00:00+02:00")
		if got := d.got("UANA"); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestARepeatingPromise(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "every friday water the plants")
	d.wait("2026-03-27T10:00:00+01:00")
	d.must(d.use.Snooze(t.Context(), d.now, d.press("UANA", 1), instant(t, "2026-03-30T09:00:00+02:00")))
	d.wait("2026-03-30T10:00:00+02:00")
	c := d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
	if c.Due.Date != day(2026, 4, 3) || !c.SnoozedTill.IsZero() || c.State != Open {
		t.Errorf("the next one: %+v", c)
	}
	d.wait("2026-04-03T12:00:00+02:00")
	d.expect("UANA", "03-27 09:00 #1 due; 03-30 09:00 #1 snoozed; 04-03 09:00 #1 due")
}

func TestRemindersFollowTheirOwnerAcrossZones(t *testing.T) {
	const want = "03-27 09:00 #1 due"
	for _, tt := range []struct{ from, to string }{
		{"Europe/Berlin", "America/New_York"}, {"America/New_York", "Asia/Tokyo"}, {"Asia/Tokyo", "Pacific/Honolulu"},
	} {
		d := newDesk(t)
		d.members["UANA"] = Member{ID: "UANA", Zone: tt.from}
		d.say("UANA", "send it by friday")
		d.wait("2026-03-25T20:00:00+01:00")
		d.members["UANA"] = Member{ID: "UANA", Zone: tt.to}
		d.wait("2026-03-28T08:00:00+01:00")
		if got := d.got("UANA"); got != want {
			t.Errorf("from %s to %s: got %s, want %s", tt.from, tt.to, got, want)
		}
	}
}

func TestAStatedTimeStaysWhenTheOwnerMoves(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send it on friday 20:00") // 15:00 in New York
	d.members["UANA"] = d.members["UNEW"]
	d.wait("2026-03-28T08:00:00+01:00")
	d.expect("UANA", "03-26 12:00 alone #1 due; 03-27 09:00 #1 due")
	if at := Deadline(d.commitments[1], hoursIn(t, "America/New_York", Preferences{})); !at.Equal(instant(t, "2026-03-27T20:00:00+01:00")) {
		t.Errorf("the deadline moved to %v", at)
	}
}

func TestHolidaysAndFreeDays(t *testing.T) {
	d := newDesk(t)
	d.prefs["UANA"] = Preferences{Holidays: "DE"}
	d.say("UANA", "one by 6 april") // Easter Monday: the Thursday before Good Friday
	d.wait("2026-04-07T12:00:00+02:00")
	d.expect("UANA", "03-31 09:00 #1 ahead; 04-02 09:00 #1 due")
}

func TestADayThatBecameFree(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "one by friday")
	week := StandardWeek()
	week[time.Friday] = Span{}
	d.prefs["UANA"] = Preferences{Hours: &week}
	d.wait("2026-03-30T12:00:00+02:00")
	d.expect("UANA", "03-30 09:00 #1 overdue")
}

func TestMutedAndUnreachable(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "one by friday")
	d.say("UBOB", "two by friday")
	d.say("UCY", "three by friday 15:00")
	d.prefs["UANA"] = Preferences{Muted: []Kind{KindReminders}}
	d.members["UBOB"] = Member{ID: "UBOB", Zone: "Europe/Berlin", Deleted: true}
	d.prefs["UCY"] = Preferences{Hours: &Week{}}
	d.wait("2026-04-30T12:00:00+02:00")
	for _, who := range []string{"UANA", "UBOB", "UCY"} {
		d.expect(who, "")
	}
}

func TestATimedReminderOfWhatChangedIsSilent(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "one today at 3pm")
	d.say("UANA", "two today at 3pm")
	d.say("UANA", "three today at 3pm")
	d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
	d.must(d.use.Move(t.Context(), d.now, d.press("UANA", 2), d.due("UANA", "today at 4pm")))
	d.must(d.use.Move(t.Context(), d.now, d.press("UANA", 3), nil))
	d.wait("2026-03-25T18:00:00+01:00")
	d.expect("UANA", "03-25 15:30 alone #2 due")
}
