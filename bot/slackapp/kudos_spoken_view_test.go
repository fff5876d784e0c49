package slackapp

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// nasty are texts of so many characters that take much more room than that, or are hard to cut.
func nasty(characters int) map[string]string {
	times := func(text string) string { return strings.Repeat(text, characters/bot.CountText(text)) }
	return map[string]string{
		"letters": times("a"), "signs": times("&amp;"), "signs on lines": times("&amp;\n"), "lines": times("a\n"), "angles": times("&gt;\n"), "names": times("<@U0000000001>"),
		"short labels": times("<@U0000000001|a> "), "families": times("👩‍👩‍👧"), "accents": "e" + times("\u0301"), "code": "```" + times("a")[6:] + "```", "signs in code": "```" + times("&amp;")[30:] + "```",
		"words": times("word "), "marks": times("*a* _b_ ~c~ "), "right to left": times("שלום "), "addresses": times("<https://example.com/a> "), "broadcasts": times("<!channel> "),
	}
}

// longNames are people with names as long and wide as Slack's can be.
func longNames(n int) (people map[string]bot.Member, ids []string) {
	people = map[string]bot.Member{}
	for i := range n {
		id := fmt.Sprintf("U%010d", i)
		ids, people[id] = append(ids, id), bot.Member{ID: id, Name: strings.Repeat("&", 80)}
	}
	return people, ids
}

// spokenViews are all messages that show the text of a kudos to ten, and what they show it with.
func spokenViews(text string, people map[string]bot.Member, ids []string) map[string]Message {
	w := viewWorkspace()
	k := viewKudos()
	k.Giver, k.Recipients, k.Message, k.Edited = ids[0], ids[1:], text, wednesday
	note := bot.KudosNote{Kudos: k, Value: w.Values[0], Reader: bot.Member{ID: ids[1]}, Posted: true, Shown: true, Link: k.About, People: people}
	report := bot.Report{Kudos: k.ID, By: ids[2], Giver: k.Giver, Words: strings.Repeat("&amp;\n", bot.ReportWords/2), At: wednesday, Admins: ids[:3]}
	given := bot.GivenKudos{Kudos: k, Place: bot.PlaceOutside, Quiet: ids[1:5], People: people, Offer: bot.Channel{ID: "CPRAISE", Name: "praise"}}
	for i, why := range []bot.LeftOutWhy{bot.LeftSelf, bot.LeftBot, bot.LeftGone, bot.LeftStranger, bot.LeftGuest, bot.LeftUnknown} {
		given.Left = append(given.Left, bot.LeftOut{Member: ids[i], Why: why})
	}
	var bundle bot.KudosNotes
	for range min(14, 300/len(ids)) { // as many as are taken together
		bundle.Notes = append(bundle.Notes, note)
	}
	var digest bot.DigestPost
	digest.People = people
	for range 3 {
		digest.Sections = append(digest.Sections, bot.DigestSection{Value: w.Values[0], Kudos: []bot.DigestItem{{Kudos: k, Recipients: ids[1:4], Link: k.About}}})
	}
	list := []bot.Kudos{k, k, k, k, k, k, k, k, k, k}
	return map[string]Message{
		"post": kudosPost(bot.KudosPost{Kudos: k, Recipients: k.Recipients, Value: w.Values[0], People: people}), "note": kudosNotes(bot.KudosNotes{Notes: []bot.KudosNote{note}}),
		"echo": kudosGiven(given, w), "edited": kudosEdited(bot.ChangedKudos{Kudos: k, Stray: true}, people),
		"report": reportedKudos(bot.ReportedKudos{Report: report, Kudos: k, Reader: bot.Member{ID: ids[0]}, People: people}),
		"bundle": kudosNotes(bundle), "digest": digestPost(Reader{}, digest), "preview": digestPreview(Reader{}, bot.DigestPreview{Post: digest}),
		"mine": kudosMine(Reader{}, bot.MyKudos{Given: list, Received: list, People: people, Reader: bot.Member{ID: ids[1]}}, "Done"), "twin": kudosTwin(text),
		"back": returned("Nothing was sent.", text),
	}
}

// Whatever is stored goes out, at the standard limit, at the highest that a workspace can set, and with as many people as it can set. What was accepted stands there in
// full where ten people are named, and what is cut says so.
func TestNastyTextsGoOut(t *testing.T) {
	for _, tt := range []struct{ characters, recipients int }{{1000, 10}, {3000, 10}, {3000, bot.RecipientsMost}} {
		people, ids := longNames(1 + tt.recipients)
		for name, text := range nasty(tt.characters) {
			if tt.recipients > 10 && name != "signs" && name != "names" {
				continue // as long as these, and slow
			}
			fits := bot.KudosSize(text, people) <= bot.KudosRoom
			for view, m := range spokenViews(text, people, ids) {
				sealed, err := m.seal()
				if err != nil {
					t.Errorf("%d %s to %d, %s: %v", tt.characters, name, tt.recipients, view, err)
					continue
				}
				full := view == "post" || view == "note" || view == "echo" || view == "edited"
				if cut := strings.Contains(written(sealed.Blocks), cutHere); full && tt.recipients == 10 && cut == fits {
					t.Errorf("%d %s, %s: cut %v, takes %d", tt.characters, name, view, cut, bot.KudosSize(text, people))
				}
			}
		}
	}
}

