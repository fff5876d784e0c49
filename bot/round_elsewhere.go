package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// elsewhere is what the people of a round have in the other programs that they are in, so that nobody is introduced to the same colleague twice at a time, nor reads the
// same question twice within a year.
type elsewhere struct {
	programs []string                          // that some of them were ever in
	running  []string                          // ids of the rounds of those programs that are under way
	together []Meeting                         // who are in one group there just now, as if they had met in this very round
	shown    map[string][]map[string]time.Time // which questions each of them saw there, by member
}

// seatsAtOnce is how many seats of another program are read in one step.
const seatsAtOnce = 1000

// elsewhere looks at the other programs of some members; r is the round that is made for them, at the instant for which it is made.
func (c *Coffee) elsewhere(ctx context.Context, r Round, at time.Time, members []string) (elsewhere, error) {
	e := elsewhere{shown: map[string][]map[string]time.Time{}}
	programs, err := c.Programs.Programs(ctx)
	if err != nil {
		return e, err
	}
	for _, p := range programs {
		if p.ID == r.Program || p.Form != CoffeeForm {
			continue
		}
		if err := c.lookInto(ctx, &e, p.ID, r, at, members); err != nil {
			return e, fmt.Errorf("look into program %q: %w", p.ID, err)
		}
	}
	return e, nil
}

// lookInto adds what some members have in another program.
func (c *Coffee) lookInto(ctx context.Context, e *elsewhere, program string, r Round, at time.Time, members []string) error {
	shared := map[string]bool{}
	for part := range slices.Chunk(members, seatsAtOnce) {
		seats, err := c.Seats.SeatsOf(ctx, program, part...)
		if err != nil {
			return err
		}
		for id, s := range seats {
			shared[id] = true
			if len(s.Shown) > 0 {
				e.shown[id] = append(e.shown[id], s.Shown)
			}
		}
	}
	if len(shared) == 0 {
		return nil
	}
	e.programs = append(e.programs, program)
	running, err := c.runningAt(ctx, program, at)
	if err != nil || running == "" {
		return err
	}
	e.running = append(e.running, running)
	other, err := c.Rounds.Round(ctx, running)
	if err != nil {
		return err
	}
	for _, g := range other.Groups {
		both := slices.DeleteFunc(slices.Clone(g.Members), func(id string) bool { return !shared[id] })
		e.together = append(e.together, pairsOf(both, r.Number)...)
	}
	return nil
}

// runningAt is the id of the program's round that is under way at an instant; empty if there is none.
func (c *Coffee) runningAt(ctx context.Context, program string, at time.Time) (string, error) {
	r, err := c.Rounds.CurrentRound(ctx, program)
	switch {
	case errors.Is(err, ErrNotFound):
		return "", nil
	case err != nil:
		return "", err
	case !r.End.After(at):
		return "", nil
	}
	return r.ID, nil
}

// stands reports whether no other round began meanwhile in the programs that were looked into: two that are due at the same minute do not know of each other at first.
func (c *Coffee) stands(ctx context.Context, e elsewhere, at time.Time) (bool, error) {
	var running []string
	for _, program := range e.programs {
		id, err := c.runningAt(ctx, program, at)
		if err != nil {
			return false, err
		}
		if id != "" {
			running = append(running, id)
		}
	}
	return slices.Equal(running, e.running), nil
}

// widened is the program with its window as the engine is to count it beside those meetings: it counts back from the latest, and these are one round later than
// the program's own.
func (e elsewhere) widened(p Program) Program {
	if len(e.together) > 0 {
		p.Window++
	}
	return p
}
