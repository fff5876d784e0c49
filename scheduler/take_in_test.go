package scheduler_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"rapport/bot"
)

// bundle inserts messages to one person, of which each takes in whatever else of them waits when it is composed.
func (h *house) bundle(n int) (sids []string) {
	h.t.Helper()
	for i := range n {
		sids = append(sids, fmt.Sprint("m", i))
		h.insert(bot.Send{SID: sids[i], Kind: bot.KindKudosDM, Members: []string{"UANA"}, Due: start.Add(time.Duration(i/2) * time.Second)})
	}
	for _, sid := range sids {
		h.decisions[sid] = func(time.Time) (d bot.Decision, err error) {
			found, err := h.store.SendsBySID(h.t.Context(), sids...)
			for _, other := range sids {
				if s := found[other]; other != sid && s.State == bot.StatePending && len(s.Took) == 0 {
					d.Takes = append(d.Takes, other)
				}
			}
			return d, err
		}
	}
	return sids
}

// wantsEachOnce checks that each send was part of exactly one message that arrived.
func (h *house) wantsEachOnce(sids []string) (messages int) {
	h.t.Helper()
	for _, sid := range sids {
		head, err := bot.Standing(h.t.Context(), h.store, sid)
		if err != nil {
			h.t.Fatal(err)
		}
		own := h.slack.arrived(sid)
		messages += own
		switch {
		case head.State != bot.StateSent || h.slack.arrived(head.SID) != 1:
			h.t.Errorf("%s stands in %+v, which arrived %d times", sid, head, h.slack.arrived(head.SID))
		case head.SID != sid && (own > 0 || !slices.Contains(head.Took, sid)):
			h.t.Errorf("%s arrived %d times beside %+v", sid, own, head)
		}
	}
	return messages
}

func TestAMessageTakesOthersIn(t *testing.T) {
	h := newHouse(t)
	sids := h.bundle(4)
	var observed []string
	cfg := h.config()
	cfg.Observe = func(s bot.Send, o bot.Outcome) {
		observed = append(observed, fmt.Sprint(s.SID, " ", o.State, " ", o.Reason))
	}
	cfg.Workers = 1
	var told []string
	h.slack.fail = func(s bot.Send, _ int) fault {
		told = append(told, s.Took...)
		return fault{}
	}
	// What edits one that was taken in finds the message.
	h.insert(bot.Send{SID: "edit", Kind: bot.KindKudosDM, Members: []string{"UANA"}, Replaces: "m2", Due: start.Add(30 * time.Second)})
	h.run(cfg)
	h.clock.advance(time.Minute)
	if n := h.wantsEachOnce(sids); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
	h.wants("edit", bot.StateSent, 1)
	slices.Sort(observed)
	if want := []string{"edit sent ", "m0 sent ", "m1 dropped merged", "m2 dropped merged", "m3 dropped merged"}; !slices.Equal(observed, want) {
		t.Errorf("observed %q, want %q", observed, want)
	}
	if want := []string{"m1", "m2", "m3"}; !slices.Equal(told, want) {
		t.Errorf("the sender heard of %v, want %v", told, want)
	}
}

func TestADeathAtAnyStepLeavesEachPartOfOneMessage(t *testing.T) {
	for _, name := range []string{"claim", "compose", "posting", "send", "settle", "find"} {
		for _, side := range []string{"before ", "after "} {
			for _, tt := range []struct {
				how   string
				first bot.Outcome // of the first post
				there bool
			}{
				{"", bot.Outcome{}, true},
				{"too many", bot.Outcome{State: bot.StatePending}, false},
				{"no answer", bot.Outcome{State: bot.StateUnknown}, true},
				{"no answer, not there", bot.Outcome{State: bot.StateUnknown}, false},
			} {
				if name == "find" && tt.first.State != bot.StateUnknown {
					continue // nothing is looked for
				}
				t.Run(side+name+" "+tt.how, func(t *testing.T) {
					h := newHouse(t)
					sids := h.bundle(5)
					posts := 0
					h.slack.fail = func(bot.Send, int) fault {
						if posts++; posts == 1 {
							return fault{arrives: tt.there, outcome: tt.first}
						}
						return fault{}
					}
					m := h.runMortal(side+name, 1)
					h.clock.advance(2 * time.Minute)
					if !m.dead {
						t.Fatal("the process did not die")
					}
					h.run(h.config())
					h.run(h.config())
					h.clock.advance(10 * time.Minute)
					h.wantsEachOnce(sids)
				})
			}
		}
	}
}

// What colleagues ask and what they answer are two kinds. One message tells of both, and each is counted by its own.
func TestAMessageTakesAnotherKindIn(t *testing.T) {
	h := newHouse(t)
	asks := bot.Send{SID: "followup/1/proposal", Kind: bot.KindProposal, Ref: "1", Members: []string{"UANA"}, Due: start, NotAfter: start.Add(time.Minute)}
	answers := bot.Send{SID: "followup/2/v2/accepted", Kind: bot.KindAnswer, Ref: "2 accepted UBOB", Members: []string{"UANA"}, Due: start.Add(time.Hour)}
	h.insert(asks, answers)
	h.decisions[asks.SID] = func(time.Time) (bot.Decision, error) {
		waiting, err := h.store.SendsTo(t.Context(), "UANA")
		if len(waiting) != 2 || waiting[1].State != bot.StatePending {
			return bot.Decision{}, err
		}
		return bot.Decision{Takes: []string{answers.SID}, TakesKinds: []bot.Kind{bot.KindAnswer}}, err
	}
	var observed []string
	cfg := h.config()
	cfg.Observe = func(s bot.Send, o bot.Outcome) {
		observed = append(observed, fmt.Sprint(s.SID, " ", s.Kind, " ", o.State))
	}
	cfg.Workers = 1
	// Slack asks to wait for longer than the question alone would have lived: what it took in goes with it nevertheless.
	h.slack.fail = func(_ bot.Send, try int) fault {
		if try == 1 {
			return fault{outcome: bot.Outcome{State: bot.StatePending, Retry: start.Add(10 * time.Minute)}}
		}
		return fault{}
	}
	h.run(cfg)
	h.clock.advance(2 * time.Hour)
	if n := h.wantsEachOnce([]string{asks.SID, answers.SID}); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
	want := []string{answers.SID + " answer dropped", asks.SID + " proposal pending", asks.SID + " proposal sent"}
	if !slices.Equal(observed, want) {
		t.Errorf("observed %q, want %q", observed, want)
	}
}
