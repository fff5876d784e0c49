package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"
	"github.com/redis/go-redis/v9"
)

// OpenFolder opens the durable store in the folder o.Dir, which is made if it is not there: a Redis inside the process whose changes are on the disk before
// anybody is told of them. What it needs and what it can do:
//
//   - One process at a time: a second one is refused. While it is open, operator's tools look into it through a socket in the folder: [ConnectFolder].
//   - After a crash it holds everything that was acknowledged. A file that is damaged anywhere but at its unfinished end is an error that names it.
//   - At the first error of the disk it stops: every call fails from then on, and [Store.Failed] says why.
//   - A folder that is a copy, such as a backup that was put back, is told by its newest log, which knows when its file was made. What waits there may have been
//     sent since, so it is looked for before it is sent. A copy of the whole disk, and a copy written over the very same files, cannot be told.
//
// It holds everything in memory. Beyond about 2,000 members a server of its own is the better place.
func OpenFolder(ctx context.Context, o Options) (*Store, error) {
	if o.Dir == "" {
		return nil, errors.New("open store: no folder")
	}
	if len(o.Key) == 0 && len(o.Ring.Keys) == 0 {
		return nil, errors.New("open store: no sealing key")
	}
	d, err := openDurable(ctx, o, folderTests{})
	if err != nil {
		return nil, err
	}
	if err := d.listen(); err != nil {
		d.warn(fmt.Sprintf("operator's tools cannot look into the store while the bot runs: %s", err))
	}
	d.warn(fmt.Sprintf("the store is inside this process, in the folder %q: one process, one disk. Copy the folder only while Rapport is stopped, or use rapport export. "+
		"Beyond about 2,000 members, set REDIS_URL.", o.Dir))
	s, err := d.store(ctx, o)
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	s.close = func() error { return errors.Join(s.rdb.Close(), d.close()) }
	s.failed = d.folder.engine.log.failed
	return s, nil
}

// ConnectFolder reaches the store in the folder o.Dir for an operator's tool: through the bot that runs on it ([Server.Live]), or else by taking the folder for
// as long as the server is open, so that no bot can start meanwhile. A folder that holds no store is [fs.ErrNotExist].
func ConnectFolder(ctx context.Context, o Options) (*Server, error) {
	if o.Now == nil {
		return nil, errors.New("connect to store: no clock")
	}
	lock, err := lockExisting(o)
	if errors.Is(err, errHeld) {
		return connectSocket(ctx, o)
	}
	if err != nil {
		return nil, err
	}
	d, err := openLocked(ctx, o, lock, folderTests{})
	if err != nil {
		return nil, err
	}
	rdb := d.client()
	return &Server{rdb: rdb, options: o, release: func() error { return errors.Join(rdb.Close(), d.close()) }}, nil
}

