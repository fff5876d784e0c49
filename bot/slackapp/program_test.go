package slackapp

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/pairing"
)

// hostile is what somebody may type as a name or a purpose.
const hostile = "*A & B* <!channel> <@U9> `x"

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// coffeeProgram is a program as the form stores it.
func coffeeProgram() bot.Program {
	p := bot.NewProgram("C1", "U1", "Europe/Berlin")
	p.ID, p.Version, p.Purpose, p.Anchor = "3", 2, "So that we know whom to ask.", bot.Date{Year: 2026, Month: 3, Day: 30}
	return p
}

func coffeePeople() map[string]bot.Member {
	return map[string]bot.Member{
		"U1": {ID: "U1", Name: "Ana Ferreira", Title: "People Lead", Department: "People", Zone: "Europe/Berlin"},
		"U2": {ID: "U2", Name: "Bob Okafor", Title: "Staff Engineer", Department: "Engineering", Zone: "America/New_York"},
		"U3": {ID: "U3", Name: "Cy <!here> Nakamura", Zone: "Asia/Tokyo"},
	}
}

// coffeePart is what somebody is in, on the Wednesday before the next round.
func coffeePart(t *testing.T, change func(*bot.Mine)) bot.Mine {
	p := coffeeProgram()
	m := bot.Mine{
		Program: p, Seat: bot.Seat{Program: "3", Member: "U1", Joined: wednesday}, Next: bot.NextRound(p, wednesday),
		Round: bot.Round{ID: "3/4", Program: "3", Number: 4, At: wednesday.AddDate(0, 0, -2), End: wednesday.AddDate(0, 0, 2)},
		Group: bot.Group{Key: "abc", Members: []string{"U1", "U2"}, First: "U2"},
	}
	if change != nil {
		change(&m)
	}
	return m
}

func coffeeIntroduction(t *testing.T, change func(*bot.Introduction)) bot.Introduction {
	m := coffeePart(t, nil)
	i := bot.Introduction{
		Program: m.Program, Round: m.Round, Group: m.Group, Question: "What surprised you at work in the last week or two?", People: coffeePeople(), Team: "T1",
		Hours: map[string]bot.Hours{"U1": {Zone: berlin(t)}, "U2": {Zone: time.UTC}},
		Times: []time.Time{wednesday.Add(30 * time.Hour), wednesday.Add(51 * time.Hour)},
	}
	i.Group.Reasons = []pairing.Reason{{Code: pairing.DifferentDepartments, A: "U1", B: "U2"}, {Code: pairing.FirstMeeting, A: "U1", B: "U2"}}
	if change != nil {
		change(&i)
	}
	return i
}

