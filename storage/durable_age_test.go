package storage

import (
	"testing"
	"time"
)

// What expires goes on doing so after the clock was set back, and reading the log comes to the same.
func TestTimeGoesOnAfterTheClockWasSetBack(t *testing.T) {
	dir, c := t.TempDir(), newStanding()
	d, rdb, stop := openTest(t, dir, c, folderTests{})
	ok(t, rdb.Set(t.Context(), "long", "1", 3*time.Hour).Err())
	ok(t, rdb.Set(t.Context(), "short", "1", time.Minute).Err())
	c.pass(-2 * time.Hour)
	ok(t, rdb.Set(t.Context(), "after", "1", time.Minute).Err())
	left := func() (n int64) {
		n, err := rdb.Exists(t.Context(), "long", "short", "after").Result()
		ok(t, err)
		return n
	}
	c.pass(50 * time.Second)
	if n := left(); n != 3 {
		t.Errorf("%d are left, want all", n)
	}
	c.pass(20 * time.Second)
	if n := left(); n != 1 {
		t.Errorf("%d are left, want the long one", n)
	}
	ok(t, rdb.Set(t.Context(), "last", "1", 0).Err())
	was := stateOf(t, d.folder.engine)
	stop()
	is, _, err := recoverImage(t, dir, c)
	ok(t, err)
	if is != was {
		t.Errorf("read again it is\n%s, want\n%s", is, was)
	}
	c.pass(-24 * time.Hour) // before it is started again
	_, rdb, _ = openTest(t, dir, c, folderTests{})
	ok(t, rdb.Get(t.Context(), "last").Err())
	c.pass(2 * time.Hour)
	if n, err := rdb.Exists(t.Context(), "long").Result(); err != nil || n != 1 {
		t.Errorf("before its time: %d, %v", n, err)
	}
	c.pass(2 * time.Hour)
	if n, err := rdb.Exists(t.Context(), "long").Result(); err != nil || n != 0 {
		t.Errorf("after its time: %d, %v", n, err)
	}
}