// A text in several paragraphs is the text: nothing of it is lost between them, every line is quoted, and code stays code.
func TestParagraphsOfATextAreTheText(t *testing.T) {
	people, _ := longNames(2)
	for name, text := range nasty(3000) {
		if bot.KudosSize(text, people) > bot.KudosRoom {
			continue
		}
		want := strings.Join(strings.Fields(inWords(text, people, 0)), "")
		var got strings.Builder
		for _, b := range spoken(text, people, 0) {
			said := b.(*slack.SectionBlock).Text.Text
			if utf8.RuneCountInString(said) > maxSection || strings.HasSuffix(said, "…") || strings.Count(said, "```")%2 != 0 {
				t.Errorf("%s: a paragraph of %d characters: %.40q", name, utf8.RuneCountInString(said), said)
			}
			for line := range strings.SplitSeq(said, "\n") {
				quoted, ok := strings.CutPrefix(line, "> ")
				if !ok && strings.TrimSpace(line) != ">" && !strings.Contains(want, "```") {
					t.Errorf("%s: no quote: %.40q", name, line)
				}
				got.WriteString(strings.Join(strings.Fields(quoted), ""))
			}
		}
		bare := strings.NewReplacer("```", "").Replace
		if bare(got.String()) != bare(want) {
			t.Errorf("%s: %d characters, want %d", name, got.Len(), len(want))
		}
	}
}

func TestHelpListsEveryValue(t *testing.T) {
	w, limits := viewWorkspace(), bot.StandardKudosLimits()
	w.Values = nil
	for i := range bot.ValueLimit {
		w.Values = append(w.Values, bot.Value{Name: fmt.Sprintf("team_work_%02d_abcdefghijklmno", i), Emoji: ":star:", Sentence: strings.Repeat("é", bot.ValueSentenceLimit)})
	}
	for name, sentence := range map[string]string{"long": strings.Repeat("é", bot.ValueSentenceLimit), "wide": strings.Repeat("&", bot.ValueSentenceLimit)} {
		for i := range w.Values {
			w.Values[i].Sentence = sentence
		}
		sealed, err := kudosHelp(w, limits, 20).seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		all := written(sealed.Blocks)
		for _, v := range w.Values {
			if !strings.Contains(all, "`#"+v.Name+"`") {
				t.Errorf("%s: no %s", name, v.Name)
			}
		}
		if strings.Contains(all, "…") || strings.Contains(all, "é") != (name == "long") {
			t.Errorf("%s: the sentences are cut", name)
		}
	}
}

func TestWhatATagIsCalled(t *testing.T) {
	for name, want := range map[string]string{
		"trust": "`#trust`", "team_work": "`#team_work`", "early - late": "`#early---late`", "a`b": "`#ab`", "@here": "`#@\u2060here`", "R&D": "`#R&amp;D`", "\u202etsurt": "`#tsurt`", "אמון": "\u2068`#אמון`\u2069",
	} {
		if got := tagged(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestARemovedValueStaysAsAWord(t *testing.T) {
	k := viewKudos()
	k.Value = "courage_" // no longer a value
	w := viewWorkspace()
	given := bot.GivenKudos{Kudos: k, Place: bot.PlaceChannel, People: viewPeople()}
	for name, blocks := range map[string][]slack.Block{"echo": kudosGiven(given, w).Blocks, "preview": kudosPreview(given, w).Blocks} {
		if all := written(blocks); !strings.Contains(all, "courage") {
			t.Errorf("%s: %s", name, all)
		}
	}
}

func TestAnUndoneReactionSaysThatTheEmojiStays(t *testing.T) {
	k := viewKudos()
	k.Reaction, k.Message = "clap", ""
	if got := kudosUndone(bot.ChangedKudos{Kudos: k}).Text; !strings.Contains(got, ":clap: itself stays") || strings.Contains(got, "text is gone") {
		t.Error(got)
	}
	list := bot.MyKudos{Given: []bot.Kudos{k}, People: viewPeople()}
	if all := written(kudosMine(Reader{}, list, "").Blocks); !strings.Contains(all, "The emoji itself stays") {
		t.Error(all)
	}
}
