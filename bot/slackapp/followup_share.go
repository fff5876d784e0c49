package slackapp

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"rapport/bot"
)

func (f *Followup) share(ctx context.Context, r Request) (Response, error) {
	return f.tapped(ctx, r, r.Action.Value+" "+onAlone, f.Use.Share, readerless(followupShared))
}

func (f *Followup) unshare(ctx context.Context, r Request) (Response, error) {
	return f.tapped(ctx, r, r.Action.Value+" "+onAlone, f.Use.Unshare, readerless(followupUnshared))
}

func followupShared(c bot.Commitment) Message {
	text := fmt.Sprintf("%s can see #%d on their Home now, and when it is due. They get no message.", mentionList(c.Sharable()), c.ID)
	m := followupSays(text, c)
	if len(c.Sharable()) > 0 {
		m.Blocks = append(m.Blocks, actions(button("followup.unshare", fmt.Sprint(c.ID), fmt.Sprintf("Stop showing #%d", c.ID))))
	}
	return m
}

func followupUnshared(c bot.Commitment) Message {
	who := "Only you see"
	if c.AskedFor() {
		who = "Only you and " + Mention(c.By) + ", who asked for it, see"
	}
	m := followupSays(fmt.Sprintf("%s #%d from now on. What others saw of it, they saw.", who, c.ID), c)
	if len(c.Sharable()) > 0 {
		m.Blocks = append(m.Blocks, actions(shareButton(c)))
	}
	return m
}

// followupSays is a sentence about a promise, with the promise.
func followupSays(text string, c bot.Commitment) Message {
	return Message{Text: text, Blocks: []slack.Block{section(text + "\n" + commitmentLine(c, commitmentAlone))}}
}

func shareButton(c bot.Commitment) *slack.ButtonBlockElement {
	return button("followup.share", fmt.Sprint(c.ID), fmt.Sprintf("Show #%d to them", c.ID))
}
