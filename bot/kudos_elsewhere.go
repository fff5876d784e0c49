package bot

import (
	"context"
	"slices"
	"time"
)

// KudosStage is where a kudos can stand that somebody is about to give.
type KudosStage struct {
	Closed    bool       // the channel where it was given is private
	Place     KudosPlace // of one that is not private, to people who have no wishes about it
	Elsewhere Channel    // the workspace's channel for kudos, where it can be posted instead; the zero value for nowhere
}

// Stage tells where a kudos would go that a member gives in a channel; empty for nowhere.
func (r *Recognition) Stage(ctx context.Context, giver, channel string) (KudosStage, error) {
	scene, err := r.Scenes.Scene(ctx, channel, giver)
	if err != nil {
		return KudosStage{}, &Fault{Code: FaultUnread, Cause: err}
	}
	g := GiveKudos{Giver: giver, Channel: channel}
	place, _ := r.place(ctx, &g, []string{""}, scene)
	return KudosStage{Place: place, Closed: place == PlaceChannel && scene.Channel.Private, Elsewhere: r.elsewhere(ctx, place, giver, true, scene)}, nil
}

// elsewhere is the workspace's channel for kudos where somebody can have a kudos posted that cannot stand where it was given; the zero value for
// nowhere. Everybody who works here may read it: it is public, and no other company is in it. What is given in a private channel never leaves that.
func (r *Recognition) elsewhere(ctx context.Context, place KudosPlace, giver string, team bool, scene Scene) Channel {
	id := r.Settings.Current().Kudos.Channel
	if id == "" || scene.Channel.Private || place != PlaceNowhere && place != PlaceOutside && place != PlaceWider && (place != PlaceShared || !team) {
		return Channel{}
	}
	there, err := r.Scenes.Scene(ctx, id)
	if err != nil || !r.praises(ctx, there.Channel, id, giver, scene.Members[giver]) {
		return Channel{} // it goes to its recipients, and can be posted by its button until tomorrow
	}
	return there.Channel
}

// praises reports whether a member can have a kudos posted in the workspace's channel for kudos, as it is now.
func (r *Recognition) praises(ctx context.Context, c Channel, id, giver string, m Member) bool {
	return c.ID == id && c.Postable() && !c.Shared && !c.Private && (!m.Guest || r.present(ctx, c, giver, m))
}

// postInWithin is how old a kudos may be that its giver has posted, too.
const postInWithin = 24 * time.Hour

// What can be wrong with a kudos that is to be posted, too.
const (
	KudosPostLate  FaultCode = "kudos_post_late"  // it is older than a day
	KudosPostPlace FaultCode = "kudos_post_place" // that channel is no longer the one for kudos, or cannot be posted in
	KudosPostQuiet FaultCode = "kudos_post_quiet" // everybody who was thanked prefers to be thanked privately
)

// PostIn posts a kudos that went to its recipients alone in the workspace's channel for kudos, which its giver saw named and said yes to. The second time it
// tells where it stands.
func (r *Recognition) PostIn(ctx context.Context, now time.Time, token Token, actor, id, channel string) (GivenKudos, error) {
	k, err := r.Given(ctx, actor, id)
	switch {
	case err != nil:
		return GivenKudos{}, err
	case k.Posted:
		return GivenKudos{Kudos: k, Place: PlaceChannel, Repeated: true}, nil
	case k.Private || k.Closed || k.Team != "" || k.Reaction != "":
		return GivenKudos{}, &Fault{Code: FaultNotFound}
	case now.After(k.Given.Add(postInWithin)):
		return GivenKudos{}, &Fault{Code: KudosPostLate}
	case channel == "" || channel != r.Settings.Current().Kudos.Channel:
		return GivenKudos{}, &Fault{Code: KudosPostPlace}
	}
	scene, err := r.Scenes.Scene(ctx, channel, unique(slices.Concat([]string{actor}, k.Recipients, mentioned(k.Message)))...)
	switch {
	case err != nil:
		return GivenKudos{}, &Fault{Code: FaultUnread, Cause: err}
	case !r.praises(ctx, scene.Channel, channel, actor, scene.Members[actor]):
		return GivenKudos{}, &Fault{Code: KudosPostPlace}
	case len(shownOf(k, scene)) == 0:
		return GivenKudos{}, &Fault{Code: KudosPostQuiet}
	}
	k, err = r.postIn(ctx, now, token, k, channel)
	return GivenKudos{Kudos: k, Place: PlaceChannel, Quiet: quietOf(k.Recipients, scene), People: scene.Members}, err
}

// postIn stores that a kudos, as it was read, stands in a channel.
func (r *Recognition) postIn(ctx context.Context, now time.Time, token Token, k Kudos, channel string) (Kudos, error) {
	id, actor := k.ID, k.Giver
	read := firstKnown(k, func() (Kudos, error) { return r.Given(ctx, actor, id) })
	stored, err := r.revise(ctx, token, read, func(k Kudos) (revision, bool) {
		posted := k
		posted.Channel, posted.Posted, posted.Closed, posted.Stood = channel, true, false, now
		intents := append(Intents{kudosPostSend(now, posted)}, changedNotes(now, k)...)
		return revision{kudos: posted, intents: intents}, !k.Posted
	})
	if err == nil && !stored.Posted { // the token did something else
		return stored, &Fault{Code: FaultDone}
	}
	return stored, err
}
