package storage

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// Options say where the store is and whose it is.
type Options struct {
	// URL is where the server is. Required by [Open], ignored by [OpenEmbedded]. The forms are
	//
	//	redis://[user:password@]host:port/db
	//	unix://[user:password@]/path?db=n
	//	redis+sentinel://[user:password@]host:port/db?master_name=name&addr=host:port&addr=…
	//	redis+cluster://[user:password@]host:port?addr=host:port&addr=…
	//
	// and rediss, rediss+sentinel, rediss+cluster for TLS to everything, with ca_file, cert_file and key_file in the query for certificates that the machine
	// does not know. The password is that of the servers with the data; Sentinels' own are sentinel_username and sentinel_password in the query.
	// Everything else that go-redis reads in a query counts, too.
	URL string
	// Dir is the folder of the embedded durable store. Without URL it is where an operator's tool looks.
	Dir string
	// Team is the workspace's id, such as T123. Required.
	Team string
	// Key is the AES-256 key of 32 bytes that private texts are sealed with. Nil: Ring is used.
	Key []byte
	// Ring holds several keys, while one is being replaced. With neither, private texts are sealed with a key that lives no longer than
	// the store: good enough for [OpenEmbedded], refused by [Open].
	Ring Keyring
	// Now is the clock that decides about windows, such as the three hours of a token. Required.
	Now func() time.Time
	// Warn is told of what works but should not stay so, such as a server without persistence. Nil: nobody is.
	Warn func(problem string)
}

// Store is the state of one workspace. It satisfies every store interface of package bot, and the scheduler's.
type Store struct {
	rdb    redis.UniversalClient
	keys   keys
	seals  *sealer
	now    func() time.Time
	age    func(now time.Time) // lets times to live pass in an embedded server; nil elsewhere
	close  func() error
	failed <-chan error // of an embedded store on a disk; nil elsewhere

	warn       func(problem string) // nil: nobody is told
	replicated bool                 // a replica has to confirm what counts; see wait.go
	watch      bool                 // the server has a run id that tells of restarts; see restart.go
	shared     bool                 // others may reach the server, too; see alive.go
	memory     memory

	nonce   string // of this store; with calls it tells a repeated call of ours from another's
	calls   atomic.Uint64
	numbers map[string]*numbering
}

// Open connects to a Redis server and checks that it will not forget. Errors name no password.
func Open(ctx context.Context, o Options) (*Store, error) {
	if len(o.Key) == 0 && len(o.Ring.Keys) == 0 {
		return nil, errors.New("open store: no sealing key")
	}
	at, err := parseURL(o.URL)
	if err != nil {
		return nil, err
	}
	s, err := newStoreOn(o, newClient(at))
	if err != nil {
		return nil, err
	}
	s.close = s.rdb.Close
	if err := s.prepare(ctx, at); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// newStore makes a store that has not spoken to its server yet.
func newStore(o Options, opt *redis.Options) (*Store, error) {
	return newStoreOn(o, newClient(address{single: opt}))
}

// notInTeam is what no workspace's id holds: names of keys are made of it.
const notInTeam = "{}: \n"

// newStoreOn makes a store that is reached through a client.
func newStoreOn(o Options, rdb redis.UniversalClient) (*Store, error) {
	if o.Team == "" || strings.ContainsAny(o.Team, notInTeam) {
		return nil, fmt.Errorf("open store: %q is no workspace id", o.Team)
	}
	if o.Now == nil {
		return nil, errors.New("open store: no clock")
	}
	seals, err := newSealer(ringOf(o))
	if err != nil {
		return nil, err
	}
	s := &Store{
		rdb: rdb, keys: newKeys(o.Team), seals: seals, now: o.Now, warn: o.Warn,
		nonce: rand.Text(), numbers: make(map[string]*numbering),
	}
	for _, noun := range []string{nounCommitment, nounProgram} {
		s.numbers[noun] = newNumbering()
	}
	return s, nil
}

func ringOf(o Options) Keyring {
	switch {
	case len(o.Key) > 0:
		return NewKeyring(o.Key)
	case len(o.Ring.Keys) > 0:
		return o.Ring
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never fails: crypto/rand ends the process instead
	ring := NewKeyring(key)
	ring.throwaway = true
	return ring
}

// prepare refuses a server that drops keys, and a store of another schema or that was sealed with another key.
func (s *Store) prepare(ctx context.Context, at address) error {
	warnings, err := checkServer(ctx, s.rdb)
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	needed, about, err := findReplicas(ctx, s.rdb, at)
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	s.replicated, s.shared = needed, true
	if about != "" {
		warnings = append(warnings, about)
	}
	for _, problem := range warnings {
		if s.warn != nil {
			s.warn(problem)
		}
	}
	if err := s.checkSchema(ctx); err != nil {
		return err
	}
	if err := s.checkKeys(ctx); err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	return s.remember(ctx)
}

// ErrEmptied is the answer of a store that was opened whole and has lost its schema, and with it everything else: somebody purged the workspace, or a server without
// persistence was started anew. It takes no changes: an operator restores it, or starts the bot again on what is then a new store.
var ErrEmptied = errors.New("the store was emptied while the bot runs: restore it, or start the bot again for a new one")

// Ready asks whether the store answers and still is the one that was opened. If it is not, that is [ErrEmptied].
func (s *Store) Ready(ctx context.Context) error {
	// On a cluster it is the workspace's own master that has to answer.
	there, err := s.rdb.HExists(ctx, s.keys.meta(), schemaField).Result()
	if err != nil {
		return fmt.Errorf("ask store whether it is there: %w", err)
	}
	if !there {
		return ErrEmptied
	}
	return nil
}

// Close ends the connections, and an embedded server with all it holds.
func (s *Store) Close() error {
	if err := s.close(); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// call names one call of this store. A script that finds it knows that the network lost the answer and the client asked again.
func (s *Store) call() string {
	return s.nonce + "." + strconv.FormatUint(s.calls.Add(1), 36)
}
