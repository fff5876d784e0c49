package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

const (
	// ellipsis ends what was cut.
	ellipsis = "…"
	// wordJoiner (U+2060) is invisible and no space: it stands between "@" and "channel", or before a ">" that starts
	// a line, so that a reader sees what was written and Slack sees neither a mention nor a quote.
	wordJoiner = "\u2060"
	// firstStrongIsolate and popIsolate keep right-to-left text from reordering what stands around it.
	firstStrongIsolate = "\u2068"
	popIsolate         = "\u2069"
)

// OutgoingText turns text that a person wrote into text that is safe to show to others. What is stored stays as it came;
// only what is shown passes through here. The zero value is usable: mentions become their labels, nothing is cut.
type OutgoingText struct {
	// UserName returns a member's display name, unescaped, for an id, or "" where it knows none. Nil knows none; then the
	// label in the mention is shown, or else the id.
	UserName func(id string) string
	// KeepUsers leaves <@U123> as it is, so that Slack shows and notifies that person. Broadcasts and user groups are
	// never kept.
	KeepUsers bool
	// Max is how many characters (runes) the result may have, the ellipsis included. Zero means no limit.
	Max int
}

// Mrkdwn returns text, escaped as Slack sends it, for a mrkdwn object or a message's text. In the result
//   - no broadcast, no user group and (unless KeepUsers) no member is notified, written plainly, inside code or escaped;
//   - bidi overrides and control characters are gone, zero-width joiners stay;
//   - * _ ~ ` that open or close nothing are replaced by look-alikes, and a leading > quotes nothing, so that nothing
//     spills into the layout around it;
//   - a link shows its real address;
//   - a cut never splits a grapheme, an entity, a mention or a link.
//
// Mentions of channels stay links: Slack shows their names only to who may see them.
func (o OutgoingText) Mrkdwn(text string) string {
	segments := o.segments(cleanText(text))
	if o.Max > 0 {
		segments = cutSegments(segments, o.Max)
	}
	return balanceMarks(segments)
}

// Plain returns text, escaped as Slack sends it, for a plain_text object (a header, a button, an option): mentions and
// links as words, entities resolved.
func (o OutgoingText) Plain(text string) string {
	text = cleanText(text)
	var b strings.Builder
	for _, p := range ScanPieces(text) {
		switch p.Kind {
		case PieceText, PieceCode:
			b.WriteString(UnescapeText(p.Raw(text)))
		default:
			b.WriteString(o.words(p))
		}
	}
	plain := defuseBroadcasts(b.String())
	if o.Max > 0 {
		return CutText(plain, o.Max)
	}
	return plain
}

// words says in plain, unescaped words what a piece points at.
func (o OutgoingText) words(p Piece) string {
	label := cleanText(UnescapeText(p.Label))
	switch p.Kind {
	case PieceUser:
		if o.UserName != nil {
			if name := cleanText(o.UserName(p.ID)); name != "" {
				return "@" + strings.TrimPrefix(name, "@")
			}
		}
		return "@" + strings.TrimPrefix(orElse(label, p.ID), "@")
	case PieceUserGroup, PieceBroadcast:
		return "@" + strings.TrimPrefix(orElse(label, p.ID), "@")
	case PieceChannel:
		return "#" + strings.TrimPrefix(orElse(label, p.ID), "#")
	case PieceDate:
		return orElse(label, p.ID)
	default:
		return UnescapeText(p.ID)
	}
}

// segment is a stretch of outgoing text. Fixed ones are cut whole or not at all, and their marks mean nothing to us.
type segment struct {
	text  string
	fixed bool
	// fence is the run of backticks around code, "" for anything else: code may be cut inside and is closed again.
	fence string
}

