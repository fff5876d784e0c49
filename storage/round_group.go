package storage

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rapport/bot"
)

// A round is one hash: the plan without its groups, each group in a field of its own, and how many changes there were. A group's version is the number of the
// round's change that made it what it is. So one read of the hash, which knows the number of the latest change, knows for every group
// whether it changed since.
const (
	planField     = "plan"
	changesField  = "changes"  // of a round that was stored in one step
	draftField    = "draft"    // the name of the draft that became the round
	fieldsField   = "fields"   // how many fields the draft has
	doneField     = "done"     // how many parts are in, in front
	metField      = "met"      // groups of which somebody said that they met
	answeredField = "answered" // members who said whether they met
	introsField   = "intros"   // introductions that were put into the ledger
)

func groupField(key string) string { return "group " + key }

func partField(number int) string { return "part " + strconv.Itoa(number) }

// introField lists the introductions of a part, as their sids go on after the round's.
func introField(number int) string { return "intro " + strconv.Itoa(number) }

// storedPlan is a round as it is stored, without its groups.
type storedPlan struct {
	bot.Round
	Groups []string `json:"groups,omitempty"` // keys, of a round that was stored in one step
	Parts  int      `json:"parts,omitempty"`  // of one that was planned in parts

	done int // how many parts are in
}

// head is the round without its groups.
func (p storedPlan) head() bot.Round {
	r := p.Round
	r.LeftOut, r.Planned = nil, p.done >= p.Parts
	if p.Parts == 0 {
		r.GroupCount = len(p.Groups)
	}
	return r
}

func readPlan(fields map[string]string) (storedPlan, error) {
	var plan storedPlan
	if err := decodeValue(fields[planField], &plan); err != nil {
		return storedPlan{}, err
	}
	done, _, _ := strings.Cut(fields[doneField], " ")
	for _, n := range []struct {
		text string
		into *int
	}{
		{done, &plan.done},
		{fields[metField], &plan.Met},
		{fields[answeredField], &plan.Answered},
		{fields[introsField], &plan.Intros},
		{fields[changesField], &plan.Version},
	} {
		if n.text == "" {
			continue
		}
		var err error
		if *n.into, err = strconv.Atoi(n.text); err != nil {
			return storedPlan{}, fmt.Errorf("a count of the round: %w", err)
		}
	}
	return plan, nil
}

func planOf(r bot.Round) (storedPlan, error) {
	plan := storedPlan{Round: r, Groups: make([]string, 0, len(r.Groups))}
	seen := make(map[string]bool, len(r.Groups))
	for _, g := range r.Groups {
		if g.Key == "" || seen[g.Key] {
			return storedPlan{}, fmt.Errorf("save round %q: two groups with the key %q, or one without", r.ID, g.Key)
		}
		seen[g.Key] = true
		plan.Groups = append(plan.Groups, g.Key)
	}
	plan.Round.Groups = nil
	return plan, nil
}

// storedGroup is a group as it is stored, with what is known of its former contents.
type storedGroup struct {
	bot.Group
	Was []formerGroup `json:"was,omitempty"` // the oldest first

	changed int // the number of the round's change that made it what it is; stored in front
}

// formerGroup is a content that a group had.
type formerGroup struct {
	Since int    `json:"n"` // the number of the round's change that made it
	Print string `json:"p"` // tells it from others
}

// formersKept is how many former contents of a group are known. Whoever read the round longer ago reads it again.
const formersKept = 8

func readGroup(stored string) (storedGroup, error) {
	var g storedGroup
	version, _, _ := strings.Cut(stored, " ")
	changed, err := strconv.Atoi(version)
	if err != nil {
		return g, fmt.Errorf("version of a group: %w", err)
	}
	g.changed = changed
	return g, decodeValue(stored, &g)
}

// answer adds what r changes of the stored round to the change. Where somebody else was faster it adds a check that does not hold, so that
// a repeated token is still known as one.
func (c *change) answer(key string, fields map[string]string, r bot.Round, meetings []bot.Meeting) error {
	told := make(map[string]bool, 2*len(meetings))
	for _, m := range meetings {
		if m.Round == r.Number {
			told[m.A], told[m.B] = true, true
		}
	}
	for _, g := range r.Groups {
		stored, ok := fields[groupField(g.Key)]
		if !ok {
			return fmt.Errorf("find group %q: %w", g.Key, bot.ErrNotFound)
		}
		was, err := readGroup(stored)
		if err != nil {
			return fmt.Errorf("group %q: %w", g.Key, err)
		}
		if err := c.answerGroup(key, was, g, r.Version, told); err != nil {
			return err
		}
	}
	return nil
}

// answerGroup adds what became of a group that its changer read when the round was in the given version.
func (c *change) answerGroup(key string, was storedGroup, g bot.Group, version int, told map[string]bool) error {
	text, err := encodeJSON(g)
	if err != nil {
		return err
	}
	before, err := was.printAt(version)
	if err != nil {
		return err
	}
	changes := printOf(text) != before
	if !changes && !slices.ContainsFunc(g.Members, func(id string) bool { return told[id] }) {
		return nil
	}
	// A group that changed since has another version than this one.
	c.Check = append(c.Check, checkStep{Key: c.keys.of(key), Field: groupField(g.Key), Version: strconv.Itoa(min(was.changed, version))})
	if !changes {
		return nil
	}
	next := storedGroup{Group: g, Was: append(slices.Clone(was.Was), formerGroup{Since: was.changed, Print: before})}
	next.Was = next.Was[max(0, len(next.Was)-formersKept):]
	value, err := encodeJSON(next)
	if err != nil {
		return err
	}
	c.number(key, changesField, groupField(g.Key), value)
	return nil
}

// printAt tells what the group's content was when the round was in that version; "" if that is no longer known.
func (g storedGroup) printAt(version int) (string, error) {
	if g.changed <= version {
		text, err := encodeJSON(g.Group)
		return printOf(text), err
	}
	for _, former := range slices.Backward(g.Was) {
		if former.Since <= version {
			return former.Print, nil
		}
	}
	return "", nil
}

func printOf(text string) string { return digest(text)[:16] }
