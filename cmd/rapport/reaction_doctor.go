package main

import (
	"context"
	"slices"

	"rapport/storage"
)

// reactionNotes says that an emoji counts as a kudos in a workspace that does not let the app see reactions. granted are the bot token's scopes; nil if they are not
// known. A workspace that cannot be read is named elsewhere.
func reactionNotes(ctx context.Context, server *storage.Server, team string, granted []string) []string {
	if team == "" || granted == nil || slices.Contains(granted, "reactions:read") {
		return nil
	}
	store, err := server.Store(ctx, team)
	if err != nil {
		return nil
	}
	w, err := store.Workspace(ctx)
	if err != nil || w.Kudos.Reaction == "" {
		return nil
	}
	return []string{"the emoji :" + w.Kudos.Reaction + ": is to count as a kudos, but the app is not told of reactions: install it again with the manifest of " +
		"`rapport manifest --with reactions` (scope reactions:read, events reaction_added and reaction_removed), or take the emoji out of `/rapport workspace`"}
}
