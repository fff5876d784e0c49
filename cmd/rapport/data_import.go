package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"rapport/storage"
)

// importCall is what a command line says of an import.
type importCall struct {
	file    string // "-" is standard input
	options storage.ImportOptions
	by      signer
}

// importStore is `rapport import`.
func importStore(ctx context.Context, args []string, s streams) (err error) {
	call, err := parseImport(args, s)
	if err != nil {
		return err
	}
	file, closeFile, err := openExportFile(call.file, os.Stdin)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeFile()) }()
	server, err := openForImport(ctx, file, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	done, err := server.Import(ctx, file, call.options)
	if err != nil {
		return err
	}
	sayImported(s.err, done)
	store, err := server.Store(ctx, done.Team)
	if err != nil {
		return err
	}
	return call.by.note(ctx, store, "import")
}

func parseImport(args []string, s streams) (call importCall, err error) {
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	flags.StringVar(&call.options.Team, "team", "", "the workspace that the export has to be of")
	flags.BoolVar(&call.options.Replace, "replace", false, "delete what the store holds of the workspace")
	flags.BoolVar(&call.options.Force, "force", false, "also while a bot runs on it")
	call.by = signFlag(flags)
	files, err := parseMixed(flags, args, s)
	switch {
	case err != nil:
		return call, err
	case len(files) > 1:
		return call, misused(s, flags.Name(), ", where no FILE or - is standard input")
	case len(files) == 1:
		call.file = files[0]
	default:
		call.file = "-"
	}
	return call, nil
}

// openForImport reaches the store, and makes the folder if there is none: but not for a file that nothing can be made of.
func openForImport(ctx context.Context, file io.ReadSeeker, s streams) (*storage.Server, error) {
	o, err := toolOptions(s)
	if err != nil {
		return nil, err
	}
	opened, warn := false, o.Warn
	o.Warn = func(problem string) {
		if !opened { // what an import makes of the store is said once, in the end
			warn(problem)
		}
	}
	server, err := storage.Connect(ctx, o)
	if errors.Is(err, fs.ErrNotExist) {
		if err := storage.VerifyExport(file); err != nil {
			return nil, err
		}
		server, err = storage.ConnectNew(ctx, o)
	}
	opened = err == nil
	return server, err
}

// sayImported says what was brought. Nothing is on standard output: that is for what other programs read.
func sayImported(out io.Writer, done storage.Imported) {
	fmt.Fprintf(out, "imported workspace %s as it was at %s: %d lines. Messages that wait in it are looked for in Slack before they are sent.\n", done.Team, done.At.Format("2006-01-02 15:04 UTC"), done.Lines)
	if !done.KeysTried {
		fmt.Fprintln(out, "RAPPORT_KEY is not set here, so nobody looked whether it is the one that this was sealed with. The bot does when it starts.")
	}
	if done.Erased > 0 {
		fmt.Fprintf(out, "forgotten again: %d people who were forgotten since\n", done.Erased)
	}
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
