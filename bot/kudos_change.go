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
		err = r.Store.ReplaceKudos(ctx, token, next.kudos, next.refund, next.intents)
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
func (r *Recognition) stray(ctx context.Context, id string) (bool, error) {
	post, err := r.Sent.SendBySID(ctx, KudosPostSID(id))
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
// everybody can read it. A second time changes nothing.
func (r *Recognition) Undo(ctx context.Context, now time.Time, token Token, actor, id string) (ChangedKudos, error) {
	stray, err := r.stray(ctx, id)
	if err != nil {
		return ChangedKudos{}, err
	}
	k, err := r.own(ctx, actor, id, true)
	if err == nil {
		k, err = r.takeBack(ctx, now, token, k)
	}
	return ChangedKudos{Kudos: k, Stray: stray}, err
}

// takeBack takes a kudos, as it was read, back for somebody who may.
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
	refund := &KudosQuota{Day: scene.Hours(k.Giver, r.Settings.Current().Zone).Today(k.Given), Limit: r.DailyLimit()}
	id, known := k.ID, &k
	read := func() (Kudos, error) {
		if known == nil {
			return r.read(ctx, id)
		}
		first := *known
		known = nil
		return first, nil
	}
	k, err := r.revise(ctx, token, read, func(k Kudos) (revision, bool) {
		gone := k
		gone.Undone, gone.Message, gone.About = now, "", ""
		return revision{gone, refund, append(changedPost(now, k), changedNotes(now, k)...)}, k.Undone.IsZero()
	})
	if err == nil && k.Undone.IsZero() { // the token took another one back
		return k, &Fault{Code: FaultDone}
	}
	return k, err
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
	if err := r.checkMessage(message, false); err != nil {
		return ChangedKudos{}, err
	}
	stray, err := r.stray(ctx, id)
	if err != nil {
		return ChangedKudos{}, err
	}
	read := func() (Kudos, error) { return r.Given(ctx, actor, id) }
	k, err := r.revise(ctx, token, read, func(k Kudos) (revision, bool) {
		edited := k
		edited.Message, edited.Edited = message, now
		return revision{kudos: edited, intents: append(changedPost(now, k), changedNotes(now, k)...)}, k.Message != message
	})
	return ChangedKudos{Kudos: k, Stray: stray}, err
}

// Hide takes a recipient's own name and the thanks to them out of post and digest. To everybody who is no recipient the kudos does not exist.
func (r *Recognition) Hide(ctx context.Context, now time.Time, token Token, actor, id string) (Kudos, error) {
	read := func() (Kudos, error) { return r.received(ctx, actor, id) }
	return r.revise(ctx, token, read, func(k Kudos) (revision, bool) {
		hidden := k
		hidden.Hidden = append(slices.Clone(k.Hidden), actor)
		return revision{kudos: hidden, intents: changedPost(now, k)}, k.Posted && k.Undone.IsZero() && !slices.Contains(k.Hidden, actor)
	})
}

// Given reads a kudos that the actor gave and did not take back.
func (r *Recognition) Given(ctx context.Context, actor, id string) (Kudos, error) {
	k, err := r.own(ctx, actor, id, false)
	if err == nil && !k.Undone.IsZero() {
		return Kudos{}, &Fault{Code: FaultNotFound}
	}
	return k, err
}

// Note is what a recipient's message about a kudos says now.
func (r *Recognition) Note(ctx context.Context, actor, id string) (KudosNote, error) {
	k, err := r.received(ctx, actor, id)
	if err != nil {
		return KudosNote{}, err
	}
	if !k.Undone.IsZero() {
		return KudosNote{}, &Fault{Code: FaultNotFound}
	}
	scene, err := r.Scenes.Scene(ctx, "", noteReaders(k, actor)...)
	if err != nil {
		return KudosNote{}, fmt.Errorf("read note of kudos %q: %w", id, err)
	}
	note, _, err := r.note(ctx, k, actor, scene)
	if err != nil {
		return KudosNote{}, fmt.Errorf("read note of kudos %q: %w", id, err)
	}
	return note, nil
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

// Mine lists what a member gave and received, the newest first.
func (r *Recognition) Mine(ctx context.Context, member string, limit int) (given, received []Kudos, err error) {
	given, received, err = r.Store.MemberKudos(ctx, member, limit)
	if err != nil {
		return nil, nil, fmt.Errorf("list kudos of %q: %w", member, err)
	}
	newest := func(a, b Kudos) int { return cmp.Compare(b.Given.UnixNano(), a.Given.UnixNano()) }
	slices.SortStableFunc(given, newest)
	slices.SortStableFunc(received, newest)
	return given, received, nil
}

// Names looks up everybody whom the texts of some kudos mention.
func (r *Recognition) Names(ctx context.Context, list ...Kudos) (map[string]Member, error) {
	var ids []string
	for _, k := range list {
		ids = append(ids, mentioned(k.Message)...)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	scene, err := r.Scenes.Scene(ctx, "", unique(ids)...)
	if err != nil {
		return nil, fmt.Errorf("read names in %d kudos: %w", len(list), err)
	}
	return scene.Members, nil
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

// changedPost brings a kudos's message in its channel up to date with what will be stored in place of k.
func changedPost(now time.Time, k Kudos) Intents {
	if !k.Posted {
		return nil
	}
	post := KudosPostSID(k.ID)
	return Intents{{SID: fmt.Sprintf("%s/v%d", post, k.Version+1), Kind: KindKudosPost, Ref: k.ID, Channel: k.Channel, Replaces: post, Due: now}}
}

// changedNotes brings the recipients' messages up to date. Nobody is notified by that.
func changedNotes(now time.Time, k Kudos) Intents {
	var sends Intents
	for _, member := range k.Recipients {
		note := kudosNoteSID(k.ID, member)
		sends = append(sends, Send{
			SID: fmt.Sprintf("%s/v%d", note, k.Version+1), Kind: KindKudosDM, Ref: k.ID, Members: []string{member}, Replaces: note, Due: now,
		})
	}
	return sends
}
