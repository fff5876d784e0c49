package slackfake

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// workspaceState is GET /control/state.
type workspaceState struct {
	clockState
	Team      Team            `json:"team"`
	App       appState        `json:"app"`
	People    []*User         `json:"people"`
	Channels  []*Channel      `json:"channels"`
	Groups    []*UserGroup    `json:"groups"`
	Messages  []messageState  `json:"messages"` // oldest first, without deleted ones
	Views     []*View         `json:"views"`    // open modals and Homes
	Envelopes []envelopeState `json:"envelopes"`
	Broken    []Broken        `json:"broken"`
	Version   int             `json:"version"` // rises with every change
}

// appState is the app as people can see it.
type appState struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	BotUser   string          `json:"bot_user"`
	Connected int             `json:"connections"`
	Commands  []commandState  `json:"commands"`
	Shortcuts []shortcutState `json:"shortcuts"`
}

type commandState struct {
	Command     string `json:"command"`
	Description string `json:"description"`
	UsageHint   string `json:"usage_hint"`
}

type shortcutState struct {
	Name       string `json:"name"`
	Type       string `json:"type"`
	CallbackID string `json:"callback_id"`
}

// messageState is a message with the fields that every one has in the state, so that a script need not ask whether they are there.
type messageState struct {
	*Message
	ThreadTS    *string         `json:"thread_ts"`
	Blocks      json.RawMessage `json:"blocks"` // a list, empty where there are none
	Metadata    *Metadata       `json:"metadata"`
	EphemeralTo *string         `json:"ephemeral_to"`
}

func (m *Message) state() messageState {
	st := messageState{Message: m, Blocks: m.Blocks, Metadata: m.Metadata}
	if len(m.Blocks) == 0 || string(m.Blocks) == "null" {
		st.Blocks = json.RawMessage("[]")
	}
	if m.ThreadTS != "" {
		st.ThreadTS = &m.ThreadTS
	}
	if m.EphemeralTo != "" {
		st.EphemeralTo = &m.EphemeralTo
	}
	return st
}

// stateFilter is what a caller wants to see; empty fields mean everything.
type stateFilter struct {
	viewer, channel string
	parts           []string
}

func (f stateFilter) part(name string) bool {
	return len(f.parts) == 0 || slices.Contains(f.parts, name)
}

func (s *Server) serveState(w http.ResponseWriter, r *http.Request) {
	f := stateFilter{viewer: r.FormValue("viewer"), channel: r.FormValue("channel")}
	if parts := r.FormValue("parts"); parts != "" {
		f.parts = strings.Split(parts, ",")
	}
	raw, problem := s.stateJSON(f)
	if problem != "" {
		writeControlError(w, http.StatusNotFound, problem)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(raw) // the caller may have gone
}

// stateJSON encodes the state while the mutex is held, since it shares the world's own records; sending it may take longer.
func (s *Server) stateJSON(f stateFilter) (raw json.RawMessage, problem string) {
	clock := s.clockState()
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.viewer != "" {
		u := s.world.user(f.viewer)
		if u == nil {
			return nil, "user_not_found"
		}
		f.viewer = u.ID
	}
	if f.channel != "" {
		c := s.world.channel(f.channel)
		if c == nil {
			return nil, "channel_not_found"
		}
		f.channel = c.ID
	}
	return mustJSON(s.state(clock, f)), ""
}

// state collects what a filter lets through; parts that were not asked for are empty lists. The mutex is held.
func (s *Server) state(clock clockState, f stateFilter) workspaceState {
	s.scanTwice()
	st := workspaceState{
		clockState: clock, Team: s.world.Team, App: s.appState(), Version: s.watchers.now(),
		People: []*User{}, Channels: []*Channel{}, Groups: []*UserGroup{}, Messages: []messageState{}, Views: []*View{},
		Envelopes: []envelopeState{}, Broken: []Broken{},
	}
	if f.part("people") {
		st.People = s.world.sortedUsers()
	}
	if f.part("groups") {
		st.Groups = append(st.Groups, s.world.userGroups()...)
	}
	if f.part("channels") {
		st.Channels = append(st.Channels, s.channelsFor(f)...)
	}
	if f.part("messages") {
		for _, m := range s.messagesFor(f) {
			st.Messages = append(st.Messages, m.state())
		}
	}
	if f.part("views") {
		st.Views = append(st.Views, s.viewsFor(f)...)
	}
	if f.part("envelopes") {
		for _, e := range s.hub.recent[max(0, len(s.hub.recent)-recentEnvelopes):] {
			st.Envelopes = append(st.Envelopes, e.state())
		}
	}
	if f.part("broken") {
		st.Broken = s.journal.allBroken()
	}
	return st
}

func (s *Server) appState() appState {
	st := appState{
		ID: s.app.id, Name: s.app.name, BotUser: s.app.botUser, Connected: len(s.hub.conns),
		Commands: []commandState{}, Shortcuts: []shortcutState{},
	}
	for _, c := range s.app.commands {
		st.Commands = append(st.Commands, commandState{Command: c.Command, Description: c.Description, UsageHint: c.UsageHint})
	}
	for _, sc := range s.app.shortcuts {
		st.Shortcuts = append(st.Shortcuts, shortcutState{Name: sc.Name, Type: sc.Type, CallbackID: sc.CallbackID})
	}
	return st
}

// channelsFor are the conversations that a viewer knows of: public ones and their own.
func (s *Server) channelsFor(f stateFilter) []*Channel {
	var list []*Channel
	for _, c := range s.world.sortedChannels() {
		if (f.channel == "" || c.ID == f.channel) && (f.viewer == "" || c.Kind == Public || c.has(f.viewer)) {
			list = append(list, c)
		}
	}
	return list
}

func (s *Server) messagesFor(f stateFilter) []*Message {
	var list []*Message
	for _, c := range s.channelsFor(f) {
		for _, m := range c.messages {
			if !m.Deleted && (f.viewer == "" || m.EphemeralTo == "" || m.EphemeralTo == f.viewer) {
				list = append(list, m)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *Message) int { return strings.Compare(a.TS, b.TS) })
	return list
}

// viewsFor are the open views, those of one person in the order in which they lie on one another, Home first. Their state holds every
// input's present value.
func (s *Server) viewsFor(f stateFilter) []*View {
	var list []*View
	add := func(v *View) {
		if v == nil || (f.viewer != "" && v.User != f.viewer) {
			return
		}
		shown := *v
		shown.State = mustJSON(map[string]any{"values": stateOf(elementsOf(v.Raw), readState(v.State))})
		list = append(list, &shown)
	}
	for _, id := range slices.Sorted(maps.Keys(s.world.homes)) {
		add(s.world.homes[id])
	}
	for _, user := range slices.Sorted(maps.Keys(s.world.stacks)) {
		for _, id := range s.world.stacks[user] {
			add(s.world.views[id])
		}
	}
	return list
}
