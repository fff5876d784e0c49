package bot

import (
	"testing"
	"time"
)

// A run that is planned when its messages could only expire leaves its week to the next one.
func TestAWeekIsNotLostWithALateRun(t *testing.T) {
	for _, tt := range []struct {
		name string
		late time.Duration
		told bool
	}{
		{"within the grace", digestGrace, true},
		{"after it", digestGrace + time.Second, false},
		{"two weeks later", 14 * 24 * time.Hour, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			if _, err := w.SetDigest(t.Context(), w.now, "on", standardDigest("CPUB", "UANA", false)); err != nil {
				t.Fatal(err)
			}
			w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful)
			end := instant(t, friday)
			w.now = end.Add(tt.late)
			before := len(w.sends)
			if err := w.PlanDigest(t.Context(), w.now, "CPUB", end); err != nil {
				t.Fatal(err)
			}
			if told := len(w.sends) > before; told != tt.told {
				t.Fatalf("planned %t, want %t", told, tt.told)
			}
			next := end.AddDate(0, 0, 21)
			w.now = next.Add(time.Minute)
			before = len(w.sends)
			if err := w.PlanDigest(t.Context(), w.now, "CPUB", next); err != nil {
				t.Fatal(err)
			}
			if told := len(w.sends) > before; told == tt.told {
				t.Errorf("the next one tells of it %t, want %t", told, !tt.told)
			}
		})
	}
}
