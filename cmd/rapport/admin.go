package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os/user"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

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
func admin(ctx context.Context, args []string, s streams) (err error) {
	var act adminAct
	for _, one := range adminActs() {
		if len(args) > 0 && one.name == args[0] {
			act = one
		}
	}
	if act.run == nil {
		adminUsage(s.err)
		if len(args) == 1 && slices.Contains([]string{"-h", "--help", "help"}, args[0]) {
			return flag.ErrHelp
		}
		return errUsage
	}
	a := adminCall{now: time.Now(), out: s.out}
	fs := flag.NewFlagSet("admin "+act.name, flag.ContinueOnError)
	team := fs.String("team", "", "the workspace, if the store holds several")
	if act.takes != "" {
		fs.StringVar(&a.by, "as", "", "who does it, for the log; your account on this machine if empty")
	}
	if act.name == "log" {
		fs.IntVar(&a.limit, "limit", 100, "how many entries at most")
		fs.BoolVar(&a.json, "json", false, "as one JSON array")
	}
	if a.names, err = parseMixed(fs, args[1:], s); err != nil {
		return err
	}
	if wants := act.takes != ""; wants != (len(a.names) > 0) || act.name == "log" && a.limit < 1 {
		fmt.Fprintf(s.err, "rapport admin: usage: rapport admin %s [flags] %s\n", act.name, act.takes)
		return errUsage
	}
	if a.by = signature(a.by); a.by == "" {
		a.by = account()
	}
	store, err := openTools(ctx, s, *team)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	a.store = store
	return act.run(ctx, a)
}

func adminUsage(w io.Writer) {
	fmt.Fprint(w, "Usage: rapport admin <act> [flags]\n\n")
	for _, one := range adminActs() {
		fmt.Fprintf(w, "  %-14s %s\n", strings.TrimSpace(one.name+" "+one.takes), one.does)
	}
	fmt.Fprint(w, "\nrapport admin <act> -h lists its flags. What is done is noted: rapport admin log.\n")
}

// parseMixed reads flags that may stand before, between and after the arguments, and returns those.
func parseMixed(fs *flag.FlagSet, args []string, s streams) ([]string, error) {
	fs.SetOutput(s.err)
	var rest []string
	for {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, errUsage
		}
		if fs.NArg() == 0 {
			return rest, nil
		}
		rest, args = append(rest, fs.Arg(0)), fs.Args()[1:]
	}
}

// signatureSize is how much of a name the log keeps, in characters.
const signatureSize = 80

// signature is a name as the log keeps it: one short line.
func signature(name string) string {
	letters := []rune(strings.Join(strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " "))
	return string(letters[:min(signatureSize, len(letters))])
}

// account is how the machine knows whoever runs this.
func account() string {
	who, err := user.Current()
	if err != nil {
		return "unknown"
	}
	return signature(who.Username)
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
	bot.KindProposal:  "somebody asks somebody to promise something",
	bot.KindAnswer:    "answers to what somebody asked or offered",
	bot.KindPair:      "introductions for coffee",
	bot.KindMidway:    "have you found a time?",
	bot.KindMet:       "did you meet?",
	bot.KindNoPair:    "no match in this round",
	bot.KindProgram:   "news of a coffee program for its owner or channel",
	bot.KindKudosPost: "kudos in their channel",
	bot.KindKudosDM:   "kudos for who got them",
	bot.KindDigest:    "a channel's week of kudos",
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
