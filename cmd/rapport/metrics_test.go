package main

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"rapport/bot"
	"rapport/bot/slackapp"
	"rapport/storage"
)

// ledgerOf is a ledger that says what it is told to.
type ledgerOf struct {
	back   storage.Backlog
	paused []bot.Kind
	err    error
	asked  int
}

func (l *ledgerOf) Backlog(context.Context, []bot.Kind) (storage.Backlog, error) {
	l.asked++
	return l.back, l.err
}

func (l *ledgerOf) Paused(context.Context) ([]bot.Kind, error) { return l.paused, l.err }

// scrape reads what /metrics serves: by name and labels the value, and by name the type.
func scrape(t *testing.T, h http.Handler) (values map[string]float64, kinds map[string]string, text string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("GET /metrics: %d %s", w.Code, w.Body)
	}
	text = w.Body.String()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	values, kinds = map[string]float64{}, map[string]string{}
	for name, family := range families {
		kinds[name] = strings.ToLower(family.GetType().String())
		for _, m := range family.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetName()+"="+l.GetValue())
			}
			value := m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
			values[name+"{"+strings.Join(labels, ",")+"}"] = value
		}
	}
	return values, kinds, text
}

// everyMetric is metrics in which each was counted once, of a house that a test is given.
func everyMetric(h *house, now func() time.Time) *metrics {
	m := newMetrics()
	m.watch(h, now)
	m.sent(bot.Send{Kind: bot.KindPair, SID: "pair/secret"}, bot.Outcome{State: bot.StateSent})
	m.acked(slackapp.Answered{Envelope: "slash_commands", Result: slackapp.AckOK, Took: time.Millisecond})
	m.called(slackapp.Call{Method: "chat.postMessage", Code: "ratelimited", Took: time.Millisecond})
	m.stored(time.Millisecond, nil)
	return m
}

func TestMetricsAreThoseOfTheTable(t *testing.T) {
	p := openTown(t, time.Date(2026, 3, 25, 9, 0, 0, 0, time.UTC), false)
	m := everyMetric(p.house, p.clock.Now)
	values, kinds, _ := scrape(t, m)
	served := map[string]string{}
	for name, kind := range kinds {
		if !strings.HasPrefix(name, "rapport_") {
			continue
		}
		labels := map[string]bool{}
		for series := range values {
			if of, rest, _ := strings.Cut(series, "{"); of == name {
				for _, pair := range strings.FieldsFunc(strings.TrimSuffix(rest, "}"), func(r rune) bool { return r == ',' }) {
					label, _, _ := strings.Cut(pair, "=")
					labels[label] = true
				}
			}
		}
		served[name] = kind + " " + strings.Join(slices.Sorted(maps.Keys(labels)), " ")
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "operating.md"))
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]string{}
	row := regexp.MustCompile("(?m)^\\| `(rapport_[a-z_]+)` \\| (counter|gauge|histogram)(?:, store)? \\|([^|]*)\\|")
	for _, found := range row.FindAllStringSubmatch(string(page), -1) {
		labels := regexp.MustCompile("[a-z_]+").FindAllString(found[3], -1)
		slices.Sort(labels)
		documented[found[1]] = found[2] + " " + strings.Join(labels, " ")
	}
	for name, what := range served {
		if documented[name] != what {
			t.Errorf("%s is served as %q, documented as %q", name, what, documented[name])
		}
	}
	for name := range documented {
		if served[name] == "" {
			t.Errorf("%s is documented and not served", name)
		}
	}
	if len(served) < 15 {
		t.Errorf("only %d metrics are served", len(served))
	}
	for _, name := range []string{"go_goroutines", "process_resident_memory_bytes"} {
		if kinds[name] == "" {
			t.Errorf("%s is not served", name)
		}
	}
}

func TestMetricsKeepConventions(t *testing.T) {
	p := openTown(t, time.Date(2026, 3, 25, 9, 0, 0, 0, time.UTC), false)
	_, _, text := scrape(t, everyMetric(p.house, p.clock.Now))
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		if strings.HasPrefix(problem.Metric, "rapport_") {
			t.Errorf("%s: %s", problem.Metric, problem.Text)
		}
	}
}

