package scheduler_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"rapport/bot"
)

func TestMessagesGoOutAtTheirInstant(t *testing.T) {
	h := newHouse(t)
	h.run(h.config())
	h.clock.advance(time.Minute)
	h.insert(dm("a", start.Add(time.Hour)), dm("b", start.Add(2*time.Hour+500*time.Microsecond)))
	h.clock.advance(time.Second) // nobody told the scheduler
	s := h.run(h.config())
	s.Poke()
	h.clock.advance(3 * time.Hour)
	for sid, want := range map[string]time.Time{"a": start.Add(time.Hour), "b": start.Add(2*time.Hour + time.Millisecond)} {
		h.wants(sid, bot.StateSent, 1)
		if got := h.slack.posts[sid][0].at; !got.Equal(want) {
			t.Errorf("%s came at %s, want %s", sid, got, want)
		}
	}
}

func TestAPokeMakesItLook(t *testing.T) {
	h := newHouse(t)
	s := h.run(h.config())
	h.clock.advance(time.Minute)
	h.insert(dm("a", h.clock.Now()))
	s.Poke()
	h.clock.advance(0)
	h.wants("a", bot.StateSent, 1)
}

func TestWhatTheComposerDecides(t *testing.T) {
	h := newHouse(t)
	until := start.Add(10 * time.Hour)
	h.decisions["waits"] = func(now time.Time) (bot.Decision, error) {
		if now.Before(until) {
			return bot.Decision{Verdict: bot.Wait, Reason: bot.ReasonQuietHours, Until: until}, nil
		}
		return bot.Decision{}, nil
	}
	h.decisions["stubborn"] = func(time.Time) (bot.Decision, error) {
		return bot.Decision{Verdict: bot.Wait, Reason: bot.ReasonQuietHours, Until: start}, nil
	}
	h.decisions["drops"] = func(time.Time) (bot.Decision, error) {
		return bot.Decision{Verdict: bot.Drop, Reason: bot.ReasonMuted, Then: bot.Intents{dm("instead", start)}}, nil
	}
	h.decisions["goes"] = func(time.Time) (bot.Decision, error) { return bot.Decision{Then: bot.Intents{dm("after", start)}}, nil }
	broken := 0
	h.decisions["breaks"] = func(time.Time) (bot.Decision, error) {
		if broken++; broken < 4 {
			return bot.Decision{}, errors.New("not read")
		}
		return bot.Decision{}, nil
	}
	short := dm("stubborn", start)
	short.NotAfter = start.Add(time.Minute)
	h.insert(dm("waits", start), dm("drops", start), dm("goes", start), dm("breaks", start), short)
	h.run(h.config())
	h.clock.advance(time.Minute)
	if s := h.state("waits"); s.State != bot.StatePending || s.Reason != bot.ReasonQuietHours || !s.Due.Equal(until) {
		t.Errorf("what waits is %+v", s)
	}
	h.wants("drops", bot.StateDropped, 0)
	h.wants("instead", bot.StateSent, 1)
	h.wants("goes", bot.StateSent, 1)
	h.wants("after", bot.StateSent, 1)
	h.wants("breaks", bot.StateSent, 1)
	h.clock.advance(10 * time.Hour)
	h.wants("waits", bot.StateSent, 1)
	h.wants("stubborn", bot.StateExpired, 0)
}

func TestAThreadWaitsForItsParent(t *testing.T) {
	h := newHouse(t)
	child := dm("child", start)
	child.Thread = "parent"
	orphan := dm("orphan", start)
	orphan.Replaces = "nobody"
	bereft := dm("bereft", start)
	bereft.Thread = "dropped"
	h.decisions["dropped"] = func(time.Time) (bot.Decision, error) { return bot.Decision{Verdict: bot.Drop}, nil }
	h.insert(child, orphan, bereft, dm("parent", start.Add(time.Hour)), dm("dropped", start))
	h.run(h.config())
	h.clock.advance(2 * time.Hour)
	h.wants("child", bot.StateSent, 1)
	h.wants("orphan", bot.StateDropped, 0)
	h.wants("bereft", bot.StateDropped, 0)
	if c, p := h.slack.posts["child"][0].at, h.slack.posts["parent"][0].at; c.Before(p) {
		t.Errorf("the child came at %s, before its parent at %s", c, p)
	}
}

