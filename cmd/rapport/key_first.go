package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"rapport/storage"
)

// openStore opens a workspace's store for the bot. o says where it is; the key that the first start needs is made here.
func openStore(ctx context.Context, o storage.Options, keys keySource, log *slog.Logger) (_ *storage.Store, err error) {
	if o.Ring, err = keys.read(); err != nil {
		return nil, err
	}
	if len(o.Ring.Keys) == 0 {
		if o.Ring, err = firstKey(ctx, o, keys, log); err != nil {
			return nil, err
		}
	}
	if o.URL == "" {
		return storage.OpenFolder(ctx, o)
	}
	return storage.Open(ctx, o)
}

// firstKey makes the key, once it is known that the store holds nothing that another one sealed: a key file that opens nothing would only be taken for the right one.
func firstKey(ctx context.Context, o storage.Options, keys keySource, log *slog.Logger) (storage.Keyring, error) {
	key := newKey()
	o.Ring, o.Warn = storage.NewKeyring(key), nil // opening warns of the same
	server, err := storage.Inspect(ctx, o)
	if errors.Is(err, fs.ErrNotExist) {
		return keys.keep(key, log) // there is no store yet
	}
	if err != nil {
		return storage.Keyring{}, err
	}
	live := server.Live()
	err = server.CheckKeys(ctx, o.Team)
	switch err = errors.Join(err, server.Close()); {
	case errors.Is(err, storage.ErrOtherKey):
		return storage.Keyring{}, fmt.Errorf("open store: there is no sealing key, and what it holds was sealed with one: set RAPPORT_KEY to it, or RAPPORT_KEY_PATH to its file (there is none at %q)", keys.path)
	case err != nil:
		return storage.Keyring{}, err
	case live:
		return storage.Keyring{}, fmt.Errorf("open store in folder %q: another process uses it. Stop that one first, or give this one a folder of its own", o.Dir)
	}
	return keys.keep(key, log)
}
