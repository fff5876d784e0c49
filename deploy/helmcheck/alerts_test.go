package helmcheck

import (
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

const (
	alertsFile    = "../alerts/rapport.yaml"
	dashboardFile = "../grafana/rapport.json"
)

func newParser() parser.Parser { return parser.NewParser(parser.Options{}) }

// readAlerts reads the rules with Prometheus's own checks: expressions, names, and the templates in annotations.
func readAlerts(t *testing.T) map[string]rulefmt.Rule {
	t.Helper()
	groups, errs := rulefmt.Parse([]byte(readFile(t, alertsFile)), false, model.UTF8Validation, newParser(), slog.New(slog.DiscardHandler))
	for _, err := range errs {
		t.Error(err)
	}
	if t.Failed() {
		t.FailNow()
	}
	rules := map[string]rulefmt.Rule{}
	for _, g := range groups.Groups {
		for _, r := range g.Rules {
			if _, twice := rules[r.Alert]; twice || r.Alert == "" {
				t.Errorf("alert %q is there twice, or is none", r.Alert)
			}
			rules[r.Alert] = r
		}
	}
	return rules
}

// course is a metric's value over time, by the minute.
type course func(minute int) float64

func always(v float64) course          { return func(int) float64 { return v } }
func growing(perMinute float64) course { return func(m int) float64 { return perMinute * float64(m) } }

func until(minute int, a, b float64) course {
	return func(m int) float64 {
		if m < minute {
			return a
		}
		return b
	}
}

// fires evaluates a rule each minute, as Prometheus does, and returns the minute from which the alert has held for its time; -1 if it never does.
func fires(t *testing.T, rule rulefmt.Rule, series map[string]course, minutes int) int {
	t.Helper()
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 1_000_000, Timeout: time.Minute, LookbackDelta: 5 * time.Minute, Parser: newParser()})
	db := newMemory(t, series, minutes)
	since := map[string]int{}
	for minute := range minutes {
		query, err := engine.NewInstantQuery(t.Context(), db, nil, rule.Expr, begin.Add(time.Duration(minute)*time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		vector, err := query.Exec(t.Context()).Vector()
		if err != nil {
			t.Fatal(err)
		}
		held := map[string]int{}
		for _, sample := range vector {
			key := sample.Metric.String()
			held[key] = minute
			if began, ok := since[key]; ok {
				held[key] = began
			}
			if time.Duration(minute-held[key])*time.Minute >= time.Duration(rule.For) {
				return minute
			}
		}
		since = held
		query.Close()
	}
	return -1
}

// twoReplicas is a metric as two replicas of one release give it.
func twoReplicas(name string, a, b course) map[string]course {
	with := func(instance string) string {
		if metric, rest, ok := strings.Cut(name, "{"); ok {
			return metric + `{job="rapport",instance="` + instance + `",` + rest
		}
		return name + `{job="rapport",instance="` + instance + `"}`
	}
	return map[string]course{with("a"): a, with("b"): b}
}

func both(name string, c course) map[string]course { return twoReplicas(name, c, c) }

func join(parts ...map[string]course) map[string]course {
	joined := map[string]course{}
	for _, p := range parts {
		maps.Copy(joined, p)
	}
	return joined
}

// acks is a histogram of which a share takes between one and two seconds.
func acks(perMinute, slowShare float64) map[string]course {
	return join(
		both(`rapport_ack_seconds_bucket{envelope="slash_commands",le="0.5"}`, growing(perMinute*(1-slowShare))),
		both(`rapport_ack_seconds_bucket{envelope="slash_commands",le="1"}`, growing(perMinute*(1-slowShare))),
		both(`rapport_ack_seconds_bucket{envelope="slash_commands",le="2"}`, growing(perMinute)),
		both(`rapport_ack_seconds_bucket{envelope="slash_commands",le="+Inf"}`, growing(perMinute)),
	)
}

func TestAlertsFire(t *testing.T) {
	rules := readAlerts(t)
	info := func(version string) string { return fmt.Sprintf("rapport_build_info{version=%q}", version) }
	late := both("rapport_oldest_due_seconds", always(900))
	tested := map[string]bool{}
	for _, row := range []struct {
		alert, name string
		series      map[string]course
		within      int // minutes; 0: never
	}{
		{"RapportGone", "nobody answers", nil, 6},
		{"RapportGone", "one answers", both(info("1"), always(1)), 0},
		{"RapportNoSlackConnection", "none", both("rapport_slack_connections", always(0)), 3},
		{"RapportNoSlackConnection", "one replica has two", twoReplicas("rapport_slack_connections", always(0), always(2)), 0},
		{"RapportReplicaWithoutSlack", "one has none", twoReplicas("rapport_slack_connections", always(0), always(2)), 11},
		{"RapportReplicaWithoutSlack", "for a short while", twoReplicas("rapport_slack_connections", until(8, 0, 2), always(2)), 0},
		{"RapportHalted", "halted", twoReplicas("rapport_halted", always(0), always(1)), 2},
		{"RapportHalted", "not", both("rapport_halted", always(0)), 0},
		{"RapportStoreErrors", "again and again", both("rapport_store_errors_total", growing(1)), 8},
		{"RapportStoreErrors", "none new", both("rapport_store_errors_total", always(12)), 0},
		{"RapportStoreSilent", "one does not reach it", twoReplicas("rapport_store_up", always(1), always(0)), 3},
		{"RapportStoreSilent", "both do", both("rapport_store_up", always(1)), 0},
		{"RapportMessagesLate", "a quarter of an hour", late, 6},
		{"RapportMessagesLate", "five minutes", both("rapport_oldest_due_seconds", always(300)), 0},
		{"RapportMessagesLate", "while Slack holds them back", join(late, twoReplicas("rapport_rate_limit_wait_seconds", always(0), always(25))), 0},
		{"RapportMessagesLate", "although Slack does not hold them back", join(late, both("rapport_rate_limit_wait_seconds", always(0))), 6},
		{"RapportDeadLetters", "one", both("rapport_sends_dead", always(1)), 6},
		{"RapportDeadLetters", "none", both("rapport_sends_dead", always(0)), 0},
		{"RapportAcknowledgesSlowly", "five in a hundred", acks(100, 0.05), 15},
		{"RapportAcknowledgesSlowly", "one in a thousand", acks(1000, 0.001), 0},
		{"RapportRateLimited", "a storm", both(`rapport_rate_limited_total{method="chat.postMessage"}`, growing(2)), 30},
		{"RapportRateLimited", "now and then", both(`rapport_rate_limited_total{method="chat.postMessage"}`, growing(0.2)), 0},
		{"RapportKindPaused", "two days", both(`rapport_kind_paused{kind="digest"}`, always(1)), 1441},
		{"RapportKindPaused", "half a day", both(`rapport_kind_paused{kind="digest"}`, until(720, 1, 0)), 0},
		{"RapportDirectoryOld", "three days", both("rapport_directory_age_seconds", always(259200)), 16},
		{"RapportDirectoryOld", "a day", both("rapport_directory_age_seconds", always(86400)), 0},
		{"RapportVersionsMixed", "an upgrade that hangs", join(twoReplicas(info("1"), always(1), always(1)), map[string]course{`rapport_build_info{job="rapport",instance="c",version="2"}`: always(1)}), 61},
		{"RapportVersionsMixed", "one version", both(info("1"), always(1)), 0},
	} {
		t.Run(row.alert+"/"+row.name, func(t *testing.T) {
			rule, ok := rules[row.alert]
			if !ok {
				t.Fatal("there is no such alert")
			}
			tested[row.alert] = true
			got := fires(t, rule, row.series, 1500)
			if row.within == 0 && got >= 0 || row.within > 0 && (got < 0 || got > row.within) {
				t.Errorf("it fires at minute %d, want within %d", got, row.within)
			}
		})
	}
	for name := range rules {
		if !tested[name] {
			t.Errorf("no row for %s", name)
		}
	}
}
