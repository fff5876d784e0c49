package slackfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// maxGenerate is how many people one request may make.
const maxGenerate = 500_000

// peopleOrder is POST /control/people: whom and what to add or change. An entry with an id or name that exists changes what it gives
// and leaves the rest.
type peopleOrder struct {
	People   []json.RawMessage `json:"people"`   // as [User]
	Channels []json.RawMessage `json:"channels"` // as [Channel]; members may be handles
	Groups   []json.RawMessage `json:"groups"`   // as [UserGroup]; users may be handles
	Generate int               `json:"generate"` // so many regular people more, without events
}

// peopleAnswer lists the ids of what was named in the order, in its order.
type peopleAnswer struct {
	People    []string `json:"people"`
	Channels  []string `json:"channels"`
	Groups    []string `json:"groups"`
	Generated int      `json:"generated"`
	Total     int      `json:"total"` // people in the workspace, bots included
}

func (s *Server) addPeople(w http.ResponseWriter, r *http.Request) {
	var order peopleOrder
	if err := readControl(http.MaxBytesReader(w, r.Body, maxControl), &order); err != nil {
		writeControlError(w, http.StatusBadRequest, err.Error())
		return
	}
	if order.Generate < 0 || order.Generate > maxGenerate {
		writeControlError(w, http.StatusBadRequest, fmt.Sprintf("generate must be 0 to %d", maxGenerate))
		return
	}
	answer, err := s.populate(order)
	if err != nil {
		writeControlError(w, http.StatusBadRequest, err.Error())
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

func (s *Server) populate(order peopleOrder) (peopleAnswer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := peopleAnswer{People: []string{}, Channels: []string{}, Groups: []string{}, Generated: order.Generate}
	s.generate(order.Generate)
	for _, step := range []struct {
		list []json.RawMessage
		put  func(json.RawMessage) (string, error)
		ids  *[]string
	}{{order.People, s.putUser, &answer.People}, {order.Channels, s.putChannel, &answer.Channels}, {order.Groups, s.putGroup, &answer.Groups}} {
		for _, raw := range step.list {
			id, err := step.put(raw)
			if err != nil {
				return answer, err
			}
			*step.ids = append(*step.ids, id)
		}
	}
	answer.Total = len(s.world.users)
	return answer, nil
}

// named is what tells an entry apart.
type named struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Handle string `json:"handle"`
}

// overlay decodes an entry strictly over what is there, so that what it does not give stays.
func overlay(raw json.RawMessage, what string, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("decode %s: %w", what, err)
	}
	return nil
}

func (s *Server) putUser(raw json.RawMessage) (string, error) {
	var n named
	if err := json.Unmarshal(raw, &n); err != nil {
		return "", fmt.Errorf("decode person: %w", err)
	}
	old := s.world.users[n.ID]
	if old == nil && n.ID == "" {
		old = s.world.user(n.Name)
	}
	u := &User{}
	if old != nil {
		*u = *old
		u.Fields = maps.Clone(old.Fields)
	}
	if err := overlay(raw, "person", u); err != nil {
		return "", err
	}
	if old == nil {
		return s.addUser(u).ID, nil
	}
	u.ID = old.ID
	return s.changeUser(u).ID, nil
}

func (s *Server) putChannel(raw json.RawMessage) (string, error) {
	var n named
	if err := json.Unmarshal(raw, &n); err != nil {
		return "", fmt.Errorf("decode channel: %w", err)
	}
	var wanted Channel
	if err := overlay(raw, "channel", &wanted); err != nil {
		return "", err
	}
	members, err := s.idsOf(wanted.Members)
	if err != nil {
		return "", fmt.Errorf("add channel %q: %w", wanted.Name, err)
	}
	c := s.world.channels[n.ID]
	if c == nil && n.Name != "" {
		c = s.world.channel(n.Name)
	}
	if c == nil {
		wanted.Members = members
		return s.addChannel(&wanted).ID, nil
	}
	if err := s.changeChannel(c, raw); err != nil {
		return "", err
	}
	if wanted.Members != nil {
		s.setMembers(c, members)
	}
	return c.ID, nil
}

// changeChannel takes over what an entry gives, except who is in the channel: joining and leaving are acts of their own.
func (s *Server) changeChannel(c *Channel, raw json.RawMessage) error {
	id, kind, members := c.ID, c.Kind, c.Members
	c.Members = nil
	err := overlay(raw, "channel", c)
	c.ID, c.Kind, c.Members = id, kind, members
	s.changed("channels")
	return err
}

// setMembers lets everybody leave who is not named, then those join who are not there yet. It takes time in proportion to both lists.
func (s *Server) setMembers(c *Channel, members []string) {
	wanted := make(map[string]bool, len(members))
	for _, id := range members {
		wanted[id] = true
	}
	var leaving []string
	for _, id := range c.Members {
		if !wanted[id] {
			leaving = append(leaving, id)
		}
	}
	s.leaveAll(c, leaving)
	for _, id := range members {
		s.join(c, id)
	}
}

func (s *Server) putGroup(raw json.RawMessage) (string, error) {
	var n named
	if err := json.Unmarshal(raw, &n); err != nil {
		return "", fmt.Errorf("decode group: %w", err)
	}
	g := &UserGroup{}
	for _, old := range s.world.userGroups() {
		if old.ID == n.ID || (n.ID == "" && old.Handle == n.Handle) {
			*g = *old
		}
	}
	g.Users = slices.Clone(g.Users)
	if err := overlay(raw, "group", g); err != nil {
		return "", err
	}
	users, err := s.idsOf(g.Users)
	if err != nil {
		return "", fmt.Errorf("add group %q: %w", g.Handle, err)
	}
	g.Users = users
	return s.addGroup(g).ID, nil
}

// idsOf turns handles into ids. Who is named twice is there once.
func (s *Server) idsOf(refs []string) ([]string, error) {
	ids := make([]string, 0, len(refs))
	seen := make(map[string]bool, len(refs))
	for _, ref := range refs {
		u := s.world.user(ref)
		if u == nil {
			return nil, fmt.Errorf("no user %q", ref)
		}
		if !seen[u.ID] {
			seen[u.ID] = true
			ids = append(ids, u.ID)
		}
	}
	return ids, nil
}

// What generated people are spread over.
var (
	generatedZones = []string{
		"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Europe/London", "America/Los_Angeles", "Asia/Tokyo", "Australia/Sydney", "America/Sao_Paulo",
	}
	generatedDepartments = []string{"Engineering", "Sales", "Support", "Finance", "People", "Marketing", "Legal", "Operations"}
)

// generate adds regular people without telling the app: nobody joins a company a hundred thousand at a time.
func (s *Server) generate(count int) {
	muted := s.hub.muted
	s.hub.muted = true
	defer func() { s.hub.muted = muted }()
	for range count {
		n := s.world.number("generated")
		s.addUser(&User{
			Name: fmt.Sprintf("person%d", n), RealName: fmt.Sprintf("Person %d", n), Email: fmt.Sprintf("person%d@example.com", n),
			TZ: generatedZones[n%len(generatedZones)], Department: generatedDepartments[n/3%len(generatedDepartments)], Locale: "en-US",
		})
	}
}
