package slackapp

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"rapport/bot"
)

// mineColumns are the columns of the table of somebody's own kudos.
var mineColumns = []string{"when", "direction", "from", "to", "value", "private", "channel", "message", "link"}

// mineRow is a kudos as a row of the table: instants as RFC 3339 in the reader's zone, people by name, texts as plain text. Of a text at most limit characters are
// kept; 0 keeps all.
func mineRow(r Reader, l bot.MyLine, people map[string]bot.Member, limit int) []string {
	k := l.Kudos
	direction, private := "given", "no"
	if l.Received {
		direction = "received"
	}
	if k.Private {
		private = "yes"
	}
	row := []string{
		k.Given.In(r.zone()).Format(time.RFC3339), direction, tableName(people, k.Giver), tableRecipients(k, people), k.Value, private, tableChannel(k, l.Channel),
		tableWords(k, people, limit), l.Link,
	}
	for i := range row {
		row[i] = tableCell(row[i])
	}
	return row
}

// tableCell keeps a spreadsheet from taking a cell for a formula: what begins like one gets an apostrophe, which spreadsheets do not show. So does what
// begins like one after a line end, a tab or a semicolon: there a text is cut that is pasted, or read where a semicolon separates.
func tableCell(text string) string {
	var b strings.Builder
	if strings.ContainsAny(firstRune(text), "\n\t\r") {
		b.WriteByte('\'')
	}
	begins := true
	for text != "" {
		first := firstRune(text)
		text = text[len(first):]
		if begins && strings.Contains("=+-@＝＋－＠", first) && (b.Len() == 0 || firstRune(text) != ")") { // ";-)" is no formula
			b.WriteByte('\'')
		}
		b.WriteString(first)
		begins = strings.Contains("\n\t\r;", first)
	}
	return b.String()
}

func firstRune(text string) string {
	_, size := utf8.DecodeRuneInString(text)
	return text[:size]
}

func tableName(people map[string]bot.Member, id string) string {
	return orElse(strings.Join(strings.Fields(people[id].Name), " "), id)
}

func tableRecipients(k bot.Kudos, people map[string]bot.Member) string {
	if k.Team != "" {
		return orElse(k.TeamName, "a whole team")
	}
	names := make([]string, len(k.Recipients))
	for i, id := range k.Recipients {
		names[i] = tableName(people, id)
	}
	return strings.Join(names, ", ")
}

// tableChannel is the channel in which a kudos is posted.
func tableChannel(k bot.Kudos, c bot.Channel) string {
	switch {
	case !k.Posted:
		return ""
	case k.Closed || c.Private: // its name is for those who are in it
		return "a private channel"
	case c.Name != "":
		return "#" + c.Name
	}
	return k.Channel
}

func tableWords(k bot.Kudos, people map[string]bot.Member, limit int) string {
	switch {
	case k.Unreadable != "":
		return "(cannot be read: the key is missing)"
	case k.Reaction != "":
		return strings.TrimSpace(":" + k.Reaction + ": on " + orElse(k.About, "a message"))
	}
	return bot.OutgoingText{Max: limit, UserName: nameIn(people)}.Plain(k.Message)
}

// writeMine writes the whole table as CSV in UTF-8, batch by batch.
func (n *KudosSay) writeMine(ctx context.Context, member string, w io.Writer) error {
	reader, err := n.reader(ctx, member)
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(mineColumns); err != nil {
		return fmt.Errorf("write table of %q: %w", member, err)
	}
	err = n.Use.EachMine(ctx, member, func(lines []bot.MyLine, people map[string]bot.Member) error {
		for _, l := range lines {
			if err := out.Write(mineRow(reader, l, people, 0)); err != nil {
				return fmt.Errorf("write table of %q: %w", member, err)
			}
		}
		out.Flush()
		return out.Error()
	})
	out.Flush()
	return errors.Join(err, out.Error())
}

// reader is how a member reads.
func (n *KudosSay) reader(ctx context.Context, member string) (Reader, error) {
	scene, err := n.Use.Scenes.Scene(ctx, "", member)
	if err != nil {
		return Reader{}, &bot.Fault{Code: bot.FaultUnread, Cause: err}
	}
	return NewReader(scene.Members[member], scene.Preferences[member], n.Settings.Current().Zone), nil
}

const (
	// tablePiece is how many characters of the table stand in one field of the window, from which they are copied.
	tablePiece = maxInputText - 100
	// tablePieces is how many such fields a window has before one turns the page.
	tablePieces = 5
	// tableText is how much of a kudos's text a row in the window holds, so that a row always fits into a field.
	tableText = 1500
)

// tablePart is a part of the table to copy: whole rows in each piece, the names of the columns on top of the first one.
type tablePart struct {
	Pieces []string
	Page   int
	More   bool // another part follows
}