func TestEveryWayToFail(t *testing.T) {
	first := func(f fault) func(bot.Send, int) fault {
		return func(_ bot.Send, try int) fault {
			if try == 1 {
				return f
			}
			return fault{}
		}
	}
	unknown := bot.Outcome{State: bot.StateUnknown}
	for _, test := range []struct {
		name  string
		fail  func(bot.Send, int) fault
		blind bool
		state bot.State
		times int
		after time.Duration // when it has come
	}{
		{"a definite no", first(fault{outcome: bot.Outcome{State: bot.StatePending}}), false, bot.StateSent, 1, 2 * time.Second},
		{"too fast", first(fault{outcome: bot.Outcome{State: bot.StatePending, Reason: "ratelimited", Retry: start.Add(30 * time.Second)}}), false, bot.StateSent, 1, 30 * time.Second},
		{"no answer, and it arrived", first(fault{arrives: true, outcome: unknown}), false, bot.StateSent, 1, 75 * time.Second},
		{"no answer, and it did not", first(fault{outcome: unknown}), false, bot.StateSent, 1, 75 * time.Second},
		{"no answer, and nobody can look", first(fault{arrives: true, outcome: unknown}), true, bot.StateUnknown, 1, time.Hour},
		{"refused for good", first(fault{outcome: bot.Outcome{State: bot.StateDead, Reason: "channel_not_found"}}), false, bot.StateDead, 0, 0},
		{"words that are no outcome", first(fault{arrives: true, outcome: bot.Outcome{State: "odd"}}), false, bot.StateSent, 1, 75 * time.Second},
		{"never a yes", func(bot.Send, int) fault { return fault{outcome: bot.Outcome{State: bot.StatePending}} }, false, bot.StateExpired, 0, 2 * time.Hour},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t)
			h.slack.fail, h.slack.blind = test.fail, test.blind
			send := dm("a", start)
			send.NotAfter = start.Add(time.Hour)
			h.insert(send)
			h.run(h.config())
			h.clock.advance(test.after)
			h.wants("a", test.state, test.times)
			h.clock.advance(5 * time.Hour)
			h.wants("a", test.state, test.times)
		})
	}
}

func TestAHaltKeepsEverything(t *testing.T) {
	h := newHouse(t)
	revoked := true
	h.slack.fail = func(bot.Send, int) fault {
		if revoked {
			return fault{outcome: bot.Outcome{State: bot.StatePending, Reason: "token_revoked", Halt: true}}
		}
		return fault{}
	}
	for _, sid := range []string{"a", "b", "c", "d", "e", "f"} {
		h.insert(dm(sid, start))
	}
	s := h.run(h.config())
	h.clock.advance(time.Hour)
	tried := len(h.slack.tries)
	h.clock.advance(24 * time.Hour)
	if !s.Halted() || tried > 3 || len(h.slack.tries) != tried {
		t.Errorf("halted %v after %d tries, %d a day later; want no more than the workers'", s.Halted(), tried, len(h.slack.tries))
	}
	revoked = false
	s.Resume()
	h.clock.advance(time.Minute)
	for _, sid := range []string{"a", "b", "c", "d", "e", "f"} {
		h.wants(sid, bot.StateSent, 1)
	}
}

func TestPaceIsKept(t *testing.T) {
	h := newHouse(t)
	var sends []bot.Send
	for _, sid := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		sends = append(sends, dm(sid, start))
	}
	for _, sid := range []string{"x", "y", "z"} {
		sends = append(sends, bot.Send{SID: sid, Kind: bot.KindTimed, Channel: "C1", Due: start})
	}
	h.insert(sends...)
	cfg := h.config()
	cfg.Pacer, h.slack.paced = h.store, true
	h.run(cfg)
	h.clock.advance(10 * time.Second)
	var all, inChannel []time.Time
	for sid, posts := range h.slack.posts {
		for _, p := range posts {
			all = append(all, p.at)
			if sid >= "x" {
				inChannel = append(inChannel, p.at)
			}
		}
	}
	if len(all) != 11 {
		t.Fatalf("%d messages came, want 11", len(all))
	}
	if least := leastApart(all); least < 250*time.Millisecond {
		t.Errorf("two messages came within %s", least)
	}
	if least := leastApart(inChannel); least < time.Second {
		t.Errorf("two messages came to one channel within %s", least)
	}
	if last := slices.MaxFunc(all, time.Time.Compare).Sub(start); last > 3*time.Second {
		t.Errorf("the last came after %s, although 11 messages need 2.5 s", last)
	}
}

