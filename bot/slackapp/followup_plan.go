package slackapp

import (
	"context"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/when"
)

// planByCue is the option of the plan's menu that asks in a form, as the second word of its value.
const planByCue = "cue"

// planning adds the question when an owner will do what they just promised to a message, where it makes sense to ask: one question at a time, so not while
// it has no date, or two.
func (f *Followup) planning(m Message, r Request, reader Reader, c bot.Commitment, known bot.Scene) Message {
	return f.planningAt("", m, r, reader, c, known)
}

// planningAt is planning for a message that stands somewhere: its answer takes the message's place, but where that tells of other things, too.
func (f *Followup) planningAt(where string, m Message, r Request, reader Reader, c bot.Commitment, known bot.Scene) Message {
	if asks := f.plans(where, r, reader, known, c)[c.ID]; asks != nil {
		m.Blocks = append(m.Blocks, actions(asks))
	}
	return m
}

// plans are the selects that ask when an owner will do what they promised, by number, where it makes sense to ask.
func (f *Followup) plans(where string, r Request, reader Reader, known bot.Scene, list ...bot.Commitment) map[int]slack.BlockElement {
	asks := map[int]slack.BlockElement{}
	for _, c := range list {
		if c.Owner != r.User || c.ID == 0 || c.Due == nil || len(c.Parts) > 1 {
			continue
		}
		if days := bot.PlanDays(r.Now, c, known.Hours(r.User, f.Use.Settings.Current().Zone)); len(days) > 0 {
			asks[c.ID] = planSelect(reader, c, days, r.Now, where)
		}
	}
	return asks
}

// planPicked is the menu of days below a new commitment: "7 2026-03-27", or "7 cue" for the form; and "many" where it stands among others.
func (f *Followup) planPicked(ctx context.Context, r Request) (Response, error) {
	act, err := actOf(r, r.Action.Picked.Option)
	if err != nil {
		return Response{}, err
	}
	_, said, _ := strings.Cut(r.Action.Picked.Option, " ")
	said, where, _ := strings.Cut(said, " ")
	if said == planByCue {
		return f.planForm(r, act), nil
	}
	day, err := when.ParseDate(said)
	if err != nil {
		return Response{}, &bot.Fault{Code: bot.FaultInvalid, Cause: err}
	}
	m, err := f.plan(ctx, r, act, bot.Plan{Day: day})
	if err != nil {
		return Response{}, err
	}
	if where == onMany {
		return f.below(r, m), nil
	}
	return f.instead(r, m), nil
}

// plan stores a plan and says what came of it.
func (f *Followup) plan(ctx context.Context, r Request, act bot.Act, plan bot.Plan) (Message, error) {
	c, err := f.Use.SetPlan(ctx, r.Now, act, plan)
	if err != nil {
		return Message{}, err
	}
	return f.withNext(ctx, r, c, followupPlanned)
}

// withNext shows a commitment together with the day on which it comes up next; zero for none.
func (f *Followup) withNext(ctx context.Context, r Request, c bot.Commitment, view func(r Reader, c bot.Commitment, next, today bot.Date) Message) (Message, error) {
	known, err := f.Use.Scenes.Scene(ctx, "", r.User)
	if err != nil {
		return Message{}, &bot.Fault{Code: bot.FaultUnread, Cause: err}
	}
	h := known.Hours(r.User, f.Use.Settings.Current().Zone)
	next, _ := c.ComesUp(r.Now, h)
	return view(f.reader(known, r.User), c, next, h.Today(r.Now)), nil
}

// openPlan opens the form from a button.
func (f *Followup) openPlan(_ context.Context, r Request) (Response, error) {
	act, err := actOf(r, r.Action.Value)
	if err != nil {
		return Response{}, err
	}
	return f.planForm(r, act), nil
}

func (f *Followup) planForm(r Request, act bot.Act) Response {
	return f.opening(r, "My plan", func(ctx context.Context) (Modal, error) {
		c, err := f.Use.Show(ctx, act)
		if err != nil {
			return Modal{}, err
		}
		in, err := f.Use.WhenOf(ctx, r.Now, r.User)
		return followupPlanForm(c, c.Planned(when.DateOf(r.Now.In(in.Zone)), in.Zone)), err
	})
}

func (f *Followup) submitPlan(ctx context.Context, r Request) (Response, error) {
	act, err := actOf(r, r.View.PrivateMetadata)
	if err != nil {
		return Response{}, err
	}
	day, _ := r.Values.Date(followupPlanDay)
	m, err := f.plan(ctx, r, act, bot.Plan{Day: day, Cue: bot.EscapeText(r.Values.Text(followupPlanCue))})
	if fault := refused(err); fault != nil {
		block := followupPlanDay
		if fault.Code == bot.FaultInvalid {
			block = followupPlanCue
		}
		return Response{Ack: InputErrors(map[string]string{block: faultSentence(Reader{}, err)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	return f.Home.told(r, m), nil
}

// keep says that an item stays as it is.
func (f *Followup) keep(ctx context.Context, r Request) (Response, error) {
	act, err := actOf(r, r.Action.Value)
	if err != nil {
		return Response{}, err
	}
	c, err := f.Use.Keep(ctx, r.Now, act)
	if err != nil {
		return Response{}, err
	}
	m, err := f.withNext(ctx, r, c, followupStays)
	if err != nil {
		return Response{}, err
	}
	return f.changed(r, m), nil
}

// release is the button that lets an item go.
func (f *Followup) release(ctx context.Context, r Request) (Response, error) {
	return f.tapped(ctx, r, r.Action.Value, f.Use.Release, readerless(followupReleased))
}

// planValue is a choice of the plan's menu; where is where that stands.
func planValue(c bot.Commitment, choice, where string) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s %s", c.ID, choice, where))
}
