package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rapport/storage"
)

// erasedData lists who was forgotten: one JSON object a line.
func erasedData(ctx context.Context, args []string, s streams) error {
	flags := flag.NewFlagSet("data erased", flag.ContinueOnError)
	team := teamFlag(flags)
	if err := parseFlags(flags, args, s); err != nil {
		return err
	}
	return withStore(ctx, s, *team, func(store *storage.Store) error {
		list, err := store.Erasures(ctx)
		if err != nil {
			return err
		}
		out := json.NewEncoder(s.out)
		for _, e := range list {
			if err := out.Encode(e); err != nil {
				return fmt.Errorf("print who was forgotten: %w", err)
			}
		}
		return nil
	})
}

// forgetData forgets people.
func forgetData(ctx context.Context, args []string, s streams) error {
	flags := flag.NewFlagSet("data forget", flag.ContinueOnError)
	team, by := teamFlag(flags), signFlag(flags)
	from := flags.String("from", "", "a `file` that rapport data erased wrote: whoever it names, also if nothing is here of them")
	typed, err := parseMixed(flags, args, s)
	if err != nil {
		return err
	}
	var listed []string
	if *from != "" {
		if listed, err = readErased(*from); err != nil {
			return err
		}
	}
	if len(typed)+len(listed) == 0 {
		return misused(s, flags.Name(), ", or --from FILE")
	}
	return withStore(ctx, s, *team, func(store *storage.Store) error { return forgetMembers(ctx, store, by, typed, listed, s.out) })
}

// forgetMembers forgets whom an operator typed and whom a list names. An id that was typed and that nobody here knows is a mistake, so it is not noted among those who were
// forgotten; one of a list is, in case the directory or an import brings it.
func forgetMembers(ctx context.Context, store *storage.Store, by signer, typed, listed []string, out io.Writer) error {
	all := unique(slices.Concat(typed, listed))
	held, named, err := store.Known(ctx, all...)
	if err != nil {
		return err
	}
	var forget, strange []string
	for _, id := range all {
		if slices.Contains(held, id) || slices.Contains(named, id) || slices.Contains(listed, id) {
			forget = append(forget, id)
		} else {
			strange = append(strange, id)
		}
	}
	if len(forget) > 0 {
		if err := by.note(ctx, store, "forget", fmt.Sprintf("%d members", len(forget))); err != nil { // not who: they are to be forgotten
			return err
		}
		if err := store.Erase(ctx, forget...); err != nil {
			return err
		}
	}
	answer := fmt.Sprintf("forgotten: %d", len(held))
	if len(strange) > 0 {
		answer += "; not known here: " + strings.Join(strange, ", ")
	}
	if _, err := fmt.Fprintln(out, answer); err != nil {
		return fmt.Errorf("print who was forgotten: %w", err)
	}
	if len(strange) > 0 {
		return fmt.Errorf("forget %d members: %d of them are not known here: look for a mistyped id, or for the wrong --team", len(all), len(strange))
	}
	return nil
}

// unique returns each word once, sorted.
func unique(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

// readErased reads the members that a list names.
func readErased(path string) (members []string, err error) {
	file, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, fmt.Errorf("read list of who was forgotten: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		var e storage.Erasure
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || e.Member == "" {
			return nil, fmt.Errorf("read list of who was forgotten, line %d: it names no member", n)
		}
		members = append(members, e.Member)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read list of who was forgotten: %w", err)
	}
	return members, nil
}
