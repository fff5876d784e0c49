package bot

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot/when"
)

func TestAPromiseIsStoredOnceAndAnsweredTheSame(t *testing.T) {
	d := newDesk(t)
	in := Promise{Token: "T", By: "UANA", Owner: "UANA", Counterparties: []Counterparty{{Member: "UBOB"}}, Text: "send the deck", Due: d.due("UANA", "friday")}
	first := d.must(d.use.Promise(t.Context(), d.now, in))
	second := d.must(d.use.Promise(t.Context(), d.now.Add(time.Hour), in))
	if first.ID != 1 || second.ID != 1 || len(d.commitments) != 1 || second.Due == nil || *second.Due != *first.Due {
		t.Errorf("first %+v, then %+v", first, second)
	}
	d.wait("2026-03-31T18:00:00+02:00")
	d.expect("UANA", "03-27 09:00 #1 due; 03-30 09:00 #1 overdue")
	d.expect("UBOB", "")
}

func TestPromiseRefuses(t *testing.T) {
	d := newDesk(t)
	yesterday := &when.Due{Date: day(2026, 3, 24), Time: when.Clock{Hour: 17}, Zone: "Europe/Berlin"}
	for _, tt := range []struct {
		name string
		in   Promise
		want FaultCode
	}{
		{"no text", Promise{Owner: "UANA", Text: " "}, FollowupEmpty},
		{"a novel", Promise{Owner: "UANA", Text: strings.Repeat("é", promiseText+1)}, FollowupLong},
		{"to a bot", Promise{Owner: "UANA", Text: "x", Counterparties: []Counterparty{{Member: "UBOT"}}}, FollowupPerson},
		{"to somebody who left", Promise{Owner: "UANA", Text: "x", Counterparties: []Counterparty{{Member: "UGONE"}}}, FollowupPerson},
		{"to another company's", Promise{Owner: "UANA", Text: "x", Counterparties: []Counterparty{{Member: "UALIEN"}}}, FollowupPerson},
		{"to nobody we know", Promise{Owner: "UANA", Text: "x", Counterparties: []Counterparty{{Member: "UNKNOWN"}}}, FollowupPerson},
		{"asked of a bot", Promise{Owner: "UBOT", Text: "x"}, FollowupPerson},
		{"over", Promise{Owner: "UANA", Text: "x", Due: yesterday}, FollowupPast},
		{"in the year 9999", Promise{Owner: "UANA", Text: "x", Due: &when.Due{Date: day(9999, 12, 31), Zone: "UTC"}}, FollowupTooFar},
		{"on no day", Promise{Owner: "UANA", Text: "x", Due: &when.Due{Date: day(2026, 4, 31), Zone: "UTC"}}, FollowupImpossible},
		{"in no zone", Promise{Owner: "UANA", Text: "x", Due: &when.Due{Date: day(2026, 4, 30), Zone: "Mars/Olympus"}}, FaultInvalid},
	} {
		tt.in.By, tt.in.Token = "UANA", Token(tt.name)
		_, err := d.use.Promise(t.Context(), d.now, tt.in)
		if got := faultCode(err); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	d.broken = errors.New("dial tcp: refused")
	_, err := d.try("UANA", "send the deck by friday")
	d.refused(err, FaultUnsaved)
	if len(d.commitments) != 0 || len(d.sends) != 0 {
		t.Errorf("stored %v, %v", d.commitments, d.sends)
	}
}

func TestForgedNumbersAreNotFound(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> send the deck by friday")
	for name, act := range d.everything() {
		for _, a := range []Act{d.press("UCY", 1), d.press("UBOB", 1), d.press("UCY", 99), d.press("UCY", -1), d.press("", 1)} {
			if _, err := act(a); faultCode(err) != FaultNotFound {
				t.Errorf("%s by %q on #%d: %v, want not found", name, a.Actor, a.ID, err)
			}
		}
	}
	d.must(d.use.Share(t.Context(), d.now, d.press("UANA", 1)))
	for name, act := range d.everything() {
		_, err := act(d.press("UBOB", 1))
		if want := map[bool]FaultCode{true: FaultNotFound, false: FaultForbidden}[name == "accept" || name == "decline"]; faultCode(err) != want {
			t.Errorf("%s by a counterparty: %v, want %s", name, err, want)
		}
	}
	if c := d.commitments[1]; c.State != Open || c.Owner != "UANA" || c.Version != 2 {
		t.Errorf("changed: %+v", c)
	}
}

// everything is what can be done with a commitment.
func (d *desk) everything() map[string]func(Act) (Commitment, error) {
	ctx, friday := d.t.Context(), d.due("UANA", "friday")
	return map[string]func(Act) (Commitment, error){
		"done": func(a Act) (Commitment, error) { return d.use.Complete(ctx, d.now, a) },
		"drop": func(a Act) (Commitment, error) { return d.use.Release(ctx, d.now, a) },
		"undo": func(a Act) (Commitment, error) { return d.use.Undo(ctx, d.now, a) },
		"tell": func(a Act) (Commitment, error) {
			return d.use.Tell(ctx, d.now, a, Telling{To: []string{"UBOB"}, Text: "late"})
		},
		"share":   func(a Act) (Commitment, error) { return d.use.Share(ctx, d.now, a) },
		"unshare": func(a Act) (Commitment, error) { return d.use.Unshare(ctx, d.now, a) },
		"edit":    func(a Act) (Commitment, error) { return d.use.Edit(ctx, d.now, a, Edit{Text: "mine now"}) },
		"split": func(a Act) (Commitment, error) {
			list, err := d.use.Split(ctx, d.now, a)
			return slices.Concat(list, []Commitment{{}})[0], err
		},
		"show":    func(a Act) (Commitment, error) { return d.use.Show(ctx, a) },
		"move":    func(a Act) (Commitment, error) { return d.use.Move(ctx, d.now, a, friday) },
		"snooze":  func(a Act) (Commitment, error) { return d.use.Snooze(ctx, d.now, a, d.now.Add(time.Hour)) },
		"give":    func(a Act) (Commitment, error) { return d.use.Give(ctx, d.now, a, "UNEW") },
		"accept":  func(a Act) (Commitment, error) { return d.use.Answer(ctx, d.now, a, true) },
		"decline": func(a Act) (Commitment, error) { return d.use.Answer(ctx, d.now, a, false) },
	}
}

func TestAbsurdDates(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	for _, till := range []string{"0001-01-01T00:00:00Z", "2026-03-25T10:17:00+01:00", "9999-12-31T00:00:00Z"} {
		if _, err := d.use.Snooze(t.Context(), d.now, d.press("UANA", 1), instant(t, till)); faultCode(err) == "" {
			t.Errorf("snoozed till %s", till)
		}
	}
	for _, to := range []Date{day(1, 1, 1), day(2026, 3, 24), day(2037, 1, 1), day(2026, 13, 1), {}} {
		if _, err := d.use.Move(t.Context(), d.now, d.press("UANA", 1), &when.Due{Date: to, Zone: "UTC"}); faultCode(err) == "" {
			t.Errorf("moved to %v", to)
		}
	}
	if c := d.commitments[1]; c.Version != 1 || c.Before != nil {
		t.Errorf("changed: %+v", c)
	}
}

func TestDoneTwiceIsDoneOnce(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	d.say("UANA", "every friday water the plants")
	for _, id := range []int{1, 2} {
		press := d.press("UANA", id)
		first := d.must(d.use.Complete(t.Context(), d.now, press))
		second := d.must(d.use.Complete(t.Context(), d.now.Add(2*time.Second), press))
		if second.State != first.State || first.Due.Date != second.Due.Date || second.Version != first.Version {
			t.Errorf("#%d: first %+v, then %+v", id, first, second)
		}
	}
	if c := d.commitments[2]; c.State != Open || c.Due.Date != day(2026, 4, 3) {
		t.Errorf("the repeating one: %+v", c)
	}
	_, err := d.use.Complete(t.Context(), d.now.Add(time.Hour), d.press("UANA", 1))
	d.refused(err, FollowupClosed)
}

func TestOneButtonWorksAgainAfterUndo(t *testing.T) {
	for _, text := range []string{"send the deck by friday", "every friday water the plants"} {
		d := newDesk(t)
		c := d.say("UANA", text)
		press, undo := d.press("UANA", 1), d.press("UANA", 1)
		for range 2 {
			d.must(d.use.Complete(t.Context(), d.now, press))
			undone := d.must(d.use.Undo(t.Context(), d.now, undo))
			if undone.State != Open || *undone.Due != *c.Due || undone.Before != nil || !undone.Closed.IsZero() {
				t.Errorf("%s: undone: %+v", text, undone)
			}
		}
		kept := d.must(d.use.Complete(t.Context(), d.now, press))
		if kept.State == Open && *kept.Due == *c.Due {
			t.Errorf("%s: the third press did nothing: %+v", text, kept)
		}
	}
}

func TestUndo(t *testing.T) {
	for name, act := range map[string]func(*desk) (Commitment, error){
		"done": func(d *desk) (Commitment, error) { return d.use.Complete(d.t.Context(), d.now, d.press("UANA", 1)) },
		"drop": func(d *desk) (Commitment, error) { return d.use.Release(d.t.Context(), d.now, d.press("UANA", 1)) },
		"give": func(d *desk) (Commitment, error) { return d.use.Give(d.t.Context(), d.now, d.press("UANA", 1), "UBOB") },
		"snooze": func(d *desk) (Commitment, error) {
			return d.use.Snooze(d.t.Context(), d.now, d.press("UANA", 1), d.now.Add(48*time.Hour))
		},
		"move": func(d *desk) (Commitment, error) {
			return d.use.Move(d.t.Context(), d.now, d.press("UANA", 1), d.due("UANA", "in 20 days"))
		},
		"undate": func(d *desk) (Commitment, error) { return d.use.Move(d.t.Context(), d.now, d.press("UANA", 1), nil) },
	} {
		d := newDesk(t)
		before := d.say("UANA", "send the deck by friday")
		d.now = d.now.Add(time.Hour)
		d.must(act(d))
		_, err := d.use.Undo(t.Context(), d.now.Add(undoWindow+time.Second), d.press("UANA", 1))
		d.refused(err, FaultTooLate)
		after := d.must(d.use.Undo(t.Context(), d.now.Add(undoWindow), d.press("UANA", 1)))
		if after.State != Open || after.Due == nil || *after.Due != *before.Due || after.Giving != "" || len(after.Moves) != 0 || !after.SnoozedTill.IsZero() {
			t.Errorf("%s undone: %+v", name, after)
		}
		_, err = d.use.Undo(t.Context(), d.now, d.press("UANA", 1))
		d.refused(err, FaultDone)
		d.wait("2026-04-20T18:00:00+02:00")
		d.expect("UANA", "03-27 09:00 #1 due; 03-30 09:00 #1 overdue")
		d.expect("UBOB", "")
	}
}

func TestAnActOnWhatChangedMeanwhileIsRefused(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	d.onReplace = func() { d.must(d.use.Release(t.Context(), d.now, d.press("UANA", 1))) }
	_, err := d.use.Move(t.Context(), d.now, d.press("UANA", 1), d.due("UANA", "in 5 days"))
	d.refused(err, FaultStale)
	if d.commitments[1].State != Released {
		t.Errorf("it is %+v", d.commitments[1])
	}
}

func TestAProposalIsInertUntilItIsAccepted(t *testing.T) {
	d := newDesk(t)
	c := d.say("UANA", "from <@UNEW> security answers by monday")
	if c.State != Proposed || c.Owner != "UNEW" || !c.VisibleTo("UANA") || c.VisibleTo("UCY") {
		t.Fatalf("proposed %+v", c)
	}
	d.wait("2026-03-26T12:00:00+01:00")
	d.expect("UNEW", "03-25 09:00 UANA proposes #1")
	_, err := d.use.Complete(t.Context(), d.now, d.press("UNEW", 1))
	d.refused(err, FollowupWaiting)
	_, err = d.use.Answer(t.Context(), d.now, d.press("UANA", 1), true)
	d.refused(err, FaultNotFound)
	press := d.press("UNEW", 1)
	d.must(d.use.Answer(t.Context(), d.now, press, true))
	_, err = d.use.Answer(t.Context(), d.now, press, true)
	d.refused(err, FaultDone)
	d.wait("2026-03-31T12:00:00+02:00")
	d.expect("UNEW", "03-25 09:00 UANA proposes #1; 03-30 09:00 #1 due")
	d.expect("UANA", "03-26 12:00 UNEW accepted #1")
}

func TestADeclinedProposalCanBeHadBack(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "from <@UBOB> security answers by monday")
	no, yes, undo := d.press("UBOB", 1), d.press("UBOB", 1), d.press("UBOB", 1)
	for range 2 {
		d.must(d.use.Answer(t.Context(), d.now, no, false))
		d.must(d.use.Undo(t.Context(), d.now, undo))
		d.must(d.use.Answer(t.Context(), d.now, yes, true))
		d.must(d.use.Undo(t.Context(), d.now, undo))
	}
	d.wait("2026-03-25T10:20:00+01:00")
	d.expect("UANA", "")
	if c := d.must(d.use.Answer(t.Context(), d.now, yes, true)); c.State != Open {
		t.Errorf("accepted: %+v", c)
	}
	d.wait("2026-03-25T10:21:00+01:00")
	d.expect("UANA", "03-25 10:20 UBOB accepted #1")
}

