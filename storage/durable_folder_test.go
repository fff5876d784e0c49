package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func TestAFolderHoldsWhatItHeld(t *testing.T) {
	c := newStanding()
	dir := filepath.Join(t.TempDir(), "new", "data")
	want := ""
	for round := range 4 {
		d, rdb, stop := openTest(t, dir, c, folderTests{})
		if got := stateOf(t, d.folder.engine); got != want {
			t.Fatalf("start %d:\n%s\nwant\n%s", round, got, want)
		}
		if d.folder.unmarked {
			t.Fatalf("start %d: the folder counts as restored", round)
		}
		for _, step := range steps {
			step(t, rdb)
		}
		if round == 1 {
			ok(t, d.folder.compact())
			steps[1](t, rdb)
		}
		want = stateOf(t, d.folder.engine)
		stop()
	}
}

func TestOnlyTheOwnerMayReadTheFolder(t *testing.T) {
	c := newStanding()
	dir := filepath.Join(t.TempDir(), "data")
	d, rdb, _ := openTest(t, dir, c, folderTests{})
	ok(t, d.listen())
	steps[0](t, rdb)
	ok(t, d.folder.compact())
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	ok(t, err)
}

func TestASecondProcessIsRefused(t *testing.T) {
	c := newStanding()
	dir := t.TempDir()
	_, _, stop := openTest(t, dir, c, folderTests{})
	// A lock of another open file keeps out as another process's does.
	_, err := openDurable(t.Context(), Options{Dir: dir, Now: c.Now}, folderTests{})
	if !errors.Is(err, errHeld) || !strings.Contains(err.Error(), dir) {
		t.Errorf("got %v, want it to be held, and named", err)
	}
	stop()
	openTest(t, dir, c, folderTests{})
}

func TestTimesToLivePassWhileNobodyRuns(t *testing.T) {
	c := newStanding()
	dir := t.TempDir()
	_, rdb, stop := openTest(t, dir, c, folderTests{})
	ok(t, rdb.Set(t.Context(), "short", "", time.Hour).Err())
	c.pass(30 * time.Minute)
	ok(t, rdb.Set(t.Context(), "long", "", time.Hour).Err())
	stop()
	c.pass(30 * time.Minute)
	d, rdb, stop := openTest(t, dir, c, folderTests{})
	if left := rdb.Exists(t.Context(), "short", "long").Val(); left != 1 {
		t.Errorf("%d are left, want the long one", left)
	}
	if ttl := rdb.PTTL(t.Context(), "long").Val(); ttl != 30*time.Minute {
		t.Errorf("the long one lives %v more, want 30m", ttl)
	}
	ok(t, d.folder.compact())
	stop()
	c.pass(30*time.Minute - time.Second)
	_, rdb, stop = openTest(t, dir, c, folderTests{})
	if left := rdb.Exists(t.Context(), "long").Val(); left != 1 {
		t.Error("the long one went too early")
	}
	stop()
	c.pass(time.Second + durableAging)
	_, rdb, _ = openTest(t, dir, c, folderTests{})
	if left := rdb.Exists(t.Context(), "long").Val(); left != 0 {
		t.Error("the long one is still there")
	}
}

func TestACrashAtAnyPointOfASnapshotOrAStartLosesNothing(t *testing.T) {
	c := newStanding()
	dir := t.TempDir()
	_, rdb, stop := openTest(t, dir, c, folderTests{})
	for _, step := range steps {
		step(t, rdb)
	}
	stop()
	type crash struct{ point, image string }
	var crashes []crash
	want := ""
	d, rdb, _ := openTest(t, dir, c, folderTests{point: func(name string) {
		crashes = append(crashes, crash{name, copyFolder(t, dir)})
	}})
	want = stateOf(t, d.folder.engine)
	atStart := len(crashes)
	steps[1](t, rdb)
	wantLater := stateOf(t, d.folder.engine)
	ok(t, d.folder.compact())

	var points []string
	for i, crash := range crashes {
		points = append(points, crash.point)
		state := want
		if i >= atStart {
			state = wantLater
		}
		t.Run(fmt.Sprintf("%s %d", crash.point, i), func(t *testing.T) {
			later, rdb, stop := openTest(t, crash.image, c, folderTests{})
			if got := stateOf(t, later.folder.engine); got != state {
				t.Fatalf("got\n%s\nwant\n%s", got, state)
			}
			steps[1](t, rdb)
			written := stateOf(t, later.folder.engine)
			stop()
			if got, _, err := recoverImage(t, crash.image, c); err != nil || got != written {
				t.Fatalf("after the next start: %v\n%s\nwant\n%s", err, got, written)
			}
		})
	}
	if want := []string{
		"read", "ended", "begun", "log made", "log switched", "snapshot made", "snapshot written", "snapshot renamed", "old deleted", "old deleted",
	}; !slices.Equal(points, want) {
		t.Errorf("crashed at %q, want %q", points, want)
	}
}

func TestALogThatGrowsBecomesASnapshot(t *testing.T) {
	c := newStanding()
	dir := t.TempDir()
	renamed := make(chan struct{}, 100)
	d, rdb, stop := openTest(t, dir, c, folderTests{limit: 4 << 10, point: func(name string) {
		if name == "snapshot renamed" {
			renamed <- struct{}{}
		}
	}})
	for done := false; !done; {
		ok(t, raise.Run(t.Context(), rdb, []string{"counts", "all"}, "w").Err())
		select {
		case <-renamed:
			done = true
		default:
		}
	}
	want := stateOf(t, d.folder.engine)
	stop()
	if got, found, err := recoverImage(t, dir, c); err != nil || got != want || found.files.snapshot == nil {
		t.Fatalf("%v, %+v\n%s\nwant\n%s", err, found.files, got, want)
	}
}

