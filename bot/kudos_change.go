package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// revision is a change of a kudos and what it brings about.
type revision struct {
	kudos   Kudos
	refund  *KudosQuota
	intents Intents
	token   Token // of this change alone, where one press may be meant again after it was undone; empty: that of the act
}

// revise reads a kudos and stores what change makes of it, again if somebody else changed it in between. change reports false where there
// is nothing to change. A token that came before changes nothing; the kudos is returned as it stands.
func (r *Recognition) revise(ctx context.Context, token Token, read func() (Kudos, error), change func(Kudos) (revision, bool)) (Kudos, error) {
	for range 3 {
		k, err := read()
		if err != nil {
			return Kudos{}, err
		}
		next, changes := change(k)
		if !changes {
			return k, nil
		}
		err = r.Store.ReplaceKudos(ctx, cmp.Or(next.token, token), next.kudos, next.refund, next.intents)
		switch {
		case err == nil:
			next.kudos.Version++
			return next.kudos, nil
		case errors.Is(err, ErrRepeated):
			return read()
		case !errors.Is(err, ErrConflict):
			return Kudos{}, &Fault{Code: FaultUnsaved, Cause: err}
		}
	}
	return Kudos{}, &Fault{Code: FaultStale}
}

// ChangedKudos is a kudos as it stands after a change.
type ChangedKudos struct {
	Kudos
	Stray bool // its message in the channel may stand there, and the bot cannot reach it
}

// stray reports whether a kudos's message may stand in its channel although the bot cannot reach it. It is asked before a change: once that is
// made, an error would read as if it was not.
func (r *Recognition) stray(ctx context.Context, k Kudos) (bool, error) {
	post, err := r.Sent.SendBySID(ctx, k.PostSID())
	switch {
	case errors.Is(err, ErrNotFound):
		return false, nil
	case err != nil:
		return false, &Fault{Code: FaultUnread, Cause: err}
	}
	return outOfReach(post), nil
}

// outOfReach reports whether a post may stand where the bot cannot change it.
func outOfReach(post Send) bool {
	return post.State == StateUnknown || post.State == StateDead || mayBeThere(post)
}

// Undo takes a kudos back: its text is forgotten, its messages go, the day's count is given back. The giver may, and the workspace's admins where
// everybody can read it: then its giver hears of that, and it is noted who did it. A second time changes nothing.
func (r *Recognition) Undo(ctx context.Context, now time.Time, token Token, actor, id string) (ChangedKudos, error) {
	k, err := r.own(ctx, actor, id, true)
	if err != nil {
		return ChangedKudos{}, err
	}
	stray, err := r.stray(ctx, k)
	if err != nil {
		return ChangedKudos{}, err
	}
	if actor == k.Giver {
		k, err = r.takeBack(ctx, now, token, k)
	} else {
		k, err = r.takeDown(ctx, now, token, actor, k)
	}
	return ChangedKudos{Kudos: k, Stray: stray}, err
}

