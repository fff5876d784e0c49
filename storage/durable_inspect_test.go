package storage

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// filesOf writes down every file of a folder, with what is in it.
func filesOf(t *testing.T, dir string) string {
	t.Helper()
	var text strings.Builder
	ok(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if !entry.Type().IsRegular() {
			fmt.Fprintf(&text, "%s %s\n", path, entry.Type())
			return nil
		}
		data, err := os.ReadFile(path)
		fmt.Fprintf(&text, "%s %d %x\n", path, len(data), sha256.Sum256(data))
		return err
	}))
	return text.String()
}

func TestLookingIntoAFolderLeavesItAsItIs(t *testing.T) {
	c := newStanding()
	dir := t.TempDir()
	var said []string
	o := Options{Dir: dir, Team: "T1", Key: bytes.Repeat([]byte{1}, 32), Now: c.Now, Warn: func(w string) { said = append(said, w) }}
	look := func(dir string, want int, live bool) {
		t.Helper()
		before := filesOf(t, dir)
		said = nil
		o := o
		o.Dir = dir
		v, err := Inspect(t.Context(), o)
		ok(t, err)
		if v.Live() != live || v.rdb.Get(t.Context(), "rapport:{T1}:x").Val() != "1" {
			t.Errorf("live %t, want %t; found %q", v.Live(), live, v.rdb.Get(t.Context(), "rapport:{T1}:x").Val())
		}
		if teams, err := v.Teams(t.Context()); err != nil || len(teams) != 1 {
			t.Errorf("workspaces %q, %v", teams, err)
		}
		ok(t, v.CheckKeys(t.Context(), "T1"))
		if !live {
			if err := v.rdb.Set(t.Context(), "rapport:{T1}:y", "1", 0).Err(); err == nil {
				t.Error("it lets itself be written to")
			}
			if err := v.rdb.Eval(t.Context(), "return redis.call('SET', KEYS[1], '1')", []string{"rapport:{T1}:y"}).Err(); err == nil {
				t.Error("it lets itself be written to by a script")
			}
		}
		ok(t, v.Close())
		if after := filesOf(t, dir); after != before {
			t.Errorf("before:\n%safter:\n%s", before, after)
		}
		if len(said) != want {
			t.Errorf("warnings %q, want %d", said, want)
		}
	}
	if _, err := Inspect(t.Context(), o); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder: got %v, want that nothing is there", err)
	}
	if _, err := os.Stat(filepath.Join(dir, lockName)); err == nil {
		t.Error("an empty folder got a lock")
	}
	s, err := OpenFolder(t.Context(), o)
	ok(t, err)
	ok(t, s.rdb.Set(t.Context(), "rapport:{T1}:x", "1", 0).Err())
	ok(t, os.Chmod(dir, 0o700))
	look(dir, 0, true)
	torn := copyFolder(t, dir) // as a crash leaves it, and a copy
	copied := 1
	if SameBirth(t, onlyFile(t, dir, "log"), onlyFile(t, torn, "log")) {
		copied = 0 // the file system does not tell one here, or not within a tick of its clock
	}
	ok(t, os.Chmod(torn, 0o755))
	ok(t, s.Close())
	look(dir, 0, false)
	look(torn, 1+copied, false)
	look(torn, 1+copied, false) // the first look marked nothing
	s, err = OpenFolder(t.Context(), o)
	ok(t, err)
	ok(t, s.Close())
}

func TestADamagedFolderIsLookedAtAsItIsOpened(t *testing.T) {
	c := newStanding()
	dir := t.TempDir()
	_, rdb, stop := openTest(t, dir, c, folderTests{})
	ok(t, rdb.Set(t.Context(), "rapport:{T1}:x", "1", 0).Err())
	stop()
	path := onlyFile(t, dir, "log")
	data, err := os.ReadFile(path)
	ok(t, err)
	data[len(data)/2] ^= 1
	ok(t, os.WriteFile(path, data, 0o600))
	before := filesOf(t, dir)
	if _, err := Inspect(t.Context(), Options{Dir: dir, Now: c.Now}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want the file named", err)
	}
	if after := filesOf(t, dir); after != before {
		t.Errorf("before:\n%safter:\n%s", before, after)
	}
	// The lock is given back, and opening says the same.
	if _, err := openDurable(t.Context(), Options{Dir: dir, Now: c.Now}, folderTests{}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("opening it: got %v, want the file named", err)
	}
}
