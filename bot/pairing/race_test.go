//go:build race

package pairing

// slowdown divides the number of random trials under the race detector, which slows this package tenfold and has nothing
// to find in it: it starts no goroutine. The plain run makes all trials.
const slowdown = 10
