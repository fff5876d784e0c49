package slackapp

import (
	"fmt"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// Nothing here promises a message of one's own: people choose how they hear of thanks, and may not hear of them at all.

// kudosAlone says how a kudos reaches its people.
const kudosAlone = "reaches them alone, in working hours, the way they chose."

// kudosPlaces say where a kudos goes; %s is the channel.
var kudosPlaces = map[bot.KudosPlace]string{
	bot.PlaceChannel: "It is posted in %s, and reaches them in working hours, the way they chose.",
	bot.PlacePrivate: "Just between you: it " + kudosAlone,
	bot.PlaceNowhere: "It is in no channel: it " + kudosAlone,
	bot.PlaceOutside: "I cannot post in that conversation, so it " + kudosAlone,
	bot.PlaceShared:  "Other companies read that channel, so it " + kudosAlone,
	bot.PlaceWider:   "More people could read it there by now than the form said, so it " + kudosAlone,
	bot.PlaceQuiet:   "They prefer to be thanked privately, so it " + kudosAlone,
}

// placeWords say where a kudos goes and why.
func placeWords(given bot.GivenKudos) string {
	switch {
	case given.Kudos.Team != "":
		return "It is posted in " + ChannelMention(given.Kudos.Channel) + ". Nobody gets a message of their own."
	case given.Place == bot.PlaceChannel:
		return fmt.Sprintf(kudosPlaces[given.Place], ChannelMention(given.Kudos.Channel))
	}
	return kudosPlaces[given.Place]
}

// audience says, in the form, where the kudos will go if it is sent as it stands there.
func (d kudosDraft) audience() string {
	switch place := d.Stage.Place; {
	case d.team() && d.Input.Private:
		return "A whole team is thanked in a channel. For a thank-you just between you, pick people."
	case d.team():
		return d.teamAudience()
	case d.Input.Private:
		return kudosPlaces[bot.PlacePrivate]
	case d.standsHere():
		return fmt.Sprintf(kudosPlaces[bot.PlaceChannel], ChannelMention(d.Channel))
	case d.offersElsewhere() && d.PostIn:
		return fmt.Sprintf(kudosPlaces[bot.PlaceChannel], ChannelMention(d.Stage.Elsewhere.ID))
	case kudosPlaces[place] != "":
		return kudosPlaces[place]
	}
	return "It is posted where you are if I can post there, and reaches them in working hours, the way they chose."
}

// teamAudience says where a team is thanked.
func (d kudosDraft) teamAudience() string {
	if at := d.teamPlace(); at != "" {
		return "It is posted in " + ChannelMention(at) + "."
	}
	if d.Stage.Place == "" {
		return "It is posted where you are if I can post there."
	}
	return "I cannot post where this was opened, and a whole team is thanked in a channel. Open it in a channel that I am in, or pick people; your text stays here."
}

// teamPlace is the channel in which a team is thanked; empty for none.
func (d kudosDraft) teamPlace() string {
	if d.standsHere() {
		return d.Channel
	}
	return d.Stage.Elsewhere.ID
}

// teamNotice says that a group is thanked as one.
func (d kudosDraft) teamNotice() string {
	text := "One thank-you to the whole team; nobody gets a message of their own."
	if d.Team.People > 0 {
		text = "That is " + Reader{}.Count(d.Team.People, "person", "people") + ". " + text
	}
	return text
}

// offersElsewhere reports whether the form asks whether to post it in the workspace's channel for kudos.
func (d kudosDraft) offersElsewhere() bool {
	place := d.Stage.Place
	return d.Stage.Elsewhere.ID != "" && (place == bot.PlaceNowhere || place == bot.PlaceOutside) && !d.team()
}

// placeName is a channel in plain text.
func praiseName(c bot.Channel) string {
	if c.Name == "" {
		return "the channel for kudos"
	}
	return "#" + plainWords(c.Name)
}

// kudosOffer asks, below what was given to its people alone, whether it is to be posted, too, and says how.
func kudosOffer(given bot.GivenKudos) []slack.Block {
	shown := withoutMembers(given.Kudos.Recipients, given.Quiet)
	words := []slack.Block{
		divider(),
		section("Should others read it, too? In " + ChannelMention(given.Offer.ID) + " it would stand with these words, for everybody who works here:\n" +
			":sparkles: *" + Mention(given.Kudos.Giver) + " thanks " + thanked(given.Kudos, shown) + "*"),
	}
	if lines := quietLines(given.Quiet); len(lines) > 0 {
		words = append(words, contextLine(lines...))
	}
	return append(words, actions(button("kudos.post_in", given.Kudos.ID+" "+given.Offer.ID, "Post it in "+praiseName(given.Offer)+", too")))
}

// kudosPostedIn says that a kudos stands in the workspace's channel for kudos.
func kudosPostedIn(given bot.GivenKudos) Message {
	k := given.Kudos
	text := "Your kudos to " + thanked(k, k.Recipients) + " is posted in " + ChannelMention(k.Channel) + ", too."
	if given.Repeated {
		text = "Your kudos to " + thanked(k, k.Recipients) + " is in " + ChannelMention(k.Channel) + " already."
	}
	blocks := []slack.Block{section(":tada: " + text)}
	if lines := quietLines(given.Quiet); len(lines) > 0 {
		blocks = append(blocks, contextLine(lines...))
	}
	return Message{Text: text, Blocks: append(blocks, actions(button("kudos.edit", k.ID, "Edit this kudos"), button("kudos.undo", k.ID, "Undo this kudos")))}
}
