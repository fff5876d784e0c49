package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/bot/pairing"
)

// Until its middle a round still takes people in: who joins late, and who lost their partner. Each such search is a plan of its own in the ledger, put there in
// the same step as what it follows from, so that nothing is lost when the process dies. It decides from what is stored when it runs, so running it twice
// changes nothing:
//
//   - place/<program>/<member> finds a place for somebody who takes part and is in no group: with somebody who waits, else as one more in a group;
//   - regroup/<round>/<group> looks after the rest of a group that somebody left: two or more go on, one alone is released;
//   - swap/<round>/<group>/<member> finds somebody who waits for who was released, or says kindly that it does not work out.

// What a released seat says in place of its group's key.
const (
	waitsGroup = "-" // somebody else is looked for; no introduction reached them yet
	againGroup = "+" // somebody else is looked for; an introduction reached them before
	restsGroup = "." // they heard that it does not work out; somebody else is looked for only if they ask for it
)

// regroupAfter is how long a group that somebody left stays as it is: a slip of the thumb can be taken back.
const regroupAfter = 5 * time.Minute

const (
	placeTries = 5
	// placeGroups is how many groups of a round are looked at for who comes late: enough for a good place, and it does not grow with the round.
	placeGroups = 500
)

// middle is the instant from which nobody is taken into a round any more.
func (r Round) middle() time.Time { return r.At.Add(r.End.Sub(r.At) / 2) }

// MayStill reports whether somebody can still be found for the member in the round that is under way, as the schedule has it.
func (m Mine) MayStill(now time.Time) bool {
	p := m.Program
	if m.Round.Number == 0 || p.Paused || p.Form != CoffeeForm || !m.Seat.waits(m.Round.Number) {
		return false
	}
	r := m.Round
	if r.At.IsZero() { // only its number was read
		at := p.lastBefore(now)
		r.At, r.End = p.Begins(at), roundEnd(p, at)
	}
	return !now.Before(r.At) && now.Before(r.middle())
}

// lastBefore is the latest instant by the schedule whose round has begun; the first one's if none has.
func (p Program) lastBefore(now time.Time) time.Time {
	h := Hours{Zone: p.location()}
	at := h.At(p.Anchor, p.Minute)
	for day := p.Anchor; ; {
		day = day.AddDays(7 * max(1, p.Weeks))
		next := h.At(day, p.Minute)
		if p.Begins(next).After(now) {
			return at
		}
		at = next
	}
}

// waits reports whether a member of a round that is under way takes part in it and is in no group.
func (s Seat) waits(number int) bool {
	free := s.Matched < number || s.Matched == number && (s.Group == waitsGroup || s.Group == againGroup)
	return s.In() && free && !s.Silent && s.Asked == 0 && s.SkipRound != number && s.PausedTill.IsZero() && s.Due(number)
}

// sits reports whether a member is in a group of a round.
func (s Seat) sits(number int) bool {
	return s.In() && s.Matched == number && s.Group != "" && !s.loose()
}

// released reports whether a member lost their group in a round, and has no other.
func (s Seat) released(number int) bool {
	return s.In() && s.Matched == number && s.loose()
}

// loose reports whether a seat's group is none any more.
func (s Seat) loose() bool {
	return s.Group == waitsGroup || s.Group == againGroup || s.Group == restsGroup
}

// seatIntents follow from a change of a member's seat while a round is under way: who became free for it is looked for a place, and who left is looked
// whether somebody is alone now.
func (c *Coffee) seatIntents(now time.Time, scene ProgramScene, was, is Seat) Intents {
	latest := scene.Latest[is.Program]
	p, err := scene.program(is.Program)
	if err != nil || latest == 0 {
		return nil
	}
	back := is
	back.PausedTill = Date{}
	switch {
	case is.waits(latest) && !was.waits(latest):
		return Intents{placePlan(now, is)}
	case back.waits(latest) && !is.PausedTill.IsZero() && is.PausedTill != was.PausedTill:
		return Intents{placePlan((Hours{Zone: p.location()}).At(is.PausedTill, p.Minute), is)}
	case was.sits(latest) && !is.In():
		return Intents{regroupPlan(now.Add(regroupAfter), roundID(is.Program, latest), is.Group, fmt.Sprint("left/", is.Member, "/", is.Version))}
	}
	return nil
}