func (o OutgoingText) segments(text string) []segment {
	var out []segment
	lineStart := true
	for _, p := range ScanPieces(text) {
		raw := p.Raw(text)
		switch p.Kind {
		case PieceText:
			out = append(out, segment{text: defuseQuotes(defuseBroadcasts(escapeStray(raw)), lineStart)})
			lineStart = strings.HasSuffix(raw, "\n")
		case PieceCode:
			fence := raw[:fenceLength(raw)]
			if n := len(out); n > 0 && out[n-1].fence != "" {
				out = append(out, segment{text: wordJoiner, fixed: true})
			}
			out = append(out, segment{text: o.insideCode(raw[len(fence) : len(raw)-len(fence)]), fixed: true, fence: fence})
			lineStart = len(fence) == 3
		default:
			out = append(out, segment{text: o.mrkdwnPiece(p), fixed: true})
			lineStart = false
		}
	}
	return out
}

// mrkdwnPiece renders anything between < and >.
func (o OutgoingText) mrkdwnPiece(p Piece) string {
	switch p.Kind {
	case PieceUser:
		if o.KeepUsers {
			return "<@" + p.ID + ">"
		}
	case PieceChannel:
		return "<#" + p.ID + ">"
	case PieceEmail:
		return "<mailto:" + p.ID + "|" + p.ID + ">"
	case PieceLink:
		if isWebLink(p.ID) {
			return "<" + p.ID + ">"
		}
	}
	return replaceMarks(defuseBroadcasts(EscapeText(o.words(p))))
}

// insideCode keeps code as it is but for what Slack resolves even there.
func (o OutgoingText) insideCode(code string) string {
	var b strings.Builder
	for len(code) > 0 {
		open := strings.IndexByte(code, '<')
		if open < 0 {
			break
		}
		b.WriteString(escapeStray(code[:open]))
		code = code[open:]
		end := strings.IndexByte(code, '>')
		if end < 0 {
			break
		}
		if p, ok := readAngle(code[1:end]); ok {
			b.WriteString(replaceMarks(EscapeText(o.words(p))))
			code = code[end+1:]
			continue
		}
		b.WriteString("&lt;")
		code = code[1:]
	}
	b.WriteString(escapeStray(code))
	return defuseBroadcasts(b.String())
}

// SafeName returns a display name or a title, unescaped as Slack's directory gives it, for use inside a line of mrkdwn:
// one line, escaped, without working marks or mentions, and right-to-left names kept from reordering their neighbours.
func SafeName(name string) string {
	name = strings.Join(strings.Fields(cleanText(name)), " ")
	return IsolateText(replaceMarks(defuseBroadcasts(EscapeText(name))))
}

// IsolateText wraps text in a first-strong isolate when it holds right-to-left letters, so that what stands before and
// after it in the line keeps its place. Other text comes back unchanged.
func IsolateText(text string) string {
	if strings.IndexFunc(text, isRightToLeft) < 0 {
		return text
	}
	return firstStrongIsolate + text + popIsolate
}

// EscapeText escapes raw text, such as a modal's input, into the form in which Slack sends messages: & < > become entities.
func EscapeText(raw string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(raw)
}

// UnescapeText undoes EscapeText once; "&amp;lt;" becomes "&lt;" and no more.
func UnescapeText(escaped string) string {
	return strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">").Replace(escaped)
}

// CountText counts the characters (runes) that a reader of Slack-escaped text sees: an entity is one, a mention or link
// is its words.
func CountText(text string) int {
	n := 0
	for _, p := range ScanPieces(text) {
		switch p.Kind {
		case PieceText, PieceCode:
			n += utf8.RuneCountInString(UnescapeText(p.Raw(text)))
		default:
			n += utf8.RuneCountInString(OutgoingText{}.words(p))
		}
	}
	return n
}

// CutText shortens plain text to at most limit characters (runes), the ellipsis included, between graphemes: no emoji,
// accent or flag is cut apart. Text that fits comes back unchanged; a limit below 1 gives "".
func CutText(text string, limit int) string {
	if limit < 1 {
		return ""
	}
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return strings.TrimRightFunc(text[:cutPoint(text, limit-1)], unicode.IsSpace) + ellipsis
}

