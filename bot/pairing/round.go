package pairing

import (
	"cmp"
	"slices"
)

// Round is who meets whom, who does not, and why. Its JSON form is the one that is stored and printed.
type Round struct {
	// Groups hold two to four members each, sorted by their members. In a mentor match each holds a mentor and a mentee,
	// and a mentor may be in several.
	Groups []Group `json:"groups"`
	// LeftOut are the available members without a group, sorted by ID; in a mentor match the mentees among them.
	LeftOut []LeftOut `json:"left_out"`
	// Relaxed tells which of the program's preferences the round does not fully keep, in the order history, hours,
	// department. It is empty if it keeps all.
	Relaxed []Relaxation `json:"relaxed"`
	Quality Quality      `json:"quality"`
	// Seed is the input's, InputHash the hash of all the rest of it: together they replay the round.
	Seed      uint64 `json:"seed"`
	InputHash string `json:"input_hash"`
}

// Group is the members who are introduced to each other.
type Group struct {
	// Members are IDs, sorted.
	Members []string `json:"members"`
	// Reasons tell what speaks for the group, pair by pair; never anything about blocks or managers.
	Reasons []Reason `json:"reasons"`
}

// ReasonCode names why two members are in a group together.
type ReasonCode string

const (
	// FirstMeeting means that they never met in the program.
	FirstMeeting ReasonCode = "first_meeting"
	// LongAgo means that they met, but not within the history window.
	LongAgo ReasonCode = "long_ago"
	// MetBefore means that they met within the window; the round has no fewer such pairs to offer.
	MetBefore ReasonCode = "met_before"
	// DifferentDepartments means that both departments are known and differ.
	DifferentDepartments ReasonCode = "different_departments"
	// SharedHours means that they work long enough at the same time.
	SharedHours ReasonCode = "shared_hours"
	// OfferMeetsAsk means that A offers the Topic that B asks for.
	OfferMeetsAsk ReasonCode = "offer_meets_ask"
	// SharedLanguage means that the program asks for a common language and they have one, named in Topic.
	SharedLanguage ReasonCode = "shared_language"
	// SameOffice means that both are known to be in the same office, so that they could meet in person.
	SameOffice ReasonCode = "same_office"
	// MentorSeat means that A is the mentor and B the mentee of a mentor match.
	MentorSeat ReasonCode = "mentor_seat"
	// LeaderSeat means that A keeps seats for colleagues as a leader, and B sits on one.
	LeaderSeat ReasonCode = "leader_seat"
	// Stretch means that A wants to meet people unlike themselves, and B differs in several attributes.
	Stretch ReasonCode = "stretch"
)

// Reason is one fact that speaks for a pair, checkable by the two.
type Reason struct {
	Code ReasonCode `json:"code"`
	// A and B are the pair's IDs, in order of ID unless the code gives them roles.
	A string `json:"a"`
	B string `json:"b"`
	// Topic is what the code speaks of, if anything, as one of the two wrote it.
	Topic string `json:"topic,omitempty"`
}

// LeftOutCode names why a member has no group.
type LeftOutCode string

const (
	// NoPartner means that no suitable match was left this round, for whichever reason: a block, a manager and
	// a required difference all read the same.
	NoPartner LeftOutCode = "no_partner"
	// OddPool means that the number of members is odd, groups are pairs, no leader keeps several seats, and nobody else was left out. It is said of
	// whoever sits out, whatever made it them, so that it tells nothing but what everybody can count.
	OddPool LeftOutCode = "odd_pool"
)

// LeftOut is a member without a group.
type LeftOut struct {
	ID     string      `json:"id"`
	Reason LeftOutCode `json:"reason"`
}

// Preferred names a preference that a round can relax.
type Preferred string

// The preferences in the order in which they are reported.
const (
	PreferredHistory    Preferred = "history"
	PreferredHours      Preferred = "hours"
	PreferredDepartment Preferred = "department"
)

// Relaxation says that some pairs do not get what the program prefers, because other members would have been left
// out, or something that weighs more would have been lost.
type Relaxation struct {
	Rule Preferred `json:"rule"`
	// Pairs is how many.
	Pairs int `json:"pairs"`
	// Window, for history, is the number of past rounds that still holds no repeat.
	Window int `json:"window,omitempty"`
}

