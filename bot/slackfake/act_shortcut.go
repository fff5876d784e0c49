package slackfake

import "errors"

// shortcutAct is a person who uses a shortcut: on a message where ts is given, else the global one.
type shortcutAct struct {
	User       string `json:"user"`
	CallbackID string `json:"callback_id"`
	Channel    string `json:"channel"`
	TS         string `json:"ts"`
}

func (a shortcutAct) do(s *Server) (done, error) {
	u, err := s.human(a.User)
	if err != nil {
		return done{}, err
	}
	sc, ok := s.app.shortcut(a.CallbackID)
	if !ok {
		return done{}, errors.New("unknown_shortcut")
	}
	if (sc.Type == "message") != (a.TS != "") {
		return done{}, errors.New("a message shortcut needs channel and ts, a global one takes none")
	}
	if a.TS == "" {
		p := s.shortcutPayload("shortcut", u, a.CallbackID)
		s.send(kindInteractive, "shortcut "+a.CallbackID, p, false, nil)
		return done{}, nil
	}
	c, m, err := s.seen(u, a.Channel, a.TS)
	if err != nil {
		return done{}, err
	}
	p := s.shortcutPayload("message_action", u, a.CallbackID)
	p["channel"] = map[string]any{"id": c.ID, "name": channelName(c)}
	p["message_ts"] = m.TS
	p["message"] = s.messageJSON(m, false)
	url, response := s.newResponseURL(u.ID, c.ID, nil)
	p["response_url"] = url
	e := s.send(kindInteractive, "message_action "+a.CallbackID, p, false, nil)
	response.envelope = e.id
	return done{}, nil
}

func (s *Server) shortcutPayload(kind string, u *User, callbackID string) map[string]any {
	p := s.interaction(kind, u)
	p["callback_id"] = callbackID
	p["trigger_id"] = s.newTrigger(u.ID)
	p["action_ts"] = s.actionTS()
	return p
}
