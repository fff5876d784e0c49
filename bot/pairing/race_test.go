//go:build race

package pairing

// slowdown divides the number of random trials under the race detector, which slows this package tenfold and has little
// to find in it: what runs at the same time only reads the pool, and a handful of large rounds shows it. The plain run
// makes all trials.
const slowdown = 10
