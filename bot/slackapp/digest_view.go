package slackapp

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const (
	// digestTitle is how long the line above a value's kudos can be.
	digestTitle = 180
	// digestNamed is how many first-time givers are named.
	digestNamed = 8
)

// digestPost is one message of a channel's week of kudos.
func digestPost(r Reader, d bot.DigestPost) Message {
	m := digestBody(r, d)
	if d.Continued && d.Page == 0 {
		m.Blocks = append(m.Blocks, contextLine("More kudos of this week are in the thread."))
	}
	if d.Page == 0 {
		m.Blocks = append(m.Blocks, contextLine("Posted because this channel asked for it; `/kudos digest` shows the week and stops this. `/kudos @name for …` thanks somebody."))
	}
	return m
}

func digestBody(r Reader, d bot.DigestPost) Message {
	opening := "The week in kudos: " + digestSummary(r, d)
	blocks := []slack.Block{header("The week in kudos"), section(digestSummary(r, d))}
	if d.Page > 0 {
		opening = fmt.Sprintf("The week in kudos, part %d.", d.Page+1)
		blocks = []slack.Block{section("*The week in kudos, part " + r.Number(d.Page+1) + "*")}
	}
	lines := []string{opening}
	for _, s := range d.Sections {
		blocks = append(blocks, section(cutMrkdwn(valueTitle(s.Value), digestTitle)))
		for _, item := range s.Kudos {
			blocks = append(blocks, section(quote(d.Excerpt(item))+"\n"+digestSource(item, d.People)))
			lines = append(lines, names(d.People, []string{item.Kudos.Giver})+" thanks "+names(d.People, item.Recipients)+": "+d.Excerpt(item))
		}
	}
	return Message{Text: cutMrkdwn(strings.Join(lines, "\n"), maxMessageText), Blocks: append(blocks, digestEnd(r, d)...)}
}

func digestSummary(r Reader, d bot.DigestPost) string {
	text := r.Count(d.Givers, "person", "people") + " thanked " + r.Count(d.Recipients, "colleague", "colleagues")
	if d.Departments > 1 {
		text += " across " + r.Number(d.Departments) + " departments"
	}
	return text + "."
}

func valueTitle(v bot.Value) string {
	if v.Name == "" {
		return "*For the work itself*"
	}
	title := strings.TrimSpace(v.Emoji + " *" + bot.SafeName(v.Name) + "*")
	if v.Sentence == "" {
		return title
	}
	return title + " · " + safeText(bot.EscapeText(v.Sentence))
}

// digestSource says to whom and by whom a kudos is. Names are shown without notifying anybody again.
func digestSource(item bot.DigestItem, people map[string]bot.Member) string {
	text := names(people, item.Recipients) + ", from " + names(people, []string{item.Kudos.Giver})
	if item.Link != "" {
		text += " · " + Link(item.Link, "see it")
	}
	return text
}

// digestEnd is what stands below the kudos.
func digestEnd(r Reader, d bot.DigestPost) []slack.Block {
	var blocks []slack.Block
	if d.More > 0 {
		blocks = append(blocks, contextLine("And "+r.Count(d.More, "more kudos", "more kudos")+" in this channel this week."))
	}
	if len(d.FirstTimers) > 0 {
		list := make([]string, len(d.FirstTimers))
		for i, id := range d.FirstTimers {
			list[i] = names(d.People, []string{id})
		}
		blocks = append(blocks, contextLine(":seedling: "+r.ListShort(list, digestNamed)+" gave kudos for the first time."))
	}
	if d.Prompt != "" {
		blocks = append(blocks, divider(), contextLine(safeText(bot.EscapeText(d.Prompt))))
	}
	return blocks
}

// digestPreview is the digest as it would be now, for the one who asks.
func digestPreview(r Reader, p bot.DigestPreview) Message {
	note, state := digestState(r, p)
	if len(p.Post.Sections) == 0 {
		text := "No kudos in this channel since " + r.Date(p.Post.From) + ". A week without any stays silent: nothing is posted."
		return Message{Text: text, Blocks: []slack.Block{
			section(text), contextLine(note), actions(append([]slack.BlockElement{primary(button("kudos.open", "", "Give kudos"))}, state...)...),
		}}
	}
	m := digestBody(r, p.Post)
	if p.Post.Continued {
		note = "There is more than fits here; what is posted goes on in its thread. " + note
	}
	intro := "This is what the digest of this channel would say now, since " + r.Date(p.Post.From) + ". Only you see this."
	m.Text = cutMrkdwn(intro+"\n"+m.Text, maxMessageText)
	m.Blocks = append(append([]slack.Block{contextLine(intro)}, m.Blocks...), contextLine(note))
	if len(state) > 0 {
		m.Blocks = append(m.Blocks, actions(state...))
	}
	return m
}

// digestState says whether the digest is on, with the button that changes it for whoever may.
func digestState(r Reader, p bot.DigestPreview) (note string, state []slack.BlockElement) {
	note = "Nobody has asked for it here yet. One person of this channel can switch it on for everybody, and any colleague here off again."
	toggle := button("digest.on", "", "Post this here every "+r.Weekday(bot.DigestWeekday))
	if p.On {
		note = "It is posted here every " + r.Weekday(p.Digest.Weekday) + " at " + r.Minute(p.Digest.Minute) + " (" + p.Digest.Zone + ")."
		toggle = button("digest.off", "", "Stop the weekly digest here")
	}
	if !p.May {
		return note, nil
	}
	return note, []slack.BlockElement{toggle}
}

func digestSet(r Reader, d bot.Digest, now time.Time) Message {
	text := "The weekly digest is off in this channel."
	if !d.Off {
		next := nextDigest(d, now)
		text = "The week's kudos are posted here every " + r.Weekday(d.Weekday) + " at " + r.Minute(d.Minute) + " (" + d.Zone + "), next on " +
			Reader{Zone: next.Location()}.Date(next) + ". A week without kudos stays silent. `/kudos digest` shows it at any time, and stops it."
	}
	return Message{Text: text, Blocks: []slack.Block{section(text), contextLine("Set by " + Mention(d.By) + ".")}}
}

// names lists members by name, which notifies nobody.
func names(people map[string]bot.Member, ids []string) string {
	list := make([]string, len(ids))
	for i, id := range ids {
		m := people[id]
		m.ID = id
		list[i] = Name(m)
	}
	return List(list...)
}
