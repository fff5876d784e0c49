package when

import (
	"os"
	"strings"
	"testing"
)

// TestCorpus measures sentences that were not written to fit the grammar. Half of them have no deadline. A wrong date, or one
// where there is none, fails at once; what is asked about or missed is counted, and too much of it fails as well.
func TestCorpus(t *testing.T) {
	table, err := os.ReadFile("testdata/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	var dated, undated, right, asked, missed int
	for line := range strings.Lines(string(table)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, " | ")
		if len(fields) != 3 {
			t.Fatalf("line %q does not have three columns", line)
		}
		locale, text, want := fields[0], fields[1], fields[2]
		r := Trailing(text, at(t, "Europe/Berlin", "2026-03-25 10:17", locale))
		got := "none"
		if r.Due != nil {
			got = describeDue(*r.Due)
		}
		if want == "none" {
			undated++
		} else {
			dated++
		}
		switch {
		case got == want && want != "none":
			right++
		case got != "none":
			t.Errorf("%s %q: read as %s, want %s", locale, text, got, want)
		case want != "none" && r.Notice == Unsure:
			asked++
			t.Logf("asked: %s %q, %s", locale, text, want)
		case want != "none":
			missed++
			t.Logf("missed: %s %q, %s", locale, text, want)
		}
	}
	t.Logf("%d with a deadline: %d right, %d asked, %d missed; %d without", dated, right, asked, missed, undated)
	if dated < 60 || undated < 60 {
		t.Errorf("the corpus has %d sentences with and %d without a deadline; 60 of each are needed", dated, undated)
	}
	if 10*right < 9*dated {
		t.Errorf("%d of %d right, want nine of ten", right, dated)
	}
}
