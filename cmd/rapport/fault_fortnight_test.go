package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/slackfake"
	"rapport/deploy"
)

// TestDisturbedFortnight lets the sample company live for the same two weeks twice: once undisturbed, and once while the process is killed at random
// calls and at random times, its sockets are cut, and Slack asks for patience, fails, or breaks off in the middle. The same messages have to stand in
// the same conversations at the end: text and blocks, by sid, each once. Channels can be read here, as with the optional scopes; without them a message
// of unknown fate in a channel is left to people.
func TestDisturbedFortnight(t *testing.T) {
	t.Parallel()
	seed := uint64(11)
	if given, err := strconv.ParseUint(os.Getenv("RAPPORT_FAULTS_SEED"), 10, 64); err == nil {
		seed = given
	}
	calm, _ := fortnightOf(t, nil)
	trouble := &trouble{dice: rand.New(rand.NewPCG(seed, 5)), done: map[string]int{}, rare: 6}
	if os.Getenv("RAPPORT_FAULTS") == "full" {
		trouble.rare = 1
	}
	disturbed, story := fortnightOf(t, trouble)
	different := 0
	for _, sid := range slices.Sorted(maps.Keys(calm)) {
		switch got, there := disturbed[sid]; {
		case !there:
			t.Errorf("seed %d: %s is missing after the disturbed run: %s", seed, sid, story(sid))
		case got != calm[sid]:
			t.Errorf("seed %d: %s differs\n undisturbed: %s\n disturbed:   %s", seed, sid, calm[sid], got)
		default:
			continue
		}
		if different++; different > 5 {
			break
		}
	}
	for sid := range disturbed {
		if _, there := calm[sid]; !there {
			t.Errorf("seed %d: %s is there after the disturbed run alone: %s", seed, sid, story(sid))
		}
	}
	if len(calm) < 250 || trouble.done["kill"] < 10 {
		t.Errorf("only %d messages and %v: too few to say anything", len(calm), trouble.done)
	}
	t.Logf("seed %d: %d messages in both runs, disturbed by %v", seed, len(calm), trouble.done)
}

