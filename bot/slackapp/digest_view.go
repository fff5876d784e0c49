package slackapp

import (
	"slices"
	"strings"
	"unicode/utf8"

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
	if d.Page > 0 {
		return m
	}
	why := "Posted because this channel asked for it; `/kudos digest` shows the week, and changes or stops this. `/kudos @name for …` thanks somebody."
	if d.Continued {
		why = "More kudos of this week are in the thread. " + why
	}
	m.Blocks = append(m.Blocks, contextLine(why))
	return m
}

func digestBody(r Reader, d bot.DigestPost) Message {
	opening := "The week in kudos: " + digestSummary(r, d)
	blocks := []slack.Block{header("The week in kudos"), section(digestSummary(r, d))}
	if d.Page > 0 {
		part := "The week in kudos, part " + r.Number(d.Page+1)
		if d.Pages > 0 {
			part += " of " + r.Number(d.Pages)
		}
		opening = part + "."
		blocks = []slack.Block{section("*" + part + "*")}
	}
	lines := []string{opening}
	for _, s := range d.Sections {
		blocks = append(blocks, digestSection(d, s)...)
		lines = append(lines, digestLines(d, s)...)
	}
	return Message{Text: fittingLines(lines, maxMessageText), Blocks: append(blocks, digestEnd(r, d)...)}
}

// fittingLines joins as many whole lines as fit.
func fittingLines(lines []string, limit int) string {
	text := cutMrkdwn(lines[0], limit)
	for _, line := range lines[1:] {
		if utf8.RuneCountInString(text)+utf8.RuneCountInString(line)+2 > limit {
			return text + "…"
		}
		text += "\n" + line
	}
	return text
}

// digestSection is the kudos of one value: words and where they come from in a paragraph each, reactions in few.
func digestSection(d bot.DigestPost, s bot.DigestSection) []slack.Block {
	if s.Reactions {
		blocks := []slack.Block{section("*Without words*")}
		for some := range slices.Chunk(digestLines(d, s), bot.DigestReactions) {
			blocks = append(blocks, section(strings.Join(some, "\n")))
		}
		return blocks
	}
	blocks := []slack.Block{section(cutMrkdwn(valueTitle(s.Value), digestTitle))}
	for _, item := range s.Kudos {
		blocks = append(blocks, section(quote(d.Excerpt(item))+"\n"+digestSource(item, d.People)))
	}
	return blocks
}

// digestLines are the kudos of one value in a line each, for who reads without blocks; of reactions that is all there is to say.
func digestLines(d bot.DigestPost, s bot.DigestSection) []string {
	lines := make([]string, len(s.Kudos))
	for i, item := range s.Kudos {
		if s.Reactions {
			lines[i] = digestReaction(item, d.People)
			continue
		}
		lines[i] = someNames(d.People, item.Givers()) + " thanks " + digestThanked(item, d.People) + ": " + bot.IsolateText(d.Excerpt(item))
	}
	return lines
}

// digestReaction says who put an emoji on whose message.
func digestReaction(item bot.DigestItem, people map[string]bot.Member) string {
	text := someNames(people, item.Givers()) + " put :" + bot.EscapeText(item.Kudos.Reaction) + ": on " + someNames(people, item.Recipients) + "'s message"
	if item.Link != "" {
		text += " · " + Link(item.Link, "see it")
	}
	return text
}

// digestThanked is who is thanked: people, or a team as one.
func digestThanked(item bot.DigestItem, people map[string]bot.Member) string {
	switch k := item.Kudos; {
	case k.Team != "" && k.TeamName != "":
		return bot.SafeName(k.TeamName)
	case k.Team != "":
		return "a team"
	}
	return someNames(people, item.Recipients)
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
	text := digestThanked(item, people) + ", from " + someNames(people, item.Givers())
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

// digestState says whether the digest is on, with the buttons that change it for whoever may.
func digestState(r Reader, p bot.DigestPreview) (note string, state []slack.BlockElement) {
	weekday := bot.DigestWeekday
	if p.Digest.Channel != "" {
		weekday = p.Digest.Weekday
	}
	note = "Nobody has asked for it here yet. Any colleague here can switch it on for everybody, and off again."
	if p.Digest.Off {
		note = "It is off here. Any colleague here can switch it on for everybody, and off again."
	}
	state = []slack.BlockElement{
		button("digest.on", "", "Post this here every "+r.Weekday(weekday)), button("digest.settings", "", "Choose day and time"),
	}
	if p.On {
		note = "It is posted here " + digestWhen(r, p.Digest) + ", as " + Mention(p.Digest.By) + " set it."
		state = []slack.BlockElement{
			button("digest.settings", "", "Change day and time"), button("digest.off", "", "Stop the weekly digest here"),
		}
	}
	if !p.May {
		return note, nil
	}
	return note, state
}

// someNames are members by name, the others counted where they are many.
func someNames(people map[string]bot.Member, ids []string) string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = names(people, []string{id})
	}
	return Reader{}.ListShort(list, bot.DigestNamed)
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
