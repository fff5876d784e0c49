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

// KudosNote is the content of the DM that tells a recipient of a kudos.
type KudosNote struct {
	Kudos  Kudos
	Value  Value
	Reader Member
	Posted bool   // it stands, or will stand, in its channel
	Shown  bool   // with the reader's name
	Link   string // address of the message in the channel; empty while there is none
	People map[string]Member
}

// Delete is the content of a send that takes the message it replaces away.
type Delete struct{}

// KudosPrivately is the preference "thank me privately": nothing in channels. KudosNoDM is "no DM".
const (
	KudosPrivately = "private"
	KudosNoDM      = "none"
)

// ComposePost decides what a kudos's message in its channel says now.
func (r *Recognition) ComposePost(ctx context.Context, _ time.Time, s Send) (any, Decision, error) {
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
	post := KudosPost{Kudos: k, Recipients: shown, Value: r.Settings.Current().Value(k.Value), People: scene.Members}
	gone := !k.Undone.IsZero() || len(shown) == 0
	if s.Replaces == "" {
		switch {
		case gone:
			return nil, Decision{Verdict: Drop, Reason: ReasonUndone}, nil
		case !scene.Channel.fits(k):
			return nil, Decision{Verdict: Drop, Reason: ReasonUnreachable}, nil
		}
		return post, Decision{}, nil
	}
	if d, err := r.replaceable(ctx, s); err != nil || d.Verdict != Go {
		return nil, d, err
	}
	if gone {
		return Delete{}, Decision{}, nil
	}
	return post, Decision{}, nil
}

// replaceable decides whether the message that s edits is there to be edited.
func (r *Recognition) replaceable(ctx context.Context, s Send) (Decision, error) {
	original, err := r.Sent.SendBySID(ctx, s.Replaces)
	if errors.Is(err, ErrNotFound) {
		return Decision{Verdict: Drop, Reason: ReasonUndone}, nil
	}
	if err != nil {
		return Decision{}, err
	}
	switch {
	case original.State == StateSent:
		return Decision{}, nil
	case original.State == StatePending || neverSent(original) || mayBeThere(original):
		// Whatever goes out later reads the newest state itself.
		return Decision{Verdict: Drop, Reason: ReasonUndone}, nil
	}
	return Decision{Verdict: Wait, Reason: ReasonWaits, Until: s.Due.Add(time.Minute)}, nil
}

// mayBeThere reports whether somebody said of a send of unknown fate that it is where it belongs. Where exactly, nobody knows.
func mayBeThere(s Send) bool { return s.State == StateDropped && s.Reason == ReasonMayBeThere }

// neverSent reports whether a send will never become a message.
func neverSent(s Send) bool {
	return s.State == StateDropped && !mayBeThere(s) || s.State == StateExpired || s.State == StateDead
}

// ComposeNote decides whether and how a recipient hears of a kudos.
func (r *Recognition) ComposeNote(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	k, err := r.Store.Kudos(ctx, s.Ref)
	gone := errors.Is(err, ErrNotFound) || err == nil && !k.Undone.IsZero()
	if err != nil && !gone {
		return nil, Decision{}, err
	}
	if s.Replaces != "" {
		if d, err := r.replaceable(ctx, s); err != nil || d.Verdict != Go {
			return nil, d, err
		}
		if gone {
			return Delete{}, Decision{}, nil
		}
	}
	if gone {
		return nil, Decision{Verdict: Drop, Reason: ReasonUndone}, nil
	}
	to := s.Members[0]
	scene, err := r.Scenes.Scene(ctx, "", noteReaders(k, to)...)
	if err != nil {
		return nil, Decision{}, err
	}
	note, post, err := r.note(ctx, k, to, scene)
	if err != nil {
		return nil, Decision{}, err
	}
	if s.Replaces != "" {
		return note, Decision{}, nil // an edit notifies nobody: it need not wait for hours
	}
	prefs := scene.Preferences[to]
	if note.Shown && prefs.KudosDM == KudosNoDM {
		return nil, Decision{Verdict: Drop, Reason: ReasonMuted}, nil
	}
	if d := reachable(scene.Members[to], prefs, KindKudosDM, scene.Hours(to, r.Settings.Current().Zone), now); d.Verdict != Go {
		return nil, d, nil
	}
	if onItsWay(post) && now.Before(k.Given.Add(noteWaits)) {
		return nil, Decision{Verdict: Wait, Reason: ReasonWaits, Until: now.Add(noteLooks)}, nil
	}
	return note, Decision{}, nil
}

const (
	// noteWaits is how long after a kudos was given its recipient's message waits for the post in the channel, so that it can link it.
	noteWaits = 30 * time.Minute
	// noteLooks is how often it looks whether the post is there.
	noteLooks = time.Second
)

// onItsWay reports whether a send may still become a message, or be found to be one, without anybody's doing. The zero send does not.
func onItsWay(s Send) bool {
	switch s.State {
	case StatePending, StateClaimed, StatePosting, StateUnknown:
		return s.Settled.IsZero()
	}
	return false
}

// noteReaders are everybody whom a note is about or whom it names.
func noteReaders(k Kudos, to string) []string {
	return unique(append([]string{to, k.Giver}, mentioned(k.Message)...))
}

// note is what a recipient is told of a kudos. post is what is known of its post in the channel; the zero value where there is none.
func (r *Recognition) note(ctx context.Context, k Kudos, to string, scene Scene) (n KudosNote, post Send, err error) {
	n = KudosNote{Kudos: k, Reader: scene.Members[to], Value: r.Settings.Current().Value(k.Value), Posted: k.Posted, People: scene.Members}
	n.Reader.ID = to
	if !k.Posted {
		return n, Send{}, nil
	}
	post, err = r.Sent.SendBySID(ctx, KudosPostSID(k.ID))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return KudosNote{}, Send{}, err
	}
	n.Posted = !neverSent(post)
	n.Shown = n.Posted && slices.Contains(shownOf(k, scene), to)
	if n.Posted && post.PostedTS != "" {
		n.Link = r.Permalink(post.PostedIn, post.PostedTS)
	}
	return n, post, nil
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
