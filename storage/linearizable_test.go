package storage_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"rapport/bot"
	"rapport/storage"
)

// ask is what a process asked of the ledger.
type ask struct {
	what, sid, token string
	outcome          bot.State // of a settling
}

// Answers of the ledger; what it could not answer is none of them.
const (
	yes      = "yes"
	no       = "no"
	conflict = "conflict"
)

// stands is where a send stands, as porcupine's model has it: a state, and who holds it.
type stands struct {
	state bot.State
	token string
}

// oneSend is the ledger for one send, one step after another.
var oneSend = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		bySID := make(map[string][]porcupine.Operation)
		for _, o := range history {
			sid := o.Input.(ask).sid
			bySID[sid] = append(bySID[sid], o)
		}
		var parts [][]porcupine.Operation
		for _, part := range bySID {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return stands{state: bot.StatePending} },
	Step: func(state, input, output any) (bool, any) {
		now, in := state.(stands), input.(ask)
		next, answer := follow(now, in)
		return answer == output.(string), next
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprint(input, " ", output) },
}

// follow is what one step does, and answers.
func follow(now stands, in ask) (stands, string) {
	mine := now.token != "" && now.token == in.token
	switch in.what {
	case "claim":
		if now.state == bot.StatePending {
			return stands{bot.StateClaimed, in.token}, yes
		}
		return now, no
	case "posting":
		if mine && (now.state == bot.StateClaimed || now.state == bot.StatePosting) {
			return stands{bot.StatePosting, in.token}, yes
		}
		return now, no
	}
	switch {
	case now.state == bot.StateSent:
		return now, yes // and it stands as it was
	case in.outcome != bot.StateSent && !mine:
		return now, conflict
	case in.outcome == bot.StatePending:
		return stands{state: bot.StatePending}, yes
	}
	return stands{state: in.outcome}, yes
}

// answerTo asks the ledger.
func answerTo(ctx context.Context, s *storage.Store, now time.Time, in ask) (string, error) {
	truth := func(ok bool, err error) (string, error) {
		if ok {
			return yes, err
		}
		return no, err
	}
	send := bot.Send{SID: in.sid, Kind: bot.KindPair}
	switch in.what {
	case "claim":
		got, err := s.Claim(ctx, now, send, in.token, lease, nil)
		return truth(got.Held, err)
	case "posting":
		return truth(s.Posting(ctx, now, in.sid, in.token, reserve))
	}
	_, err := s.Settle(ctx, now, send, in.token, bot.Outcome{State: in.outcome, Channel: "D1", TS: in.token}, nil)
	if errors.Is(err, bot.ErrConflict) {
		return conflict, nil
	}
	return yes, err
}

const (
	askers = 6
	asked  = 120 // by each
)

// record lets several processes work on few sends at once and writes down what they asked and heard.
func record(t *testing.T, s *storage.Store, now time.Time, sids []string) []porcupine.Operation {
	t.Helper()
	var instant atomic.Int64 // orders what happened before what
	var mu sync.Mutex
	var history []porcupine.Operation
	var group sync.WaitGroup
	for client := range askers {
		group.Go(func() {
			chance := rand.New(rand.NewPCG(1, uint64(client)))
			tokens := make(map[string]string)
			for i := range asked {
				in := ask{sid: sids[chance.IntN(len(sids))]}
				in.what = []string{"claim", "claim", "posting", "settle"}[chance.IntN(4)]
				in.token = tokens[in.sid]
				switch in.what {
				case "claim":
					in.token = fmt.Sprint(client, "-", i)
				case "settle":
					in.outcome = []bot.State{bot.StatePending, bot.StatePending, bot.StatePending, bot.StatePending, bot.StateSent}[chance.IntN(5)]
				}
				if in.token == "" {
					continue
				}
				called := instant.Add(1)
				out, err := answerTo(t.Context(), s, now, in)
				returned := instant.Add(1)
				if err != nil {
					t.Errorf("%v: %v", in, err)
					return
				}
				if in.what == "claim" && out == yes {
					tokens[in.sid] = in.token
				}
				mu.Lock()
				history = append(history, porcupine.Operation{ClientId: client, Input: in, Call: called, Output: out, Return: returned})
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return history
}

// TestTheLedgerIsLinearizable has porcupine look for one order of all steps that explains every answer.
func TestTheLedgerIsLinearizable(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		var sids []string
		for i := range 20 {
			sids = append(sids, fmt.Sprint("s", i))
			insert(t, s, fmt.Sprint("i", i), pair(c, sids[i]))
		}
		history := record(t, s, c.Now(), sids)
		if result := porcupine.CheckOperationsTimeout(oneSend, history, 20*time.Second); result != porcupine.Ok {
			t.Errorf("%d steps: %s", len(history), result)
		}
		// The check can fail: a second winner of a claim is found.
		won := slices.IndexFunc(history, func(o porcupine.Operation) bool {
			return o.Input.(ask).what == "claim" && o.Output == no
		})
		if won < 0 {
			t.Fatalf("no claim was lost in %d steps: nobody worked against another", len(history))
		}
		history[won].Output = yes
		in := history[won].Input.(ask)
		later := porcupine.Operation{ClientId: askers, Input: ask{what: "posting", sid: in.sid, token: strings.Clone(in.token)}, Output: yes, Call: history[won].Return, Return: 1 << 40}
		if result := porcupine.CheckOperationsTimeout(oneSend, append(history, later), 20*time.Second); result == porcupine.Ok {
			t.Error("a claim that two hold passes for linearizable")
		}
	})
}
