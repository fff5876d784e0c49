package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// KudosShowLate says that a recipient's name cannot be shown again: the message in the channel went when it was hidden, and is too old to be posted anew.
const KudosShowLate FaultCode = "kudos_show_late"

// ShownKudos is a kudos after a recipient hid their name in it, or showed it again.
type ShownKudos struct {
	Kudos
	Before bool // it was so already
}

// Hide takes a recipient's own name and the thanks to them out of post and digest. To everybody who is no recipient the kudos does not exist. Where nothing
// is posted there is nothing to hide.
func (r *Recognition) Hide(ctx context.Context, now time.Time, token Token, actor, id string) (ShownKudos, error) {
	var before bool
	read := func() (Kudos, error) { return r.received(ctx, actor, id) }
	k, err := r.revise(ctx, token, read, func(k Kudos) (revision, bool) {
		before = slices.Contains(k.Hidden, actor)
		hidden := k
		hidden.Hidden, hidden.Gone = append(slices.Clone(k.Hidden), actor), now
		return revision{kudos: hidden, intents: changedPost(now, k), token: tokenAt(token, k)}, k.Posted && k.Undone.IsZero() && !before
	})
	return ShownKudos{Kudos: k, Before: before}, err
}

// Show takes back what a recipient hid. Where nobody was left to be named the message in the channel is gone: it is posted anew, unless it is too old for that, which
// is [KudosShowLate].
func (r *Recognition) Show(ctx context.Context, now time.Time, token Token, actor, id string) (ShownKudos, error) {
	k, err := r.received(ctx, actor, id)
	if err != nil {
		return ShownKudos{}, err
	}
	scene, err := r.Scenes.Scene(ctx, "", k.Recipients...)
	if err != nil {
		return ShownKudos{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if r.goneFromChannel(k, scene) && slices.Contains(k.Hidden, actor) && now.After(k.Given.Add(kudosPostLife)) {
		return ShownKudos{Kudos: k}, &Fault{Code: KudosShowLate}
	}
	missed, err := r.missedDigest(ctx, k, scene)
	if err != nil {
		return ShownKudos{}, err
	}
	var before bool
	read := firstKnown(k, func() (Kudos, error) { return r.received(ctx, actor, id) })
	k, err = r.revise(ctx, token, read, func(k Kudos) (revision, bool) {
		before = !slices.Contains(k.Hidden, actor)
		shown, intents := k, changedPost(now, k)
		shown.Hidden = slices.DeleteFunc(slices.Clone(k.Hidden), func(id string) bool { return id == actor })
		if r.goneFromChannel(k, scene) && !r.goneFromChannel(shown, scene) {
			shown.Reposted++
			if missed {
				shown.Stood = now
			}
			post := kudosPostSend(now, shown)
			post.SID = shown.PostSID()
			intents = Intents{post}
		}
		return revision{kudos: shown, intents: intents, token: tokenAt(token, k)}, k.Posted && k.Undone.IsZero() && !before
	})
	return ShownKudos{Kudos: k, Before: before}, err
}

// missedDigest reports whether the digest of a kudos's time came while the kudos was hidden: then the next one tells of it.
func (r *Recognition) missedDigest(ctx context.Context, k Kudos, scene Scene) (bool, error) {
	if k.Gone.IsZero() || !r.goneFromChannel(k, scene) {
		return false, nil
	}
	d, err := r.Digests.Digest(ctx, k.Channel)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return false, &Fault{Code: FaultUnread, Cause: err}
	}
	return d.Since.After(k.Gone), nil
}

// goneFromChannel reports whether a kudos's message is taken away because nobody is left to be named. An emoji stays where it is.
func (r *Recognition) goneFromChannel(k Kudos, scene Scene) bool {
	return k.Posted && k.Reaction == "" && len(shownOf(k, scene)) == 0
}

// tokenAt is the token of an act on a kudos as it stands: the same press after it was undone is another act.
func tokenAt(token Token, k Kudos) Token { return token + Token(fmt.Sprintf(" v%d", k.Version)) }
