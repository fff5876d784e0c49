package bot

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestKudosAreTakenBack(t *testing.T) {
	w := newKudosTown(t)
	k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	for name, tt := range map[string]struct{ actor, id string }{
		"a recipient": {"UBOB", k.ID}, "somebody else": {"UCYN", k.ID}, "no such kudos": {"UANA", "nothing"}, "no id": {"UANA", ""},
	} {
		_, err := w.Undo(t.Context(), w.now, Token(name), tt.actor, tt.id)
		if wantsFault(t, err, FaultNotFound); !w.kudos[k.ID].Undone.IsZero() {
			t.Fatalf("%s took it back", name)
		}
	}
	w.before = func() { _, _ = w.Hide(t.Context(), w.now, "meanwhile", "UBOB", k.ID) }
	for _, token := range []Token{"u", "u", "another"} {
		gone, err := w.Undo(t.Context(), w.now, token, "UANA", k.ID)
		if err != nil || gone.Undone.IsZero() || gone.Message != "" || gone.About != "" {
			t.Errorf("%s: %+v, %v", token, gone, err)
		}
	}
	if n := w.quota["UANA"+day(2026, 3, 25).String()]; n != 0 {
		t.Errorf("the day counts %d", n)
	}
	want := []string{
		"kudos/" + k.ID + "/post", "kudos/" + k.ID + "/dm/UBOB", // given
		"kudos/" + k.ID + "/post/v2",                                  // hidden
		"kudos/" + k.ID + "/post/v3", "kudos/" + k.ID + "/dm/UBOB/v3", // taken back
	}
	if !slices.Equal(w.order, want) {
		t.Errorf("sends %v, want %v", w.order, want)
	}
}

func TestAdminsTakeBackOnlyWhatEverybodyCanRead(t *testing.T) {
	for _, tt := range []struct {
		name, channel, text string
		change              func(w *kudosTown)
		fault               FaultCode
	}{
		{"a public channel's", "CPUB", "", nil, ""},
		{"a private channel's", "CPRIV", "", nil, FaultNotFound},
		{"a private one", "CPUB", " --private", nil, FaultNotFound},
		{"a shared channel's", "CSHARED", "", nil, FaultNotFound},
		{"one from a DM", "D1", "", nil, FaultNotFound},
		{"of a channel that is private by now", "CPUB", "", func(w *kudosTown) { w.places["CPUB"] = Channel{ID: "CPUB", Inside: true, Private: true} }, FaultNotFound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			k := w.given(t, "1", "UANA", tt.channel, "<@UBOB> "+helpful+tt.text).Kudos
			if tt.change != nil {
				tt.change(w)
			}
			_, err := w.Undo(t.Context(), w.now, "u", "UADMIN", k.ID)
			wantsFault(t, err, tt.fault)
			_, err = w.Given(t.Context(), "UADMIN", k.ID) // not even to look at
			wantsFault(t, err, FaultNotFound)
			_, err = w.Edit(t.Context(), w.now, "e", "UADMIN", k.ID, "something else that is long enough")
			wantsFault(t, err, FaultNotFound)
		})
	}
}

func TestTheLastKudosIsTakenBack(t *testing.T) {
	w := newKudosTown(t)
	_, err := w.UndoLast(t.Context(), w.now, "0", "UANA")
	wantsFault(t, err, KudosNothing)
	first := w.given(t, "1", "UANA", "CPUB", "<@UBOB> one "+helpful).Kudos
	w.now = w.now.Add(time.Minute)
	second := w.given(t, "2", "UANA", "CPUB", "<@UBOB> two "+helpful).Kudos
	w.given(t, "3", "UBOB", "CPUB", "<@UANA> three "+helpful)
	got, err := w.UndoLast(t.Context(), w.now, "u", "UANA")
	if err != nil || got.ID != second.ID {
		t.Fatalf("took back %+v, %v", got, err)
	}
	_, err = w.UndoLast(t.Context(), w.now, "u", "UANA") // the same command delivered again
	wantsFault(t, err, FaultDone)
	if !w.kudos[first.ID].Undone.IsZero() {
		t.Error("the same command took another one back")
	}
	w.now = first.Given.Add(24*time.Hour + time.Second)
	_, err = w.UndoLast(t.Context(), w.now, "v", "UANA")
	wantsFault(t, err, KudosNothing)
}

