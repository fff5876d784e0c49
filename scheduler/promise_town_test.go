package scheduler_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/when"
	"rapport/scheduler"
	"rapport/storage"
)

// promiseTown is a few people with promises, the use cases, the real ledger, and processes that die and are replaced while a Slack fails now and then.
type promiseTown struct {
	t           *testing.T
	clock       *virtual
	store       *storage.Store
	bot         *bot.Bot
	processes   []*promiseProcess
	tokens      int
	mu          sync.Mutex
	fate        *rand.Rand // of what goes wrong while sending
	dice        *rand.Rand // of what people do
	acts        int
	ids         []int             // commitments
	trouble     bool              // things go wrong
	there       []arrival         // what arrived, in order
	found       map[string]string // the ts of each sid that arrived
	touched     map[string]bool   // who muted or avoids, or was away: not everything comes to them
	moved       map[string]bool   // who is elsewhere
	gone        map[string]bool   // who left
	handed      map[int]bool      // items that changed hands
	left        bool              // somebody left, or was away
	rescheduled map[string]bool   // who chose a day for the review more than once
	chose       map[string]string // the day that they chose
	history     []string          // what people did
	restored    time.Time         // when an old copy of the store took its place: what came just before that it has forgotten
	wrong       []string
}

// arrival is a message that arrived.
type arrival struct {
	at      time.Time
	send    bot.Send
	to      string
	content any
	hours   bot.Hours
}

// townPeople are whom the town has, and where they are: zones whose clocks change on different days.
var townPeople = map[string]string{
	"UANA": "Europe/Berlin", "UBOB": "America/New_York", "UCY": "Australia/Lord_Howe", "UDAN": "America/Santiago", "UEVA": "Pacific/Apia",
}

const (
	townBusyDays, townQuietDays = 9, 11
	townSkew                    = 25 * time.Second // more than any clock is wrong by
)

var townIDs = []string{"UANA", "UBOB", "UCY", "UDAN", "UEVA"}

// townBegins are Wednesdays before the clocks of some of them change, forwards or back.
var townBegins = []time.Time{
	time.Date(2026, 3, 25, 6, 0, 0, 0, time.UTC), time.Date(2026, 3, 4, 6, 0, 0, 0, time.UTC), time.Date(2026, 10, 21, 6, 0, 0, 0, time.UTC),
	time.Date(2026, 9, 30, 6, 0, 0, 0, time.UTC), time.Date(2026, 9, 2, 6, 0, 0, 0, time.UTC), time.Date(2020, 9, 23, 6, 0, 0, 0, time.UTC),
	time.Date(2021, 3, 31, 6, 0, 0, 0, time.UTC),
}

func newPromiseTown(t *testing.T, seed uint64) *promiseTown {
	t.Helper()
	ctx := t.Context()
	begins := townBegins[seed%uint64(len(townBegins))]
	town := &promiseTown{
		t: t, clock: newVirtual(begins), found: map[string]string{}, touched: map[string]bool{}, moved: map[string]bool{}, gone: map[string]bool{},
		rescheduled: map[string]bool{}, chose: map[string]string{}, handed: map[int]bool{},
	}
	town.fate, town.dice = rand.New(rand.NewPCG(seed, 1)), rand.New(rand.NewPCG(seed, 2))
	store, err := storage.OpenEmbedded(ctx, storage.Options{Team: "T1", Now: town.clock.Now})
	town.must(err)
	town.movesInto(store)
	t.Cleanup(town.close)
	town.settle()
	for range 3 {
		town.hire(ctx)
	}
	return town
}

// settle lets everybody be known in a new store.
func (m *promiseTown) settle() {
	for _, id := range townIDs {
		m.must(m.store.SaveMembers(m.t.Context(), bot.Member{ID: id, Name: id, Zone: townPeople[id]}))
	}
	m.must(m.bot.Host.MoveIn(m.t.Context(), m.clock.Now(), "T1", "UBOT", "", "Europe/Berlin"))
}

