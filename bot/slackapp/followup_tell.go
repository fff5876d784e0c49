package slackapp

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"rapport/bot"
)

// The inputs of the form for a word to others.
const (
	tellText = "tell_text"
	tellWho  = "tell_who"
)

// tellKept in a button's value says that the word is that it is done.
const tellKept = "kept"

// tell opens the form for a word about one commitment, with a draft in it. Nothing is sent before its owner sends it.
func (f *Followup) tell(_ context.Context, r Request) (Response, error) {
	act, err := actOf(r, r.Action.Value)
	if err != nil {
		return Response{}, err
	}
	_, rest, _ := strings.Cut(r.Action.Value, " ")
	return f.opening(r, tellTitle, func(ctx context.Context) (Modal, error) {
		d, err := f.Use.TellDraft(ctx, r.Now, act, rest == tellKept)
		if err != nil {
			return Modal{}, err
		}
		reader := NewReader(d.People[r.User], bot.Preferences{}, f.Use.Settings.Current().Zone)
		reader.Zone = d.Hours.Zone
		return tellForm(reader, d, r.Now), nil
	}), nil
}

// tellMetadata is what the form says about itself; [readTelling] reads it. People can forge it: the use case checks what it says.
func tellMetadata(d bot.TellDraft) string {
	if !d.Kept {
		return fmt.Sprint(d.Commitment.ID)
	}
	return fmt.Sprint(d.Commitment.ID, " ", tellKept, " ", d.Occasion)
}

func readTelling(r Request) (bot.Act, bot.Telling, error) {
	act, err := actOf(r, r.View.PrivateMetadata)
	if err != nil {
		return bot.Act{}, bot.Telling{}, err
	}
	t := bot.Telling{To: r.Values.Options(tellWho), Text: bot.EscapeText(r.Values.Text(tellText))}
	words := strings.Fields(r.View.PrivateMetadata)
	if len(words) == 3 && words[1] == tellKept {
		t.Kept = true
		t.Occasion, err = strconv.Atoi(words[2])
	}
	if err != nil {
		return bot.Act{}, bot.Telling{}, &bot.Fault{Code: bot.FaultInvalid, Cause: err}
	}
	return act, t, nil
}

func (f *Followup) submitTell(ctx context.Context, r Request) (Response, error) {
	act, t, err := readTelling(r)
	if err != nil {
		return Response{}, err
	}
	c, err := f.Use.Tell(ctx, r.Now, act, t)
	if fault := refused(err); fault != nil {
		if problem := tellProblem(fault); problem != "" {
			return Response{Ack: InputErrors(map[string]string{tellInput(fault.Code): problem})}, nil
		}
	}
	if err != nil {
		return Response{}, err
	}
	return f.Home.told(r, followupTold(c, t)), nil
}

// unsay takes a word back: the button's value is the commitment's number and the word's.
func (f *Followup) unsay(ctx context.Context, r Request) (Response, error) {
	act, n, err := wordOf(r)
	if err != nil {
		return Response{}, err
	}
	u, err := f.Use.Unsay(ctx, r.Now, act, n)
	if fault, ok := errors.AsType[*bot.Fault](err); ok && fault.Code == bot.FollowupWordOut {
		return f.instead(r, followupWordOut(act.ID, fault.Names)), nil
	}
	if err != nil {
		return Response{}, err
	}
	return f.instead(r, followupUnsaid(u)), nil
}

// wordOf reads which word a button is about.
func wordOf(r Request) (bot.Act, int, error) {
	act, err := actOf(r, r.Action.Value)
	if err != nil {
		return bot.Act{}, 0, err
	}
	words := strings.Fields(r.Action.Value)
	if len(words) < 2 {
		return bot.Act{}, 0, &bot.Fault{Code: bot.FaultInvalid}
	}
	n, err := strconv.Atoi(words[1])
	if err != nil {
		return bot.Act{}, 0, &bot.Fault{Code: bot.FaultInvalid, Cause: err}
	}
	return act, n, nil
}
