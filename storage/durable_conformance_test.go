package storage_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// durable opens a store in a folder for as long as the test runs.
func durable(t testing.TB, c *clock) *storage.Store {
	t.Helper()
	return openFolder(t, c, t.TempDir(), newTeam())
}

func openFolder(t testing.TB, c *clock, dir, team string) *storage.Store {
	t.Helper()
	s, err := storage.OpenFolder(t.Context(), storage.Options{Dir: dir, Team: team, Key: sealingKey, Now: c.Now})
	must(t, err)
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

// crashed copies a folder as a crash leaves it: with the very files, so that it does not count as a copy.
func crashed(t *testing.T, dir string) string {
	t.Helper()
	image := t.TempDir()
	files, err := filepath.Glob(filepath.Join(dir, "*-*"))
	must(t, err)
	for _, file := range files {
		must(t, os.Link(file, filepath.Join(image, filepath.Base(file))))
	}
	return image
}

// copied copies a folder as a backup does. The clock of the file system may not have moved since the folder was made, so it copies until its files are
// younger.
func copied(t *testing.T, dir string) string {
	t.Helper()
	image := t.TempDir()
	files, err := filepath.Glob(filepath.Join(dir, "*-*"))
	must(t, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		must(t, err)
		for {
			path := filepath.Join(image, filepath.Base(file))
			must(t, os.WriteFile(path, data, 0o600))
			if storage.SameBirth(t, file, path) {
				must(t, os.Remove(path))
				continue
			}
			break
		}
	}
	return image
}

func TestMessagesOfACrashedFolderGoOutAndThoseOfACopyAreLookedForFirst(t *testing.T) {
	for name, test := range map[string]struct {
		image func(*testing.T, string) string
		want  bot.State
	}{
		"crashed": {crashed, bot.StateClaimed},
		"copied":  {copied, bot.StateUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			dir, team := t.TempDir(), newTeam()
			s := openFolder(t, c, dir, team)
			post := bot.Send{SID: "kudos/k/post", Kind: bot.KindKudosPost, Ref: "k", Channel: "C1", Due: c.Now()}
			_, err := s.AddKudos(t.Context(), "t", kudos(c, "k"), quota, bot.Intents{post})
			must(t, err)

			c.pass(time.Minute)
			later := openFolder(t, c, test.image(t, dir), team)
			_, err = later.Kudos(t.Context(), "k")
			must(t, err)
			claim, err := later.Claim(t.Context(), c.Now(), post, "token", lease, nil)
			must(t, err)
			if !claim.Held || claim.Send.State != test.want {
				t.Errorf("held %t as %q, want %q", claim.Held, claim.Send.State, test.want)
			}
		})
	}
}

func TestAFolderSaysWhatItIs(t *testing.T) {
	c := newClock()
	dir := t.TempDir()
	var said []string
	s, err := storage.OpenFolder(t.Context(), storage.Options{Dir: dir, Team: newTeam(), Key: sealingKey, Now: c.Now, Warn: func(problem string) { said = append(said, problem) }})
	must(t, err)
	closeStore(t, s)
	if all := strings.Join(said, "\n"); !strings.Contains(all, dir) || !strings.Contains(all, "2,000") || !strings.Contains(all, "REDIS_URL") {
		t.Errorf("it said %q", all)
	}
}
