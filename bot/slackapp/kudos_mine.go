package slackapp

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"rapport/bot"
)

// KudosSay is what people can say about kudos that concern them: see all of their own, hide their name and show it again, report one. All fields are required.
type KudosSay struct {
	Client   *Client
	Use      *bot.Recognition
	Settings *bot.Settings
	Memory   Memory
	Clock    Clock
	Files    bool // the workspace lets the app hand out files
}

// Routes implements [Noun].
func (n *KudosSay) Routes() []Route {
	return []Route{
		{Kind: OnAction, Name: "mine.open", Handle: n.open},
		{Kind: OnAction, Name: "mine.page", Handle: n.page},
		{Kind: OnAction, Name: "mine.hide", Handle: n.hideListed},
		{Kind: OnAction, Name: "mine.show", Handle: n.showListed},
		{Kind: OnAction, Name: "mine.undo", Handle: n.undoListed},
		{Kind: OnAction, Name: "mine.edit", Handle: n.edit},
		{Kind: OnAction, Name: "mine.table", Handle: n.table},
		{Kind: OnAction, Name: "mine.part", Handle: n.part},
		{Kind: OnAction, Name: "mine.file", Handle: n.file},
		{Kind: OnSubmit, Name: "mine.table", Handle: closeModal},
		{Kind: OnAction, Name: "kudos.show", Handle: n.show},
		{Kind: OnAction, Name: "kudos.more", Handle: n.more},
		{Kind: OnSubmit, Name: "kudos.report", Handle: n.submitReport},
		{Kind: OnAction, Name: "report.down", Handle: n.takeDown},
		{Kind: OnAction, Name: "report.leave", Handle: n.leave},
	}
}

// closeModal is for a form with nothing to send: Slack wants a button for it. What is below it stays open.
func closeModal(context.Context, Request) (Response, error) { return Response{}, nil }

// mine answers the command with the newest of the person's own.
func (k *Kudos) mine(ctx context.Context, r Request) (Response, error) {
	list, err := k.Use.MyPage(ctx, r.User, 0)
	if err != nil {
		return Response{}, err
	}
	return Reply(kudosMine(mineReader(list, k.Settings.Current()), list, "")), nil
}

// mineReader is how the person reads whose kudos are listed.
func mineReader(list bot.MyKudos, w bot.Workspace) Reader {
	return NewReader(list.Reader, list.Preferences, w.Zone)
}

// open opens the list from Home.
func (n *KudosSay) open(_ context.Context, r Request) (Response, error) {
	return n.Client.opening(r, mineTitle, func(ctx context.Context) (Modal, error) {
		list, err := n.Use.MyPage(ctx, r.User, 0)
		if err != nil {
			return Modal{}, err
		}
		return kudosMineModal(mineReader(list, n.Settings.Current()), list, ""), nil
	}), nil
}

// page turns the page.
func (n *KudosSay) page(_ context.Context, r Request) (Response, error) {
	return n.listed(r, pageNumber(r.Action.Value), ""), nil
}

func pageNumber(text string) int {
	page, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return page
}

// listed shows a page of the list in place of the one that was acted in: in its modal, or in its message. said, if any, is what became of an act.
func (n *KudosSay) listed(r Request, page int, said string) Response {
	return Then(func(ctx context.Context) error {
		list, err := n.Use.MyPage(ctx, r.User, page)
		if err != nil {
			return err
		}
		reader := mineReader(list, n.Settings.Current())
		if r.inModal() {
			_, err = n.Client.UpdateModal(ctx, ViewRef{ID: r.View.ID}, kudosMineModal(reader, list, said))
			return err
		}
		return n.Client.Rewrite(ctx, r, kudosMine(reader, list, said))
	})
}

// inModal reports whether the person acted in a modal.
func (r Request) inModal() bool { return r.View.ID != "" && !r.View.Home }

// listedValue is the value of an element of the list: the kudos, and the page that it is on.
func listedValue(id string, page int) string { return id + " " + strconv.Itoa(page) }

func (n *KudosSay) hideListed(ctx context.Context, r Request) (Response, error) {
	id, page, _ := strings.Cut(r.Action.Value, " ")
	k, err := n.Use.Hide(ctx, r.Now, r.Token, r.User, id)
	return n.done(r, pageNumber(page), hiddenWords(k), err)
}

func (n *KudosSay) showListed(ctx context.Context, r Request) (Response, error) {
	id, page, _ := strings.Cut(r.Action.Value, " ")
	k, err := n.Use.Show(ctx, r.Now, r.Token, r.User, id)
	return n.done(r, pageNumber(page), shownWords(k), err)
}

