package storage

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// A ledger that forgets sends twice: what was posted stands there as if it had not been. No server tells of that by itself, neither after a crash that cost the
// last second, nor after a failover to a replica that was behind, nor when somebody restored yesterday's backup. So the ledger counts its steps, every process
// remembers how far it saw it count, and each script that lets something be posted first makes sure that the server is still the one (by its run id, which every
// start of a server draws anew) on which the ledger was last found whole, and that it has not counted back.
//
// After a restart, then, nothing is claimed until somebody has judged it:
//
//   - Whoever saw it count further than it stands now knows that something was forgotten, and puts it in doubt at once.
//   - Whoever saw it count, and no further, finds it whole. It says so only after restartWait, so that others that saw more can say so first.
//   - Whoever has just started, and saw nothing, cannot tell. If nobody else has judged after restartAlone, it puts it in doubt.
//
// What is remembered is the count of claims and posts. Settlings count, too, so that a ledger that goes on elsewhere does not look as if it had stood still, but
// one that is forgotten does no harm: the send stands as posting and is looked for. So a failover that costs the last settlings, which no replica has to confirm,
// is no reason for doubt.
//
// Doubt is an instant. A send that was due before it, or up to doubtSpan after it, and that nobody has looked for since, may have been posted at any
// time from its due instant to the doubt: it counts as unknown and is looked for. Later ones are normal. See claim.lua.
//
// What remains. A send that a backup has as due after the doubt, and that was brought forward and posted since the backup was made, is posted again. What was
// counted by one process alone that died together with the server is missed if another process, that had seen less, judges. A server that is
// put back without being started anew, such as by a snapshot of the whole virtual machine, keeps its run id: only processes that live on notice. A
// message to a channel that nobody may read, due within doubtSpan after the doubt, is asked about although it is new.
const (
	restartWait  = 15 * time.Second
	restartAlone = 20 * time.Second
	doubtSpan    = 30 * time.Second
	// doubtShared is how long after another process's doubt one's own finding is taken for the same.
	doubtShared = time.Minute
)

// errRestarted says that nothing is claimed yet.
var errRestarted = errors.New("the store was restarted, and it is being found out whether it has forgotten something: nothing is sent meanwhile")

// memory is what a process knows of the ledger's counter. The zero value has seen nothing.
type memory struct {
	mu    sync.Mutex
	knows bool // has seen the counter
	saw   int64
	fresh sighting
}

// sighting is the restart that is being looked at.
type sighting struct {
	run   string
	since time.Time
}

// note remembers how far the ledger counted.
func (m *memory) note(n int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.knows, m.saw, m.fresh = true, max(m.saw, n), sighting{}
}

// sawText is the highest count, as scripts take it.
func (m *memory) sawText() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return strconv.FormatInt(m.saw, 10)
}

// forgive takes the counter as it stands after a doubt.
func (m *memory) forgive() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.knows, m.saw, m.fresh = true, 0, sighting{}
}

// verdict is what a process says of a restart.
type verdict int

const (
	undecided verdict = iota
	whole
	doubtful
)

// judge looks at a server that has counted n and is not the one that it was.
func (m *memory) judge(now time.Time, run string, n int64) verdict {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fresh.since.IsZero() || m.fresh.run != run {
		m.fresh = sighting{run: run, since: now}
	}
	waited := now.Sub(m.fresh.since)
	switch {
	case n < m.saw:
		return doubtful
	case m.knows && waited >= restartWait:
		return whole
	case !m.knows && waited >= restartAlone:
		return doubtful
	}
	return undecided
}

// restarted judges what a claim found. It returns errRestarted while nobody may claim; without an error the claim can be tried again.
func (s *Store) restarted(ctx context.Context, now time.Time, run string, n int64) error {
	switch s.memory.judge(now, run, n) {
	case doubtful:
		return s.doubt(ctx, now, s.watch, false)
	case whole:
		ok, err := acceptScript.Run(ctx, s.rdb, []string{s.keys.ledger()}, run, s.memory.sawText()).Bool()
		if err != nil {
			return fmt.Errorf("accept restarted store: %w", err)
		}
		if ok {
			return nil
		}
	}
	return errRestarted
}

// doubt puts the ledger in doubt as of now.
func (s *Store) doubt(ctx context.Context, now time.Time, watch, inAnyCase bool) error {
	keys, args := []string{s.keys.ledger()}, []any{millis(now), flag(watch), s.memory.sawText(), flag(inAnyCase), doubtShared.Milliseconds()}
	if err := doubtScript.Run(ctx, s.rdb, keys, args...).Err(); err != nil {
		return fmt.Errorf("put the ledger in doubt: %w", err)
	}
	s.memory.forgive()
	if s.warn != nil {
		s.warn("the store may have forgotten messages that were posted: those that were due by now are looked for before they are posted")
	}
	return nil
}

// MarkRestored says that what is stored is older than it may look: a backup, an import, a copied folder. Messages that were due before now, or are
// within half a minute, may have been posted since it was made: they are looked for before they are posted, and where nobody can look, their authors are
// asked. It may be called again; the latest instant counts.
func (s *Store) MarkRestored(ctx context.Context, now time.Time) error {
	return s.doubt(ctx, now, s.watch || s.hasRunID(ctx), true)
}

// Doubt returns the instant of the latest doubt; zero if there never was one.
func (s *Store) Doubt(ctx context.Context) (time.Time, error) {
	text, err := s.rdb.HGet(ctx, s.keys.ledger(), "doubt").Result()
	if err != nil && !isNil(err) {
		return time.Time{}, fmt.Errorf("read the ledger's doubt: %w", err)
	}
	return instant(text)
}

// hasRunID reports whether the server draws a run id with every start. An embedded one has none: it cannot be restarted without its process.
func (s *Store) hasRunID(ctx context.Context) bool {
	info, err := s.rdb.Info(ctx, "server").Result()
	return err == nil && parseInfo(info)["run_id"] != ""
}

// remember looks how far the ledger has counted, if it is on the server on which it was last found whole: whoever knows that can judge the next restart. A
// ledger that is new becomes this server's, so that a backup of it tells where it is from.
func (s *Store) remember(ctx context.Context) error {
	s.watch = s.hasRunID(ctx)
	whole, err := servedScript.Run(ctx, s.rdb, []string{s.keys.ledger()}, flag(s.watch)).Bool()
	if err != nil {
		return fmt.Errorf("ask store whether it was restarted: %w", err)
	}
	n, err := s.rdb.HGet(ctx, s.keys.ledger(), "n").Int64()
	if err != nil && !isNil(err) {
		return fmt.Errorf("read how far the ledger has counted: %w", err)
	}
	if whole {
		s.memory.note(n)
	}
	return nil
}

// flag is how scripts take yes and no.
func flag(on bool) string {
	if on {
		return "1"
	}
	return ""
}
