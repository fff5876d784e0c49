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

// Whom somebody avoids is theirs alone: either side's wish keeps two people apart, and it shows in no message, no figure and no log. It is sealed at rest, and
// goes with either one's data. A list that no key opens could hold anybody, so its owner is introduced to nobody until they write it again.

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
