package storage

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"
)

// engine is the state of a durable store: a Redis in the process behind one mutex, so that commands stand in the log in the order in which they were
// done.
type engine struct {
	now func() time.Time

	mu      sync.Mutex
	redis   *miniredis.Miniredis
	server  *server.Server
	aged    int64             // up to when times to live have passed, ms since 1970
	sources map[string]string // of scripts, by their hash
	wrote   bool              // whether the command that is being done has written
	log     *commitLog        // nil while the folder is read, and where it is only looked at
	logged  map[string]bool   // hashes of the scripts that the current log holds
	told    int64             // the instant that the current log was told last

	readOnly bool // writing is refused
}

// durableAging is how often times to live are looked at: it costs a pass over all keys.
const durableAging = 10 * time.Second

func newEngine(now func() time.Time) (*engine, error) {
	e := &engine{now: now, redis: miniredis.NewMiniRedis(), sources: make(map[string]string), logged: make(map[string]bool)}
	conn, err := e.redis.Dial() // which starts it without a port
	if err != nil {
		return nil, fmt.Errorf("start embedded server: %w", err)
	}
	if err := conn.Close(); err != nil {
		return nil, fmt.Errorf("start embedded server: %w", err)
	}
	e.server = e.redis.Server()
	e.server.SetPreHook(e.watch)
	return e, nil
}

// watch sees every command before it is done, also those of scripts.
func (e *engine) watch(peer *server.Peer, name string, _ ...string) bool {
	switch commandClasses[name] {
	case classWrite:
		if e.readOnly {
			peer.WriteError("READONLY the store is only looked at")
			return true
		}
		e.wrote = true
	case classNone:
		peer.WriteError("ERR the embedded store does not know " + strconv.Quote(name) + " here")
		return true
	case classTalk, classRead, classRun:
	}
	return false
}

// session is what the engine keeps of a connection.
type session struct {
	peer *server.Peer
	out  *bytes.Buffer
}

func newSession() *session {
	out := new(bytes.Buffer)
	return &session{peer: server.NewPeer(bufio.NewWriter(out)), out: out}
}

// answer takes what was answered since the last call.
func (s *session) answer() []byte {
	s.peer.Flush()
	text := bytes.Clone(s.out.Bytes())
	s.out.Reset()
	return text
}

// do does one command and returns the answer, which may be given once the log has come to the position.
func (e *engine) do(s *session, args []string) (answer []byte, position uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.wait(0); err != nil {
		return errorAnswer(err), 0
	}
	e.age(e.now().UnixMilli(), durableAging.Milliseconds())
	e.wrote = false
	if name := strings.ToUpper(args[0]); name == "INFO" {
		s.peer.WriteBulk(embeddedInfo)
	} else {
		e.noteSource(name, args)
		e.server.Dispatch(s.peer, args)
	}
	if e.wrote {
		e.record(args)
	}
	return s.answer(), e.position()
}

// wait returns once what was answered up to a position may be told; at once where nothing is written.
func (e *engine) wait(position uint64) error {
	if e.log == nil {
		return nil
	}
	return e.log.wait(position)
}

// position is what has to be waited for before the current state may be told.
func (e *engine) position() uint64 {
	if e.log == nil {
		return 0
	}
	return e.log.position()
}

// embeddedInfo is what checkServer asks for.
const embeddedInfo = "# Server\r\nredis_version:7.0.0\r\nredis_mode:embedded\r\n# Memory\r\nmaxmemory_policy:noeviction\r\n" +
	"# Persistence\r\naof_enabled:1\r\n# Replication\r\nrole:master\r\n"

// age lets times to live pass up to an instant if it is at least a step away. If the clock was set back, nothing passes, and time goes on from there: what
// expires does so as long after as it would have.
func (e *engine) age(ms, step int64) {
	passed := ms - e.aged
	if passed < step && passed > -step {
		return
	}
	first := e.aged == 0
	e.aged = ms
	e.redis.SetTime(time.UnixMilli(ms).UTC())
	if !first && passed > 0 {
		e.redis.FastForward(time.Duration(passed) * time.Millisecond)
	}
}

// noteSource remembers the source of a script that may be called by its hash from now on.
func (e *engine) noteSource(name string, args []string) {
	switch {
	case (name == "EVAL" || name == "EVAL_RO") && len(args) > 1:
		e.sources[scriptHash(args[1])] = args[1]
	case name == "SCRIPT" && len(args) == 3 && strings.EqualFold(args[1], "LOAD"):
		e.sources[scriptHash(args[2])] = args[2]
	}
}

// scriptHash names a script as Redis does; nothing rests on its strength.
func scriptHash(source string) string {
	sum := sha1.Sum([]byte(source))
	return hex.EncodeToString(sum[:])
}

// record logs a command, before it the instant if it changed, and the source of its script if the log does not hold it yet.
func (e *engine) record(args []string) {
	e.log.append(func(dst []byte) []byte {
		if e.told != e.aged {
			e.told = e.aged
			dst = appendTime(dst, e.aged)
		}
		if commandClasses[strings.ToUpper(args[0])] != classRun {
			return appendCommand(dst, args)
		}
		hash := strings.ToLower(args[1])
		if strings.EqualFold(args[0], "EVAL") {
			hash = scriptHash(args[1])
		}
		if !e.logged[hash] {
			e.logged[hash] = true
			dst = appendScript(dst, e.sources[hash])
		}
		return appendCommand(dst, append([]string{"EVALSHA", hash}, args[2:]...))
	})
}

// mark logs that the doubt was written down, behind everything that came before.
func (e *engine) mark() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.log.append(func(dst []byte) []byte { return append(dst, recordMarked) })
}

// replay does a record again.
func (e *engine) replay(s *session, r record) error {
	switch r.kind {
	case recordTime:
		e.age(r.ms, 1)
	case recordScript:
		e.sources[scriptHash(r.args[0])] = r.args[0]
		e.server.Dispatch(s.peer, []string{"SCRIPT", "LOAD", r.args[0]})
	case recordCommand:
		if r.args[0] == "EVALSHA" && (len(r.args) < 2 || e.sources[r.args[1]] == "") {
			return fmt.Errorf("replay script: its source is not in the log")
		}
		e.server.Dispatch(s.peer, r.args)
	}
	s.answer() // errors too: a script that broke off broke off at the same place when it was first run
	return nil
}

// close lets go of everything.
func (e *engine) close() { e.redis.Close() }
