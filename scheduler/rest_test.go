package scheduler

import (
	"testing"
	"time"

	"rapport/bot"
)

func TestNoRestIsLongerThanItsRate(t *testing.T) {
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	post := bot.Rate{Name: "post", Every: 250 * time.Millisecond}
	rates := []bot.Rate{post, {Name: "C1", Every: time.Second}}
	for _, tt := range []struct {
		name  string
		claim bot.Claim
		later time.Duration // how far the clock moved since
		want  time.Duration // how long it rests then
	}{
		{"counted", bot.Claim{Held: true}, 0, time.Second},
		{"one is not free", bot.Claim{Wait: 100 * time.Millisecond, Blocked: "post"}, 0, 100 * time.Millisecond},
		{"a fast clock has counted", bot.Claim{Wait: time.Hour, Blocked: "post"}, 0, 250 * time.Millisecond},
		{"and it is over soon", bot.Claim{Wait: time.Hour, Blocked: "C1"}, time.Second, 0},
		{"Slack said so", bot.Claim{Wait: 30 * time.Second}, 0, 30 * time.Second},
		{"Slack said so by a fast clock", bot.Claim{Wait: 24 * time.Hour}, 0, 10 * time.Minute},
		{"the clock was set back", bot.Claim{Held: true}, -time.Hour, time.Second},
		{"it was while nobody may call", bot.Claim{Wait: time.Minute}, -time.Hour, 10 * time.Minute},
		{"the clock was set on", bot.Claim{Held: true}, time.Hour, 0},
	} {
		var r rests
		r.learn(start, rates, tt.claim)
		now := start.Add(tt.later)
		got := time.Duration(0)
		if at := r.freeAt(now, rates); !at.IsZero() {
			got = at.Sub(now)
		}
		if got != tt.want {
			t.Errorf("%s: rests for %s, want %s", tt.name, got, tt.want)
		}
		if tt.want > 0 {
			if at := r.freeAt(now.Add(tt.want), rates); !at.IsZero() {
				t.Errorf("%s: it still rests until %s", tt.name, at)
			}
		}
	}
}
