package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
)

// KudosChannel is what is wrong with the channel for kudos that were given elsewhere: it is private, other companies read it, or the bot is not in it.
const KudosChannel FaultCode = "kudos_channel"

// WorkspaceRuleStore keeps what a workspace decided.
type WorkspaceRuleStore interface {
	// Workspace answers [ErrNotFound] before the first start.
	Workspace(ctx context.Context) (Workspace, error)
	// SaveWorkspaceRules stores w if the stored version is still w.Version, else [ErrConflict], and notes in the operators' log who changed what, as names of
	// settings; [ErrRepeated] when the token came before.
	SaveWorkspaceRules(ctx context.Context, token Token, w Workspace, actor string, changed []string) error
}

// WorkspaceRules are what Rapport's admins set for everybody. All fields are required.
type WorkspaceRules struct {
	Store    WorkspaceRuleStore
	Scenes   SceneReader
	Settings *Settings
}

// WorkspaceLook is what an admin sees of the settings.
type WorkspaceLook struct {
	Workspace
	Place Channel // what is known of Kudos.Channel; the zero value for nothing
}

// WorkspaceAct is one change by one of Rapport's admins.
type WorkspaceAct struct {
	Token Token
	Actor string
	Seen  string // what the admin looked at, as the Seen methods tell it; where it is no longer so, nothing changes
}

