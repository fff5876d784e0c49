package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rapport/bot/pairing"
)

// sheets is a random set of files, and what they say.
type sheets struct {
	members, history, blocks string
	ids                      []string
	department, manager      map[string]string
	blocked                  map[[2]string]bool
}

func drawSheets(t *rapid.T) sheets {
	c := sheets{department: make(map[string]string), manager: make(map[string]string), blocked: make(map[[2]string]bool)}
	c.members, c.history, c.blocks = "id,department,manager,sat_out,tz\n", "a,b,round,met\n", "a,b\n"
	n := rapid.IntRange(0, 24).Draw(t, "people")
	zones := []string{"", "Europe/Berlin", "Asia/Tokyo", "America/New_York"}
	for i := range n {
		id := fmt.Sprintf("p%d", i)
		c.ids = append(c.ids, id)
		c.department[id] = rapid.SampledFrom([]string{"", "Sales", "Support", "Product"}).Draw(t, "department")
		c.manager[id] = fmt.Sprintf("p%d", rapid.IntRange(0, 2*n).Draw(t, "manager"))
		c.members += fmt.Sprintf("%s,%s,%s,%d,%s\n", id, c.department[id], c.manager[id], rapid.IntRange(0, 3).Draw(t, "sat out"), rapid.SampledFrom(zones).Draw(t, "zone"))
	}
	seen := make(map[string]bool)
	for range rapid.IntRange(0, 3*n).Draw(t, "pairs") {
		i, j := rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b")
		pair := [2]string{fmt.Sprintf("p%d", min(i, j)), fmt.Sprintf("p%d", max(i, j))}
		row := fmt.Sprintf("%s,%s", pair[0], pair[1])
		if i == j || seen[row] {
			continue
		}
		seen[row] = true
		if rapid.Bool().Draw(t, "blocked") {
			c.blocks += row + "\n"
			c.blocked[pair] = true
		} else {
			c.history += fmt.Sprintf("%s,%d,%s\n", row, rapid.IntRange(1, 9).Draw(t, "round"), rapid.SampledFrom([]string{"", "yes", "no"}).Draw(t, "met"))
		}
	}
	return c
}

// apart reports why two people must not be in one group.
func (c sheets) apart(a, b string) string {
	switch {
	case c.blocked[[2]string{a, b}] || c.blocked[[2]string{b, a}]:
		return "they are blocked"
	case c.manager[a] == b || c.manager[b] == a:
		return "one is the other's manager"
	case c.department[a] != "" && c.department[a] == c.department[b]:
		return "they are of one department"
	}
	return ""
}

// documentOf runs a call that prints JSON on files.
func documentOf(t *rapid.T, c sheets, flags []string, into any) {
	var out, said bytes.Buffer
	call, err := parseMatch(append([]string{"--members", "m", "--history", "h", "--blocks", "b", "--json"}, flags...), streams{out: &out, err: &said}, time.Unix(1e9, 0))
	if err != nil {
		t.Fatal(said.String())
	}
	var wrong rowProblems
	in := inputOf(call, matchTexts{[]byte(c.members), []byte(c.history), []byte(c.blocks)}, &wrong)
	if !wrong.none() {
		t.Fatal(wrong.first)
	}
	if call.simulate > 0 {
		err = simulateMatch(context.Background(), call, in, &out, streams{err: &said})
	} else {
		err = matchOnce(context.Background(), call, in, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), into); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
}

// Whatever the files say, everybody is in one group or left out, and no two meet who must not.
func TestMatchKeepsWhatIsRequired(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawSheets(t)
		size := rapid.IntRange(2, 4).Draw(t, "size")
		flags := []string{"--manager", "exclude", "--different", "department=require", "--size", fmt.Sprint(size), fmt.Sprintf("--trio=%t", rapid.Bool().Draw(t, "trio"))}
		var round pairing.Round
		documentOf(t, c, flags, &round)
		var people []string
		for _, g := range round.Groups {
			people = append(people, g.Members...)
			for at, a := range g.Members {
				for _, b := range g.Members[at+1:] {
					if why := c.apart(a, b); why != "" {
						t.Fatalf("%s meets %s: %s", a, b, why)
					}
				}
			}
		}
		for _, l := range round.LeftOut {
			people = append(people, l.ID)
		}
		slices.Sort(people)
		if !slices.Equal(people, slices.Sorted(slices.Values(c.ids))) {
			t.Fatalf("%q were matched or left out of %q", people, c.ids)
		}
		if q := round.Quality; q.Weight > q.UpperBound || len(round.LeftOut) < q.LeftOutBound {
			t.Fatalf("%d left out, %+v", len(round.LeftOut), q)
		}
	})
}