// coffeeMessages are all messages of the noun, in the states that read differently.
func coffeeMessages(t *testing.T) map[string]Message {
	r := Reader{Locale: "en-GB", Zone: berlin(t)}
	part := coffeePart(t, nil)
	here := bot.Here{Reader: coffeePeople()["U1"], Hours: bot.Hours{Zone: berlin(t)}, Channel: bot.Channel{ID: "C1", Inside: true}}
	with := func(h bot.Here, change func(*bot.Here)) bot.Here { change(&h); return h }
	question := bot.MetQuestion{Mine: part, Round: part.Round, Group: part.Group, Reader: coffeePeople()["U1"], People: coffeePeople(), Chat: "G1", Team: "T1"}
	question.Mine.Seat.Silent = true
	asked := func(change func(*bot.MetQuestion)) bot.MetQuestion { q := question; change(&q); return q }
	overview := bot.Overview{Program: part.Program, Next: part.Next, Started: part.Round.At, In: 12, InKnown: true, Matched: 11, Groups: 5, Across: 4, GroupsKnown: true, Met: 3, MetKnown: true}
	other := coffeeProgram()
	other.ID, other.Name, other.Channel, other.Weeks = "4", "Lunch", "C2", 2
	content := func(c any) Message {
		m, ok := coffeeContent(r, c)
		if !ok {
			t.Errorf("%T has no view", c)
		}
		return m
	}
	return map[string]Message{
		"here_in":        coffeeHere(r, with(here, func(h *bot.Here) { h.Mine, h.Runs = []bot.Mine{part}, []bot.Program{part.Program, other} }), wednesday),
		"here_open":      coffeeHere(r, with(here, func(h *bot.Here) { h.Open = []bot.Program{part.Program} }), wednesday),
		"here_nothing":   coffeeHere(r, here, wednesday),
		"here_elsewhere": coffeeHere(r, with(here, func(h *bot.Here) { h.Channel, h.Elsewhere = bot.Channel{}, []bot.Program{other} }), wednesday),
		"here_skips":     coffeeHere(r, with(here, func(h *bot.Here) { h.Mine = []bot.Mine{coffeePart(t, func(m *bot.Mine) { m.Seat.SkipRound = 5 })} }), wednesday),
		"here_away": coffeeHere(r, with(here, func(h *bot.Here) {
			h.Mine = []bot.Mine{coffeePart(t, func(m *bot.Mine) { m.Seat.PausedTill = bot.Date{Year: 2027, Month: 1, Day: 4} })}
		}), wednesday),
		"here_silent": coffeeHere(r, with(here, func(h *bot.Here) {
			h.Mine = []bot.Mine{coffeePart(t, func(m *bot.Mine) { m.Seat.Silent, m.Seat.Asked, m.Group = true, 4, bot.Group{} })}
		}), wednesday),
		"here_halted":      coffeeHere(r, with(here, func(h *bot.Here) { h.Mine = []bot.Mine{coffeePart(t, func(m *bot.Mine) { m.Program.Paused = true })} }), wednesday),
		"unknown_word":     unknownWord(coffeeHere(r, here, wednesday), hostile),
		"help":             coffeeHelp(),
		"which":            coffeeWhich(askSkip, []bot.Program{part.Program, other}),
		"joined":           coffeeJoined(r, part, false, wednesday),
		"joined_already":   coffeeJoined(r, part, true, wednesday),
		"in":               coffeeIn(r, part, wednesday),
		"skipped":          coffeeSkipped(r, coffeePart(t, func(m *bot.Mine) { m.Seat.SkipRound = 5 }), wednesday),
		"paused":           coffeePaused(r, coffeePart(t, func(m *bot.Mine) { m.Seat.PausedTill = bot.Date{Year: 2026, Month: 4, Day: 14} }), wednesday),
		"pause_help":       coffeePauseHelp("3", hostile),
		"pause_ask":        coffeePauseHelp("3", ""),
		"left":             coffeeLeft(part),
		"saved_new":        coffeeCreated(r, part.Program, wednesday),
		"saved":            coffeeChanged(r, bot.ProgramChange{Program: other}, wednesday),
		"saved_changes":    coffeeChanged(r, bot.ProgramChange{Was: part.Program, Program: everythingChanged()}, wednesday),
		"saved_nothing":    coffeeChanged(r, bot.ProgramChange{Was: part.Program, Program: part.Program}, wednesday),
		"part_saved":       coffeePartSaved(r, coffeePart(t, func(m *bot.Mine) { m.Seat.Every, m.Seat.EveryFrom, m.Seat.Stretch, m.Seat.Leader = 2, 6, true, 2 }), bot.Part{Every: 1}, wednesday),
		"part_nothing":     coffeePartSaved(r, part, bot.Part{Every: 1}, wednesday),
		"every_help":       coffeeEveryHelp("3", hostile),
		"handed_over":      coffeeHanded(part.Program, "U9"),
		"owner_handed":     content(bot.ProgramOwner{Program: part.Program, Other: coffeePeople()["U2"], News: bot.OwnerHanded}),
		"owner_back":       content(bot.ProgramOwner{Program: part.Program, News: bot.OwnerBack}),
		"owner_moved":      content(bot.ProgramOwner{Program: part.Program, News: bot.OwnerMoved}),
		"owner_gone":       content(bot.ProgramOwner{Program: part.Program, Owner: coffeePeople()["U3"], News: bot.OwnerGone}),
		"joined_channel":   content(bot.ProgramJoined{Mine: part}),
		"invitation_words": content(bot.Invitation{Program: everythingChanged(), Next: part.Next, Owner: coffeePeople()["U1"]}),
		"here_rests": coffeeHere(r, with(here, func(h *bot.Here) {
			h.Mine = []bot.Mine{coffeePart(t, func(m *bot.Mine) { m.Seat.Every, m.Seat.EveryFrom = 2, 4 })}
		}), wednesday),
		"status":          coffeeStatus(r, overview, wednesday),
		"status_progress": coffeeStatus(r, underWay(overview), wednesday),
		"round_begins":    content(bot.LongRoundNote{Program: part.Program, Round: part.Round, Progress: underWay(overview).Progress}),
		"round_out":       content(bot.LongRoundNote{Program: part.Program, Round: part.Round, Progress: bot.RoundProgress{Introductions: 5000, Planned: true, Asked: 5000}, Out: true}),
		"status_few":      coffeeStatus(r, bot.Overview{Program: part.Program, Next: part.Next, Started: part.Round.At}, wednesday),
		"status_first":    coffeeStatus(r, bot.Overview{Program: halted(part.Program), Next: part.Next}, wednesday),
		"invitation":      content(bot.Invitation{Program: part.Program, Next: part.Next, Owner: coffeePeople()["U1"]}),
		"stranded":        content(bot.ProgramStranded{Program: part.Program, Reader: coffeePeople()["U1"]}),
		"intro":           content(coffeeIntroduction(t, nil)),
		"intro_trio":      content(coffeeIntroduction(t, func(i *bot.Introduction) { i.Group.Members = []string{"U1", "U2", "U3"} })),
		"intro_alone":     content(coffeeIntroduction(t, func(i *bot.Introduction) { i.Alone, i.Times = "U2", nil })),
		"intro_scheduled": content(coffeeIntroduction(t, func(i *bot.Introduction) { i.Group.Found = bot.TimeScheduled })),
		"intro_cannot":    content(coffeeIntroduction(t, func(i *bot.Introduction) { i.Group.Found = bot.TimeCannot })),
		"midway":          content(bot.MidwayNote{Program: part.Program, Round: part.Round, Group: part.Group, People: coffeePeople()}),
		"midway_not_yet":  midwayAnswered(coffeeIntroduction(t, func(i *bot.Introduction) { i.Group.Found = bot.TimeNotYet })),
		"met":             content(question),
		"met_yes": metQuestion(r, asked(func(q *bot.MetQuestion) {
			q.Group.Met, q.Mine.Seat.Silent = map[string]bot.Met{"U1": bot.MetYes}, false
		}), wednesday),
		"met_no_skips": metQuestion(r, asked(func(q *bot.MetQuestion) { q.Group.Met, q.Mine.Seat.SkipRound = map[string]bot.Met{"U1": bot.MetNo}, 5 }), wednesday),
		"no_pair":      content(bot.NoPairNote{Mine: part, Reader: coffeePeople()["U1"]}),
		"still_in":     content(bot.StillInNote{Mine: part, Reader: coffeePeople()["U1"]}),
		"chat":         chatOpened(coffeeIntroduction(t, nil).Team, "G1"),
	}
}

