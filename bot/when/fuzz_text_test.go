package when

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// checkKept holds that nothing is lost of a text: each of its characters stands in what is left or in one span, in the order in which it was typed, and what was
// taken is neither a quotation nor somebody.
func checkKept(t *testing.T, text string, r Result) {
	t.Helper()
	taken := make([]bool, len(text))
	for _, s := range r.Spans {
		for i := s.Start; i < s.End; i++ {
			if taken[i] {
				t.Fatalf("%q: byte %d is taken twice", text, i)
			}
			taken[i] = true
		}
		if piece := text[s.Start:s.End]; !strings.ContainsFunc(piece, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			t.Errorf("%q: %q was taken, which is no word", text, piece)
		}
		for _, o := range Opaque(text) {
			if o.Start < s.End && s.Start < o.End {
				t.Errorf("%q: %q was taken, which reaches into %q", text, text[s.Start:s.End], text[o.Start:o.End])
			}
		}
	}
	var left []byte
	for i := range len(text) {
		if !taken[i] {
			left = append(left, text[i])
		}
	}
	if want := strings.TrimFunc(string(left), unicode.IsSpace); r.Rest != want {
		t.Errorf("%q: %q is left, want %q", text, r.Rest, want)
	}
}

// checkParts holds that the pieces of a text with several deadlines stand in it, in order and apart, each with a deadline that is among the text's, and that they
// are all of it but for the dates and the words that join them.
func checkParts(t *testing.T, text string, r Result) {
	t.Helper()
	if (r.Notice == TwoDates) != (len(r.Parts) > 0) {
		t.Errorf("%q: notice %q with %d pieces", text, r.Notice, len(r.Parts))
	}
	dues := slices.Clone(r.Alternatives)
	if r.Due != nil {
		dues = append(dues, *r.Due)
	}
	from := 0
	for _, p := range r.Parts {
		if strings.TrimSpace(p.Text) == "" {
			t.Errorf("%q: a piece without words: %+v", text, r.Parts)
		}
		at := strings.Index(text[from:], p.Text)
		if at < 0 {
			t.Fatalf("%q: %q is not behind the piece before it", text, p.Text)
		}
		from += at + len(p.Text)
		if !slices.Contains(dues, p.Due) {
			t.Errorf("%q: %q is due %+v, which is not among %+v", text, p.Text, p.Due, dues)
		}
		if r.Due != nil && p.Due.UTC().Before(r.Due.UTC()) {
			t.Errorf("%q: %q is due before the earliest deadline", text, p.Text)
		}
	}
	if len(r.Parts) == 1 {
		t.Errorf("%q: one piece: %+v", text, r.Parts)
	}
	if len(r.Parts) > 0 && len(r.Spans) > 0 {
		t.Errorf("%q: it is kept whole, and %v taken from it", text, r.Spans)
	}
}

// FuzzTextIsKept looks at texts made of the pieces that dates are made of, which random bytes seldom hit.
func FuzzTextIsKept(f *testing.F) {
	for _, seed := range []string{
		"send deck by friday", "a by mon, b by tue; c by wed 9am", "every 2 weeks x", "x (by friday) y", "\"x by friday\" by monday", "x <@U2> by 3/4", "x bis 1.10.",
		"x, vor dem 3. April um 9 Uhr", "draft by thu and final by mon", "`by friday` by friday", "x every friday at 9 until may", "x — by eod!", "x\u00a0by\u2003friday",
		"x by friday by monday", "for friday: y by friday", "x le 3 avril à 9h, y le 4 avril", "x para el lunes y y para el martes", "x até sexta e y até segunda",
	} {
		f.Add(seed, uint8(0))
		f.Add(seed, uint8(19))
	}
	contexts := fuzzContexts(f)
	f.Fuzz(func(t *testing.T, text string, pick uint8) {
		c := contexts[int(pick)%len(contexts)]
		c.Locale = fuzzLocales[int(pick)/len(contexts)%len(fuzzLocales)]
		r := Trailing(text, c)
		checkResult(t, text, c, r)
		checkKept(t, text, r)
		checkParts(t, text, r)
	})
}

// fuzzPieces are what sentences with dates are made of.
var fuzzPieces = []string{
	"send the deck", "review 2 PRs", "v1.10", "call Sun", "may", "by", "due", "on", "before", "friday", "monday", "next", "this", "last", "tomorrow", "eod", "in", "2", "3", "weeks", "days", "hours",
	"at", "9am", "17:00", "2:30am", "3/4", "31 feb", "29 feb", "2026-04-01", "15 march", "end of month", "every", "every 2 weeks", "every friday", "and", "then", ",", ";", ".", "(", ")", "–", "\"", "“by friday”",
	"`fri`", "<@U2>", "<@U3|cy>", "<https://a.example/by-friday|by friday>", "bis", "morgen", "am 1.10.", "jeden Montag", "und", "demain", "avant", "le 3 avril", "et", "mañana", "antes del viernes", "y", "até", "sexta", "toda segunda", "e",
}

// sentenceOf puts pieces together, one for each byte.
func sentenceOf(data []byte) string {
	words := make([]string, min(len(data), 40))
	for i := range words {
		words[i] = fuzzPieces[int(data[i])%len(fuzzPieces)]
	}
	return strings.Join(words, " ")
}

// FuzzSentences is FuzzTextIsKept on sentences of words that say dates, in several languages at once.
func FuzzSentences(f *testing.F) {
	random := rand.New(rand.NewPCG(6, 44))
	for range 400 {
		data := make([]byte, 1+random.IntN(12))
		for i := range data {
			data[i] = byte(random.IntN(256))
		}
		f.Add(data, uint8(random.IntN(256)))
	}
	contexts := fuzzContexts(f)
	f.Fuzz(func(t *testing.T, data []byte, pick uint8) {
		c := contexts[int(pick)%len(contexts)]
		c.Locale = fuzzLocales[int(pick)/len(contexts)%len(fuzzLocales)]
		text := sentenceOf(data)
		r := Trailing(text, c)
		checkResult(t, text, c, r)
		checkKept(t, text, r)
		checkParts(t, text, r)
	})
}
