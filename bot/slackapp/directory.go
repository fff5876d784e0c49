package slackapp

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"rapport/bot"
)

// MemberStore keeps what the directory knows, and how far its syncs are.
type MemberStore interface {
	AllMembers(ctx context.Context) ([]bot.Member, error)
	// EditMembers changes what is known of members, each by itself: edit is given a member, of one who is unknown only the id, and answers what is to be stored, or false
	// if nothing is. It may be called again for a member who changed meanwhile.
	EditMembers(ctx context.Context, ids []string, edit func(bot.Member) (bot.Member, bool)) error
	DirectorySync(ctx context.Context) (bot.DirectorySync, error)
	// HoldSync lets one process work on the sync until an instant; false if another one does.
	HoldSync(ctx context.Context, holder string, now, until time.Time) (bool, error)
	// SaveSync notes how far the sync is, and whom it met since it was last noted; [bot.ErrConflict] if another process holds it. begins says that it begins here:
	// nobody was met before.
	SaveSync(ctx context.Context, holder string, until time.Time, mark bot.DirectorySync, begins bool, met ...string) error
	// Unmet finds those of some members whom the sync under way has not met.
	Unmet(ctx context.Context, ids []string) ([]string, error)
}

// Leavers ends what people who are no colleagues any more were in. Both may be called again.
type Leavers interface {
	// MemberGone does so for one, once the store knows that they left.
	MemberGone(ctx context.Context, now time.Time, member string) error
	// PeopleGone does so for everybody of whom nothing told it, or was not heard.
	PeopleGone(ctx context.Context, now time.Time) error
}

// Waker is a clock that can wake.
type Waker interface {
	Clock
	// At calls f on its own goroutine once the clock has reached t. stop keeps it from that and reports whether it was in time.
	At(t time.Time, f func()) (stop func() bool)
}

// Directory keeps the members that the store knows equal to Slack's, from events and from a sync every night. Custom profile fields are in nobody's list: they
// cost one call a member, so they are read again only after a member changed.
type Directory struct {
	Client  *Client        // required
	Store   MemberStore    // required
	Clock   Waker          // required
	Log     *slog.Logger   // required
	Process string         // required: a name that no other process has
	Team    string         // required: who is of another team is a stranger
	Zone    *time.Location // whose nights are meant; nil: UTC
	Fields  ProfileLabels
	Groups  []string     // handles of the user groups that are departments, or their beginnings with a star; the first that somebody is in counts
	Order   []bot.Source // in which sources are asked; empty: [bot.StandardSources]
	Leavers Leavers      // nil: nothing ends when people leave

	reading flight // of user groups
}

// Sync reads everybody now. Waiting for Slack's rate limits it can take hours in a very large workspace. What it has read is stored page by page; if it breaks off,
// the next one goes on, in whichever process.
func (d *Directory) Sync(ctx context.Context) error {
	w := d.waiting()
	defer func() { w.busy() }()
	_, err := d.hold(ctx, w, true)
	return err
}

func (d *Directory) waiting() *waiting { return &waiting{clock: d.Clock, busy: d.Clock.Begin()} }

const (
	// syncLease is how long a process holds a sync that it says nothing of.
	syncLease = 5 * time.Minute
	// syncRetry is when a sync that broke off is gone on with, and syncOther when another process is looked after that is at it.
	syncRetry = 5 * time.Minute
	syncOther = time.Minute
)

// Keep syncs in the background when that is due, until the context ends: once if none is recent, then every night, and when an operator asks, which is looked for
// every so often (0: never).
func (d *Directory) Keep(ctx context.Context, look time.Duration) {
	w := d.waiting()
	go func() {
		defer func() { w.busy() }()
		for starting := true; ctx.Err() == nil; starting = false {
			next := d.turn(ctx, w, starting)
			if look > 0 {
				next = min(next, look)
			}
			if w.wait(ctx, next) != nil {
				return
			}
		}
	}()
}

// turn does what is due, and says in how long to look again.
func (d *Directory) turn(ctx context.Context, w *waiting, starting bool) time.Duration {
	mark, err := d.Store.DirectorySync(ctx)
	held := true
	if err == nil && (mark.Due(d.Clock.Now(), d.zone(), starting) || mark.Order != d.order()) {
		held, err = d.hold(ctx, w, false)
	}
	switch now := d.Clock.Now(); {
	case err != nil:
		if ctx.Err() == nil {
			d.Log.ErrorContext(ctx, "directory not synchronised", "error", err)
		}
		return syncRetry
	case !held:
		return syncOther
	default:
		return bot.NextSync(now, d.zone()).Sub(now)
	}
}

// hold syncs, unless another process is at it; false then. Unless it has to be now, it looks whether it still is due.
func (d *Directory) hold(ctx context.Context, w *waiting, must bool) (held bool, err error) {
	now := d.Clock.Now()
	if held, err = d.Store.HoldSync(ctx, d.Process, now, now.Add(syncLease)); !held || err != nil {
		return held, err
	}
	s := &directorySync{Directory: d, w: w}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookupTimeout)
		defer cancel()
		if _, free := d.Store.HoldSync(ctx, d.Process, d.Clock.Now(), d.Clock.Now()); free != nil && err == nil {
			err = free
		}
	}()
	if s.mark, err = d.Store.DirectorySync(ctx); err != nil {
		return true, err
	}
	if err := s.reorder(ctx); err != nil {
		return true, fmt.Errorf("order departments: %w", err)
	}
	if !must && !s.mark.Due(now, d.zone(), true) {
		return true, nil
	}
	if err := s.run(ctx); err != nil {
		return true, fmt.Errorf("sync directory: %w", err)
	}
	return true, nil
}

func (d *Directory) zone() *time.Location {
	if d.Zone == nil {
		return time.UTC
	}
	return d.Zone
}

// order is the order of sources as the mark keeps it.
func (d *Directory) order() string {
	if len(d.Order) == 0 {
		return fmt.Sprint(bot.StandardSources())
	}
	return fmt.Sprint(d.Order)
}
