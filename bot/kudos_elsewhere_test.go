package bot

import (
	"testing"
	"time"
)

// set changes what the workspace decided about kudos.
func (w *kudosTown) set(change func(*KudosSettings)) {
	s := w.Settings.Current()
	change(&s.Kudos)
	w.Settings.current.Store(&s)
}

// praise names the workspace's channel for kudos.
func (w *kudosTown) praise(channel string) { w.set(func(s *KudosSettings) { s.Channel = channel }) }

func TestWhereAKudosIsOffered(t *testing.T) {
	for _, tt := range []struct {
		name, channel, praise, giver, text string
		quiet                              bool
		offer                              string
	}{
		{name: "nowhere", praise: "CPUB", offer: "CPUB"},
		{name: "a DM", channel: "DANA", praise: "CPUB", offer: "CPUB"},
		{name: "a channel without the bot", channel: "COUT", praise: "CPUB", offer: "CPUB"},
		{name: "no such setting", channel: "COUT"},
		{name: "a channel with the bot", channel: "CPRIV", praise: "CPUB"},
		{name: "between the two", channel: "COUT", praise: "CPUB", text: " --private"},
		{name: "another company reads where it was given", channel: "CSHARED", praise: "CPUB"},
		{name: "they prefer it privately", channel: "COUT", praise: "CPUB", quiet: true},
		{name: "a private channel for kudos", channel: "COUT", praise: "CPRIV"},
		{name: "a shared channel for kudos", channel: "COUT", praise: "CSHARED"},
		{name: "an archived channel for kudos", channel: "DANA", praise: "COLD"},
		{name: "the bot is not in it", channel: "DANA", praise: "COUT"},
		{name: "a guest who is in it", channel: "DANA", praise: "CPUB", giver: "UGUEST", offer: "CPUB"},
		{name: "a guest who is not", channel: "DANA", praise: "COPEN", giver: "UGUEST"},
		{name: "somebody who is not, but works here", channel: "DANA", praise: "COPEN", giver: "UDEE", offer: "COPEN"},
		{name: "given in a private channel that the bot had left", channel: "CLEFT", praise: "CPUB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			w.places["COPEN"], w.places["CLEFT"] = Channel{ID: "COPEN", Inside: true}, Channel{ID: "CLEFT", Private: true}
			w.praise(tt.praise)
			if tt.quiet {
				w.scene.Preferences["UBOB"] = Preferences{KudosDM: KudosPrivately}
			}
			given := w.given(t, "t", orElse(tt.giver, "UANA"), tt.channel, "<@UBOB> "+helpful+tt.text)
			if given.Offer.ID != tt.offer || given.Kudos.Posted != (tt.channel == "CPRIV") {
				t.Errorf("offered %q, stored %+v", given.Offer.ID, given.Kudos)
			}
			wish := w.wish("t2", orElse(tt.giver, "UANA"), tt.channel, "<@UBOB> once more "+helpful+tt.text)
			wish.PostIn = tt.praise
			again, err := w.Give(t.Context(), w.now, wish)
			if err != nil || (tt.offer != "") != (again.Kudos.Posted && again.Kudos.Channel == tt.praise) {
				t.Errorf("with a yes it is stored as %+v, %v", again.Kudos, err)
			}
		})
	}
}

func TestAKudosIsPostedLater(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before func(w *kudosTown)
		actor  string
		in     string
		fault  FaultCode
	}{
		{name: "by its giver"},
		{name: "by somebody else", actor: "UBOB", fault: FaultNotFound},
		{name: "in another channel", in: "CPRIV", fault: KudosPostPlace},
		{name: "in no channel", in: " ", fault: KudosPostPlace},
		{name: "the setting changed", before: func(w *kudosTown) { w.praise("COPEN") }, fault: KudosPostPlace},
		{name: "the bot was removed", before: func(w *kudosTown) { w.places["CPUB"] = Channel{ID: "CPUB"} }, fault: KudosPostPlace},
		{name: "it is shared now", before: func(w *kudosTown) { w.places["CPUB"] = Channel{ID: "CPUB", Inside: true, Shared: true} }, fault: KudosPostPlace},
		{name: "it is private now", before: func(w *kudosTown) { w.places["CPUB"] = Channel{ID: "CPUB", Inside: true, Private: true} }, fault: KudosPostPlace},
		{name: "a day later", before: func(w *kudosTown) { w.now = w.now.Add(24 * time.Hour) }},
		{name: "more than a day later", before: func(w *kudosTown) { w.now = w.now.Add(24*time.Hour + time.Second) }, fault: KudosPostLate},
		{name: "they prefer it privately now", before: func(w *kudosTown) { w.scene.Preferences["UBOB"] = Preferences{KudosDM: KudosPrivately} }, fault: KudosPostQuiet},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			w.praise("CPUB")
			id := w.given(t, "t", "UANA", "DANA", "<@UBOB> "+helpful).Kudos.ID
			if tt.before != nil {
				tt.before(w)
			}
			_, err := w.PostIn(t.Context(), w.now, "p", orElse(tt.actor, "UANA"), id, orElse(tt.in, "CPUB"))
			wantsFault(t, err, tt.fault)
			k := w.kudos[id]
			_, sent := w.sends[KudosPostSID(id)]
			if posted := tt.fault == ""; k.Posted != posted || sent != posted || posted && (k.Channel != "CPUB" || w.sends[KudosPostSID(id)].Channel != "CPUB") {
				t.Errorf("stored %+v, sends %v", k, w.order)
			}
		})
	}
}