func TestAProposalLapsesAfterFiveWorkingDays(t *testing.T) {
	d := newDesk(t)
	d.prefs["UBOB"] = Preferences{Holidays: "DE"}
	d.say("UANA", "from <@UBOB> security answers by 30 april")
	d.wait("2026-04-01T23:00:00+02:00")
	if c := d.commitments[1]; c.State != Proposed {
		t.Fatalf("lapsed on the fifth day already: %+v", c)
	}
	d.wait("2026-04-02T10:00:00+02:00")
	if c := d.commitments[1]; c.State != Lapsed {
		t.Fatalf("on the sixth day it is %+v", c)
	}
	d.expect("UANA", "04-02 09:00 UBOB lapsed #1")
	_, err := d.use.Answer(t.Context(), d.now, d.press("UBOB", 1), true)
	d.refused(err, FollowupClosed)
	if err := d.use.Lapse(t.Context(), d.now, "1"); err != nil {
		t.Errorf("lapse again: %v", err)
	}
}

func TestAProposalWaitsForTheEndOfAPause(t *testing.T) {
	d := newDesk(t)
	d.prefs["UBOB"] = Preferences{PausedTill: day(2026, 4, 20)}
	d.say("UANA", "from <@UBOB> security answers by 30 april")
	d.wait("2026-04-24T23:00:00+02:00")
	d.expect("UBOB", "04-20 09:00 UANA proposes #1")
	if c := d.commitments[1]; c.State != Proposed {
		t.Errorf("lapsed within five working days: %+v", c)
	}
}

