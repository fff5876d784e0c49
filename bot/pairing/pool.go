package pairing

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"
	"time"
)

// pool is the round's available members, sorted by ID and known by their index from here on, with everything
// that is asked about two of them prepared. It is read-only after newPool but for the schedules' table.
type pool struct {
	rules   Rules
	seed    uint64
	members []*Member // the input's
	blocked [][]int32 // per member, sorted
	manager []int32   // per member, -1 for unknown or not here
	boss    []int32   // per member: the same number for the same manager, here or not; 0 for unknown
	// Attributes as small numbers: 0 is unknown.
	department, office, level []int32
	offers, asks, languages   [][]int32 // per member, sorted
	tongue                    []int32   // per member: the same number for the same languages
	kinds                     int       // how many such numbers there are
	foreign                   []bool    // per two such numbers: both have languages and none in common; nil if there are very many
	topics, tongues           []string  // the words behind offers and asks, and behind languages
	schedules                 *schedules
	history                   *history
	noise                     []uint64 // per member, from seed and ID
	priority                  []int32  // per member, 1 or more: the higher, the rather they are matched
	mentoring                 bool     // mentors meet mentees, and nobody else anybody
	stretching                int      // how many members want to meet people unlike themselves
	leading                   bool     // somebody offers leader seats
	tables                    int      // how many leaders offer more than one seat where groups are pairs
	unled                     []int64  // per member: points for meeting a leader, if there are any
}

// newPool prepares the available members of an input that has been checked.
func newPool(in *Input, r *roll, rules Rules) *pool {
	p := &pool{rules: rules, seed: in.Seed}
	var index []int32
	p.members, index = r.available()
	n := len(p.members)
	p.indexOrganisation(func(id string) int32 {
		if at, known := r.place[id]; known {
			return index[at]
		}
		return none
	})
	p.indexWords()
	p.schedules = newSchedules(p.members, in.Date, cmp.Or(in.Days, DefaultDays))
	p.history = newHistory(in.History, r, index, n)
	p.noise = make([]uint64, n)
	for i := range p.members {
		p.noise[i] = noiseOf(in.Seed, p.members[i].ID)
	}
	p.priority = priorities(p.members)
	p.indexSeats(in)
	return p
}

// size returns the number of members.
func (p *pool) size() int { return len(p.members) }

// indexOrganisation resolves the IDs in blocks and managers; index returns none for who is not in the pool.
func (p *pool) indexOrganisation(index func(id string) int32) {
	p.blocked = make([][]int32, len(p.members))
	for _, b := range p.rules.Blocks {
		if i, j := index(b[0]), index(b[1]); i != none && j != none {
			p.blocked[i] = append(p.blocked[i], j)
			p.blocked[j] = append(p.blocked[j], i)
		}
	}
	for i := range p.blocked {
		slices.Sort(p.blocked[i])
	}
	p.manager, p.boss = make([]int32, len(p.members)), make([]int32, len(p.members))
	bosses := map[string]int32{"": 0}
	for i := range p.members {
		id := p.members[i].Manager
		boss, known := bosses[id]
		if !known {
			boss = int32(len(bosses))
			bosses[id] = boss
		}
		p.manager[i], p.boss[i] = none, boss
		if id != "" {
			p.manager[i] = index(id)
		}
	}
}

// indexWords turns departments, topics and the like into numbers that are quick to compare.
func (p *pool) indexWords() {
	n := len(p.members)
	departments, offices, levels := newVocabulary(), newVocabulary(), newVocabulary()
	topics, languages := newVocabulary(), newVocabulary()
	p.department, p.office, p.level = make([]int32, n), make([]int32, n), make([]int32, n)
	p.offers, p.asks, p.languages = make([][]int32, n), make([][]int32, n), make([][]int32, n)
	for i := range p.members {
		m := p.members[i]
		p.department[i] = departments.number(m.Department)
		p.office[i] = offices.number(m.Office)
		p.level[i] = levels.number(m.Level)
		p.offers[i] = topics.numbers(m.Offers)
		p.asks[i] = topics.numbers(m.Asks)
		p.languages[i] = languages.numbers(m.Languages)
	}
	p.topics, p.tongues = topics.words, languages.words
	p.indexLanguages()
}

// maxTongues bounds the table of who has a language in common.
const maxTongues = 512

// indexLanguages finds out once for all who speak the same languages with whom they have none in common.
func (p *pool) indexLanguages() {
	c := classify(len(p.members), func(i int32) string { return listKey(p.languages[i]) })
	p.tongue = c.of
	n := len(c.count)
	p.kinds = n
	if n > maxTongues {
		return
	}
	p.foreign = make([]bool, n*n)
	for a, i := range c.first {
		for b, j := range c.first {
			p.foreign[a*n+b] = len(p.languages[i]) > 0 && len(p.languages[j]) > 0 && common(p.languages[i], p.languages[j]) == 0
		}
	}
}

// priorities ranks the members for level 2 of the objective: whoever was left out most often, then most
// recently, then newcomers. Equals share a rank; the lowest rank is 1.
func priorities(members []*Member) []int32 {
	order := make([]int, len(members))
	for i := range order {
		order[i] = i
	}
	compare := func(a, b int) int {
		x, y := members[a], members[b]
		return cmp.Or(cmp.Compare(x.SatOut, y.SatOut), cmp.Compare(x.LastSatOut, y.LastSatOut), x.Joined.Compare(y.Joined))
	}
	slices.SortFunc(order, compare)
	ranks := make([]int32, len(members))
	rank := int32(0)
	for at, i := range order {
		if at == 0 || compare(order[at-1], i) != 0 {
			rank++
		}
		ranks[i] = rank
	}
	return ranks
}

