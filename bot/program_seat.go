package bot

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"
)

// SeatAct is something that a member does about a program.
type SeatAct struct {
	Token   Token
	Member  string
	Program string
	Channel string // where they do it

	Known *ProgramScene // what was read already, of the same member and channel; nil if nothing was
}

// token tells the same act on another version apart: who joins, leaves and joins again with one and the same button does three things.
func (a SeatAct) token(version int) Token { return Token(fmt.Sprintf("%s v%d", a.Token, version)) }

// Mine is a member's part in a program.
type Mine struct {
	Program Program
	Seat    Seat
	Next    time.Time // the program's next round
	Round   Round     // the latest, where the member is in no group of it or none was looked for its id and number alone; the zero value before the first
	Group   Group     // the member's in the latest round; the zero value if there is none, or none was looked for
}

// Skips reports whether the member leaves the next round out.
func (m Mine) Skips() bool { return m.Seat.SkipRound == m.Round.Number+1 }

// Rests reports whether the member's own cadence leaves the next round out.
func (m Mine) Rests() bool { return !m.Seat.Due(m.Round.Number + 1) }

// Away reports whether the member's own pause covers the next round.
func (m Mine) Away() bool {
	return (Hours{Zone: m.Program.location()}).Today(m.Next).Before(m.Seat.PausedTill)
}

// Due reports whether the member's own cadence has them take part in the round of that number. The first round after they joined, or chose the cadence,
// is theirs.
func (s Seat) Due(number int) bool {
	return s.Every <= 1 || (number-s.EveryFrom)%s.Every == 0
}

// Takes is the next round that the member takes part in, skip, pause and own cadence considered.
func (m Mine) Takes() time.Time {
	h := Hours{Zone: m.Program.location()}
	at, number := m.Next, m.Round.Number+1
	for !m.Seat.Due(number) || number == m.Seat.SkipRound || h.Today(at).Before(m.Seat.PausedTill) {
		at, number = NextRound(m.Program, at), number+1
	}
	return at
}

// Join takes a member in, or back in after they left, from the next round on. Who is in already stays as they are, skip and pause included, and
// already is true.
func (c *Coffee) Join(ctx context.Context, now time.Time, a SeatAct) (m Mine, already bool, err error) {
	scene, err := c.known(ctx, a)
	if err != nil {
		return Mine{}, false, err
	}
	p, err := scene.program(a.Program)
	if err != nil {
		return Mine{}, false, err
	}
	if err := c.mustSee(ctx, p, scene.seat(p.ID, a.Member), a.Channel); err != nil {
		return Mine{}, false, err
	}
	a.Known = &scene
	switch member := scene.Members[a.Member]; {
	case !member.Person():
		return Mine{}, false, &Fault{Code: FaultForbidden}
	case member.Guest && !p.Guests:
		return Mine{}, false, &Fault{Code: ProgramGuest}
	}
	lost, instead, err := c.lostGroup(ctx, scene.seat(p.ID, a.Member), scene.Latest[p.ID])
	if err != nil {
		return Mine{}, false, &Fault{Code: FaultUnread, Cause: err}
	}
	m, err = c.change(ctx, now, a, func(s *Seat, next int) error {
		if already = s.In(); !already {
			if s.Matched == next-1 && s.Group == lost {
				s.Group = instead
			}
			s.Joined, s.Left, s.SkipRound, s.PausedTill, s.EveryFrom = now, time.Time{}, 0, Date{}, next
		}
		return nil
	})
	return m, already, err
}

// Return is "I'm in": it ends a skip, a pause, and the wait of who was silent.
func (c *Coffee) Return(ctx context.Context, now time.Time, a SeatAct) (Mine, error) {
	return c.change(ctx, now, a, func(s *Seat, _ int) error {
		s.SkipRound, s.PausedTill = 0, Date{}
		return s.mustBeIn()
	})
}

