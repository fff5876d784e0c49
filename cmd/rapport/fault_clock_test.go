//go:build unix

package main

import (
	"time"
)

// fastClock is a real clock that goes faster than the machine's, so that the product's own leases, waits and rates fit into a test: every process of a
// row has the same. What lives in real time all the same, such as sockets, acknowledgements and a killed server's way back, is not sped up.
type fastClock struct {
	Zero time.Time     // the machine's time at which it shows Base
	Base time.Time     //
	Rate float64       // seconds for each of the machine's
	Skew time.Duration // how wrong this process's clock is
}

// Now implements [clock].
func (c fastClock) Now() time.Time {
	passed := time.Duration(float64(time.Since(c.Zero)) * c.Rate)
	return c.Base.Add(passed + c.Skew)
}

// At implements [clock].
func (c fastClock) At(t time.Time, f func()) (stop func() bool) {
	return time.AfterFunc(c.real(t.Sub(c.Now())), f).Stop
}

// Begin implements [clock]; real time waits for nobody.
func (c fastClock) Begin() (end func()) { return func() {} }

// real is how long something takes on the machine's clock.
func (c fastClock) real(d time.Duration) time.Duration { return time.Duration(float64(d) / c.Rate) }

func berlin() *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err) // the zones are embedded
	}
	return zone
}
