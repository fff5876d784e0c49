package slackapp

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"rapport/bot"
)

// FuzzKudosOutputs: whatever somebody writes, and whatever people and teams are called, no output about it calls anybody who is not thanked, every output keeps within
// Slack's limits, and nothing breaks out of its place.
func FuzzKudosOutputs(f *testing.F) {
	for _, text := range []string{
		"", "<@U1> thanks for all of it", "told <!channel> <!here|x> <!everyone> <!group> @channel @Here `@everyone`", "&lt;!channel&gt; &amp;lt;!here&amp;gt; &lt;@U9&gt;",
		"```<@U9>``` `#x` ` open ```", "<!subteam^S1|@here> *bold _both* it_ ~", "\u202Eevil\u2066\u2069 \u2067", "👩‍👩‍👧‍👦 e\u0301 🇩🇪", "&gt;&gt;&gt; quote\n&gt; again",
		"<https://evil.example|@channel> <javascript:alert(1)|x> <mailto:a@here.example|@here>", "`a``b```c```", "\xff\xfe<@U1>", "שלום <@U9> *שלום*", "@\u2060channel @\u00adhere",
		"<!date^1392734382^{date}|@channel>", "<#C1|@here>", "=1+1", "\t-2", "@sum(a1)", "=cmd|' /C calc'!A0", "a,\"b\"\nc",
	} {
		f.Add(text, "Ana Ferreira")
		f.Add("untangled the release scripts with <@U9|cy>", text)
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		if !utf8.ValidString(text) || !utf8.ValidString(name) {
			return // Slack sends JSON
		}
		checkOutputs(t, text, name)
	})
}

// TestKudosOutputsOfPieces does the same with texts that are put together from what has a meaning to Slack, which chance alone seldom does.
func TestKudosOutputsOfPieces(t *testing.T) {
	piece := rapid.SampledFrom([]string{
		"```", "`", "*", "_", "~", "\n", " ", "<@U9>", "<@U9|cy>", "<!here>", "<!subteam^S1|@h>", "<#C1|x>", "@chan", "nel", "@here", "&gt;", "&lt;", "&amp;", "<", ">", "&",
		"<https://x.y|z>", "<mailto:a@b.c|d>", "<!date^1^{date}|@here>", "\u202e", "\u2067", "\u2069", "\u200d", "\u2060", "👩‍👩‍👧", "שלום", "手伝い", "word", "!", "|", "#trust", "--private",
		strings.Repeat("long ", 120), strings.Repeat("&lt;", 200),
	})
	rapid.Check(t, func(r *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 30).Draw(r, "text"), "")
		checkOutputs(t, text, strings.Join(rapid.SliceOfN(piece, 1, 6).Draw(r, "name"), ""))
		if t.Failed() {
			r.Fatalf("%q", text)
		}
	})
}

// checkOutputs fails for any output of a text and a name that does harm.
func checkOutputs(t *testing.T, text, name string) {
	t.Helper()
	w := newFuzzed(text, name)
	for what, m := range w.messages() {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s of %q by %q: %v", what, text, name, err)
			continue
		}
		checkCalls(t, what+" of "+text, sealed.Text, w.called(what))
		checkBlocks(t, what+" of "+text, sealed.Blocks, w.called(what))
	}
	for what, m := range w.modals() {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s of %q by %q: %v", what, text, name, err)
			continue
		}
		checkBlocks(t, what+" of "+text, sealed.Blocks.BlockSet, w.called(what))
	}
	checkTable(t, w)
}

// fuzzed is a text in all the places where it can stand, and a name for everybody.
type fuzzed struct {
	typed  string // after /kudos, as Slack sends it
	input  bot.KudosInput
	kudos  bot.Kudos
	people map[string]bot.Member
	name   string
}

func newFuzzed(text, name string) fuzzed {
	limits := bot.StandardKudosLimits()
	w := fuzzed{typed: bot.CutText(text, 8000), people: map[string]bot.Member{}, name: bot.CutText(name, 80)} // as much as Slack takes
	w.input = bot.ParseKudos(w.typed, nil)
	w.kudos = bot.Kudos{
		ID: "k1", Version: 1, Giver: "UGIVER", Recipients: []string{"UONE", "UTWO"}, Value: "trust", Channel: "CPUB", Posted: true, Given: wednesday,
		Message: w.typed, About: "https://acme.slack.com/archives/CPUB/p1774429020000100",
	}
	if bot.CountText(w.kudos.Message) > limits.Characters {
		w.kudos.Message = bot.CutText(bot.OutgoingText{}.Plain(w.typed), limits.Characters) // an own form takes no more
		w.kudos.Message = bot.EscapeText(w.kudos.Message)
	}
	for _, p := range bot.ScanPieces(text) {
		if p.Kind == bot.PieceUser {
			w.people[p.ID] = bot.Member{ID: p.ID, Name: w.name}
		}
	}
	for _, id := range []string{"UGIVER", "UONE", "UTWO"} {
		w.people[id] = bot.Member{ID: id, Name: w.name}
	}
	return w
}

