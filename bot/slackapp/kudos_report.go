package slackapp

import (
	"context"

	"rapport/bot"
)

// reportWords is the form's input.
const reportWords = "report_words"

// report opens the form that reports a kudos.
func (n *KudosSay) report(r Request, id string) Response {
	return n.showing(r, reportTitle, func(ctx context.Context) (Modal, error) {
		wish, err := n.Use.Reportable(ctx, r.Now, r.User, id)
		if err != nil {
			return Modal{}, err
		}
		return reportForm(wish, r.Channel), nil
	})
}

func (n *KudosSay) submitReport(ctx context.Context, r Request) (Response, error) {
	rep, err := n.Use.Report(ctx, r.Now, bot.ReportKudos{
		Token: r.Token, Actor: r.User, ID: firstField(r.View.PrivateMetadata), Words: bot.EscapeText(r.Values.Text(reportWords)),
	})
	if fault := refused(err); fault != nil {
		return Response{Ack: InputErrors(map[string]string{reportWords: faultSentence(Reader{}, fault)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	return Response{Ack: UpdateModal(reportMade(rep))}, nil
}

// takeDown and leave are what an admin who was asked answers.
func (n *KudosSay) takeDown(ctx context.Context, r Request) (Response, error) {
	return n.settle(ctx, r, true)
}

func (n *KudosSay) leave(ctx context.Context, r Request) (Response, error) {
	return n.settle(ctx, r, false)
}

// settle stores what an admin decided, and shows it in the message that asked.
func (n *KudosSay) settle(ctx context.Context, r Request, down bool) (Response, error) {
	settled, err := n.Use.Settle(ctx, r.Now, r.Token, r.User, firstField(r.Action.Value), down)
	if err != nil {
		return Response{}, err
	}
	people, err := n.Use.Names(ctx, settled.Kudos)
	if err != nil {
		return Response{}, err
	}
	m := reportedKudos(bot.ReportedKudos{Report: settled.Report, Kudos: settled.Kudos, Quiet: settled.Quiet, Reader: bot.Member{ID: r.User}, People: people})
	return Then(func(ctx context.Context) error { return n.Client.Rewrite(ctx, r, m) }), nil
}
