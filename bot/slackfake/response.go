package slackfake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// How often and how long a response_url can be used, in virtual time (Slack: "Handling user interaction", "Message responses").
const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// responseURL allows the app to answer an interaction where it happened.
type responseURL struct {
	user     string
	channel  string
	source   *Message // the message that was acted on; nil for commands
	envelope string
	expires  time.Time // virtual
	uses     int
}

// newResponseURL makes a response_url for an interaction of a person in a conversation. The mutex is held.
func (s *Server) newResponseURL(user, channel string, source *Message) (url string, r *responseURL) {
	now := s.clock.Now()
	for token, old := range s.hub.responses {
		if now.Sub(old.expires) > time.Hour { // long enough to tell expired from unknown
			delete(s.hub.responses, token)
		}
	}
	token := randomHex(16)
	r = &responseURL{user: user, channel: channel, source: source, expires: now.Add(responseLife)}
	s.hub.responses[token] = r
	return fmt.Sprintf("http://%s/response/%s", s.Addr(), token), r
}

// responseMessage is what an app answers to an interaction: in an acknowledgement or to a response_url.
type responseMessage struct {
	Text            string          `json:"text"`
	Blocks          json.RawMessage `json:"blocks"`
	Attachments     json.RawMessage `json:"attachments"`
	ResponseType    string          `json:"response_type"` // ephemeral (the default) or in_channel
	ReplaceOriginal bool            `json:"replace_original"`
	DeleteOriginal  bool            `json:"delete_original"`
	ThreadTS        string          `json:"thread_ts"`
	Metadata        *Metadata       `json:"metadata"`
}

func (r responseMessage) empty() bool {
	return r.Text == "" && len(r.Blocks) == 0 && len(r.Attachments) == 0
}

// serveResponse is POST /response/{token}.
func (s *Server) serveResponse(w http.ResponseWriter, r *http.Request) {
	s.withCall("response_url", "response_url", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "invalid_payload", http.StatusBadRequest)
			return
		}
		status, no := s.respond(r.PathValue("token"), body)
		if no == nil {
			_, _ = io.WriteString(w, "ok") // the client has gone otherwise
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		writeRefusal(w, no, nil)
	})(w, r)
}

// respond uses a response_url once and returns Slack's HTTP status and, where that is not 200, what it refuses.
func (s *Server) respond(token string, body []byte) (status int, no *refusal) {
	var answer responseMessage
	if err := json.Unmarshal(body, &answer); err != nil {
		return http.StatusBadRequest, refuse("invalid_payload")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	url := s.hub.responses[token]
	switch {
	case url == nil:
		return http.StatusNotFound, refuse("no_service")
	case s.clock.Now().After(url.expires):
		return http.StatusNotFound, refuse("expired_url")
	case url.uses >= responseUses:
		return http.StatusNotFound, refuse("used_url")
	}
	url.uses++
	if no := s.answerWith(url, answer); no != nil {
		return http.StatusBadRequest, no
	}
	return http.StatusOK, nil
}

// answerWith does what a reply asks for, or refuses it. The mutex is held.
func (s *Server) answerWith(url *responseURL, a responseMessage) *refusal {
	if a.DeleteOriginal {
		if url.source == nil || url.source.Deleted {
			return refuse("message_not_found")
		}
		s.deleteMessage(url.source)
		return nil
	}
	if a.empty() {
		return refuse("no_text")
	}
	if problems := checkMessage(a.Text, a.Blocks, a.Attachments); len(problems) > 0 {
		s.overLimit("response", problems)
		return messageRefusal(problems)
	}
	if a.ReplaceOriginal && url.source != nil && !url.source.Deleted {
		s.updateMessage(url.source, a.Text, nameBlocks(a.Blocks), a.Attachments, a.Metadata)
		return nil
	}
	s.postReply(url, a)
	return nil
}

// postReply posts a reply as the app: to the person alone, or to the conversation.
func (s *Server) postReply(url *responseURL, a responseMessage) {
	c := s.world.channels[url.channel]
	if c == nil {
		return // an interaction without a conversation
	}
	m := &Message{
		User: s.app.botUser, BotID: s.app.botID, AppID: s.app.id, Text: a.Text, Blocks: nameBlocks(a.Blocks), Attachments: a.Attachments,
		ThreadTS: a.ThreadTS, Metadata: a.Metadata, EphemeralTo: url.user,
	}
	if a.ResponseType == "in_channel" {
		m.EphemeralTo = ""
	}
	s.addMessage(c, m)
	s.hub.replies[m.Channel+" "+m.TS] = url.envelope
}
