//go:build unix

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"syscall"
	"time"

	"rapport/bot"
	"rapport/scheduler"
)

// The named points at which a process of the fault table dies: before and after each step of a message's way.
const (
	beforeClaim   = "before claim"
	afterClaim    = "after claim"
	whileCompose  = "composing"
	afterPosting  = "before post"   // the ledger says posting, Slack knows nothing
	afterPost     = "after post"    // Slack has it, the ledger does not know
	beforeSettle  = "before settle" //
	afterSettle   = "after settle"
	beforeFire    = "before fire"
	afterFire     = "after fire"
	beforePlan    = "before plan"
	afterPlan     = "after plan" // the round is committed, the plan not settled
	afterFind     = "after find"
	doomedMessage = "doomed at " // what a process says last
)

// doomPoints are all of them.
func doomPoints() []string {
	return []string{
		beforeClaim, afterClaim, whileCompose, afterPosting, afterPost, beforeSettle, afterSettle, beforeFire, afterFire, beforePlan, afterPlan, afterFind,
	}
}

// doom kills its own process when a named point is passed and the dice say so.
type doom struct {
	mu      sync.Mutex
	dice    *rand.Rand
	chances map[string]float64
}

func newDoom(seed uint64, chances map[string]float64) *doom {
	return &doom{dice: rand.New(rand.NewPCG(seed, 1)), chances: chances}
}

func (d *doom) calm() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.chances = nil
}

// focus keeps its process from dying anywhere but at these points, where it dies for certain.
func (d *doom) focus(points []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.chances = certain(points)
}

// certain gives death at these points, and nowhere else.
func certain(points []string) map[string]float64 {
	chances := map[string]float64{}
	for _, point := range points {
		chances[point] = 1
	}
	return chances
}

// roll reports whether something of this probability happens.
func (d *doom) roll(chance float64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return chance > 0 && d.dice.Float64() < chance
}

func (d *doom) chance(point string) float64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.chances[point]
}

// pass is a named point. It may not return.
func (d *doom) pass(point string) {
	if !d.roll(d.chance(point)) {
		return
	}
	fmt.Println(doomedMessage + point) // for its parent, which counts
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // the signal is on its way
}

// The safeguards that the controls switch off, to show that their rows can fail.
const (
	cheatReconcile = "no reconcile"      // what may have been posted is posted again, unseen
	cheatDeadline  = "no deadline check" // a post begins although its lease is over
)

// tamper puts the points of death and the cheats around the parts of a scheduler.
func tamper(cfg *scheduler.Config, o workerOrder, d *doom) {
	cfg.Ledger = doomedLedger{Ledger: cfg.Ledger, doom: d, hasty: o.Cheat == cheatDeadline, slow: o.Slow, nap: o.Clock.real(overslept)}
	cfg.Entries = doomedEntries{Entries: cfg.Entries, doom: d}
	cfg.Planner = doomedPlanner{Planner: cfg.Planner, doom: d}
	cfg.Composer = doomedComposer{Composer: cfg.Composer, doom: d}
	cfg.Sender = doomedSender{Sender: cfg.Sender, doom: d, blind: o.Cheat == cheatReconcile}
}

// overslept is longer than any lease.
const overslept = 45 * time.Second

type doomedLedger struct {
	scheduler.Ledger
	doom  *doom
	hasty bool
	slow  float64       // how likely it takes too long to hear that a claim stands
	nap   time.Duration // how long, in real time
}

// Claim implements [scheduler.Claims].
func (l doomedLedger) Claim(ctx context.Context, now time.Time, s bot.Send, token string, lease time.Duration, rates []bot.Rate) (bot.Claim, error) {
	l.doom.pass(beforeClaim)
	claim, err := l.Ledger.Claim(ctx, now, s, token, lease, rates)
	if claim.Held {
		l.doom.pass(afterClaim)
		if l.doom.roll(l.slow) {
			pause(ctx, l.nap)
		}
	}
	return claim, err
}

// Posting implements [scheduler.Claims].
func (l doomedLedger) Posting(ctx context.Context, now time.Time, sid, token string, reserve time.Duration) (bool, error) {
	ok, err := l.Ledger.Posting(ctx, now, sid, token, reserve)
	if ok {
		l.doom.pass(afterPosting)
	}
	return ok || l.hasty, err
}

// Settle implements [scheduler.Claims].
func (l doomedLedger) Settle(ctx context.Context, now time.Time, s bot.Send, token string, o bot.Outcome, follow bot.Intents) (bot.Send, error) {
	l.doom.pass(beforeSettle)
	stands, err := l.Ledger.Settle(ctx, now, s, token, o, follow)
	l.doom.pass(afterSettle)
	return stands, err
}

type doomedEntries struct {
	scheduler.Entries
	doom *doom
}

// Fire implements [scheduler.Entries].
func (e doomedEntries) Fire(ctx context.Context, name, mark, civil string, next time.Time, intents bot.Intents) (bool, error) {
	if len(intents) > 0 {
		e.doom.pass(beforeFire)
	}
	fired, err := e.Entries.Fire(ctx, name, mark, civil, next, intents)
	if len(intents) > 0 {
		e.doom.pass(afterFire)
	}
	return fired, err
}

type doomedPlanner struct {
	scheduler.Planner
	doom *doom
}

// Plan implements [scheduler.Planner].
func (p doomedPlanner) Plan(ctx context.Context, now time.Time, s bot.Send) error {
	p.doom.pass(beforePlan)
	err := p.Planner.Plan(ctx, now, s)
	p.doom.pass(afterPlan)
	return err
}

type doomedComposer struct {
	bot.Composer
	doom *doom
}

// Compose implements [bot.Composer].
func (c doomedComposer) Compose(ctx context.Context, now time.Time, s bot.Send) (any, bot.Decision, error) {
	c.doom.pass(whileCompose)
	return c.Composer.Compose(ctx, now, s)
}

type doomedSender struct {
	scheduler.Sender
	doom  *doom
	blind bool
}

// Send implements [scheduler.Sender].
func (x doomedSender) Send(ctx context.Context, s bot.Send, content any) bot.Outcome {
	o := x.Sender.Send(ctx, s, content)
	if o.State == bot.StateSent {
		x.doom.pass(afterPost)
	}
	return o
}

// Find implements [scheduler.Sender].
func (x doomedSender) Find(ctx context.Context, s bot.Send) bot.Outcome {
	if x.blind {
		return bot.Outcome{State: bot.StatePending}
	}
	o := x.Sender.Find(ctx, s)
	x.doom.pass(afterFind)
	return o
}
