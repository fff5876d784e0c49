package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot/pairing"
)

// Two weeks and more without any answer: each of them gets the three messages of one round, and a fourth that asks once whether they are still in.
// Then there is silence, until they say so.
func TestWhoeverSaysNothingIsLeftInPeace(t *testing.T) {
	k := openCafe(t, 4)
	p := k.setUp("C1", nil, letters(4)...)
	for week, want := range [][]Kind{
		{KindPair, KindMidway, KindMet},
		{KindPair, KindMidway, KindMet, KindNoPair},
		{KindPair, KindMidway, KindMet, KindNoPair},
		{KindPair, KindMidway, KindMet, KindNoPair},
	} {
		r := k.hold(p.ID)
		for _, id := range letters(4) {
			if got := k.got(id); !slices.Equal(got, want) {
				t.Errorf("after week %d %s got %v, want %v", week+1, id, got, want)
			}
		}
		if n := len(r.Groups); (week == 0) != (n == 2) || week > 0 && n != 0 {
			t.Errorf("week %d: %d groups", week+1, n)
		}
		if len(r.LeftOut) != 0 {
			t.Errorf("week %d: silent people count as left out: %v", week+1, r.LeftOut)
		}
	}
	for _, id := range []string{"a", "b"} {
		if _, err := k.Return(t.Context(), k.now, k.act(p.ID, id)); err != nil {
			t.Fatal(err)
		}
	}
	r := k.hold(p.ID)
	if len(r.Groups) != 1 || !slices.Equal(r.Groups[0].Members, []string{"a", "b"}) {
		t.Errorf("after two are in again: %+v", r.Groups)
	}
	if s := k.seat(p.ID, "c"); !s.Silent || s.SatOut != 0 {
		t.Errorf("still silent: %+v", s)
	}
}

func TestTheSilentAreAskedWhetherTheyAreStillIn(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", nil, "a", "b")
	k.hold(p.ID)
	r := k.plan(p.ID)
	s := k.shelf.sends[noPairSID(r.ID, "a")]
	content, d, err := k.Compose(t.Context(), k.now, s)
	if note, ok := content.(StillInNote); err != nil || d.Verdict != Go || !ok || note.Mine.Seat.Asked != 2 {
		t.Errorf("composed %#v, %+v, %v", content, d, err)
	}
	if _, err := k.Return(t.Context(), k.now, k.act(p.ID, "a")); err != nil {
		t.Fatal(err)
	}
	if _, d, _ := k.Compose(t.Context(), k.now, s); d.Verdict != Drop {
		t.Errorf("asked although they said so: %+v", d)
	}
}

// Any tap is a sign of life, and silence counts only for who was introduced.
func TestWhoIsMatchedAgain(t *testing.T) {
	for _, tt := range []struct {
		name   string
		during func(k *cafe, p Program, r Round) // after the introductions, before the round's end
		again  string                            // of a and b, who are in one group
	}{
		{"nobody said a word", func(*cafe, Program, Round) {}, ""},
		{"a found a time", func(k *cafe, _ Program, r Round) { k.found(r, "a", TimeScheduled) }, "ab"},
		{"a found a time, and they did not meet", func(k *cafe, _ Program, r Round) {
			k.found(r, "a", TimeScheduled)
			k.said(r, "a", MetNo)
		}, "a"},
		{"a says not yet", func(k *cafe, _ Program, r Round) { k.found(r, "a", TimeNotYet) }, "a"},
		{"a cannot", func(k *cafe, _ Program, r Round) { k.found(r, "a", TimeCannot) }, "ab"},
		{"a says that they met", func(k *cafe, _ Program, r Round) { k.said(r, "a", MetYes) }, "ab"},
		{"a says that they did not meet", func(k *cafe, _ Program, r Round) { k.said(r, "a", MetNo) }, "a"},
		{"a says later", func(k *cafe, _ Program, r Round) { k.said(r, "a", MetLater) }, "a"},
		{"a presses join again", func(k *cafe, p Program, _ Round) { k.join(p.ID, "a") }, "a"},
		{"a takes a skip back", func(k *cafe, p Program, _ Round) {
			_, _ = k.Skip(k.t.Context(), k.now, k.act(p.ID, "a"), true)
			_, _ = k.Skip(k.t.Context(), k.now, k.act(p.ID, "a"), false)
		}, "a"},
		{"a opened the chat", func(k *cafe, p Program, _ Round) {
			if err := k.Hear(k.t.Context(), k.now, k.act(p.ID, "a")); err != nil {
				k.t.Error(err)
			}
		}, "a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 4)
			p := k.setUp("C1", nil, "a", "b")
			r := k.plan(p.ID)
			k.deliver(k.now.Add(time.Hour))
			tt.during(k, p, r)
			k.deliver(r.End.Add(time.Hour))
			k.join(p.ID, "c")
			k.join(p.ID, "d")
			next := k.plan(p.ID)
			again := ""
			for _, id := range []string{"a", "b"} {
				_, in := next.groupOf(id)
				if in || slices.Contains(next.LeftOut, id) {
					again += id
				}
			}
			if again != tt.again {
				t.Errorf("matched again: %q, want %q", again, tt.again)
			}
		})
	}
}