func (n *KudosSay) undoListed(ctx context.Context, r Request) (Response, error) {
	id, page, _ := strings.Cut(r.Action.Value, " ")
	undone, err := n.Use.Undo(ctx, r.Now, r.Token, r.User, id)
	return n.done(r, pageNumber(page), undoneBy(r.User, undone).Text, err)
}

// done shows the list again after an act, with what became of that on top: what was refused, too.
func (n *KudosSay) done(r Request, page int, said string, err error) (Response, error) {
	if fault := refused(err); fault != nil {
		return n.listed(r, page, faultSentence(Reader{}, fault)), nil
	}
	if err != nil {
		return Response{}, err
	}
	return n.listed(r, page, said), nil
}

// edit opens the form for another text, on top of the list where that is a modal.
func (n *KudosSay) edit(_ context.Context, r Request) (Response, error) {
	id, page, _ := strings.Cut(r.Action.Value, " ")
	from := kudosEditFrom{Channel: r.Channel}
	if r.inModal() {
		from.List, from.Page = r.View.ID, pageNumber(page)
	}
	return n.showing(r, "Edit kudos", func(ctx context.Context) (Modal, error) {
		given, err := n.Use.Given(ctx, r.User, id)
		if err != nil {
			return Modal{}, err
		}
		people, err := n.Use.Names(ctx, given)
		if err != nil {
			return Modal{}, err
		}
		return kudosEdit(given, people, from, n.Use.Limits()), nil
	}), nil
}

// showing opens a modal as [Client.opening] does, on top of the one in which the person acted, if they did in one.
func (n *KudosSay) showing(r Request, title string, read func(context.Context) (Modal, error)) Response {
	return Then(func(ctx context.Context) error {
		waiting := noticeModal("One moment…")
		waiting.Title = title
		ref, err := n.Client.ShowModal(ctx, r, waiting)
		if err != nil {
			return err
		}
		m, problem := read(ctx)
		if problem != nil {
			m = noticeModal(faultSentence(Reader{}, problem))
		}
		_, err = n.Client.UpdateModal(ctx, ViewRef{ID: ref.ID}, m)
		if refused(problem) != nil {
			problem = nil // the person was told, and nothing is broken
		}
		return errors.Join(problem, err)
	})
}

// show shows a name again from the direct message, which says then where it stands.
func (n *KudosSay) show(ctx context.Context, r Request) (Response, error) {
	if _, err := n.Use.Show(ctx, r.Now, r.Token, r.User, firstField(r.Action.Value)); err != nil {
		return Response{}, err
	}
	_, all := kudosNoteOf(r.Action.Value)
	notes, err := n.Use.Note(ctx, r.User, all...)
	if err != nil {
		return Response{}, err
	}
	return Then(func(ctx context.Context) error { return n.Client.Rewrite(ctx, r, kudosNotes(notes)) }), nil
}

func firstField(value string) string {
	first, _, _ := strings.Cut(value, " ")
	return first
}

// What the menus about a kudos offer.
const (
	sayHide   = "hide"
	sayReport = "report"
	sayMine   = "mine"
	sayTable  = "table"
)

// more does what was picked of a kudos's menu. The menu is the same for everybody who reads the kudos.
func (n *KudosSay) more(ctx context.Context, r Request) (Response, error) {
	act, id, _ := strings.Cut(r.Action.Picked.Option, " ")
	switch act {
	case sayReport:
		return n.report(r, id), nil
	case sayMine:
		return n.open(ctx, r)
	case sayTable:
		return n.table(ctx, r)
	case sayHide:
		return n.hide(ctx, r, id)
	}
	return Response{}, &bot.Fault{Code: bot.FaultInvalid}
}

// hide hides the person's name from the menu. The message that holds it is for others, too.
func (n *KudosSay) hide(ctx context.Context, r Request, id string) (Response, error) {
	k, err := n.Use.Hide(ctx, r.Now, r.Token, r.User, id)
	if fault := refused(err); fault != nil && fault.Code == bot.FaultNotFound {
		return n.tell(r, sentence("Only who is thanked here can hide their name, and you are not among them.")), nil
	}
	if err != nil {
		return Response{}, err
	}
	m := sentence(hiddenWords(k))
	if k.Posted {
		m.Blocks = append(m.Blocks, actions(showAgain(k.Kudos, 0)))
	}
	return n.tell(r, m), nil
}

// tell says something to the person alone. The message that holds the menu is for others, too, and stays as it is.
func (n *KudosSay) tell(r Request, m Message) Response {
	return Then(func(ctx context.Context) error {
		if r.ResponseURL != "" {
			return n.Client.Respond(ctx, r.ResponseURL, m)
		}
		return n.Client.Tell(ctx, r.User, r.Channel, m)
	})
}
