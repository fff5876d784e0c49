package redistest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Options say what kind of server is started. The zero value is a plain one that keeps nothing on disk.
type Options struct {
	// Program is the server's binary. Empty: that of [Program].
	Program string
	// AOF makes it write every change to a file, which the system gets before the client gets its answer, and the disk each second. What was
	// acknowledged survives a kill, unless the disk was just taking its time: then the system gets it up to two seconds later. Where a test rests on what
	// survives, Args say "--appendfsync", "no": the system gets it at once, and the disk when the system likes.
	AOF bool
	// TLS makes it speak nothing else, under a certificate of an authority made for this server alone, and ask clients for one, too.
	TLS bool
	// User, if set, is the only one who may log in beside the test itself, with Password. They may touch keys that begin with one of Prefixes, and run all commands but the dangerous ones
	// that no store needs.
	User, Password string
	// Prefixes are what keys begin with that User may touch. None: rapport: alone.
	Prefixes []string
	// Args are further arguments of the server, such as "--maxmemory", "2mb".
	Args []string
}

// Server is one server process, which can be killed and started again on the same port and directory.
type Server struct {
	program, dir string
	port         int
	options      Options
	args         []string
	secrets      *authority // nil without TLS

	mu  sync.Mutex
	run *process
}

// Start starts a server for as long as the test runs.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := Open(o)
	Need(t, err)
	t.Cleanup(s.Close)
	return s
}

