package storage

import (
	"net"
	"sync"
	"time"
)

// eagerConn is one end of an in-memory connection whose writes never wait for the other end. A plain [net.Pipe] holds nothing: a server that
// answers while the client still writes blocks both for good.
type eagerConn struct {
	net.Conn

	mu     sync.Mutex
	wake   *sync.Cond
	queued []byte
	err    error // of the other end, or of closing
}

func newEagerConn(conn net.Conn) *eagerConn {
	c := &eagerConn{Conn: conn}
	c.wake = sync.NewCond(&c.mu)
	go c.pump()
	return c
}

// Write implements [net.Conn].
func (c *eagerConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return 0, c.err
	}
	c.queued = append(c.queued, p...)
	c.wake.Signal()
	return len(p), nil
}

// Close implements [net.Conn].
func (c *eagerConn) Close() error {
	c.fail(net.ErrClosed)
	return c.Conn.Close()
}

// SetDeadline implements [net.Conn]; writes need none.
func (c *eagerConn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

// SetWriteDeadline implements [net.Conn]; writes need none.
func (c *eagerConn) SetWriteDeadline(time.Time) error { return nil }

func (c *eagerConn) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
	c.wake.Signal()
}

// pump brings what was written to the other end until the connection is closed.
func (c *eagerConn) pump() {
	for {
		part, ok := c.take()
		if !ok {
			return
		}
		if _, err := c.Conn.Write(part); err != nil {
			c.fail(err)
			return
		}
	}
}

// take waits for something that was written.
func (c *eagerConn) take() ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.queued) == 0 && c.err == nil {
		c.wake.Wait()
	}
	if c.err != nil {
		return nil, false
	}
	part := c.queued
	c.queued = nil
	return part, true
}
