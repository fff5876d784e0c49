package bot

import (
	"context"
	"maps"
	"slices"
	"time"
)

// inbox is what decides when a person hears of kudos: those that a message tells of, and what else they received lately.
type inbox struct {
	*Recognition
	to     string
	own    []Kudos         // that the message tells of, as far as they stand
	others []Kudos         // the newest others, the newest first
	sends  map[string]Send // their notes and posts, by sid
	scene  Scene
}

// openInbox reads the inbox of whom a note goes to.
func (r *Recognition) openInbox(ctx context.Context, now time.Time, s Send) (*inbox, error) {
	box := &inbox{Recognition: r, to: s.Members[0]}
	var err error
	if box.own, box.others, err = r.receivedOf(ctx, box.to, toldIn(box.to, append([]string{s.SID}, s.Took...))); err != nil {
		return nil, err
	}
	// What was given before can neither wait any more nor have come just now.
	box.others = slices.DeleteFunc(box.others, func(k Kudos) bool { return k.Given.Before(now.Add(-kudosNoteLife - noteGap)) })
	if len(box.own) == 0 {
		return box, nil
	}
	if err := box.findSends(ctx); err != nil {
		return nil, err
	}
	box.scene, err = r.Scenes.Scene(ctx, "", noteReaders(box.to, slices.Concat(box.own, box.waiting(now)))...)
	return box, err
}

// findSends finds the notes and posts, and the notes that took others in although their own kudos is gone.
func (b *inbox) findSends(ctx context.Context) error {
	all := slices.Concat(b.own, b.others)
	var err error
	if b.sends, err = b.Sent.SendsBySID(ctx, slices.Concat(noteSIDs(b.to, b.others), formerNotes(b.to, b.own), postSIDs(all))...); err != nil {
		return err
	}
	var heads []string
	for _, s := range b.sends {
		if _, known := b.sends[s.Into]; s.Into != "" && !known {
			heads = append(heads, s.Into)
		}
	}
	if len(heads) == 0 {
		return nil
	}
	found, err := b.Sent.SendsBySID(ctx, unique(heads)...)
	maps.Copy(b.sends, found)
	return err
}

// decide decides whether the person is told now: whether there is anything to tell, whether they can be written to, and whether to wait for something.
func (b *inbox) decide(now time.Time, s Send) Decision {
	if len(b.own) == 0 {
		return Decision{Verdict: Drop, Reason: ReasonUndone}
	}
	if !slices.ContainsFunc(b.own, func(k Kudos) bool { return b.wanted(b.noteOn(k)) }) {
		return Decision{Verdict: Drop, Reason: ReasonMuted}
	}
	hours := b.scene.Hours(b.to, b.Settings.Current().Zone)
	if d := reachable(b.scene.Members[b.to], b.scene.Preferences[b.to], KindKudosDM, hours, now); d.Verdict != Go {
		return d
	}
	if d := b.gather(now, s); d.Verdict != Go {
		return d
	}
	return b.keptAway(now, hours)
}

// keptAway decides last of all, so that nothing tells it from what is muted, on what the person wants to hear from nobody of its givers. A message that
// tells of others, too, leaves it out.
func (b *inbox) keptAway(now time.Time, hours Hours) Decision {
	var held Decision
	b.own = slices.DeleteFunc(b.own, func(k Kudos) bool {
		d := b.scene.heldBack(b.to, k.Giver, hours, now)
		if d.Verdict != Go {
			held = d
		}
		return d.Verdict != Go
	})
	if len(b.own) == 0 {
		return held
	}
	return Decision{}
}

// noteOn is what a message says of a kudos.
func (b *inbox) noteOn(k Kudos) KudosNote { return b.note(b.to, k, b.sends[k.PostSID()], b.scene) }

// tells reports whether a kudos reaches the person by message.
func (b *inbox) tells(k Kudos) bool {
	return k.Unreadable == "" && !b.scene.keepsAway(b.to, k.Giver) && b.wanted(b.noteOn(k))
}

// wanted reports whether the person wants to be told by message of what a note says: no team's thank-you, and none that stands in a channel with their name if
// they take no messages of those.
func (b *inbox) wanted(n KudosNote) bool {
	return n.Kudos.Team == "" && (!n.Shown || b.scene.Preferences[b.to].KudosDM != KudosNoDM)
}

// gather decides whether what is to tell waits for something: that its words can be read, its post, a message that is under way, or that an hour has passed since
// the last.
func (b *inbox) gather(now time.Time, s Send) Decision {
	for _, k := range b.own {
		if d := k.unread(now); d.Verdict != Go {
			return d
		}
		if b.awaits(k, now) {
			return Decision{Verdict: Wait, Reason: ReasonWaits, Until: nextLook(k, now)}
		}
	}
	var until time.Time
	for _, sid := range formerNotes(b.to, b.own) {
		if at := after(b.sends[sid], now, len(s.Took) == 0); at.After(until) {
			until = at
		}
	}
	for _, k := range b.others {
		if !b.tells(k) {
			continue
		}
		if at := after(b.noteOf(k), now, len(s.Took) == 0); at.After(until) {
			until = at
		}
	}
	if until.After(now) {
		return Decision{Verdict: Wait, Reason: ReasonBundled, Until: until}
	}
	return Decision{}
}

// noteOf is the send whose message tells, or will tell, of another kudos.
func (b *inbox) noteOf(k Kudos) Send {
	s := b.sends[k.noteSID(b.to)]
	if head, known := b.sends[s.Into]; known {
		return head
	}
	return s
}

// after is when another message may come after a note; zero for any time. One that stands alone lets one that took others in go first, and comes with that.
func after(note Send, now time.Time, alone bool) time.Time {
	soon := latest(note.Due, now).Add(noteLooks)
	switch note.State {
	case StateSent:
		return note.Settled.Add(noteGap)
	case StateClaimed, StatePosting:
		return now.Add(noteLooks)
	case StateUnknown:
		if note.Settled.IsZero() {
			return soon
		}
	case StatePending:
		if alone && len(note.Took) > 0 {
			return soon
		}
	}
	return time.Time{}
}

// awaits reports whether a kudos's note waits for the post in the channel.
func (b *inbox) awaits(k Kudos, now time.Time) bool {
	return k.Posted && onItsWay(b.sends[k.PostSID()]) && now.Before(k.Given.Add(noteWaits))
}

// waiting are the others whose note waits and nobody works on, the earliest first.
func (b *inbox) waiting(now time.Time) []Kudos {
	var list []Kudos
	for _, k := range slices.Backward(b.others) {
		s := b.sends[k.noteSID(b.to)]
		if s.State == StatePending && len(s.Took) == 0 && (s.NotAfter.IsZero() || !now.After(s.NotAfter)) && !b.awaits(k, now) {
			list = append(list, k)
		}
	}
	return list
}

// takes are the others that the message tells of, too: as many of those that wait as have room beside its own.
func (b *inbox) takes(now time.Time) []Kudos {
	count, room := len(b.own), noteRoom
	for _, k := range b.own {
		room -= noteSize(k, b.scene.Members)
	}
	var taken []Kudos
	for _, k := range b.waiting(now) {
		if size := noteSize(k, b.scene.Members); count < noteMost && size <= room && b.tells(k) {
			taken, count, room = append(taken, k), count+1, room-size
		}
	}
	return taken
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
