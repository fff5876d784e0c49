package slackapp

import (
	"strings"
	"testing"

	"rapport/bot"
)

func TestWasItWorthYourTime(t *testing.T) {
	w, k, _, question := introduced(t)
	ana := w.person("ana")
	if got := w.text(question); strings.Contains(got, "worth your time") {
		t.Errorf("asked before they met: %s", got)
	}
	w.press("ana", question, "coffee.met", "1/1 abc met")
	w.press("ana", question, "coffee.worth:3", "1/1 abc not_this_time")
	if got := w.text(question); !strings.Contains(got, "not worth your time this time") || k.rounds["1/1"].Groups[0].Worth[ana] != bot.WorthNo {
		t.Errorf("after an answer: %s", got)
	}
	w.press("ana", question, "coffee.worth", "1/1 abc yes")
	if got := w.text(question); !strings.Contains(got, "Noted: it was worth your time") || k.rounds["1/1"].Groups[0].Worth[ana] != bot.WorthYes {
		t.Errorf("after another: %s", got)
	}
	w.press("ana", question, "coffee.met:2", "1/1 abc no")
	if got := w.text(question); strings.Contains(got, "worth") || len(k.rounds["1/1"].Groups[0].Worth) != 0 {
		t.Errorf("after “we did not meet”: %s", got)
	}
	w.unbroken()
}

func TestSomebodyElseCannotSayWhatItWasWorth(t *testing.T) {
	w, k, _, question := introduced(t)
	w.press("ana", question, "coffee.met", "1/1 abc met")
	w.coffee("cy", "#coffee", "")
	m := w.answer("cy")
	w.forge("cy", m, "coffee.worth", "1/1 abc yes")
	if got := w.answer("cy").Text; got != faultSentence(Reader{}, &bot.Fault{Code: bot.FaultNotFound}) {
		t.Errorf("answered with %q", got)
	}
	for _, value := range []string{"1/1", "1/1 abc very", "1/1 abc"} {
		w.forge("ana", question, "coffee.worth", value)
	}
	if len(k.rounds["1/1"].Groups[0].Worth) != 0 {
		t.Errorf("stored %+v", k.rounds["1/1"].Groups[0].Worth)
	}
}

func TestTheFormForANote(t *testing.T) {
	w, k, _, question := introduced(t)
	w.press("ana", question, "coffee.met", "1/1 abc met")
	w.press("ana", question, "coffee.note", "1/1 abc")
	if got := w.modal("ana"); got != "coffee.note_save" {
		t.Fatalf("the modal is %q", got)
	}
	w.coffee("cy", "#coffee", "")
	w.forge("cy", w.answer("cy"), "coffee.note", "1/1 abc")
	if got := w.modal("cy"); got != "rapport.notice" {
		t.Errorf("somebody else gets %q", got)
	}
	if n := len(k.scene.Preferences); n != 0 {
		t.Errorf("%d notes are kept", n)
	}
	w.unbroken()
}

func TestRoundsLookAsTheyDid(t *testing.T) {
	r := Reader{Locale: "en-GB", Zone: berlin(t)}
	part := coffeePart(t, nil)
	question := bot.MetQuestion{Mine: part, Round: part.Round, Group: part.Group, Reader: coffeePeople()["U1"], People: coffeePeople(), Chat: "G1", Team: "T1"}
	question.Group.Met = map[string]bot.Met{"U1": bot.MetYes}
	said := question
	said.Group.Worth = map[string]bot.Worth{"U1": bot.WorthPartly}
	late := func(change func(*bot.Introduction)) Message {
		return introduction(r, coffeeIntroduction(t, func(i *bot.Introduction) { i.Late = true; change(i) }))
	}
	trio := []string{"U1", "U2", "U3"}
	still := part
	still.Group, still.Seat.Matched, still.Round.At, still.Round.End = bot.Group{}, 0, wednesday.AddDate(0, 0, -1), wednesday.AddDate(0, 0, 3)
	overview := bot.Overview{Program: part.Program, Next: part.Next, Started: part.Round.At, In: 12, InKnown: true, Matched: 11, Groups: 5, Across: 4, GroupsKnown: true}
	overview.Past = []bot.PastRound{{At: wednesday.AddDate(0, 0, -9), Groups: 5, Met: 4, Across: 3, Known: true, Worth: bot.WorthSums{Yes: 4, Partly: 1, No: 1}}}
	note := bot.RoundNote{Round: "3/4", Group: "abc", With: []string{"U2"}, Text: hostile}
	here := bot.Here{Reader: coffeePeople()["U1"], Channel: bot.Channel{ID: "C1", Inside: true}, Mine: []bot.Mine{part}}
	here.Read.Preferences = map[string]bot.Preferences{"U1": {Notes: []bot.RoundNote{note}}}
	for name, m := range map[string]Message{
		"late":           late(func(*bot.Introduction) {}),
		"late_third":     late(func(i *bot.Introduction) { i.Joins, i.Group.Members = "U3", trio }),
		"late_alone":     late(func(i *bot.Introduction) { i.Joins, i.Group.Members, i.Alone, i.Times = "U3", trio, "U1", nil }),
		"late_alone_own": late(func(i *bot.Introduction) { i.Joins, i.Group.Members, i.Alone, i.Times = "U1", trio, "U1", nil }),
		"late_scheduled": late(func(i *bot.Introduction) { i.Joins, i.Group.Members, i.Group.Found = "U3", trio, bot.TimeScheduled }),
		"released":       releasedNote(bot.ReleasedNote{Mine: part, Open: true}),
		"released_late":  releasedNote(bot.ReleasedNote{Mine: part}),
		"another":        anotherAsked(part, true),
		"another_late":   anotherAsked(part, false),
		"out_of_it":      outOfIt(coffeeIntroduction(t, nil)),
		"worth":          metQuestion(r, question, wednesday),
		"worth_said":     metQuestion(r, said, wednesday),
		"worth_status":   coffeeStatus(r, overview, wednesday),
		"joined_still":   coffeeJoined(r, still, false, wednesday),
		"note_here":      coffeeHere(r, here, wednesday),
		"avoided":        avoided("U2"),
		"avoid_ended":    avoidEnded(),
		"avoid_help":     avoidHelp(),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, "round_"+name, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
	}
	for name, m := range map[string]Modal{
		"note_form": noteForm(note), "note_saved": noteSaved(note), "note_deleted": noteSaved(bot.RoundNote{}), "notes": notesList([]bot.RoundNote{note, note}),
		"notes_none": notesList(nil), "notes_forgotten": notesForgotten(), "avoid_form": avoidForm(bot.Preferences{Avoid: []string{"U2"}}), "avoid_form_empty": avoidForm(bot.Preferences{}), "avoid_form_unreadable": avoidForm(bot.Preferences{Unreadable: "k:x"}), "avoid_saved": avoidSaved(),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, "round_"+name, sealed)
	}
}
