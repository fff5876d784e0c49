package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rapport/bot/pairing"
)

// A mentor program's round proposes pairs: each to both of its people, and it starts when both have accepted. A round needs no plan of its own: whoever
// is in an open pair is not free, so that a round that broke off, or that two processes plan at the same time, goes on where it is. Each pair is one step that
// changes both seats, so nobody gets a second one meanwhile.

// planMentors tidies up what is over, then proposes a pair for everybody who waits and can be matched.
func (c *Coffee) planMentors(ctx context.Context, now time.Time, p Program, at time.Time) error {
	pool, err := c.mentorPool(ctx, p)
	if err != nil {
		return err
	}
	switch channel := pool.scene.Channel; {
	case !channel.Postable():
		return c.strand(ctx, now, p)
	case channel.Private != p.Closed:
		if err := c.followChannel(ctx, p, channel); err != nil {
			return err
		}
	}
	if err := c.tidyMentors(ctx, now, p, pool); err != nil {
		return err
	}
	matched, err := c.matchMentors(p, pool, at)
	if err != nil {
		return err
	}
	for _, pair := range matched.pairs {
		if err := c.propose(ctx, now, p, pair); err != nil {
			return err
		}
	}
	return c.keepWaiting(ctx, now, p, at, pool, matched.waiting)
}

// mentorPool is everything that a mentor round rests on.
type mentorPool struct {
	seats       []Seat
	scene       Scene
	mentorships []Mentorship
}

func (c *Coffee) mentorPool(ctx context.Context, p Program) (pool mentorPool, err error) {
	if pool.seats, err = c.Seats.Seats(ctx, p.ID); err != nil {
		return mentorPool{}, err
	}
	if pool.mentorships, err = c.Mentorships.Mentorships(ctx, p.ID); err != nil {
		return mentorPool{}, err
	}
	ids := make([]string, 0, len(pool.seats))
	for _, s := range pool.seats {
		ids = append(ids, s.Member)
	}
	pool.scene, err = c.Scenes.Scene(ctx, p.Channel, ids...)
	return pool, err
}

// openPairs counts the open pairs of each mentor and of each mentee.
func openPairs(list []Mentorship) (mentors, mentees map[string]int) {
	mentors, mentees = map[string]int{}, map[string]int{}
	for _, m := range list {
		if m.Open() {
			mentors[m.Mentor]++
			mentees[m.Mentee]++
		}
	}
	return mentors, mentees
}

// free is how many pairs somebody can still be given, who has so many as a mentor and as a mentee.
func (s Seat) free(asMentor, asMentee int) int {
	switch s.Role {
	case pairing.Mentor:
		return max(0, s.Capacity-asMentor)
	case pairing.Mentee:
		return max(0, 1-asMentee)
	}
	return 0
}

// mentorMatch is who is proposed to whom, and which mentees go on waiting.
type mentorMatch struct {
	pairs   []Mentorship // with ids alone
	waiting []string
}

// matchMentors decides a mentor round. Whether two may meet at all is the engine's one predicate.
func (c *Coffee) matchMentors(p Program, pool mentorPool, at time.Time) (mentorMatch, error) {
	mentors, mentees := openPairs(pool.mentorships)
	input := c.mentorInput(p, pool, at)
	roles, sides := map[string]pairing.Role{}, map[pairing.Role]int{}
	for i, s := range pool.seats {
		m := &input.Members[i]
		m.Role, m.Seats = s.Role, s.free(mentors[s.Member], mentees[s.Member])
		m.Skips = m.Skips || m.Seats == 0
		if !m.OptedOut && !m.Skips && !m.Paused && !m.Bot && !m.Deactivated {
			roles[s.Member] = s.Role
			sides[s.Role]++
		}
	}
	input.Members = slices.DeleteFunc(input.Members, func(m pairing.Member) bool { return roles[m.ID] == "" })
	matched, result := map[string]bool{}, mentorMatch{}
	if sides[pairing.Mentor] > 0 && sides[pairing.Mentee] > 0 {
		round, err := pairing.Match(input)
		if err != nil {
			return mentorMatch{}, err
		}
		for _, g := range round.Groups {
			if pair, ok := mentorPair(p, g.Members, roles); ok {
				result.pairs = append(result.pairs, pair)
				matched[pair.Mentee] = true
			}
		}
	}
	for _, m := range input.Members {
		if m.Role == pairing.Mentee && !matched[m.ID] {
			result.waiting = append(result.waiting, m.ID)
		}
	}
	return result, nil
}

