package slackapp

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
	"pgregory.net/rapid"

	"rapport/bot"
	"rapport/bot/slackfake"
	"rapport/deploy"
	"rapport/prompts"
)

// readEntry reads a calendar file with another library than the one that wrote it.
func readEntry(t *testing.T, raw []byte) *ical.Event {
	t.Helper()
	c, err := ical.NewDecoder(strings.NewReader(string(raw))).Decode()
	if err != nil {
		t.Fatalf("%v in\n%s", err, raw)
	}
	// Its encoder refuses what the format does not allow, such as an entry without a stamp.
	if err := ical.NewEncoder(io.Discard).Encode(c); err != nil {
		t.Fatalf("%v in\n%s", err, raw)
	}
	if len(c.Events()) != 1 {
		t.Fatalf("%d entries in\n%s", len(c.Events()), raw)
	}
	return &c.Events()[0]
}

func property(t *testing.T, e *ical.Event, name string) string {
	t.Helper()
	text, err := e.Props.Text(name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return text
}

func TestACalendarEntryIsReadAsItWasWritten(t *testing.T) {
	i := coffeeIntroduction(t, func(i *bot.Introduction) {
		i.People["U2"] = bot.Member{Name: `Bob; Okafor, "B\n" 👩‍👩‍👧 ` + strings.Repeat("界", 20)}
	})
	at := time.Date(2026, 3, 30, 15, 0, 0, 0, berlin(t))
	raw, err := calendarEntry(i, at, wednesday)
	if err != nil {
		t.Fatal(err)
	}
	e := readEntry(t, raw)
	start, err := e.DateTimeStart(time.UTC)
	if err != nil || !start.Equal(at) {
		t.Errorf("begins at %s (%v), want %s", start, err, at)
	}
	if end, err := e.DateTimeEnd(time.UTC); err != nil || end.Sub(start) != 25*time.Minute {
		t.Errorf("ends at %s (%v)", end, err)
	}
	if stamp, err := e.Props.DateTime(ical.PropDateTimeStamp, time.UTC); err != nil || !stamp.Equal(wednesday) {
		t.Errorf("stamped %s (%v)", stamp, err)
	}
	if got := property(t, e, ical.PropSummary); got != calendarTitle(i) {
		t.Errorf("called %q, want %q", got, calendarTitle(i))
	}
	if got := property(t, e, ical.PropDescription); got != calendarNote+"\nA question to begin with: "+i.Question {
		t.Errorf("described as %q", got)
	}
	if !strings.Contains(string(raw), "DTSTART:20260330T130000Z\r\n") || strings.Contains(string(raw), "ATTENDEE") || strings.Contains(string(raw), "ORGANIZER") {
		t.Errorf("the file is\n%s", raw)
	}
	again, err := calendarEntry(i, at, wednesday.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	other, err := calendarEntry(i, at.Add(time.Hour), wednesday)
	if err != nil {
		t.Fatal(err)
	}
	uid := property(t, e, ical.PropUID)
	if property(t, readEntry(t, again), ical.PropUID) != uid || property(t, readEntry(t, other), ical.PropUID) == uid {
		t.Error("the same group and time have another UID, or another time the same")
	}
}

// TestCalendarEntriesHoldWhateverPeopleAreCalled writes any names and reads them back, and looks at the lines: CRLF, at most 75 bytes, no rune cut.
func TestCalendarEntriesHoldWhateverPeopleAreCalled(t *testing.T) {
	base := coffeeIntroduction(t, nil)
	rapid.Check(t, func(r *rapid.T) {
		i := base
		i.People = map[string]bot.Member{"U1": {Name: rapid.String().Draw(r, "ana")}, "U2": {Name: rapid.StringN(0, 200, 800).Draw(r, "bob")}}
		i.Question = rapid.StringN(0, 300, 1200).Draw(r, "question")
		raw, err := calendarEntry(i, wednesday, wednesday)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(string(raw), "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
				r.Errorf("line %q", line)
			}
		}
		e := readEntry(t, raw)
		if got := property(t, e, ical.PropSummary); got != calendarText(calendarTitle(i)) {
			r.Errorf("called %q, want %q", got, calendarTitle(i))
		}
		if got := property(t, e, ical.PropDescription); got != calendarText(calendarDescription(i)) {
			r.Errorf("described as %q, want %q", got, calendarDescription(i))
		}
	})
}

func TestCalendarAddresses(t *testing.T) {
	i := coffeeIntroduction(t, func(i *bot.Introduction) { i.People["U2"] = bot.Member{Name: "Bob & Co + Söhne #1"} })
	at := time.Date(2026, 3, 30, 15, 0, 0, 0, berlin(t))
	for name, tt := range map[string]struct {
		address string
		want    map[string]string
	}{
		"Google":  {googleCalendar(calendarTitle(i), at), map[string]string{"action": "TEMPLATE", "text": calendarTitle(i), "dates": "20260330T130000Z/20260330T132500Z"}},
		"Outlook": {outlookCalendar(calendarTitle(i), at), map[string]string{"rru": "addevent", "subject": calendarTitle(i), "startdt": "2026-03-30T13:00:00Z", "enddt": "2026-03-30T13:25:00Z"}},
	} {
		u, err := url.Parse(tt.address)
		if err != nil || u.Scheme != "https" || strings.ContainsAny(tt.address, " |<>") {
			t.Errorf("%s: %q, %v", name, tt.address, err)
			continue
		}
		for key, want := range tt.want {
			if got := u.Query().Get(key); got != want {
				t.Errorf("%s: %s is %q, want %q", name, key, got, want)
			}
		}
	}
	if u := outlookCalendar(calendarTitle(i), at); strings.Contains(u, "+") {
		t.Errorf("Outlook shows a plus as it is: %s", u)
	}
}

// asDrawn are rounds in which nothing became of any group since it was drawn.
type asDrawn struct{ *counter }

func (d asDrawn) GroupCourse(ctx context.Context, round, key string) (bot.Round, bot.Group, bot.Course, error) {
	r, g, err := d.RoundGroup(ctx, round, key)
	return r, g, bot.Course{}, err
}

// calendarTown is a workspace with these features, in which ana and bob are introduced.
func calendarTown(t *testing.T, features ...deploy.Feature) (w *town, k *counter, intro seen) {
	t.Helper()
	manifest, err := deploy.Render(features...)
	if err != nil {
		t.Fatal(err)
	}
	clock := slackfake.NewClock(wednesday)
	server, err := slackfake.Start(slackfake.Config{Addr: "127.0.0.1:0", Manifest: manifest, Clock: clock, Sample: slackfake.Sample{People: 10, Seed: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	w = &town{Server: server, t: t, clock: clock}
	w.app = w.newApp(nil)
	me, err := w.app.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	k = &counter{programs: map[string]bot.Program{}, seats: map[string]bot.Seat{}, rounds: map[string]bot.Round{}, channels: map[string]bot.Channel{}}
	k.scene.Members = map[string]bot.Member{}
	for _, p := range w.state().People {
		k.scene.Members[p.ID] = bot.Member{ID: p.ID, Name: p.Name, Zone: "Europe/Berlin", Bot: p.Bot}
	}
	settings := &bot.Settings{Store: k}
	if err := settings.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	library, err := prompts.Standard()
	if err != nil {
		t.Fatal(err)
	}
	use := &bot.Coffee{Programs: k, Seats: k, Rounds: asDrawn{k}, Scenes: k, Settings: settings, Prompts: library}
	files := false
	for _, scope := range me.Scopes {
		files = files || scope == "files:write"
	}
	noun := &Introductions{Client: w.app.Client(), Use: use, Memory: &recent{}, Clock: clock, Files: files}
	if err := w.app.Add(noun, rapportNoun(w.app.Client())); err != nil {
		t.Fatal(err)
	}
	w.run()
	w.until(func() bool { return w.connections() == w.app.cfg.Connections })
	p := coffeeProgram()
	p.ID = "1"
	k.programs["1"] = p
	g := bot.Group{Key: "abc", Members: []string{w.person("ana"), w.person("bob")}, First: w.person("bob")}
	r := bot.Round{ID: "1/1", Program: "1", Number: 1, At: wednesday, End: wednesday.AddDate(0, 0, 5), Groups: []bot.Group{g}}
	for _, id := range g.Members {
		k.seats["1 "+id] = bot.Seat{Program: "1", Member: id, Version: 1, Joined: wednesday, Matched: 1}
	}
	k.rounds[r.ID] = r
	i, err := use.Introduction(t.Context(), wednesday, bot.RoundAct{Member: g.Members[0], Round: r.ID, Group: g.Key})
	if err != nil {
		t.Fatal(err)
	}
	return w, k, w.postTo(introduction(Reader{}, i), g.Members...)
}

// window is what the person's modal shows, as JSON.
func (w *town) window(user string) string {
	w.t.Helper()
	resp, err := http.Get(w.ControlURL() + "/state")
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var now struct {
		Views []struct {
			User string          `json:"user"`
			Type string          `json:"type"`
			View json.RawMessage `json:"view"`
		} `json:"views"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&now); err != nil {
		w.t.Fatal(err)
	}
	for _, v := range now.Views {
		if v.Type == "modal" && v.User == w.person(user) {
			return string(v.View)
		}
	}
	return ""
}

// pressIn presses a button of the person's modal.
func (w *town) pressIn(user, action, value string) {
	w.t.Helper()
	for _, v := range w.state().Views {
		if v.Type == "modal" && v.User == w.person(user) {
			if a := w.do("/click", map[string]any{"user": user, "view_id": v.ID, "action_id": action, "value": value, "forge": true}); !a.Acked {
				w.t.Errorf("%s %q: %+v", action, value, a)
			}
			w.settle()
			return
		}
	}
	w.t.Fatalf("%s has no modal", user)
}

func TestACalendarFileComesOnceIntoTheChat(t *testing.T) {
	w, _, intro := calendarTown(t, deploy.FeatureFiles)
	at := wednesday.Add(24 * time.Hour).Unix()
	open, file := fmt.Sprintf("1/1 abc %d,%d intro", at, at+3600), fmt.Sprintf("1/1 abc %d intro", at)
	for _, user := range []string{"ana", "ana", "bob"} {
		w.forge(user, intro, "calendar.open", open)
		if got := w.window(user); !strings.Contains(got, "Calendar file for Thu 26 Mar, 10:00") || !strings.Contains(got, "outlook.office.com") {
			t.Fatalf("the window of %s is %s", user, got)
		}
		w.pressIn(user, "calendar.file", file)
	}
	if got := w.window("bob"); !strings.Contains(got, "is in your chat already") {
		t.Errorf("bob reads %s", got)
	}
	if got := w.window("ana"); !strings.Contains(got, "is in your chat already") {
		t.Errorf("ana reads %s", got)
	}
	if n := messagesOf(w, intro.Channel); n != 2 {
		t.Errorf("%d messages in the chat, want the introduction and one file", n)
	}
	w.unbroken()
}

// What Slack certainly did not take can be tried again.
func TestACalendarFileThatSlackRefusedCanBeTriedAgain(t *testing.T) {
	w, _, intro := calendarTown(t, deploy.FeatureFiles)
	at := wednesday.Add(24 * time.Hour).Unix()
	file := fmt.Sprintf("1/1 abc %d intro", at)
	w.forge("ana", intro, "calendar.open", file)
	w.post("/faults", map[string]any{"method": "files.completeUploadExternal", "kind": "429", "retry_after": 1, "count": 1}, &struct{}{})
	for _, want := range []string{"could not be made right now", "The file is in your chat", "is in your chat already"} {
		w.pressIn("ana", "calendar.file", file)
		if got := w.window("ana"); !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	if n := messagesOf(w, intro.Channel); n != 2 {
		t.Errorf("%d messages in the chat, want the introduction and one file", n)
	}
}

func TestWithoutTheScopeThereAreLinksAndFacts(t *testing.T) {
	w, _, intro := calendarTown(t)
	at := wednesday.Add(24 * time.Hour).Unix()
	w.forge("ana", intro, "calendar.open", fmt.Sprintf("1/1 abc %d intro", at))
	got := w.window("ana")
	if strings.Contains(got, "Calendar file") || !strings.Contains(got, "2026-03-26 09:00 UTC") || !strings.Contains(got, "calendar.google.com") {
		t.Errorf("the window is %s", got)
	}
	w.pressIn("ana", "calendar.file", fmt.Sprintf("1/1 abc %d intro", at))
	if n := messagesOf(w, intro.Channel); n != 1 {
		t.Errorf("%d messages in the chat", n)
	}
	w.unbroken()
}

func TestForgedCalendarsShowNothing(t *testing.T) {
	w, _, intro := calendarTown(t, deploy.FeatureFiles)
	places := map[string]seen{"ana": intro, "cy": w.postTo(paragraph("Hello."), w.person("cy"))}
	inside, outside := wednesday.Add(24*time.Hour).Unix(), wednesday.AddDate(0, 0, 6).Unix()
	for name, tt := range map[string]struct{ user, value string }{
		"somebody else's group": {"cy", fmt.Sprintf("1/1 abc %d intro", inside)},
		"another group":         {"ana", fmt.Sprintf("1/1 abd %d intro", inside)},
		"after the round":       {"ana", fmt.Sprintf("1/1 abc %d intro", outside)},
		"no half hour":          {"ana", fmt.Sprintf("1/1 abc %d intro", inside+1)},
		"no times":              {"ana", "1/1 abc , intro"},
		"too little":            {"ana", "1/1 abc"},
	} {
		w.forge(tt.user, places[tt.user], "calendar.open", tt.value)
		if got := w.window(tt.user); strings.Contains(got, "calendar.google.com") {
			t.Errorf("%s: %s", name, got)
		}
		w.pressIn(tt.user, "calendar.file", tt.value)
	}
	if n := messagesOf(w, intro.Channel); n != 1 {
		t.Errorf("%d messages in the chat", n)
	}
}

func TestAChatWithoutTheBot(t *testing.T) {
	w, _, intro := calendarTown(t)
	w.press("ana", intro, "introduction.own", "1/1 abc")
	if got := w.answer("ana").Text; !strings.Contains(got, "slack://user?id="+w.person("bob")+"&team=") {
		t.Errorf("ana reads %q", got)
	}
	w.forge("cy", w.postTo(paragraph("Hello."), w.person("cy")), "introduction.own", "1/1 abc")
	if got := w.answer("cy").Text; strings.Contains(got, w.person("bob")) {
		t.Errorf("somebody else reads %q", got)
	}
	w.unbroken()
}
