package bot

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot/pairing"
)

// pairs keeps mentorships in memory, as strictly as the real store, beside a shelf.
type pairs struct {
	shelf  *shelf
	stage  *stage
	list   map[string]Mentorship
	onSave func() // runs once, just before a mentorship is saved: somebody else is faster
	broken error  // what every save answers
}

func (p *pairs) MentorScene(ctx context.Context, id string) (MentorScene, error) {
	program, mentor, mentee, ok := SplitMentorshipID(id)
	if _, known := p.shelf.programs[program]; !ok || !known {
		return MentorScene{}, ErrNotFound
	}
	s := MentorScene{Program: p.shelf.programs[program], Mentorship: Mentorship{ID: id, Program: program, Mentor: mentor, Mentee: mentee}}
	if m, there := p.list[id]; there {
		s.Mentorship = m
	}
	var err error
	if s.Seats, err = p.shelf.SeatsOf(ctx, program, mentor, mentee); err != nil {
		return MentorScene{}, err
	}
	s.Scene, err = p.stage.Scene(ctx, "", mentor, mentee)
	return s, err
}

func (p *pairs) SaveMentorship(_ context.Context, token Token, m Mentorship, seats []Seat, intents Intents) error {
	if faster := p.onSave; faster != nil {
		p.onSave = nil
		faster()
	}
	switch {
	case p.broken != nil:
		return p.broken
	case p.shelf.tokens[token] != "":
		return ErrRepeated
	case p.list[m.ID].Version != m.Version:
		return ErrConflict
	}
	for _, s := range seats {
		if p.shelf.seats[s.Program+" "+s.Member].Version != s.Version {
			return ErrConflict
		}
	}
	p.shelf.once(token, m.ID)
	m.Version++
	p.list[m.ID] = m
	for _, s := range seats {
		p.shelf.putSeat(s)
	}
	p.shelf.insert(intents, m.ID)
	return nil
}

func (p *pairs) Mentorships(_ context.Context, program string) ([]Mentorship, error) {
	return p.those(func(m Mentorship) bool { return m.Program == program }), nil
}

func (p *pairs) MemberMentorships(_ context.Context, member string) ([]Mentorship, error) {
	return p.those(func(m Mentorship) bool { return m.Of(member) }), nil
}

func (p *pairs) those(keep func(Mentorship) bool) []Mentorship {
	var list []Mentorship
	for _, id := range slices.Sorted(maps.Keys(p.list)) {
		if keep(p.list[id]) {
			list = append(list, p.list[id])
		}
	}
	return list
}

// school is a café with a mentor program.
type school struct {
	*cafe
	pairs   *pairs
	program string
}

// openSchool has a mentor program, every four weeks, and so many people of whom nobody is in it yet.
func openSchool(t *testing.T, people int) *school {
	t.Helper()
	k := openCafe(t, people)
	s := &school{cafe: k, pairs: &pairs{shelf: k.shelf, stage: k.stage, list: map[string]Mentorship{}}}
	k.Mentorships = s.pairs
	p := k.setUp("C1", func(p *Program) { p.Form, p.Weeks, p.Name = MentorForm, 4, "Mentoring" })
	if p = k.shelf.programs[p.ID]; p.Form != MentorForm {
		t.Fatalf("the program is %+v", p)
	}
	s.program = p.ID
	return s
}

// with takes people in: mentors with a capacity, mentees.
func (s *school) with(capacity int, mentors, mentees string) *school {
	s.t.Helper()
	for id := range strings.FieldsSeq(mentors) {
		s.takeIn(id, pairing.Mentor, capacity)
	}
	for id := range strings.FieldsSeq(mentees) {
		s.takeIn(id, pairing.Mentee, 0)
	}
	return s
}

func (s *school) takeIn(member string, role pairing.Role, capacity int) {
	s.t.Helper()
	if _, _, err := s.JoinMentoring(s.t.Context(), s.now, s.act(s.program, member), role, capacity); err != nil {
		s.t.Fatal(err)
	}
}

// round plans the program's next round when it is due.
func (s *school) round() {
	s.t.Helper()
	s.run(NextRound(s.shelf.programs[s.program], s.now))
}

// run delivers what is due before, then plans a round.
func (s *school) run(at time.Time) {
	s.t.Helper()
	s.until(at)
	if err := s.PlanRound(s.t.Context(), at, s.program, at); err != nil {
		s.t.Fatal(err)
	}
}

// until does everything that is due, as the scheduler would: plans, and messages.
func (s *school) until(until time.Time) {
	s.t.Helper()
	for {
		next, ok := s.earliest(until)
		if !ok {
			s.now = until
			return
		}
		if next.Due.After(s.now) {
			s.now = next.Due
		}
		s.do(next)
	}
}

func (s *school) do(next Send) {
	s.t.Helper()
	if !next.NotAfter.IsZero() && s.now.After(next.NotAfter) {
		next.State = StateExpired
		s.shelf.sends[next.SID] = next
		return
	}
	b := &Bot{Coffee: s.Coffee}
	if next.Kind == KindPlan {
		if err := b.Plan(s.t.Context(), s.now, next); err != nil {
			s.t.Fatalf("plan %s: %v", next.SID, err)
		}
		next.State = StateSent
		s.shelf.sends[next.SID] = next
		return
	}
	content, d, err := b.Compose(s.t.Context(), s.now, next)
	switch {
	case err != nil:
		s.t.Fatalf("compose %s: %v", next.SID, err)
	case d.Verdict == Wait:
		next.Due, next.Reason = d.Until, d.Reason
	case d.Verdict == Drop:
		next.State, next.Reason = StateDropped, d.Reason
		s.shelf.insert(d.Then, "")
	case content == nil:
		s.t.Fatalf("%s goes without content", next.SID)
	default:
		next.State, next.PostedIn, next.Settled = StateSent, "G "+strings.Join(next.Members, " "), s.now
	}
	s.shelf.sends[next.SID] = next
}

// heard lists what of a kind reached somebody, by the last word of the messages' refs, in order.
func (s *school) heard(member string) []string {
	var list []Send
	for _, send := range s.shelf.sends {
		if send.State == StateSent && slices.Contains(send.Members, member) && (send.Kind == KindMentor || send.Kind == KindTheme) {
			list = append(list, send)
		}
	}
	slices.SortFunc(list, func(a, b Send) int { return a.Settled.Compare(b.Settled) })
	words := []string{}
	for _, send := range list {
		ref := strings.Fields(send.Ref)
		if ref[0] == waitWord {
			ref[2] = waitWord
		}
		words = append(words, ref[2])
	}
	return words
}

func (s *school) only() Mentorship {
	s.t.Helper()
	if len(s.pairs.list) != 1 {
		s.t.Fatalf("there are %d pairs: %+v", len(s.pairs.list), s.pairs.list)
	}
	for _, m := range s.pairs.list {
		return m
	}
	return Mentorship{}
}

func (s *school) says(member string) MentorAct {
	return MentorAct{Token: s.token(), Member: member, Mentorship: s.only().ID}
}

func (s *school) accept(member string) error {
	_, err := s.AcceptMentor(s.t.Context(), s.now, s.says(member))
	return err
}

func (s *school) decline(member string) error {
	_, err := s.DeclineMentor(s.t.Context(), s.now, s.says(member))
	return err
}

func (s *school) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// begun is a school in which a mentors b.
func begun(t *testing.T) *school {
	t.Helper()
	s := openSchool(t, 3).with(1, "a", "b")
	s.round()
	s.until(s.now.Add(time.Hour))
	s.must(s.accept("a"))
	s.must(s.accept("b"))
	return s
}