func planSend(due time.Time, name, again string) Send {
	return Send{SID: name + "/" + again, Kind: KindPlan, Ref: name + " " + due.UTC().Format(time.RFC3339), Due: due}
}

func placePlan(due time.Time, s Seat) Send {
	return planSend(due, "place/"+s.Program+"/"+s.Member, fmt.Sprint("v", s.Version))
}

func regroupPlan(due time.Time, round, group, again string) Send {
	return planSend(due, "regroup/"+round+"/"+group, again)
}

// PlanChange carries out what follows from a change while a round is under way; kind and id are the first word of a plan's name and the rest.
func (c *Coffee) PlanChange(ctx context.Context, now time.Time, kind, id string) error {
	parts := strings.Split(id, "/")
	switch {
	case kind == "place" && len(parts) == 2:
		_, err := c.place(ctx, now, parts[0], parts[1], true)
		return err
	case kind == "regroup" && len(parts) == 3:
		return c.regroup(ctx, now, parts[0]+"/"+parts[1], parts[2])
	case kind == "swap" && len(parts) == 4:
		return c.swap(ctx, now, parts[0]+"/"+parts[1], parts[2], parts[3])
	}
	return fmt.Errorf("plan %s/%s: no such change of a round", kind, id)
}

// place finds a place in the program's running round for a member who waits, and reports whether there was one. Unless thirds, groups stay as they are.
func (c *Coffee) place(ctx context.Context, now time.Time, program, member string, thirds bool) (placed bool, err error) {
	p, r, err := c.underWay(ctx, now, program)
	if err != nil || r.Number == 0 || !now.Before(r.middle()) {
		return false, err
	}
	for range placeTries {
		placed, err = c.placeOnce(ctx, now, p, r, member, thirds)
		if !errors.Is(err, ErrConflict) {
			break
		}
	}
	if err != nil {
		return false, fmt.Errorf("place %q in round %q: %w", member, r.ID, err)
	}
	return placed, nil
}

// underWay is a program's latest round, with everything that was planned of it in the ledger; the zero round if none runs.
func (c *Coffee) underWay(ctx context.Context, now time.Time, program string) (Program, Round, error) {
	p, err := c.Programs.Program(ctx, program)
	if errors.Is(err, ErrNotFound) || err == nil && (p.Paused || p.Form != CoffeeForm) {
		return p, Round{}, nil
	}
	if err != nil {
		return p, Round{}, err
	}
	r, err := c.Rounds.CurrentRound(ctx, program)
	if errors.Is(err, ErrNotFound) || err == nil && !now.Before(r.End) {
		return p, Round{}, nil
	}
	if err != nil {
		return p, Round{}, err
	}
	return p, r, c.insert(ctx, now, p, r)
}

// placeOnce decides from what is stored now; [ErrConflict] if that changed meanwhile.
func (c *Coffee) placeOnce(ctx context.Context, now time.Time, p Program, r Round, member string, thirds bool) (bool, error) {
	around, err := c.around(ctx, now, p, r)
	if err != nil || !around.seats[member].waits(r.Number) {
		return false, err
	}
	admission, err := c.admit(ctx, now, p, around, member, thirds)
	if err != nil || len(admission.Group.Members) == 0 {
		return false, err
	}
	change := RoundChange{Round: r.ID, Newly: len(admission.Group.Members)}
	if admission.Joined < 0 {
		c.addGroup(&change, p, around, admission.Group, around.seats[member].Version)
	} else if err := c.growGroup(ctx, &change, around, admission, member); err != nil {
		return false, err
	}
	scene, err := c.Scenes.Scene(ctx, "", admission.Group.Members...)
	if err != nil {
		return false, err
	}
	made := change.Groups[len(change.Groups)-1]
	change.Intents = c.groupIntents(r, made.Is, later(now, r.At), scene, made.Course.Was != "")
	return true, c.Rounds.ChangeRound(ctx, "", change)
}

// surroundings is a running round with the people in it.
type surroundings struct {
	round Round // whole
	list  []Seat
	seats map[string]Seat
	scene Scene
	past  []Meeting // in other programs, too, as far as their rounds are under way
	shown map[string][]map[string]time.Time
}

