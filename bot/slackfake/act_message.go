package slackfake

import "errors"

// messageAct is a person who writes a message.
type messageAct struct {
	User     string `json:"user"`
	Channel  string `json:"channel"` // an id, "#name", or "@handle" for a DM
	Text     string `json:"text"`
	ThreadTS string `json:"thread_ts"`
}

func (a messageAct) do(s *Server) (done, error) {
	u, err := s.person(a.User)
	if err != nil {
		return done{}, err
	}
	c, err := s.place(u, a.Channel)
	if err != nil {
		return done{}, err
	}
	switch {
	case c.Archived:
		return done{}, errors.New("is_archived")
	case a.Text == "":
		return done{}, errors.New("no_text")
	case a.ThreadTS != "" && s.world.message(c.ID, a.ThreadTS) == nil:
		return done{}, errors.New("thread_not_found")
	}
	m := s.addMessage(c, &Message{User: u.ID, Text: s.encode(a.Text, false), ThreadTS: a.ThreadTS})
	return done{ts: m.TS}, nil
}

// reactAct is a person who sets or takes back an emoji.
type reactAct struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	TS      string `json:"ts"`
	Emoji   string `json:"emoji"` // the name, with or without colons
	Remove  bool   `json:"remove"`
}

func (a reactAct) do(s *Server) (done, error) {
	u, err := s.person(a.User)
	if err != nil {
		return done{}, err
	}
	_, m, err := s.seen(u, a.Channel, a.TS)
	if err != nil {
		return done{}, err
	}
	set := s.addReaction
	if a.Remove {
		set = s.removeReaction
	}
	if code := set(m, u.ID, a.Emoji); code != "" {
		return done{}, errors.New(code)
	}
	return done{}, nil
}

// homeAct is a person who opens a tab of the app's Home.
type homeAct struct {
	User string `json:"user"`
	Tab  string `json:"tab"` // home (the default) or messages
}

func (a homeAct) do(s *Server) (done, error) {
	u, err := s.human(a.User)
	if err != nil {
		return done{}, err
	}
	tab := a.Tab
	if tab == "" {
		tab = "home"
	}
	if tab != "home" && tab != "messages" {
		return done{}, errors.New("unknown_tab")
	}
	event := map[string]any{"user": u.ID, "channel": s.dmOf(u.ID, s.app.botUser).ID, "tab": tab}
	d := done{}
	if v := s.world.homes[u.ID]; v != nil && tab == "home" {
		event["view"] = s.viewPayload(v)
		d.viewID = v.ID
	}
	s.emit("app_home_opened", event)
	return d, nil
}

// joinAct is a person, or the app, who becomes a member of a conversation.
type joinAct struct {
	User    string `json:"user"` // "@app" handle or the bot user's id for the app itself
	Channel string `json:"channel"`
	By      string `json:"by"` // who invites; empty for who joins alone
}

func (a joinAct) do(s *Server) (done, error) {
	u, err := s.person(a.User)
	if err != nil {
		return done{}, err
	}
	c := s.world.channel(a.Channel)
	if c == nil || c.direct() {
		return done{}, errNoChannel
	}
	by := ""
	if a.By != "" {
		inviter, err := s.person(a.By)
		if err != nil {
			return done{}, err
		}
		by = inviter.ID
	}
	if !s.invite(c, u.ID, by) {
		return done{}, errors.New("already_in_channel")
	}
	return done{}, nil
}

// leaveAct is a person, or the app, who leaves a conversation.
type leaveAct struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
}

func (a leaveAct) do(s *Server) (done, error) {
	u, err := s.person(a.User)
	if err != nil {
		return done{}, err
	}
	c := s.world.channel(a.Channel)
	if c == nil || c.direct() {
		return done{}, errNoChannel
	}
	if !s.leave(c, u.ID) {
		return done{}, errNotIn
	}
	return done{}, nil
}
