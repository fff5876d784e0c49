package slackfake

import (
	"regexp"
	"strings"
	"time"
)

// line is one message of the sample company's past. Mentions are written {@bob} and {#product}. A line whose author, or anyone it
// mentions, does not exist in a small company is left out, and so are the answers to it.
type line struct {
	place     string // a channel's name, or handles joined by + for a DM or group DM
	days      int    // working days ago, as the first person counts them
	clock     string // the author's local time
	author    string
	text      string
	reactions string // "tada:ana+bob wave:cy"
	answers   []line // in its thread; place is taken from here
}

// sampleTalk is what the company said lately. The app does not speak here: what it remembers and what is shown would differ.
var sampleTalk = []line{
	{
		place: "general", days: 4, clock: "09:05", author: "ana", reactions: "wave:bob+fay+kai+rosa tada:eli+oto",
		text: "Good morning! {@wren} joins the design team today, from Sydney. Say hello, and tell them where the good coffee is :coffee:",
		answers: []line{
			{days: 4, clock: "09:22", author: "oto", text: "Welcome, Wren! We've saved you the window seat. Virtually."},
			{days: 3, clock: "09:10", author: "wren", text: "Thank you all. I'm told the good coffee is in *Berlin*, which is a bit of a walk.", reactions: "joy:ana+oto"},
		},
	},
	{
		place: "general", days: 3, clock: "11:30", author: "yara", reactions: "white_check_mark:lea+ivo+bea",
		text: "Reminder: the Berlin office closes at 15:00 on Friday for the new lifts. Working from home is fine, and so is the park.",
	},
	{
		place: "general", days: 1, clock: "09:30", author: "tess", reactions: "eyes:bob+quin rocket:cy+zoe+amir",
		text: "The plan for next quarter is up. Three goals, one page:\n• Customers find what they pay for\n• Sign-up in under two minutes\n" +
			"• Fewer meetings nobody remembers\nComments until Thursday, please.",
		answers: []line{
			{days: 1, clock: "14:02", author: "bob", text: "Number 3 has my full support."},
		},
	},
	{
		place: "product", days: 4, clock: "10:15", author: "cy", reactions: "bulb:zoe+quin",
		text: "Eleven calls about sign-up later: people stop at the company address. Nobody knows why we ask.",
		answers: []line{
			{days: 3, clock: "14:05", author: "quin", text: "Numbers agree: 38 % leave on exactly that screen."},
			{days: 3, clock: "11:20", author: "bob", text: "We ask because of invoices. We could ask when there *is* an invoice."},
			{days: 3, clock: "10:50", author: "cy", text: "{@bob} that is the best kind of answer.", reactions: "heart:quin"},
		},
	},
	{
		place: "product", days: 2, clock: "14:00", author: "fay",
		text:      "Two drafts of the shorter sign-up: `A` keeps the progress bar, `B` has none. I like B. Change my mind?",
		reactions: "b:jun+cy+oto a:zoe",
	},
	{
		place: "product", days: 1, clock: "13:20", author: "jun",
		text: "Five people tried B this morning. All five finished, one of them _while holding a baby_.", reactions: "baby:fay clap:tess+cy+fay",
	},
	{
		place: "kudos", days: 4, clock: "16:45", author: "eli", reactions: "raised_hands:rosa+kai+ana",
		text: "{@ivo} found the reason for the Tuesday timeouts, wrote it down, _and_ walked the support team through it. Thank you.",
	},
	{
		place: "kudos", days: 2, clock: "12:10", author: "rosa",
		text:      "Thank you {@dee} for staying on the call with the Recife customer until they were sure. They wrote to me about it.",
		reactions: "heart:eli+sam",
	},
	{
		place: "coffee", days: 3, clock: "09:40", author: "nia",
		text:      "Does anybody outside of the People team want to trade 25 minutes? I'll bring questions that aren't about the weather.",
		reactions: "coffee:pia+gus raising_hand:hana",
		answers:   []line{{days: 3, clock: "11:15", author: "pia", text: "Me! Thursday?"}},
	},
	{
		place: "coffee", days: 1, clock: "15:30", author: "max",
		text:      "I've sat three desks away from {@dina} for a year and learned today that she restores clocks. We should do this on purpose.",
		reactions: "clock3:dina+sam+yara",
	},
	{
		place: "engineering", days: 2, clock: "10:05", author: "deploys",
		text: "web 4.18.0 is live · 12 changes · by {@gus} · no errors in the first ten minutes",
	},
	{
		place: "engineering", days: 1, clock: "10:30", author: "lea", reactions: "ship:bob+ivo+gus",
		text: "On-call swaps this week: {@uma} takes Thursday from {@ivo}. Thank you both.\n> If it wakes you twice, it is my problem: call me.",
	},
	{
		place: "design", days: 2, clock: "15:00", author: "dina", text: "Crit moves to 16:00 London so that Wren doesn't have to get up at two.",
		reactions: "pray:wren",
	},
	{
		place: "support", days: 1, clock: "09:20", author: "kai",
		text: "Customers ask for CSV export again (6 this week). I keep the list in the channel topic.", reactions: "memo:eli",
	},
	{place: "random", days: 2, clock: "12:30", author: "gus", text: "The office plant has a new leaf. That is all. :seedling:", reactions: "seedling:yara+nia+uma tada:max"},
	{
		place: "leads", days: 1, clock: "11:00", author: "ana",
		text: "People who start now meet their own team and nobody else for weeks. I'd like to try introductions across departments. Thoughts?",
		answers: []line{
			{days: 1, clock: "11:20", author: "lea", text: "Yes, if it is short, voluntary, and skips weeks when we're on fire."},
			{days: 1, clock: "11:45", author: "sam", text: "+1. My team has never spoken to half of engineering."},
		},
	},
	{place: "nordwind-launch", days: 2, clock: "10:00", author: "sofia", text: "Hello from Nordwind! We're ready for the test data whenever you are.", reactions: "wave:ana+dee"},
	{place: "nordwind-launch", days: 2, clock: "16:30", author: "dee", text: "You'll have it by Friday."},
	{place: "ana+bob", days: 1, clock: "09:50", author: "ana", text: "Did you ever meet Fay? You two would have a lot to say about forms."},
	{place: "ana+bob", days: 1, clock: "09:10", author: "bob", text: "Only in comments. Time zones, you know."},
	{place: "ana+fay+oto", days: 2, clock: "10:40", author: "fay", text: "Poster for the all-hands: blue or the other blue?"},
	{place: "ana+fay+oto", days: 2, clock: "10:44", author: "oto", text: "The _other_ blue."},
	{place: "bob+cy", days: 1, clock: "11:00", author: "cy", text: "Can you look at the address thing this week?"},
}

