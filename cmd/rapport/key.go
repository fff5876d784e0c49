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

// sealingKeys are the configured key, or the one in the key file, which the first start makes, and the former ones.
func sealingKeys(c config, log *slog.Logger) (storage.Keyring, error) {
	current, err := sealingKey(c, log)
	if err != nil {
		return storage.Keyring{}, err
	}
	former, err := decodeKeys(c.OldKeys)
	if err != nil {
		return storage.Keyring{}, fmt.Errorf("read RAPPORT_KEY_OLD: %w", err)
	}
	return storage.NewKeyring(current, former...), nil
}

func sealingKey(c config, log *slog.Logger) ([]byte, error) {
	if c.Key != "" {
		return decodeKey(c.Key)
	}
	key, err := readKeyFile(c.KeyPath)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	return makeKeyFile(c.KeyPath, log)
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

func makeKeyFile(path string, log *slog.Logger) ([]byte, error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	f, err := os.OpenFile(filepath.Clean(path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make key file: %w", err)
	}
	_, err = fmt.Fprintln(f, hex.EncodeToString(key))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("write key file: %w", err)
	}
	log.Warn("made a key that seals what people promise; keep a copy of it away from the data", "file", path)
	return key, nil
}

// toolKeys are the keys of an operator's tool. It makes none: an empty keyring if there is no key.
func toolKeys(env func(string) (string, bool)) (storage.Keyring, error) {
	var current []byte
	text, err := envSecret(env, "RAPPORT_KEY")
	if err != nil {
		return storage.Keyring{}, err
	}
	if text != "" {
		if current, err = decodeKey(text); err != nil {
			return storage.Keyring{}, fmt.Errorf("read RAPPORT_KEY: %w", err)
		}
	} else {
		path, _ := env("RAPPORT_KEY_PATH")
		current, err = readKeyFile(cmp.Or(path, keyFileDefault))
		if errors.Is(err, fs.ErrNotExist) {
			return storage.Keyring{}, nil
		}
		if err != nil {
			return storage.Keyring{}, fmt.Errorf("read RAPPORT_KEY: %w", err)
		}
	}
	if text, err = envSecret(env, "RAPPORT_KEY_OLD"); err != nil {
		return storage.Keyring{}, err
	}
	former, err := decodeKeys(text)
	if err != nil {
		return storage.Keyring{}, fmt.Errorf("read RAPPORT_KEY_OLD: %w", err)
	}
	return storage.NewKeyring(current, former...), nil
}