// mentorPair reads a group of the engine's: one mentor and one mentee, in whichever order.
func mentorPair(p Program, members []string, roles map[string]pairing.Role) (Mentorship, bool) {
	if len(members) != 2 {
		return Mentorship{}, false
	}
	mentor, mentee := members[0], members[1]
	if roles[mentor] == pairing.Mentee {
		mentor, mentee = mentee, mentor
	}
	if roles[mentor] != pairing.Mentor || roles[mentee] != pairing.Mentee {
		return Mentorship{}, false
	}
	return Mentorship{ID: MentorshipID(p.ID, mentor, mentee), Program: p.ID, Mentor: mentor, Mentee: mentee}, true
}

// mentorInput is what the engine is told: the same of everybody as in a coffee round, who had each other already kept apart, and a proposal that lapsed as a meeting.
func (c *Coffee) mentorInput(p Program, pool mentorPool, at time.Time) pairing.Input {
	number := mentorRound(at)
	round := Round{ID: roundID(p.ID, number), Program: p.ID, Number: number, At: at, End: roundEnd(p, at)}
	round.Seed = seedOf(round.ID)
	var lapsed []Meeting
	var apart [][2]string
	for _, m := range pool.mentorships {
		switch {
		case m.State != MentorLapsed:
			apart = append(apart, [2]string{m.Mentor, m.Mentee})
		case mentorRound(m.Closed) < number:
			lapsed = append(lapsed, Meeting{A: min(m.Mentor, m.Mentee), B: max(m.Mentor, m.Mentee), Round: mentorRound(m.Closed)})
		}
	}
	input := c.matchInput(p, round, pool.seats, pool.scene, lapsed)
	input.Rules.Size, input.Rules.Trios = 2, false
	input.Rules.Blocks = append(input.Rules.Blocks, apart...)
	return input
}

// mentorRound numbers the weeks, for the engine's sense of what was when.
func mentorRound(at time.Time) int { return int(at.Unix() / (7 * 24 * 60 * 60)) }

// propose asks two people, unless one of them got into another pair, or out of the program, since the round was decided.
func (c *Coffee) propose(ctx context.Context, now time.Time, p Program, pair Mentorship) error {
	scene, err := c.Mentorships.MentorScene(ctx, pair.ID)
	if err != nil {
		return err
	}
	// The seats were read first: whoever gives one of the two another pair changes their seat, and this is a conflict.
	free, err := c.stillFree(ctx, scene)
	if err != nil || !free || !c.mayStillMeet(now, scene) {
		return err
	}
	m := scene.Mentorship
	if m.Version > 0 && m.State != MentorLapsed {
		return nil
	}
	m.State, m.Proposed, m.Try, m.Accepted, m.Closed = MentorProposed, now, m.Try+1, nil, time.Time{}
	var intents Intents
	m, intents = c.proposed(now, m, scene)
	seats := []Seat{scene.Seats[m.Mentor], scene.Seats[m.Mentee]}
	err = c.Mentorships.SaveMentorship(ctx, Token(m.sid("propose")), m, seats, intents)
	if errors.Is(err, ErrConflict) || errors.Is(err, ErrRepeated) {
		return nil // somebody was faster, or changed something: what is left is for the next round
	}
	if err != nil {
		return fmt.Errorf("propose pair %q of program %q: %w", m.ID, p.ID, err)
	}
	return nil
}

// stillFree reports whether both of a pair are there and have room for it.
func (c *Coffee) stillFree(ctx context.Context, scene MentorScene) (bool, error) {
	pair := scene.Mentorship
	for member, role := range map[string]pairing.Role{pair.Mentor: pairing.Mentor, pair.Mentee: pairing.Mentee} {
		list, err := c.Mentorships.MemberMentorships(ctx, member)
		if err != nil {
			return false, err
		}
		mentors, mentees := openPairs(slices.DeleteFunc(list, func(m Mentorship) bool { return m.Program != pair.Program }))
		seat := scene.Seats[member]
		if !scene.there(member) || seat.Role != role || seat.free(mentors[member], mentees[member]) == 0 {
			return false, nil
		}
	}
	return true, nil
}

