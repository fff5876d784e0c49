//go:build !race

package pairing

// slowdown is 1: the plain run makes all trials.
const slowdown = 1
