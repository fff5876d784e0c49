package storage

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// standing is a clock that stands until a test moves it.
type standing struct {
	mu  sync.Mutex
	now time.Time
}

func newStanding() *standing {
	return &standing{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
}

func (c *standing) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *standing) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// openTest opens a folder for as long as the test runs, or until stop is called, and returns a client of it.
func openTest(t testing.TB, dir string, c *standing, tests folderTests) (d *durable, rdb redis.UniversalClient, stop func()) {
	t.Helper()
	d, err := openDurable(t.Context(), Options{Dir: dir, Now: c.Now}, tests)
	if err != nil {
		t.Fatal(err)
	}
	rdb = d.client()
	stop = sync.OnceFunc(func() {
		if err := rdb.Close(); err != nil {
			t.Error(err)
		}
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return d, rdb, stop
}

// stateOf writes down everything that an engine holds, times to live included.
func stateOf(t testing.TB, e *engine) string {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	state, err := e.capture()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, k := range state.keys {
		fmt.Fprintf(&text, "%s %s %q until %d\n", k.command, k.name, k.texts, k.until)
	}
	return text.String()
}

// copyFolder makes the image that a crash at this moment would leave of a folder. Its files are others, as those of a backup are.
func copyFolder(t testing.TB, dir string) string {
	t.Helper()
	image := t.TempDir()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range list {
		if !entry.Type().IsRegular() || entry.Name() == lockName {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(image, entry.Name()), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return image
}

// recovered reads an image without changing it.
func recoverImage(t testing.TB, dir string, c *standing) (string, recovered, error) {
	t.Helper()
	e, err := newEngine(c.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer e.close()
	found, err := recoverFolder(dir, e)
	if err != nil {
		return "", found, err
	}
	return stateOf(t, e), found, nil
}

// onlyFile is the path of the one file of a kind in a folder.
func onlyFile(t testing.TB, dir, kind string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, kind+"-*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("files of kind %s: %q, %v, want one", kind, found, err)
	}
	return found[0]
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// SameBirth reports whether two files cannot be told apart by when they were made.
func SameBirth(t *testing.T, a, b string) bool {
	t.Helper()
	first, err := birthOf(a)
	ok(t, err)
	second, err := birthOf(b)
	ok(t, err)
	return first == second
}
