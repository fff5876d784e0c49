package bot

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"rapport/bot/when"
)

// FuzzParseFollowup holds what is true of every text: it is understood without a panic, no date is over unless that is said, and what is kept as the promise is what the
// person typed.
func FuzzParseFollowup(f *testing.F) {
	for _, seed := range []string{
		"<@U2> x by friday", "move #7 to", "from <@U2>", `to "A, B" x`, "every 2 weeks <@U2>", "<", "@", "done #", "from <@U2> draft by thu and final by mon", "x by friday <@U2> <@U3>",
		"every friday <@U2> the numbers", `<@U2> "by friday" by monday`, "an <@U2> und <@U3> Angebot bis 1.10.", "snooze #7 until 9am", "give #7 to <@U2>", "x by yesterday for <@U2>",
		"to <mailto:j@acme.com|j@acme.com> send SOW fri", "@me book fri", "<!channel> x", "x\x00by friday", "done #7 #8", "à <@U2> demain", "every friday by monday <@U2>",
	} {
		f.Add(seed, uint8(0))
		f.Add(seed, uint8(3))
	}
	f.Fuzz(func(t *testing.T, text string, pick uint8) { checkInput(t, text, fuzzContext(pick)) })
}

// FuzzParseFollowupSentences is the same on sentences of words that say people and dates, in several languages at once.
func FuzzParseFollowupSentences(f *testing.F) {
	pieces := []string{
		"from", "to", "for", "an", "à", "para", "@me", "j@acme.com", "\"Jane Doe, Acme\"", "<!channel>", "<@UBOT>", "#7", "done", "move", "give", "snooze", ":", "<@U2>", "<@U2>'s", "<@U1>",
		"send the deck", "review 2 PRs", "v1.10", "call Sun", "may", "by", "due", "on", "before", "friday", "monday", "next", "this", "last", "tomorrow", "eod", "in", "2", "3", "weeks", "days", "hours",
		"at", "9am", "17:00", "2:30am", "3/4", "31 feb", "29 feb", "2026-04-01", "15 march", "end of month", "every", "every 2 weeks", "every friday", "and", "then", ",", ";", ".", "(", ")", "–", "\"", "“by friday”",
		"`fri`", "<@U2>", "<@U3|cy>", "<https://a.example/by-friday|by friday>", "bis", "morgen", "am 1.10.", "jeden Montag", "und", "demain", "avant", "le 3 avril", "et", "mañana", "antes del viernes", "y", "até", "sexta", "toda segunda", "e",
	}
	random := rand.New(rand.NewPCG(44, 6))
	for range 400 {
		data := make([]byte, 1+random.IntN(12))
		for i := range data {
			data[i] = byte(random.IntN(256))
		}
		f.Add(data, uint8(random.IntN(256)))
	}
	f.Fuzz(func(t *testing.T, data []byte, pick uint8) {
		words := make([]string, min(len(data), 40))
		for i := range words {
			words[i] = pieces[int(data[i])%len(pieces)]
		}
		checkInput(t, strings.Join(words, " "), fuzzContext(pick))
	})
}

// fuzzContext is one of some moments, in one of some languages.
func fuzzContext(pick uint8) FollowupContext {
	moments := []time.Time{time.Date(2026, 3, 25, 9, 17, 0, 0, time.UTC), time.Date(2026, 10, 25, 0, 40, 0, 0, time.UTC), time.Date(2027, 12, 31, 22, 59, 59, 0, time.UTC)}
	locales := []string{"en-US", "de-DE", "fr-FR", "es-ES", "pt-BR"}
	now, zone := moments[int(pick)%len(moments)], time.UTC
	if berlin, err := time.LoadLocation("Europe/Berlin"); err == nil {
		zone = berlin
	}
	return FollowupContext{
		When:    when.Context{Now: now, Zone: zone, Locale: locales[int(pick)/len(moments)%len(locales)]},
		Invoker: "U1", Refused: func(id string) bool { return id == "UBOT" },
		Owner: func(id string) (when.Context, bool) {
			return when.Context{Now: now, Zone: time.UTC, DayEnd: when.Clock{Hour: 16}}, id == "U2"
		},
	}
}

