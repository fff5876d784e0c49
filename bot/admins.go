package bot

import (
	"context"
	"errors"
	"slices"
)

// AdminLimit is how many admins can be appointed beside the workspace's own.
const AdminLimit = 50

// What can be wrong with a list of admins.
const (
	AdminsOnly   FaultCode = "admins_only"   // only Rapport's admins appoint others
	AdminsMember FaultCode = "admins_member" // somebody is no full member of the workspace; Names says who
	AdminsMany   FaultCode = "admins_many"
)

// AdminStore keeps who was appointed.
type AdminStore interface {
	// Workspace answers [ErrNotFound] before the first start.
	Workspace(ctx context.Context) (Workspace, error)
	// SaveAdmins stores w if the stored version is still w.Version, else [ErrConflict], and notes in the operators' log who appointed and dismissed whom;
	// [ErrRepeated] when the token came before.
	SaveAdmins(ctx context.Context, token Token, w Workspace, actor string, change AdminChange) error
}

// AdminChange is what a change of Rapport's admins did, as member ids.
type AdminChange struct {
	Admins  []string // who is appointed now
	Added   []string
	Removed []string
}

// Appointments are who looks after Rapport in a workspace, beside its own owners and admins and whoever installed it. All fields are required.
type Appointments struct {
	Store    AdminStore
	Scenes   SceneReader
	Settings *Settings
}

// Appointed reads the workspace's record for one of its admins; [AdminsOnly] for everybody else.
func (a *Appointments) Appointed(ctx context.Context, actor string) (Workspace, error) {
	w, _, err := a.read(ctx, actor)
	return w, err
}

// Appoint replaces the list of those who are appointed, for one of Rapport's admins who looked at that version of the record. New ones have to be full members; who
// is on the list may stay there once they are gone.
func (a *Appointments) Appoint(ctx context.Context, token Token, actor string, version int, admins []string) (AdminChange, error) {
	admins = unique(slices.Clone(admins))
	if len(admins) > AdminLimit {
		return AdminChange{}, &Fault{Code: AdminsMany, Limit: AdminLimit}
	}
	w, scene, err := a.read(ctx, actor, admins...)
	if err != nil {
		return AdminChange{}, err
	}
	change := adminChange(w.Admins, admins)
	if wrong := slices.DeleteFunc(slices.Clone(change.Added), func(id string) bool { return scene.Members[id].Person() && !scene.Members[id].Guest }); len(wrong) > 0 {
		return AdminChange{}, &Fault{Code: AdminsMember, Names: wrong}
	}
	if len(change.Added)+len(change.Removed) == 0 {
		return change, nil
	}
	w.Version, w.Admins = version, admins
	switch err := a.Store.SaveAdmins(ctx, token, w, actor, change); {
	case errors.Is(err, ErrConflict):
		return AdminChange{}, &Fault{Code: FaultStale, Cause: err}
	case err != nil && !errors.Is(err, ErrRepeated):
		return AdminChange{}, &Fault{Code: FaultUnsaved, Cause: err}
	}
	_ = a.Settings.Refresh(ctx) // it is saved; a process that cannot read it now learns of it when it next looks
	return change, nil
}

// read finds the record and some people for an admin. Who is one is asked of the store: another process may have changed it just now.
func (a *Appointments) read(ctx context.Context, actor string, others ...string) (Workspace, Scene, error) {
	w, err := a.Store.Workspace(ctx)
	if err != nil {
		return Workspace{}, Scene{}, &Fault{Code: FaultUnread, Cause: err}
	}
	scene, err := a.Scenes.Scene(ctx, "", unique(append([]string{actor}, others...))...)
	if err != nil {
		return Workspace{}, Scene{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if !w.Admin(scene.Members[actor]) {
		return Workspace{}, Scene{}, &Fault{Code: AdminsOnly}
	}
	return w, scene, nil
}

// adminChange says who is new on a list, and who is no longer there.
func adminChange(was, is []string) AdminChange {
	without := func(list, other []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(id string) bool { return slices.Contains(other, id) })
	}
	return AdminChange{Admins: is, Added: without(is, was), Removed: without(was, is)}
}
