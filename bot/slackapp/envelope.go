package slackapp

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/bot"
)

// envelope is what comes through a socket: one payload with what Slack says about its delivery.
type envelope struct {
	ID      string          `json:"envelope_id"`
	Type    string          `json:"type"` // slash_commands, interactive, events_api
	Payload json.RawMessage `json:"payload"`
	Retry   int             `json:"retry_attempt"`
}

// request decodes the payload. It errs where the kind is unknown or the payload is no JSON of its shape; the error holds no text of it.
func (e envelope) request(now time.Time) (Request, error) {
	switch e.Type {
	case "slash_commands":
		return decodeCommand(e.Payload, now)
	case "interactive":
		return decodeInteraction(e.Payload, now)
	case "events_api":
		return decodeEvent(e.Payload, now)
	}
	return Request{}, fmt.Errorf("decode envelope: unknown type %q", e.Type)
}

func decodeCommand(payload []byte, now time.Time) (Request, error) {
	var p struct {
		Team        string `json:"team_id"`
		User        string `json:"user_id"`
		Channel     string `json:"channel_id"`
		Command     string `json:"command"`
		Text        string `json:"text"`
		TriggerID   string `json:"trigger_id"`
		ResponseURL string `json:"response_url"`
	}
	if err := json.Unmarshal(payload, &p); err != nil {
		return Request{}, fmt.Errorf("decode command: %w", shapeError(err))
	}
	return Request{
		Kind: OnCommand, Name: p.Command, Now: now, Token: token("command", p.TriggerID),
		Team: p.Team, User: p.User, Channel: p.Channel, TriggerID: p.TriggerID, ResponseURL: p.ResponseURL, Text: p.Text,
	}, nil
}

