package when

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// corpusLocales are what people of each file speak, unless a line says otherwise.
var corpusLocales = map[string]string{"en": "en-US", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "pt": "pt-BR"}

// said is one line of the corpus; testdata/corpus/en.txt explains the form.
type said struct {
	language string
	c        Context
	text     string // without the braces
	rest     string // without what stands in braces
	want     string
}

// braced is a deadline as the corpus marks it, with the white space before it, which goes with it.
var braced = regexp.MustCompile(`\s*\{[^{}]*\}`)

// readCorpus reads every line of testdata/corpus.
func readCorpus(tb testing.TB) []said {
	tb.Helper()
	files, err := filepath.Glob("testdata/corpus/*.txt")
	if err != nil || len(files) != len(corpusLocales) {
		tb.Fatalf("read corpus: %v, %v", files, err)
	}
	var all []said
	for _, file := range files {
		table, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		language := strings.TrimSuffix(filepath.Base(file), ".txt")
		for line := range strings.Lines(string(table)) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				all = append(all, readSaid(tb, language, line))
			}
		}
	}
	return all
}

func readSaid(tb testing.TB, language, line string) said {
	tb.Helper()
	fields := strings.Split(line, " | ")
	who := ""
	if len(fields) == 3 {
		who, fields = fields[0], fields[1:]
	}
	if len(fields) != 2 {
		tb.Fatalf("line %q does not have two or three columns", line)
	}
	text, marked := strings.NewReplacer("{", "", "}", ""), fields[0]
	return said{
		language: language, c: saidBy(tb, corpusLocales[language], who), want: fields[1],
		text: text.Replace(marked), rest: strings.TrimSpace(braced.ReplaceAllString(marked, "")),
	}
}

// saidBy reads the first column of a line.
func saidBy(tb testing.TB, locale, who string) Context {
	tb.Helper()
	zone, day, hour := "Europe/Berlin", "2026-03-25", "10:17"
	for word := range strings.FieldsSeq(who) {
		switch {
		case strings.Contains(word, "/"):
			zone = word
		case strings.Contains(word, ":"):
			hour = word
		case len(word) == len(time.DateOnly):
			day = word
		default:
			locale = word
		}
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		tb.Fatal(err)
	}
	now, err := time.ParseInLocation("2006-01-02 15:04", day+" "+hour, loc)
	if err != nil {
		tb.Fatal(err)
	}
	return Context{Now: now, Zone: loc, Locale: locale}
}

// outcome is how the grammar did on one line.
type outcome uint8

const (
	right  outcome = iota
	wrong          // another deadline than the one that was meant
	found          // a deadline where there is none
	asked          // offered instead of taken
	missed         // read as text
	unlike         // the right deadline, but not all that the line says of it
)

// score compares what was read of a line with what it says, and describes what was read.
func (s said) score() (outcome, string) {
	r := Trailing(s.text, s.c)
	got := corpusWords(r)
	deadline := deadlineOf(s.want)
	switch {
	case s.want == "none" || s.want == "ask":
		if r.Due != nil {
			return found, got
		}
		if s.want == "none" && r.Err != nil || s.want == "ask" && r.Notice != Unsure {
			return unlike, got
		}
		return right, got
	case r.Due == nil && r.Notice == Unsure:
		return asked, got
	case r.Due == nil && r.Err == nil:
		return missed, got
	case deadlineOf(got) != deadline:
		return wrong, got
	case got != s.want || r.Rest != s.rest:
		return unlike, fmt.Sprintf("%s leaving %q", got, r.Rest)
	}
	return right, got
}

// corpusWords writes a result as the corpus does.
func corpusWords(r Result) string {
	switch {
	case r.Err != nil:
		return "error " + string(r.Err.Code)
	case r.Notice == Unsure:
		return "ask"
	case r.Due == nil:
		return "none"
	}
	words := []string{describeDue(*r.Due)}
	for _, d := range r.Alternatives {
		words = append(words, "alt", describeDue(d))
	}
	if r.Confirm {
		words = append(words, "confirm")
	}
	if r.Every != nil {
		words = append(words, "every")
	}
	return strings.Join(words, " ")
}

