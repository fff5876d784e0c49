//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/scheduler"
	"rapport/storage"
)

// faultRow is one row of the table while it runs: the town, the gate before its Slack, the store and the bot's processes.
type faultRow struct {
	t     *testing.T
	ctx   context.Context
	seed  uint64
	full  bool
	sized rowSize // zero: as usual
	clock fastClock
	town  *faultTown
	gate  *gate
	crew  *crew
	where storeOf
	store *storage.Store // the test's own view of it
	dry   bool           // there is no coffee
	round int            // how many rounds there are to be

	backs []time.Duration // how long after the loss of a server the next message came

	healing time.Time // since when the fault is over
	result  rowResult
}

// rowResult is what the table shows.
type rowResult struct {
	place        int // among the rows
	fault, store string
	end          string // ok, FAILED or LEFT OUT
	took         time.Duration
	sends        int // messages that Slack accepted
	kills        int
	where        string
	lost         []string // acknowledged, and neither there nor listed
	twice        []string
	listed       int // of channels, put before an operator
	private      int // of those, to people: never, where history can be read
	healed       time.Duration
	note         string
}

// rowSize is how much happens in a row.
type rowSize struct {
	people, acts int
	rate         float64
}

func (r *faultRow) size() rowSize {
	if r.sized != (rowSize{}) {
		return r.sized
	}
	if r.full {
		return rowSize{people: 600, acts: 480, rate: 10}
	}
	return rowSize{people: 40, acts: 45, rate: 10}
}

// thankedFor is how many people it takes so that nobody is thanked twice within an hour, also where half of what people do has to be done again.
func thankedFor(size rowSize) int { return max(3*size.acts, 300) }

// storeOf says where the store of a row is. Exactly one of both.
type storeOf struct{ redis, folder string }

// at sets a row up on a store: everything but the processes. The clock begins on a Wednesday at half past nine, in everybody's hours.
func (r *faultRow) at(where storeOf) {
	r.t.Helper()
	r.where, r.round = where, 1
	base := time.Date(2026, 3, 25, 9, 30, 0, 0, berlin())
	size := r.size()
	r.clock = fastClock{Zero: time.Now(), Base: base, Rate: size.rate}
	r.town = openFaultTown(r.t, r.clock, size.people, thankedFor(size), r.seed)
	r.gate = newGate(r.t, r.town.slack.APIURL(), r.clock, r.town.clock.Now, r.seed)
	r.crew = newCrew(r.t, workerOrder{
		API: r.gate.address(), BotToken: r.town.slack.BotToken(), AppToken: r.town.slack.AppToken(), Redis: where.redis, Folder: where.folder, Clock: r.clock,
		Seed: r.seed, Installer: r.town.people[0],
	})
}

// view opens the store for the test itself: the store of a folder through the process that has it.
func (r *faultRow) view() error {
	if r.store != nil {
		return nil
	}
	server, err := storage.Connect(r.ctx, storage.Options{URL: r.where.redis, Dir: r.where.folder, Key: faultKey, Now: func() time.Time { return r.clock.Now() }})
	if err != nil {
		return err
	}
	r.t.Cleanup(func() { _ = server.Close() }) // it may have gone
	r.store, err = server.Store(r.ctx, "T000000001")
	return err
}

// jump ends all processes and lets time pass until others are hired.
func (r *faultRow) jump(d time.Duration) {
	r.crew.dismiss("stopped")
	r.clock.Base = r.clock.Base.Add(d)
	r.town.setTime(r.clock)
	r.crew.order.Clock = r.clock
	r.dry = true
}

// staff hires so many processes; the first one sets coffee up.
func (r *faultRow) staff(n int, change func(i int, o *workerOrder)) {
	r.t.Helper()
	for i := range n {
		w, err := r.crew.hire(func(o *workerOrder) {
			if i == 0 && !r.dry {
				o.Coffee = &coffeeOrder{Channel: r.town.coffee, Members: r.town.people, Wait: time.Duration(n) * 10 * time.Second}
				o.Doom = nil // what it sets up is no part of the row
			}
			if change != nil {
				change(i, o)
			}
		})
		r.must(err)
		if i == 0 && !r.dry && r.crew.order.Doom != nil {
			r.crew.kill(w, "after setup") // whoever takes its place is as mortal as the others
		}
	}
}

func (r *faultRow) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatalf("%s (seed %d): %v", r.result.fault, r.seed, err)
	}
}

// over says that from now on nothing goes wrong any more.
func (r *faultRow) over() {
	r.crew.calm()
	r.gate.order(gateFaults{})
	r.healing = time.Now()
}

// missing is what should be there and is not, once what is listed is taken out.
type missing struct {
	lost            []string
	listed, private int
	waiting         []string // sends that are on their way or of unknown fate
}

// settled waits until everything that was acknowledged is there or listed, and nothing is on its way.
func (r *faultRow) settled(within time.Duration) {
	r.t.Helper()
	end := time.Now().Add(within)
	for {
		m, err := r.missing()
		if err == nil && len(m.lost) == 0 && len(m.waiting) == 0 {
			if r.result.healed = time.Since(r.healing); r.healing.IsZero() {
				r.result.healed = 0
			}
			r.finish(m)
			return
		}
		if time.Now().After(end) {
			if err != nil {
				r.t.Errorf("%s: %v", r.result.fault, err)
			}
			r.result.note = strings.TrimSpace(r.result.note + fmt.Sprintf(" not settled within %s: %d wait: %s", within, len(m.waiting), strings.Join(m.waiting[:min(3, len(m.waiting))], ", ")))
			r.finish(m)
			return
		}
		pause(r.ctx, 200*time.Millisecond)
	}
}

