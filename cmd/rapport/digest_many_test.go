package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// digestWriters are people whose names are written in the scripts that a company may have.
var digestWriters = []string{
	"Zoë Åström", "Зоя Климова", "Ελένη Παππά", "ليلى حداد", "נועה לוי", "अनिता राव", "สมชาย ใจดี", "王小明", "さくら 山田", "김하늘", "👩‍👩‍👧‍👦 Ko & Ko", "*Ngozi_* <!here>",
}

// digestWords say something worth thanking for, in each of those scripts.
var digestWords = []string{
	"for staying on the call until the import really worked, and writing down why :tada:", "за то, что осталась до конца и объяснила, почему импорт падал 🎉",
	"γιατί έμεινε μέχρι το τέλος και εξήγησε με υπομονή το σφάλμα", "على بقائك حتى عمل الاستيراد وشرح السبب بكل هدوء 👏🏽", "על זה שנשארת עד שהייבוא עבד והסברת למה זה קרה",
	"आख़िर तक साथ रहने और कारण समझाने के लिए 🙏🏽", "ที่อยู่ช่วยจนระบบนำเข้าใช้งานได้และอธิบายสาเหตุอย่างใจเย็น", "一直陪客户到导入成功，还把原因写了下来，大家都受益",
	"最後まで付き合って原因を丁寧に説明してくれたこと 🎌", "끝까지 남아서 원인을 차분하게 설명해 준 것 👩🏽‍🚀🏳️‍🌈",
	"for all of this: " + "calm notes, a *bold_ word, `code <!channel>`, 👩🏽‍🚀🏳️‍🌈 and no question twice. @here ", "for <!channel> the long one: " + strings.Repeat("👨‍👩‍👧‍👦 और שלום ", 50),
}

// Three hundred kudos in one week, in many scripts: each is in the digest once, in order, and no message of it breaks a limit of Slack's.
func TestADigestOfThreeHundredKudos(t *testing.T) {
	t.Parallel()
	const all = 300
	s := &scenario{}
	s.tell(t, "now 2026-03-25T10:17:00+01:00")
	kudos, people := digestCrowd(t, s)
	s.tell(t, "ana #kudos /kudos digest", `ana presses "Post this here every Friday"`)
	values := []string{" #trust", " #respect", " #listening", " #influence", ""}
	for i := range all {
		giver, to := people[i%len(people)], people[len(people)-1-i%len(digestWriters)]
		if giver == to {
			giver = people[0]
		}
		text := fmt.Sprintf("<@%s> %s (%d)%s", to, digestWords[i%len(digestWords)], i, values[i%len(values)])
		if i%7 == 0 {
			text = fmt.Sprintf("<@%s> %s", people[(i+3)%len(people)], text)
		}
		if a := s.act("/command", map[string]any{"user": giver, "channel": kudos, "command": "/kudos", "text": text}); !strings.Contains(string(a.Response), "Thank you for saying it") {
			t.Fatalf("kudos %d: %s", i, a.Response)
		}
		if i%20 == 19 {
			s.advance("2m")
		}
	}
	s.tell(t, "at 2026-03-27T15:02:00+01:00")
	pages := digestMessages(s.state(), kudos)
	if len(pages) < 8 || len(pages) > 15 {
		t.Fatalf("%d messages", len(pages))
	}
	shown := map[string]int{}
	for i, m := range pages {
		if wanted := fmt.Sprintf("part %d of %d", i+1, len(pages)); i > 0 && (!strings.Contains(m.Text, wanted) || m.ThreadTS != pages[0].TS) {
			t.Errorf("message %d is not %s: %.80q", i, wanted, m.Text)
		}
		digestLimits(t, i, m)
		for n := range all {
			if strings.Contains(string(m.Blocks), fmt.Sprintf("(%d)", n)) {
				shown[fmt.Sprint(n)]++
			}
		}
	}
	links := 0
	for _, m := range pages {
		links += strings.Count(string(m.Blocks), "|see it")
	}
	// What is longer than three hundred characters shows no number at its end.
	if long := all / len(digestWords); len(shown) != all-long || links != all {
		t.Errorf("%d of %d are shown, with %d links", len(shown), all-long, links)
	}
	for n, times := range shown {
		if times != 1 {
			t.Errorf("kudos %s is shown %d times", n, times)
		}
	}
	for _, broken := range s.state().Broken {
		t.Errorf("broke %s: %s", broken.Rule, broken.Detail)
	}
}