// talk writes the sample's past into the places. What would lie in the future is left out.
func (f *founding) talk() {
	for _, l := range sampleTalk {
		c := f.channelFor(l.place)
		if c == nil {
			continue
		}
		parent := f.say(c, l, "")
		if parent == nil {
			continue
		}
		for _, answer := range l.answers {
			f.say(c, answer, parent.TS)
		}
	}
}

// say writes one line; nil if it cannot be said.
func (f *founding) say(c *Channel, l line, thread string) *Message {
	author := f.byHandle(l.author)
	text, ok := f.encode(l.text)
	if author == nil || !ok {
		return nil
	}
	now := f.server.clock.Now()
	at := atClock(workdaysAgo(now, l.days, f.zone(f.people[0])), l.clock, f.zone(author))
	if !at.Before(now) {
		return nil
	}
	f.said++ // makes every ts unique
	return f.server.addMessage(c, &Message{
		TS: tsOf(at.UnixMicro() + f.said), ThreadTS: thread, User: author.ID, Text: text, Reactions: f.reactions(l.reactions),
	})
}

// channelFor finds a channel by its name, or opens the conversation of handles joined by +; nil if the company is too small for it.
func (f *founding) channelFor(place string) *Channel {
	if !strings.Contains(place, "+") {
		return f.places[place]
	}
	var ids []string
	for handle := range strings.SplitSeq(place, "+") {
		u := f.byHandle(handle)
		if u == nil {
			return nil
		}
		ids = append(ids, u.ID)
	}
	c, _ := f.server.world.dm(f.server.clock.Now().AddDate(0, -1, 0), ids...)
	return c
}

// zone is where u lives; Berlin, where the company is, for whoever has none set.
func (f *founding) zone(u *User) *time.Location {
	for _, name := range []string{u.TZ, berlin} {
		if name == "" {
			continue
		}
		if zone, err := time.LoadLocation(name); err == nil {
			return zone
		}
	}
	return time.UTC
}

// reactions reads "tada:ana+bob wave:cy"; people who do not exist set none.
func (f *founding) reactions(list string) []Reaction {
	var reactions []Reaction
	for item := range strings.FieldsSeq(list) {
		name, handles, _ := strings.Cut(item, ":")
		r := Reaction{Name: name}
		for handle := range strings.SplitSeq(handles, "+") {
			if u := f.byHandle(handle); u != nil {
				r.Users = append(r.Users, u.ID)
			}
		}
		if len(r.Users) > 0 {
			reactions = append(reactions, r)
		}
	}
	return reactions
}

// atClock is the civil day of day, which is the same for everybody in the sample, at "15:04" in zone.
func atClock(day time.Time, clock string, zone *time.Location) time.Time {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return day
	}
	return time.Date(day.Year(), day.Month(), day.Day(), t.Hour(), t.Minute(), 0, 0, zone)
}

var talkMark = regexp.MustCompile(`\{([@#])([a-z0-9.-]+)\}`)

// encode turns {@bob} and {#product} into Slack's mentions; ok is false if someone or something does not exist.
func (f *founding) encode(text string) (encoded string, ok bool) {
	ok = true
	encoded = talkMark.ReplaceAllStringFunc(text, func(mark string) string {
		name := mark[2 : len(mark)-1]
		if u := f.byHandle(name); mark[1] == '@' && u != nil {
			return "<@" + u.ID + ">"
		}
		if c := f.places[name]; mark[1] == '#' && c != nil {
			return "<#" + c.ID + "|" + c.Name + ">"
		}
		ok = false
		return mark
	})
	return encoded, ok
}
