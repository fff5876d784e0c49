package slackapp

import (
	"context"
	"time"

	"rapport/bot"
)

// Slack's limits, each with room for what else calls the same method (docs.slack.dev/apis/web-api/rate-limits). chat.postMessage has one of its own, several
// hundred a minute in a workspace and about one a second in a conversation; the others here are Tier 3, 50 a minute and more.
const (
	betweenPosts = time.Minute / 240
	betweenInOne = time.Second
	betweenTier3 = 1225 * time.Millisecond // 49 a minute
	// betweenEdits is how far apart changes of one message begin. It is longer than one can take from its claim until Slack has done it, and what waits is composed
	// anew: so an older change does not overtake a newer one and bring back what was taken out, unless the clocks of two processes differ by seconds.
	betweenEdits  = 20 * time.Second
	ratePost      = "chat.postMessage"
	rateUpdate    = "chat.update" // and chat.delete
	rateOpen      = "conversations.open"
	rateHistory   = "conversations.history"
	rateReplies   = "conversations.replies"
	ratePlaceHead = "in "   // and who or where
	rateEditHead  = "edit " // and which message
)

// Rates says which of Slack's limits a send counts against: what [Sender.Send] calls for it or, if it is unknown, [Sender.Find].
func (x *Sender) Rates(ctx context.Context, s bot.Send) []bot.Rate {
	looking := s.State == bot.StateUnknown
	switch {
	case s.Replaces != "" && looking:
		return nil // nothing is looked for
	case s.Replaces != "":
		return []bot.Rate{{Name: rateEditHead + x.standing(ctx, s.Replaces), Every: betweenEdits}, {Name: rateUpdate, Every: betweenTier3}}
	case looking && s.Thread != "":
		return []bot.Rate{{Name: rateReplies, Every: betweenTier3}}
	case looking:
		return append([]bot.Rate{{Name: rateHistory, Every: betweenTier3}}, x.opening(ctx, s, true)...)
	}
	rates := []bot.Rate{{Name: ratePost, Every: betweenPosts}, {Name: ratePlaceHead + placeName(s), Every: betweenInOne}}
	return append(rates, x.opening(ctx, s, false)...)
}

// standing is the sid of the message that a send became, which may be another's; its own where that cannot be told.
func (x *Sender) standing(ctx context.Context, sid string) string {
	if s, err := bot.Standing(ctx, x.Sends, sid); err == nil && s.SID != "" {
		return s.SID
	}
	return sid
}

// opening is what it takes to know the conversation of a send.
func (x *Sender) opening(ctx context.Context, s bot.Send, looking bool) []bot.Rate {
	if s.Thread != "" || s.Channel != "" || !looking && len(s.Members) == 1 {
		return nil
	}
	if id, err := x.known(ctx, s.Members); err == nil && id != "" {
		return nil
	}
	return []bot.Rate{x.OpeningRate()}
}

// OpeningRate is what opening a conversation counts against.
func (x *Sender) OpeningRate() bot.Rate { return bot.Rate{Name: rateOpen, Every: betweenTier3} }

func placeName(s bot.Send) string {
	if s.Channel != "" {
		return s.Channel
	}
	return conversationKey(s.Members)
}