// Quality measures a round.
type Quality struct {
	// Weight sums what the round's pairs are worth in levels 3 to 6 of the objective, on a scale that depends on
	// the number of members: comparable between rounds of the same members only.
	Weight int64 `json:"weight"`
	// UpperBound is a number that Weight cannot exceed in any round that leaves as few people out; where groups are larger
	// than pairs, or leaders keep tables, in any such round with groups of the same sizes.
	UpperBound int64 `json:"upper_bound"`
	// Share, from 0 to 1, is how much of what levels 4 to 6 allow the round has at least: Weight in parts of UpperBound, both
	// less what the pairs are worth if none of them ever met, which would hide the rest. It is 1 for a round that is proven to be
	// the best one, and 0 where repeats cost more than all else is worth, so that nothing is known.
	Share float64 `json:"share"`
	// Repeats is the number of pairs who met within the history window.
	Repeats int `json:"repeats"`
	// CrossDepartment is the number of pairs with known and different departments.
	CrossDepartment int `json:"cross_department"`
	// LeftOutBound is a number of people that every round under these rules leaves out.
	LeftOutBound int `json:"left_out_bound"`
	// Exact reports that the round is proven to be the best one (see the package comment for what that covers).
	Exact bool `json:"exact"`
	// FreeSeats, of a mentor match, is the number of seats that no mentee took.
	FreeSeats int `json:"free_seats,omitempty"`
}

// share returns Share, given what the pairs are worth for having never met. As no round is worth more than UpperBound, it
// is no more than the share of the best round.
func (q *Quality) share(base int64) float64 {
	switch {
	case q.Exact || q.Weight == q.UpperBound:
		return 1
	case q.Weight <= base:
		return 0
	}
	return float64(q.Weight-base) / float64(q.UpperBound-base)
}

// plan is a round by member index, before it is explained.
type plan struct {
	groups    [][]int32
	left      []int32
	upper     int64
	leftBound int
	exact     bool
}

// planOf lists the groups of a matching, and who has none.
func planOf(mate []int32) plan {
	var pl plan
	for v, w := range mate {
		switch {
		case w == none:
			pl.left = append(pl.left, int32(v))
		case int32(v) < w:
			pl.groups = append(pl.groups, []int32{int32(v), w})
		}
	}
	return pl
}

// eachPair calls f for every two members of a group, in index order.
func eachPair(group []int32, f func(i, j int32)) {
	for at, i := range group {
		for _, j := range group[at+1:] {
			f(min(i, j), max(i, j))
		}
	}
}

// explain turns a plan into a round.
func (p *pool) explain(pl plan) Round {
	r := Round{
		Groups: make([]Group, 0, len(pl.groups)), LeftOut: make([]LeftOut, 0, len(pl.left)), Seed: p.seed,
		Quality: Quality{UpperBound: pl.upper, LeftOutBound: pl.leftBound, Exact: pl.exact, FreeSeats: p.freeSeats(len(pl.groups))},
	}
	s, pairs := p.scale(), 0
	var reasons []Reason // one after the other, so that each group keeps no more memory than it needs
	for _, members := range pl.groups {
		members = slices.Sorted(slices.Values(members))
		reasons = p.appendReasons(reasons[:0], members)
		r.Groups = append(r.Groups, Group{p.ids(members), slices.Clone(reasons)})
		eachPair(members, func(i, j int32) {
			pairs++
			r.Quality.Weight += s.number(p.value(i, j))
			if p.repeat(i, j) {
				r.Quality.Repeats++
			}
			if p.crossDepartment(i, j) {
				r.Quality.CrossDepartment++
			}
		})
	}
	slices.SortFunc(r.Groups, func(a, b Group) int { return slices.Compare(a.Members, b.Members) })
	code := NoPartner
	if len(pl.left) == 1 && !p.mentoring && p.tables == 0 && p.rules.Size == 2 && !p.rules.Trios && p.size()%2 == 1 && p.size() > 1 {
		code = OddPool
	}
	for _, i := range slices.Sorted(slices.Values(pl.left)) {
		r.LeftOut = append(r.LeftOut, LeftOut{p.members[i].ID, code})
	}
	r.Relaxed = p.relaxations(pl.groups)
	r.Quality.Share = r.Quality.share(int64(pairs) * s.number(value{fresh: 1, age: maxAge}))
	return r
}

// explainGroup lists the reasons of every pair in a group.
func (p *pool) explainGroup(members []int32) Group {
	members = slices.Sorted(slices.Values(members))
	return Group{p.ids(members), p.appendReasons(nil, members)}
}

// ids returns the members' IDs.
func (p *pool) ids(members []int32) []string {
	ids := make([]string, len(members))
	for at, i := range members {
		ids[at] = p.members[i].ID
	}
	return ids
}

// appendReasons appends what speaks for each pair of a sorted group.
func (p *pool) appendReasons(list []Reason, members []int32) []Reason {
	eachPair(members, func(i, j int32) { list = p.appendPair(list, i, j) })
	return list
}