// called are those whom an output may mention: its giver and its recipients. What a person is given back names whom they typed, and only they see it. In a digest
// nobody is called again.
func (w fuzzed) called(what string) []string {
	switch {
	case strings.HasPrefix(what, "digest"):
		return nil
	case strings.HasPrefix(what, "back"):
		var typed []string
		for _, p := range bot.ScanPieces(w.typed) {
			typed = append(typed, p.ID)
		}
		return append(typed, "UGIVER", "UONE", "UTWO")
	}
	return []string{"UGIVER", "UONE", "UTWO", "UADMIN"}
}

func (w fuzzed) messages() map[string]Message {
	limits, reader := bot.StandardKudosLimits(), Reader{Zone: firstZone("Europe/Berlin")}
	k, value := w.kudos, w.value()
	team, private := k, k
	team.Team, team.TeamName = "S1", w.name
	private.Private, private.Posted = true, false
	note := bot.KudosNote{Kudos: k, Value: value, Reader: bot.Member{ID: "UONE", Name: w.name}, Posted: true, Shown: true, Link: k.About, People: w.people}
	quiet := note
	quiet.Kudos, quiet.Shown, quiet.Posted = private, false, false
	given := bot.GivenKudos{Kudos: k, Place: bot.PlaceChannel, People: w.people, Left: []bot.LeftOut{{Member: "UONE", Why: bot.LeftBot}}}
	elsewhere := bot.GivenKudos{Kudos: private, Place: bot.PlaceOutside, People: w.people, Offer: bot.Channel{ID: "CPUB", Name: "praise"}}
	work := bot.Workspace{Zone: "Europe/Berlin", Values: []bot.Value{value}}
	digest := w.digest(value)
	page := digest
	page.Page, page.Pages = 1, 2
	mine := bot.MyKudos{Given: []bot.Kudos{k, private, team}, Received: []bot.Kudos{k, team}, Reader: bot.Member{ID: "UONE"}, People: w.people}
	short, long, many := w.input, w.input, w.input
	short.Fault, long.Fault, many.Fault = bot.KudosTooShort, bot.KudosTooLong, bot.KudosTooMany
	report := bot.Report{Kudos: k.ID, By: "UTWO", Giver: "UGIVER", Words: bot.EscapeText(bot.CutText(w.typed, bot.ReportWords)), At: wednesday, Admins: []string{"UADMIN"}}
	return map[string]Message{
		"post":           kudosPost(bot.KudosPost{Kudos: k, Recipients: k.Recipients, Value: value, People: w.people}),
		"post to a team": kudosPost(bot.KudosPost{Kudos: team, Value: value, People: w.people}),
		"note":           kudosNotes(bot.KudosNotes{Notes: []bot.KudosNote{note}}),
		"bundle":         kudosNotes(bot.KudosNotes{Notes: []bot.KudosNote{note, quiet, note}}),
		"digest":         digestPost(reader, digest),
		"digest's page":  digestPost(reader, page),
		"digest preview": digestPreview(reader, bot.DigestPreview{Post: digest}),
		"echo":           kudosGiven(given, work),
		"offer":          kudosGiven(elsewhere, work),
		"edited":         kudosEdited(bot.ChangedKudos{Kudos: k}, nil),
		"mine":           kudosMine(reader, mine, ""),
		"report":         reportedKudos(bot.ReportedKudos{Report: report, Kudos: k, Reader: bot.Member{ID: "UADMIN"}, People: w.people}),
		"back: twin":     kudosTwin(w.typed),
		"back: short":    kudosRefused(short, w.typed, limits),
		"back: long":     kudosRefused(long, w.typed, limits),
		"back: many":     kudosRefused(many, w.typed, limits),
		"back: nobody":   returned(kudosFaultSentence(&bot.Fault{Code: bot.KudosNobody}, leftOutLines(given.Left, Mention)), w.typed),
	}
}

// value is called like everybody else, as far as a value can be.
func (w fuzzed) value() bot.Value {
	return bot.Value{Name: orElse(strings.TrimSpace(bot.CutText(w.name, 40)), "trust"), Emoji: ":handshake:", Sentence: bot.CutText(w.name, 75)}
}

func (w fuzzed) digest(value bot.Value) bot.DigestPost {
	plain, team := w.kudos, w.kudos
	plain.Value = ""
	team.Team, team.TeamName = "S1", w.name
	items := []bot.DigestItem{{Kudos: w.kudos, Recipients: w.kudos.Recipients, Link: w.kudos.About}, {Kudos: team, Recipients: w.kudos.Recipients}}
	return bot.DigestPost{
		Channel: "CPUB", From: wednesday.Add(-7 * 24 * time.Hour), To: wednesday, Givers: 1, Recipients: 2, Departments: 2, FirstTimers: []string{"UGIVER", "UONE"}, Continued: true,
		Prompt: "Whose work made yours easier?", People: w.people,
		Sections: []bot.DigestSection{{Value: value, Kudos: items}, {Kudos: []bot.DigestItem{{Kudos: plain, Recipients: []string{"UONE"}}}}},
	}
}

