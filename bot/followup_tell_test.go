package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// tell says some words about a commitment: that it is done, where it is.
func (d *desk) tell(who string, id int, text string, to ...string) (Commitment, error) {
	d.t.Helper()
	a := d.press(who, id)
	draft, err := d.use.TellDraft(d.t.Context(), d.now, a, true)
	if err != nil {
		return draft.Commitment, err
	}
	return d.use.Tell(d.t.Context(), d.now, a, Telling{To: to, Text: text, Kept: draft.Kept, Occasion: draft.Occasion})
}

// words are what somebody was told, as they got it.
func (d *desk) words(who string) string {
	var all []string
	for _, m := range d.post {
		if a, ok := m.content.(Addressed); ok && m.to == who {
			for _, item := range a.Items {
				all = append(all, fmt.Sprintf("%s|%s", item.Words, item.Commitment.Text))
			}
		}
	}
	return strings.Join(all, "; ")
}

func TestTelling(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> <@UNEW> send the deck by friday")
	d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
	d.must(d.tell("UANA", 1, "Done: the deck.", "UBOB", "UNEW"))
	d.must(d.tell("UANA", 1, "Done: the deck.", "UBOB", "UNEW"))
	d.wait("2026-03-25T10:20:00+01:00")
	_, err := d.tell("UANA", 1, "Done: the deck.", "UBOB")
	d.refused(err, FollowupTold)
	d.must(d.use.Undo(t.Context(), d.now, d.press("UANA", 1)))
	d.wait("2026-03-25T20:00:00+01:00")
	d.expect("UBOB", "03-25 10:18 UANA kept #1")
	d.expect("UNEW", "") // in New York it was undone before the day began
	if got := d.words("UBOB"); got != "Done: the deck.|" {
		t.Errorf("of what is not shared there is %q", got)
	}
	if d.commitments[1].Shared {
		t.Error("telling shared it")
	}
	d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
	d.must(d.tell("UANA", 1, "Done: the deck.", "UNEW")) // what never came can be said again
	d.wait("2026-03-25T22:00:00+01:00")
	d.expect("UNEW", "03-25 15:01 UANA kept #1")
}

func TestWordsAboutAMovedDate(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> send the deck by friday")
	d.must(d.use.Share(t.Context(), d.now, d.press("UANA", 1)))
	d.must(d.use.Move(t.Context(), d.now, d.press("UANA", 1), d.due("UANA", "monday")))
	d.must(d.tell("UANA", 1, "It will come on Monday.", "UBOB"))
	d.wait("2026-03-25T10:30:00+01:00")
	if got, want := d.words("UBOB"), "It will come on Monday.|<@UBOB> send the deck"; !strings.HasPrefix(got, "It will come on Monday.|") || got == "It will come on Monday.|" {
		t.Errorf("told %q, want something like %q", got, want)
	}
}

func TestWhatCannotBeTold(t *testing.T) {
	long := strings.Repeat("é", promiseText+1)
	for _, tt := range []struct {
		name    string
		telling Telling
		want    FaultCode
	}{
		{"no words", Telling{To: []string{"UBOB"}, Text: " \n"}, FollowupWordless},
		{"too many words", Telling{To: []string{"UBOB"}, Text: long}, FollowupWordsLong},
		{"nobody", Telling{Text: "late"}, FollowupNotTold},
		{"somebody else", Telling{To: []string{"UBOB", "UNEW"}, Text: "late"}, FaultNotFound},
		{"herself", Telling{To: []string{"UANA"}, Text: "late"}, FaultNotFound},
		{"nothing was kept", Telling{To: []string{"UBOB"}, Text: "done", Kept: true}, FaultStale},
		{"who left", Telling{To: []string{"UCY"}, Text: "late"}, FollowupPerson},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			d.say("UANA", "<@UBOB> <@UCY> send the deck by friday")
			d.members["UCY"] = Member{ID: "UCY", Deleted: true}
			_, err := d.use.Tell(t.Context(), d.now, d.press("UANA", 1), tt.telling)
			d.refused(err, tt.want)
			if c := d.commitments[1]; len(c.Said) != 0 || c.Version != 1 {
				t.Errorf("changed: %+v", c)
			}
		})
	}
}

