package slackapp

import (
	"slices"

	"rapport/bot"
)

// pageOf is where the page of the list begins on which something stands, or stood before it was closed, so that who works through many items keeps their place.
func pageOf(member string, owe, owed []bot.Commitment, c bot.Commitment) int {
	list := stillOpen(owed)
	if c.Owner == member || c.Giving == member {
		list = stillOpen(owe)
	}
	at := slices.IndexFunc(list, func(other bot.Commitment) bool { return other.ID == c.ID })
	if at < 0 {
		at = slices.IndexFunc(list, func(other bot.Commitment) bool { return dueLater(other, c) })
	}
	if at < 0 {
		at = len(list) - 1
	}
	return max(at, 0) / followupListed * followupListed
}

// dueLater reports whether a stands after b in a list by date, undated last.
func dueLater(a, b bot.Commitment) bool {
	switch {
	case b.Due == nil:
		return a.Due == nil && a.ID > b.ID
	case a.Due == nil:
		return true
	}
	return a.Due.UTC().After(b.Due.UTC())
}