// deadlineOf returns what an expectation says of the deadline alone.
func deadlineOf(want string) string {
	for _, more := range []string{" alt ", " confirm", " every"} {
		want, _, _ = strings.Cut(want, more)
	}
	return want
}

// TestCorpus reads every line of the corpus. What it cannot read is listed here with the reason, so that nothing changes unseen.
func TestCorpus(t *testing.T) {
	known := map[string]outcome{
		"return the loaner laptop by monday 9": missed, // nine o'clock, or Monday the 9th
		"rever o contrato para a semana":       missed, // next week in Portugal, this week's in Brazil
		"lmk about the headcount by half 3":    asked,  // half past three in Britain, half past two to many others
		"will circle back 5ish":                asked,  // "buy 5ish"
		"send it over tues or wed":             asked,  // "over" tells of a stretch of time too
		"ping ops tomorrow 10 in the morning":  asked,  // an hour without "at" may be an amount
		"ping ops Mon, 3/30 at 5p":             missed, // "5p" is not only an hour
		"ping ops fri @5":                      missed, // nor is "@5"
		"ping ops by tomorrow, 26 march":       asked,  // two days, even if they are the same
		"ping ops by the first week of april":  missed, // its end depends on where weeks start
		"Ops anpingen zum Wochenende":          asked,  // by the weekend, or on it
		"caler le comité semaine 14":           missed, // "le planning semaine 14" is none
		"on se rappelle demain à 11h":          asked,  // "on" opens a clause more often than a promise
		"pagar a nota 883 dia 30":              missed, // "o checklist dia 1" is none
		// A colleague would ask; these are read as having no date, which offers days too.
		"draft the rfc in a few days":       unlike,
		"book a room between 3 and 5 april": unlike,
		"cheers, by tomorrow then":          unlike,
		"ok, see you at 5":                  unlike,
		"merci à toi, à demain":             unlike,
	}
	seen := map[string]bool{}
	var dated, undated int
	for _, s := range readCorpus(t) {
		if seen[s.language+s.text+s.c.Now.String()+s.c.Locale] {
			t.Errorf("%s %q stands there twice", s.language, s.text)
		}
		seen[s.language+s.text+s.c.Now.String()+s.c.Locale] = true
		if s.want == "none" || s.want == "ask" {
			undated++
		} else {
			dated++
		}
		if got, how := s.score(); got != known[s.text] {
			t.Errorf("%s %q: read as %s, want %s leaving %q", s.language, s.text, how, s.want, s.rest)
		}
		delete(known, s.text)
	}
	if len(known) > 0 {
		t.Errorf("listed, but not in the corpus: %v", known)
	}
	if dated < 900 || undated < 1000 {
		t.Errorf("the corpus has %d lines with and %d without a deadline; 900 and 1000 are needed", dated, undated)
	}
}

// BenchmarkCorpus reports how the grammar does, in percent: of the lines with a deadline those that are right, wrong, asked
// about and missed; of those without, the ones where a deadline was found.
func BenchmarkCorpus(b *testing.B) {
	lines := readCorpus(b)
	languages := []string{"all"}
	for _, s := range lines {
		if !slices.Contains(languages, s.language) {
			languages = append(languages, s.language)
		}
	}
	for _, language := range languages {
		b.Run(language, func(b *testing.B) {
			for b.Loop() {
				reportCorpus(b, lines, language)
			}
		})
	}
}

func reportCorpus(b *testing.B, lines []said, language string) {
	b.Helper()
	var dated, undated float64
	var count [unlike + 1]float64
	for _, s := range lines {
		if language != "all" && s.language != language {
			continue
		}
		got, _ := s.score()
		if s.want == "none" || s.want == "ask" {
			undated++
			if got != found {
				continue
			}
		} else {
			dated++
		}
		count[got]++
	}
	b.ReportMetric(dated, "dated")
	b.ReportMetric(undated, "undated")
	b.ReportMetric(100*(count[right]+count[unlike])/dated, "%right")
	b.ReportMetric(100*count[wrong]/dated, "%wrong")
	b.ReportMetric(100*count[asked]/dated, "%asked")
	b.ReportMetric(100*count[missed]/dated, "%missed")
	b.ReportMetric(100*count[found]/undated, "%found-where-none")
}
