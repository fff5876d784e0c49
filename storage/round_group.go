package storage

import (
	"fmt"
	"strconv"
	"strings"

	"rapport/bot"
)

// A round is one hash: the plan without its groups, the parts of the plan, which name the groups, and each group in a field of its own with a version of its
// own. So people who answer in different groups do not meet, and one group is read and written however large the round is.
const (
	planField     = "plan"
	draftField    = "draft"    // the name of the draft that became the round
	fieldsField   = "fields"   // how many fields the draft has
	doneField     = "done"     // how many parts are in, in front
	metField      = "met"      // groups of which somebody said that they met
	answeredField = "answered" // members who said whether they met
	introsField   = "intros"   // introductions that were put into the ledger

	worthYesField    = "worth yes" // members who said that it was worth their time, and the other answers to that
	worthPartlyField = "worth partly"
	worthNoField     = "worth no"
)

func groupField(key string) string { return "group " + key }

func partField(number int) string { return "part " + strconv.Itoa(number) }

// introField lists the introductions of a part, as their sids go on after the round's.
func introField(number int) string { return "intro " + strconv.Itoa(number) }

// storedPlan is a round as it is stored, without what its parts hold.
type storedPlan struct {
	bot.Round
	Parts int `json:"parts,omitempty"`

	done int // how many parts are in
	late storedLate
}

// newStoredPlan takes out of a round what its parts hold.
func newStoredPlan(r bot.Round, parts int) storedPlan {
	r.Groups, r.LeftOut = nil, nil
	return storedPlan{Round: r, Parts: parts}
}

// head is the round without its groups.
func (p storedPlan) head() bot.Round {
	r := p.Round
	r.Planned = p.done >= p.Parts
	r.GroupCount, r.People, r.Across = r.GroupCount+p.late.GroupCount, r.People+p.late.People, r.Across+p.late.Across
	return r
}

func readPlan(fields map[string]string) (storedPlan, error) {
	var plan storedPlan
	if err := decodeValue(fields[planField], &plan); err != nil {
		return storedPlan{}, err
	}
	var err error
	if plan.late, err = readLate(fields[lateField]); err != nil {
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
		{fields[worthYesField], &plan.Worth.Yes},
		{fields[worthPartlyField], &plan.Worth.Partly},
		{fields[worthNoField], &plan.Worth.No},
	} {
		if n.text == "" {
			continue
		}
		if *n.into, err = strconv.Atoi(n.text); err != nil {
			return storedPlan{}, fmt.Errorf("a count of the round: %w", err)
		}
	}
	return plan, nil
}

// readGroup reads a group with the version that is stored in front of it.
func readGroup(stored string) (bot.Group, error) {
	var g bot.Group
	number, err := versionOf(stored)
	if err != nil {
		return g, err
	}
	if err := decodeValue(stored, &g); err != nil {
		return g, err
	}
	g.Version = number
	return g, nil
}

// versionOf is the version that stands in front of a stored object.
func versionOf(stored string) (int, error) {
	version, _, _ := strings.Cut(stored, " ")
	number, err := strconv.Atoi(version)
	if err != nil {
		return 0, fmt.Errorf("version of a stored object: %w", err)
	}
	return number, nil
}
