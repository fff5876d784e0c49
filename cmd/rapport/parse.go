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
// with asJSON false the same over several lines, for a person. asked is what a line of input says nothing else about; it is not changed.
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
	n := 1
	for ; lines.Scan() && ctx.Err() == nil; n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		line := asked
		err := readLine(lines.Bytes(), &line)
		var understood any
		if err == nil {
			understood, err = understand(line)
		}
		if err == nil {
			err = printUnderstood(out, understood, true)
		}
		if err != nil {
			_ = out.Flush() // what was understood before the line that is wrong
			fmt.Fprintf(s.err, "rapport parse %s: line %d: %v\n", name, n, err)
			return errUsage
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		_ = out.Flush() // as above
		fmt.Fprintf(s.err, "rapport parse %s: line %d: longer than %d MiB\n", name, n, longestLine>>20)
		return errUsage
	}
	return errors.Join(lines.Err(), out.Flush())
}

// readLine reads one JSON object. A misspelt name is an error: its value would silently be another.
func readLine(line []byte, into any) error {
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
