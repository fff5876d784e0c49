package bot

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A digest is as many messages as it needs, up to a bound that only a week out of all proportion comes to: a message of Slack's holds 50 blocks and
// 10,000 characters, and what stands around the kudos needs some of both.
const (
	digestPages       = 30
	digestPagesBefore = 5 // of digests that were planned without naming their kudos
	digestBlocks      = 38
	digestRoom        = 7500 // characters
	digestExcerpt     = 300  // characters of a kudos

	// What a message spends beside words that vary.
	digestItemFrame  = 40
	digestTitleFrame = 200
)

// DigestNamed is how many people one kudos of a digest names; the others are counted.
const DigestNamed = 10

// DigestReactions is how many lines about reactions stand together in one block.
const DigestReactions = 5

// Excerpt is what a digest shows of a kudos: safe mrkdwn on one line, which notifies nobody.
func (d DigestPost) Excerpt(item DigestItem) string {
	limit := digestExcerpt
	if d.shortened > 0 {
		limit = d.shortened
	}
	return excerpt(item, d.People, limit)
}

func excerpt(item DigestItem, people map[string]Member, limit int) string {
	text := OutgoingText{Max: limit, UserName: func(id string) string { return people[id].Name }}.Mrkdwn(item.Kudos.Message)
	return strings.Join(strings.Fields(text), " ")
}

// digestSize is how many characters an item takes at most.
func digestSize(item DigestItem, people map[string]Member, limit int) int {
	n := digestItemFrame + utf8.RuneCountInString(excerpt(item, people, limit)) + utf8.RuneCountInString(item.Link) +
		utf8.RuneCountInString(SafeName(item.Kudos.TeamName)) + utf8.RuneCountInString(item.Kudos.Reaction)
	givers, recipients := item.Givers(), item.Recipients
	for _, ids := range [][]string{givers[:min(len(givers), DigestNamed)], recipients[:min(len(recipients), DigestNamed)]} {
		for _, id := range ids {
			n += utf8.RuneCountInString(SafeName(orElse(people[id].Name, id))) + 5
		}
	}
	return n
}

// digestFill is how full a message is.
type digestFill struct {
	titles       map[string]bool
	blocks, room int
	reactions    int
}

// add counts an item in, and reports whether everything still fits.
func (f *digestFill) add(item DigestItem, values []Value, people map[string]Member, limit int) bool {
	title := sectionOf(item, values)
	if !f.titles[title] {
		f.titles[title] = true
		f.blocks++
		f.room += digestTitleFrame
	}
	if item.Kudos.Reaction == "" || f.reactions%DigestReactions == 0 {
		f.blocks++
	}
	if item.Kudos.Reaction != "" {
		f.reactions++
	}
	f.room += digestSize(item, people, limit)
	return f.blocks <= digestBlocks && f.room <= digestRoom
}

// paginate spreads items over at most so many pages and returns how many kudos no page has room for.
func paginate(items []DigestItem, values []Value, people map[string]Member, most int) (pages [][]DigestItem, more int) {
	var page []DigestItem
	fill := digestFill{titles: map[string]bool{}}
	for i, item := range items {
		if !fill.add(item, values, people, digestExcerpt) && len(page) > 0 {
			pages = append(pages, page)
			if len(pages) == most {
				for _, left := range items[i:] {
					more += len(left.ids())
				}
				return pages, more
			}
			page, fill = nil, digestFill{titles: map[string]bool{}}
			fill.add(item, values, people, digestExcerpt)
		}
		page = append(page, item)
	}
	if len(page) > 0 {
		pages = append(pages, page)
	}
	return pages, 0
}

// fittingExcerpt is how long excerpts can be for a page to fit: what stands on it was decided before, and somebody may have edited their words since.
// 0 stands for the standard.
func fittingExcerpt(page []DigestItem, values []Value, people map[string]Member) int {
	for _, limit := range []int{digestExcerpt, 200, 120, 60} {
		fill, fits := digestFill{titles: map[string]bool{}}, true
		for _, item := range page {
			fits = fill.add(item, values, people, limit) && fits
		}
		switch {
		case fits && limit == digestExcerpt:
			return 0
		case fits:
			return limit
		}
	}
	return 20
}

