package main

import (
	"context"
	"encoding/json"
	"errors"
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

// adminStore is what an operator's hand reaches.
type adminStore interface {
	Paused(ctx context.Context) ([]bot.Kind, error)
	Pause(ctx context.Context, kinds ...bot.Kind) error
	Resume(ctx context.Context, kinds ...bot.Kind) error
	SendBySID(ctx context.Context, sid string) (bot.Send, error)
	Resend(ctx context.Context, now time.Time, sid string) error
	Discard(ctx context.Context, now time.Time, sid string) error
	Note(ctx context.Context, e storage.AuditEntry) error
	Audit(ctx context.Context, limit int) ([]storage.AuditEntry, error)
}

// adminAct is one of the things that `rapport admin` does.
type adminAct struct {
	name, takes, does string
	run               func(ctx context.Context, a adminCall) error
}

func adminActs() []adminAct {
	return []adminAct{
		{"pause", "KIND…", "hold kinds of message back", pauseKinds},
		{"resume", "KIND…", "let them go out again", resumeKinds},
		{"kinds", "", "the kinds of message, and which are paused", listKinds},
		{"resend", "SID…", "send again what rapport queue --dead lists", resendSends},
		{"discard", "SID…", "drop what rapport queue --dead lists", discardSends},
		{"log", "", "what was done by hand", showAudit},
	}
}

func adminCommands() []command {
	var all []command
	for _, act := range adminActs() {
		all = append(all, command{"admin " + act.name, act.takes, act.does, act.call})
	}
	return all
}

// adminCall is one call of `rapport admin`.
type adminCall struct {
	store adminStore
	by    string
	names []string // kinds or sids
	limit int
	json  bool
	now   time.Time
	out   io.Writer
}

// admin does by hand what the bot does not decide by itself, and notes who did it.
func admin(ctx context.Context, args []string, s streams) error {
	return choose(ctx, "admin", "", adminCommands(), args, s)
}

// call does the act as its command line says.
func (act adminAct) call(ctx context.Context, args []string, s streams) error {
	a := adminCall{now: time.Now(), out: s.out}
	fs := flag.NewFlagSet("admin "+act.name, flag.ContinueOnError)
	team := teamFlag(fs)
	var by signer
	if act.takes != "" {
		by = signFlag(fs)
	}
	if act.name == "log" {
		fs.IntVar(&a.limit, "limit", 100, "how many entries at most")
		fs.BoolVar(&a.json, "json", false, "as one JSON array")
	}
	var err error
	if a.names, err = parseMixed(fs, args, s); err != nil {
		return err
	}
	if wants := act.takes != ""; wants != (len(a.names) > 0) {
		return misused(s, fs.Name(), "")
	}
	if act.name == "log" && a.limit < 1 {
		fmt.Fprintln(s.err, "rapport admin log: --limit: from 1")
		return errUsage
	}
	if act.takes != "" {
		a.by = by.name()
	}
	return withStore(ctx, s, *team, func(store *storage.Store) error {
		a.store = store
		return act.run(ctx, a)
	})
}

// note writes to the log before something is done.
func (a adminCall) note(ctx context.Context, what string, of ...string) error {
	return a.store.Note(ctx, storage.AuditEntry{At: a.now, By: a.by, What: what, Of: of})
}

// say writes a line for whoever runs this.
func (a adminCall) say(format string, args ...any) error {
	if _, err := fmt.Fprintf(a.out, format+"\n", args...); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

// kindsNamed reads names of kinds. The error lists those that there are.
func kindsNamed(names []string) ([]bot.Kind, error) {
	kinds := make([]bot.Kind, len(names))
	for i, name := range names {
		if kinds[i] = bot.Kind(name); !slices.Contains(scheduler.Kinds(), kinds[i]) {
			return nil, fmt.Errorf("find kind %q: there are %s", name, strings.Join(namesOf(scheduler.Kinds()), ", "))
		}
	}
	return kinds, nil
}

func pauseKinds(ctx context.Context, a adminCall) error {
	kinds, err := kindsNamed(a.names)
	if err != nil {
		return err
	}
	if err := a.note(ctx, "pause", a.names...); err != nil {
		return err
	}
	if err := a.store.Pause(ctx, kinds...); err != nil {
		return err
	}
	return a.say("Paused: %s. What is being posted goes out; the rest waits, and expires when its time is over.",
		strings.Join(a.names, ", "))
}

func resumeKinds(ctx context.Context, a adminCall) error {
	kinds, err := kindsNamed(a.names)
	if err != nil {
		return err
	}
	if err := a.note(ctx, "resume", a.names...); err != nil {
		return err
	}
	if err := a.store.Resume(ctx, kinds...); err != nil {
		return err
	}
	return a.say("Resumed: %s. What is due goes out within ten seconds.", strings.Join(a.names, ", "))
}

func listKinds(ctx context.Context, a adminCall) error {
	paused, err := a.store.Paused(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "KIND\tPAUSED\tWHAT IT IS")
	for _, kind := range scheduler.Kinds() {
		held := "-"
		if slices.Contains(paused, kind) {
			held = "paused"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", kind, held, kindWords[kind])
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

// kindWords say what each kind of message is.
var kindWords = map[bot.Kind]string{
	bot.KindPlan:      "no message: turns a due date of the schedule into messages; paused, no round, digest or reminder is planned",
	bot.KindTimed:     "reminders half an hour before a time that somebody typed",
	bot.KindReminders: "a person's promises of the day, in one message",
	bot.KindProposal:  "somebody asks somebody for a promise, or about one; may bring answers along, unless those are paused",
	bot.KindAnswer:    "answers and news about promises; also asks whether a post that may be lost is to be posted again",
	bot.KindPair:      "introductions for coffee",
	bot.KindMidway:    "have you found a time?",
	bot.KindMet:       "did you meet?",
	bot.KindNoPair:    "no match in this round",
	bot.KindProgram:   "news of a coffee program for its owner or channel",
	bot.KindMentor:    "mentors and mentees: proposals, introductions, ends",
	bot.KindKudosPost: "kudos in their channel",
	bot.KindKudosDM:   "kudos for who got them",
	bot.KindDigest:    "a channel's week of kudos",
	bot.KindQuietWork: "asks a channel whose work went unseen, the day before its digest",
	bot.KindReport:    "somebody reports a kudos to Rapport's admins",
	bot.KindHelp:      "quiet help with thanking, for who asked for it",
	bot.KindTheme:     "a theme of the month for mentor and mentee",
	bot.KindPractice:  "one small practice a week",
	bot.KindIntro:     "Rapport introduces itself in a channel",
	bot.KindWelcome:   "first steps for whoever installed it",
}

func resendSends(ctx context.Context, a adminCall) error {
	return a.eachSend(ctx, "resend", func(s bot.Send) error {
		if err := a.store.Resend(ctx, a.now, s.SID); err != nil {
			return err
		}
		if s.State == bot.StateUnknown {
			return a.say("%s is due now. Nobody could tell whether it was posted: it may be there twice then.", s.SID)
		}
		return a.say("%s is due now.", s.SID)
	})
}

func discardSends(ctx context.Context, a adminCall) error {
	return a.eachSend(ctx, "discard", func(s bot.Send) error {
		if err := a.store.Discard(ctx, a.now, s.SID); err != nil {
			return err
		}
		return a.say("%s is dropped.", s.SID)
	})
}

// eachSend does something with each send that is named. One that cannot be had does not keep the others from it.
func (a adminCall) eachSend(ctx context.Context, what string, do func(bot.Send) error) error {
	var all []error
	for _, sid := range a.names {
		send, err := a.store.SendBySID(ctx, sid)
		if errors.Is(err, bot.ErrNotFound) {
			err = fmt.Errorf("%s %q: no message has that sid; rapport queue --dead lists those that can be had", what, sid)
		}
		if err == nil && send.Settled.IsZero() {
			err = fmt.Errorf("%s %q: it is on its way (%s), so nothing has to be done", what, sid, send.State)
		}
		if err == nil && slices.Contains([]bot.State{bot.StateSent, bot.StateDropped}, send.State) {
			err = fmt.Errorf("%s %q: it was %s at %s", what, sid, send.State, send.Settled.Format(time.RFC3339))
		}
		if err == nil {
			err = a.note(ctx, what, sid)
		}
		if err == nil {
			err = do(send)
		}
		all = append(all, err)
	}
	return errors.Join(all...)
}

func showAudit(ctx context.Context, a adminCall) error {
	entries, err := a.store.Audit(ctx, a.limit)
	if err != nil {
		return err
	}
	if a.json {
		enc := json.NewEncoder(a.out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(entries); err != nil {
			return fmt.Errorf("write audit log: %w", err)
		}
		return nil
	}
	if len(entries) == 0 {
		return a.say("Nothing was done by hand.")
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "AT\tBY\tWHAT\tOF")
	for _, e := range entries {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.At.UTC().Format(time.RFC3339), e.By, e.What, strings.Join(e.Of, " "))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write audit log: %w", err)
	}
	return nil
}
