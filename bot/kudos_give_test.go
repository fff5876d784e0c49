package bot

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWhoIsThanked(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		to, left   string // ids; "id:why"
		fault      FaultCode
	}{
		{name: "one", text: "<@UBOB> ", to: "UBOB"},
		{name: "twice the same", text: "<@UBOB> <@UBOB|bob> ", to: "UBOB"},
		{name: "self alone", text: "<@UANA> ", fault: KudosOnlySelf},
		{name: "self and another", text: "<@UANA> <@UBOB> ", to: "UBOB", left: "UANA:self"},
		{name: "a bot alone", text: "<@UBOT> ", fault: KudosNobody},
		{name: "Slackbot", text: "<@USLACKBOT> ", fault: KudosNobody},
		{name: "a bot and a human", text: "<@UBOT> <@UBOB> ", to: "UBOB", left: "UBOT:bot"},
		{name: "somebody who left", text: "<@UGONE> <@UBOB> ", to: "UBOB", left: "UGONE:deactivated"},
		{name: "another company", text: "<@UFAR> <@UBOB> ", to: "UBOB", left: "UFAR:stranger"},
		{name: "a guest", text: "<@UGUEST> ", to: "UGUEST"},
		{name: "nobody knows them", text: "<@UWHO> ", fault: KudosNobody},
		{name: "a group with the giver in it", text: "<!subteam^SALL> ", to: "UBOB", left: "UANA:self"},
		{name: "a group and one of it", text: "<@UBOB> <!subteam^SALL> ", to: "UBOB", left: "UANA:self"},
		{name: "an empty group", text: "<!subteam^SNONE> ", fault: KudosGroupEmpty},
		{name: "a group of oneself", text: "<!subteam^SSELF> ", fault: KudosOnlySelf},
		{name: "groups are off", text: "<!subteam^SOFF> ", fault: KudosGroupsOff},
		{name: "a large group", text: "<!subteam^SBIG> ", fault: KudosGroupLarge},
		{name: "a mention in the text is nobody", text: "<@UBOB> helped <@UCYN> ", to: "UBOB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			for n := range 11 {
				id := fmt.Sprintf("UX%02d", n)
				w.scene.Members[id] = Member{ID: id}
				w.groups["SBIG"] = append(w.groups["SBIG"], id)
			}
			g, err := w.Give(t.Context(), w.now, w.wish("t", "UANA", "CPUB", tt.text+helpful))
			wantsFault(t, err, tt.fault)
			if tt.fault != "" {
				if len(w.kudos)+len(w.sends) > 0 {
					t.Errorf("stored %v, %v", w.kudos, w.order)
				}
				return
			}
			var left []string
			for _, l := range g.Left {
				left = append(left, l.Member+":"+string(l.Why))
			}
			if to := strings.Join(g.Kudos.Recipients, " "); to != tt.to || strings.Join(left, " ") != tt.left {
				t.Errorf("thanked %q, left out %q", to, left)
			}
		})
	}
}

func TestWhatNoHonestFormSendsIsRefused(t *testing.T) {
	many := make([]string, 11)
	for i := range many {
		many[i] = fmt.Sprintf("UX%02d", i)
	}
	for _, tt := range []struct {
		name  string
		in    KudosInput
		again bool
		fault FaultCode
	}{
		{"nobody", KudosInput{Message: helpful}, false, KudosNoRecipient},
		{"an id that is none", KudosInput{Recipients: []string{"U1> <!channel"}, Message: helpful}, false, FaultInvalid},
		{"a group that is none", KudosInput{Groups: []string{"channel"}, Message: helpful}, false, FaultInvalid},
		{"eleven people", KudosInput{Recipients: many, Message: helpful}, true, KudosTooMany},
		{"too long", KudosInput{Recipients: []string{"UBOB"}, Message: strings.Repeat("a", 1001)}, true, KudosTooLong},
		{"too short", KudosInput{Recipients: []string{"UBOB"}, Message: "thx"}, false, KudosTooShort},
		{"nothing, even again", KudosInput{Recipients: []string{"UBOB"}, Message: " \u2060\n"}, true, KudosTooShort},
		{"short, as it is", KudosInput{Recipients: []string{"UBOB"}, Message: "thx"}, true, ""},
		{"a thousand emoji", KudosInput{Recipients: []string{"UBOB"}, Message: strings.Repeat("🎉", 1000)}, true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			_, err := w.Give(t.Context(), w.now, GiveKudos{Token: "t", Giver: "UANA", Input: tt.in, Again: tt.again})
			wantsFault(t, err, tt.fault)
			if stored := len(w.kudos) > 0; stored != (tt.fault == "") {
				t.Errorf("stored: %v", stored)
			}
		})
	}
	w := newKudosTown(t)
	g, err := w.Give(t.Context(), w.now, GiveKudos{Token: "t", Giver: "UANA", Input: KudosInput{Recipients: []string{"UBOB"}, Message: helpful, Value: "forged"}})
	if err != nil || g.Kudos.Value != "" {
		t.Errorf("an unknown value became %q, %v", g.Kudos.Value, err)
	}
	for _, giver := range []string{"UBOT", "UGONE", "UFAR"} {
		_, err := w.Give(t.Context(), w.now, w.wish("x", giver, "CPUB", "<@UBOB> "+helpful))
		wantsFault(t, err, FaultForbidden)
	}
}

