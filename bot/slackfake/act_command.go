package slackfake

import (
	"encoding/json"
	"errors"
	"strings"
)

// commandAct is a person who types a slash command.
type commandAct struct {
	User    string `json:"user"`
	Channel string `json:"channel"` // empty: the DM with the app
	Command string `json:"command"` // "/kudos"; the slash may be left out
	Text    string `json:"text"`
}

func (a commandAct) do(s *Server) (done, error) {
	u, err := s.human(a.User)
	if err != nil {
		return done{}, err
	}
	if a.Channel == "" {
		a.Channel = s.app.botUser
	}
	c, err := s.place(u, a.Channel)
	if err != nil {
		return done{}, err
	}
	cmd, ok := s.app.command("/" + strings.TrimPrefix(a.Command, "/"))
	if !ok {
		return done{}, errors.New("unknown_command")
	}
	text := entities.Replace(a.Text)
	if cmd.ShouldEscape {
		text = s.encode(a.Text, true)
	} else if escaped.MatchString(a.Text) {
		text = a.Text
	}
	url, response := s.newResponseURL(u.ID, c.ID, nil)
	e := s.newEnvelope(kindCommand, cmd.Command, map[string]any{
		"token":                 "",
		"team_id":               s.world.Team.ID,
		"team_domain":           s.world.Team.Domain,
		"channel_id":            c.ID,
		"channel_name":          channelName(c),
		"user_id":               u.ID,
		"user_name":             u.Name,
		"command":               cmd.Command,
		"text":                  strings.TrimSpace(text),
		"api_app_id":            s.app.id,
		"is_enterprise_install": "false", // a string, as Slack sends it here
		"response_url":          url,
		"trigger_id":            s.newTrigger(u.ID),
	}, true)
	response.envelope = e.id
	e.onAck = func(payload json.RawMessage) string { return s.commandAnswered(response, payload) }
	s.deliver(e)
	return done{}, nil
}

// commandAnswered shows what the acknowledgement of a command carries: a message for the person alone or for the conversation.
func (s *Server) commandAnswered(to *responseURL, payload json.RawMessage) (problem string) {
	var text string
	if json.Unmarshal(payload, &text) == nil && text != "" {
		payload = mustJSON(map[string]any{"text": text})
	}
	var m responseMessage
	if len(payload) == 0 {
		return ""
	}
	if err := json.Unmarshal(payload, &m); err != nil {
		return "invalid_command_response"
	}
	if m.empty() {
		return ""
	}
	m.ReplaceOriginal, m.DeleteOriginal = false, false // there is no original
	return refusalText(s.answerWith(to, m))
}
