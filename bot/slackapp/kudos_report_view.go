package slackapp

import (
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const reportTitle = "Report this kudos"

// reportForm says what a report does before it is made.
func reportForm(w bot.ReportWish, channel string) Modal {
	k := w.Kudos
	blocks := append([]slack.Block{section(Mention(k.Giver) + " thanked " + thankedThere(k, w.Quiet) + ":")}, reportedWords(k, w.People, 0)...)
	who := "Rapport's admin " + mentionList(w.Admins) + " reads it"
	if len(w.Admins) > 1 {
		who = "Rapport's admins, " + mentionList(w.Admins) + ", read it"
	}
	says := "*" + who + ":* this kudos, your name, and what you write below. Nobody else does, and " + Mention(k.Giver) + " is not told who reported it. They can take it down or leave it; you hear when somebody has looked."
	if k.Private || k.Closed || !k.Posted {
		says += "\n*Not everybody can read this kudos.* By reporting it you show its words to them; if they take it down, " + Mention(k.Giver) + " may guess that it was you."
	}
	return Modal{
		CallbackID: "kudos.report", Title: reportTitle, Submit: "Report this kudos", Close: "Cancel", PrivateMetadata: strings.TrimSpace(k.ID + " " + channel),
		Blocks: append(blocks, section(says),
			Input{Block: reportWords, Label: "What is wrong with it?", Hint: "As much or as little as you like. It is kept for 90 days.", Optional: true}.
				text("", "", bot.ReportWords, true)),
	}
}

// thankedThere is whom a kudos names where it stands.
func thankedThere(k bot.Kudos, quiet []string) string {
	return orElse(thanked(k, withoutMembers(k.Recipients, quiet)), "somebody")
}

// reportedWords are what a kudos says, or what stands for that.
func reportedWords(k bot.Kudos, people map[string]bot.Member, most int) []slack.Block {
	if special := wordlessKudos(k); special != "" {
		return []slack.Block{section(special)}
	}
	return spoken(k.Message, people, most)
}

// reportMade thanks for a report, in place of its form.
func reportMade(rep bot.Report) Modal {
	return Modal{CallbackID: "kudos.reported", Title: reportTitle, Close: "Close", Blocks: []slack.Block{
		section("Thank you. " + mentionList(rep.Admins) + " " + Plural(len(rep.Admins), "was", "were") + " asked to look at it, in working hours. You hear from me once somebody has."),
	}}
}

// reportedKudos asks an admin to look at a kudos, or says what became of it. Its text, which a lock screen shows, names the kind alone.
func reportedKudos(c bot.ReportedKudos) Message {
	return fitted(func(most int) Message { return reportedIn(c, most) })
}

// reportedIn is the same; most bounds each of its texts.
func reportedIn(c bot.ReportedKudos, most int) Message {
	k, rep := c.Kudos, c.Report
	title := ":mag: *" + Mention(rep.By) + " reported a kudos*"
	if !k.Undone.IsZero() {
		text := title + "\n" + reportGone(c)
		return Message{Text: "A kudos that was reported is gone.", Blocks: []slack.Block{section(text)}}
	}
	blocks := append([]slack.Block{section(title + "\n" + Mention(k.Giver) + " thanked " + thankedThere(k, c.Quiet) + reportPlace(k) + ":")}, reportedWords(k, c.People, most)...)
	switch {
	case rep.Unreadable != "":
		blocks = append(blocks, section("What "+Mention(rep.By)+" wrote about it cannot be read right now: the key that it was sealed with is missing."))
	case rep.Words != "":
		blocks = append(append(blocks, section("*What "+Mention(rep.By)+" says about it:*")), spoken(rep.Words, c.People, most)...)
	}
	down := danger(confirmed(button("report.down", k.ID, "Take this kudos down"), "Take it down?",
		"Its text is gone then, in the channel and in everybody's messages. Its giver is told that an admin did it.", "Take it down", "Leave it there"))
	if !rep.Looked.IsZero() {
		blocks = append(blocks, section("*"+Mention(rep.LookedBy)+" looked at it and left it there.*"), actions(down))
	} else {
		blocks = append(blocks, actions(down, button("report.leave", k.ID, "Leave it there")))
	}
	if k.Edited.After(rep.At) {
		blocks = append(blocks, contextLine("Its giver changed the words after it was reported."))
	}
	small := "You get this because you look after Rapport here; `/rapport admins` shows who does. Whoever reported it hears only that somebody looked. " + reportReach(k)
	return Message{Text: "Somebody reported a kudos and asks you to look at it.", Blocks: append(blocks, contextLine(strings.TrimSpace(small)))}
}

func reportGone(c bot.ReportedKudos) string {
	if !c.Report.Down {
		return Mention(c.Kudos.Giver) + " took it back meanwhile. There is nothing left to do."
	}
	return "It was taken down. Its text is gone, and " + Mention(c.Kudos.Giver) + " was told. There is nothing left to do."
}

// reportPlace says where a kudos is posted.
func reportPlace(k bot.Kudos) string {
	if !k.Posted || k.Private {
		return ""
	}
	return " in " + ChannelMention(k.Channel)
}

// reportReach reminds an admin of whom the words are for.
func reportReach(k bot.Kudos) string {
	switch {
	case k.Private || !k.Posted:
		return "This kudos is between its people; it was shown to you so that you can look at it."
	case k.Closed:
		return "This kudos was given in a private channel; it was shown to you so that you can look at it."
	}
	return ""
}

// reportAnswer tells somebody that what they reported was looked at, and no more.
func reportAnswer() Message {
	return sentence("Thank you for reporting a kudos: somebody has looked at it now. You get this once, because you reported it.")
}

// kudosTaken tells a giver that their kudos was taken down.
func kudosTaken(c bot.KudosTaken) Message {
	text := "An admin took down your kudos to " + thanked(c.Kudos, c.Kudos.Recipients) + ". Its text is gone, and the day's count has room for another one."
	return Message{Text: "An admin took down a kudos of yours.", Blocks: []slack.Block{
		section(text), contextLine("You get this once, because you gave it. If you think that this was a mistake, ask one of Rapport's admins: `/rapport admins` is theirs."),
	}}
}

// undoneBy says what became of a kudos to who undid it. An admin is not told whom it thanked: not all of them may be named where it stood.
func undoneBy(actor string, k bot.ChangedKudos) Message {
	switch {
	case actor == k.Giver:
		return kudosUndone(k)
	case k.Stray:
		return sentence("Taken down. " + strayPost(k.Kudos))
	}
	return sentence("Taken down. Its giver is told that an admin did it.")
}

// sayFaults are the words for what can be wrong with a report, or with showing a name again.
func sayFaults(r Reader, f *bot.Fault) string {
	switch f.Code {
	case bot.ReportOwn:
		return "You gave this kudos yourself: `/kudos mine` lets you change it or take it back."
	case bot.ReportAgain:
		return "You reported this kudos already. You hear from me once, when somebody has looked at it."
	case bot.ReportLimit:
		return "You have reported " + r.Number(f.Limit) + " kudos today, which is the most for one day. If something is urgent, talk to an admin of your workspace."
	case bot.ReportLong:
		return "At most " + r.Number(f.Limit) + " characters; nothing was sent."
	case bot.ReportNobody:
		return "Nobody looks after Rapport here who could read a report about this. Please talk to an admin of your workspace; nothing was sent."
	case bot.KudosShowLate:
		return "The channel's message went when you hid your name, and it is too late to post it again. The kudos is still yours, here and in `/kudos mine`."
	}
	return ""
}
