package slackapp

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"rapport/bot"
)

// list shows the first page of everything, or of what is between who asks and the one whom they named.
func (f *Followup) list(ctx context.Context, r Request, in bot.FollowupInput, known bot.Scene) (Response, error) {
	with := ""
	if len(in.Counterparties) > 0 {
		with = in.Counterparties[0].Member
	}
	list, err := f.Use.ListWith(ctx, r.Now, r.User, with, known)
	return replied(followupPage(f.reader(known, r.User), r.Now, promisePage{list: list, reader: r.User}), err)
}

// page shows another page of the list in its place.
func (f *Followup) page(ctx context.Context, r Request) (Response, error) {
	from, with, _ := strings.Cut(r.Action.Value, " ")
	n, err := strconv.Atoi(from)
	if err != nil || n < 0 || !isListed(with) {
		return Response{}, &bot.Fault{Code: bot.FaultInvalid, Cause: err}
	}
	return f.relist(ctx, r, promisePage{list: bot.PromiseList{With: with}, from: n})
}

// relist replaces the list that holds the pressed button by how things are now: the page on which what was done stood, if something was.
func (f *Followup) relist(ctx context.Context, r Request, p promisePage) (Response, error) {
	known, err := f.Use.Scenes.Scene(ctx, "", r.User)
	if err != nil {
		return Response{}, &bot.Fault{Code: bot.FaultUnread, Cause: err}
	}
	if p.list, err = f.Use.ListWith(ctx, r.Now, r.User, p.list.With, known); err != nil {
		return Response{}, err
	}
	if p.reader = r.User; p.done.ID != 0 {
		p.from = pageOf(r.User, p.list.Owe, p.list.Owed, p.done)
	}
	m := followupPage(f.reader(known, r.User), r.Now, p)
	return Then(func(ctx context.Context) error { return f.Client.Rewrite(ctx, r, m) }), nil
}

// standsOn is where the buttons of a list stand: "list", or "list U2" of what is between the reader and another member.
func (p promisePage) standsOn() string { return strings.TrimSpace(onList + " " + p.list.With) }

// listedAt reads what [promisePage.standsOn] wrote. People can forge it: what it names is looked for among what is theirs.
func listedAt(where string) (with string, ok bool) {
	if where == onList {
		return "", true
	}
	with, ok = strings.CutPrefix(where, onList+" ")
	return with, ok && isListed(with)
}

// isListed reports whether a text is a member's id, or none.
func isListed(with string) bool {
	return len(with) <= 30 && strings.Trim(with, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// pageValue is the value of a button that shows another page.
func (p promisePage) pageValue(from int) string {
	return strings.TrimSpace(fmt.Sprint(from, " ", p.list.With))
}
