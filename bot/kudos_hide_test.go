package bot

import (
	"slices"
	"testing"
	"time"
)

func TestAHiddenNameIsShownAgain(t *testing.T) {
	w := newKudosTown(t)
	k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> <@UCYN> "+helpful).Kudos
	for i, tt := range []struct {
		show   bool
		before bool
		hidden []string
	}{{true, true, nil}, {false, false, []string{"UBOB"}}, {false, true, []string{"UBOB"}}, {true, false, nil}, {true, true, nil}, {false, false, []string{"UBOB"}}} {
		act := w.Hide
		if tt.show {
			act = w.Show
		}
		got, err := act(t.Context(), w.now, "the same press", "UBOB", k.ID)
		if err != nil || got.Before != tt.before || !slices.Equal(got.Hidden, tt.hidden) || got.Reposted != 0 {
			t.Errorf("%d: %+v, %v", i, got, err)
		}
	}
	for _, actor := range []string{"UANA", "UDEE", "UADMIN"} {
		_, err := w.Show(t.Context(), w.now, "s", actor, k.ID)
		wantsFault(t, err, FaultNotFound)
	}
}

func TestAMessageThatWentComesBack(t *testing.T) {
	w := newKudosTown(t)
	k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	w.posted(KudosPostSID(k.ID), "1.1")
	if _, err := w.Hide(t.Context(), w.now, "h", "UBOB", k.ID); err != nil {
		t.Fatal(err)
	}
	if c, d, err := w.ComposePost(t.Context(), w.now, w.sends[KudosPostSID(k.ID)+"/v2"]); err != nil || c != (Delete{}) || d.Verdict != Go {
		t.Errorf("hidden: %+v, %+v, %v", c, d, err)
	}
	shown, err := w.Show(t.Context(), w.now, "s", "UBOB", k.ID)
	if err != nil || shown.Reposted != 1 {
		t.Fatalf("shown %+v, %v", shown, err)
	}
	anew := KudosPostSID(k.ID) + "/anew1"
	if c, d, err := w.ComposePost(t.Context(), w.now, w.sends[anew]); err != nil || d.Verdict != Go || c.(KudosPost).Recipients[0] != "UBOB" {
		t.Errorf("anew: %+v, %+v, %v", c, d, err)
	}
	// If the first message is still there because its going was slow, it goes all the same.
	if c, d, err := w.ComposePost(t.Context(), w.now, w.sends[KudosPostSID(k.ID)+"/v2"]); err != nil || c != (Delete{}) || d.Verdict != Go {
		t.Errorf("the former one: %+v, %+v, %v", c, d, err)
	}
	w.posted(anew, "2.2")
	if _, err := w.Undo(t.Context(), w.now, "u", "UANA", k.ID); err != nil {
		t.Fatal(err)
	}
	if got := w.sends[anew+"/v4"]; got.Replaces != anew {
		t.Errorf("taken back by %+v of %v", got, w.order)
	}
}

func TestAnOldMessageDoesNotComeBack(t *testing.T) {
	w := newKudosTown(t)
	alone := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	both := w.given(t, "2", "UANA", "CPUB", "<@UBOB> <@UCYN> "+helpful).Kudos
	for _, k := range []Kudos{alone, both} {
		if _, err := w.Hide(t.Context(), w.now, "h"+Token(k.ID), "UBOB", k.ID); err != nil {
			t.Fatal(err)
		}
	}
	w.now = w.now.Add(kudosPostLife + time.Second)
	_, err := w.Show(t.Context(), w.now, "s", "UBOB", alone.ID)
	wantsFault(t, err, KudosShowLate)
	if got, err := w.Show(t.Context(), w.now, "t", "UBOB", both.ID); err != nil || len(got.Hidden) > 0 {
		t.Errorf("where the message still stands: %+v, %v", got, err)
	}
}
