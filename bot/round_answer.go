package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
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
	err := c.answer(ctx, now, a, func(g *Group, course *Course) ([]Meeting, Intents) { return foundTime(now, a, g, course, found) })
	if err != nil {
		return Introduction{}, err
	}
	return c.Introduction(ctx, now, a)
}

// foundTime applies what a member says about a time to their group. Who cannot is out; the others go on as long as they are two or more, and of one alone it is
// looked after in a while, so that a slip of the thumb can be taken back.
func foundTime(now time.Time, a RoundAct, g *Group, course *Course, found Time) ([]Meeting, Intents) {
	if found != TimeCannot {
		back := g.Found == TimeCannot || slices.Contains(course.Out, a.Member)
		*course = course.with(a.Member)
		if len(course.Rest(*g)) < 2 { // whom they would meet has somebody else by now
			return nil, nil
		}
		g.Found = found
		if back {
			return meetingsOf(*g, *course, a.Round), nil
		}
		return nil, nil
	}
	*course = course.without(a.Member)
	if len(course.Rest(*g)) >= 2 {
		return meetingsOf(*g, *course, a.Round), nil
	}
	g.Found = TimeCannot
	return answered(pairsOf(g.Members, numberOf(a.Round)), false), Intents{regroupPlan(now.Add(regroupAfter), a.Round, g.Key, fmt.Sprint("v", g.Version))}
}

// AnswerMet says for one member whether their group met. A meeting that anybody says took place counts, and so does one of which nobody said anything.
func (c *Coffee) AnswerMet(ctx context.Context, now time.Time, a RoundAct, met Met) (MetQuestion, error) {
	if met != MetYes && met != MetLater && met != MetNo {
		return MetQuestion{}, &Fault{Code: FaultInvalid}
	}
	err := c.answer(ctx, now, a, func(g *Group, course *Course) ([]Meeting, Intents) {
		said := maps.Clone(g.Met)
		if said == nil {
			said = map[string]Met{}
		}
		said[a.Member] = met
		g.Met = said
		if met != MetYes {
			g.Worth = withWorth(g.Worth, a.Member, "")
		}
		if met != MetNo {
			*course = course.with(a.Member) // it worked out after all
		}
		if met == MetYes {
			return meetingsOf(*g, *course, a.Round), coffeeHelp(now, a)
		}
		return meetingsOf(*g, *course, a.Round), nil
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
	before, _, err := c.introducedBefore(ctx, now, t)
	if err != nil {
		return Introduction{}, &Fault{Code: FaultUnread, Cause: err}
	}
	i := c.opening(now, t, "", before)
	if i.There, err = c.present(ctx, t, a.Member); err != nil {
		return Introduction{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return i, nil
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
	r, g, course, err := c.seated(ctx, a)
	if err != nil {
		return table{}, err
	}
	t := table{round: r, group: g, course: course}
	if t.program, err = c.find(ctx, r.Program); err != nil {
		return table{}, err
	}
	if t.scene, err = c.Scenes.Scene(ctx, t.program.Channel, t.group.Members...); err != nil {
		return table{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return t, nil
}

// seated finds the member's group, or the one that took its place, and its round.
func (c *Coffee) seated(ctx context.Context, a RoundAct) (Round, Group, Course, error) {
	if a.Group == "" {
		return Round{}, Group{}, Course{}, &Fault{Code: FaultNotFound}
	}
	r, g, course, err := c.standing(ctx, a.Round, a.Group)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Round{}, Group{}, Course{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if err != nil || !slices.Contains(g.Members, a.Member) {
		return Round{}, Group{}, Course{}, &Fault{Code: FaultNotFound}
	}
	return r, g, course, nil
}

// meetingsOf turns the answers of a group into its pairs' history. Who was out of it met nobody, whatever the others say.
func meetingsOf(g Group, course Course, round string) []Meeting {
	pairs, rest := pairsOf(g.Members, numberOf(round)), course.Rest(g)
	var answers []Met // of who was in it to the end
	for _, id := range rest {
		if said := g.Met[id]; said != "" {
			answers = append(answers, said)
		}
	}
	met, unmet := slices.Contains(answers, MetYes) || slices.Contains(answers, MetLater), false
	for i, pair := range pairs {
		switch {
		case !slices.Contains(rest, pair.A) || !slices.Contains(rest, pair.B):
			pairs[i].Met = &unmet
		case len(answers) > 0:
			pairs[i].Met = &met
		}
	}
	return pairs
}

// numberOf is a round's number, as its id has it.
func numberOf(round string) int {
	number, err := strconv.Atoi(round[strings.LastIndex(round, "/")+1:])
	if err != nil {
		return 0 // no round that is stored
	}
	return number
}

// answer applies a member's answer to their group, and notes that they gave a sign of life. Members of one group answer at the same time, so a
// conflict is read again a few times.
func (c *Coffee) answer(ctx context.Context, now time.Time, a RoundAct, edit func(*Group, *Course) ([]Meeting, Intents)) error {
	for range 5 {
		r, was, course, err := c.seated(ctx, a)
		if err != nil {
			return err
		}
		g := was
		meetings, intents := edit(&g, &course)
		// The version tells the same answer apart that is given again after another one.
		token := Token(fmt.Sprintf("%s v%d", a.Token, was.Version))
		err = c.Rounds.ChangeRound(ctx, token, RoundChange{
			Round: r.ID, Groups: []GroupChange{{Was: was, Is: g, Course: course}}, Meetings: meetings, Intents: intents,
		})
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
