package bot

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestScanPieces(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string // kind, id and label of each piece, or the raw text
	}{
		{"empty", "", nil},
		{"plain", "hello &lt;!channel&gt;", []string{"text hello &lt;!channel&gt;"}},
		{"user", "<@U1>", []string{"user U1 "}},
		{"user with a name", "<@U1|ana> hi", []string{"user U1 ana", "text  hi"}},
		{"enterprise user", "<@W1AB2>", []string{"user W1AB2 "}},
		{"Slackbot", "<@USLACKBOT>", []string{"user USLACKBOT "}},
		{"user group", "<!subteam^S1>", []string{"usergroup S1 "}},
		{"user group with a handle", "<!subteam^S1|@h>", []string{"usergroup S1 @h"}},
		{"channel", "<#C1|general>", []string{"channel C1 general"}},
		{"broadcasts", "<!channel><!here|here><!everyone>", []string{"broadcast channel ", "broadcast here here", "broadcast everyone "}},
		{"email", "<mailto:j@acme.com|j@acme.com>", []string{"email j@acme.com j@acme.com"}},
		{"link", "see <https://a.b/c?d=1&amp;e|label>.", []string{"text see ", "link https://a.b/c?d=1&amp;e label", "text ."}},
		{"date", "<!date^1392734382^{date}|Feb 18>", []string{"date 1392734382^{date} Feb 18"}},
		{"label with a bar", "<@U1|a|b>", []string{"user U1 a|b"}},
		{"code", "a `<@U1>` b", []string{"text a ", "code `<@U1>`", "text  b"}},
		{"code block over lines", "```\n<@U1>\n``` b", []string{"code ```\n<@U1>\n```", "text  b"}},
		{"unclosed backtick leaves mentions alive", "a ` <@U1>", []string{"text a ` ", "user U1 "}},
		{"a backtick does not reach the next line", "`a\n<@U1>`", []string{"text `a\n", "user U1 ", "text `"}},
		{"empty backticks", "`` <@U1>", []string{"text `` ", "user U1 "}},
		{"six backticks", "``````<@U1>", []string{"text ``````", "user U1 "}},
		{"unclosed block", "```<@U1>", []string{"text ```", "user U1 "}},
		{"lower-case id", "<@u1>", []string{"text <@u1>"}},
		{"empty id", "<@>", []string{"text <@>"}},
		{"wrong first letter", "<@C1> <#U1> <!subteam^U1>", []string{"text <@C1> <#U1> <!subteam^U1>"}},
		{"unknown special", "<!foo>", []string{"text <!foo>"}},
		{"not closed", "<@U1", []string{"text <@U1"}},
		{"closed on the next line", "<@U1\n>", []string{"text <@U1\n>"}},
		{"angle in angle", "<<@U1>>", []string{"text <", "user U1 ", "text >"}},
		{"no scheme", "<foo>", []string{"text <foo>"}},
		{"bad scheme", "<1x:foo> <:foo> <x:>", []string{"text <1x:foo> <:foo> <x:>"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pieces := ScanPieces(tt.text)
			var got []string
			for _, p := range pieces {
				if p.Kind == PieceText || p.Kind == PieceCode {
					got = append(got, p.Kind.String()+" "+p.Raw(tt.text))
					continue
				}
				got = append(got, p.Kind.String()+" "+p.ID+" "+p.Label)
			}
			if strings.Join(got, "\x00") != strings.Join(tt.want, "\x00") {
				t.Errorf("ScanPieces(%q)\n got %q\nwant %q", tt.text, got, tt.want)
			}
		})
	}
}

// checkTiling fails unless pieces cover text exactly, in order.
func checkTiling(t *testing.T, text string, pieces []Piece) {
	t.Helper()
	at := 0
	for i, p := range pieces {
		if p.Start != at || p.End <= p.Start {
			t.Fatalf("piece %d of %q is [%d,%d), expected to start at %d", i, text, p.Start, p.End, at)
		}
		if i > 0 && p.Kind == PieceText && pieces[i-1].Kind == PieceText {
			t.Fatalf("two pieces of text touch at %d in %q", p.Start, text)
		}
		at = p.End
	}
	if at != len(text) {
		t.Fatalf("pieces end at %d of %d in %q", at, len(text), text)
	}
}

func TestScanPiecesIsLinear(t *testing.T) {
	const size = 1 << 20
	for _, unit := range []string{"<", "`", "```", "<@U1", "`\n", "```a", "<`", "&lt;"} {
		text := strings.Repeat(unit, size/len(unit))
		done := make(chan []Piece, 1)
		go func() { done <- ScanPieces(text) }()
		select {
		case pieces := <-done:
			checkTiling(t, text, pieces)
		case <-time.After(20 * time.Second):
			t.Fatalf("scanning a megabyte of %q takes more than 20 s", unit)
		}
	}
}

// hostileTexts seed every fuzz target that reads what people write.
var hostileTexts = []string{
	"", " ", "<@U1> thanks", "<@U1|ana>, <@U2> &amp; <@W3> shipped it #trust --private", "<!channel> <!here|x> <!everyone>",
	"&lt;!channel&gt; @channel @Here", "```<@U1>``` `#x` ` open", "<!subteam^S1|@h> *bold _both* it_ ~", "\u202Eevil\u2066\u2069",
	"👩‍👩‍👧‍👦 é e\u0301 🇩🇪", "&gt;&gt;&gt; quote\n&gt; again", "<https://evil.example|https://bank.example>", "<javascript:alert(1)|x>",
	"<@U1> #Über #teamwork, x.com/#frag", "a&amp;b&b &amp;lt;", "`a``b```c```", "\xff\xfe<@U1>", "שלום <@U1> *שלום*", "__init__ snake_case 2*3*4",
}

func FuzzScanPieces(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		pieces := ScanPieces(text)
		checkTiling(t, text, pieces)
		if !utf8.ValidString(text) {
			return
		}
		for _, p := range pieces {
			if !utf8.ValidString(p.Raw(text)) {
				t.Fatalf("piece [%d,%d) of %q cuts a rune", p.Start, p.End, text)
			}
		}
	})
}
