package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// curveRows and curveWidth are how large the curve of a simulation is printed.
const (
	curveRows  = 13
	curveWidth = 50
)

// writeSimulation prints what became of many rounds, for people.
func writeSimulation(out io.Writer, call matchCall, told simulation) {
	fmt.Fprintf(out, "%s of %s from %s on.\n", countOf(len(told.Rounds), "round"), personsOf(told.People), call.date.Format("Monday, 2 January 2006"))
	if len(told.Rounds) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%6s  %-10s  %7s  %8s  %7s  %15s\n", "round", "date", "groups", "left out", "repeats", "different dept.")
	for _, r := range told.Rounds {
		fmt.Fprintf(out, "%6d  %-10s  %7d  %8d  %7d  %15d\n", r.Round, r.Date, len(r.Groups), len(r.LeftOut), r.Repeats, r.CrossDepartment)
	}
	fmt.Fprint(out, "\nHow many different people the median person has met\n")
	writeCurve(out, told)
	writeSums(out, told)
	fmt.Fprintf(out, "\nTo see the first of these rounds\n  %s\n", call.replay(call.date, call.seed))
	if first := told.Rounds[0]; len(told.Rounds) > 1 {
		last := told.Rounds[len(told.Rounds)-1]
		day, err := time.Parse(time.DateOnly, last.Date)
		if err == nil {
			fmt.Fprint(out, wrapped(fmt.Sprintf("The seeds go from %d to %d; round %d starts on %s.", first.Seed, last.Seed, last.Round, day.Format("2 January 2006")), "  ", "  "))
		}
	}
}

// writeCurve prints how many people the median person had met by then, some rounds of all.
func writeCurve(out io.Writer, told simulation) {
	highest := max(1, told.Rounds[len(told.Rounds)-1].Met.Median)
	rows := min(curveRows, len(told.Rounds))
	for row := range rows {
		at := len(told.Rounds) - 1
		if rows > 1 {
			at = row * (len(told.Rounds) - 1) / (rows - 1)
		}
		r := told.Rounds[at]
		fmt.Fprintf(out, "%6d  %3d %s\n", r.Round, r.Met.Median, strings.Repeat("#", r.Met.Median*curveWidth/highest))
	}
}

func writeSums(out io.Writer, told simulation) {
	fmt.Fprintln(out, "\nAll rounds together")
	fmt.Fprintf(out, "  different people met   %d at least, %d in the middle, %d at most\n", told.Met.Min, told.Met.Median, told.Met.Max)
	if told.Pairs > 0 {
		fmt.Fprintf(out, "  pairs who met          %d of %d, %s\n", told.PairsMet, told.Pairs, shareOf(told.PairsMet, told.Pairs))
	}
	fmt.Fprintf(out, "  repeats                %d\n", told.Repeats)
	if told.SitOuts == 0 {
		fmt.Fprintln(out, "  left out               nobody")
		return
	}
	fmt.Fprintf(out, "  left out               %s in all, the same person %s at most\n", timesOf(told.SitOuts), timesOf(told.MostSitOuts))
}

// timesOf is how often something happened.
func timesOf(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
