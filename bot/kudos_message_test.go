package bot

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// composed is what comes of a send: the content, or the decision's reason.
func (w *kudosTown) composed(t *testing.T, sid string) (any, Decision) {
	t.Helper()
	s, ok := w.sends[sid]
	if !ok {
		t.Fatalf("no send %q among %v", sid, w.order)
	}
	compose := map[Kind]func() (any, Decision, error){
		KindKudosPost: func() (any, Decision, error) { return w.ComposePost(t.Context(), w.now, s) },
		KindKudosDM:   func() (any, Decision, error) { return w.ComposeNote(t.Context(), w.now, s) },
		KindDigest:    func() (any, Decision, error) { return w.ComposeDigest(t.Context(), w.now, s) },
	}
	content, d, err := compose[s.Kind]()
	if err != nil {
		t.Fatalf("compose %q: %v", sid, err)
	}
	return content, d
}

func TestComposeKudosPost(t *testing.T) {
	set := func(id, how string) func(*kudosTown, Kudos) {
		return func(w *kudosTown, _ Kudos) { w.scene.Preferences[id] = Preferences{KudosDM: how} }
	}
	place := func(c Channel) func(*kudosTown, Kudos) {
		return func(w *kudosTown, k Kudos) { c.ID = k.Channel; w.places[k.Channel] = c }
	}
	hide := func(ids ...string) func(*kudosTown, Kudos) {
		return func(w *kudosTown, k Kudos) { k.Hidden = ids; w.kudos[k.ID] = k }
	}
	for _, tt := range []struct {
		name, channel string
		change        func(*kudosTown, Kudos)
		shown         string
		reason        Reason
	}{
		{"as given", "CPUB", nil, "UBOB UCYN", ""},
		{"one hid it", "CPUB", hide("UBOB"), "UCYN", ""},
		{"all hid it", "CPUB", hide("UBOB", "UCYN"), "", ReasonUndone},
		{"one chose privately meanwhile", "CPUB", set("UCYN", KudosPrivately), "UBOB", ""},
		{"no DM changes nothing here", "CPUB", set("UCYN", KudosNoDM), "UBOB UCYN", ""},
		{"taken back", "CPUB", func(w *kudosTown, k Kudos) { k.Undone = w.now; w.kudos[k.ID] = k }, "", ReasonUndone},
		{"deleted", "CPUB", func(w *kudosTown, k Kudos) { delete(w.kudos, k.ID) }, "", ReasonUndone},
		{"the bot left", "CPUB", place(Channel{}), "", ReasonUnreachable},
		{"archived", "CPUB", place(Channel{Inside: true, Archived: true}), "", ReasonUnreachable},
		{"shared meanwhile", "CPUB", place(Channel{Inside: true, Shared: true}), "", ReasonUnreachable},
		{"private meanwhile", "CPUB", place(Channel{Inside: true, Private: true}), "UBOB UCYN", ""},
		{"a private channel", "CPRIV", nil, "UBOB UCYN", ""},
		{"a private channel that is public by now", "CPRIV", place(Channel{Inside: true}), "", ReasonUnreachable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			k := w.given(t, "1", "UANA", tt.channel, "<@UBOB> <@UCYN> #trust "+helpful).Kudos
			if tt.change != nil {
				tt.change(w, k)
			}
			content, d := w.composed(t, KudosPostSID(k.ID))
			if tt.reason != "" {
				if d.Verdict != Drop || d.Reason != tt.reason {
					t.Errorf("%+v, %+v", content, d)
				}
				return
			}
			post, ok := content.(KudosPost)
			if !ok || d.Verdict != Go || !slices.Equal(post.Recipients, strings.Fields(tt.shown)) || post.Value.Name != "trust" {
				t.Errorf("%+v, %+v", content, d)
			}
		})
	}
}

func TestKudosChangesReachMessagesThatAreThere(t *testing.T) {
	w := newKudosTown(t)
	k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	post, note := KudosPostSID(k.ID), kudosNoteSID(k.ID, "UBOB")
	if _, err := w.Edit(t.Context(), w.now, "e", "UANA", k.ID, "another text that is long enough"); err != nil {
		t.Fatal(err)
	}
	for _, state := range []State{StateDropped, StateExpired, StateDead} {
		w.settled(post, state)
		if _, d := w.composed(t, post+"/v2"); d.Verdict != Drop {
			t.Errorf("%s: %+v", state, d)
		}
	}
	for _, state := range []State{StatePending, StateClaimed, StatePosting, StateUnknown} { // it may have been composed before the change
		w.settled(post, state)
		if _, d := w.composed(t, post+"/v2"); d.Verdict != Wait || d.Reason != ReasonWaits {
			t.Errorf("%s: %+v", state, d)
		}
	}
	w.posted(post, "1.1")
	w.posted(note, "2.1")
	w.now = instant(t, "2026-03-28T03:00:00+01:00") // an edit is silent: it may come at night
	if content, d := w.composed(t, post+"/v2"); d.Verdict != Go || content.(KudosPost).Kudos.Message != "another text that is long enough" {
		t.Errorf("edited post: %+v, %+v", content, d)
	}
	if content, d := w.composed(t, note+"/v2"); d.Verdict != Go || content.(KudosNotes).Notes[0].Kudos.Message != "another text that is long enough" {
		t.Errorf("edited note: %+v, %+v", content, d)
	}
	if _, err := w.Undo(t.Context(), w.now, "u", "UANA", k.ID); err != nil {
		t.Fatal(err)
	}
	for _, sid := range []string{post + "/v3", note + "/v3", post + "/v2", note + "/v2"} {
		if content, d := w.composed(t, sid); d.Verdict != Go || content != (Delete{}) {
			t.Errorf("%s after undo: %+v, %+v", sid, content, d)
		}
	}
}

