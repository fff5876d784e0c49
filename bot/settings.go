package bot

import (
	"context"
	"slices"
	"sync/atomic"
)

// Settings is the workspace's record as this process last read it: use cases look at it without a round trip. Other replicas'
// changes are seen at the next Refresh.
type Settings struct {
	Store WorkspaceStore // required

	current atomic.Pointer[Workspace]
}

// Current returns the record; the zero value before the first Refresh.
func (s *Settings) Current() Workspace {
	if w := s.current.Load(); w != nil {
		return *w
	}
	return Workspace{}
}

// Refresh reads the record again.
func (s *Settings) Refresh(ctx context.Context) error {
	w, err := s.Store.Workspace(ctx)
	if err != nil {
		return err
	}
	s.current.Store(&w)
	return nil
}

// Admin reports whether a member may do what Rapport's admins may.
func (w Workspace) Admin(m Member) bool {
	if m.ID == "" || !m.Person() {
		return false
	}
	if m.Admin || m.ID == w.Installer {
		return true
	}
	return slices.Contains(w.Admins, m.ID)
}
