package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// said is a message that is long enough.
const said = "untangled the release scripts"

func mentions(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<@U%d> ", i+1)
	}
	return b.String()
}

// kudosRow is one expectation; lists are joined by commas, so that a row fits on a line.
type kudosRow struct {
	name, text  string
	action      KudosAction
	recipients  string
	groups      string
	message     string
	value       string
	private     bool
	fault       FaultCode
	extraValues []string
}

func (row kudosRow) check(t *testing.T) {
	t.Helper()
	var values []string
	if row.extraValues != nil {
		values = append(values, "trust", "respect", "listening", "influence")
		values = append(values, row.extraValues...)
	}
	in := ParseKudos(row.text, values)
	got := fmt.Sprintf("%s to %s and %s: %q value %q private %t fault %q", in.Action, strings.Join(in.Recipients, ","),
		strings.Join(in.Groups, ","), in.Message, in.Value, in.Private, in.Fault)
	want := fmt.Sprintf("%s to %s and %s: %q value %q private %t fault %q", row.action, row.recipients, row.groups, row.message,
		row.value, row.private, row.fault)
	if got != want {
		t.Errorf("ParseKudos(%q)\n got %s\nwant %s", row.text, got, want)
	}
	checkKudosParts(t, row.text, in)
}

// TestParseKudosContract holds the rows of the kudos contract that are about reading the text. The number is the row's.
func TestParseKudosContract(t *testing.T) {
	rows := []kudosRow{
		{name: "1 empty", text: "", action: KudosModal},
		{name: "1 spaces", text: " \u00a0\t ", action: KudosModal},
		{name: "2 help", text: "help", action: KudosHelp},
		{name: "2 HELP with a space", text: "HELP ", action: KudosHelp},
		{name: "3 help with more", text: "help <@U1> was great", action: KudosModal, recipients: "U1", message: "help <@U1> was great", fault: KudosNoRecipient},
		{name: "4 plain mention", text: "<@U1> " + said, action: KudosGive, recipients: "U1", message: said},
		{name: "5 labelled mention", text: "<@U1|ana> " + said, action: KudosGive, recipients: "U1", message: said},
		{name: "6 enterprise id", text: "<@W1> " + said, action: KudosGive, recipients: "W1", message: said},
		{name: "7 typed name", text: "@ana " + said, action: KudosModal, message: "@ana " + said, fault: KudosUnpickedPerson},
		{name: "8 comma and and", text: "<@U1>, <@U2> and <@U3> " + said, action: KudosGive, recipients: "U1,U2,U3", message: said},
		{name: "8 ampersand and plus", text: "<@U1> &amp; <@U2>+<@U3>, and <@U4> " + said, action: KudosGive, recipients: "U1,U2,U3,U4", message: said},
		{name: "9 the same person twice", text: "<@U1> <@U1|a> " + said, action: KudosGive, recipients: "U1", message: said},
		{name: "10 person and group", text: "<@U1> <!subteam^S1|@h> " + said, action: KudosGive, recipients: "U1", groups: "S1", message: said},
		{name: "11 group", text: "<!subteam^S1> " + said, action: KudosGive, groups: "S1", message: said},
		{name: "11 group with a handle, twice", text: "<!subteam^S1|@h> <!subteam^S1> " + said, action: KudosGive, groups: "S1", message: said},
		{name: "22 ten people", text: mentions(10) + said, action: KudosGive, recipients: "U1,U2,U3,U4,U5,U6,U7,U8,U9,U10", message: said},
		{name: "22 eleven people", text: mentions(11) + said, action: KudosError, recipients: "U1,U2,U3,U4,U5,U6,U7,U8,U9,U10,U11", message: said, fault: KudosTooMany},
		{name: "24 nothing but a mention", text: "<@U1>", action: KudosModal, recipients: "U1"},
		{name: "25 too short", text: "<@U1> thx", action: KudosError, recipients: "U1", message: "thx", fault: KudosTooShort},
		{name: "25 emoji names", text: "<@U1> :tada: :heart: :raised_hands:", action: KudosError, recipients: "U1", message: ":tada: :heart: :raised_hands:", fault: KudosTooShort},
		{name: "25 emoji", text: "<@U1> " + strings.Repeat("🎉", 20), action: KudosError, recipients: "U1", message: strings.Repeat("🎉", 20), fault: KudosTooShort},
		{name: "25 address", text: "<@U1> <https://example.com/a/long/way>", action: KudosError, recipients: "U1", message: "<https://example.com/a/long/way>", fault: KudosTooShort},
		{name: "25 address that Slack did not mark", text: "<@U1> (https://example.com/a/long/way)", action: KudosError, recipients: "U1", message: "(https://example.com/a/long/way)", fault: KudosTooShort},
		{name: "25 thirty spaces", text: "<@U1>" + strings.Repeat(" ", 30), action: KudosError, recipients: "U1", fault: KudosTooShort},
		{name: "26 a thousand characters", text: "<@U1> " + strings.Repeat("ü", 1000), action: KudosGive, recipients: "U1", message: strings.Repeat("ü", 1000)},
		{name: "26 one more", text: "<@U1> " + strings.Repeat("ü", 1001), action: KudosError, recipients: "U1", message: strings.Repeat("ü", 1001), fault: KudosTooLong},
		{name: "26 three thousand and one", text: "<@U1> " + strings.Repeat("a", 3001), action: KudosError, recipients: "U1", message: strings.Repeat("a", 3001), fault: KudosTooLong},
		{name: "26 entities are one character", text: "<@U1> " + strings.Repeat("&amp;a", 500), action: KudosGive, recipients: "U1", message: strings.Repeat("&amp;a", 500)},
		{name: "27 broadcast is text", text: "<@U1> <!channel> look what she " + said, action: KudosGive, recipients: "U1", message: "<!channel> look what she " + said},
		{name: "27 broadcast is no recipient", text: "<!here> " + said, action: KudosModal, message: "<!here> " + said, fault: KudosNoRecipient},
		{name: "28 escaped broadcast", text: "<@U1> &lt;!channel&gt; " + said, action: KudosGive, recipients: "U1", message: "&lt;!channel&gt; " + said},
		{name: "29 channel first", text: "<#C1|general> " + said, action: KudosModal, message: "<#C1|general> " + said, fault: KudosNoRecipient},
		{name: "30 a mention inside", text: "<@U1> helped <@U2> ship", action: KudosGive, recipients: "U1", message: "helped <@U2> ship"},
		{name: "31 code", text: "<@U1> made `<@U2> #trust --private` understandable", action: KudosGive, recipients: "U1", message: "made `<@U2> #trust --private` understandable"},
		{name: "31 code block", text: "<@U1> wrote ```\n#trust --private\n``` for all of us", action: KudosGive, recipients: "U1", message: "wrote ```\n#trust --private\n``` for all of us"},
		{name: "31 mention in code first", text: "`<@U1>` " + said, action: KudosModal, message: "`<@U1>` " + said, fault: KudosNoRecipient},
		{name: "32 value before a comma", text: "<@U1> real #teamwork, from end to end", action: KudosGive, recipients: "U1", message: "real #teamwork, from end to end", value: "teamwork", extraValues: []string{"teamwork"}},
		{name: "32 value beyond ASCII", text: "<@U1> " + said + " #Über", action: KudosGive, recipients: "U1", message: said, value: "über", extraValues: []string{"über"}},
		{name: "32 value with a decomposed accent", text: "<@U1> " + said + " #u\u0308ber", action: KudosGive, recipients: "U1", message: said, value: "Über", extraValues: []string{"Über"}},
		{name: "32 fragment of an address", text: "<@U1> documented x.com/#trust for everyone", action: KudosGive, recipients: "U1", message: "documented x.com/#trust for everyone"},
		{name: "33 unknown value", text: "<@U1> " + said + " #foo", action: KudosGive, recipients: "U1", message: said + " #foo"},
		{name: "34 no-break space", text: "<@U1>\u00a0" + said, action: KudosGive, recipients: "U1", message: said},
		{name: "34 right to left", text: "\u200f<@U1> עזרה לי מאוד עם הגרסה החדשה", action: KudosGive, recipients: "U1", message: "עזרה לי מאוד עם הגרסה החדשה"},
		{name: "34 joined emoji stay", text: "<@U1> " + said + " 👩‍👩‍👧", action: KudosGive, recipients: "U1", message: said + " 👩‍👩‍👧"},
		{name: "35 marks stay as typed", text: "<@U1> *" + said + " _now", action: KudosGive, recipients: "U1", message: "*" + said + " _now"},
	}
	for _, row := range rows {
		t.Run(row.name, row.check)
	}
}

