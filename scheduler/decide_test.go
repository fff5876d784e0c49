package scheduler

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
	"time"

	"rapport/bot"
)

func TestDecideFiring(t *testing.T) {
	monday := bot.Entry{Name: "round/1", Spec: "0 9 * * 1", Zone: "UTC", Grace: 26 * time.Hour}
	daily := bot.Entry{Name: "d", Spec: "0 9 * * *", Zone: "UTC", Grace: 100 * time.Hour}
	strict := bot.Entry{Name: "s", Spec: "0 9 * * 1", Zone: "UTC"}
	skips := daily
	skips.Missed = bot.MissedSkip
	off := monday
	off.Off = true
	for _, test := range []struct {
		name        string
		e           bot.Entry
		stored, now string // it was changed on 1 March at noon
		run, next   string
		missed      bool
	}{
		{name: "new: the first run is stored", e: monday, now: "2026-03-01T12:00:00Z", next: "2026-03-02T09:00:00Z"},
		{name: "new, and nobody was there for the first run", e: monday, now: "2026-03-02T10:00:00Z", run: "2026-03-02T09:00:00Z", next: "2026-03-09T09:00:00Z"},
		{name: "new, and nobody was there for long", e: monday, now: "2026-03-05T10:00:00Z", next: "2026-03-09T09:00:00Z", missed: true},
		{name: "on time", e: monday, stored: "2026-03-02T09:00:00Z", now: "2026-03-02T09:00:00Z", run: "2026-03-02T09:00:00Z", next: "2026-03-09T09:00:00Z"},
		{name: "late within grace", e: monday, stored: "2026-03-02T09:00:00Z", now: "2026-03-03T11:00:00Z", run: "2026-03-02T09:00:00Z", next: "2026-03-09T09:00:00Z"},
		{name: "too late", e: monday, stored: "2026-03-02T09:00:00Z", now: "2026-03-03T11:00:01Z", next: "2026-03-09T09:00:00Z", missed: true},
		{name: "without grace some minutes are on time", e: strict, stored: "2026-03-02T09:00:00Z", now: "2026-03-02T09:05:00Z", run: "2026-03-02T09:00:00Z", next: "2026-03-09T09:00:00Z"},
		{name: "without grace more are not", e: strict, stored: "2026-03-02T09:00:00Z", now: "2026-03-02T09:05:01Z", next: "2026-03-09T09:00:00Z", missed: true},
		{name: "of three missed the latest", e: daily, stored: "2026-03-02T09:00:00Z", now: "2026-03-04T12:00:00Z", run: "2026-03-04T09:00:00Z", next: "2026-03-05T09:00:00Z"},
		{name: "of three missed none", e: skips, stored: "2026-03-02T09:00:00Z", now: "2026-03-04T12:00:00Z", next: "2026-03-05T09:00:00Z", missed: true},
		{name: "of three missed the last is on time", e: skips, stored: "2026-03-02T09:00:00Z", now: "2026-03-04T09:04:00Z", run: "2026-03-04T09:00:00Z", next: "2026-03-05T09:00:00Z"},
		{name: "skips nothing that is on time", e: skips, stored: "2026-03-02T09:00:00Z", now: "2026-03-02T09:00:00Z", run: "2026-03-02T09:00:00Z", next: "2026-03-03T09:00:00Z"},
		{name: "after weeks away the latest", e: daily, stored: "2026-01-02T09:00:00Z", now: "2026-03-04T12:00:00Z", run: "2026-03-04T09:00:00Z", next: "2026-03-05T09:00:00Z"},
		{name: "off", e: off, stored: "2026-03-02T09:00:00Z", now: "2026-03-02T09:00:00Z"},
	} {
		t.Run(test.name, func(t *testing.T) {
			opt := func(s string) time.Time {
				if s == "" {
					return time.Time{}
				}
				return at(t, s)
			}
			f, err := decideFiring(test.e, at(t, "2026-03-01T12:00:00Z"), opt(test.stored), at(t, test.now))
			if err != nil {
				t.Fatal(err)
			}
			if !f.run.At.Equal(opt(test.run)) || !f.next.Equal(opt(test.next)) || f.missed != test.missed {
				t.Errorf("got run %s, next %s, missed %v", f.run.At, f.next, f.missed)
			}
		})
	}
	if _, err := decideFiring(bot.Entry{Spec: "x", Zone: "UTC"}, time.Time{}, time.Time{}, time.Time{}); err == nil {
		t.Error("an entry that cannot run was accepted")
	}
}

