package slackfake

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

const sampleManifest = `
display_information: {name: Rapport}
features:
  bot_user: {display_name: rapport}
oauth_config: {scopes: {bot: [commands, "chat:write", "users:read", "channels:read"]}}
settings: {socket_mode_enabled: true}
`

// wednesday is in the morning in Berlin and at night in California.
var wednesday = time.Date(2026, 3, 25, 9, 17, 0, 0, time.UTC)

func startSample(t *testing.T, people int, now time.Time) *Server {
	t.Helper()
	s, err := Start(Config{
		Addr: "127.0.0.1:0", Manifest: []byte(sampleManifest), Clock: NewClock(now), Sample: Sample{People: people, Seed: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func regularPeople(s *Server) []*User {
	return slices.DeleteFunc(s.world.sortedUsers(), func(u *User) bool { return !u.regular() })
}

func TestSampleHasPeopleOfEveryKind(t *testing.T) {
	s := startSample(t, 40, wednesday)
	people := regularPeople(s)
	departments, zones, noZone := map[string]int{}, map[string]int{}, 0
	handles := map[string]bool{}
	for _, u := range people {
		departments[u.Department]++
		if u.TZ == "" {
			noZone++
		} else {
			zones[u.TZ]++
			if _, err := time.LoadLocation(u.TZ); err != nil {
				t.Errorf("%s: %v", u.Name, err)
			}
		}
		if handles[u.Name] {
			t.Errorf("two people are called %q", u.Name)
		}
		handles[u.Name] = true
		if u.Email == "" || u.Title == "" || u.Locale == "" || u.Color == "" {
			t.Errorf("%s lacks something: %+v", u.Name, u)
		}
	}
	if len(people) != 40 || len(departments) != 6 || len(zones) != 8 || noZone != 3 {
		t.Errorf("%d people, %d departments, %d zones, %d without; want 40, 6, 8, 3", len(people), len(departments), len(zones), noZone)
	}
	kinds := map[string]func(*User) bool{
		"guest": func(u *User) bool { return u.Guest }, "deactivated person": func(u *User) bool { return u.Deleted },
		"bot besides the app": func(u *User) bool { return u.Bot && u.ID != s.app.botUser },
		"stranger":            func(u *User) bool { return u.Stranger && u.TeamID != s.world.Team.ID },
	}
	for kind, is := range kinds {
		if n := len(slices.DeleteFunc(s.world.sortedUsers(), func(u *User) bool { return !is(u) })); n != 1 {
			t.Errorf("%d of kind %s, want 1", n, kind)
		}
	}
}

func TestSampleBeginsWithRegularPeople(t *testing.T) {
	s := startSample(t, 40, wednesday)
	var first []string
	for i, u := range s.world.sortedUsers() {
		if i < 4 {
			first = append(first, u.Name)
		}
		if i < 40 && !u.regular() {
			t.Errorf("number %d is %s, who is not regular", i, u.Name)
		}
	}
	if want := []string{"ana", "bob", "cy", "dee"}; !slices.Equal(first, want) {
		t.Errorf("first are %v, want %v", first, want)
	}
	if ana := s.world.user("ana"); !ana.Admin || !ana.Owner || ana.Manager != "" {
		t.Errorf("ana should be admin, owner and nobody's report: %+v", ana)
	}
	if bob, lea := s.world.user("bob"), s.world.user("lea"); bob.Manager != lea.ID {
		t.Errorf("bob's manager is %q, want lea (%s)", bob.Manager, lea.ID)
	}
}

func TestSampleSeatsTheFirstPeopleWithTheApp(t *testing.T) {
	for _, people := range []int{3, 24, 40, 300} {
		s := startSample(t, people, wednesday)
		var public []*Channel
		for _, c := range s.world.sortedChannels() {
			if c.Kind == Public {
				public = append(public, c)
			}
		}
		names := []string{}
		for _, c := range public[:4] {
			names = append(names, c.Name)
			if !c.has(s.app.botUser) {
				t.Errorf("%d people: the app is not in #%s", people, c.Name)
			}
			for _, u := range regularPeople(s)[:min(people, seatedPeople)] {
				if !c.has(u.ID) {
					t.Errorf("%d people: %s is not in #%s", people, u.Name, c.Name)
				}
			}
		}
		if want := []string{"general", "kudos", "coffee", "product"}; !slices.Equal(names, want) {
			t.Errorf("%d people: first public channels are %v, want %v", people, names, want)
		}
	}
}

func TestSampleHasOtherPlaces(t *testing.T) {
	s := startSample(t, 40, wednesday)
	private, shared := 0, 0
	for _, c := range s.world.sortedChannels() {
		if c.Kind == Private && !c.has(s.app.botUser) {
			private++
		}
		if c.Shared && c.has(s.world.user("sofia").ID) {
			shared++
		}
	}
	if private != 1 || shared != 1 {
		t.Errorf("%d private channels without the app, %d shared; want 1 and 1", private, shared)
	}
	groups := s.world.userGroups()
	if len(groups) != len(sampleDepartments)+2 {
		t.Errorf("%d user groups, want one a department and two more", len(groups))
	}
}

func TestSampleIsTheSameForTheSameSeed(t *testing.T) {
	dump := func(seed uint64) string {
		raw, err := json.Marshal(samplePeople(500, seed))
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	if first, second := dump(7), dump(7); first != second {
		t.Error("the same seed made two companies")
	}
	if dump(7) == dump(8) {
		t.Error("two seeds made the same company")
	}
	one, two := startSample(t, 40, wednesday), startSample(t, 40, wednesday)
	if a, b := talkOf(one), talkOf(two); a != b {
		t.Errorf("the same company spoke differently:\n%s\n%s", a, b)
	}
}

func talkOf(s *Server) string {
	var b strings.Builder
	for _, c := range s.world.sortedChannels() {
		for _, m := range c.messages {
			b.WriteString(c.ID + " " + m.TS + " " + m.User + " " + m.Text + "\n")
		}
	}
	return b.String()
}

func TestSampleIsAnyNumberOfPeople(t *testing.T) {
	for _, n := range []int{1, 2, 41, 5000} {
		people := samplePeople(n, 3)
		if len(people) != n {
			t.Fatalf("%d people, want %d", len(people), n)
		}
		earlier := map[string]bool{}
		for i, u := range people {
			if earlier[u.Name] {
				t.Fatalf("two people are called %q", u.Name)
			}
			if i >= len(firstPeople) && u.Manager != "" && !earlier[u.Manager] {
				t.Fatalf("%s reports to %s, who comes later", u.Name, u.Manager)
			}
			earlier[u.Name] = true
		}
	}
}

func TestNoPeopleNoCompany(t *testing.T) {
	s := startSample(t, 0, wednesday)
	if n := len(s.world.sortedUsers()); n != 1 {
		t.Errorf("%d users in an empty workspace, want the app alone", n)
	}
	if n := len(s.world.sortedChannels()); n != 0 {
		t.Errorf("%d channels in an empty workspace", n)
	}
}

// TestSampleTalkIsPastAndInOrder holds at any moment of a week: nothing lies in the future, and no answer before its question.
func TestSampleTalkIsPastAndInOrder(t *testing.T) {
	lines := len(sampleTalk)
	for _, l := range sampleTalk {
		lines += len(l.answers)
	}
	for hour := 0; hour < 7*24; hour += 5 {
		now := wednesday.Add(time.Duration(hour) * time.Hour)
		s := startSample(t, 40, now)
		said := 0
		for _, c := range s.world.sortedChannels() {
			for _, m := range c.messages {
				said++
				if m.TS >= tsOf(now.UnixMicro()) {
					t.Errorf("%s: %q lies in the future", now, m.Text)
				}
				if m.ThreadTS > m.TS {
					t.Errorf("%s: %q was answered before it was asked", now, m.Text)
				}
			}
		}
		if said < lines*8/10 {
			t.Errorf("%s: %d of %d lines are said", now, said, lines)
		}
	}
	if s := startSample(t, 40, wednesday); len(strings.Split(strings.TrimSpace(talkOf(s)), "\n")) < lines {
		t.Errorf("on a Wednesday morning all %d lines should be said:\n%s", lines, talkOf(s))
	}
}
