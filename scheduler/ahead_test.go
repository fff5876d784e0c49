package scheduler_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/scheduler"
)

// openable is a Slack whose group conversations have to be opened, at a rate of its own.
type openable struct {
	*slack
	mu     sync.Mutex
	open   map[string]bool
	ahead  []time.Time
	inTime int // opened only when somebody wrote
	fail   func(n int) bot.Outcome
}

func newOpenable(h *house) *openable {
	h.slack.paced = true
	return &openable{slack: h.slack, open: make(map[string]bool)}
}

func (x *openable) closed(s bot.Send) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(s.Members) > 1 && !x.open[strings.Join(s.Members, " ")]
}

func (x *openable) openNow(s bot.Send) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.open[strings.Join(s.Members, " ")] = true
}

func (x *openable) OpeningRate() bot.Rate { return bot.Rate{Name: "open", Every: betweenLooks} }

func (x *openable) Rates(ctx context.Context, s bot.Send) []bot.Rate {
	rates := x.slack.Rates(ctx, s)
	if x.closed(s) {
		rates = append(rates, x.OpeningRate())
	}
	return rates
}

func (x *openable) Send(ctx context.Context, s bot.Send, content any) bot.Outcome {
	if x.closed(s) {
		x.openNow(s)
		x.mu.Lock()
		x.inTime++
		x.mu.Unlock()
	}
	return x.slack.Send(ctx, s, content)
}

func (x *openable) Closed(_ context.Context, sends []bot.Send) ([]bot.Send, error) {
	return slices.DeleteFunc(slices.Clone(sends), func(s bot.Send) bool { return !x.closed(s) }), nil
}

func (x *openable) Open(_ context.Context, s bot.Send) bot.Outcome {
	x.mu.Lock()
	x.ahead = append(x.ahead, x.now())
	n := len(x.ahead)
	x.mu.Unlock()
	if x.fail != nil {
		if o := x.fail(n); o.State != "" {
			return o
		}
	}
	x.openNow(s)
	return bot.Outcome{State: bot.StateSent}
}

func (h *house) withOpener(x *openable) scheduler.Config {
	cfg := h.config()
	cfg.Sender, cfg.Opener, cfg.Upcoming, cfg.Pacer, cfg.Sweep = x, x, h.store, h.store, time.Minute
	return cfg
}

func group(n int, due time.Time) bot.Send {
	return bot.Send{SID: fmt.Sprint("pair/", n), Kind: bot.KindPair, Members: []string{fmt.Sprint("UA", n), fmt.Sprint("UB", n)}, Due: due}
}

func TestConversationsAreOpenedAheadAtTheirPace(t *testing.T) {
	h := newHouse(t)
	x := newOpenable(h)
	const all = 300 // more than one part
	for i := range all {
		h.insert(group(i, start.Add(12*time.Hour)))
	}
	h.insert(group(all, start.Add(20*time.Hour))) // too far away
	first := h.run(h.withOpener(x))
	h.clock.advance(2 * time.Minute)
	if err := first.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	opened := len(x.ahead)
	h.clock.advance(time.Minute)
	h.run(h.withOpener(x)) // goes on where it was
	h.clock.advance(8 * time.Minute)
	if opened < 95 || opened > 98 || len(x.ahead) != all {
		t.Errorf("opened %d in two minutes, want 97; then %d in all, want %d", opened, len(x.ahead), all)
	}
	if least := leastApart(x.ahead); least < betweenLooks {
		t.Errorf("two were opened within %s", least)
	}
	h.clock.advance(12 * time.Hour)
	for i := range all {
		h.wants(fmt.Sprint("pair/", i), bot.StateSent, 1)
	}
	if x.inTime != 0 || len(x.ahead) != all+1 {
		t.Errorf("%d were opened only when they were needed, %d ahead", x.inTime, len(x.ahead))
	}
	last := h.slack.posts["pair/0"][0].at
	for i := range all {
		if at := h.slack.posts[fmt.Sprint("pair/", i)][0].at; at.After(last) {
			last = at
		}
	}
	if took := last.Sub(start.Add(12 * time.Hour)); took > all*betweenPosts {
		t.Errorf("%d messages into open conversations took %s", all, took)
	}
}

func TestOpeningAheadLeavesTheRateToWhatIsDue(t *testing.T) {
	h := newHouse(t)
	x := newOpenable(h)
	for i := range 20 {
		h.insert(group(i, start), group(100+i, start.Add(time.Hour)))
	}
	h.run(h.withOpener(x))
	h.clock.advance(20 * betweenLooks)
	for i := range 20 {
		h.wants(fmt.Sprint("pair/", i), bot.StateSent, 1)
	}
	h.clock.advance(25 * betweenLooks)
	if len(x.ahead)+x.inTime != 40 {
		t.Errorf("%d conversations were opened, want 40", len(x.ahead)+x.inTime)
	}
}

func TestOpeningAheadStopsWhenSlackSaysSo(t *testing.T) {
	h := newHouse(t)
	x := newOpenable(h)
	x.fail = func(n int) bot.Outcome {
		switch n {
		case 2:
			return bot.Outcome{State: bot.StateDead, Reason: "user_disabled"} // whoever sends it will hear so
		case 3:
			return bot.Outcome{State: bot.StatePending, Reason: scheduler.RateLimited, Retry: h.clock.Now().Add(30 * time.Second)}
		}
		return bot.Outcome{}
	}
	for i := range 8 {
		h.insert(group(i, start.Add(12*time.Hour)))
	}
	h.insert(dm("a", start.Add(10*time.Second)))
	h.run(h.withOpener(x))
	h.clock.advance(time.Minute)
	if gap := x.ahead[3].Sub(x.ahead[2]); gap < 30*time.Second || len(x.ahead) != 8 {
		t.Errorf("opened %d, and went on after %s", len(x.ahead), gap)
	}
	if came := h.slack.posts["a"][0].at; came.Before(x.ahead[2].Add(30 * time.Second)) {
		t.Errorf("a message came at %s, although all have to wait", came)
	}
	h.clock.advance(11 * time.Minute) // those that did not work are tried again
	if len(x.ahead) != 10 {
		t.Errorf("opened %d in all, want the two that did not work once more", len(x.ahead))
	}
}

func TestWhatNeedsNoOpeningGoesOnMeanwhile(t *testing.T) {
	h := newHouse(t)
	x := newOpenable(h)
	var sends []bot.Send
	const closed, open = 100, 100
	for i := range closed {
		sends = append(sends, group(i, start))
	}
	for i := range open { // behind them all, of the same kind
		s := group(1000+i, start.Add(time.Millisecond))
		x.openNow(s)
		sends = append(sends, s)
	}
	h.insert(sends...)
	h.insert(bot.Send{SID: "news", Kind: bot.KindWelcome, Members: []string{"UNEW"}, Due: start})
	cfg := h.withOpener(x)
	cfg.Opener = nil
	h.run(cfg)
	h.clock.advance(40 * time.Second)
	came := 0
	for i := range open {
		came += h.slack.arrived(fmt.Sprint("pair/", 1000+i))
	}
	if came != open || h.slack.arrived("news") != 1 {
		t.Errorf("%d of %d messages into open conversations came in 40 s, and the news %d times", came, open, h.slack.arrived("news"))
	}
	h.clock.advance(90 * time.Second)
	for i := range closed {
		h.wants(fmt.Sprint("pair/", i), bot.StateSent, 1)
	}
}
