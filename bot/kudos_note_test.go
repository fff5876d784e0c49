package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// thanks gives a kudos to Bob without a post, and returns the sid of his note. Everybody may give several.
func (w *kudosTown) thanks(t *testing.T, giver, text string) string {
	t.Helper()
	k := w.given(t, Token(fmt.Sprint("t", len(w.kudos))), giver, "", "<@UBOB> "+text+" "+helpful).Kudos
	return kudosNoteSID(k.ID, "UBOB")
}

// delivered composes a note, which has to go now, and does what the ledger does with it.
func (w *kudosTown) delivered(t *testing.T, sid string) KudosNotes {
	t.Helper()
	content, d := w.composed(t, sid)
	if d.Verdict != Go {
		t.Fatalf("%s does not go: %+v", sid, d)
	}
	w.tookIn(sid, d.Takes)
	w.posted(sid, fmt.Sprint(len(w.order), ".1"))
	s := w.sends[sid]
	s.Settled = w.now
	w.sends[sid] = s
	return content.(KudosNotes)
}

// tookIn says that a send took others in.
func (w *kudosTown) tookIn(sid string, took []string) {
	head := w.sends[sid]
	head.Took = append(head.Took, took...)
	w.sends[sid] = head
	for _, other := range took {
		s := w.sends[other]
		s.State, s.Reason, s.Into = StateDropped, ReasonMerged, sid
		w.sends[other] = s
	}
}

// says lists the first word of each text, in order.
func says(n KudosNotes) string {
	words := make([]string, len(n.Notes))
	for i, n := range n.Notes {
		words[i], _, _ = strings.Cut(n.Kudos.Message, " ")
	}
	return strings.Join(words, " ")
}

func TestWhatWaitsComesInOneMessage(t *testing.T) {
	w := newKudosTown(t)
	w.now = instant(t, "2026-03-25T22:00:00+01:00")
	var sids []string
	for i, giver := range []string{"UANA", "UCYN", "UDEE", "UANA"} {
		sids = append(sids, w.thanks(t, giver, []string{"one", "two", "three", "four"}[i]))
		w.now = w.now.Add(time.Minute)
	}
	for _, sid := range sids {
		if _, d := w.composed(t, sid); d.Verdict != Wait || d.Reason != ReasonQuietHours {
			t.Errorf("at night: %+v", d)
		}
	}
	w.now = instant(t, "2026-03-26T09:00:00+01:00")
	if got := says(w.delivered(t, sids[2])); got != "one two three four" {
		t.Errorf("the message tells of %q", got)
	}
	if s := w.sends[sids[2]]; !slices.Equal(s.Took, []string{sids[0], sids[1], sids[3]}) {
		t.Errorf("it took in %v", s.Took)
	}
}

func TestTheNextMessageComesAnHourAfterTheLast(t *testing.T) {
	w := newKudosTown(t)
	begin := w.now
	if got := says(w.delivered(t, w.thanks(t, "UANA", "one"))); got != "one" {
		t.Errorf("the first tells of %q", got)
	}
	w.now = begin.Add(time.Minute)
	two := w.thanks(t, "UCYN", "two")
	w.now = begin.Add(50 * time.Minute)
	three := w.thanks(t, "UDEE", "three")
	for _, sid := range []string{two, three} {
		if _, d := w.composed(t, sid); d.Verdict != Wait || d.Reason != ReasonBundled || !d.Until.Equal(begin.Add(time.Hour)) {
			t.Errorf("within the hour: %+v", d)
		}
	}
	if _, d := w.composed(t, kudosNoteSID(w.given(t, "other", "UANA", "", "<@UCYN> "+helpful).Kudos.ID, "UCYN")); d.Verdict != Go || len(d.Takes) > 0 {
		t.Errorf("somebody else's: %+v", d)
	}
	w.now = begin.Add(time.Hour)
	if got := says(w.delivered(t, two)); got != "two three" {
		t.Errorf("an hour later: %q", got)
	}
	w.now = begin.Add(119 * time.Minute)
	four := w.thanks(t, "UANA", "four")
	if _, d := w.composed(t, four); d.Verdict != Wait || !d.Until.Equal(begin.Add(2*time.Hour)) {
		t.Errorf("what was taken in counts as come, too: %+v", d)
	}
	// The hour outlasts the kudos that the message began with.
	if _, err := w.Undo(t.Context(), w.now, "u", "UCYN", noteIDs([]string{two})[0]); err != nil {
		t.Fatal(err)
	}
	if _, d := w.composed(t, four); d.Verdict != Wait {
		t.Errorf("the message is there still: %+v", d)
	}
}