// cutPoint returns the largest byte offset at a boundary of graphemes and entities with at most limit runes before it.
func cutPoint(text string, limit int) int {
	at, runes, entityEnd := 0, 0, 0
	for g := graphemes.FromString(text); g.Next(); {
		if strings.HasPrefix(g.Value(), "&") {
			entityEnd = g.Start() + entityLength(text[g.Start():])
		}
		runes += utf8.RuneCountInString(g.Value())
		if runes > limit {
			break
		}
		if g.End() >= entityEnd {
			at = g.End()
		}
	}
	return at
}

func cutSegments(segments []segment, limit int) []segment {
	total := 0
	for _, s := range segments {
		total += s.runes()
	}
	if total <= limit {
		return segments
	}
	var out []segment
	left := limit - 1
	for _, s := range segments {
		if n := s.runes(); n <= left {
			out = append(out, s)
			left -= n
			continue
		}
		if inside := left - 2*len(s.fence); !s.fixed || s.fence != "" && inside > 0 {
			s.text = s.text[:cutPoint(s.text, inside)]
			if s.fence != "" {
				s.text = strings.TrimRight(s.text, "`") // or they would join the fence that closes it
			}
			if s.text != "" {
				out = append(out, s)
			}
		}
		break
	}
	if n := len(out); n > 0 && !out[n-1].fixed {
		out[n-1].text = strings.TrimRightFunc(out[n-1].text, unicode.IsSpace)
	}
	return append(out, segment{text: ellipsis, fixed: true})
}

func (s segment) runes() int { return utf8.RuneCountInString(s.text) + 2*len(s.fence) }

// cleanText drops what only harms: invalid UTF-8, control characters, bidi overrides and isolates. Line ends become \n.
// Zero-width joiners, direction marks and variation selectors stay: scripts and emoji need them.
func cleanText(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r' || r == '\u2028' || r == '\u2029':
			return '\n'
		case unicode.IsControl(r), r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, text)
}

// escapeStray escapes what Slack would have escaped: & outside an entity, and every < and >.
func escapeStray(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '&' && entityLength(text[i:]) == 0:
			b.WriteString("&amp;")
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// entityLength returns the length of the entity that text starts with, or 0.
func entityLength(text string) int {
	for _, entity := range [...]string{"&amp;", "&lt;", "&gt;"} {
		if strings.HasPrefix(text, entity) {
			return len(entity)
		}
	}
	return 0
}

// defuseBroadcasts makes a typed @channel, @here, @everyone or @group inert. Slack parses them in text objects that do not
// say "verbatim" (its text object reference).
func defuseBroadcasts(text string) string {
	var b strings.Builder
	for {
		at := strings.IndexByte(text, '@')
		if at < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:at+1])
		text = text[at+1:]
		if startsWithBroadcast(text) {
			b.WriteString(wordJoiner)
		}
	}
}

func startsWithBroadcast(text string) bool {
	for _, word := range [...]string{"channel", "here", "everyone", "group"} {
		if len(text) >= len(word) && strings.EqualFold(text[:len(word)], word) {
			return true
		}
	}
	return false
}

// defuseQuotes keeps an escaped > at the start of a line from becoming a quote, which ">>>" would stretch to the end.
func defuseQuotes(text string, lineStart bool) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if i == 0 && !lineStart {
			continue
		}
		rest := strings.TrimLeftFunc(line, unicode.IsSpace)
		if strings.HasPrefix(rest, "&gt;") {
			lines[i] = line[:len(line)-len(rest)] + wordJoiner + rest
		}
	}
	return strings.Join(lines, "\n")
}

func fenceLength(code string) int {
	if len(code) > 6 && strings.HasPrefix(code, "```") {
		return 3
	}
	return 1
}

func isWebLink(target string) bool {
	for _, scheme := range [...]string{"https://", "http://", "tel:"} {
		if strings.HasPrefix(target, scheme) {
			return true
		}
	}
	return false
}

func isRightToLeft(r rune) bool {
	return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Samaritan,
		unicode.Mandaic, unicode.Adlam)
}

func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}
