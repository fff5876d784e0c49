package storage

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// raise is a script that writes what a plain command could not: it reads first.
var raise = redis.NewScript(`local n = redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
redis.call('ZADD', KEYS[2], n, ARGV[1] .. ':' .. n)
return n`)

// steps are changes of every kind that the store keeps.
var steps = []func(t *testing.T, rdb redis.UniversalClient){
	func(t *testing.T, rdb redis.UniversalClient) {
		ok(t, rdb.HSet(t.Context(), "hash", "a", "1", "b", "é\r\n\x00").Err())
	},
	func(t *testing.T, rdb redis.UniversalClient) {
		ok(t, raise.Run(t.Context(), rdb, []string{"counts", "all"}, "w").Err())
	},
	func(t *testing.T, rdb redis.UniversalClient) {
		ok(t, rdb.Set(t.Context(), "token", "", time.Hour).Err())
	},
	func(t *testing.T, rdb redis.UniversalClient) {
		ok(t, rdb.RPush(t.Context(), "list", "x", "y").Err())
		ok(t, rdb.SAdd(t.Context(), "set", "x", "y").Err())
		ok(t, rdb.ZAdd(t.Context(), "scores", redis.Z{Score: 0.1, Member: "x"}, redis.Z{Score: 1 << 60, Member: "y"}).Err())
		ok(t, rdb.Do(t.Context(), "ZADD", "scores", "-inf", "low", "+inf", "high").Err())
	},
	func(t *testing.T, rdb redis.UniversalClient) {
		ok(t, raise.Run(t.Context(), rdb, []string{"counts", "all"}, "w").Err())
	},
}

// crashImage is a folder as a crash leaves it, with the state and the length of its log after each step.
func crashImage(t *testing.T, c *standing) (dir string, states []string, sizes []int64) {
	t.Helper()
	dir = t.TempDir()
	d, rdb, _ := openTest(t, dir, c, folderTests{})
	for _, step := range steps {
		step(t, rdb)
		states = append(states, stateOf(t, d.folder.engine))
		info, err := os.Stat(onlyFile(t, dir, "log"))
		ok(t, err)
		sizes = append(sizes, info.Size())
	}
	return copyFolder(t, dir), states, sizes
}

// damagedImage is the same folder with another log.
func damagedImage(t *testing.T, log string, data []byte) string {
	t.Helper()
	dir := t.TempDir()
	ok(t, os.WriteFile(filepath.Join(dir, filepath.Base(log)), data, 0o600))
	return dir
}

func TestALogThatEndsInTheMiddleOfItsLastWriteLosesThatWriteAlone(t *testing.T) {
	c := newStanding()
	image, states, sizes := crashImage(t, c)
	log := onlyFile(t, image, "log")
	data, err := os.ReadFile(log)
	ok(t, err)
	last := len(states) - 1
	tails := map[string]func(cut int64) []byte{
		"nothing": func(cut int64) []byte { return data[:cut] },
		"zeros":   func(cut int64) []byte { return append(slices.Clone(data[:cut]), make([]byte, int64(len(data))-cut)...) },
	}
	for name, tail := range tails {
		t.Run(name, func(t *testing.T) {
			for cut := sizes[last-1]; cut < sizes[last]; cut++ {
				state, found, err := recoverImage(t, damagedImage(t, log, tail(cut)), c)
				if err != nil || state != states[last-1] {
					t.Fatalf("cut at byte %d of %d: %v\n%s", cut, sizes[last], err, state)
				}
				if want := int64(len(tail(cut))) - sizes[last-1]; found.logs[0].torn != want {
					t.Fatalf("cut at byte %d: %d bytes are torn, want %d", cut, found.logs[0].torn, want)
				}
			}
		})
	}
	state, found, err := recoverImage(t, image, c)
	if err != nil || state != states[last] || found.logs[0].torn != 0 {
		t.Fatalf("whole: %v\n%s\nwant\n%s", err, state, states[last])
	}
}

func TestAFlippedBitIsNeverTakenForAnUnfinishedWriteBeforeTheEnd(t *testing.T) {
	c := newStanding()
	image, states, sizes := crashImage(t, c)
	log := onlyFile(t, image, "log")
	data, err := os.ReadFile(log)
	ok(t, err)
	last := sizes[len(sizes)-2]
	for i := range data {
		flipped := slices.Clone(data)
		flipped[i] ^= 1 << (i % 8)
		state, _, err := recoverImage(t, damagedImage(t, log, flipped), c)
		switch {
		case int64(i) < last && (err == nil || !strings.Contains(err.Error(), "is damaged at byte")):
			t.Fatalf("byte %d of %d, before the last write: got %v, want damage", i, len(data), err)
		case int64(i) < last && !strings.Contains(err.Error(), filepath.Base(log)):
			t.Fatalf("byte %d: the error does not name the file: %v", i, err)
		case int64(i) >= last && (err != nil || state != states[len(states)-2]):
			t.Fatalf("byte %d of %d, in the last write: %v\n%s", i, len(data), err, state)
		}
	}
}

