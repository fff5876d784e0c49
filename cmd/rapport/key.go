package main

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"rapport/storage"
)

// keyFileDefault is where the key is if RAPPORT_KEY does not say it.
const keyFileDefault = "rapport.key"

// keySource is where the sealing keys come from, for the bot as for every tool.
type keySource struct {
	current string // RAPPORT_KEY; empty: the file at path holds it
	former  string // RAPPORT_KEY_OLD
	path    string // RAPPORT_KEY_PATH
}

func (c config) keys() keySource {
	return keySource{current: c.Key, former: c.OldKeys, path: c.KeyPath}
}

// keysOf is the source that the environment names, for tools, which need no other configuration.
func keysOf(env func(string) (string, bool)) (k keySource, err error) {
	if k.current, err = envSecret(env, "RAPPORT_KEY"); err != nil {
		return k, err
	}
	if k.former, err = envSecret(env, "RAPPORT_KEY_OLD"); err != nil {
		return k, err
	}
	path, _ := env("RAPPORT_KEY_PATH")
	k.path = cmp.Or(path, keyFileDefault)
	return k, nil
}

// read returns the keys; none if there is no key that seals. It makes none.
func (k keySource) read() (storage.Keyring, error) {
	former, err := decodeKeys(k.former)
	if err != nil {
		return storage.Keyring{}, fmt.Errorf("read RAPPORT_KEY_OLD: %w", err)
	}
	var current []byte
	if k.current != "" {
		current, err = decodeKey(k.current)
	} else if current, err = readKeyFile(k.path); errors.Is(err, fs.ErrNotExist) {
		return storage.Keyring{}, nil
	}
	if err != nil {
		return storage.Keyring{}, fmt.Errorf("read RAPPORT_KEY: %w", err)
	}
	return storage.NewKeyring(current, former...), nil
}

// keep writes a new key to the file and returns the keys from then on.
func (k keySource) keep(key []byte, log *slog.Logger) (storage.Keyring, error) {
	f, err := os.OpenFile(filepath.Clean(k.path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return storage.Keyring{}, fmt.Errorf("make key file: %w", err)
	}
	_, err = fmt.Fprintln(f, hex.EncodeToString(key))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return storage.Keyring{}, fmt.Errorf("write key file: %w", err)
	}
	log.Warn("made a key that seals what people promise; keep a copy of it away from the data", "file", k.path)
	return k.read()
}

// newKey draws a key.
func newKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return key
}

// decodeKey reads 32 bytes from hexadecimal or base64.
func decodeKey(text string) ([]byte, error) {
	for _, decode := range []func(string) ([]byte, error){hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawURLEncoding.DecodeString} {
		if key, err := decode(text); err == nil && len(key) == 32 {
			return key, nil
		}
	}
	return nil, errors.New("decode key: not 32 bytes in hexadecimal or base64")
}

// decodeKeys reads keys with commas or white space between them, for a file has lines.
func decodeKeys(text string) ([][]byte, error) {
	var keys [][]byte
	for one := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		key, err := decodeKey(one)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// readKeyFile reads the key from its file; [fs.ErrNotExist] if there is none.
func readKeyFile(path string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	key, err := decodeKey(strings.TrimSpace(string(data)))
	if err != nil {
		return nil, fmt.Errorf("read key file %q: %w", path, err)
	}
	return key, nil
}
