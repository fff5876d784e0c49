package slackapp

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"rapport/bot"
)

// together are several nouns in one town.
type together []Noun

func (n together) Routes() []Route {
	var all []Route
	for _, noun := range n {
		all = append(all, noun.Routes()...)
	}
	return all
}

// introduced is a town in which ana and bob are introduced in their chat; ana's question "did you meet?" stands in her own.
func introduced(t *testing.T) (w *town, k *counter, intro, question seen) {
	t.Helper()
	w, k = coffeeTown(t)
	ana, bob := w.person("ana"), w.person("bob")
	p := coffeeProgram()
	p.ID, p.Channel, p.Owner = "1", w.channel("coffee"), ana
	k.programs["1"] = p
	g := bot.Group{Key: "abc", Members: []string{ana, bob}, First: bob, Question: "coffee-week-surprise"}
	r := bot.Round{ID: "1/1", Program: "1", Number: 1, At: wednesday, End: wednesday.AddDate(0, 0, 5), Groups: []bot.Group{g}}
	k.rounds[r.ID] = r
	for _, id := range g.Members {
		k.seats["1 "+id] = bot.Seat{Program: "1", Member: id, Version: 1, Joined: wednesday, Matched: 1, Silent: true}
	}
	group := w.postTo(introduction(Reader{}, bot.Introduction{Program: p, Round: r, Group: g, People: k.scene.Members}), ana, bob)
	part := bot.Mine{Program: p, Seat: k.seats["1 "+ana], Next: bot.NextRound(p, wednesday), Round: r, Group: g}
	alone := w.postTo(metQuestion(Reader{}, bot.MetQuestion{Mine: part, Round: r, Group: g, Reader: k.scene.Members[ana], People: k.scene.Members}, wednesday), ana)
	return w, k, group, alone
}

// postTo posts a message to the conversation with these people.
func (w *town) postTo(m Message, members ...string) seen {
	w.t.Helper()
	channel, err := w.app.Client().OpenConversation(w.t.Context(), members...)
	if err != nil {
		w.t.Fatal(err)
	}
	ts, err := w.app.Client().Say(w.t.Context(), channel, "", m)
	if err != nil {
		w.t.Fatal(err)
	}
	return seen{Channel: channel, TS: ts}
}

