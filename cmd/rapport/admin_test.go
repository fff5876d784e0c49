package main

import (
	"bytes"
	"errors"
	"flag"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/scheduler"
	"rapport/storage"
)

// byHand does one act of `rapport admin` and returns what it says.
func byHand(t *testing.T, s *storage.Store, act string, names ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	acts := adminActs()
	i := slices.IndexFunc(acts, func(a adminAct) bool { return a.name == act })
	if i < 0 {
		t.Fatalf("there is no act %q", act)
	}
	err := acts[i].run(t.Context(), adminCall{store: s, by: "ops", names: names, now: queueTime, out: &out, limit: 100})
	return out.String(), err
}

func TestPauseAndResumeByHand(t *testing.T) {
	s := emptyStore(t, queueTime)
	if _, err := byHand(t, s, "pause", "kudos_post", "no such kind"); err == nil || !strings.Contains(err.Error(), "kudos_dm, digest") {
		t.Errorf("an unknown kind: %v", err)
	}
	if paused, err := s.Paused(t.Context()); err != nil || len(paused) != 0 {
		t.Errorf("with an unknown kind paused are %q, %v", paused, err)
	}
	if _, err := byHand(t, s, "pause", "kudos_post", "digest"); err != nil {
		t.Fatal(err)
	}
	if paused, err := s.Paused(t.Context()); err != nil || !slices.Equal(paused, []bot.Kind{bot.KindDigest, bot.KindKudosPost}) {
		t.Errorf("paused are %q, %v", paused, err)
	}
	if _, err := byHand(t, s, "resume", "digest"); err != nil {
		t.Fatal(err)
	}
	if paused, err := s.Paused(t.Context()); err != nil || !slices.Equal(paused, []bot.Kind{bot.KindKudosPost}) {
		t.Errorf("paused are %q, %v", paused, err)
	}
	log, err := s.Audit(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, e := range log {
		acts = append(acts, e.By+" "+e.What+" "+strings.Join(e.Of, " "))
	}
	slices.Sort(acts)
	if !slices.Equal(acts, []string{"ops pause kudos_post digest", "ops resume digest"}) {
		t.Errorf("noted: %q", acts)
	}
}

func TestResendAndDiscardByHand(t *testing.T) {
	s := ledgerAt(t, queueTime)
	for _, test := range []struct {
		act, sid, problem string
		state             bot.State
	}{
		{"resend", "never/was", "no message has that sid", ""},
		{"resend", "pair/1/1/a", "it is on its way (pending)", bot.StatePending},
		{"resend", "kudos/1/dm", "it is on its way (claimed)", bot.StateClaimed},
		{"resend", "kudos/1/post", "", bot.StatePending},
		{"resend", "kudos/1/post", "it is on its way", bot.StatePending},
		{"discard", "kudos/2/post", "", bot.StateDropped},
		{"discard", "kudos/2/post", "it was dropped", bot.StateDropped},
	} {
		_, err := byHand(t, s, test.act, test.sid)
		if (err == nil) != (test.problem == "") || err != nil && !strings.Contains(err.Error(), test.problem) {
			t.Errorf("%s %s: %v, want %q", test.act, test.sid, err, test.problem)
		}
		if test.state == "" {
			continue
		}
		if send, err := s.SendBySID(t.Context(), test.sid); err != nil || send.State != test.state {
			t.Errorf("%s %s: it is %s, %v", test.act, test.sid, send.State, err)
		}
	}
	log, err := s.Audit(t.Context(), 10)
	if err != nil || len(log) != 2 {
		t.Errorf("noted: %+v, %v; want what was done, and not what was refused", log, err)
	}
	said, err := byHand(t, s, "log")
	if err != nil || !strings.Contains(said, "ops") || !strings.Contains(said, "kudos/2/post") {
		t.Errorf("the log says %q, %v", said, err)
	}
	// One that cannot be had does not keep the others from it.
	if _, err := byHand(t, s, "discard", "never/was", "kudos/2/post"); err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("two that cannot be had: %v", err)
	}
}

func TestEveryKindIsExplained(t *testing.T) {
	for _, kind := range scheduler.Kinds() {
		if kindWords[kind] == "" {
			t.Errorf("nobody says what %q is", kind)
		}
	}
	if len(kindWords) != len(scheduler.Kinds()) {
		t.Errorf("%d explanations for %d kinds", len(kindWords), len(scheduler.Kinds()))
	}
}

func TestFlagsAnywhere(t *testing.T) {
	for _, test := range []struct {
		args, rest []string
		as         string
		err        error
	}{
		{[]string{"--as", "eva", "pair"}, []string{"pair"}, "eva", nil},
		{[]string{"pair", "met", "--as=eva"}, []string{"pair", "met"}, "eva", nil},
		{[]string{"pair", "-as", "eva", "met"}, []string{"pair", "met"}, "eva", nil},
		{nil, nil, "", nil},
		{[]string{"pair", "--what"}, nil, "", errUsage},
		{[]string{"pair", "-h"}, nil, "", flag.ErrHelp},
	} {
		fs := flag.NewFlagSet("x", flag.ContinueOnError)
		as := fs.String("as", "", "")
		rest, err := parseMixed(fs, test.args, streams{out: &bytes.Buffer{}, err: &bytes.Buffer{}})
		if !slices.Equal(rest, test.rest) || !errors.Is(err, test.err) || *as != test.as {
			t.Errorf("%q: %q as %q, %v", test.args, rest, *as, err)
		}
	}
}

func TestSignature(t *testing.T) {
	for name, want := range map[string]string{
		"eva": "eva", " eva\nat night ": "eva at night", "\x1b[31mred": "[31mred", strings.Repeat("é", 200): strings.Repeat("é", signatureSize), "": "",
	} {
		if got := signature(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if account() == "" {
		t.Error("nobody runs this")
	}
}

// A post of which nobody can tell whether it arrived comes before the operator, and goes out again by hand.
func TestAnUnknownPostIsSentAgainByHand(t *testing.T) {
	t.Parallel()
	p := openTown(t, time.Date(2026, 3, 25, 9, 17, 0, 0, time.UTC), false)
	r := remote{t: t, url: p.slack.ControlURL()}
	if err := r.connected(); err != nil {
		t.Fatal(err)
	}
	kudos, _ := r.state().place("#kudos")
	r.post("/faults", map[string]any{"method": "chat.postMessage", "kind": "500", "count": 1})
	thank(r, peopleOf(r.state()), 1, kudos)
	r.advance("5m")
	s := p.house.store
	dead, err := s.Dead(t.Context(), 10)
	if err != nil || len(dead) != 1 || dead[0].State != bot.StateUnknown {
		t.Fatalf("before the operator: %+v, %v", dead, err)
	}
	if n := thanked(r.state(), thanksText(1)); n != 0 {
		t.Fatalf("it came %d times before", n)
	}
	var out bytes.Buffer
	a := adminCall{store: s, by: "ops", names: []string{dead[0].SID}, now: p.clock.Now(), out: &out}
	if err := resendSends(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "Nobody could tell") {
		t.Errorf("it says %q", out.String())
	}
	p.house.sched.Poke()
	r.advance("1m")
	if n := thanked(r.state(), thanksText(1)); n != 1 {
		t.Errorf("it came %d times, want 1", n)
	}
	if err := resendSends(t.Context(), a); err == nil || !strings.Contains(err.Error(), "it was sent") {
		t.Errorf("once more: %v", err)
	}
	if now := r.state(); len(now.Broken) > 0 {
		t.Errorf("broken: %v", now.Broken)
	}
}
