package bot

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A digest is as many messages as it needs, up to a few: a message of Slack's holds 50 blocks and 10,000 characters, and what stands around the
// kudos needs some of both.
const (
	digestPages   = 5
	digestBlocks  = 40
	digestRoom    = 7500 // characters
	digestExcerpt = 300  // characters of a kudos

	// What a message spends beside words that vary.
	digestItemFrame  = 40
	digestTitleFrame = 200
)

// Excerpt is what a digest shows of a kudos: safe mrkdwn on one line, which notifies nobody.
func (d DigestPost) Excerpt(item DigestItem) string { return excerpt(item, d.People) }

func excerpt(item DigestItem, people map[string]Member) string {
	text := OutgoingText{Max: digestExcerpt, UserName: func(id string) string { return people[id].Name }}.Mrkdwn(item.Kudos.Message)
	return strings.Join(strings.Fields(text), " ")
}

// digestSize is how many characters an item takes at most.
func digestSize(item DigestItem, people map[string]Member) int {
	n := digestItemFrame + utf8.RuneCountInString(excerpt(item, people)) + utf8.RuneCountInString(item.Link)
	for _, id := range append([]string{item.Kudos.Giver}, item.Recipients...) {
		n += utf8.RuneCountInString(SafeName(orElse(people[id].Name, id))) + 5
	}
	return n
}

// paginate spreads items over pages and returns how many no page has room for.
func paginate(items []DigestItem, values []Value, people map[string]Member) (pages [][]DigestItem, more int) {
	var page []DigestItem
	titles := map[string]bool{}
	blocks, room := 0, 0
	for i, item := range items {
		title := valueOf(item, values)
		needBlocks, need := 1, digestSize(item, people)
		if !titles[title] {
			needBlocks, need = needBlocks+1, need+digestTitleFrame
		}
		if len(page) > 0 && (blocks+needBlocks > digestBlocks || room+need > digestRoom) {
			pages = append(pages, page)
			if len(pages) == digestPages {
				return pages, len(items) - i
			}
			page, titles, blocks, room = nil, map[string]bool{}, 0, 0
			needBlocks, need = 2, digestSize(item, people)+digestTitleFrame
		}
		page = append(page, item)
		titles[title] = true
		blocks, room = blocks+needBlocks, room+need
	}
	if len(page) > 0 {
		pages = append(pages, page)
	}
	return pages, 0
}

// valueOf is the name of the item's value, if the workspace still has it.
func valueOf(item DigestItem, values []Value) string {
	if slices.ContainsFunc(values, func(v Value) bool { return v.Name == item.Kudos.Value }) {
		return item.Kudos.Value
	}
	return ""
}

// sectionsOf groups items by value, in the workspace's order; what has none comes last.
func sectionsOf(items []DigestItem, values []Value) []DigestSection {
	var sections []DigestSection
	for _, v := range append(slices.Clone(values), Value{}) {
		section := DigestSection{Value: v}
		for _, item := range items {
			if valueOf(item, values) == v.Name {
				section.Kudos = append(section.Kudos, item)
			}
		}
		if len(section.Kudos) > 0 {
			sections = append(sections, section)
		}
	}
	return sections
}