// everythingChanged is coffeeProgram with every setting another one.
func everythingChanged() bot.Program {
	p := coffeeProgram()
	p.Version++
	p.Name, p.Purpose, p.Words, p.Minute, p.Zone = hostile, "", "Come and meet <!channel>\nwhom you do not know.", 750, "Asia/Tokyo"
	p.Size, p.Department, p.Managers, p.Overlap, p.Window, p.Theme, p.Holidays = 3, bot.Require, true, bot.Ignore, 8, "curiosity", ""
	p.Guests, p.AutoJoin, p.Editors = true, true, []string{"U2"}
	return p
}

func underWay(o bot.Overview) bot.Overview {
	o.Progress = bot.RoundProgress{Introductions: 5000, Groups: 5000, Planned: true, Asked: 5000, Waiting: 3760}
	return o
}

func halted(p bot.Program) bot.Program {
	p.Paused, p.Weeks = true, 2
	return p
}

func TestCoffeeLooksAsItDid(t *testing.T) {
	r0 := Reader{Locale: "en-GB", Zone: berlin(t)}
	for name, m := range coffeeMessages(t) {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, "coffee_"+name, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
	}
	for name, m := range map[string]Modal{
		"form_new":    coffeeForm(bot.NewProgram("C1", "U1", "Asia/Kathmandu"), "C1"),
		"form_edit":   coffeeForm(coffeeProgram(), "D1"),
		"form_mentor": coffeeForm(bot.NewMentorProgram("C1", "U1", "Europe/Berlin"), "C1"),
		"form_more":   moreForm(everythingChanged(), "C1", []string{"curiosity", "work"}),
		"form_part":   partForm(coffeePart(t, func(m *bot.Mine) { m.Seat.Every, m.Seat.Stretch = 3, true }), "C1"),
		"form_owner":  handForm(coffeeProgram(), "C1"),
		"trial":       trialModal(r0, bot.Trial{Program: coffeeProgram(), At: bot.NextRound(coffeeProgram(), wednesday), Known: true, In: 35, Matched: 30, Groups: 15, Across: 10, Relaxed: []pairing.Preferred{pairing.PreferredHours}}, wednesday),
		"trial_few":   trialModal(r0, bot.Trial{Program: coffeeProgram(), At: bot.NextRound(coffeeProgram(), wednesday)}, wednesday),
		"form_pause":  coffeePauseForm("3", "C1"),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, "coffee_"+name, sealed)
	}
}

