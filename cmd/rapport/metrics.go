package main

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rapport/bot"
	"rapport/bot/slackapp"
	"rapport/scheduler"
	"rapport/storage"
)

// metrics is what one process counts, for /metrics. Labels hold kinds, states and codes from known lists: no ids, no texts, and no more
// series than those lists allow. docs/operating.md has the table of them; a test compares it with what is served.
type metrics struct {
	registry *prometheus.Registry

	sends       *prometheus.CounterVec   // kind, state, reason
	acks        *prometheus.CounterVec   // envelope, result
	ackSeconds  *prometheus.HistogramVec // envelope
	calls       *prometheus.CounterVec   // method, result
	callSeconds *prometheus.HistogramVec // method
	limited     *prometheus.CounterVec   // method
	storeErrors prometheus.Counter
	storeTook   prometheus.Histogram
}

// newMetrics counts nothing yet. What is read at each scrape comes with watch.
func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		sends: counters("rapport_sends_total",
			"Outcomes of attempts to send a message, by its kind, the state it came to, and the reason.", "kind", "state", "reason"),
		acks: counters("rapport_acks_total", "Envelopes from Slack, by how they were acknowledged.", "envelope", "result"),
		ackSeconds: histograms("rapport_ack_seconds", "Time from receiving an envelope to its acknowledgement; Slack waits 3 s.",
			[]float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 3}, "envelope"),
		calls: counters("rapport_slack_calls_total", "Calls of Slack's Web API, by what Slack said.", "method", "result"),
		callSeconds: histograms("rapport_slack_call_seconds", "Time that calls of Slack's Web API took.",
			[]float64{0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}, "method"),
		limited:     counters("rapport_rate_limited_total", "Calls that Slack refused for coming too fast (429).", "method"),
		storeErrors: prometheus.NewCounter(prometheus.CounterOpts{Name: "rapport_store_errors_total", Help: "Commands that the store answered with an error, or not at all."}),
		storeTook: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "rapport_store_seconds", Help: "Time that the store took for a command or a pipeline.",
			Buckets: []float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10},
		}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "rapport_build_info", Help: "1, with the version of this program.", ConstLabels: prometheus.Labels{"version": buildVersion()},
	})
	build.Set(1)
	m.registry.MustRegister(
		m.sends, m.acks, m.ackSeconds, m.calls, m.callSeconds, m.limited, m.storeErrors, m.storeTook, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func histograms(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
}

// sent counts what became of an attempt to send.
func (m *metrics) sent(s bot.Send, o bot.Outcome) {
	m.sends.WithLabelValues(known(knownKinds, string(s.Kind)), known(knownStates, string(o.State)), reasonWord(string(o.Reason))).Inc()
}

// acked counts an envelope.
func (m *metrics) acked(a slackapp.Answered) {
	envelope := known(knownEnvelopes, a.Envelope)
	m.acks.WithLabelValues(envelope, string(a.Result)).Inc()
	if a.Result != slackapp.AckNone && a.Result != slackapp.AckLost {
		m.ackSeconds.WithLabelValues(envelope).Observe(a.Took.Seconds())
	}
}

// called counts a call of Slack.
func (m *metrics) called(c slackapp.Call) {
	method := known(knownMethods, c.Method)
	m.callSeconds.WithLabelValues(method).Observe(c.Took.Seconds())
	m.calls.WithLabelValues(method, resultWord(c.Code)).Inc()
	if c.Code == string(scheduler.RateLimited) {
		m.limited.WithLabelValues(method).Inc()
	}
}

// stored counts a command to the store.
func (m *metrics) stored(took time.Duration, err error) {
	m.storeTook.Observe(took.Seconds())
	if err != nil {
		m.storeErrors.Inc()
	}
}

// wire has the parts of a bot report what they do.
func (m *metrics) wire(w *wiring) {
	w.slack.Called, w.slack.Acked, w.observe = m.called, m.acked, m.sent
	open := w.open
	w.open = func(ctx context.Context, team string) (*storage.Store, error) {
		store, err := open(ctx, team)
		if err == nil {
			store.Observe(m.stored)
		}
		return store, err
	}
}

// gaugeTime bounds what a scrape asks the store; gaugeLife is how long its answer is used again.
const (
	gaugeTime = 2 * time.Second
	gaugeLife = 5 * time.Second
)

// watch serves what has to be read at each scrape: from the store, the sockets and the scheduler of a bot that runs.
func (m *metrics) watch(h *house, now func() time.Time) {
	gauge := func(name, help string, read func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read)
	}
	m.registry.MustRegister(
		gauge("rapport_slack_connections", "Socket Mode connections that are up; two are held.", func() float64 { return float64(h.app.Connections()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "rapport_slack_connections_lost_total", Help: "Socket Mode connections that went; a few a day are Slack's own refreshing.",
		}, func() float64 { return float64(h.app.Lost()) }),
		gauge("rapport_halted", "1 while nothing is sent because Slack refuses the app as a whole (token, scope), else 0.", func() float64 {
			if h.sched.Halted() {
				return 1
			}
			return 0
		}),
		&storeGauges{store: h.store, now: now},
		&directoryGauge{store: h.store, now: now},
	)
}

// ServeHTTP implements [http.Handler] for /metrics.
func (m *metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

// ledgerReader is what the gauges of the store read.
type ledgerReader interface {
	Backlog(ctx context.Context, kinds []bot.Kind) (storage.Backlog, error)
	Paused(ctx context.Context) ([]bot.Kind, error)
}

// storeGauges are the gauges of the ledger. They are the same in every process on a store.
type storeGauges struct {
	store ledgerReader
	now   func() time.Time

	mu   sync.Mutex
	read time.Time // when what follows was read; zero: never
	err  error
	back storage.Backlog
	hold []bot.Kind
}

func ledgerGauge(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

var (
	descUp       = ledgerGauge("rapport_store_up", "1 if the store answered when the other gauges of the ledger were read, else 0; then those are left out.")
	descWaiting  = ledgerGauge("rapport_sends_waiting", "Messages that wait in the ledger, due or not.", "kind")
	descInflight = ledgerGauge("rapport_sends_inflight", "Messages that some process works on.")
	descDead     = ledgerGauge("rapport_sends_dead", "Messages that need an operator's eye: refused, expired, or of unknown fate for good.")
	descOldest   = ledgerGauge("rapport_oldest_due_seconds", "How long the oldest due message of the kinds that are not paused has waited; 0 if none is due.")
	descPaused   = ledgerGauge("rapport_kind_paused", "1 if an operator holds this kind of message back, else 0.", "kind")
	descQuiet    = ledgerGauge("rapport_rate_limit_wait_seconds", "How long nothing is posted yet because Slack asked to wait; 0 if nothing holds it.")
)

// Describe implements [prometheus.Collector].
func (g *storeGauges) Describe(into chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descUp, descWaiting, descInflight, descDead, descOldest, descPaused, descQuiet} {
		into <- d
	}
}

// Collect implements [prometheus.Collector].
func (g *storeGauges) Collect(into chan<- prometheus.Metric) {
	put := func(d *prometheus.Desc, value float64, labels ...string) {
		into <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	back, paused, err := g.look()
	if err != nil {
		put(descUp, 0)
		return
	}
	now := g.now()
	put(descUp, 1)
	put(descInflight, float64(back.Inflight))
	put(descDead, float64(back.Dead))
	put(descOldest, back.OldestDue(now, paused...).Seconds())
	put(descQuiet, max(back.Quiet.Sub(now), 0).Seconds())
	for _, kind := range scheduler.Kinds() {
		put(descWaiting, float64(back.Waiting[kind]), string(kind))
		held := 0.0
		if slices.Contains(paused, kind) {
			held = 1
		}
		put(descPaused, held, string(kind))
	}
}

// look reads the ledger, unless it did so just before.
func (g *storeGauges) look() (storage.Backlog, []bot.Kind, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if now := g.now(); g.read.IsZero() || now.Sub(g.read).Abs() >= gaugeLife {
		ctx, cancel := context.WithTimeout(context.Background(), gaugeTime) // a collector is given none
		defer cancel()
		if g.back, g.err = g.store.Backlog(ctx, scheduler.Kinds()); g.err == nil {
			g.hold, g.err = g.store.Paused(ctx)
		}
		g.read = now
	}
	return g.back, g.hold, g.err
}