func TestComposeKudosNote(t *testing.T) {
	there := func(w *kudosTown, k Kudos) { w.posted(KudosPostSID(k.ID), "1774429020.000100") }
	for _, tt := range []struct {
		name, text    string
		change        func(*kudosTown, Kudos)
		at            string
		verdict       Verdict
		reason        Reason
		posted, shown bool
	}{
		{name: "posted", change: there, posted: true, shown: true},
		{name: "the post is on its way", verdict: Wait, reason: ReasonWaits},
		{name: "nobody knows yet whether the post is there", change: func(w *kudosTown, k Kudos) { w.settled(KudosPostSID(k.ID), StateUnknown) }, verdict: Wait, reason: ReasonWaits},
		{name: "its giver saw the post", change: func(w *kudosTown, k Kudos) {
			w.settled(KudosPostSID(k.ID), StateDropped)
			s := w.sends[KudosPostSID(k.ID)]
			s.Reason = ReasonMayBeThere
			w.sends[s.SID] = s
		}, posted: true, shown: true},
		{name: "the post takes too long", at: "2026-03-25T10:30:00+01:00", posted: true, shown: true},
		{name: "private", text: " --private"},
		{name: "no DM", change: func(w *kudosTown, _ Kudos) { w.scene.Preferences["UBOB"] = Preferences{KudosDM: KudosNoDM} }, verdict: Drop, reason: ReasonMuted},
		{name: "no DM, but private", text: " --private", change: func(w *kudosTown, _ Kudos) { w.scene.Preferences["UBOB"] = Preferences{KudosDM: KudosNoDM} }},
		{name: "no DM, but it never came into the channel", change: func(w *kudosTown, k Kudos) {
			w.scene.Preferences["UBOB"] = Preferences{KudosDM: KudosNoDM}
			w.settled(KudosPostSID(k.ID), StateDead)
		}},
		{name: "privately", change: func(w *kudosTown, k Kudos) {
			there(w, k)
			w.scene.Preferences["UBOB"] = Preferences{KudosDM: KudosPrivately}
		}, posted: true},
		{name: "muted", change: func(w *kudosTown, _ Kudos) { w.scene.Preferences["UBOB"] = Preferences{Muted: []Kind{KindKudosDM}} }, verdict: Drop, reason: ReasonMuted},
		{name: "the post died", change: func(w *kudosTown, k Kudos) { w.settled(KudosPostSID(k.ID), StateDead) }},
		{name: "Bob left", change: func(w *kudosTown, _ Kudos) { w.scene.Members["UBOB"] = Member{ID: "UBOB", Deleted: true} }, verdict: Drop, reason: ReasonUnreachable},
		{name: "at night", at: "2026-03-25T23:00:00+01:00", verdict: Wait, reason: ReasonQuietHours},
		{name: "paused", change: func(w *kudosTown, _ Kudos) { w.scene.Preferences["UBOB"] = Preferences{PausedTill: day(2026, 4, 1)} }, verdict: Wait, reason: ReasonPaused},
		{name: "taken back", change: func(w *kudosTown, k Kudos) { k.Undone = w.now; w.kudos[k.ID] = k }, verdict: Drop, reason: ReasonUndone},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> with <@UDEE> "+helpful+tt.text).Kudos
			if tt.change != nil {
				tt.change(w, k)
			}
			if tt.at != "" {
				w.now = instant(t, tt.at)
			}
			content, d := w.composed(t, kudosNoteSID(k.ID, "UBOB"))
			if d.Verdict != tt.verdict || d.Reason != tt.reason {
				t.Fatalf("%+v, %+v", content, d)
			}
			if d.Verdict != Go {
				return
			}
			if note := content.(KudosNotes).Notes[0]; note.Posted != tt.posted || note.Shown != tt.shown || note.People["UDEE"].Name != "Dee" {
				t.Errorf("%+v", content)
			}
		})
	}
}

func TestANoteLinksThePost(t *testing.T) {
	w := newKudosTown(t)
	k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	w.posted(KudosPostSID(k.ID), "1774429020.000100")
	content, _ := w.composed(t, kudosNoteSID(k.ID, "UBOB"))
	if note := content.(KudosNotes).Notes[0]; note.Link != "https://acme.slack.com/archives/CPUB/p1774429020000100" {
		t.Errorf("links %q", note.Link)
	}
}

func TestALateKudosStaysOutOfTheChannel(t *testing.T) {
	w := newKudosTown(t)
	k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	if s := w.sends[KudosPostSID(k.ID)]; s.NotAfter.Sub(s.Due) != 3*24*time.Hour {
		t.Errorf("may be posted until %s", s.NotAfter)
	}
}

func TestAKudosOutlastsALongPause(t *testing.T) {
	const kept = 8 * 7 * 24 * time.Hour // what became of a send
	w := newKudosTown(t)
	k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	w.scene.Preferences["UBOB"] = Preferences{PausedTill: day(2026, 5, 18)} // for 54 days
	sid := kudosNoteSID(k.ID, "UBOB")
	for range 100 {
		content, d := w.composed(t, sid)
		if d.Verdict == Go {
			break
		}
		if d.Verdict != Wait || !d.Until.After(w.now) {
			t.Fatalf("%+v, %+v", content, d)
		}
		w.now = d.Until
	}
	s := w.sends[sid]
	if w.now.Before(instant(t, "2026-05-18T00:00:00+02:00")) || w.now.After(s.NotAfter) {
		t.Errorf("it could go at %s, and has to by %s", w.now, s.NotAfter)
	}
	if s.NotAfter.Sub(s.Due) >= kept {
		t.Errorf("until %s nobody knows any more what became of the post", s.NotAfter)
	}
}
