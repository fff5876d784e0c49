package bot

import (
	"context"
	"slices"
	"strings"
	"time"
)

// few is how many people an aggregate needs at least; below that it says "too few to show".
const few = 5

// Overview is what a program's editors see of it: how it goes, and never who. What fewer than five people make up is not Known and zero.
type Overview struct {
	Program     Program
	Next        time.Time
	Started     time.Time // of the latest round; zero before the first
	In          int       // members who take part
	InKnown     bool
	Resting     int // of them, who wait to be asked in again; zero if they are fewer than five
	Matched     int // people in groups of the latest round
	Groups      int
	Across      int // groups of the latest round with people of different departments
	GroupsKnown bool
	Met         int // groups of the latest round of which somebody said that they met
	MetKnown    bool
	Progress    RoundProgress // of the latest round's introductions
	Past        []PastRound   // the latest rounds that are over, the newest first
	MayHandOver bool          // the reader may give the program to somebody else
	Owner       Member
}

// pastRounds is how many rounds an editor sees.
const pastRounds = 8

// PastRound is how a round went that is over. What fewer than five people make up is not Known and zero.
type PastRound struct {
	At     time.Time
	Groups int
	Met    int // groups of which somebody said that they met
	Across int // groups with people of different departments
	Known  bool
	Worth  WorthSums // whether it was worth their time; zero if fewer than five said so
}

// pastOf counts the rounds that are over.
func pastOf(rounds []Round, now time.Time) []PastRound {
	var past []PastRound
	for _, r := range rounds {
		if r.End.After(now) {
			continue
		}
		one := PastRound{At: r.At}
		if r.Answered >= few && r.People >= few {
			one = PastRound{At: r.At, Groups: r.GroupCount, Met: r.Met, Across: r.Across, Known: true}
		}
		if r.Worth.Known() {
			one.Worth = r.Worth
		}
		past = append(past, one)
	}
	return past
}

// Overview reads how a program goes, for one of its editors who asks from a channel.
func (c *Coffee) Overview(ctx context.Context, now time.Time, program, actor, channel string) (Overview, error) {
	p, scene, err := c.editableIn(ctx, program, actor, channel)
	if err != nil {
		return Overview{}, err
	}
	seats, err := c.Seats.Seats(ctx, program)
	if err != nil {
		return Overview{}, &Fault{Code: FaultUnread, Cause: err}
	}
	rounds, err := c.Programs.RecentRounds(ctx, program, pastRounds)
	if err != nil {
		return Overview{}, &Fault{Code: FaultUnread, Cause: err}
	}
	owner, err := c.Scenes.Scene(ctx, "", p.Owner)
	if err != nil {
		return Overview{}, &Fault{Code: FaultUnread, Cause: err}
	}
	o := Overview{Program: p, Next: NextRound(p, now), Past: pastOf(rounds, now), Owner: owner.Members[p.Owner]}
	o.MayHandOver = p.MayHandOver(scene.Members[actor], o.Owner, c.Settings.Current())
	o.Owner.ID = p.Owner
	var r Round
	if len(rounds) > 0 {
		r = rounds[0]
		o.Started = r.At
		if o.Progress, err = c.progress(ctx, r); err != nil {
			return Overview{}, &Fault{Code: FaultUnread, Cause: err}
		}
	}
	o.countSeats(seats)
	o.countGroups(r)
	return o, nil
}

func (o *Overview) countSeats(seats []Seat) {
	in, resting := 0, 0
	for _, s := range seats {
		if s.In() {
			in++
		}
		if s.In() && s.Asked > 0 {
			resting++
		}
	}
	if resting >= few {
		o.Resting = resting
	}
	if in >= few {
		o.In, o.InKnown = in, true
	}
}

func (o *Overview) countGroups(r Round) {
	if r.People >= few {
		o.Matched, o.Groups, o.Across, o.GroupsKnown = r.People, r.GroupCount, r.Across, true
	}
	if r.Answered >= few {
		o.Met, o.MetKnown = r.Met, true
	}
}

// department is the one that the first source in the order says.
func (s Scene) department(member string, order []Source) string {
	name, _ := Department(s.Members[member], s.Preferences[member], order)
	return name
}

