package slackapp

import (
	"context"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// menuOptions are what the menu beside an open item offers beyond snoozing and releasing: what its words allow, and who sees it. where is where
// the menu stands.
func menuOptions(c bot.Commitment, where string) []*slack.OptionBlockObject {
	add := func(verb, label string) *slack.OptionBlockObject {
		return option(strings.TrimSpace(fmt.Sprint(verb, " ", c.ID, " ", where)), label)
	}
	var list []*slack.OptionBlockObject
	if len(c.Parts) > 1 {
		list = append(list, add("split", splitLabel(c)))
	}
	if c.AskedFor() {
		return list
	}
	list = append(list, add("edit", fmt.Sprintf("Edit #%d", c.ID)))
	switch {
	case len(colleagues(c)) == 0:
	case c.Shared:
		list = append(list, add("unshare", fmt.Sprintf("Stop showing #%d", c.ID)))
	default:
		list = append(list, add("share", fmt.Sprintf("Show #%d to them", c.ID)))
	}
	return list
}

// menuPick does what [menuOptions] offer; ok is false for another option.
func (f *Followup) menuPick(ctx context.Context, r Request, words []string) (response Response, ok bool, err error) {
	if len(words) < 2 {
		return Response{}, false, nil
	}
	value := strings.Join(words[1:], " ")
	switch words[0] {
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