func TestParseKudosDetails(t *testing.T) {
	rows := []kudosRow{
		{name: "verbs", text: "mine", action: KudosMine},
		{name: "undo", text: " Undo", action: KudosUndo},
		{name: "digest", text: "digest", action: KudosDigest},
		{name: "forget me", text: "forget-me", action: KudosForgetMe},
		{name: "for", text: "<@U1> for " + said, action: KudosGive, recipients: "U1", message: said},
		{name: "comma and For", text: "<@U1>, For " + said, action: KudosGive, recipients: "U1", message: said},
		{name: "for alone", text: "<@U1> for", action: KudosModal, recipients: "U1"},
		{name: "a word that begins with for", text: "<@U1> formalised the release", action: KudosGive, recipients: "U1", message: "formalised the release"},
		{name: "and the team is text", text: "<@U1> and the team " + said, action: KudosGive, recipients: "U1", message: "and the team " + said},
		{name: "android is no joiner", text: "<@U1> android <@U2> " + said, action: KudosGive, recipients: "U1", message: "android <@U2> " + said},
		{name: "colon", text: "<@U1>: " + said, action: KudosGive, recipients: "U1", message: said},
		{name: "emoji name is kept", text: "<@U1> :tada: " + said, action: KudosGive, recipients: "U1", message: ":tada: " + said},
		{name: "picked and typed", text: "<@U1> and @bob " + said, action: KudosModal, recipients: "U1", message: "and @bob " + said, fault: KudosUnpickedPerson},
		{name: "private at the end", text: "<@U1> " + said + " --private", action: KudosGive, recipients: "U1", message: said, private: true},
		{name: "private first", text: "--private <@U1> " + said, action: KudosGive, recipients: "U1", message: said, private: true},
		{name: "private among the people", text: "<@U1> --private <@U2> for " + said, action: KudosGive, recipients: "U1,U2", message: said, private: true},
		{name: "private inside", text: "<@U1> helped me --private with my notes", action: KudosGive, recipients: "U1", message: "helped me with my notes", private: true},
		{name: "private with a dash", text: "<@U1> " + said + " —Private.", action: KudosGive, recipients: "U1", message: said, private: true},
		{name: "private misspelt", text: "<@U1> " + said + " --privat", action: KudosModal, recipients: "U1", message: said + " --privat", private: true, fault: KudosUnclearPrivate},
		{name: "private with one hyphen", text: "<@U1> " + said + " -private", action: KudosModal, recipients: "U1", message: said + " -private", private: true, fault: KudosUnclearPrivate},
		{name: "private as a word", text: "<@U1> " + said + " in private", action: KudosGive, recipients: "U1", message: said + " in private"},
		{name: "private and value in any order", text: "<@U1> " + said + " --private #trust", action: KudosGive, recipients: "U1", message: said, value: "trust", private: true},
		{name: "value and private", text: "<@U1> " + said + " #TRUST --private", action: KudosGive, recipients: "U1", message: said, value: "trust", private: true},
		{name: "value first", text: "<@U1> #trust for " + said, action: KudosGive, recipients: "U1", message: said, value: "trust"},
		{name: "first of two values", text: "<@U1> " + said + " #trust #respect", action: KudosGive, recipients: "U1", message: said + " #trust #respect", value: "trust"},
		{name: "value of two words", text: "<@U1> " + said + " #customer-first", action: KudosGive, recipients: "U1", message: said, value: "Customer first", extraValues: []string{"Customer first"}},
		{name: "longer word is another", text: "<@U1> " + said + " #trustworthy", action: KudosGive, recipients: "U1", message: said + " #trustworthy"},
		{name: "value inside a word", text: "<@U1> " + said + " a#trust", action: KudosGive, recipients: "U1", message: said + " a#trust"},
		{name: "value in Japanese", text: "<@U1> 手伝ってくれて感謝＃信頼", action: KudosGive, recipients: "U1", message: "手伝ってくれて感謝", value: "信頼", extraValues: []string{"信頼"}},
		{name: "six letters without spaces", text: "<@U1> 手伝い感謝。す", action: KudosGive, recipients: "U1", message: "手伝い感謝。す"},
		{name: "five letters without spaces", text: "<@U1> 手伝い感謝", action: KudosError, recipients: "U1", message: "手伝い感謝", fault: KudosTooShort},
		{name: "modal keeps value and private", text: "<@U1> #trust --private", action: KudosModal, recipients: "U1", value: "trust", private: true},
		{name: "nobody, too long", text: strings.Repeat("a", 1001), action: KudosError, message: strings.Repeat("a", 1001), fault: KudosTooLong},
		{name: "mail first", text: "<mailto:a@b.c|a@b.c> " + said, action: KudosModal, message: "<mailto:a@b.c|a@b.c> " + said, fault: KudosNoRecipient},
		{name: "lines stay", text: "<@U1> first line\nsecond line", action: KudosGive, recipients: "U1", message: "first line\nsecond line"},
	}
	for _, row := range rows {
		t.Run(row.name, row.check)
	}
}

