package slackapp

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// readGroups stores who is in which of the user groups that are departments.
func (s *directorySync) readGroups(ctx context.Context) error { return s.readGroupsAt(ctx, s.w) }

func (d *Directory) readGroupsAt(ctx context.Context, w *waiting) error {
	d.reading.begin()
	departments := map[string]string{}
	if len(d.Groups) > 0 {
		var groups []slack.UserGroup
		err := w.call(ctx, func(ctx context.Context) (err error) {
			groups, err = d.Client.api.GetUserGroupsContext(ctx, slack.GetUserGroupsOptionIncludeUsers(true))
			return callError("usergroups.list", err)
		})
		if RefusalCode(err) == "missing_scope" {
			d.Log.WarnContext(ctx, "departments of user groups unknown: the app lacks the scope usergroups:read")
			return nil
		}
		if err != nil {
			return err
		}
		departments = groupDepartments(groups, d.Groups)
	}
	return d.saveGroups(ctx, departments)
}

// groupDepartments is the department of everybody who is in a group that is one. Of several the first counts that the handles name, and of those below one star the
// first by handle.
func groupDepartments(groups []slack.UserGroup, handles []string) map[string]string {
	groups = slices.Clone(groups)
	slices.SortFunc(groups, func(a, b slack.UserGroup) int {
		return cmp.Or(cmp.Compare(a.Handle, b.Handle), cmp.Compare(a.ID, b.ID))
	})
	departments := map[string]string{}
	for _, handle := range handles {
		for _, g := range groups {
			if g.DateDelete != 0 || !handleFits(g.Handle, handle) {
				continue
			}
			for _, id := range g.Users {
				if departments[id] == "" {
					departments[id] = cutName(orElse(g.Name, g.Handle))
				}
			}
		}
	}
	return departments
}

// handleFits reports whether a handle is the one that is named, or begins like it where that ends in a star.
func handleFits(handle, named string) bool {
	handle, named = strings.ToLower(handle), strings.ToLower(strings.TrimPrefix(named, "@"))
	if beginning, ok := strings.CutSuffix(named, "*"); ok {
		return strings.HasPrefix(handle, beginning)
	}
	return handle == named
}

// saveGroups stores the departments, also that somebody is in none any more.
func (d *Directory) saveGroups(ctx context.Context, departments map[string]string) error {
	all, err := d.Store.AllMembers(ctx)
	if err != nil {
		return err
	}
	var ids []string
	for _, m := range all {
		if m.Say(bot.SourceGroups).Department != departments[m.ID] {
			ids = append(ids, m.ID)
		}
	}
	return d.Store.EditMembers(ctx, ids, func(m bot.Member) (bot.Member, bool) {
		return m.Told(bot.SourceGroups, bot.Facts{Department: departments[m.ID]}, d.Order), m.Name != ""
	})
}

// grouped reads the user groups again after one of them changed. Events that come while a read waits to begin are served by that.
func (d *Directory) grouped(context.Context, Request) (Response, error) {
	if len(d.Groups) == 0 || !d.reading.ask() {
		return Response{}, nil
	}
	return Then(func(ctx context.Context) error {
		w := d.waiting()
		defer func() { w.busy() }()
		return d.readGroupsAt(ctx, w)
	}), nil
}

// flight lets many ask for something that is then done once. The zero value is ready.
type flight struct {
	mu    sync.Mutex
	asked bool
}

// ask reports whether nobody asked since it was last begun.
func (f *flight) ask() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.asked {
		return false
	}
	f.asked = true
	return true
}

func (f *flight) begin() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = false
}
