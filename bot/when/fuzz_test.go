package when

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var fuzzLocales = []string{"en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "pt-BR", "xx"}

// fuzzContexts are moments around clock changes, one before a skipped day, one between years.
func fuzzContexts(tb testing.TB) []Context {
	tb.Helper()
	var contexts []Context
	for i, moment := range []struct{ zone, now string }{
		{"Europe/Berlin", "2026-03-25T09:17:31Z"},
		{"Europe/Berlin", "2026-10-25T00:40:00Z"}, // 02:40, the first time
		{"Europe/Berlin", "2026-10-25T01:10:00Z"}, // 02:10, the second time
		{"America/New_York", "2026-03-08T06:59:59Z"},
		{"Australia/Lord_Howe", "2026-04-04T14:45:00Z"},
		{"America/Santiago", "2026-09-05T23:30:00Z"},
		{"Pacific/Apia", "2011-12-29T20:00:00Z"},
		{"Asia/Kathmandu", "2027-12-31T18:14:59Z"},
	} {
		zone, err := time.LoadLocation(moment.zone)
		if err != nil {
			tb.Fatal(err)
		}
		now, err := time.Parse(time.RFC3339, moment.now)
		if err != nil {
			tb.Fatal(err)
		}
		contexts = append(contexts, Context{Now: now, Zone: zone, Locale: fuzzLocales[i%len(fuzzLocales)]})
	}
	return contexts
}

// checkResult holds what is true of every answer.
func checkResult(t *testing.T, text string, c Context, r Result) {
	t.Helper()
	if r.Err != nil && r.Due != nil {
		t.Errorf("%q: a deadline beside an error", text)
	}
	dues := r.Alternatives
	if r.Due != nil {
		if slices.Contains(r.Alternatives, *r.Due) {
			t.Errorf("%q: %+v is offered beside itself", text, *r.Due)
		}
		dues = append([]Due{*r.Due}, dues...)
	}
	if r.Err != nil {
		dues = append(dues, r.Err.Suggestions...)
	}
	for _, d := range dues {
		switch {
		case !d.UTC().After(c.Now):
			t.Errorf("%q at %s: %+v is over", text, c.Now, d)
		case !d.Date.Valid() || !d.Time.valid():
			t.Errorf("%q: %+v does not exist", text, d)
		case c.today().DaysUntil(d.Date) > farAhead:
			t.Errorf("%q: %+v is too far ahead", text, d)
		}
	}
	last := 0
	for _, s := range r.Spans {
		if s.Start < last || s.End <= s.Start || s.End > len(text) {
			t.Fatalf("%q: span %v after %d", text, s, last)
		}
		last = s.End
	}
	if want := Without(text, r.Spans); r.Rest != want {
		t.Errorf("%q: rest %q is not the text without its spans, %q", text, r.Rest, want)
	}
	if len(r.Spans) == 0 && r.Rest != strings.TrimSpace(text) {
		t.Errorf("%q: nothing was taken, yet %q is left", text, r.Rest)
	}
	if r.Due != nil && r.Notice != TwoDates && len(r.Spans) == 0 {
		t.Errorf("%q: a deadline that stands nowhere", text)
	}
}

func FuzzTrailing(f *testing.F) {
	for _, seed := range []string{
		"send deck by friday", "x by 31 feb", "x in 90 minutes", "every 2 weeks x by monday", "\"x by friday", "a <@U2> by 3/4", "x bis 1.10.",
		"x le 15 avril à 17h30", "x (by fri.), thanks!", "every last friday of the month at 9", "draft by thu and final by mon", "x 2:30am",
		"a by mon, b tue; c by wed", "x bis Freitagfrüh", "mudar x para segunda", "x,by friday", "x @5pm", "x by the weekend", "x bis kw 14", "send x by 5",
		"x in 2-3 days", "x by 3-5 april", "x by 29-31 feb", "x by q3", "x at half 3", "x in 1h30", "x tomorrow (friday)", "x by 3pm est", "x kw99",
		", 9am and morgen 15 march", "every friday 3 e e due end of month friday",
	} {
		f.Add(seed, uint8(0))
	}
	contexts := fuzzContexts(f)
	f.Fuzz(func(t *testing.T, text string, pick uint8) {
		c := contexts[int(pick)%len(contexts)]
		c.Locale = fuzzLocales[int(pick)/len(contexts)%len(fuzzLocales)]
		checkResult(t, text, c, Trailing(text, c))
	})
}

func FuzzPhrase(f *testing.F) {
	for _, seed := range []string{"next friday", "to friday", "2 weeks", "until 9am", "31 feb", "in 90 minutes", "april"} {
		f.Add(seed, uint8(0))
	}
	contexts := fuzzContexts(f)
	f.Fuzz(func(t *testing.T, text string, pick uint8) {
		c := contexts[int(pick)%len(contexts)]
		r := Phrase(text, c)
		if (r.Due == nil) == (r.Err == nil) {
			t.Errorf("Phrase(%q) = due %v, error %v", text, r.Due, r.Err)
		}
		if r.Due != nil && !r.Due.UTC().After(c.Now) {
			t.Errorf("Phrase(%q) at %s = %+v, which is over", text, c.Now, *r.Due)
		}
	})
}

// BenchmarkTrailing holds the worst of what a message may be: 4,000 characters that all look like dates.
func BenchmarkTrailing(b *testing.B) {
	c := fuzzContexts(b)[0]
	for name, text := range map[string]string{
		"usual":       "send the Q2 deck to <@U2> by friday at 9am",
		"undated":     "the notes from our retro, with names, versions v1.10 and 3 screenshots of the May release",
		"by_and_by":   strings.Repeat("x by friday and ", 250) + "x by friday",
		"open_quotes": strings.Repeat("\"a 'a “a ", 400) + "by friday",
		"weekdays":    strings.Repeat("monday, ", 500),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Trailing(text, c)
			}
		})
	}
}