func TestKudosGrammarWithoutValues(t *testing.T) {
	in := KudosGrammar{Limits: StandardKudosLimits()}.Parse("<@U1> " + said + " #trust")
	if in.Value != "" || in.Message != said+" #trust" {
		t.Errorf("got value %q and message %q", in.Value, in.Message)
	}
}

// checkKudosParts fails unless the parts tile the text and the message is made of its parts.
func checkKudosParts(t *testing.T, text string, in KudosInput) {
	t.Helper()
	at := 0
	var message strings.Builder
	for _, p := range in.Parts {
		if p.Start != at || p.End <= p.Start {
			t.Fatalf("parts of %q: %v", text, in.Parts)
		}
		at = p.End
		part := text[p.Start:p.End]
		switch p.Role {
		case KudosPartMessage:
			message.WriteString(part)
		case KudosPartJoiner:
			if trimmed := strings.TrimRightFunc(part, isBlank); joinerLength(part) != len(part) && fillerLength(trimmed+" ") < len(trimmed) {
				t.Fatalf("%q of %q is no joiner", part, text)
			}
		}
	}
	if at != len(text) || message.String() != in.Message {
		t.Fatalf("parts of %q cover %d of %d bytes and say %q, the message is %q", text, at, len(text), message.String(), in.Message)
	}
}

