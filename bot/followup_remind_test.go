package bot

import (
	"reflect"
	"testing"

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
	tests := []struct {
		name string
		c    Commitment
		want []Rung
	}{
		{"far away: two working days ahead and on the day", Commitment{Due: due("2026-04-08")}, []Rung{{day(2026, 4, 6), WhyAhead}, {day(2026, 4, 8), WhyDue}}},
		{"near: on the day, then one working day later", Commitment{Due: due("2026-03-27")}, []Rung{{day(2026, 3, 27), WhyDue}, {day(2026, 3, 30), WhyOverdue}}},
		{"due on a Sunday: the Friday before", Commitment{Due: due("2026-03-29")}, []Rung{{day(2026, 3, 27), WhyDue}, {day(2026, 3, 30), WhyOverdue}}},
		{"undated: once after a week", Commitment{}, []Rung{{day(2026, 4, 1), WhyUndated}}},
		{"made on its day after nine: not that day's bundle", Commitment{Due: due("2026-03-25"), Acted: instant(t, "2026-03-25T10:17:00+01:00")}, []Rung{{day(2026, 3, 26), WhyOverdue}, {day(2026, 3, 30), WhyOverdue}}},
		{"an act begins the count anew", Commitment{Due: due("2026-03-23"), Acted: instant(t, "2026-03-25T10:00:00+01:00")}, []Rung{{day(2026, 3, 26), WhyOverdue}, {day(2026, 4, 1), WhyOverdue}}},
		{"snoozed: when the owner wanted to hear of it", Commitment{Due: due("2026-03-27"), SnoozedTill: instant(t, "2026-03-26T09:00:00+01:00")}, []Rung{{day(2026, 3, 26), WhySnoozed}, {day(2026, 3, 27), WhyDue}}},
		{"done: never", Commitment{Due: due("2026-03-27"), State: Done}, nil},
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
