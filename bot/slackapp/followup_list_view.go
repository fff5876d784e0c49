package slackapp

import (
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// promisePage is a page of what a member owes and is owed.
type promisePage struct {
	list   bot.PromiseList
	reader string         // whose list it is
	from   int            // how many of each are on earlier pages
	top    string         // what they just did on it
	done   bot.Commitment // to what
}

// followupPage shows a page of a list.
func followupPage(r Reader, now time.Time, p promisePage) Message {
	p.list.Owe, p.list.Owed = stillOpen(p.list.Owe), stillOpen(p.list.Owed)
	if p.from >= p.most() {
		p.from = 0
	}
	var blocks []slack.Block
	if p.top != "" {
		blocks = append(blocks, section(p.top))
		if p.done.Before != nil {
			blocks = append(blocks, actions(button("followup.undo", stands(p.done, p.standsOn()), fmt.Sprintf("Undo #%d", p.done.ID))))
		}
	}
	blocks = append(blocks, p.items(r, now)...)
	if words := sealedWords(r, p.list.Sealed); words != "" {
		blocks = append(blocks, contextLine(words))
	}
	return Message{Text: p.says() + " Only you see this.", Blocks: append(blocks, p.buttons())}
}

// most is how many items the longer one of both lists has.
func (p promisePage) most() int { return max(len(p.list.Owe), len(p.list.Owed)) }

// says is what the page is of, without a word of what stands in it.
func (p promisePage) says() string {
	switch p.list.With {
	case "":
		return "What you owe and what you are owed."
	case p.reader:
		return "What you promised yourself."
	}
	return "What is open between you and " + Mention(p.list.With) + "."
}

// items are both lists; where nothing at all is between two people, one sentence.
func (p promisePage) items(r Reader, now time.Time) []slack.Block {
	l := p.list
	with := Mention(l.With)
	empty := p.most()+l.Sealed.All() == 0
	switch {
	case l.With == "":
		return slices.Concat(
			p.owe(r, now, header("What you owe"), "Nothing. A promise you note is one you need not carry in your head: `/followup @name … by friday`."),
			p.owed(r, now, header("What you are owed"), "Nothing that was shared with you."),
		)
	case l.With == p.reader:
		return p.owe(r, now, header("What you promised yourself"), "Nothing right now. `/followup call the plumber tomorrow` notes something for you alone.")
	case empty:
		return []slack.Block{section("Nothing is open between you and " + with + ". What you promise them would stand here, and what they promise you once they show it to you.")}
	}
	return slices.Concat(
		p.owe(r, now, section("*What you owe* "+with), "Nothing right now."),
		p.owed(r, now, section("*What you are owed by* "+with), "Nothing that they show you."),
	)
}

// owe are what of the reader's own promises stands on the page, below a heading; none is what stands there if they have none.
func (p promisePage) owe(r Reader, now time.Time, heading slack.Block, none string) []slack.Block {
	if p.from > 0 && p.from >= len(p.list.Owe) {
		return nil
	}
	blocks := append([]slack.Block{heading}, pageWords(r, p.from, len(p.list.Owe), p.list.Sealed.Owe, none)...)
	for _, c := range page(p.list.Owe, p.from) {
		blocks = append(blocks, ownBlocks(commitmentLine(c, commitmentListed)+"\n"+stateWords(r, c, now), r, c, p.standsOn(), now)...)
	}
	return blocks
}

// owed are what of others' promises stands on the page, as owe.
func (p promisePage) owed(r Reader, now time.Time, heading slack.Block, none string) []slack.Block {
	if p.from > 0 && p.from >= len(p.list.Owed) {
		return nil
	}
	blocks := append([]slack.Block{heading}, pageWords(r, p.from, len(p.list.Owed), p.list.Sealed.Owed, none)...)
	for _, c := range page(p.list.Owed, p.from) {
		where := p.standsOn()
		if c.OwnerLeft() {
			where = onList // what is chosen then is shown by itself
		}
		blocks = append(append(blocks, section(owedLine(r, c, commitmentListed, now))), owedRow(r, c, where, now)...)
	}
	return blocks
}

// pageWords say which of how many items a page shows, where they do not fit on one: "9–16 of 20". Where there are none it says so, and does not where there may be.
func pageWords(r Reader, from, all, sealed int, none string) []slack.Block {
	switch {
	case all == 0 && sealed > 0:
		return []slack.Block{section("Nothing that can be read right now.")}
	case all == 0:
		return []slack.Block{section(none)}
	case all <= followupListed:
		return nil
	}
	first, last := r.Number(from+1), r.Number(min(from+followupListed, all))
	if first == last {
		return []slack.Block{contextLine(first + " of " + r.Number(all))}
	}
	return []slack.Block{contextLine(first + "–" + last + " of " + r.Number(all))}
}

// sealedWords say that there is more whose words no key opens, and who can do something about it; nothing if there is not.
func sealedWords(r Reader, s bot.Sealed) string {
	n := s.All()
	if n == 0 {
		return ""
	}
	return r.Count(n, "promise", "promises") + " cannot be read right now: the key that " + Plural(n, "its", "their") + " words were sealed with is missing. Once it is back, " +
		Plural(n, "it is", "they are") + " here again. Please ask one of Rapport's admins."
}

// buttons note another promise, and turn the pages.
func (p promisePage) buttons() slack.Block {
	buttons := []slack.BlockElement{button("followup.open", "", "Note a promise")}
	if next := p.from + followupListed; next < p.most() {
		buttons = append(buttons, button("followup.list", p.pageValue(next), "Show the next ones"))
	}
	if p.from > 0 {
		buttons = append(buttons, button("followup.list", p.pageValue(max(0, p.from-followupListed)), "Show the ones before"))
	}
	if p.list.With != "" {
		buttons = append(buttons, button("followup.list", "0", "Show all promises"))
	}
	return actions(buttons...)
}

func stillOpen(list []bot.Commitment) []bot.Commitment {
	return slices.DeleteFunc(slices.Clone(list), func(c bot.Commitment) bool { return c.State != bot.Open && c.State != bot.Proposed })
}

func page(list []bot.Commitment, from int) []bot.Commitment {
	from = min(max(from, 0), len(list))
	return list[from:min(from+followupListed, len(list))]
}
