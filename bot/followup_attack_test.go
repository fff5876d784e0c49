package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// strangerActs is everything that a button or a form can do with a commitment, beyond what everything has.
func (d *desk) strangerActs() map[string]func(Act) error {
	ctx := d.t.Context()
	only := func(act func(context.Context, time.Time, Act) (Commitment, error)) func(Act) error {
		return func(a Act) error { _, err := act(ctx, d.now, a); return err }
	}
	acts := map[string]func(Act) error{
		"ask": only(d.use.Ask), "on track": only(d.use.OnTrack), "off track": only(d.use.UndoOnTrack), "free": only(d.use.Free), "need": only(d.use.UndoFree),
		"keep": only(d.use.Keep), "keep on": only(d.use.KeepOn), "let go": only(d.use.LetGo), "rechoose": only(d.use.UndoChoice),
		"pass on":  func(a Act) error { _, err := d.use.PassOn(ctx, d.now, a, "UNEW"); return err },
		"passable": func(a Act) error { _, err := d.use.Passable(ctx, a); return err },
		"plan":     func(a Act) error { _, err := d.use.SetPlan(ctx, d.now, a, Plan{Cue: "mine now"}); return err },
		"draft":    func(a Act) error { _, err := d.use.TellDraft(ctx, d.now, a, true); return err },
		"unsay":    func(a Act) error { _, err := d.use.Unsay(ctx, d.now, a, 1); return err },
		"editing":  func(a Act) error { _, _, _, err := d.use.Editing(ctx, d.now, a); return err },
		"word":     func(a Act) error { _, err := d.use.KeptItem(ctx, a.Actor, a.ID, 1); return err },
	}
	for name, act := range d.everything() {
		acts[name] = func(a Act) error { _, err := act(a); return err }
	}
	return acts
}

// TestNobodyLearnsOfAnItemByTryingNumbers: to everybody who may not see it, an item reads the same as one that never was, whatever they try.
func TestNobodyLearnsOfAnItemByTryingNumbers(t *testing.T) {
	d := newDesk(t)
	d.members["UGUEST"] = Member{ID: "UGUEST", Zone: "Europe/Berlin"}
	d.say("UANA", "<@UBOB> <@UGUEST> send the deck by friday")
	d.must(d.use.Share(t.Context(), d.now, d.press("UANA", 1)))
	d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
	d.must(d.tell("UANA", 1, "Done: the deck.", "UBOB"))
	d.must(d.use.Undo(t.Context(), d.now, d.press("UANA", 1)))
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UFAR"))
	d.must(d.use.Answer(t.Context(), d.now, d.press("UFAR", 1), true)) // UANA gave it away
	d.must(d.use.Give(t.Context(), d.now, d.press("UFAR", 1), "UCY"))
	d.must(d.use.Answer(t.Context(), d.now, d.press("UCY", 1), false)) // UCY said no
	d.must(d.use.Give(t.Context(), d.now, d.press("UFAR", 1), "UNEW"))
	d.must(d.use.Unshare(t.Context(), d.now, d.press("UFAR", 1)))
	d.members["UGUEST"] = Member{ID: "UGUEST", Stranger: true}
	before := d.commitments[1]
	for name, act := range d.strangerActs() {
		for _, who := range []string{"UANA", "UBOB", "UCY", "UGUEST", "UALIEN", "UBOT", "UGONE", "UNKNOWN", ""} {
			if name == "word" && who == "UBOB" {
				continue // he was told it
			}
			err, none := act(d.press(who, 1)), act(d.press(who, 99))
			if faultCode(err) != FaultNotFound || fmt.Sprint(err) != fmt.Sprint(none) {
				t.Errorf("%s by %q: %v, where there is none: %v", name, who, err, none)
			}
		}
	}
	d.must(d.use.Share(t.Context(), d.now, d.press("UFAR", 1)))
	for name, act := range d.strangerActs() {
		if err := act(d.press("UGUEST", 1)); faultCode(err) != FaultNotFound {
			t.Errorf("%s by a former colleague: %v", name, err)
		}
	}
	if c := d.commitments[1]; c.Version != before.Version+1 || c.Owner != "UFAR" || len(c.Said) != len(before.Said) {
		t.Errorf("changed: %+v", c)
	}
}