func TestWhatIsNotTakenIn(t *testing.T) {
	for _, tt := range []struct {
		name    string
		channel string
		change  func(w *kudosTown, k Kudos, note *Send)
		waits   bool // the other one has to go first
	}{
		{name: "taken back", change: func(w *kudosTown, k Kudos, _ *Send) { k.Undone = w.now; w.kudos[k.ID] = k }},
		{name: "its post is on its way", channel: "CPUB"},
		{name: "somebody works on it", change: func(_ *kudosTown, _ Kudos, s *Send) { s.State = StateClaimed }, waits: true},
		{name: "it is being posted", change: func(_ *kudosTown, _ Kudos, s *Send) { s.State = StatePosting }, waits: true},
		{name: "it may have been posted", change: func(_ *kudosTown, _ Kudos, s *Send) { s.State = StateUnknown }, waits: true},
		{name: "nobody will ever know whether it was", change: func(w *kudosTown, _ Kudos, s *Send) { s.State, s.Settled = StateUnknown, w.now }},
		{name: "it took others in", change: func(_ *kudosTown, _ Kudos, s *Send) { s.Took = []string{"kudos/x/dm/UBOB"} }, waits: true},
		{name: "it is too late for it", change: func(w *kudosTown, _ Kudos, s *Send) { s.NotAfter = w.now.Add(-time.Second) }},
		{name: "it was dropped", change: func(_ *kudosTown, _ Kudos, s *Send) { s.State, s.Reason = StateDropped, ReasonMuted }},
		{name: "Bob reads it in the channel", channel: "CPUB", change: func(w *kudosTown, k Kudos, _ *Send) {
			w.posted(KudosPostSID(k.ID), "1.1")
			w.scene.Preferences["UBOB"] = Preferences{KudosDM: KudosNoDM}
		}},
		{name: "Bob keeps its giver away", change: func(w *kudosTown, _ Kudos, _ *Send) {
			w.scene.Preferences["UBOB"] = Preferences{Avoid: []string{"UCYN"}}
		}},
		{name: "Bob keeps its giver away, and it is under way", change: func(w *kudosTown, _ Kudos, s *Send) {
			w.scene.Preferences["UBOB"] = Preferences{Avoid: []string{"UCYN"}}
			s.State = StateClaimed
		}},
		{name: "no key opens it", change: func(w *kudosTown, k Kudos, _ *Send) { k.Unreadable = "sealed"; w.kudos[k.ID] = k }},
		{name: "it thanks a team", change: func(w *kudosTown, k Kudos, _ *Send) { k.Team = "SALL"; w.kudos[k.ID] = k }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			k := w.given(t, "other", "UCYN", tt.channel, "<@UBOB> other "+helpful).Kudos
			if tt.change != nil {
				s := w.sends[kudosNoteSID(k.ID, "UBOB")]
				tt.change(w, k, &s)
				w.sends[s.SID] = s
			}
			content, d := w.composed(t, w.thanks(t, "UANA", "own"))
			switch {
			case tt.waits && (d.Verdict != Wait || d.Reason != ReasonBundled || !d.Until.Equal(w.now.Add(noteLooks))):
				t.Errorf("it does not wait for the other: %+v", d)
			case !tt.waits && (d.Verdict != Go || len(d.Takes) > 0 || says(content.(KudosNotes)) != "own"):
				t.Errorf("%+v, %+v", content, d)
			}
		})
	}
}

func TestOneMessageHasRoomForSoManyInFull(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want int
	}{
		"short texts": {"short", noteMost},
		"long texts":  {strings.Repeat("word ", 180), 6},
	} {
		w := newKudosTown(t)
		w.Daily = 100
		w.now = instant(t, "2026-03-25T20:00:00+01:00")
		var last string
		for i := range 40 {
			w.now = w.now.Add(3 * time.Minute)
			last = w.thanks(t, []string{"UANA", "UCYN", "UDEE"}[i%3], tt.text)
		}
		w.now = instant(t, "2026-03-26T09:00:00+01:00")
		notes := w.delivered(t, last)
		if got := len(notes.Notes); got != tt.want {
			t.Errorf("%s: the message tells of %d, want %d", name, got, tt.want)
		}
		if first := notes.Notes[0].Kudos.Given; !first.Equal(instant(t, "2026-03-25T20:03:00+01:00")) {
			t.Errorf("%s: who waited longest comes first; it begins with %s", name, first)
		}
	}
}

