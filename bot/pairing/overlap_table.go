package pairing

// complete fills the table of overlaps, so that from then on it is only read.
func (s *schedules) complete() {
	n := len(s.shifts)
	if s.table == nil {
		return
	}
	halves(n*n, func(from, to int) {
		for cell := from; cell < to; cell++ {
			if a, b := cell/n, cell%n; a <= b && s.table[cell] == 0 {
				s.table[cell] = longestCommon(s.shifts[a], s.shifts[b]) + 1
			}
		}
	})
}
