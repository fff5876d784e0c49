package slackapp

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

func decodeEvent(payload []byte, now time.Time) (Request, error) {
	var p struct {
		Team  string          `json:"team_id"`
		ID    string          `json:"event_id"`
		Event json.RawMessage `json:"event"`
	}
	if err := json.Unmarshal(payload, &p); err != nil {
		return Request{}, fmt.Errorf("decode event: %w", shapeError(err))
	}
	var e struct {
		Type        string          `json:"type"`
		Subtype     string          `json:"subtype"`
		User        json.RawMessage `json:"user"`    // an id, or a whole user
		Channel     json.RawMessage `json:"channel"` // an id, or a whole channel
		ChannelType string          `json:"channel_type"`
		Text        string          `json:"text"`
		TS          string          `json:"ts"`
		ThreadTS    string          `json:"thread_ts"`
		EventTS     string          `json:"event_ts"`
		Tab         string          `json:"tab"`
		Inviter     string          `json:"inviter"`
		BotID       string          `json:"bot_id"`
		Reaction    string          `json:"reaction"`
		Item        struct {
			Channel string `json:"channel"`
			TS      string `json:"ts"`
		} `json:"item"`
	}
	if err := json.Unmarshal(p.Event, &e); err != nil {
		return Request{}, fmt.Errorf("decode event: %w", shapeError(err))
	}
	name := e.Type
	if e.Type == "message" && e.ChannelType != "" {
		name += "." + e.ChannelType
	}
	user, channel := idOf(e.User), idOf(e.Channel)
	if channel == "" {
		channel = e.Item.Channel
	}
	return Request{
		Kind: OnEvent, Name: name, Now: now, Team: p.Team, User: user, Channel: channel, Text: e.Text,
		// What happened, not how it came: redeliveries may bear another event_id.
		Token: token("event", p.Team, name, e.Subtype, channel, user, orElse(e.EventTS, e.TS), e.Tab, e.Reaction, e.Item.TS),
		Event: Event{
			ID: p.ID, Type: name, Subtype: e.Subtype, User: user, Bot: e.BotID != "", Channel: channel, Text: e.Text, TS: e.TS,
			ThreadTS: e.ThreadTS, Tab: e.Tab, Inviter: e.Inviter, Reaction: e.Reaction, ItemTS: e.Item.TS, Raw: p.Event,
		},
	}, nil
}

// idOf reads an id, or the id of an object.
func idOf(raw json.RawMessage) string {
	var id string
	if json.Unmarshal(raw, &id) == nil {
		return id
	}
	var object hasID
	if json.Unmarshal(raw, &object) != nil {
		return ""
	}
	return object.ID
}

// noise reports whether an event is of no use to any handler: the bot's own messages, other apps', and notes about messages such as edits.
func (r Request) noise(botUser string) bool {
	if r.Kind != OnEvent || !strings.HasPrefix(r.Name, "message") && r.Name != "app_mention" {
		return false
	}
	switch r.Event.Subtype {
	case "", "file_share", "thread_broadcast", "me_message":
		return r.Event.Bot || r.User == "" || r.User == botUser
	}
	return true
}

func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}