func (r *faultRow) finish(m missing) {
	r.result.lost, r.result.listed, r.result.private = m.lost, m.listed, m.private
	// A copy that is late by a lease, as much as clocks may differ, and a look would come now.
	pause(r.ctx, r.clock.real(110*time.Second))
	r.result.twice = r.gate.twice()
	seen, err := r.town.look()
	if err != nil {
		r.t.Error(err)
	}
	for what, n := range seen.said {
		if n > 1 {
			r.result.twice = append(r.result.twice, fmt.Sprintf("act %s: %d", what, n))
		}
	}
	r.result.sends, _, _, _ = r.gate.sum()
	r.result.kills, r.result.where = r.crew.deaths()
	if lag := r.town.worstLag(); lag > 100*time.Second { // where something is wrong as well, this may be why
		r.result.note = strings.TrimSpace(r.result.note + fmt.Sprintf(" Slack's clock was %s behind: the machine was too busy", lag.Round(time.Second)))
	}
	for _, complaint := range r.crew.complaints() {
		r.t.Errorf("%s: a process ended by itself: %s", r.result.fault, complaint)
	}
}

// missing compares what was acknowledged with what is there and what is listed.
func (r *faultRow) missing() (missing, error) {
	ctx, cancel := context.WithTimeout(r.ctx, 30*time.Second) // a busy machine may need some of it
	defer cancel()
	seen, err := r.town.look()
	if err != nil {
		return missing{}, err
	}
	if err := r.view(); err != nil {
		return missing{}, err
	}
	m := missing{}
	listed, private, err := r.listed(ctx)
	if err != nil {
		return missing{}, err
	}
	m.listed, m.private = len(listed)-private, private
	toPeople, inChannels := r.town.wishes()
	for _, want := range toPeople {
		if seen.said[want] == 0 {
			m.lost = append(m.lost, want)
		}
	}
	for _, want := range inChannels {
		if seen.said[want] == 0 && !listed[want] {
			m.lost = append(m.lost, want)
		}
	}
	pairs, err := r.pairs(ctx)
	if err != nil {
		return missing{}, err
	}
	for _, sid := range pairs {
		if seen.sids[sid] == 0 {
			m.lost = append(m.lost, sid)
		}
	}
	slices.Sort(m.lost)
	m.waiting, err = r.waiting(ctx)
	return m, err
}

// listed are the messages in channels that were put before an operator, as [wanted] has them, and by sid what else is.
func (r *faultRow) listed(ctx context.Context) (map[string]bool, int, error) {
	dead, err := r.store.Dead(ctx, 10_000)
	if err != nil {
		return nil, 0, err
	}
	list, private := map[string]bool{}, 0
	for _, s := range dead {
		if s.Channel == "" {
			private++
		}
		if s.Kind != bot.KindKudosPost || s.Replaces != "" {
			list[s.SID] = true
			continue
		}
		k, err := r.store.Kudos(ctx, s.Ref)
		if err != nil {
			return nil, 0, err
		}
		list[wanted(numberIn(k.Message), k.Channel)] = true
	}
	return list, private, nil
}

// pairs are the introductions that the round brings, once it is due.
func (r *faultRow) pairs(ctx context.Context) ([]string, error) {
	if r.round == 0 {
		return nil, nil
	}
	programs, err := r.store.Programs(ctx)
	if err != nil || len(programs) == 0 {
		return nil, errors.Join(err, errors.New("no program"))
	}
	round, err := wholeRound(ctx, r.store, programs[0].ID)
	if errors.Is(err, bot.ErrNotFound) {
		return []string{"the round itself"}, nil
	}
	if err != nil {
		return nil, err
	}
	var sids []string
	met := 0
	for _, g := range round.Groups {
		sids = append(sids, bot.PairSID(round.ID, g.Key))
		met += len(g.Members)
	}
	// After the first round nobody said anything, so that the next ones ask whether people are still there.
	if met != len(r.town.people) && r.round == 1 || round.Number != r.round {
		return nil, fmt.Errorf("round %d, of %d, introduces %d of %d people", round.Number, r.round, met, len(r.town.people))
	}
	return sids, nil
}

// wholeRound is the program's latest round with its groups; [bot.ErrNotFound] before the first.
func wholeRound(ctx context.Context, store *storage.Store, program string) (bot.Round, error) {
	head, err := store.CurrentRound(ctx, program)
	if err != nil {
		return bot.Round{}, err
	}
	return store.Round(ctx, head.ID)
}

// waiting are the sends that are due or being worked on, or of which nobody knows yet whether they were posted.
func (r *faultRow) waiting(ctx context.Context) ([]string, error) {
	queue, err := r.store.Queue(ctx, scheduler.Kinds(), 10_000)
	if err != nil {
		return nil, err
	}
	backlog, err := r.store.Backlog(ctx, scheduler.Kinds())
	if err != nil {
		return nil, err
	}
	var list []string
	now := r.clock.Now()
	for _, s := range queue {
		if s.State == bot.StateUnknown || !s.Due.After(now) {
			list = append(list, fmt.Sprintf("%s %s %s", s.SID, s.State, s.Reason))
		}
	}
	if backlog.Inflight > 0 {
		list = append(list, fmt.Sprintf("%d in flight", backlog.Inflight))
	}
	return list, nil
}
