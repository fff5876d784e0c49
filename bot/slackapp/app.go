package slackapp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// Clock is the time that everything here tells requests by. The virtual one does not move while something is in flight.
type Clock interface {
	Now() time.Time
	// Begin says that something is in flight until end is called.
	Begin() (end func())
}

// Memory remembers which events were handled; a store shares it between replicas.
type Memory interface {
	// Seen remembers the token for at least an hour and reports whether it is the first time.
	Seen(ctx context.Context, token bot.Token) (first bool, err error)
	// Unsee forgets a token, for what certainly was not done.
	Unsee(ctx context.Context, token bot.Token) error
}

// Config is what an App needs.
type Config struct {
	BotToken string // required: xoxb-…
	AppToken string // required: xapp-…, with connections:write
	APIURL   string // empty: Slack's; else a local Slack's, ending in a slash
	Clock    Clock  // required
	Log      *slog.Logger
	Memory   Memory         // nil: kept in the process, as for tests
	Random   func() float64 // 0 to 1, for jitter; nil: no jitter
	Handled  func()         // is told after each request, which may have left something to send; nil: nobody is
	HTTP     *http.Client   // nil: one with a timeout of ten seconds
	Called   func(Call)     // is told of every call of Slack, for metrics; nil: nobody is
	Acked    func(Answered) // is told of every envelope, for metrics; nil: nobody is

	// AckBy is when, in real time after receipt, an acknowledgement goes out whatever the handler does. 0: 2.5 s, for Slack waits three.
	AckBy time.Duration

	Connections int           // sockets; 0: two
	Stagger     time.Duration // real time between their starts; 0: three seconds
	Workers     int           // handlers at once; 0: 32
	Queue       int           // requests that may wait for a worker; 0: 1024
	Drain       time.Duration // real time that Run gives what is under way when it is told to end; 0: ten seconds
}

// App is the bot's end of the line to Slack.
type App struct {
	cfg    Config
	log    *slog.Logger
	clock  Clock
	client *Client
	routes table
	memory Memory

	handling  *pool // up to the acknowledgement
	following *pool // after it

	received   atomic.Int64 // envelopes
	unanswered atomic.Int64 // of them, those that are neither acknowledged nor left

	mu      sync.Mutex
	me      Identity
	up      int       // sockets that are connected
	lost    int       // sockets that went, since the start
	changed time.Time // when up last became, or ceased to be, zero; zero: it always was
}

// Identity is who the bot is, as Slack says.
type Identity struct {
	Team     string // T…
	TeamName string
	TeamURL  string
	User     string   // U…, the bot's user
	Bot      string   // B…
	Scopes   []string // of the bot token; nil if Slack did not say
}

// New returns an app that is not connected yet. Unset numbers get their defaults.
func New(cfg Config) *App {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.HTTP == nil {
		cfg.HTTP = newHTTPClient()
	}
	if cfg.Called != nil {
		cfg.HTTP = observeCalls(cfg.HTTP, orElse(cfg.APIURL, slack.APIURL), cfg.Called)
	}
	if cfg.Acked == nil {
		cfg.Acked = func(Answered) {}
	}
	cfg.AckBy = orDefault(cfg.AckBy, ackBy)
	cfg.Connections = orDefault(cfg.Connections, 2)
	cfg.Stagger = orDefault(cfg.Stagger, 3*time.Second)
	cfg.Workers = orDefault(cfg.Workers, 32)
	cfg.Queue = orDefault(cfg.Queue, 1024)
	cfg.Drain = orDefault(cfg.Drain, 10*time.Second)
	if cfg.Random == nil {
		cfg.Random = func() float64 { return 0 }
	}
	if cfg.Memory == nil {
		cfg.Memory = &recent{}
	}
	client := newClient(cfg.BotToken, cfg.APIURL, cfg.HTTP, cfg.Clock)
	client.time.warn = func(off time.Duration) {
		cfg.Log.Warn("this machine's clock is wrong, or Slack's is: set it, for reminders come at the wrong time, and what may have been posted is hard to find",
			"ahead", off.Round(time.Second).String())
	}
	return &App{cfg: cfg, log: cfg.Log, clock: cfg.Clock, memory: cfg.Memory, routes: newTable(), client: client}
}

func orDefault[T int | time.Duration](v, standard T) T {
	if v <= 0 {
		return standard
	}
	return v
}

// Client is what handlers call Slack with.
func (a *App) Client() *Client { return a.client }

// Add gives the app nouns. Two routes for the same thing are an error. Call it before Run.
func (a *App) Add(nouns ...Noun) error {
	for _, n := range nouns {
		if err := a.routes.add(n.Routes()...); err != nil {
			return err
		}
	}
	return nil
}