// movesInto makes a store the town's.
func (m *promiseTown) movesInto(store *storage.Store) {
	m.store = store
	var none *bot.Calendars
	settings := &bot.Settings{Store: store}
	scenes := none.Scenes(store)
	m.bot = &bot.Bot{
		Settings: settings,
		Promises: &bot.Promises{Store: none.Commitments(store), Scenes: scenes, Sent: store, Settings: settings},
		Host:     &bot.Host{Workspaces: store, Preferences: store, Channels: store, Scenes: scenes, Settings: settings},
	}
}

func (m *promiseTown) close() {
	for _, p := range m.processes {
		p.die()
	}
	if err := m.store.Close(); err != nil {
		m.t.Error(err)
	}
}

func (m *promiseTown) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *promiseTown) token() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tokens++
	return fmt.Sprint("t", m.tokens)
}

// roll reports whether something that happens once in n times happens now.
func (m *promiseTown) roll(n int) bool { return m.trouble && m.fate.IntN(n) == 0 }

// promiseProcess is one process of the bot; once it is dead nothing that it does has an effect.
type promiseProcess struct {
	*storage.Store
	town  *promiseTown
	stop  context.CancelFunc
	mu    sync.Mutex
	dead  bool
	sched *scheduler.Scheduler
}

// skewed is a clock that is wrong by some seconds.
type skewed struct {
	*virtual
	by time.Duration
}

func (c skewed) Now() time.Time { return c.virtual.Now().Add(c.by) }

func (c skewed) At(t time.Time, f func()) (stop func() bool) { return c.virtual.At(t.Add(-c.by), f) }

func (m *promiseTown) hire(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	p := &promiseProcess{Store: m.store, town: m, stop: cancel}
	skew := time.Duration(m.dice.IntN(41)-20) * time.Second // less than townSkew
	s, err := scheduler.New(scheduler.Config{
		Clock: skewed{m.clock, skew}, Ledger: p, Entries: p, Composer: p, Planner: p, Sender: p, Pacer: m.store, Pauses: m.store, Token: m.token, Sweep: 20 * time.Minute,
		Log: slog.New(slog.DiscardHandler),
	})
	m.must(err)
	s.Start(ctx)
	p.sched = s
	m.processes = append(m.processes, p)
}

// bury replaces the dead.
func (m *promiseTown) bury(ctx context.Context) {
	alive := slices.DeleteFunc(m.processes, (*promiseProcess).gone)
	fallen := len(m.processes) - len(alive)
	m.processes = alive
	for range fallen {
		m.hire(ctx)
	}
}

func (p *promiseProcess) gone() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

func (p *promiseProcess) die() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead = true
	p.stop()
}

func (p *promiseProcess) Claim(ctx context.Context, now time.Time, s bot.Send, token string, lease time.Duration, rates []bot.Rate) (bot.Claim, error) {
	if p.gone() {
		return bot.Claim{}, errDead
	}
	claim, err := p.Store.Claim(ctx, now, s, token, lease, rates)
	p.town.mu.Lock()
	dies := p.town.roll(40)
	p.town.mu.Unlock()
	if dies {
		p.die()
		return bot.Claim{}, errDead
	}
	return claim, err
}

func (p *promiseProcess) Posting(ctx context.Context, now time.Time, sid, token string, reserve time.Duration) (bool, error) {
	if p.gone() {
		return false, errDead
	}
	return p.Store.Posting(ctx, now, sid, token, reserve)
}

func (p *promiseProcess) Settle(ctx context.Context, now time.Time, s bot.Send, token string, o bot.Outcome, follow bot.Intents) (bot.Send, error) {
	if p.gone() {
		return bot.Send{}, errDead
	}
	return p.Store.Settle(ctx, now, s, token, o, follow)
}

func (p *promiseProcess) Fire(ctx context.Context, name, mark, civil string, next time.Time, intents bot.Intents) (bool, error) {
	if p.gone() {
		return false, errDead
	}
	return p.Store.Fire(ctx, name, mark, civil, next, intents)
}

