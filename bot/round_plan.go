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
	"rapport/prompts"
)

// endMinute is when "did you meet?" is asked, in the program's zone.
const endMinute = 10 * 60

// planTries is how often a round is drawn anew because somebody joined or skipped in that very moment.
const planTries = 5

// PlanRound freezes the participants of a due round, matches them and stores the round with its messages in one step. A round that is already there
// stands. A program whose channel the bot is no longer in is paused instead, and its owner told.
func (c *Coffee) PlanRound(ctx context.Context, now time.Time, program string, at time.Time) error {
	p, err := c.Programs.Program(ctx, program)
	if errors.Is(err, ErrNotFound) || err == nil && p.Paused {
		return nil
	}
	if err != nil {
		return fmt.Errorf("plan round of %q: %w", program, err)
	}
	for range planTries {
		err = c.planOnce(ctx, now, p, at)
		if !errors.Is(err, ErrConflict) {
			break
		}
	}
	if err != nil && !errors.Is(err, ErrRepeated) {
		return fmt.Errorf("plan round of %q: %w", program, err)
	}
	return nil
}

func (c *Coffee) planOnce(ctx context.Context, now time.Time, p Program, at time.Time) error {
	last, err := c.Rounds.LatestRound(ctx, p.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err == nil && !last.At.Before(at) {
		return nil // planned before
	}
	plan, err := c.draw(ctx, p, last, at)
	if err != nil {
		return err
	}
	switch channel := plan.scene.Channel; {
	case !channel.Postable():
		return c.strand(ctx, now, p)
	case channel.Private != p.Closed:
		if err := c.followChannel(ctx, p, channel); err != nil {
			return err
		}
	}
	_, err = c.Rounds.SaveRound(ctx, plan.round, plan.meetings, plan.seats, c.roundIntents(now, plan))
	return err
}

// roundPlan is a round before it is stored.
type roundPlan struct {
	round    Round
	meetings []Meeting
	seats    []Seat   // those that the round changes
	asked    []string // who is not matched because nothing was heard of them, and is asked for the first time
	scene    Scene
}

// draw decides a round from what is stored now. last is the round before it, the zero value for the first.
func (c *Coffee) draw(ctx context.Context, p Program, last Round, at time.Time) (roundPlan, error) {
	seats, err := c.Seats.Seats(ctx, p.ID)
	if err != nil {
		return roundPlan{}, err
	}
	ids := make([]string, 0, len(seats))
	for _, s := range seats {
		ids = append(ids, s.Member)
	}
	scene, err := c.Scenes.Scene(ctx, p.Channel, ids...)
	if err != nil {
		return roundPlan{}, err
	}
	heard, unmet, err := c.listen(ctx, at, last, seats)
	if err != nil {
		return roundPlan{}, err
	}
	number := last.Number + 1
	history, err := c.Rounds.History(ctx, p.ID, max(1, number-p.Window))
	if err != nil {
		return roundPlan{}, err
	}
	round := Round{ID: roundID(p.ID, number), Program: p.ID, Number: number, At: at, End: roundEnd(p, at)}
	round.Seed = seedOf(round.ID)
	input := c.matchInput(p, round, heard, scene, corrected(history, unmet))
	matched, err := pairing.Match(input)
	if err != nil {
		return roundPlan{}, err
	}
	plan := roundPlan{round: round, meetings: unmet, scene: scene}
	plan.settle(matched, input, seats, heard, c.question)
	return plan, nil
}

// settle turns what was matched into the round, its meetings, and the seats that it changes. were are the seats as they are stored.
func (plan *roundPlan) settle(matched pairing.Round, input pairing.Input, were, heard []Seat, question func(Round, Group, map[string]Seat) string) {
	r := &plan.round
	seats := make(map[string]Seat, len(heard))
	for _, s := range heard {
		seats[s.Member] = s
	}
	for i, g := range matched.Groups {
		group := Group{Key: groupKey(g.Members), Members: g.Members, Reasons: g.Reasons, First: g.Members[(r.Number+i)%len(g.Members)]}
		group.Question = question(*r, group, seats)
		for _, id := range g.Members {
			seats[id] = seats[id].matched(*r, group.Question)
		}
		r.Groups = append(r.Groups, group)
		plan.meetings = append(plan.meetings, pairsOf(g.Members, r.Number)...)
	}
	for _, l := range matched.LeftOut {
		s := seats[l.ID]
		s.SatOut++
		s.LastSatOut = r.Number
		r.LeftOut, seats[l.ID] = append(r.LeftOut, l.ID), s
	}
	for _, m := range input.Members {
		s := seats[m.ID]
		if silent := s.Silent && s.In() && s.Matched < r.Number; silent && s.Asked == 0 && !m.Paused && !m.Skips && !m.Deactivated {
			s.Asked = r.Number
			plan.asked, seats[m.ID] = append(plan.asked, m.ID), s
		}
	}
	r.Relaxed, r.Hash = matched.Relaxed, matched.InputHash
	for _, was := range were {
		if s := seats[was.Member]; !s.same(was) {
			plan.seats = append(plan.seats, s)
		}
	}
}

// same reports whether a round leaves a seat as it was.
func (s Seat) same(was Seat) bool {
	return s.SatOut == was.SatOut && s.LastSatOut == was.LastSatOut && s.Matched == was.Matched && s.Silent == was.Silent && s.Asked == was.Asked
}

// matched remembers a round and its question, which is not shown again for a year; nothing was heard of the member yet.
func (s Seat) matched(r Round, question string) Seat {
	s.Shown = maps.Clone(s.Shown)
	maps.DeleteFunc(s.Shown, func(_ string, seen time.Time) bool { return seen.Before(r.At.AddDate(-1, 0, 0)) })
	if s.Shown == nil {
		s.Shown = map[string]time.Time{}
	}
	if question != "" {
		s.Shown[question] = r.At
	}
	s.Matched, s.Silent, s.Asked = r.Number, true, 0
	return s
}

func (c *Coffee) matchInput(p Program, r Round, seats []Seat, scene Scene, history []Meeting) pairing.Input {
	in := pairing.Input{
		Date: r.At.In(p.location()), Days: p.Weeks * 7, Seed: r.Seed,
		Rules: pairing.Rules{Size: p.Size, Trios: p.Trios, Department: preference(p.Department), ExcludeManager: !p.Managers, Window: p.Window},
	}
	day := (Hours{Zone: p.location()}).Today(r.At)
	for _, s := range seats {
		m := scene.Members[s.Member]
		h := scene.Hours(s.Member, c.Settings.Current().Zone)
		in.Members = append(in.Members, pairing.Member{
			ID: s.Member, Department: scene.department(s.Member), Zone: h.Zone, Hours: pairingWeek(h.Week), Manager: m.Manager,
			SatOut: s.SatOut, LastSatOut: s.LastSatOut, Joined: s.Joined,
			OptedOut: !s.In() || s.Silent || m.ID == "" || m.Stranger || m.Guest && !p.Guests,
			Bot:      m.Bot, Deactivated: m.Deleted,
			Paused: day.Before(s.PausedTill) || day.Before(h.PausedTill) || !opens(h, r),
			Skips:  s.SkipRound == r.Number,
		})
	}
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

// groupOf finds a member's group, and reports whether there is one.
func (r Round) groupOf(member string) (Group, bool) {
	i := slices.IndexFunc(r.Groups, func(g Group) bool { return slices.Contains(g.Members, member) })
	if i < 0 {
		return Group{}, false
	}
	return r.Groups[i], true
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

// question picks a question that nobody in the group has seen within a year.
func (c *Coffee) question(r Round, g Group, seats map[string]Seat) string {
	wish := prompts.Wish{Kinds: []prompts.Kind{prompts.KindCoffee}, Today: r.At, Seed: seedOf(r.ID + "/" + g.Key)}
	for _, id := range g.Members {
		wish.Seen = append(wish.Seen, seats[id].Shown)
	}
	p, _ := c.Prompts.Pick(wish)
	return p.ID
}