// Interactions, as far as they are read.
type interaction struct {
	Type        string        `json:"type"`
	Team        hasID         `json:"team"`
	User        hasID         `json:"user"`
	Channel     hasID         `json:"channel"`
	TriggerID   string        `json:"trigger_id"`
	ResponseURL string        `json:"response_url"`
	CallbackID  string        `json:"callback_id"`
	ActionTS    string        `json:"action_ts"`
	MessageTS   string        `json:"message_ts"`
	Actions     []wireElement `json:"actions"`
	State       wireState     `json:"state"`
	View        *wireView     `json:"view"`
	Message     *wireMessage  `json:"message"`
	Container   struct {
		MessageTS string `json:"message_ts"`
		ThreadTS  string `json:"thread_ts"`
		ChannelID string `json:"channel_id"`
		Ephemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
}

type hasID struct {
	ID string `json:"id"`
}

type wireView struct {
	ID              string    `json:"id"`
	Type            string    `json:"type"`
	CallbackID      string    `json:"callback_id"`
	ExternalID      string    `json:"external_id"`
	Hash            string    `json:"hash"`
	PrivateMetadata string    `json:"private_metadata"`
	State           wireState `json:"state"`
	Blocks          []struct {
		Type    string `json:"type"`
		BlockID string `json:"block_id"`
	} `json:"blocks"`
}

// inputs are the block ids of the inputs, from top to bottom.
func (v wireView) inputs() []string {
	var ids []string
	for _, b := range v.Blocks {
		if b.Type == "input" && b.BlockID != "" {
			ids = append(ids, b.BlockID)
		}
	}
	return ids
}

type wireMessage struct {
	TS       string `json:"ts"`
	ThreadTS string `json:"thread_ts"`
	User     string `json:"user"`
	BotID    string `json:"bot_id"`
	Text     string `json:"text"`
}

type wireState struct {
	Values map[string]map[string]wireElement `json:"values"`
}

type wireOption struct {
	Value string `json:"value"`
}

// wireElement is an element's value, in an action or in a view's state.
type wireElement struct {
	Type          string       `json:"type"`
	ActionID      string       `json:"action_id"`
	BlockID       string       `json:"block_id"`
	ActionTS      string       `json:"action_ts"`
	Value         string       `json:"value"`
	Option        *wireOption  `json:"selected_option"`
	Options       []wireOption `json:"selected_options"`
	Date          string       `json:"selected_date"`
	Time          string       `json:"selected_time"`
	At            int64        `json:"selected_date_time"`
	User          string       `json:"selected_user"`
	Users         []string     `json:"selected_users"`
	Channel       string       `json:"selected_channel"`
	Channels      []string     `json:"selected_channels"`
	Conversation  string       `json:"selected_conversation"`
	Conversations []string     `json:"selected_conversations"`
}

func (e wireElement) picked() Picked {
	p := Picked{
		Text: e.Value, Date: e.Date, Time: e.Time, At: e.At, User: e.User, Users: e.Users,
		Conversation: e.Conversation + e.Channel, Conversations: slices.Concat(e.Conversations, e.Channels),
	}
	if e.Option != nil {
		p.Option = e.Option.Value
	}
	for _, o := range e.Options {
		p.Options = append(p.Options, o.Value)
	}
	return p
}

// values flattens a state: an input block has one element. Of several elements in one block the last by action id stays.
func (s wireState) values() Values {
	if len(s.Values) == 0 {
		return nil
	}
	v := make(Values, len(s.Values))
	for block, elements := range s.Values {
		ids := make([]string, 0, len(elements))
		for id := range elements {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			v[block] = elements[id].picked()
		}
	}
	return v
}

func decodeInteraction(payload []byte, now time.Time) (Request, error) {
	var p interaction
	if err := json.Unmarshal(payload, &p); err != nil {
		return Request{}, fmt.Errorf("decode interaction: %w", shapeError(err))
	}
	r := Request{
		Now: now, Team: p.Team.ID, User: p.User.ID, Channel: p.Channel.ID, TriggerID: p.TriggerID, ResponseURL: p.ResponseURL,
		Values: p.State.values(), Message: p.source(),
	}
	if p.View != nil {
		r.View = View{
			ID: p.View.ID, Home: p.View.Type == "home", CallbackID: p.View.CallbackID, ExternalID: p.View.ExternalID, Hash: p.View.Hash,
			PrivateMetadata: p.View.PrivateMetadata, Inputs: p.View.inputs(),
		}
		r.Values = p.View.State.values()
	}
	switch p.Type {
	case "block_actions":
		return p.action(r)
	case "view_submission":
		r.Kind, r.Name, r.Token = OnSubmit, r.View.CallbackID, token("submit", r.View.ID, r.View.Hash)
	case "view_closed":
		r.Kind, r.Name, r.Token = OnClose, r.View.CallbackID, token("close", r.View.ID)
	case "message_action", "shortcut":
		r.Kind, r.Name, r.Token = OnShortcut, p.CallbackID, token("shortcut", p.TriggerID)
	default:
		return Request{}, fmt.Errorf("decode interaction: unknown type %q", p.Type)
	}
	return r, nil
}

// action completes r with the first action; Slack sends one at a time.
func (p interaction) action(r Request) (Request, error) {
	if len(p.Actions) == 0 {
		return Request{}, fmt.Errorf("decode interaction: block_actions without an action")
	}
	e := p.Actions[0]
	r.Kind, r.Name = OnAction, actionName(e.ActionID)
	r.Action = Action{ID: r.Name, BlockID: e.BlockID, Value: e.Value, Picked: e.picked()}
	version := e.Value
	if e.Type != "button" { // a button's value holds the object's version; a choice can be made, unmade and made again
		version = e.ActionTS
	}
	r.Token = token("action", r.User, r.Message.TS, r.View.ID, r.View.Hash, e.ActionID, version)
	r.press = e.ActionTS
	return r, nil
}

func (p interaction) source() Source {
	s := Source{Channel: p.Channel.ID, TS: p.Container.MessageTS, ThreadTS: p.Container.ThreadTS, Ephemeral: p.Container.Ephemeral}
	if s.Channel == "" {
		s.Channel = p.Container.ChannelID
	}
	if s.TS == "" {
		s.TS = p.MessageTS
	}
	if p.Message == nil {
		return s
	}
	s.User, s.Bot, s.Text = p.Message.User, p.Message.BotID != "", p.Message.Text
	if s.TS == "" {
		s.TS = p.Message.TS
	}
	if s.ThreadTS == "" {
		s.ThreadTS = p.Message.ThreadTS
	}
	return s
}

// token makes one of what an act is; the parts cannot run into each other.
func token(parts ...string) bot.Token {
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(p, "/", "%2F")
	}
	return bot.Token(strings.Join(parts, "/"))
}

// shapeError keeps what a decoder says about the place and drops what it quotes.
func shapeError(err error) error {
	return fmt.Errorf("payload has another shape (%T)", err)
}
