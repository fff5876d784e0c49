package slackapp

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// ProfileLabels are the labels of the custom profile fields that are read. Of department and manager an empty one stands for Slack's usual label; an office or a level
// is read only if its field is named.
type ProfileLabels struct{ Department, Manager, Office, Level string }

// profileFields are the ids of the custom fields that are read; empty where the workspace has none.
type profileFields struct{ department, manager, office, level string }

// readProfiles reads the profiles of everybody who is new or changed; of all people, if other fields count than before.
func (s *directorySync) readProfiles(ctx context.Context) error {
	fields, err := s.fields(ctx, s.w)
	if err != nil || fields == (profileFields{}) {
		return err
	}
	if err := s.otherFields(ctx, fields); err != nil {
		return err
	}
	all, err := s.Store.AllMembers(ctx)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(m bot.Member) bool { return !m.Stale || !m.Person() })
	for batch := range slices.Chunk(all, profileBatch) {
		if err := s.readBatch(ctx, batch, fields); err != nil {
			return err
		}
	}
	return nil
}

// otherFields has everybody's profile read, if other fields count than last time.
func (s *directorySync) otherFields(ctx context.Context, fields profileFields) error {
	name := fmt.Sprint(fields)
	if s.mark.Fields == name {
		return nil
	}
	if s.mark.Fields != "" {
		all, err := s.Store.AllMembers(ctx)
		if err != nil {
			return err
		}
		ids := make([]string, len(all))
		for i, m := range all {
			ids[i] = m.ID
		}
		if err := s.Store.EditMembers(ctx, ids, func(m bot.Member) (bot.Member, bool) {
			changed := m.Person() && !m.Stale
			m.Stale = true
			return m, changed
		}); err != nil {
			return err
		}
	}
	s.mark.Fields = name
	return s.save(ctx)
}

// profileRead is what a profile said, and when it was asked for.
type profileRead struct {
	facts bot.Facts
	at    time.Time
}

// readBatch reads profiles and stores what they say, also of those that were read before an error.
func (s *directorySync) readBatch(ctx context.Context, batch []bot.Member, fields profileFields) error {
	read := make(map[string]profileRead, len(batch))
	var ids []string
	var failed error
	for _, m := range batch {
		r, err := s.readProfile(ctx, s.w, m.ID, fields)
		if unknownUser(err) || unseenUser(err) {
			continue // gone meanwhile: the next list says so
		}
		if err != nil {
			failed = err
			break
		}
		ids, read[m.ID] = append(ids, m.ID), r
		if err := s.pace(ctx); err != nil {
			failed = err
			break
		}
	}
	storing, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookupTimeout)
	defer cancel()
	if err := s.Store.EditMembers(storing, ids, func(m bot.Member) (bot.Member, bool) { return s.learned(m, read[m.ID]), true }); err != nil {
		return err
	}
	return failed
}

// learned is a member after their profile was read.
func (d *Directory) learned(m bot.Member, r profileRead) bot.Member {
	m.Read, m.Stale = r.at, false
	return m.Told(bot.SourceProfile, r.facts, d.Order)
}

// readProfile reads the custom fields of one member.
func (d *Directory) readProfile(ctx context.Context, w *waiting, id string, fields profileFields) (profileRead, error) {
	var r profileRead
	err := w.call(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, httpTimeout)
		defer cancel()
		r.at = d.Clock.Now()
		profile, err := d.Client.api.GetUserProfileContext(ctx, &slack.GetUserProfileParameters{UserID: id})
		if err != nil {
			return callError("users.profile.get", err)
		}
		values := profile.FieldsMap()
		value := func(id string) string { return cutName(values[id].Value) }
		r.facts = bot.Facts{Department: value(fields.department), Manager: value(fields.manager), Office: value(fields.office), Level: value(fields.level)}
		return nil
	})
	return r, err
}

// cutName is a name as it is kept: one line that is not too long.
func cutName(name string) string {
	letters := []rune(bot.CleanDepartment(name))
	return string(letters[:min(len(letters), bot.DepartmentSize)])
}

// refresh reads one member's custom fields, after an event.
func (d *Directory) refresh(ctx context.Context, id string) error {
	w := d.waiting()
	defer func() { w.busy() }()
	fields, err := d.fields(ctx, w)
	if err != nil || fields == (profileFields{}) {
		return err
	}
	r, err := d.readProfile(ctx, w, id, fields)
	if err != nil {
		return err
	}
	return d.Store.EditMembers(ctx, []string{id}, func(m bot.Member) (bot.Member, bool) { return d.learned(m, r), m.Person() })
}

// fields finds the custom fields by label. A workspace without any, or that does not let the app see them, has none.
func (d *Directory) fields(ctx context.Context, w *waiting) (profileFields, error) {
	var profile *slack.TeamProfile
	err := w.call(ctx, func(ctx context.Context) (err error) {
		profile, err = d.Client.api.GetTeamProfileContext(ctx)
		return callError("team.profile.get", err)
	})
	if RefusalCode(err) == "missing_scope" {
		d.Log.WarnContext(ctx, "departments unknown: the app lacks the scope for profiles")
		return profileFields{}, nil
	}
	if err != nil {
		return profileFields{}, err
	}
	var found profileFields
	for _, f := range profile.Fields {
		switch f.Label {
		case orElse(d.Fields.Department, "Department"):
			found.department = f.ID
		case orElse(d.Fields.Manager, "Manager"):
			found.manager = f.ID
		case "":
		case d.Fields.Office:
			found.office = f.ID
		case d.Fields.Level:
			found.level = f.ID
		}
	}
	return found, nil
}
