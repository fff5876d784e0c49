package bot

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rapport/bot/pairing"
)

// endMinute is when "did you meet?" is asked, in the program's zone.
const endMinute = 10 * 60

// planTries is how often a round is drawn anew because somebody joined, left or skipped while it was drawn. After that it stands, and who is not there any
// more is seen when the introduction is due.
const planTries = 3

// insertTries is how often in a row a part of a round is read anew because somebody changed their seat, or another process put it in.
const insertTries = 20

// PlanRound freezes the participants of a due round, matches them, stores the round and puts its messages into the ledger. A round that is already there stands;
// if its planning was broken off, it is gone on with. A program whose channel the bot is no longer in is paused instead, and its owner told. One that is due on a
// holiday comes later: [PostponedError].
func (c *Coffee) PlanRound(ctx context.Context, now time.Time, program string, at time.Time) error {
	p, err := c.Programs.Program(ctx, program)
	if errors.Is(err, ErrNotFound) || err == nil && p.Paused {
		return nil
	}
	if err != nil {
		return fmt.Errorf("plan round of %q: %w", program, err)
	}
	if p.Form == MentorForm {
		return c.planMentors(ctx, now, p, at)
	}
	if begins := p.Begins(at); now.Before(begins) {
		return &PostponedError{Until: begins}
	}
	for try := range planTries {
		err = c.planOnce(ctx, now, p, at, try == planTries-1)
		if !errors.Is(err, ErrConflict) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("plan round of %q: %w", program, err)
	}
	return nil
}

