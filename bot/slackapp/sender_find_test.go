package slackapp

import (
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/slackfake"
)

// wrongClock is a clock beside another that is the right one.
type wrongClock struct {
	*slackfake.Clock
	mu  sync.Mutex
	off time.Duration
}

// Now implements [Clock].
func (c *wrongClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.Clock.Now().Add(c.off)
}

func (c *wrongClock) set(off time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off = off
}

// senderByClock is a sender in a local Slack by a clock of its own, and what it warned of.
func senderByClock(t *testing.T, w *town, clock Clock) (*Sender, *[]time.Duration) {
	t.Helper()
	app := w.newApp(func(cfg *Config) { cfg.Clock = clock })
	warned := new([]time.Duration)
	app.Client().time.warn = func(off time.Duration) { *warned = append(*warned, off) }
	me, err := app.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &Sender{
		Client: app.Client(), Sends: sentBefore{}, Readers: berliners{}, BotUser: me.User, Log: slog.New(slog.DiscardHandler),
	}, warned
}

func TestAMessageIsFoundByAClockThatIsWrong(t *testing.T) {
	for _, tt := range []struct {
		posting, looking time.Duration // how far ahead of Slack's our clock is
		arrived, absent  bot.State
	}{
		{0, 0, bot.StateSent, bot.StatePending},
		{4 * time.Minute, 4 * time.Minute, bot.StateSent, bot.StatePending},
		{-4 * time.Minute, -4 * time.Minute, bot.StateSent, bot.StatePending},
		{40 * time.Minute, 40 * time.Minute, bot.StateSent, bot.StatePending},
		{-40 * time.Minute, -40 * time.Minute, bot.StateSent, bot.StatePending},
		{40 * time.Minute, 0, bot.StateSent, bot.StatePending}, // it was set meanwhile, so the process has seen both
		{0, -40 * time.Minute, bot.StateSent, bot.StatePending},
		{3 * time.Hour, 3 * time.Hour, bot.StateUnknown, bot.StateUnknown},
		{-3 * time.Hour, -3 * time.Hour, bot.StateUnknown, bot.StateUnknown},
	} {
		for fault, want := range map[string]bot.State{"500_after": tt.arrived, "500": tt.absent} {
			t.Run(tt.posting.String()+" "+tt.looking.String()+" "+fault, func(t *testing.T) {
				w := newSlack(t, false)
				clock := &wrongClock{Clock: w.clock, off: tt.posting}
				x, _ := senderByClock(t, w, clock)
				s := bot.Send{SID: "promise/7", Members: []string{w.person("ana")}, TriedAt: clock.Now()}
				w.fault(map[string]any{"method": "chat.postMessage", "kind": fault, "count": 1})
				if o := x.Send(t.Context(), s, Message{Text: "a reminder"}); o.State != bot.StateUnknown {
					t.Fatalf("sent: %+v", o)
				}
				clock.set(tt.looking)
				found := x.Find(t.Context(), s)
				if found.State == bot.StateUnknown && tt.posting != tt.looking && found.Retry.After(clock.Now()) {
					found = x.Find(t.Context(), s) // now it knows
				}
				if found.State != want || found.State == bot.StateUnknown && !found.Retry.After(clock.Now()) {
					t.Errorf("looked for: %+v, want %s", found, want)
				}
			})
		}
	}
}

// Another process noted the try, by a clock that is wrong: the one that looks has a right one, and cannot know.
func TestAMessageIsFoundThatAWrongClockTried(t *testing.T) {
	for _, off := range []time.Duration{-12 * time.Minute, -30 * time.Second, 4 * time.Minute, 12 * time.Minute} {
		w := newSlack(t, false)
		x := newSender(t, w, sentBefore{})
		s := bot.Send{SID: "a", Members: []string{w.person("ana")}, TriedAt: wednesday.Add(off)}
		w.fault(map[string]any{"method": "chat.postMessage", "kind": "reset_after", "count": 1})
		if o := x.Send(t.Context(), s, Message{Text: "once"}); o.State != bot.StateUnknown {
			t.Fatalf("sent: %+v", o)
		}
		if o := x.Find(t.Context(), s); o.State != bot.StateSent {
			t.Errorf("tried by a clock that is %s ahead: %+v", off, o)
		}
	}
}

