package slackfake

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
)

// avatar is where a person's picture is.
func (s *Server) avatar(user string) string { return s.base() + "/avatar/" + user + ".svg" }

var colorForm = regexp.MustCompile(`^[0-9a-fA-F]{6}$`)

// serveAvatar draws a person's initials on their colour.
func (s *Server) serveAvatar(w http.ResponseWriter, r *http.Request) {
	initials, color, ok := s.face(strings.TrimSuffix(r.PathValue("file"), ".svg"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	if !colorForm.MatchString(color) {
		color = "7a8a99"
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, _ = fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72"><rect width="72" height="72" rx="12" fill="#%s"/>`+
		`<text x="36" y="46" font-family="sans-serif" font-size="28" fill="#fff" text-anchor="middle">%s</text></svg>`,
		color, html.EscapeString(initials)) // the client has gone otherwise
}

// face is what a person's picture is drawn from.
func (s *Server) face(user string) (initials, color string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.world.users[user]
	if u == nil {
		return "", "", false
	}
	var letters []rune
	for _, name := range words(u.RealName + " " + u.Name) {
		letters = append(letters, []rune(name)[0])
	}
	return strings.ToUpper(string(letters[:min(2, len(letters))])), u.Color, true
}
