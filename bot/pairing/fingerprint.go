package pairing

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// meetings writes the history in an order that depends on nothing but what it holds: the IDs that are no member's, and the
// meetings by the places of their two IDs.
func (d digest) meetings(r *roll, history []Meeting) {
	d.number(int64(len(r.strangers)))
	for _, id := range r.strangers {
		d.text(id)
	}
	d.number(int64(len(history)))
	lists := r.byFirst()
	buffer := make([]byte, 0, 1<<15)
	var keys []uint64
	for _, list := range lists {
		keys = r.ordered(list, history, keys[:0])
		for _, key := range keys {
			k := uint32(key)
			buffer = binary.BigEndian.AppendUint32(buffer, r.met[k][0])
			buffer = binary.BigEndian.AppendUint32(buffer, r.met[k][1])
			buffer = binary.BigEndian.AppendUint64(buffer, uint64(history[k].Round))
			buffer = append(buffer, byte(history[k].Outcome))
		}
		if len(buffer) > 1<<14 {
			_, _ = d.Write(buffer) // A hash never returns an error.
			buffer = buffer[:0]
		}
	}
	_, _ = d.Write(buffer)
}

// byFirst lists the meetings by the first of their places.
func (r *roll) byFirst() [][]int32 {
	counts := make([]int32, len(r.members)+len(r.strangers))
	for _, both := range r.met {
		counts[both[0]]++
	}
	all, lists := make([]int32, len(r.met)), make([][]int32, len(counts))
	for at, count := range counts {
		lists[at], all = all[:0:count], all[count:]
	}
	for k, both := range r.met {
		lists[both[0]] = append(lists[both[0]], int32(k))
	}
	return lists
}

// ordered appends, for each meeting of a list with the same first place, a number that holds the meeting's index in its lower
// half, sorted by second place, round and outcome.
func (r *roll) ordered(list []int32, history []Meeting, keys []uint64) []uint64 {
	for _, k := range list {
		keys = append(keys, uint64(r.met[k][1])<<32|uint64(k))
	}
	slices.Sort(keys)
	for from := 0; from < len(keys); {
		to := from + 1
		for to < len(keys) && keys[to]>>32 == keys[from]>>32 {
			to++
		}
		if to > from+1 {
			slices.SortFunc(keys[from:to], func(a, b uint64) int {
				x, y := &history[uint32(a)], &history[uint32(b)]
				return cmp.Or(cmp.Compare(x.Round, y.Round), cmp.Compare(x.Outcome, y.Outcome))
			})
		}
		from = to
	}
	return keys
}
