package storage

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// schema is the version of everything that is stored. A store of another version is refused.
const schema = "1"

// Options say where the store is and whose it is.
type Options struct {
	// URL is redis://, rediss:// or unix://, as go-redis reads it. Required by [Open], ignored by [OpenEmbedded].
	URL string
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
	rdb   redis.UniversalClient
	keys  keys
	seals *sealer
	now   func() time.Time
	age   func(now time.Time) // lets times to live pass in an embedded server; nil elsewhere
	close func() error

	nonce   string // of this store; with calls it tells a repeated call of ours from another's
	calls   atomic.Uint64
	numbers map[string]*numbering
}

// Open connects to a Redis server and checks that it will not forget. Errors name no password.
func Open(ctx context.Context, o Options) (*Store, error) {
	if len(o.Key) == 0 && len(o.Ring.Keys) == 0 {
		return nil, errors.New("open store: no sealing key")
	}
	opt, err := parseURL(o.URL)
	if err != nil {
		return nil, err
	}
	s, err := newStore(o, opt)
	if err != nil {
		return nil, err
	}
	s.close = s.rdb.Close
	if err := s.prepare(ctx, o.Warn); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// parseURL never returns what go-redis says of a URL that it cannot read: it would repeat the password.
func parseURL(url string) (*redis.Options, error) {
	opt, err := redis.ParseURL(url)
	if err == nil {
		return opt, nil
	}
	scheme, _, ok := strings.Cut(url, "://")
	if !ok || !regexp.MustCompile(`^[a-z]{1,10}$`).MatchString(scheme) {
		scheme = "?"
	}
	return nil, fmt.Errorf("read the address of Redis, %s://…: it has to be redis://[user:password@]host:port/db, rediss://… or unix://[user:password@]/path", scheme)
}

// patience is how long the server may take for one answer where the context and the URL say nothing: a round of some ten thousand
// people is one script.
const patience = 10 * time.Second

// newStore makes a store that has not spoken to its server yet.
func newStore(o Options, opt *redis.Options) (*Store, error) {
	if o.Team == "" || strings.ContainsAny(o.Team, "{}: \n") {
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
		rdb: newClient(opt), keys: newKeys(o.Team), seals: seals, now: o.Now,
		nonce: rand.Text(), numbers: make(map[string]*numbering),
	}
	for _, noun := range []string{nounCommitment, nounProgram} {
		s.numbers[noun] = newNumbering()
	}
	return s, nil
}

// newClient makes a client that has not spoken to its server yet.
func newClient(opt *redis.Options) *redis.Client {
	// Redis's maintenance notifications need a handshake that neither Valkey nor an embedded server knows.
	opt.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	opt.ContextTimeoutEnabled = true
	opt.ReadTimeout = cmp.Or(opt.ReadTimeout, patience)
	opt.WriteTimeout = cmp.Or(opt.WriteTimeout, patience)
	opt.DisableIdentity = true
	return redis.NewClient(opt)
}

func ringOf(o Options) Keyring {
	switch {
	case len(o.Key) > 0:
		return SingleKey(o.Key)
	case len(o.Ring.Keys) > 0:
		return o.Ring
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never fails: crypto/rand ends the process instead
	return SingleKey(key)
}

// prepare refuses a server that drops keys, and a store of another schema.
func (s *Store) prepare(ctx context.Context, warn func(string)) error {
	warnings, err := checkServer(ctx, s.rdb)
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	for _, problem := range warnings {
		if warn != nil {
			warn(problem)
		}
	}
	return s.checkSchema(ctx)
}

func (s *Store) checkSchema(ctx context.Context) error {
	pipe := s.rdb.Pipeline()
	pipe.HSetNX(ctx, s.keys.meta(), "schema", schema)
	stored := pipe.HGet(ctx, s.keys.meta(), "schema")
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if stored.Val() != schema {
		return fmt.Errorf("open store: it has schema version %q, this program knows %q", stored.Val(), schema)
	}
	return nil
}

// Ready asks whether the store answers.
func (s *Store) Ready(ctx context.Context) error {
	if err := s.rdb.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("ping store: %w", err)
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
