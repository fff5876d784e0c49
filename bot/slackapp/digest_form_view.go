package slackapp

import (
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const digestFormTitle = "The weekly digest"

// digestForm is the form of what a channel can set. Who opens it while the digest is off probably wants it on.
func digestForm(d bot.Digest) Modal {
	var quiet []string
	if d.QuietWork {
		quiet = []string{"ask"}
	}
	about := "The week's kudos in " + ChannelMention(d.Channel) + ", posted there for everybody. A week without kudos stays silent."
	if d.By != "" {
		about += " Set last by " + Mention(d.By) + "."
	}
	return Modal{
		CallbackID: "digest.save", Title: digestFormTitle, Submit: "Save", Close: "Cancel", PrivateMetadata: digestMetadata(d),
		Blocks: []slack.Block{
			contextLine(about),
			Input{Block: digestOn, Label: "In this channel"}.radio("on", option("on", "Post it every week"), option("off", "Do not post it")),
			Input{Block: digestWeekday, Label: "On which day?"}.choice(strconv.Itoa(int(d.Weekday)), "", weekdayOptions()...),
			Input{Block: digestTime, Label: "At what time?"}.clock(d.Minute),
			Input{Block: digestZone, Label: "In which time zone?"}.choice(d.Zone, "", zoneOptions(d.Zone)...),
			Input{
				Block: digestQuiet, Label: "The day before", Optional: true, Hint: "One question in the channel, at most once a week, at 10:00 on the working day before.",
			}.checkboxes(quiet, option("ask", "Ask whose work went unseen this week")),
		},
	}
}

// digestSet says what a channel's digest is set to now, to who set it.
func digestSet(r Reader, d bot.Digest, now time.Time) Message {
	if d.Off {
		text := "The weekly digest is off in this channel."
		return Message{Text: text, Blocks: []slack.Block{section(text), setBy(d), actions(button("digest.on", "", "Switch the digest on again"))}}
	}
	next := nextDigest(d, now)
	text := "The week's kudos are posted here " + digestWhen(r, d) + ", next on " + Reader{Zone: next.Location()}.Date(next) + "."
	if d.QuietWork {
		text += " On the working day before, I ask here whose work went unseen."
	}
	text += " A week without kudos stays silent. `/kudos digest` shows it at any time, and stops it."
	return Message{Text: text, Blocks: []slack.Block{section(text), setBy(d), actions(button("digest.settings", "", "Change day and time"))}}
}

// setBy says who decided for the channel, in a message that they or somebody else alone see.
func setBy(d bot.Digest) slack.Block { return contextLine("Set by " + Mention(d.By) + ".") }

// digestWhen says when a digest comes: "every Friday at 15:00 (Europe/Berlin)".
func digestWhen(r Reader, d bot.Digest) string {
	return "every " + r.Weekday(d.Weekday) + " at " + r.Minute(d.Minute) + " (" + strings.ReplaceAll(d.Zone, "_", " ") + ")"
}

// quietQuestion asks a channel whose work went unseen.
func quietQuestion(r Reader, q bot.QuietWork) Message {
	text := orElse(safeText(bot.EscapeText(q.Prompt)), "Whose work this week went unseen?")
	comes := r.Weekday(q.Comes.Weekday())
	return Message{
		Text: text + " The week's kudos are posted here on " + comes + ".",
		Blocks: []slack.Block{
			section(":mag: *Whose work went unseen?*\n" + text),
			actions(primary(button("kudos.open", "", "Give kudos")), button("digest.quiet_off", "", "Stop asking here")),
			contextLine("The week's kudos are posted here on " + comes + ". I ask because this channel wanted to be asked before; anybody here can stop that."),
		},
	}
}

func quietStopped() Message {
	m := sentence("I no longer ask that here. The digest itself stays as it is; to be asked again, tick it in its settings.")
	m.Blocks = append(m.Blocks, actions(button("digest.settings", "", "Change the digest's settings")))
	return m
}
