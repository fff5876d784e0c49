package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"
)

// PlanMentoring does what is due about one mentorship: lets a proposal lapse, or gives the two their month's theme. name is the mentorship's id, the try and what
// is due, with slashes between. It can be called again without any further effect.
func (c *Coffee) PlanMentoring(ctx context.Context, now time.Time, name string) error {
	parts := strings.Split(name, "/")
	if len(parts) != 3 {
		return fmt.Errorf("plan mentorship %q: no id, try and occasion", name)
	}
	try, err := strconv.Atoi(parts[1])
	if err != nil {
		return fmt.Errorf("plan mentorship %q: %w", name, err)
	}
	switch parts[2] {
	case mentorLapse:
		_, err = c.lapseMentors(ctx, now, parts[0], try)
	case mentorTheme:
		_, err = c.nextTheme(ctx, now, parts[0], try)
	default:
		return fmt.Errorf("plan mentorship %q: no such occasion", name)
	}
	if err != nil {
		return fmt.Errorf("plan mentorship %q: %w", name, err)
	}
	return nil
}

// overdue applies what time brings to a mentorship; gone ones are left alone. An edit that has nothing to do returns false.
func (c *Coffee) overdue(ctx context.Context, id string, edit func(*MentorScene) (name string, intents Intents, due bool)) (Mentorship, error) {
	for range mentorTries {
		s, err := c.Mentorships.MentorScene(ctx, id)
		if errors.Is(err, ErrNotFound) || err == nil && s.Mentorship.Version == 0 {
			return Mentorship{}, nil
		}
		if err != nil {
			return Mentorship{}, err
		}
		was := maps.Clone(s.Seats)
		name, intents, due := edit(&s)
		if !due {
			return s.Mentorship, nil
		}
		err = c.Mentorships.SaveMentorship(ctx, Token(s.Mentorship.sid(name)), s.Mentorship, changedSeats(was, s.Seats), intents)
		if err == nil {
			s.Mentorship.Version++
			return s.Mentorship, nil
		}
		if !errors.Is(err, ErrConflict) && !errors.Is(err, ErrRepeated) {
			return Mentorship{}, err
		}
	}
	return Mentorship{}, fmt.Errorf("change mentorship %q: %w", id, ErrConflict) // what somebody did meanwhile is seen the next time
}

// lapseMentors ends a proposal that not both answered, and tells both kindly. Who said nothing is matched again when they say so: nobody waits for them twice.
func (c *Coffee) lapseMentors(ctx context.Context, now time.Time, id string, try int) (Mentorship, error) {
	return c.overdue(ctx, id, func(s *MentorScene) (string, Intents, bool) {
		m := &s.Mentorship
		if m.State != MentorProposed || m.Try != try {
			return "", nil, false
		}
		var told Intents
		for _, member := range m.Members() {
			if !m.AcceptedBy(member) {
				s.rest(member, true)
			}
			told = append(told, m.send(KindMentor, mentorLapsed, now, member))
		}
		m.State, m.Closed = MentorLapsed, now
		return "lapse", told, true
	})
}

// nextTheme begins the two's next month: their chat gets a theme that they have not had, unless they want none. While one of them is away, or the program is paused,
// it waits.
func (c *Coffee) nextTheme(ctx context.Context, now time.Time, id string, try int) (Mentorship, error) {
	if m, err := c.endGone(ctx, now, id); err != nil || m.State != MentorActive {
		return m, err
	}
	return c.overdue(ctx, id, func(s *MentorScene) (string, Intents, bool) {
		m := &s.Mentorship
		if m.State != MentorActive || m.Try != try || now.Before(m.NextAt) {
			return "", nil, false
		}
		if back := c.backAt(now, *s); back.After(now) {
			m.NextAt = back
			return "away " + back.UTC().Format(time.DateOnly), Intents{m.plan(mentorTheme, m.NextAt.UTC().Format(time.DateOnly), m.NextAt)}, true
		}
		m.Month, m.Theme, m.NextAt = m.Month+1, "", now.Add(themeEvery).Truncate(time.Second)
		var sends Intents
		if !m.Quiet {
			m.Theme = c.pickTheme(now, *m)
		}
		if m.Theme != "" {
			m.Themes = append(append([]string{}, m.Themes...), m.Theme)
			sends = c.together(*m, *s, KindTheme, themeOf(m.Month), now)
		}
		for i := range sends {
			sends[i].NotAfter = m.NextAt
		}
		return fmt.Sprint("month ", m.Month), append(sends, m.plan(mentorTheme, m.NextAt.UTC().Format(time.DateOnly), m.NextAt)), true
	})
}

// themeOf names a month's theme among the messages of a mentorship.
func themeOf(month int) string { return fmt.Sprintf("%s%d", mentorTheme, month) }

// monthOf is the month of a theme's message; 0 for every other.
func monthOf(what string) int {
	number, ok := strings.CutPrefix(what, mentorTheme)
	if !ok {
		return 0
	}
	month, err := strconv.Atoi(number)
	if err != nil {
		return 0
	}
	return month
}

// backAt is when both of a pair are back from their pauses, and the program too is looked at again after a week; now if nobody is away.
func (c *Coffee) backAt(now time.Time, s MentorScene) time.Time {
	back := now
	if s.Program.Paused {
		back = now.Add(7 * 24 * time.Hour)
	}
	for _, id := range s.Mentorship.Members() {
		h := s.Hours(id, c.Settings.Current().Zone)
		for _, till := range []Date{h.PausedTill, s.Seats[id].PausedTill} {
			if at := h.At(till, 0); h.Today(now).Before(till) && at.After(back) {
				back = at
			}
		}
	}
	return back
}

// endGone ends what one of the two is no longer there for, and tells the other. It changes nothing where both are.
func (c *Coffee) endGone(ctx context.Context, now time.Time, id string) (Mentorship, error) {
	return c.overdue(ctx, id, func(s *MentorScene) (string, Intents, bool) {
		m := &s.Mentorship
		if s.there(m.Mentor) && s.there(m.Mentee) {
			return "", nil, false
		}
		gone := m.Mentor
		if s.there(m.Mentor) {
			gone = m.Mentee
		}
		switch m.State {
		case MentorProposed:
			return "gone", c.decline(now, s, gone), true
		case MentorActive:
			return "gone", c.end(now, s, gone), true
		}
		return "", nil, false
	})
}

// LeaveMentoring ends every mentorship of somebody who left a program or the company. program may be empty: all of them.
func (c *Coffee) LeaveMentoring(ctx context.Context, now time.Time, program, member string) error {
	list, err := c.Mentorships.MemberMentorships(ctx, member)
	if err != nil {
		return fmt.Errorf("end mentorships of %q: %w", member, err)
	}
	for _, m := range list {
		if !m.Open() || program != "" && m.Program != program {
			continue
		}
		if _, err := c.endGone(ctx, now, m.ID); err != nil {
			return fmt.Errorf("end mentorships of %q: %w", member, err)
		}
	}
	return nil
}
