package bot

import (
	"context"
	"errors"
	"slices"
	"time"
)

// opening is the introduction of a group; before says that its members but one were introduced to each other already.
func (c *Coffee) opening(now time.Time, t table, alone string, before bool) Introduction {
	i := c.introduction(now, t, alone)
	if t.course.Late && (t.course.Joins == "" || before) { // else it is the first that its readers hear of it
		i.Late, i.Joins = true, t.course.Joins
	}
	return i
}

// introducedSoon is when it is looked again whether a message that is being posted arrived.
const introducedSoon = time.Minute

// introducedBefore reports whether those of a group who were together before somebody joined or left had an introduction by then. While that is on its way
// nobody can tell.
func (c *Coffee) introducedBefore(ctx context.Context, now time.Time, t table) (bool, Decision, error) {
	if t.course.Was == "" {
		return false, Decision{}, nil
	}
	sids := []string{PairSID(t.round.ID, t.course.Was)}
	for _, id := range t.group.Members {
		sids = append(sids, PairSID(t.round.ID, t.course.Was)+"/"+id)
	}
	sends, err := c.Rounds.SendsBySID(ctx, sids...)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return false, Decision{}, err
	}
	for _, s := range sends {
		switch s.State {
		case StateSent:
			return true, Decision{}, nil
		case StateClaimed, StatePosting, StateUnknown:
			return false, Decision{Verdict: Wait, Reason: ReasonWaits, Until: now.Add(introducedSoon)}, nil
		}
	}
	return false, Decision{}, nil
}

// present are those of a group who can be put in one chat, the reader first: colleagues who are in the program still, and have no other group. Who cannot this time is
// among them, for nobody is told.
func (c *Coffee) present(ctx context.Context, t table, reader string) ([]string, error) {
	seats, err := c.Seats.SeatsOf(ctx, t.program.ID, t.group.Members...)
	if err != nil {
		return nil, err
	}
	present := []string{reader}
	for _, id := range t.group.Members {
		if id != reader && seats[id].In() && !slices.Contains(t.course.Gone, id) && t.scene.Members[id].Person() {
			present = append(present, id)
		}
	}
	return present, nil
}
