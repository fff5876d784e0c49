package slackapp

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const (
	moreTitle = "What next?"
	giveTitle = "Give it to somebody"
)

// followupMore is everything that can be done with one open item, each with a word on what comes of it.
func followupMore(r Reader, c bot.Commitment, now time.Time) Modal {
	id := fmt.Sprint(c.ID)
	blocks := []slack.Block{section(commitmentLine(c, commitmentAlone) + "\n" + stateWords(r, c, now)), divider()}
	add := func(words string, press slack.BlockElement) { blocks = append(blocks, sectionWith(words, press)) }
	add("When will you do it? A day, or “after the stand-up”. Nobody but you sees it.", button("followup.replan", id, "Plan #"+id))
	add("Another day. The old one stays in its history.", button("followup.pick", id, "Move #"+id))
	if len(c.Parts) > 1 {
		add("It names several days. Each can be a promise of its own.", button("followup.split", id, splitLabel(c)))
	}
	if !c.AskedFor() {
		add("Its words, its people, how often it comes.", button("followup.edit", id, "Edit #"+id))
	}
	if words, press := sharing(c); press != nil {
		add(words, press)
	}
	for _, tell := range tellButtons(c, false) {
		words := "A word about it, drafted for you to change. Nothing goes out before you send it."
		if len(colleagues(c)) == 0 {
			words = "A word about it, for you to copy. People outside are never messaged."
		}
		add(words, tell)
	}
	add("Somebody else could do it. They are asked, and it stays yours until they say yes.", button("followup.give", id, "Give #"+id))
	return Modal{CallbackID: "rapport.notice", Title: moreTitle, Close: "Close", Blocks: blocks}
}

// sharing is who sees an item, and the button that changes it; nil where it is to nobody inside the company.
func sharing(c bot.Commitment) (string, slack.BlockElement) {
	switch {
	case len(c.Sharable()) == 0:
		return "", nil
	case c.Shared:
		return mentionList(c.Sharable()) + " can see it on their Home.", button("followup.unshare", fmt.Sprint(c.ID), fmt.Sprintf("Stop showing #%d", c.ID))
	}
	who := "Only you see it. "
	if c.AskedFor() {
		who = "Only you and " + Mention(c.By) + ", who asked for it, see it. "
	}
	return who + mentionList(c.Sharable()) + " could see it on their Home, without a message.", shareButton(c)
}

func followupGiveForm(c bot.Commitment) Modal {
	return Modal{
		CallbackID: "followup.give", Title: giveTitle, Submit: "Ask them", Close: "Cancel", PrivateMetadata: fmt.Sprint(c.ID),
		Blocks: []slack.Block{
			section(commitmentLine(c, commitmentAlone)),
			Input{Block: giveTo, Label: "Who could take it over?", Hint: "They are asked, and can say no without a reason. Until they say yes it stays yours."}.members(nil, "Pick one colleague", 1),
		},
	}
}