// Whatever stands in a program's name and purpose, nothing in any message is too long or notifies anybody.
func TestCoffeeIsSafeForWhateverPeopleType(t *testing.T) {
	for _, typed := range []string{
		hostile, strings.Repeat("🏳️‍🌈", 10), strings.Repeat("W", bot.ProgramNameLimit), "مرحبا & שלום", "> quote", "a_b_c ~d~", "<https://x.example|x>",
	} {
		p := coffeeProgram()
		p.Name, p.Purpose = oneLine(typed), oneLine(strings.Repeat(typed+" ", 5))
		part := coffeePart(t, func(m *bot.Mine) { m.Program = p })
		intro := coffeeIntroduction(t, func(i *bot.Introduction) { i.Program = p })
		r := Reader{}
		var list []Message
		for _, c := range []any{
			bot.Invitation{Program: p, Next: part.Next, Owner: bot.Member{ID: "U1"}},
			bot.ProgramStranded{Program: p},
			bot.ProgramJoined{Mine: part},
			bot.ProgramOwner{Program: p, Other: coffeePeople()["U3"], News: bot.OwnerHanded},
			bot.ProgramOwner{Program: p, Owner: coffeePeople()["U3"], News: bot.OwnerGone},
			intro,
			bot.MidwayNote{Program: p, Round: part.Round, Group: part.Group},
			bot.NoPairNote{Mine: part},
			bot.StillInNote{Mine: part},
			bot.MetQuestion{Mine: part, Round: part.Round, Group: part.Group},
		} {
			m, ok := coffeeContent(r, c)
			if !ok {
				t.Fatalf("%T has no view", c)
			}
			list = append(list, m)
		}
		list = append(list, coffeeJoined(r, part, false, wednesday), coffeeIn(r, part, wednesday), coffeeSkipped(r, part, wednesday), coffeePaused(r, part, wednesday),
			coffeeLeft(part), coffeeCreated(r, p, wednesday), coffeeStatus(r, bot.Overview{Program: p, Next: part.Next, Started: wednesday}, wednesday),
			coffeeHere(r, bot.Here{Mine: []bot.Mine{part}, Open: []bot.Program{p}}, wednesday), coffeeWhich(askJoin, []bot.Program{p}), coffeeHanded(p, "U1"),
			coffeePartSaved(r, part, bot.Part{Every: 1}, wednesday), coffeeChanged(r, bot.ProgramChange{Was: coffeeProgram(), Program: p}, wednesday))
		for _, m := range list {
			sealed, err := m.seal()
			if err != nil {
				t.Errorf("%q: %v", typed, err)
				continue
			}
			said := saidIn(t, sealed)
			for _, bad := range []string{"<!channel", "<!here", "<@U9"} {
				if strings.Contains(said, bad) {
					t.Errorf("%q: %s is alive in %s", typed, bad, said)
				}
			}
			if strings.Contains(said, "**") {
				t.Errorf("%q: a mark of the name's meets ours in %s", typed, said)
			}
		}
		if _, err := coffeeForm(p, "C1").seal(); err != nil {
			t.Errorf("%q: form: %v", typed, err)
		}
	}
}

