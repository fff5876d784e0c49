package slackapp

import (
	"context"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// split makes one promise of each part of a text with several dates, and shows all of them in the place of the echo.
func (f *Followup) split(ctx context.Context, r Request) (Response, error) {
	return f.splitItem(ctx, r, r.Action.Value+" "+onAlone)
}

func (f *Followup) splitItem(ctx context.Context, r Request, value string) (Response, error) {
	act, err := actOf(r, value)
	if err != nil {
		return Response{}, err
	}
	list, err := f.Use.Split(ctx, r.Now, act)
	if err != nil {
		return Response{}, err
	}
	known, err := f.known(ctx, r.User)
	if err != nil {
		return Response{}, err
	}
	reader := f.reader(known, r.User)
	m := followupSplit(reader, list, f.plans(onMany, r, reader, known, list...))
	_, where, _ := strings.Cut(value, " ")
	if with, ok := listedAt(where); ok {
		return f.relist(ctx, r, promisePage{list: bot.PromiseList{With: with}, top: m.Text, done: list[0]})
	}
	if where == onAlone {
		return f.instead(r, m), nil
	}
	return f.changed(r, m), nil
}

// splitButtons offers to make several promises of one, where its text has several dates.
func splitButtons(c bot.Commitment) []slack.BlockElement {
	if len(c.Parts) < 2 {
		return nil
	}
	return []slack.BlockElement{button("followup.split", fmt.Sprint(c.ID), splitLabel(c))}
}

func splitLabel(c bot.Commitment) string {
	return fmt.Sprintf("Make #%d %s promises", c.ID, smallNumber(len(c.Parts)))
}

// smallNumber is a number as it stands in a sentence.
func smallNumber(n int) string {
	words := []string{2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"}
	if n >= 2 && n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}

// followupSplit shows what a promise was split into, the first one first; plans ask when its owner will do each, by number.
func followupSplit(r Reader, list []bot.Commitment, plans map[int]slack.BlockElement) Message {
	first := list[0]
	head := fmt.Sprintf("#%d is %s promises now.", first.ID, smallNumber(len(list)))
	if first.State == bot.Proposed {
		head = fmt.Sprintf("#%d is %s proposals to %s now, each with its own yes or no.", first.ID, smallNumber(len(list)), Mention(first.Owner))
	}
	blocks := []slack.Block{section(head)}
	for _, c := range list {
		blocks = append(blocks, section(commitmentLine(c, commitmentAlone)), contextLine(":calendar: "+dueWords(r, c.Due, first.Acted)))
		if c.State == bot.Open {
			id := fmt.Sprint(c.ID)
			row := []slack.BlockElement{button("followup.pick", id, "Another day for #"+id)}
			if !c.AskedFor() {
				row = append(row, button("followup.edit", id, "Edit #"+id))
			}
			if asks := plans[c.ID]; asks != nil {
				row = append(row, asks)
			}
			blocks = append(blocks, actions(row...))
		}
	}
	undo := button("followup.undo", fmt.Sprint(first.ID), fmt.Sprintf("Undo: make #%d one again", first.ID))
	return Message{Text: head, Blocks: append(blocks, actions(undo))}
}