func TestWhereAKudosGoes(t *testing.T) {
	for _, tt := range []struct {
		name, channel, text string
		form                bool
		prefs               string // of Bob
		blind               bool
		giver               string
		place               KudosPlace
		posts               int
		kept                string // the channel that is stored
	}{
		{name: "a public channel", channel: "CPUB", place: PlaceChannel, posts: 1, kept: "CPUB"},
		{name: "a private channel", channel: "CPRIV", place: PlaceChannel, posts: 1, kept: "CPRIV"},
		{name: "between the two", channel: "CPUB", text: " --private", place: PlacePrivate, kept: "CPUB"},
		{name: "nowhere", place: PlaceNowhere},
		{name: "a DM", channel: "DANA", place: PlaceOutside, kept: "DANA"},
		{name: "a group DM", channel: "CGROUPDM", place: PlaceOutside, kept: "CGROUPDM"},
		{name: "a channel without the bot", channel: "COUT", place: PlaceOutside, kept: "COUT"},
		{name: "an archived channel", channel: "COLD", place: PlaceOutside, kept: "COLD"},
		{name: "another company reads it", channel: "CSHARED", place: PlaceShared, kept: "CSHARED"},
		{name: "thanked privately", channel: "CPUB", prefs: KudosPrivately, place: PlaceQuiet, kept: "CPUB"},
		{name: "no DM", channel: "CPUB", prefs: KudosNoDM, place: PlaceChannel, posts: 1, kept: "CPUB"},
		{name: "a form in a channel", channel: "CPUB", form: true, place: PlaceChannel, posts: 1, kept: "CPUB"},
		{name: "a form that names a private channel one is not in", channel: "CPRIV", form: true, giver: "UCYN", place: PlaceOutside},
		{name: "a form that names a public channel one is not in", channel: "CPUB", form: true, giver: "UDEE", place: PlaceOutside},
		{name: "a form with nonsense", channel: "<!channel>", form: true, place: PlaceOutside},
		{name: "nobody can tell: public", channel: "CPUB", form: true, blind: true, place: PlaceChannel, posts: 1, kept: "CPUB"},
		{name: "nobody can tell: private", channel: "CPRIV", form: true, blind: true, place: PlaceOutside},
		{name: "nobody can tell: a guest", channel: "CPUB", form: true, blind: true, giver: "UGUEST", place: PlaceOutside},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			w.blind = tt.blind
			w.scene.Preferences["UBOB"] = Preferences{KudosDM: tt.prefs}
			wish := w.wish("t", orElse(tt.giver, "UANA"), tt.channel, "<@UBOB> "+helpful+tt.text)
			wish.FromForm, wish.AboutTS = tt.form, "1774429020.000100"
			g, err := w.Give(t.Context(), w.now, wish)
			if err != nil {
				t.Fatal(err)
			}
			posts := slices.DeleteFunc(slices.Clone(w.order), func(sid string) bool { return w.sends[sid].Kind != KindKudosPost })
			if g.Place != tt.place || len(posts) != tt.posts || g.Kudos.Posted != (tt.posts > 0) || g.Kudos.Channel != tt.kept {
				t.Errorf("goes to %q with %v, stored %+v", g.Place, posts, g.Kudos)
			}
			if _, told := w.sends["kudos/"+g.Kudos.ID+"/dm/UBOB"]; !told {
				t.Error("Bob does not hear of it")
			}
			if tt.kept == "" && g.Kudos.About != "" {
				t.Errorf("links %q", g.Kudos.About)
			}
		})
	}
}