func TestPlanSendsAreNamedByEntryAndWallTime(t *testing.T) {
	e := bot.Entry{Name: "round/1", Spec: "0 9 * * 1", Zone: "Europe/Berlin", Grace: 26 * time.Hour}
	run, err := Next(e, at(t, "2026-03-01T00:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	s := planSend(e, run)
	if s.SID != "plan/round/1/2026-03-02T09:00" || s.Ref != "round/1 2026-03-02T08:00:00Z" || s.Kind != bot.KindPlan || !s.NotAfter.Equal(run.At.Add(26*time.Hour)) {
		t.Errorf("got %+v", s)
	}
}

func TestAfterParent(t *testing.T) {
	now := at(t, "2026-03-02T09:00:00Z")
	for state, want := range map[bot.State]bot.Verdict{
		bot.StateSent: bot.Go, bot.StatePending: bot.Wait, bot.StateClaimed: bot.Wait, bot.StatePosting: bot.Wait, bot.StateUnknown: bot.Wait,
		bot.StateDropped: bot.Drop, bot.StateExpired: bot.Drop, bot.StateDead: bot.Drop,
	} {
		d := afterParent(now, bot.Send{State: state, Due: now.Add(-time.Hour)})
		if d.Verdict != want || want == bot.Wait && !d.Until.After(now) {
			t.Errorf("after a %s parent: %+v", state, d)
		}
	}
	parked := afterParent(now, bot.Send{State: bot.StateUnknown, Due: now.Add(-time.Hour), Settled: now.Add(-time.Hour)})
	if parked.Verdict != bot.Drop || parked.Reason != reasonUnsureParent {
		t.Errorf("after a parent that nobody looks for any more: %+v", parked)
	}
	later := afterParent(now, bot.Send{State: bot.StatePending, Due: now.Add(time.Hour)})
	if !later.Until.After(now.Add(time.Hour)) {
		t.Errorf("waits until %s, before its parent is due", later.Until)
	}
}

func TestExpired(t *testing.T) {
	now := at(t, "2026-03-02T09:00:00Z")
	for name, test := range map[string]struct {
		s    bot.Send
		want bool
	}{
		"in time":                  {bot.Send{State: bot.StateClaimed, NotAfter: now}, false},
		"late":                     {bot.Send{State: bot.StateClaimed, NotAfter: now.Add(-1)}, true},
		"perhaps posted, and late": {bot.Send{State: bot.StateUnknown, NotAfter: now.Add(-1)}, false},
		"without end":              {bot.Send{State: bot.StateClaimed}, false},
	} {
		if got := expired(now, test.s); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestOutcomesAreCompleted(t *testing.T) {
	now := at(t, "2026-03-02T09:00:00Z")
	s := bot.Send{Attempt: 3}
	if o := afterPost(now, s, bot.Outcome{State: bot.StatePending}, time.Minute); !o.Retry.Equal(now.Add(8 * time.Second)) {
		t.Errorf("the third no is followed by another try at %s", o.Retry)
	}
	if o := afterPost(now, s, bot.Outcome{State: bot.StatePending, Retry: now.Add(time.Hour)}, time.Minute); !o.Retry.Equal(now.Add(time.Hour)) {
		t.Errorf("the sender's instant became %s", o.Retry)
	}
	if o := afterPost(now, s, bot.Outcome{}, time.Minute); o.State != bot.StateUnknown || !o.Retry.Equal(now.Add(time.Minute)) {
		t.Errorf("no outcome at all became %+v", o)
	}
	if o := afterFind(now, s, bot.Outcome{State: bot.StateUnknown}); !o.Retry.IsZero() || o.Reason == "" {
		t.Errorf("what nobody can tell became %+v", o)
	}
	if o := afterFind(now, s, bot.Outcome{State: bot.StateUnknown, Retry: now}); !o.Retry.After(now) {
		t.Errorf("looked for again in the same instant: %+v", o)
	}
	if o := afterCompose(now, bot.Decision{Verdict: bot.Wait, Until: now.Add(-time.Hour)}); !o.Retry.After(now) {
		t.Errorf("waiting for the past became %+v", o)
	}
	if pauseAfter(1000) != longestPause || pauseAfter(0) != firstPause {
		t.Errorf("pauses from %s to %s", pauseAfter(0), pauseAfter(1000))
	}
}

// A kind that is not in the list would never be sent.
func TestEveryKindIsTaken(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../bot/send.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []bot.Kind
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == "Kind" {
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			declared = append(declared, bot.Kind(value))
		}
		return true
	})
	if len(declared) == 0 || !slices.Equal(declared, Kinds()) {
		t.Errorf("declared are %v, taken are %v", declared, Kinds())
	}
}
