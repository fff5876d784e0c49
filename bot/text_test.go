package bot

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"pgregory.net/rapid"
)

func nameOf(id string) string {
	return map[string]string{"U1": "Ana", "U2": "Bob *the* `star`", "U3": "here", "U4": "<!channel>"}[id]
}

func TestOutgoingMrkdwn(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"plain", "thanks for the notes", "thanks for the notes"},
		{"user", "with <@U1|ana>", "with @Ana"},
		{"unknown user keeps the label", "with <@U9|cy>", "with @cy"},
		{"unknown user without label", "with <@U9>", "with @U9"},
		{"name with marks", "<@U2>", "@Bob ∗the∗ ‵star‵"},
		{"name that is a broadcast", "<@U3> <@U4>", "@\u2060here @&lt;!channel&gt;"},
		{"broadcasts", "<!channel> <!here|here> <!everyone>", "@\u2060channel @\u2060here @\u2060everyone"},
		{"typed broadcasts", "@channel @HERE", "@\u2060channel @\u2060HERE"},
		{"escaped broadcast stays literal", "&lt;!channel&gt;", "&lt;!channel&gt;"},
		{"no double unescape", "&amp;lt;!channel&amp;gt;", "&amp;lt;!channel&amp;gt;"},
		{"broadcast split by an override", "<!chan\u202Enel>", "@\u2060channel"},
		{"broadcast in code", "`<!channel>`", "`@\u2060channel`"},
		{"user in code", "`<@U2>` x", "`@Bob ∗the∗ ‵star‵` x"},
		{"user group", "<!subteam^S1|@design>", "@design"},
		{"channel stays a link without its name", "<#C1|secret>", "<#C1>"},
		{"link shows its address", "<https://evil.example|https://bank.example>", "<https://evil.example>"},
		{"script link is text", "<javascript:alert(1)|x>", "javascript:alert(1)"},
		{"mail", "<mailto:j@acme.com|click>", "<mailto:j@acme.com|j@acme.com>"},
		{"date", "<!date^1^{date}|today>", "today"},
		{"stray angle and ampersand", "a < b & c > d", "a &lt; b &amp; c &gt; d"},
		{"balanced marks stay", "*bold* _it_ ~no~ `code`", "*bold* _it_ ~no~ `code`"},
		{"nested marks stay", "*a _b_ c*", "*a _b_ c*"},
		{"crossing marks", "*a _b* c_", "*a ＿b* c＿"},
		{"unbalanced", "*bold _it ~no `code", "∗bold ＿it ∼no ‵code"},
		{"a mark does not reach the next line", "*a\nb*", "∗a\nb∗"},
		{"marks in words stay", "snake_case and 2*3*4", "snake_case and 2*3*4"},
		{"empty marks", "** __ ~~ ``", "∗∗ ＿＿ ∼∼ ‵‵"},
		{"marks around a mention", "*thanks <@U1>*", "*thanks @Ana*"},
		{"marks in scripts without spaces", "これは*太字*です", "これは*太字*です"},
		{"quote", "&gt;&gt;&gt; all of it\n &gt; too", "\u2060&gt;&gt;&gt; all of it\n \u2060&gt; too"},
		{"greater within a line", "3 &gt; 2", "3 &gt; 2"},
		{"raw quote", "> x", "\u2060&gt; x"},
		{"bidi overrides", "a\u202Eb\u2066c\u2069\u202C", "abc"},
		{"joiners and direction marks stay", "👩‍👩‍👧 \u200Fשלום", "👩‍👩‍👧 \u200Fשלום"},
		{"control characters", "a\x00b\x1b[31mc\r\nd\u2028e", "ab[31mc\nd\ne"},
		{"touching code", "`a``b`", "`a`\u2060`b`"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := (OutgoingText{UserName: nameOf}).Mrkdwn(tt.text); got != tt.want {
				t.Errorf("Mrkdwn(%q)\n got %q\nwant %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestOutgoingMrkdwnCuts(t *testing.T) {
	tests := []struct {
		name, text string
		limit      int
		want       string
	}{
		{"fits", "abc", 3, "abc"},
		{"plain", "abcdef", 4, "abc…"},
		{"trailing space goes", "abc def", 5, "abc…"},
		{"entity whole", "ab&amp;cd", 6, "ab…"},
		{"emoji whole", "ab👩‍👩‍👧cd", 6, "ab…"},
		{"mark left open by the cut", "*bold text*", 6, "∗bold…"},
		{"link whole", "see <https://example.com/long>", 12, "see…"},
		{"code is closed again", "`abcdefgh`", 6, "`abc`…"},
		{"nothing fits", "👩‍👩‍👧", 2, "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := (OutgoingText{Max: tt.limit}).Mrkdwn(tt.text); got != tt.want {
				t.Errorf("Mrkdwn(%q) with Max %d\n got %q\nwant %q", tt.text, tt.limit, got, tt.want)
			}
		})
	}
}

