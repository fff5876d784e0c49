package slackfake

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
)

// View is a modal or a Home tab as the app published it, and what the person has typed so far.
type View struct {
	ID         string            `json:"id"`
	User       string            `json:"user"` // who sees it
	Type       string            `json:"type"` // modal or home
	CallbackID string            `json:"callback_id"`
	ExternalID string            `json:"external_id,omitempty"`
	Hash       string            `json:"hash"`
	Root       string            `json:"root_view_id"`
	Previous   string            `json:"previous_view_id,omitempty"`
	Raw        json.RawMessage   `json:"view"`             // the whole view object as the app sent it
	State      json.RawMessage   `json:"state,omitempty"`  // {"values":{block_id:{action_id:…}}} as Slack sends it
	Errors     map[string]string `json:"errors,omitempty"` // by block id, from response_action errors
	Closed     bool              `json:"closed,omitempty"`
}

// maxStack is how many modals may lie on one another.
const maxStack = 3

// openView shows a person a modal as the only one. The mutex is held.
func (s *Server) openView(user string, raw json.RawMessage) (*View, *refusal) {
	v, no := s.newView(user, "modal", raw)
	if no != nil {
		return nil, no
	}
	s.closeStack(user)
	v.Root = v.ID
	s.showView(v)
	return v, nil
}

// pushView lays a modal on a person's top one; at most three lie on one another. The mutex is held.
func (s *Server) pushView(user string, raw json.RawMessage) (*View, *refusal) {
	stack := s.world.stacks[user]
	switch {
	case len(stack) == 0:
		return nil, refuse("not_found")
	case len(stack) >= maxStack:
		return nil, refuse("push_limit_reached")
	}
	v, no := s.newView(user, "modal", raw)
	if no != nil {
		return nil, no
	}
	v.Root, v.Previous = stack[0], stack[len(stack)-1]
	s.showView(v)
	return v, nil
}

// updateView replaces what a view shows; an old hash is refused. What was typed into inputs that stay is kept. The mutex is held.
func (s *Server) updateView(v *View, raw json.RawMessage, hash string) *refusal {
	if hash != "" && hash != v.Hash {
		return refuse("hash_conflict")
	}
	fresh, no := s.readView(v.Type, raw, v)
	if no != nil {
		return no
	}
	s.world.forgetExternal(v)
	v.CallbackID, v.ExternalID, v.Raw, v.Errors = fresh.CallbackID, fresh.ExternalID, fresh.Raw, nil
	v.Hash = s.hash(v)
	s.world.rememberExternal(v)
	s.changed("views:" + v.User)
	return nil
}

// closeView takes a modal and those above it away, or with all the whole stack. The mutex is held.
func (s *Server) closeView(v *View, all bool) {
	stack := s.world.stacks[v.User]
	at := slices.Index(stack, v.ID)
	if at < 0 {
		return
	}
	if all {
		at = 0
	}
	for _, id := range stack[at:] {
		closed := s.world.views[id]
		closed.Closed = true
		s.world.forgetExternal(closed)
		delete(s.world.views, id)
	}
	s.world.stacks[v.User] = stack[:at]
	s.changed("views:" + v.User)
}

// publishHome sets a person's Home tab; an old hash is refused. The mutex is held.
func (s *Server) publishHome(user string, raw json.RawMessage, hash string) (*View, *refusal) {
	if old := s.world.homes[user]; old != nil {
		if no := s.updateView(old, raw, hash); no != nil {
			return nil, no
		}
		return old, nil
	}
	if hash != "" {
		return nil, refuse("hash_conflict")
	}
	v, no := s.newView(user, "home", raw)
	if no != nil {
		return nil, no
	}
	v.Root = v.ID
	s.world.homes[user], s.world.views[v.ID] = v, v
	s.world.rememberExternal(v)
	s.changed("views:" + user)
	return v, nil
}

// topView is the modal that a person looks at; nil when none is open.
func (w *world) topView(user string) *View {
	stack := w.stacks[user]
	if len(stack) == 0 {
		return nil
	}
	return w.views[stack[len(stack)-1]]
}

func (s *Server) closeStack(user string) {
	if stack := s.world.stacks[user]; len(stack) > 0 {
		s.closeView(s.world.views[stack[0]], true)
	}
}

func (s *Server) showView(v *View) {
	w := s.world
	w.views[v.ID] = v
	w.stacks[v.User] = append(w.stacks[v.User], v.ID)
	w.rememberExternal(v)
	s.changed("views:" + v.User)
}

func (w *world) rememberExternal(v *View) {
	if v.ExternalID != "" {
		w.external[v.ExternalID] = v
	}
}

func (w *world) forgetExternal(v *View) {
	if v.ExternalID != "" && w.external[v.ExternalID] == v {
		delete(w.external, v.ExternalID)
	}
}

// newView reads a view for a person and gives it its id and hash; it is not shown yet.
func (s *Server) newView(user, kind string, raw json.RawMessage) (*View, *refusal) {
	v, no := s.readView(kind, raw, nil)
	if no != nil {
		return nil, no
	}
	v.ID, v.User = s.world.id("V"), user
	v.Hash = s.hash(v)
	return v, nil
}

// readView checks a view as the app sent it. Instead is the view that it replaces, nil for a new one.
func (s *Server) readView(kind string, raw json.RawMessage, instead *View) (*View, *refusal) {
	if problems := checkView(raw); len(problems) > 0 {
		s.overLimit(kind, problems)
		return nil, viewRefusal(problems)
	}
	var head struct {
		Type       string `json:"type"`
		CallbackID string `json:"callback_id"`
		ExternalID string `json:"external_id"`
	}
	if err := json.Unmarshal(raw, &head); err != nil { // no checked view
		return nil, refuse("invalid_arguments", "[ERROR] must provide an object [json-pointer:/view]")
	}
	if head.Type != kind {
		return nil, refuse("invalid_arguments", fmt.Sprintf("[ERROR] must be a valid enum value: %s [json-pointer:/view/type]", kind))
	}
	if other := s.world.external[head.ExternalID]; other != nil && other != instead {
		return nil, refuse("duplicate_external_id")
	}
	return &View{Type: kind, CallbackID: head.CallbackID, ExternalID: head.ExternalID, Raw: nameViewBlocks(raw)}, nil
}

// viewRefusal is how Slack refuses a view with these problems.
func viewRefusal(problems []problem) *refusal {
	for _, p := range problems {
		if p.Code != "" {
			return refuse(p.Code, messages(problems)...)
		}
	}
	return refuse("invalid_arguments", messages(problems)...)
}

// hash is a new mark of a view's present state ("1774429020.1a2b3c4d").
func (s *Server) hash(v *View) string {
	sum := fnv.New32a()
	_, _ = sum.Write(v.Raw) // a hash does not fail
	return fmt.Sprintf("%d.%08x%d", s.clock.Now().Unix(), sum.Sum32(), s.world.number("hash"))
}
