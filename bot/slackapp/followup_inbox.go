package slackapp

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// onMany, with the items that stand there, says in a button's value that it stands in a message that tells of several things.
const onMany = "many"

// Marks of the kinds of items in a button's value.
var kindMarks = map[string]bot.Kind{"p": bot.KindProposal, "a": bot.KindAnswer}

// amongMany is where a button of such a message stands: "many p7;a9,accepted,U2".
func amongMany(items []bot.AddressedItem) string {
	var refs []string
	for _, item := range items {
		for mark, kind := range kindMarks {
			if kind == item.Kind {
				refs = append(refs, mark+strings.ReplaceAll(item.Ref, " ", ","))
			}
		}
	}
	return onMany + " " + strings.Join(refs, ";")
}

// standingItems reads what [amongMany] wrote. People can forge it: what it names is read for who pressed.
func standingItems(where string) ([]bot.StandingItem, bool) {
	said, ok := strings.CutPrefix(where, onMany+" ")
	if !ok {
		return nil, false
	}
	var list []bot.StandingItem
	for ref := range strings.SplitSeq(said, ";") {
		if len(ref) < 2 {
			return nil, false
		}
		list = append(list, bot.StandingItem{Kind: kindMarks[ref[:1]], Ref: strings.ReplaceAll(ref[1:], ",", " ")})
	}
	return list, true
}

// rewriteMany shows what came of a button in a message that tells of several things: in place of its item, while the others stay, as they stand now.
func (f *Followup) rewriteMany(r Request, list []bot.StandingItem, c bot.Commitment, answer Message) Response {
	return Then(func(ctx context.Context) error {
		a, err := f.Thanks.Standing(ctx, r.Now, r.User, list...)
		if err != nil {
			return err
		}
		return f.Client.Rewrite(ctx, r, addressedAgain(a, c.ID, answer))
	})
}

// standingIn has the buttons of an item say that it stands among others.
func standingIn(blocks []slack.Block, where string) {
	for _, b := range blocks {
		row, ok := b.(*slack.ActionBlock)
		if !ok {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			if press, ok := e.(*slack.ButtonBlockElement); ok && strings.HasPrefix(press.ActionID, "followup.") {
				press.Value = standing(press.ActionID, press.Value, where)
			}
		}
	}
}

// standing is a button's value in a message that tells of several things.
func standing(action, value, where string) string {
	if rest, ok := strings.CutSuffix(value, " "+onAlone); ok {
		return rest + " " + where
	}
	if action == "followup.undo" && !strings.Contains(value, " ") {
		return value + " " + where
	}
	return value
}
