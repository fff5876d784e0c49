package slackfake

import (
	"encoding/base64"
	"strings"
)

// cursor names where the next page of a list begins, as Slack's do: base64 of "user:U123".
func cursor(kind, id string) string {
	return base64.StdEncoding.EncodeToString([]byte(kind + ":" + id))
}

// after reads a cursor of a kind; empty for a first page.
func (a args) after(kind string) (string, *refusal) {
	if a["cursor"] == "" {
		return "", nil
	}
	raw, err := base64.StdEncoding.DecodeString(a["cursor"])
	id, ok := strings.CutPrefix(string(raw), kind+":")
	if err != nil || !ok || id == "" {
		return "", refuse("invalid_cursor")
	}
	return id, nil
}

// position reads where in a list a page begins.
func (a args) position(kind string, find func(id string) (int, bool)) (int, *refusal) {
	id, no := a.after(kind)
	if no != nil || id == "" {
		return 0, no
	}
	at, ok := find(id)
	if !ok {
		return 0, refuse("invalid_cursor")
	}
	return at, nil
}
