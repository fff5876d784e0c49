package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/scheduler"
	"rapport/storage"
)

// ledgerAt is a store with what an operator may find in one, at the given instant: one message that is due, one that waits for tomorrow, one that is being
// sent, and one of each that needs an eye.
func ledgerAt(t *testing.T, now time.Time) *storage.Store {
	t.Helper()
	s := emptyStore(t, now)
	sends := bot.Intents{
		{SID: "pair/1/1/a", Kind: bot.KindPair, Ref: "1 1 0", Members: []string{"UANA", "UBEN"}, Due: now.Add(-4 * time.Minute)},
		{SID: "digest/C1/12", Kind: bot.KindDigest, Ref: "C1", Channel: "C1", Due: now.Add(24 * time.Hour)},
		{SID: "kudos/1/dm", Kind: bot.KindKudosDM, Ref: "1", Members: []string{"UANA"}, Due: now},
		{SID: "kudos/1/post", Kind: bot.KindKudosPost, Ref: "1", Channel: "C1", Due: now},
		{SID: "kudos/2/post", Kind: bot.KindKudosPost, Ref: "2", Channel: "C2", Due: now},
	}
	if err := s.SaveChannel(t.Context(), "t", bot.Channel{ID: "C1"}, sends); err != nil {
		t.Fatal(err)
	}
	for i, o := range []bot.Outcome{
		{}, // being sent
		{State: bot.StateUnknown, Reason: "unsure"},
		{State: bot.StateDead, Reason: "channel_not_found"},
	} {
		send := sends[2+i]
		send.State = bot.StatePending
		claim, err := s.Claim(t.Context(), now, send, "token", time.Minute, nil)
		if err != nil || !claim.Held {
			t.Fatalf("claim: %+v, %v", claim, err)
		}
		if o.State == "" {
			continue
		}
		if _, err := s.Settle(t.Context(), now.Add(time.Duration(i)*time.Second), send, "token", o, nil); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func emptyStore(t *testing.T, now time.Time) *storage.Store {
	t.Helper()
	s, err := storage.OpenEmbedded(t.Context(), storage.Options{Team: "T1", Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

var queueTime = time.Date(2026, 3, 25, 10, 0, 0, 0, time.UTC)

func TestQueueForPeople(t *testing.T) {
	s := ledgerAt(t, queueTime)
	for _, test := range []struct {
		name  string
		flags queueFlags
		kinds []bot.Kind
		want  string
	}{
		{"waiting", queueFlags{limit: 100}, scheduler.Kinds(), `
			2 waiting, 1 being sent. The oldest due message has waited 4m0s.
			2 messages need an eye: rapport queue --dead

			DUE                   KIND      STATE    REASON  TRIES  SID
			2026-03-25T09:56:00Z  pair      pending  -       0      pair/1/1/a
			2026-03-25T10:00:00Z  kudos_dm  claimed  -       1      kudos/1/dm
			2026-03-26T10:00:00Z  digest    pending  -       0      digest/C1/12`},
		{"limited", queueFlags{limit: 1}, scheduler.Kinds(), `
			2 waiting, 1 being sent. The oldest due message has waited 4m0s.
			2 messages need an eye: rapport queue --dead

			DUE                   KIND  STATE    REASON  TRIES  SID
			2026-03-25T09:56:00Z  pair  pending  -       0      pair/1/1/a
			… and 2 more (--limit)`},
		{"dead", queueFlags{limit: 100, dead: true}, scheduler.Kinds(), `
			2 messages need an eye. rapport admin resend SID sends one again, rapport admin discard SID drops it.
			One that is unknown may be in Slack already: look before you send it again.

			SINCE                 KIND        STATE    REASON             TRIES  SID
			2026-03-25T10:00:02Z  kudos_post  dead     channel_not_found  1      kudos/2/post
			2026-03-25T10:00:01Z  kudos_post  unknown  unsure             1      kudos/1/post`},
		{"dead of a kind", queueFlags{limit: 100, dead: true, kind: "pair"}, []bot.Kind{bot.KindPair}, `
			Nothing needs an eye.`},
	} {
		t.Run(test.name, func(t *testing.T) {
			look, err := lookAtQueue(t.Context(), s, test.kinds, test.flags)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := look.write(&out, queueTime); err != nil {
				t.Fatal(err)
			}
			if got, want := strings.TrimSpace(out.String()), unindent(test.want); got != want {
				t.Errorf("it says\n%s\nand not\n%s", got, want)
			}
		})
	}
}

// unindent takes the tabs of the test's own layout away.
func unindent(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\n\t\t\t", "\n"))
}

func TestQueueNamesWhatHoldsItUp(t *testing.T) {
	s := ledgerAt(t, queueTime)
	if err := s.Pause(t.Context(), bot.KindPair); err != nil {
		t.Fatal(err)
	}
	if err := s.BackOff(t.Context(), queueTime.Add(30*time.Second)); err != nil {
		t.Fatal(err)
	}
	look, err := lookAtQueue(t.Context(), s, scheduler.Kinds(), queueFlags{limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := look.write(&out, queueTime); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Paused: pair, 1 waiting (rapport admin resume pair).", "nothing is posted for another 30s", "None is due."} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}

func TestQueueForMachines(t *testing.T) {
	s := ledgerAt(t, queueTime)
	if err := s.Pause(t.Context(), bot.KindDigest); err != nil {
		t.Fatal(err)
	}
	for _, dead := range []bool{false, true} {
		look, err := lookAtQueue(t.Context(), s, scheduler.Kinds(), queueFlags{limit: 100, dead: dead})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := look.writeJSON(&out); err != nil {
			t.Fatal(err)
		}
		var list []map[string]any
		if err := json.Unmarshal(out.Bytes(), &list); err != nil {
			t.Fatal(err)
		}
		for _, one := range list {
			for field := range one {
				if !slices.Contains([]string{"sid", "kind", "state", "reason", "due", "attempt", "settled", "paused"}, field) {
					t.Errorf("unknown field %q", field)
				}
			}
			if one["paused"] == true != (one["kind"] == "digest") || (one["settled"] != nil) != dead {
				t.Errorf("it says %v", one)
			}
		}
		if want := map[bool]int{false: 3, true: 2}[dead]; len(list) != want {
			t.Errorf("%d messages, want %d", len(list), want)
		}
	}
}

func TestEmptyQueue(t *testing.T) {
	s := emptyStore(t, queueTime)
	for _, test := range []struct {
		dead bool
		want string
	}{{false, "Nothing waits.\n"}, {true, "Nothing needs an eye.\n"}} {
		look, err := lookAtQueue(t.Context(), s, scheduler.Kinds(), queueFlags{limit: 100, dead: test.dead})
		if err != nil {
			t.Fatal(err)
		}
		var words, list bytes.Buffer
		if err := look.write(&words, queueTime); err != nil {
			t.Fatal(err)
		}
		if err := look.writeJSON(&list); err != nil {
			t.Fatal(err)
		}
		if words.String() != test.want || list.String() != "[]\n" {
			t.Errorf("it says %q and %q", words.String(), list.String())
		}
	}
}
