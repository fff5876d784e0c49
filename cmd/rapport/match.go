package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"rapport/bot/pairing"
)

// match is `rapport match`: the engine that makes the bot's rounds, on files. What is wrong with the command line or with the files is printed and makes the exit
// status 2; nothing is printed on standard output then.
func match(ctx context.Context, args []string, s streams) error {
	call, err := parseMatch(args, s, time.Now()) // the edge: today is the default date
	if err != nil {
		return err
	}
	in, err := readMatch(call, s)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(s.out, 1<<16)
	if call.simulate > 0 {
		err = simulateMatch(ctx, call, in, out, s)
	} else {
		err = matchOnce(ctx, call, in, out)
	}
	return errors.Join(err, out.Flush())
}

// readMatch reads all files of a call, and prints what is wrong with any of them.
func readMatch(call matchCall, s streams) (pairing.Input, error) {
	var wrong rowProblems
	texts, err := readMatchFiles(call.files, s.in)
	if err != nil {
		fmt.Fprintf(s.err, "rapport match: %v\n", err)
		return pairing.Input{}, errUsage
	}
	in := inputOf(call, texts, &wrong)
	if !wrong.none() {
		wrong.write(s.err)
		return in, errUsage
	}
	if call.simulate > 0 && slices.ContainsFunc(in.Members, func(m pairing.Member) bool { return m.Role != "" }) {
		fmt.Fprintln(s.err, "rapport match: --simulate: mentors and mentees stay together for months, so rounds one after the other say nothing of them; leave the flag out")
		return in, errUsage
	}
	return in, nil
}

// matchFiles names the files of a call; "-" is standard input, and an empty name is no file.
type matchFiles struct {
	members, history, blocks string
}

// matchTexts holds what stands in the files; nil where there is none.
type matchTexts struct {
	members, history, blocks []byte
}

func readMatchFiles(files matchFiles, in io.Reader) (matchTexts, error) {
	var texts matchTexts
	for _, f := range []struct {
		what, name string
		to         *[]byte
	}{{"members", files.members, &texts.members}, {"history", files.history, &texts.history}, {"blocks", files.blocks, &texts.blocks}} {
		if f.name == "" {
			continue
		}
		data, err := readWhole(f.name, in)
		if err != nil {
			return texts, fmt.Errorf("read %s: %w", f.what, err)
		}
		*f.to = data
	}
	return texts, nil
}

// readWhole returns what a file holds, never nil without an error.
func readWhole(name string, in io.Reader) ([]byte, error) {
	if name != "-" {
		return os.ReadFile(filepath.Clean(name))
	}
	if in == nil {
		return nil, errors.New("there is no standard input")
	}
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("read standard input: %w", err)
	}
	return append([]byte{}, data...), nil
}

// inputOf makes the engine's input of a call and its files. Every problem is collected; with any, the input is of no use.
func inputOf(call matchCall, texts matchTexts, wrong *rowProblems) pairing.Input {
	in := pairing.Input{Rules: call.rules, Date: call.date, Days: call.days, Seed: call.seed}
	people := readMembers(openTable(call.files.members, texts.members, memberColumns, []string{"id"}, wrong))
	in.Members = people.members
	if texts.history != nil {
		in.History = readHistory(openTable(call.files.history, texts.history, historyColumns, historyColumns[:3], wrong), people)
	}
	if texts.blocks != nil {
		in.Rules.Blocks = readBlocks(openTable(call.files.blocks, texts.blocks, blockColumns, blockColumns, wrong), people)
	}
	return in
}

// matchOnce makes one round and prints it.
func matchOnce(ctx context.Context, call matchCall, in pairing.Input, out io.Writer) error {
	round, err := makeRound(ctx, in)
	if err != nil {
		return err
	}
	if call.json {
		return writeDocument(out, round)
	}
	writeRound(out, call, in, round)
	return nil
}

// makeRound runs the engine, which knows no context, so that an interrupt ends the program at once.
func makeRound(ctx context.Context, in pairing.Input) (pairing.Round, error) {
	type result struct {
		round pairing.Round
		err   error
	}
	done := make(chan result, 1)
	go func() {
		round, err := pairing.Match(in)
		done <- result{round, err}
	}()
	select {
	case r := <-done:
		return r.round, r.err
	case <-ctx.Done():
		return pairing.Round{}, errStopped
	}
}

// errStopped says that somebody ended the program before it was done.
var errStopped = errors.New("stopped before it was done")
