package slackapp

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// week is what an item can be put off by.
const week = 7 * 24 * time.Hour

// itemMenu is the menu beside an open item, at a time: its reminder, what is most likely next, the way out, and the way to everything else. In a week, where its
// date is over by then, makes way for a plan; where there is one, that has a button of its own. where is where it stands.
func itemMenu(c bot.Commitment, where string, now time.Time) slack.BlockElement {
	id := fmt.Sprint(c.ID)
	add := func(verb, rest, label string) *slack.OptionBlockObject {
		return option(strings.Join(strings.Fields(verb+" "+id+" "+rest+" "+where), " "), label)
	}
	later, plan := add("snooze", "7", "Remind me of #"+id+" in a week"), add("plan", "", "Plan #"+id)
	if c.Plan == nil && c.Due != nil && now.Before(c.Due.UTC()) && c.Due.UTC().Before(now.Add(week)) {
		later = plan
	}
	list := []*slack.OptionBlockObject{add("snooze", "1", "Remind me of #"+id+" tomorrow"), later}
	switch {
	case len(c.Parts) > 1:
		list = append(list, add("split", "", splitLabel(c)))
	case !c.AskedFor():
		list = append(list, add("edit", "", "Edit #"+id))
	case later != plan && c.Plan == nil:
		list = append(list, plan)
	}
	return menu("followup.more", append(list, add("drop", "", "Release #"+id), add("more", "", "More for #"+id+" …"))...)
}

// menuPick does what [itemMenu] offers, and what it offered in messages that came earlier; ok is false for another option.
func (f *Followup) menuPick(ctx context.Context, r Request, words []string) (response Response, ok bool, err error) {
	if len(words) < 2 {
		return Response{}, false, nil
	}
	value := strings.Join(words[1:], " ")
	switch words[0] {
	case "more":
		response, err = f.openMore(r, value)
	case "edit":
		response, err = f.editItem(r, value)
	case "split":
		response, err = f.splitItem(ctx, r, value)
	case "share":
		response, err = f.tapped(ctx, r, value, f.Use.Share, readerless(followupShared))
	case "unshare":
		response, err = f.tapped(ctx, r, value, f.Use.Unshare, readerless(followupUnshared))
	default:
		return Response{}, false, nil
	}
	return response, true, err
}
