package slackapp

import (
	"strings"
	"time"

	"golang.org/x/text/language"
	xmessage "golang.org/x/text/message"

	"rapport/bot"
)

// Reader is who reads: words, dates and numbers are written for them. The zero value reads English in UTC.
type Reader struct {
	Locale string         // BCP 47 as Slack gives it, such as en-US; empty is English
	Zone   *time.Location // nil is UTC
}

// NewReader is the reader of a member with their preferences. fallback is the zone of who has none, an IANA name.
func NewReader(m bot.Member, p bot.Preferences, fallback string) Reader {
	return Reader{Locale: m.Locale, Zone: firstZone(p.Zone, m.Zone, fallback)}
}

// firstZone returns the first of the names that is a time zone, or UTC.
func firstZone(names ...string) *time.Location {
	for _, name := range names {
		if name == "" || name == "Local" {
			continue
		}
		if zone, err := time.LoadLocation(name); err == nil {
			return zone
		}
	}
	return time.UTC
}

func (r Reader) zone() *time.Location {
	if r.Zone == nil {
		return time.UTC
	}
	return r.Zone
}

// american reports whether the reader writes the month before the day and twelve hours to the half day.
func (r Reader) american() bool { return r.Locale == "en-US" }

// Number writes a whole number with the reader's separators: 12,500.
func (r Reader) Number(n int) string {
	tag, err := language.Parse(r.Locale)
	if err != nil {
		tag = language.English
	}
	return xmessage.NewPrinter(tag).Sprintf("%d", n)
}

// Count writes a number and its noun: "1 person", "2 people".
func (r Reader) Count(n int, one, many string) string {
	return r.Number(n) + " " + Plural(n, one, many)
}

// Plural chooses the form of a word.
func Plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// List joins what is said in one breath: "A", "A and B", "A, B and C".
func List(items ...string) string { return enumerate(" and ", items) }

// ListOr is List for alternatives: "A, B or C".
func ListOr(items ...string) string { return enumerate(" or ", items) }

// ListShort names the first few and counts the others: "A, B and 3 others".
func (r Reader) ListShort(items []string, most int) string {
	if len(items) <= most {
		return List(items...)
	}
	rest := len(items) - most
	named := append(append([]string{}, items[:most]...), r.Count(rest, "other", "others"))
	return List(named...)
}

func enumerate(last string, items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:len(items)-1], ", ") + last + items[len(items)-1]
}

// Mention names a member so that Slack shows, and notifies, them.
func Mention(member string) string { return "<@" + member + ">" }

// ChannelMention names a channel; Slack shows its name to who may see it.
func ChannelMention(channel string) string { return "<#" + channel + ">" }

// Link is a link with words; address must be ours or Slack's, words must be safe mrkdwn.
func Link(address, words string) string { return "<" + address + "|" + words + ">" }

// Name is a member's name for a line of mrkdwn, which notifies nobody.
func Name(m bot.Member) string {
	if m.Name == "" {
		return bot.SafeName(m.ID)
	}
	return bot.SafeName(m.Name)
}
