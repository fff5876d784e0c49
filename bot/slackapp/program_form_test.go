package slackapp

import (
	"encoding/json"
	"testing"
	"time"

	"rapport/bot"
)

func TestPickFindsTheProgramThatIsMeant(t *testing.T) {
	list := []bot.Program{{ID: "1", Name: "Coffee", Channel: "C1"}, {ID: "2", Name: "Lunch", Channel: "C2"}, {ID: "3", Name: "Lunch &amp; learn", Channel: "C2"}}
	for _, tt := range []struct{ name, channel, want string }{
		{"", "C1", "1"}, {"", "C2", "23"}, {"", "C3", "123"}, {"lun", "C1", "23"}, {" COFFEE ", "C2", "1"}, {"lunch &amp;", "C1", "3"}, {"dinner", "C1", ""},
	} {
		got := ""
		for _, p := range pick(list, tt.name, tt.channel) {
			got += p.ID
		}
		if got != tt.want {
			t.Errorf("%q in %s: %s, want %s", tt.name, tt.channel, got, tt.want)
		}
	}
}

func TestTheFormIsRead(t *testing.T) {
	p, from := formProgram(filled("D1", nil))
	want := bot.Program{
		Name: "Lunch &amp; friends", Channel: "C1", Owner: "U1", Weekday: time.Sunday, Minute: 750, Zone: "Asia/Tokyo", Weeks: 2, Size: 3,
		Department: bot.Require, Overlap: bot.Prefer, Window: 26, Managers: true, Holidays: "JP",
	}
	if got, _ := json.Marshal(p); string(got) != mustMarshal(t, want) || from != "D1" {
		t.Errorf("read %s from %q", got, from)
	}
	p, from = formProgram(filled("3 7 C5 D1", map[string]Picked{coffeeManagers: {Options: []string{noManager}}}))
	if p.ID != "3" || p.Version != 7 || p.Channel != "C5" || from != "D1" || p.Managers {
		t.Errorf("read %+v from %q", p, from)
	}
	p, _ = formProgram(filled("3 7 C5 D1", map[string]Picked{coffeeWeekday: {Option: "monday"}, coffeeSize: {}, coffeeDepartment: {}}))
	if p.Weekday >= 0 || p.Size != 0 || p.Department != "" {
		t.Errorf("nonsense was read as %+v", p)
	}
	empty := filled("", map[string]Picked{coffeeNameInput: {Text: " \n"}, coffeeChannel: {}, coffeeTime: {}})
	p, _ = formProgram(empty)
	if got := formProblems(p, empty.Values); len(got) != 3 {
		t.Errorf("problems: %v", got)
	}
}
