package storage

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot"
)

// plantFormer writes a round of pairs as schema 1 has it: in each second group somebody met, and what the group held before is noted beside.
func plantFormer(t *testing.T, s *Store, pairs int) {
	t.Helper()
	var names []string
	fields := map[string]any{changesField: pairs + 1}
	for i := range pairs {
		g := fmt.Sprintf(`1 {"key":"g%d","members":["UA%d","UB%d"],"reasons":[{"code":"different_departments","a":"x","b":"y"}],"question":"q","first":"UA%d"}`, i, i, i, i)
		if i%2 == 0 {
			g = fmt.Sprintf(`%d {"key":"g%d","members":["UA%d","UB%d"],"question":"q","first":"UA%d","met":{"UA%d":"met","UB%d":"later"},"was":[{"n":1,"p":"x"}]}`, i+2, i, i, i, i, i, i)
		}
		names = append(names, fmt.Sprintf(`"g%d"`, i))
		fields[groupField(fmt.Sprint("g", i))] = g
	}
	fields[planField] = `1 {"id":"1/1","program":"1","number":1,"version":1,"at":"2026-03-02T09:00:00Z","end":"2026-03-06T09:00:00Z","seed":7,"hash":"h","left_out":["UEVA"],"groups":[` +
		strings.Join(names, ",") + `]}`
	check(t, s.rdb.HSet(t.Context(), s.keys.round("1", 1), fields).Err())
	check(t, s.rdb.HSet(t.Context(), s.keys.latestRound(), "1", "1").Err())
}

func TestARoundThatWasStoredInOneStepIsMigrated(t *testing.T) {
	const pairs = 700 // more than one command of a script writes
	s := oldStores(t, func() time.Time { return time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC) }, 1)[0]
	check(t, s.rdb.Unlink(t.Context(), s.keys.round("1", 1)).Err())
	plantFormer(t, s, pairs)
	check(t, s.checkSchema(t.Context()))
	r, err := s.CurrentRound(t.Context(), "1")
	check(t, err)
	want := bot.Round{
		ID: "1/1", Program: "1", Number: 1, At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), End: time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC), Seed: 7, Hash: "h",
		GroupCount: pairs, People: 2 * pairs, Across: pairs / 2, Planned: true, Intros: pairs, Met: pairs / 2, Answered: pairs,
	}
	if fmt.Sprintf("%+v", r) != fmt.Sprintf("%+v", want) {
		t.Errorf("the round is %+v, want %+v", r, want)
	}
	whole, err := s.Round(t.Context(), "1/1")
	check(t, err)
	if len(whole.Groups) != pairs || !slices.Equal(whole.LeftOut, []string{"UEVA"}) {
		t.Fatalf("%d groups, left out are %v", len(whole.Groups), whole.LeftOut)
	}
	for i, g := range whole.Groups {
		if g.Key != fmt.Sprint("g", i) || len(g.Members) != 2 || g.Question != "q" || (g.Met[g.First] == bot.MetYes) != (i%2 == 0) {
			t.Fatalf("group %d is %+v", i, g)
		}
	}
	p, err := s.RoundProgress(t.Context(), "1/1", 5000)
	check(t, err)
	if p != (bot.RoundProgress{Introductions: pairs, Asked: pairs, Planned: true}) {
		t.Errorf("progress is %+v", p)
	}
	met := whole.Groups[1]
	met.Met = map[string]bot.Met{"UB1": bot.MetYes}
	check(t, s.ReplaceGroup(t.Context(), "a", "1/1", whole.Groups[1], met, nil))
	if r, err = s.CurrentRound(t.Context(), "1"); err != nil || r.Met != pairs/2+1 || r.Answered != pairs+1 {
		t.Errorf("after an answer it is %+v, %v", r, err)
	}
}

// Whoever migrates late, because its process stood still, takes back nothing that happened since.
func TestAMigrationThatComesLateChangesNoRound(t *testing.T) {
	s := oldStores(t, time.Now, 1)[0]
	key := s.keys.round("1", 1)
	check(t, s.rdb.Unlink(t.Context(), key).Err())
	plantFormer(t, s, 2)
	former := s.rdb.HGetAll(t.Context(), key).Val()
	check(t, s.checkSchema(t.Context()))
	_, was, err := s.RoundGroup(t.Context(), "1/1", "g1")
	check(t, err)
	is := was
	is.Met = map[string]bot.Met{"UB1": bot.MetNo}
	check(t, s.ReplaceGroup(t.Context(), "a", "1/1", was, is, nil))
	want := s.rdb.HGetAll(t.Context(), key).Val()

	late, err := readFormer(former)
	check(t, err)
	c := s.change()
	check(t, c.former(key, late))
	if err := s.commit(t.Context(), c); err == nil {
		t.Error("the late one is not told")
	}
	check(t, s.migrateRound(t.Context(), key)) // and what is migrated stays as it is
	if got := s.rdb.HGetAll(t.Context(), key).Val(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the round is %v, want %v", got, want)
	}
}
