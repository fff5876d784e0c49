package storage

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// BenchmarkFolder measures a folder with about what 2,000 people leave in three years: how long a snapshot keeps others waiting and how long it takes in all,
// what it weighs, and how long a start on it takes; and how fast a start does again what a log holds.
func BenchmarkFolder(b *testing.B) {
	for range b.N {
		c := newStanding()
		dir := b.TempDir()
		d, rdb, stop := openTest(b, dir, c, folderTests{})
		const members, kudos, commitments = 2000, 2000 * 36, 2000 * 18
		pipe := rdb.Pipeline()
		flush := func() {
			if _, err := pipe.Exec(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		for i := range kudos {
			id := fmt.Sprintf("01JZ%08d", i)
			pipe.HSet(b.Context(), fmt.Sprint("kudos:", i%16), id, strings.Repeat("k", 362))
			pipe.Do(b.Context(), "ZADD", fmt.Sprint("kudos:to:", i%members), i, id)
			if i < commitments {
				pipe.HSet(b.Context(), fmt.Sprint("commitments:", i%16), id, strings.Repeat("c", 600))
			}
			if i%1000 == 999 {
				flush()
			}
		}
		flush()
		ok(b, d.folder.compact())

		begin := time.Now()
		d.folder.engine.mu.Lock()
		state, err := d.folder.engine.capture()
		d.folder.engine.mu.Unlock()
		ok(b, err)
		held := time.Since(begin)
		begin = time.Now()
		ok(b, d.folder.compact())
		took := time.Since(begin)
		info, err := os.Stat(onlyFile(b, dir, "snapshot"))
		ok(b, err)
		stop()
		begin = time.Now()
		_, rdb, _ = openTest(b, dir, c, folderTests{})
		start := time.Since(begin)
		b.ReportMetric(float64(len(state.keys)), "keys")
		b.ReportMetric(float64(held.Milliseconds()), "ms-held")
		b.ReportMetric(float64(took.Milliseconds()), "ms-snapshot")
		b.ReportMetric(float64(info.Size())/(1<<20), "MB")
		b.ReportMetric(float64(start.Milliseconds()), "ms-start")

		const runs = 5000
		for range runs {
			if err := raise.Eval(b.Context(), rdb, []string{"counts", "all"}, "w").Err(); err != nil {
				b.Fatal(err)
			}
		}
		image := copyFolder(b, dir)
		e, err := newEngine(c.Now)
		ok(b, err)
		begin = time.Now()
		_, err = recoverFolder(image, e)
		ok(b, err)
		b.ReportMetric(runs/(time.Since(begin)-start).Seconds(), "scripts/s-start")
		e.close()
	}
}
