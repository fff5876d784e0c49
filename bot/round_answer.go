package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// RoundAct is something that a member does about their group in a round.
type RoundAct struct {
	Token  Token
	Member string
	Round  string // id
	Group  string // key
}

// AnswerTime says for a group whether they found a time. Any of its members may, and it can be said again.
func (c *Coffee) AnswerTime(ctx context.Context, now time.Time, a RoundAct, found Time) (Introduction, error) {
	if found != TimeScheduled && found != TimeNotYet && found != TimeCannot {
		return Introduction{}, &Fault{Code: FaultInvalid}
	}
	err := c.answer(ctx, now, a, func(g *Group) []Meeting {
		g.Found = found
		return nil
	})
	if err != nil {
		return Introduction{}, err
	}
	return c.Introduction(ctx, now, a)
}

// AnswerMet says for one member whether their group met. A meeting that anybody says took place counts, and so does one of which nobody said anything.
func (c *Coffee) AnswerMet(ctx context.Context, now time.Time, a RoundAct, met Met) (MetQuestion, error) {
	if met != MetYes && met != MetLater && met != MetNo {
		return MetQuestion{}, &Fault{Code: FaultInvalid}
	}
	err := c.answer(ctx, now, a, func(g *Group) []Meeting {
		said := maps.Clone(g.Met)
		if said == nil {
			said = map[string]Met{}
		}
		said[a.Member] = met
		g.Met = said
		return meetingsOf(*g, a.Round)
	})
	if err != nil {
		return MetQuestion{}, err
	}
	return c.MetQuestion(ctx, now, a)
}

// Introduction is a group's introduction as it reads now, for one of its members.
func (c *Coffee) Introduction(ctx context.Context, now time.Time, a RoundAct) (Introduction, error) {
	t, err := c.tableOf(ctx, a)
	if err != nil {
		return Introduction{}, err
	}
	return c.introduction(now, t, ""), nil
}

// MetQuestion is "did you meet?" as it reads now, for one of the group's members.
func (c *Coffee) MetQuestion(ctx context.Context, now time.Time, a RoundAct) (MetQuestion, error) {
	t, err := c.tableOf(ctx, a)
	if err != nil {
		return MetQuestion{}, err
	}
	q, _, err := c.metQuestion(ctx, now, t, a.Member)
	if err != nil && !isFault(err) {
		err = &Fault{Code: FaultUnread, Cause: err}
	}
	return q, err
}

func isFault(err error) bool {
	_, ok := errors.AsType[*Fault](err)
	return ok
}

// tableOf finds a member's group. A group that they are not in does not exist for them.
func (c *Coffee) tableOf(ctx context.Context, a RoundAct) (table, error) {
	r, g, err := c.seated(ctx, a)
	if err != nil {
		return table{}, err
	}
	t := table{round: r, group: g}
	if t.program, err = c.find(ctx, r.Program); err != nil {
		return table{}, err
	}
	if t.scene, err = c.Scenes.Scene(ctx, t.program.Channel, t.group.Members...); err != nil {
		return table{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return t, nil
}

// seated finds the member's group, and its round.
func (c *Coffee) seated(ctx context.Context, a RoundAct) (Round, Group, error) {
	if a.Group == "" {
		return Round{}, Group{}, &Fault{Code: FaultNotFound}
	}
	r, g, err := c.Rounds.RoundGroup(ctx, a.Round, a.Group)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Round{}, Group{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if err != nil || !slices.Contains(g.Members, a.Member) {
		return Round{}, Group{}, &Fault{Code: FaultNotFound}
	}
	return r, g, nil
}

// meetingsOf turns the answers of a group into its pairs' history.
func meetingsOf(g Group, round string) []Meeting {
	var number int
	if _, err := fmt.Sscanf(round[strings.LastIndex(round, "/")+1:], "%d", &number); err != nil {
		return nil
	}
	pairs, answers := pairsOf(g.Members, number), slices.Collect(maps.Values(g.Met))
	switch {
	case slices.Contains(answers, MetYes), slices.Contains(answers, MetLater):
		return answered(pairs, true)
	case len(answers) > 0:
		return answered(pairs, false)
	}
	return pairs
}

// answer applies a member's answer to their group, and notes that they gave a sign of life. Members of one group answer at the same time, so a
// conflict is read again a few times.
func (c *Coffee) answer(ctx context.Context, now time.Time, a RoundAct, edit func(*Group) []Meeting) error {
	for range 5 {
		r, was, err := c.seated(ctx, a)
		if err != nil {
			return err
		}
		g := was
		meetings := edit(&g)
		// The version tells the same answer apart that is given again after another one.
		token := Token(fmt.Sprintf("%s v%d", a.Token, was.Version))
		err = c.Rounds.ReplaceGroup(ctx, token, r.ID, was, g, meetings)
		switch {
		case err == nil, errors.Is(err, ErrRepeated):
			return c.Hear(ctx, now, SeatAct{Token: a.Token + " heard", Member: a.Member, Program: r.Program})
		case !errors.Is(err, ErrConflict):
			return &Fault{Code: FaultUnsaved, Cause: err}
		}
	}
	return &Fault{Code: FaultStale}
}

// Hear notes that a member gave a sign of life: they are matched again without being asked. Of whoever left, nothing is noted.
func (c *Coffee) Hear(ctx context.Context, now time.Time, a SeatAct) error {
	_, err := c.change(ctx, now, a, func(s *Seat, _ int) error { return s.mustBeIn() })
	if fault, ok := errors.AsType[*Fault](err); ok && fault.Code == ProgramNotIn {
		return nil
	}
	return err
}