func TestNothingIsProvenWhileNobodyKnowsTheTime(t *testing.T) {
	w := newSlack(t, false)
	x := newSender(t, w, sentBefore{})
	x.Client.time = &slackTime{}
	s := bot.Send{SID: "a", Members: []string{w.person("ana")}, TriedAt: wednesday}
	if o := x.Find(t.Context(), s); o.State != bot.StateUnknown || !o.Retry.After(wednesday) {
		t.Errorf("without any answer yet: %+v", o)
	}
	x.Client.time.posted(wednesday, wednesday, "1774429200.000100")
	if o := x.Find(t.Context(), s); o.State != bot.StatePending {
		t.Errorf("after a post: %+v", o)
	}
}

func TestAWrongClockIsWarnedOfOnce(t *testing.T) {
	for _, off := range []time.Duration{0, 20 * time.Second, 4 * time.Minute, -4 * time.Minute} {
		w := newSlack(t, false)
		x, warned := senderByClock(t, w, &wrongClock{Clock: w.clock, off: off})
		for range 3 {
			if o := x.Send(t.Context(), bot.Send{SID: "a", Members: []string{w.person("ana")}}, Message{Text: "x"}); o.State != bot.StateSent {
				t.Fatalf("%+v", o)
			}
		}
		want := 0
		if off.Abs() > 30*time.Second {
			want = 1
		}
		if len(*warned) != want || want > 0 && ((*warned)[0]-off).Abs() > time.Second {
			t.Errorf("%s ahead: warned of %v", off, *warned)
		}
	}
}

func TestWhatIsKnownOfSlacksClock(t *testing.T) {
	at := func(minutes int) time.Time { return wednesday.Add(time.Duration(minutes) * time.Minute) }
	type sample struct {
		at   int // minutes
		took time.Duration
		off  time.Duration
	}
	for name, tt := range map[string]struct {
		samples     []sample
		least, most time.Duration
		known       bool
	}{
		"nothing":              {},
		"one":                  {samples: []sample{{0, 0, time.Minute}}, least: time.Minute, most: time.Minute, known: true},
		"it was set":           {samples: []sample{{0, 0, 4 * time.Minute}, {1, 0, 0}}, least: 0, most: 4 * time.Minute, known: true},
		"and hours passed":     {samples: []sample{{0, 0, 4 * time.Minute}, {61, 0, 0}, {122, 0, time.Second}}, least: 0, most: time.Second, known: true},
		"it was set far back":  {samples: []sample{{600, 0, 10 * time.Hour}, {1, 0, 0}}, least: 0, most: 10 * time.Hour, known: true},
		"a process that slept": {samples: []sample{{0, 11 * time.Second, 0}}},
		"a call that was slow": {samples: []sample{{0, 4 * time.Second, 0}}, least: 2 * time.Second, most: 2 * time.Second, known: true},
	} {
		var s slackTime
		for _, n := range tt.samples {
			s.learn(at(n.at), at(n.at).Add(n.took), at(n.at).Add(-n.off))
		}
		got, known := s.known()
		if known != tt.known || got.least != tt.least || got.most != tt.most {
			t.Errorf("%s: %+v, %v", name, got, known)
		}
	}
	var odd slackTime
	odd.posted(wednesday, wednesday, "soon")
	if _, known := odd.known(); known {
		t.Error("a word is a time")
	}
}

func TestTheWindowIsThatOfSlacksClock(t *testing.T) {
	stamp := func(s string) string { whole, _, _ := strings.Cut(s, "."); return whole }
	for name, tt := range map[string]struct {
		tried, until time.Time
		off          offsets
		from, to     time.Duration // after wednesday
		limit        int
	}{
		"right":             {tried: wednesday, from: -15 * time.Minute, to: 15 * time.Minute, limit: findLimit},
		"fast":              {tried: wednesday, off: offsets{true, 20 * time.Minute, 20 * time.Minute}, from: -35 * time.Minute, to: 15 * time.Minute, limit: findLimitWide},
		"slow":              {tried: wednesday, off: offsets{true, -20 * time.Minute, -20 * time.Minute}, from: -15 * time.Minute, to: 35 * time.Minute, limit: findLimitWide},
		"nobody knows when": {tried: wednesday, until: wednesday.Add(time.Hour), from: -15 * time.Minute, to: 75 * time.Minute, limit: findLimitWide},
		"never tried":       {from: 45 * time.Minute, to: 75 * time.Minute, limit: findLimit},
	} {
		w := windowAround(wednesday.Add(time.Hour), tt.tried, tt.until, tt.off)
		if stamp(w.oldest) != stamp(stampOf(wednesday.Add(tt.from))) || stamp(w.latest) != stamp(stampOf(wednesday.Add(tt.to))) || w.limit != tt.limit {
			t.Errorf("%s: %+v", name, w)
		}
	}
}
