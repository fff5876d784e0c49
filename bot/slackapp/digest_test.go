package slackapp

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rapport/bot"
)

// digestViews are what tells of a digest's settings, and the digests that are out of the ordinary.
func digestViews() map[string]Message {
	on := bot.Digest{
		Channel: "CPUB", Version: 2, Weekday: time.Monday, Minute: 9*60 + 30, Zone: "America/New_York", By: "UANA", QuietWork: true, Changed: wednesday,
	}
	team, reactions := viewDigest(), viewDigest()
	named := viewKudos()
	named.Team, named.TeamName, named.Value = "S1", "Release *crew* <!here>", ""
	nameless := named
	nameless.TeamName = ""
	team.Sections = []bot.DigestSection{{Kudos: []bot.DigestItem{{Kudos: named, Recipients: []string{"UBOB", "UCYN"}}, {Kudos: nameless, Recipients: []string{"UBOB"}}}}}
	clap := bot.Kudos{ID: "k3", Giver: "UANA", Recipients: []string{"UBOB"}, Reaction: "clap", About: "https://acme.slack.com/archives/CPUB/p1"}
	other := clap
	other.Giver = "UCYN"
	reactions.Page, reactions.Pages, reactions.Continued = 1, 2, false
	reactions.Sections = []bot.DigestSection{{Reactions: true, Kudos: []bot.DigestItem{
		{Kudos: clap, Others: []bot.Kudos{other}, Recipients: []string{"UBOB"}, Link: clap.About}, {Kudos: other, Recipients: []string{"UBOB"}},
	}}}
	return map[string]Message{
		"digest_on_asking":       digestSet(Reader{}, on, wednesday),
		"digest_preview_asking":  digestPreview(Reader{}, bot.DigestPreview{Post: viewDigest(), Digest: on, On: true, May: true}),
		"digest_preview_stopped": digestPreview(Reader{}, bot.DigestPreview{Digest: bot.Digest{Channel: "CPUB", Weekday: time.Monday, Off: true}, May: true}),
		"digest_team":            digestPost(Reader{}, team),
		"digest_reactions":       digestPost(Reader{}, reactions),
		"digest_quiet":           quietQuestion(Reader{}, bot.QuietWork{Channel: "CPUB", Prompt: "Who took the notes & wrote <the test>?", Digest: on, Comes: wednesday}),
		"digest_quiet_plain":     quietQuestion(Reader{}, bot.QuietWork{Channel: "CPUB", Digest: on, Comes: wednesday}),
		"digest_quiet_stopped":   quietStopped(),
	}
}

func TestDigestViewsLookAsTheyDid(t *testing.T) {
	for name, m := range digestViews() {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
	}
	sealed, err := digestForm(bot.Digest{
		Channel: "CPUB", Weekday: time.Monday, Minute: 9*60 + 30, Zone: "America/Boise", By: "UANA", QuietWork: true, Changed: wednesday,
	}).seal()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "digest_form", sealed)
	if fresh := digestForm(bot.Digest{Channel: "CPUB", Weekday: bot.DigestWeekday, Minute: bot.DigestMinute, Zone: "UTC", Off: true}); fresh.PrivateMetadata != "CPUB 0001-01-01T00:00:00Z" {
		t.Errorf("carries %q", fresh.PrivateMetadata)
	}
}

// digestForming is a submitted form about the digest of CPUB.
func digestForming(user, metadata string, edit func(Values)) Request {
	v := Values{
		digestOn: {Option: "on"}, digestWeekday: {Option: "2"}, digestTime: {Time: "09:15"}, digestZone: {Option: "Asia/Tokyo"}, digestQuiet: {Options: []string{"ask"}},
	}
	if edit != nil {
		edit(v)
	}
	return Request{Kind: OnSubmit, Token: "form", Now: wednesday, User: user, View: View{PrivateMetadata: metadata}, Values: v}
}

