package prompts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func day(year int, month time.Month, dayOfMonth int) time.Time {
	return time.Date(year, month, dayOfMonth, 9, 0, 0, 0, time.UTC)
}

func small(t *testing.T) *Library {
	t.Helper()
	var b strings.Builder
	for i, line := range []string{"en coffee a", "en coffee b", "de coffee a", "en digest a,b"} {
		var language, kind, themes string
		if _, err := fmt.Sscan(line, &language, &kind, &themes); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "---\nid: p%d\nthemes: %s\nkind: %s\nlanguage: %s\npractice: listen\nminutes: 1\n---\nWords %d.\n", i, themes, kind, language, i)
	}
	l, err := Load(folder(map[string]string{"x.txt": b.String()}))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestPick(t *testing.T) {
	today := day(2026, 3, 2)
	seen := func(ids ...string) []map[string]time.Time {
		m := map[string]time.Time{}
		for _, id := range ids {
			m[id] = today.AddDate(0, -1, 0)
		}
		return []map[string]time.Time{m}
	}
	tests := []struct {
		name string
		wish Wish
		want string // the id, "" for none
	}{
		{"kind and theme", Wish{Kinds: []Kind{KindCoffee}, Theme: "b"}, "p1"},
		{"second theme of a prompt", Wish{Kinds: []Kind{KindDigest}, Theme: "b"}, "p3"},
		{"language", Wish{Kinds: []Kind{KindCoffee}, Language: "de"}, "p2"},
		{"language without any falls back", Wish{Kinds: []Kind{KindCoffee}, Theme: "b", Language: "fr"}, "p1"},
		{"language used up falls back", Wish{Kinds: []Kind{KindCoffee}, Theme: "a", Language: "de", Seen: seen("p2"), Today: today}, "p0"},
		{"seen", Wish{Kinds: []Kind{KindCoffee}, Seen: seen("p0"), Today: today}, "p1"},
		{"all seen", Wish{Kinds: []Kind{KindCoffee}, Seen: seen("p0", "p1"), Today: today}, ""},
		{"seen by one of two", Wish{Kinds: []Kind{KindCoffee}, Seen: append(seen("p0"), seen("p1")...), Today: today}, ""},
		{"practice without any", Wish{Practice: "ego"}, ""},
		{"unknown theme", Wish{Theme: "zzz"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for seed := range uint64(20) {
				tt.wish.Seed = seed
				p, ok := small(t).Pick(tt.wish)
				if p.ID != tt.want || ok != (tt.want != "") {
					t.Fatalf("seed %d: got %q, %t; want %q", seed, p.ID, ok, tt.want)
				}
			}
		})
	}
}

func TestPickAfterAYear(t *testing.T) {
	tests := []struct {
		seen, today time.Time
		want        bool
	}{
		{day(2025, 3, 2), day(2026, 3, 1), false},
		{day(2025, 3, 2), day(2026, 3, 2), true},
		{day(2025, 3, 2).Add(14 * time.Hour), day(2026, 3, 2), true}, // the hour does not matter
		{day(2024, 2, 29), day(2025, 2, 28), false},
		{day(2024, 2, 29), day(2025, 3, 1), true},
	}
	for _, tt := range tests {
		_, ok := small(t).Pick(Wish{Kinds: []Kind{KindDigest}, Seen: []map[string]time.Time{{"p3": tt.seen}}, Today: tt.today})
		if ok != tt.want {
			t.Errorf("seen %s, today %s: %t", tt.seen.Format(time.DateOnly), tt.today.Format(time.DateOnly), ok)
		}
	}
}

func TestPickDependsOnSeed(t *testing.T) {
	l := standard(t)
	picked := map[string]int{}
	const draws = 2000
	for seed := range uint64(draws) {
		p, ok := l.Pick(Wish{Kinds: []Kind{KindCoffee}, Seed: seed})
		again, _ := l.Pick(Wish{Kinds: []Kind{KindCoffee}, Seed: seed})
		if !ok || again.ID != p.ID {
			t.Fatalf("seed %d picks %q, then %q", seed, p.ID, again.ID)
		}
		picked[p.ID]++
	}
	coffee := 0
	for _, p := range l.All() {
		if p.Kind != KindCoffee {
			continue
		}
		coffee++
		if picked[p.ID] == 0 {
			t.Errorf("%q is never picked in %d draws", p.ID, draws)
		}
	}
	for id, n := range picked {
		if n > 2*draws/coffee {
			t.Errorf("%q is picked %d times of %d", id, n, draws)
		}
	}
}

// TestNobodySeesAPromptTwiceInAYear lets groups draw for three years and keeps their books.
func TestNobodySeesAPromptTwiceInAYear(t *testing.T) {
	l := standard(t)
	rapid.Check(t, func(t *rapid.T) {
		today := day(2026, 1, 5)
		readers := []map[string]time.Time{{}, {}, {}}
		for week := range 156 {
			group := readers[:rapid.IntRange(1, 3).Draw(t, "readers")]
			p, ok := l.Pick(Wish{Kinds: []Kind{KindCoffee, KindListening}, Seen: group, Today: today, Seed: uint64(week)})
			if ok {
				for i, seen := range group {
					if at, before := seen[p.ID]; before && today.Before(at.AddDate(1, 0, 0)) {
						t.Fatalf("reader %d sees %q on %s and on %s", i, p.ID, at, today)
					}
					seen[p.ID] = today
				}
			}
			today = today.AddDate(0, 0, 7)
		}
	})
}

// TestYearOfCoffee says how long the built-in questions last: a weekly program is not silent before its readers have seen them all.
func TestYearOfCoffee(t *testing.T) {
	l := standard(t)
	seen := map[string]time.Time{}
	today, rounds := day(2026, 1, 5), 0
	for {
		p, ok := l.Pick(Wish{Kinds: []Kind{KindCoffee}, Seen: []map[string]time.Time{seen}, Today: today, Seed: uint64(rounds)})
		if !ok {
			break
		}
		seen[p.ID] = today
		today = today.AddDate(0, 0, 7)
		rounds++
		if rounds > 52 {
			break
		}
	}
	if rounds < 52 {
		t.Errorf("the questions last %d weekly rounds, want a year of 52", rounds)
	}
}
