//go:build unix

package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"
)

// faultCase is one line of the fault table that the delivery protocol is held to.
type faultCase struct {
	place int // among the rows
	name  string
	store string
	run   func(r *faultRow)
	short bool          // it runs with all other tests, too, with fewer messages
	limit time.Duration // of the whole row; 0: nine minutes
	// control marks a row that switches a safeguard off: it has to show messages that came twice, or the table could not fail.
	control bool
	// lists allows messages in channels, whose history the bot may not read, to be put before an operator instead of being there.
	lists bool
	// expires allows messages to people to be too late, and to be put before an operator.
	expires bool
}

// TestFaults kills real processes of the bot, of its store and of its connections while people use it, and counts what reached them. Everything that a
// person was told is kept has to come, once. RAPPORT_FAULTS=full runs all rows with a thousand messages each, RAPPORT_FAULTS=rows all of them with few;
// RAPPORT_FAULTS_SEED throws the dice of an earlier run; RAPPORT_FAULTS_TABLE names a file for the table, its columns divided by tabs.
func TestFaults(t *testing.T) {
	t.Parallel()
	mode := os.Getenv("RAPPORT_FAULTS")
	full := mode == "full"
	seed := uint64(time.Now().UnixNano()) % 1e6
	if given, err := strconv.ParseUint(os.Getenv("RAPPORT_FAULTS_SEED"), 10, 64); err == nil {
		seed = given
	}
	t.Logf("seed %d", seed)
	var table faultTable
	defer func() {
		t.Logf("seed %d\n%s", seed, table.String())
		if file := os.Getenv("RAPPORT_FAULTS_TABLE"); file != "" {
			if err := os.WriteFile(file, []byte(table.lines()), 0o600); err != nil {
				t.Error(err)
			}
		}
	}()
	var rows sync.WaitGroup
	// Rows wait more than they work, so that more of them go on at once than there are processors.
	turns := make(chan struct{}, map[bool]int{true: 2, false: 4}[full])
	for _, c := range longestFirst(faultCases()) {
		if mode == "" && !c.short {
			continue
		}
		turns <- struct{}{}
		rows.Go(func() {
			defer func() { <-turns }()
			t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) { runRow(t, c, seed, full, &table) })
		})
	}
	rows.Wait()
}

// longestFirst orders rows by how long they may take, so that no long one is left to the end, and notes the place of each in the table.
func longestFirst(cases []faultCase) []faultCase {
	for i := range cases {
		cases[i].place = i
	}
	slices.SortStableFunc(cases, func(a, b faultCase) int { return cmp.Compare(b.limit, a.limit) })
	return cases
}

func runRow(t *testing.T, c faultCase, seed uint64, full bool, table *faultTable) {
	t.Helper()
	limit := c.limit
	if limit == 0 {
		limit = 9 * time.Minute
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	r := &faultRow{t: t, ctx: ctx, seed: seed, full: full, result: rowResult{place: c.place, fault: c.name, store: c.store}}
	begun := time.Now()
	defer func() {
		r.result.end, r.result.took = endOf(t), time.Since(begun)
		table.add(r.result)
	}()
	c.run(r)
	t.Logf("%d sends, %d kills, %d lost, %d twice, %d listed, healed after %s", r.result.sends, r.result.kills, len(r.result.lost), len(r.result.twice),
		r.result.listed+r.result.private, r.result.healed.Round(100*time.Millisecond))
	judgeRow(t, c, r.result)
}

// endOf says how a row ended.
func endOf(t *testing.T) string {
	t.Helper()
	switch {
	case t.Failed():
		return "FAILED"
	case t.Skipped():
		return "LEFT OUT"
	}
	return "ok"
}

// judgeRow compares a row with what is expected of it.
func judgeRow(t *testing.T, c faultCase, got rowResult) {
	t.Helper()
	if c.control {
		if len(got.twice) == 0 {
			t.Errorf("%s: nothing came twice although the safeguard was off: the table cannot fail", c.name)
		}
		return
	}
	if len(got.lost) > 0 {
		t.Errorf("%s: lost %d: %s", c.name, len(got.lost), strings.Join(got.lost[:min(5, len(got.lost))], ", "))
	}
	if len(got.twice) > 0 {
		t.Errorf("%s: twice %d: %s", c.name, len(got.twice), strings.Join(got.twice[:min(5, len(got.twice))], ", "))
	}
	if got.private > 0 && !c.expires {
		t.Errorf("%s: %d messages to people were given up", c.name, got.private)
	}
	if got.listed > 0 && !c.lists {
		t.Errorf("%s: %d messages in channels were given up", c.name, got.listed)
	}
	if strings.Contains(got.note, "not settled") {
		t.Errorf("%s: %s", c.name, got.note)
	}
}

// faultTable collects the rows.
type faultTable struct {
	mu   sync.Mutex
	rows []rowResult
}

func (f *faultTable) add(r rowResult) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rows = append(f.rows, r)
}

// lines is the table as text, its columns divided by tabs, its rows in their usual order.
func (f *faultTable) lines() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	rows := slices.SortedFunc(slices.Values(f.rows), func(a, b rowResult) int { return a.place - b.place })
	var text strings.Builder
	text.WriteString("fault\tstore\tsends\tkills\tlost\ttwice\tlisted\thealed after\tresult\ttook\t\n")
	for _, r := range rows {
		healed := "-"
		if r.healed > 0 {
			healed = r.healed.Round(100 * time.Millisecond).String()
		}
		_, _ = fmt.Fprintf(&text, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s\t%s\n", r.fault, r.store, r.sends, r.kills, len(r.lost), len(r.twice), r.listed+r.private, healed,
			r.end, r.took.Round(time.Second), strings.TrimSpace(r.where+" "+r.note))
	}
	return text.String()
}

// String is the table as text, its columns below each other.
func (f *faultTable) String() string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	_, _ = io.WriteString(w, f.lines())
	_ = w.Flush()
	return text.String()
}