// Mine lists the programs that a member takes part in, by name.
func (c *Coffee) Mine(ctx context.Context, now time.Time, member string) ([]Mine, error) {
	scene, err := c.scene(ctx, member, "")
	if err != nil {
		return nil, err
	}
	return c.allGrouped(ctx, scene.allMine(now))
}

// allMine are the programs that the member takes part in, by name, without the groups.
func (s ProgramScene) allMine(now time.Time) []Mine {
	var mine []Mine
	for _, seat := range s.Seats {
		if m, err := s.mine(now, seat); err == nil && seat.In() {
			mine = append(mine, m)
		}
	}
	slices.SortFunc(mine, func(a, b Mine) int { return strings.Compare(a.Program.Name+a.Program.ID, b.Program.Name+b.Program.ID) })
	return mine
}

// Here is what a member sees of coffee from a conversation.
type Here struct {
	Reader    Member
	Hours     Hours
	Channel   Channel      // the zero value if the bot is not in it
	Mine      []Mine       // what they are in, anywhere
	Open      []Program    // what is in this channel, and they are not in
	Elsewhere []Program    // what runs in other public channels, and they are not in
	Runs      []Program    // what they may edit of the above, and what was put into their hands
	Read      ProgramScene // what all that was read from
}

// Look gathers what a member sees of coffee from a conversation, channel or not, but for the groups that they are in: that takes one round trip.
func (c *Coffee) Look(ctx context.Context, now time.Time, member, channel string) (Here, error) {
	scene, err := c.scene(ctx, member, channel)
	if err != nil {
		return Here{}, err
	}
	h := Here{
		Reader: scene.Members[member], Hours: scene.Hours(member, c.Settings.Current().Zone), Channel: scene.Channel, Mine: scene.allMine(now),
		Read: scene,
	}
	h.sort(scene.Programs, channel, c.Settings.Current())
	return h, nil
}

// Groups adds the latest groups of the reader, if they are in any, to what [Coffee.Look] gathered: that takes one more round trip, however many they are.
func (c *Coffee) Groups(ctx context.Context, h Here) (Here, error) {
	mine, err := c.allGrouped(ctx, h.Mine)
	h.Mine = mine
	return h, err
}

// allGrouped is [Coffee.grouped] for several programs.
func (c *Coffee) allGrouped(ctx context.Context, all []Mine) ([]Mine, error) {
	mine := slices.Clone(all)
	var keys []GroupKey
	for i, m := range mine {
		if m.Seat.Group == "" { // matched before seats remembered the group, or never
			var err error
			if mine[i], err = c.grouped(ctx, m); err != nil {
				return nil, err
			}
		} else if m.Seat.sits(m.Round.Number) {
			keys = append(keys, GroupKey{Round: m.Round.ID, Group: m.Seat.Group})
		}
	}
	if len(keys) == 0 {
		return mine, nil
	}
	groups, err := c.Rounds.RoundGroups(ctx, keys...)
	if err != nil {
		return nil, &Fault{Code: FaultUnread, Cause: err}
	}
	for i, m := range mine {
		if found, ok := groups[GroupKey{Round: m.Round.ID, Group: m.Seat.Group}]; ok {
			mine[i].Round, mine[i].Group = found.Round, found.Group
		}
	}
	return mine, nil
}

// Here gathers all that a member sees of coffee from a conversation.
func (c *Coffee) Here(ctx context.Context, now time.Time, member, channel string) (Here, error) {
	h, err := c.Look(ctx, now, member, channel)
	if err != nil {
		return Here{}, err
	}
	return c.Groups(ctx, h)
}

// sort puts programs where the reader finds them. One of a private channel is found in that channel alone.
func (h *Here) sort(programs []Program, channel string, w Workspace) {
	for _, p := range programs {
		in := slices.ContainsFunc(h.Mine, func(m Mine) bool { return m.Program.ID == p.ID })
		switch {
		case in:
		case p.Channel == channel:
			h.Open = append(h.Open, p)
		case !p.Closed && !p.Paused:
			h.Elsewhere = append(h.Elsewhere, p)
		}
		if near := in || p.Channel == channel; h.Reader.Person() && p.runBy(h.Reader.ID) || near && p.EditableBy(h.Reader, w) {
			h.Runs = append(h.Runs, p)
		}
	}
}

// May reports whether the reader may edit a program.
func (h Here) May(program string) bool {
	return slices.ContainsFunc(h.Runs, func(p Program) bool { return p.ID == program })
}
