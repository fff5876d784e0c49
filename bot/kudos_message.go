package bot

import (
	"context"
	"errors"
	"slices"
	"time"
)

// KudosPost is the content of a kudos's message in its channel.
type KudosPost struct {
	Kudos      Kudos
	Recipients []string // those who did not hide it
	Value      Value    // the zero value if none was named
	People     map[string]Member
}

// Delete is the content of a send that takes the message it replaces away.
type Delete struct{}

// KudosPrivately is the preference "thank me privately": nothing in channels. KudosNoDM is "no DM".
const (
	KudosPrivately = "private"
	KudosNoDM      = "none"
)

// ComposePost decides what a kudos's message in its channel says now.
func (r *Recognition) ComposePost(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	k, err := r.Store.Kudos(ctx, s.Ref)
	if errors.Is(err, ErrNotFound) {
		return nil, Decision{Verdict: Drop, Reason: ReasonUndone}, nil
	}
	if err != nil {
		return nil, Decision{}, err
	}
	scene, err := r.Scenes.Scene(ctx, k.Channel, unique(slices.Concat(k.Recipients, mentioned(k.Message)))...)
	if err != nil {
		return nil, Decision{}, err
	}
	shown := shownOf(k, scene)
	post := KudosPost{Kudos: k, Recipients: shown, Value: r.Settings.Current().ShownValue(k.Value), People: scene.Members}
	gone := !k.Undone.IsZero() || len(shown) == 0 || k.formerPost(s)
	if s.Replaces == "" {
		switch {
		case gone:
			return nil, Decision{Verdict: Drop, Reason: ReasonUndone}, nil
		case !scene.Channel.fits(k):
			return nil, Decision{Verdict: Drop, Reason: ReasonUnreachable}, nil
		}
		return post, k.unread(now), nil
	}
	if _, d, err := r.replaceable(ctx, s); err != nil || d.Verdict != Go {
		return nil, d, err
	}
	if gone {
		return Delete{}, Decision{}, nil
	}
	return post, k.unread(now), nil
}

// replaceable finds the message that s edits, which for what was taken in is that of another send, and decides whether it is there to be edited. The scheduler asks
// the same before anything is composed; what is still on its way may have been composed before the change, so that dropping would lose it.
func (r *Recognition) replaceable(ctx context.Context, s Send) (Send, Decision, error) {
	original, err := Standing(ctx, r.Sent, s.Replaces)
	switch {
	case errors.Is(err, ErrNotFound):
		return Send{}, Decision{Verdict: Drop, Reason: ReasonUndone}, nil
	case err != nil:
		return Send{}, Decision{}, err
	case original.State == StateSent:
		return original, Decision{}, nil
	case onItsWay(original):
		return original, Decision{Verdict: Wait, Reason: ReasonWaits, Until: s.Due.Add(time.Minute)}, nil
	}
	return original, Decision{Verdict: Drop, Reason: ReasonUndone}, nil
}

// mayBeThere reports whether somebody said of a send of unknown fate that it is where it belongs. Where exactly, nobody knows.
func mayBeThere(s Send) bool { return s.State == StateDropped && s.Reason == ReasonMayBeThere }

// neverSent reports whether a send will never become a message.
func neverSent(s Send) bool {
	return s.State == StateDropped && !mayBeThere(s) || s.State == StateExpired || s.State == StateDead
}

// onItsWay reports whether a send may still become a message, or be found to be one, without anybody's doing. The zero send does not.
func onItsWay(s Send) bool {
	switch s.State {
	case StatePending, StateClaimed, StatePosting, StateUnknown:
		return s.Settled.IsZero()
	}
	return false
}

// reachable decides whether a message of a kind may reach a member at an instant: everything unasked goes by this.
func reachable(m Member, p Preferences, kind Kind, h Hours, now time.Time) Decision {
	switch {
	case !m.Person():
		return Decision{Verdict: Drop, Reason: ReasonUnreachable}
	case slices.Contains(p.Muted, kind):
		return Decision{Verdict: Drop, Reason: ReasonMuted}
	}
	open, ok := h.NextOpen(now)
	switch {
	case !ok:
		return Decision{Verdict: Drop, Reason: ReasonQuietHours}
	case open.Equal(now):
		return Decision{}
	case h.Today(now).Before(h.PausedTill):
		return Decision{Verdict: Wait, Reason: ReasonPaused, Until: pausedUntil(kind, h, now, open)}
	}
	return Decision{Verdict: Wait, Reason: ReasonQuietHours, Until: open}
}

// pausedUntil is when a message that a pause keeps back is looked at again: each morning, for a pause may end before its day. Reminders are planned anew for the day on
// which they can come.
func pausedUntil(kind Kind, h Hours, now, open time.Time) time.Time {
	morning := h.At(h.Today(now).AddDays(1), remindMinute)
	if kind == KindReminders || open.Before(morning) {
		return open
	}
	return morning
}
