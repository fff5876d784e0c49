package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"rapport/storage"
)

// resealData seals what is private with the present key.
func resealData(ctx context.Context, args []string, s streams) error {
	flags := flag.NewFlagSet("data reseal", flag.ContinueOnError)
	team, by := teamFlag(flags), signFlag(flags)
	lost := flags.String("delete-unreadable", "", "if a key is lost for good: delete the promises, private kudos, reports, lists and notes that neither RAPPORT_KEY nor RAPPORT_KEY_OLD opens. Name the `workspace` here; stop its bots first, there is no way back")
	if err := parseFlags(flags, args, s); err != nil {
		return err
	}
	if *lost != "" && *team != "" && *lost != *team {
		fmt.Fprintln(s.err, "rapport data reseal: --team and --delete-unreadable name different workspaces")
		return errUsage
	}
	o := storage.ResealOptions{DeleteUnreadable: *lost != ""}
	what := "reseal"
	if o.DeleteUnreadable {
		*team, what = *lost, "reseal, deleting what is unreadable"
	}
	return withStore(ctx, s, *team, func(store *storage.Store) error {
		if err := by.note(ctx, store, what); err != nil {
			return err
		}
		done, err := store.Reseal(ctx, o)
		if err := errors.Join(sayResealed(s.out, done), err); err != nil {
			return err
		}
		if done.Unreadable > 0 {
			return fmt.Errorf("%d sealed texts do not open with any key that is set here: see --delete-unreadable", done.Unreadable)
		}
		_, err = fmt.Fprintf(s.out, "Nothing is left that needs another key than %s: take away RAPPORT_KEY_OLD. Old backups and exports still need the former key.\n", done.Key)
		return err
	})
}

// sayResealed prints what was done, also of what broke off.
func sayResealed(out io.Writer, done storage.Resealed) error {
	if done.Sealed+done.Before+done.Deleted == 0 {
		return nil
	}
	if _, err := fmt.Fprintf(out, "texts sealed anew: %d, sealed with the present key before: %d, deleted as unreadable: %d\n", done.Sealed, done.Before, done.Deleted); err != nil {
		return fmt.Errorf("print what was sealed: %w", err)
	}
	return nil
}