func TestPostingItTwiceIsOnce(t *testing.T) {
	w := newKudosTown(t)
	w.praise("CPUB")
	id := w.given(t, "t", "UANA", "DANA", "<@UBOB> "+helpful).Kudos.ID
	first, err := w.PostIn(t.Context(), w.now, "p", "UANA", id, "CPUB")
	if err != nil || first.Repeated {
		t.Fatalf("%+v, %v", first, err)
	}
	sends := len(w.order)
	for _, token := range []Token{"p", "q"} {
		again, err := w.PostIn(t.Context(), w.now, token, "UANA", id, "CPUB")
		if err != nil || !again.Repeated || again.Place != PlaceChannel || len(w.order) != sends {
			t.Errorf("%s: %+v, %v, sends %v", token, again, err, w.order)
		}
	}
	if _, err := w.Undo(t.Context(), w.now, "u", "UANA", id); err != nil {
		t.Fatal(err)
	}
	_, err = w.PostIn(t.Context(), w.now, "r", "UANA", id, "CPUB")
	wantsFault(t, err, FaultNotFound)
}

func TestWhatIsPrivateIsNeverPostedLater(t *testing.T) {
	w := newKudosTown(t)
	w.praise("CPUB")
	id := w.given(t, "t", "UANA", "DANA", "<@UBOB> "+helpful+" --private").Kudos.ID
	_, err := w.PostIn(t.Context(), w.now, "p", "UANA", id, "CPUB")
	wantsFault(t, err, FaultNotFound)
	w.places["CLEFT"] = Channel{ID: "CLEFT", Private: true}
	id = w.given(t, "t2", "UANA", "CLEFT", "<@UBOB> as you said "+helpful).Kudos.ID
	_, err = w.PostIn(t.Context(), w.now, "p2", "UANA", id, "CPUB")
	wantsFault(t, err, FaultNotFound)
}

func TestSomebodyFasterThanPosting(t *testing.T) {
	w := newKudosTown(t)
	w.praise("CPUB")
	id := w.given(t, "t", "UANA", "DANA", "<@UBOB> "+helpful).Kudos.ID
	w.before = func() {
		if _, err := w.Undo(t.Context(), w.now, "u", "UANA", id); err != nil {
			t.Error(err)
		}
	}
	_, err := w.PostIn(t.Context(), w.now, "p", "UANA", id, "CPUB")
	wantsFault(t, err, FaultNotFound)
	if _, sent := w.sends[KudosPostSID(id)]; sent {
		t.Error("what was taken back is posted")
	}
}

func TestTheStageOfAKudos(t *testing.T) {
	w := newKudosTown(t)
	w.praise("CPUB")
	for _, tt := range []struct {
		channel   string
		place     KudosPlace
		elsewhere string
	}{{"CPUB", PlaceChannel, ""}, {"CPRIV", PlaceChannel, ""}, {"", PlaceNowhere, "CPUB"}, {"DANA", PlaceOutside, "CPUB"}, {"CSHARED", PlaceShared, "CPUB"}} {
		stage, err := w.Stage(t.Context(), "UANA", tt.channel)
		if err != nil || stage.Place != tt.place || stage.Elsewhere.ID != tt.elsewhere {
			t.Errorf("%q: %+v, %v", tt.channel, stage, err)
		}
	}
}
