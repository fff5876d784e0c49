package storage

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rapport/bot"
)

// sendStep is a new send as insert.lua takes it.
type sendStep struct {
	Key    int      `json:"k"`
	Due    int      `json:"d"`
	SID    string   `json:"sid"`
	At     string   `json:"at"`
	Index  int      `json:"i,omitempty"` // of what is addressed to its member, if it stands there
	Fields []string `json:"f"`
}

// lifeOfSend is how long after its due instant a send that says nothing itself may still go out.
const lifeOfSend = 4 * 7 * 24 * time.Hour

// newSendStep leaves out what is empty: a record is kept for every message that waits.
func newSendStep(l *keyList, names keys, s bot.Send) sendStep {
	if s.NotAfter.IsZero() {
		s.NotAfter = s.Due.Add(lifeOfSend)
	}
	step := sendStep{Key: l.of(names.send(s.SID)), Due: l.of(names.due(s.Kind)), SID: s.SID, At: millis(s.Due)}
	if member := s.AddressedTo(); member != "" {
		step.Index = l.of(names.addressed(member))
	}
	for _, f := range [][2]string{
		{"kind", string(s.Kind)},
		{"ref", s.Ref},
		{"channel", s.Channel},
		{"members", strings.Join(s.Members, " ")},
		{"thread", s.Thread},
		{"replaces", s.Replaces},
		{"not_after", millis(s.NotAfter)},
	} {
		if f[1] != "" {
			step.Fields = append(step.Fields, f[0], f[1])
		}
	}
	return step
}

// readSend reads a record of the ledger.
func readSend(sid string, f map[string]string) (bot.Send, error) {
	s := bot.Send{
		SID: sid, Kind: bot.Kind(f["kind"]), Ref: f["ref"], Channel: f["channel"], Members: strings.Fields(f["members"]),
		Thread: f["thread"], Replaces: f["replaces"], State: bot.State(f["state"]), Reason: bot.Reason(f["reason"]), Took: strings.Fields(f["took"]),
	}
	if len(s.Members) == 0 {
		s.Members = nil
	}
	if len(s.Took) == 0 {
		s.Took = nil
	}
	if a := f["attempt"]; a != "" {
		n, err := strconv.Atoi(a)
		if err != nil {
			return bot.Send{}, fmt.Errorf("read send %q: attempt %q: %w", sid, a, err)
		}
		s.Attempt = n
	}
	for _, at := range []struct {
		field string
		into  *time.Time
	}{
		{"due", &s.Due},
		{"not_after", &s.NotAfter},
		{"settled", &s.Settled},
		{"tried_at", &s.TriedAt},
		{"tried_until", &s.TriedUntil},
	} {
		t, err := instant(f[at.field])
		if err != nil {
			return bot.Send{}, fmt.Errorf("read send %q: %s: %w", sid, at.field, err)
		}
		*at.into = t
	}
	return s, nil
}

// What stands in a tombstone behind the reason, which is one word.
const (
	tombTook = " took "
	tombInto = " into "
	tombRef  = " ref " // of one that was taken in: whoever composes the message that holds it reads it again
)

// tombstone is what stays of a send that was settled: whether and where it was posted, and why not; which others its message is, too, or whose message is
// its own.
func tombstone(s bot.Send, now time.Time, o bot.Outcome) string {
	why := string(o.Reason)
	if took := tookOf(s, o); len(took) > 0 {
		why += tombTook + strings.Join(took, " ")
	}
	if o.Into != "" {
		why += tombInto + o.Into
	}
	return strings.Join([]string{string(o.State), string(s.Kind), floorMillis(now), o.Channel, o.TS, why}, "|")
}

// tookOf is what a settled send took in: what its message says, where that was found, tells it also of one that the store forgot.
func tookOf(s bot.Send, o bot.Outcome) []string {
	if len(o.Took) > 0 {
		return o.Took
	}
	return s.Took
}

// readTombstone reads what tombstone wrote.
func readTombstone(sid, stored string) (bot.Send, error) {
	p := strings.SplitN(stored, "|", 6)
	if len(p) != 6 {
		return bot.Send{}, fmt.Errorf("read tombstone of send %q: %d parts instead of 6", sid, len(p))
	}
	at, err := instant(p[2])
	if err != nil {
		return bot.Send{}, fmt.Errorf("read tombstone of send %q: %w", sid, err)
	}
	why, ref, _ := strings.Cut(p[5], tombRef)
	why, into, _ := strings.Cut(why, tombInto)
	why, took, _ := strings.Cut(why, tombTook)
	s := bot.Send{
		SID: sid, State: bot.State(p[0]), Kind: bot.Kind(p[1]), Settled: at, PostedIn: p[3], PostedTS: p[4], Reason: bot.Reason(why), Into: into,
		Ref: ref,
	}
	if took != "" {
		s.Took = strings.Fields(took)
	}
	return s, nil
}

// claimAnswer is what claim.lua answers.
type claimAnswer struct {
	bot.Claim
	n         int64  // what the ledger has counted, if the claim is held or the server was restarted
	restarted bool   // nothing may be claimed before that was judged
	run       string // with restarted: the server's run id
}

func readClaim(sid string, rates []bot.Rate, reply []string) (claimAnswer, error) {
	kind := ""
	if len(reply) > 0 {
		kind = reply[0]
	}
	switch {
	case kind == "held" && len(reply) > 1:
		n, err := strconv.ParseInt(reply[1], 10, 64)
		if err != nil {
			break
		}
		send, err := readSend(sid, pairsOf(reply[2:]))
		return claimAnswer{Claim: bot.Claim{Send: send, Held: err == nil}, n: n}, err
	case kind == "wait" && len(reply) == 3:
		wait, err := strconv.ParseInt(reply[1], 10, 64)
		position, err2 := strconv.Atoi(reply[2])
		if err != nil || err2 != nil || position > len(rates) {
			break
		}
		answer := claimAnswer{Claim: bot.Claim{Wait: time.Duration(wait) * time.Millisecond}}
		if position > 0 {
			answer.Blocked = rates[position-1].Name
		}
		return answer, nil
	case kind == "restarted" && len(reply) == 3:
		n, err := strconv.ParseInt(reply[2], 10, 64)
		if err != nil {
			break
		}
		return claimAnswer{restarted: true, run: reply[1], n: n}, nil
	case kind == "none" && len(reply) == 1:
		return claimAnswer{}, nil
	}
	return claimAnswer{}, fmt.Errorf("read answer to claiming send %q: %q", sid, strings.Join(reply, " "))
}

// pairsOf turns the field, value, field, value of a script's answer into a map.
func pairsOf(reply []string) map[string]string {
	m := make(map[string]string, len(reply)/2)
	for i := 0; i+1 < len(reply); i += 2 {
		m[reply[i]] = reply[i+1]
	}
	return m
}
