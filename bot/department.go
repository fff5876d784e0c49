package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Source is where a department can be known from.
type Source string

// The sources.
const (
	SourceOwn     Source = "own"     // what a person set for themselves
	SourceProfile Source = "profile" // a field of their Slack profile
	SourceGroups  Source = "groups"  // a user group that they are in
	SourceTable   Source = "csv"     // a table that an operator imported
)

// StandardSources are the sources in the order in which they are asked unless the workspace has another.
func StandardSources() []Source {
	return []Source{SourceOwn, SourceProfile, SourceGroups, SourceTable}
}

// ParseSources reads an order such as "own,profile,groups,csv". A source that it leaves out is not asked. Empty is [StandardSources].
func ParseSources(list string) ([]Source, error) {
	if strings.TrimSpace(list) == "" {
		return StandardSources(), nil
	}
	var order []Source
	for name := range strings.SplitSeq(list, ",") {
		s := Source(strings.TrimSpace(name))
		switch {
		case !slices.Contains(StandardSources(), s):
			return nil, fmt.Errorf("read sources of departments: there is no source %q", string(s))
		case slices.Contains(order, s):
			return nil, fmt.Errorf("read sources of departments: %q is named twice", string(s))
		}
		order = append(order, s)
	}
	return order, nil
}

// Facts are what one source says of where somebody works. What it does not say is empty.
type Facts struct {
	Department string `json:"department,omitempty"`
	Office     string `json:"office,omitempty"`
	Level      string `json:"level,omitempty"`
	Manager    string `json:"manager,omitempty"` // a member's id
}

// Said is what the sources of the directory say of a member.
type Said struct {
	Profile Facts `json:"profile,omitzero"`
	Groups  Facts `json:"groups,omitzero"`
	Table   Facts `json:"csv,omitzero"`
}

// by is what one source says; nil for a person's own setting, which is no part of the directory.
func (s *Said) by(source Source) *Facts {
	switch source {
	case SourceProfile:
		return &s.Profile
	case SourceGroups:
		return &s.Groups
	case SourceTable:
		return &s.Table
	}
	return nil
}

// said is what the sources say. What was stored before they were told apart is the profile's.
func (m Member) said() Said {
	if m.Says == (Said{}) {
		return Said{Profile: Facts{Department: m.Department, Office: m.Office, Level: m.Level, Manager: m.Manager}}
	}
	return m.Says
}

// Say is what a source of the directory says of the member; empty for a person's own setting.
func (m Member) Say(source Source) Facts {
	all := m.said()
	if f := all.by(source); f != nil {
		return *f
	}
	return Facts{}
}

// Told is the member after a source said something else, with what follows from it in the order of the sources.
func (m Member) Told(source Source, f Facts, order []Source) Member {
	m.Says = m.said()
	if said := m.Says.by(source); said != nil {
		*said = f
	}
	return m.follow(order)
}

// Ordered is the member with the department, office, level and manager that the first source in the order says; a person's own department comes apart.
func (m Member) Ordered(order []Source) Member {
	m.Says = m.said()
	return m.follow(order)
}

func (m Member) follow(order []Source) Member {
	var all Facts
	for _, source := range orderOr(order) {
		f := m.Says.by(source)
		if f == nil {
			continue
		}
		all = Facts{
			Department: orElse(all.Department, f.Department), Office: orElse(all.Office, f.Office), Level: orElse(all.Level, f.Level),
			Manager: orElse(all.Manager, f.Manager),
		}
	}
	m.Department, m.Office, m.Level, m.Manager = all.Department, all.Office, all.Level, all.Manager
	return m
}

func orderOr(order []Source) []Source {
	if len(order) == 0 {
		return StandardSources()
	}
	return order
}

// Department is a member's department and the source that says it: the first in the order that says anything. Both are empty if none does.
func Department(m Member, p Preferences, order []Source) (string, Source) {
	for _, s := range orderOr(order) {
		said := m.Say(s).Department
		if s == SourceOwn {
			said = p.Department
		}
		if said != "" {
			return said, s
		}
	}
	return "", ""
}

// DepartmentSize is how long the name of a department, an office or a level may be, in characters.
const DepartmentSize = 80

// CleanDepartment is a name as it is compared and shown: one line, without space around it.
func CleanDepartment(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// OrderDepartments makes the order in which sources are asked the workspace's, and loads its record again.
func (h *Host) OrderDepartments(ctx context.Context, order []Source) error {
	w, err := h.Workspaces.Workspace(ctx)
	if err != nil {
		return fmt.Errorf("order departments: %w", err)
	}
	if slices.Equal(orderOr(w.Departments), orderOr(order)) {
		return nil
	}
	w.Departments = order
	token := Token(fmt.Sprintf("order departments %d %v", w.Version, order))
	err = h.Workspaces.SaveWorkspace(ctx, token, w, nil)
	if err != nil && !errors.Is(err, ErrConflict) && !errors.Is(err, ErrRepeated) {
		return fmt.Errorf("order departments: %w", err)
	}
	return h.Settings.Refresh(ctx)
}
