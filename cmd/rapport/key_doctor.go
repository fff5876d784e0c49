package main

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"time"

	"rapport/storage"
)

// checkHeld looks at what the store holds of the workspace: whether it can be read, and whether the keys open what is sealed in it. It makes no key and no store, and
// leaves a folder as it is; notes are what the store warns of and a bot can start with. A server or folder that cannot be used was named before.
func checkHeld(ctx context.Context, c config, team string, granted []string) (notes []string, found problems) {
	if !c.keysLegible() || c.RedisURL == "" && storage.CheckFolder(c.DataDir) != nil {
		return nil, nil // named before
	}
	ring, err := c.keys().read()
	if err != nil {
		return nil, problems{{"the sealing key cannot be read: " + err.Error(), "Put the right key there: 32 bytes in hexadecimal or base64. A new one does not open what the old one sealed."}}
	}
	missing := len(ring.Keys) == 0
	if missing { // the first start would make one, as new to the store as this
		ring = storage.NewKeyring(newKey())
	}
	ctx, cancel := context.WithTimeout(ctx, doctorTime)
	defer cancel()
	server, err := storage.Inspect(ctx, storage.Options{
		URL: c.RedisURL, Dir: c.DataDir, Ring: ring, Now: time.Now, Warn: func(problem string) { notes = append(notes, problem) }, // the real-time edge
	})
	switch {
	case errors.Is(err, fs.ErrNotExist), err != nil && c.RedisURL != "":
		return notes, nil // there is none yet, or it was named before
	case err != nil:
		return notes, problems{{"the store cannot be used: " + err.Error(), "Check RAPPORT_DATA_DIR and who may use that folder."}}
	}
	defer func() { _ = server.Close() }() // nothing was written
	notes = append(notes, directoryNotes(ctx, server, team)...)
	notes = append(notes, reactionNotes(ctx, server, team, granted)...)
	return notes, checkSealing(ctx, server, team, missing)
}

// checkSealing finds out whether the server's keys open what it holds of the workspace, or if none is known of the only one. missing says that these keys are none.
func checkSealing(ctx context.Context, server *storage.Server, team string, missing bool) problems {
	teams, err := server.Teams(ctx)
	switch {
	case err != nil:
		return problems{{"the store cannot be used: " + err.Error(), "Check that it answers, and what its user may do."}}
	case team == "" && len(teams) == 1:
		team = teams[0]
	case !slices.Contains(teams, team):
		return nil // nothing is stored of the workspace yet
	}
	switch err := server.CheckKeys(ctx, team); {
	case errors.Is(err, storage.ErrOtherKey) && missing:
		return problems{{"there is no sealing key, and the store holds what one sealed", "Set RAPPORT_KEY to it, or RAPPORT_KEY_PATH to its file."}}
	case err != nil:
		return problems{{"the sealing keys do not fit: " + err.Error(), "Set RAPPORT_KEY to the key that the store was sealed with. While it is being replaced, name the former one in RAPPORT_KEY_OLD."}}
	}
	return nil
}

// keysLegible reports whether the variables that hold keys do.
func (c config) keysLegible() bool {
	_, current := decodeKey(c.Key)
	_, former := decodeKeys(c.OldKeys)
	return (c.Key == "" || current == nil) && former == nil
}