func TestALogThatWasEndedIsHeldToItsEnd(t *testing.T) {
	c := newStanding()
	dir := t.TempDir()
	_, rdb, stop := openTest(t, dir, c, folderTests{})
	for _, step := range steps {
		step(t, rdb)
	}
	stop()
	log := onlyFile(t, dir, "log")
	data, err := os.ReadFile(log)
	ok(t, err)
	end := int64(len(data)) - frameHeader - 1
	for name, bad := range map[string][]byte{
		"a bit of the last write": flip(data, end-1),
		"something behind it":     append(slices.Clone(data), 0),
	} {
		if _, _, err := recoverImage(t, damagedImage(t, log, bad), c); err == nil {
			t.Errorf("%s: it was read", name)
		}
	}
}

func flip(data []byte, at int64) []byte {
	out := slices.Clone(data)
	out[at] ^= 1
	return out
}

func TestADamagedSnapshotIsRefused(t *testing.T) {
	c := newStanding()
	dir := t.TempDir()
	d, rdb, _ := openTest(t, dir, c, folderTests{})
	for _, step := range steps {
		step(t, rdb)
	}
	ok(t, d.folder.compact())
	want := stateOf(t, d.folder.engine)
	image := copyFolder(t, dir)
	if state, _, err := recoverImage(t, image, c); err != nil || state != want {
		t.Fatalf("%v\n%s\nwant\n%s", err, state, want)
	}
	path := onlyFile(t, image, "snapshot")
	data, err := os.ReadFile(path)
	ok(t, err)
	for i := range data {
		ok(t, os.WriteFile(path, flip(data, int64(i)), 0o600))
		if _, _, err := recoverImage(t, image, c); err == nil {
			t.Fatalf("it was read with byte %d of %d flipped", i, len(data))
		}
		ok(t, os.WriteFile(path, data[:i], 0o600))
		if _, _, err := recoverImage(t, image, c); err == nil {
			t.Fatalf("it was read with %d of %d bytes", i, len(data))
		}
	}
}

func TestAMissingFileIsRefused(t *testing.T) {
	c := newStanding()
	dir := t.TempDir()
	for range 3 { // three starts, three logs
		_, rdb, stop := openTest(t, dir, c, folderTests{})
		ok(t, raise.Run(t.Context(), rdb, []string{"counts", "all"}, "w").Err())
		stop()
	}
	logs, err := filepath.Glob(filepath.Join(dir, "log-*"))
	ok(t, err)
	if len(logs) != 3 {
		t.Fatalf("%d logs, want 3", len(logs))
	}
	for _, gone := range logs[:2] { // that the newest is missing nobody can tell
		image := copyFolder(t, dir)
		ok(t, os.Remove(filepath.Join(image, filepath.Base(gone))))
		if _, _, err := recoverImage(t, image, c); err == nil {
			t.Errorf("it was read without %s", filepath.Base(gone))
		}
	}
	image := copyFolder(t, dir)
	ok(t, os.Rename(filepath.Join(image, filepath.Base(logs[1])), filepath.Join(image, newDurableName("log", 2))))
	if _, _, err := recoverImage(t, image, c); err == nil {
		t.Error("it was read with a log of another name")
	}
}

func FuzzFrames(f *testing.F) {
	seed := seedOf("log")
	good := appendFrame(nil, seed, 0, []byte{payloadBatch, recordMarked})
	f.Add(good, uint16(0), byte(1))
	f.Add(appendFrame(good, seed, 1, appendCommand([]byte{payloadBatch}, []string{"SET", "a", "b"})), uint16(30), byte(9))
	f.Fuzz(func(t *testing.T, data []byte, at uint16, change byte) {
		if int(at) < len(data) {
			data[at] ^= change
		}
		frames := newFrameReader(bytes.NewReader(data), seed)
		var again []byte
		for number := uint64(0); ; number++ {
			payload, err := frames.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				_ = frameBehind(data[frames.offset:], seed) // it must not panic
				break
			}
			again = appendFrame(again, seed, number, payload)
			if len(payload) > 0 {
				_ = readRecords(payload[1:], func(record) error { return nil }) // nor this
			}
		}
		if !bytes.HasPrefix(data, again) {
			t.Errorf("%d bytes were read that are not there", len(again))
		}
	})
}

func FuzzRecords(f *testing.F) {
	f.Add(appendCommand(appendScript(appendTime(nil, 1772442000000), "return 1"), []string{"SET", "a", ""}))
	f.Add([]byte{recordCommand, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		var again []byte
		err := readRecords(data, func(r record) error {
			switch r.kind {
			case recordTime:
				again = appendTime(again, r.ms)
			case recordScript:
				again = appendScript(again, r.args[0])
			case recordCommand:
				again = appendCommand(again, r.args)
			case recordMarked:
				again = append(again, recordMarked)
			}
			return nil
		})
		if err == nil && len(again) > len(data) {
			t.Errorf("%d bytes of records were read from %d", len(again), len(data))
		}
	})
}