// naiveRun is who stands in the leading run of a text, said a second time and in another way: one character after another, knowing nothing of pieces. Where it
// differs from the parser it is wider: anything beyond ASCII that is no letter and no digit counts as a space.
func naiveRun(text string) map[string]bool {
	named := map[string]bool{}
	for first := true; text != ""; first = false {
		rest := naiveGap(text, first)
		if rest == text {
			id, after, ok := naiveMention(text)
			if !ok {
				return named
			}
			named[id] = true
			rest = after
		}
		text = rest
	}
	return named
}

// naiveGap takes off what may stand before or between people: a space, a joiner, a flag, or, at the beginning, a verb.
func naiveGap(text string, first bool) string {
	begins := func(word string) bool { return len(text) >= len(word) && strings.EqualFold(text[:len(word)], word) }
	for _, flag := range []string{"--private", "\u2013private", "\u2014private"} {
		if begins(flag) {
			return strings.TrimLeft(text[len(flag):], ".,;:!?")
		}
	}
	words := []string{"and"}
	if first {
		words = append(words, "help", "mine", "undo", "digest", "forget-me")
	}
	for _, word := range words {
		if !begins(word) {
			continue
		}
		if next, _ := utf8.DecodeRuneInString(text[len(word):]); len(text) == len(word) || naiveSpace(next) || next == '<' {
			return text[len(word):]
		}
	}
	for _, joiner := range []string{"&amp;", "&", "+", ","} {
		if strings.HasPrefix(text, joiner) {
			return text[len(joiner):]
		}
	}
	for i, r := range text {
		if i > 0 || !naiveSpace(r) && (!first || !strings.ContainsRune("()[]{}\"'.;:!?", r)) {
			return text[i:]
		}
	}
	return ""
}

