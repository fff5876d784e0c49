package slackfake

import (
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
)

// escaped says that a text already comes as Slack sends it: it holds <@U…>, <#C…> or <!…>.
var escaped = regexp.MustCompile(`<(@[UW][A-Z0-9]+|#C[A-Z0-9]+|![a-z][^<>]*)(\|[^<>]*)?>`)

// typed finds what a person can type that Slack turns into more than text: addresses, links, mentions, channels.
var typed = regexp.MustCompile(`https?://[^\s<>|]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|@[\p{L}\d_](?:[\p{L}\d_.-]*[\p{L}\d_])?|#[\p{L}\d](?:[\p{L}\d_-]*[\p{L}\d])?`)

// encode makes of what a person typed what Slack sends: entities for &, < and >, and marked-up mentions, channels and links. labels says
// whether mentions carry the handle too, as in commands (Slack: "Enabling interactivity with slash commands", "Escaping"). The mutex is
// held.
func (s *Server) encode(text string, labels bool) string {
	if escaped.MatchString(text) {
		return text
	}
	var b strings.Builder
	rest := text
	for rest != "" {
		at := typed.FindStringIndex(rest)
		if at == nil {
			break
		}
		b.WriteString(entities.Replace(rest[:at[0]]))
		b.WriteString(s.encodeWord(rest[at[0]:at[1]], labels))
		rest = rest[at[1]:]
	}
	b.WriteString(entities.Replace(rest))
	return b.String()
}

// entities are the three characters that Slack escapes in texts.
var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func (s *Server) encodeWord(word string, labels bool) string {
	switch {
	case strings.HasPrefix(word, "@"):
		return s.encodeMention(word, labels)
	case strings.HasPrefix(word, "#"):
		if c := s.world.channel(word); c != nil && !c.direct() {
			return fmt.Sprintf("<#%s|%s>", c.ID, cond(c.Kind == Public, c.Name, ""))
		}
		return word
	case strings.Contains(word, "://"):
		link := strings.TrimRight(word, ".,;:!?)")
		return "<" + entities.Replace(link) + ">" + word[len(link):]
	default:
		return fmt.Sprintf("<mailto:%s|%s>", word, word)
	}
}

func (s *Server) encodeMention(word string, labels bool) string {
	handle := word[1:]
	switch handle {
	case "channel", "here", "everyone":
		return "<!" + handle + ">"
	}
	for _, g := range s.world.userGroups() {
		if g.Handle == handle {
			return fmt.Sprintf("<!subteam^%s|@%s>", g.ID, g.Handle)
		}
	}
	u := s.world.handles[strings.ToLower(handle)]
	switch {
	case u == nil:
		return word
	case labels:
		return fmt.Sprintf("<@%s|%s>", u.ID, u.Name)
	default:
		return "<@" + u.ID + ">"
	}
}

func looksLikeEmail(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text
}

func looksLikeURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}
