package when

import "testing"

// What is doubted stays in the text, also where a date stands beside a rule that is doubted.
func TestWhatIsDoubtedStaysInTheText(t *testing.T) {
	for _, text := range []string{"and every 2 weeks eod", "and every 2 weeks by friday", "call them and every 2 weeks friday"} {
		for _, c := range fuzzContexts(t) {
			r := Trailing(text, c)
			checkParts(t, text, r)
			if r.Due == nil && r.Every == nil && r.Rest != text {
				t.Errorf("%q: %q is left, and nothing was understood: %+v", text, r.Rest, r)
			}
		}
	}
}

// What is due is never offered as an alternative to itself, and no piece of a text is without words.
func TestADueIsNoAlternativeToItself(t *testing.T) {
	for _, text := range []string{"every friday 3 e e due end of month friday", "every friday the report by friday", "every friday x friday or friday", ", 9am and morgen 15 march", "x friday"} {
		for _, c := range fuzzContexts(t) {
			for _, locale := range fuzzLocales {
				c.Locale = locale
				r := Trailing(text, c)
				checkResult(t, text, c, r)
				checkParts(t, text, r)
				for _, other := range r.Alternatives {
					if r.Due != nil && other == *r.Due {
						t.Errorf("%q in %s: %v is among %v", text, locale, *r.Due, r.Alternatives)
					}
				}
			}
		}
	}
}
