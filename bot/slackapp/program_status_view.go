package slackapp

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// coffeeStatus is what an editor sees: sums of five people or more, and nobody.
func coffeeStatus(r Reader, o bot.Overview, now time.Time) Message {
	p := o.Program
	when := cadence(r, p) + ", next on " + nextOn(r, p, o.Next, now) + "."
	change := button("coffee.halt", p.ID, "Pause "+programLabel(p)+" for everybody")
	if p.Paused {
		when = "Paused for everybody. " + cadence(r, p) + " when it goes on."
		change = button("coffee.go", p.ID, "Let "+programLabel(p)+" go on")
	}
	figures := []string{"*People who are in*\n" + orTooFew(r, o.In, o.InKnown)}
	if o.Resting > 0 {
		figures = append(figures, "*Wait to be asked in again*\n"+r.Number(o.Resting))
	}
	if !o.Started.IsZero() {
		met, across := "too few to show", "too few to show"
		if o.MetKnown && o.GroupsKnown {
			met = r.Number(o.Met) + " of " + r.Count(o.Groups, "group", "groups")
		}
		if o.GroupsKnown {
			across = r.Number(o.Across) + " of " + r.Count(o.Groups, "group", "groups")
		}
		figures = append(figures, "*Matched in the round of "+onDate(r, o.Started.In(o.Next.Location()), now)+"*\n"+orTooFew(r, o.Matched, o.GroupsKnown),
			"*Say that they met*\n"+met, "*Across departments*\n"+across)
	}
	blocks := []slack.Block{
		section("*" + programName(p) + "* in " + ChannelMention(p.Channel) + purposeLine(p) + "\n" + when + "\n" + meetingWords(p)),
		fields(figures...),
	}
	progress := ""
	if o.GroupsKnown {
		progress = progressWords(r, o.Progress)
	}
	if progress != "" {
		blocks = append(blocks, section(progress))
		when += " " + progress
	}
	if past := pastWords(r, o, now); past != "" {
		blocks = append(blocks, section(past))
	}
	row := []slack.BlockElement{
		button("coffee.edit", p.ID, "Change "+programLabel(p)), button("coffee.more", p.ID, "More settings of "+programLabel(p)), button("coffee.try", p.ID, "Try the next round of "+programLabel(p)),
	}
	if o.MayHandOver {
		row = append(row, button("coffee.hand", p.ID, "Hand "+programLabel(p)+" over"))
	}
	blocks = append(blocks, lookedAfter(p), actions(append(row, change)...),
		contextLine("Figures about fewer than five people are not shown. Who skips, pauses or does not answer is shown to nobody."))
	return Message{Text: "How " + programName(p) + " goes. " + when, Blocks: blocks}
}

func orTooFew(r Reader, n int, known bool) string {
	if !known {
		return "too few to show"
	}
	return r.Number(n)
}

// pastWords says of each of the latest rounds how many groups met, where enough people said so.
func pastWords(r Reader, o bot.Overview, now time.Time) string {
	var lines []string
	for _, past := range o.Past {
		line := onDate(r, past.At.In(o.Next.Location()), now) + ": "
		if !past.Known {
			lines = append(lines, line+"too few to show")
			continue
		}
		lines = append(lines, line+r.Number(past.Met)+" of "+r.Count(past.Groups, "group", "groups")+" met, "+r.Number(past.Across)+" across departments"+worthWords(r, past.Worth))
	}
	if len(lines) == 0 {
		return ""
	}
	return "*The latest rounds*\n" + strings.Join(lines, "\n")
}

// lookedAfter says in whose hands a program is.
func lookedAfter(p bot.Program) slack.Block {
	text := "Looked after by " + Mention(p.Owner)
	if len(p.Editors) > 0 {
		text += "; " + mentions(p.Editors) + " may change it, too"
	}
	return contextLine(text + ".")
}