// text is what a message says now, blocks and all.
func (w *town) text(m seen) string {
	w.t.Helper()
	resp, err := http.Get(w.ControlURL() + "/state")
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var now struct {
		Messages []struct {
			Channel string          `json:"channel"`
			TS      string          `json:"ts"`
			Text    string          `json:"text"`
			Blocks  json.RawMessage `json:"blocks"`
		} `json:"messages"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&now); err != nil {
		w.t.Fatal(err)
	}
	for _, n := range now.Messages {
		if n.Channel == m.Channel && n.TS == m.TS {
			return n.Text + string(n.Blocks)
		}
	}
	return ""
}

func TestAGroupSaysWhetherItFoundATime(t *testing.T) {
	w, k, intro, _ := introduced(t)
	w.press("bob", intro, "coffee.found", "1/1 abc scheduled intro")
	if got := w.text(intro); !strings.Contains(got, "You found a time") || k.rounds["1/1"].Groups[0].Found != bot.TimeScheduled {
		t.Errorf("after “we found a time”: %s", got)
	}
	if s := k.seats["1 "+w.person("bob")]; s.Silent {
		t.Errorf("a tap is no sign of life: %+v", s)
	}
	if s := k.seats["1 "+w.person("ana")]; !s.Silent {
		t.Errorf("bob's tap is ana's: %+v", s)
	}
	w.press("ana", intro, "coffee.found", "1/1 abc cannot intro")
	if got := w.text(intro); !strings.Contains(got, "It does not work out this time") {
		t.Errorf("after “can't this time”: %s", got)
	}
	if n := messagesOf(w, intro.Channel); n != 1 {
		t.Errorf("somebody was notified in the chat: %d messages", n)
	}
	w.unbroken()
}

func messagesOf(w *town, channel string) int {
	n := 0
	for _, m := range w.state().Messages {
		if m.Channel == channel {
			n++
		}
	}
	return n
}

func TestDidYouMeetKeepsTheAnswerAndTheSkip(t *testing.T) {
	w, k, _, question := introduced(t)
	w.press("ana", question, "coffee.met", "1/1 abc met")
	if got := w.text(question); !strings.Contains(got, "Noted: you met bob") || !strings.Contains(got, "Skip Monday's coffee") {
		t.Errorf("after “we met”: %s", got)
	}
	w.press("ana", question, "coffee.skip", "1 1/1 abc")
	if got := w.text(question); !strings.Contains(got, "Noted: you met bob") || !strings.Contains(got, "Don't skip Monday's coffee") {
		t.Errorf("after the skip: %s", got)
	}
	if s := k.seats["1 "+w.person("ana")]; s.SkipRound != 2 || s.Silent {
		t.Errorf("seat %+v", s)
	}
	w.press("ana", question, "coffee.unskip", "1 1/1 abc")
	w.press("ana", question, "coffee.met:2", "1/1 abc no") // the second of two buttons
	if got := w.text(question); !strings.Contains(got, "you did not meet bob") || k.rounds["1/1"].Groups[0].Met[w.person("ana")] != bot.MetNo || k.seats["1 "+w.person("ana")].SkipRound != 0 {
		t.Errorf("after both were taken back: %s", got)
	}
	w.unbroken()
}

func TestSomebodyElseCannotAnswerForAGroup(t *testing.T) {
	w, k, _, _ := introduced(t)
	w.coffee("cy", "#coffee", "")
	m := w.answer("cy")
	for action, value := range map[string]string{"coffee.met": "1/1 abc met", "coffee.found": "1/1 abc cannot intro", "coffee.chat": "1/1 abc"} {
		w.forge("cy", m, action, value)
		if got := w.answer("cy").Text; got != faultSentence(Reader{}, &bot.Fault{Code: bot.FaultNotFound}) {
			t.Errorf("%s is answered with %q", action, got)
		}
	}
	if g := k.rounds["1/1"].Groups[0]; g.Found != "" || len(g.Met) > 0 {
		t.Errorf("stored %+v", g)
	}
}

func TestOpenOurChat(t *testing.T) {
	w, k, intro, _ := introduced(t)
	i := bot.Introduction{Program: k.programs["1"], Round: k.rounds["1/1"], Group: k.rounds["1/1"].Groups[0], People: k.scene.Members, Alone: w.person("bob")}
	alone := w.postTo(introduction(Reader{}, i), w.person("bob"))
	w.press("bob", alone, "coffee.chat", "1/1 abc")
	if got := w.answer("bob").Text; !strings.Contains(got, "channel="+intro.Channel) || k.seats["1 "+w.person("bob")].Silent {
		t.Errorf("answered %q", got)
	}
	w.press("bob", alone, "coffee.found", "1/1 abc scheduled alone")
	if got := w.text(alone); !strings.Contains(got, "You found a time") || !strings.Contains(got, "Open our chat") {
		t.Errorf("after “we found a time”: %s", got)
	}
}

func TestNoChatIsOpenedWithWhoIsGone(t *testing.T) {
	w, k, intro, _ := introduced(t)
	ana := "1 " + w.person("ana")
	s := k.seats[ana]
	s.Left = wednesday.Add(1)
	k.seats[ana] = s
	w.forge("bob", intro, "coffee.chat", "1/1 abc")
	if got := w.answer("bob").Text; !strings.Contains(got, "no chat to open") || strings.Contains(got, w.person("ana")) {
		t.Errorf("answered %q", got)
	}
}

func TestStillInIsReplacedByTheAnswer(t *testing.T) {
	w, k, _, _ := introduced(t)
	ana := w.person("ana")
	s := k.seats["1 "+ana]
	s.Asked = 2
	k.seats["1 "+ana] = s
	part := bot.Mine{Program: k.programs["1"], Seat: s, Next: bot.NextRound(k.programs["1"], wednesday), Round: k.rounds["1/1"]}
	m := w.postTo(stillInNote(Reader{}, bot.StillInNote{Mine: part}), ana)
	w.press("ana", m, "coffee.in", "1 note")
	if got := w.text(m); !strings.Contains(got, "You are in for Monday's coffee") || k.seats["1 "+ana].Silent || k.seats["1 "+ana].Asked != 0 {
		t.Errorf("after “I'm in”: %s", got)
	}
	w.press("ana", m, "coffee.skip", "1 note")
	w.press("ana", m, "coffee.unskip", "1 note")
	w.press("ana", m, "coffee.leave", "1 note")
	if got := w.text(m); !strings.Contains(got, "You left *Coffee*") || k.seats["1 "+ana].In() {
		t.Errorf("after leaving: %s", got)
	}
	w.press("ana", m, "coffee.join", "1 note")
	if seat := k.seats["1 "+ana]; !seat.In() {
		t.Errorf("after joining again: %+v", seat)
	}
	w.unbroken()
}

func TestJoinFromTheInvitationIsAnsweredToOnePerson(t *testing.T) {
	w, k := coffeeTown(t)
	p := coffeeProgram()
	p.ID, p.Channel, p.Owner = "1", w.channel("coffee"), w.person("ana")
	k.programs["1"] = p
	ts, err := w.app.Client().Say(t.Context(), p.Channel, "", invitation(Reader{}, bot.Invitation{Program: p, Next: bot.NextRound(p, wednesday), Owner: k.scene.Members[p.Owner]}))
	if err != nil {
		t.Fatal(err)
	}
	m := seen{Channel: p.Channel, TS: ts}
	before := w.text(m)
	for _, user := range []string{"bob", "cy", "bob"} {
		w.press(user, m, "coffee.join", "1")
	}
	var said []string
	for _, answer := range w.state().Messages {
		if answer.EphemeralTo != "" {
			said = append(said, answer.Text[:len("You are in *Coffee* a")])
		}
	}
	if want := []string{"You are in *Coffee*. ", "You are in *Coffee*. ", "You are in *Coffee* a"}; !slices.Equal(said, want) {
		t.Errorf("answered %q", said)
	}
	if w.text(m) != before || len(k.seats) != 2 {
		t.Errorf("the invitation changed, or the seats are %+v", k.seats)
	}
	w.unbroken()
}
