package pairing

import "sync"

// parallelFrom is the number of items from which they are worth a goroutine.
const parallelFrom = 1 << 12

// halves calls f for the two halves of 0..n, at the same time if they are large, and returns when both are done. What f
// does must not depend on where the halves meet or on which comes first.
func halves(n int, f func(from, to int)) {
	if n < parallelFrom {
		f(0, n)
		return
	}
	var other sync.WaitGroup
	other.Go(func() { f(n/2, n) })
	f(0, n/2)
	other.Wait()
}
