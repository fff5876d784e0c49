package slackfake

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// User is a person, a bot or a stranger from another workspace.
type User struct {
	ID       string `json:"id"`
	TeamID   string `json:"team_id"` // another workspace's for a stranger
	Name     string `json:"name"`    // the handle, unique
	RealName string `json:"real_name"`
	Title    string `json:"title,omitempty"`
	Email    string `json:"email,omitempty"`
	TZ       string `json:"tz,omitempty"` // IANA name; may be missing, as in Slack
	Locale   string `json:"locale,omitempty"`
	Color    string `json:"color,omitempty"` // of the drawn avatar, rrggbb

	Bot           bool              `json:"is_bot,omitempty"`
	WorkflowBot   bool              `json:"is_workflow_bot,omitempty"`
	AppUser       bool              `json:"is_app_user,omitempty"`
	Deleted       bool              `json:"deleted,omitempty"`
	Guest         bool              `json:"is_restricted,omitempty"`
	SingleChannel bool              `json:"is_ultra_restricted,omitempty"`
	Stranger      bool              `json:"is_stranger,omitempty"`
	Admin         bool              `json:"is_admin,omitempty"`
	Owner         bool              `json:"is_owner,omitempty"`
	Manager       string            `json:"manager,omitempty"`    // user id
	Department    string            `json:"department,omitempty"` // shown as the custom profile field "Department"
	Fields        map[string]string `json:"fields,omitempty"`     // further custom profile fields by label
	DNDStart      time.Time         `json:"dnd_start,omitzero"`
	DNDEnd        time.Time         `json:"dnd_end,omitzero"`
	Updated       time.Time         `json:"updated,omitzero"`

	handle, address string // as they stand in the world's indexes
	among           bool   // the regular people, else the others
	place           int    // in the one list or the other
}

// ProfileField is one custom field of the workspace's profiles.
type ProfileField struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// slackbotID is Slackbot's in every workspace. It is no bot by its flags, yet nobody can write to it.
const slackbotID = "USLACKBOT"

// regular says that u is a full member: no bot, guest, stranger or deactivated person.
func (u *User) regular() bool {
	return u.ID != slackbotID && !u.Bot && !u.WorkflowBot && !u.AppUser && !u.Deleted && !u.Guest && !u.SingleChannel && !u.Stranger
}

// addUser adds a person and tells the app (team_join). An empty ID is given one, an empty TeamID becomes the workspace's, a handle
// that is taken gets a number. The mutex is held.
func (s *Server) addUser(u *User) *User {
	w := s.world
	if u.ID == "" {
		u.ID = w.id("U")
	}
	if u.TeamID == "" {
		u.TeamID = w.Team.ID
	}
	if u.Updated.IsZero() {
		u.Updated = s.clock.Now()
	}
	w.addUser(u)
	s.emit("team_join", map[string]any{"user": s.userJSON(u), "cache_ts": u.Updated.Unix()})
	s.changed("people")
	return u
}

// changeUser replaces what is stored of the person with u.ID and tells the app (user_change, user_profile_changed). Somebody unknown is
// added. The mutex is held.
func (s *Server) changeUser(u *User) *User {
	w := s.world
	old := w.users[u.ID]
	if old == nil {
		return s.addUser(u)
	}
	if u.TeamID == "" {
		u.TeamID = old.TeamID
	}
	u.Updated = s.clock.Now()
	w.forgetNames(old)
	u.among, u.place = old.among, old.place
	*old = *u
	w.indexUser(old)
	event := map[string]any{"user": s.userJSON(old), "cache_ts": old.Updated.Unix()}
	s.emit("user_change", event)
	s.emit("user_profile_changed", event)
	s.changed("people")
	return old
}

func (w *world) addUser(u *User) {
	w.users[u.ID] = u
	w.indexUser(u)
	u.among = u.regular()
	if u.among {
		u.place = len(w.people)
		w.people = append(w.people, u.ID)
	} else {
		u.place = len(w.others)
		w.others = append(w.others, u.ID)
	}
}

// indexUser makes u findable by handle and address and its profile fields known to the workspace.
func (w *world) indexUser(u *User) {
	u.Name = w.freeHandle(u)
	u.handle, u.address = strings.ToLower(u.Name), strings.ToLower(u.Email)
	w.handles[u.handle] = u
	if u.address != "" {
		w.emails[u.address] = u
	}
	if u.Department != "" {
		w.field(departmentField)
	}
	if u.Manager != "" {
		w.field(managerField)
	}
	for _, label := range slices.Sorted(maps.Keys(u.Fields)) {
		w.field(label)
	}
}

func (w *world) forgetNames(u *User) {
	if w.handles[u.handle] == u {
		delete(w.handles, u.handle)
	}
	if w.emails[u.address] == u {
		delete(w.emails, u.address)
	}
}

// freeHandle returns u's handle, with a number behind it when somebody else has it.
func (w *world) freeHandle(u *User) string {
	name := u.Name
	if name == "" {
		name = strings.ToLower(u.ID)
	}
	taken := func(handle string) bool {
		other := w.handles[strings.ToLower(handle)]
		return other != nil && other != u
	}
	free := name
	for taken(free) {
		free = name + strconv.Itoa(w.number("handle "+name)+1) // counted, so that the thousandth ana is found at once
	}
	return free
}

// The labels of the profile fields that every workspace here has names for.
const (
	departmentField = "Department"
	managerField    = "Manager"
)

// field returns the id of the custom profile field with that label; it is made when it is new.
func (w *world) field(label string) string {
	for _, f := range w.fields {
		if f.Label == label {
			return f.ID
		}
	}
	f := ProfileField{ID: w.id("Xf"), Label: label}
	w.fields = append(w.fields, f)
	return f.ID
}