// What a simulation tells is what its rounds hold, and any of its rounds can be made alone from the files and the rounds before it.
func TestMatchSimulationIsARowOfRounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawSheets(t)
		var told simulation
		documentOf(t, c, []string{"--simulate", "4", "--trio=false", "--manager", "exclude", "--different", "department=require", "--date", "2026-03-30"}, &told)
		met, sat := make(map[[2]string]bool), make(map[string]int)
		for n, r := range told.Rounds {
			if want := time.Date(2026, 3, 30+7*n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly); r.Date != want || r.Seed != 20260330+uint64(n) {
				t.Fatalf("round %d is on %s with seed %d, want %s", r.Round, r.Date, r.Seed, want)
			}
			for _, g := range r.Groups {
				if why := c.apart(g[0], g[1]); len(g) != 2 || why != "" {
					t.Fatalf("%q meet: %s", g, why)
				}
				met[[2]string{g[0], g[1]}] = true
			}
			for _, id := range r.LeftOut {
				sat[id]++
			}
			if r.PairsMet != int64(len(met)) {
				t.Fatalf("%d pairs met by round %d, want %d", r.PairsMet, r.Round, len(met))
			}
		}
		most, all := 0, 0
		for _, times := range sat {
			most, all = max(most, times), all+times
		}
		if len(told.Rounds) != 4 || told.PairsMet != int64(len(met)) || told.SitOuts != all || told.MostSitOuts != most {
			t.Fatalf("it tells %+v; %d pairs met, %d sat out, one of them %d times", told, len(met), all, most)
		}
		var first pairing.Round
		documentOf(t, c, []string{"--trio=false", "--manager", "exclude", "--different", "department=require", "--date", "2026-03-30"}, &first)
		if len(first.Groups) != len(told.Rounds[0].Groups) || len(first.Groups) > 0 && !slices.Equal(first.Groups[0].Members, told.Rounds[0].Groups[0]) {
			t.Fatalf("alone the first round is %v, in the simulation %v", first.Groups, told.Rounds[0].Groups)
		}
	})
}

// Ten people meet everybody in nine rounds; of twenty-one, who sits out changes, and hardly anybody meets somebody twice: whether anybody does depends on the day, which is
// the seed.
func TestMatchSimulationRemembers(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		people, rounds, repeats, most int
	}{{10, 9, 0, 0}, {21, 21, 2, 1}} {
		var rows strings.Builder
		for i := range c.people {
			fmt.Fprintf(&rows, "p%d\n", i)
		}
		put(t, "m.csv", "id\n"+rows.String())
		run := runMatch(t, "", fmt.Sprintf("match --members m.csv --trio=false --simulate %d --json --date 2026-03-30", c.rounds))
		var told simulation
		if err := json.Unmarshal([]byte(run.out), &told); err != nil {
			t.Fatal(err, run)
		}
		if told.Repeats > c.repeats || told.MostSitOuts != c.most {
			t.Errorf("%d people, %d rounds: %d repeats, one person left out %d times", c.people, c.rounds, told.Repeats, told.MostSitOuts)
		}
	}
}

func TestMatchMentors(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "m.csv", "id,role,offers,asks\nmia,mentor:2,law;tax,\nned,mentor,maps,\nkim,mentee,,maps\nlea,mentee,,tax\nmo,mentee,,law\n")
	run := runMatch(t, "", "match --members m.csv --json")
	var round pairing.Round
	if err := json.Unmarshal([]byte(run.out), &round); err != nil {
		t.Fatal(err, run)
	}
	var groups []string
	for _, g := range round.Groups {
		groups = append(groups, strings.Join(slices.Sorted(slices.Values(g.Members)), " "))
	}
	if want := []string{"kim ned", "lea mia", "mia mo"}; !slices.Equal(slices.Sorted(slices.Values(groups)), want) || len(round.LeftOut) != 0 {
		t.Errorf("%q meet, %v are left out; want %q", groups, round.LeftOut, want)
	}
}