func TestEnoughIsSaidAboutOneThing(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> send the deck by friday")
	for n := range tellMost {
		d.must(d.tell("UANA", 1, fmt.Sprint("word ", n), "UBOB"))
	}
	_, err := d.tell("UANA", 1, "one more", "UBOB")
	d.refused(err, FollowupMuchSaid)
	d.now = d.now.Add(tellLife)
	d.must(d.tell("UANA", 1, "after two months", "UBOB"))
	if said := d.commitments[1].Said; len(said) != 2 || said[1].N != tellMost+1 {
		t.Errorf("remembers %+v", said)
	}
}

func TestWordsAreTakenBackInTime(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> <@UNEW> send the deck by friday")
	d.must(d.tell("UANA", 1, "late", "UBOB", "UNEW"))
	for range 2 {
		u, err := d.use.Unsay(t.Context(), d.now, d.press("UANA", 1), 1)
		if err != nil || !slices.Equal(u.To, []string{"UBOB", "UNEW"}) || len(u.Out) != 0 {
			t.Fatalf("taken back: %+v, %v", u, err)
		}
	}
	d.must(d.tell("UANA", 1, "late", "UBOB", "UNEW"))
	d.wait("2026-03-25T10:30:00+01:00")
	u, err := d.use.Unsay(t.Context(), d.now, d.press("UANA", 1), 2)
	if err != nil || !slices.Equal(u.To, []string{"UNEW"}) || !slices.Equal(u.Out, []string{"UBOB"}) {
		t.Fatalf("taken back from who did not have it: %+v, %v", u, err)
	}
	d.must(d.tell("UANA", 1, "very late", "UBOB"))
	d.wait("2026-03-25T20:00:00+01:00")
	d.expect("UNEW", "")
	_, err = d.use.Unsay(t.Context(), d.now, d.press("UANA", 1), 3)
	d.refused(err, FollowupWordOut)
	for actor, want := range map[string]FaultCode{"UBOB": FaultNotFound, "UCY": FaultNotFound} {
		_, err = d.use.Unsay(t.Context(), d.now, d.press(actor, 1), 3)
		d.refused(err, want)
	}
	_, err = d.use.Unsay(t.Context(), d.now, d.press("UANA", 1), 99)
	d.refused(err, FaultNotFound)
}

func TestWhomADraftIsFor(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> <@UCY> <@UFAR> send the deck by friday")
	d.members["UCY"], d.members["UFAR"] = Member{ID: "UCY", Name: "Cy", Deleted: true}, Member{ID: "UFAR", Name: "Far", Stranger: true}
	draft, err := d.use.TellDraft(t.Context(), d.now, d.press("UANA", 1), true)
	if err != nil || len(draft.To) != 1 || draft.To[0].ID != "UBOB" || len(draft.Gone) != 1 || !slices.Equal(draft.Outside, []string{"Far"}) || draft.Kept {
		t.Errorf("draft %+v, %v", draft, err)
	}
	for _, actor := range []string{"UBOB", "UNEW"} {
		_, err := d.use.TellDraft(t.Context(), d.now, d.press(actor, 1), false)
		d.refused(err, FaultNotFound)
	}
}

func TestAKeptOccasionIsTold(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> send the numbers every friday")
	_, err := d.use.Tell(t.Context(), d.now, d.press("UANA", 1), Telling{To: []string{"UBOB"}, Text: "done", Kept: true})
	d.refused(err, FaultStale)
	d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
	d.must(d.tell("UANA", 1, "Done: the numbers.", "UBOB"))
	d.wait("2026-03-25T10:20:00+01:00")
	d.expect("UBOB", "03-25 10:18 UANA kept #1")
	draft, err := d.use.TellDraft(t.Context(), d.now, d.press("UANA", 1), true)
	if err != nil || !slices.Equal(draft.Told, []string{"UBOB"}) || !draft.Kept || draft.Occasion != 0 {
		t.Errorf("draft %+v, %v", draft, err)
	}
}
