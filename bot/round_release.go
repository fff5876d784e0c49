package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ReleasedNote tells a member kindly that it does not work out with their group this time. It says neither who nor why.
type ReleasedNote struct {
	Mine   Mine
	Reader Member
	Open   bool // somebody else can still be looked for in this round
}

func releasedSID(round, group, member string) string {
	return "released/" + round + "/" + group + "/" + member
}

// release frees who is left in a group for somebody else.
func (c *Coffee) release(ctx context.Context, now time.Time, left remnant) error {
	seats, err := c.Seats.SeatsOf(ctx, left.program.ID, left.group.Members...)
	if err != nil {
		return err
	}
	is, course := left.group, left.course
	is.Found = TimeCannot
	change := RoundChange{Round: left.round.ID, Meetings: answered(pairsOf(left.group.Members, left.round.Number), false)}
	for _, member := range c.loosen(&change, now, left, seats, slices.Concat(left.rest, left.loose)) {
		course = course.released(member)
	}
	if len(change.Seats) == 0 {
		return nil
	}
	for _, member := range left.missing(is, course) {
		course = course.released(member)
	}
	change.Groups = []GroupChange{{Was: left.group, Is: is, Course: course}}
	return c.Rounds.ChangeRound(ctx, "", change)
}

// loosen frees some members of a group for others, and returns those who were in it until now. Who was introduced to somebody who was found for them late waits for
// nobody else, unless they ask for it.
func (c *Coffee) loosen(change *RoundChange, now time.Time, left remnant, seats map[string]Seat, members []string) (freed []string) {
	for _, member := range members {
		s := seats[member]
		if s.Matched != left.round.Number || s.Group != left.group.Key {
			continue
		}
		s.Group, s.Silent = waitsGroup, false
		switch {
		case left.course.Late && slices.Contains(left.heard, member):
			s.Group = restsGroup
		case slices.Contains(left.before, member):
			s.Group = againGroup
		}
		freed = append(freed, member)
		change.Seats = append(change.Seats, s)
		change.Intents = append(change.Intents, planSend(now, "swap/"+left.round.ID+"/"+left.group.Key+"/"+member, fmt.Sprint("v", s.Version)))
	}
	return freed
}

// swap finds somebody who waits for a member who was released, or else tells them kindly.
func (c *Coffee) swap(ctx context.Context, now time.Time, round, key, member string) error {
	r, _, _, err := c.Rounds.GroupCourse(ctx, round, key)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if placed, err := c.place(ctx, now, r.Program, member, false); err != nil || placed {
		return err
	}
	seats, err := c.Seats.SeatsOf(ctx, r.Program, member)
	s := seats[member]
	if err != nil || !s.released(r.Number) {
		return err
	}
	note := noPairIntents(r, now, []string{member})
	if s.Group != waitsGroup { // they were introduced to somebody
		s.Group = restsGroup
		note = Intents{{SID: releasedSID(r.ID, key, member), Kind: KindNoPair, Ref: r.ID + " " + key, Members: []string{member}, Due: now, NotAfter: r.End}}
	}
	said, err := c.Rounds.SendsBySID(ctx, note[0].SID)
	if err != nil || len(said) > 0 { // it was done before, and they may have asked for somebody else since
		return err
	}
	return c.Rounds.ChangeRound(ctx, "", RoundChange{Round: r.ID, Seats: []Seat{s}, Intents: note})
}

// composeReleased tells who was released, unless somebody was found for them meanwhile.
func (c *Coffee) composeReleased(ctx context.Context, now time.Time, s Send, r Round) (any, Decision, error) {
	m, reader, d, err := c.noted(ctx, now, s, r)
	if err != nil || d.Verdict != Go {
		return nil, d, err
	}
	if !m.Seat.released(r.Number) {
		return nil, undone, nil
	}
	return ReleasedNote{Mine: m, Reader: reader, Open: now.Before(r.middle())}, Decision{}, nil
}

// Another has somebody else looked for, for a member who was released: also in a group that takes in one more. It reports whether there is time for that.
func (c *Coffee) Another(ctx context.Context, now time.Time, a SeatAct) (Mine, bool, error) {
	m, err := c.part(ctx, now, a.Program, a.Member)
	if err != nil {
		return Mine{}, false, err
	}
	if err := m.Seat.mustBeIn(); err != nil {
		return Mine{}, false, err
	}
	r, err := c.latest(ctx, a.Program)
	if err != nil {
		return Mine{}, false, err
	}
	if !m.Seat.released(r.Number) || !now.Before(r.middle()) {
		return m, false, nil
	}
	was := m.Seat
	if m.Seat.Group != waitsGroup {
		m.Seat.Group = againGroup
	}
	err = c.Rounds.ChangeRound(ctx, a.token(was.Version), RoundChange{Round: r.ID, Seats: []Seat{m.Seat}, Intents: Intents{placePlan(now, m.Seat)}})
	switch {
	case errors.Is(err, ErrConflict):
		return Mine{}, false, &Fault{Code: FaultStale, Cause: err}
	case err != nil && !errors.Is(err, ErrRepeated):
		return Mine{}, false, &Fault{Code: FaultUnsaved, Cause: err}
	}
	return m, true, nil
}
