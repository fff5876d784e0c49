package main

import (
	"fmt"
	"io"
	"strings"

	"rapport/bot/pairing"
)

// writeRound prints a round for people. What cannot be written is noticed when the buffer is flushed.
func writeRound(out io.Writer, call matchCall, in pairing.Input, round pairing.Round) {
	departments := make(map[string]string, len(in.Members))
	for i := range in.Members {
		departments[in.Members[i].ID] = in.Members[i].Department
	}
	fmt.Fprint(out, wrapped(headline(call, in, round), "", ""))
	for _, group := range round.Groups {
		writeGroup(out, group, departments, in.Rules)
	}
	if len(round.LeftOut) > 0 {
		fmt.Fprintln(out, "\nLeft out")
	}
	for _, l := range round.LeftOut {
		fmt.Fprint(out, wrapped(personWords(l.ID, departments)+": "+leftOutWords(l.Reason), "  ", "    "))
	}
	if len(round.Relaxed) > 0 {
		fmt.Fprintln(out, "\nPreferred, but not for all")
	}
	for _, r := range round.Relaxed {
		fmt.Fprint(out, wrapped(fmt.Sprintf("%s: %s", r.Rule, relaxedWords(r, in.Rules)), "  ", "    "))
	}
	if len(in.Members) > 1 { // else there was nothing to decide
		writeQuality(out, round)
	}
	fmt.Fprintf(out, "\nTo make it again\n  %s\n  input %s\n", call.replay(call.date, call.seed), round.InputHash)
}

// headline says what came of the round in one line.
func headline(call matchCall, in pairing.Input, round pairing.Round) string {
	left := "nobody left out"
	if n := len(round.LeftOut); n > 0 {
		left = fmt.Sprintf("%d left out", n)
	}
	day := call.date.Format("Monday, 2 January 2006")
	if len(in.Members) == 0 {
		return fmt.Sprintf("Round of %s: the file names nobody.", day)
	}
	return fmt.Sprintf("Round of %s: %s, %s, %s.", day, personsOf(len(in.Members)), countOf(len(round.Groups), "group"), left)
}

// personWords names a member, with their department if it is known.
func personWords(id string, departments map[string]string) string {
	if department := departments[id]; department != "" {
		return fmt.Sprintf("%s (%s)", id, department)
	}
	return id
}

// writeGroup prints who meets, and for each two of them why.
func writeGroup(out io.Writer, group pairing.Group, departments map[string]string, rules pairing.Rules) {
	names := make([]string, 0, len(group.Members))
	for _, id := range group.Members {
		names = append(names, personWords(id, departments))
	}
	fmt.Fprint(out, "\n", wrapped(joined(names), "  ", "    "))
	for from := 0; from < len(group.Reasons); {
		pair, to := unordered(group.Reasons[from]), from
		var words []string
		for ; to < len(group.Reasons) && unordered(group.Reasons[to]) == pair; to++ {
			words = append(words, reasonWords(group.Reasons[to], rules))
		}
		text := strings.Join(words, "; ")
		if len(group.Members) > 2 {
			text = fmt.Sprintf("%s and %s: %s", pair[0], pair[1], text)
		}
		fmt.Fprint(out, wrapped(text, "      ", "        "))
		from = to
	}
}

// unordered is the pair that a reason speaks of.
func unordered(r pairing.Reason) [2]string {
	return [2]string{min(r.A, r.B), max(r.A, r.B)}
}

// writeQuality prints how good the round is, and how far that is proven.
func writeQuality(out io.Writer, round pairing.Round) {
	q, pairs := round.Quality, 0
	for _, g := range round.Groups {
		pairs += len(g.Members) * (len(g.Members) - 1) / 2
	}
	fmt.Fprintln(out, "\nHow good it is")
	fmt.Fprintf(out, "  left out               %d; no round under these rules leaves out fewer than %d\n", len(round.LeftOut), q.LeftOutBound)
	fmt.Fprintf(out, "  met before             %d of %s\n", q.Repeats, countOf(pairs, "pair"))
	fmt.Fprintf(out, "  different departments  %d of %s\n", q.CrossDepartment, countOf(pairs, "pair"))
	if q.FreeSeats > 0 {
		fmt.Fprintf(out, "  mentors' free seats    %d\n", q.FreeSeats)
	}
	fmt.Fprintf(out, "  worth                  %s\n", certificate(q))
}

// looseShare is the share below which the number says more about the bound than about the round.
const looseShare = 0.9

// certificate says how near the round is to the best one.
func certificate(q pairing.Quality) string {
	figures := fmt.Sprintf("(%d of at most %d)", q.Weight, q.UpperBound)
	switch {
	case q.Exact:
		return fmt.Sprintf("proven to be the best round there is (%d)", q.Weight)
	case q.Weight == q.UpperBound:
		return "all that is possible " + figures
	case q.Share == 0:
		return "no near bound is known, as some meet who met before " + figures
	}
	text := fmt.Sprintf("at least %s of what departments, hours and the rest allow %s", shareOf(int64(q.Share*1e6), 1e6), figures)
	if q.Share < looseShare {
		text += ", by a bound that is loose here"
	}
	return text
}
