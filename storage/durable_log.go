package storage

import (
	"errors"
	"fmt"
	"io"
	"sync"
)

// durableFile is what is written to; *os.File is one.
type durableFile interface {
	io.Writer
	Sync() error
	Close() error
}

// openLog is the log that is written to.
type openLog struct {
	file  durableFile
	name  string
	seed  uint32
	next  uint64 // number of the next frame
	bytes int64
}

// write appends one frame and waits until the disk has it.
func (l *openLog) write(frame []byte, payload []byte) ([]byte, error) {
	frame = appendFrame(frame[:0], l.seed, l.next, payload)
	if _, err := l.file.Write(frame); err != nil {
		return frame, fmt.Errorf("write log %q: %w", l.name, err)
	}
	if err := l.file.Sync(); err != nil {
		return frame, fmt.Errorf("sync log %q: %w", l.name, err)
	}
	l.next++
	l.bytes += int64(len(frame))
	return frame, nil
}

// end says that nothing follows, and closes the file.
func (l *openLog) end() error {
	_, err := l.write(nil, []byte{payloadEnd})
	return errors.Join(err, l.file.Close())
}

// maxPending bounds what waits to be written: whoever adds more waits.
const maxPending = 64 << 20

// commitLog writes records in the order in which they come, many with one fsync: whatever came while the disk was busy goes out together. After the
// first error nothing is written any more.
type commitLog struct {
	mu       sync.Mutex
	work     *sync.Cond // there is something to write, or nothing will come any more
	changed  *sync.Cond // something was written, or failed
	log      *openLog
	pending  []byte // records that are not with the disk yet
	appended uint64 // how many records there ever were
	durable  uint64 // how many of them the disk has
	size     int64  // of the log, as far as it is written
	writing  bool
	closing  bool
	err      error
	failed   chan error // gets the first error
	grown    func(bytes int64)
	done     chan struct{}
}

// newCommitLog starts writing to a log. grown is told how long the log has become after each write, and must not wait.
func newCommitLog(l *openLog, grown func(int64)) *commitLog {
	c := &commitLog{log: l, size: l.bytes, failed: make(chan error, 1), grown: grown, done: make(chan struct{})}
	c.work, c.changed = sync.NewCond(&c.mu), sync.NewCond(&c.mu)
	go c.run()
	return c
}

// append adds a record, written by add, and returns the position to wait for.
func (c *commitLog) append(add func([]byte) []byte) uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.pending) > maxPending && c.err == nil {
		c.changed.Wait()
	}
	if len(c.pending) == 0 {
		c.pending = append(c.pending, payloadBatch)
	}
	c.pending = add(c.pending)
	c.appended++
	c.work.Signal()
	return c.appended
}

// position is what a reader of the current state has to wait for before they may tell anybody of it.
func (c *commitLog) position() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.appended
}

// written is how long the log is.
func (c *commitLog) written() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.size
}

// stopped is the error after which nothing is done any more, if there was one.
func (c *commitLog) stopped() error { return c.wait(0) }

// wait returns once the disk has everything up to a position. After the first error everything gets that error, also what was written before.
func (c *commitLog) wait(position uint64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.durable < position && c.err == nil {
		c.changed.Wait()
	}
	return c.err
}

func (c *commitLog) run() {
	defer close(c.done)
	var payload, frame []byte
	for {
		var upTo uint64
		var log *openLog
		if payload, upTo, log = c.take(payload); log == nil {
			return
		}
		var err error
		frame, err = log.write(frame, payload)
		size := log.bytes // once it was said that it is written, the log may be another's
		c.wrote(upTo, size, err)
		if err != nil {
			return
		}
		c.grown(size)
	}
}

// take waits for records and returns them with the log that they go to, or no log if there will be no more. spare is used again.
func (c *commitLog) take(spare []byte) (payload []byte, upTo uint64, log *openLog) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.pending) == 0 && !c.closing {
		c.work.Wait()
	}
	if len(c.pending) == 0 || c.err != nil {
		return nil, 0, nil
	}
	if cap(spare) > 1<<20 {
		spare = nil // one large command does not hold memory for good
	}
	payload, c.pending = c.pending, spare[:0]
	c.writing = true
	return payload, c.appended, c.log
}

func (c *commitLog) wrote(upTo uint64, size int64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writing = false
	if err != nil {
		c.failLocked(err)
		return
	}
	c.durable, c.size = upTo, size
	c.changed.Broadcast()
}

// fail stops everything.
func (c *commitLog) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failLocked(err)
}

func (c *commitLog) failLocked(err error) {
	if c.err == nil {
		c.err = fmt.Errorf("the store stopped, for it could not be written: %w", err)
		c.failed <- c.err
	}
	c.closing = true
	c.work.Signal()
	c.changed.Broadcast()
}

// switchTo goes on in another log, as soon as the disk has everything that came so far. Nothing may be appended meanwhile. The log before is ended.
func (c *commitLog) switchTo(next *openLog) error {
	if err := c.wait(c.position()); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.writing {
		c.changed.Wait()
	}
	if err := c.log.end(); err != nil {
		c.failLocked(err)
		return c.err
	}
	c.log, c.size = next, next.bytes
	return nil
}

// close writes what waits, and ends the log if all went well.
func (c *commitLog) close() error {
	c.mu.Lock()
	c.closing = true
	c.work.Signal()
	c.mu.Unlock()
	<-c.done
	if c.err != nil {
		return errors.Join(c.err, c.log.file.Close())
	}
	return c.log.end()
}