// lockExisting takes a folder only if it holds a store. Where another process may be at work there, it is not looked at without the lock.
func lockExisting(o Options) (*flock.Flock, error) {
	if _, err := os.Stat(filepath.Join(o.Dir, lockName)); err != nil { // nobody is at work there
		switch there, err := exists(o.Dir); {
		case err != nil:
			return nil, err
		case !there:
			return nil, noStore(o.Dir)
		}
	}
	lock, err := lockFolder(o.Dir, warnings(o))
	if err != nil {
		return nil, err
	}
	there, err := exists(o.Dir)
	if err == nil && !there {
		err = noStore(o.Dir)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}

// warnings is o.Warn, or nobody's ear.
func warnings(o Options) func(string) {
	if o.Warn != nil {
		return o.Warn
	}
	return func(string) {}
}

// connectSocket goes through the process that has the folder.
func connectSocket(ctx context.Context, o Options) (*Server, error) {
	rdb := newClient(address{single: &redis.Options{Network: "unix", Addr: filepath.Join(o.Dir, socketName)}})
	if err := rdb.Ping(ctx).Err(); err != nil {
		err = fmt.Errorf("connect to store: another process has the folder %q and does not answer at %s; it may be starting, or be a tool: %w", o.Dir, socketName, err)
		return nil, errors.Join(err, rdb.Close())
	}
	return &Server{rdb: rdb, options: o, live: true, release: rdb.Close}, nil
}

// Failed gives the error that stopped the store, once, if it is one that stops at errors of its disk. Of other stores it never gives any.
func (s *Store) Failed() <-chan error { return s.failed }

// durable is a folder with those who speak to it.
type durable struct {
	folder *folder // nil if it is only looked at
	engine *engine
	warn   func(string)

	serving  sync.WaitGroup
	mu       sync.Mutex
	conns    map[net.Conn]bool
	closed   bool
	listener net.Listener
}

// openDurable takes the folder and brings its state back.
func openDurable(ctx context.Context, o Options, tests folderTests) (*durable, error) {
	lock, err := lockFolder(o.Dir, warnings(o))
	if err != nil {
		return nil, err
	}
	return openLocked(ctx, o, lock, tests)
}

// openLocked is openDurable once the lock is there. If it fails it gives it back.
func openLocked(ctx context.Context, o Options, lock *flock.Flock, tests folderTests) (*durable, error) {
	d := &durable{warn: warnings(o), conns: make(map[net.Conn]bool)}
	var err error
	if d.folder, err = openFolder(o.Dir, lock, o.Now, d.warn, tests); err != nil {
		return nil, err
	}
	d.engine = d.folder.engine
	if d.folder.unmarked {
		if err := d.doubt(ctx, o); err != nil {
			return nil, errors.Join(err, d.close())
		}
	}
	d.folder.serveCompaction()
	return d, nil
}

// doubt writes down, for every workspace, that what waits may have been sent by whoever the folder was copied from.
func (d *durable) doubt(ctx context.Context, o Options) error {
	d.warn(fmt.Sprintf("the folder %q was copied or put back from a backup: messages that wait in it are looked for in Slack before they are sent", o.Dir))
	rdb := d.client()
	v := &Server{rdb: rdb, options: o}
	teams, err := v.Teams(ctx)
	for _, team := range teams {
		var s *Store
		if s, err = v.unchecked(team); err != nil {
			break
		}
		if err = s.MarkRestored(ctx, o.Now()); err != nil {
			break
		}
	}
	if err == nil {
		err = d.folder.marked()
	}
	if err = errors.Join(err, rdb.Close()); err != nil {
		return fmt.Errorf("mark the store as restored: %w", err)
	}
	return nil
}

// store is a workspace's store that is reached through memory.
func (d *durable) store(ctx context.Context, o Options) (*Store, error) {
	s, err := newStoreOn(o, d.client())
	if err != nil {
		return nil, err
	}
	if err := s.checkSchema(ctx); err != nil {
		return nil, errors.Join(err, s.rdb.Close())
	}
	if err := s.checkKeys(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), s.rdb.Close())
	}
	return s, nil
}

func (d *durable) client() redis.UniversalClient {
	return newClient(address{single: &redis.Options{
		Addr: "embedded",
		Dialer: func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			if !d.serve(theirs) {
				return nil, errors.Join(net.ErrClosed, ours.Close())
			}
			return ours, nil
		},
	}})
}

// serve answers a connection from now on, unless the store is closed.
func (d *durable) serve(conn net.Conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		_ = conn.Close() // nobody was told anything on it
		return false
	}
	d.conns[conn] = true
	d.serving.Go(func() {
		serveDurable(conn, d.engine)
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.conns, conn)
	})
	return true
}

// listen serves the folder's socket. One that a dead process left is replaced: the lock says that nobody is there.
func (d *durable) listen() error {
	path := filepath.Join(d.folder.dir, socketName)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("replace socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return fmt.Errorf("listen on socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(fmt.Errorf("close socket to others: %w", err), l.Close())
	}
	d.listener = l
	d.serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return // closed
			}
			d.serve(conn)
		}
	})
	return nil
}

// close ends all connections and gives the folder back.
func (d *durable) close() error { return errors.Join(d.hangUp(), d.folder.close()) }

// hangUp ends all connections, and takes no more.
func (d *durable) hangUp() error {
	var err error
	d.mu.Lock()
	d.closed = true
	if d.listener != nil {
		err = d.listener.Close() // and removes the socket
	}
	for conn := range d.conns {
		_ = conn.Close() // its reader may be gone already
	}
	d.mu.Unlock()
	d.serving.Wait()
	return err
}
