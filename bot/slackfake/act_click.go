package slackfake

import (
	"errors"
	"fmt"
	"maps"
)

// where says which element a person uses: on a message, or in a view.
type where struct {
	User     string `json:"user"`
	Channel  string `json:"channel"`
	TS       string `json:"ts"`
	ViewID   string `json:"view_id"`
	ActionID string `json:"action_id"`
	BlockID  string `json:"block_id"`
	Forge    bool   `json:"forge"` // send it even if there is no such element, as an attacker would
}

// surface is the message or view that an element stands on.
type surface struct {
	user     *User
	channel  *Channel
	message  *Message
	view     *View
	elements []element
}

// clickAct is a person who presses a button.
type clickAct struct {
	where
	Value string `json:"value"` // tells buttons with the same action_id apart; may be left out
}

func (a clickAct) do(s *Server) (done, error) {
	on, err := s.surface(a.where)
	if err != nil {
		return done{}, err
	}
	e, ok := on.find(a.where, func(e element) bool {
		return e.valueless() && (a.Value == "" || e.fields["value"] == a.Value)
	})
	if !ok && !a.Forge {
		return done{}, fmt.Errorf("no button %q%s", a.ActionID, withValue(a.Value))
	}
	if !ok {
		e = a.forged("button", map[string]any{"value": a.Value, "text": map[string]any{"type": "plain_text", "text": "forged", "emoji": true}})
	}
	action := map[string]any{"type": e.kind, "action_id": e.actionID, "block_id": e.blockID, "action_ts": s.actionTS()}
	for _, key := range []string{"text", "value", "style", "url"} {
		if v, ok := e.fields[key]; ok && v != "" {
			action[key] = v
		}
	}
	s.sendAction(on, action)
	return on.done(), nil
}

func withValue(value string) string {
	if value == "" {
		return ""
	}
	return fmt.Sprintf(" with the value %q", value)
}

// valueless says that an element is pressed, not filled: it holds no value.
func (e element) valueless() bool {
	key, _ := e.valueKey()
	return key == ""
}

// surface finds the message or view that is meant; only this app's ones send it anything.
func (s *Server) surface(w where) (surface, error) {
	u, err := s.human(w.User)
	if err != nil {
		return surface{}, err
	}
	if w.TS == "" {
		v, err := s.viewOf(u, w.ViewID)
		if err != nil {
			return surface{}, err
		}
		if !s.onTop(v) && !w.Forge {
			return surface{}, errors.New("another view lies on top")
		}
		return surface{user: u, view: v, elements: elementsOf(v.Raw)}, nil
	}
	c, m, err := s.seen(u, w.Channel, w.TS)
	if err != nil {
		return surface{}, err
	}
	if m.AppID != s.app.id && m.User != s.app.botUser {
		return surface{}, errors.New("the message is not the app's")
	}
	return surface{user: u, channel: c, message: m, elements: elementsOf(m.Blocks)}, nil
}

func (on surface) find(w where, fits func(element) bool) (element, bool) {
	for _, e := range on.elements {
		if e.actionID == w.ActionID && (w.BlockID == "" || e.blockID == w.BlockID) && fits(e) {
			return e, true
		}
	}
	return element{}, false
}

func (on surface) done() done {
	if on.view != nil {
		return done{viewID: on.view.ID}
	}
	return done{}
}

// forged is an element that the app never sent.
func (w where) forged(kind string, fields map[string]any) element {
	return element{kind: kind, actionID: w.ActionID, blockID: w.BlockID, fields: fields}
}

// sendAction sends block_actions for one action on a surface. The mutex is held.
func (s *Server) sendAction(on surface, action map[string]any) {
	p := s.interaction("block_actions", on.user)
	p["trigger_id"] = s.newTrigger(on.user.ID)
	p["actions"] = []any{action}
	name := fmt.Sprintf("block_actions %v", action["action_id"])
	if on.view != nil {
		p["container"] = map[string]any{"type": "view", "view_id": on.view.ID}
		p["view"] = s.viewPayload(on.view)
		s.send(kindInteractive, name, p, false, nil)
		return
	}
	maps.Copy(p, s.messageOrigin(on))
	url, response := s.newResponseURL(on.user.ID, on.channel.ID, on.message)
	p["response_url"] = url
	e := s.send(kindInteractive, name, p, false, nil)
	response.envelope = e.id
}

// messageOrigin is the part of a payload that says which message was acted on. Slack sends no copy of an ephemeral one.
func (s *Server) messageOrigin(on surface) map[string]any {
	ephemeral := on.message.EphemeralTo != ""
	container := map[string]any{
		"type": "message", "message_ts": on.message.TS, "channel_id": on.channel.ID, "is_ephemeral": ephemeral,
	}
	if on.message.ThreadTS != "" {
		container["thread_ts"] = on.message.ThreadTS
	}
	p := map[string]any{
		"container": container,
		"channel":   map[string]any{"id": on.channel.ID, "name": channelName(on.channel)},
		"state":     map[string]any{"values": stateOf(on.elements, s.hub.chosen[chosenKey(on)])},
	}
	if !ephemeral {
		p["message"] = s.messageJSON(on.message, false)
	}
	return p
}

// chosenKey names what one person has chosen on one message.
func chosenKey(on surface) string { return on.user.ID + " " + on.channel.ID + " " + on.message.TS }
