package storage

import (
	"fmt"
	"io"
	"strconv"

	"github.com/alicebob/miniredis/v2"
)

// capturedKey is one key as it stood when the snapshot was taken. Its texts are shared with the store, which never changes one in place.
type capturedKey struct {
	name    string
	command string   // that makes it again
	texts   []string // behind the name
	until   int64    // when its time to live ends, ms since 1970; 0 for never
}

// captured is the state of a store at one moment.
type captured struct {
	aged int64
	keys []capturedKey
}

// capture copies what the store holds. The engine has to be locked.
func (e *engine) capture() (captured, error) {
	db := e.redis.DB(0)
	names := db.Keys()
	c := captured{aged: e.aged, keys: make([]capturedKey, 0, len(names))}
	for _, name := range names {
		key := capturedKey{name: name}
		if ttl := db.TTL(name); ttl > 0 {
			key.until = e.aged + ttl.Milliseconds()
		}
		if err := key.read(db); err != nil {
			return captured{}, fmt.Errorf("capture key %q: %w", name, err)
		}
		c.keys = append(c.keys, key)
	}
	return c, nil
}

func (k *capturedKey) read(db *miniredis.RedisDB) error {
	var err error
	switch kind := db.Type(k.name); kind {
	case "string":
		var text string
		text, err = db.Get(k.name)
		k.command, k.texts = "SET", []string{text}
	case "hash":
		var fields []string
		fields, err = db.HKeys(k.name)
		k.command, k.texts = "HSET", make([]string, 0, 2*len(fields))
		for _, f := range fields {
			k.texts = append(k.texts, f, db.HGet(k.name, f))
		}
	case "zset":
		var scores map[string]float64
		var members []string
		if members, err = db.ZMembers(k.name); err != nil {
			return err
		}
		scores, err = db.SortedSet(k.name)
		k.command, k.texts = "ZADD", make([]string, 0, 2*len(members))
		for _, m := range members {
			k.texts = append(k.texts, strconv.FormatFloat(scores[m], 'g', -1, 64), m)
		}
	case "set":
		k.command = "SADD"
		k.texts, err = db.Members(k.name)
	case "list":
		k.command = "RPUSH"
		k.texts, err = db.List(k.name)
	default:
		return fmt.Errorf("a %s cannot be kept", kind)
	}
	return err
}

const (
	// snapshotPart is about how long a frame of a snapshot is.
	snapshotPart = 256 << 10
	// snapshotTexts is how many texts one command of a snapshot has at most; even, for they may come in pairs.
	snapshotTexts = 512
)

// write writes the state as the commands that make it again, in frames.
func (c captured) write(w io.Writer, seed uint32, header fileHeader) error {
	first, err := appendHeader(nil, header)
	if err != nil {
		return err
	}
	out := snapshotWriter{w: w, seed: seed}
	out.frame(first)
	out.batch = appendTime(append(out.batch, payloadBatch), c.aged)
	for _, k := range c.keys {
		for rest := k.texts; len(rest) > 0; {
			n := min(len(rest), snapshotTexts)
			out.command(append([]string{k.command, k.name}, rest[:n]...))
			rest = rest[n:]
		}
		if k.until > 0 {
			out.command([]string{"PEXPIREAT", k.name, strconv.FormatInt(k.until, 10)})
		}
	}
	out.frame(out.batch)
	out.frame([]byte{payloadEnd})
	return out.err
}

// snapshotWriter writes frames until the first error.
type snapshotWriter struct {
	w      io.Writer
	seed   uint32
	number uint64
	batch  []byte
	buf    []byte
	err    error
}

func (s *snapshotWriter) command(args []string) {
	s.batch = appendCommand(s.batch, args)
	if len(s.batch) >= snapshotPart {
		s.frame(s.batch)
		s.batch = append(s.batch[:0], payloadBatch)
	}
}

func (s *snapshotWriter) frame(payload []byte) {
	if s.err != nil {
		return
	}
	s.buf = appendFrame(s.buf[:0], s.seed, s.number, payload)
	s.number++
	if _, err := s.w.Write(s.buf); err != nil {
		s.err = fmt.Errorf("write snapshot: %w", err)
	}
}
