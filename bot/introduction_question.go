package bot

import (
	"strings"
	"time"

	"rapport/bot/pairing"
	"rapport/prompts"
)

// topicTheme is the theme of questions for two of whom one offers what the other would like to learn.
const topicTheme = "offers"

// question picks a question for each group of a program's round, one that nobody in the group has seen within a year, in other programs neither: shown is what each
// member saw there. What the program is about comes first, then
// what the group has in common, then anything: better a question beside the theme than the same one again.
func (c *Coffee) question(p Program, shown map[string][]map[string]time.Time) func(Round, Group, map[string]Seat) string {
	return func(r Round, g Group, seats map[string]Seat) string {
		wish := prompts.Wish{Kinds: []prompts.Kind{prompts.KindCoffee}, Today: r.At, Seed: seedOf(r.ID + "/" + g.Key)}
		for _, id := range g.Members {
			wish.Seen = append(append(wish.Seen, seats[id].Shown), shown[id]...)
		}
		for _, wish.Theme = range append(questionThemes(p, g), "") {
			if found, ok := c.Prompts.Pick(wish); ok {
				return found.ID
			}
		}
		return ""
	}
}

// questionThemes are the themes that fit a group, the best first.
func questionThemes(p Program, g Group) []string {
	var themes []string
	if p.Theme != "" {
		themes = append(themes, p.Theme)
	}
	for _, reason := range g.Reasons {
		if reason.Code == pairing.OfferMeetsAsk {
			themes = append(themes, strings.ToLower(strings.ReplaceAll(reason.Topic, " ", "-")), topicTheme)
		}
	}
	return themes
}

// QuestionOf is the text of a group's question; empty if it has none, or the library no longer does.
func (c *Coffee) QuestionOf(g Group) string {
	p, _ := c.Prompts.ByID(g.Question)
	return p.Text
}
