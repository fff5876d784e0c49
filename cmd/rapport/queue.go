package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"rapport/bot"
	"rapport/scheduler"
	"rapport/storage"
)

// queueFlags are the flags of `rapport queue`.
type queueFlags struct {
	kind  string
	dead  bool
	limit int
	json  bool
}

// queueLimit is the most that one call lists: a queue of a whole round is read in a moment, a mistyped number must not read for ever.
const queueLimit = 100_000

// queue lists the messages that wait, or those that need an operator's eye. Their texts are no part of the ledger.
func queue(ctx context.Context, args []string, s streams) error {
	var f queueFlags
	fs := flag.NewFlagSet("queue", flag.ContinueOnError)
	team := teamFlag(fs)
	fs.StringVar(&f.kind, "kind", "", "messages of this kind alone (rapport admin kinds lists them)")
	fs.BoolVar(&f.dead, "dead", false, "what needs an eye instead: refused, expired, or of unknown fate for good")
	fs.IntVar(&f.limit, "limit", 100, "how many at most")
	fs.BoolVar(&f.json, "json", false, "as one JSON array")
	if err := parseFlags(fs, args, s); err != nil {
		return err
	}
	if f.limit < 1 || f.limit > queueLimit {
		fmt.Fprintf(s.err, "rapport queue: --limit: from 1 to %d\n", queueLimit)
		return errUsage
	}
	kinds := scheduler.Kinds()
	if f.kind != "" {
		var err error
		if kinds, err = kindsNamed([]string{f.kind}); err != nil {
			return err
		}
	}
	return withStore(ctx, s, *team, func(store *storage.Store) error {
		look, err := lookAtQueue(ctx, store, kinds, f)
		if err != nil {
			return err
		}
		if f.json {
			return look.writeJSON(s.out)
		}
		return look.write(s.out, time.Now()) // the real-time edge
	})
}

// ledgerLister is what the queue is read from.
type ledgerLister interface {
	ledgerReader
	Queue(ctx context.Context, kinds []bot.Kind, limit int) ([]bot.Send, error)
	Dead(ctx context.Context, limit int) ([]bot.Send, error)
}

// queueLook is what one look at the ledger found.
type queueLook struct {
	dead    bool // what needs an eye, rather than what waits
	kinds   []bot.Kind
	sends   []bot.Send
	backlog storage.Backlog
	paused  []bot.Kind
}

func lookAtQueue(ctx context.Context, store ledgerLister, kinds []bot.Kind, f queueFlags) (queueLook, error) {
	look := queueLook{dead: f.dead, kinds: kinds}
	var err error
	if look.backlog, err = store.Backlog(ctx, kinds); err != nil {
		return look, err
	}
	if look.paused, err = store.Paused(ctx); err != nil {
		return look, err
	}
	if !f.dead {
		look.sends, err = store.Queue(ctx, kinds, f.limit)
		return look, err
	}
	// The store keeps them in one list, whatever their kind.
	most := f.limit
	if f.kind != "" {
		most = queueLimit
	}
	look.sends, err = store.Dead(ctx, most)
	look.sends = slices.DeleteFunc(look.sends, func(s bot.Send) bool { return !slices.Contains(kinds, s.Kind) })
	look.sends = look.sends[:min(f.limit, len(look.sends))]
	return look, err
}

// queued is one message of `rapport queue --json`.
type queued struct {
	SID     string     `json:"sid"`
	Kind    bot.Kind   `json:"kind"`
	State   bot.State  `json:"state"`
	Reason  bot.Reason `json:"reason,omitempty"` // why it waits, or why not
	Due     time.Time  `json:"due"`
	Attempt int        `json:"attempt"`
	Settled time.Time  `json:"settled,omitzero"` // when it was put before an operator
	Paused  bool       `json:"paused,omitempty"` // an operator holds its kind back
}