// planned are the items of a page as it was planned, without what was taken back or hidden since.
func planned(items []DigestItem, ids []string) []DigestItem {
	if ids == nil {
		return nil
	}
	place := make(map[string]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	var shown []DigestItem
	for _, item := range items {
		// Whose reaction stood first in a line may have taken it back: the next one stands for it, and is of this page, too.
		if _, here := place[item.Kudos.ID]; here {
			shown = append(shown, item)
		}
	}
	slices.SortFunc(shown, func(a, b DigestItem) int { return place[a.Kudos.ID] - place[b.Kudos.ID] })
	return shown
}

// inTurns orders items, which come by time, so that nobody waits for their first behind somebody's third: until everybody has one, an item that would be
// the third for one of its people comes only where somebody else has none but in it. Whoever is thanked as a team counts as one.
func inTurns(items []DigestItem) []DigestItem {
	waiting := map[string]bool{}
	for _, item := range items {
		for _, id := range item.turns() {
			waiting[id] = true
		}
	}
	shown, taken := map[string]int{}, make([]bool, len(items))
	ordered := make([]DigestItem, 0, len(items))
	take := func(next func(turns []string) bool) {
		for i, item := range items {
			if len(waiting) == 0 {
				return
			}
			turns := item.turns()
			if taken[i] || !next(turns) {
				continue
			}
			taken[i] = true
			ordered = append(ordered, item)
			for _, id := range turns {
				shown[id]++
				delete(waiting, id)
			}
		}
	}
	take(func(turns []string) bool {
		return !slices.ContainsFunc(turns, func(id string) bool { return shown[id] >= 2 })
	})
	take(func(turns []string) bool {
		return slices.ContainsFunc(turns, func(id string) bool { return waiting[id] })
	})
	for i, item := range items {
		if !taken[i] {
			ordered = append(ordered, item)
		}
	}
	return ordered
}

// turns are the people whose turn an item is.
func (i DigestItem) turns() []string {
	if i.Kudos.Team != "" {
		return []string{i.Kudos.Team}
	}
	return i.Recipients
}

// joinReactions puts the same emoji on the same message into one item, at the place of the first.
func joinReactions(items []DigestItem) []DigestItem {
	type spot struct{ about, reaction string }
	first := map[spot]int{}
	var joined []DigestItem
	for _, item := range items {
		at := spot{item.Kudos.About, item.Kudos.Reaction}
		if i, there := first[at]; there && at.about != "" && at.reaction != "" {
			joined[i].Others = append(joined[i].Others, item.Kudos)
			continue
		}
		first[at] = len(joined)
		joined = append(joined, item)
	}
	return joined
}

// reactionSection stands for the section of the reactions, where others have the name of a value.
const reactionSection = "\x00"

// sectionOf is the name of the item's value, if the workspace still has it.
func sectionOf(item DigestItem, values []Value) string {
	switch {
	case item.Kudos.Reaction != "":
		return reactionSection
	case slices.ContainsFunc(values, func(v Value) bool { return v.Name == item.Kudos.Value }):
		return item.Kudos.Value
	}
	return ""
}

// sectionsOf groups items by value, in the workspace's order; what has none comes after them, and reactions last.
func sectionsOf(items []DigestItem, values []Value) []DigestSection {
	sections := make([]DigestSection, 0, len(values)+2)
	for _, v := range append(slices.Clone(values), Value{}) {
		sections = append(sections, DigestSection{Value: v})
	}
	sections = append(sections, DigestSection{Reactions: true})
	for _, item := range items {
		name := sectionOf(item, values)
		i := slices.IndexFunc(sections, func(s DigestSection) bool {
			return s.Reactions == (name == reactionSection) && (s.Reactions || s.Value.Name == name)
		})
		sections[i].Kudos = append(sections[i].Kudos, item)
	}
	return slices.DeleteFunc(sections, func(s DigestSection) bool { return len(s.Kudos) == 0 })
}
