package storage

import (
	"testing"
	"time"
)

func TestRestartsAreJudged(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	knows := func(n int64) func(*memory) { return func(m *memory) { m.note(n) } }
	for _, test := range []struct {
		name  string
		seen  func(*memory)
		n     int64
		after time.Duration
		want  verdict
	}{
		{"saw more", knows(7), 6, 0, doubtful},
		{"saw as much, just now", knows(7), 7, 0, undecided},
		{"saw as much, and others had no time yet", knows(7), 7, restartWait - 1, undecided},
		{"saw as much, and nobody saw more", knows(7), 7, restartWait, whole},
		{"saw less, and nobody saw more", knows(7), 9, restartWait, whole},
		{"saw nothing counted", knows(0), 0, restartWait, whole},
		{"has just started", func(*memory) {}, 7, 0, undecided},
		{"has just started, and leaves it to others", func(*memory) {}, 7, restartWait, undecided},
		{"has just started, and nobody else can tell", func(*memory) {}, 7, restartAlone, doubtful},
	} {
		var m memory
		test.seen(&m)
		m.judge(now, "run", test.n)
		if got := m.judge(now.Add(test.after), "run", test.n); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
	var m memory
	m.note(1)
	m.judge(now, "second", 1)
	if got := m.judge(now.Add(restartWait), "third", 1); got != undecided {
		t.Errorf("a third start right after the second is judged at once: %d", got)
	}
}
