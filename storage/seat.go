package storage

import (
	"cmp"
	"context"

	"rapport/bot"
)

// SaveSeat implements [bot.SeatStore]; [bot.ErrConflict] if the stored version differs, [bot.ErrRepeated] when the token came before.
func (s *Store) SaveSeat(ctx context.Context, token bot.Token, seat bot.Seat, intents bot.Intents) error {
	c := s.change()
	c.once(token)
	if err := s.putSeat(c, seat); err != nil {
		return err
	}
	c.send(intents)
	return s.commit(ctx, c)
}

// putSeat writes a seat where it is found by its program and where it is found by its member.
func (s *Store) putSeat(c *change, seat bot.Seat) error {
	was := seat.Version
	seat.Version++
	if err := c.put(s.keys.seats(seat.Program), seat.Member, was, seat); err != nil {
		return err
	}
	value, err := encodeValue(seat.Version, seat)
	if err != nil {
		return err
	}
	c.op("HSET", s.keys.seatsOf(seat.Member), seat.Program, value)
	return nil
}

// Seats implements [bot.SeatStore]; by member.
func (s *Store) Seats(ctx context.Context, program string) ([]bot.Seat, error) {
	return allObjects(ctx, s, "seats", s.keys.seats(program), func(a, b bot.Seat) int { return cmp.Compare(a.Member, b.Member) })
}

// MemberSeats implements [bot.SeatStore]; by program.
func (s *Store) MemberSeats(ctx context.Context, member string) ([]bot.Seat, error) {
	return allObjects(ctx, s, "seats", s.keys.seatsOf(member), func(a, b bot.Seat) int { return cmp.Compare(a.Program, b.Program) })
}
