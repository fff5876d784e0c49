package bot

import (
	"reflect"
	"testing"
	"time"

	"rapport/bot/when"
)

func TestLadder(t *testing.T) {
	h := hoursIn(t, "Europe/Berlin", Preferences{})
	due := func(s string) *when.Due {
		d, err := when.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return &when.Due{Date: d, Time: when.Clock{Hour: 17}, Zone: "Europe/Berlin"}
	}
	morning := instant(t, "2026-03-25T08:00:00+01:00") // a Wednesday
	rungs := func(list ...Rung) []Rung {
		list[len(list)-1].Last = true
		return list
	}
	on := func(month time.Month, d int, why Why) Rung { return Rung{Day: day(2026, month, d), Why: why} }
	at := func(s string) *when.Due {
		due := due(s[:10])
		clock, err := when.ParseClock(s[11:])
		if err != nil {
			t.Fatal(err)
		}
		due.Time, due.ExplicitTime = clock, true
		return due
	}
	after := func(s string) time.Time { return instant(t, s) }
	plan := func(month time.Month, d int) *Plan { return &Plan{Day: day(2026, month, d)} }
	tests := []struct {
		name string
		c    Commitment
		want []Rung
	}{
		{"far away: two working days ahead and on the day", Commitment{Due: due("2026-04-08")}, rungs(on(4, 6, WhyAhead), on(4, 8, WhyDue))},
		{"six working days away is far", Commitment{Due: due("2026-04-02")}, rungs(on(3, 31, WhyAhead), on(4, 2, WhyDue))},
		{"five working days away is near", Commitment{Due: due("2026-04-01")}, rungs(on(4, 1, WhyDue), on(4, 2, WhyOverdue))},
		{"near: on the day, then one working day later", Commitment{Due: due("2026-03-27")}, rungs(on(3, 27, WhyDue), on(3, 30, WhyOverdue))},
		{"due on a Sunday: the Friday before", Commitment{Due: due("2026-03-29")}, rungs(on(3, 27, WhyDue), on(3, 30, WhyOverdue))},
		{"far away on a Sunday: both before it", Commitment{Due: due("2026-04-12")}, rungs(on(4, 8, WhyAhead), on(4, 10, WhyDue))},
		{"a stated time comes up on its day, too", Commitment{Due: at("2026-03-27 15:00")}, rungs(on(3, 27, WhyDue), on(3, 30, WhyOverdue))},
		{"due today, said before nine", Commitment{Due: due("2026-03-25")}, rungs(on(3, 25, WhyDue), on(3, 26, WhyOverdue))},
		{"undated: once after a week", Commitment{}, rungs(on(4, 1, WhyUndated))},
		{"undated, a week later is a Saturday: the Monday after", Commitment{Acted: after("2026-03-28T10:00:00+01:00")}, rungs(on(4, 6, WhyUndated))},
		{"undated and kept: not asked again", Commitment{Acted: after("2026-04-01T10:00:00+02:00"), Kept: after("2026-04-01T10:00:00+02:00")}, nil},
		{"made on its day after nine: not that day's bundle", Commitment{Due: due("2026-03-25"), Acted: after("2026-03-25T10:17:00+01:00")}, rungs(on(3, 26, WhyOverdue), on(3, 30, WhyOverdue))},
		{"an act begins the count anew", Commitment{Due: due("2026-03-23"), Acted: after("2026-03-25T10:00:00+01:00")}, rungs(on(3, 26, WhyOverdue), on(4, 1, WhyOverdue))},
		{"kept after the second: the seventh day is the last", Commitment{Due: due("2026-03-23"), Acted: after("2026-03-27T10:00:00+01:00"), Kept: after("2026-03-27T10:00:00+01:00")}, rungs(on(4, 1, WhyOverdue))},
		{"kept on the seventh day: silent", Commitment{Due: due("2026-03-16"), Acted: after("2026-03-25T10:00:00+01:00"), Kept: after("2026-03-25T10:00:00+01:00")}, nil},
		{"overdue counts working days after its date, also from a Saturday", Commitment{Due: due("2026-03-28"), Acted: after("2026-03-27T10:00:00+01:00")}, rungs(on(3, 30, WhyOverdue), on(4, 1, WhyOverdue))},
		{"snoozed: when the owner wanted to hear of it", Commitment{Due: due("2026-03-27"), SnoozedTill: after("2026-03-26T09:00:00+01:00")}, rungs(on(3, 26, WhySnoozed), on(3, 27, WhyDue))},
		{"snoozed to a time: alone, and one more", Commitment{Due: due("2026-03-27"), SnoozedTill: after("2026-03-26T15:00:00+01:00")}, rungs(on(3, 27, WhyDue))},
		{"snoozed past its date", Commitment{Due: due("2026-03-27"), SnoozedTill: after("2026-04-01T09:00:00+02:00")}, rungs(on(4, 1, WhySnoozed), on(4, 7, WhyOverdue))},
		{"a snooze that is over means nothing", Commitment{Due: due("2026-03-27"), Acted: after("2026-03-26T10:00:00+01:00"), SnoozedTill: after("2026-03-26T09:00:00+01:00")}, rungs(on(3, 27, WhyDue), on(3, 30, WhyOverdue))},
		{"planned: on that day and when it is due", Commitment{Due: due("2026-03-27"), Plan: plan(3, 26)}, rungs(on(3, 26, WhyPlanned), on(3, 27, WhyDue))},
		{"planned and far: the plan stands in for what is said ahead", Commitment{Due: due("2026-04-08"), Plan: plan(3, 31)}, rungs(on(3, 31, WhyPlanned), on(4, 8, WhyDue))},
		{"planned for the day itself: that is no other", Commitment{Due: due("2026-03-27"), Plan: plan(3, 27)}, rungs(on(3, 27, WhyDue), on(3, 30, WhyOverdue))},
		{"planned for a Sunday: the Friday before", Commitment{Due: due("2026-04-01"), Plan: plan(3, 29)}, rungs(on(3, 27, WhyPlanned), on(4, 1, WhyDue))},
		{"planned on a Friday for the Saturday: the Monday after", Commitment{Due: due("2026-04-10"), Acted: after("2026-03-27T10:00:00+01:00"), Plan: plan(3, 28)}, rungs(on(3, 30, WhyPlanned), on(4, 10, WhyDue))},
		{"planned for today after nine: no message of today's", Commitment{Due: due("2026-03-27"), Acted: after("2026-03-25T10:00:00+01:00"), Plan: plan(3, 25)}, rungs(on(3, 27, WhyDue), on(3, 30, WhyOverdue))},
		{"planned without a day", Commitment{Due: due("2026-03-27"), Plan: &Plan{Cue: "after the stand-up"}}, rungs(on(3, 27, WhyDue), on(3, 30, WhyOverdue))},
		{"planned after a date that was moved to before it", Commitment{Due: due("2026-03-27"), Plan: plan(3, 31)}, rungs(on(3, 27, WhyDue), on(3, 30, WhyOverdue))},
		{"planned for another of its times", Commitment{Due: due("2026-03-27"), Occasion: 1, Plan: plan(3, 26)}, rungs(on(3, 27, WhyDue), on(3, 30, WhyOverdue))},
		{"overdue and planned", Commitment{Due: due("2026-03-20"), Acted: after("2026-03-25T10:00:00+01:00"), Plan: plan(3, 27)}, rungs(on(3, 27, WhyPlanned), on(3, 31, WhyOverdue))},
		{"undated and planned", Commitment{Plan: plan(3, 27)}, rungs(on(3, 27, WhyPlanned), on(4, 1, WhyUndated))},
		{"undated and planned for later: no question before", Commitment{Plan: plan(4, 17)}, rungs(on(4, 17, WhyPlanned))},
		{"planned and snoozed past it: the snooze", Commitment{Due: due("2026-04-08"), Plan: plan(3, 26), SnoozedTill: after("2026-03-30T09:00:00+02:00")}, rungs(on(3, 30, WhySnoozed), on(4, 6, WhyAhead))},
		{"done: never", Commitment{Due: due("2026-03-27"), State: Done}, nil},
		{"proposed: never", Commitment{Due: due("2026-03-27"), State: Proposed}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.c.Created = morning
			if tt.c.State == "" {
				tt.c.State = Open
			}
			if got := Ladder(tt.c, h); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTimedReminder(t *testing.T) {
	h := hoursIn(t, "Europe/Berlin", Preferences{})
	at := func(day Date, hour, minute int, stated bool) *when.Due {
		return &when.Due{Date: day, Time: when.Clock{Hour: hour, Minute: minute}, Zone: "Europe/Berlin", ExplicitTime: stated}
	}
	tests := []struct {
		name, made, want string // want is empty for none
		due              *when.Due
	}{
		{"half an hour before a stated time", "2026-03-25T08:00:00+01:00", "2026-03-26T14:30:00+01:00", at(day(2026, 3, 26), 15, 0, true)},
		{"a stated time at night: the evening before", "2026-03-25T08:00:00+01:00", "2026-03-25T17:00:00+01:00", at(day(2026, 3, 26), 2, 30, true)},
		{"too late for it", "2026-03-26T14:45:00+01:00", "", at(day(2026, 3, 26), 15, 0, true)},
		{"promised in the morning for the same day", "2026-03-25T10:17:00+01:00", "2026-03-25T16:00:00+01:00", at(day(2026, 3, 25), 17, 0, false)},
		{"promised late for the same day", "2026-03-25T15:30:00+01:00", "", at(day(2026, 3, 25), 17, 0, false)},
		{"a day without a time has its bundle", "2026-03-25T10:17:00+01:00", "", at(day(2026, 3, 27), 17, 0, false)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			made := instant(t, tt.made)
			got, ok := timedReminder(made, Commitment{State: Open, Due: tt.due, Created: made}, h)
			if tt.want == "" {
				if ok {
					t.Errorf("got %v, want none", got)
				}
				return
			}
			if !ok || !got.Equal(instant(t, tt.want)) {
				t.Errorf("got %v, %v; want %v", got, ok, tt.want)
			}
		})
	}
}
