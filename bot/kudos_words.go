package bot

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// kudosVerb returns the action of a text that is nothing but a verb.
func kudosVerb(text string) (KudosAction, bool) {
	verb := KudosAction(strings.ToLower(text))
	verbs := []KudosAction{KudosHelp, KudosMine, KudosUndo, KudosDigest, KudosForgetMe}
	return verb, slices.Contains(verbs, verb)
}

// leadingVerb returns where a verb ends that is followed by more text, and whether there is one.
func leadingVerb(text string) (int, bool) {
	start := leadingBlanks(text)
	n := strings.IndexFunc(text[start:], isBlank)
	if n < 0 {
		return 0, false
	}
	if _, ok := kudosVerb(text[start : start+n]); !ok {
		return 0, false
	}
	return start + n, true
}

// privateFlag returns the flag in a word, without quotes and punctuation around it, and whether it is exactly --private. Anything
// that begins with a dash and "priv" is a flag that was perhaps meant.
func privateFlag(word string) (flag string, exact bool) {
	const around = ".,;:!?()[]{}\"'“”‘’„«»"
	flag = strings.Trim(word, around)
	name := strings.TrimLeft(flag, "-–—")
	dashes := flag[:len(flag)-len(name)]
	if dashes == "" || !strings.HasPrefix(strings.ToLower(name), "priv") {
		return "", false
	}
	return flag, strings.EqualFold(name, "private") && slices.Contains([]string{"--", "–", "—"}, dashes)
}

// joinerLength returns the length of what joins mentions at the start of text: spaces, commas, "and", "&" (which arrives as
// "&amp;"), "+".
func joinerLength(text string) int {
	at := 0
	for at < len(text) {
		n := leadingBlanks(text[at:])
		for _, joiner := range [...]string{",", "&amp;", "&", "+"} {
			if n == 0 && strings.HasPrefix(text[at:], joiner) {
				n = len(joiner)
			}
		}
		if n == 0 {
			n = wordLength(text[at:], "and")
		}
		if n == 0 {
			break
		}
		at += n
	}
	return at
}

// fillerLength returns the length of what stands between the recipients and the message: spaces, one comma, semicolon or colon,
// and "for".
func fillerLength(text string) int {
	at := leadingBlanks(text)
	// A colon that touches the next word may begin an emoji's name.
	if at < len(text) && (text[at] == ',' || text[at] == ';' || text[at] == ':' && leadingBlanks(text[at+1:]) > 0) {
		at++
	}
	at += leadingBlanks(text[at:])
	return at + wordLength(text[at:], "for")
}

// wordLength returns len(word) if text begins with it as a whole word in any case, else 0.
func wordLength(text, word string) int {
	if len(text) < len(word) || !strings.EqualFold(text[:len(word)], word) {
		return 0
	}
	if rest := text[len(word):]; rest != "" && leadingBlanks(rest) == 0 {
		return 0
	}
	return len(word)
}

// isTypedName reports whether text, after joiners, begins with "@" and a letter: a name that was typed, not picked.
func isTypedName(text string) bool {
	rest, ok := strings.CutPrefix(text[joinerLength(text):], "@")
	r, _ := utf8.DecodeRuneInString(rest)
	return ok && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// tagSpan is where a #word stands, its mark included.
type tagSpan struct{ Start, End int }

// findTags returns the #words of a text: not those inside a word or an address ("x.com/#frag", "a#b", "#a.b").
func findTags(text string) []tagSpan {
	var tags []tagSpan
	before := ' '
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if (r == '#' || r == '＃') && mayPrecedeTag(before) {
			body := text[i+size:]
			n := len(body)
			if stop := strings.IndexFunc(body, isNotTagRune); stop >= 0 {
				n = stop
			}
			n = len(strings.TrimRight(body[:n], "-_"))
			if n > 0 && mayFollowTag(body[n:]) {
				tags = append(tags, tagSpan{i, i + size + n})
				size += n
			}
		}
		before, _ = utf8.DecodeLastRuneInString(text[:i+size])
		i += size
	}
	return tags
}

