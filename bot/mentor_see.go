package bot

import (
	"context"
	"slices"
	"time"

	"rapport/bot/pairing"
)

// MyMentoring is a member's part in one mentor program.
type MyMentoring struct {
	Mine
	Pairs []MentorPart // open ones, those proposed first
}

// Waits reports whether the member is a mentee who can be matched and is not yet.
func (m MyMentoring) Waits() bool {
	return m.Seat.In() && m.Seat.Role == pairing.Mentee && !m.Seat.Silent && len(m.Pairs) == 0
}

// FreeSeats is how many more mentees a mentor can be given.
func (m MyMentoring) FreeSeats() int {
	taken := 0
	for _, p := range m.Pairs {
		if p.Mentorship.Mentor == m.Seat.Member {
			taken++
		}
	}
	return m.Seat.free(taken, 0)
}

// MyMentoring lists the mentor programs that a member is in, by name, with their open pairs.
func (c *Coffee) MyMentoring(ctx context.Context, now time.Time, member string) ([]MyMentoring, error) {
	scene, err := c.scene(ctx, member, "")
	if err != nil {
		return nil, err
	}
	list, err := c.Mentorships.MemberMentorships(ctx, member)
	if err != nil {
		return nil, &Fault{Code: FaultUnread, Cause: err}
	}
	list = slices.DeleteFunc(list, func(m Mentorship) bool { return !m.Open() })
	slices.SortStableFunc(list, func(a, b Mentorship) int { return boolOrder(a.State == MentorProposed, b.State == MentorProposed) })
	people, err := c.Scenes.Scene(ctx, "", peopleOfPairs(member, list)...)
	if err != nil {
		return nil, &Fault{Code: FaultUnread, Cause: err}
	}
	var all []MyMentoring
	for _, m := range scene.allMine(now) {
		if m.Program.Form != MentorForm {
			continue
		}
		my := MyMentoring{Mine: m}
		for _, pair := range list {
			if pair.Program == m.Program.ID {
				seats := map[string]Seat{member: m.Seat}
				my.Pairs = append(my.Pairs, c.mentorPart(MentorScene{Scene: people, Mentorship: pair, Program: m.Program, Seats: seats}, member))
			}
		}
		all = append(all, my)
	}
	return all, nil
}

func peopleOfPairs(member string, list []Mentorship) []string {
	ids := []string{member}
	for _, m := range list {
		ids = append(ids, m.Other(member))
	}
	return unique(ids)
}

// boolOrder puts what is true first.
func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// MentorView finds one mentorship for one of its two; to everybody else it is not found.
func (c *Coffee) MentorView(ctx context.Context, a MentorAct) (MentorPart, error) {
	s, err := c.mentorScene(ctx, a.Mentorship)
	if err != nil {
		return MentorPart{}, err
	}
	if !s.Mentorship.Of(a.Member) {
		return MentorPart{}, &Fault{Code: FaultNotFound}
	}
	return c.mentorPart(s, a.Member), nil
}

// MentorStartView is the message that opened a pair's chat as it reads now, for one of the two; alone as that reader got it by themselves.
func (c *Coffee) MentorStartView(ctx context.Context, now time.Time, a MentorAct, alone bool) (MentorStart, error) {
	s, err := c.mentorScene(ctx, a.Mentorship)
	if err != nil {
		return MentorStart{}, err
	}
	if !s.Mentorship.Of(a.Member) {
		return MentorStart{}, &Fault{Code: FaultNotFound}
	}
	if alone {
		return c.mentorStart(now, s, a.Member), nil
	}
	return c.mentorStart(now, s, ""), nil
}

// JoinMentoring takes a member into a mentor program with a side, or changes the side or the capacity of who is in. It ends the wait of who was silent, and leaves
// every pair as it is: a smaller capacity only brings no new ones.
func (c *Coffee) JoinMentoring(ctx context.Context, now time.Time, a SeatAct, role pairing.Role, capacity int) (m Mine, already bool, err error) {
	switch {
	case !isRole(role):
		return Mine{}, false, &Fault{Code: MentorRoleUnset}
	case role == pairing.Mentor && (capacity < 1 || capacity > MentorCapacityLimit):
		return Mine{}, false, &Fault{Code: MentorCapacity, Limit: MentorCapacityLimit}
	}
	if role == pairing.Mentee {
		capacity = 0
	}
	scene, err := c.known(ctx, a)
	if err != nil {
		return Mine{}, false, err
	}
	if err := c.MayJoinMentoring(ctx, scene, a); err != nil {
		return Mine{}, false, err
	}
	a.Known = &scene
	m, err = c.change(ctx, now, a, func(s *Seat, _ int) error {
		if already = s.In(); !already {
			s.Joined, s.Left, s.SkipRound, s.PausedTill = now, time.Time{}, 0, Date{}
		}
		s.Role, s.Capacity = role, capacity
		return nil
	})
	return m, already, err
}

// MayJoinMentoring refuses what cannot be joined: no mentor program, not for this person to see, not for guests.
func (c *Coffee) MayJoinMentoring(ctx context.Context, scene ProgramScene, a SeatAct) error {
	p, err := scene.program(a.Program)
	if err != nil {
		return err
	}
	if p.Form != MentorForm {
		return &Fault{Code: FaultNotFound}
	}
	if err := c.mustSee(ctx, p, scene.seat(p.ID, a.Member), a.Channel); err != nil {
		return err
	}
	switch member := scene.Members[a.Member]; {
	case !member.Person():
		return &Fault{Code: FaultForbidden}
	case member.Guest && !p.Guests:
		return &Fault{Code: ProgramGuest}
	}
	return nil
}

// MentorOverview is what a mentor program's editors see of it: sums, and never who. What fewer than five make up is zero and not known.
type MentorOverview struct {
	Program      Program
	Next         time.Time
	Pairs        int // that have begun and not ended
	PairsKnown   bool
	Waiting      int // mentees who can be matched and are not yet
	WaitingKnown bool
	Free         int // mentees that mentors can still take
	FreeKnown    bool
}

// MentorOverview reads how a mentor program goes, for one of its editors who asks from a channel.
func (c *Coffee) MentorOverview(ctx context.Context, now time.Time, program, actor, channel string) (MentorOverview, error) {
	p, err := c.editable(ctx, program, actor, channel)
	if err != nil {
		return MentorOverview{}, err
	}
	if p.Form != MentorForm {
		return MentorOverview{}, &Fault{Code: FaultNotFound}
	}
	pool, err := c.mentorPool(ctx, p)
	if err != nil {
		return MentorOverview{}, &Fault{Code: FaultUnread, Cause: err}
	}
	o := MentorOverview{Program: p, Next: NextRound(p, now)}
	o.count(pool)
	return o, nil
}

func (o *MentorOverview) count(pool mentorPool) {
	mentors, mentees := openPairs(pool.mentorships)
	pairs, waiting, free, withRoom := 0, 0, 0, 0
	for _, m := range pool.mentorships {
		if m.State == MentorActive {
			pairs++
		}
	}
	for _, s := range pool.seats {
		if !s.In() || s.Silent {
			continue
		}
		room := s.free(mentors[s.Member], mentees[s.Member])
		switch {
		case room > 0 && s.Role == pairing.Mentee:
			waiting++
		case room > 0:
			free, withRoom = free+room, withRoom+1
		}
	}
	if pairs >= few {
		o.Pairs, o.PairsKnown = pairs, true
	}
	if waiting >= few {
		o.Waiting, o.WaitingKnown = waiting, true
	}
	if withRoom >= few {
		o.Free, o.FreeKnown = free, true
	}
}
