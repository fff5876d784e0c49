// Command rapport is one binary for everything that is done with Rapport: running the bot, trying it in a local Slack, and an operator's tools.
//
//	rapport playground   a local Slack in the browser with the bot in it: no account, no network
//	rapport run          the bot in a real workspace
//	rapport manifest     the Slack app's manifest
//	rapport doctor       every problem of a configuration at once, each with its cure
//	rapport match        a round made of CSV files, offline
//	rapport parse        how a text after /kudos or /followup, or a date, is understood
//	rapport health       whether the bot on this machine is ready
//	rapport queue        the messages that wait, and those that need an eye
//	rapport admin        what is done by hand: pause, resume, resend, discard, log
//	rapport people       the people of the directory: list, import, sync
//	rapport export       everything that is stored of a workspace, as a file
//	rapport import       such a file into any store
//	rapport data         what the store holds; reseal, purge, restored, erased, forget
//	rapport version      which build this is
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // people's zones have to exist wherever the binary runs

	"rapport/storage"
)

// version is set by the release build; otherwise the module's build information says what is known.
var version string

// streams is the world outside as commands see it.
type streams struct {
	out, err io.Writer
	env      func(string) (string, bool)
	in       io.Reader // nil: there is none
	terminal bool      // err is a terminal, where progress can be shown
}

func commands() []command {
	return []command{
		{"playground", "", "a local Slack in the browser with the bot in it: no account, no network", playground},
		{"run", "", "the bot in a real workspace", run},
		{"manifest", "", "print the Slack app's manifest", manifest},
		{"doctor", "", "name every problem of the configuration, each with its cure", doctor},
		{"match", "", "make a round of CSV files, offline: who meets whom, and why", match},
		{"parse", "", "how a text after /kudos or /followup, or a date, is understood", parse},
		{"health", "", "whether the bot on this machine is ready: exit status 0 or 1", health},
		{"queue", "", "the messages that wait, and those that need an eye", queue},
		{"admin", "", "by hand: pause and resume kinds of message, resend and discard, log", admin},
		{"people", "", "the people of the directory and their departments: list, import, sync", peopleTool},
		{"export", "", "everything that is stored of a workspace, as a file", exportStore},
		{"import", "[FILE]", "put such a file into any store; standard input without FILE, or for -", importStore},
		{"data", "", "what the store holds; reseal, purge, restored, erased, forget", data},
		{"version", "", "which build this is", printVersion},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := execute(ctx, os.Args[1:], streams{out: os.Stdout, err: os.Stderr, env: os.LookupEnv, in: os.Stdin, terminal: isTerminal(os.Stderr)})
	stop()
	os.Exit(status)
}

// isTerminal reports whether somebody may be looking at a file while it is written.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// execute runs the named subcommand and returns the exit status.
func execute(ctx context.Context, args []string, s streams) int {
	storage.SetLog(slog.New(slog.DiscardHandler)) // a bot that runs has a log; nobody asked a tool for its connections
	if len(args) == 0 || asksHelp(args[0]) {
		usage(s.err)
		if len(args) == 0 {
			return 2
		}
		return 0
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		err := c.run(ctx, args[1:], s)
		switch {
		case err == nil, errors.Is(err, flag.ErrHelp):
			return 0
		case errors.Is(err, errUsage):
			return 2
		}
		fmt.Fprintf(s.err, "rapport %s: %v\n", c.name, err)
		return 1
	}
	fmt.Fprintf(s.err, "rapport: unknown command %q\n\n", args[0])
	usage(s.err)
	return 2
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Rapport helps colleagues build working relationships on purpose.\n\nUsage: rapport <command> [flags]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-11s %s\n", c.name, c.does)
	}
	fmt.Fprint(w, "\nrapport <command> -h lists the flags of a command.\n")
}

func printVersion(_ context.Context, args []string, s streams) error {
	if err := parseFlags(flag.NewFlagSet("version", flag.ContinueOnError), args, s); err != nil {
		return err
	}
	_, err := fmt.Fprintln(s.out, "rapport", buildVersion())
	return err
}

// buildVersion is what the build knows of itself.
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(development)"
}
