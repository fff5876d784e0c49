package bot

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"
)

// Nobody is stood up twice: whoever let a round pass without any tap is matched again only after "I'm in". The life of that:
//
//   - matching marks each seat as silent; any tap of the member's takes the mark away;
//   - at the next round [Coffee.listen] takes it away as well where silence says nothing: the introduction never came, a partner says that they
//     met, the group said that it cannot, or a changed schedule cut the round short;
//   - whoever is left with the mark sits this round out and gets one message with "I'm in" and "leave". It does not come again: until they
//     answer, rounds go on without them and without a word.

// listen returns the seats with what can be told of silent ones, and the pairs of groups that were never introduced as not met.
func (c *Coffee) listen(ctx context.Context, at time.Time, last Round, seats []Seat) (heard []Seat, unmet []Meeting, err error) {
	heard = slices.Clone(seats)
	rounds := map[int]Round{last.Number: last}
	lost := map[string]bool{}
	for i, s := range heard {
		if !s.Silent || !s.In() || s.Asked != 0 {
			continue
		}
		r, known := rounds[s.Matched]
		if !known {
			if r, err = c.roundOf(ctx, last.Program, s.Matched); err != nil {
				return nil, nil, err
			}
			rounds[s.Matched] = r
		}
		g, in := r.groupOf(s.Member)
		if !in || g.excuses() || r.End.After(at) {
			heard[i].Silent = false
			continue
		}
		_, introduced, err := c.introduced(ctx, r, g, s.Member)
		if err != nil {
			return nil, nil, err
		}
		if introduced {
			continue
		}
		heard[i].Silent = false
		if key := r.ID + " " + g.Key; !lost[key] && len(g.Met) == 0 {
			lost[key] = true
			unmet = append(unmet, answered(pairsOf(g.Members, r.Number), false)...)
		}
	}
	return heard, unmet, nil
}

func (c *Coffee) roundOf(ctx context.Context, program string, number int) (Round, error) {
	r, err := c.Rounds.Round(ctx, roundID(program, number))
	if errors.Is(err, ErrNotFound) {
		return Round{}, nil
	}
	return r, err
}

// excuses reports whether a group's answers show that nobody in it was stood up by who said nothing.
func (g Group) excuses() bool {
	answers := slices.Collect(maps.Values(g.Met))
	switch {
	case slices.Contains(answers, MetYes), g.Found == TimeCannot:
		return true
	case g.Found == TimeScheduled:
		return !slices.Contains(answers, MetNo)
	}
	return false
}

// introduced reports whether a member of a group got the introduction, in the group's chat or alone, and returns the conversation id of that chat,
// empty if they got it alone. Records live eight weeks; where none is left it counts as sent, for it always was planned.
func (c *Coffee) introduced(ctx context.Context, r Round, g Group, member string) (chat string, introduced bool, err error) {
	together, alone := PairSID(r.ID, g.Key), PairSID(r.ID, g.Key)+"/"+member
	known := false
	for _, sid := range []string{together, alone} {
		s, err := c.Sent.SendBySID(ctx, sid)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return "", false, err
		}
		switch {
		case s.State == StateSent && sid == together:
			return s.PostedIn, true, nil
		case s.State == StateSent:
			return "", true, nil
		}
		known = true
	}
	return "", !known, nil
}

// answered are meetings with what was said of them.
func answered(meetings []Meeting, met bool) []Meeting {
	for i := range meetings {
		meetings[i].Met = &met
	}
	return meetings
}

// corrected is a history in which some meetings are replaced.
func corrected(history, by []Meeting) []Meeting {
	if len(by) == 0 {
		return history
	}
	type pair struct {
		a, b  string
		round int
	}
	fresh := make(map[pair]*bool, len(by))
	for _, m := range by {
		fresh[pair{m.A, m.B, m.Round}] = m.Met
	}
	history = slices.Clone(history)
	for i, m := range history {
		if met, ok := fresh[pair{m.A, m.B, m.Round}]; ok {
			history[i].Met = met
		}
	}
	return history
}