func TestATakenBackProposalIsSilent(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "from <@UNEW> security answers by monday")
	d.must(d.use.Release(t.Context(), d.now, d.press("UANA", 1)))
	d.must(d.use.Release(t.Context(), d.now, d.press("UANA", 1)))
	d.wait("2026-04-10T12:00:00+02:00")
	d.expect("UNEW", "")
	d.expect("UANA", "")
}

func TestTenProposalsADay(t *testing.T) {
	d := newDesk(t)
	for range 5 {
		d.say("UANA", "from <@UBOB> an answer by monday")
		d.must(d.use.Give(t.Context(), d.now, d.press("UANA", d.say("UANA", "a thing by monday").ID), "UCY"))
	}
	_, err := d.try("UANA", "from <@UBOB> an answer by monday")
	d.refused(err, FollowupProposals)
	own := d.say("UANA", "my own promise by monday")
	_, err = d.use.Give(t.Context(), d.now, d.press("UANA", own.ID), "UCY")
	d.refused(err, FollowupProposals)
	d.say("UBOB", "from <@UANA> an answer by monday") // others have their own ten
	d.now = instant(t, "2026-03-26T00:01:00+01:00")
	d.say("UANA", "from <@UBOB> an answer by monday")
}

func TestGiving(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> send the deck by friday")
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UNEW"))
	_, err := d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UNEW")
	d.refused(err, FaultDone)
	_, err = d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UANA")
	d.refused(err, FaultDone)
	_, err = d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UBOT")
	d.refused(err, FollowupPerson)
	_, err = d.use.Complete(t.Context(), d.now, d.press("UNEW", 1))
	d.refused(err, FaultForbidden)
	d.wait("2026-03-25T20:00:00+01:00")
	d.expect("UNEW", "03-25 09:00 UANA offers #1")
	d.must(d.use.Answer(t.Context(), d.now, d.press("UNEW", 1), true))
	if owe, _, err := d.use.List(t.Context(), d.now, "UNEW", Scene{}); err != nil || len(owe) != 1 || owe[0].Owner != "UNEW" {
		t.Errorf("the new owner owes %+v, %v", owe, err)
	}
	_, err = d.use.Complete(t.Context(), d.now, d.press("UANA", 1))
	d.refused(err, FaultNotFound) // what she gave away is not hers to see
	d.wait("2026-03-28T20:00:00+01:00")
	d.expect("UNEW", "03-25 09:00 UANA offers #1; 03-27 09:00 #1 due")
	d.expect("UANA", "03-26 09:00 UNEW accepted #1")
	d.expect("UBOB", "")
}

