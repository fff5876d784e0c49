package storage

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// address is where a store's server is, read from a URL. Exactly one of its fields is set.
type address struct {
	single   *redis.Options         // redis://, rediss://, unix://
	sentinel *redis.FailoverOptions // redis+sentinel://, rediss+sentinel://
	cluster  *redis.ClusterOptions  // redis+cluster://, rediss+cluster://
}

// addressForms is what a person is told whose address cannot be read.
const addressForms = "it has to be redis://[user:password@]host:port/db, unix://[user:password@]/path, " +
	"redis+sentinel://[user:password@]host:port/db?master_name=name&addr=host:port or redis+cluster://[user:password@]host:port?addr=host:port, " +
	"with rediss instead of redis for TLS"

// errNoMaster is the most common mistake in an address of Sentinels.
var errNoMaster = errors.New("read the address of Redis: with Sentinels it has to name what they watch: add ?master_name=")

// parseURL reads an address, in the forms that [Options] lists. It never returns what go-redis or net/url say of one that they cannot read: they would
// repeat the password.
func parseURL(text string) (address, error) {
	scheme, kind, readable := splitScheme(text)
	bad := fmt.Errorf("read the address of Redis, %s://…: %s", scheme, addressForms)
	if !readable {
		return address{}, bad
	}
	u, err := url.Parse(text)
	if err != nil {
		return address{}, bad
	}
	u.Scheme, _, _ = strings.Cut(u.Scheme, "+")
	secure, err := takeTrust(u)
	if err != nil {
		return address{}, err
	}
	var a address
	switch kind {
	case "":
		a.single, err = redis.ParseURL(u.String())
	case "sentinel":
		a.sentinel, err = parseSentinels(u)
	case "cluster":
		a.cluster, err = redis.ParseClusterURL(u.String())
	}
	if errors.Is(err, errNoMaster) {
		return address{}, err
	}
	if err != nil {
		return address{}, bad
	}
	return a, secure.apply(a)
}

// splitScheme returns a URL's scheme, "?" if it may be something else, and what stands behind its plus.
func splitScheme(text string) (scheme, kind string, ok bool) {
	scheme, _, ok = strings.Cut(text, "://")
	if !ok || !regexp.MustCompile(`^[a-z]{1,10}(\+[a-z]{1,10})?$`).MatchString(scheme) {
		return "?", "", false
	}
	base, kind, _ := strings.Cut(scheme, "+")
	switch kind {
	case "":
		return scheme, kind, true
	case "sentinel", "cluster":
		return scheme, kind, base == "redis" || base == "rediss"
	}
	return scheme, kind, false
}

// parseSentinels reads user and password as those of the servers that hold the data; the Sentinels' own, if they have any, are named in the query. go-redis
// has it the other way round, but the password that matters is the store's.
func parseSentinels(u *url.URL) (*redis.FailoverOptions, error) {
	q := u.Query()
	name, password := q.Get("sentinel_username"), q.Get("sentinel_password")
	q.Del("sentinel_username")
	q.Del("sentinel_password")
	u.RawQuery = q.Encode()
	o, err := redis.ParseFailoverURL(u.String())
	if err != nil {
		return nil, err
	}
	if o.MasterName == "" {
		return nil, errNoMaster
	}
	o.Username, o.Password = cmp.Or(o.Username, o.SentinelUsername), cmp.Or(o.Password, o.SentinelPassword)
	o.SentinelUsername, o.SentinelPassword = name, password
	return o, nil
}

// trust is whom a TLS connection believes and what it shows of itself: files in PEM. All are optional.
type trust struct {
	ca, cert, key string
}

// takeTrust takes ca_file, cert_file and key_file out of a URL's query: go-redis knows none of them.
func takeTrust(u *url.URL) (trust, error) {
	q := u.Query()
	t := trust{ca: q.Get("ca_file"), cert: q.Get("cert_file"), key: q.Get("key_file")}
	for _, name := range []string{"ca_file", "cert_file", "key_file"} {
		q.Del(name)
	}
	u.RawQuery = q.Encode()
	switch {
	case t == trust{}:
	case u.Scheme != "rediss":
		return trust{}, errors.New("read the address of Redis: ca_file, cert_file and key_file need rediss, not redis")
	case (t.cert == "") != (t.key == ""):
		return trust{}, errors.New("read the address of Redis: cert_file and key_file go together")
	}
	return t, nil
}

