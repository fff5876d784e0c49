package slackapp

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"rapport/bot"
	"rapport/prompts"
)

// coffeeTown is a local Slack with the coffee noun in it, and the counter behind that.
func coffeeTown(t *testing.T) (*town, *counter) {
	t.Helper()
	k := &counter{programs: map[string]bot.Program{}, seats: map[string]bot.Seat{}, rounds: map[string]bot.Round{}, channels: map[string]bot.Channel{}}
	settings := &bot.Settings{Store: k}
	if err := settings.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	library, err := prompts.Standard()
	if err != nil {
		t.Fatal(err)
	}
	w := newTown(t, nil, func(c *Client) Noun {
		use := &bot.Coffee{Programs: k, Seats: k, Rounds: k, Scenes: k, Sent: k, Presence: c, Settings: settings, Prompts: library, Preferences: k}
		host := &bot.Host{Workspaces: k, Preferences: k, Scenes: k, Settings: settings, Prompts: library}
		coffee := &Coffee{Client: c, Use: use, Settings: settings, Home: &HomeTab{Client: c, Use: &bot.Bot{Host: host}}}
		return together{coffee, &Rounds{Client: c, Coffee: coffee}}
	})
	k.scene.Members = map[string]bot.Member{}
	for _, p := range w.state().People {
		k.scene.Members[p.ID] = bot.Member{ID: p.ID, Name: p.Name, Department: p.Department, Zone: "Europe/Berlin", Bot: p.Bot}
	}
	for _, c := range w.state().Channels {
		k.channels[c.ID] = bot.Channel{ID: c.ID, Name: c.Name, Inside: slices.Contains([]string{"coffee", "kudos", "nordwind-launch", "leads"}, c.Name)}
	}
	k.change(w, "nordwind-launch", func(c *bot.Channel) { c.Shared = true })
	k.change(w, "leads", func(c *bot.Channel) { c.Private = true })
	return w, k
}

func (w *town) channel(name string) string {
	w.t.Helper()
	for _, c := range w.state().Channels {
		if c.Name == name {
			return c.ID
		}
	}
	w.t.Fatalf("no channel is called %q", name)
	return ""
}

func (w *town) coffee(user, channel, text string) acted {
	w.t.Helper()
	a := w.do("/command", map[string]any{"user": user, "channel": channel, "command": "/coffee", "text": text})
	if !a.Acked {
		w.t.Errorf("/coffee %s is not acknowledged", text)
	}
	w.settle()
	return a
}

// answer is the newest message that only this person sees, and that the bot wrote.
func (w *town) answer(user string) seen {
	w.t.Helper()
	var last seen
	for _, m := range w.state().Messages {
		if m.User == w.botUser() && m.EphemeralTo == w.person(user) {
			last = m
		}
	}
	return last
}

// press presses a button of a message.
func (w *town) press(user string, m seen, action, value string) {
	w.t.Helper()
	a := w.do("/click", map[string]any{"user": user, "channel": m.Channel, "ts": m.TS, "action_id": action, "value": value})
	if !a.Acked || a.Error != "" {
		w.t.Errorf("%s presses %s %q: %+v", user, action, value, a)
	}
	w.settle()
}

// forge presses a button that is not there.
func (w *town) forge(user string, m seen, action, value string) {
	w.t.Helper()
	a := w.do("/click", map[string]any{"user": user, "channel": m.Channel, "ts": m.TS, "action_id": action, "value": value, "forge": true})
	if !a.Acked {
		w.t.Errorf("%s forges %s %q: %+v", user, action, value, a)
	}
	w.settle()
}

// fill submits the modal on top, as it stands but for these inputs.
func (w *town) fill(user string, values map[string]any) acted {
	w.t.Helper()
	byBlock := map[string]any{}
	for block, v := range values {
		byBlock[block] = map[string]any{block: v}
	}
	a := w.do("/submit", map[string]any{"user": user, "values": byBlock})
	w.settle()
	return a
}

func (w *town) modal(user string) string {
	w.t.Helper()
	for _, v := range w.state().Views {
		if v.Type == "modal" && v.User == w.person(user) {
			return v.CallbackID
		}
	}
	return ""
}

