package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"slices"
	"time"

	"rapport/storage"
)

// checkSealing finds out whether the keys open what the workspace's store holds. It makes no key and no store; a store that cannot be reached was named before.
func checkSealing(ctx context.Context, c config, team string) problems {
	ring, err := presentKeys(c)
	if err != nil {
		return problems{{"the sealing key cannot be read: " + err.Error(), "Put the right key there: 32 bytes in hexadecimal or base64. A new one does not open what the old one sealed."}}
	}
	missing := len(ring.Keys) == 0
	if missing { // the first start would make one, as new to the store as this
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never fails
		ring = storage.NewKeyring(key)
	}
	ctx, cancel := context.WithTimeout(ctx, doctorTime)
	defer cancel()
	server, err := storage.Connect(ctx, storage.Options{URL: c.RedisURL, Dir: c.DataDir, Ring: ring, Now: time.Now})
	switch {
	case errors.Is(err, fs.ErrNotExist), err != nil && c.RedisURL != "":
		return nil // there is none yet, or it was named before
	case err != nil:
		return problems{{"the store cannot be used: " + err.Error(), "Check RAPPORT_DATA_DIR and who may use that folder."}}
	}
	defer func() { _ = server.Close() }() // nothing was written
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

// presentKeys are those that are configured; none if there is no key yet. What is wrong with variables was named before.
func presentKeys(c config) (storage.Keyring, error) {
	former, err := decodeKeys(c.OldKeys)
	if err != nil {
		return storage.Keyring{}, nil
	}
	if c.Key != "" {
		current, err := decodeKey(c.Key)
		if err != nil {
			return storage.Keyring{}, nil
		}
		return storage.NewKeyring(current, former...), nil
	}
	current, err := readKeyFile(c.KeyPath)
	if errors.Is(err, fs.ErrNotExist) {
		return storage.Keyring{}, nil
	}
	if err != nil {
		return storage.Keyring{}, err
	}
	return storage.NewKeyring(current, former...), nil
}