// Look reads the settings for one of Rapport's admins; [AdminsOnly] for everybody else.
func (u *WorkspaceRules) Look(ctx context.Context, actor string) (WorkspaceLook, error) {
	w, err := u.Store.Workspace(ctx)
	if err != nil {
		return WorkspaceLook{}, &Fault{Code: FaultUnread, Cause: err}
	}
	scene, err := u.Scenes.Scene(ctx, w.Kudos.Channel, actor)
	if err != nil {
		return WorkspaceLook{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if !w.Admin(scene.Members[actor]) {
		return WorkspaceLook{}, &Fault{Code: AdminsOnly}
	}
	return lookOf(w, scene.Channel), nil
}

// SaveValue puts v in the place of the value that is called was, or adds it if was is empty. [FaultStale] if that value is no longer as it was seen.
func (u *WorkspaceRules) SaveValue(ctx context.Context, act WorkspaceAct, was string, v Value) (WorkspaceLook, error) {
	v = v.Tidy()
	return u.change(ctx, act, "", func(w *Workspace, _ Scene) ([]string, error) {
		if wrong := v.Wrong(); len(wrong) > 0 {
			return nil, &Fault{Code: wrong[0]}
		}
		i := slices.IndexFunc(w.Values, func(v Value) bool { return v.Name == was })
		if slices.Contains(w.Values, v) && (i < 0 || was == v.Name) {
			return nil, nil // the same form again, or somebody else's like it
		}
		if same, taken := w.like(v.Name, was); taken {
			return nil, &Fault{Code: ValueTaken, Typed: same.Name}
		}
		if was == "" {
			if len(w.Values) >= ValueLimit {
				return nil, &Fault{Code: ValueMany, Limit: ValueLimit}
			}
			w.Values = append(w.Values, v)
			return []string{"value-added"}, nil
		}
		if i < 0 || w.Values[i].Seen() != act.Seen {
			return nil, &Fault{Code: FaultStale}
		}
		w.Values[i] = v
		return []string{"value-changed"}, nil
	})
}

// RemoveValue takes a value away. One that is not there is no error. [FaultStale] if it is no longer as it was seen.
func (u *WorkspaceRules) RemoveValue(ctx context.Context, act WorkspaceAct, name string) (WorkspaceLook, error) {
	return u.change(ctx, act, "", func(w *Workspace, _ Scene) ([]string, error) {
		i := slices.IndexFunc(w.Values, func(v Value) bool { return v.Name == name })
		switch {
		case i < 0:
			return nil, nil
		case w.Values[i].Seen() != act.Seen:
			return nil, &Fault{Code: FaultStale}
		}
		w.Values = slices.Delete(w.Values, i, i+1)
		return []string{"value-removed"}, nil
	})
}

// ResetValues goes back to the standard values. [FaultStale] if the list is no longer as it was seen.
func (u *WorkspaceRules) ResetValues(ctx context.Context, act WorkspaceAct) (WorkspaceLook, error) {
	return u.change(ctx, act, "", func(w *Workspace, _ Scene) ([]string, error) {
		switch {
		case slices.Equal(w.Values, StandardValues()):
			return nil, nil
		case w.ValuesSeen() != act.Seen:
			return nil, &Fault{Code: FaultStale}
		}
		w.Values = StandardValues()
		return []string{"standard-values"}, nil
	})
}

// SaveKudos replaces what a workspace decided about kudos. [FaultStale] if that is no longer as it was seen.
func (u *WorkspaceRules) SaveKudos(ctx context.Context, act WorkspaceAct, set KudosSettings) (WorkspaceLook, error) {
	set = set.Tidy()
	return u.change(ctx, act, set.Channel, func(w *Workspace, scene Scene) ([]string, error) {
		if wrong := set.Wrong(); len(wrong) > 0 {
			return nil, &Fault{Code: wrong[0]}
		}
		was := w.Kudos
		switch {
		case set == was:
			return nil, nil
		case was.Seen() != act.Seen:
			return nil, &Fault{Code: FaultStale}
		case set.Channel != "" && set.Channel != was.Channel && !suits(scene.Channel, set.Channel):
			return nil, &Fault{Code: KudosChannel}
		}
		w.Kudos = set
		return was.changed(set), nil
	})
}

// suits reports whether kudos given elsewhere can be posted in a channel: by the bot, before colleagues alone, and before all of them.
func suits(c Channel, id string) bool { return c.ID == id && c.Postable() && !c.Private && !c.Shared }

// ruleTries is how often a change is tried while other changes of the record come first.
const ruleTries = 4

// ruleEdit changes a record, and says which settings it changed: none where all is as wished already.
type ruleEdit func(w *Workspace, scene Scene) (changed []string, err error)

// change applies an edit to the record as it is stored now. Where something else of the record changes at the same time, the edit looks at its own part again.
func (u *WorkspaceRules) change(ctx context.Context, act WorkspaceAct, channel string, edit ruleEdit) (WorkspaceLook, error) {
	for range ruleTries {
		look, err := u.try(ctx, act, channel, edit)
		switch {
		case errors.Is(err, ErrRepeated):
			return u.Look(ctx, act.Actor)
		case err == nil || !errors.Is(err, ErrConflict):
			return look, err
		}
	}
	return WorkspaceLook{}, &Fault{Code: FaultStale}
}

// try is one reading and one writing. Who is an admin is asked of the store: another process may have changed it just now. It answers [ErrConflict] and [ErrRepeated] as
// the store does, and everything else as a *[Fault].
func (u *WorkspaceRules) try(ctx context.Context, act WorkspaceAct, channel string, edit ruleEdit) (WorkspaceLook, error) {
	w, err := u.Store.Workspace(ctx)
	if err != nil {
		return WorkspaceLook{}, &Fault{Code: FaultUnread, Cause: err}
	}
	scene, err := u.Scenes.Scene(ctx, orElse(channel, w.Kudos.Channel), act.Actor)
	if err != nil {
		return WorkspaceLook{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if !w.Admin(scene.Members[act.Actor]) {
		return WorkspaceLook{}, &Fault{Code: AdminsOnly}
	}
	w.Values = slices.Clone(w.Values)
	changed, err := edit(&w, scene)
	if err != nil || len(changed) == 0 {
		return lookOf(w, scene.Channel), err
	}
	err = u.Store.SaveWorkspaceRules(ctx, act.Token, w, act.Actor, changed)
	switch {
	case errors.Is(err, ErrConflict) || errors.Is(err, ErrRepeated):
		return WorkspaceLook{}, err
	case err != nil:
		return WorkspaceLook{}, &Fault{Code: FaultUnsaved, Cause: err}
	}
	_ = u.Settings.Refresh(ctx) // it is saved; a process that cannot read it now learns of it when it next looks
	w.Version++
	return lookOf(w, scene.Channel), nil
}

func lookOf(w Workspace, place Channel) WorkspaceLook {
	if place.ID != w.Kudos.Channel {
		place = Channel{}
	}
	return WorkspaceLook{Workspace: w, Place: place}
}

// fingerprint tells one state of something from another, in a few characters that a form can carry.
func fingerprint(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
