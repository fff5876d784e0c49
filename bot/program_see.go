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
	Matched     int // people in groups of the latest round
	Groups      int
	Across      int // groups of the latest round with people of different departments
	GroupsKnown bool
	Met         int // groups of the latest round of which somebody said that they met
	MetKnown    bool
	Progress    RoundProgress // of the latest round's introductions
}

// Overview reads how a program goes, for one of its editors who asks from a channel.
func (c *Coffee) Overview(ctx context.Context, now time.Time, program, actor, channel string) (Overview, error) {
	p, err := c.editable(ctx, program, actor, channel)
	if err != nil {
		return Overview{}, err
	}
	seats, err := c.Seats.Seats(ctx, program)
	if err != nil {
		return Overview{}, &Fault{Code: FaultUnread, Cause: err}
	}
	r, err := c.latest(ctx, program)
	if err != nil {
		return Overview{}, err
	}
	o := Overview{Program: p, Next: NextRound(p, now), Started: r.At}
	if r.Number > 0 {
		if o.Progress, err = c.progress(ctx, r); err != nil {
			return Overview{}, &Fault{Code: FaultUnread, Cause: err}
		}
	}
	o.countSeats(seats)
	o.countGroups(r)
	return o, nil
}

func (o *Overview) countSeats(seats []Seat) {
	in := 0
	for _, s := range seats {
		if s.In() {
			in++
		}
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

// department is the one that a member set, or else the directory's.
func (s Scene) department(member string) string {
	if own := s.Preferences[member].Department; own != "" {
		return own
	}
	return s.Members[member].Department
}

// Mine lists the programs that a member takes part in, by name.
func (c *Coffee) Mine(ctx context.Context, now time.Time, member string) ([]Mine, error) {
	scene, err := c.scene(ctx, member, "")
	if err != nil {
		return nil, err
	}
	mine := scene.allMine(now)
	for i, m := range mine {
		if mine[i], err = c.grouped(ctx, m); err != nil {
			return nil, err
		}
	}
	return mine, nil
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
	Channel   Channel           // the zero value if the bot is not in it
	Mine      []Mine            // what they are in, anywhere
	Open      []Program         // what is in this channel, and they are not in
	Elsewhere []Program         // what runs in other public channels, and they are not in
	Runs      []Program         // what they may edit of the above, and what was put into their hands
	People    map[string]Member // of their latest groups
	Read      ProgramScene      // what all that was read from
}

// Look gathers what a member sees of coffee from a conversation, channel or not, but for the groups that they are in: that takes one round trip.
func (c *Coffee) Look(ctx context.Context, now time.Time, member, channel string) (Here, error) {
	scene, err := c.scene(ctx, member, channel)
	if err != nil {
		return Here{}, err
	}
	h := Here{
		Reader: scene.Members[member], Hours: scene.Hours(member, c.Settings.Current().Zone), Channel: scene.Channel, Mine: scene.allMine(now),
		People: scene.Members, Read: scene,
	}
	h.sort(scene.Programs, channel, c.Settings.Current())
	return h, nil
}

// Groups adds the latest groups of the reader, if they are in any, to what [Coffee.Look] gathered.
func (c *Coffee) Groups(ctx context.Context, h Here) (Here, error) {
	mine, people := slices.Clone(h.Mine), []string(nil)
	for i, m := range mine {
		var err error
		if mine[i], err = c.grouped(ctx, m); err != nil {
			return Here{}, err
		}
		people = append(people, mine[i].Group.Members...)
	}
	h.Mine = mine
	if len(people) == 0 {
		return h, nil
	}
	scene, err := c.Scenes.Scene(ctx, "", unique(people)...)
	if err != nil {
		return Here{}, &Fault{Code: FaultUnread, Cause: err}
	}
	h.People = scene.Members
	return h, nil
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