func TestAMessageThatDidNotGoOutKeepsWhatItTookIn(t *testing.T) {
	w := newKudosTown(t)
	one, two := w.thanks(t, "UANA", "one"), w.thanks(t, "UCYN", "two")
	w.tookIn(one, []string{two}) // and then Slack said "too many"
	three := w.thanks(t, "UDEE", "three")
	if _, d := w.composed(t, three); d.Verdict != Wait || d.Reason != ReasonBundled {
		t.Errorf("another lets it go first: %+v", d)
	}
	content, d := w.composed(t, one)
	if says(content.(KudosNotes)) != "one three two" && says(content.(KudosNotes)) != "one two three" || !slices.Equal(d.Takes, []string{three}) {
		t.Errorf("tells of %q, %+v", says(content.(KudosNotes)), d)
	}
	ids := noteIDs([]string{one, two, three})
	if _, err := w.Undo(t.Context(), w.now, "u1", "UANA", ids[0]); err != nil {
		t.Fatal(err)
	}
	if content, d = w.composed(t, one); d.Verdict != Go || strings.Contains(says(content.(KudosNotes)), "one") {
		t.Errorf("without the one that it began with: %+v, %+v", content, d)
	}
	w.scene.Preferences["UBOB"] = Preferences{Avoid: []string{"UCYN"}}
	if _, d = w.composed(t, one); d.Verdict != Drop || d.Reason != ReasonMuted {
		t.Errorf("of the others, Bob keeps one away: %+v", d)
	}
	delete(w.scene.Preferences, "UBOB")
	if _, err := w.Undo(t.Context(), w.now, "u2", "UCYN", ids[1]); err != nil {
		t.Fatal(err)
	}
	if _, d = w.composed(t, one); d.Verdict != Drop || d.Reason != ReasonUndone {
		t.Errorf("with nothing left: %+v", d)
	}
}

func TestChangesReachTheMessageThatTookTheKudosIn(t *testing.T) {
	w := newKudosTown(t)
	one, two := w.thanks(t, "UANA", "one"), w.thanks(t, "UCYN", "two")
	three := w.thanks(t, "UDEE", "three")
	ids := noteIDs([]string{one, two, three})
	w.tookIn(one, []string{two, three})
	if _, err := w.Edit(t.Context(), w.now, "e", "UCYN", ids[1], "second "+helpful); err != nil {
		t.Fatal(err)
	}
	if _, d := w.composed(t, two+"/v2"); d.Verdict != Wait {
		t.Errorf("before the message is there: %+v", d)
	}
	w.posted(one, "1.1")
	says := func(sid string) string {
		content, d := w.composed(t, sid)
		notes, ok := content.(KudosNotes)
		if d.Verdict != Go || !ok {
			return fmt.Sprintf("%T %v", content, d.Verdict)
		}
		words := strings.Fields(says(notes))
		slices.Sort(words)
		return strings.Join(words, " ")
	}
	if got := says(two + "/v2"); got != "one second three" {
		t.Errorf("edited it tells of %q", got)
	}
	notes, err := w.Note(t.Context(), "UBOB", ids...)
	if err != nil || len(notes.Notes) != 3 {
		t.Errorf("as a button leaves it: %+v, %v", notes, err)
	}
	_, err = w.Note(t.Context(), "UCYN", ids...)
	wantsFault(t, err, FaultNotFound)
	for i, tt := range []struct{ giver, id, change, want string }{
		{"UANA", ids[0], one + "/v2", "second three"},
		{"UDEE", ids[2], three + "/v2", "second"},
		{"UCYN", ids[1], two + "/v3", "bot.Delete 0"},
	} {
		if _, err := w.Undo(t.Context(), w.now, Token(fmt.Sprint("u", i)), tt.giver, tt.id); err != nil {
			t.Fatal(err)
		}
		if got := says(tt.change); got != tt.want {
			t.Errorf("after %d were taken back it tells of %q, want %q", i+1, got, tt.want)
		}
	}
}
