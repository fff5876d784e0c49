package slackfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// submitAct is a person who fills a modal and presses its submit button.
type submitAct struct {
	User   string                    `json:"user"`
	ViewID string                    `json:"view_id"` // empty: the modal on top
	Values map[string]map[string]any `json:"values"`  // by block id and action id: a string, number, list or object
}

func (a submitAct) do(s *Server) (done, error) {
	u, err := s.human(a.User)
	if err != nil {
		return done{}, err
	}
	v, err := s.modalOf(u, a.ViewID)
	if err != nil {
		return done{}, err
	}
	d := done{viewID: v.ID}
	elements := elementsOf(v.Raw)
	values := stateOf(elements, readState(v.State))
	if err := s.enter(values, elements, a.Values, u); err != nil {
		return d, err
	}
	v.State = mustJSON(map[string]any{"values": values})
	s.changed("views:" + u.ID)
	if d.errors = complaints(elements, values); len(d.errors) > 0 {
		v.Errors = d.errors
		return d, errors.New("invalid_input")
	}
	v.Errors = nil
	p := s.interaction("view_submission", u)
	p["trigger_id"] = s.newTrigger(u.ID)
	p["view"] = s.viewPayload(v)
	urls, made := s.responseURLs(u, elements, values)
	p["response_urls"] = urls
	e := s.send(kindInteractive, "view_submission "+v.CallbackID, p, true, func(payload json.RawMessage) string {
		return s.submitted(v, payload)
	})
	for _, url := range made {
		url.envelope = e.id
	}
	return d, nil
}

// modalOf finds the modal that a person can submit or close: the one on top.
func (s *Server) modalOf(u *User, id string) (*View, error) {
	v, err := s.viewOf(u, id)
	switch {
	case err != nil:
		return nil, err
	case v.Type != "modal":
		return nil, errNoView
	case !s.onTop(v):
		return nil, errors.New("another view lies on top")
	}
	return v, nil
}

// enter puts plain values into a state; every block and action must be there.
func (s *Server) enter(values stateValues, elements []element, plain map[string]map[string]any, u *User) error {
	r := s.reading(u)
	for blockID, actions := range plain {
		for actionID, value := range actions {
			at := slices.IndexFunc(elements, func(e element) bool {
				return e.blockID == blockID && e.actionID == actionID && e.stateful()
			})
			if at < 0 {
				return fmt.Errorf("no input %q in block %q", actionID, blockID)
			}
			st, err := elements[at].enter(value, r)
			if err != nil {
				return err
			}
			values.set(elements[at], st)
		}
	}
	return nil
}

// complaints are what Slack itself says about inputs; nothing is sent while there are some.
func complaints(elements []element, values stateValues) map[string]string {
	found := map[string]string{}
	for _, e := range elements {
		if !e.input || !e.stateful() {
			continue
		}
		if text := e.complaint(values[e.blockID][e.actionID]); text != "" {
			found[e.blockID] = text
		}
	}
	if len(found) == 0 {
		return nil
	}
	return found
}

// responseURLs makes a response_url for each chosen conversation whose select asks for one.
func (s *Server) responseURLs(u *User, elements []element, values stateValues) (urls []any, made []*responseURL) {
	urls = []any{}
	for _, e := range elements {
		if e.fields["response_url_enabled"] != true {
			continue
		}
		key, _ := e.valueKey()
		channel, _ := values[e.blockID][e.actionID][key].(string)
		if channel == "" {
			continue
		}
		url, r := s.newResponseURL(u.ID, channel, nil)
		made = append(made, r)
		urls = append(urls, map[string]any{
			"block_id": e.blockID, "action_id": e.actionID, "channel_id": channel, "response_url": url,
		})
	}
	return urls, made
}

// viewPayload is a view as interactions carry it: with what the person has entered so far. The mutex is held.
func (s *Server) viewPayload(v *View) map[string]any {
	p := s.viewJSON(v)
	p["state"] = map[string]any{"values": stateOf(elementsOf(v.Raw), readState(v.State))}
	return p
}

// submitted does what the acknowledgement of a submission asks for, and returns what Slack would say was wrong with it.
func (s *Server) submitted(v *View, payload json.RawMessage) (problem string) {
	var answer struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(payload) > 0 {
		if err := json.Unmarshal(payload, &answer); err != nil {
			return "invalid_response"
		}
	}
	switch answer.Action {
	case "":
		s.closeView(v, false)
		return ""
	case "clear":
		s.closeView(v, true)
		return ""
	case "errors":
		return s.showErrors(v, answer.Errors)
	case "update":
		return refusalText(s.updateView(v, answer.View, ""))
	case "push":
		_, no := s.pushView(v.User, answer.View)
		return refusalText(no)
	default:
		return fmt.Sprintf("unknown response_action %q", answer.Action)
	}
}

func refusalText(no *refusal) string {
	if no == nil {
		return ""
	}
	return no.Error()
}

// showErrors shows errors below inputs. An error for a block that is no input breaks the whole answer, as in Slack.
func (s *Server) showErrors(v *View, errs map[string]string) (problem string) {
	inputs := inputBlocks(elementsOf(v.Raw))
	var strange []string
	for id := range errs {
		if !slices.Contains(inputs, id) {
			strange = append(strange, id)
		}
	}
	if len(errs) == 0 || len(strange) > 0 {
		slices.Sort(strange)
		return "invalid_response: errors must name input blocks, not " + strings.Join(strange, ", ")
	}
	v.Errors = errs
	s.changed("views:" + v.User)
	return ""
}

// closeAct is a person who closes a modal, or with clear the whole stack.
type closeAct struct {
	User   string `json:"user"`
	ViewID string `json:"view_id"` // empty: the modal on top
	Clear  bool   `json:"clear"`
}

func (a closeAct) do(s *Server) (done, error) {
	u, err := s.human(a.User)
	if err != nil {
		return done{}, err
	}
	v, err := s.modalOf(u, a.ViewID)
	if err != nil {
		return done{}, err
	}
	closing := []*View{v}
	if a.Clear {
		closing = nil
		for _, id := range slices.Backward(s.world.stacks[u.ID]) {
			closing = append(closing, s.world.views[id])
		}
	}
	for _, each := range closing {
		s.tellClosed(u, each, a.Clear)
	}
	s.closeView(v, a.Clear)
	return done{viewID: v.ID}, nil
}

// tellClosed sends view_closed for a view that asked for it.
func (s *Server) tellClosed(u *User, v *View, cleared bool) {
	var wants struct {
		NotifyOnClose bool `json:"notify_on_close"`
	}
	if err := json.Unmarshal(v.Raw, &wants); err != nil || !wants.NotifyOnClose {
		return
	}
	p := s.interaction("view_closed", u)
	p["view"] = s.viewPayload(v)
	p["is_cleared"] = cleared
	s.send(kindInteractive, "view_closed "+v.CallbackID, p, false, nil)
}
