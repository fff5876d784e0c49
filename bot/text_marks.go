package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lookAlikes are what a mark becomes that would otherwise format, or break, what stands around it. Same number of
// characters, nearly the same picture.
var lookAlikes = map[byte]string{'*': "∗", '_': "＿", '~': "∼", '`': "‵"}

// replaceMarks replaces every mark: for names, in which none is meant.
func replaceMarks(text string) string {
	return strings.NewReplacer("*", lookAlikes['*'], "_", lookAlikes['_'], "~", lookAlikes['~'], "`", lookAlikes['`']).Replace(text)
}

// openMark is a * _ or ~ that waits for its partner on the same line.
type openMark struct {
	char byte
	at   int
}

// balanceMarks joins segments and keeps a mark only where it has its partner on the same line, properly nested and with
// something between, or stands inside a word, where Slack ignores it. Every other one becomes a look-alike.
func balanceMarks(segments []segment) string {
	text, fixedUntil := joinSegments(segments)
	replace := map[int]bool{}
	var stack []openMark
	dropAbove := func(depth int) {
		for _, m := range stack[depth:] {
			replace[m.at] = true
		}
		stack = stack[:depth]
	}
	for at := 0; at < len(text); at++ {
		c := text[at]
		if c == '\n' {
			dropAbove(0)
		}
		if lookAlikes[c] == "" || fixedUntil[at] {
			continue
		}
		before, after := neighbours(text, at)
		switch depth := findOpen(stack, c); {
		case c == '`':
			replace[at] = true
		case isWordRune(before) && isWordRune(after):
		case depth >= 0 && stack[depth].at+1 < at && !isWordRune(after) && !isGap(before):
			dropAbove(depth + 1)
			stack = stack[:depth]
		case depth < 0 && !isWordRune(before) && !isGap(after):
			stack = append(stack, openMark{char: c, at: at})
		default:
			replace[at] = true
		}
	}
	dropAbove(0)
	return replaceAt(text, replace)
}

// joinSegments returns the whole text and which of its bytes that are marks belong to fixed segments.
func joinSegments(segments []segment) (string, map[int]bool) {
	var b strings.Builder
	fixed := map[int]bool{}
	for _, s := range segments {
		start := b.Len()
		b.WriteString(s.fence)
		b.WriteString(s.text)
		b.WriteString(s.fence)
		if !s.fixed {
			continue
		}
		for i, c := range []byte(s.fence + s.text + s.fence) {
			if lookAlikes[c] != "" {
				fixed[start+i] = true
			}
		}
	}
	return b.String(), fixed
}

func findOpen(stack []openMark, c byte) int {
	for i, m := range stack {
		if m.char == c {
			return i
		}
	}
	return -1
}

func replaceAt(text string, at map[int]bool) string {
	if len(at) == 0 {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		if at[i] {
			b.WriteString(lookAlikes[text[i]])
			continue
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// neighbours returns the runes before and after the byte at; a newline stands for the text's ends.
func neighbours(text string, at int) (before, after rune) {
	before, after = '\n', '\n'
	if at > 0 {
		before, _ = utf8.DecodeLastRuneInString(text[:at])
	}
	if at+1 < len(text) {
		after, _ = utf8.DecodeRuneInString(text[at+1:])
	}
	return before, after
}

// isWordRune reports whether a mark between two such runes is part of a word: snake_case, 2*3. Scripts without spaces have
// no such inside, so their letters do not count.
func isWordRune(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !isUnspacedScript(r)
}

func isGap(r rune) bool { return unicode.IsSpace(r) }

// isUnspacedScript reports whether r belongs to a script that is written without spaces between words.
func isUnspacedScript(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
