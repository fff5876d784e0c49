package slackfake

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// world is the workspace: people, places and what was said. Server.mu guards it; its methods assume that it is held. Everything is
// found by index, because a workspace of 100,000 people with 50,000 DMs must stay as quick as a small one.
type world struct {
	Team     Team
	users    map[string]*User
	handles  map[string]*User // by handle, lower case
	emails   map[string]*User // by address, lower case
	people   []string         // ids of regular people, in order of arrival
	others   []string         // ids of bots, guests, strangers and deactivated people
	channels map[string]*Channel
	names    map[string]*Channel // public and private channels by name
	direct   map[string]*Channel // DMs and group DMs by their sorted members
	chanIDs  []string            // channel ids in order of creation
	places   map[string][]*Channel
	groups   map[string]*UserGroup
	fields   []ProfileField // the workspace's custom profile fields (team.profile.get)
	views    map[string]*View
	external map[string]*View    // open views by the app's own external_id
	homes    map[string]*View    // by user
	stacks   map[string][]string // open modals by user, bottom first: view ids
	files    map[string]*File
	zones    map[string]*time.Location
	lastTS   int64 // microseconds of the newest message, so that a ts is unique
	nextID   map[string]int
}

func newWorld(team Team) *world {
	return &world{
		Team: team, users: map[string]*User{}, handles: map[string]*User{}, emails: map[string]*User{},
		channels: map[string]*Channel{}, names: map[string]*Channel{}, direct: map[string]*Channel{}, places: map[string][]*Channel{},
		groups: map[string]*UserGroup{}, views: map[string]*View{}, external: map[string]*View{}, homes: map[string]*View{},
		stacks: map[string][]string{}, files: map[string]*File{}, nextID: map[string]int{},
		zones: map[string]*time.Location{},
	}
}

// Team is the workspace itself.
type Team struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Domain string `json:"domain"`
}

// id makes the next identifier with a prefix such as U, C, D, G, S, V, F; unique in the workspace and the same in every run.
func (w *world) id(prefix string) string {
	return fmt.Sprintf("%s%09d", prefix, w.number(prefix))
}

// number counts up, apart for each name.
func (w *world) number(name string) int {
	w.nextID[name]++
	return w.nextID[name]
}

// ts makes a message timestamp that is unique and never falls ("1774429020.000100").
func (w *world) ts(now time.Time) string {
	micros := max(now.UnixMicro(), w.lastTS+1)
	w.lastTS = micros
	return tsOf(micros)
}

// tsOf writes microseconds since 1970 as a message timestamp.
func tsOf(micros int64) string { return fmt.Sprintf("%d.%06d", micros/1_000_000, micros%1_000_000) }

// user finds a person by id, handle or @handle; nil when there is nobody.
func (w *world) user(ref string) *User {
	if u := w.users[ref]; u != nil {
		return u
	}
	return w.handles[strings.ToLower(strings.TrimPrefix(ref, "@"))]
}

// channel finds a conversation by id, name or #name; nil when there is none.
func (w *world) channel(ref string) *Channel {
	if c := w.channels[ref]; c != nil {
		return c
	}
	return w.names[strings.ToLower(strings.TrimPrefix(ref, "#"))]
}

// sortedUsers returns all people in the order of users.list: regular people first.
func (w *world) sortedUsers() []*User {
	users := make([]*User, 0, len(w.people)+len(w.others))
	for _, ids := range [][]string{w.people, w.others} {
		for _, id := range ids {
			users = append(users, w.users[id])
		}
	}
	return users
}

// sortedChannels returns all conversations in order of creation.
func (w *world) sortedChannels() []*Channel {
	channels := make([]*Channel, 0, len(w.chanIDs))
	for _, id := range w.chanIDs {
		channels = append(channels, w.channels[id])
	}
	return channels
}

// userGroups returns the groups by id.
func (w *world) userGroups() []*UserGroup {
	groups := make([]*UserGroup, 0, len(w.groups))
	for _, g := range w.groups {
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b *UserGroup) int { return strings.Compare(a.ID, b.ID) })
	return groups
}
