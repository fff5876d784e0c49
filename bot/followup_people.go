package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport/bot/when"
)

// followupVocabulary holds the words that say what a person is to a commitment.
type followupVocabulary struct {
	from     map[string]bool // the owner follows, at the start
	to       map[string]bool // a counterparty follows
	and      map[string]bool // between two counterparties
	speaksOf map[string]bool // somebody follows of whom the sentence only speaks
	old      map[string]bool // the date follows that a new one takes the place of
	onto     map[string]bool // the new one follows
}

// followupWordLists are the words by language. English ones work for everyone.
var followupWordLists = map[string]struct{ from, to, and, speaksOf, old, onto string }{
	"en": {"from", "to for with", "and & +", "from about of by via like than re versus vs or", "from", "to"},
	"de": {"von", "an für mit", "und", "von vom über durch wie oder", "von vom", "auf zu zum bis"},
	"fr": {"de", "à pour avec", "et", "de du sur par comme ou", "de du", "à au"},
	"es": {"de", "a para con", "y e", "de del sobre por como o", "de del", "a al para"},
	"pt": {"de", "a ao à para pra com", "e", "de do da sobre por como ou", "de da do", "a à ao para pra"},
}

func followupWordsOf(locale string) followupVocabulary {
	v := followupVocabulary{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(locale, "_", "-")), "-")
	for _, language := range []string{"en", base} {
		list := followupWordLists[language]
		for _, said := range []struct {
			words string
			into  map[string]bool
		}{{list.from, v.from}, {list.to, v.to}, {list.and, v.and}, {list.speaksOf, v.speaksOf}, {list.old, v.old}, {list.onto, v.onto}} {
			for word := range strings.FieldsSeq(said.words) {
				said.into[word] = true
			}
		}
	}
	return v
}

// followupKind says what one word of a text after /followup can be.
type followupKind uint8

const (
	followupPlain  followupKind = iota
	followupQuote               // a quotation
	followupMember              // <@U123>
	followupHandle              // @ana, as typed
	followupCrowd               // a user group or a broadcast
	followupEmail
)

// followupWord is a stretch without white space, or a quotation, a mention or a link.
type followupWord struct {
	kind       followupKind
	text       string
	id         string // what a mention points at
	start, end int
	glued      bool // no white space stands before it
}

// followupWords splits text. Quotations and mentions are one word each, what is joined to them another.
func followupWords(text string) []followupWord {
	var words []followupWord
	opaque := when.Opaque(text)
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if unicode.IsSpace(r) {
			at += size
			continue
		}
		var w followupWord
		if len(opaque) > 0 && opaque[0].Start == at {
			w = opaqueWord(text, opaque[0])
			opaque = opaque[1:]
		} else {
			w = plainWord(text, at, opaque)
		}
		w.glued = len(words) > 0 && words[len(words)-1].end == at
		words = append(words, w)
		at = w.end
	}
	return words
}

func opaqueWord(text string, s when.Span) followupWord {
	w := followupWord{text: text[s.Start:s.End], start: s.Start, end: s.End}
	if w.text[0] != '<' {
		if w.text[0] != '`' {
			w.kind = followupQuote
		}
		return w
	}
	piece, ok := readAngle(strings.Trim(w.text, "<>"))
	if !ok {
		return w
	}
	w.id = piece.ID
	switch piece.Kind {
	case PieceUser:
		w.kind = followupMember
	case PieceUserGroup, PieceBroadcast:
		w.kind = followupCrowd
	case PieceEmail:
		w.kind = followupEmail
	}
	return w
}