func TestMetricsCount(t *testing.T) {
	m := newMetrics()
	m.sent(bot.Send{Kind: bot.KindPair}, bot.Outcome{State: bot.StateSent})
	m.sent(bot.Send{Kind: bot.KindPair}, bot.Outcome{State: bot.StatePending, Reason: bot.ReasonQuietHours})
	m.sent(bot.Send{Kind: "pair/UANA"}, bot.Outcome{State: "strange", Reason: "somebody's words"})
	m.sent(bot.Send{Kind: bot.KindPair}, bot.Outcome{State: bot.StateUnknown, Reason: "http_599"})
	m.acked(slackapp.Answered{Envelope: "slash_commands", Result: slackapp.AckLate, Took: 2 * time.Second})
	m.acked(slackapp.Answered{Envelope: "events_api", Result: slackapp.AckNone, Took: 2 * time.Second})
	m.called(slackapp.Call{Method: "chat.postMessage"})
	m.called(slackapp.Call{Method: "chat.postMessage", Code: "ratelimited"})
	m.called(slackapp.Call{Method: "users.made_up", Code: "words of a proxy"})
	m.stored(time.Millisecond, nil)
	m.stored(time.Millisecond, errors.New("gone"))
	values, _, _ := scrape(t, m)
	for series, want := range map[string]float64{
		"rapport_sends_total{kind=pair,reason=none,state=sent}":                 1,
		"rapport_sends_total{kind=pair,reason=quiet_hours,state=pending}":       1,
		"rapport_sends_total{kind=other,reason=other,state=other}":              1,
		"rapport_sends_total{kind=pair,reason=http_other,state=unknown}":        1,
		"rapport_acks_total{envelope=slash_commands,result=late}":               1,
		"rapport_acks_total{envelope=events_api,result=none}":                   1,
		"rapport_ack_seconds{envelope=slash_commands}":                          1,
		"rapport_slack_calls_total{method=chat.postMessage,result=ok}":          1,
		"rapport_slack_calls_total{method=chat.postMessage,result=ratelimited}": 1,
		"rapport_slack_calls_total{method=other,result=other}":                  1,
		"rapport_slack_call_seconds{method=chat.postMessage}":                   2,
		"rapport_rate_limited_total{method=chat.postMessage}":                   1,
		"rapport_store_errors_total{}":                                          1,
		"rapport_store_seconds{}":                                               2,
		"rapport_build_info{version=" + buildVersion() + "}":                    1,
	} {
		if got := values[series]; got != want {
			t.Errorf("%s is %v, want %v", series, got, want)
		}
	}
	if _, there := values["rapport_ack_seconds{envelope=events_api}"]; there {
		t.Error("an event that was not acknowledged has a time to its acknowledgement")
	}
}

func TestGaugesOfTheLedger(t *testing.T) {
	now := time.Date(2026, 3, 25, 9, 0, 0, 0, time.UTC)
	l := &ledgerOf{
		back: storage.Backlog{
			Waiting: map[bot.Kind]int{bot.KindPair: 3, bot.KindDigest: 1}, Inflight: 2, Dead: 4, Quiet: now.Add(30 * time.Second),
			First: map[bot.Kind]time.Time{bot.KindPair: now.Add(-time.Minute), bot.KindDigest: now.Add(-time.Hour)},
		},
		paused: []bot.Kind{bot.KindDigest},
	}
	m := newMetrics()
	m.registry.MustRegister(&storeGauges{store: l, now: func() time.Time { return now }})
	check := func(want map[string]float64) {
		t.Helper()
		values, _, _ := scrape(t, m)
		for series, w := range want {
			if got, there := values[series]; !there || got != w {
				t.Errorf("%s is %v (%v), want %v", series, got, there, w)
			}
		}
	}
	check(map[string]float64{
		"rapport_store_up{}": 1, "rapport_sends_waiting{kind=pair}": 3, "rapport_sends_waiting{kind=met}": 0, "rapport_sends_inflight{}": 2, "rapport_sends_dead{}": 4,
		"rapport_oldest_due_seconds{}": 60, "rapport_kind_paused{kind=digest}": 1, "rapport_kind_paused{kind=pair}": 0, "rapport_rate_limit_wait_seconds{}": 30,
	})
	now = now.Add(gaugeLife - time.Millisecond)
	l.back.Dead = 5
	check(map[string]float64{"rapport_sends_dead{}": 4}) // just read
	if l.asked != 1 {
		t.Errorf("the ledger was asked %d times, want once", l.asked)
	}
	now = now.Add(time.Minute)
	check(map[string]float64{"rapport_sends_dead{}": 5, "rapport_rate_limit_wait_seconds{}": 0})
	now, l.err = now.Add(time.Minute), errors.New("gone")
	values, _, _ := scrape(t, m)
	if _, there := values["rapport_sends_dead{}"]; there || values["rapport_store_up{}"] != 0 {
		t.Error("a store that does not answer has figures")
	}
}
