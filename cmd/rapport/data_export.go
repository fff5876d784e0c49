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
func exportStore(ctx context.Context, args []string, s streams) (err error) {
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	team := flags.String("team", "", "the workspace, if the store holds several")
	out := flags.String("out", "", "the `file` to write, mode 0600; standard output if empty")
	if err := parseFlags(flags, args, s); err != nil {
		return err
	}
	server, err := openServer(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	id, err := server.Team(ctx, *team)
	if err != nil {
		return err
	}
	if server.Live() {
		fmt.Fprintln(s.err, "rapport export: the bot runs: what changes while this is written may be missing in it. To move, stop the bot first.")
	}
	var done storage.Exported
	write := func(w io.Writer) error {
		done, err = server.Export(ctx, id, w, buildVersion())
		return err
	}
	if *out == "" {
		err = write(s.out)
	} else {
		err = writeWhole(*out, write)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "exported workspace %s: %d keys in %d lines, %s. What is private in it is sealed: whoever imports it needs the same RAPPORT_KEY.\n", done.Team, done.Keys, done.Lines, inBytes(done.Bytes))
	return nil
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

// importStore is `rapport import`.
func importStore(ctx context.Context, args []string, s streams) (err error) {
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	team := flags.String("team", "", "the workspace that the export has to be of")
	replace := flags.Bool("replace", false, "delete what the store holds of the workspace")
	by := flags.String("as", "", "who does it, for the log; your account on this machine if empty")
	files, err := parseMixed(flags, args, s)
	if err != nil {
		return err
	}
	if len(files) > 1 {
		fmt.Fprintln(s.err, "rapport import: usage: rapport import [--team T] [--replace] [FILE], where no FILE or - is standard input")
		return errUsage
	}
	name := "-"
	if len(files) == 1 {
		name = files[0]
	}
	file, closeFile, err := openExportFile(name, os.Stdin)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeFile()) }()
	o, err := toolOptions(s)
	if err != nil {
		return err
	}
	opened, warn := false, o.Warn
	o.Warn = func(problem string) {
		if !opened { // what an import makes of the store is said once, below
			warn(problem)
		}
	}
	server, err := storage.ConnectNew(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	opened = true
	checked, err := server.CheckExportKeys(file)
	if err != nil {
		return err
	}
	done, err := server.Import(ctx, file, storage.ImportOptions{Team: *team, Replace: *replace})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "imported workspace %s as it was at %s: %d lines. Messages that wait in it are looked for in Slack before they are sent.\n", done.Team, done.At.Format("2006-01-02 15:04 UTC"), done.Lines)
	if !checked {
		fmt.Fprintln(s.err, "RAPPORT_KEY is not set here, so nobody looked whether it is the one that this was sealed with. The bot does when it starts.")
	}
	if done.Erased > 0 {
		fmt.Fprintf(s.err, "forgotten again: %d people who were forgotten since\n", done.Erased)
	}
	return noteAct(ctx, server, done.Team, *by, "import")
}

// openExportFile opens the named file; "-" is standard input, which is put aside first, since an import reads twice.
func openExportFile(name string, in io.Reader) (io.ReadSeeker, func() error, error) {
	if name != "-" {
		file, err := os.Open(filepath.Clean(name))
		if err != nil {
			return nil, nil, fmt.Errorf("open export: %w", err)
		}
		return file, file.Close, nil
	}
	file, err := os.CreateTemp("", "rapport-import-*") // mode 0600
	if err != nil {
		return nil, nil, fmt.Errorf("put export aside: %w", err)
	}
	remove := func() error { return errors.Join(file.Close(), os.Remove(file.Name())) }
	if _, err := io.Copy(file, in); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("put export aside: %w", err), remove())
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("put export aside: %w", err), remove())
	}
	return file, remove, nil
}
