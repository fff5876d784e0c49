package pairing

import (
	"math/rand/v2"
)

const (
	// improvePasses bounds the passes of exchanges.
	improvePasses = 6
	// exchangeTries is how many members at random are proposed to somebody who could have a better partner.
	exchangeTries = 2
)

// improver exchanges partners between pairs.
type improver struct {
	sp    *sparse
	d     *dual
	worth []int64 // per member: what their pair is worth
	most  []int64 // per member: their part of the most that a pair can be worth, doubled
}

// improve exchanges partners: a candidate pair comes together if that and their partners' new pair are worth more.
// Pairs that are worth as much as their duals allow are left alone, as no exchange needs to touch them.
func (sp *sparse) improve(members []int32, d *dual, r *rand.Rand) {
	im := &improver{sp: sp, d: d, worth: make([]int64, len(sp.mate)), most: make([]int64, len(sp.mate))}
	halves(len(im.most), func(from, to int) {
		for i := from; i < to; i++ {
			im.most[i] = sp.s.number(d.base) + sp.s.number(d.doubled[i])
			if j := sp.mate[i]; j != none {
				im.worth[i] = sp.s.number(sp.p.value(int32(i), j))
			}
		}
	})
	for _, found := range sp.options {
		im.exchangeAll(found)
	}
	sp.options = nil
	for range improvePasses {
		loose := im.loose(members)
		sp.sampler.topical(loose, r)
		for _, i := range loose {
			for range exchangeTries {
				sp.sampler.add(i, members[r.IntN(len(members))])
			}
		}
		if !im.exchangeAll(sp.sampler.take()) {
			return
		}
	}
}

// exchangeAll brings together what of a ranking is worth it, and reports whether anything was.
func (im *improver) exchangeAll(found ranking) bool {
	changed := false
	found.each(func(c option, worth int64) { changed = im.exchange(c, worth) || changed })
	return changed
}

// loose lists the members whose pair is worth less than their duals allow.
func (im *improver) loose(members []int32) []int32 {
	var list []int32
	for _, i := range members {
		if j := im.sp.mate[i]; j != none && 2*im.worth[i] < im.most[i]+im.most[j] {
			list = append(list, i)
		}
	}
	return list
}

// exchange brings a pair together if that is worth it. Nobody is left out for it.
func (im *improver) exchange(c option, worth int64) bool {
	sp := im.sp
	a, b := sp.mate[c.i], sp.mate[c.j]
	if a == none || b == none || a == c.j {
		return false
	}
	before := im.worth[c.i] + im.worth[c.j]
	if 2*(worth-before)+im.most[a]+im.most[b] <= 0 || !sp.p.permits(a, b) {
		return false
	}
	other := sp.s.number(sp.p.value(a, b))
	if worth+other <= before {
		return false
	}
	sp.mate[c.i], sp.mate[c.j], sp.mate[a], sp.mate[b] = c.j, c.i, b, a
	im.worth[c.i], im.worth[c.j], im.worth[a], im.worth[b] = worth, worth, other, other
	return true
}