// plainWord reads up to white space or the next opaque span; punctuation that ends a handle or an address is its own word.
func plainWord(text string, start int, opaque []when.Span) followupWord {
	end := len(text)
	if len(opaque) > 0 {
		end = opaque[0].Start
	}
	if n := strings.IndexFunc(text[start:end], unicode.IsSpace); n >= 0 {
		end = start + n
	}
	w := followupWord{text: text[start:end], start: start, end: end}
	if trimmed := strings.TrimRight(w.text, ",:;.!?"); trimmed != "" && strings.Contains(trimmed, "@") {
		w.text, w.end = trimmed, start+len(trimmed)
	}
	w.kind, w.id = kindOfPlain(w.text)
	return w
}

func kindOfPlain(word string) (followupKind, string) {
	if handle, ok := strings.CutPrefix(word, "@"); ok {
		first, _ := utf8.DecodeRuneInString(handle)
		switch strings.ToLower(handle) {
		case "channel", "here", "everyone", "group":
			return followupCrowd, handle
		}
		if unicode.IsLetter(first) {
			return followupHandle, handle
		}
		return followupPlain, ""
	}
	local, domain, ok := strings.Cut(word, "@")
	if ok && local != "" && strings.Contains(strings.Trim(domain, "."), ".") && !strings.ContainsAny(domain, "@/") {
		return followupEmail, word
	}
	return followupPlain, ""
}

func (w followupWord) isPerson() bool { return w.kind >= followupMember }

func (w followupWord) isPunctuation() bool { return strings.Trim(w.text, ",:;.!?–—-") == "" }

// person reads the counterparty at words[0]; neither ok nor a fault means that there is none, such as in "@bob's deck".
func (d *followupDraft) person(words []followupWord) (cp Counterparty, fault FaultCode, ok bool) {
	if len(words) == 0 || len(words) > 1 && words[1].glued && !words[1].isPunctuation() && !d.words.and[strings.ToLower(words[1].text)] {
		return Counterparty{}, "", false
	}
	switch w := words[0]; w.kind {
	case followupMember:
		return d.member(w.id)
	case followupHandle:
		if strings.EqualFold(w.id, "me") {
			return Counterparty{Member: d.c.Invoker}, "", true
		}
		if d.c.Named != nil {
			if id, known := d.c.Named(w.id); known {
				return d.member(id)
			}
		}
		return Counterparty{}, FollowupUnpicked, false
	case followupCrowd:
		return Counterparty{}, FollowupPerson, false
	case followupEmail:
		return Counterparty{Email: w.id}, "", true
	}
	return Counterparty{}, "", false
}

func (d *followupDraft) member(id string) (Counterparty, FaultCode, bool) {
	if id == "USLACKBOT" || d.c.Refused != nil && d.c.Refused(id) {
		return Counterparty{}, FollowupPerson, false
	}
	return Counterparty{Member: id}, "", true
}

// outsider reads a quoted "Name, Org". Inside a sentence both begin with a capital, so that a quoted sentence is none; at its start, after a word like "to", a
// company says enough.
func outsider(quote string, inside bool) (Counterparty, bool) {
	quoted := strings.Trim(quote, "\"'“”„‘’‚«»‹› ")
	name, org, _ := strings.Cut(quoted, ",")
	name, org = strings.TrimSpace(name), strings.TrimSpace(org)
	if strings.ContainsAny(quoted, "<>\n") || len(strings.Fields(name)) > 5 || !strings.ContainsFunc(name, unicode.IsLetter) {
		return Counterparty{}, false
	}
	if org == "" {
		return Counterparty{Name: name}, !inside && capital(name)
	}
	return Counterparty{Name: name, Org: org}, !inside && len(strings.Fields(org)) <= 5 || capital(name) && capital(org)
}

// capital reports whether word begins with a letter that is not lower case; many scripts have no case.
func capital(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return unicode.IsLetter(first) && !unicode.IsLower(first)
}

// restAfter returns the text after the first n words and the punctuation joined to them.
func restAfter(text string, words []followupWord, n int) string {
	for n < len(words) && words[n].isPunctuation() {
		n++
	}
	if n == len(words) {
		return ""
	}
	return text[words[n].start:]
}