func (c *Coffee) around(ctx context.Context, now time.Time, p Program, r Round) (a surroundings, err error) {
	if a.list, err = c.Seats.Seats(ctx, p.ID); err != nil {
		return a, err
	}
	if a.round, err = c.Rounds.Round(ctx, r.ID); err != nil {
		return a, err
	}
	a.seats = make(map[string]Seat, len(a.list))
	for _, s := range a.list {
		a.seats[s.Member] = s
	}
	a.narrow()
	ids := make([]string, 0, len(a.list))
	for _, s := range a.list {
		ids = append(ids, s.Member)
	}
	if a.scene, err = c.Scenes.Scene(ctx, p.Channel, ids...); err != nil {
		return a, err
	}
	if a.past, err = c.Rounds.History(ctx, p.ID, max(1, r.Number-p.Window)); err != nil {
		return a, err
	}
	other, err := c.elsewhere(ctx, r, now, ids)
	a.past, a.shown = append(a.past, other.together...), other.shown
	return a, err
}

// narrow leaves of a long round the groups that may grow, at most some hundred of them evenly spread, and of its people those in them and those who wait.
func (a *surroundings) narrow() {
	open := slices.DeleteFunc(slices.Clone(a.round.Groups), func(g Group) bool {
		return g.Found != TimeUnknown && g.Found != TimeNotYet || len(g.Met) > 0
	})
	if step := (len(open) + placeGroups - 1) / placeGroups; step > 1 {
		var some []Group
		for i := 0; i < len(open); i += step {
			some = append(some, open[i])
		}
		open = some
	}
	a.round.Groups = open
	kept := a.round.byMember()
	a.list = slices.DeleteFunc(slices.Clone(a.list), func(s Seat) bool {
		_, grouped := kept[s.Member]
		return !grouped && !s.waits(a.round.Number)
	})
}

// admit asks the engine for a place, by the same rules that the round was drawn by.
func (c *Coffee) admit(ctx context.Context, now time.Time, p Program, a surroundings, member string, thirds bool) (pairing.Admission, error) {
	input, running := c.runningInput(now, p, a)
	if !thirds {
		running.Groups = nil
	}
	for {
		admission, err := pairing.Admit(input, running, member)
		if err != nil || admission.Joined < 0 {
			return admission, err
		}
		// Nobody needs to hear by one who joins them that somebody cannot, and nobody is introduced a third time.
		_, _, course, err := c.Rounds.GroupCourse(ctx, a.round.ID, a.round.Groups[admission.Joined].Key)
		if err != nil {
			return pairing.Admission{}, err
		}
		if course.whole() && !course.Late {
			return admission, nil
		}
		running.Groups[admission.Joined].Members = []string{""} // with somebody in it who is not in the input a group does not grow
	}
}

// runningInput is what the engine knows of a round that is under way. Nobody in it is silent: it is too early to tell.
func (c *Coffee) runningInput(now time.Time, p Program, a surroundings) (pairing.Input, pairing.Round) {
	seats := slices.Clone(a.list)
	var running pairing.Round
	for i, s := range seats {
		if s.waits(a.round.Number) {
			running.LeftOut = append(running.LeftOut, pairing.LeftOut{ID: s.Member, Reason: pairing.NoPartner})
		}
		seats[i].Silent = false
	}
	for _, g := range a.round.Groups {
		members := g.Members
		if slices.ContainsFunc(members, func(id string) bool { return a.seats[id].waits(a.round.Number) }) {
			members = []string{""} // it goes on without them, and does not grow
		}
		running.Groups = append(running.Groups, pairing.Group{Members: members, Reasons: g.Reasons})
	}
	r := a.round
	r.At = later(now, r.At)
	input := c.matchInput(p, r, seats, a.scene, a.past)
	input.Rules.Blocks = append(input.Rules.Blocks, a.parted()...)
	return input, running
}

// again are those of some people who wait after an introduction in the round reached them.
func (a surroundings) again(members []string) []string {
	return slices.DeleteFunc(slices.Clone(members), func(id string) bool {
		return a.seats[id].Matched != a.round.Number || a.seats[id].Group != againGroup
	})
}

