package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/slackapp"
	"rapport/deploy"
	"rapport/storage"
)

// groupHandle is the handle of a user group, or the beginning of several.
var groupHandle = regexp.MustCompile(`^@?[\pL\pN][\pL\pN._-]*\*?$`)

// checkDepartments finds what is wrong with where departments are to be known from.
func (c *config) checkDepartments() problems {
	var found problems
	order, err := bot.ParseSources(c.Departments)
	if err != nil {
		found = append(found, problem{"RAPPORT_DEPARTMENTS: " + err.Error(), "Order some of own, profile, groups, csv, separated by commas; the default is own,profile,groups,csv."})
	}
	for _, handle := range c.DepartmentGroups {
		if !groupHandle.MatchString(strings.TrimSpace(handle)) {
			found = append(found, problem{"RAPPORT_DEPARTMENT_GROUPS: " + handle + " is no handle of a user group", "Such as @sales,@engineering or dept-*."})
		}
	}
	if err == nil && len(c.DepartmentGroups) > 0 && !slices.Contains(order, bot.SourceGroups) {
		found = append(found, problem{"RAPPORT_DEPARTMENT_GROUPS is set, but RAPPORT_DEPARTMENTS leaves groups out", "Add groups to RAPPORT_DEPARTMENTS, or unset RAPPORT_DEPARTMENT_GROUPS."})
	}
	return found
}

// departments is the configuration as it is wired, once it was checked.
func (c *config) departments() departments {
	order, _ := bot.ParseSources(c.Departments) // checked
	d := departments{
		order:  order,
		fields: slackapp.ProfileLabels{Department: c.DepartmentField, Manager: c.ManagerField, Office: c.OfficeField, Level: c.LevelField},
	}
	for _, handle := range c.DepartmentGroups {
		d.groups = append(d.groups, strings.TrimSpace(handle))
	}
	return d
}

// wantedFeatures are the optional features that the configuration names, and those that it needs.
func (c *config) wantedFeatures() []string {
	if len(c.DepartmentGroups) == 0 {
		return c.Features
	}
	return append([]string{string(deploy.FeatureUserGroups)}, c.Features...)
}

// directoryLate is how old the copy of Slack's directory may be before a doctor says so: a night was missed.
const directoryLate = 36 * time.Hour

// directoryNotes says that the copy of Slack's directory is old, or was never made. A workspace that cannot be read is named elsewhere.
func directoryNotes(ctx context.Context, server *storage.Server, team string) []string {
	if team == "" {
		return nil
	}
	store, err := server.Store(ctx, team)
	if err != nil {
		return nil
	}
	mark, err := store.DirectorySync(ctx)
	age := time.Since(mark.Whole)
	switch {
	case err != nil:
		return nil
	case mark.Whole.IsZero():
		return []string{"Slack's directory was not read to its end yet; departments may be missing until the bot has run for a while"}
	case age > directoryLate:
		return []string{fmt.Sprintf("Slack's directory was last read to its end %d hours ago, which should happen every night while the bot runs", int(age.Hours()))}
	}
	return nil
}
