//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"rapport/storage/redistest"
)

// faultCases is the whole table.
func faultCases() []faultCase {
	return []faultCase{
		{name: "kill -9 at each crash point, 3 replicas", store: "redis", run: killAtPoints, short: true, lists: true},
		{name: "kill -9 right after an acknowledgement", store: "redis", run: killAfterAck, short: true, lists: true},
		{name: "SIGSTOP past the lease", store: "redis", run: freezeWorkers, lists: true},
		{name: "slow workers", store: "redis", run: slowWorkers(""), lists: true},
		{name: "accept then reset", store: "redis", run: strike(gateFaults{Reset: 0.1}), lists: true},
		{name: "502 after accept", store: "redis", run: strike(gateFaults{Bad: 0.1}), lists: true},
		{name: "accept up to 12 s late", store: "redis", run: strike(gateFaults{Late: 0.05}), short: true, lists: true},
		{name: "429 storm, Retry-After 30 s", store: "redis", run: storm},
		{name: "history answers 5xx", store: "redis", run: historyDown, lists: true},
		{name: "redis kill -9, AOF", store: "redis", run: killRedis, short: true, lists: true},
		{name: "sentinel: partition and primary kill", store: "sentinel", run: sentinelLost, lists: true},
		{name: "cluster: master kill, slot migration", store: "cluster", run: clusterLost, lists: true},
		{name: "answers of the store dropped", store: "redis", run: repliesDropped, lists: true},
		{name: "asynq's keys deleted", store: "redis", run: asynqLost, lists: true},
		{name: "down across 3 fires", store: "redis", run: downAcrossFires, expires: true},
		{name: "sockets dropped, events four times, replay after 1 h", store: "redis", run: sockets},
		{name: "embedded: kill -9, second process", store: "folder", run: folderKilled, short: true, lists: true},
		{name: "Slack down 2 h (virtual time)", store: "in memory", run: slackDown, lists: true},
		{name: "round of 100,000 killed midway (virtual time)", store: "redis", run: greatRound, limit: 20 * time.Minute},
		{name: "backup restored", store: "redis", run: restoreBackup, lists: true},
		{name: "clock skew of 30 s", store: "redis", run: skewed, lists: true},
		{name: "5 replicas at the fire time", store: "redis", run: manyReplicas},
		{name: "CONTROL: no reconcile", store: "redis", run: blind, short: true, control: true, lists: true},
		{name: "CONTROL: no deadline check", store: "redis", run: slowWorkers(cheatDeadline), short: true, control: true, lists: true},
	}
}

// onRedis sets a row up on a server of its own. It leaves to the system when the disk gets what it wrote: with everysec a write waits for a disk that takes its time, for
// up to two seconds, and a killed server loses it, whatever the bot does.
func (r *faultRow) onRedis() *redistest.Server {
	r.t.Helper()
	server := redistest.Start(r.t, redistest.Options{AOF: true, Args: []string{"--appendfsync", "no"}})
	r.at(storeOf{redis: server.URL()})
	return server
}

// live lets people act while something goes wrong, and then a little longer, until coffee has come.
func (r *faultRow) live(wrong func()) {
	r.t.Helper()
	done := make(chan error, 1)
	over := make(chan struct{})
	close(over)
	go func() { done <- r.town.live(r.ctx, r.size().acts, 4, over) }()
	for {
		select {
		case err := <-done:
			r.must(err)
			for r.beforeCoffee() {
				if wrong == nil {
					pause(r.ctx, 50*time.Millisecond)
					continue
				}
				wrong()
			}
			return
		case <-r.ctx.Done():
			r.must(r.ctx.Err())
		default:
			if wrong == nil {
				pause(r.ctx, 50*time.Millisecond)
				continue
			}
			wrong()
		}
	}
}

// during lets people act until something has been done, once.
func (r *faultRow) during(what func()) {
	r.t.Helper()
	done := make(chan error, 1)
	over := make(chan struct{})
	go func() { done <- r.town.live(r.ctx, r.size().acts, 2, over) }()
	func() {
		defer close(over)
		what()
	}()
	r.must(<-done)
	for r.beforeCoffee() {
		pause(r.ctx, 50*time.Millisecond)
	}
}

