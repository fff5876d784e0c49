package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rapport/bot/pairing"
	"rapport/prompts"
)

// MentorAct is something that one of two people does about their mentorship.
type MentorAct struct {
	Token      Token
	Member     string
	Mentorship string // id
}

// MentorPart is a mentorship as one of the two sees it.
type MentorPart struct {
	Mentorship Mentorship
	Program    Program
	Seat       Seat   // the reader's
	Reader     Member // one of the two
	People     map[string]Member
	Profiles   map[string]Profile
	Theme      string // words of the month's theme; empty if there is none
}

// Other is the other of the two.
func (p MentorPart) Other() Member {
	m := p.People[p.Mentorship.Other(p.Reader.ID)]
	m.ID = p.Mentorship.Other(p.Reader.ID)
	return m
}

func (c *Coffee) mentorPart(s MentorScene, reader string) MentorPart {
	p := MentorPart{
		Mentorship: s.Mentorship, Program: s.Program, Seat: s.Seats[reader], Reader: s.Members[reader], People: s.Members, Profiles: map[string]Profile{},
	}
	p.Reader.ID = reader
	for id, set := range s.Preferences {
		p.Profiles[id] = set.Profile
	}
	theme, _ := c.Prompts.ByID(s.Mentorship.Theme)
	p.Theme = theme.Text
	return p
}

// mentorTries is how often a change is read again because somebody else changed the same.
const mentorTries = 5

// changeMentorship applies an edit to a mentorship of the actor's. The edit returns what else changes, or that nothing does. To everybody but the two it is not found.
func (c *Coffee) changeMentorship(ctx context.Context, a MentorAct, edit func(*MentorScene) (changed bool, intents Intents, err error)) (MentorPart, error) {
	for range mentorTries {
		s, err := c.mentorScene(ctx, a.Mentorship)
		if err != nil {
			return MentorPart{}, err
		}
		if !s.Mentorship.Of(a.Member) {
			return MentorPart{}, &Fault{Code: FaultNotFound}
		}
		was, seats := s.Mentorship, maps.Clone(s.Seats)
		changed, intents, err := edit(&s)
		if err != nil {
			return c.mentorPart(s, a.Member), err
		}
		if !changed {
			return c.mentorPart(s, a.Member), nil
		}
		// The version tells the same button apart that is pressed again after another one.
		err = c.Mentorships.SaveMentorship(ctx, Token(fmt.Sprintf("%s v%d", a.Token, was.Version)), s.Mentorship, changedSeats(seats, s.Seats), intents)
		switch {
		case err == nil:
			s.Mentorship.Version++
			return c.mentorPart(s, a.Member), nil
		case !errors.Is(err, ErrConflict) && !errors.Is(err, ErrRepeated):
			return MentorPart{}, &Fault{Code: FaultUnsaved, Cause: err}
		}
	}
	return MentorPart{}, &Fault{Code: FaultStale}
}

// changedSeats are those seats of two that an edit changed.
func changedSeats(was, is map[string]Seat) []Seat {
	var list []Seat
	for id, s := range is {
		if w := was[id]; s.Silent != w.Silent || s.Asked != w.Asked {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b Seat) int { return strings.Compare(a.Member, b.Member) })
	return list
}