func isNotTagRune(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '-' && r != '_'
}

func mayPrecedeTag(r rune) bool {
	return isBlank(r) || strings.ContainsRune("([{\"'“‘„«,*_~", r) || isUnspacedScript(r)
}

// mayFollowTag reports whether a #word may end before text: at a space, or at punctuation that ends there too.
func mayFollowTag(text string) bool {
	r, size := utf8.DecodeRuneInString(text)
	if text == "" || isBlank(r) {
		return true
	}
	if strings.ContainsRune("/#@=", r) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(text[size:])
	return !unicode.IsLetter(next) && !unicode.IsDigit(next) || strings.ContainsRune(",;!?)]}\"”’»、。", r)
}

// foldedValues returns values by what makes them equal: case, composition of accents, spaces, hyphens and underscores make no
// difference. Of two that are equal, the first counts.
func foldedValues(values []string) map[string]string {
	folded := make(map[string]string, len(values))
	for _, value := range slices.Backward(values) {
		folded[foldValue(value)] = value
	}
	delete(folded, "")
	return folded
}

func foldValue(value string) string {
	return strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(norm.NFC.String(value)))
}

// withoutEmojiNames drops :emoji_names: from text.
func withoutEmojiNames(text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, ":")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if n := strings.IndexFunc(rest, isNotEmojiNameRune); n > 0 && rest[n] == ':' {
			rest = rest[n+1:]
		}
		b.WriteByte(' ')
		text = rest
	}
}

// withoutAddresses drops the words of a text that are addresses: where somebody types, Slack does not always mark them.
func withoutAddresses(text string) string {
	words := strings.FieldsFunc(text, isBlank)
	return strings.Join(slices.DeleteFunc(words, func(word string) bool {
		word = strings.ToLower(strings.TrimLeft(word, "([{<\"'“‘„«,"))
		return strings.HasPrefix(word, "http://") || strings.HasPrefix(word, "https://") || strings.HasPrefix(word, "www.")
	}), " ")
}

func isNotEmojiNameRune(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' && r != '-' && r != '+' && r != '\''
}

// countLetters counts letters and digits, apart for scripts without spaces.
func countLetters(text string) (letters, dense int) {
	for _, r := range text {
		switch {
		case isUnspacedScript(r):
			dense++
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			letters++
		}
	}
	return letters, dense
}

// isBlank reports whether r shows nothing: every space (no-break ones too), zero-width spaces and joiners of words, and direction
// controls. The zero-width joiner of emoji is none.
func isBlank(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200B' || r == '\uFEFF' || r >= '\u2060' && r <= '\u2069' ||
		r == '\u200E' || r == '\u200F' || r == '\u061C' || r >= '\u202A' && r <= '\u202E'
}

func leadingBlanks(text string) int { return len(text) - len(strings.TrimLeftFunc(text, isBlank)) }

func allBlank(text string) bool { return leadingBlanks(text) == len(text) }

func countBlanks(text string) int {
	n := 0
	for _, r := range text {
		if isBlank(r) {
			n++
		}
	}
	return n
}

func appendOnce(ids []string, id string) []string {
	if slices.Contains(ids, id) {
		return ids
	}
	return append(ids, id)
}

// tileParts sorts parts and fills what lies between them, up to size bytes, with joiners.
func tileParts(parts []KudosPart, size int) []KudosPart {
	slices.SortFunc(parts, func(a, b KudosPart) int { return a.Start - b.Start })
	var tiles []KudosPart
	at := 0
	for _, p := range parts {
		if at < p.Start {
			tiles = append(tiles, KudosPart{KudosPartJoiner, at, p.Start})
		}
		tiles = append(tiles, p)
		at = p.End
	}
	if at < size {
		tiles = append(tiles, KudosPart{KudosPartJoiner, at, size})
	}
	return tiles
}
