package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os/user"
	"strings"
	"time"
	"unicode"

	"rapport/storage"
)

// What operator's tools have in common: how they find the store, which workspace they mean, and who is at work.

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
	keys, err := keysOf(s.env)
	if err != nil {
		return o, err
	}
	o.Ring, err = keys.read()
	return o, err
}

// withServer does something with the store that the environment names: REDIS_URL if it is set; else the folder RAPPORT_DATA_DIR, through the bot that runs on it
// or by itself.
func withServer(ctx context.Context, s streams, do func(*storage.Server) error) (err error) {
	o, err := toolOptions(s)
	if err != nil {
		return err
	}
	server, err := storage.Connect(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	return do(server)
}

// withStore does something with a workspace's store, where withServer would find it. team may be empty if the store holds only one.
func withStore(ctx context.Context, s streams, team string, do func(*storage.Store) error) (err error) {
	o, err := toolOptions(s)
	if err != nil {
		return err
	}
	o.Team = team
	store, err := storage.OpenWorkspace(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return do(store)
}

// teamFlag adds the flag that says which workspace is meant.
func teamFlag(fs *flag.FlagSet) *string {
	return fs.String("team", "", "the workspace, if the store holds several")
}

// signer is who does something by hand, for the log.
type signer struct{ as *string }

// signFlag adds the flag that says who it is.
func signFlag(fs *flag.FlagSet) signer {
	return signer{fs.String("as", "", "who does it, for the log; your account on this machine if empty")}
}

// name is what they say of themselves, or else how the machine knows them.
func (s signer) name() string { return cmp.Or(signature(*s.as), account()) }

// note writes to the log of a workspace, before something is done to it.
func (s signer) note(ctx context.Context, store *storage.Store, what string, of ...string) error {
	return store.Note(ctx, storage.AuditEntry{At: time.Now(), By: s.name(), What: what, Of: of}) // the real-time edge
}

// signatureSize is how much of a name the log keeps, in characters.
const signatureSize = 80

// signature is a name as the log keeps it: one short line.
func signature(name string) string {
	letters := []rune(strings.Join(strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " "))
	return string(letters[:min(signatureSize, len(letters))])
}

// account is how the machine knows whoever runs this.
func account() string {
	who, err := user.Current()
	if err != nil {
		return "unknown"
	}
	return signature(who.Username)
}
