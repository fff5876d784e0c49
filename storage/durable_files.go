package storage

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The folder holds, beside lock and socket:
//
//   - log-<number>-<random>: what was written, in turn. Every start begins a new one. All but the last are ended.
//   - snapshot-<number>-<random>: everything that the logs of lower numbers came to. Those are deleted once it is there.
//
// Files appear under these names whole, by renaming: one that begins wrongly is damaged.
const (
	lockName   = "rapport.lock"
	socketName = "rapport.sock"
	unfinished = ".tmp"
)

var durableName = regexp.MustCompile(`^(log|snapshot)-(\d{6,9})-[A-Z2-7]{26}$`)

// durableEntry is one file of the folder.
type durableEntry struct {
	name     string
	number   int
	snapshot bool
}

func newDurableName(kind string, number int) string {
	return fmt.Sprintf("%s-%06d-%s", kind, number, rand.Text())
}

// durableFiles are those that the state is read from, and those that nobody needs any more.
type durableFiles struct {
	snapshot *durableEntry
	logs     []durableEntry // in order
	leftover []string
}

// listDurable finds out what the folder holds. Files of other names are left alone.
func listDurable(dir string) (durableFiles, error) {
	var found durableFiles
	list, err := os.ReadDir(dir)
	if err != nil {
		return found, fmt.Errorf("list folder %q: %w", dir, err)
	}
	var all []durableEntry
	for _, entry := range list {
		if m := durableName.FindStringSubmatch(strings.TrimSuffix(entry.Name(), unfinished)); m != nil {
			if strings.HasSuffix(entry.Name(), unfinished) {
				found.leftover = append(found.leftover, entry.Name())
				continue
			}
			number, _ := strconv.Atoi(m[2]) // at most nine digits
			all = append(all, durableEntry{name: entry.Name(), number: number, snapshot: m[1] == "snapshot"})
		}
	}
	slices.SortFunc(all, func(a, b durableEntry) int { return cmp.Compare(a.number, b.number) })
	return found.choose(dir, all)
}

// choose takes the latest snapshot and the logs from there on, which have to be all there, each once.
func (d durableFiles) choose(dir string, all []durableEntry) (durableFiles, error) {
	first := 1
	for _, e := range all {
		if !e.snapshot {
			continue
		}
		if e.number == first && d.snapshot != nil {
			return d, missing(dir, fmt.Sprintf("there are two snapshots of number %d", e.number))
		}
		d.snapshot, first = &e, e.number
	}
	next := first
	for _, e := range all {
		switch {
		case e.snapshot && e != *d.snapshot, !e.snapshot && e.number < first:
			d.leftover = append(d.leftover, e.name)
		case e.snapshot:
		case e.number != next:
			return d, missing(dir, fmt.Sprintf("log %d comes where log %d has to be", e.number, next))
		default:
			d.logs = append(d.logs, e)
			next++
		}
	}
	if d.snapshot != nil && len(d.logs) == 0 {
		return d, missing(dir, fmt.Sprintf("log %d is missing", first))
	}
	return d, nil
}

// whatToDo ends every message about a folder that cannot be read.
const whatToDo = "Nothing was changed. Put the whole folder back from a backup, or import an export into an empty folder"

func missing(dir, what string) error {
	return fmt.Errorf("read store in folder %q: %s. %s", dir, what, whatToDo)
}

// damaged names the place where a file cannot be read.
func damaged(path string, offset int64, why error) error {
	return fmt.Errorf("read store: file %q is damaged at byte %d (%w). %s", path, offset, why, whatToDo)
}

// createDurable makes a file that appears under its name once fill wrote it and the disk has it. fill gets the path that it is written at.
func createDurable(dir, name string, fill func(f *os.File, path string) error) (*os.File, error) {
	path := filepath.Join(dir, name)
	f, err := os.OpenFile(path+unfinished, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make file: %w", err)
	}
	err = fill(f, path+unfinished)
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = os.Rename(path+unfinished, path)
	}
	if err == nil {
		err = syncFolder(dir)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make file %q: %w", path, err), f.Close())
	}
	return f, nil
}

// syncFolder has the disk know the folder's names.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}

// removeDurable deletes files that nobody needs any more. A name that is gone is no error.
func removeDurable(dir string, names []string) error {
	for _, name := range names {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("delete old file: %w", err)
		}
	}
	return nil
}
