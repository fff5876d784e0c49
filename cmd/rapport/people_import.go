package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"rapport/bot"
	"rapport/storage"
)

// peopleColumns are the columns of a file of people. One of the first two says who is meant. Addresses are not read: least data.
var peopleColumns = []string{"id", "handle", "department", "office", "level", "manager"}

// importPeople is `rapport people import`: the file is all that this source says from then on. What is wrong with it is printed and makes the exit status 2, and nothing
// is changed then.
func importPeople(ctx context.Context, args []string, s streams) error {
	fs := flag.NewFlagSet("people import", flag.ContinueOnError)
	team, by := teamFlag(fs), signFlag(fs)
	dry := fs.Bool("dry-run", false, "only say what would change")
	skip := fs.Bool("skip-unknown", false, "pass over people whom Slack's directory does not know, instead of refusing the file")
	files, err := parseMixed(fs, args, s)
	if err != nil {
		return err
	}
	if len(files) != 1 {
		return misused(s, fs.Name(), "")
	}
	data, err := readWhole(files[0], s.in)
	if err != nil {
		fmt.Fprintf(s.err, "rapport people import: %v\n", err)
		return errUsage
	}
	return withStore(ctx, s, *team, func(store *storage.Store) error {
		members, err := store.AllMembers(ctx)
		if err != nil {
			return err
		}
		said := readPeople(files[0], data, members, *skip)
		if !said.wrong.none() {
			said.refuse(s)
			return errUsage
		}
		change := said.against(members)
		if err := change.print(s, said); err != nil {
			return err
		}
		if *dry {
			_, err := fmt.Fprintln(s.out, "Nothing was changed: this was a dry run.")
			return err
		}
		if err := by.note(ctx, store, "import people", change.sum()); err != nil {
			return err
		}
		return change.save(ctx, s, store)
	})
}

// saidPeople is what a file says of whom.
type saidPeople struct {
	facts            map[string]bot.Facts // by id
	lines            map[string]int
	skipped, unknown int // rows of deactivated people, and of people and managers who are unknown
	skip             bool
	byID, byHandle   map[string]bot.Member
	wrong            rowProblems
}

// readPeople reads and checks a whole file.
func readPeople(name string, data []byte, members []bot.Member, skip bool) *saidPeople {
	p := &saidPeople{facts: map[string]bot.Facts{}, lines: map[string]int{}, skip: skip, byID: map[string]bot.Member{}, byHandle: map[string]bot.Member{}}
	for _, m := range members {
		p.byID[m.ID] = m
		handle := strings.ToLower(m.Handle)
		if other, taken := p.byHandle[handle]; !taken || other.Deleted {
			p.byHandle[handle] = m
		}
	}
	t := openTable(name, data, peopleColumns, nil, &p.wrong)
	switch {
	case t.damaged:
	case !t.has("id") && !t.has("handle"):
		t.reportAt(1, 1, "there is neither a column \"id\" nor \"handle\"; one of them has to say who is meant")
		return p
	case len(t.at) == 1:
		t.reportAt(1, 1, "the file says nothing of anybody; add a column: %s", strings.Join(peopleColumns[2:], ","))
		return p
	}
	for t.next() {
		p.read(t)
	}
	return p
}

// read takes one row.
func (p *saidPeople) read(t *table) {
	column := "id"
	if t.cell("id") == "" {
		column = "handle"
	}
	named := t.cell(column)
	if named == "" {
		t.report("id", "nobody is named here; every row needs an id or a handle")
		return
	}
	m, known := p.find(named)
	switch line, twice := p.lines[m.ID]; {
	case !known && p.skip:
		p.unknown++
		return
	case !known:
		t.report(column, "Slack's directory knows no %q; remove the row, or pass over such people with --skip-unknown", excerpt(named))
		return
	case m.Bot || m.Stranger:
		t.report(column, "%q is no colleague but an app, or somebody of another company; remove the row", excerpt(named))
		return
	case column == "id" && t.cell("handle") != "" && !strings.EqualFold(strings.TrimPrefix(t.cell("handle"), "@"), m.Handle):
		t.report("handle", "the id %s and the handle %q are not the same person; remove one of the two cells", m.ID, excerpt(t.cell("handle")))
		return
	case twice:
		t.report(column, "%q stands in line %d already; remove one of the two rows", excerpt(named), line)
		return
	}
	p.lines[m.ID] = t.line()
	facts := bot.Facts{Department: nameOf(t, "department"), Office: nameOf(t, "office"), Level: nameOf(t, "level"), Manager: p.manager(t, m)}
	if m.Deleted {
		p.skipped++
		return
	}
	p.facts[m.ID] = facts
}

