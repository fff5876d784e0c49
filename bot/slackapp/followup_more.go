package slackapp

import (
	"context"

	"rapport/bot"
)

// giveTo is the input of the form that gives a promise to somebody else.
const giveTo = "followup_give_to"

// openMore shows everything that can be done with one item: what the menu beside it has no room for.
func (f *Followup) openMore(r Request, value string) (Response, error) {
	act, err := actOf(r, value)
	if err != nil {
		return Response{}, err
	}
	return f.opening(r, moreTitle, func(ctx context.Context) (Modal, error) {
		c, err := f.Use.Show(ctx, act)
		if err != nil {
			return Modal{}, err
		}
		known, err := f.known(ctx, r.User)
		if err != nil {
			return Modal{}, err
		}
		return followupMore(f.reader(known, r.User), c, r.Now), nil
	}), nil
}

// give opens the form that asks who takes it over.
func (f *Followup) give(_ context.Context, r Request) (Response, error) {
	act, err := actOf(r, r.Action.Value)
	if err != nil {
		return Response{}, err
	}
	return f.opening(r, giveTitle, func(ctx context.Context) (Modal, error) {
		c, err := f.Use.Show(ctx, act)
		return followupGiveForm(c), err
	}), nil
}

func (f *Followup) submitGive(ctx context.Context, r Request) (Response, error) {
	act, err := actOf(r, r.View.PrivateMetadata)
	if err != nil {
		return Response{}, err
	}
	picked := r.Values.Users(giveTo)
	if len(picked) == 0 {
		return Response{Ack: InputErrors(map[string]string{giveTo: "Pick one colleague."})}, nil
	}
	c, err := f.Use.Give(ctx, r.Now, act, picked[0])
	if problem := giveProblem(err, picked[0] == r.User); problem != "" {
		return Response{Ack: InputErrors(map[string]string{giveTo: problem})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	return f.Home.told(r, followupGiven(c)), nil
}

// giveProblem is what is wrong with who was picked, in plain words; empty where that is not it.
func giveProblem(err error, self bool) string {
	fault := refused(err)
	switch {
	case fault == nil:
		return ""
	case fault.Code == bot.FaultDone && self:
		return "It is yours already. Pick a colleague."
	case fault.Code == bot.FaultDone:
		return "They are asked already, and have not answered yet."
	case fault.Code == bot.FollowupPerson, fault.Code == bot.FollowupProposals:
		return faultSentence(Reader{}, err)
	}
	return ""
}