// checkInput holds what is true of every text.
func checkInput(t *testing.T, text string, c FollowupContext) {
	t.Helper()
	in := ParseFollowup(text, c)
	checkDates(t, text, c, in)
	switch in.Action {
	case FollowupCreate, FollowupModal:
		checkPromised(t, text, in)
	case FollowupError:
		if in.Fault == "" {
			t.Errorf("%q: an error that does not say why", text)
		}
	case FollowupSnooze, FollowupMove:
		if in.Due == nil || in.ID == 0 {
			t.Errorf("%q: %s without a date or a number: %+v", text, in.Action, in)
		}
	case FollowupDone, FollowupDrop, FollowupGive:
		if in.ID == 0 {
			t.Errorf("%q: %s without a number", text, in.Action)
		}
	}
	if in.Action != FollowupError && in.Fault != "" || in.Owner == "" {
		t.Errorf("%q: %+v", text, in)
	}
}

// checkDates holds that every date that somebody could press is ahead.
func checkDates(t *testing.T, text string, c FollowupContext, in FollowupInput) {
	t.Helper()
	dues := slices.Concat(in.Alternatives, in.Suggestions)
	if in.Due != nil {
		dues = append(dues, *in.Due)
	}
	for _, p := range in.Parts {
		dues = append(dues, p.Due)
	}
	for _, due := range dues {
		if !due.UTC().After(c.When.Now) {
			t.Errorf("%q at %s: %+v is over", text, c.When.Now, due)
		}
	}
	for _, other := range in.Alternatives {
		if in.Due != nil && other == *in.Due {
			t.Errorf("%q: %+v is its own alternative", text, other)
		}
	}
}

// checkPromised holds that what is promised are words of the text in their order, that nobody who was named is lost, and that nothing is taken where nothing was
// understood.
func checkPromised(t *testing.T, text string, in FollowupInput) {
	t.Helper()
	rest := text
	for word := range strings.FieldsSeq(in.Text) {
		_, after, found := strings.Cut(rest, word)
		if bare := strings.TrimRight(word, "*_~)]}\"”’'"); !found && bare != "" { // what closes a mark stays, where the date before it went
			if _, after, found = strings.Cut(rest, bare); found {
				_, after, found = strings.Cut(after, word[len(bare):])
			}
		}
		if !found {
			t.Fatalf("%q: %q keeps %q, which was not typed there", text, in.Text, word)
		}
		rest = after
	}
	if in.Due == nil && in.Every == nil && len(in.Counterparties) == 0 && !in.Proposed && in.Owner == "U1" && !strings.Contains(text, "<@U1") && !strings.Contains(text, "@me") {
		if typed := strings.TrimFunc(text, unicode.IsSpace); in.Text != typed {
			t.Errorf("%q: nothing was understood, and %q is kept", typed, in.Text)
		}
	}
	for _, piece := range ScanPieces(text) {
		if piece.Kind != PieceUser || piece.ID == "U1" || strings.Contains(in.Text, "<@"+piece.ID) || in.Owner == piece.ID {
			continue
		}
		if !slices.ContainsFunc(in.Counterparties, func(cp Counterparty) bool { return cp.Member == piece.ID }) {
			t.Errorf("%q: %s is neither in %q nor among %+v", text, piece.ID, in.Text, in.Counterparties)
		}
	}
	from := 0
	for _, p := range in.Parts {
		at := strings.Index(text[from:], p.Text)
		if at < 0 || strings.TrimSpace(p.Text) == "" {
			t.Fatalf("%q: the piece %q does not stand there", text, p.Text)
		}
		from += at + len(p.Text)
	}
}

// TestWhatFuzzingFound holds what once did not.
func TestWhatFuzzingFound(t *testing.T) {
	for _, text := range []string{"and every 2 weeks eod", "every friday 3 e e due end of month friday", ", 9am and morgen 15 march", "0 friday\""} {
		for pick := range uint8(15) {
			checkInput(t, text, fuzzContext(pick))
		}
	}
}
