package slackfake

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"
)

func TestClockGoesFromInstantToInstant(t *testing.T) {
	c := NewClock(noon)
	var mu sync.Mutex
	var seen []time.Duration
	note := func() {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, c.Now().Sub(noon))
	}
	c.At(noon.Add(3*time.Hour), note)
	c.At(noon.Add(time.Hour), func() {
		note()
		c.At(noon.Add(2*time.Hour), note) // an alarm that registers an alarm
	})
	c.At(noon.Add(5*time.Hour), note)
	if err := c.Advance(t.Context(), noon.Add(4*time.Hour)); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if want := []time.Duration{time.Hour, 2 * time.Hour, 3 * time.Hour}; !slices.Equal(seen, want) {
		t.Errorf("alarms at %v, want %v", seen, want)
	}
	if got := c.Now().Sub(noon); got != 4*time.Hour {
		t.Errorf("stands at +%s", got)
	}
}

func TestClockStartsPassedAlarmsAtOnce(t *testing.T) {
	c := NewClock(noon)
	ran := make(chan struct{})
	stop := c.At(noon.Add(-time.Hour), func() { close(ran) })
	<-ran
	if stop() {
		t.Error("stopped what had started")
	}
}

func TestClockAlarmsOfOneInstantSeeIt(t *testing.T) {
	c := NewClock(noon)
	const n = 50
	var mu sync.Mutex
	at := map[time.Time]int{}
	for range n {
		c.At(noon.Add(time.Minute), func() {
			mu.Lock()
			defer mu.Unlock()
			at[c.Now()]++
		})
	}
	if err := c.Advance(t.Context(), noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if at[noon.Add(time.Minute)] != n {
		t.Errorf("seen %v", at)
	}
}

func TestClockWaitsForWhatIsInFlight(t *testing.T) {
	c := NewClock(noon)
	end := c.Begin()
	moved := make(chan struct{})
	go func() {
		_ = c.Advance(t.Context(), noon.Add(time.Hour))
		close(moved)
	}()
	c.Begin()() // others begin and end meanwhile
	if got := c.Now(); !got.Equal(noon) {
		t.Fatalf("moved to %s", got)
	}
	end()
	end() // twice counts once
	<-moved
	if got := c.Now(); !got.Equal(noon.Add(time.Hour)) {
		t.Errorf("stands at %s", got)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inflight != 0 {
		t.Errorf("%d in flight", c.inflight)
	}
}

func TestClockStop(t *testing.T) {
	c := NewClock(noon)
	stop := c.At(noon.Add(time.Minute), func() { t.Error("called after stop") })
	var order []int
	c.At(noon.Add(2*time.Minute), func() { order = append(order, 2) })
	if !stop() || stop() {
		t.Error("stop is in time once")
	}
	late := c.At(noon.Add(3*time.Minute), func() {})
	if err := c.Advance(t.Context(), noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if late() || len(order) != 1 {
		t.Errorf("stopped what had run, or lost another: %v", order)
	}
}

func TestClockGivesUpWithTheContext(t *testing.T) {
	c := NewClock(noon)
	end := c.Begin()
	defer end()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Advance(ctx, noon.Add(time.Hour)); !errors.Is(err, context.Canceled) {
		t.Errorf("advance: %v", err)
	}
	if !c.Now().Equal(noon) {
		t.Error("moved although something is in flight")
	}
}

func TestClockUnderManyHands(t *testing.T) {
	c := NewClock(noon)
	const workers, each = 8, 50
	var mu sync.Mutex
	ran := 0
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				at := noon.Add(time.Duration(w*each+i) * time.Second)
				again := func() {
					mu.Lock()
					defer mu.Unlock()
					ran++
				}
				c.At(at, func() { c.At(c.Now().Add(time.Millisecond), again) })
				c.Begin()()
			}
		})
	}
	for i := range 4 {
		wg.Go(func() {
			if err := c.Advance(t.Context(), noon.Add(time.Duration(i+1)*workers*each/4*time.Second)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := c.Advance(t.Context(), noon.Add(workers*each*time.Second+time.Second)); err != nil {
		t.Fatal(err)
	}
	if ran != workers*each {
		t.Errorf("%d of %d alarms ran", ran, workers*each)
	}
}

func TestClockRequests(t *testing.T) {
	s := startSlack(t)
	for _, tt := range []struct{ body, now string }{
		{`{"advance":"24h"}`, "2026-03-03T09:00:00Z"},
		{`{"advance":"7d"}`, "2026-03-10T09:00:00Z"},
		{`{"set":"2026-03-11T10:30:00+01:00"}`, "2026-03-11T09:30:00Z"},
		{`{"settle":true}`, "2026-03-11T09:30:00Z"},
	} {
		got, err := time.Parse(time.RFC3339, acted(t, s, "/clock", tt.body)["now"].(string))
		if want, _ := time.Parse(time.RFC3339, tt.now); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v %v, want %s", tt.body, got, err, tt.now)
		}
	}
}

func TestPlay(t *testing.T) {
	s := startSlack(t)
	start := s.clock.Now()
	if answer := acted(t, s, "/clock", `{"play":true,"rate":3600}`); answer["playing"] != true || answer["rate"] != 3600.0 {
		t.Errorf("answered %v", answer)
	}
	waitFor(t, func() bool { return s.clock.Now().Sub(start) >= 12*time.Minute })
	if answer := acted(t, s, "/clock", `{"play":false}`); answer["playing"] != false {
		t.Errorf("answered %v", answer)
	}
}