// back waits for the next message after a server was lost, and notes how long that took.
func (r *faultRow) back(lost time.Time) {
	for r.ctx.Err() == nil {
		if _, _, _, last := r.gate.sum(); last.After(lost.Add(time.Second)) {
			r.backs = append(r.backs, last.Sub(lost))
			return
		}
		pause(r.ctx, 20*time.Millisecond)
	}
}

// worstBack notes the longest wait after the loss of a server.
func (r *faultRow) worstBack() {
	var worst time.Duration
	for _, b := range r.backs {
		worst = max(worst, b)
	}
	r.result.note += fmt.Sprintf(" back after at most %s", worst.Round(100*time.Millisecond))
	if worst > 30*time.Second {
		r.t.Errorf("%s: sending came back after %s, more than half a minute", r.result.fault, worst)
	}
}

// beforeCoffee reports whether the round, if there is one, has yet to bring most of its messages.
func (r *faultRow) beforeCoffee() bool {
	at := r.crew.coffeeAt()
	return r.ctx.Err() == nil && !at.IsZero() && r.clock.Now().Before(at.Add(20*time.Second))
}

// patience is how long a row may take to come to rest, in real time.
func (r *faultRow) patience() time.Duration {
	if r.full {
		return 5 * time.Minute
	}
	return 2 * time.Minute
}

// killAtPoints lets three processes die at the dice's pleasure, everywhere between two steps.
func killAtPoints(r *faultRow) {
	r.onRedis()
	chance := 0.02
	if r.full {
		chance = 0.008
	}
	doom := map[string]float64{beforeFire: 0.5, afterFire: 0.5, beforePlan: 0.3, afterPlan: 0.5, afterFind: 0.2}
	for _, point := range doomPoints() {
		if doom[point] == 0 {
			doom[point] = chance
		}
	}
	r.crew.order.Doom, r.crew.every = doom, true
	r.staff(3, nil)
	r.live(func() { pause(r.ctx, 50*time.Millisecond) })
	// Until somebody has died everywhere: who plans a round for long, and works on messages meanwhile, mostly dies of those.
	for end := time.Now().Add(time.Minute); len(r.crew.spared()) > 0 && time.Now().Before(end); {
		r.crew.focus()
		_, err := r.town.act(r.ctx)
		r.must(err)
	}
	if spared := r.crew.spared(); len(spared) > 0 {
		r.t.Errorf("%s: nobody died at %v", r.result.fault, spared)
	}
	r.over()
	r.settled(r.patience())
}

// killAfterAck kills the only process in the moment in which somebody was told that their thanks are kept.
func killAfterAck(r *faultRow) {
	r.onRedis()
	r.dry, r.round = true, 0
	r.staff(1, nil)
	for range map[bool]int{true: 100, false: 10}[r.full] {
		for {
			sure, err := r.town.act(r.ctx)
			r.must(err)
			if sure {
				break
			}
			r.must(r.ctx.Err())
			pause(r.ctx, 10*time.Millisecond)
		}
		for _, w := range r.crew.living() {
			r.crew.kill(w, "after ack")
		}
	}
	r.over()
	r.settled(r.patience())
}

// freezeWorkers stops one process after the other for longer than its lease, in the middle of whatever it does.
func freezeWorkers(r *faultRow) {
	r.sized = r.size()
	r.sized.rate = 5 // the local Slack's clock stands still while nobody acknowledges
	r.onRedis()
	r.staff(3, nil)
	dice := rand.New(rand.NewPCG(r.seed, 4))
	frozen := 0
	r.live(func() {
		all := r.crew.living()
		if len(all) == 0 {
			return
		}
		all[dice.IntN(len(all))].freeze(r.clock.real(35 * time.Second))
		frozen++
		pause(r.ctx, 200*time.Millisecond)
	})
	r.result.note = fmt.Sprintf("%d stops of 35 s", frozen)
	r.over()
	r.settled(r.patience())
}

