package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"rapport/bot"
	"rapport/storage"
)

func peopleCommands() []command {
	return []command{
		{"people list", "", "how many people work in which department, and where that is known from; also without a word", listPeople},
		{"people import", "FILE", "read departments, offices, levels and managers from a CSV file; standard input for -", importPeople},
		{"people sync", "", "have the bot read Slack's directory again, now", syncPeople},
	}
}

// peopleTool is `rapport people`.
func peopleTool(ctx context.Context, args []string, s streams) error {
	return choose(ctx, "people", "list", peopleCommands(), args, s)
}

// syncPeople asks the bot that runs on the store for a sync.
func syncPeople(ctx context.Context, args []string, s streams) error {
	fs := flag.NewFlagSet("people sync", flag.ContinueOnError)
	team, by := teamFlag(fs), signFlag(fs)
	if err := parseFlags(fs, args, s); err != nil {
		return err
	}
	return withStore(ctx, s, *team, func(store *storage.Store) error {
		if err := by.note(ctx, store, "sync people"); err != nil {
			return err
		}
		if err := store.AskSync(ctx, time.Now()); err != nil { // the real-time edge
			return err
		}
		_, err := fmt.Fprintln(s.out, "Asked. A bot that runs begins within a minute, another one when it starts; rapport people list says when it is done.")
		return err
	})
}

// headcount is what the directory holds, in numbers: nobody is named.
type headcount struct {
	People      int               `json:"people"`  // colleagues, guests among them
	Guests      int               `json:"guests"`  //
	Unknown     int               `json:"unknown"` // of the people, whose department nobody says
	Unread      int               `json:"unread"`  // of the people, whose profile is still to be read
	Departments []departmentCount `json:"departments"`
	Sources     []sourceCount     `json:"sources"` // in their order
	Synced      time.Time         `json:"synced,omitzero"`
	Syncing     bool              `json:"syncing"`
}

type departmentCount struct {
	Name   string `json:"name"`
	People int    `json:"people"`
}

// sourceCount is of how many people a source says a department, and of how many it is the one that counts.
type sourceCount struct {
	Source bot.Source `json:"source"`
	Says   int        `json:"says"`
	Counts int        `json:"counts"`
}

func listPeople(ctx context.Context, args []string, s streams) error {
	fs := flag.NewFlagSet("people list", flag.ContinueOnError)
	team := teamFlag(fs)
	asJSON := fs.Bool("json", false, "as one JSON object")
	if err := parseFlags(fs, args, s); err != nil {
		return err
	}
	return withStore(ctx, s, *team, func(store *storage.Store) error {
		count, err := countPeople(ctx, store)
		if err != nil {
			return err
		}
		if *asJSON {
			return json.NewEncoder(s.out).Encode(count)
		}
		return count.print(s, time.Now()) // the real-time edge
	})
}

// preferencesAtOnce is how many people's settings are read in one step.
const preferencesAtOnce = 500

// countPeople counts a workspace's people.
func countPeople(ctx context.Context, store *storage.Store) (headcount, error) {
	order, err := sourceOrder(ctx, store)
	if err != nil {
		return headcount{}, err
	}
	mark, err := store.DirectorySync(ctx)
	if err != nil {
		return headcount{}, err
	}
	all, err := store.AllMembers(ctx)
	if err != nil {
		return headcount{}, err
	}
	all = slices.DeleteFunc(all, func(m bot.Member) bool { return !m.Person() })
	t := newTally(order)
	for part := range slices.Chunk(all, preferencesAtOnce) {
		ids := make([]string, len(part))
		for i, m := range part {
			ids[i] = m.ID
		}
		set, err := store.Preferences(ctx, ids...)
		if err != nil {
			return headcount{}, err
		}
		for _, m := range part {
			t.add(m, set[m.ID])
		}
	}
	count := t.headcount()
	count.Synced, count.Syncing = mark.Whole, !mark.Began.IsZero()
	return count, nil
}