func TestADeclinedOfferStaysWithItsReminders(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UBOB"))
	d.must(d.use.Answer(t.Context(), d.now, d.press("UBOB", 1), false))
	_, err := d.use.Answer(t.Context(), d.now, d.press("UBOB", 1), true)
	d.refused(err, FaultNotFound)
	d.wait("2026-03-27T20:00:00+01:00")
	d.expect("UANA", "03-25 10:17 UBOB declined #1; 03-27 09:00 #1 due")
}

func TestAnOfferOfWhatIsClosed(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UBOB"))
	d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
	_, err := d.use.Answer(t.Context(), d.now, d.press("UBOB", 1), true)
	d.refused(err, FollowupClosed)
	d.wait("2026-03-27T20:00:00+01:00")
	d.expect("UBOB", "")
}

func TestWhoSeesWhat(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> send the deck by friday")
	if _, owed, err := d.use.List(t.Context(), d.now, "UBOB", Scene{}); err != nil || len(owed) != 0 {
		t.Errorf("an unshared promise is listed: %+v, %v", owed, err)
	}
	d.must(d.use.Share(t.Context(), d.now, d.press("UANA", 1)))
	if _, owed, err := d.use.List(t.Context(), d.now, "UBOB", Scene{}); err != nil || len(owed) != 1 {
		t.Errorf("a shared promise: %+v, %v", owed, err)
	}
	if owe, owed, err := d.use.List(t.Context(), d.now, "UCY", Scene{}); err != nil || len(owe)+len(owed) != 0 {
		t.Errorf("somebody else sees %+v, %+v, %v", owe, owed, err)
	}
	d.say("UANA", "water the plants")
	_, err := d.use.Share(t.Context(), d.now, d.press("UANA", 2))
	d.refused(err, FollowupNotTold)
}
