package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/slackfake"
	"rapport/deploy"
)

// openTown starts a local Slack with the sample company and the bot in it, at an instant.
func openTown(t testing.TB, at time.Time, rates bool) *town {
	t.Helper()
	p := &town{clock: slackfake.NewClock(at)}
	var err error
	p.slack, err = slackfake.Start(slackfake.Config{
		Addr: "127.0.0.1:0", Manifest: deploy.Manifest(), Clock: p.clock, AckTime: slackWaits, RateLimits: rates, Sample: slackfake.Sample{People: 40, Seed: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	if p.house, err = build(t.Context(), patientWiring(p, slog.New(slog.DiscardHandler))); err != nil {
		t.Fatal(err)
	}
	// Everybody's profile is read within Slack's rates.
	if err := p.clock.Advance(t.Context(), at.Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestFortnight lets the sample company live for two weeks, over the weekend on which Europe's clocks change: thanks, promises, coffee, answers, all from
// one seed. Nothing that Slack or the bot promises may be broken, and nothing unasked may reach anybody at a wrong hour.
func TestFortnight(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 3, 16, 6, 0, 0, 0, time.UTC)
	p := openTown(t, begin, true)
	life := &past{town: p, channels: map[string]string{}}
	if err := life.meet(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := life.settleIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := remote{t: t, url: p.slack.ControlURL()}
	rng := rand.New(rand.NewPCG(7, 7))
	for day := range 14 {
		for hour := range 6 {
			r.setClock(begin.AddDate(0, 0, day).Add(time.Duration(2*hour+1) * time.Hour))
			liveAnHour(t, r, rng)
		}
		if now := r.state(); len(now.Broken) > 0 {
			t.Fatalf("day %d: broken: %v", day+1, now.Broken)
		}
	}
	r.setClock(begin.AddDate(0, 0, 15))
	now := r.state()
	if len(now.Broken) > 0 {
		t.Fatalf("at the end: broken: %v", now.Broken)
	}
	checkHours(t, now)
}

// liveAnHour lets a few people do something.
func liveAnHour(t *testing.T, r remote, rng *rand.Rand) {
	t.Helper()
	now := r.state()
	people := now.People[:20]
	one := func() string { return people[rng.IntN(len(people))].ID }
	kudos, _ := now.place("#kudos")
	general, _ := now.place("#general")
	giver, other := one(), one()
	if giver == other {
		return
	}
	r.act("/command", map[string]any{"user": giver, "channel": kudos, "command": "/kudos", "text": fmt.Sprintf(
		"<@%s> for untangling problem number %d of this quarter with patience #%s", other, rng.IntN(1e6), []string{"trust", "respect", "listening"}[rng.IntN(3)])})
	r.act("/command", map[string]any{"user": other, "channel": general, "command": "/followup", "text": fmt.Sprintf(
		"<@%s> send report %d %s", giver, rng.IntN(1e6), []string{"by friday", "in 3 days", "tomorrow", "next week", "by 4pm", ""}[rng.IntN(6)])})
	press(r, rng, now)
}

// press lets somebody press one of the buttons that the bot has sent them.
func press(r remote, rng *rand.Rand, now scene) {
	labels := []string{"Done #", "Move #", "We met", "Yes", "We found a time", "Skip", "Accept"}
	label := labels[rng.IntN(len(labels))]
	from := rng.IntN(len(now.Messages))
	for i := range now.Messages {
		m := now.Messages[(from+i)%len(now.Messages)]
		action, block, value, ok := findButton(m.Blocks, label)
		if !ok || m.EphemeralTo != "" {
			continue
		}
		for _, c := range now.Channels {
			if c.ID != m.Channel || c.Kind == "public" {
				continue
			}
			for _, id := range c.Members {
				if id != now.App.BotUser {
					r.act("/click", map[string]any{"user": id, "channel": m.Channel, "ts": m.TS, "action_id": action, "block_id": block, "value": value})
					return
				}
			}
		}
	}
}

// checkHours finds messages of the ledger that came outside the hours of whoever got them, and sids that came twice.
func checkHours(t *testing.T, now scene) {
	t.Helper()
	zones := map[string]string{}
	for _, person := range now.People {
		zones[person.ID] = person.TZ
	}
	members := map[string][]string{}
	for _, c := range now.Channels {
		if c.Kind == "im" || c.Kind == "mpim" {
			members[c.ID] = c.Members
		}
	}
	seen, private := map[string]bool{}, 0
	for _, m := range now.Messages {
		sid := sidOf(m)
		if sid == "" {
			continue
		}
		if seen[sid] {
			t.Errorf("%s came twice", sid)
		}
		seen[sid] = true
		if strings.HasPrefix(sid, "welcome/") || members[m.Channel] == nil {
			continue // it answers the installation; channels are read whenever people like
		}
		private++
		seconds, err := strconv.ParseFloat(m.TS, 64)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Unix(int64(seconds), 0)
		for _, id := range members[m.Channel] {
			if id == now.App.BotUser {
				continue
			}
			h := bot.HoursOf(bot.Member{Zone: zones[id]}, bot.Preferences{}, "Europe/Berlin")
			if !h.Open(at) {
				t.Errorf("%s reached somebody in %s at %s", sid, h.Zone, at.In(h.Zone).Format("Mon 15:04"))
			}
		}
	}
	if private < 100 {
		t.Errorf("only %d messages reached people: too few to say anything", private)
	}
	t.Logf("%d messages of the ledger, %d of them to people", len(seen), private)
}

// sidOf is what the ledger calls a message; empty for answers to what somebody did.
func sidOf(m said) string {
	var meta struct {
		Payload struct{ SID string } `json:"event_payload"`
	}
	if json.Unmarshal(m.Metadata, &meta) != nil {
		return ""
	}
	return meta.Payload.SID
}
