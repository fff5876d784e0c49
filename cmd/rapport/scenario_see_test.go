package main

import (
	"fmt"
	"strings"
)

// see looks for words in one place.
func (s *scenario) see(rest string, wanted bool) error {
	place, text, ok := strings.Cut(rest, ` "`)
	if !ok {
		return fmt.Errorf("see what? %q", rest)
	}
	text = strings.TrimSuffix(text, `"`)
	all, err := s.read(place)
	if err != nil {
		return err
	}
	if strings.Contains(all, text) != wanted {
		return fmt.Errorf("%s: %q is %s; there is:\n%s", place, text, map[bool]string{true: "missing", false: "there"}[wanted], all)
	}
	return nil
}

// read is everything that can be read in one place.
func (s *scenario) read(place string) (string, error) {
	now := s.state()
	kind, who, _ := strings.Cut(place, " ")
	var all []string
	switch kind {
	case "ack":
		return words(s.last.failure()+"\n"+fmt.Sprint(s.last.Errors), s.last.Response), nil
	case "home", "modal", "error":
		user := now.person(who)
		for _, v := range now.Views {
			switch {
			case v.User != user || (v.Type == "home") != (kind == "home"):
			case kind == "error":
				all = append(all, fmt.Sprint(v.Errors))
			default:
				all = append(all, words("", v.View))
			}
		}
		return strings.Join(all, "\n"), nil
	case "alone":
		user := now.person(who)
		for _, m := range now.Messages {
			if m.EphemeralTo == user {
				all = append(all, words(m.Text, m.Blocks))
			}
		}
		return strings.Join(all, "\n"), nil
	}
	id, err := now.place(place)
	if err != nil {
		return "", err
	}
	for _, m := range now.Messages {
		if m.Channel == id && m.EphemeralTo == "" {
			all = append(all, words(m.Text, m.Blocks))
		}
	}
	return strings.Join(all, "\n"), nil
}

// count counts the app's messages in a place, or those of them that say something.
func (s *scenario) count(rest string) error {
	rest, text, _ := strings.Cut(rest, ` "`)
	text = strings.TrimSuffix(text, `"`)
	at := strings.LastIndex(rest, " ")
	now := s.state()
	id, err := now.place(rest[:max(at, 0)])
	if err != nil {
		return err
	}
	n := 0
	for _, m := range now.Messages {
		if m.Channel == id && m.User == now.App.BotUser && m.EphemeralTo == "" && strings.Contains(words(m.Text, m.Blocks), text) {
			n++
		}
	}
	if fmt.Sprint(n) != rest[at+1:] {
		all, _ := s.read(rest[:at])
		return fmt.Errorf("%s has %d such messages of the app's, want %s:\n%s", rest[:at], n, rest[at+1:], all)
	}
	return nil
}
