package pairing

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// TestHashCoversSeats changes one thing at a time.
func TestHashCoversSeats(t *testing.T) {
	base := Input{Date: monday, Members: people(2)}
	seen := map[string]string{base.Hash(): "nothing"}
	for name, change := range map[string]func(m *Member){
		"role":        func(m *Member) { m.Role = Mentor },
		"other role":  func(m *Member) { m.Role = Mentee },
		"seats":       func(m *Member) { m.Seats = 2 },
		"leader":      func(m *Member) { m.Leader = true },
		"stretch":     func(m *Member) { m.Stretch = true },
		"takes a bot": func(m *Member) { m.Bot = true },
	} {
		in := Input{Date: monday, Members: people(2)}
		change(&in.Members[1])
		if other, taken := seen[in.Hash()]; taken {
			t.Errorf("%s and %s hash alike", name, other)
		}
		seen[in.Hash()] = name
	}
}

// TestEmptyListsAreNotNull holds the printed form of rounds in which there is nothing to list.
func TestEmptyListsAreNotNull(t *testing.T) {
	one := Input{Date: monday, Seed: 7, Members: people(2)}
	lonely := Input{Date: monday, Members: []Member{{ID: "m", Role: Mentor, Seats: 2}}}
	for name, test := range map[string]struct {
		in   Input
		want []string
	}{
		"nobody":        {Input{Date: monday}, []string{`"groups":[]`, `"left_out":[]`, `"relaxed":[]`, `"seed":0`, `"input_hash":"`}},
		"two":           {one, []string{`"left_out":[]`, `"relaxed":[]`, `"quality":{"weight":`, `"upper_bound":`, `"repeats":0`, `"cross_department":0`, `"left_out_bound":0`, `"seed":7`}},
		"a mentor only": {lonely, []string{`"groups":[]`, `"left_out":[]`, `"free_seats":2`}},
	} {
		r, err := Match(test.in)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range test.want {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s: no %s in %s", name, part, text)
			}
		}
		if strings.Contains(string(text), "null") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestWorkDays sees that hours per weekday say on which days somebody works.
func TestWorkDays(t *testing.T) {
	berlin := loadZone(t, "Europe/Berlin")
	days := func(list ...time.Weekday) Week {
		var w Week
		for _, d := range list {
			w[d] = Span{9 * time.Hour, 17 * time.Hour}
		}
		return w
	}
	for name, test := range map[string]struct {
		a, b Week
		meet bool
	}{
		"a day in common":       {days(time.Monday, time.Tuesday), days(time.Tuesday, time.Friday), true},
		"no day in common":      {days(time.Monday, time.Tuesday), days(time.Wednesday, time.Friday), false},
		"weekends with weekend": {days(time.Saturday), days(time.Saturday), true},
		"weekends with default": {days(time.Saturday), Week{}, false},
	} {
		in := Input{Date: monday, Rules: Rules{Overlap: Require}, Members: []Member{
			{ID: "a", Zone: berlin, Hours: test.a}, {ID: "b", Zone: berlin, Hours: test.b},
		}}
		r, err := Match(in)
		if err != nil || (len(r.Groups) == 1) != test.meet {
			t.Errorf("%s: got %+v, %v", name, r.Groups, err)
		}
	}
}
