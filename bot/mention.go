package bot

import "strings"

// PieceKind says what one stretch of a Slack message is.
type PieceKind uint8

// The kinds of pieces. The zero value is plain text, so that whatever the scanner does not know stays text.
const (
	// PieceText is plain text, Slack's entities (&amp;, &lt;, &gt;) included as they came.
	PieceText PieceKind = iota
	// PieceUser is <@U123> or <@W123|name>: ID is the member's id.
	PieceUser
	// PieceUserGroup is <!subteam^S123> or <!subteam^S123|@handle>: ID is the user group's id.
	PieceUserGroup
	// PieceChannel is <#C123> or <#C123|name>: ID is the channel's id.
	PieceChannel
	// PieceBroadcast is <!channel>, <!here>, <!everyone> or the old <!group>: ID is the word without its mark.
	PieceBroadcast
	// PieceEmail is <mailto:a@b.c|a@b.c>: ID is the address without "mailto:".
	PieceEmail
	// PieceLink is <https://…> or <https://…|label>, of any scheme: ID is the address.
	PieceLink
	// PieceDate is <!date^unix^format|fallback>: ID is what stands after "!date^".
	PieceDate
	// PieceCode is `code` or ```code```, its backticks included. Nothing inside it means anything.
	PieceCode
)

// String returns the kind's name for tests and for `rapport parse`.
func (k PieceKind) String() string {
	names := [...]string{"text", "user", "usergroup", "channel", "broadcast", "email", "link", "date", "code"}
	if int(k) < len(names) {
		return names[k]
	}
	return "unknown"
}

// Piece is one stretch of a Slack-escaped text.
type Piece struct {
	Kind PieceKind
	// Start and End are byte offsets into the scanned text: text[Start:End] is the piece as it came.
	Start, End int
	// ID is what the piece points at; its shape depends on Kind. Empty for text and code.
	ID string
	// Label is what stands after the first "|", still escaped. Empty where there is none.
	Label string
}

// Raw returns the piece as it stands in the text it was scanned from.
func (p Piece) Raw(text string) string { return text[p.Start:p.End] }

// ScanPieces splits text, escaped as Slack sends it, into pieces that tile it: they follow one another without gap or
// overlap, none is empty, and two of kind PieceText never touch. Anything malformed is text; the scanner has no error.
//
// Code wins over mentions: a mention inside backticks is inert. An unclosed backtick is text, and what follows it counts.
//
// Source of the shapes: Slack's "Formatting text for app surfaces", section "Retrieving messages".
func ScanPieces(text string) []Piece {
	s := scanner{text: text}
	for s.at < len(text) {
		switch text[s.at] {
		case '<':
			s.angle()
		case '`':
			s.code()
		default:
			s.at++
		}
	}
	s.flush(len(text))
	return s.pieces
}

// scanner walks a text once. Everything between textFrom and at is text that is not yet a piece.
type scanner struct {
	text     string
	pieces   []Piece
	textFrom int
	at       int
	// noFence is set once a search for a closing ``` has come back empty: none will be found later either, and
	// looking again at each opening fence would make a hostile text quadratic.
	noFence bool
}

func (s *scanner) flush(end int) {
	if s.textFrom < end {
		s.pieces = append(s.pieces, Piece{Kind: PieceText, Start: s.textFrom, End: end})
	}
}

func (s *scanner) emit(p Piece) {
	s.flush(p.Start)
	s.pieces = append(s.pieces, p)
	s.at, s.textFrom = p.End, p.End
}

func (s *scanner) angle() {
	start := s.at
	n := strings.IndexAny(s.text[start+1:], "<>\n")
	if n < 0 || s.text[start+1+n] != '>' {
		s.at++
		return
	}
	p, ok := readAngle(s.text[start+1 : start+1+n])
	if !ok {
		s.at++
		return
	}
	p.Start, p.End = start, start+n+2
	s.emit(p)
}

func (s *scanner) code() {
	start := s.at
	if end, ok := s.fenceEnd(start); ok {
		s.emit(Piece{Kind: PieceCode, Start: start, End: end})
		return
	}
	n := strings.IndexAny(s.text[start+1:], "`\n")
	if n < 1 || s.text[start+1+n] != '`' {
		s.at++
		return
	}
	s.emit(Piece{Kind: PieceCode, Start: start, End: start + n + 2})
}

// fenceEnd returns where the ``` block that opens at start ends.
func (s *scanner) fenceEnd(start int) (int, bool) {
	const fence = "```"
	if s.noFence || !strings.HasPrefix(s.text[start:], fence) {
		return 0, false
	}
	inside := s.text[start+len(fence):]
	n := strings.Index(inside, fence)
	if n < 0 {
		s.noFence = true
		return 0, false
	}
	if n == 0 {
		return 0, false
	}
	return start + n + 2*len(fence), true
}

// readAngle reads what stands between < and >.
func readAngle(body string) (Piece, bool) {
	target, label, _ := strings.Cut(body, "|")
	if target == "" {
		return Piece{}, false
	}
	switch target[0] {
	case '@':
		return idPiece(PieceUser, target[1:], label, "UW")
	case '#':
		return idPiece(PieceChannel, target[1:], label, "CDG")
	case '!':
		return readSpecial(target[1:], label)
	}
	if address, ok := strings.CutPrefix(target, "mailto:"); ok {
		return Piece{Kind: PieceEmail, ID: address, Label: label}, address != ""
	}
	return Piece{Kind: PieceLink, ID: target, Label: label}, hasScheme(target)
}

func readSpecial(word, label string) (Piece, bool) {
	if id, ok := strings.CutPrefix(word, "subteam^"); ok {
		return idPiece(PieceUserGroup, id, label, "S")
	}
	if date, ok := strings.CutPrefix(word, "date^"); ok {
		return Piece{Kind: PieceDate, ID: date, Label: label}, date != ""
	}
	switch word {
	case "channel", "here", "everyone", "group":
		return Piece{Kind: PieceBroadcast, ID: word, Label: label}, true
	}
	return Piece{}, false
}

func idPiece(kind PieceKind, id, label, firsts string) (Piece, bool) {
	return Piece{Kind: kind, ID: id, Label: label}, isSlackID(id, firsts)
}

// isSlackID reports whether id is one of firsts followed by at least one upper-case letter or digit, as all of Slack's
// ids are (USLACKBOT too).
func isSlackID(id, firsts string) bool {
	if len(id) < 2 || !strings.Contains(firsts, id[:1]) {
		return false
	}
	for _, c := range []byte(id[1:]) {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// hasScheme reports whether target starts with a URL scheme (RFC 3986, section 3.1) and has something after it.
func hasScheme(target string) bool {
	n := strings.IndexByte(target, ':')
	if n < 1 || n == len(target)-1 {
		return false
	}
	for i, c := range []byte(strings.ToLower(target[:n])) {
		letter := c >= 'a' && c <= 'z'
		later := c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'
		if !letter && (i == 0 || !later) {
			return false
		}
	}
	return true
}
