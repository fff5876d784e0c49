package slackapp

import (
	"fmt"
	"strings"
	"testing"

	"rapport/bot"
)

// teamKudos is a kudos to a team with a name that nobody should have chosen.
func teamKudos() bot.Kudos {
	k := viewKudos()
	k.Team, k.TeamName = "SBIG", "Design & <!here> *crew*"
	return k
}

func TestKudosFormsLookAsTheyDid(t *testing.T) {
	w, limits := viewWorkspace(), bot.StandardKudosLimits()
	groups := []bot.UserGroup{{ID: "SBIG", Name: "Design & <!here>", Handle: "design"}, {ID: "SFEW", Handle: "few"}}
	praise := bot.Channel{ID: "CPRAISE", Name: "praise"}
	here := bot.KudosStage{Place: bot.PlaceChannel}
	away := bot.KudosStage{Place: bot.PlaceOutside, Elsewhere: praise}
	text := bot.KudosInput{Groups: []string{"SBIG"}, Message: "the quiet night"}
	nobody := bot.KudosInput{Message: "the quiet night"}
	k := viewKudos()
	alone := k
	alone.Posted, alone.Channel = false, ""
	for name, m := range map[string]Modal{
		"kudos_form_here":      kudosForm(kudosDraft{Channel: "CPUB", Stage: here, Groups: groups}, w, limits),
		"kudos_form_team":      kudosForm(kudosDraft{Channel: "CPUB", Stage: here, Groups: groups, Input: text, Team: kudosTeam{"SBIG", 34}}, w, limits),
		"kudos_form_nowhere":   kudosForm(kudosDraft{Stage: bot.KudosStage{Place: bot.PlaceOutside}, Groups: groups, Input: text, Team: kudosTeam{"SBIG", 34}}, w, limits),
		"kudos_form_elsewhere": kudosForm(kudosDraft{Channel: "D1", Stage: away, Input: nobody, Notice: "That message is your own."}, w, limits),
		"kudos_preview": kudosPreview(bot.GivenKudos{
			Kudos: k, Place: bot.PlaceChannel, Quiet: []string{"UCYN"}, Left: []bot.LeftOut{{Member: "UG", Why: bot.LeftGuest}}, People: viewPeople(),
		}, w),
		"kudos_preview_alone":   kudosPreview(bot.GivenKudos{Kudos: alone, Place: bot.PlaceNowhere, People: viewPeople()}, w),
		"kudos_preview_missing": kudosNoPreview(kudosFormProblems(bot.KudosInput{}, limits)),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, sealed)
	}
	team := teamKudos()
	for name, m := range map[string]Message{
		"kudos_given_team":       kudosGiven(bot.GivenKudos{Kudos: team, Place: bot.PlaceChannel, People: viewPeople()}, w),
		"kudos_given_offer":      kudosGiven(bot.GivenKudos{Kudos: alone, Place: bot.PlaceOutside, Offer: praise, Quiet: []string{"UCYN"}, People: viewPeople()}, w),
		"kudos_posted_in":        kudosPostedIn(bot.GivenKudos{Kudos: k, Quiet: []string{"UCYN"}}),
		"kudos_posted_in_before": kudosPostedIn(bot.GivenKudos{Kudos: k, Repeated: true}),
		"kudos_post_team":        kudosPost(bot.KudosPost{Kudos: team, Recipients: team.Recipients, Value: w.Values[0], People: viewPeople()}),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
		if all := unescapedJSON(t, sealed.Blocks); strings.Contains(all, "<!here>") || strings.Contains(all, "*crew*") {
			t.Errorf("%s shows the team's name as it came", name)
		}
	}
}