// Leave takes a member out. What was planned for them and not sent yet does not come.
func (c *Coffee) Leave(ctx context.Context, now time.Time, a SeatAct) (Mine, error) {
	m, err := c.change(ctx, now, a, func(s *Seat, _ int) error {
		if err := s.mustBeIn(); err != nil {
			return err
		}
		s.Left = now
		return nil
	})
	if err != nil || m.Program.Form != MentorForm {
		return m, err
	}
	if err := c.LeaveMentoring(ctx, now, a.Program, a.Member); err != nil {
		return m, &Fault{Code: FaultUnsaved, Cause: err} // the program's next round ends what is left
	}
	return m, nil
}

// Skip leaves a member out of the next round only, or takes that back.
func (c *Coffee) Skip(ctx context.Context, now time.Time, a SeatAct, skip bool) (Mine, error) {
	return c.change(ctx, now, a, func(s *Seat, next int) error {
		s.SkipRound = 0
		if skip {
			s.SkipRound = next
		}
		return s.mustBeIn()
	})
}

// Pause leaves a member out of every round before a day; the zero date ends that.
func (c *Coffee) Pause(ctx context.Context, now time.Time, a SeatAct, till Date) (Mine, error) {
	scene, err := c.known(ctx, a)
	if err != nil {
		return Mine{}, err
	}
	a.Known = &scene
	if !till.IsZero() && !scene.Hours(a.Member, c.Settings.Current().Zone).Today(now).Before(till) {
		return Mine{}, &Fault{Code: ProgramPastDate}
	}
	return c.change(ctx, now, a, func(s *Seat, _ int) error {
		s.PausedTill = till
		return s.mustBeIn()
	})
}

// mustBeIn refuses who is not in. Who never was is told no more than of a program that does not exist.
func (s Seat) mustBeIn() error {
	switch {
	case s.In():
		return nil
	case s.Joined.IsZero():
		return &Fault{Code: FaultNotFound}
	}
	return &Fault{Code: ProgramNotIn}
}

// MemberLeft ends a member's part in the programs of a channel that they left.
func (c *Coffee) MemberLeft(ctx context.Context, now time.Time, token Token, channel, member string) error {
	seats, err := c.Seats.MemberSeats(ctx, member)
	if err != nil {
		return fmt.Errorf("end seats of %q: %w", member, err)
	}
	for _, s := range seats {
		if !s.In() {
			continue
		}
		p, err := c.Programs.Program(ctx, s.Program)
		if errors.Is(err, ErrNotFound) || err == nil && p.Channel != channel {
			continue
		}
		if err != nil {
			return fmt.Errorf("end seats of %q: %w", member, err)
		}
		if _, err := c.Leave(ctx, now, SeatAct{Token: token, Member: member, Program: p.ID, Channel: channel}); err != nil {
			return fmt.Errorf("end seats of %q: %w", member, err)
		}
	}
	return nil
}

// Seat finds a member's seat in a program; the zero seat with both ids set if there is none.
func (c *Coffee) Seat(ctx context.Context, program, member string) (Seat, error) {
	seats, err := c.Seats.MemberSeats(ctx, member)
	if err != nil {
		return Seat{}, &Fault{Code: FaultUnread, Cause: err}
	}
	for _, s := range seats {
		if s.Program == program {
			return s, nil
		}
	}
	return Seat{Program: program, Member: member}, nil
}

