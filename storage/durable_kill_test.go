//go:build linux

package storage

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// killWriters is how many goroutines of the child write at the same time.
const killWriters = 8

// TestDurableChild is not a test but the process that is killed: it does nothing unless another test starts it.
func TestDurableChild(t *testing.T) {
	dir := os.Getenv("RAPPORT_TEST_DURABLE_DIR")
	if dir == "" {
		return
	}
	if limit, _ := strconv.ParseUint(os.Getenv("RAPPORT_TEST_DURABLE_LIMIT"), 10, 64); limit > 0 {
		signal.Ignore(syscall.SIGXFSZ) // writing beyond the limit is an error then
		ok(t, unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: limit, Max: limit}))
	}
	compact, _ := strconv.ParseInt(os.Getenv("RAPPORT_TEST_DURABLE_COMPACT"), 10, 64)
	d, err := openDurable(t.Context(), Options{Dir: dir, Now: time.Now}, folderTests{limit: compact})
	if err != nil {
		tell("refused %q", err)
		return
	}
	rdb := d.client()
	defer func() { _ = rdb.Close() }() // the process ends
	if d.folder.unmarked {
		tell("restored")
	}
	var group sync.WaitGroup
	for w := range killWriters {
		name := strconv.Itoa(w)
		stood, _ := rdb.HGet(t.Context(), "counts", name).Int()
		tell("stood %s %d", name, stood)
		group.Go(func() {
			for {
				n, err := raise.Run(t.Context(), rdb, []string{"counts", "all"}, name).Int()
				if err != nil {
					return
				}
				tell("wrote %s %d", name, n)
			}
		})
	}
	group.Wait()
	tell("stopped %q", <-d.folder.engine.log.failed)
}

// tell writes a line for the parent in one step, so that it is there whole or not at all.
func tell(format string, args ...any) {
	_, _ = os.Stdout.WriteString(fmt.Sprintf(format, args...) + "\n") // a parent that is gone kills this process
}

// startChild starts the test binary again as [TestDurableChild]. It ends with the test in any case.
func startChild(t *testing.T, dir string, env ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestDurableChild$", "-test.timeout=2m")
	child.Env = append(os.Environ(), append(env, "RAPPORT_TEST_DURABLE_DIR="+dir)...)
	child.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	ok(t, err)
	ok(t, child.Start())
	return child, bufio.NewScanner(out)
}

// acknowledged is what children said was written, by writer.
type acknowledged map[string]int

// hear takes a line of a child. What stands at a start may be one more than was acknowledged, for the acknowledgement may have been on its way, but
// never less.
func (a acknowledged) hear(t *testing.T, line string) (wrote bool) {
	t.Helper()
	parts := strings.Fields(line)
	switch {
	case len(parts) == 3 && (parts[0] == "stood" || parts[0] == "wrote"):
		n, err := strconv.Atoi(parts[2])
		ok(t, err)
		was := a[parts[1]]
		if parts[0] == "wrote" && n != was+1 || parts[0] == "stood" && n != was && n != was+1 {
			t.Fatalf("%s %d after %d were acknowledged", parts[0], n, was)
		}
		a[parts[1]] = n
		return parts[0] == "wrote"
	case strings.HasPrefix(line, "refused") || strings.HasPrefix(line, "restored"):
		t.Fatal(line)
	}
	return false
}

// check compares what was acknowledged with what the folder holds.
func (a acknowledged) check(t *testing.T, dir string) (total int) {
	t.Helper()
	_, rdb, stop := openTest(t, dir, newStanding(), folderTests{})
	defer stop()
	for w, n := range rdb.HGetAll(t.Context(), "counts").Val() {
		stands, err := strconv.Atoi(n)
		ok(t, err)
		a.hear(t, fmt.Sprintf("stood %s %d", w, stands))
		total += stands
	}
	if listed := rdb.ZCard(t.Context(), "all").Val(); int(listed) != total {
		t.Errorf("%d are listed, want %d", listed, total)
	}
	return total
}

// killSeed makes a run that failed come again, up to what the machine does differently.
func killSeed(t *testing.T) *rand.Rand {
	t.Helper()
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("RAPPORT_TEST_SEED"), fmt.Sprint(rand.Uint64())), 10, 64)
	ok(t, err)
	t.Logf("RAPPORT_TEST_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

func TestKillsLoseNothingThatWasAcknowledged(t *testing.T) {
	kills := 8
	if os.Getenv("RAPPORT_FAULTS") == "full" {
		kills = 100
	}
	dice := killSeed(t)
	dir := t.TempDir()
	seen := make(acknowledged)
	for range kills {
		child, lines := startChild(t, dir, "RAPPORT_TEST_DURABLE_COMPACT=20000")
		after := 1 + dice.IntN(400) // writes
		for lines.Scan() {
			if seen.hear(t, lines.Text()) {
				if after--; after == 0 {
					ok(t, child.Process.Signal(syscall.SIGKILL))
				}
			}
		}
		if after > 0 {
			t.Fatalf("the child ended by itself: %v", child.Wait())
		}
		_ = child.Wait() // it was killed
	}
	t.Logf("%d kills, %d writes acknowledged, 0 lost", kills, seen.check(t, dir))
}

func TestAFullDiskStopsTheStore(t *testing.T) {
	dir := t.TempDir()
	seen := make(acknowledged)
	child, lines := startChild(t, dir, "RAPPORT_TEST_DURABLE_LIMIT=30000")
	stopped := ""
	for lines.Scan() {
		if seen.hear(t, lines.Text()); strings.HasPrefix(lines.Text(), "stopped") {
			stopped = lines.Text()
		}
	}
	if err := child.Wait(); err != nil {
		t.Errorf("the process did not end cleanly: %v", err)
	}
	if !strings.Contains(stopped, syscall.EFBIG.Error()) {
		t.Errorf("it said %q, want the error of the disk", stopped)
	}
	if n := seen.check(t, dir); n == 0 {
		t.Error("nothing was written before")
	}
}

func TestAnotherProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	openTest(t, dir, newStanding(), folderTests{})
	child, lines := startChild(t, dir)
	said := ""
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "refused") {
			said = lines.Text()
		}
	}
	if err := child.Wait(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(said, dir) || !strings.Contains(said, errHeld.Error()) {
		t.Errorf("it said %q, want it to name the folder", said)
	}
	if _, err := openDurable(t.Context(), Options{Dir: dir, Now: time.Now}, folderTests{}); !errors.Is(err, errHeld) {
		t.Errorf("got %v", err)
	}
}