func TestSetUpJoinSkipAndLeave(t *testing.T) {
	w, k := coffeeTown(t)
	if a := w.coffee("ana", "#coffee", ""); !strings.HasPrefix(a.Response.Text, "You are in no coffee program yet") {
		t.Errorf("the empty case says %q", a.Response.Text)
	}
	w.coffee("ana", "#coffee", "setup")
	if got := w.modal("ana"); got != "coffee.save" {
		t.Fatalf("the modal is %q", got)
	}
	for channel, want := range map[string]string{
		"nordwind-launch": "shared with another company", "product": "I am not in that channel", "leads": "I am not in that channel",
	} {
		a := w.fill("ana", map[string]any{coffeeChannel: w.channel(channel)})
		if got := a.Response.Errors[coffeeChannel]; !strings.Contains(got, want) {
			t.Errorf("#%s: %q below the channel, want %q (%+v)", channel, got, want, a)
		}
	}
	if a := w.fill("ana", map[string]any{coffeeNameInput: " "}); a.Response.Errors[coffeeNameInput] == "" {
		t.Errorf("no name: %+v", a)
	}
	if len(k.programs) != 0 {
		t.Fatalf("a refused form was saved: %+v", k.programs)
	}
	if a := w.fill("ana", map[string]any{coffeeChannel: w.channel("coffee"), coffeeNameInput: "Coffee", coffeeTime: "09:30"}); len(a.Response.Errors) > 0 || w.modal("ana") != "" {
		t.Fatalf("refused: %+v", a)
	}
	if p := k.programs["1"]; p.Minute != 570 || p.Zone != "Europe/Berlin" || p.Channel != w.channel("coffee") || p.Owner != w.person("ana") {
		t.Errorf("saved %+v", p)
	}
	if got := w.answer("ana").Text; !strings.Contains(got, "Mondays at 09:30 Europe/Berlin, next on Monday, 30 March") && !strings.Contains(got, "Mondays at 9:30") {
		t.Errorf("echoed %q", got)
	}
	w.coffee("bob", "#coffee", "")
	for _, step := range []struct{ action, text string }{
		{"coffee.join", "You are in *Coffee*. "},
		{"coffee.skip", "You skip Monday's coffee"},
		{"coffee.unskip", "You are in for Monday's coffee"},
		{"coffee.leave", "You left *Coffee*"},
		{"coffee.join", "You are in *Coffee*. "},
	} {
		w.press("bob", w.answer("bob"), step.action, "1")
		if got := w.answer("bob").Text; !strings.HasPrefix(got, step.text) {
			t.Errorf("%s is answered with %q", step.action, got)
		}
	}
	if a := w.coffee("bob", "#coffee", "join"); !strings.HasPrefix(a.Response.Text, "You are in *Coffee* already") {
		t.Errorf("a second join says %q", a.Response.Text)
	}
	w.unbroken()
}

func TestCoffeeCommands(t *testing.T) {
	w, k := coffeeTown(t)
	p := coffeeProgram()
	p.ID, p.Channel, p.Owner = "1", w.channel("coffee"), w.person("ana")
	k.programs["1"] = p
	p.ID, p.Channel, p.Name = "2", w.channel("kudos"), "Lunch"
	k.programs["2"] = p
	for _, tt := range []struct{ user, channel, text, want string }{
		{"bob", "#coffee", "help", "Coffee introduces colleagues"},
		{"bob", "#coffee", "whatever", "I do not know “whatever” here."},
		{"bob", "#coffee", "join dinner", "I do not know “dinner” here."},
		{"bob", "#coffee", "leave", "Coffee is open in this channel."},
		{"bob", "#coffee", "status", "Coffee is open in this channel."},
		{"bob", "#coffee", "join", "You are in *Coffee*. "},
		{"bob", "#general", "join lunch", "You are in *Lunch*. "},
		{"bob", "#general", "skip", "Which one do you want to skip next time?"},
		{"bob", "#kudos", "skip", "You skip Monday's Lunch"},
		{"bob", "#general", "skip coffee", "You skip Monday's coffee"},
		{"bob", "#coffee", "pause", "Until when?"},
		{"bob", "#coffee", "pause when pigs fly", "Until when?"},
		{"bob", "#coffee", "pause until 14 april", "No *Coffee* for you before Tuesday"},
		{"bob", "#coffee", "resume", "You are in *Coffee*. You skip the round of Monday"}, // the skip stands
		{"bob", "#kudos", "resume", "You are in *Lunch*. You skip the round of Monday"},
		{"bob", "#coffee", "leave", "You left *Coffee*"},
		{"ana", "#coffee", "status", "How Coffee goes."},
		{"ana", "#general", "status", "Which one do you want to look at?"},
	} {
		if a := w.coffee(tt.user, tt.channel, tt.text); !strings.HasPrefix(a.Response.Text, tt.want) || a.Response.ResponseType != "ephemeral" {
			t.Errorf("/coffee %s in %s: %q, want %q", tt.text, tt.channel, a.Response.Text, tt.want)
		}
	}
	w.coffee("ana", "#coffee", "status")
	w.press("ana", w.answer("ana"), "coffee.halt", "1")
	if got := w.answer("ana").Text; !strings.Contains(got, "Paused for everybody") || !k.programs["1"].Paused {
		t.Errorf("halted: %q", got)
	}
	w.press("ana", w.answer("ana"), "coffee.edit", "1")
	if got := w.modal("ana"); got != "coffee.save" {
		t.Fatalf("the modal is %q", got)
	}
	if a := w.fill("ana", map[string]any{coffeeWeeks: "2", coffeeNameInput: "Slow coffee"}); len(a.Response.Errors) > 0 {
		t.Errorf("refused: %+v", a)
	}
	if p := k.programs["1"]; p.Weeks != 2 || p.Name != "Slow coffee" || !p.Paused {
		t.Errorf("saved %+v", p)
	}
	w.unbroken()
}

