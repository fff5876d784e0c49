package storage

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"
)

func TestPipelinesOfAThousandAtOnce(t *testing.T) {
	_, rdb, _ := openTest(t, t.TempDir(), newStanding(), folderTests{})
	const clients, commands = 8, 1000
	var group sync.WaitGroup
	for client := range clients {
		group.Go(func() {
			pipe := rdb.Pipeline()
			for i := range commands {
				pipe.HSet(t.Context(), fmt.Sprint("hash", client), fmt.Sprint(i), strings.Repeat("x", 100))
			}
			if _, err := pipe.Exec(t.Context()); err != nil {
				t.Error(err)
			}
			pipe = rdb.Pipeline()
			for i := range commands {
				pipe.HGet(t.Context(), fmt.Sprint("hash", client), fmt.Sprint(i))
			}
			if _, err := pipe.Exec(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for client := range clients {
		if n := rdb.HLen(t.Context(), fmt.Sprint("hash", client)).Val(); n != commands {
			t.Errorf("client %d: %d fields, want %d", client, n, commands)
		}
	}
}

func TestWhatWouldNotComeToTheSameAgainIsRefused(t *testing.T) {
	d, rdb, _ := openTest(t, t.TempDir(), newStanding(), folderTests{})
	for _, command := range []string{"TIME", "SPOP set", "MULTI", "BLPOP list 0", "XADD s * a b", "SELECT 1", "SUBSCRIBE x", "RANDOMKEY", "COPY a b", "NONSENSE"} {
		if err := rdb.Do(t.Context(), fields(command)...).Err(); err == nil || errors.Is(err, redis.Nil) {
			t.Errorf("%s: got %v, want an error", command, err)
		}
	}
	clock := redis.NewScript(`return redis.call('SET', 'now', redis.call('TIME')[1])`)
	if err := clock.Run(t.Context(), rdb, nil).Err(); err == nil {
		t.Error("a script that reads the clock was run")
	}
	if state := stateOf(t, d.folder.engine); state != "" {
		t.Errorf("left behind:\n%s", state)
	}
}

func fields(command string) []any {
	var list []any
	for word := range strings.FieldsSeq(command) {
		list = append(list, word)
	}
	return list
}

func TestReadingIsNotLogged(t *testing.T) {
	d, rdb, _ := openTest(t, t.TempDir(), newStanding(), folderTests{})
	steps[0](t, rdb)
	before := d.folder.engine.log.position()
	look := redis.NewScript(`if redis.call('HGET', KEYS[1], 'a') == 'other' then redis.call('DEL', KEYS[1]) end return redis.call('HGETALL', KEYS[1])`)
	ok(t, look.Run(t.Context(), rdb, []string{"hash"}).Err())
	ok(t, rdb.HGetAll(t.Context(), "hash").Err())
	ok(t, rdb.Ping(t.Context()).Err())
	if after := d.folder.engine.log.position(); after != before {
		t.Errorf("%d records were logged", after-before)
	}
}

func TestTheSourceOfAScriptIsLoggedOnce(t *testing.T) {
	c := newStanding()
	dir := t.TempDir()
	d, rdb, stop := openTest(t, dir, c, folderTests{})
	long := redis.NewScript("-- " + strings.Repeat("x", 4000) + "\nreturn redis.call('INCR', KEYS[1])")
	for range 100 {
		ok(t, long.Run(t.Context(), rdb, []string{"n"}).Err())
	}
	if size := d.folder.engine.log.written(); size > 20_000 {
		t.Errorf("the log has %d bytes for 100 runs of a script of 4 KB", size)
	}
	stop()
	d, rdb, _ = openTest(t, dir, c, folderTests{})
	if n := rdb.Get(t.Context(), "n").Val(); n != "100" {
		t.Errorf("it was run %s times, want 100", n)
	}
	// The second log has to hold it again.
	ok(t, long.Run(t.Context(), rdb, []string{"n"}).Err())
	want := stateOf(t, d.folder.engine)
	if got, _, err := recoverImage(t, copyFolder(t, dir), c); err != nil || got != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
}

func TestToolsLookThroughTheBotOrTakeTheFolder(t *testing.T) {
	c := newStanding()
	dir := t.TempDir()
	o := Options{Dir: dir, Team: "T1", Key: bytes.Repeat([]byte{1}, 32), Now: c.Now}
	if _, err := ConnectFolder(t.Context(), o); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder: got %v, want that nothing is there", err)
	}
	// What a dead process left.
	stale, err := net.Listen("unix", filepath.Join(dir, socketName))
	ok(t, err)
	stale.(*net.UnixListener).SetUnlinkOnClose(false)
	ok(t, stale.Close())

	s, err := OpenFolder(t.Context(), o)
	ok(t, err)
	ok(t, s.rdb.Set(t.Context(), "rapport:{T1}:x", "1", 0).Err())
	info, err := os.Stat(filepath.Join(dir, socketName))
	ok(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the socket has mode %v", info.Mode())
	}
	look := func(live bool) {
		t.Helper()
		v, err := ConnectFolder(t.Context(), o)
		ok(t, err)
		if v.Live() != live || v.rdb.Get(t.Context(), "rapport:{T1}:x").Val() != "1" {
			t.Errorf("live %t, want %t; found %q", v.Live(), live, v.rdb.Get(t.Context(), "rapport:{T1}:x").Val())
		}
		ok(t, v.Close())
	}
	look(true)
	ok(t, s.Close())
	if _, err := os.Stat(filepath.Join(dir, socketName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket after closing: %v", err)
	}
	look(false)
	s, err = OpenFolder(t.Context(), o)
	ok(t, err)
	ok(t, s.Close())
}

func FuzzReadCommand(f *testing.F) {
	f.Add([]byte("*2\r\n$3\r\nGET\r\n$1\r\na\r\n"))
	f.Add([]byte("*1\r\n$-1\r\n"))
	f.Add([]byte("*99999999\r\n$99999999999\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bufio.NewReader(bytes.NewReader(data))
		for {
			args, err := readCommand(r)
			if err != nil {
				return
			}
			total := 0
			for _, a := range args {
				total += len(a)
			}
			if total > len(data) {
				t.Fatalf("%d bytes were read from %d", total, len(data))
			}
		}
	})
}