func TestOutgoingKeepUsers(t *testing.T) {
	got := OutgoingText{KeepUsers: true}.Mrkdwn("<@U1|ana> <!here> <!subteam^S1|@h>")
	if want := "<@U1> @\u2060here @h"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOutgoingPlain(t *testing.T) {
	tests := []struct{ text, want string }{
		{"<@U1> &amp; <#C1|general>", "@Ana & #general"},
		{"<!channel> <mailto:a@b.c|a@b.c> <https://x.y|z>", "@\u2060channel a@b.c https://x.y"},
		{"&lt;!channel&gt; `x`", "<!channel> `x`"},
		{"a\u202Eb", "ab"},
	}
	for _, tt := range tests {
		if got := (OutgoingText{UserName: nameOf}).Plain(tt.text); got != tt.want {
			t.Errorf("Plain(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
	if got := (OutgoingText{Max: 4}).Plain("<@U1|anastasia> hi"); got != "@an…" {
		t.Errorf("cut: got %q", got)
	}
}

func TestSafeName(t *testing.T) {
	tests := []struct{ name, want string }{
		{"Ana Núñez", "Ana Núñez"},
		{"*Ana*\n_Bob_", "∗Ana∗ ＿Bob＿"},
		{"<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;"},
		{"@here", "@\u2060here"},
		{"דנה", "\u2068דנה\u2069"},
		{"\u202Eevil", "evil"},
	}
	for _, tt := range tests {
		if got := SafeName(tt.name); got != tt.want {
			t.Errorf("SafeName(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestCountText(t *testing.T) {
	tests := []struct {
		text string
		want int
	}{
		{"", 0},
		{"née", 3},
		{"a &amp; b", 5},
		{"<@U1|ana>", 4},
		{"日本語", 3},
		{strings.Repeat("ü", 1001), 1001},
	}
	for _, tt := range tests {
		if got := CountText(tt.text); got != tt.want {
			t.Errorf("CountText(%q) = %d, want %d", tt.text, got, tt.want)
		}
	}
}

func TestCutText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		limit := rapid.IntRange(-1, 40).Draw(t, "limit")
		got := CutText(text, limit)
		if utf8.RuneCountInString(got) > max(limit, 0) {
			t.Fatalf("CutText(%q, %d) = %q has %d runes", text, limit, got, utf8.RuneCountInString(got))
		}
		if got == text || limit < 1 {
			return
		}
		kept, cut := strings.CutSuffix(got, ellipsis)
		if !cut || !strings.HasPrefix(text, kept) {
			t.Fatalf("CutText(%q, %d) = %q is not a beginning of the text", text, limit, got)
		}
		boundary := kept == ""
		for g := graphemes.FromString(text); g.Next(); {
			boundary = boundary || g.End() == len(kept)
		}
		if !boundary {
			t.Fatalf("CutText(%q, %d) = %q cuts a grapheme", text, limit, got)
		}
	})
}

func TestEscapeTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.String().Draw(t, "raw")
		if got := UnescapeText(EscapeText(raw)); got != raw {
			t.Fatalf("got %q, want %q", got, raw)
		}
	})
}

// checkOutgoing fails when text, once rendered, could notify anybody or spill into its surroundings.
func checkOutgoing(t *testing.T, o OutgoingText, text string) {
	t.Helper()
	got := o.Mrkdwn(text)
	if !utf8.ValidString(got) || strings.Contains(got, "<!") || strings.ContainsAny(got, "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\x00") {
		t.Fatalf("Mrkdwn(%q) = %q", text, got)
	}
	for word := range strings.SplitSeq("channel here everyone", " ") {
		if strings.Contains(strings.ToLower(got), "@"+word) {
			t.Fatalf("Mrkdwn(%q) = %q says @%s", text, got, word)
		}
	}
	for _, p := range ScanPieces(got) {
		if p.Kind == PieceUserGroup || p.Kind == PieceBroadcast || p.Kind == PieceUser && !o.KeepUsers {
			t.Fatalf("Mrkdwn(%q) = %q mentions %s", text, got, p.ID)
		}
		if p.Kind == PieceText && strings.Contains(p.Raw(got), "`") {
			t.Fatalf("Mrkdwn(%q) = %q leaves a backtick open", text, got)
		}
	}
	if o.Max > 0 && utf8.RuneCountInString(got) > o.Max {
		t.Fatalf("Mrkdwn(%q) with Max %d has %d runes", text, o.Max, utf8.RuneCountInString(got))
	}
	if again := o.Mrkdwn(got); o.Max == 0 && again != got {
		t.Fatalf("Mrkdwn(%q) = %q is not stable: %q", text, got, again)
	}
}

func FuzzOutgoingText(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text, 0)
		f.Add(text, 12)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		if limit < 0 || limit > 100 {
			limit = 0
		}
		checkOutgoing(t, OutgoingText{UserName: nameOf, Max: limit}, text)
		checkOutgoing(t, OutgoingText{KeepUsers: true, Max: limit}, text)
		if plain := (OutgoingText{Max: limit}).Plain(text); limit > 0 && utf8.RuneCountInString(plain) > limit {
			t.Fatalf("Plain(%q) with Max %d = %q", text, limit, plain)
		}
	})
}
