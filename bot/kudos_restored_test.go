package bot

import (
	"slices"
	"testing"
	"time"
)

// A message was found of which the restored store knows one kudos, and not the one that took it in.
func TestWhatALostSendTookInIsStillTheirs(t *testing.T) {
	w := newKudosTown(t)
	known := w.thanks(t, "UANA", "known")
	s := w.sends[known]
	s.State, s.Into, s.PostedIn, s.PostedTS, s.Settled = StateSent, kudosNoteSID("lost", "UBOB"), "D1", "1.1", w.now
	w.sends[known] = s
	if got, err := Standing(t.Context(), w, known); err != nil || got.SID != known || got.PostedTS != "1.1" {
		t.Errorf("it stands in %+v, %v", got, err)
	}
	w.now = w.now.Add(time.Minute)
	if _, d := w.composed(t, w.thanks(t, "UCYN", "next")); d.Verdict != Wait || d.Reason != ReasonBundled {
		t.Errorf("the next comes within the hour: %+v", d)
	}
	id := noteIDs([]string{known})[0]
	if _, err := w.Undo(t.Context(), w.now, "u", "UANA", id); err != nil {
		t.Fatal(err)
	}
	if content, d := w.composed(t, known+"/v2"); content != (Delete{}) || d.Verdict != Go {
		t.Errorf("taken back, its message is %+v, %+v", content, d)
	}
	s.State = StateDropped
	w.sends[known] = s
	if _, err := Standing(t.Context(), w, known); err == nil {
		t.Error("what was taken in and never found stands somewhere")
	}
}

// A clap that comes again may be taken in by the message that was to tell of the first one. It stands there once.
func TestAClapThatCameTwiceIsToldOfOnce(t *testing.T) {
	w := reactionTown(t)
	other := w.thanks(t, "UCYN", "other")
	w.react(t, w.clap(0))
	k, _ := w.clapped()
	head := kudosNoteSID(k.ID, "UBOB")
	w.tookIn(head, []string{other})
	w.react(t, w.clap(1, takenOff), w.clap(2))
	w.now = w.now.Add(time.Minute)
	k, _ = w.clapped()
	_, d := w.composed(t, head)
	if d.Verdict != Go || !slices.Equal(d.Takes, []string{k.noteSID("UBOB")}) {
		t.Fatalf("composed %+v", d)
	}
	w.tookIn(head, d.Takes)
	content, _ := w.composed(t, head)
	notes, _ := content.(KudosNotes)
	if len(notes.Notes) != 2 {
		t.Errorf("it tells of %d kudos, want 2", len(notes.Notes))
	}
}

// An emoji stands where it was put: there is no message of it to post elsewhere.
func TestAClapIsPostedNowhere(t *testing.T) {
	w := reactionTown(t, func(s *KudosSettings) { s.Channel = "CPUB" })
	w.scene.Preferences["UBOB"] = Preferences{Member: "UBOB", KudosDM: KudosPrivately}
	w.react(t, w.clap(0))
	delete(w.scene.Preferences, "UBOB")
	k, _ := w.clapped()
	if k.Posted {
		t.Fatal("it counts as posted")
	}
	_, err := w.PostIn(t.Context(), w.now, "post", "UANA", k.ID, "CPUB")
	wantsFault(t, err, FaultNotFound)
}