func leastApart(at []time.Time) time.Duration {
	slices.SortFunc(at, time.Time.Compare)
	least := time.Hour
	for i := 1; i < len(at); i++ {
		least = min(least, at[i].Sub(at[i-1]))
	}
	return least
}

func TestTooFastPausesEverybody(t *testing.T) {
	h := newHouse(t)
	h.slack.fail = func(s bot.Send, try int) fault {
		if s.SID == "a" && try == 1 {
			return fault{outcome: bot.Outcome{State: bot.StatePending, Reason: "ratelimited", Retry: start.Add(30 * time.Second)}}
		}
		return fault{}
	}
	h.insert(dm("a", start), dm("b", start.Add(time.Second)))
	cfg := h.config()
	cfg.Pacer, h.slack.paced = h.store, true
	h.run(cfg)
	h.clock.advance(time.Minute)
	for _, sid := range []string{"a", "b"} {
		h.wants(sid, bot.StateSent, 1)
		if got := h.slack.posts[sid][0].at.Sub(start); got < 30*time.Second || got > 31*time.Second {
			t.Errorf("%s came after %s", sid, got)
		}
	}
}

func TestRunsAreTurnedIntoMessages(t *testing.T) {
	h := newHouse(t)
	h.plans.err = errors.New("not read")
	entry := bot.Entry{Name: "digest/C1", Spec: "0 15 * * 5", Zone: "Europe/Berlin", Grace: 26 * time.Hour}
	if err := h.store.SaveDigest(t.Context(), "t", bot.Digest{Channel: "C1"}, []bot.Entry{entry}, nil); err != nil {
		t.Fatal(err)
	}
	for range 3 { // several on one store
		h.run(h.config())
	}
	h.clock.advance(29 * 24 * time.Hour)
	want := []string{
		"digest/C1 2026-03-06T14:00:00Z", "digest/C1 2026-03-13T14:00:00Z", "digest/C1 2026-03-20T14:00:00Z", "digest/C1 2026-03-27T14:00:00Z",
	}
	if !slices.Equal(h.plans.refs, want) {
		t.Errorf("planned %q, want %q", h.plans.refs, want)
	}
	for _, ref := range want {
		h.wants("of "+ref, bot.StateSent, 1)
	}
}

func TestAfterADowntimeTheLatestRunWithinGraceComes(t *testing.T) {
	h := newHouse(t)
	entry := bot.Entry{Name: "digest/C1", Spec: "0 15 * * *", Zone: "UTC", Grace: 26 * time.Hour}
	if err := h.store.SaveDigest(t.Context(), "t", bot.Digest{Channel: "C1"}, []bot.Entry{entry}, nil); err != nil {
		t.Fatal(err)
	}
	first := h.run(h.config())
	h.clock.advance(time.Hour)
	if err := first.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.clock.advance(3*24*time.Hour + time.Hour)
	h.run(h.config())
	h.clock.advance(time.Hour)
	if want := []string{"digest/C1 2026-03-04T15:00:00Z"}; !slices.Equal(h.plans.refs, want) {
		t.Errorf("planned %q, want %q", h.plans.refs, want)
	}
}

func TestStopWaitsForWhatIsBeingSent(t *testing.T) {
	h := newHouse(t)
	sending, let := make(chan struct{}), make(chan struct{})
	h.decisions["a"] = func(time.Time) (bot.Decision, error) {
		close(sending)
		<-let
		return bot.Decision{}, nil
	}
	h.insert(dm("a", start))
	s := h.run(h.config())
	<-sending
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Stop(impatient); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped with %v while a message was being sent", err)
	}
	close(let)
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.wants("a", bot.StateSent, 1)
	h.insert(dm("b", start))
	s.Poke()
	h.clock.advance(time.Hour)
	h.wants("a", bot.StateSent, 1)
	h.wants("b", bot.StatePending, 0)
}
