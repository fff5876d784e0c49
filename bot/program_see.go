package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"rapport/bot/when"
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
		if r.People == 0 && r.GroupCount > 0 { // stored before rounds were counted
			if r, err = c.Rounds.Round(ctx, r.ID); err != nil {
				return Overview{}, &Fault{Code: FaultUnread, Cause: err}
			}
			r = r.counted()
		}
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
	seats, err := c.Seats.MemberSeats(ctx, member)
	if err != nil {
		return nil, &Fault{Code: FaultUnread, Cause: err}
	}
	var mine []Mine
	for _, s := range seats {
		if !s.In() {
			continue
		}
		r, err := c.latest(ctx, s.Program)
		if err != nil {
			return nil, err
		}
		m, err := c.mineOf(ctx, now, s, r)
		if fault, ok := errors.AsType[*Fault](err); ok && fault.Code == FaultNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		mine = append(mine, m)
	}
	slices.SortFunc(mine, func(a, b Mine) int { return strings.Compare(a.Program.Name+a.Program.ID, b.Program.Name+b.Program.ID) })
	return mine, nil
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
}

// Here gathers what a member sees of coffee from a conversation, channel or not.
func (c *Coffee) Here(ctx context.Context, now time.Time, member, channel string) (Here, error) {
	mine, err := c.Mine(ctx, now, member)
	if err != nil {
		return Here{}, err
	}
	programs, err := c.Programs.Programs(ctx)
	if err != nil {
		return Here{}, &Fault{Code: FaultUnread, Cause: err}
	}
	ids := []string{member}
	for _, m := range mine {
		ids = append(ids, m.Group.Members...)
	}
	scene, err := c.Scenes.Scene(ctx, channel, unique(ids)...)
	if err != nil {
		return Here{}, &Fault{Code: FaultUnread, Cause: err}
	}
	h := Here{
		Reader: scene.Members[member], Hours: scene.Hours(member, c.Settings.Current().Zone), Channel: scene.Channel, Mine: mine, People: scene.Members,
	}
	h.sort(programs, channel, c.Settings.Current())
	return h, nil
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

// When returns what the date language needs to know of a member who says until when they pause.
func (c *Coffee) When(ctx context.Context, now time.Time, member string) (when.Context, error) {
	scene, err := c.Scenes.Scene(ctx, "", member)
	if err != nil {
		return when.Context{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return scene.Hours(member, c.Settings.Current().Zone).WhenContext(now, scene.Members[member].Locale), nil
}