// apply reads the files and completes what TLS needs.
func (t trust) apply(a address) error {
	var secure *tls.Config
	switch {
	case a.single != nil:
		secure = a.single.TLSConfig
	case a.sentinel != nil:
		secure = a.sentinel.TLSConfig
	case a.cluster != nil:
		secure = a.cluster.TLSConfig
	}
	if secure == nil {
		return nil
	}
	secure.MinVersion = tls.VersionTLS12
	if a.single == nil {
		secure.ServerName = "" // each node is asked for its own name, not for the first one's
	}
	if t.ca != "" {
		pem, err := os.ReadFile(t.ca)
		if err != nil {
			return fmt.Errorf("read the authority that signs Redis's certificate: %w", err)
		}
		secure.RootCAs = x509.NewCertPool()
		if !secure.RootCAs.AppendCertsFromPEM(pem) {
			return fmt.Errorf("read the authority that signs Redis's certificate, %q: no certificate in PEM", t.ca)
		}
	}
	if t.cert != "" {
		pair, err := tls.LoadX509KeyPair(t.cert, t.key)
		if err != nil {
			return fmt.Errorf("read our certificate for Redis: %w", err)
		}
		secure.Certificates = []tls.Certificate{pair}
	}
	return nil
}

// Times of a connection, where the address says nothing.
const (
	// patience is how long the server may take for one answer where the context says nothing: a round of some ten thousand people is one script.
	patience = 10 * time.Second
	// dials is how often a connection is tried for one command; the command itself is repeated beside that.
	dials = 1
	// topologyLife is how old the picture of a cluster may get while nothing goes wrong.
	topologyLife = 10 * time.Second
	// connectionLife is how old a connection gets behind Sentinels. A new one asks them who the primary is. Without an end, a client that missed the one message
	// that tells of a new primary would stay for ever with an old one that is cut off from the others and still answers, and nothing there would be confirmed.
	connectionLife = 10 * time.Second
)

// newClient makes a client that has not spoken to its server yet. Redis's maintenance notifications are off: they need a handshake that neither Valkey nor
// an embedded server knows. (A client of Sentinels has none.)
func newClient(a address) redis.UniversalClient {
	quiet := &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	switch {
	case a.sentinel != nil:
		o := a.sentinel
		o.ContextTimeoutEnabled, o.DisableIdentity = true, true
		o.ReadTimeout, o.WriteTimeout, o.DialerRetries = cmp.Or(o.ReadTimeout, patience), cmp.Or(o.WriteTimeout, patience), cmp.Or(o.DialerRetries, dials)
		o.ConnMaxLifetime = cmp.Or(o.ConnMaxLifetime, connectionLife)
		return redis.NewFailoverClient(o)
	case a.cluster != nil:
		o := a.cluster
		o.MaintNotificationsConfig, o.ContextTimeoutEnabled, o.DisableIdentity = quiet, true, true
		o.ReadTimeout, o.WriteTimeout, o.DialerRetries = cmp.Or(o.ReadTimeout, patience), cmp.Or(o.WriteTimeout, patience), cmp.Or(o.DialerRetries, dials)
		o.ClusterStateReloadInterval = topologyLife
		return redis.NewClusterClient(o)
	}
	o := a.single
	o.MaintNotificationsConfig, o.ContextTimeoutEnabled, o.DisableIdentity = quiet, true, true
	o.ReadTimeout, o.WriteTimeout, o.DialerRetries = cmp.Or(o.ReadTimeout, patience), cmp.Or(o.WriteTimeout, patience), cmp.Or(o.DialerRetries, dials)
	return redis.NewClient(o)
}

// RedisConn lends the store's connections to a library that brings its own use of Redis, such as a queue. What it does there is no part of the store.
type RedisConn struct{ rdb redis.UniversalClient }

// RedisConn lends the store's connections. They end with the store.
func (s *Store) RedisConn() RedisConn { return RedisConn{rdb: s.rdb} }

// MakeRedisClient returns a [redis.UniversalClient], as an any, for asynq asks for it so. Closing it does nothing: its borrower would close the store's.
func (c RedisConn) MakeRedisClient() any { return lentClient{c.rdb} }

// lentClient is a client that only its owner can close.
type lentClient struct{ redis.UniversalClient }

// Close does nothing.
func (lentClient) Close() error { return nil }