func TestAPermalinkIsMadeOfIDsAlone(t *testing.T) {
	r := &Recognition{Site: "https://acme.slack.com/"}
	for _, tt := range []struct{ channel, ts, want string }{
		{"C1", "1774429020.000100", "https://acme.slack.com/archives/C1/p1774429020000100"},
		{"C1", "", ""},
		{"C1", "1774429020", ""},
		{"C1", "1|x> <!channel>.1", ""},
		{"C1/../x", "1.1", ""},
		{"", "1.1", ""},
	} {
		if got := r.Permalink(tt.channel, tt.ts); got != tt.want {
			t.Errorf("%q %q: %q", tt.channel, tt.ts, got)
		}
	}
	if got := (&Recognition{}).Permalink("C1", "1.1"); got != "" {
		t.Errorf("without a site: %q", got)
	}
}

func TestTheSameActGetsTheSameAnswer(t *testing.T) {
	w := newKudosTown(t)
	first := w.given(t, "t", "UANA", "CPUB", "<@UANA> <@UBOB> "+helpful)
	sends := len(w.order)
	same := func(when string, wish GiveKudos) {
		t.Helper()
		again, err := w.Give(t.Context(), w.now, wish)
		if err != nil || !again.Repeated || again.Kudos.ID != first.Kudos.ID || again.Place != PlaceChannel || len(w.kudos) != 1 || len(w.order) != sends {
			t.Errorf("%s: %+v, %v; %d kudos, %d sends", when, again, err, len(w.kudos), len(w.order))
		}
	}
	wish := w.wish("t", "UANA", "CPUB", "<@UANA> <@UBOB> "+helpful)
	same("at once", wish)
	w.now = w.now.Add(time.Hour)
	same("an hour later", wish)
	delete(w.tokens, "t")
	w.twins = map[string]string{}
	same("when the token is forgotten", wish)
	w.scene.Members["UBOB"] = Member{ID: "UBOB", Deleted: true}
	same("when Bob has left", wish)
	w.places["CPUB"] = Channel{ID: "CPUB"}
	same("when the bot has left the channel", wish)
	w.quota["UANA"+day(2026, 3, 25).String()] = 20
	same("at the limit", wish)
	if _, err := w.Give(t.Context(), w.now, w.wish("t", "UCYN", "CPUB", "<@UGONE> "+helpful)); err == nil {
		t.Error("another giver got an answer for the same token")
	}
}

func TestTwins(t *testing.T) {
	w := newKudosTown(t)
	text := "<@UBOB> <@UCYN> " + helpful
	first := w.given(t, "1", "UANA", "CPUB", text)
	w.now = w.now.Add(119 * time.Second)
	_, err := w.Give(t.Context(), w.now, w.wish("2", "UANA", "CPUB", "<@UCYN> <@UBOB> "+helpful))
	wantsFault(t, err, KudosTwin)
	again := w.wish("2", "UANA", "CPUB", text)
	again.Again = true
	for range 2 { // pressed twice, it is one
		if g, err := w.Give(t.Context(), w.now, again); err != nil || g.Kudos.ID == first.Kudos.ID {
			t.Errorf("again: %+v, %v", g, err)
		}
	}
	if len(w.kudos) != 2 {
		t.Errorf("%d kudos, want 2", len(w.kudos))
	}
	w.now = w.now.Add(2 * time.Minute)
	w.given(t, "3", "UANA", "CPUB", text)
}

func TestTheDayHasALimit(t *testing.T) {
	w := newKudosTown(t)
	w.Daily = 2
	w.given(t, "1", "UANA", "CPUB", "<@UBOB> one "+helpful)
	last := w.given(t, "2", "UANA", "CPUB", "<@UBOB> two "+helpful)
	_, err := w.Give(t.Context(), w.now, w.wish("3", "UANA", "CPUB", "<@UBOB> three "+helpful))
	wantsFault(t, err, KudosLimit)
	for range 2 { // taken back twice, it counts once
		if _, err := w.Undo(t.Context(), w.now, "u", "UANA", last.Kudos.ID); err != nil {
			t.Fatal(err)
		}
	}
	w.given(t, "4", "UANA", "CPUB", "<@UBOB> four "+helpful)
	_, err = w.Give(t.Context(), w.now, w.wish("5", "UANA", "CPUB", "<@UBOB> five "+helpful))
	wantsFault(t, err, KudosLimit)
	w.now = instant(t, "2026-03-26T00:00:00+01:00") // the giver's next day
	w.given(t, "6", "UANA", "CPUB", "<@UBOB> six "+helpful)
}

func TestAStoreThatFailsIsSaidSo(t *testing.T) {
	w := newKudosTown(t)
	w.failing = errors.New("no answer")
	_, err := w.Give(t.Context(), w.now, w.wish("1", "UANA", "CPUB", "<@UBOB> "+helpful))
	wantsFault(t, err, FaultUnsaved)
}
