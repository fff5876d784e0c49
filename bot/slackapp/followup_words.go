package slackapp

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport/bot"
)

// typedWords is a promise's text as its owner would type it: people by name, where it is known.
func typedWords(text string, people map[string]bot.Member) string {
	var b strings.Builder
	for _, p := range bot.ScanPieces(text) {
		switch {
		case p.Kind == bot.PieceUser && people[p.ID].Name != "":
			b.WriteString("@" + people[p.ID].Name)
		case p.Kind == bot.PieceLink, p.Kind == bot.PieceEmail:
			b.WriteString(bot.UnescapeText(p.ID))
		default:
			b.WriteString(bot.UnescapeText(p.Raw(text)))
		}
	}
	return b.String()
}

// sentWords is a text that was typed as Slack would send it: those of the people whom it calls by name are mentioned. What was left as [typedWords] showed
// it is what it was.
func sentWords(typed, was string, people map[string]bot.Member) string {
	if typed == strings.TrimSpace(typedWords(was, people)) {
		return was
	}
	text := bot.EscapeText(typed)
	byLength := func(a, b string) int { return cmp.Or(len(people[b].Name)-len(people[a].Name), cmp.Compare(a, b)) }
	for _, id := range slices.SortedFunc(maps.Keys(people), byLength) {
		if name := people[id].Name; name != "" {
			text = replaceName(text, "@"+bot.EscapeText(name), Mention(id))
		}
	}
	return text
}

// replaceName replaces a name where it ends there: "@Bo" is not the beginning of "@Bobby".
func replaceName(text, name, mention string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, name)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if next, _ := utf8.DecodeRuneInString(after); unicode.IsLetter(next) || unicode.IsDigit(next) {
			b.WriteString(name)
		} else {
			b.WriteString(mention)
		}
		text = after
	}
}

// mentioned are the members whom a text mentions.
func mentioned(text string) []string {
	var ids []string
	for _, p := range bot.ScanPieces(text) {
		if p.Kind == bot.PieceUser && !slices.Contains(ids, p.ID) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// people reads members whose names a form needs; nothing where it needs none.
func (f *Followup) people(ctx context.Context, ids []string) (map[string]bot.Member, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	scene, err := f.Use.Scenes.Scene(ctx, "", ids...)
	if err != nil {
		return nil, &bot.Fault{Code: bot.FaultUnread, Cause: err}
	}
	return scene.Members, nil
}

// calledBy are the members who can be called by name in a form's text: those that are picked in it, and those whom it mentioned before.
func (f *Followup) calledBy(ctx context.Context, v Values, was string) (map[string]bot.Member, error) {
	ids := mentioned(was)
	if strings.Contains(v.Text(followupText), "@") {
		ids = append(ids, v.Users(followupTo)...)
	}
	return f.people(ctx, ids)
}
