package bot

import (
	"context"
	"slices"
	"time"
)

// What can be wrong with a list of people to avoid.
const (
	AvoidSelf FaultCode = "avoid_self"
	AvoidMany FaultCode = "avoid_many"
	AvoidLost FaultCode = "avoid_lost" // the list cannot be read: only a whole new one helps
)

// AvoidLimit is how many people somebody can have on their list.
const AvoidLimit = 50

// Whom somebody avoids is theirs alone: either side's wish keeps two people from being introduced, and it shows in no message, no figure and no log. It is sealed at
// rest, and goes with either one's data. It is one-sided in what people send each other: nothing that the other says unasked reaches its owner by message, and
// what the owner says goes out as always. A list that no key opens could hold anybody, so its owner is introduced to nobody, and what others say to them waits, until
// they write it again.

// Avoid adds a colleague to a member's list, or takes them off it.
func (h *Host) Avoid(ctx context.Context, now time.Time, token Token, member, other string, avoid bool) error {
	scene, err := h.sceneWith(ctx, member, other)
	if err != nil {
		return err
	}
	if scene.Preferences[member].Unreadable != "" {
		return &Fault{Code: AvoidLost}
	}
	if avoid {
		if err := scene.mayAvoid(member, other); err != nil {
			return err
		}
	}
	full := false
	_, err = h.SetIn(ctx, now, token, member, scene, func(p *Preferences) {
		p.Avoid = slices.DeleteFunc(slices.Clone(p.Avoid), func(id string) bool { return id == other })
		if full = avoid && len(p.Avoid) >= AvoidLimit; avoid && !full {
			p.Avoid = append(p.Avoid, other)
		}
	})
	if err == nil && full {
		err = &Fault{Code: AvoidMany, Limit: AvoidLimit}
	}
	return err
}

// AvoidForm is a list that somebody changed in a form: the one it was opened with, and the one that they sent.
type AvoidForm struct {
	Shown, Sent []string
	Afresh      bool // the form said that the stored list cannot be read: what was sent is all of it
}

// on is a list after the form's change: what came onto the list since the form was opened stays.
func (f AvoidForm) on(list []string) []string {
	removed := func(id string) bool { return slices.Contains(f.Shown, id) && !slices.Contains(f.Sent, id) }
	return unique(append(slices.DeleteFunc(slices.Clone(list), removed), f.added()...))
}

// added are those who were not on the form when it was opened.
func (f AvoidForm) added() []string {
	return slices.DeleteFunc(slices.Clone(f.Sent), func(id string) bool { return slices.Contains(f.Shown, id) })
}

// AvoidChanged makes the changes of a form to a member's list.
func (h *Host) AvoidChanged(ctx context.Context, now time.Time, token Token, member string, form AvoidForm) error {
	scene, err := h.sceneWith(ctx, append([]string{member}, form.added()...)...)
	if err != nil {
		return err
	}
	stored := scene.Preferences[member]
	for _, other := range form.added() {
		if slices.Contains(stored.Avoid, other) {
			continue // who is on it stays, also once they are gone
		}
		if err := scene.mayAvoid(member, other); err != nil {
			return err
		}
	}
	if fault := form.fits(stored); fault != nil {
		return fault // before the form's token is used: it can be sent again
	}
	var late error
	_, err = h.SetIn(ctx, now, token, member, scene, func(p *Preferences) {
		if late = form.fits(*p); late == nil {
			p.Avoid, p.Unreadable = form.on(p.Avoid), ""
		}
	})
	if err == nil {
		err = late
	}
	return err
}

// fits refuses a change that the stored list cannot take.
func (f AvoidForm) fits(p Preferences) error {
	switch {
	case p.Unreadable != "" && !f.Afresh:
		return &Fault{Code: AvoidLost}
	case len(f.on(p.Avoid)) > AvoidLimit:
		return &Fault{Code: AvoidMany, Limit: AvoidLimit}
	}
	return nil
}

// sceneWith reads some people with their settings.
func (h *Host) sceneWith(ctx context.Context, members ...string) (Scene, error) {
	scene, err := h.Scenes.Scene(ctx, "", unique(members)...)
	if err != nil {
		return Scene{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return scene, nil
}

// mayAvoid refuses whom nobody can be introduced to anyway.
func (s Scene) mayAvoid(member, other string) error {
	switch {
	case member == other:
		return &Fault{Code: AvoidSelf}
	case !s.Members[other].Person():
		return &Fault{Code: FaultNotFound}
	}
	return nil
}

// blocks are the pairs of whom one avoids the other, or may do so. They go into the matching and nowhere else.
func (s Scene) blocks(seats []Seat) [][2]string {
	var blocks [][2]string
	for _, seat := range seats {
		if s.Preferences[seat.Member].Unreadable != "" {
			for _, other := range seats {
				if other.Member != seat.Member {
					blocks = append(blocks, [2]string{seat.Member, other.Member})
				}
			}
		}
		for _, other := range s.Preferences[seat.Member].Avoid {
			if other != seat.Member {
				blocks = append(blocks, [2]string{seat.Member, other})
			}
		}
	}
	return blocks
}

// apart reports whether one of some people avoids another of them, or may do so.
func (s Scene) apart(members []string) bool {
	return slices.ContainsFunc(members, func(id string) bool {
		if s.Preferences[id].Unreadable != "" && len(members) > 1 {
			return true
		}
		return slices.ContainsFunc(s.Preferences[id].Avoid, func(other string) bool { return other != id && slices.Contains(members, other) })
	})
}

// keepsAway reports whether a member wants nothing to reach them of what somebody else says to them unasked, or may want that.
func (s Scene) keepsAway(member, other string) bool {
	if other == "" || other == member {
		return false
	}
	p := s.Preferences[member]
	return p.Unreadable != "" || slices.Contains(p.Avoid, other)
}

// heldBack decides on a message that would go to a member now and tells what somebody else says to them unasked. It has to be asked last: until then such a message waits in
// the queue as every other, and where it ends nothing is said that is not said of others, too. With a list that cannot be read it waits for the next morning, as
// in a pause.
func (s Scene) heldBack(member, other string, h Hours, now time.Time) Decision {
	switch {
	case !s.keepsAway(member, other):
		return Decision{}
	case s.Preferences[member].Unreadable != "":
		return Decision{Verdict: Wait, Reason: ReasonQuietHours, Until: h.At(h.Today(now).AddDays(1), remindMinute)}
	}
	return Decision{Verdict: Drop, Reason: ReasonMuted}
}

// reaching are those of a member's commitments that others do not bring to them against their wish: neither what somebody whom they keep away proposes, nor what that
// one shares. What they asked for themselves stays, and what they took on.
func (s Scene) reaching(member string, owe, owed []Commitment) (kept, shared []Commitment) {
	kept = slices.DeleteFunc(owe, func(c Commitment) bool { return c.State == Proposed && s.keepsAway(member, c.By) })
	shared = slices.DeleteFunc(owed, func(c Commitment) bool {
		return c.By != member && (s.keepsAway(member, c.Owner) || c.State == Proposed && s.keepsAway(member, c.By))
	})
	for i, c := range kept {
		kept[i] = s.hearing(member, c)
	}
	for i, c := range shared {
		shared[i] = c.seenBy(member)
	}
	return kept, shared
}

// thanking are those of the kudos that a member received of which they hear.
func (s Scene) thanking(member string, received []Kudos) []Kudos {
	return slices.DeleteFunc(slices.Clone(received), func(k Kudos) bool { return s.keepsAway(member, k.Giver) })
}