// An interrupt ends it at once, with what was played until then.
func TestMatchStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	in := pairing.Input{Members: []pairing.Member{{ID: "a"}, {ID: "b"}}, Date: time.Unix(1e9, 0), Days: 7}
	var out, said bytes.Buffer
	err := simulateMatch(ctx, matchCall{simulate: 1000, json: true}, in, &out, streams{err: &cancelAfter{&said, stop, 3}, terminal: true})
	var told simulation
	if jsonErr := json.Unmarshal(out.Bytes(), &told); jsonErr != nil || err == nil || !told.Stopped {
		t.Fatalf("%v, %v, %s", err, jsonErr, out.String())
	}
	if !strings.Contains(said.String(), "round 1 of 1000,") || !strings.HasSuffix(said.String(), "\r\x1b[K") {
		t.Errorf("progress is %q", said.String())
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	// A round of so few people may be done before anybody looks at the context.
	if _, err := makeRound(stopped, in); err != nil && !errors.Is(err, errStopped) {
		t.Error(err)
	}
}

// cancelAfter ends something when so many things were written.
type cancelAfter struct {
	to   *bytes.Buffer
	stop context.CancelFunc
	left int
}

func (c *cancelAfter) Write(p []byte) (int, error) {
	if c.left--; c.left <= 0 {
		c.stop()
	}
	return c.to.Write(p)
}

// Where nobody looks, nothing but results is written.
func TestMatchIsQuietWithoutATerminal(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "m.csv", "id\na\nb\n")
	if run := runMatch(t, "", "match --members m.csv --simulate 5"); run.status != 0 || run.said != "" || run.out == "" {
		t.Errorf("%+v", run)
	}
}

// No line of text is wider than the page, but for what cannot be broken: the line that makes the round again.
func TestMatchTextFitsThePage(t *testing.T) {
	t.Chdir(t.TempDir())
	var rows strings.Builder
	for i := range 9 {
		fmt.Fprintf(&rows, "somebody.with.a.long.name.%d@example.com,The department of many long words and numbers %d,topic of %d words;b,b\n", i, i, i)
	}
	put(t, "m.csv", "id,department,offers,asks\n"+rows.String())
	run := runMatch(t, "", "match --members m.csv --size 4")
	if run.status != 0 {
		t.Fatal(run.said)
	}
	for line := range strings.Lines(run.out) {
		if length := len([]rune(strings.TrimSuffix(line, "\n"))); length > pageWidth && !strings.Contains(line, "rapport match") {
			t.Errorf("%d characters: %s", length, line)
		}
	}
}

// Every code that the engine has is told in words.
func TestMatchHasWordsForEveryCode(t *testing.T) {
	for _, code := range []pairing.ReasonCode{
		pairing.FirstMeeting, pairing.LongAgo, pairing.MetBefore, pairing.DifferentDepartments, pairing.SharedHours, pairing.OfferMeetsAsk, pairing.SharedLanguage,
		pairing.SameOffice, pairing.MentorSeat, pairing.LeaderSeat, pairing.Stretch,
	} {
		words := reasonWords(pairing.Reason{Code: code, A: "ana", B: "bob", Topic: "sql"}, pairing.Rules{Window: 26, MinOverlap: 90 * time.Minute})
		if words == "" || strings.Contains(words, "(sql)") || words == strings.ReplaceAll(string(code), "_", " ") && words != "different departments" && words != "same office" {
			t.Errorf("%s: %q", code, words)
		}
	}
	if got := reasonWords(pairing.Reason{Code: "new_code", Topic: "sql"}, pairing.Rules{}); got != "new code (sql)" {
		t.Errorf("a code that is not known: %q", got)
	}
	for part, want := range map[int64]string{0: "0.0 %", 983: "98.3 %", 999: "99.9 %", 1000: "100 %"} {
		if got := shareOf(part, 1000); got != want {
			t.Errorf("%d of 1000 is %s, want %s", part, got, want)
		}
	}
	if got := shareOf(1<<62-1, 1<<62); got != "99.9 %" {
		t.Errorf("nearly all is %s", got)
	}
}

func TestMatchReplayLine(t *testing.T) {
	var out bytes.Buffer
	day := time.Date(2026, 3, 30, 23, 0, 0, 0, time.FixedZone("east", 3600))
	call, err := parseMatch([]string{"--members", "all people.csv", "--size=3", "--overlap", "2h=require", "--json", "--manager", "exclude"}, streams{err: &out}, day)
	if err != nil {
		t.Fatal(out.String())
	}
	if got, want := call.replay(call.date, call.seed), "rapport match '--members=all people.csv' --size=3 --overlap=2h=require --manager=exclude --date=2026-03-30 --seed=20260330"; got != want {
		t.Errorf("it says\n%s, want\n%s", got, want)
	}
}