func naiveSpace(r rune) bool {
	return unicode.IsSpace(r) || r > unicode.MaxASCII && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// naiveMention reads one mention of a member or a user group.
func naiveMention(text string) (id, rest string, ok bool) {
	inside, rest, ok := strings.Cut(text, ">")
	if !ok || strings.ContainsAny(inside, "\n") {
		return "", "", false
	}
	target, _, _ := strings.Cut(inside, "|")
	firsts := "UW"
	id, ok = strings.CutPrefix(target, "<@")
	if !ok {
		id, ok = strings.CutPrefix(target, "<!subteam^")
		firsts = "S"
	}
	return id, rest, ok && len(id) > 1 && strings.Contains(firsts, id[:1]) && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// checkKudosRoles fails if a part was taken for what it is not: then what somebody typed would be lost, for only the message is kept as it is.
func checkKudosRoles(t *testing.T, text string, in KudosInput) {
	t.Helper()
	for _, p := range in.Parts {
		part := text[p.Start:p.End]
		switch p.Role {
		case KudosPartRecipient:
			id, rest, ok := naiveMention(part)
			if !ok || rest != "" || !slices.Contains(in.Recipients, id) && !slices.Contains(in.Groups, id) {
				t.Fatalf("%q of %q is taken for a recipient of %v, %v", part, text, in.Recipients, in.Groups)
			}
		case KudosPartPrivate:
			if !in.Private || !strings.Contains(strings.ToLower(part), "private") {
				t.Fatalf("%q of %q is taken for --private", part, text)
			}
		case KudosPartValue:
			if in.Value == "" || foldValue(strings.TrimLeft(part, "#＃")) != foldValue(in.Value) {
				t.Fatalf("%q of %q is taken for the value %q", part, text, in.Value)
			}
		case KudosPartVerb:
			if in.Message != "" || !strings.EqualFold(part, string(in.Action)) {
				t.Fatalf("%q of %q is taken for the verb %s", part, text, in.Action)
			}
		}
	}
}

// FuzzParseKudos: no recipient that is not in the leading run, and no text lost.
func FuzzParseKudos(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text)
	}
	f.Add("help <@U1> was great")
	f.Add("help <@U1>s\x00\x80")
	f.Add("<@U0><@U00>And<@W0>")
	f.Add("--private <@U1> —private <@U2> text #trust #Über --privat")
	f.Add("<@U1>, <@U2|b> and <!subteam^S1|@h> &amp; <@W3> for `<@U4>` #trust")
	f.Fuzz(func(t *testing.T, text string) {
		in := ParseKudos(text, []string{"trust", "Über"})
		checkKudosParts(t, text, in)
		checkKudosRoles(t, text, in)
		named := naiveRun(text)
		for _, id := range slices.Concat(in.Recipients, in.Groups) {
			if !named[id] {
				t.Fatalf("ParseKudos(%q) credits %s, who is not in the leading run %v", text, id, named)
			}
		}
		if in.Action == KudosGive && (len(in.Recipients)+len(in.Groups) == 0 || in.Message == "") {
			t.Fatalf("ParseKudos(%q) gives %q to nobody", text, in.Message)
		}
	})
}

// TestParseKudosFindsEverybody builds texts of people, joiners and a message, and wants exactly these back.
func TestParseKudosFindsEverybody(t *testing.T) {
	joiner := rapid.SampledFrom([]string{" ", ", ", " and ", " &amp; ", "&amp;", "+", ",", "\u00a0", "\n", ", and ", " --private "})
	label := rapid.SampledFrom([]string{"", "|ana", "|", "|a, b"})
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		var want []string
		for n := range rapid.IntRange(1, 10).Draw(t, "people") {
			if n > 0 {
				text.WriteString(joiner.Draw(t, "joiner"))
			}
			id := fmt.Sprintf("%s%d", rapid.SampledFrom([]string{"U", "W"}).Draw(t, "kind"), rapid.IntRange(1, 5).Draw(t, "id"))
			text.WriteString("<@" + id + label.Draw(t, "label") + ">")
			want = appendOnce(want, id)
		}
		message := said + rapid.SampledFrom([]string{"", " with <@U9>", " `<@U8>`", " <!subteam^S1>", " and <@U7>", " <!here>"}).Draw(t, "rest")
		text.WriteString(rapid.SampledFrom([]string{" ", " for ", ": ", ", for "}).Draw(t, "filler") + message)
		in := ParseKudos(text.String(), nil)
		if !slices.Equal(in.Recipients, want) || len(in.Groups) > 0 || in.Message != message || in.Action != KudosGive {
			t.Fatalf("ParseKudos(%q) = %+v, want %q to %v", text.String(), in, message, want)
		}
	})
}

func TestParseKudosIsLinear(t *testing.T) {
	const size = 1 << 17
	for _, unit := range []string{"--private ", "<@U1> ", "<@U1> #trust ", "#x ", "— ", "and ", ":a", "`--private"} {
		text := strings.Repeat(unit, size/len(unit))
		done := make(chan KudosInput, 1)
		go func() { done <- ParseKudos(text, nil) }()
		select {
		case in := <-done:
			checkKudosParts(t, text, in)
		case <-time.After(20 * time.Second):
			t.Fatalf("parsing 128 KiB of %q takes more than 20 s", unit)
		}
	}
}
