package storage

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Keyring holds the keys that private texts are sealed with: one for writing, all for reading, so that a key can be replaced without
// a moment in which old texts cannot be read.
type Keyring struct {
	// Current names the key that seals. Required.
	Current string
	// Keys are AES-256 keys of 32 bytes by name. A name is at most 16 letters and digits.
	Keys map[string][]byte
}

// SingleKey is the keyring of a store that has only ever had one key.
func SingleKey(key []byte) Keyring {
	return Keyring{Current: "k1", Keys: map[string][]byte{"k1": key}}
}

// sealer seals and opens texts with AES-256-GCM. A sealed text is "<key name>:<base64 of nonce and ciphertext>".
type sealer struct {
	current string
	aeads   map[string]cipher.AEAD
	rand    io.Reader
}

func newSealer(ring Keyring) (*sealer, error) {
	s := &sealer{current: ring.Current, aeads: make(map[string]cipher.AEAD, len(ring.Keys)), rand: rand.Reader}
	for name, key := range ring.Keys {
		if !keyName(name) {
			return nil, fmt.Errorf("read sealing key %q: a name is 1 to 16 letters and digits", name)
		}
		if len(key) != 32 {
			return nil, fmt.Errorf("read sealing key %q: %d bytes instead of 32", name, len(key))
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("read sealing key %q: %w", name, err)
		}
		if s.aeads[name], err = cipher.NewGCM(block); err != nil {
			return nil, fmt.Errorf("read sealing key %q: %w", name, err)
		}
	}
	if s.aeads[s.current] == nil {
		return nil, fmt.Errorf("read sealing keys: the current one, %q, is not among them", ring.Current)
	}
	return s, nil
}

func keyName(name string) bool {
	if name == "" || len(name) > 16 {
		return false
	}
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			return false
		}
	}
	return true
}

// seal encrypts text; place binds it to where it stands, so that it cannot be moved into another record.
func (s *sealer) seal(text []byte, place string) (string, error) {
	aead := s.aeads[s.current]
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(text)+aead.Overhead())
	if _, err := io.ReadFull(s.rand, nonce); err != nil {
		return "", fmt.Errorf("seal text: %w", err)
	}
	box := aead.Seal(nonce, nonce, text, []byte(place))
	return s.current + ":" + base64.RawStdEncoding.EncodeToString(box), nil
}

// errSealed is the answer to a text that does not open: no key of that name, or not what was sealed there.
var errSealed = errors.New("sealed text does not open")

func (s *sealer) open(sealed, place string) ([]byte, error) {
	name, body, _ := strings.Cut(sealed, ":")
	aead := s.aeads[name]
	if aead == nil {
		return nil, fmt.Errorf("open text sealed with key %q: no such key: %w", name, errSealed)
	}
	box, err := base64.RawStdEncoding.DecodeString(body)
	if err != nil || len(box) < aead.NonceSize() {
		return nil, fmt.Errorf("open text sealed with key %q: malformed: %w", name, errSealed)
	}
	text, err := aead.Open(nil, box[:aead.NonceSize()], box[aead.NonceSize():], []byte(place))
	if err != nil {
		return nil, fmt.Errorf("open text sealed with key %q: %w", name, errSealed)
	}
	return text, nil
}
