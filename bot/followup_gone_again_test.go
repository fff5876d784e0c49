package bot

import (
	"testing"
	"time"
)

// TestWhoLeavesAgainIsToldOfAgain: somebody who was back, and did something about what they owe, and leaves once more is told of once more, and once.
func TestWhoLeavesAgainIsToldOfAgain(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> send the deck by 8 april")
	d.say("UANA", "book a dentist by 8 april")
	d.say("UBOB", "<@UANA> write the minutes by 8 april")
	d.leaves("UANA") // by mistake
	d.now = d.now.Add(2 * time.Minute)
	d.returns("UANA")
	d.wait("2026-03-25T12:00:00+01:00")
	d.expect("UBOB", "")
	d.must(d.use.Snooze(t.Context(), d.now, d.press("UANA", 2), d.now.Add(time.Hour)))
	d.wait("2026-03-26T10:00:00+01:00")
	d.leaves("UANA")
	d.wait("2026-03-26T16:00:00+01:00")
	d.leaves("UANA")
	d.wait("2026-03-27T16:00:00+01:00")
	d.expect("UBOB", "03-26 10:05 UANA left #1, UANA left #3")
	d.returns("UANA")
	d.must(d.use.Keep(t.Context(), d.now, d.press("UANA", 1)))
	d.wait("2026-03-30T10:00:00+02:00")
	d.leaves("UANA")
	d.wait("2026-03-30T16:00:00+02:00")
	d.expect("UBOB", "03-26 10:05 UANA left #1, UANA left #3; 03-30 10:05 UANA left #1, UANA left #3")
	if _, err := d.use.KeepOn(t.Context(), d.now, d.press("UBOB", 1)); err != nil {
		t.Errorf("he cannot choose: %v", err)
	}
}

// TestAnActInTheMomentOfLeavingIsNoReturn: what somebody did just when they left does not have it told twice.
func TestAnActInTheMomentOfLeavingIsNoReturn(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> send the deck by 8 april")
	d.leaves("UANA")
	d.now = d.now.Add(3 * time.Second)
	d.must(d.use.Keep(t.Context(), d.now, d.press("UANA", 1)))
	d.wait("2026-03-25T11:00:00+01:00")
	d.leaves("UANA")
	d.wait("2026-03-25T16:00:00+01:00")
	d.expect("UBOB", "03-25 10:22 UANA left #1")
}
