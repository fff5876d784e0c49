package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"rapport/storage"
)

// exportStore is `rapport export`.
func exportStore(ctx context.Context, args []string, s streams) error {
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	team := teamFlag(flags)
	out := flags.String("out", "", "the `file` to write, mode 0600; standard output if empty")
	if err := parseFlags(flags, args, s); err != nil {
		return err
	}
	return withServer(ctx, s, func(server *storage.Server) error {
		id, err := server.Team(ctx, *team)
		if err != nil {
			return err
		}
		if server.Live() {
			fmt.Fprintln(s.err, "rapport export: the bot runs: what changes while this is written may be missing in it. To move, stop the bot first.")
		}
		done, err := exportTo(ctx, server, id, *out, s.out)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.err, "exported workspace %s: %d keys in %d lines, %s. What is private in it is sealed: whoever imports it needs the same RAPPORT_KEY.\n", done.Team, done.Keys, done.Lines, inBytes(done.Bytes))
		return nil
	})
}

// exportTo writes an export to the file at path, or if that is empty to out.
func exportTo(ctx context.Context, server *storage.Server, team, path string, out io.Writer) (done storage.Exported, err error) {
	write := func(w io.Writer) (err error) {
		done, err = server.Export(ctx, team, w, buildVersion())
		return err
	}
	if path == "" {
		err = write(out)
	} else {
		err = writeWhole(path, write)
	}
	return done, err
}

// writeWhole writes a file that appears only when it is complete and on the disk.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	part, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part.Name()))
		}
	}()
	if err := errors.Join(write(part), part.Sync(), part.Close()); err != nil {
		return err
	}
	if err := os.Rename(part.Name(), path); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	return nil
}