// planOnce plans a round, or goes on with what is there. Unless it is the last try, nothing comes of a plan whose participants changed meanwhile.
func (c *Coffee) planOnce(ctx context.Context, now time.Time, p Program, at time.Time, final bool) error {
	last, err := c.Rounds.CurrentRound(ctx, p.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err == nil {
		if err := c.insert(ctx, now, p, last); err != nil {
			return err
		}
		if !last.At.Before(at) {
			return nil
		}
		if last, err = c.Rounds.Round(ctx, last.ID); err != nil {
			return err
		}
	}
	drawn, err := c.draw(ctx, p, last, at)
	if err != nil {
		return err
	}
	switch channel := drawn.scene.Channel; {
	case !channel.Postable():
		return c.strand(ctx, now, p)
	case channel.Private != p.Closed:
		if err := c.followChannel(ctx, p, channel); err != nil {
			return err
		}
	}
	return c.keep(ctx, now, p, drawn, final)
}

// keep stores what was drawn and puts the round that counts into the ledger, whoever drew it.
func (c *Coffee) keep(ctx context.Context, now time.Time, p Program, drawn drawnRound, final bool) error {
	name, err := c.Rounds.DraftRound(ctx, drawn.plan)
	if errors.Is(err, ErrRepeated) { // somebody was faster
		r, _, err := c.Rounds.RoundGroup(ctx, drawn.plan.ID, "")
		if err != nil {
			return err
		}
		return c.insert(ctx, now, p, r)
	}
	if err != nil {
		return err
	}
	if !final {
		seats, err := c.Seats.Seats(ctx, p.ID)
		if err != nil {
			return err
		}
		stands, err := c.stands(ctx, drawn.elsewhere, drawn.plan.At)
		if err != nil {
			return err
		}
		if !stands || !sameParticipants(drawn.seats, seats) {
			return ErrConflict
		}
	}
	r, err := c.Rounds.AdoptRound(ctx, drawn.plan.Round, name)
	if err != nil && !errors.Is(err, ErrRepeated) {
		return err
	}
	return c.insert(ctx, now, p, r)
}

// sameParticipants reports whether nobody joined, left, skipped or paused between two readings of a program's seats. A mere sign of life changes nothing.
func sameParticipants(was, is []Seat) bool {
	return slices.EqualFunc(was, is, func(a, b Seat) bool {
		return a.Member == b.Member && a.In() == b.In() && a.SkipRound == b.SkipRound && a.PausedTill == b.PausedTill && a.Matched == b.Matched
	})
}

// drawnRound is a round that was decided, and what that rests on.
type drawnRound struct {
	plan  RoundPlan
	seats []Seat // as they are stored
	scene Scene

	elsewhere elsewhere // what its people have in other programs
}

// draw decides a round from what is stored now. last is the whole round before it, the zero value for the first.
func (c *Coffee) draw(ctx context.Context, p Program, last Round, at time.Time) (drawnRound, error) {
	seats, err := c.Seats.Seats(ctx, p.ID)
	if err != nil {
		return drawnRound{}, err
	}
	ids := make([]string, 0, len(seats))
	for _, s := range seats {
		ids = append(ids, s.Member)
	}
	scene, err := c.Scenes.Scene(ctx, p.Channel, ids...)
	if err != nil {
		return drawnRound{}, err
	}
	heard, unmet, err := c.listen(ctx, at, last, seats, scene)
	if err != nil {
		return drawnRound{}, err
	}
	number := last.Number + 1
	history, err := c.Rounds.History(ctx, p.ID, max(1, number-p.Window))
	if err != nil {
		return drawnRound{}, err
	}
	round := Round{ID: roundID(p.ID, number), Program: p.ID, Number: number, At: p.Begins(at), End: roundEnd(p, at)}
	round.Seed = seedOf(round.ID)
	other, err := c.elsewhere(ctx, round, round.At, ids)
	if err != nil {
		return drawnRound{}, err
	}
	input := c.matchInput(other.widened(p), round, heard, scene, append(corrected(history, unmet), other.together...))
	matched, err := pairing.Match(input)
	if err != nil {
		return drawnRound{}, err
	}
	plan := RoundPlan{Round: round, Unmet: unmet}
	plan.settle(matched, input, seats, heard, c.question(p, other.shown))
	return drawnRound{plan: plan, seats: seats, scene: scene, elsewhere: other}, nil
}

// settle turns what was matched into the plan. were are the seats as they are stored, heard what could be told of them.
func (plan *RoundPlan) settle(matched pairing.Round, input pairing.Input, were, heard []Seat, question func(Round, Group, map[string]Seat) string) {
	r := &plan.Round
	seats, placed := make(map[string]Seat, len(heard)), make(map[string]bool, len(heard))
	for _, s := range heard {
		seats[s.Member] = s
	}
	for i, g := range matched.Groups {
		group := Group{Key: groupKey(g.Members), Members: g.Members, Reasons: g.Reasons, First: firstStepper(r.Number, i, g.Members, seats)}
		group.Question = question(*r, group, seats)
		for _, id := range g.Members {
			placed[id] = true
		}
		r.Groups = append(r.Groups, group)
	}
	for _, l := range matched.LeftOut {
		r.LeftOut, placed[l.ID] = append(r.LeftOut, l.ID), true
	}
	for _, m := range input.Members {
		s := seats[m.ID]
		if silent := s.Silent && s.In() && !placed[m.ID]; silent && s.Asked == 0 && !m.Paused && !m.Skips && !m.Deactivated {
			plan.Asked = append(plan.Asked, m.ID)
		}
	}
	for _, was := range were {
		if was.Silent && !seats[was.Member].Silent && !placed[was.Member] {
			plan.Heard = append(plan.Heard, was.Member)
		}
	}
	r.Relaxed, r.Hash = matched.Relaxed, matched.InputHash
	*r = r.Counted()
}

// Counted is a round that was read whole, with the counts of its groups.
func (r Round) Counted() Round {
	r.GroupCount, r.People, r.Across, r.Met, r.Answered, r.Worth = len(r.Groups), 0, 0, 0, 0, WorthSums{}
	for _, g := range r.Groups {
		r.People += len(g.Members)
		r.Answered += len(g.Met)
		r.Worth = r.Worth.plus(g.WorthSums())
		if slices.Contains(slices.Collect(maps.Values(g.Met)), MetYes) {
			r.Met++
		}
		if g.Across() {
			r.Across++
		}
	}
	return r
}

// matched remembers a round, the group and its question, which is not shown again for a year; nothing was heard of the member yet.
func (s Seat) matched(r Round, g Group) Seat {
	s.Shown = maps.Clone(s.Shown)
	maps.DeleteFunc(s.Shown, func(_ string, seen time.Time) bool { return seen.Before(r.At.AddDate(-1, 0, 0)) })
	if s.Shown == nil {
		s.Shown = map[string]time.Time{}
	}
	if g.Question != "" {
		s.Shown[g.Question] = r.At
	}
	s.Matched, s.Group, s.Silent, s.Asked = r.Number, g.Key, true, 0
	return s
}

func (c *Coffee) matchInput(p Program, r Round, seats []Seat, scene Scene, history []Meeting) pairing.Input {
	in := pairing.Input{
		Date: r.At.In(p.location()), Days: p.Weeks * 7, Seed: r.Seed,
		Rules: pairing.Rules{Size: p.Size, Trios: p.Trios, Department: preference(p.Department), Overlap: preference(p.Overlap), ExcludeManager: !p.Managers, Window: p.Window},
	}
	day := (Hours{Zone: p.location()}).Today(r.At)
	for _, s := range seats {
		m := scene.Members[s.Member]
		h := scene.Hours(s.Member, c.Settings.Current().Zone)
		profile := scene.Preferences[s.Member].Profile
		in.Members = append(in.Members, pairing.Member{
			ID: s.Member, Department: scene.department(s.Member, c.Settings.Current().Departments), Zone: h.Zone, Hours: pairingWeek(h.Week), Manager: m.Manager,
			SatOut: s.SatOut, LastSatOut: s.LastSatOut, Joined: s.Joined,
			OptedOut: !s.In() || s.Silent || m.ID == "" || m.Stranger || m.Guest && !p.Guests,
			Bot:      m.Bot, Deactivated: m.Deleted,
			Paused: day.Before(s.PausedTill) || day.Before(h.PausedTill) || !opens(h, r),
			Skips:  s.SkipRound == r.Number || !s.Due(r.Number),
			Leader: s.Leader > 0, Seats: s.Leader, Stretch: s.Stretch,
			Offers: profile.Offers, Asks: profile.Asks, Office: orElse(profile.Office, m.Office), Level: m.Level, Languages: profile.Languages,
		})
	}
	in.Rules.Blocks = scene.blocks(seats)
	for _, m := range history {
		outcome := pairing.Unanswered
		if m.Met != nil {
			outcome = pairing.NotMet
			if *m.Met {
				outcome = pairing.Met
			}
		}
		in.History = append(in.History, pairing.Meeting{A: m.A, B: m.B, Round: m.Round, Outcome: outcome})
	}
	return in
}

// opens reports whether somebody works at all during a round.
func opens(h Hours, r Round) bool {
	open, ok := h.NextOpen(r.At)
	return ok && open.Before(r.End)
}

func preference(s Strictness) pairing.Preference {
	switch s {
	case Require:
		return pairing.Require
	case Ignore:
		return pairing.Ignore
	}
	return pairing.Prefer
}

func pairingWeek(w Week) pairing.Week {
	var out pairing.Week
	for day, span := range w {
		out[day] = pairing.Span{Start: time.Duration(span.From) * time.Minute, End: time.Duration(span.To) * time.Minute}
	}
	return out
}

// roundEnd is the last working day before the next round, at ten in the program's zone.
func roundEnd(p Program, at time.Time) time.Time {
	h := Hours{Zone: p.location(), Week: StandardWeek()}
	next := h.Today(at).AddDays(7 * p.Weeks)
	return h.At(h.Workdays(next, -1), endMinute)
}

func seedOf(round string) uint64 {
	sum := sha256.Sum256([]byte("round " + round))
	return binary.BigEndian.Uint64(sum[:8])
}

// groupKey names a group within its round after its members.
func groupKey(members []string) string {
	sum := sha256.Sum256([]byte(strings.Join(slices.Sorted(slices.Values(members)), " ")))
	return hex.EncodeToString(sum[:6])
}

// groupOf finds a member's group in a round that was read whole, and reports whether there is one.
func (r Round) groupOf(member string) (Group, bool) {
	i := slices.IndexFunc(r.Groups, func(g Group) bool { return slices.Contains(g.Members, member) })
	if i < 0 {
		return Group{}, false
	}
	return r.Groups[i], true
}

// byMember finds the group of each member of a round that was read whole.
func (r Round) byMember() map[string]Group {
	groups := make(map[string]Group, 2*len(r.Groups))
	for _, g := range r.Groups {
		for _, id := range g.Members {
			groups[id] = g
		}
	}
	return groups
}

func pairsOf(members []string, round int) []Meeting {
	var pairs []Meeting
	for i, a := range members {
		for _, b := range members[i+1:] {
			pairs = append(pairs, Meeting{A: min(a, b), B: max(a, b), Round: round})
		}
	}
	return pairs
}
