package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rapport/bot/pairing"
)

// memberColumns are the columns of a file of members, of which only id is needed.
var memberColumns = []string{
	"id", "department", "tz", "work_start", "work_end", "manager", "joined", "sat_out", "offers", "asks", "role", "office", "language", "work_days", "level",
}

const (
	mostSatOut      = 1_000_000
	mostMentees     = 20
	mostLeaderSeats = 3 // a table holds four
)

// roster holds the members of a file, and where each stands in it.
type roster struct {
	members []pairing.Member
	lines   map[string]int
	zones   map[string]*time.Location
	whole   bool              // every row could be read, so that an id that is not here is nowhere
	folded  map[string]string // ids by what they are in lower case
	// Where the first stands who has a side of a mentor match, and the first who has none.
	sided    int
	sideless rowProblem
}

// readMembers reads all rows; what is wrong with them is reported to the table.
func readMembers(t *table) *roster {
	rows := t.rows()
	p := &roster{members: make([]pairing.Member, 0, rows), lines: make(map[string]int, rows), zones: make(map[string]*time.Location)}
	if t.has("work_start") != t.has("work_end") {
		present := "work_start"
		if t.has("work_end") {
			present = "work_end"
		}
		t.report(present, "work_start and work_end go together; add the other column")
	}
	for t.next() {
		p.read(t)
	}
	p.oneKind(t)
	p.whole = !t.damaged
	return p
}

// read takes one row.
func (p *roster) read(t *table) {
	id := t.cell("id")
	if id == "" {
		t.report("id", "the id is missing; every row needs one")
		return
	}
	if line, twice := p.lines[id]; twice {
		t.report("id", "id %q stands in line %d already; remove one of the two rows", excerpt(id), line)
		return
	}
	p.lines[id] = t.line()
	m := pairing.Member{
		ID: id, Department: t.cell("department"), Zone: p.zone(t), Hours: weekOf(t), Joined: joinedOf(t), SatOut: wholeNumber(t, "sat_out", 0, mostSatOut),
		Offers: listOf(t, "offers"), Asks: listOf(t, "asks"), Languages: listOf(t, "language"), Office: t.cell("office"), Level: t.cell("level"),
	}
	if manager := t.cell("manager"); manager != id { // who heads a company is their own manager in some exports
		m.Manager = manager
	}
	setRole(t, &m)
	switch {
	case m.Role != "" && p.sided == 0:
		p.sided = t.line()
	case m.Role == "" && p.sideless.line == 0:
		p.sideless.file = t.name
		p.sideless.line, p.sideless.column = t.position("role")
	}
	p.members = append(p.members, m)
}

// zone reads an IANA zone, each name once.
func (p *roster) zone(t *table) *time.Location {
	name := t.cell("tz")
	if name == "" {
		return nil
	}
	zone, known := p.zones[name]
	if !known {
		var err error
		if zone, err = time.LoadLocation(name); err != nil || name == "Local" {
			zone = nil // and remembered as such
		}
		p.zones[name] = zone
	}
	if zone == nil {
		t.report("tz", "%q is no time zone; write its IANA name, such as Europe/Berlin", excerpt(name))
	}
	return zone
}

// known reports whether a file that names people names a member in a column, and says so if not.
func (p *roster) known(t *table, column string) (string, bool) {
	id := t.cell(column)
	if id == "" {
		t.report(column, "the id is missing")
		return "", false
	}
	if _, there := p.lines[id]; there {
		return id, true
	}
	if p.whole {
		t.report(column, "no member has the id %q%s", excerpt(id), p.alike(id))
	}
	return id, false
}

// alike says which member was probably meant, and otherwise what can be done.
func (p *roster) alike(id string) string {
	if p.folded == nil {
		p.folded = make(map[string]string, len(p.lines))
		for other := range p.lines {
			p.folded[strings.ToLower(other)] = max(other, p.folded[strings.ToLower(other)])
		}
	}
	if other, found := p.folded[strings.ToLower(id)]; found {
		return fmt.Sprintf("; is it %q?", other)
	}
	return "; remove this row, or add them to the members"
}

// wholeNumber reads a number; it is 0 where there is none, and where it is wrong, which is reported.
func wholeNumber(t *table, column string, least, most int) int {
	text := t.cell(column)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		t.report(column, "%q is no whole number from %d to %d", excerpt(text), least, most)
		return 0
	}
	return n
}

func joinedOf(t *table) time.Time {
	text := t.cell("joined")
	if text == "" {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.report("joined", "%q is no day; write it as 2026-03-30", excerpt(text))
	}
	return day
}

// listOf reads several things in one cell; a semicolon or a bar stands between them.
func listOf(t *table, column string) []string {
	var list []string
	for word := range strings.FieldsFuncSeq(t.cell(column), func(r rune) bool { return r == ';' || r == '|' }) {
		if word = strings.TrimSpace(word); word != "" {
			list = append(list, word)
		}
	}
	return list
}

// setRole reads mentor, mentee and leader, the first and the last with a number of seats if they like.
func setRole(t *table, m *pairing.Member) {
	text := strings.ToLower(t.cell("role"))
	word, number, numbered := strings.Cut(text, ":")
	most := 0
	switch strings.TrimSpace(word) {
	case "":
		if !numbered {
			return
		}
	case "mentor":
		m.Role, most = pairing.Mentor, mostMentees
	case "mentee":
		m.Role, most = pairing.Mentee, 1
	case "leader":
		m.Leader, most = true, mostLeaderSeats
	}
	if most == 0 {
		t.report("role", "%q is no role; write mentor, mentor:2, mentee, leader or leader:2, or nothing", excerpt(t.cell("role")))
		return
	}
	if !numbered {
		return
	}
	seats, err := strconv.Atoi(strings.TrimSpace(number))
	switch {
	case err != nil || seats < 1 || seats > most:
		t.report("role", "%q is no number of people for a %s, which is from 1 to %d", excerpt(number), strings.TrimSpace(word), most)
	case m.Role != pairing.Mentee:
		m.Seats = seats
	}
}

// oneKind reports a file in which some have a side of a mentor match and others have none.
func (p *roster) oneKind(t *table) {
	if p.sided > 0 && p.sideless.line > 0 {
		p.sideless.what = fmt.Sprintf("line %d makes this a mentor match, and there everybody is mentor or mentee; give this row one of the two, or remove it", p.sided)
		t.wrong.add(p.sideless)
	}
}

// personsOf is a number of people.
func personsOf(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}
