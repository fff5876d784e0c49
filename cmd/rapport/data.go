package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"rapport/storage"
)

func dataCommands() []command {
	return []command{
		{"data show", "", "what the store holds: counts, sizes, schema; also without a word", showData},
		{"data reseal", "", "seal what is private with the present key, after RAPPORT_KEY was replaced", resealData},
		{"data purge", "", "delete everything of a workspace", purgeData},
		{"data restored", "", "say that the store was put back from a backup", restoredData},
		{"data erased", "", "list who was forgotten, to keep beside the backups", erasedData},
		{"data forget", "[MEMBER…]", "forget people now, such as those of that list after a restore", forgetData},
	}
}

// data is `rapport data`.
func data(ctx context.Context, args []string, s streams) error {
	return choose(ctx, "data", "show", dataCommands(), args, s)
}

// showData says what the store holds of every workspace.
func showData(ctx context.Context, args []string, s streams) error {
	flags := flag.NewFlagSet("data show", flag.ContinueOnError)
	team := flags.String("team", "", "only this workspace")
	asJSON := flags.Bool("json", false, "as one JSON array")
	if err := parseFlags(flags, args, s); err != nil {
		return err
	}
	return withServer(ctx, s, func(server *storage.Server) error {
		all, err := holdings(ctx, server, *team)
		if err != nil {
			return err
		}
		if *asJSON {
			return json.NewEncoder(s.out).Encode(all)
		}
		return printHoldings(s.out, all)
	})
}

// holdings is what the server holds of a workspace, or of each if none is named.
func holdings(ctx context.Context, server *storage.Server, team string) ([]storage.Holdings, error) {
	teams, err := server.Teams(ctx)
	if err == nil && team != "" {
		teams = []string{team}
		_, err = server.Team(ctx, team)
	}
	if err != nil {
		return nil, err
	}
	all := make([]storage.Holdings, len(teams))
	for i, id := range teams {
		if all[i], err = server.Holdings(ctx, id); err != nil {
			return nil, err
		}
	}
	return all, nil
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
func purgeData(ctx context.Context, args []string, s streams) error {
	flags := flag.NewFlagSet("data purge", flag.ContinueOnError)
	team := flags.String("team", "", "the workspace")
	yes := flags.String("yes", "", "the workspace again: there is no way back")
	force := flags.Bool("force", false, "also while a bot runs on it")
	if err := parseFlags(flags, args, s); err != nil {
		return err
	}
	if *team == "" || *yes != *team {
		fmt.Fprintln(s.err, "rapport data purge: usage: rapport data purge --team T123 --yes T123. Stop the workspace's bots first. This cannot be undone.")
		return errUsage
	}
	return withServer(ctx, s, func(server *storage.Server) error {
		if _, err := server.Team(ctx, *team); err != nil {
			return err
		}
		held, err := server.Holdings(ctx, *team)
		if err != nil {
			return err
		}
		keys, err := server.Purge(ctx, *team, *force)
		if err != nil {
			return err
		}
		return sayPurged(s.out, held, keys)
	})
}

// sayPurged prints what there was.
func sayPurged(out io.Writer, held storage.Holdings, keys int) error {
	var counts []string
	for _, n := range held.Nouns {
		if n.Count > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n.Count, n.Noun))
		}
	}
	_, err := fmt.Fprintf(out, "deleted workspace %s: %d keys (%s). Backups and exports hold what they held.\n", held.Team, keys, strings.Join(counts, ", "))
	return err
}

// restoredData marks a store.
func restoredData(ctx context.Context, args []string, s streams) error {
	flags := flag.NewFlagSet("data restored", flag.ContinueOnError)
	team, by := teamFlag(flags), signFlag(flags)
	if err := parseFlags(flags, args, s); err != nil {
		return err
	}
	quiet := streams{out: s.out, err: io.Discard, env: s.env} // a folder that was seen to be a copy is marked when it is opened: what that says is the answer here
	return withStore(ctx, quiet, *team, func(store *storage.Store) error {
		if err := by.note(ctx, store, "restored"); err != nil {
			return err
		}
		if err := store.MarkRestored(ctx, time.Now()); err != nil { // the real-time edge
			return err
		}
		_, err := fmt.Fprintln(s.out, "Messages that wait in the store are looked for in Slack before they are sent. Forget again whom it still knows: rapport data forget -h")
		return err
	})
}
