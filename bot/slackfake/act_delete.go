package slackfake

import "errors"

// deleteAct is a person who deletes a message: their own, or anybody's as an admin of the workspace.
type deleteAct struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

func (a deleteAct) do(s *Server) (done, error) {
	u, err := s.person(a.User)
	if err != nil {
		return done{}, err
	}
	c, m, err := s.seen(u, a.Channel, a.TS)
	switch {
	case err != nil:
		return done{}, err
	case m.EphemeralTo != "": // it is dismissed, which nobody hears of
		return done{}, errNoMessage
	case c.Archived:
		return done{}, errors.New("is_archived")
	case m.User != u.ID && !u.Admin && !u.Owner:
		return done{}, errors.New("cant_delete_message")
	}
	s.deleteMessage(m)
	return done{ts: m.TS}, nil
}