// Connect asks Slack who the bot is. Its error names what is wrong with the token.
func (a *App) Connect(ctx context.Context) (Identity, error) {
	ctx, cancel := context.WithTimeout(ctx, httpTimeout)
	defer cancel()
	answer, err := a.client.api.AuthTestContext(ctx)
	if err != nil {
		return Identity{}, fmt.Errorf("connect to Slack: %w", explain(callError("auth.test", err)))
	}
	me := Identity{Team: answer.TeamID, TeamName: answer.Team, TeamURL: answer.URL, User: answer.UserID, Bot: answer.BotID}
	me.Scopes = scopesOf(answer)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.me = me
	return me, nil
}

// CheckSocket asks Slack for the address of a Socket Mode connection, without opening one. Its error names what is wrong with the app token.
func (a *App) CheckSocket(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, httpTimeout)
	defer cancel()
	api := slack.New("", append(apiOptions(a.cfg.APIURL, a.client.http), slack.OptionAppLevelToken(a.cfg.AppToken))...)
	_, _, err := api.StartSocketModeContext(ctx)
	return explain(callError("apps.connections.open", err))
}

func scopesOf(answer *slack.AuthTestResponse) []string {
	var scopes []string
	for _, line := range answer.Header.Values("X-OAuth-Scopes") {
		scopes = append(scopes, splitScopes(line)...)
	}
	slices.Sort(scopes)
	return scopes
}

// identity returns what Connect learned.
func (a *App) identity() Identity {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.me
}

// Ready reports whether at least one socket is connected, and since when that has been so, or not been so. The instant is zero if none ever was.
func (a *App) Ready() (bool, time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.up > 0, a.changed
}

// Connections is how many sockets are connected.
func (a *App) Connections() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.up
}

// Lost counts the sockets that went since the start. A few a day are Slack's own refreshing.
func (a *App) Lost() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.lost
}

func (a *App) count(change int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	was := a.up > 0
	a.up += change
	if change < 0 {
		a.lost++
	}
	if is := a.up > 0; is != was {
		a.changed = a.clock.Now()
	}
}

// Run receives and answers until the context ends, then finishes what is under way within the configured time. It errs only where going on
// makes no sense: a token that Slack refuses.
func (a *App) Run(ctx context.Context) error {
	a.handling = newPool(a.cfg.Workers, a.cfg.Queue)
	a.following = newPool(a.cfg.Workers, a.cfg.Queue)
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx)) // what is under way outlives ctx
	defer stopWork()
	holding, letGo := context.WithCancel(work)
	ended := make(chan error, a.cfg.Connections)
	for n := range a.cfg.Connections {
		s := newSocket(a, n)
		go func() { ended <- s.hold(holding) }()
	}
	var err error
	left := a.cfg.Connections
	select {
	case <-ctx.Done():
	case err = <-ended:
		left--
	}
	a.rest(work)
	letGo()
	for range left {
		err = errors.Join(err, <-ended)
	}
	drained := a.drain(work)
	if err != nil {
		return fmt.Errorf("run Slack app: %w", err)
	}
	return drained
}

// flushTime is what the library gets to write the last acknowledgements; it does not say when it has.
const flushTime = 100 * time.Millisecond

// rest waits for a moment in which the sockets can go: nothing waits for its acknowledgement, and the last ones are written. Until then requests are
// taken as ever, for Slack goes on sending them here, and nobody is to be turned away because of an upgrade. The longer it takes the shorter a moment will do.
// Where none comes the sockets go in the middle, and answers are shown another way.
func (a *App) rest(ctx context.Context) {
	limit := a.cfg.Drain / 2
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	took, quiet, before := stopwatch(), stopwatch(), a.received.Load()
	for {
		select {
		case <-look.C:
		case <-ctx.Done():
			return
		}
		if now := a.received.Load(); now != before || a.unanswered.Load() > 0 {
			quiet, before = stopwatch(), now
		}
		if need := flushTime - time.Duration(float64(flushTime)*float64(took())/float64(limit)); quiet() >= max(need, 2*time.Millisecond) {
			return
		}
	}
}

// drain finishes what is under way after the sockets have gone. What they did not bring comes to this process's successor: Slack delivers events again.
func (a *App) drain(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, a.cfg.Drain)
	defer cancel()
	if err := a.handling.drain(ctx); err != nil {
		return fmt.Errorf("drain requests: %w", err)
	}
	if err := a.following.drain(ctx); err != nil {
		return fmt.Errorf("drain what follows acknowledgements: %w", err)
	}
	return nil
}
