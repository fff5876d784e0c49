package slackapp

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// ReaderFinder finds out how a member reads.
type ReaderFinder interface {
	Reader(ctx context.Context, member string) (Reader, error)
	Everybody() Reader
}

// Sender posts what the ledger says, once: it never repeats a call, and says exactly what is known of its effect. All methods are safe for
// concurrent use.
type Sender struct {
	Client  *Client        // required
	Sends   bot.SentReader // required: finds whose thread a message goes into, or which one it replaces
	Readers ReaderFinder   // required
	BotUser string         // the bot's user id; required to find messages again
	Log     *slog.Logger   // required

	Conversations ConversationStore // nil: opened conversations are known only to this process, while it lives

	places places
}

// What the metadata of every message of the ledger says.
const (
	metadataEvent = "rapport_send"
	metadataSID   = "sid"
	metadataTook  = "took" // the sids that it took in, with spaces between them; missing where there are none
)

func metadata(s bot.Send) map[string]any {
	says := map[string]any{metadataSID: s.SID}
	if len(s.Took) > 0 {
		says[metadataTook] = strings.Join(s.Took, " ")
	}
	return says
}

// Send posts, edits or deletes the message that s describes, with the content that its composer made. It makes at most two calls, which end within
// ten seconds together. Only an outcome that is pending because Slack asks for fewer calls says when to try again; it concerns every message.
func (x *Sender) Send(ctx context.Context, s bot.Send, content any) bot.Outcome {
	ctx, cancel := context.WithTimeout(ctx, httpTimeout)
	defer cancel()
	if s.Replaces != "" {
		return x.replace(ctx, s, content)
	}
	message, o := x.compose(ctx, s, content)
	if o.State != "" {
		return o
	}
	options, err := messageOptions(message)
	if err != nil {
		return x.unrendered(s, err)
	}
	options = append(options, slack.MsgOptionMetadata(slack.SlackMetadata{
		EventType: metadataEvent, EventPayload: metadata(s),
	}))
	if s.Thread != "" {
		parent, o := x.posted(ctx, s, s.Thread)
		if o.State != "" {
			return o
		}
		return x.post(ctx, s, parent.PostedIn, append(options, slack.MsgOptionTS(parent.PostedTS)))
	}
	channel, o := x.postingPlace(ctx, s)
	if o.State != "" {
		return o
	}
	return x.post(ctx, s, channel, options)
}

func (x *Sender) post(ctx context.Context, s bot.Send, channel string, options []slack.MsgOption) bot.Outcome {
	var try attempt
	before := x.Client.clock.Now()
	in, ts, err := x.Client.api.PostMessageContext(try.watch(ctx), channel, options...)
	if err != nil {
		return x.failed(s, callError("chat.postMessage", err), try.connected.Load())
	}
	if ts == "" { // an answer that is not Slack's
		return bot.Outcome{State: bot.StateUnknown, Reason: reasonNoAnswer}
	}
	x.Client.time.posted(before, x.Client.clock.Now(), ts)
	if s.Channel == "" && s.Thread == "" && in != "" {
		x.places.learn(x.Client.clock.Now(), s.Members, in)
	}
	return bot.Outcome{State: bot.StateSent, Channel: in, TS: ts}
}

// replace edits or deletes an earlier message. Doing that twice is doing it once, so nothing here stays unknown.
func (x *Sender) replace(ctx context.Context, s bot.Send, content any) bot.Outcome {
	old, o := x.posted(ctx, s, s.Replaces)
	if o.State != "" {
		return o
	}
	if takesAway(content) {
		_, _, err := x.Client.api.DeleteMessageContext(ctx, old.PostedIn, old.PostedTS)
		err = callError("chat.delete", err)
		if err == nil || RefusalCode(err) == "message_not_found" {
			return bot.Outcome{State: bot.StateSent, Channel: old.PostedIn, TS: old.PostedTS}
		}
		return again(x.failed(s, err, true))
	}
	message, o := x.compose(ctx, s, content)
	if o.State != "" {
		return o
	}
	options, err := messageOptions(message)
	if err != nil {
		return x.unrendered(s, err)
	}
	_, ts, _, err := x.Client.api.UpdateMessageContext(ctx, old.PostedIn, old.PostedTS, options...)
	if err != nil {
		return again(x.failed(s, callError("chat.update", err), true))
	}
	return bot.Outcome{State: bot.StateSent, Channel: old.PostedIn, TS: orElse(ts, old.PostedTS)}
}

// again turns an unknown outcome into another try.
func again(o bot.Outcome) bot.Outcome {
	if o.State == bot.StateUnknown {
		o.State = bot.StatePending
	}
	return o
}

// compose renders the content for whoever reads it. A zero outcome means that there is a message.
func (x *Sender) compose(ctx context.Context, s bot.Send, content any) (Message, bot.Outcome) {
	reader := x.Readers.Everybody()
	if len(s.Members) == 1 && s.Channel == "" {
		var err error
		if reader, err = x.Readers.Reader(ctx, s.Members[0]); err != nil {
			x.Log.Error("reader not found", "sid", s.SID, "error", err)
			return Message{}, bot.Outcome{State: bot.StatePending, Reason: reasonStore}
		}
	}
	message, err := render(reader, content)
	if err != nil {
		return Message{}, x.unrendered(s, err)
	}
	return message, bot.Outcome{}
}

func (x *Sender) unrendered(s bot.Send, err error) bot.Outcome {
	x.Log.Error("message not rendered", "sid", s.SID, "kind", s.Kind, "error", err)
	return bot.Outcome{State: bot.StateDead, Reason: reasonRender}
}

// posted finds the message with that sid, or the one that took it in. It has to be sent before others can refer to it.
func (x *Sender) posted(ctx context.Context, s bot.Send, sid string) (bot.Send, bot.Outcome) {
	other, err := bot.Standing(ctx, x.Sends, sid)
	switch {
	case errors.Is(err, bot.ErrNotFound), err == nil && gone(other.State):
		return bot.Send{}, bot.Outcome{State: bot.StateDead, Reason: bot.ReasonUndone}
	case err != nil:
		x.Log.Error("message not looked up", "sid", sid, "error", err)
		return bot.Send{}, bot.Outcome{State: bot.StatePending, Reason: reasonStore}
	case other.PostedTS == "":
		return bot.Send{}, bot.Outcome{State: bot.StatePending, Reason: bot.ReasonWaits}
	}
	return other, bot.Outcome{}
}

// gone reports whether a send will never become a message.
func gone(s bot.State) bool {
	return s == bot.StateDropped || s == bot.StateExpired || s == bot.StateDead
}

// failed judges an error and logs it, without a word of the message.
func (x *Sender) failed(s bot.Send, err error, connected bool) bot.Outcome {
	o := outcome(x.Client.clock.Now(), err, connected)
	x.Log.Warn("message not sent", "sid", s.SID, "kind", s.Kind, "state", o.State, "reason", o.Reason, "attempt", s.Attempt, "error", err)
	return o
}

// Retract takes away a message that was posted twice.
func (x *Sender) Retract(ctx context.Context, channel, ts string) error {
	err := x.Client.DeleteMessage(ctx, channel, ts)
	if RefusalCode(err) == "message_not_found" {
		return nil
	}
	return err
}
