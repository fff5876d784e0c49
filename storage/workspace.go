package storage

import (
	"context"

	"rapport/bot"
)

const workspaceField = "workspace"

// Workspace implements [bot.WorkspaceStore].
func (s *Store) Workspace(ctx context.Context) (bot.Workspace, error) {
	var w bot.Workspace
	err := s.getObject(ctx, "record of", s.keys.meta(), workspaceField, &w)
	return w, err
}

// SaveWorkspace implements [bot.WorkspaceStore]; [bot.ErrRepeated] when the token came before.
func (s *Store) SaveWorkspace(ctx context.Context, token bot.Token, w bot.Workspace, intents bot.Intents) error {
	c := s.change()
	c.once(token)
	was := w.Version
	w.Version++
	if err := c.put(s.keys.meta(), workspaceField, was, w); err != nil {
		return err
	}
	c.send(intents)
	return s.commit(ctx, c)
}

// SaveWorkspaceRules implements [bot.WorkspaceRuleStore].
func (s *Store) SaveWorkspaceRules(ctx context.Context, token bot.Token, w bot.Workspace, actor string, changed []string) error {
	return s.saveNoted(ctx, token, w, AuditEntry{By: actor, What: "workspace", Of: changed})
}

// saveNoted stores the record and the entry of the audit log that says who changed it in one step.
func (s *Store) saveNoted(ctx context.Context, token bot.Token, w bot.Workspace, e AuditEntry) error {
	c := s.change()
	c.once(token)
	was := w.Version
	w.Version++
	if err := c.put(s.keys.meta(), workspaceField, was, w); err != nil {
		return err
	}
	e.At, e.Call = c.now, s.call()
	if err := c.note(e); err != nil {
		return err
	}
	return s.commit(ctx, c)
}