// appendPair appends what speaks for a pair; i comes before j.
func (p *pool) appendPair(list []Reason, i, j int32) []Reason {
	a, b := p.members[i].ID, p.members[j].ID
	list = append(list, Reason{Code: p.acquaintance(i, j), A: a, B: b})
	list = p.appendSeats(list, i, j)
	if p.crossDepartment(i, j) {
		list = append(list, Reason{Code: DifferentDepartments, A: a, B: b})
	}
	if p.rules.Overlap != Ignore && p.schedules.overlap(i, j) >= p.rules.MinOverlap {
		list = append(list, Reason{Code: SharedHours, A: a, B: b})
	}
	list = p.appendTopics(list, i, j)
	list = p.appendTopics(list, j, i)
	if language := common(p.languages[i], p.languages[j]); language != 0 && p.rules.Language != Ignore {
		list = append(list, Reason{Code: SharedLanguage, A: a, B: b, Topic: p.tongues[language]})
	}
	if p.office[i] != 0 && p.office[i] == p.office[j] {
		list = append(list, Reason{Code: SameOffice, A: a, B: b})
	}
	return list
}

// appendTopics appends what one offers and the other asks for: in a round one topic, of what a mentor offers their mentee all.
func (p *pool) appendTopics(list []Reason, offers, asks int32) []Reason {
	topics := shared(p.offers[offers], p.asks[asks])
	if ofMentor := p.mentoring && p.members[offers].Role == Mentor; len(topics) > 1 && !ofMentor {
		topics = topics[:1]
	}
	for _, topic := range topics {
		list = append(list, Reason{Code: OfferMeetsAsk, A: p.members[offers].ID, B: p.members[asks].ID, Topic: p.topics[topic]})
	}
	return list
}

// acquaintance returns the reason that says whether two members met before.
func (p *pool) acquaintance(i, j int32) ReasonCode {
	count, _ := p.history.between(i, j)
	switch {
	case count == 0:
		return FirstMeeting
	case p.repeat(i, j):
		return MetBefore
	}
	return LongAgo
}

// relaxations finds the preferences that some pair of the groups does not keep.
func (p *pool) relaxations(groups [][]int32) []Relaxation {
	history := Relaxation{Rule: PreferredHistory, Window: p.rules.Window}
	hours, department := Relaxation{Rule: PreferredHours}, Relaxation{Rule: PreferredDepartment}
	for _, members := range groups {
		eachPair(members, func(i, j int32) {
			if p.repeat(i, j) {
				_, age := p.history.between(i, j)
				history.Pairs++
				history.Window = min(history.Window, max(0, age-1))
			}
			if p.rules.Overlap == Prefer && p.tooLittleOverlap(i, j) {
				hours.Pairs++
			}
			if p.rules.Department == Prefer && p.sameDepartment(i, j) {
				department.Pairs++
			}
		})
	}
	list := []Relaxation{history, hours, department}
	return slices.DeleteFunc(list, func(r Relaxation) bool { return r.Pairs == 0 })
}

// maxPairs bounds the number of pairs in a round.
func (p *pool) maxPairs() int {
	most := p.size() * (largestGroup - 1) / 2
	switch {
	case p.mentoring:
		return p.maxMentorPairs()
	case p.rules.Size == 2:
		return min(most, p.size()/2+2+p.tables*tablePairs) // A trio has three.
	}
	return most
}

// scale returns the scale of the round's Weight.
func (p *pool) scale() scale {
	return scaleFor(p.maxPairs())
}

// looseBound bounds the weight of any round with so many pairs.
func (p *pool) looseBound(pairs int) int64 {
	return int64(pairs) * p.scale().number(p.best())
}

// structuralBound is the number of people who are left out for reasons that can be counted: a group
// holds at most one member of a department if departments must differ, and pairs alone leave one of an odd pool.
func (p *pool) structuralBound() int {
	n, bound := p.size(), 0
	if n == 1 || p.rules.Size == 2 && !p.rules.Trios {
		bound = n % 2
	}
	if p.rules.Department != Require {
		return bound
	}
	counts := make(map[int32]int)
	for _, d := range p.department {
		if d != 0 {
			counts[d]++
		}
	}
	for _, largest := range counts {
		bound = max(bound, 2*largest-n)
	}
	return bound
}

// byTurn orders the members by whose turn the third seat of a trio is: the fewest trios so far, then the
// longest ago, then by chance.
func (p *pool) byTurn() []int32 {
	order := make([]int32, p.size())
	for i := range order {
		order[i] = int32(i)
	}
	h := p.history
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(h.trios[a], h.trios[b]), cmp.Compare(h.lastTrio[a], h.lastTrio[b]),
			cmp.Compare(p.noise[a], p.noise[b]), cmp.Compare(a, b))
	})
	return order
}
