package bot

import (
	"strings"
	"testing"
)

// gratitude is a town of promises and one of kudos, with the same people in both.
func gratitude(t *testing.T) (*desk, *kudosTown, *Thanks) {
	t.Helper()
	d, w := newDesk(t), newKudosTown(t)
	return d, w, &Thanks{Promises: d.use, Kudos: w.Recognition}
}

func TestOneTapThanksSayNoMoreThanWasTold(t *testing.T) {
	for _, shared := range []bool{false, true} {
		d, w, thanks := gratitude(t)
		d.say("UANA", "<@UBOB> find the secret contract")
		if shared {
			d.must(d.use.Share(t.Context(), d.now, d.press("UANA", 1)))
		}
		d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
		d.must(d.tell("UANA", 1, DraftDone+"it is in the blue folder.", "UBOB"))
		_, err := thanks.Thank(t.Context(), w.now, "UBOB", 1, 1)
		d.refused(err, FaultNotFound) // it is not out
		d.wait("2026-03-25T10:30:00+01:00")
		for _, who := range []string{"UANA", "UCY"} {
			_, err := thanks.Thank(t.Context(), w.now, who, 1, 1)
			d.refused(err, FaultNotFound)
		}
		first, err := thanks.Thank(t.Context(), w.now, "UBOB", 1, 1)
		if err != nil || !first.Kudos.Private || first.Kudos.Posted || len(first.Kudos.Recipients) != 1 || first.Kudos.Recipients[0] != "UANA" {
			t.Fatalf("thanked %+v, %v", first.Kudos, err)
		}
		if got := strings.Contains(first.Kudos.Message, "secret contract"); got != shared {
			t.Errorf("shared %v, says %q", shared, first.Kudos.Message)
		}
		again, err := thanks.Thank(t.Context(), w.now, "UBOB", 1, 1)
		if err != nil || again.Kudos.ID != first.Kudos.ID || len(w.kudos) != 1 {
			t.Errorf("thanked twice: %+v, %v", again.Kudos, err)
		}
		for _, n := range []int{0, 2, -1} {
			_, err := thanks.Thank(t.Context(), w.now, "UBOB", 1, n)
			d.refused(err, FaultNotFound)
		}
		_, err = thanks.Unthank(t.Context(), w.now, "mallory", "UCY", 1, 1)
		d.refused(err, FaultNotFound)
		for _, token := range []Token{"u1", "u2"} {
			if k, err := thanks.Unthank(t.Context(), w.now, token, "UBOB", 1, 1); err != nil || k.Undone.IsZero() {
				t.Errorf("taken back: %+v, %v", k, err)
			}
		}
		if again, err := thanks.Thank(t.Context(), w.now, "UBOB", 1, 1); err != nil || again.Kudos.Undone.IsZero() {
			t.Errorf("pressed after it was taken back: %+v, %v", again.Kudos, err)
		}
	}
}

func TestOnlyAKeptPromiseIsThankedForWithOneTap(t *testing.T) {
	d, w, thanks := gratitude(t)
	d.say("UANA", "<@UBOB> send the deck by friday")
	d.must(d.tell("UANA", 1, "it will be late", "UBOB"))
	d.wait("2026-03-25T10:30:00+01:00")
	_, err := thanks.Thank(t.Context(), w.now, "UBOB", 1, 1)
	d.refused(err, FaultNotFound)
	_, err = d.use.KeptItem(t.Context(), "UBOB", 1, 1)
	d.refused(err, FaultNotFound)
}

func TestThanksAreCutBetweenSigns(t *testing.T) {
	for text, want := range map[string]string{"short": "short", "éééééééééé&amp;&amp;&amp;": "éééééééééé…", "&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;": "&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;…"} {
		if got := cutTyped(text, 11); got != want || CountText(got) > 11 {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// A message that tells of several things shows how its reader thanked, and that they took it back.
func TestThanksStandInTheMessage(t *testing.T) {
	d, w, thanks := gratitude(t)
	d.say("UANA", "<@UBOB> send the deck")
	d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
	d.must(d.tell("UANA", 1, DraftDone+"the deck.", "UBOB"))
	d.wait("2026-03-25T10:30:00+01:00")
	stands := func() AddressedItem {
		t.Helper()
		a, err := thanks.Standing(t.Context(), d.now, "UBOB", StandingItem{KindAnswer, "1 kept UANA 1"})
		if err != nil || len(a.Items) != 1 {
			t.Fatalf("%+v, %v", a, err)
		}
		return a.Items[0]
	}
	if item := stands(); item.Thanked.ID != "" || item.Over {
		t.Errorf("before: %+v", item)
	}
	if _, err := thanks.Thank(t.Context(), w.now, "UBOB", 1, 1); err != nil {
		t.Fatal(err)
	}
	if item := stands(); item.Thanked.Giver != "UBOB" || !item.Thanked.Undone.IsZero() {
		t.Errorf("thanked: %+v", item)
	}
	if _, err := thanks.Unthank(t.Context(), w.now, "u", "UBOB", 1, 1); err != nil {
		t.Fatal(err)
	}
	if item := stands(); item.Thanked.Undone.IsZero() {
		t.Errorf("taken back: %+v", item)
	}
	a, err := thanks.Standing(t.Context(), d.now, "UCY", StandingItem{KindAnswer, "1 kept UANA 1"})
	if err != nil || a.Items[0].Words != "" || a.Items[0].Thanked.ID != "" {
		t.Errorf("to somebody else: %+v, %v", a, err)
	}
}
