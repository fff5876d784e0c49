package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// command is something that can be done by its name: a subcommand, or one of the acts of `rapport admin` and `rapport data`. Its error is printed and makes the
// exit status 1, a usage error 2.
type command struct {
	name  string // with the words before it, such as "admin pause"
	takes string // its arguments beside flags, as a usage line has them; "" if there are none
	does  string
	run   func(ctx context.Context, args []string, s streams) error
}

// word is the last word of the name.
func (c command) word() string { return c.name[strings.LastIndexByte(c.name, ' ')+1:] }

// errUsage says that the command line was wrong; what was wrong has been printed.
var errUsage = errors.New("wrong usage")

// asksHelp reports whether a word asks what there is.
func asksHelp(word string) bool {
	return slices.Contains([]string{"help", "-h", "-help", "--help"}, word)
}

// choose runs the act that the first word names. without is the act where there is no word, or a flag instead; "" if there has to be one.
func choose(ctx context.Context, parent, without string, acts []command, args []string, s streams) error {
	word, rest := without, args
	if len(args) > 0 && (without == "" || !strings.HasPrefix(args[0], "-") || asksHelp(args[0])) {
		word, rest = args[0], args[1:]
	}
	for _, act := range acts {
		if act.word() == word {
			return act.run(ctx, rest, s)
		}
	}
	if word != "" && !asksHelp(word) {
		fmt.Fprintf(s.err, "rapport %s: unknown act %q\n\n", parent, word)
	}
	actsUsage(s.err, parent, acts)
	if asksHelp(word) {
		return flag.ErrHelp
	}
	return errUsage
}

func actsUsage(w io.Writer, parent string, acts []command) {
	fmt.Fprintf(w, "Usage: rapport %s <act> [flags]\n\n", parent)
	for _, act := range acts {
		fmt.Fprintf(w, "  %-16s  %s\n", strings.TrimSpace(act.word()+" "+act.takes), act.does)
	}
	fmt.Fprintf(w, "\nrapport %s <act> -h lists its flags.\n", parent)
}

// parseFlags reads a command's flags; anything that is left over is a usage error.
func parseFlags(fs *flag.FlagSet, args []string, s streams) error {
	explain(fs, s.err)
	if err := parseOnce(fs, args); err != nil {
		return err
	}
	if fs.NArg() > 0 {
		fmt.Fprintf(s.err, "rapport %s: unexpected argument %q\n", fs.Name(), fs.Arg(0))
		return errUsage
	}
	return nil
}

// parseMixed reads flags that may stand before, between and after the arguments, and returns those.
func parseMixed(fs *flag.FlagSet, args []string, s streams) ([]string, error) {
	explain(fs, s.err)
	var rest []string
	for {
		if err := parseOnce(fs, args); err != nil {
			return nil, err
		}
		if fs.NArg() == 0 {
			return rest, nil
		}
		rest, args = append(rest, fs.Arg(0)), fs.Args()[1:]
	}
}

func parseOnce(fs *flag.FlagSet, args []string) error {
	out, usage := fs.Output(), fs.Usage
	fs.SetOutput(io.Discard) // the flag package says what is wrong above all flags, where a screen no longer shows it
	fs.Usage = func() {}
	err := fs.Parse(args)
	fs.SetOutput(out)
	fs.Usage = usage
	switch {
	case errors.Is(err, flag.ErrHelp):
		usage()
	case err != nil:
		fmt.Fprintf(out, "%s\nrapport %s: %s\nrapport %s -h lists its flags.\n", usageLine(fs), fs.Name(), asTyped.Replace(err.Error()), fs.Name())
		return errUsage
	}
	return err
}

// asTyped writes flags in the flag package's sentences as people do.
var asTyped = strings.NewReplacer("for flag -", "for --", "\" for -", "\" for --", "not defined: -", "not defined: --", "an argument: -", "an argument: --")

// explain has the flags say what their command is, where they are asked or wrong.
func explain(fs *flag.FlagSet, out io.Writer) {
	fs.SetOutput(out)
	fs.Usage = func() {
		fmt.Fprintf(out, "%s\n\n%s\n", usageLine(fs), sentence(commandNamed(fs.Name()).does))
		if hasFlags(fs) {
			fmt.Fprintln(out)
			fs.PrintDefaults()
		}
		if slices.Contains([]string{"run", "doctor"}, fs.Name()) {
			fmt.Fprintln(out, "\nIt is configured by environment variables: see README.")
		}
	}
}

// usageLine says how a command is written.
func usageLine(fs *flag.FlagSet) string {
	line := "Usage: rapport " + fs.Name()
	if hasFlags(fs) {
		line += " [flags]"
	}
	if takes := commandNamed(fs.Name()).takes; takes != "" {
		line += " " + takes
	}
	return line
}

func hasFlags(fs *flag.FlagSet) bool {
	some := false
	fs.VisitAll(func(*flag.Flag) { some = true })
	return some
}

// commandNamed finds a command by its whole name.
func commandNamed(name string) command {
	for _, c := range slices.Concat(commands(), adminCommands(), dataCommands(), peopleCommands(), parseCommands()) {
		if c.name == name {
			return c
		}
	}
	return command{name: name}
}

// sentence is what a list says of something, as it stands by itself.
func sentence(does string) string {
	if does == "" {
		return ""
	}
	return strings.ToUpper(does[:1]) + does[1:] + "."
}

// misused prints how a command is used.
func misused(s streams, name, note string) error {
	c := commandNamed(name)
	fmt.Fprintf(s.err, "rapport %s: usage: %s\n", name, strings.TrimSpace("rapport "+name+" [flags] "+c.takes+note))
	return errUsage
}