// tell does some lines of a story.
func (s *scenario) tell(t *testing.T, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if err := s.step(t, line); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
}

// digestCrowd puts everybody, and people of many scripts, into #kudos; the latter come last.
func digestCrowd(t *testing.T, s *scenario) (kudos string, people []string) {
	t.Helper()
	var writers []map[string]string
	for i, name := range digestWriters {
		writers = append(writers, map[string]string{"name": fmt.Sprint("writer", i), "real_name": name, "tz": "Europe/Berlin"})
	}
	var added struct{ People []string }
	if err := json.Unmarshal(s.post("/people", map[string]any{"people": writers}), &added); err != nil {
		t.Fatal(err)
	}
	now := s.state()
	for _, c := range now.Channels {
		if c.Name == "kudos" {
			kudos = c.ID
			people = slices.DeleteFunc(slices.Clone(c.Members), func(id string) bool { return id == now.App.BotUser })
			s.post("/people", map[string]any{"channels": []map[string]any{{"name": "kudos", "members": append(c.Members, added.People...)}}})
		}
	}
	s.settle()
	return kudos, append(people, added.People...)
}

// digestMessages are the messages of a channel's newest digest, in the order in which they came.
func digestMessages(now scene, channel string) []said {
	list := slices.DeleteFunc(slices.Clone(now.Messages), func(m said) bool {
		return m.Channel != channel || m.EphemeralTo != "" || !strings.HasPrefix(sidOf(m), "digest/")
	})
	slices.SortFunc(list, func(a, b said) int { return strings.Compare(a.TS, b.TS) })
	first := slices.IndexFunc(list, func(m said) bool { return strings.Count(sidOf(m), "/") == 2 })
	return list[max(first, 0):]
}

// digestLimits holds a message against what Slack and the contract allow, and against what would notify somebody.
func digestLimits(t *testing.T, i int, m said) {
	t.Helper()
	var blocks []map[string]any
	if err := json.Unmarshal(m.Blocks, &blocks); err != nil {
		t.Fatal(err)
	}
	chars := 0
	var walk func(node any)
	walk = func(node any) {
		switch node := node.(type) {
		case []any:
			for _, child := range node {
				walk(child)
			}
		case map[string]any:
			if text, ok := node["text"].(string); ok {
				chars += utf8.RuneCountInString(text)
				for line := range strings.Lines(text) {
					if quoted, is := strings.CutPrefix(line, "> "); is && utf8.RuneCountInString(strings.TrimSuffix(quoted, "\n")) > 300 {
						t.Errorf("message %d quotes %d characters", i, utf8.RuneCountInString(quoted))
					}
				}
				for _, ping := range []string{"<!", "<@", "@channel", "@here", "\ufffd", "\u202e"} {
					if strings.Contains(text, ping) {
						t.Errorf("message %d holds %q: %q", i, ping, text)
					}
				}
			}
			for _, child := range node {
				walk(child)
			}
		}
	}
	for _, b := range blocks {
		walk(map[string]any(b))
	}
	if len(blocks) > 45 || chars > 10_000 || utf8.RuneCountInString(m.Text) > 4000 {
		t.Errorf("message %d: %d blocks, %d characters in them, %d of text", i, len(blocks), chars, utf8.RuneCountInString(m.Text))
	}
}