// vocabulary numbers words from 1, without regard to case and surrounding space; 0 is the empty word.
type vocabulary struct {
	known map[string]int32
	words []string // as first written
	room  []int32  // for lists of numbers, so that those of members next to each other are next to each other
}

// roomSize is for how many numbers room is made at a time.
const roomSize = 1 << 12

func newVocabulary() *vocabulary {
	return &vocabulary{known: make(map[string]int32), words: []string{""}}
}

func (v *vocabulary) number(word string) int32 {
	key := strings.ToLower(strings.TrimSpace(word))
	if key == "" {
		return 0
	}
	n, known := v.known[key]
	if !known {
		n = int32(len(v.words))
		v.known[key] = n
		v.words = append(v.words, strings.TrimSpace(word))
	}
	return n
}

// numbers returns the sorted set of the words' numbers.
func (v *vocabulary) numbers(words []string) []int32 {
	if len(words) == 0 {
		return nil
	}
	if cap(v.room)-len(v.room) < len(words) {
		v.room = make([]int32, 0, max(len(words), roomSize))
	}
	list := v.room[len(v.room):]
	for _, word := range inOrder(words) {
		if n := v.number(word); n != 0 {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	v.room = v.room[:len(v.room)+len(list)]
	return slices.Clip(list)
}

// inOrder returns words sorted; a single one needs no copy.
func inOrder(words []string) []string {
	if len(words) < 2 {
		return words
	}
	return slices.Sorted(slices.Values(words))
}

// common returns the first element that two sorted lists share, or 0.
func common(a, b []int32) int32 {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			return a[i]
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return 0
}

// shared returns the elements that two sorted lists share.
func shared(a, b []int32) []int32 {
	var list []int32
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			list = append(list, a[i])
			i, j = i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return list
}

// noiseOf returns the number that stands for a member in everything that chance decides. It depends on the ID
// and not on the index, so that somebody else's coming or going does not reshuffle all ties.
func noiseOf(seed uint64, id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // A hash never returns an error.
	return mix(h.Sum64() ^ mix(seed))
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// pairNoise returns the number that stands for an unordered pair.
func (p *pool) pairNoise(i, j int32) uint64 {
	a, b := p.noise[min(i, j)], p.noise[max(i, j)]
	return mix(a ^ mix(b))
}

// permits is the one hard predicate: it reports whether two members may ever share a group. Whoever is not
// available is not in the pool, so that every path that forms or changes a group asks here and nowhere else.
func (p *pool) permits(i, j int32) bool {
	if i == j {
		return false
	}
	if p.mentoring && p.members[i].Role == p.members[j].Role {
		return false
	}
	if _, found := slices.BinarySearch(p.blocked[i], j); found {
		return false
	}
	if p.rules.ExcludeManager && (p.manager[i] == j || p.manager[j] == i) {
		return false
	}
	if p.rules.Department == Require && p.sameDepartment(i, j) {
		return false
	}
	if p.rules.Language == Require && p.noLanguage(i, j) {
		return false
	}
	return p.rules.Overlap != Require || !p.tooLittleOverlap(i, j)
}

// fits reports whether a member may join all of a group.
func (p *pool) fits(i int32, group []int32) bool {
	for _, j := range group {
		if !p.permits(i, j) {
			return false
		}
	}
	return true
}

// sameDepartment reports two known and equal departments.
func (p *pool) sameDepartment(i, j int32) bool {
	return p.department[i] != 0 && p.department[i] == p.department[j]
}

// crossDepartment reports two known and different departments.
func (p *pool) crossDepartment(i, j int32) bool {
	return p.department[i] != 0 && p.department[j] != 0 && p.department[i] != p.department[j]
}

// noLanguage reports that both members' languages are known and none is common.
func (p *pool) noLanguage(i, j int32) bool {
	if p.foreign != nil {
		return p.foreign[int(p.tongue[i])*p.kinds+int(p.tongue[j])]
	}
	return len(p.languages[i]) > 0 && len(p.languages[j]) > 0 && common(p.languages[i], p.languages[j]) == 0
}

// tooLittleOverlap reports that both members' zones are known and their common hours too short.
func (p *pool) tooLittleOverlap(i, j int32) bool {
	overlap := p.schedules.overlap(i, j)
	return overlap != overlapUnknown && overlap < p.rules.MinOverlap
}

// repeat reports that two members met within the history window.
func (p *pool) repeat(i, j int32) bool {
	count, age := p.history.between(i, j)
	return count > 0 && age <= p.rules.Window
}

// joinedKnown reports that it is known when both members joined.
func (p *pool) joinedKnown(i, j int32) bool {
	return !p.members[i].Joined.IsZero() && !p.members[j].Joined.IsZero()
}

// yearApart reports that two members joined a year or more apart.
func (p *pool) yearApart(i, j int32) bool {
	return p.members[i].Joined.Sub(p.members[j].Joined).Abs() >= 365*24*time.Hour
}