// Open starts a server that the caller closes, for one that several tests share.
func Open(o Options) (*Server, error) {
	program := o.Program
	if program == "" {
		var err error
		if program, err = Program(); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp("", "redistest-")
	if err != nil {
		return nil, fmt.Errorf("make directory of server: %w", err)
	}
	s := &Server{program: program, dir: dir, options: o}
	if o.TLS {
		if s.secrets, err = newAuthority(dir); err != nil {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
	}
	s.args = append(s.persistence(), o.Args...)
	if err := s.startOnFreePort(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

// persistence are the arguments for what is kept on disk. SAVE by hand works always.
func (s *Server) persistence() []string {
	args := []string{"--save", "", "--appendonly", "no"}
	if s.options.AOF {
		args = []string{"--save", "", "--appendonly", "yes", "--appendfsync", "everysec"}
	}
	if s.options.User != "" {
		args = append(args, "--user", "default", "off", "--user", adminUser, "on", ">"+adminWord, "+@all", "~*", "&*", "--user")
		args = append(args, s.rule()...)
	}
	return args
}

// rule is the access rule of the only user.
func (s *Server) rule() []string {
	rule := []string{s.options.User, "on", ">" + s.options.Password, "+@all", "-@dangerous", "+info"}
	prefixes := s.options.Prefixes
	if len(prefixes) == 0 {
		prefixes = []string{"rapport:"}
	}
	for _, prefix := range prefixes {
		rule = append(rule, "~"+prefix+"*")
	}
	return rule
}

// startAttempts is how often a free port is looked for: another process may take it between looking and listening. portPause is between two attempts to get back the
// same one.
const (
	startAttempts = 5
	portPause     = 200 * time.Millisecond
)

func (s *Server) startOnFreePort() error {
	var err error
	for range startAttempts {
		if s.port, err = freePort(); err != nil {
			return err
		}
		if err = s.startAgain(); err == nil {
			return nil
		}
	}
	return err
}

// Restart starts the server again where it was, after [Server.Kill], and waits until it answers. Somebody may have the port for a moment meanwhile: whoever tries to
// reach the server is given ports for their own ends, this one among others.
func (s *Server) Restart() error {
	err := s.startAgain()
	for n := 1; n < startAttempts && err != nil && strings.Contains(err.Error(), "Address already in use"); n++ {
		<-time.After(portPause)
		err = s.startAgain()
	}
	return err
}

func (s *Server) startAgain() error {
	port := []string{"--port", strconv.Itoa(s.port)}
	if s.options.TLS {
		port = []string{"--port", "0", "--tls-port", strconv.Itoa(s.port), "--tls-cert-file", s.secrets.server.cert, "--tls-key-file", s.secrets.server.key, "--tls-ca-cert-file", s.secrets.ca}
	}
	args := append([]string{"--bind", "127.0.0.1", "--dir", s.dir, "--daemonize", "no"}, port...)
	run, err := spawn(s.program, s.dir, append(args, s.args...))
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.run = run
	s.mu.Unlock()
	client := s.Client()
	defer func() { _ = client.Close() }()
	return until("answer of server on port "+strconv.Itoa(s.port), func(ctx context.Context) error {
		if run.ended() {
			return errGone{said: run.out.String()}
		}
		// go-redis would log that nobody listens yet.
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.Addr())
		if err != nil {
			return err
		}
		_ = conn.Close()
		return client.Ping(ctx).Err()
	})
}

// Kill ends the server as a crash does.
func (s *Server) Kill() { s.process().kill() }

// Pause stops the server without ending it: its connections stay and nobody answers.
func (s *Server) Pause() { s.process().stop() }

// Continue lets a paused server go on.
func (s *Server) Continue() { s.process().goOn() }

// Close ends the server and deletes what it kept.
func (s *Server) Close() {
	s.process().kill()
	_ = os.RemoveAll(s.dir)
}

func (s *Server) process() *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.run
}

// Addr is host and port.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// Dir is where the server keeps its files, such as dump.rdb and appendonlydir.
func (s *Server) Dir() string { return s.dir }

// URL is the server's address as a store reads it, with user, password and certificates.
func (s *Server) URL() string {
	u := url.URL{Scheme: "redis", Host: s.Addr(), Path: "/0"}
	if s.options.User != "" {
		u.User = url.UserPassword(s.options.User, s.options.Password)
	}
	if s.options.TLS {
		u.Scheme = "rediss"
		u.RawQuery = url.Values{"ca_file": {s.secrets.ca}, "cert_file": {s.secrets.client.cert}, "key_file": {s.secrets.client.key}}.Encode()
	}
	return u.String()
}

// The user that a test's own connections have where somebody else is the only one who may log in.
const (
	adminUser = "admin"
	adminWord = "admin-word"
)

// Client is a connection of the test's own, to look at the server and to command it: it may do everything. The caller closes it.
func (s *Server) Client() *redis.Client {
	o := plain(s.Addr())
	if s.options.User != "" {
		o.Username, o.Password = adminUser, adminWord
	}
	if s.options.TLS {
		o.TLSConfig = s.secrets.clientConfig()
	}
	return redis.NewClient(o)
}

// plain are the settings of the tests' own connections: no repeating, no waiting, what happens is seen.
func plain(addr string) *redis.Options {
	return &redis.Options{
		Addr: addr, MaxRetries: -1, DialerRetries: 1, DialTimeout: time.Second, ReadTimeout: 5 * time.Second, ContextTimeoutEnabled: true, DisableIdentity: true, Protocol: 2,
	}
}

// Save writes a snapshot and copies it to a file: a backup.
func (s *Server) Save(t testing.TB, to string) {
	t.Helper()
	client := s.Client()
	defer func() { _ = client.Close() }()
	if err := client.Save(t.Context()).Err(); err != nil {
		t.Fatalf("save snapshot: %v", err)
	}
	copyFile(t, filepath.Join(s.dir, "dump.rdb"), to)
}

// Restore puts a backup in the place of what the server, which must not run and keep no AOF, held.
func (s *Server) Restore(t testing.TB, from string) {
	t.Helper()
	copyFile(t, from, filepath.Join(s.dir, "dump.rdb"))
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatalf("copy snapshot: %v", err)
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find free port: %w", err)
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// startTime is how long a server, or a group of them, may take for what is waited for.
const startTime = 2 * time.Minute

// errGone ends waiting for a process that has ended.
type errGone struct{ said string }

func (e errGone) Error() string { return "the server has ended: " + e.said }

// until tries again and again until there is no error.
func until(what string, try func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		once, done := context.WithTimeout(ctx, 2*time.Second)
		err := try(once)
		done()
		if err == nil {
			return nil
		}
		if _, gone := errors.AsType[errGone](err); gone {
			return fmt.Errorf("wait for %s: %w", what, err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", what, err)
		case <-again.C:
		}
	}
}

// clientConfig is what a client of the authority's servers believes and shows.
func (a *authority) clientConfig() *tls.Config {
	pair, err := tls.LoadX509KeyPair(a.client.cert, a.client.key)
	if err != nil {
		return nil
	}
	return &tls.Config{RootCAs: a.pool, Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
}