// find finds a program, whoever asks: [Coffee.mustSee] says whether it exists for them.
func (c *Coffee) find(ctx context.Context, program string) (Program, error) {
	p, err := c.Programs.Program(ctx, program)
	if errors.Is(err, ErrNotFound) {
		return Program{}, &Fault{Code: FaultNotFound}
	}
	if err != nil {
		return Program{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return p, nil
}

// mustSee refuses whom a program does not exist for: a private channel's does not outside it, also not for admins. Who is in the program or
// runs it sees it everywhere.
func (c *Coffee) mustSee(ctx context.Context, p Program, s Seat, channel string) error {
	if !p.Closed || channel == p.Channel || p.runBy(s.Member) || s.In() {
		return nil
	}
	inside, err := c.inside(ctx, p.Channel, s.Member)
	if err != nil {
		return err
	}
	if !inside {
		return &Fault{Code: FaultNotFound}
	}
	return nil
}

func (c *Coffee) inside(ctx context.Context, channel, member string) (bool, error) {
	if c.Presence == nil {
		return false, nil
	}
	inside, err := c.Presence.InChannel(ctx, channel, member)
	if err != nil {
		return false, &Fault{Code: FaultUnread, Cause: err}
	}
	return inside, nil
}

// change applies an edit to a seat; next is the number of the next round. Whoever gets this far gave a sign of life. Somebody who taps twice meets their own first
// tap, so a conflict is read again a few times.
func (c *Coffee) change(ctx context.Context, now time.Time, a SeatAct, edit func(s *Seat, next int) error) (Mine, error) {
	for range 3 {
		scene, err := c.known(ctx, a)
		if err != nil {
			return Mine{}, err
		}
		a.Known = nil
		s := scene.seat(a.Program, a.Member)
		was := s
		if err := edit(&s, scene.Latest[a.Program]+1); err != nil {
			return Mine{}, err
		}
		s.Silent, s.Asked = false, 0
		if !reflect.DeepEqual(was, s) {
			err = c.Seats.SaveSeat(ctx, a.token(s.Version), s, c.seatIntents(now, scene, was, s))
			s.Version++
		}
		switch {
		case err == nil, errors.Is(err, ErrRepeated):
			return scene.mine(now, s)
		case !errors.Is(err, ErrConflict):
			return Mine{}, &Fault{Code: FaultUnsaved, Cause: err}
		}
	}
	return Mine{}, &Fault{Code: FaultStale}
}

// latest is a program's latest round without its groups, the zero value before the first.
func (c *Coffee) latest(ctx context.Context, program string) (Round, error) {
	r, err := c.Rounds.CurrentRound(ctx, program)
	if errors.Is(err, ErrNotFound) {
		return Round{}, nil
	}
	if err != nil {
		return Round{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return r, nil
}

func (c *Coffee) mineOf(ctx context.Context, now time.Time, s Seat, r Round) (Mine, error) {
	p, err := c.find(ctx, s.Program)
	if err != nil {
		return Mine{}, err
	}
	return c.grouped(ctx, Mine{Program: p, Seat: s, Next: NextRound(p, now), Round: r})
}

// grouped adds the member's group in the latest round, and with it that round; nothing if they are in none.
func (c *Coffee) grouped(ctx context.Context, m Mine) (Mine, error) {
	if m.Round.Number == 0 || m.Seat.Matched != m.Round.Number {
		return m, nil
	}
	r, g, err := c.groupOf(ctx, m.Seat, m.Round.ID)
	switch {
	case errors.Is(err, ErrNotFound):
		return m, nil
	case err != nil:
		return Mine{}, &Fault{Code: FaultUnread, Cause: err}
	}
	m.Round, m.Group = r, g
	return m, nil
}

// groupOf reads a member's group in the round that they were last matched in, and that round.
func (c *Coffee) groupOf(ctx context.Context, s Seat, round string) (Round, Group, error) {
	if s.Group != "" {
		return c.Rounds.RoundGroup(ctx, round, s.Group)
	}
	r, err := c.Rounds.Round(ctx, round) // matched before seats remembered the group
	g, _ := r.groupOf(s.Member)
	return r, g, err
}

// known is what was read already, or else a new read.
func (c *Coffee) known(ctx context.Context, a SeatAct) (ProgramScene, error) {
	if a.Known != nil {
		return *a.Known, nil
	}
	return c.scene(ctx, a.Member, a.Channel)
}

// scene reads what a member meets of programs. Whom the store does not know is looked up once more: they may be new.
func (c *Coffee) scene(ctx context.Context, member, channel string) (ProgramScene, error) {
	s, err := c.Programs.ProgramScene(ctx, channel, member)
	if _, known := s.Members[member]; err == nil && !known {
		s.Scene, err = c.Scenes.Scene(ctx, channel, member)
	}
	if err != nil {
		return ProgramScene{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return s, nil
}
