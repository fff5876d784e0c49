package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// adminRecord is a workspace's record and the log of who changed its admins.
type adminRecord struct {
	w      Workspace
	tokens map[Token]bool
	log    []string
	err    error
}

func (r *adminRecord) Workspace(context.Context) (Workspace, error) { return r.w, nil }

func (r *adminRecord) SaveWorkspace(context.Context, Token, Workspace, Intents) error { return nil }

func (r *adminRecord) SaveAdmins(_ context.Context, token Token, w Workspace, actor string, c AdminChange) error {
	switch {
	case r.err != nil:
		return r.err
	case r.tokens[token]:
		return ErrRepeated
	case w.Version != r.w.Version:
		return ErrConflict
	}
	w.Version++
	r.w, r.tokens = w, map[Token]bool{token: true}
	r.log = append(r.log, fmt.Sprint(actor, " +", c.Added, " -", c.Removed))
	return nil
}

func TestWhoAppointsAdmins(t *testing.T) {
	people := map[string]Member{
		"owner": {ID: "owner", Admin: true}, "installer": {ID: "installer"}, "old": {ID: "old"}, "new": {ID: "new"}, "guest": {ID: "guest", Guest: true},
		"bot": {ID: "bot", Bot: true}, "stranger": {ID: "stranger", Stranger: true}, "left": {ID: "left", Deleted: true}, "leftadmin": {ID: "leftadmin", Admin: true, Deleted: true},
	}
	many := make([]string, AdminLimit+1)
	for i := range many {
		many[i] = fmt.Sprint("U", i)
	}
	for _, tt := range []struct {
		name, actor string
		version     int
		admins      []string
		want        FaultCode
		log         string
	}{
		{"the workspace's owner", "owner", 3, []string{"old", "left", "new"}, "", "owner +[new] -[]"},
		{"who installed the bot", "installer", 3, []string{"new", "new"}, "", "installer +[new] -[old left]"},
		{"who was appointed, and ends it", "old", 3, nil, "", "old +[] -[old left]"},
		{"nothing new, in another order", "owner", 3, []string{"left", "old"}, "", ""},
		{"anybody else", "new", 3, []string{"old", "left", "new"}, AdminsOnly, ""},
		{"nobody known", "nobody", 3, []string{"nobody"}, AdminsOnly, ""},
		{"an appointed one who left", "left", 3, nil, AdminsOnly, ""},
		{"an owner who left", "leftadmin", 3, nil, AdminsOnly, ""},
		{"a guest", "owner", 3, []string{"old", "left", "guest"}, AdminsMember, ""},
		{"a bot", "owner", 3, []string{"bot"}, AdminsMember, ""},
		{"somebody from outside", "owner", 3, []string{"stranger"}, AdminsMember, ""},
		{"who left", "owner", 3, []string{"leftadmin"}, AdminsMember, ""},
		{"somebody unknown", "owner", 3, []string{"nobody"}, AdminsMember, ""},
		{"too many", "owner", 3, many, AdminsMany, ""},
		{"an old form", "owner", 2, []string{"new"}, FaultStale, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			record := &adminRecord{w: Workspace{Version: 3, Installer: "installer", Admins: []string{"old", "left"}}}
			settings := &Settings{Store: record}
			a := &Appointments{Store: record, Scenes: &stage{members: people}, Settings: settings}
			_, err := a.Appoint(t.Context(), "token", tt.actor, tt.version, tt.admins)
			if code(err) != tt.want || strings.Join(record.log, ";") != tt.log {
				t.Fatalf("answered %v, noted %q", err, record.log)
			}
			if _, err := a.Appointed(t.Context(), tt.actor); (tt.want == AdminsOnly) != (code(err) == AdminsOnly) && tt.actor != "old" {
				t.Errorf("looking: %v", err)
			}
			if tt.log == "" {
				return
			}
			for _, id := range tt.admins {
				if !settings.Current().Admin(people[id]) && id != "left" {
					t.Errorf("%s is no admin", id)
				}
			}
			if len(tt.admins) > 0 && !slices.Equal(record.w.Admins, unique(slices.Clone(tt.admins))) {
				t.Errorf("stored %v", record.w.Admins)
			}
			record.w.Version = tt.version // the same form once more, by another road
			if _, err := a.Appoint(t.Context(), "token", "owner", tt.version, append(tt.admins, "installer")); err != nil || len(record.log) != 1 {
				t.Errorf("the same act again: %v, %q", err, record.log)
			}
		})
	}
}

func TestAnUnsavedAppointmentIsSaidToBeOne(t *testing.T) {
	record := &adminRecord{w: Workspace{Version: 3}, err: context.DeadlineExceeded}
	a := &Appointments{Store: record, Scenes: &stage{members: map[string]Member{"o": {ID: "o", Admin: true}, "n": {ID: "n"}}}, Settings: &Settings{Store: record}}
	if _, err := a.Appoint(t.Context(), "t", "o", 3, []string{"n"}); code(err) != FaultUnsaved {
		t.Errorf("answered %v", err)
	}
}