func TestPauseUntilADay(t *testing.T) {
	w, k := coffeeTown(t)
	p := coffeeProgram()
	p.ID, p.Channel = "1", w.channel("coffee")
	k.programs["1"] = p
	w.coffee("bob", "#coffee", "join")
	w.press("bob", w.answer("bob"), "coffee.pause", "1")
	if a := w.fill("bob", map[string]any{coffeeUntil: "2026-03-25"}); !strings.Contains(a.Response.Errors[coffeeUntil], "not ahead") {
		t.Errorf("until today: %+v", a)
	}
	if a := w.fill("bob", map[string]any{coffeeUntil: "2026-04-14"}); len(a.Response.Errors) > 0 {
		t.Errorf("refused: %+v", a)
	}
	if got := w.answer("bob").Text; !strings.HasPrefix(got, "No *Coffee* for you before Tuesday") {
		t.Errorf("answered %q", got)
	}
	if s := k.seats["1 "+w.person("bob")]; s.PausedTill != (bot.Date{Year: 2026, Month: 4, Day: 14}) {
		t.Errorf("seat %+v", s)
	}
}

func TestForgedCoffeeButtonsGetNothing(t *testing.T) {
	w, k := coffeeTown(t)
	p := coffeeProgram()
	p.ID, p.Channel, p.Owner, p.Closed, p.Name = "1", w.channel("leads"), w.person("ana"), true, "Secret"
	k.programs["1"] = p
	w.coffee("bob", "#coffee", "") // a message to forge buttons on
	m := w.answer("bob")
	nothing := []string{faultSentence(Reader{}, &bot.Fault{Code: bot.FaultNotFound}), faultSentence(Reader{}, &bot.Fault{Code: bot.FaultInvalid})}
	for value, acts := range map[string][]string{
		"1":                   {"coffee.join", "coffee.in", "coffee.leave", "coffee.skip", "coffee.unskip", "coffee.resume", "coffee.status", "coffee.halt", "coffee.go", "coffee.met", "coffee.chat"},
		"9":                   {"coffee.join", "coffee.status"},
		"":                    {"coffee.join", "coffee.skip", "coffee.found"},
		"1 note":              {"coffee.join", "coffee.in"},
		"1 1/1 abc":           {"coffee.skip"},
		"1/1 abc met":         {"coffee.met"},
		"1/1 abc":             {"coffee.chat"},
		"1/1 abc found intro": {"coffee.found"},
	} {
		for _, action := range acts {
			w.forge("bob", m, action, value)
			if got := w.answer("bob").Text; !slices.Contains(nothing, got) {
				t.Errorf("%s %q is answered with %q", action, value, got)
			}
		}
	}
	w.forge("bob", m, "coffee.edit", "1")
	if got := w.modal("bob"); got != "rapport.notice" {
		t.Errorf("a forged edit opens %q", got)
	}
	if got := k.programs["1"]; len(k.seats) != 0 || got.Version != p.Version || got.Paused {
		t.Errorf("something changed: %+v, %+v", k.seats, k.programs)
	}
	state, err := json.Marshal(w.state())
	if err != nil || strings.Contains(string(state), "Secret") {
		t.Errorf("the private program's name came out (%v)", err)
	}
}
