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
//     met, the group said that it cannot, they had no working day yet for "did you meet?", or a changed schedule cut the round short;
//   - whoever is left with the mark sits this round out and gets one message with "I'm in" and "leave". It does not come again: until they
//     answer, rounds go on without them and without a word.

// listen returns the seats with what can be told of silent ones, and the pairs of groups that were never introduced as not met. last is read whole; scene has everybody
// who is in a seat.
func (c *Coffee) listen(ctx context.Context, at time.Time, last Round, seats []Seat, scene Scene) (heard []Seat, unmet []Meeting, err error) {
	heard = slices.Clone(seats)
	open, err := c.silentSeats(ctx, at, last, heard)
	if err != nil {
		return nil, nil, err
	}
	sends, err := c.sendsTo(ctx, heard, open)
	if err != nil {
		return nil, nil, err
	}
	unmet = introducedOnly(sends, heard, open)
	for _, o := range open {
		member := heard[o.seat].Member
		if asked, ok := sends[metSID(o.round.ID, member)]; ok && !timely(asked, at, scene.Hours(member, c.Settings.Current().Zone)) {
			heard[o.seat].Silent = false
		}
	}
	return heard, unmet, nil
}

// silentSeats finds the seats of those whose silence may mean something, and takes the mark from whose round or group says that it does not.
func (c *Coffee) silentSeats(ctx context.Context, at time.Time, last Round, heard []Seat) ([]silentSeat, error) {
	rounds := map[int]pastRound{last.Number: {last, last.byMember()}}
	var open []silentSeat
	for i, s := range heard {
		if !s.Silent || !s.In() || s.Asked != 0 {
			continue
		}
		past, known := rounds[s.Matched]
		if !known {
			var err error
			if past, err = c.pastRound(ctx, last.Program, s.Matched); err != nil {
				return nil, err
			}
			rounds[s.Matched] = past
		}
		g, in := past.groups[s.Member]
		if !in || g.excuses() || past.round.End.After(at) {
			heard[i].Silent = false
			continue
		}
		open = append(open, silentSeat{i, past.round, g})
	}
	return open, nil
}

// sendsTo finds what tells whether silent ones were introduced, and asked whether they met.
func (c *Coffee) sendsTo(ctx context.Context, heard []Seat, open []silentSeat) (map[string]Send, error) {
	var sids []string
	for _, o := range open {
		member := heard[o.seat].Member
		sids = append(append(sids, introSIDs(o.round, o.group, member)...), metSID(o.round.ID, member))
	}
	return c.Rounds.SendsBySID(ctx, unique(sids)...)
}

// pastRound is a whole round, and each member's group in it.
type pastRound struct {
	round  Round
	groups map[string]Group
}

func (c *Coffee) pastRound(ctx context.Context, program string, number int) (pastRound, error) {
	r, err := c.Rounds.Round(ctx, roundID(program, number))
	if errors.Is(err, ErrNotFound) {
		return pastRound{}, nil
	}
	return pastRound{r, r.byMember()}, err
}

// silentSeat is the seat of somebody who said nothing since they were matched in a group: the index of the seat, the round and the group.
type silentSeat struct {
	seat  int
	round Round
	group Group
}

// introducedOnly takes the mark of silence from whom no introduction reached, and returns the pairs of their groups as not met.
func introducedOnly(sends map[string]Send, heard []Seat, open []silentSeat) []Meeting {
	var unmet []Meeting
	lost := map[string]bool{}
	for _, o := range open {
		if _, introduced := introducedBy(sends, o.round, o.group, heard[o.seat].Member); introduced {
			continue
		}
		heard[o.seat].Silent = false
		if key := o.round.ID + " " + o.group.Key; !lost[key] && len(o.group.Met) == 0 {
			lost[key] = true
			unmet = append(unmet, answered(pairsOf(o.group.Members, o.round.Number), false)...)
		}
	}
	return unmet
}

// timely reports whether somebody who was asked whether they met had a working day of theirs to answer: most of the day on which it arrived, or else the next one.
// Who was not asked after all, because they want no such question or cannot be reached, had the whole round.
func timely(asked Send, at time.Time, h Hours) bool {
	switch asked.State {
	case StatePending, StateClaimed, StatePosting:
		return false
	case StateSent:
	default:
		return true
	}
	day := h.Today(asked.Settled)
	if !h.early(asked.Settled) {
		day = h.Workdays(day, 1)
	}
	_, end := h.window(day)
	return !at.Before(end)
}

// early reports whether the greater part of a working day is still to come.
func (h Hours) early(t time.Time) bool {
	from, to := h.window(h.Today(t))
	return t.Before(from.Add(to.Sub(from) / 2))
}

// metDue is when a member is asked whether they met: at the round's end. If that is late on their day, or on a free one, they would have no day to answer before
// the next round, so they are asked in the morning of their last working day; not in the first half of the time that they have, though. start is when that begins.
func metDue(r Round, start time.Time, h Hours) time.Time {
	if h.early(r.End) {
		return r.End
	}
	from, _ := h.window(h.LastWorkday(h.Today(r.End)))
	if from.Before(start.Add(r.End.Sub(start) / 2)) {
		return r.End
	}
	return from
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

// introSIDs are the sids under which a member of a group gets the introduction: in the group's chat, or alone.
func introSIDs(r Round, g Group, member string) []string {
	together := PairSID(r.ID, g.Key)
	return []string{together, together + "/" + member}
}

// introduced reports whether a member of a group got the introduction, in the group's chat or alone, and returns the conversation id of that chat,
// empty if they got it alone.
func (c *Coffee) introduced(ctx context.Context, r Round, g Group, member string) (chat string, introduced bool, err error) {
	sends, err := c.Rounds.SendsBySID(ctx, introSIDs(r, g, member)...)
	if err != nil {
		return "", false, err
	}
	chat, introduced = introducedBy(sends, r, g, member)
	return chat, introduced, nil
}

// introducedBy tells it from the sends. Records live eight weeks; where none is left it counts as sent, for it always was planned.
func introducedBy(sends map[string]Send, r Round, g Group, member string) (chat string, introduced bool) {
	known := false
	for i, sid := range introSIDs(r, g, member) {
		s, found := sends[sid]
		if found && s.State == StateSent {
			if i == 0 {
				return s.PostedIn, true
			}
			return "", true
		}
		known = known || found
	}
	return "", !known
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