// mentorScene finds a mentorship with what is around it.
func (c *Coffee) mentorScene(ctx context.Context, id string) (MentorScene, error) {
	s, err := c.Mentorships.MentorScene(ctx, id)
	switch {
	case errors.Is(err, ErrNotFound), err == nil && s.Mentorship.Version == 0:
		return MentorScene{}, &Fault{Code: FaultNotFound}
	case err != nil:
		return MentorScene{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return s, nil
}

// rest keeps somebody from being matched until they say that they are in, or lets them be matched again.
func (s *MentorScene) rest(member string, rests bool) {
	if seat := s.Seats[member]; seat.In() {
		seat.Silent, seat.Asked = rests, 0
		s.Seats[member] = seat
	}
}

// AcceptMentor says yes to a proposal. The second yes starts the mentorship. Whoever is too late, because the other said no or it lapsed, hears
// [MentorNoMatch] and no more.
func (c *Coffee) AcceptMentor(ctx context.Context, now time.Time, a MentorAct) (MentorPart, error) {
	return c.changeMentorship(ctx, a, func(s *MentorScene) (bool, Intents, error) {
		m := &s.Mentorship
		switch {
		case m.State == MentorActive, m.State == MentorProposed && m.AcceptedBy(a.Member):
			return false, nil, nil
		case m.State == MentorEnded:
			return false, nil, &Fault{Code: MentorAlreadyEnded}
		case m.State != MentorProposed, !now.Before(m.Lapses):
			return false, nil, &Fault{Code: MentorNoMatch}
		}
		m.Accepted = append(slices.Clone(m.Accepted), a.Member)
		s.rest(a.Member, false)
		if len(m.Accepted) < 2 {
			return true, nil, nil
		}
		if !c.mayStillMeet(now, *s) {
			return true, c.decline(now, s, ""), nil
		}
		return true, c.begin(now, m, *s), nil
	})
}

// mayStillMeet asks the engine's one predicate about two who were proposed to each other: since then a manager, a block, or somebody's place may have changed.
func (c *Coffee) mayStillMeet(now time.Time, s MentorScene) bool {
	m := s.Mentorship
	if !s.there(m.Mentor) || !s.there(m.Mentee) {
		return false
	}
	seats := []Seat{s.Seats[m.Mentor], s.Seats[m.Mentee]}
	for i := range seats { // that they pause does not matter to what both agree on
		seats[i].Silent, seats[i].SkipRound, seats[i].PausedTill = false, 0, Date{}
	}
	input := c.mentorInput(s.Program, mentorPool{seats: seats, scene: s.Scene}, now)
	for i := range input.Members {
		input.Members[i].Paused, input.Members[i].Skips = false, false
		input.Members[i].Role, input.Members[i].Seats = seats[i].Role, 1
		if input.Members[i].ID == m.Mentor {
			input.Members[i].Role = pairing.Mentor
		} else {
			input.Members[i].Role = pairing.Mentee
		}
	}
	ok, err := pairing.Permits(input, m.Mentor, m.Mentee)
	return ok && err == nil
}

// DeclineMentor says "not this time". Nobody is told who did; whoever had said yes hears that there was no suitable match.
func (c *Coffee) DeclineMentor(ctx context.Context, now time.Time, a MentorAct) (MentorPart, error) {
	return c.changeMentorship(ctx, a, func(s *MentorScene) (bool, Intents, error) {
		switch s.Mentorship.State {
		case MentorDeclined, MentorLapsed:
			return false, nil, nil
		case MentorActive: // the other's yes came a moment earlier: now it is a matter of ending it
			return false, nil, nil
		case MentorEnded:
			return false, nil, &Fault{Code: MentorAlreadyEnded}
		}
		s.rest(a.Member, false)
		return true, c.decline(now, s, a.Member), nil
	})
}

// decline closes a proposal, and tells whoever said yes, but for the one who declined.
func (c *Coffee) decline(now time.Time, s *MentorScene, by string) Intents {
	m := &s.Mentorship
	var told Intents
	for _, id := range m.Accepted {
		if id != by {
			told = append(told, m.send(KindMentor, mentorNone, now, id))
		}
	}
	m.State, m.Closed, m.Accepted = MentorDeclined, now, nil
	return told
}

// begin starts a mentorship that both accepted: the introduction, with the first month's theme, and the plan of the next.
func (c *Coffee) begin(now time.Time, m *Mentorship, s MentorScene) Intents {
	m.State, m.Started, m.Weeks, m.Month, m.NextAt = MentorActive, now, mentorWeeks, 0, now.Add(themeEvery).Truncate(time.Second)
	if p, ok := c.Prompts.ByID(firstTheme); ok {
		m.Theme = p.ID
	} else {
		m.Theme = c.pickTheme(now, *m)
	}
	if m.Theme != "" {
		m.Themes = append(slices.Clone(m.Themes), m.Theme)
	}
	return append(c.together(*m, s, KindMentor, mentorIntro, now), m.plan(mentorTheme, "1", m.NextAt))
}

// pickTheme chooses a theme that the two have not had; "" if none is left.
func (c *Coffee) pickTheme(now time.Time, m Mentorship) string {
	seen := make(map[string]time.Time, len(m.Themes))
	for _, id := range m.Themes {
		seen[id] = now // whenever it was, it does not come again
	}
	p, _ := c.Prompts.Pick(prompts.Wish{
		Kinds: []prompts.Kind{prompts.KindMentor}, Seen: []map[string]time.Time{seen}, Today: now, Seed: seedOf(fmt.Sprintf("%s/%d", m.ID, m.Month)),
	})
	return p.ID
}

// together are the sends of a message to both: in their chat at the first instant within a day that suits both; if there is none, to each alone in their own morning.
func (c *Coffee) together(m Mentorship, s MentorScene, kind Kind, what string, due time.Time) Intents {
	var all []Hours
	for _, id := range m.Members() {
		all = append(all, s.Hours(id, c.Settings.Current().Zone))
	}
	if open, ok := CommonOpen(due, introWindow, all...); ok {
		return Intents{m.send(kind, what, open, m.Members()...)}
	}
	var sends Intents
	for i, id := range m.Members() {
		if open, ok := all[i].NextOpen(due); ok {
			sends = append(sends, m.send(kind, what, open, id))
		}
	}
	return sends
}

// EndMentorship ends a mentorship for both; either may, and no reason is asked. The mentor's place is free again; the mentee is matched again when they say so.
func (c *Coffee) EndMentorship(ctx context.Context, now time.Time, a MentorAct) (MentorPart, error) {
	return c.changeMentorship(ctx, a, func(s *MentorScene) (bool, Intents, error) {
		switch s.Mentorship.State {
		case MentorEnded:
			return false, nil, nil
		case MentorActive:
			return true, c.end(now, s, a.Member), nil
		}
		return false, nil, &Fault{Code: MentorNoMatch}
	})
}

// end closes a mentorship and tells the other, or those who are still there.
func (c *Coffee) end(now time.Time, s *MentorScene, by string) Intents {
	m := &s.Mentorship
	m.State, m.Closed = MentorEnded, now
	s.rest(m.Mentee, true)
	var told Intents
	for _, id := range m.Members() {
		if id != by && s.Members[id].Person() {
			told = append(told, m.send(KindMentor, mentorOver, now, id))
		}
	}
	return told
}

// MeetEvery sets how often two meet. Either may.
func (c *Coffee) MeetEvery(ctx context.Context, a MentorAct, weeks int) (MentorPart, error) {
	if !slices.Contains(MentorCadences(), weeks) {
		return MentorPart{}, &Fault{Code: FaultInvalid}
	}
	return c.changeActive(ctx, a, func(m *Mentorship) error {
		m.Weeks = weeks
		return nil
	})
}

// QuietThemes switches the monthly themes of two people off, or on again. Either may.
func (c *Coffee) QuietThemes(ctx context.Context, a MentorAct, quiet bool) (MentorPart, error) {
	return c.changeActive(ctx, a, func(m *Mentorship) error {
		m.Quiet = quiet
		return nil
	})
}

// AnotherTheme skips this month's theme for another. theme is the one that the reader looks at: if the two have moved on from it, nothing changes.
func (c *Coffee) AnotherTheme(ctx context.Context, now time.Time, a MentorAct, theme string) (MentorPart, error) {
	return c.changeActive(ctx, a, func(m *Mentorship) error {
		if m.Theme != theme {
			return nil
		}
		next := c.pickTheme(now, *m)
		if next == "" {
			return &Fault{Code: MentorNoTheme}
		}
		m.Theme, m.Themes = next, append(slices.Clone(m.Themes), next)
		return nil
	})
}

// changeActive changes a mentorship that has begun.
func (c *Coffee) changeActive(ctx context.Context, a MentorAct, edit func(*Mentorship) error) (MentorPart, error) {
	return c.changeMentorship(ctx, a, func(s *MentorScene) (bool, Intents, error) {
		switch s.Mentorship.State {
		case MentorActive:
		case MentorEnded:
			return false, nil, &Fault{Code: MentorAlreadyEnded}
		default:
			return false, nil, &Fault{Code: MentorNoMatch}
		}
		was := s.Mentorship
		err := edit(&s.Mentorship)
		changed := was.Weeks != s.Mentorship.Weeks || was.Quiet != s.Mentorship.Quiet || was.Theme != s.Mentorship.Theme
		return changed && err == nil, nil, err
	})
}