func TestTheFormSaysWhereItGoes(t *testing.T) {
	praise := bot.Channel{ID: "CPRAISE", Name: "praise"}
	team := kudosTeam{Group: "SBIG", People: 34}
	big := bot.KudosInput{Groups: []string{"SBIG"}}
	for _, tt := range []struct {
		name  string
		d     kudosDraft
		says  string
		offer bool
	}{
		{"here", kudosDraft{Channel: "C1", Stage: bot.KudosStage{Place: bot.PlaceChannel}}, "posted in <#C1>", false},
		{"privately", kudosDraft{Channel: "C1", Stage: bot.KudosStage{Place: bot.PlaceChannel}, Input: bot.KudosInput{Private: true}}, "Just between you", false},
		{"nowhere", kudosDraft{Stage: bot.KudosStage{Place: bot.PlaceNowhere}}, "in no channel", false},
		{"outside", kudosDraft{Channel: "C1", Stage: bot.KudosStage{Place: bot.PlaceOutside}}, "cannot post in that conversation", false},
		{"outside, with a channel for kudos", kudosDraft{Channel: "C1", Stage: bot.KudosStage{Place: bot.PlaceOutside, Elsewhere: praise}}, "cannot post", true},
		{"ticked", kudosDraft{Channel: "C1", PostIn: true, Stage: bot.KudosStage{Place: bot.PlaceOutside, Elsewhere: praise}}, "posted in <#CPRAISE>", true},
		{"shared", kudosDraft{Channel: "C1", PostIn: true, Stage: bot.KudosStage{Place: bot.PlaceShared, Elsewhere: praise}}, "Other companies", false},
		{"nobody could tell", kudosDraft{Channel: "C1"}, "where you are if I can", false},
		{"a team here", kudosDraft{Channel: "C1", Stage: bot.KudosStage{Place: bot.PlaceChannel}, Input: big, Team: team}, "posted in <#C1>.", false},
		{"a team elsewhere", kudosDraft{Channel: "D1", Stage: bot.KudosStage{Place: bot.PlaceOutside, Elsewhere: praise}, Input: big, Team: team}, "posted in <#CPRAISE>", false},
		{"a team nowhere", kudosDraft{Channel: "D1", Stage: bot.KudosStage{Place: bot.PlaceOutside}, Input: big, Team: team}, "your text stays here", false},
		{"a team privately", kudosDraft{Channel: "C1", Input: bot.KudosInput{Groups: []string{"SBIG"}, Private: true}, Team: team}, "pick people", false},
	} {
		if got := tt.d.audience(); !strings.Contains(got, tt.says) || tt.d.offersElsewhere() != tt.offer {
			t.Errorf("%s: it says %q, offers %v", tt.name, got, tt.d.offersElsewhere())
		}
	}
}

// resent is a form with these metadata, filled.
func resent(metadata string, values Values) Request {
	return Request{Kind: OnSubmit, Token: "v", Now: wednesday, User: "UANA", View: View{PrivateMetadata: metadata}, Values: values}
}

func TestTheFormKnowsWhatItSaid(t *testing.T) {
	k, _ := newKudosNoun(t)
	for _, d := range []kudosDraft{
		{},
		{Channel: "C1", Again: true},
		{Channel: "C1", Odd: bot.KudosTwin, Stage: bot.KudosStage{Place: bot.PlaceChannel, Closed: true}},
		{Channel: "C1", AboutTS: "1774429020.000100", About: "https://acme.slack.com/archives/C1/p1774429020000100"},
		{Stage: bot.KudosStage{Place: bot.PlaceNowhere, Elsewhere: bot.Channel{ID: "C9", Name: "lob & dank ünd so"}}},
		{Channel: "C1", Stage: bot.KudosStage{Place: bot.PlaceChannel}, Team: kudosTeam{"SBIG", 34}, Input: bot.KudosInput{Groups: []string{"SBIG"}}},
	} {
		got := k.draftOf(t.Context(), resent(d.metadata(), nil))
		if fmt.Sprint(got) != fmt.Sprint(d) {
			t.Errorf("%q is read as\n%+v, want\n%+v", d.metadata(), got, d)
		}
	}
}

