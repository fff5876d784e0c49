package bot

import (
	"strings"

	"rapport/bot/when"
)

// afterOldDate leaves out the date that a new one takes the place of: "from monday to friday" moves to friday.
func (d *followupDraft) afterOldDate(text string) string {
	first, rest := cutWord(text)
	if !d.words.old[strings.ToLower(first)] {
		return text
	}
	isDate := func(text string) bool {
		r := when.Phrase(text, d.c.When)
		return r.Err == nil || r.Err.Code != when.NotADate
	}
	words := followupWords(rest)
	for i := 1; i < len(words)-1; i++ {
		old, next := rest[:words[i].start], rest[words[i].start:]
		if d.words.onto[strings.ToLower(words[i].text)] && isDate(old) && isDate(next) {
			return next
		}
	}
	return text
}