// parted are the pairs of the round that were introduced and did not work out: nobody is introduced to the same person twice.
func (a surroundings) parted() [][2]string {
	var pairs [][2]string
	unheard := func(id string) bool { return a.seats[id].Matched == a.round.Number && a.seats[id].Group == waitsGroup }
	for _, m := range a.past {
		if m.Round == a.round.Number && m.Met != nil && !*m.Met && !unheard(m.A) && !unheard(m.B) {
			pairs = append(pairs, [2]string{m.A, m.B})
		}
	}
	return pairs
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// addGroup adds a group of people who waited.
func (c *Coffee) addGroup(change *RoundChange, p Program, a surroundings, found pairing.Group, again int) {
	r := a.round
	g := Group{Key: lateKey(found.Members, again), Members: found.Members, Reasons: found.Reasons}
	g.First = firstStepper(r.Number, again, g.Members, a.seats)
	g.Question = c.question(p, a.shown)(r, g, a.seats)
	for _, id := range g.Members {
		s := a.seats[id]
		if s.Matched == r.Number {
			change.Newly--
		}
		if s.LastSatOut == r.Number { // found after all
			s.SatOut, s.LastSatOut = max(0, s.SatOut-1), 0
		}
		change.Seats = append(change.Seats, s.matched(r, g))
	}
	change.Groups = append(change.Groups, GroupChange{Is: g, Course: Course{Late: true, Again: a.again(g.Members)}})
	change.Meetings = pairsOf(g.Members, r.Number)
}

// growGroup has a member join a group, in whose place a larger one comes: with a chat and messages of its own.
func (c *Coffee) growGroup(ctx context.Context, change *RoundChange, a surroundings, found pairing.Admission, member string) error {
	r := a.round
	_, was, course, err := c.Rounds.GroupCourse(ctx, r.ID, r.Groups[found.Joined].Key)
	if err != nil {
		return err
	}
	if !course.whole() || course.Late || len(was.Met) > 0 || was.Found == TimeScheduled || was.Found == TimeCannot {
		return ErrConflict
	}
	g := Group{
		Key: lateKey(found.Group.Members, a.seats[member].Version), Members: found.Group.Members, Reasons: found.Group.Reasons, Question: was.Question,
		First: firstOf(was.First, found.Group.Members, a.seats),
	}
	if err := takePlace(change, a.seats, r, was, course, g, Course{Late: true, Was: was.Key, Joins: member, Again: append(course.Again, a.again([]string{member})...)}); err != nil {
		return err
	}
	joins := a.seats[member]
	change.Newly = 1
	if joins.Matched == r.Number {
		change.Newly = 0
	}
	change.Seats = append(change.Seats, joins.matched(r, g))
	for _, m := range pairsOf(g.Members, r.Number) {
		if m.A == member || m.B == member {
			change.Meetings = append(change.Meetings, m)
		}
	}
	return nil
}

// firstOf chooses who takes the first step in a group that takes another's place: who keeps a leader's seat, else who did so before, else the first of them.
func firstOf(before string, members []string, seats map[string]Seat) string {
	leads := func(id string) bool { return seats[id].Leader > 0 }
	switch i := slices.IndexFunc(members, leads); {
	case leads(before) && slices.Contains(members, before):
		return before
	case i >= 0:
		return members[i]
	case slices.Contains(members, before):
		return before
	}
	return members[0]
}

// takePlace puts a group in the place of another, for those who are in both.
func takePlace(change *RoundChange, seats map[string]Seat, r Round, was Group, course Course, is Group, next Course) error {
	for _, id := range was.Members {
		if !slices.Contains(is.Members, id) {
			continue
		}
		s, ok := seats[id]
		if !ok || s.Matched != r.Number || s.Group != was.Key {
			return ErrConflict
		}
		s.Group = is.Key
		change.Seats = append(change.Seats, s)
	}
	course.Became = is.Key
	change.Groups = append(change.Groups, GroupChange{Was: was, Is: was, Course: course}, GroupChange{Is: is, Course: next})
	return nil
}

// lateKey names a group that came about during its round: not as the same people were named when it was drawn, whose messages are another chat's.
func lateKey(members []string, again int) string {
	sum := sha256.Sum256([]byte("late " + strconv.Itoa(again) + " " + strings.Join(slices.Sorted(slices.Values(members)), " ")))
	return hex.EncodeToString(sum[:6])
}