func TestKudosAreEdited(t *testing.T) {
	w := newKudosTown(t)
	k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> <@UCYN> "+helpful).Kudos
	for _, tt := range []struct {
		name, actor, text string
		fault             FaultCode
	}{
		{"somebody else", "UBOB", "a text that is long enough", FaultNotFound},
		{"too short", "UANA", "thx", KudosTooShort},
		{"empty", "UANA", " \n ", KudosTooShort},
		{"the same", "UANA", helpful[len("for "):], ""},
	} {
		_, err := w.Edit(t.Context(), w.now, Token(tt.name), tt.actor, k.ID, tt.text)
		wantsFault(t, err, tt.fault)
		if got := w.kudos[k.ID]; got.Version != 1 || !got.Edited.IsZero() {
			t.Fatalf("%s: changed to %+v", tt.name, got)
		}
	}
	w.now = w.now.Add(time.Hour)
	text := "and @bob for &lt;!channel&gt; --private #trust what you did"
	for range 2 {
		if got, err := w.Edit(t.Context(), w.now, "e", "UANA", k.ID, text); err != nil || got.Message != text || got.Private || !got.Edited.Equal(w.now) {
			t.Errorf("edited to %+v, %v", got, err)
		}
	}
	want := []string{"kudos/" + k.ID + "/post/v2", "kudos/" + k.ID + "/dm/UBOB/v2", "kudos/" + k.ID + "/dm/UCYN/v2"}
	if !slices.Equal(w.order[3:], want) {
		t.Errorf("sends %v, want %v", w.order[3:], want)
	}
	if _, err := w.Undo(t.Context(), w.now, "u", "UANA", k.ID); err != nil {
		t.Fatal(err)
	}
	_, err := w.Edit(t.Context(), w.now, "late", "UANA", k.ID, "another text that is long enough")
	wantsFault(t, err, FaultNotFound)
	if w.kudos[k.ID].Message != "" {
		t.Error("what was taken back has a text again")
	}
}

func TestKudosAreHidden(t *testing.T) {
	w := newKudosTown(t)
	k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> <@UCYN> "+helpful).Kudos
	for _, actor := range []string{"UANA", "UDEE", "UADMIN"} {
		_, err := w.Hide(t.Context(), w.now, "h", actor, k.ID)
		wantsFault(t, err, FaultNotFound)
		_, err = w.Note(t.Context(), actor, k.ID)
		wantsFault(t, err, FaultNotFound)
	}
	for _, token := range []Token{"h", "h", "twice"} {
		if got, err := w.Hide(t.Context(), w.now, token, "UBOB", k.ID); err != nil || !slices.Equal(got.Hidden, []string{"UBOB"}) {
			t.Errorf("hidden %+v, %v", got, err)
		}
	}
	if got, err := w.Note(t.Context(), "UBOB", k.ID); err != nil || got.Notes[0].Shown || !got.Notes[0].Posted {
		t.Errorf("note %+v, %v", got, err)
	}
	if got, err := w.Note(t.Context(), "UCYN", k.ID); err != nil || !got.Notes[0].Shown {
		t.Errorf("the other's note %+v, %v", got, err)
	}
	private := w.given(t, "2", "UANA", "CPUB", "<@UBOB> --private "+helpful).Kudos
	if got, err := w.Hide(t.Context(), w.now, "p", "UBOB", private.ID); err != nil || len(got.Hidden) > 0 {
		t.Errorf("there is nothing to hide: %+v, %v", got, err)
	}
}

func TestKudosAreForgotten(t *testing.T) {
	w := newKudosTown(t)
	mine := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	private := w.given(t, "2", "UANA", "CPUB", "<@UCYN> --private "+helpful).Kudos
	theirs := w.given(t, "3", "UBOB", "CPUB", "<@UANA> <@UCYN> "+helpful).Kudos
	toMeAlone := w.given(t, "4", "UBOB", "CPUB", "<@UANA> --private "+helpful).Kudos
	for i, want := range []int{3, 0} {
		if n, more, err := w.Forget(t.Context(), w.now, Token(fmt.Sprint("f", i)), "UANA"); err != nil || more || n != want {
			t.Errorf("forgot %d, %v, %v; want %d", n, more, err, want)
		}
	}
	if w.kudos[mine.ID].Message+w.kudos[private.ID].Message != "" {
		t.Error("what was given has its text")
	}
	if got := w.kudos[theirs.ID]; got.Message == "" || !slices.Equal(got.Hidden, []string{"UANA"}) {
		t.Errorf("what was received: %+v", got)
	}
	if w.kudos[toMeAlone.ID].Message == "" {
		t.Error("somebody else's private words are gone")
	}
}

