package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"rapport/bot/pairing"
)

// simulation is what became of many rounds, one after the other. Its JSON form is what `rapport match --simulate` prints.
type simulation struct {
	// Rounds are those that were played, in order.
	Rounds []simulatedRound `json:"rounds"`
	// People is how many members there are.
	People int `json:"people"`
	// Met says how many different people a member met in these rounds; what stood in the history before does not count.
	Met spread `json:"met"`
	// PairsMet is how many pairs met at least once, of Pairs: all that two members can form, whatever the rules say. In a mentor match those of a mentor and a mentee.
	PairsMet int64 `json:"pairs_met"`
	Pairs    int64 `json:"pairs"`
	// Repeats is how many times a pair met again within the history window.
	Repeats int `json:"repeats"`
	// SitOuts is how many times somebody was left out, MostSitOuts how many times the same person was, those before the first round aside.
	SitOuts     int `json:"sit_outs"`
	MostSitOuts int `json:"most_sit_outs"`
	// Stopped says that somebody ended it before all rounds were played.
	Stopped bool `json:"stopped,omitempty"`
}

// simulatedRound is one round of a simulation.
type simulatedRound struct {
	// Round counts on from the history. Date is the round's first day, and Seed what makes it again with what was history then.
	Round int    `json:"round"`
	Date  string `json:"date"`
	Seed  uint64 `json:"seed"`
	// Groups and LeftOut hold ids.
	Groups  [][]string `json:"groups"`
	LeftOut []string   `json:"left_out"`
	// Repeats and CrossDepartment count pairs of this round.
	Repeats         int `json:"repeats"`
	CrossDepartment int `json:"cross_department"`
	// PairsMet and Met are the simulation's, as they were after this round.
	PairsMet int64  `json:"pairs_met"`
	Met      spread `json:"met"`
}

// spread is the least, the middle and the most of many numbers.
type spread struct {
	Min    int `json:"min"`
	Median int `json:"median"`
	Max    int `json:"max"`
}

func spreadOf(numbers []int) spread {
	if len(numbers) == 0 {
		return spread{}
	}
	sorted := slices.Sorted(slices.Values(numbers))
	return spread{Min: sorted[0], Median: sorted[(len(sorted)-1)/2], Max: sorted[len(sorted)-1]}
}

// simulateMatch plays rounds and prints what became of them. Ended before all are played, it prints what was played.
func simulateMatch(ctx context.Context, call matchCall, in pairing.Input, out io.Writer, s streams) error {
	p := newPlay(in)
	bar := progress{out: s.err, shown: s.terminal, of: call.simulate}
	for n := range call.simulate {
		bar.at(n)
		round, err := makeRound(ctx, p.in)
		if errors.Is(err, errStopped) {
			p.told.Stopped = true
			break
		}
		if err != nil {
			bar.clear()
			return err
		}
		p.take(round)
	}
	bar.clear()
	told := p.finish()
	var err error
	if call.json {
		err = writeDocument(out, told)
	} else {
		writeSimulation(out, call, told)
	}
	if told.Stopped {
		return errors.Join(err, fmt.Errorf("stopped after %d of %d rounds", len(told.Rounds), call.simulate))
	}
	return err
}

// play is a simulation under way: the input of the next round, and what became of those before.
type play struct {
	in     pairing.Input
	told   simulation
	number int // of the last round
	index  map[string]int
	met    map[[2]int]bool
	knows  []int // per member: how many different people they met
	sat    []int // per member: how often they were left out
}

func newPlay(in pairing.Input) *play {
	p := &play{in: in, index: make(map[string]int, len(in.Members)), met: make(map[[2]int]bool)}
	p.in.Members, p.in.History = slices.Clone(in.Members), slices.Clone(in.History)
	p.told.People, p.told.Rounds = len(in.Members), []simulatedRound{}
	for _, m := range in.History {
		p.number = max(p.number, m.Round)
	}
	sides := make(map[pairing.Role]int64)
	for i := range in.Members {
		p.index[in.Members[i].ID] = i
		sides[in.Members[i].Role]++
	}
	p.knows, p.sat = make([]int, len(in.Members)), make([]int, len(in.Members))
	everybody := int64(len(in.Members))
	p.told.Pairs = everybody * (everybody - 1) / 2
	if sides[""] < everybody {
		p.told.Pairs = sides[pairing.Mentor] * sides[pairing.Mentee]
	}
	return p
}

// take notes a round and makes it history.
func (p *play) take(round pairing.Round) {
	p.number++
	number := p.number
	r := simulatedRound{
		Round: number, Date: p.in.Date.Format(time.DateOnly), Seed: round.Seed, Groups: make([][]string, 0, len(round.Groups)),
		LeftOut: make([]string, 0, len(round.LeftOut)), Repeats: round.Quality.Repeats, CrossDepartment: round.Quality.CrossDepartment,
	}
	for _, g := range round.Groups {
		r.Groups = append(r.Groups, g.Members)
		for at, a := range g.Members {
			for _, b := range g.Members[at+1:] {
				p.meet(a, b, number)
			}
		}
	}
	for _, l := range round.LeftOut {
		r.LeftOut = append(r.LeftOut, l.ID)
		i := p.index[l.ID]
		p.sat[i]++
		p.in.Members[i].SatOut++
		p.in.Members[i].LastSatOut = number
	}
	p.told.Repeats += r.Repeats
	p.told.SitOuts += len(r.LeftOut)
	r.PairsMet, r.Met = int64(len(p.met)), spreadOf(p.knows)
	p.told.Rounds = append(p.told.Rounds, r)
	p.in.Date = p.in.Date.AddDate(0, 0, p.in.Days)
	p.in.Seed++
}

// meet makes two people's meeting part of the history.
func (p *play) meet(a, b string, round int) {
	p.in.History = append(p.in.History, pairing.Meeting{A: a, B: b, Round: round})
	i, j := p.index[a], p.index[b]
	if pair := [2]int{min(i, j), max(i, j)}; !p.met[pair] {
		p.met[pair] = true
		p.knows[i]++
		p.knows[j]++
	}
}

// finish sums up.
func (p *play) finish() simulation {
	told := p.told
	told.PairsMet, told.Met = int64(len(p.met)), spreadOf(p.knows)
	for _, n := range p.sat {
		told.MostSitOuts = max(told.MostSitOuts, n)
	}
	return told
}

// progress shows on a terminal which round is being made.
type progress struct {
	out   io.Writer
	shown bool
	of    int
	last  int // the percent shown
}

// at shows that so many rounds are done.
func (p *progress) at(done int) {
	percent := done * 100 / p.of
	if !p.shown || done > 0 && percent == p.last {
		return
	}
	p.last = percent
	fmt.Fprintf(p.out, "\rround %d of %d, %d %%\x1b[K", done+1, p.of, percent)
}

// clear takes the line away.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