func (p *promiseProcess) Compose(ctx context.Context, now time.Time, s bot.Send) (any, bot.Decision, error) {
	return p.town.bot.Compose(ctx, now, s)
}

func (p *promiseProcess) Plan(ctx context.Context, now time.Time, s bot.Send) error {
	if strings.HasPrefix(s.Ref, "help/") {
		return nil
	}
	return p.town.bot.Plan(ctx, now, s)
}

func (p *promiseProcess) Rates(_ context.Context, s bot.Send) []bot.Rate {
	if s.State == bot.StateUnknown {
		return []bot.Rate{{Name: "look", Every: betweenLooks}}
	}
	return []bot.Rate{{Name: "post", Every: betweenPosts}, {Name: strings.Join(s.Members, " "), Every: inOnePlace}}
}

func (p *promiseProcess) Send(ctx context.Context, s bot.Send, content any) bot.Outcome {
	m := p.town
	unknown := bot.Outcome{State: bot.StateUnknown}
	if p.gone() {
		return unknown
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.clock.Now()
	switch {
	case m.roll(12):
		return bot.Outcome{State: bot.StatePending, Reason: scheduler.RateLimited, Retry: now.Add(30 * time.Second)}
	case m.roll(25):
		p.die()
		return unknown
	case m.roll(25):
		return unknown // it never arrived
	}
	m.arrive(ctx, now, s, content)
	switch {
	case m.roll(25):
		p.die()
		return unknown
	case m.roll(20):
		return unknown // its answer is lost
	}
	return bot.Outcome{State: bot.StateSent, Channel: "D" + s.Members[0], TS: m.found[s.SID]}
}

// arrive notes a message, the mutex held.
func (m *promiseTown) arrive(ctx context.Context, now time.Time, s bot.Send, content any) {
	to := s.Members[0]
	scene, err := m.store.Scene(context.WithoutCancel(ctx), "", to)
	if err != nil {
		m.wrong = append(m.wrong, err.Error())
		return
	}
	if ts := m.found[s.SID]; ts != "" {
		m.wrong = append(m.wrong, fmt.Sprintf("%s came twice", s.SID))
	}
	m.found[s.SID] = fmt.Sprintf("%d.%d", now.Unix(), len(m.there))
	m.there = append(m.there, arrival{at: now, send: s, to: to, content: content, hours: scene.Hours(to, "Europe/Berlin")})
}

func (p *promiseProcess) Find(_ context.Context, s bot.Send) bot.Outcome {
	m := p.town
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, x := range m.there {
		switch {
		case x.send.SID == s.SID:
			return bot.Outcome{State: bot.StateSent, Channel: "D" + x.to, TS: m.found[s.SID], Took: x.send.Took}
		case slices.Contains(x.send.Took, s.SID):
			return bot.Outcome{State: bot.StateSent, Channel: "D" + x.to, TS: m.found[x.send.SID], Into: x.send.SID}
		}
	}
	return bot.Outcome{State: bot.StatePending}
}

// due draws a date from today on, now and then with a time, or none.
func (m *promiseTown) due(id string) *when.Due {
	if m.dice.IntN(6) == 0 {
		return nil
	}
	zone := m.hours(id).Zone
	day := when.DateOf(m.clock.Now().In(zone)).AddDays(m.dice.IntN(12))
	d := when.Due{Date: day, Zone: zone.String(), Time: when.Clock{Hour: 17}}
	if m.dice.IntN(4) == 0 {
		d.Time, d.ExplicitTime = when.Clock{Hour: 2 + m.dice.IntN(20), Minute: 30}, true
	}
	return &d
}

func (m *promiseTown) hours(id string) bot.Hours {
	scene, err := m.store.Scene(m.t.Context(), "", id)
	m.must(err)
	return scene.Hours(id, "Europe/Berlin")
}
