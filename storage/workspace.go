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