// fortnightOf lives two weeks and returns what stands in Slack at the end, by sid, and what the ledger says of a sid.
func fortnightOf(t *testing.T, trouble *trouble) (messages map[string]string, story func(sid string) string) {
	t.Helper()
	begin := time.Date(2026, 3, 16, 6, 0, 0, 0, time.UTC)
	c := &company{town: &town{clock: slackfake.NewClock(begin)}}
	manifest, err := deploy.Render(deploy.FeatureChannelHistory)
	if err != nil {
		t.Fatal(err)
	}
	c.slack, err = slackfake.Start(slackfake.Config{
		Addr: "127.0.0.1:0", Manifest: manifest, Clock: c.clock, AckTime: slackWaits, RateLimits: true, Sample: slackfake.Sample{People: 40, Seed: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.end(t) })
	f := &fortnight{t: t, company: c, remote: remote{t: t, url: c.slack.ControlURL()}, trouble: trouble}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(c.start(t.Context(), f.cut))
	must(f.connected())
	f.advance("2m")
	life := &past{town: c.town, channels: map[string]string{}}
	must(life.meet(t.Context()))
	must(life.settleIn(t.Context()))
	rng := rand.New(rand.NewPCG(7, 7))
	for day := range 14 {
		for hour := range 6 {
			// Messages are due at full and half hours. People act well after these, also where a dead process is noticed late: whoever has answered before
			// a question could be asked is not asked, and that is no difference that counts.
			f.until(begin.AddDate(0, 0, day).Add(time.Duration(2*hour+1)*time.Hour + 25*time.Minute))
			f.anHour(life, rng, day)
		}
	}
	f.trouble = nil
	f.post("/faults", map[string]bool{"clear": true})
	f.until(begin.AddDate(0, 0, 15))
	return f.messages(), f.story
}

// story is what the ledger says of a message.
func (f *fortnight) story(sid string) string {
	send, err := f.company.store.SendBySID(f.t.Context(), sid)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s %s, attempt %d, due %s, not after %s, tried %s, settled %s", send.State, send.Reason, send.Attempt, send.Due, send.NotAfter, send.TriedAt, send.Settled)
}

// fortnight is one of the two runs.
type fortnight struct {
	remote
	t       *testing.T
	company *company
	trouble *trouble // nil: undisturbed
}

// cut cuts all sockets without a word.
func (f *fortnight) cut() {
	f.post("/faults", map[string]string{"kind": "disconnect", "reason": "reset"})
}

// until goes on to an instant, in steps after each of which a dead process is replaced, and something may go wrong again.
func (f *fortnight) until(at time.Time) {
	f.t.Helper()
	for now := f.company.clock.Now(); now.Before(at); now = f.company.clock.Now() {
		next := at
		if step := now.Add(10 * time.Minute); step.Before(at) {
			next = step
		}
		f.setClock(next)
		f.revive()
		if f.trouble != nil && f.trouble.dice.IntN(f.trouble.rare) == 0 {
			f.trouble.strike(f)
		}
	}
	f.revive()
}

// revive starts another process if the last one is dead.
func (f *fortnight) revive() {
	f.t.Helper()
	c := f.company
	if !c.running().ended() {
		return
	}
	if f.trouble != nil {
		f.trouble.done["kill"]++
	}
	c.graves = append(c.graves, c.house)
	f.reconnected(func() error { return c.start(f.t.Context(), f.cut) })
}

// reconnected does something after which the bot connects anew, and waits until it has. Opening connections is limited in real time, of which a
// fortnight takes little here: that limit alone is lifted meanwhile.
func (f *fortnight) reconnected(do func() error) {
	f.t.Helper()
	f.post("/limits", map[string]bool{"rate_limits": false})
	if err := errors.Join(do(), f.connected()); err != nil {
		f.t.Fatal(err)
	}
	f.post("/limits", map[string]bool{"rate_limits": true})
}

// anHour is what people do: the same in every run, whatever has come until then.
func (f *fortnight) anHour(life *past, rng *rand.Rand, day int) {
	f.t.Helper()
	ctx := f.t.Context()
	giver, other, third := rng.IntN(20), rng.IntN(20), rng.IntN(20)
	number, days, kept := rng.IntN(1e6), 1+rng.IntN(6), 1+rng.IntN(80)
	answers := rng.IntN(3) == 0
	if giver == other || other == third || giver == third {
		return
	}
	acts := []pastAct{
		thanks("kudos", giver, fmt.Sprintf("for untangling problem number %d of this quarter with patience #trust", number), other),
		promises(other, giver, days, fmt.Sprintf("Send report %d", number)),
		func(ctx context.Context, t *past) error {
			_, err := t.town.house.bot.Promises.Complete(ctx, t.town.clock.Now(), bot.Act{Token: t.token(), Actor: t.person(third), ID: kept})
			return err
		},
	}
	if answers {
		acts = append(acts, met(day))
	}
	for _, act := range acts {
		err := act(ctx, life)
		if fault, ok := errors.AsType[*bot.Fault](err); ok && fault.Code != bot.FaultUnsaved {
			err = nil // such as a promise of somebody else's: the same in both runs
		}
		if err != nil && !errors.Is(err, bot.ErrNotFound) {
			f.t.Fatal(err)
		}
	}
	f.company.house.sched.Poke()
}

// trouble is what goes wrong, by the dice.
type trouble struct {
	dice *rand.Rand
	done map[string]int
	rare int // in how many of the ten-minute steps something goes wrong: one of so many
}

// troubled are the calls that bring messages, and those that look for them.
func troubled() []string {
	return []string{"chat.postMessage", "chat.update", "conversations.open", "conversations.history"}
}

func (x *trouble) strike(f *fortnight) {
	method := troubled()[x.dice.IntN(len(troubled()))]
	switch x.dice.IntN(24) {
	case 0: // noticed after ten minutes
		f.company.running().die()
	case 1, 2, 3:
		f.company.running().doom(method, x.dice.IntN(2) == 0)
	case 4:
		f.reconnected(func() error { f.cut(); return nil })
		x.done["cut"]++
	case 5, 6:
		f.fault(x, map[string]any{"method": method, "kind": "429", "retry_after": 30, "count": 1 + x.dice.IntN(3)})
	case 7:
		f.fault(x, map[string]any{"method": method, "kind": []string{"500", "500_after", "reset_after"}[x.dice.IntN(3)], "count": 1})
	}
}

func (f *fortnight) fault(x *trouble, order map[string]any) {
	f.post("/faults", order)
	x.done[fmt.Sprint(order["kind"])]++
}

// messages is what stands in Slack of what the bot said by itself: conversation, text and blocks, by sid.
func (f *fortnight) messages() map[string]string {
	f.t.Helper()
	now := f.state()
	for _, b := range now.Broken {
		f.t.Errorf("broken: %s: %s", b.Rule, b.Detail)
	}
	stamps := map[string]string{}
	for _, m := range now.Messages {
		if sid := sidOf(m); sid != "" {
			stamps[m.Channel+"/p"+strings.ReplaceAll(m.TS, ".", "")] = sid
		}
	}
	places := map[string]string{}
	for _, c := range now.Channels {
		places[c.ID] = c.Name
		if c.Kind == "im" || c.Kind == "mpim" {
			members := slices.Clone(c.Members)
			slices.Sort(members)
			places[c.ID] = strings.Join(members, " ")
		}
	}
	all := map[string]string{}
	for _, m := range now.Messages {
		sid := sidOf(m)
		if sid == "" {
			continue
		}
		if _, there := all[sid]; there {
			f.t.Errorf("%s came twice", sid)
		}
		var blocks bytes.Buffer
		if err := json.Compact(&blocks, m.Blocks); err != nil {
			f.t.Fatal(err)
		}
		text := pointing(places[m.Channel]+" | "+m.Text+" | "+blocks.String(), stamps, f.company.slack.Addr())
		for id, name := range places { // Slack numbers conversations as they are opened
			text = strings.ReplaceAll(text, "channel="+id, "channel="+name)
		}
		all[sid] = text
	}
	return all
}

var (
	permalink = regexp.MustCompile(`/archives/([A-Z0-9]+/p[0-9]+)`)
	givenID   = regexp.MustCompile(`"block_id":"b[0-9a-z]{1,7}",?`)
)

// pointing replaces the addresses of messages, which hold the instant at which they were posted, by what they point at, and the server's own. It leaves
// out the ids that Slack gives to blocks that have none, for it makes them of what stands in the block.
func pointing(text string, stamps map[string]string, server string) string {
	text = permalink.ReplaceAllStringFunc(text, func(link string) string {
		if sid, ok := stamps[strings.TrimPrefix(link, "/archives/")]; ok {
			return "/archives/" + sid
		}
		return link
	})
	return strings.ReplaceAll(givenID.ReplaceAllString(text, ""), server, "slack")
}