func TestALargeGroupIsSaidBeforeItIsSent(t *testing.T) {
	k, s := newKudosNoun(t)
	s.groups = map[string][]string{"SBIG": nil, "SFEW": {"UANA", "UBOB"}}
	for n := range 12 {
		s.groups["SBIG"] = append(s.groups["SBIG"], fmt.Sprintf("UX%02d", n))
	}
	filled := func(group string) Values {
		return Values{kudosTo: {}, kudosGroup: {Option: group}, kudosMessage: {Text: "for staying with the customer"}}
	}
	response, err := k.submit(t.Context(), resent("CPUB  at=channel", filled("SBIG")))
	asks, ok := response.Ack.(viewAck)
	if err != nil || !ok || asks.action != "update" || asks.modal.Submit != "Thank the whole team" || len(s.kudos) > 0 {
		t.Fatalf("%+v, %v; stored %v", response, err, s.kudos)
	}
	if all := written(asks.modal.Blocks); !strings.Contains(all, "That is 12 people") || !strings.Contains(all, "for staying with the customer") {
		t.Errorf("it says %s", all)
	}
	// Another group than the one it was said of is asked about again.
	response, err = k.submit(t.Context(), resent(strings.ReplaceAll(asks.modal.PrivateMetadata, "SBIG", "SFEW"), filled("SBIG")))
	if _, asked := response.Ack.(viewAck); err != nil || !asked || len(s.kudos) > 0 {
		t.Fatalf("%+v, %v; stored %v", response, err, s.kudos)
	}
	if response, err = k.submit(t.Context(), resent(asks.modal.PrivateMetadata, filled("SBIG"))); err != nil || response.Ack != nil || len(s.kudos) != 1 {
		t.Fatalf("%+v, %v; stored %v", response, err, s.kudos)
	}
	for _, given := range s.kudos {
		if given.Team != "SBIG" || given.TeamName != "Design & <!here>" || len(given.Recipients) != 12 || len(s.sends) != 1 {
			t.Errorf("stored %+v, sends %v", given, s.sends)
		}
	}
}

func TestFaultsOfGroupsStandBelowTheRightInput(t *testing.T) {
	for _, tt := range []struct {
		name     string
		metadata string
		values   Values
		block    string
	}{
		{"an empty group", "CPUB  at=channel", Values{kudosGroup: {Option: "SNONE"}}, kudosGroup},
		{"oneself", "CPUB  at=channel", Values{kudosGroup: {Option: "SSELF"}}, kudosTo},
		{"a group and others", "CPUB  at=channel", Values{kudosGroup: {Option: "SBIG"}, kudosTo: {Users: []string{"UBOB"}}}, kudosGroup},
		{"a team nowhere", "D1  at=outside&team=SBIG", Values{kudosGroup: {Option: "SBIG"}}, kudosGroup},
		{"a team privately", "CPUB  at=channel&team=SBIG", Values{kudosGroup: {Option: "SBIG"}, kudosPrivate: {Options: []string{"private"}}}, kudosPrivate},
		{"a team in a form without groups", "D1  at=outside&team=SBIG", Values{}, kudosTo},
		{"nobody", "CPUB  at=channel", Values{kudosGroup: {Option: noGroup}}, kudosTo},
		{"a group that is none", "CPUB  at=channel", Values{kudosGroup: {Option: "channel"}}, kudosMessage},
	} {
		k, s := newKudosNoun(t)
		s.groups = map[string][]string{"SSELF": {"UANA"}}
		for n := range 12 {
			s.groups["SBIG"] = append(s.groups["SBIG"], fmt.Sprintf("UX%02d", n))
		}
		tt.values[kudosMessage] = Picked{Text: "for staying with the customer"}
		response, err := k.submit(t.Context(), resent(tt.metadata, tt.values))
		ack, ok := response.Ack.(errorsAck)
		if err != nil || !ok || len(ack.sentences) != 1 || ack.sentences[tt.block] == "" || len(s.kudos) > 0 {
			t.Errorf("%s: %+v, %v", tt.name, response, err)
		}
	}
}