// cutTable cuts the part with that number out of the table, and reads no further than that needs.
func (n *KudosSay) cutTable(ctx context.Context, member string, page int) (tablePart, error) {
	reader, err := n.reader(ctx, member)
	if err != nil {
		return tablePart{}, err
	}
	page = max(page, 0)
	cutter := tableCutter{skip: page * tablePieces}
	cutter.add(mineColumns)
	err = n.Use.EachMine(ctx, member, func(lines []bot.MyLine, people map[string]bot.Member) error {
		for _, l := range lines {
			if cutter.add(mineRow(reader, l, people, tableText)); cutter.full {
				return bot.ErrEnough
			}
		}
		return nil
	})
	if err != nil {
		return tablePart{}, err
	}
	return tablePart{Pieces: cutter.kept(), Page: page, More: cutter.full}, nil
}

// tableCutter puts rows into pieces of at most tablePiece characters, and keeps those of one page.
type tableCutter struct {
	skip   int // pieces of earlier pages
	pieces []string
	last   strings.Builder
	full   bool // there is a row beyond this page
}

func (c *tableCutter) add(row []string) {
	var line bytes.Buffer
	out := csv.NewWriter(&line)
	_ = out.Write(row) // into memory, which does not fail
	out.Flush()
	text := line.String()
	if utf8.RuneCountInString(text) > tablePiece { // names of hundreds of characters each
		text = string([]rune(text)[:tablePiece-1]) + "\n"
	}
	if c.last.Len() > 0 && utf8.RuneCountInString(c.last.String()+text) > tablePiece {
		c.end()
	}
	c.full = c.full || len(c.pieces) == c.skip+tablePieces
	c.last.WriteString(text)
}

// end begins another piece. Those of earlier pages are only counted.
func (c *tableCutter) end() {
	piece := c.last.String()
	if len(c.pieces) < c.skip {
		piece = ""
	}
	c.pieces = append(c.pieces, piece)
	c.last.Reset()
}

func (c *tableCutter) kept() []string {
	if !c.full && c.last.Len() > 0 {
		c.end()
	}
	return c.pieces[min(c.skip, len(c.pieces)):min(c.skip+tablePieces, len(c.pieces))]
}

// table opens the window with the table.
func (n *KudosSay) table(_ context.Context, r Request) (Response, error) {
	return n.showing(r, mineTableTitle, func(ctx context.Context) (Modal, error) {
		part, err := n.cutTable(ctx, r.User, 0)
		if err != nil {
			return Modal{}, err
		}
		return kudosTable(part, n.Files, ""), nil
	}), nil
}

// part shows another part of the table in the window.
func (n *KudosSay) part(_ context.Context, r Request) (Response, error) {
	return n.tableAgain(r, pageNumber(r.Action.Value), ""), nil
}

func (n *KudosSay) tableAgain(r Request, page int, said string) Response {
	return Then(func(ctx context.Context) error {
		part, err := n.cutTable(ctx, r.User, page)
		if err != nil {
			return err
		}
		_, err = n.Client.UpdateModal(ctx, ViewRef{ID: r.View.ID}, kudosTable(part, n.Files, said))
		return err
	})
}

// file sends the table as a file into the person's conversation with the bot, once for each window. The window says what became of it.
func (n *KudosSay) file(_ context.Context, r Request) (Response, error) {
	if !n.Files {
		return Response{}, &bot.Fault{Code: bot.FaultOff}
	}
	return Then(func(ctx context.Context) error {
		said, err := n.handOut(ctx, r)
		return errors.Join(err, n.tableAgain(r, pageNumber(r.Action.Value), said).After(ctx))
	}), nil
}

// handOut uploads the table and says what became of it. Nothing of an upload is seen before its last step, so that alone is done once.
func (n *KudosSay) handOut(ctx context.Context, r Request) (said string, err error) {
	var table bytes.Buffer
	if err := n.writeMine(ctx, r.User, &table); err != nil {
		return tableFailed, err
	}
	place, err := n.Client.OpenConversation(ctx, r.User)
	if err != nil {
		return tableFailed, err
	}
	file, err := n.Client.Upload(ctx, "kudos-"+n.Clock.Now().UTC().Format(time.DateOnly)+".csv", table.Bytes())
	if err != nil {
		return tableFailed, err
	}
	once := bot.Token("kudos table " + r.User + " " + r.View.ID)
	first, err := n.Memory.Seen(ctx, once)
	if err != nil {
		return tableFailed, err
	}
	if !first {
		return "That file is in your conversation with me already.", nil
	}
	err = n.Client.Share(ctx, file, "My kudos", place, "Your kudos, given and received, as you asked for them. Delete this file when you no longer need it: I keep no copy.")
	if refusal, ok := errors.AsType[*Refusal](err); ok && judge(refusal) != verdictUnknown {
		return tableFailed, errors.Join(err, n.Memory.Unsee(ctx, once)) // a definite no: the next press may try again
	}
	if err != nil {
		return "I could not confirm that the file arrived. Please look into your conversation with me; what stands below works in any case.", err
	}
	return "The file is in your conversation with me.", nil
}

const tableFailed = "The file could not be made right now. You can copy what stands below all the same."
