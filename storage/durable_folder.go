package storage

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

const (
	// compactAt is how much is written before a snapshot takes its place, or a quarter of the latest snapshot if that is more: doing again what a log holds takes
	// longer than reading a snapshot of that size.
	compactAt = 4 << 20
	// compactFiles is how many logs there are before: each start makes one.
	compactFiles = 16
	// worthwhile is how much has to be read again at the next start for a snapshot to be written at the end.
	worthwhile = 256 << 10
)

// folder is a durable store's folder, held by this process.
type folder struct {
	dir    string
	lock   *flock.Flock
	engine *engine
	warn   func(string)
	tests  folderTests

	compacting sync.Mutex // also guards what follows
	number     int        // of the log that is written to
	base       int64      // length of the snapshot that it rests on
	old        []string   // files that the next snapshot takes the place of
	unmarked   bool       // see fileHeader.Restored
	wanted     chan struct{}
	ended      chan struct{}
	compactor  sync.WaitGroup
}

// folderTests lets tests put something in the way; both are nil elsewhere.
type folderTests struct {
	file  func(durableFile) durableFile // around every log
	point func(name string)             // called where a crash is looked at
	limit int64                         // instead of compactAt
}

func (t folderTests) at(name string) {
	if t.point != nil {
		t.point(name)
	}
}

// errHeld says that another process has the folder.
var errHeld = errors.New("another process uses it")

// lockFolder makes the folder if it has to, and keeps other processes out until it is unlocked.
func lockFolder(dir string, warn func(string)) (*flock.Flock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder for the store: %w", err)
	}
	if err := warnOpen(dir, warn); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock folder %q: %w", dir, err)
	}
	if !held {
		return nil, fmt.Errorf("open store in folder %q: %w: only one can. Stop the other first, or give this one a folder of its own", dir, errHeld)
	}
	return lock, nil
}

// warnOpen tells of a folder that others may enter.
func warnOpen(dir string, warn func(string)) error {
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("read folder of the store: %w", err)
	}
	if open := info.Mode().Perm() & 0o077; open != 0 {
		warn(fmt.Sprintf("other users of this machine may enter the folder %q (mode %04o): the files in it are closed to them, but make it 0700", dir, info.Mode().Perm()))
	}
	return nil
}

// openFolder reads the folder and begins a new log. The lock is the folder's from then on, also if this fails.
func openFolder(dir string, lock *flock.Flock, now func() time.Time, warn func(string), tests folderTests) (_ *folder, err error) {
	f := &folder{dir: dir, lock: lock, warn: warn, tests: tests, wanted: make(chan struct{}, 1), ended: make(chan struct{})}
	defer func() {
		if err != nil {
			if f.engine != nil {
				f.engine.close()
			}
			err = errors.Join(err, lock.Close())
		}
	}()
	if f.engine, err = newEngine(now); err != nil {
		return nil, err
	}
	found, err := recoverFolder(dir, f.engine)
	if err != nil {
		return nil, err
	}
	log, err := f.begin(found)
	if err != nil {
		return nil, fmt.Errorf("begin log in folder %q: %w", dir, err)
	}
	f.engine.log = newCommitLog(log, f.grown)
	if found.bytes > f.limit() || len(found.logs) >= compactFiles {
		f.want()
	}
	return f, nil
}

// begin ends what was written before and makes the log that this process writes. A crash in between leaves what can be read.
func (f *folder) begin(found recovered) (*openLog, error) {
	if err := removeDurable(f.dir, found.files.leftover); err != nil {
		return nil, err
	}
	f.unmarked = found.restored
	if s := found.files.snapshot; s != nil {
		info, err := os.Stat(filepath.Join(f.dir, s.name))
		if err != nil {
			return nil, err
		}
		f.number, f.base, f.old = s.number-1, info.Size(), append(f.old, s.name)
	}
	before := ""
	for _, log := range found.logs {
		f.number, before, f.old = f.number+1, log.name, append(f.old, log.name)
	}
	f.tests.at("read")
	if n := len(found.logs); n > 0 {
		if err := f.endLog(found.logs[n-1]); err != nil {
			return nil, err
		}
	}
	f.tests.at("ended")
	log, err := f.createLog(before)
	f.tests.at("begun")
	return log, err
}

// endLog cuts off what a crash left unfinished and says that nothing follows.
func (f *folder) endLog(log readLog) error {
	if log.ended {
		return nil
	}
	path := filepath.Join(f.dir, log.name)
	if log.torn > 0 {
		f.warn(fmt.Sprintf("a write that was not finished when the process ended was cut off from %q: %d bytes", log.name, log.torn))
		if err := os.Truncate(path, log.good); err != nil {
			return fmt.Errorf("cut off log: %w", err)
		}
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return fmt.Errorf("end log: %w", err)
	}
	return (&openLog{file: f.wrap(file), name: log.name, seed: seedOf(log.name), next: log.frames}).end()
}

