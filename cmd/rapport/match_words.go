package main

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"rapport/bot/pairing"
)

// pageWidth is how many characters a line of text has at most, unless a single word is longer.
const pageWidth = 100

// reasonWords says why two people are in a group. They were named before.
func reasonWords(r pairing.Reason, rules pairing.Rules) string {
	switch r.Code {
	case pairing.FirstMeeting:
		return "never met in this program"
	case pairing.LongAgo:
		return fmt.Sprintf("met, but not in the last %s", countOf(rules.Window, "round"))
	case pairing.MetBefore:
		return fmt.Sprintf("met within the last %s", countOf(rules.Window, "round"))
	case pairing.DifferentDepartments:
		return "different departments"
	case pairing.SharedHours:
		return fmt.Sprintf("both work for %s at the same time", lengthOf(rules.MinOverlap))
	case pairing.OfferMeetsAsk:
		return fmt.Sprintf("%s offers %q, which %s asks for", r.A, r.Topic, r.B)
	case pairing.SharedLanguage:
		return "both speak " + r.Topic
	case pairing.SameOffice:
		return "same office"
	case pairing.MentorSeat:
		return fmt.Sprintf("%s is the mentor", r.A)
	case pairing.LeaderSeat:
		return fmt.Sprintf("%s leads and keeps a seat for %s", r.A, r.B)
	case pairing.Stretch:
		return fmt.Sprintf("%s likes to meet people unlike themselves, as %s is", r.A, r.B)
	}
	words := strings.ReplaceAll(string(r.Code), "_", " ")
	if r.Topic != "" {
		words += fmt.Sprintf(" (%s)", r.Topic)
	}
	return words
}

// leftOutWords says why somebody has no group.
func leftOutWords(code pairing.LeftOutCode) string {
	switch code {
	case pairing.NoPartner:
		return "no suitable match this round"
	case pairing.OddPool:
		return "an odd number of people, and it was their turn"
	}
	return strings.ReplaceAll(string(code), "_", " ")
}

// relaxedWords says which preference a round does not fully keep.
func relaxedWords(r pairing.Relaxation, rules pairing.Rules) string {
	pairs := countOf(r.Pairs, "pair")
	switch r.Rule {
	case pairing.PreferredHistory:
		words := fmt.Sprintf("%s met within the last %s", pairs, countOf(rules.Window, "round"))
		switch r.Window {
		case 0:
			return words + ", some of them in the very last one"
		case 1:
			return words + ", none of them in the last one"
		}
		return words + fmt.Sprintf(", none of them in the last %d", r.Window)
	case pairing.PreferredHours:
		return fmt.Sprintf("%s without %s of work at the same time", pairs, lengthOf(rules.MinOverlap))
	case pairing.PreferredDepartment:
		return pairs + " from one department"
	}
	return fmt.Sprintf("%s: %s", strings.ReplaceAll(string(r.Rule), "_", " "), pairs)
}

// lengthOf writes a length of time as people do.
func lengthOf(d time.Duration) string {
	hours, minutes := int(d/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case hours == 0:
		return fmt.Sprintf("%d min", minutes)
	case minutes == 0:
		return fmt.Sprintf("%d h", hours)
	}
	return fmt.Sprintf("%d h %d min", hours, minutes)
}

// shareOf writes a part of a whole in percent, rounded down so that it never says more than is so.
func shareOf(part, whole int64) string {
	if whole <= 0 || part >= whole {
		return "100 %"
	}
	return fmt.Sprintf("%.1f %%", min(99.9, float64(int64(float64(part)/float64(whole)*1000))/10))
}

// joined lists words as a sentence does.
func joined(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// wrapped breaks a text into lines of the page's width; the first starts with one indentation, all others with another.
func wrapped(text, first, then string) string {
	var lines strings.Builder
	lines.Grow(len(first) + len(text) + 1)
	lines.WriteString(first)
	width, fresh := utf8.RuneCountInString(first), true
	for word := range strings.FieldsSeq(text) {
		length := utf8.RuneCountInString(word)
		switch {
		case fresh:
		case width+1+length > pageWidth:
			lines.WriteString("\n" + then)
			width = utf8.RuneCountInString(then)
		default:
			lines.WriteByte(' ')
			width++
		}
		lines.WriteString(word)
		width, fresh = width+length, false
	}
	lines.WriteByte('\n')
	return lines.String()
}