// takeBack takes a kudos, as it was read, back for its giver.
func (r *Recognition) takeBack(ctx context.Context, now time.Time, token Token, k Kudos) (Kudos, error) {
	if !k.Undone.IsZero() {
		return k, nil
	}
	scene, err := r.Scenes.Scene(ctx, "", k.Giver)
	if err != nil {
		return Kudos{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return r.withdraw(ctx, now, token, k, scene)
}

// withdraw is takeBack once the giver is read too.
func (r *Recognition) withdraw(ctx context.Context, now time.Time, token Token, k Kudos, scene Scene) (Kudos, error) {
	refund := r.givenBack(k, scene)
	id := k.ID
	var reports []Report
	read := firstKnown(k, func() (Kudos, error) { return r.read(ctx, id) })
	k, err := r.revise(ctx, token, r.withReports(ctx, &reports, read), func(k Kudos) (revision, bool) {
		intents := slices.Concat(changedPost(now, k), changedNotes(now, k), changedReports(now, k, reports))
		return revision{kudos: tombstone(now, k), refund: &refund, intents: intents}, k.Undone.IsZero()
	})
	if err == nil && k.Undone.IsZero() { // the token took another one back
		return k, &Fault{Code: FaultDone}
	}
	return k, err
}

// withReports reads what was reported of a kudos together with it.
func (r *Recognition) withReports(ctx context.Context, reports *[]Report, read func() (Kudos, error)) func() (Kudos, error) {
	return func() (Kudos, error) {
		k, err := read()
		if err == nil {
			*reports, err = r.reportsOf(ctx, k)
		}
		return k, err
	}
}

// tombstone is what stays of a kudos.
func tombstone(now time.Time, k Kudos) Kudos {
	k.Undone, k.Message, k.About = now, "", ""
	return k
}

// givenBack is the day's count that a kudos counted against.
func (r *Recognition) givenBack(k Kudos, scene Scene) KudosQuota {
	return KudosQuota{Day: scene.Hours(k.Giver, r.Settings.Current().Zone).Today(k.Given), Limit: r.DailyLimit()}
}

// firstKnown reads nothing the first time: k was read already.
func firstKnown(k Kudos, read func() (Kudos, error)) func() (Kudos, error) {
	known := true
	return func() (Kudos, error) {
		if known {
			known = false
			return k, nil
		}
		return read()
	}
}

// undoLastWithin is how old a kudos may be that "undo" without more means.
const undoLastWithin = 24 * time.Hour

// UndoLast takes back the newest kudos that the member gave within the last day; [KudosNothing] if there is none.
func (r *Recognition) UndoLast(ctx context.Context, now time.Time, token Token, giver string) (ChangedKudos, error) {
	last, err := r.Store.LastGiven(ctx, giver)
	if err != nil {
		return ChangedKudos{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if last.Giver != giver || !last.Undone.IsZero() || last.Given.Before(now.Add(-undoLastWithin)) {
		return ChangedKudos{}, &Fault{Code: KudosNothing}
	}
	k, err := r.withdraw(ctx, now, token, last.Kudos, last.Scene)
	return ChangedKudos{Kudos: k, Stray: outOfReach(last.Post)}, err
}

// Edit changes a kudos's text for its giver; everything else stays.
func (r *Recognition) Edit(ctx context.Context, now time.Time, token Token, actor, id, message string) (ChangedKudos, error) {
	message = strings.TrimFunc(message, isBlank)
	if err := cmp.Or(r.checkMessage(message, false), checkRoom(message, nil)); err != nil {
		return ChangedKudos{}, err
	}
	k, err := r.Given(ctx, actor, id)
	switch {
	case err != nil:
		return ChangedKudos{}, err
	case k.Reaction != "": // it has no words to change
		return ChangedKudos{}, &Fault{Code: FaultInvalid}
	}
	stray, err := r.stray(ctx, k)
	if err != nil {
		return ChangedKudos{}, err
	}
	var reports []Report
	read := firstKnown(k, func() (Kudos, error) { return r.Given(ctx, actor, id) })
	k, err = r.revise(ctx, token, r.withReports(ctx, &reports, read), func(k Kudos) (revision, bool) {
		edited := k
		edited.Message, edited.Edited = message, now
		intents := slices.Concat(changedPost(now, k), changedNotes(now, k), changedReports(now, k, reports))
		return revision{kudos: edited, intents: intents}, k.Message != message
	})
	return ChangedKudos{Kudos: k, Stray: stray}, err
}

// Given reads a kudos that the actor gave and did not take back.
func (r *Recognition) Given(ctx context.Context, actor, id string) (Kudos, error) {
	k, err := r.own(ctx, actor, id, false)
	if err == nil && !k.Undone.IsZero() {
		return Kudos{}, &Fault{Code: FaultNotFound}
	}
	return k, err
}

const (
	// forgetBatch is how many kudos are forgotten at once; a person with more says it again.
	forgetBatch = 200
	// forgetLook is how many kudos of each kind are looked through: what is kept of a very busy person in a year.
	forgetLook = 10_000
)

// Forget takes back what a member gave and hides them in what they received. It returns how many kudos that changed, and whether there are more:
// then it is to be said again. A repetition goes on where it was.
func (r *Recognition) Forget(ctx context.Context, now time.Time, token Token, member string) (changed int, more bool, err error) {
	given, received, err := r.Store.MemberKudos(ctx, member, forgetLook)
	if err != nil {
		return 0, false, &Fault{Code: FaultUnread, Cause: err}
	}
	received = slices.DeleteFunc(received, func(k Kudos) bool { return !k.Posted || slices.Contains(k.Hidden, member) })
	for _, k := range given {
		if changed == forgetBatch {
			return changed, true, nil
		}
		if _, err := r.takeBack(ctx, now, token+Token(" "+k.ID), k); err != nil {
			return changed, true, err
		}
		changed++
	}
	for _, k := range received {
		if changed == forgetBatch {
			return changed, true, nil
		}
		if _, err := r.Hide(ctx, now, token+Token(" "+k.ID), member, k.ID); err != nil {
			return changed, true, err
		}
		changed++
	}
	return changed, false, nil
}

// read reads a kudos.
func (r *Recognition) read(ctx context.Context, id string) (Kudos, error) {
	k, err := r.Store.Kudos(ctx, id)
	switch {
	case errors.Is(err, ErrNotFound):
		return Kudos{}, &Fault{Code: FaultNotFound}
	case err != nil:
		return Kudos{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return k, nil
}

// received reads a kudos that the actor received; to everybody else it reads as not found.
func (r *Recognition) received(ctx context.Context, actor, id string) (Kudos, error) {
	k, err := r.read(ctx, id)
	if err == nil && !slices.Contains(k.Recipients, actor) {
		return Kudos{}, &Fault{Code: FaultNotFound}
	}
	return k, err
}

// own reads a kudos that the actor gave. To everybody else it reads as not found; an admin may where everybody can read it.
func (r *Recognition) own(ctx context.Context, actor, id string, admins bool) (Kudos, error) {
	k, err := r.read(ctx, id)
	if err != nil || k.Giver == actor {
		return k, err
	}
	if admins && k.Public() {
		scene, err := r.Scenes.Scene(ctx, k.Channel, actor)
		if err != nil {
			return Kudos{}, &Fault{Code: FaultUnread, Cause: err}
		}
		if r.Settings.Current().Admin(scene.Members[actor]) && !scene.Channel.Private {
			return k, nil
		}
	}
	return Kudos{}, &Fault{Code: FaultNotFound}
}

// changedPost brings a kudos's message in its channel up to date with what will be stored in place of k. An emoji has none.
func changedPost(now time.Time, k Kudos) Intents {
	if !k.Posted || k.Reaction != "" {
		return nil
	}
	post := k.PostSID()
	return Intents{{SID: fmt.Sprintf("%s/v%d", post, k.Version+1), Kind: KindKudosPost, Ref: k.ID, Channel: k.Channel, Replaces: post, Due: now}}
}

// changedNotes brings the recipients' messages up to date. Nobody is notified by that. Who was thanked as one of a team has none.
func changedNotes(now time.Time, k Kudos) Intents {
	if k.Team != "" {
		return nil
	}
	var sends Intents
	for _, member := range k.Recipients {
		note := k.noteSID(member)
		sends = append(sends, Send{
			SID: fmt.Sprintf("%s/v%d", note, k.Version+1), Kind: KindKudosDM, Ref: k.ID, Members: []string{member}, Replaces: note, Due: now,
		})
	}
	return sends
}
