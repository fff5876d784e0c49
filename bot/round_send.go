package bot

import (
	"context"
	"errors"
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

// insert puts what is not there yet of a round into the ledger, part by part. Another process may do the same at the same time: each part goes in once.
func (c *Coffee) insert(ctx context.Context, now time.Time, p Program, r Round) error {
	for tries := 0; !r.Planned; {
		part, err := c.Rounds.NextPart(ctx, r.ID)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		switch err := c.insertPart(ctx, now, p, r, part); {
		case err == nil:
			tries = 0
		case !errors.Is(err, ErrConflict) || tries == insertTries:
			return fmt.Errorf("insert part %d of round %q: %w", part.Number, r.ID, err)
		default:
			tries++
		}
	}
	return nil
}

func (c *Coffee) insertPart(ctx context.Context, now time.Time, p Program, r Round, part RoundPart) error {
	ids := part.members()
	seats, err := c.Seats.SeatsOf(ctx, r.Program, ids...)
	if err != nil {
		return err
	}
	scene, err := c.Scenes.Scene(ctx, "", ids...)
	if err != nil {
		return err
	}
	meetings := part.Unmet
	for _, g := range part.Groups {
		meetings = append(meetings, pairsOf(g.Members, r.Number)...)
	}
	intents := append(progressIntents(now, p, r, part), c.partIntents(now, r, part, scene)...)
	return c.Rounds.InsertPart(ctx, r, part.Number, part.seated(r, seats), meetings, intents)
}

// seated are the seats that a part of a round changes. Who left since it was drawn is left alone.
func (p RoundPart) seated(r Round, seats map[string]Seat) []Seat {
	var changed []Seat
	change := func(id string, applies func(Seat) bool, edit func(Seat) Seat) {
		if s, ok := seats[id]; ok && s.In() && s.Matched < r.Number && applies(s) {
			changed = append(changed, edit(s))
		}
	}
	always := func(Seat) bool { return true }
	silent := func(s Seat) bool { return s.Silent }
	for _, g := range p.Groups {
		for _, id := range g.Members {
			change(id, always, func(s Seat) Seat { return s.matched(r, g) })
		}
	}
	for _, id := range p.LeftOut {
		change(id, always, func(s Seat) Seat {
			s.SatOut, s.LastSatOut, s.Silent = s.SatOut+1, r.Number, false
			return s
		})
	}
	for _, id := range p.Asked {
		change(id, silent, func(s Seat) Seat { s.Asked = r.Number; return s })
	}
	for _, id := range p.Heard {
		change(id, silent, func(s Seat) Seat { s.Silent = false; return s })
	}
	return changed
}

// partIntents are the messages of a part of a round. An introduction goes out at the first instant within a day that suits everyone; if there is none, each
// gets it alone in their own morning.
func (c *Coffee) partIntents(now time.Time, r Round, part RoundPart, scene Scene) Intents {
	start := r.At
	if now.After(start) {
		start = now
	}
	var sends Intents
	for _, g := range part.Groups {
		sends = append(sends, c.groupIntents(r, g, start, scene, true)...)
	}
	return append(append(sends, noPairIntents(r, start, part.LeftOut)...), noPairIntents(r, start, part.Asked)...)
}

// groupIntents are the messages to a group from an instant on; with a note half-way, or without.
func (c *Coffee) groupIntents(r Round, g Group, start time.Time, scene Scene, note bool) Intents {
	var sends Intents
	var all []Hours
	for _, id := range g.Members {
		all = append(all, scene.Hours(id, c.Settings.Current().Zone))
	}
	ref := r.ID + " " + g.Key
	if open, ok := CommonOpen(start, introWindow, all...); ok {
		sends = append(sends, Send{SID: PairSID(r.ID, g.Key), Kind: KindPair, Ref: ref, Members: g.Members, Due: open, NotAfter: r.End})
		if note {
			sends = append(sends, Send{SID: midwaySID(r.ID, g.Key), Kind: KindMidway, Ref: ref, Members: g.Members, Due: midway(r, all), NotAfter: r.End.Add(-introWindow)})
		}
	} else {
		sends = append(sends, aloneIntents(r, g, start, all)...)
	}
	for i, id := range g.Members {
		sends = append(sends, Send{SID: metSID(r.ID, id), Kind: KindMet, Ref: ref, Members: []string{id}, Due: metDue(r, start, all[i]), NotAfter: r.End.Add(metGrace)})
	}
	return sends
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
	if open, ok := CommonOpen(r.middle(), introWindow, all...); ok {
		return open
	}
	return r.middle()
}
