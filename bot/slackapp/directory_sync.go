package slackapp

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// A sync of the directory goes through everybody in steps: the list, page by page; who was known and is not in it; what those who left were in; user groups; profiles of who is new or
// changed. Each step is noted in the store, so that a process that comes after one that ended goes on where that was.

const (
	// listPage is how many members a call of users.list asks for (Slack recommends at most 200).
	listPage = 200
	// pagesAtOnce pages are read as fast as they come, and then one every pagePause: Slack's tier 2 is 20 a minute.
	pagesAtOnce = 5
	pagePause   = 3 * time.Second
	// profileBatch is how many profiles are read between two writes.
	profileBatch = 25
	// profilesAtOnce profiles are read as fast as they come, and then a batch every profilePause: Slack's tier 4 is 100 a minute.
	profilesAtOnce = 100
	profilePause   = 15 * time.Second
	// cursorLife is how old a list may be that is gone on with. Slack does not say how long a cursor lives; one that it no longer knows begins the list anew, too.
	cursorLife = time.Hour
)

// directorySync is one process's work on a sync.
type directorySync struct {
	*Directory
	w     *waiting
	mark  bot.DirectorySync
	reads int // of profiles and single members
}

// save notes how far it is, and keeps hold of it.
func (s *directorySync) save(ctx context.Context, met ...string) error {
	return s.Store.SaveSync(ctx, s.Process, s.Clock.Now().Add(syncLease), s.mark, false, met...)
}

// reorder puts every member in the order of sources, if that is another than they were last put in.
func (s *directorySync) reorder(ctx context.Context) error {
	if s.mark.Order == s.order() {
		return nil
	}
	all, err := s.Store.AllMembers(ctx)
	if err != nil {
		return err
	}
	var ids []string
	for _, m := range all {
		if o := m.Ordered(s.Order); o.Department != m.Department || o.Office != m.Office || o.Level != m.Level || o.Manager != m.Manager {
			ids = append(ids, m.ID)
		}
	}
	if err := s.Store.EditMembers(ctx, ids, func(m bot.Member) (bot.Member, bool) { return m.Ordered(s.Order), true }); err != nil {
		return err
	}
	s.mark.Order = s.order()
	return s.save(ctx)
}

// run goes on with the sync under way, or begins one, and brings it to its end.
func (s *directorySync) run(ctx context.Context) error {
	now := s.Clock.Now()
	if s.mark.Began.IsZero() || s.mark.Listed.IsZero() && now.Sub(s.mark.Began) > cursorLife {
		if err := s.begin(ctx); err != nil {
			return err
		}
	}
	if s.mark.Listed.IsZero() {
		if err := s.list(ctx); err != nil {
			return err
		}
	}
	for _, step := range []func(context.Context) error{s.checkMissing, s.endGone, s.readGroups, s.readProfiles} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	s.mark.Began, s.mark.Cursor, s.mark.Listed, s.mark.Whole = time.Time{}, "", time.Time{}, s.Clock.Now()
	return s.save(ctx)
}

// begin begins at the first page.
func (s *directorySync) begin(ctx context.Context) error {
	s.mark.Began, s.mark.Cursor, s.mark.Listed, s.mark.People = s.Clock.Now(), "", time.Time{}, 0
	return s.Store.SaveSync(ctx, s.Process, s.Clock.Now().Add(syncLease), s.mark, true)
}

// list reads the list from the page that is noted on. Where Slack no longer knows that page, it begins anew, once.
func (s *directorySync) list(ctx context.Context) error {
	resumed := s.mark.Cursor != ""
	err := s.listOn(ctx)
	if RefusalCode(err) != "invalid_cursor" || !resumed {
		return err
	}
	if err := s.begin(ctx); err != nil {
		return err
	}
	return s.listOn(ctx)
}

func (s *directorySync) listOn(ctx context.Context) error {
	pages := s.Client.api.GetUsersPaginated(slack.GetUsersOptionLimit(listPage), slack.GetUsersOptionCursor(s.mark.Cursor))
	for n := 1; ; n++ {
		err := s.w.call(ctx, func(ctx context.Context) error {
			next, err := pages.Next(ctx)
			if err == nil {
				pages = next
			}
			return callError("users.list", err)
		})
		if err != nil {
			return err
		}
		ids, err := s.savePage(ctx, pages.Users)
		if err != nil {
			return err
		}
		s.mark.Cursor = pages.Cursor
		s.mark.People += len(ids)
		if pages.Cursor == "" {
			s.mark.Listed = s.Clock.Now()
		}
		if err := s.save(ctx, ids...); err != nil || pages.Cursor == "" {
			return err
		}
		if n >= pagesAtOnce {
			if err := s.w.wait(ctx, pagePause); err != nil {
				return err
			}
		}
	}
}

// savePage stores what a page says of its members.
func (s *directorySync) savePage(ctx context.Context, users []slack.User) ([]string, error) {
	ids, byID := make([]string, 0, len(users)), make(map[string]slack.User, len(users))
	for _, u := range users {
		ids, byID[u.ID] = append(ids, u.ID), u
	}
	return ids, s.Store.EditMembers(ctx, ids, func(m bot.Member) (bot.Member, bool) { return s.heard(byID[m.ID], m) })
}

// checkMissing asks for those who were known and are not in the list: whoever Slack no longer knows either has left. People of other companies are never in it.
func (s *directorySync) checkMissing(ctx context.Context) error {
	all, err := s.Store.AllMembers(ctx)
	if err != nil {
		return err
	}
	var known []string
	for _, m := range all {
		if !m.Deleted && !m.Stranger {
			known = append(known, m.ID)
		}
	}
	missing, err := s.Store.Unmet(ctx, known)
	if err != nil {
		return err
	}
	for _, id := range missing {
		if err := s.checkOne(ctx, id); err != nil {
			return err
		}
		if err := s.pace(ctx); err != nil {
			return err
		}
	}
	return nil
}

// endGone ends what those who left were in.
func (s *directorySync) endGone(ctx context.Context) error {
	if s.Leavers == nil {
		return nil
	}
	return s.Leavers.PeopleGone(ctx, s.Clock.Now())
}

func (s *directorySync) checkOne(ctx context.Context, id string) error {
	var user *slack.User
	err := s.w.call(ctx, func(ctx context.Context) (err error) {
		user, err = s.Client.api.GetUserInfoContext(ctx, id)
		return callError("users.info", err)
	})
	switch {
	case unknownUser(err):
		return s.Store.EditMembers(ctx, []string{id}, func(m bot.Member) (bot.Member, bool) {
			m.Deleted, m.Seen = true, s.Clock.Now()
			return m, m.Name != ""
		})
	case unseenUser(err):
		return nil // what is known of them stays
	case err != nil:
		return err
	}
	return s.Store.EditMembers(ctx, []string{id}, func(m bot.Member) (bot.Member, bool) { return s.heard(*user, m) })
}

// pace counts a call about one member, and waits after as many as Slack allows in a minute.
func (s *directorySync) pace(ctx context.Context) error {
	s.reads++
	if s.reads < profilesAtOnce || s.reads%profileBatch != 0 {
		return nil
	}
	if err := s.save(ctx); err != nil {
		return err
	}
	return s.w.wait(ctx, profilePause)
}