// TestForgedMessagesShowNothingNew: whatever somebody writes into the buttons of a message of several things, it shows them no more than they may see.
func TestForgedMessagesShowNothingNew(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", `<@UBOB> <@UCY> send the deck by friday`)
	c := d.commitments[1]
	c.Counterparties = append(c.Counterparties, Counterparty{Name: "Jane Doe", Org: "Acme"})
	d.commitments[1] = c
	d.must(d.use.SetPlan(t.Context(), d.now, d.press("UANA", 1), Plan{Cue: "after the review"}))
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UNEW"))
	d.must(d.tell("UANA", 1, "It is a bit late.", "UBOB"))
	forged := func(who string) string {
		t.Helper()
		var out []string
		for _, ref := range []string{
			"1", "1 0", "1 1", "1 asked UCY", "1 left UCY", "1 freed UCY", "1 accepted UANA", "1 declined UNEW", "1 declined UFAR", "1 lapsed UANA", "1 said UANA 1", "1 kept UANA 1",
			"1 on_track UANA 0", "1 moved UANA 0", "1 thanked UANA",
		} {
			for _, kind := range []Kind{KindProposal, KindAnswer} {
				a, err := d.use.AddressedNow(t.Context(), d.now, who, StandingItem{kind, ref})
				if err != nil {
					t.Fatal(err)
				}
				item := a.Items[0]
				out = append(out, fmt.Sprintf("%+v %v", item.Commitment, item.Words))
				if !item.Over && !slices.Contains([]string{"1 accepted UANA"}, ref) {
					t.Errorf("%s is told %q by a forged %q", who, item.What, ref)
				}
			}
		}
		return strings.Join(out, "\n")
	}
	for _, who := range []string{"UBOB", "UFAR", "UALIEN"} {
		if all := forged(who); strings.Contains(all, "deck") || strings.Contains(all, "late") || strings.Contains(all, "UANA") {
			t.Errorf("%s reads it", who)
		}
	}
	d.must(d.use.Share(t.Context(), d.now, d.press("UANA", 1)))
	all := forged("UBOB")
	for _, secret := range []string{"Jane", "Acme", "review", "UNEW", "Member:UCY", "late"} {
		if strings.Contains(all, secret) {
			t.Errorf("whom it is to reads %q", secret)
		}
	}
}

// TestTheFormersPlanIsNotTheNextOnes: what an owner noted for themselves does not go with a commitment that they give away, and comes back with it.
func TestTheFormersPlanIsNotTheNextOnes(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	d.must(d.use.SetPlan(t.Context(), d.now, d.press("UANA", 1), Plan{Cue: "after the review"}))
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UCY"))
	if c := d.must(d.use.Answer(t.Context(), d.now, d.press("UCY", 1), true)); c.Plan != nil {
		t.Errorf("the next owner reads %+v", c.Plan)
	}
	if c := d.must(d.use.Undo(t.Context(), d.now, d.press("UCY", 1))); c.Plan == nil || c.Plan.Cue != "after the review" {
		t.Errorf("back with its owner: %+v", c.Plan)
	}
}

// TestWhoKeepsSomebodyAwayShowsNowhere: an owner who tells somebody something cannot tell whether it was kept away, neither by telling it again nor by taking it back.
func TestWhoKeepsSomebodyAwayShowsNowhere(t *testing.T) {
	look := func(p Preferences) string {
		d := newDesk(t)
		d.prefs["UBOB"] = p
		d.say("UANA", "<@UBOB> send the deck by friday")
		d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
		d.must(d.tell("UANA", 1, "Done: the deck.", "UBOB"))
		d.wait("2026-03-25T12:00:00+01:00")
		draft, err := d.use.TellDraft(t.Context(), d.now, d.press("UANA", 1), true)
		if err != nil {
			t.Fatal(err)
		}
		_, again := d.tell("UANA", 1, "Done: the deck.", "UBOB")
		u, unsaid := d.use.Unsay(t.Context(), d.now, d.press("UANA", 1), 1)
		return fmt.Sprint(draft.Told, " ", again, " ", unsaid, " ", u.To, u.Out)
	}
	want := look(Preferences{Member: "UBOB"})
	for name, p := range map[string]Preferences{"away": {Member: "UBOB", Avoid: []string{"UANA"}}, "muted": {Member: "UBOB", Muted: []Kind{KindAnswer}}} {
		if got := look(p); got != want {
			t.Errorf("%s: the owner sees %s, else %s", name, got, want)
		}
	}
}

// TestWhomSomebodyKeepsAwayAsksNothing: also after an undo the owner does not read the question of whom they keep away.
func TestWhomSomebodyKeepsAwayAsksNothing(t *testing.T) {
	d := newDesk(t)
	d.prefs["UANA"] = Preferences{Member: "UANA", Avoid: []string{"UBOB"}}
	d.shared("<@UBOB> <@UCY> send the deck by 8 april")
	d.ask("UBOB", 1)
	d.ask("UCY", 1)
	d.must(d.use.OnTrack(t.Context(), d.now, d.press("UANA", 1)))
	c := d.must(d.use.UndoOnTrack(t.Context(), d.now, d.press("UANA", 1)))
	if waiting := c.Waiting(d.now); len(waiting) != 1 || waiting[0].By != "UCY" {
		t.Errorf("she reads that %+v ask", waiting)
	}
	if len(d.commitments[1].Waiting(d.now)) != 2 {
		t.Errorf("stored: %+v", d.commitments[1].Asked)
	}
}

