package storage

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Keyring holds the keys that private texts are sealed with: one for writing, all for reading, so that a key can be replaced without
// a moment in which old texts cannot be read.
type Keyring struct {
	// Current names the key that seals. Required.
	Current string
	// Keys are AES-256 keys of 32 bytes by name. A name is at most 16 letters and digits.
	Keys map[string][]byte

	throwaway bool // the key lives no longer than the store: nothing that was sealed before opens, and that is no mistake
}

// NewKeyring is the keyring of a key of 32 bytes that seals and of others that only open: those from before it and, while several processes change to another
// one by one, the one that comes after it. Each is named after itself, so nobody has to keep names beside keys.
func NewKeyring(current []byte, others ...[]byte) Keyring {
	ring := Keyring{Current: keyID(current), Keys: make(map[string][]byte, 1+len(others))}
	for _, key := range others {
		ring.Keys[keyID(key)] = key
	}
	ring.Keys[ring.Current] = current
	return ring
}

// keyID names a key: enough of a digest to tell some keys from each other, and nothing that helps to find one.
func keyID(key []byte) string {
	sum := sha256.Sum256(append([]byte("rapport sealing key\n"), key...))
	return hex.EncodeToString(sum[:4])
}

// unnamed is the name that stands on texts from when there was only one key, whichever that was.
const unnamed = "k1"

// sealer seals and opens texts with AES-256-GCM. A sealed text is "<key name>:<base64 of nonce and ciphertext>".
type sealer struct {
	current   string
	throwaway bool // see Keyring
	aeads     map[string]cipher.AEAD
	names     []byte // secret of [sealer.name]
	rand      io.Reader
}

func newSealer(ring Keyring) (*sealer, error) {
	s := &sealer{current: ring.Current, throwaway: ring.throwaway, aeads: make(map[string]cipher.AEAD, len(ring.Keys)), rand: rand.Reader}
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
	mac := hmac.New(sha256.New, ring.Keys[s.current])
	mac.Write([]byte("rapport names of texts"))
	s.names = mac.Sum(nil)
	return s, nil
}

// name is a short name of a text that is the same each time and says nothing of it to who has not the key: a plain digest of few words is guessed. Under another key
// it is another name, so it fits what is remembered for minutes.
func (s *sealer) name(text string) string {
	mac := hmac.New(sha256.New, s.names)
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil)[:16])
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
	return s.sealWith(s.current, text, place)
}

// sealWith is seal with one of the other keys.
func (s *sealer) sealWith(key string, text []byte, place string) (string, error) {
	aead := s.aeads[key]
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(text)+aead.Overhead())
	if _, err := io.ReadFull(s.rand, nonce); err != nil {
		return "", fmt.Errorf("seal text: %w", err)
	}
	box := aead.Seal(nonce, nonce, text, []byte(place))
	return key + ":" + base64.RawStdEncoding.EncodeToString(box), nil
}

// errSealed is the answer to a text that does not open: no key of that name, or not what was sealed there.
var errSealed = errors.New("sealed text does not open")

// open decrypts what seal made.
func (s *sealer) open(sealed, place string) ([]byte, error) {
	text, _, err := s.openNamed(sealed, place)
	return text, err
}

// openNamed is open, and says which key it was.
func (s *sealer) openNamed(sealed, place string) (text []byte, key string, err error) {
	name, body, _ := strings.Cut(sealed, ":")
	names := []string{name}
	if s.aeads[name] == nil && name == unnamed {
		names = slices.Sorted(maps.Keys(s.aeads))
	}
	box, err := base64.RawStdEncoding.DecodeString(body)
	if err != nil {
		return nil, "", fmt.Errorf("open text sealed with key %q: malformed: %w", name, errSealed)
	}
	for _, key := range names {
		if text, ok := openBox(s.aeads[key], box, place); ok {
			return text, key, nil
		}
	}
	if s.aeads[name] == nil {
		return nil, "", fmt.Errorf("open text sealed with key %q: it is none of ours: %w", name, errSealed)
	}
	return nil, "", fmt.Errorf("open text sealed with key %q: %w", name, errSealed)
}

// openBox tries one key; nil opens nothing.
func openBox(aead cipher.AEAD, box []byte, place string) ([]byte, bool) {
	if aead == nil || len(box) < aead.NonceSize() {
		return nil, false
	}
	text, err := aead.Open(nil, box[:aead.NonceSize()], box[aead.NonceSize():], []byte(place))
	return text, err == nil
}
