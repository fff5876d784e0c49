package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot/slackapp"
	"rapport/scheduler"
	"rapport/storage"
	"rapport/storage/redistest"
)

// complaints counts the errors that are logged.
type complaints struct {
	slog.Handler
	n atomic.Int32
}

func (c *complaints) Enabled(context.Context, slog.Level) bool { return true }

func (c *complaints) Handle(_ context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError {
		c.n.Add(1)
	}
	return nil
}

// A store that is emptied under a bot makes it not ready, is complained of once, and is not taken for a new one: what people say is not saved, and they are told.
func TestAnEmptiedStoreIsNoticed(t *testing.T) {
	t.Parallel()
	slack, r := realSlack(t, "emptied")
	server := redistest.Start(t, redistest.Options{})
	w := wiring{
		clock: scheduler.RealClock{}, log: slog.New(slog.DiscardHandler), zone: "Europe/Berlin", kudosADay: 20, alive: time.Hour,
		slack: slackapp.Config{BotToken: slack.BotToken(), AppToken: slack.AppToken(), APIURL: slack.APIURL(), Stagger: time.Millisecond},
		open: func(ctx context.Context, team string) (*storage.Store, error) {
			return storage.Open(ctx, storage.Options{URL: server.URL(), Team: team, Key: []byte(strings.Repeat("k", 32)), Now: time.Now})
		},
	}
	h, err := build(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := closeWithin(t.Context(), h); err != nil {
			t.Error(err)
		}
	}()
	machines := operations(h, newMetrics())
	says(t, machines, "/readyz", "ready")
	rdb := server.Client()
	defer func() { _ = rdb.Close() }()
	if err := rdb.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	if code, why := ask(t, machines, "/readyz"); code != http.StatusServiceUnavailable || why != "the store was emptied: see the log" {
		t.Errorf("readyz: %d %s", code, why)
	}
	// The signs of life have a log of their own here: what runs beside them meets the empty store too, and complains when it does.
	said := &complaints{}
	w.log = slog.New(said)
	for range 3 {
		if err := h.giveSign(t.Context(), w); err != nil {
			t.Error(err)
		}
	}
	if n := said.n.Load(); n != 1 {
		t.Errorf("it was complained of %d times, want once", n)
	}
	people := peopleOf(r.state())
	if a := thank(r, people, 1, "emptied"); !a.Acked || !strings.Contains(string(a.Response), "could not confirm that this was saved") {
		t.Errorf("the person reads %s", a.Response)
	}
	keys, err := rdb.Keys(t.Context(), "*}:meta").Result()
	if err != nil || len(keys) > 0 {
		t.Errorf("the bot made a new store: %v, %v", keys, err)
	}
}

// An operator does not put an import over a workspace, nor purge it, while its bot runs; a bot that ended well is not waited for.
func TestToolsWaitForABotOnAServer(t *testing.T) {
	t.Parallel()
	slack, _ := realSlack(t)
	server := redistest.Start(t, redistest.Options{})
	bot := startProgram(t, slack, server.URL())
	tools := newOperator(t, map[string]string{"REDIS_URL": server.URL()})
	file := filepath.Join(t.TempDir(), "export.jsonl")
	tools.run(0, "export", "--out", file)
	export, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, team, _ := strings.Cut(string(export), `"team":"`)
	team, _, _ = strings.Cut(team, `"`)
	if _, said := tools.run(1, "import", "--replace", file); !strings.Contains(said, "wait a minute") || !strings.Contains(said, "--force") {
		t.Errorf("import says %q", said)
	}
	if _, said := tools.run(1, "data", "purge", "--team", team, "--yes", team); !strings.Contains(said, "wait a minute") {
		t.Errorf("purge says %q", said)
	}
	tools.run(0, "import", "--replace", "--force", file)
	bot.stop(t)
	tools.run(0, "import", "--replace", file)
	tools.run(0, "data", "purge", "--team", team, "--yes", team)
}

// An import that is refused for its file leaves no store behind.
func TestARefusedFileMakesNoStore(t *testing.T) {
	whole, err := os.ReadFile(sampleExport)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"empty": nil, "cut": whole[:2000], "other": []byte("{}\n")} {
		dir := filepath.Join(t.TempDir(), "data")
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		newOperator(t, map[string]string{"RAPPORT_DATA_DIR": dir}).run(1, "import", file)
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("%s: the folder is there: %v", name, err)
		}
	}
}
