package slackapp

import (
	"slices"
	"testing"
	"time"

	"rapport/bot"
)

func TestWhatASendCountsAgainst(t *testing.T) {
	w := newSlack(t, false)
	x := newSender(t, w, sentBefore{})
	x.Conversations = &opened{ids: map[string]string{"U1 U2": "G1"}}
	post, tier3 := 250*time.Millisecond, 1225*time.Millisecond
	for name, tt := range map[string]struct {
		s    bot.Send
		want []bot.Rate
	}{
		"channel":        {bot.Send{Channel: "C1"}, []bot.Rate{{Name: "chat.postMessage", Every: post}, {Name: "in C1", Every: time.Second}}},
		"dm":             {bot.Send{Members: []string{"U1"}}, []bot.Rate{{Name: "chat.postMessage", Every: post}, {Name: "in U1", Every: time.Second}}},
		"open group":     {bot.Send{Members: []string{"U2", "U1"}}, []bot.Rate{{Name: "chat.postMessage", Every: post}, {Name: "in U1 U2", Every: time.Second}}},
		"closed group":   {bot.Send{Members: []string{"U3", "U1"}}, []bot.Rate{{Name: "chat.postMessage", Every: post}, {Name: "in U1 U3", Every: time.Second}, {Name: "conversations.open", Every: tier3}}},
		"thread":         {bot.Send{Members: []string{"U3", "U1"}, Thread: "p"}, []bot.Rate{{Name: "chat.postMessage", Every: post}, {Name: "in U1 U3", Every: time.Second}}},
		"edit":           {bot.Send{Channel: "C1", Replaces: "p"}, []bot.Rate{{Name: "edit p", Every: 20 * time.Second}, {Name: "chat.update", Every: tier3}}},
		"unknown":        {bot.Send{Channel: "C1", State: bot.StateUnknown}, []bot.Rate{{Name: "conversations.history", Every: tier3}}},
		"unknown group":  {bot.Send{Members: []string{"U1", "U2"}, State: bot.StateUnknown}, []bot.Rate{{Name: "conversations.history", Every: tier3}}},
		"unknown dm":     {bot.Send{Members: []string{"U1"}, State: bot.StateUnknown}, []bot.Rate{{Name: "conversations.history", Every: tier3}, {Name: "conversations.open", Every: tier3}}},
		"unknown thread": {bot.Send{Members: []string{"U3", "U1"}, Thread: "p", State: bot.StateUnknown}, []bot.Rate{{Name: "conversations.replies", Every: tier3}}},
		"unknown edit":   {bot.Send{Channel: "C1", Replaces: "p", State: bot.StateUnknown}, nil},
	} {
		if got := x.Rates(t.Context(), tt.s); !slices.Equal(got, tt.want) {
			t.Errorf("%s counts against %v, want %v", name, got, tt.want)
		}
	}
}
