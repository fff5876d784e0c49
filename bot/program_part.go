package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// The most that a member can choose about their own part.
const (
	PartEveryLimit  = 4 // at least every so many rounds
	PartLeaderLimit = 3 // seats at a leader's table
)

// Part is how a member takes part in a program, as they chose it themselves.
type Part struct {
	Every   int // takes part in every so many rounds, 1 to [PartEveryLimit]
	Stretch bool
	Leader  int // seats, 0 to [PartLeaderLimit]; 0: not as a leader
}

// Part is how the seat's member takes part.
func (s Seat) Part() Part { return Part{Every: max(1, s.Every), Stretch: s.Stretch, Leader: s.Leader} }

// take changes how the member takes part. With another cadence the next round is the first of theirs.
func (s *Seat) take(p Part, next int) {
	if every := max(1, s.Every); every != p.Every {
		s.Every, s.EveryFrom = p.Every, next
	}
	if s.Every == 1 {
		s.Every, s.EveryFrom = 0, 0
	}
	s.Stretch, s.Leader = p.Stretch, p.Leader
}

// TakePart changes how a member takes part in a program that they are in. was is how they did before.
func (c *Coffee) TakePart(ctx context.Context, now time.Time, a SeatAct, p Part) (m Mine, was Part, err error) {
	if p.Every < 1 || p.Every > PartEveryLimit || p.Leader < 0 || p.Leader > PartLeaderLimit {
		return Mine{}, Part{}, &Fault{Code: FaultInvalid}
	}
	m, err = c.change(ctx, now, a, func(s *Seat, next int) error {
		was = s.Part()
		s.take(p, next)
		return s.mustBeIn()
	})
	return m, was, err
}

// Cadence changes in how many rounds a member takes part, and nothing else of their part.
func (c *Coffee) Cadence(ctx context.Context, now time.Time, a SeatAct, every int) (m Mine, was Part, err error) {
	if every < 1 || every > PartEveryLimit {
		return Mine{}, Part{}, &Fault{Code: FaultInvalid}
	}
	m, err = c.change(ctx, now, a, func(s *Seat, next int) error {
		was = s.Part()
		p := was
		p.Every = every
		s.take(p, next)
		return s.mustBeIn()
	})
	return m, was, err
}

// MyPart reads a member's own part in a program, for the form that changes it.
func (c *Coffee) MyPart(ctx context.Context, now time.Time, a SeatAct) (Mine, error) {
	scene, err := c.known(ctx, a)
	if err != nil {
		return Mine{}, err
	}
	s := scene.seat(a.Program, a.Member)
	if err := s.mustBeIn(); err != nil {
		return Mine{}, err
	}
	return scene.mine(now, s)
}

// JoinedChannel takes a member into the programs of a channel that they joined themselves, where a program counts that as joining, and says so at once. Nobody is
// taken in who was invited, who is from another company, who is a guest where guests do not take part, or who left the program before.
func (c *Coffee) JoinedChannel(ctx context.Context, now time.Time, token Token, channel, member, inviter string) error {
	if inviter != "" && inviter != member {
		return nil
	}
	scene, err := c.scene(ctx, member, channel)
	if err != nil {
		return fmt.Errorf("join programs of %q: %w", channel, err)
	}
	m := scene.Members[member]
	for _, p := range scene.Programs {
		s := scene.seat(p.ID, member)
		if p.Channel != channel || !p.takesIn(m) || scene.Channel.Shared || !s.Joined.IsZero() {
			continue
		}
		s.Joined, s.EveryFrom = now, scene.Latest[p.ID]+1
		sid := fmt.Sprintf("program/%s/joined/%s", p.ID, member)
		err := c.Seats.SaveSeat(ctx, token+" "+Token(p.ID), s, Intents{{
			SID: sid, Kind: KindProgram, Ref: p.ID + " " + newsJoined, Members: []string{member}, Due: now, NotAfter: now.Add(roundGrace),
		}})
		if err != nil && !errors.Is(err, ErrConflict) && !errors.Is(err, ErrRepeated) {
			return fmt.Errorf("join program %q: %w", p.ID, err)
		}
	}
	return nil
}

// takesIn reports whether who joins the channel themselves is in.
func (p Program) takesIn(m Member) bool {
	return p.AutoJoin && !p.Paused && p.Form == CoffeeForm && m.Person() && (!m.Guest || p.Guests)
}
