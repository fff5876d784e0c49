package slackapp

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"rapport/bot"
)

// appointments keeps a workspace's record, and who is asked of as who.
type appointments struct {
	mu     sync.Mutex
	w      bot.Workspace
	people map[string]bot.Member
	noted  []string
}

func (a *appointments) Workspace(context.Context) (bot.Workspace, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.w, nil
}

func (a *appointments) SaveWorkspace(context.Context, bot.Token, bot.Workspace, bot.Intents) error {
	return nil
}

func (a *appointments) SaveAdmins(_ context.Context, _ bot.Token, w bot.Workspace, actor string, _ bot.AdminChange) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if w.Version != a.w.Version {
		return bot.ErrConflict
	}
	w.Version++
	a.w, a.noted = w, append(a.noted, actor)
	return nil
}

func (a *appointments) Scene(_ context.Context, _ string, _ ...string) (bot.Scene, error) {
	return bot.Scene{Members: a.people}, nil
}

// adminsTown is a local Slack with the admins noun in it. Ana is the workspace's owner there.
func adminsTown(t *testing.T) (*town, *appointments) {
	t.Helper()
	a := &appointments{w: bot.Workspace{Team: "T1", Version: 1}, people: map[string]bot.Member{}}
	settings := &bot.Settings{Store: a}
	w := newTown(t, nil, func(c *Client) Noun {
		return &Admins{Client: c, Use: &bot.Appointments{Store: a, Scenes: a, Settings: settings}}
	})
	for _, p := range w.state().People {
		a.people[p.ID] = bot.Member{ID: p.ID, Name: p.Name, Bot: p.Bot, Admin: p.Name == "ana"}
	}
	return w, a
}

func (w *town) admins(user string) {
	w.t.Helper()
	if a := w.do("/command", map[string]any{"user": user, "channel": "#general", "command": "/rapport", "text": "admins"}); !a.Acked {
		w.t.Errorf("not acknowledged: %+v", a)
	}
	w.settle()
}

func TestAdminsAreAppointedByAdminsAlone(t *testing.T) {
	w, a := adminsTown(t)
	bob, fay := w.person("bob"), w.person("fay")
	w.admins("bob")
	if got := w.modal("bob"); got != "rapport.notice" {
		t.Fatalf("somebody who is no admin sees %q", got)
	}
	w.admins("ana")
	if got := w.modal("ana"); got != "admins.save" {
		t.Fatalf("an admin sees %q", got)
	}
	if got := w.fill("ana", map[string]any{adminsWho: []string{bob, w.botUser()}}); !strings.Contains(got.Response.Errors[adminsWho], "Only full members") {
		t.Errorf("a bot: %+v", got)
	}
	if got := w.fill("ana", map[string]any{adminsWho: []string{bob, fay}}); len(got.Response.Errors) > 0 || got.Response.ResponseAction != "update" {
		t.Fatalf("refused: %+v", got)
	}
	if !slices.Equal(a.w.Admins, []string{bob, fay}) || !slices.Equal(a.noted, []string{w.person("ana")}) {
		t.Errorf("stored %+v, noted %q", a.w, a.noted)
	}
	w.do("/close", map[string]any{"user": "bob", "clear": true})
	w.admins("bob")
	if got := w.modal("bob"); got != "admins.save" {
		t.Fatalf("who was appointed sees %q", got)
	}
	// The list moved on below the form that is open.
	a.mu.Lock()
	a.w.Version++
	a.mu.Unlock()
	if got := w.fill("bob", map[string]any{adminsWho: []string{fay}}); !strings.Contains(got.Response.Errors[adminsWho], "a moment ago") {
		t.Errorf("an old form: %+v", got)
	}
	// A form that was opened as an admin is worth nothing to who is one no longer.
	a.mu.Lock()
	a.w.Admins = nil
	a.mu.Unlock()
	if got := w.fill("bob", map[string]any{adminsWho: []string{bob}}); !strings.Contains(got.Response.Errors[adminsWho], "Only Rapport's admins") || len(a.noted) != 1 {
		t.Errorf("a form of before: %+v", got)
	}
	w.unbroken()
}

func TestAdminsLookAsTheyDid(t *testing.T) {
	for name, m := range map[string]Modal{
		"form":         adminsForm(bot.Workspace{Version: 3, Installer: "U1", Admins: []string{"U2"}}),
		"form_first":   adminsForm(bot.Workspace{Version: 1}),
		"saved":        adminsSaved(bot.AdminChange{Admins: []string{"U2", "U3"}, Added: []string{"U3"}, Removed: []string{"U4", "U5"}}),
		"saved_none":   adminsSaved(bot.AdminChange{}),
		"only_admins":  noticeModal(adminsSentence(&bot.Fault{Code: bot.AdminsOnly})),
		"full_members": noticeModal(adminsSentence(&bot.Fault{Code: bot.AdminsMember, Names: []string{"U8", "U9"}})),
		"too_many":     noticeModal(adminsSentence(&bot.Fault{Code: bot.AdminsMany, Limit: bot.AdminLimit})),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, "admins_"+name, sealed)
	}
}
