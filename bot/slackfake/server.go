package slackfake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Config says what to serve.
type Config struct {
	// Addr is where to listen; a loopback address, port 0 for any free one. Required.
	Addr string
	// Manifest is the app's manifest (YAML or JSON): its scopes, commands, shortcuts and event subscriptions are enforced. Required.
	Manifest []byte
	// Clock is the workspace's time. Required.
	Clock *Clock
	// AckTime is how long, in real time, the app may take to acknowledge, and how long a trigger works. 0: Slack's three seconds; a test on a busy machine may give more.
	AckTime time.Duration
	// RateLimits switches Slack's tiered rate limits on, counted in Clock's time; the control API can switch them later.
	RateLimits bool
	// Sample is the company to begin with; the zero value is an empty workspace with the app alone.
	Sample Sample
	// Log receives what an app's author should know (unknown arguments, refused calls). Nil discards.
	Log *slog.Logger
}

// Sample describes the company that the workspace begins with.
type Sample struct {
	People int    // regular people; 0 for none
	Seed   uint64 // the same seed makes the same company
}

// Server is one local Slack with one installed app.
type Server struct {
	cfg   Config
	clock *Clock
	log   *slog.Logger

	mu       sync.Mutex
	world    *world
	app      *app
	hub      *hub
	rates    *rates
	faults   *faults
	journal  *journal
	watchers *watchers

	listener net.Listener
	http     *http.Server
}

// Start listens and serves until the server is closed.
func Start(cfg Config) (*Server, error) {
	if cfg.Clock == nil {
		return nil, errors.New("start local slack: no clock")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	app, err := readApp(cfg.Manifest)
	if err != nil {
		return nil, fmt.Errorf("start local slack: %w", err)
	}
	s := &Server{
		cfg: cfg, clock: cfg.Clock, log: cfg.Log, app: app,
		world:    newWorld(Team{ID: "T000000001", Name: "Acme", Domain: "acme"}),
		hub:      newHub(cmp.Or(cfg.AckTime, ackTime)),
		rates:    newRates(cfg.RateLimits),
		faults:   newFaults(),
		journal:  newJournal(),
		watchers: newWatchers(),
	}
	s.install()
	s.found(cfg.Sample)
	if err := s.listen(cfg.Addr); err != nil {
		return nil, fmt.Errorf("start local slack: %w", err)
	}
	return s, nil
}

func (s *Server) listen(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("listen on %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("listen on %q: only loopback addresses are served", addr)
	}
	if s.listener, err = net.Listen("tcp", addr); err != nil {
		return fmt.Errorf("listen on %q: %w", addr, err)
	}
	mux := http.NewServeMux()
	s.routeAPI(mux)     // /api/…
	s.routeSocket(mux)  // /socket
	s.routeControl(mux) // /control/…
	s.routePage(mux)    // / and /static/…
	s.http = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.http.Serve(s.listener) }() // ends with ErrServerClosed
	return nil
}

// Close cuts all connections and stops serving.
func (s *Server) Close() error {
	s.hub.closeAll()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil {
		return s.http.Close()
	}
	return nil
}

// Addr is host:port as it is served.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// PageURL is the page for people.
func (s *Server) PageURL() string { return "http://" + s.Addr() + "/" }

// ControlURL is the control API's root; it ends in /control.
func (s *Server) ControlURL() string { return "http://" + s.Addr() + "/control" }

// APIURL is the Web API's root, for a client's base URL; it ends in /api/.
func (s *Server) APIURL() string { return "http://" + s.Addr() + "/api/" }

// BotToken and AppToken are what the app connects with.
func (s *Server) BotToken() string { return s.app.botToken }

// AppToken opens Socket Mode connections.
func (s *Server) AppToken() string { return s.app.appToken }