func TestManyStartsLeaveFewFiles(t *testing.T) {
	c := newStanding()
	dir := t.TempDir()
	for range 2*compactFiles + 2 {
		d, _, stop := openTest(t, dir, c, folderTests{})
		if len(d.folder.wanted) > 0 { // the compactor may not have come to it
			<-d.folder.wanted
			ok(t, d.folder.compact())
		}
		stop()
	}
	list, err := os.ReadDir(dir)
	ok(t, err)
	if len(list) > compactFiles+3 {
		t.Errorf("%d files, want at most %d", len(list), compactFiles+3)
	}
}

func TestACopiedFolderIsTold(t *testing.T) {
	c := newStanding()
	dir := t.TempDir()
	d, rdb, stop := openTest(t, dir, c, folderTests{})
	steps[0](t, rdb)
	image := copyLater(t, dir) // a backup of a running store
	stop()

	lock, err := lockFolder(image, func(string) {})
	ok(t, err)
	restored, err := openFolder(image, lock, c.Now, d.warn, folderTests{})
	ok(t, err)
	if !restored.unmarked {
		t.Fatal("the copy does not count as restored")
	}
	// It crashes before that is written down.
	ok(t, restored.close())

	again, _, stop := openTest(t, image, c, folderTests{}) // which writes it down
	if again.folder.unmarked {
		t.Fatal("it was not written down")
	}
	stop()
	if _, found, err := recoverImage(t, image, c); err != nil || found.restored {
		t.Errorf("after it was written down: %v, restored %t", err, found.restored)
	}
	if _, found, err := recoverImage(t, dir, c); err != nil || found.restored {
		t.Errorf("the original: %v, restored %t", err, found.restored)
	}
}

// copyLater copies a folder so much later that the copy's birth is another: file systems tell births apart by some milliseconds.
func copyLater(t *testing.T, dir string) (image string) {
	t.Helper()
	first, err := birthOf(onlyFile(t, dir, "log"))
	ok(t, err)
	for {
		image = copyFolder(t, dir)
		born, err := birthOf(onlyFile(t, image, "log"))
		ok(t, err)
		if born != first {
			return image
		}
	}
}

// brokenFile takes a number of syncs and then none.
type brokenFile struct {
	durableFile
	left *int
}

var errDisk = errors.New("input/output error")

func (b *brokenFile) Sync() error {
	if *b.left--; *b.left < 0 {
		return errDisk
	}
	return b.durableFile.Sync()
}

func TestNothingIsAcknowledgedAfterAnErrorOfTheDisk(t *testing.T) {
	c := newStanding()
	dir := t.TempDir()
	left := 3
	d, err := openDurable(t.Context(), Options{Dir: dir, Now: c.Now}, folderTests{file: func(f durableFile) durableFile { return &brokenFile{f, &left} }})
	ok(t, err)
	rdb := d.client()
	acknowledged := 0
	for i := range 10 {
		if rdb.HSet(t.Context(), "hash", fmt.Sprint(i), "").Err() == nil {
			acknowledged++
		}
	}
	if acknowledged != 3 {
		t.Errorf("%d writes were acknowledged, want 3", acknowledged)
	}
	if err := rdb.HLen(t.Context(), "hash").Err(); err == nil || !strings.Contains(err.Error(), errDisk.Error()) {
		t.Errorf("reading after it: got %v, want the error of the disk", err)
	}
	select {
	case err := <-d.folder.engine.log.failed:
		if !errors.Is(err, errDisk) {
			t.Errorf("it failed with %v", err)
		}
	default:
		t.Error("it did not say that it failed")
	}
	ok(t, rdb.Close())
	if err := d.close(); !errors.Is(err, errDisk) {
		t.Errorf("closing: got %v, want the error of the disk", err)
	}
	_, rdb, _ = openTest(t, dir, c, folderTests{})
	if n := rdb.HLen(t.Context(), "hash").Val(); n < 3 || n > 4 {
		t.Errorf("%d writes are there, want the 3 that were acknowledged and perhaps the one that was not", n)
	}
}

// gate holds back syncs until it is opened.
type gate struct {
	durableFile
	wait chan struct{}
}

func (g *gate) Sync() error {
	<-g.wait
	return g.durableFile.Sync()
}

func TestNobodyReadsWhatTheDiskDoesNotHave(t *testing.T) {
	c := newStanding()
	wait := make(chan struct{})
	d, rdb, _ := openTest(t, t.TempDir(), c, folderTests{file: func(f durableFile) durableFile { return &gate{f, wait} }})
	wrote := make(chan error, 1)
	go func() { wrote <- rdb.Set(t.Context(), "a", "1", 0).Err() }()
	for d.folder.engine.log.position() == 0 { // until it is done in memory
		if t.Context().Err() != nil {
			t.Fatal("it was never done")
		}
		runtime.Gosched()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if got, err := rdb.Get(ctx, "a").Result(); err == nil || errors.Is(err, redis.Nil) {
		t.Errorf("somebody read %q before the disk had it, %v", got, err)
	}
	select {
	case err := <-wrote:
		t.Errorf("the write was acknowledged before the disk had it, %v", err)
	default:
	}
	close(wait)
	ok(t, <-wrote)
	if got := rdb.Get(t.Context(), "a").Val(); got != "1" {
		t.Errorf("afterwards it is %q", got)
	}
}
