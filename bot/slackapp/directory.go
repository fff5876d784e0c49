package slackapp

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// MemberStore keeps what the directory knows.
type MemberStore interface {
	Members(ctx context.Context, ids ...string) (map[string]bot.Member, error)
	// SaveMembers stores members over what was known of them.
	SaveMembers(ctx context.Context, members ...bot.Member) error
}

// Waker is a clock that can wake.
type Waker interface {
	Clock
	// At calls f on its own goroutine once the clock has reached t. stop keeps it from that and reports whether it was in time.
	At(t time.Time, f func()) (stop func() bool)
}

// Directory keeps the members that the store knows equal to Slack's. Custom profile fields are in nobody's list: they cost one call a member,
// so they are read again only after a member changed.
type Directory struct {
	Client     *Client      // required
	Store      MemberStore  // required
	Clock      Waker        // required
	Log        *slog.Logger // required
	Team       string       // required: who is of another team is a stranger
	Department string       // label of the profile field with the department; empty: "Department"
	Manager    string       // label of the profile field with the manager; empty: "Manager"
}

// profileFields are the ids of the custom fields that are read; empty where the workspace has none.
type profileFields struct{ department, manager string }

// listPage is how many members a call of users.list asks for (Slack recommends at most 200).
const listPage = 200

// Sync reads everybody. Waiting for Slack's rate limits it can take hours in a very large workspace; what it has read is stored page by page, so
// a sync that broke off is cheap to repeat.
func (d *Directory) Sync(ctx context.Context) error {
	w := d.waiting()
	defer func() { w.busy() }()
	return d.sync(ctx, w)
}

func (d *Directory) waiting() *waiting { return &waiting{clock: d.Clock, busy: d.Clock.Begin()} }

func (d *Directory) sync(ctx context.Context, w *waiting) error {
	fields, err := d.fields(ctx, w)
	if err != nil {
		return fmt.Errorf("sync directory: %w", err)
	}
	pages := d.Client.api.GetUsersPaginated(slack.GetUsersOptionLimit(listPage))
	for {
		err := w.call(ctx, func(ctx context.Context) (err error) {
			pages, err = pages.Next(ctx)
			return callError("users.list", err)
		})
		if pages.Done(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("sync directory: %w", err)
		}
		if err := d.savePage(ctx, w, pages.Users, fields); err != nil {
			return fmt.Errorf("sync directory: %w", err)
		}
	}
}

// Keep syncs in the background, now and then again after every such time (0: only now), until the context ends.
func (d *Directory) Keep(ctx context.Context, every time.Duration) {
	w := d.waiting()
	go func() {
		defer func() { w.busy() }()
		for ctx.Err() == nil {
			if err := d.sync(ctx, w); err != nil && ctx.Err() == nil {
				d.Log.Error("directory not synchronised", "error", err)
			}
			if every <= 0 || w.wait(ctx, every) != nil {
				return
			}
		}
	}()
}

func (d *Directory) savePage(ctx context.Context, w *waiting, users []slack.User, fields profileFields) error {
	ids := make([]string, 0, len(users))
	for _, u := range users {
		ids = append(ids, u.ID)
	}
	known, err := d.Store.Members(ctx, ids...)
	if err != nil {
		return err
	}
	members := make([]bot.Member, 0, len(users))
	var stale []int
	for i, u := range users {
		m := d.member(u)
		old := known[u.ID]
		m.Department, m.Manager = old.Department, old.Manager
		if m.Person() && fields != (profileFields{}) && (old.Seen.IsZero() || !u.Updated.Time().Before(old.Seen)) {
			m.Seen = time.Time{} // until the profile is read, too
			stale = append(stale, i)
		}
		members = append(members, m)
	}
	if err := d.Store.SaveMembers(ctx, members...); err != nil {
		return err
	}
	return d.readProfiles(ctx, w, members, stale, fields)
}

// profileBatch is how many profiles are read between two writes.
const profileBatch = 25

func (d *Directory) readProfiles(ctx context.Context, w *waiting, members []bot.Member, stale []int, fields profileFields) error {
	var read []bot.Member
	for n, i := range stale {
		m := members[i]
		err := w.call(ctx, func(ctx context.Context) error { return d.readProfile(ctx, &m, fields) })
		if err != nil {
			return err
		}
		read = append(read, m)
		if len(read) == profileBatch || n == len(stale)-1 {
			if err := d.Store.SaveMembers(ctx, read...); err != nil {
				return err
			}
			read = nil
		}
	}
	return nil
}

// readProfile completes m with its custom fields.
func (d *Directory) readProfile(ctx context.Context, m *bot.Member, fields profileFields) error {
	ctx, cancel := context.WithTimeout(ctx, httpTimeout)
	defer cancel()
	profile, err := d.Client.api.GetUserProfileContext(ctx, &slack.GetUserProfileParameters{UserID: m.ID})
	if err != nil {
		return callError("users.profile.get", err)
	}
	values := profile.FieldsMap()
	m.Department = values[fields.department].Value
	m.Manager = values[fields.manager].Value
	m.Seen = d.Clock.Now()
	return nil
}

// fields finds the custom fields by label. A workspace without any, or that does not let the app see them, has none.
func (d *Directory) fields(ctx context.Context, w *waiting) (profileFields, error) {
	var profile *slack.TeamProfile
	err := w.call(ctx, func(ctx context.Context) (err error) {
		profile, err = d.Client.api.GetTeamProfileContext(ctx)
		return callError("team.profile.get", err)
	})
	if RefusalCode(err) == "missing_scope" {
		d.Log.Warn("departments unknown: the app lacks the scope for profiles")
		return profileFields{}, nil
	}
	if err != nil {
		return profileFields{}, err
	}
	var found profileFields
	for _, f := range profile.Fields {
		switch f.Label {
		case orElse(d.Department, "Department"):
			found.department = f.ID
		case orElse(d.Manager, "Manager"):
			found.manager = f.ID
		}
	}
	return found, nil
}