func TestAllKindsOfKudosAreForgotten(t *testing.T) {
	w := newKudosTown(t)
	reported := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	w.reported(t, "UBOB", reported.ID)
	w.posted("report/"+reported.ID+"/UBOB/to/UADMIN", "1.1")
	toTeam, ofTeam, reaction, toMe := reported, reported, reported, reported
	toTeam.ID, toTeam.Team, toTeam.Reporters = "toteam", "SALL", nil
	ofTeam.ID, ofTeam.Team, ofTeam.Reporters, ofTeam.Giver, ofTeam.Recipients = "ofteam", "SALL", nil, "UCYN", []string{"UANA", "UBOB"}
	reaction.ID, reaction.Reaction, reaction.Message, reaction.About, reaction.Reporters = "reaction", "clap", "", "https://acme.slack.com/archives/CPUB/p1", nil
	toMe.ID, toMe.Reaction, toMe.Message, toMe.Reporters, toMe.Giver, toMe.Recipients = "tome", "clap", "", nil, "UCYN", []string{"UANA"}
	for _, k := range []Kudos{toTeam, ofTeam, reaction, toMe} {
		w.kudos[k.ID] = k
	}
	for i, want := range []int{5, 0} {
		if n, more, err := w.Forget(t.Context(), w.now, Token(fmt.Sprint("f", i)), "UANA"); err != nil || more || n != want {
			t.Errorf("forgot %d, %v, %v; want %d", n, more, err, want)
		}
	}
	for _, id := range []string{reported.ID, "toteam", "reaction"} {
		if k := w.kudos[id]; k.Undone.IsZero() || k.Message+k.About != "" {
			t.Errorf("%s is %+v", id, k)
		}
	}
	for _, id := range []string{"ofteam", "tome"} {
		if k := w.kudos[id]; !k.Undone.IsZero() || !slices.Equal(k.Hidden, []string{"UANA"}) {
			t.Errorf("%s is %+v", id, k)
		}
	}
	sid := "report/" + reported.ID + "/UBOB/to/UADMIN/v3.2"
	if c, _ := w.composedReport(t, sid); c == nil || c.(ReportedKudos).Kudos.Message != "" {
		t.Errorf("an admin still reads %+v", c)
	}
	if got := w.told("kudos/toteam/dm"); len(got) > 0 {
		t.Errorf("a team's people are written to: %v", got)
	}
}

func TestForgettingMuchGoesOnWhereItWas(t *testing.T) {
	w := newKudosTown(t)
	w.Daily = 1000
	for n := range forgetBatch + 5 {
		w.given(t, Token(fmt.Sprint(n)), "UANA", "CPUB", fmt.Sprintf("<@UBOB> %d %s", n, helpful))
		w.given(t, Token(fmt.Sprint("r", n)), "UBOB", "CPUB", fmt.Sprintf("<@UANA> %d %s", n, helpful))
	}
	total := 0
	for more := true; more; {
		n, rest, err := w.Forget(t.Context(), w.now, "f", "UANA")
		if err != nil || n == 0 {
			t.Fatalf("forgot %d after %d: %v", n, total, err)
		}
		total, more = total+n, rest
	}
	if total != 2*(forgetBatch+5) {
		t.Errorf("forgot %d", total)
	}
}

func TestAChangeSaysWhenThePostIsOutOfReach(t *testing.T) {
	for state, want := range map[State]bool{
		StatePending: false, StatePosting: false, StateSent: false, StateDropped: false, StateExpired: false, StateUnknown: true, StateDead: true,
	} {
		w := newKudosTown(t)
		k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
		w.settled(KudosPostSID(k.ID), state)
		edited, err := w.Edit(t.Context(), w.now, "e", "UANA", k.ID, "another text that is long enough")
		if err != nil || edited.Stray != want {
			t.Errorf("%s: edited %+v, %v", state, edited, err)
		}
		undone, err := w.UndoLast(t.Context(), w.now, "u", "UANA")
		if err != nil || undone.Stray != want || undone.ID != k.ID {
			t.Errorf("%s: taken back %+v, %v", state, undone, err)
		}
		again, err := w.Undo(t.Context(), w.now, "again", "UANA", k.ID)
		if err != nil || again.Stray != want {
			t.Errorf("%s: taken back again %+v, %v", state, again, err)
		}
	}
	w := newKudosTown(t)
	private := w.given(t, "1", "UANA", "CPUB", "<@UBOB> --private "+helpful).Kudos
	if undone, err := w.Undo(t.Context(), w.now, "u", "UANA", private.ID); err != nil || undone.Stray {
		t.Errorf("without a post: %+v, %v", undone, err)
	}
}