// TestWhoAsksShowsItToNobodyElse: only the owner shows what they owe to others, also where somebody asked them for it.
func TestWhoAsksShowsItToNobodyElse(t *testing.T) {
	d := newDesk(t)
	c := d.must(d.use.Promise(t.Context(), d.now, Promise{
		Token: "T", By: "UBOB", Owner: "UANA", Text: "the answers", Counterparties: []Counterparty{{Member: "UCY"}}, Shared: true,
	}))
	sees := func(want ...string) {
		t.Helper()
		for _, who := range []string{"UANA", "UBOB", "UCY", "UFAR"} {
			if got := d.commitments[c.ID].VisibleTo(who); got != slices.Contains(want, who) {
				t.Errorf("%s sees it: %v", who, got)
			}
		}
	}
	sees("UANA", "UBOB")
	d.must(d.use.Answer(t.Context(), d.now, d.press("UANA", c.ID), true))
	sees("UANA", "UBOB")
	d.must(d.use.Share(t.Context(), d.now, d.press("UANA", c.ID)))
	sees("UANA", "UBOB", "UCY")
	d.must(d.use.Unshare(t.Context(), d.now, d.press("UANA", c.ID)))
	sees("UANA", "UBOB")
}

// TestWhatAnOwnerOpensIsWhatTheyHear: a form about a promise does not bring what somebody says whom its owner keeps away.
func TestWhatAnOwnerOpensIsWhatTheyHear(t *testing.T) {
	d := newDesk(t)
	d.prefs["UANA"] = Preferences{Member: "UANA", Avoid: []string{"UBOB"}}
	d.shared("<@UBOB> send the deck by 8 april")
	d.ask("UBOB", 1)
	d.must(d.use.Free(t.Context(), d.now, d.press("UBOB", 1)))
	if c := d.must(d.use.Show(t.Context(), d.press("UANA", 1))); len(c.Asked)+len(c.Freed) != 0 {
		t.Errorf("she reads %+v %+v", c.Asked, c.Freed)
	}
}

func TestTooManyPeople(t *testing.T) {
	d := newDesk(t)
	var many []Counterparty
	for range promisePeople + 1 {
		many = append(many, Counterparty{Name: "Jane"})
	}
	long := []Counterparty{{Name: strings.Repeat("é", outsideText+1)}}
	for _, list := range [][]Counterparty{many, long} {
		_, err := d.use.Promise(t.Context(), d.now, Promise{Token: "T", By: "UANA", Owner: "UANA", Text: "x", Counterparties: list})
		d.refused(err, FollowupMany)
		d.say("UANA", "send the deck")
		_, err = d.use.Edit(t.Context(), d.now, d.press("UANA", 1), Edit{Text: "x", Counterparties: list})
		d.refused(err, FollowupMany)
	}
}

// sealedAway answers for one commitment that its words do not open.
type sealedAway struct {
	*notebook
	id int
}

func (s *sealedAway) Commitment(ctx context.Context, id int) (Commitment, error) {
	if id == s.id {
		return Commitment{}, fmt.Errorf("read commitment %d: %w", id, ErrUnreadable)
	}
	return s.notebook.Commitment(ctx, id)
}

// TestAMessageWaitsForItsKey: what is about a commitment that no key opens waits, and holds nothing else up.
func TestAMessageWaitsForItsKey(t *testing.T) {
	d := newDesk(t)
	lost := &sealedAway{notebook: d.notebook, id: 1}
	d.use.Store = lost
	d.say("UBOB", "from <@UANA> the sealed answers by monday")
	d.say("UCY", "from <@UANA> other answers by monday")
	d.wait("2026-03-25T13:00:00+01:00")
	d.expect("UANA", "03-25 10:17 UCY proposes #2")
	if _, err := d.use.AddressedNow(t.Context(), d.now, "UANA", StandingItem{KindProposal, "1"}, StandingItem{KindProposal, "2"}); err != nil {
		t.Errorf("a message with it is not shown again: %v", err)
	}
	_, err := d.use.referredCode(t, 1)
	if !errors.Is(err, ErrUnreadable) {
		t.Errorf("read: %v", err)
	}
	lost.id = 0 // the key was found
	d.wait("2026-03-25T15:00:00+01:00")
	if got := d.got("UANA"); !strings.Contains(got, "UBOB proposes #1") {
		t.Errorf("with its key she got %q", got)
	}
}

func (p *Promises) referredCode(t *testing.T, id int) (Commitment, error) {
	t.Helper()
	c, _, err := p.referred(t.Context(), Send{Ref: fmt.Sprint(id)})
	return c, err
}
