package slackfake

// UserGroup is a handle for several people.
type UserGroup struct {
	ID       string   `json:"id"`
	Handle   string   `json:"handle"`
	Name     string   `json:"name"`
	Users    []string `json:"users"`
	Disabled bool     `json:"disabled,omitempty"`
}

// addGroup adds a user group or replaces the one with g.ID, and tells the app (subteam_created, subteam_updated). The mutex is held.
func (s *Server) addGroup(g *UserGroup) *UserGroup {
	kind := "subteam_updated"
	if g.ID == "" {
		g.ID = s.world.id("S")
	}
	if s.world.groups[g.ID] == nil {
		kind = "subteam_created"
	}
	s.world.groups[g.ID] = g
	s.emit(kind, map[string]any{"subteam": s.groupJSON(g, true)})
	s.changed("groups")
	return g
}
