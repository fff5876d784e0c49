package storage

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// What is stored rests on the names: they may never change.
func TestAKeyIsNamedAfterItself(t *testing.T) {
	if got := keyID([]byte("0123456789abcdef0123456789abcdef")); got != "397be78b" {
		t.Errorf("the key's name is %q", got)
	}
	current, other := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	ring := NewKeyring(current, other, current)
	if len(ring.Keys) != 2 || !bytes.Equal(ring.Keys[ring.Current], current) || ring.Current == keyID(other) {
		t.Errorf("the keyring is %v", ring)
	}
	if _, err := newSealer(NewKeyring(current, other[:31])); err == nil {
		t.Error("a key of 31 bytes was accepted")
	}
}

func TestATextFromBeforeKeysHadNamesOpensWithWhicheverKeyFits(t *testing.T) {
	old, fresh := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	before, err := newSealer(Keyring{Current: unnamed, Keys: map[string][]byte{unnamed: old}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := before.seal([]byte("words"), "place")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(text, "k1:") {
		t.Fatalf("the text is %q", text)
	}
	for _, test := range []struct {
		name  string
		ring  Keyring
		place string
		key   string // that opens it; "": none
	}{
		{"its key alone", NewKeyring(old), "place", keyID(old)},
		{"its key among others", NewKeyring(fresh, old), "place", keyID(old)},
		{"another key", NewKeyring(fresh), "place", ""},
		{"another place", NewKeyring(fresh, old), "elsewhere", ""},
	} {
		s, err := newSealer(test.ring)
		if err != nil {
			t.Fatal(err)
		}
		words, key, err := s.openNamed(text, test.place)
		if key != test.key || (err == nil) != (test.key != "") || err == nil && string(words) != "words" {
			t.Errorf("%s: %q with %q, %v", test.name, words, key, err)
		}
		if err != nil && !errors.Is(err, errSealed) {
			t.Errorf("%s: %v is not errSealed", test.name, err)
		}
	}
}
