package slackapp

import (
	"time"

	"rapport/bot"
)

// progressWords say how far the introductions of a round are, in whole sentences; empty when all are out and none is missing.
func progressWords(r Reader, p bot.RoundProgress) string {
	waits, missing := p.Waits(), p.Missing()
	if waits <= 0 && missing <= 0 {
		return ""
	}
	words := r.Number(p.Out()) + " of " + r.Count(p.All(), "introduction is", "introductions are") + " out"
	if !p.Exact() {
		words = "About " + words
	}
	if waits > 0 {
		words += "; at Slack's pace the rest takes " + paceWords(r, waits) + " within working hours"
	}
	words += "."
	if missing > 0 {
		words += " " + r.Number(missing) + " could not be sent; who operates me sees why."
	}
	return words
}

// paceWords say how long so many introductions take at most: each may open a chat, which is what Slack lets an app do least often.
func paceWords(r Reader, introductions int) string {
	took := time.Duration(introductions) * betweenTier3
	switch {
	case took < 2*time.Minute:
		return "a minute or two"
	case took < 90*time.Minute:
		return "about " + r.Count(int(took.Round(time.Minute)/time.Minute), "minute", "minutes")
	}
	return "about " + r.Count(int(took.Round(time.Hour)/time.Hour), "hour", "hours")
}

// longRound tells the owner of a program that a long round begins, or that it is out.
func longRound(r Reader, n bot.LongRoundNote) Message {
	name := "*" + programName(n.Program) + "*"
	text := "A round of " + name + " begins with " + r.Count(n.Progress.All(), "introduction", "introductions") + "; at Slack's pace they take " +
		paceWords(r, n.Progress.All()) + " within working hours."
	if n.Out {
		text = "The round of " + name + " is out: all " + r.Count(n.Progress.All(), "introduction", "introductions") + "."
		if missing := n.Progress.Missing(); missing > 0 {
			text = "The round of " + name + " is out: " + r.Number(n.Progress.Out()) + " of " + r.Count(n.Progress.All(), "introduction", "introductions") + ". " +
				r.Number(missing) + " could not be sent; who operates me sees why."
		}
	}
	return paragraph(text, actions(button("coffee.status", n.Program.ID, "How "+programLabel(n.Program)+" goes")),
		contextLine("You get this because you run "+programName(n.Program)+" and its rounds are long: once when one begins, and once when it is out."))
}
