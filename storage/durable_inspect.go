package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// Inspect reaches a store as [Connect] does, to look and no more. A folder is as it was afterwards, file by file: no log is begun, and one that was copied is not
// marked, which the warnings tell of instead. Who writes is refused; on a server nothing is in the way of that.
func Inspect(ctx context.Context, o Options) (*Server, error) {
	if o.URL != "" || o.Dir == "" {
		return Connect(ctx, o)
	}
	if o.Now == nil {
		return nil, errors.New("connect to store: no clock")
	}
	switch there, err := exists(o.Dir); {
	case err != nil:
		return nil, err
	case !there:
		return nil, noStore(o.Dir)
	}
	lock, err := lockToRead(o.Dir)
	if errors.Is(err, errHeld) {
		return connectSocket(ctx, o)
	}
	if err != nil {
		return nil, err
	}
	return inspectFolder(o, lock)
}

// noStore is the error where a folder holds no store.
func noStore(dir string) error {
	return fmt.Errorf("connect to store: the folder %q holds none: %w", dir, fs.ErrNotExist)
}

// lockToRead keeps others out of a folder, unless nobody was in there since it was put where it is: it has no lock then, and gets none.
func lockToRead(dir string) (io.Closer, error) {
	path := filepath.Join(dir, lockName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return unlocked{path: path}, nil
	}
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock folder %q: %w", dir, err)
	}
	if !held {
		return nil, errHeld
	}
	return lock, nil
}

// unlocked is a folder without a lock.
type unlocked struct{ path string }

// Close finds out whether anybody came.
func (u unlocked) Close() error {
	if _, err := os.Stat(u.path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read store: %w since now: look again", errHeld)
	}
	return nil
}

// inspectFolder reads a folder into memory and gives its lock back.
func inspectFolder(o Options, lock io.Closer) (*Server, error) {
	e, err := newEngine(o.Now)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	found, err := recoverFolder(o.Dir, e)
	if err = errors.Join(err, lock.Close(), warnOpen(o.Dir, warnings(o))); err != nil {
		e.close()
		return nil, err
	}
	if found.restored {
		warnings(o)(fmt.Sprintf("the folder %q was copied or put back from a backup: when the bot starts, messages that wait in it are looked for in Slack before they are sent", o.Dir))
	}
	e.readOnly = true
	d := &durable{warn: warnings(o), conns: make(map[net.Conn]bool), engine: e}
	rdb := d.client()
	return &Server{rdb: rdb, options: o, release: func() error {
		err := errors.Join(rdb.Close(), d.hangUp())
		e.close()
		return err
	}}, nil
}
