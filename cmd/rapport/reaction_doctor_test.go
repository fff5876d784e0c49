package main

import (
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rapport/storage"
)

func TestDoctorNamesAnEmojiThatTheAppCannotSee(t *testing.T) {
	onEveryStore(t, func(t *testing.T, env map[string]string) {
		o := keyed(t, env, sampleKey, "")
		o.run(0, "import", sampleExport)
		for _, row := range []struct {
			emoji   string
			granted []string
			named   bool
		}{
			{"", []string{"chat:write"}, false},
			{"clap", []string{"chat:write"}, true},
			{"clap", []string{"chat:write", "reactions:read"}, false},
			{"clap", nil, false}, // nobody knows
		} {
			countEmoji(t, o, row.emoji)
			c := config{RedisURL: env["REDIS_URL"], DataDir: env["RAPPORT_DATA_DIR"], KeyPath: filepath.Join(t.TempDir(), "key"), Key: sampleKey}
			notes, _ := checkHeld(t.Context(), c, "T1SAMPLE", row.granted)
			named := slices.ContainsFunc(notes, func(note string) bool { return strings.Contains(note, ":clap:") })
			if named != row.named {
				t.Errorf("with %q and %v it says %q", row.emoji, row.granted, notes)
			}
		}
	})
}

// countEmoji lets an emoji count as a kudos in the sample workspace.
func countEmoji(t *testing.T, o operator, emoji string) {
	t.Helper()
	env := func(name string) (string, bool) { v, ok := o.env[name]; return v, ok }
	opts, err := toolOptions(streams{env: env, err: &strings.Builder{}})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := keysOf(env)
	if err != nil {
		t.Fatal(err)
	}
	opts.Team, opts.Ring = "T1SAMPLE", storage.Keyring{}
	s, err := openStore(t.Context(), opts, keys, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	w, err := s.Workspace(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.Kudos.Reaction = emoji
	if err := s.SaveWorkspace(t.Context(), "", w, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