// A list of any length stays one message.
func TestCoffeeHereFitsHoweverManyThereAre(t *testing.T) {
	h := bot.Here{Channel: bot.Channel{ID: "C9", Inside: true}}
	for n := range 40 {
		p := coffeeProgram()
		p.ID, p.Name, p.Purpose = fmt.Sprint(n), strings.Repeat("N", bot.ProgramNameLimit), strings.Repeat("&amp;", bot.ProgramPurposeLimit)
		h.Mine = append(h.Mine, coffeePart(t, func(m *bot.Mine) { m.Program = p }))
		p.ID = fmt.Sprint(100 + n)
		h.Open, h.Runs = append(h.Open, p), append(h.Runs, p)
	}
	if _, err := coffeeHere(Reader{}, h, wednesday).seal(); err != nil {
		t.Error(err)
	}
	if _, err := coffeeWhich(askJoin, h.Open).seal(); err != nil {
		t.Error(err)
	}
}

// saidIn is all of a message in which Slack looks for mentions and marks.
func saidIn(t *testing.T, m Message) string {
	t.Helper()
	generic, err := toGeneric(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	var walk func(node any)
	walk = func(node any) {
		switch node := node.(type) {
		case []any:
			for _, child := range node {
				walk(child)
			}
		case map[string]any:
			if text, ok := node["text"].(string); ok && node["type"] == "mrkdwn" {
				said = append(said, text)
			}
			for _, child := range node {
				walk(child)
			}
		}
	}
	walk(generic)
	return m.Text + "\n" + strings.Join(said, "\n")
}

func labels(blocks []slack.Block) []string {
	var list []string
	for _, b := range blocks {
		row, ok := b.(*slack.ActionBlock)
		if !ok {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			if b, ok := e.(*slack.ButtonBlockElement); ok {
				list = append(list, b.Text.Text)
			}
		}
	}
	return list
}

func TestCalendarEntriesLast25Minutes(t *testing.T) {
	i := coffeeIntroduction(t, nil)
	for _, tt := range []struct{ address, want string }{
		{googleCalendar(calendarTitle(i), wednesday), "dates=20260325T090000Z%2F20260325T092500Z"},
		{outlookCalendar(calendarTitle(i), wednesday), "startdt=2026-03-25T09%3A00%3A00Z"},
		{outlookCalendar(calendarTitle(i), wednesday), "enddt=2026-03-25T09%3A25%3A00Z"},
		{outlookCalendar(calendarTitle(i), wednesday), "subject=Coffee%3A%20Ana%20Ferreira%20and%20Bob%20Okafor"},
	} {
		if !strings.Contains(tt.address, tt.want) || strings.ContainsAny(tt.address, "<>| ") {
			t.Errorf("%s lacks %s", tt.address, tt.want)
		}
	}
}

// filled is a submitted form.
func filled(metadata string, change map[string]Picked) Request {
	v := Values{
		coffeeNameInput: {Text: "  Lunch &\n friends "}, coffeePurpose: {Text: ""}, coffeeChannel: {Conversation: "C1"}, coffeeWeekday: {Option: "0"}, coffeeTime: {Time: "12:30"},
		coffeeZone: {Option: "Asia/Tokyo"}, coffeeWeeks: {Option: "2"}, coffeeSize: {Option: "3"}, coffeeOdd: {Option: oddSitOut}, coffeeDepartment: {Option: "require"},
	}
	maps.Copy(v, change)
	return Request{User: "U1", Values: v, View: View{PrivateMetadata: metadata}}
}

func mustMarshal(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