func (f *folder) wrap(file durableFile) durableFile {
	if f.tests.file != nil {
		return f.tests.file(file)
	}
	return file
}

// createLog makes the log behind the one called before.
func (f *folder) createLog(before string) (*openLog, error) {
	name := newDurableName("log", f.number+1)
	log := &openLog{name: name, seed: seedOf(name), next: 1}
	file, err := createDurable(f.dir, name, func(file *os.File, path string) error {
		birth, err := birthOf(path)
		if err != nil {
			return err
		}
		payload, err := appendHeader(nil, fileHeader{Format: fileFormat, Birth: birth, Before: before, Restored: f.unmarked})
		if err != nil {
			return err
		}
		frame := appendFrame(nil, log.seed, 0, payload)
		log.bytes = int64(len(frame))
		_, err = file.Write(frame)
		return err
	})
	if err != nil {
		return nil, err
	}
	log.file = f.wrap(file)
	f.number++
	f.old = append(f.old, name)
	return log, nil
}

// marked is called once it is stored that the folder was restored.
func (f *folder) marked() error {
	if err := f.engine.log.wait(f.engine.mark()); err != nil {
		return err
	}
	f.compacting.Lock()
	defer f.compacting.Unlock()
	f.unmarked = false
	return nil
}

// exists reports whether a folder holds a store.
func exists(dir string) (bool, error) {
	files, err := listDurable(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err != nil || len(files.logs) > 0, err
}

func (f *folder) limit() int64 {
	if f.tests.limit > 0 {
		return f.tests.limit
	}
	return max(compactAt, f.base/4)
}

// grown is told how long the log is. It must not wait, nor look at anything that a snapshot changes meanwhile but by its own lock.
func (f *folder) grown(bytes int64) {
	if !f.compacting.TryLock() {
		return // one is being written
	}
	defer f.compacting.Unlock()
	if bytes > f.limit() {
		f.want()
	}
}

func (f *folder) want() {
	select {
	case f.wanted <- struct{}{}:
	default:
	}
}

// serveCompaction writes snapshots when they are wanted, until the folder is closed.
func (f *folder) serveCompaction() {
	f.compactor.Go(func() {
		for {
			select {
			case <-f.wanted:
				if err := f.compact(); err != nil {
					f.engine.log.fail(err)
					return
				}
			case <-f.ended:
				return
			}
		}
	})
}

// compact writes a snapshot and lets go of what it takes the place of. Commands wait while the state is copied in memory, not while it is written.
func (f *folder) compact() error {
	f.compacting.Lock()
	defer f.compacting.Unlock()
	old, before := f.old, f.engine.log.log.name
	f.old = nil
	next, err := f.createLog(before)
	if err != nil {
		return err
	}
	f.tests.at("log made")
	state, err := f.engine.captureFor(next)
	if err != nil {
		return err
	}
	f.tests.at("log switched")
	name := newDurableName("snapshot", f.number)
	file, err := createDurable(f.dir, name, func(file *os.File, _ string) error {
		f.tests.at("snapshot made")
		w := bufio.NewWriterSize(file, 256<<10)
		if err := state.write(w, seedOf(name), fileHeader{Format: fileFormat, Next: next.name}); err != nil {
			return err
		}
		err := w.Flush()
		f.tests.at("snapshot written")
		return err
	})
	if err != nil {
		return err
	}
	f.tests.at("snapshot renamed")
	info, err := file.Stat()
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("close snapshot: %w", err)
	}
	f.base, f.old = info.Size(), append(f.old, name)
	for _, gone := range old {
		if err := removeDurable(f.dir, []string{gone}); err != nil {
			return err
		}
		f.tests.at("old deleted")
	}
	return nil
}

// captureFor copies the state and goes on in another log, which begins where the copy ends.
func (e *engine) captureFor(next *openLog) (captured, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	state, err := e.capture()
	if err != nil {
		return state, err
	}
	if err := e.log.switchTo(next); err != nil {
		return state, err
	}
	clear(e.logged)
	e.told = 0
	return state, nil
}

// close lets go of the folder. Nobody may use the engine any more.
func (f *folder) close() error {
	close(f.ended)
	f.compactor.Wait()
	var err error
	if f.engine.log.stopped() == nil && f.engine.log.written() > worthwhile {
		err = f.compact()
	}
	err = errors.Join(err, f.engine.log.close())
	f.engine.close()
	return errors.Join(err, f.lock.Close())
}
