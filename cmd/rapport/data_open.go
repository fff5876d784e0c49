package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"rapport/storage"
)

// dataDirDefault is the folder of a bot without REDIS_URL that was told no other.
const dataDirDefault = "rapport-data"

// toolOptions reads the variables that an operator's tool needs to reach the store: where it is, and the sealing keys if there are any. It needs no tokens of
// Slack, and makes no key.
func toolOptions(s streams) (storage.Options, error) {
	o := storage.Options{
		Now:  time.Now, // the real-time edge
		Warn: func(problem string) { fmt.Fprintln(s.err, "rapport:", problem) },
	}
	url, err := envSecret(s.env, "REDIS_URL")
	if err != nil {
		return o, err
	}
	o.URL = url
	if o.URL == "" {
		dir, _ := s.env("RAPPORT_DATA_DIR")
		o.Dir = cmp.Or(dir, dataDirDefault)
	}
	if o.Ring, err = toolKeys(s.env); err != nil {
		return o, err
	}
	return o, nil
}

// envSecret reads a secret from its variable, or from the file that NAME_FILE names.
func envSecret(env func(string) (string, bool), name string) (string, error) {
	value, _ := env(name)
	path, _ := env(name + "_FILE")
	switch {
	case path == "":
		return value, nil
	case value != "":
		return "", fmt.Errorf("read %s: it and %s_FILE are both set: keep one of them", name, name)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read %s_FILE: %w", name, err)
	}
	return strings.TrimSpace(string(data)), nil
}

// openServer reaches the store that the environment names, for an operator's tool: REDIS_URL if it is set; else the folder RAPPORT_DATA_DIR, through the bot that
// runs on it or by itself. Close it in the end.
func openServer(ctx context.Context, s streams) (*storage.Server, error) {
	o, err := toolOptions(s)
	if err != nil {
		return nil, err
	}
	return storage.Connect(ctx, o)
}

// openTools opens the store of a workspace for an operator's tool, where openServer would find it. team may be empty if the store holds only one.
func openTools(ctx context.Context, s streams, team string) (*storage.Store, error) {
	o, err := toolOptions(s)
	if err != nil {
		return nil, err
	}
	o.Team = team
	return storage.OpenWorkspace(ctx, o)
}
