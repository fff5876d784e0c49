package slackapp

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const (
	// findPages bounds how much of a lively conversation is read.
	findPages = 5
	// lookAgain is how long to wait when a history could not be read just now.
	lookAgain = 15 * time.Second
)

// Find looks into the history of the conversation for a message whose sending had no answer: sent if it is there, pending if it certainly is not, else
// still unknown, with an instant to look again unless nobody will ever be able to tell. It reads metadata of the bot's own messages alone; every
// other message is dropped at once. While it is not known what time it is at Slack, or our clock is off by more than an hour, nothing is certain.
func (x *Sender) Find(ctx context.Context, s bot.Send) bot.Outcome {
	if s.Replaces != "" {
		return bot.Outcome{State: bot.StatePending} // editing and deleting can be repeated
	}
	channel, thread, o := x.whereToLook(ctx, s)
	if o.State != "" {
		return x.unproven(o)
	}
	off, ok := x.Client.time.known()
	if !ok || off.beyond(offsetMost) {
		return x.unproven(bot.Outcome{Reason: reasonUnreadable})
	}
	window := windowAround(x.Client.clock.Now(), s.TriedAt, s.TriedUntil, off)
	window.channel, window.thread = channel, thread
	for range findPages {
		page, err := x.page(ctx, window)
		if err != nil {
			return x.unread(s, err)
		}
		for _, m := range page.messages {
			if o, is := x.isSend(m, s.SID); is {
				o.State, o.Channel, o.TS = bot.StateSent, channel, m.Timestamp
				return o
			}
		}
		if page.next == "" {
			if is, _ := x.Client.time.known(); !off.covers(is) {
				return x.unproven(bot.Outcome{Reason: reasonUnreadable}) // our clock was set meanwhile
			}
			return bot.Outcome{State: bot.StatePending, Reason: reasonNotFound}
		}
		window.cursor = page.next
	}
	return bot.Outcome{State: bot.StateUnknown, Reason: reasonUnreadable} // too lively to prove its absence
}

// whereToLook returns the conversation of a send, and the thread that it goes into. A zero outcome means that they are known.
func (x *Sender) whereToLook(ctx context.Context, s bot.Send) (channel, thread string, o bot.Outcome) {
	if s.Thread != "" {
		parent, o := x.posted(ctx, s, s.Thread)
		return parent.PostedIn, parent.PostedTS, o
	}
	ctx, cancel := context.WithTimeout(ctx, httpTimeout)
	defer cancel()
	channel, o = x.place(ctx, s)
	return channel, "", o
}

type historyPage struct {
	messages []slack.Message
	next     string
}

func (x *Sender) page(ctx context.Context, w window) (historyPage, error) {
	ctx, cancel := context.WithTimeout(ctx, httpTimeout)
	defer cancel()
	if w.thread != "" {
		messages, _, next, err := x.Client.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: w.channel, Timestamp: w.thread, Cursor: w.cursor, Oldest: w.oldest, Latest: w.latest, Limit: w.limit,
			Inclusive: true, IncludeAllMetadata: true,
		})
		return historyPage{messages: messages, next: next}, callError("conversations.replies", err)
	}
	history, err := x.Client.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: w.channel, Cursor: w.cursor, Oldest: w.oldest, Latest: w.latest, Limit: w.limit, Inclusive: true, IncludeAllMetadata: true,
	})
	if err != nil {
		return historyPage{}, callError("conversations.history", err)
	}
	next := history.ResponseMetaData.NextCursor
	if !history.HasMore {
		next = ""
	}
	return historyPage{messages: history.Messages, next: next}, nil
}

// isSend reports whether a message is that of a send, or of one that took it in, which the outcome then says.
func (x *Sender) isSend(m slack.Message, sid string) (o bot.Outcome, is bool) {
	if m.User != x.BotUser || m.Metadata.EventType != metadataEvent {
		return bot.Outcome{}, false
	}
	head, _ := m.Metadata.EventPayload[metadataSID].(string)
	list, _ := m.Metadata.EventPayload[metadataTook].(string)
	took := strings.Fields(list)
	switch {
	case head == sid && len(took) == 0:
		return bot.Outcome{}, true
	case head == sid:
		return bot.Outcome{Took: took}, true
	}
	return bot.Outcome{Into: head}, slices.Contains(took, sid)
}

// unread keeps a message unknown whose history cannot be read.
func (x *Sender) unread(s bot.Send, err error) bot.Outcome {
	o := x.failed(s, err, true)
	if o.State == bot.StateDead || RefusalCode(err) == "missing_scope" {
		// Channels are read with an optional scope only; without it a person decides.
		return bot.Outcome{State: bot.StateUnknown, Reason: reasonUnreadable}
	}
	return x.unproven(o)
}

// unproven keeps a message unknown that something else keeps from being looked for, for now.
func (x *Sender) unproven(o bot.Outcome) bot.Outcome {
	o.State = bot.StateUnknown
	if soon := x.Client.clock.Now().Add(lookAgain); o.Retry.Before(soon) {
		o.Retry = soon
	}
	return o
}
