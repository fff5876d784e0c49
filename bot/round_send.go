package bot

import (
	"fmt"
	"time"
)

// introWindow is within what time of the round's start everyone's hours have to meet for one message to all.
const introWindow = 24 * time.Hour

// metGrace is how long after a round's end it still makes sense to ask whether people met.
const metGrace = 5 * 24 * time.Hour

// PairSID is the sid of a group's introduction. Where each member gets it alone, a slash and the member's id follow.
func PairSID(round, group string) string { return "pair/" + round + "/" + group }

func midwaySID(round, group string) string { return "midway/" + round + "/" + group }
func metSID(round, member string) string   { return "met/" + round + "/" + member }
func noPairSID(round, member string) string {
	return "no_pair/" + round + "/" + member
}

func roundID(program string, number int) string { return fmt.Sprintf("%s/%d", program, number) }

// roundIntents are the messages of a round. An introduction goes out at the first instant within a day that suits everyone; if there is none, each
// gets it alone in their own morning.
func (c *Coffee) roundIntents(now time.Time, plan roundPlan) Intents {
	r, fallback := plan.round, c.Settings.Current().Zone
	start := r.At
	if now.After(start) {
		start = now
	}
	var sends Intents
	for _, g := range r.Groups {
		var all []Hours
		for _, id := range g.Members {
			all = append(all, plan.scene.Hours(id, fallback))
		}
		if open, ok := CommonOpen(start, introWindow, all...); ok {
			ref := r.ID + " " + g.Key
			middle := midway(r, all)
			sends = append(sends,
				Send{SID: PairSID(r.ID, g.Key), Kind: KindPair, Ref: ref, Members: g.Members, Due: open, NotAfter: r.End},
				Send{SID: midwaySID(r.ID, g.Key), Kind: KindMidway, Ref: ref, Members: g.Members, Due: middle, NotAfter: r.End.Add(-introWindow)})
		} else {
			sends = append(sends, aloneIntents(r, g, start, all)...)
		}
		for _, id := range g.Members {
			sends = append(sends, Send{
				SID: metSID(r.ID, id), Kind: KindMet, Ref: r.ID + " " + g.Key, Members: []string{id}, Due: r.End, NotAfter: r.End.Add(metGrace),
			})
		}
	}
	return append(append(sends, noPairIntents(r, start, r.LeftOut)...), noPairIntents(r, start, plan.asked)...)
}

// aloneIntents bring a group's introduction to each of its members by themselves, in their own morning.
func aloneIntents(r Round, g Group, start time.Time, all []Hours) Intents {
	var sends Intents
	for i, id := range g.Members {
		if open, ok := all[i].NextOpen(start); ok && open.Before(r.End) {
			sends = append(sends, Send{
				SID: PairSID(r.ID, g.Key) + "/" + id, Kind: KindPair, Ref: r.ID + " " + g.Key, Members: []string{id}, Due: open, NotAfter: r.End,
			})
		}
	}
	return sends
}

func noPairIntents(r Round, due time.Time, members []string) Intents {
	var sends Intents
	for _, id := range members {
		sends = append(sends, Send{SID: noPairSID(r.ID, id), Kind: KindNoPair, Ref: r.ID, Members: []string{id}, Due: due, NotAfter: r.End})
	}
	return sends
}

// midway is the first instant that suits everyone in the middle of the round.
func midway(r Round, all []Hours) time.Time {
	middle := r.At.Add(r.End.Sub(r.At) / 2)
	if open, ok := CommonOpen(middle, introWindow, all...); ok {
		return open
	}
	return middle
}