// slowWorkers hold some messages for longer than their lease lasts, and only then want to post them.
func slowWorkers(cheat string) func(*faultRow) {
	return func(r *faultRow) {
		r.onRedis()
		r.crew.order.Slow, r.crew.order.Cheat = r.often(0.05), cheat
		r.staff(3, nil)
		r.live(nil)
		r.over()
		r.settled(r.patience())
	}
}

// strike lets something go wrong with a share of the posts.
func strike(f gateFaults) func(*faultRow) {
	return func(r *faultRow) {
		r.onRedis()
		r.staff(3, nil)
		f.Late = r.often(f.Late)
		r.gate.order(f)
		r.live(func() { pause(r.ctx, 50*time.Millisecond) })
		r.over()
		r.settled(r.patience())
		r.struck()
	}
}

// often raises how likely something is where there are few messages, so that it happens at all.
func (r *faultRow) often(chance float64) float64 {
	if r.full {
		return chance
	}
	return 2 * chance
}

// struck notes how often something went wrong.
func (r *faultRow) struck() {
	_, faults, _, _ := r.gate.sum()
	r.result.note = fmt.Sprintf("%d faults %s", faults, r.result.note)
	if faults == 0 {
		r.t.Errorf("%s: nothing went wrong", r.result.fault)
	}
}

// storm refuses every post for half a minute, again and again: everybody has to wait.
func storm(r *faultRow) {
	r.onRedis()
	r.staff(3, nil)
	storms, early := 0, 0
	r.live(func() {
		long := r.clock.real(30 * time.Second)
		r.gate.order(gateFaults{StormUntil: time.Now().Add(long), StormRetry: 30 * time.Second})
		storms++
		pause(r.ctx, long)
		_, _, impatient, _ := r.gate.sum()
		early = impatient
		pause(r.ctx, 2*time.Second)
	})
	r.over()
	r.settled(r.patience())
	r.struck()
	r.result.note += fmt.Sprintf(" %d storms, %d calls by who knew", storms, early)
	if early > 0 {
		r.t.Errorf("%s: %d calls came before Retry-After although Slack had said so", r.result.fault, early)
	}
}

// historyDown cuts connections after posts while nobody can look whether they arrived: nothing may be sent blindly.
func historyDown(r *faultRow) {
	r.onRedis()
	r.staff(3, nil)
	r.gate.order(gateFaults{Reset: 0.1, HistoryDown: true})
	r.live(func() { pause(r.ctx, 50*time.Millisecond) })
	r.over()
	r.settled(r.patience())
	r.struck()
}

// killRedis kills the server and starts it anew, on what its append-only file has.
func killRedis(r *faultRow) {
	server := r.onRedis()
	r.staff(3, nil)
	kills := 0
	r.live(func() {
		pause(r.ctx, 3*time.Second)
		server.Kill()
		kills++
		pause(r.ctx, 300*time.Millisecond)
		r.must(server.Restart())
	})
	r.over()
	r.settled(r.patience())
	r.result.kills += kills
}

// skewed lets the clocks of three processes differ by a minute, while two of them are stopped now and then.
func skewed(r *faultRow) {
	r.onRedis()
	r.crew.order.Doom = map[string]float64{afterPost: 0.01, afterClaim: 0.01}
	r.staff(3, func(i int, o *workerOrder) { o.Clock.Skew = []time.Duration{0, 30 * time.Second, -30 * time.Second}[i] })
	r.live(func() { pause(r.ctx, 50*time.Millisecond) })
	r.over()
	r.settled(r.patience())
}

// manyReplicas wait for the same round.
func manyReplicas(r *faultRow) {
	r.onRedis()
	r.staff(5, nil)
	r.live(nil)
	r.over()
	r.settled(r.patience())
}

// blind processes post again what may have been posted, without looking.
func blind(r *faultRow) {
	r.onRedis()
	r.crew.order.Cheat = cheatReconcile
	r.staff(3, nil)
	r.gate.order(gateFaults{Reset: 0.1, Bad: 0.1})
	r.live(func() { pause(r.ctx, 50*time.Millisecond) })
	r.over()
	r.settled(r.patience())
	r.struck()
}
