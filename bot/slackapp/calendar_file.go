package slackapp

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"rapport/bot"
)

// calendarEntry is a calendar file (RFC 5545) with one entry: a chat of the introduction's group that begins at t. now is when the file is written. The same group and
// time have the same UID, so that a calendar that gets the file twice keeps one entry. Nobody is invited by it: addresses are not known.
func calendarEntry(i bot.Introduction, t, now time.Time) ([]byte, error) {
	c := ics.NewCalendar()
	c.SetProductId("-//Rapport//Rapport//EN")
	c.SetMethod(ics.MethodPublish)
	e := c.AddEvent(calendarUID(i, t))
	e.SetDtStampTime(now)
	e.SetStartAt(t)
	e.SetEndAt(t.Add(bot.ChatLength))
	e.SetSummary(calendarText(calendarTitle(i)))
	e.SetDescription(calendarText(calendarDescription(i)))
	var b strings.Builder
	// The library ends lines as the operating system does unless it is told; the format wants CRLF everywhere.
	if err := c.SerializeTo(&b, ics.WithNewLine("\r\n")); err != nil {
		return nil, fmt.Errorf("write calendar entry of group %q: %w", i.Group.Key, err)
	}
	return []byte(b.String()), nil
}

func calendarUID(i bot.Introduction, t time.Time) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %s %d", i.Team, i.Round.ID, i.Group.Key, t.Unix()))
	return hex.EncodeToString(sum[:16]) + "@rapport"
}

// calendarDescription is plain text, a line for each thing to remember.
func calendarDescription(i bot.Introduction) string {
	lines := []string{calendarNote}
	if i.Question != "" {
		lines = append(lines, "A question to begin with: "+i.Question)
	}
	return strings.Join(lines, "\n")
}

// calendarText is text without what a calendar's line cannot hold: the library escapes line feeds, but no other control character.
func calendarText(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, text)
}

func calendarFileName(t time.Time) string {
	return "coffee-" + t.UTC().Format("2006-01-02-1504") + "Z.ics"
}
