package bot

import (
	"slices"
	"testing"
	"time"
)

func TestDepartmentComesFromTheFirstSourceThatSaysOne(t *testing.T) {
	m := Member{ID: "U1"}.
		Told(SourceProfile, Facts{Department: "Profile", Office: "Berlin"}, nil).
		Told(SourceGroups, Facts{Department: "Group"}, nil).
		Told(SourceTable, Facts{Department: "Table", Office: "Lisbon", Level: "L4", Manager: "U9"}, nil)
	own := Preferences{Department: "Own"}
	tests := []struct {
		name  string
		order []Source
		m     Member
		p     Preferences
		want  string
		by    Source
	}{
		{"the standard order begins with one's own", nil, m, own, "Own", SourceOwn},
		{"what is not set is passed over", nil, m, Preferences{}, "Profile", SourceProfile},
		{"another order", []Source{SourceTable, SourceOwn}, m, own, "Table", SourceTable},
		{"one's own last", []Source{SourceGroups, SourceOwn}, Member{ID: "U2"}, own, "Own", SourceOwn},
		{"a source that is left out says nothing", []Source{SourceGroups}, Member{ID: "U2"}.Told(SourceTable, Facts{Department: "Table"}, nil), own, "", ""},
		{"nobody says any", nil, Member{ID: "U2"}, Preferences{}, "", ""},
		{"what was stored before sources were told apart is the profile's", nil, Member{ID: "U3", Department: "Old"}, Preferences{}, "Old", SourceProfile},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, by := Department(tt.m, tt.p, tt.order); got != tt.want || by != tt.by {
				t.Errorf("got %q by %q, want %q by %q", got, by, tt.want, tt.by)
			}
		})
	}
}

// Another order needs no other look at Slack, and back again nothing is lost.
func TestOrderedFollowsTheOrderOfSources(t *testing.T) {
	m := Member{ID: "U1", Department: "Old", Manager: "U8"}.Told(SourceTable, Facts{Department: "Table", Office: "Lisbon", Manager: "U9"}, nil)
	if m.Department != "Old" || m.Office != "Lisbon" || m.Manager != "U8" {
		t.Errorf("in the standard order: %+v", m)
	}
	m = m.Ordered([]Source{SourceTable})
	if m.Department != "Table" || m.Manager != "U9" {
		t.Errorf("with the table alone: %+v", m)
	}
	m = m.Ordered([]Source{SourceGroups})
	if m.Department != "" || m.Office != "" {
		t.Errorf("with a source that says nothing: %+v", m)
	}
	if m = m.Ordered(nil); m.Department != "Old" || m.Manager != "U8" || m.Office != "Lisbon" {
		t.Errorf("back in the standard order: %+v", m)
	}
	if m = m.Told(SourceProfile, Facts{}, nil).Told(SourceTable, Facts{}, nil); m.Department != "" || m.Says != (Said{}) {
		t.Errorf("after all took back what they said: %+v", m)
	}
}

func TestParseSources(t *testing.T) {
	tests := []struct {
		list string
		want []Source
		bad  bool
	}{
		{"", StandardSources(), false},
		{" csv , own", []Source{SourceTable, SourceOwn}, false},
		{"own,own", nil, true},
		{"own,ldap", nil, true},
		{"own,,csv", nil, true},
	}
	for _, tt := range tests {
		got, err := ParseSources(tt.list)
		if (err != nil) != tt.bad || !slices.Equal(got, tt.want) {
			t.Errorf("%q: %v, %v; want %v", tt.list, got, err, tt.want)
		}
	}
}

func TestASyncIsDueOncePerNight(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, berlin) }
	tests := []struct {
		name     string
		mark     DirectorySync
		now      time.Time
		starting bool
		want     bool
	}{
		{"never made", DirectorySync{}, at(25, 12, 0), false, true},
		{"before the night", DirectorySync{Whole: at(25, 12, 0)}, at(26, 2, 59), false, false},
		{"in the night", DirectorySync{Whole: at(25, 12, 0)}, at(26, 3, 0), false, true},
		{"once", DirectorySync{Whole: at(26, 3, 1)}, at(26, 3, 1), false, false},
		{"a night was missed", DirectorySync{Whole: at(24, 12, 0)}, at(26, 1, 0), false, true},
		{"under way", DirectorySync{Whole: at(26, 3, 1), Began: at(26, 9, 0)}, at(26, 9, 5), false, true},
		{"asked for", DirectorySync{Whole: at(26, 3, 1), Asked: at(26, 9, 0)}, at(26, 9, 1), false, true},
		{"a process starts soon after one", DirectorySync{Whole: at(26, 9, 0)}, at(26, 9, 59), true, false},
		{"a process starts later", DirectorySync{Whole: at(26, 9, 0)}, at(26, 10, 0), true, true},
		{"the night in which the clocks go forward", DirectorySync{Whole: at(28, 12, 0)}, at(29, 3, 0), false, true},
		{"and once in it", DirectorySync{Whole: at(29, 3, 5)}, at(29, 23, 0), false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.mark.Due(tt.now, berlin, tt.starting); got != tt.want {
				t.Errorf("due %t, want %t", got, tt.want)
			}
		})
	}
}