func TestTheDigestsFormIsSaved(t *testing.T) {
	const fresh = "CPUB 0001-01-01T00:00:00Z"
	for _, tt := range []struct {
		name, user, metadata string
		edit                 func(Values)
		block                string // below which something is said
		refused              bool   // with what no honest form sends
	}{
		{name: "a digest that was not on", user: "UANA", metadata: fresh},
		{name: "without a time", user: "UANA", metadata: fresh, edit: func(v Values) { v[digestTime] = Picked{} }, block: digestTime},
		{name: "a guest", user: "UGUEST", metadata: fresh, block: digestOn},
		{name: "a channel of other companies", user: "UANA", metadata: "CSHARED 0001-01-01T00:00:00Z", block: digestOn},
		{name: "a zone that is none", user: "UANA", metadata: fresh, edit: func(v Values) { v[digestZone] = Picked{Option: "Mars"} }, block: digestZone},
		{name: "a day that is none", user: "UANA", metadata: fresh, edit: func(v Values) { v[digestWeekday] = Picked{} }, block: digestOn},
		{name: "what somebody else changed", user: "UANA", metadata: "CPUB 2026-03-25T09:00:00Z", block: digestOn},
		{name: "forged metadata", user: "UANA", metadata: "CPUB yesterday", refused: true},
		{name: "no metadata", user: "UANA", refused: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k, s := newKudosNoun(t)
			response, err := (&Digests{Use: k.Use}).save(t.Context(), digestForming(tt.user, tt.metadata, tt.edit))
			if (err != nil) != tt.refused {
				t.Fatal(err)
			}
			said, _ := response.Ack.(errorsAck)
			if tt.block != "" && said.sentences[tt.block] == "" {
				t.Errorf("says %v", said.sentences)
			}
			want := bot.Digest{Channel: "CPUB", Weekday: time.Tuesday, Minute: 9*60 + 15, Zone: "Asia/Tokyo", By: "UANA", QuietWork: true, Changed: wednesday}
			switch got := s.digests["CPUB"]; {
			case tt.block != "" || tt.refused:
				if len(s.digests) > 0 {
					t.Errorf("stored %+v", s.digests)
				}
			case got.Channel != want.Channel || got.Weekday != want.Weekday || got.Minute != want.Minute || got.Zone != want.Zone || !got.QuietWork || got.Off || got.By != want.By:
				t.Errorf("stored %+v, want %+v", got, want)
			}
		})
	}
}

// A digest in many scripts: nobody is notified, names and words keep to their places, nothing is cut in the middle.
func TestADigestInManyScripts(t *testing.T) {
	people := map[string]bot.Member{}
	var items []bot.DigestItem
	for i, name := range []string{
		"Ana *Lopez*", "Зоя Климова", "Ελένη", "ليلى <!here>", "נועה", "अनिता", "สมชาย", "王小明", "さくら", "김하늘", "👩‍👩‍👧‍👦 Ko & Ko", "@channel",
	} {
		id := fmt.Sprintf("U%03d", i)
		people[id] = bot.Member{ID: id, Name: name}
		words := strings.Repeat(name+" 👩🏽‍🚀🏳️‍🌈 <!channel> <@U001> ", 30)
		items = append(items, bot.DigestItem{Kudos: bot.Kudos{ID: id, Giver: id, Message: words}, Recipients: []string{"U003", id}, Link: "https://acme.slack.com/archives/CPUB/p1"})
	}
	post := bot.DigestPost{Givers: 12, Recipients: 12, People: people, Sections: []bot.DigestSection{{Kudos: items}}}
	m := digestPost(Reader{}, post)
	if _, err := m.seal(); err != nil {
		t.Error(err)
	}
	for _, item := range items {
		text := post.Excerpt(item)
		if n := utf8.RuneCountInString(text); n > 300 || n < 200 || strings.ContainsAny(text, "\n\ufffd") {
			t.Errorf("%d characters of %q", n, text)
		}
		cut := strings.TrimSuffix(text, "…")
		if strings.HasSuffix(cut, "\u200d") || strings.HasSuffix(cut, "👩") || strings.HasSuffix(cut, "🏳️\u200d") {
			t.Errorf("an emoji is cut apart: %q", text[len(text)-30:])
		}
	}
	all := fmt.Sprint(texts(t, m))
	for _, ping := range []string{"<!", "<@", "@channel", "@here"} {
		if strings.Contains(all, ping) {
			t.Errorf("holds %q", ping)
		}
	}
	if open, closed := strings.Count(m.Text, "\u2068"), strings.Count(m.Text, "\u2069"); open != closed || open == 0 {
		t.Errorf("%d isolates begin, %d end", open, closed)
	}
}

// texts are everything that a message says.
func texts(t *testing.T, m Message) []string {
	t.Helper()
	sealed, err := m.seal()
	if err != nil {
		t.Fatal(err)
	}
	generic, err := toGeneric(sealed.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{sealed.Text}
	var walk func(node any)
	walk = func(node any) {
		switch node := node.(type) {
		case []any:
			for _, child := range node {
				walk(child)
			}
		case map[string]any:
			if text, ok := node["text"].(string); ok {
				list = append(list, text)
			}
			for _, child := range node {
				walk(child)
			}
		}
	}
	walk(generic)
	slices.Sort(list)
	return list
}
