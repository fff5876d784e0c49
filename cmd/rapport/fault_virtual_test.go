//go:build unix

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"sync/atomic"
	"time"

	"rapport/bot"
	"rapport/bot/slackfake"
	"rapport/deploy"
	"rapport/storage"
	"rapport/storage/redistest"
)

// outage is a way to Slack that can be closed: calls then find nobody, or get no sensible answer.
type outage struct {
	next http.RoundTripper
	kind atomic.Int32
	hits atomic.Int64
}

const (
	reachable int32 = iota
	nobodyThere
	badGateway
)

var errNobody = errors.New("dial tcp: connection refused")

// RoundTrip implements [http.RoundTripper].
func (o *outage) RoundTrip(r *http.Request) (*http.Response, error) {
	kind := o.kind.Load()
	if kind == reachable {
		return o.next.RoundTrip(r)
	}
	o.hits.Add(1)
	if kind == nobodyThere {
		return nil, errNobody
	}
	// What a proxy says after it has passed the call on, or before: nobody can tell.
	if path.Base(r.URL.Path) == "chat.postMessage" && o.hits.Load()%2 == 0 {
		if response, err := o.next.RoundTrip(r); err == nil {
			_ = response.Body.Close()
		}
	}
	return &http.Response{StatusCode: http.StatusBadGateway, Status: "502 Bad Gateway", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

// startBehind starts another process, whose way to Slack leads through something else, on a store in memory or on Redis.
func (c *company) startBehind(ctx context.Context, cut func(), way func(*instance) http.RoundTripper, redis string) error {
	i := newInstance(c.clock, cut)
	c.instances = append(c.instances, i)
	w := patientWiring(c.town, slog.New(slog.DiscardHandler))
	w.clock, w.slack.HTTP = i, &http.Client{Transport: way(i)}
	open := w.open
	if redis != "" {
		open = func(ctx context.Context, team string) (*storage.Store, error) {
			return storage.Open(ctx, storage.Options{URL: redis, Team: team, Key: faultKey, Now: c.clock.Now})
		}
	}
	w.open = func(ctx context.Context, team string) (_ *storage.Store, err error) {
		if c.store == nil {
			c.store, err = open(ctx, team)
		}
		return c.store, err
	}
	var err error
	c.house, err = build(ctx, w)
	return err
}

// slackDown keeps the bot from Slack for two hours of virtual time, in the middle of which nobody can tell what became of a post. What people did
// before has to be there afterwards, or to be visible as expired or of unknown fate.
func slackDown(r *faultRow) {
	begin := time.Date(2026, 3, 25, 9, 30, 0, 0, berlin())
	c := &company{town: &town{clock: slackfake.NewClock(begin)}}
	var err error
	c.slack, err = slackfake.Start(slackfake.Config{
		Addr: "127.0.0.1:0", Manifest: deploy.Manifest(), Clock: c.clock, AckTime: slackWaits, RateLimits: true, Sample: slackfake.Sample{People: 40, Seed: 1},
	})
	r.must(err)
	r.t.Cleanup(func() { c.end(r.t) })
	x := remote{t: r.t, url: c.slack.ControlURL()}
	way := &outage{}
	r.must(c.startBehind(r.ctx, func() {}, func(i *instance) http.RoundTripper { way.next = i; return way }, ""))
	r.must(x.connected())
	x.advance("2m")
	life := &past{town: c.town, channels: map[string]string{}}
	r.must(life.meet(r.ctx))
	acts := map[bool]int{true: 400, false: 30}[r.full]
	for n := range acts {
		switch n {
		case acts / 4:
			way.kind.Store(nobodyThere)
		case acts / 2:
			way.kind.Store(badGateway)
		}
		r.must(thanks([]string{"kudos", "general", "product"}[n%3], n%20, fmt.Sprintf("for untangling the problem nr%d with patience and humour", n+1), (n+7)%20)(r.ctx, life))
		c.house.sched.Poke()
		if n >= acts/4 {
			r.must(c.clock.Advance(r.ctx, c.clock.Now().Add(2*time.Hour/time.Duration(acts-acts/4))))
		}
	}
	way.kind.Store(reachable)
	back := c.clock.Now()
	r.must(c.clock.Advance(r.ctx, back.AddDate(0, 0, 3)))
	r.compare(x.state(), c, acts)
	r.result.note += fmt.Sprintf(" %d calls failed in 2 h, 3 days later:", way.hits.Load())
}

// compare looks for every thanks in its channel and with its recipient.
func (r *faultRow) compare(now scene, c *company, acts int) {
	listed := map[string]bool{}
	dead, err := c.store.Dead(r.ctx, 10_000)
	r.must(err)
	for _, s := range dead {
		k, err := c.store.Kudos(r.ctx, s.Ref)
		if errors.Is(err, bot.ErrNotFound) {
			continue
		}
		r.must(err)
		place := "dm"
		if s.Channel != "" {
			place = "channel"
		}
		listed[wanted(numberIn(k.Message), place)] = true
	}
	there := map[string]int{}
	for _, m := range now.Messages {
		sid := sidOf(m)
		n := numberIn(words(m.Text, m.Blocks))
		if n == 0 || !firstWord(sid) {
			continue
		}
		place := "dm"
		if m.Channel[0] == 'C' {
			place = "channel"
		}
		if there[wanted(n, place)]++; there[wanted(n, place)] > 1 {
			r.result.twice = append(r.result.twice, sid)
		}
		r.result.sends++
	}
	for n := range acts {
		for _, place := range []string{"dm", "channel"} {
			w := wanted(n+1, place)
			switch {
			case there[w] > 0:
			case listed[w] && place == "channel":
				r.result.listed++
			case listed[w]:
				r.result.private++
			default:
				r.result.lost = append(r.result.lost, w)
			}
		}
	}
}

// greatRound introduces a hundred thousand people to each other in groups of two, at Slack's own rates, and kills the process in the middle. What
// bounds it is how often conversations may be opened: fifty a minute.
func greatRound(r *faultRow) {
	people := map[bool]int{true: 100_000, false: 1_000}[r.full]
	begin := time.Date(2026, 3, 30, 8, 0, 0, 0, berlin()) // a Monday
	server := redistest.Start(r.t, redistest.Options{})   // so much is more than the store in memory is made for
	c := &company{town: &town{clock: slackfake.NewClock(begin)}}
	var err error
	c.slack, err = slackfake.Start(slackfake.Config{Addr: "127.0.0.1:0", Manifest: deploy.Manifest(), Clock: c.clock, AckTime: slackWaits, RateLimits: true})
	r.must(err)
	r.t.Cleanup(func() { c.end(r.t) })
	x := remote{t: r.t, url: c.slack.ControlURL()}
	ids, channel := r.crowd(x, people)
	count := &opens{clock: c.clock}
	cut := func() { x.post("/faults", map[string]string{"kind": "disconnect", "reason": "reset"}) }
	counted := func(i *instance) http.RoundTripper { return &counting{next: i, opens: count} }
	r.must(c.startBehind(r.ctx, cut, counted, server.URL()))
	r.must(x.connected())
	// Profiles are read within Slack's rates, too; who they are is known beforehand here, for that is no part of the round.
	var members []bot.Member
	for _, id := range ids {
		members = append(members, bot.Member{ID: id, Name: id, Zone: "Europe/Berlin", Seen: begin.Add(time.Hour)})
	}
	for part := 0; part < len(members); part += 1000 {
		r.must(c.store.SaveMembers(r.ctx, members[part:min(part+1000, len(members))]...))
	}
	program := bot.NewProgram(channel, ids[0], "Europe/Berlin")
	program.Name, program.Weekday, program.Minute = "Coffee", time.Monday, 9*60
	program, err = c.house.bot.Coffee.Save(r.ctx, c.clock.Now(), "great", ids[0], program)
	r.must(err)
	for _, id := range ids {
		r.must(c.store.SaveSeat(r.ctx, bot.Token("join "+id), bot.Seat{Program: program.ID, Member: id, Joined: begin}, nil))
	}
	c.house.sched.Poke()
	groups := people / 2
	bound := time.Duration(float64(groups) / 50 * float64(time.Minute))
	r.must(c.clock.Advance(r.ctx, time.Date(2026, 3, 30, 9, 0, 0, 0, berlin()).Add(bound/2)))
	c.running().die()
	c.graves = append(c.graves, c.house)
	r.must(c.startBehind(r.ctx, cut, counted, server.URL()))
	r.result.kills++
	r.must(x.connected())
	for hours := 0; hours < 72 && count.posted.Load() < int64(groups); hours++ {
		r.must(c.clock.Advance(r.ctx, c.clock.Now().Add(time.Hour)))
	}
	r.judgeGreatRound(c, x, program.ID, groups, bound, count)
}

func (r *faultRow) judgeGreatRound(c *company, x remote, program string, groups int, bound time.Duration, count *opens) {
	r.t.Helper()
	round, err := wholeRound(r.ctx, c.store, program)
	r.must(err)
	seen := map[string]int{}
	for _, m := range x.state().Messages {
		if sid := sidOf(m); sid != "" {
			seen[sid]++
			r.result.sends++
		}
	}
	for _, g := range round.Groups {
		sid := bot.PairSID(round.ID, g.Key)
		if seen[sid] == 0 {
			r.result.lost = append(r.result.lost, sid)
		}
		if seen[sid] > 1 {
			r.result.twice = append(r.result.twice, sid)
		}
	}
	dead, err := c.store.Dead(r.ctx, 10_000)
	r.must(err)
	r.result.private = len(dead)
	took := count.took()
	share := float64(took) / float64(bound)
	r.result.note += fmt.Sprintf("%d groups, conversations opened in %s, %.1f %% of the bound %s", len(round.Groups), took.Round(time.Second), 100*share, bound.Round(time.Second))
	if len(round.Groups) != groups || share > 1.05 {
		r.t.Errorf("%s: %s", r.result.fault, r.result.note)
	}
	for _, b := range x.state().Broken {
		r.t.Errorf("%s: broken: %s: %s", r.result.fault, b.Rule, b.Detail)
	}
}

// crowd makes people who all work in one zone, and a channel.
func (r *faultRow) crowd(x remote, people int) (ids []string, channel string) {
	r.t.Helper()
	var made struct{ People, Channels []string }
	for from := 0; from < people; from += 10_000 {
		var crowd []map[string]any
		for n := from; n < min(people, from+10_000); n++ {
			crowd = append(crowd, map[string]any{"name": fmt.Sprintf("w%d", n+1), "real_name": fmt.Sprintf("Worker %d", n+1), "tz": "Europe/Berlin"})
		}
		r.must(json.Unmarshal(x.post("/people", map[string]any{"people": crowd}), &made))
		ids = append(ids, made.People...)
	}
	order := map[string]any{"channels": []map[string]any{{"name": "coffee", "kind": "public", "members": []string{x.state().App.BotUser, ids[0]}}}}
	r.must(json.Unmarshal(x.post("/people", order), &made))
	return ids, made.Channels[0]
}

// opens counts the conversations that were opened, and how long that took by the clock.
type opens struct {
	clock       *slackfake.Clock
	first, last atomic.Int64
	posted      atomic.Int64
}

func (o *opens) took() time.Duration { return time.Duration(o.last.Load() - o.first.Load()) }

// counting notes calls.
type counting struct {
	next  http.RoundTripper
	opens *opens
}

// RoundTrip implements [http.RoundTripper].
func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.next.RoundTrip(r)
	if err != nil || response.StatusCode != http.StatusOK {
		return response, err
	}
	switch path.Base(r.URL.Path) {
	case "conversations.open":
		now := c.opens.clock.Now().UnixNano()
		c.opens.first.CompareAndSwap(0, now)
		c.opens.last.Store(now)
	case "chat.postMessage":
		c.opens.posted.Add(1)
	}
	return response, nil
}