func (l queueLook) writeJSON(out io.Writer) error {
	list := make([]queued, len(l.sends))
	for i, s := range l.sends {
		list[i] = queued{
			SID: s.SID, Kind: s.Kind, State: s.State, Reason: s.Reason, Due: s.Due, Attempt: s.Attempt, Settled: s.Settled, Paused: slices.Contains(l.paused, s.Kind),
		}
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(list); err != nil {
		return fmt.Errorf("write queue: %w", err)
	}
	return nil
}

// write tells a person, in sentences and a table.
func (l queueLook) write(out io.Writer, now time.Time) error {
	var text strings.Builder
	if l.dead {
		l.sayDead(&text)
	} else {
		l.sayWaiting(&text, now)
	}
	if len(l.sends) > 0 {
		text.WriteString("\n")
		l.table(&text)
	}
	if _, err := io.WriteString(out, text.String()); err != nil {
		return fmt.Errorf("write queue: %w", err)
	}
	return nil
}

func (l queueLook) sayDead(out io.Writer) {
	if len(l.sends) == 0 {
		fmt.Fprintln(out, "Nothing needs an eye.")
		return
	}
	fmt.Fprintf(out, "%s. rapport admin resend SID sends one again, rapport admin discard SID drops it.\n", needEyes(max(l.backlog.Dead, len(l.sends))))
	if slices.ContainsFunc(l.sends, func(s bot.Send) bool { return s.State == bot.StateUnknown }) {
		fmt.Fprintln(out, "One that is unknown may be in Slack already: look before you send it again.")
	}
}

func needEyes(n int) string {
	if n == 1 {
		return "1 message needs an eye"
	}
	return fmt.Sprintf("%d messages need an eye", n)
}

func (l queueLook) sayWaiting(out io.Writer, now time.Time) {
	waiting := 0
	for _, n := range l.backlog.Waiting {
		waiting += n
	}
	switch {
	case waiting == 0 && len(l.sends) == 0:
		fmt.Fprintln(out, "Nothing waits.")
	default:
		fmt.Fprintf(out, "%d waiting", waiting)
		if l.everyKind() {
			fmt.Fprintf(out, ", %d being sent", l.backlog.Inflight)
		}
		fmt.Fprint(out, ".")
		if old := l.backlog.OldestDue(now, l.paused...); old > 0 {
			fmt.Fprintf(out, " The oldest due message has waited %s.", spoken(old))
		} else if waiting > 0 {
			fmt.Fprint(out, " None is due.")
		}
		fmt.Fprintln(out)
	}
	for _, kind := range l.paused {
		fmt.Fprintf(out, "Paused: %s, %d waiting (rapport admin resume %s).\n", kind, l.backlog.Waiting[kind], kind)
	}
	if wait := l.backlog.Quiet.Sub(now); wait > 0 {
		fmt.Fprintf(out, "Slack asked to wait: nothing is posted for another %s.\n", spoken(wait))
	}
	if l.backlog.Dead > 0 {
		fmt.Fprintf(out, "%s: rapport queue --dead\n", needEyes(l.backlog.Dead))
	}
}

func (l queueLook) table(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	last := "DUE"
	if l.dead {
		last = "SINCE"
	}
	fmt.Fprintf(w, "%s\tKIND\tSTATE\tREASON\tTRIES\tSID\n", last)
	for _, s := range l.sends {
		at := s.Due
		if l.dead {
			at = s.Settled
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\n", at.UTC().Format(time.RFC3339), s.Kind, s.State, cmp.Or(string(s.Reason), "-"), s.Attempt, s.SID)
	}
	_ = w.Flush() // into memory
	if more := l.total() - len(l.sends); more > 0 {
		fmt.Fprintf(out, "… and %d more (--limit)\n", more)
	}
}

// everyKind reports whether no kind was asked for. What is being sent, and what is dead, is not counted by kind.
func (l queueLook) everyKind() bool { return len(l.kinds) == len(scheduler.Kinds()) }

// total is how many there are of what is listed, as far as they are counted.
func (l queueLook) total() int {
	n := 0
	for _, waiting := range l.backlog.Waiting {
		n += waiting
	}
	switch {
	case l.dead && l.everyKind():
		return l.backlog.Dead
	case l.dead:
		return len(l.sends)
	case l.everyKind():
		return n + l.backlog.Inflight
	}
	return n
}

// spoken is a duration as people say it, to the second or, from an hour on, to the minute.
func spoken(d time.Duration) string {
	if d >= time.Hour {
		return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
	}
	return max(d.Round(time.Second), time.Second).String()
}
