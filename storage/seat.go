package storage

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

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

// Seats implements [bot.SeatStore]; by member. They are read some thousand at a time: a program may have a hundred thousand.
func (s *Store) Seats(ctx context.Context, program string) ([]bot.Seat, error) {
	stored, err := s.scanned(ctx, s.keys.seats(program))
	if err != nil {
		return nil, fmt.Errorf("read all seats of program %q: %w", program, err)
	}
	seats := make([]bot.Seat, len(stored))
	for i, member := range slices.Sorted(maps.Keys(stored)) {
		if err := decodeValue(stored[member], &seats[i]); err != nil {
			return nil, fmt.Errorf("read seat of %q in program %q: %w", member, program, err)
		}
	}
	return seats, nil
}

// scanned reads a large hash in steps, so that nobody else waits for all of it. What is written meanwhile may be in it or not.
func (s *Store) scanned(ctx context.Context, key string) (map[string]string, error) {
	all := make(map[string]string)
	for cursor := uint64(0); ; {
		part, next, err := s.rdb.HScan(ctx, key, cursor, "", scannedAtOnce).Result()
		if err != nil {
			return nil, err
		}
		for i := 0; i+1 < len(part); i += 2 {
			all[part[i]] = part[i+1]
		}
		if cursor = next; cursor == 0 {
			return all, nil
		}
	}
}

// scannedAtOnce is how many fields of a large hash are read in one step.
const scannedAtOnce = 2000

// SeatsOf implements [bot.SeatStore].
func (s *Store) SeatsOf(ctx context.Context, program string, members ...string) (map[string]bot.Seat, error) {
	if len(members) == 0 {
		return nil, nil
	}
	found, err := s.fields(ctx, s.keys.seats(program), members)
	if err != nil {
		return nil, fmt.Errorf("read %d seats of program %q: %w", len(members), program, err)
	}
	seats := make(map[string]bot.Seat, len(found))
	for member, stored := range found {
		var seat bot.Seat
		if err := decodeValue(stored, &seat); err != nil {
			return nil, fmt.Errorf("read seat of %q in program %q: %w", member, program, err)
		}
		seats[member] = seat
	}
	return seats, nil
}

// MemberSeats implements [bot.SeatStore]; by program.
func (s *Store) MemberSeats(ctx context.Context, member string) ([]bot.Seat, error) {
	return allObjects(ctx, s, "seats", s.keys.seatsOf(member), bySeat)
}

func bySeat(a, b bot.Seat) int { return cmp.Compare(a.Program, b.Program) }