func TestAnIntroductionThatNeverCameIsNobodysSilence(t *testing.T) {
	for _, state := range []State{StateExpired, StateDead, StateDropped, StatePending, StateUnknown} {
		k := openCafe(t, 2)
		p := k.setUp("C1", nil, "a", "b")
		r := k.plan(p.ID)
		sid := PairSID(r.ID, r.Groups[0].Key)
		s := k.shelf.sends[sid]
		s.State = state
		k.shelf.sends[sid] = s
		if state == StatePending { // as if Slack were away for the whole round
			delete(k.shelf.sends, midwaySID(r.ID, r.Groups[0].Key))
			s.Due = r.End.AddDate(0, 0, 30)
			k.shelf.sends[sid] = s
		}
		k.deliver(r.End.Add(time.Hour))
		if got := k.got("a"); len(got) != 0 {
			t.Errorf("%s: asked about somebody unknown: %v", state, got)
		}
		next := k.plan(p.ID)
		if len(next.Groups) != 1 {
			t.Errorf("%s: not matched again: %+v", state, k.shelf.seats)
		}
		if m := k.shelf.meetings[fmt.Sprintf("%s 0001 a b", p.ID)]; m.Met == nil || *m.Met {
			t.Errorf("%s: the pair counts as met: %+v", state, m)
		}
		if slices.ContainsFunc(next.Groups[0].Reasons, func(r pairing.Reason) bool { return r.Code == pairing.MetBefore }) {
			t.Errorf("%s: matched as if they had met: %+v", state, next.Groups[0].Reasons)
		}
	}
}

func TestRecordsThatAreGoneCountAsSent(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", func(p *Program) { p.Weeks = 12 }, "a", "b")
	r := k.plan(p.ID)
	k.deliver(r.At.AddDate(0, 0, 60))
	for sid := range k.shelf.sends { // records live eight weeks
		if strings.HasPrefix(sid, "pair/") || strings.HasPrefix(sid, "midway/") {
			delete(k.shelf.sends, sid)
		}
	}
	if sent := k.deliver(r.End.Add(time.Hour)); len(sent) != 2 || sent[0].Kind != KindMet {
		t.Errorf("at the end: %+v", sent)
	}
	if next := k.plan(p.ID); len(next.Groups) != 0 {
		t.Errorf("the silent were matched: %+v", next.Groups)
	}
}

func TestARoundThatAChangedScheduleCutShortIsNobodysSilence(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", nil, "a", "b")
	k.plan(p.ID)
	k.deliver(k.now.Add(time.Hour))
	p.Weekday = time.Friday // at nine, an hour before anybody is asked whether they met
	if _, err := k.Save(t.Context(), k.now, k.token(), "a", p); err != nil {
		t.Fatal(err)
	}
	if r := k.plan(p.ID); r.At.Weekday() != time.Friday || len(r.Groups) != 1 {
		t.Errorf("on %s: %+v", r.At, r.Groups)
	}
}
