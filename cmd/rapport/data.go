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
	"text/tabwriter"
	"time"

	"rapport/storage"
)

// dataAct is one of the things that `rapport data` does.
type dataAct struct {
	name, does string
	run        func(ctx context.Context, args []string, s streams) error
}

func dataActs() []dataAct {
	return []dataAct{
		{"show", "what the store holds: counts, sizes, schema; also without a word", showData},
		{"reseal", "seal what is private with the present key, after RAPPORT_KEY was replaced", resealData},
		{"purge", "delete everything of a workspace", purgeData},
		{"restored", "say that the store was put back from a backup", restoredData},
		{"erased", "list who was forgotten, to keep beside the backups", erasedData},
		{"forget", "forget people now, such as those of that list after a restore", forgetData},
	}
}

// data is `rapport data`.
func data(ctx context.Context, args []string, s streams) error {
	name := "show"
	if len(args) > 0 && !strings.HasPrefix(args[0], "--") {
		name, args = args[0], args[1:]
	}
	for _, act := range dataActs() {
		if act.name == name {
			return act.run(ctx, args, s)
		}
	}
	fmt.Fprint(s.err, "Usage: rapport data [act] [flags]\n\n")
	for _, act := range dataActs() {
		fmt.Fprintf(s.err, "  %-9s %s\n", act.name, act.does)
	}
	fmt.Fprint(s.err, "\nrapport data <act> -h lists its flags.\n")
	if slices.Contains([]string{"-h", "help"}, name) {
		return flag.ErrHelp
	}
	return errUsage
}

// showData says what the store holds of every workspace.
func showData(ctx context.Context, args []string, s streams) (err error) {
	flags := flag.NewFlagSet("data show", flag.ContinueOnError)
	team := flags.String("team", "", "only this workspace")
	asJSON := flags.Bool("json", false, "as one JSON array")
	if err := parseFlags(flags, args, s); err != nil {
		return err
	}
	server, err := openServer(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	teams, err := server.Teams(ctx)
	if err != nil {
		return err
	}
	if *team != "" {
		if _, err := server.Team(ctx, *team); err != nil {
			return err
		}
		teams = []string{*team}
	}
	all := make([]storage.Holdings, len(teams))
	for i, id := range teams {
		if all[i], err = server.Holdings(ctx, id); err != nil {
			return err
		}
	}
	if *asJSON {
		return json.NewEncoder(s.out).Encode(all)
	}
	return printHoldings(s.out, all)
}

func printHoldings(out io.Writer, all []storage.Holdings) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(out, "The store holds no workspace.")
		return err
	}
	for i, h := range all {
		if i > 0 {
			fmt.Fprintln(out)
		}
		state := ""
		if h.Importing {
			state = "; an import has not finished: run it again"
		}
		fmt.Fprintf(out, "workspace %s, schema %d%s\n", h.Team, h.Schema, state)
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(table, "holds\tcount\tkeys\tsize\t")
		for _, n := range h.Nouns {
			fmt.Fprintf(table, "%s\t%d\t%d\t%s\t\n", n.Noun, n.Count, n.Keys, inBytes(n.Bytes))
		}
		if err := table.Flush(); err != nil {
			return fmt.Errorf("print what the store holds: %w", err)
		}
	}
	return nil
}

// inBytes is a size for people; "-" where the server does not say.
func inBytes(n int64) string {
	switch {
	case n <= 0:
		return "-"
	case n < 1<<10:
		return fmt.Sprintf("%d B", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}

// purgeData deletes a workspace after its id was typed twice.
func purgeData(ctx context.Context, args []string, s streams) (err error) {
	flags := flag.NewFlagSet("data purge", flag.ContinueOnError)
	team := flags.String("team", "", "the workspace")
	yes := flags.String("yes", "", "the workspace again: there is no way back")
	if err := parseFlags(flags, args, s); err != nil {
		return err
	}
	if *team == "" || *yes != *team {
		fmt.Fprintln(s.err, "rapport data purge: usage: rapport data purge --team T123 --yes T123. Stop the workspace's bots first: they would store things anew. This cannot be undone.")
		return errUsage
	}
	server, err := openServer(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	if _, err := server.Team(ctx, *team); err != nil {
		return err
	}
	held, err := server.Holdings(ctx, *team)
	if err != nil {
		return err
	}
	keys, err := server.Purge(ctx, *team)
	if err != nil {
		return err
	}
	var counts []string
	for _, n := range held.Nouns {
		if n.Count > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n.Count, n.Noun))
		}
	}
	_, err = fmt.Fprintf(s.out, "deleted workspace %s: %d keys (%s). Backups and exports hold what they held.\n", *team, keys, strings.Join(counts, ", "))
	return err
}

// restoredData marks a store.
func restoredData(ctx context.Context, args []string, s streams) error {
	flags := flag.NewFlagSet("data restored", flag.ContinueOnError)
	team := flags.String("team", "", "the workspace, if the store holds several")
	by := flags.String("as", "", "who does it, for the log; your account on this machine if empty")
	if err := parseFlags(flags, args, s); err != nil {
		return err
	}
	return withStore(ctx, s, *team, *by, "restored", func(store *storage.Store) error {
		if err := store.MarkRestored(ctx, time.Now()); err != nil {
			return err
		}
		_, err := fmt.Fprintln(s.out, "Messages that wait in the store are looked for in Slack before they are sent. Forget again whom it still knows: rapport data forget -h")
		return err
	})
}

// erasedData lists who was forgotten: one JSON object a line.
func erasedData(ctx context.Context, args []string, s streams) (err error) {
	flags := flag.NewFlagSet("data erased", flag.ContinueOnError)
	team := flags.String("team", "", "the workspace, if the store holds several")
	if err := parseFlags(flags, args, s); err != nil {
		return err
	}
	store, err := openTools(ctx, s, *team)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
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
}

// forgetData forgets people.
func forgetData(ctx context.Context, args []string, s streams) error {
	flags := flag.NewFlagSet("data forget", flag.ContinueOnError)
	team := flags.String("team", "", "the workspace, if the store holds several")
	from := flags.String("from", "", "a `file` that rapport data erased wrote")
	by := flags.String("as", "", "who does it, for the log; your account on this machine if empty")
	members, err := parseMixed(flags, args, s)
	if err != nil {
		return err
	}
	if *from != "" {
		listed, err := readErased(*from)
		if err != nil {
			return err
		}
		members = append(members, listed...)
	}
	if len(members) == 0 {
		fmt.Fprintln(s.err, "rapport data forget: usage: rapport data forget [--team T] [--from FILE] [MEMBER…]")
		return errUsage
	}
	return withStore(ctx, s, *team, *by, "forget", func(store *storage.Store) error {
		n, err := store.Erase(ctx, members...)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.out, "forgotten: %d\n", n)
		return err
	})
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

// withStore does something to a workspace's store by hand, and notes that first.
func withStore(ctx context.Context, s streams, team, by, what string, do func(*storage.Store) error) (err error) {
	store, err := openTools(ctx, s, team)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Note(ctx, storage.AuditEntry{At: time.Now(), By: signer(by), What: what}); err != nil {
		return err
	}
	return do(store)
}

// noteAct notes what was done to a workspace of a server that is open.
func noteAct(ctx context.Context, server *storage.Server, team, by, what string) error {
	store, err := server.Store(ctx, team)
	if err != nil {
		return err
	}
	return store.Note(ctx, storage.AuditEntry{At: time.Now(), By: signer(by), What: what})
}

// signer is who does something by hand.
func signer(by string) string {
	if by = signature(by); by != "" {
		return by
	}
	return account()
}
