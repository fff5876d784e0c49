package storage

import (
	"bufio"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
)

const (
	// maxCommand bounds one command, all its texts together.
	maxCommand = 64 << 20
	// maxTexts bounds how many texts a command has.
	maxTexts = 1 << 20
)

// durableConn answers one client. Commands are done as they come and their answers wait for the disk, so that many of them share an fsync. What the client
// does not read yet is held, as Redis does: a client may send a pipeline of any length before it reads.
type durableConn struct {
	conn   net.Conn
	engine *engine

	mu      sync.Mutex
	changed *sync.Cond
	answers []durableAnswer
	ended   bool // no more answers come
}

// durableAnswer may be given once the log has come to its position.
type durableAnswer struct {
	text     []byte
	position uint64
}

// serveDurable answers a client until either side closes.
func serveDurable(conn net.Conn, e *engine) {
	c := &durableConn{conn: conn, engine: e}
	c.changed = sync.NewCond(&c.mu)
	var writer sync.WaitGroup
	writer.Go(c.write)
	c.read()
	c.mu.Lock()
	c.ended = true
	c.changed.Signal()
	c.mu.Unlock()
	writer.Wait()
	_ = conn.Close() // the client hears of everything in the answers
}

func (c *durableConn) read() {
	session := newSession()
	r := bufio.NewReader(c.conn)
	for !session.peer.Closed() {
		args, err := readCommand(r)
		if err != nil {
			if errors.Is(err, errProtocol) {
				c.answer([]byte("-ERR Protocol error\r\n"), 0)
			}
			return
		}
		if len(args) > 0 {
			c.answer(c.engine.do(session, args))
		}
	}
}

func (c *durableConn) answer(text []byte, position uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers = append(c.answers, durableAnswer{text, position})
	c.changed.Signal()
}

// write gives answers until there will be no more, or nobody reads them. It closes the connection then, which also ends reading.
func (c *durableConn) write() {
	defer func() { _ = c.conn.Close() }()
	for {
		answers := c.take()
		if len(answers) == 0 {
			return
		}
		if _, err := c.conn.Write(c.join(answers)); err != nil {
			return
		}
	}
}

func (c *durableConn) take() []durableAnswer {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.answers) == 0 && !c.ended {
		c.changed.Wait()
	}
	answers := c.answers
	c.answers = nil
	return answers
}

// join waits for the disk. After an error every answer that is still to be given is that error: nobody is told of what may be lost.
func (c *durableConn) join(answers []durableAnswer) []byte {
	var text []byte
	for _, a := range answers {
		if err := c.engine.wait(a.position); err != nil {
			text = append(text, errorAnswer(err)...)
			continue
		}
		text = append(text, a.text...)
	}
	return text
}

// errorAnswer is an error in Redis's protocol, of one line.
func errorAnswer(err error) []byte {
	line := []byte("-ERR " + err.Error())
	for i, b := range line {
		if b < ' ' {
			line[i] = ' '
		}
	}
	return append(line, "\r\n"...)
}

var errProtocol = errors.New("read command: no command in Redis's protocol")

// readCommand reads one command: an array of texts. An empty one is none.
func readCommand(r *bufio.Reader) ([]string, error) {
	count, err := readLength(r, '*', maxTexts)
	if err != nil || count <= 0 {
		return nil, err
	}
	args := make([]string, 0, min(count, 1024))
	left := maxCommand
	for range count {
		length, err := readLength(r, '$', left)
		if err != nil {
			return nil, err
		}
		if length < 0 {
			return nil, errProtocol
		}
		left -= length
		text := make([]byte, length+2)
		if _, err := io.ReadFull(r, text); err != nil {
			return nil, err
		}
		if text[length] != '\r' || text[length+1] != '\n' {
			return nil, errProtocol
		}
		args = append(args, string(text[:length]))
	}
	return args, nil
}

// readLength reads a line such as "*3": a number of at most limit behind its mark.
func readLength(r *bufio.Reader, mark byte, limit int) (int, error) {
	line, err := r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return 0, errProtocol
	}
	if err != nil {
		return 0, err
	}
	if len(line) < 4 || line[0] != mark || line[len(line)-2] != '\r' {
		return 0, errProtocol
	}
	n, err := strconv.Atoi(string(line[1 : len(line)-2]))
	if err != nil || n > limit {
		return 0, errProtocol
	}
	return n, nil
}
