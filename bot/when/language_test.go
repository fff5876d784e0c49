package when

import (
	"testing"
	"time"
)

// TestTables reads each table alone, so that English cannot stand in for what a translator left out.
func TestTables(t *testing.T) {
	for name := range languages {
		t.Run(name, func(t *testing.T) {
			l, err := loadLanguage(name)
			if err != nil {
				t.Fatal(err)
			}
			said := map[string]bool{}
			for _, v := range []vocabulary{l.weekdays, l.months, l.numbers, l.nths, l.units, l.markers, l.between} {
				for _, entries := range v {
					for _, e := range entries {
						said[e.meaning] = true
					}
				}
			}
			for _, patterns := range [][]pattern{l.dates, l.times, l.rules} {
				for _, p := range patterns {
					said[p.meaning] = true
				}
			}
			needed := []string{
				"by", "on", "join", "and", "or", "then", "to", "last", "1", "12", "minute", "hour", "day", "workday", "week", "month", "year",
				"today", "tomorrow", "after tomorrow", "yesterday", "weekday", "this weekday", "next weekday", "last weekday", "from now",
				"this week", "next week", "this month", "next month", "end of month", "day and month", "day of the month", "number",
				"time", "hour", "noon", "midnight", "morning", "afternoon", "day end", "every unit", "every weekdays", "every nth weekday",
				"weekday next week", "weekday plus", "weekend", "ago", "last week", "last month", "start of next week", "start of next month",
				"this quarter", "next quarter", "quarter", "this year", "start of month", "middle of month", "month", "nth weekday",
				"half an hour", "this morning", "this afternoon", "tonight", "evening", "day start", "late", "1", "2", "3", "10",
				"middle of next week", "day of next month", "days and month", "whole quarter", "calendar week", "hour and a half", "in minutes",
				"range", "join time", "every other unit", "every other weekday", "every day of month", "every workday", "doubtful",
			}
			for d := time.Sunday; d <= time.Saturday; d++ {
				needed = append(needed, fold(d.String()))
			}
			for m := time.January; m <= time.December; m++ {
				needed = append(needed, fold(m.String()))
			}
			for _, meaning := range needed {
				if !said[meaning] && (name == "en" || meaning != "12") {
					t.Errorf("the table does not say %q", meaning)
				}
			}
		})
	}
}

func TestTablesRefuseWhatNobodyReads(t *testing.T) {
	for _, tt := range []struct{ section, meaning, way string }{
		{"dates", "someday", "someday"},
		{"dates", "today", "{weekend}"},
		{"dates", "today", "(of the day"},
		{"weekdays", "caturday", "caturday"},
		{"units", "blink", "blink"},
		{"markers", "perhaps", "perhaps"},
		{"dates", "today", ""},
		{"unknown", "today", "today"},
	} {
		l, err := loadLanguage()
		if err != nil {
			t.Fatal(err)
		}
		if err := l.add(tt.section, tt.meaning, []string{tt.way}); err == nil {
			t.Errorf("[%s] %s = %s was taken", tt.section, tt.meaning, tt.way)
		}
	}
}

func TestOpaque(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{`fix "by friday" now`, []string{`"by friday"`}},
		{"„bis Freitag“ und «avant lundi»", []string{"„bis Freitag“", "«avant lundi»"}},
		{"Ana's and the devs' deck by friday", nil},
		{"a 5\" pipe by friday and a 6\" one", nil},
		{"'by friday' it said", []string{"'by friday'"}},
		{"say “fix Ana’s banner” now", []string{"“fix Ana’s banner”"}},
		{"run `at friday` <@U2> <https://x.io/a b|c>", []string{"`at friday`", "<@U2>", "<https://x.io/a b|c>"}},
		{"1 < 2 and \"open", nil},
		{"(\"a\", 'b')", []string{`"a"`, `'b'`}},
	}
	for _, tt := range tests {
		var got []string
		for _, s := range Opaque(tt.text) {
			got = append(got, tt.text[s.Start:s.End])
		}
		if len(got) != len(tt.want) {
			t.Errorf("Opaque(%q) = %q, want %q", tt.text, got, tt.want)
			continue
		}
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("Opaque(%q) = %q, want %q", tt.text, got, tt.want)
			}
		}
	}
}