// sourceOrder is the order in which the workspace's bot asks sources.
func sourceOrder(ctx context.Context, store *storage.Store) ([]bot.Source, error) {
	w, err := store.Workspace(ctx)
	if errors.Is(err, bot.ErrNotFound) || err == nil && len(w.Departments) == 0 {
		return bot.StandardSources(), nil
	}
	return w.Departments, err
}

// tally counts people.
type tally struct {
	order        []bot.Source
	count        headcount
	people       map[string]int
	says, counts map[bot.Source]int
}

func newTally(order []bot.Source) *tally {
	return &tally{order: order, people: map[string]int{}, says: map[bot.Source]int{}, counts: map[bot.Source]int{}}
}

func (t *tally) add(m bot.Member, p bot.Preferences) {
	t.count.People++
	if m.Guest {
		t.count.Guests++
	}
	if m.Read.IsZero() {
		t.count.Unread++
	}
	for _, s := range t.order {
		if name, _ := bot.Department(m, p, []bot.Source{s}); name != "" {
			t.says[s]++
		}
	}
	name, source := bot.Department(m, p, t.order)
	if name == "" {
		t.count.Unknown++
		return
	}
	t.people[name]++
	t.counts[source]++
}

func (t *tally) headcount() headcount {
	c := t.count
	c.Departments, c.Sources = []departmentCount{}, []sourceCount{}
	for name, n := range t.people {
		c.Departments = append(c.Departments, departmentCount{name, n})
	}
	slices.SortFunc(c.Departments, func(a, b departmentCount) int {
		if a.People != b.People {
			return b.People - a.People
		}
		return strings.Compare(a.Name, b.Name)
	})
	for _, s := range t.order {
		c.Sources = append(c.Sources, sourceCount{s, t.says[s], t.counts[s]})
	}
	return c
}

func (c headcount) print(s streams, now time.Time) error {
	fmt.Fprintf(s.out, "%s, %s among them. %s\n", peopleWord(c.People), countOf(c.Guests, "guest"), c.age(now))
	if c.Unread > 0 {
		fmt.Fprintf(s.out, "The profiles of %d are still to be read.\n", c.Unread)
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nSOURCE\tSAYS A DEPARTMENT OF\tAND COUNTS FOR")
	for _, source := range c.Sources {
		fmt.Fprintf(w, "%s\t%d\t%d\n", source.Source, source.Says, source.Counts)
	}
	fmt.Fprintln(w, "\nDEPARTMENT\tPEOPLE")
	for _, d := range c.Departments {
		fmt.Fprintf(w, "%s\t%d\n", d.Name, d.People)
	}
	fmt.Fprintf(w, "(unknown)\t%d\n", c.Unknown)
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	for _, alike := range c.alike() {
		fmt.Fprintf(s.out, "\n%s count as different departments: they differ only in capitals.\n", strings.Join(alike, " and "))
	}
	return nil
}

// age says how old the directory is.
func (c headcount) age(now time.Time) string {
	switch {
	case c.Synced.IsZero() && c.Syncing:
		return "Slack's directory is being read for the first time."
	case c.Synced.IsZero():
		return "Slack's directory was never read to its end."
	}
	said := fmt.Sprintf("Slack's directory was last read to its end %s ago, at %s", now.Sub(c.Synced).Round(time.Minute), c.Synced.UTC().Format(time.RFC3339))
	if c.Syncing {
		said += ", and is being read now"
	}
	return said + "."
}

// alike finds names that differ only in their capitals.
func (c headcount) alike() [][]string {
	same := map[string][]string{}
	for _, d := range c.Departments {
		same[strings.ToLower(d.Name)] = append(same[strings.ToLower(d.Name)], d.Name)
	}
	var found [][]string
	for _, d := range c.Departments {
		if names := same[strings.ToLower(d.Name)]; len(names) > 1 && names[0] == d.Name {
			found = append(found, names)
		}
	}
	return found
}

func peopleWord(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}
