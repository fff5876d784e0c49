package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// MemberGone ends every part in programs of somebody who is no colleague any more: their seats, their pairs of mentor programs, and their programs find a new owner.
// Whoever was to meet them is released kindly, as if they could not this time. Of whom the directory knows as a colleague nothing ends. It can be called any number of
// times; who comes back is in nothing until they join again.
func (c *Coffee) MemberGone(ctx context.Context, now time.Time, member string) error {
	scene, err := c.Scenes.Scene(ctx, "", member)
	if err != nil {
		return fmt.Errorf("end what %q was in: %w", member, err)
	}
	if !scene.Members[member].Deleted {
		return nil
	}
	seats, err := c.Seats.MemberSeats(ctx, member)
	if err != nil {
		return fmt.Errorf("end what %q was in: %w", member, err)
	}
	for _, s := range seats {
		if err := c.endSeat(ctx, now, s); err != nil {
			return fmt.Errorf("end what %q was in: %w", member, err)
		}
	}
	if err := c.LeaveMentoring(ctx, now, "", member); err != nil {
		return err
	}
	return c.OwnersGone(ctx, now)
}

// PeopleGone does for everybody in a program what [Coffee.MemberGone] does for one: it finds whose leaving nothing told of, or was told while this was broken off.
func (c *Coffee) PeopleGone(ctx context.Context, now time.Time) error {
	programs, err := c.Programs.Programs(ctx)
	if err != nil {
		return fmt.Errorf("look for seats of who left: %w", err)
	}
	for _, p := range programs {
		if err := c.endSeatsOf(ctx, now, p.ID); err != nil {
			return fmt.Errorf("end seats in program %q: %w", p.ID, err)
		}
	}
	return c.OwnersGone(ctx, now)
}

// endSeatsOf ends the seats in a program of those who are no colleagues any more.
func (c *Coffee) endSeatsOf(ctx context.Context, now time.Time, program string) error {
	seats, err := c.Seats.Seats(ctx, program)
	if err != nil {
		return err
	}
	var in []string
	for _, s := range seats {
		if s.In() {
			in = append(in, s.Member)
		}
	}
	scene, err := c.Scenes.Scene(ctx, "", in...)
	if err != nil {
		return err
	}
	for _, s := range seats {
		if !s.In() || !scene.Members[s.Member].Deleted {
			continue
		}
		if err := c.endSeat(ctx, now, s); err != nil {
			return err
		}
	}
	return nil
}

// endSeat has the seat's member leave; of a program that is gone, or that they left, nothing ends.
func (c *Coffee) endSeat(ctx context.Context, now time.Time, s Seat) error {
	if !s.In() {
		return nil
	}
	_, err := c.Leave(ctx, now, SeatAct{Token: Token("gone " + s.Program + " " + s.Member), Member: s.Member, Program: s.Program})
	if fault, ok := errors.AsType[*Fault](err); ok && (fault.Code == ProgramNotIn || fault.Code == FaultNotFound) {
		return nil
	}
	return err
}