// proposed adds to a proposal when it lapses: so many working days of whoever is slower. The intents are the question to each, one reminder, and the end.
func (c *Coffee) proposed(now time.Time, m Mentorship, scene MentorScene) (Mentorship, Intents) {
	var sends, reminders Intents
	for _, id := range m.Members() {
		h := scene.Hours(id, c.Settings.Current().Zone)
		today := h.Today(now)
		if lapses := h.At(h.Workdays(today, mentorLapseDays+1), 0); lapses.After(m.Lapses) {
			m.Lapses = lapses
		}
		open, ok := h.NextOpen(now)
		if !ok {
			open = now
		}
		sends = append(sends, m.send(KindMentor, mentorAsk, open, id))
		reminders = append(reminders, m.send(KindMentor, mentorAskAgain, h.At(h.Workdays(today, mentorRemindDays), askAgainMinute), id))
	}
	sends = append(sends, reminders...)
	for i := range sends {
		sends[i].NotAfter = m.Lapses
	}
	return m, append(sends, m.plan(mentorLapse, "1", m.Lapses))
}

// askAgainMinute is when who has not answered is reminded, in their own zone.
const askAgainMinute = 10 * 60

// keepWaiting notes of mentees who got nobody that they come first the next time. The first time they are told that they wait.
func (c *Coffee) keepWaiting(ctx context.Context, now time.Time, p Program, at time.Time, pool mentorPool, waiting []string) error {
	number, waits := mentorRound(at), map[string]bool{}
	for _, id := range waiting {
		waits[id] = true
	}
	for _, s := range pool.seats {
		if !waits[s.Member] || s.LastSatOut == number {
			continue
		}
		var intents Intents
		if s.SatOut == 0 {
			intents = Intents{{
				SID: fmt.Sprintf("mentor/%s/wait/%s/%d", p.ID, s.Member, s.Joined.Unix()), Kind: KindMentor, Ref: waitRef(p.ID, s.Member),
				Members: []string{s.Member}, Due: now, NotAfter: roundEnd(p, at),
			}}
		}
		s.SatOut, s.LastSatOut = s.SatOut+1, number
		err := c.Seats.SaveSeat(ctx, Token(fmt.Sprintf("mentor/%s/sat out/%s/%d", p.ID, s.Member, number)), s, intents)
		if err != nil && !errors.Is(err, ErrConflict) && !errors.Is(err, ErrRepeated) {
			return fmt.Errorf("keep mentee of program %q waiting: %w", p.ID, err)
		}
	}
	return nil
}

// tidyMentors ends what is over although nobody pressed anything: pairs of whom one is not there any more. It also takes up the themes of those whose next one was
// lost, such as in a long standstill.
func (c *Coffee) tidyMentors(ctx context.Context, now time.Time, p Program, pool mentorPool) error {
	seats := map[string]Seat{}
	for _, s := range pool.seats {
		seats[s.Member] = s
	}
	around := MentorScene{Scene: pool.scene, Seats: seats}
	for i, m := range pool.mentorships {
		var err error
		switch {
		case m.Open() && (!around.there(m.Mentor) || !around.there(m.Mentee)):
			pool.mentorships[i], err = c.endGone(ctx, now, m.ID)
		case m.State == MentorProposed && m.Lapses.Before(now.Add(-themeLost)):
			pool.mentorships[i], err = c.lapseMentors(ctx, now, m.ID, m.Try)
		case m.State == MentorActive && m.NextAt.Before(now.Add(-themeLost)):
			_, err = c.nextTheme(ctx, now, m.ID, m.Try)
		}
		if err != nil {
			return fmt.Errorf("tidy up mentor program %q: %w", p.ID, err)
		}
	}
	return nil
}

// themeLost is how long something that was due has to be overdue before it counts as lost.
const themeLost = 48 * time.Hour
