package redistest

import (
	"context"
	"fmt"
	"strings"
)

// infoOf asks a server for a section of INFO.
func infoOf(ctx context.Context, s *Server, section string) (map[string]string, error) {
	client := s.Client()
	defer func() { _ = client.Close() }()
	text, err := client.Info(ctx, section).Result()
	if err != nil {
		return nil, fmt.Errorf("ask server about its %s: %w", section, err)
	}
	about := make(map[string]string)
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			about[name] = value
		}
	}
	return about, nil
}

// field reads one of a=1,b=2.
func field(line, name string) string {
	for part := range strings.SplitSeq(line, ",") {
		if key, value, ok := strings.Cut(part, "="); ok && key == name {
			return value
		}
	}
	return ""
}