func (w fuzzed) modals() map[string]Modal {
	limits := bot.StandardKudosLimits()
	work := bot.Workspace{Zone: "Europe/Berlin", Values: []bot.Value{w.value()}}
	given := bot.GivenKudos{Kudos: w.kudos, Place: bot.PlaceChannel, People: w.people}
	return map[string]Modal{
		"edit":    kudosEdit(w.kudos, w.people, kudosEditFrom{Channel: "CPUB"}, limits),
		"preview": kudosPreview(given, work),
		"form": kudosForm(kudosDraft{
			Input: w.input, Channel: "CPUB", AboutTS: "1.1", About: w.kudos.About, Groups: []bot.UserGroup{{ID: "S1", Name: w.name, Handle: "h"}},
			Stage: bot.KudosStage{Place: bot.PlaceOutside, Elsewhere: bot.Channel{ID: "CPUB", Name: "praise"}},
		}, work, limits),
		"report": reportForm(bot.ReportWish{Kudos: w.kudos, Admins: []string{"UADMIN"}, People: w.people}, "CPUB"),
	}
}

// checkTable fails unless the table of one's own kudos comes back as it went in, and no cell of it is a formula.
func checkTable(t *testing.T, w fuzzed) {
	t.Helper()
	row := mineRow(Reader{Zone: firstZone("Europe/Berlin")}, bot.MyLine{Kudos: w.kudos, Channel: bot.Channel{ID: "CPUB", Name: "praise"}}, w.people, 0)
	var out bytes.Buffer
	table := csv.NewWriter(&out)
	if err := table.Write(row); err != nil {
		t.Fatalf("write the table of %q: %v", w.typed, err)
	}
	table.Flush()
	back, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(back) != 1 || !slices.Equal(back[0], row) {
		t.Errorf("the table of %q comes back as %q, want %q (%v)", w.typed, back, row, err)
	}
	for _, cell := range row {
		if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
			t.Errorf("a cell of the table of %q begins a formula: %q", w.typed, cell)
		}
	}
}

// checkBlocks looks at each text of the blocks that a reader sees.
func checkBlocks(t *testing.T, what string, blocks any, called []string) {
	t.Helper()
	raw, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	var walk func(node any)
	walk = func(node any) {
		switch n := node.(type) {
		case []any:
			for _, child := range n {
				walk(child)
			}
		case map[string]any:
			text, _ := n["text"].(string)
			switch n["type"] {
			case "mrkdwn":
				checkCalls(t, what, text, called)
			case "plain_text":
				checkInvisible(t, what, text)
				if typedBroadcast.MatchString(text) {
					t.Errorf("%s: a plain text calls everybody: %q", what, text)
				}
			}
			for _, child := range n {
				walk(child)
			}
		}
	}
	walk(tree)
}

var (
	typedBroadcast = regexp.MustCompile(`(?i)@(?:channel|here|everyone|group)`)
	anything       = regexp.MustCompile(`<([^<>]*)>`)
	mayBePointed   = regexp.MustCompile(`^(?:#[CDG][A-Z0-9]+|https?://[^\s]*|tel:.*|mailto:.*|!date\^1774429200\^\{date_long_pretty\})$`) // the instant is our own
)

// checkCalls fails if a text in Slack's markup calls somebody else than it may, shows what is invisible, or leaves something open.
func checkCalls(t *testing.T, what, text string, called []string) {
	t.Helper()
	checkInvisible(t, what, text)
	if typedBroadcast.MatchString(anything.ReplaceAllString(text, "")) {
		t.Errorf("%s: calls everybody: %q", what, text)
	}
	for _, m := range anything.FindAllStringSubmatch(text, -1) {
		target, _, _ := strings.Cut(m[1], "|")
		id, mention := strings.CutPrefix(target, "@")
		if mention && !slices.Contains(called, id) || !mention && !mayBePointed.MatchString(target) {
			t.Errorf("%s: points at %q: %q", what, m[1], text)
		}
	}
	if rest := anything.ReplaceAllString(text, ""); strings.Contains(rest, "<") || strings.Contains(strings.ReplaceAll("\n"+rest, "\n> ", "\n"), ">") && !quotedEmpty(rest) {
		t.Errorf("%s: an angle stands alone: %q", what, text)
	}
	if strings.Count(text, "```")%2 != 0 {
		t.Errorf("%s: a block of code stays open: %q", what, text)
	}
}

// quotedEmpty reports whether all angles of a text are those of quotes, of which an empty line has no space behind it.
func quotedEmpty(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.Contains(strings.TrimPrefix(line, ">"), ">") {
			return false
		}
	}
	return true
}

// checkInvisible fails for controls, and for direction that is turned around or left open.
func checkInvisible(t *testing.T, what, text string) {
	t.Helper()
	open := 0
	for _, r := range text {
		switch {
		case r >= '\u202A' && r <= '\u202E' || unicode.IsControl(r) && r != '\n' && r != '\t':
			t.Errorf("%s: holds %U: %q", what, r, text)
		case r >= '\u2066' && r <= '\u2068':
			open++
		case r == '\u2069':
			open--
		}
		if open < 0 {
			break
		}
	}
	if open != 0 {
		t.Errorf("%s: a direction stays open: %q", what, text)
	}
}
