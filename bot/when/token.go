package when

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is one word of a text. A word that is quoted, code, a link or a mention is opaque: it is never read.
type token struct {
	start, end int    // bytes of the text, punctuation included
	word       string // folded, without the punctuation around it; empty for punctuation alone
	lead       string // punctuation before the word
	trail      string // punctuation after it
	glued      bool   // joined to the token before by a hyphen
	capital    bool   // written with a capital and not all in capitals, as names are
	opaque     bool
}

// cutsWord holds the punctuation that may stand around a word without being part of it. A "#" or "@" is no such thing.
const cutsWord = "()[]{},;:.!?…*_~\"'’‘“”„–—-¿¡"

// readTokens splits text at white space, and words at the hyphens between their letters.
func readTokens(text string) []token {
	var tokens []token
	hidden := Opaque(text)
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if unicode.IsSpace(r) {
			at += size
			continue
		}
		for len(hidden) > 0 && hidden[0].Start < at {
			hidden = hidden[1:]
		}
		end, opaque := chunkEnd(text, at, hidden)
		if opaque {
			tokens = append(tokens, token{start: at, end: end, opaque: true})
		} else {
			tokens = appendWords(tokens, text, at, end)
		}
		at = end
	}
	return tokens
}

// chunkEnd returns where the stretch without white space that starts at start ends, and whether it touches a hidden span.
func chunkEnd(text string, start int, hidden []Span) (end int, opaque bool) {
	at, before := start, rune(0)
	for at < len(text) {
		if len(hidden) > 0 && at == hidden[0].Start {
			at, opaque, hidden = hidden[0].End, true, hidden[1:]
			continue
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		if unicode.IsSpace(r) {
			break
		}
		at += size
		next, _ := utf8.DecodeRuneInString(text[at:])
		if (r == ',' || r == ';') && !opaque && (unicode.IsLetter(next) || unicode.IsLetter(before) && unicode.IsDigit(next)) {
			break // "the deck,by friday", "fri,3pm", but not "1,5"
		}
		before = r
	}
	return at, opaque
}

func appendWords(tokens []token, text string, start, end int) []token {
	chunk := text[start:end]
	inner := strings.TrimLeft(chunk, cutsWord)
	lead := chunk[:len(chunk)-len(inner)]
	core := strings.TrimRight(inner, cutsWord)
	trail := inner[len(core):]
	if chunk == "@" || chunk == "&" || chunk == "+" {
		return append(tokens, token{start: start, end: end, word: chunk})
	}
	if !strings.ContainsFunc(core, letterOrDigit) { // an emoji, an arrow
		return append(tokens, token{start: start, end: end, lead: chunk})
	}
	from := start + len(lead)
	for n, piece := range splitHyphens(core) {
		tokens = append(tokens, token{start: from, end: from + len(piece), word: fold(piece), capital: capital(piece), glued: n > 0})
		if n == 0 {
			tokens[len(tokens)-1].start, tokens[len(tokens)-1].lead = start, lead
		}
		from += len(piece) + 1
	}
	last := &tokens[len(tokens)-1]
	last.end, last.trail = end, trail
	return tokens
}

// splitHyphens splits "mid-april", but not "2026-04-01" or "p-5".
func splitHyphens(core string) []string {
	pieces := strings.Split(core, "-")
	for _, piece := range pieces {
		if piece == "" || strings.ContainsFunc(piece, func(r rune) bool {
			return !unicode.IsLetter(r) && r != '\'' && r != '’' && !unicode.Is(unicode.Mn, r)
		}) {
			return []string{core}
		}
	}
	return pieces
}

// capital reports whether a word is written as names are: only its first letter is a capital.
func capital(word string) bool {
	first, size := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(first) && strings.ToLower(word[size:]) == word[size:]
}

func letterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// fold makes words comparable: lower case, no accents, straight apostrophes.
func fold(word string) string {
	if ascii(word) {
		return strings.ToLower(word)
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == '’' || r == 'ʼ':
			return '\''
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(word))
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// closers maps an opening quotation mark to what may close it.
var closers = map[rune]string{
	'"': `"”“`, '“': `”“"`, '„': `“”"`, '«': "»", '»': "«", '‘': "’‘'", '‚': "‘’'", '\'': "'’", '‹': "›", '`': "`",
}

// Opaque finds what is never read as a date: quotations, code, and mentions and links as Slack writes them between < and >.
// The spans are in order and do not overlap; a mark that nothing closes opens nothing.
func Opaque(text string) []Span {
	var spans []Span
	unclosed := map[string]bool{} // marks that nothing further on closes: looking again each time would be quadratic
	boundary := true
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		end := 0
		switch marks, quote := closers[r]; {
		case r == '<':
			end = angleEnd(text, at)
		case quote && boundary && !unclosed[marks]:
			if end = quoteEnd(text, at+size, marks); end == 0 && at+size < len(text) {
				next, _ := utf8.DecodeRuneInString(text[at+size:])
				unclosed[marks] = !unicode.IsSpace(next)
			}
		}
		if end > 0 {
			spans = append(spans, Span{at, end})
			at, boundary = end, false
			continue
		}
		boundary = unicode.IsSpace(r) || strings.ContainsRune("([{*_~–—", r)
		at += size
	}
	return spans
}

// angleEnd returns the end of a mention or link that opens at start, or 0.
func angleEnd(text string, start int) int {
	n := strings.IndexAny(text[start+1:], "<>\n")
	if n < 1 || text[start+1+n] != '>' {
		return 0
	}
	return start + n + 2
}

// quoteEnd returns the end of the quotation whose inside starts at from, or 0 where nothing closes it. A mark closes only
// after a character and before the end of a word, so that an apostrophe does not.
func quoteEnd(text string, from int, marks string) int {
	previous := ' '
	for at := from; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if at == from && unicode.IsSpace(r) {
			return 0
		}
		if strings.ContainsRune(marks, r) && !unicode.IsSpace(previous) && at > from {
			next, _ := utf8.DecodeRuneInString(text[at+size:])
			if at+size == len(text) || !letterOrDigit(next) {
				return at + size
			}
		}
		previous = r
		at += size
	}
	return 0
}