func TestAShortcutSaysWhyItFillsNobodyIn(t *testing.T) {
	k, _ := newKudosNoun(t)
	for _, tt := range []struct {
		name   string
		source Source
		to     string
		says   string
	}{
		{"a colleague's", Source{User: "UBOB"}, "UBOB", ""},
		{"one's own", Source{User: "UANA"}, "", "your own"},
		{"an app's", Source{User: "UBOT", Bot: true}, "", "An app"},
		{"an app's without a user", Source{Bot: true}, "", "An app"},
		{"one's own through an app", Source{User: "UANA", Bot: true}, "", "An app"},
		{"Slack's", Source{User: slackbot}, "", "cannot see who"},
		{"one that is gone", Source{}, "", "cannot see who"},
	} {
		d := k.draftAbout(Request{User: "UANA", Message: tt.source})
		if got := strings.Join(d.Input.Recipients, " "); got != tt.to || (tt.says == "") != (d.Notice == "") || !strings.Contains(d.Notice, tt.says) {
			t.Errorf("%s: fills in %q, says %q", tt.name, got, d.Notice)
		}
	}
}

func TestAThankButtonFillsTheForm(t *testing.T) {
	k, _ := newKudosNoun(t)
	for _, tt := range []struct{ about, to, message string }{
		{"", "[UBOB]", ""},
		{"the draft, on time", "[UBOB]", "the draft, on time"},
		{"<@UCYN> asked &amp; you answered", "[UBOB]", "<@UCYN> asked &amp; you answered"},
		{"for the draft that was there on time", "[UBOB]", "for the draft that was there on time"},
		{strings.Repeat("long ", 500), "[UBOB]", ""},
	} {
		b := thankButton("Thank them", tt.about, "UBOB")
		in := k.parse(b.Value)
		if fmt.Sprint(in.Recipients) != tt.to || in.Message != tt.message || in.Fault == bot.KudosNoRecipient {
			t.Errorf("%.30q: %q is read as %+v", tt.about, b.Value, in)
		}
	}
	if in := k.parse(thankButton("Thank them", "", "UBOB", "UCYN").Value); fmt.Sprint(in.Recipients) != "[UBOB UCYN]" || in.Action != bot.KudosModal {
		t.Errorf("two people: %+v", in)
	}
}

func TestAFormListsNoMoreGroupsThanFit(t *testing.T) {
	var groups []bot.UserGroup
	for n := range 150 {
		groups = append(groups, bot.UserGroup{ID: fmt.Sprintf("S%03d", n), Name: strings.Repeat("Ñ", 100)})
	}
	for _, picked := range []string{"", "S000", "S098", "S149", "SGONE"} {
		d := kudosDraft{Groups: groups}
		if picked != "" {
			d.Input.Groups = []string{picked}
		}
		m := kudosForm(d, viewWorkspace(), bot.StandardKudosLimits())
		if _, err := m.seal(); err != nil {
			t.Errorf("%q: %v", picked, err)
		}
		if options := groupOptions(groups, picked); len(options) != maxSelect || picked != "" && optionAt(options, picked) < 0 {
			t.Errorf("%q: %d options", picked, len(options))
		}
	}
}

