package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// parseCommands show how what somebody types is understood, without a Slack. They ask nobody: whether a person exists is no question of grammar.
func parseCommands() []command {
	return []command{
		{"parse kudos", "[TEXT]", "a text after /kudos; JSON lines on standard input without TEXT", parseKudos},
		{"parse followup", "[TEXT]", "a text after /followup; JSON lines on standard input without TEXT", parseFollowup},
		{"parse date", "[TEXT]", "a date phrase, such as \"next friday\"; JSON lines on standard input without TEXT", parseDate},
	}
}

func parse(ctx context.Context, args []string, s streams) error {
	return choose(ctx, "parse", "", parseCommands(), args, s)
}

// longestLine bounds a line of standard input, in bytes: many times what Slack lets somebody type.
const longestLine = 4 << 20

// parseEach reads texts, the one of the command line or each of the JSON objects on standard input, and prints what understand makes of each: a line of JSON, or
// with asJSON false the same over several lines, for a person. asked is what a line of input says nothing else about; it is not changed. A line that cannot be
// read is answered with a line that says so, and named on standard error; those after it are read, and the command ends as one that was wrongly used.
func parseEach[A any](ctx context.Context, name string, asJSON bool, texts []string, asked A, set func(*A, string), s streams, understand func(A) (any, error)) error {
	out := bufio.NewWriter(s.out)
	if len(texts) > 0 {
		set(&asked, strings.Join(texts, " "))
		understood, err := understand(asked)
		if err != nil {
			fmt.Fprintf(s.err, "rapport parse %s: %v\n", name, err)
			return errUsage
		}
		return errors.Join(printUnderstood(out, understood, asJSON), out.Flush())
	}
	lines := bufio.NewScanner(s.in)
	lines.Buffer(nil, longestLine)
	n, unread := 1, false
	for ; lines.Scan() && ctx.Err() == nil; n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		understood, err := understandLine(lines.Bytes(), asked, understand)
		if err != nil {
			unread, understood = true, unreadLine{Action: "error", Error: fmt.Sprintf("line %d: %v", n, err)}
			fmt.Fprintf(s.err, "rapport parse %s: line %d: %v\n", name, n, err)
		}
		if err := printUnderstood(out, understood, true); err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		_ = out.Flush() // what was understood before the line that is too long
		fmt.Fprintf(s.err, "rapport parse %s: line %d: longer than %d MiB\n", name, n, longestLine>>20)
		return errUsage
	}
	err := errors.Join(lines.Err(), out.Flush())
	if err == nil && unread {
		return errUsage
	}
	return err
}

// unreadLine answers a line that cannot be read, so that each line of input that holds anything has one of output.
type unreadLine struct {
	Action string `json:"action"`
	Error  string `json:"error"`
}

// understandLine reads one line into a copy of asked.
func understandLine[A any](line []byte, asked A, understand func(A) (any, error)) (any, error) {
	if err := readLine(line, &asked); err != nil {
		return nil, err
	}
	return understand(asked)
}

// readLine reads one JSON object. A misspelt name is an error: its value would silently be another.
func readLine(line []byte, into any) error {
	line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")) // some editors start a file so
	if !bytes.HasPrefix(bytes.TrimSpace(line), []byte("{")) {
		return errors.New("read a JSON object: it has to be like {\"text\":\"help\"}")
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("read a JSON object: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("read a JSON object: something stands behind it")
	}
	return nil
}

func printUnderstood(w io.Writer, understood any, asJSON bool) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // mentions stay readable
	if !asJSON {
		e.SetIndent("", "  ")
	}
	return e.Encode(understood)
}

// parseArguments reads a parse command's flags and texts.
func parseArguments(flags *flag.FlagSet, args []string, s streams) (texts []string, asJSON bool, err error) {
	line := flags.Bool("json", false, "one line of JSON, as for standard input, instead of one for each field")
	texts, err = parseMixed(flags, args, s)
	return texts, *line, err
}
