package when

import "time"

// zoneOffsets are what people write behind a time, folded, with how many minutes ahead of UTC it may mean, the larger first. In
// summer most people keep writing the letters of winter. Letters that stand for more are only offered, never taken.
var zoneOffsets = map[string][]int{
	"utc": {0}, "gmt": {60, 0}, "bst": {60}, "wet": {0}, "west": {60}, "cet": {120, 60}, "cest": {120}, "mez": {120, 60}, "mesz": {120},
	"eet": {180, 120}, "eest": {180}, "msk": {180}, "ist": {330, 60}, "sgt": {480}, "hkt": {480}, "jst": {540}, "kst": {540},
	"aest": {660, 600}, "aedt": {660}, "brt": {-180}, "est": {-240, -300}, "edt": {-240}, "et": {-240, -300}, "cst": {-300, -360}, "cdt": {-300},
	"mst": {-360, -420}, "mdt": {-360}, "pst": {-420, -480}, "pdt": {-420}, "pt": {-420, -480},
}

// readElsewhere reads a time of another zone: it is shown in the person's own, and offered.
func (c Context) readElsewhere(p phrase) reading {
	offsets, clock := p.clock.offsets, *p.clock
	clock.offsets = nil
	p.clock = &clock
	var r reading
	for i, minutes := range offsets {
		there := c
		there.Zone = time.FixedZone("", 60*minutes)
		said := there.readDay(p)
		if said.err != nil {
			return said
		}
		t := said.due.In(there.Zone).In(c.zone())
		if due := c.atClock(DateOf(t), clockOf(t)); i == 0 {
			r = said
			r.due, r.alternatives = due, nil
		} else {
			r.alternatives = append(r.alternatives, due)
		}
	}
	r.elsewhere, r.confirm = true, true
	return r
}