// find finds a member by id or handle.
func (p *saidPeople) find(named string) (bot.Member, bool) {
	if m, ok := p.byID[named]; ok {
		return m, true
	}
	m, ok := p.byHandle[strings.ToLower(strings.TrimPrefix(named, "@"))]
	return m, ok
}

// manager reads whose report somebody is. Who heads a company is their own manager in some exports.
func (p *saidPeople) manager(t *table, m bot.Member) string {
	named := t.cell("manager")
	if named == "" {
		return ""
	}
	manager, known := p.find(named)
	switch {
	case known && manager.ID == m.ID:
		return ""
	case known:
		return manager.ID
	case p.skip:
		p.unknown++
	default:
		t.report("manager", "Slack's directory knows no manager %q; empty the cell, or pass over such people with --skip-unknown", excerpt(named))
	}
	return ""
}

// nameOf reads the name of a department, an office or a level.
func nameOf(t *table, column string) string {
	name := bot.CleanDepartment(t.cell(column))
	if utf8.RuneCountInString(name) > bot.DepartmentSize {
		t.report(column, "the name is longer than %d characters; shorten it", bot.DepartmentSize)
	}
	return name
}

// refuse prints what is wrong.
func (p *saidPeople) refuse(s streams) {
	for _, one := range p.wrong.first {
		fmt.Fprintln(s.err, one)
	}
	if more := p.wrong.count - len(p.wrong.first); more > 0 {
		fmt.Fprintf(s.err, "… and %d more\n", more)
	}
	fmt.Fprintf(s.err, "rapport people import: %s in the file; nothing was changed\n", countOf(p.wrong.count, "problem"))
}

// peopleChange is what a file changes.
type peopleChange struct {
	facts                     map[string]bot.Facts // of those for whom something changes
	fresh, changed, lost, old int
}

// against compares a file with what the last one said.
func (p *saidPeople) against(members []bot.Member) peopleChange {
	c := peopleChange{facts: map[string]bot.Facts{}}
	for _, m := range members {
		before, now := m.Say(bot.SourceTable), p.facts[m.ID]
		switch {
		case before == now:
			if now != (bot.Facts{}) {
				c.old++
			}
			continue
		case before == (bot.Facts{}):
			c.fresh++
		case now == (bot.Facts{}):
			c.lost++
		default:
			c.changed++
		}
		c.facts[m.ID] = now
	}
	return c
}

func (c peopleChange) print(s streams, p *saidPeople) error {
	fmt.Fprintf(s.out, "The file names %s.\n", peopleWord(len(p.lines)))
	for _, line := range []struct {
		n    int
		what string
	}{
		{c.fresh, "of whom no file said anything before"},
		{c.changed, "of whom the last file said something else"},
		{c.lost, "of whom the last file said something and this one does not: that is taken away"},
		{c.old, "as before"},
		{p.skipped, "left out because they are deactivated"},
		{p.unknown, "passed over because Slack's directory does not know them"},
	} {
		if line.n > 0 {
			fmt.Fprintf(s.out, "%6d  %s\n", line.n, line.what)
		}
	}
	return nil
}

// sum is what changes, for the log of what was done by hand.
func (c peopleChange) sum() string {
	return fmt.Sprintf("new:%d changed:%d taken-away:%d as-before:%d", c.fresh, c.changed, c.lost, c.old)
}

// save stores the change. Done twice it is done once, so a call that broke off is simply made again.
func (c peopleChange) save(ctx context.Context, s streams, store *storage.Store) error {
	order, err := sourceOrder(ctx, store)
	if err != nil {
		return err
	}
	err = store.EditMembers(ctx, slices.Sorted(maps.Keys(c.facts)), func(m bot.Member) (bot.Member, bool) {
		return m.Told(bot.SourceTable, c.facts[m.ID], order), m.Name != ""
	})
	if err != nil {
		return fmt.Errorf("import people: %w; the same call again does the rest", err)
	}
	_, err = fmt.Fprintln(s.out, "Saved.")
	if err == nil && !slices.Contains(order, bot.SourceTable) {
		_, err = fmt.Fprintln(s.out, "It does not count yet: RAPPORT_DEPARTMENTS leaves csv out.")
	}
	return err
}