func TestTheLongestEchoesAndPreviewsFit(t *testing.T) {
	w, limits := viewWorkspace(), bot.StandardKudosLimits()
	people := map[string]bot.Member{}
	var to, team []string
	for i := range 500 {
		id := fmt.Sprintf("U%010d", i)
		people[id] = bot.Member{ID: id, Name: strings.Repeat("&<Ñ", 26)}
		if i < limits.Recipients {
			to = append(to, id)
		}
		team = append(team, id)
	}
	var left []bot.LeftOut
	for _, why := range []bot.LeftOutWhy{bot.LeftSelf, bot.LeftBot, bot.LeftGone, bot.LeftStranger, bot.LeftGuest, bot.LeftUnknown} {
		for i := range 80 {
			left = append(left, bot.LeftOut{Member: fmt.Sprintf("U%010d", i), Why: why})
		}
	}
	for name, text := range map[string]string{
		"emoji": strings.Repeat("🎉", 1000), "ampersands": strings.Repeat("&amp;", 1000), "lines": strings.Repeat("a\n", 499) + "a", "mentions": strings.Repeat("<@U0000000001>", 9),
	} {
		for _, as := range []bot.Kudos{{Recipients: to}, {Recipients: team, Team: "S1", TeamName: strings.Repeat("&<Ñ", 26)}} {
			k := viewKudos()
			k.Message, k.Recipients, k.Team, k.TeamName = text, as.Recipients, as.Team, as.TeamName
			given := bot.GivenKudos{Kudos: k, Place: bot.PlaceOutside, Left: left, People: people, Offer: bot.Channel{ID: "CPRAISE", Name: strings.Repeat("Ñ", 80)}}
			if k.Team == "" {
				given.Quiet = to[1:]
			}
			for view, m := range map[string]Message{
				"echo": kudosGiven(given, w), "posted in": kudosPostedIn(given), "undone": kudosUndone(bot.ChangedKudos{Kudos: k}), "edited": kudosEdited(bot.ChangedKudos{Kudos: k}, nil),
				"post": kudosPost(bot.KudosPost{Kudos: k, Recipients: k.Recipients, Value: w.Values[0], People: people}),
			} {
				if _, err := m.seal(); err != nil {
					t.Errorf("%s, %s, team %q: %v", name, view, k.Team, err)
				}
			}
			for view, m := range map[string]Modal{"preview": kudosPreview(given, w), "edit": kudosEdit(k, people, kudosEditFrom{Channel: "CPUB"}, limits)} {
				if _, err := m.seal(); err != nil {
					t.Errorf("%s, %s, team %q: %v", name, view, k.Team, err)
				}
			}
		}
	}
}

func TestEveryFaultOfATeamHasWords(t *testing.T) {
	for _, code := range []bot.FaultCode{bot.KudosTeamLarge, bot.KudosTeamPlace, bot.KudosTeamAlone, bot.KudosPostLate, bot.KudosPostPlace, bot.KudosPostQuiet} {
		if got := kudosFaultSentence(&bot.Fault{Code: code, Limit: 500}, nil); got == wordsWrong || got == "" {
			t.Errorf("%s: %q", code, got)
		}
	}
}

func TestForgedOffersGetNothing(t *testing.T) {
	k, s := newKudosNoun(t)
	r := typed("t", "<@UBOB> for staying with the customer")
	r.Channel = "D1"
	if _, err := k.command(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	var id string
	for id = range s.kudos {
	}
	before := fmt.Sprint(s.kudos, len(s.sends))
	for _, by := range []string{"UEVE", "UBOB", "UANA"} {
		for _, value := range []string{id, id + " CPUB", id + " CPRIV", "", "nothing CPUB", " "} {
			if response, err := k.postIn(t.Context(), forged(by, value)); err == nil || response.After != nil || fmt.Sprint(s.kudos, len(s.sends)) != before {
				t.Errorf("%s %q: %+v, %v", by, value, response, err)
			}
		}
	}
	// What a form says of itself is no more than a wish: the workspace names no such channel.
	response, err := k.submit(t.Context(), resent("D1  at=outside&in=CPRIV&name=secret", Values{
		kudosTo: {Users: []string{"UCYN"}}, kudosMessage: {Text: "for staying with the customer"}, kudosElsewhere: {Options: []string{"post"}},
	}))
	if err != nil || response.Ack != nil || len(s.kudos) != 2 {
		t.Fatalf("%+v, %v", response, err)
	}
	for _, given := range s.kudos {
		if given.Posted {
			t.Errorf("posted %+v", given)
		}
	}
}
