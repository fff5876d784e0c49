package slackfake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
)

// selectAct is a person who chooses from a select, picker, menu, radio or checkbox group, or enters text into an input that tells the
// app at once. One of the values is given, the one that fits the element.
type selectAct struct {
	where
	Option        json.RawMessage `json:"option"`   // an option's value; "" or null takes the choice back
	Options       json.RawMessage `json:"options"`  // a list of options' values
	Date          json.RawMessage `json:"date"`     // 2026-03-02
	Time          json.RawMessage `json:"time"`     // 09:30
	DateTime      json.RawMessage `json:"datetime"` // seconds since 1970, or RFC 3339
	Person        json.RawMessage `json:"person"`   // of a users_select; "user" says who acts
	Users         json.RawMessage `json:"users"`
	Conversation  json.RawMessage `json:"conversation"`
	Conversations json.RawMessage `json:"conversations"`
	ChannelID     json.RawMessage `json:"channel_id"`
	Channels      json.RawMessage `json:"channels"`
	Value         json.RawMessage `json:"value"` // text
}

func (a selectAct) do(s *Server) (done, error) {
	on, err := s.surface(a.where)
	if err != nil {
		return done{}, err
	}
	e, ok := on.find(a.where, func(e element) bool { return !e.valueless() })
	if !ok {
		return done{}, fmt.Errorf("nothing to choose from named %q", a.ActionID)
	}
	value, err := a.given()
	if err != nil {
		return done{}, err
	}
	st, err := e.enter(value, s.reading(on.user))
	if err != nil {
		return done{}, err
	}
	s.hold(on, e, st)
	if e.input && !e.dispatch {
		return on.done(), nil // Slack tells the app at submission
	}
	action := map[string]any{"action_id": e.actionID, "block_id": e.blockID, "action_ts": s.actionTS()}
	maps.Copy(action, st)
	for _, key := range []string{"placeholder", e.initialKey()} {
		if v, ok := e.fields[key]; ok {
			action[key] = v
		}
	}
	s.sendAction(on, action)
	return on.done(), nil
}

// given returns the one value that the request holds; which of the names it has does not matter, the element knows what it takes.
func (a selectAct) given() (any, error) {
	var found []json.RawMessage
	for _, raw := range []json.RawMessage{
		a.Option, a.Options, a.Date, a.Time, a.DateTime, a.Person, a.Users, a.Conversation, a.Conversations, a.ChannelID, a.Channels, a.Value,
	} {
		if len(raw) > 0 {
			found = append(found, raw)
		}
	}
	if len(found) != 1 {
		return nil, errors.New("exactly one value must be given")
	}
	var value any
	d := json.NewDecoder(bytes.NewReader(found[0]))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return nil, fmt.Errorf("decode value: %w", err)
	}
	return value, nil
}

// hold keeps what a person has chosen. The mutex is held.
func (s *Server) hold(on surface, e element, st elementState) {
	if !e.stateful() {
		return
	}
	if on.view != nil {
		values := stateOf(on.elements, readState(on.view.State))
		values.set(e, st)
		on.view.State = mustJSON(map[string]any{"values": values})
		s.changed("views:" + on.view.User)
		return
	}
	key := chosenKey(on)
	if s.hub.chosen[key] == nil {
		s.hub.chosen[key] = stateValues{}
	}
	s.hub.chosen[key].set(e, st)
}

// reading lets names stand for ids in what a person enters. The mutex is held while it is used.
func (s *Server) reading(u *User) reading {
	return reading{
		user: func(ref string) (string, bool) {
			if other := s.world.user(ref); other != nil {
				return other.ID, true
			}
			return "", false
		},
		channel: func(ref string) (string, bool) {
			c, err := s.place(u, ref)
			if err != nil {
				if c = s.world.channel(ref); c == nil || c.Kind != Public {
					return "", false
				}
			}
			return c.ID, true
		},
		file: func(id string) (any, bool) {
			f := s.world.files[id]
			if f == nil {
				return nil, false
			}
			return s.fileJSON(f), true
		},
	}
}
