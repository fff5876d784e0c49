package scheduler

import "time"

// Clock is where time comes from. bot/slackfake has a virtual one.
type Clock interface {
	// Now returns the current instant.
	Now() time.Time
	// At calls f on its own goroutine once t has come, at once if it has already. stop keeps f from being called and reports whether it was in time.
	// A virtual clock does not move before f has returned.
	At(t time.Time, f func()) (stop func() bool)
	// Begin says that something is in flight; a virtual clock does not move before end is called.
	Begin() (end func())
}

// RealClock is the time of the machine.
type RealClock struct{}

// Now implements [Clock]. It is the one place outside of cmd that reads the machine's clock: everybody else is handed a Clock.
func (RealClock) Now() time.Time {
	return time.Now() //nolint:forbidigo // everybody else is handed a Clock
}

// At implements [Clock].
func (c RealClock) At(t time.Time, f func()) (stop func() bool) {
	return time.AfterFunc(t.Sub(c.Now()), f).Stop
}

// Begin implements [Clock]; real time waits for nobody.
func (RealClock) Begin() (end func()) { return func() {} }
