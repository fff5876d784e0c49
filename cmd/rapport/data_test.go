package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport/storage"
	"rapport/storage/redistest"
)

// operator runs commands as an operator does, on one store.
type operator struct {
	t   *testing.T
	env map[string]string
}

func newOperator(t *testing.T, env map[string]string) operator {
	t.Helper()
	if env["RAPPORT_KEY_PATH"] == "" {
		env["RAPPORT_KEY_PATH"] = filepath.Join(t.TempDir(), "none")
	}
	return operator{t, env}
}

// run expects an exit status and returns what was printed.
func (o operator) run(status int, args ...string) (out, said string) {
	o.t.Helper()
	var stdout, stderr bytes.Buffer
	env := func(name string) (string, bool) { v, ok := o.env[name]; return v, ok }
	if got := execute(o.t.Context(), args, streams{out: &stdout, err: &stderr, env: env}); got != status {
		o.t.Fatalf("rapport %s: status %d, want %d\n%s%s", strings.Join(args, " "), got, status, stdout.String(), stderr.String())
	}
	return stdout.String(), stderr.String()
}

const sampleExport = "../../storage/testdata/export-schema1.jsonl"

func TestAWorkspaceMovesFromAFolderToRedisAndIsPurged(t *testing.T) {
	folder := newOperator(t, map[string]string{"RAPPORT_DATA_DIR": filepath.Join(t.TempDir(), "data")})
	server := newOperator(t, map[string]string{"REDIS_URL": redistest.Start(t, redistest.Options{}).URL()})
	file := filepath.Join(t.TempDir(), "move.jsonl")

	folder.run(1, "export") // there is nothing yet
	folder.run(0, "import", sampleExport)
	folder.run(0, "export", "--out", file)
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the export is %v, %v; want mode 0600", info, err)
	}
	_, said := server.run(0, "import", "--team", "T1SAMPLE", file)
	if !strings.Contains(said, "imported workspace T1SAMPLE") {
		t.Errorf("import says %q", said)
	}
	printed, _ := server.run(0, "export")
	if lines := strings.Count(printed, "\n"); lines < 50 {
		t.Errorf("%d lines on standard output", lines)
	}
	shown, _ := server.run(0, "data")
	if !strings.Contains(shown, "workspace T1SAMPLE, schema 2") || !strings.Contains(shown, "commitments") {
		t.Errorf("data says %q", shown)
	}
	asJSON, _ := server.run(0, "data", "show", "--json", "--team", "T1SAMPLE")
	var held []storage.Holdings
	if err := json.Unmarshal([]byte(asJSON), &held); err != nil || len(held) != 1 || held[0].Schema != 2 {
		t.Errorf("data --json says %q: %v", asJSON, err)
	}

	server.run(2, "data", "purge")
	server.run(2, "data", "purge", "--team", "T1SAMPLE")
	server.run(2, "data", "purge", "--team", "T1SAMPLE", "--yes", "t1sample")
	server.run(1, "data", "purge", "--team", "T2", "--yes", "T2")
	out, _ := server.run(0, "data", "purge", "--team", "T1SAMPLE", "--yes", "T1SAMPLE")
	if !strings.Contains(out, "deleted workspace T1SAMPLE") || !strings.Contains(out, "2 kudos") {
		t.Errorf("purge says %q", out)
	}
	if shown, _ = server.run(0, "data"); shown != "The store holds no workspace.\n" {
		t.Errorf("data says %q", shown)
	}
}

func TestImportsThatAreRefused(t *testing.T) {
	folder := newOperator(t, map[string]string{"RAPPORT_DATA_DIR": filepath.Join(t.TempDir(), "data")})
	whole, err := os.ReadFile(sampleExport)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(t.TempDir(), "cut.jsonl")
	if err := os.WriteFile(cut, whole[:2000], 0o600); err != nil {
		t.Fatal(err)
	}
	folder.run(2, "import", "a", "b")
	folder.run(2, "import", "--what")
	folder.run(1, "import", filepath.Join(t.TempDir(), "none"))
	if _, said := folder.run(1, "import", cut); !strings.Contains(said, "line 9: the file is cut off in it") && !strings.Contains(said, "the file is cut off") {
		t.Errorf("of a cut file it says %q", said)
	}
	folder.run(1, "import", "--team", "T2", sampleExport)
	if shown, _ := folder.run(0, "data"); shown != "The store holds no workspace.\n" {
		t.Errorf("data says %q", shown)
	}
	folder.run(0, "import", sampleExport)
	if _, said := folder.run(1, "import", sampleExport); !strings.Contains(said, "--replace") {
		t.Errorf("of a store that holds the workspace it says %q", said)
	}
	folder.run(0, "import", "--replace", sampleExport)
}

func TestWhoWasForgottenIsForgottenAgainAfterARestore(t *testing.T) {
	folder := newOperator(t, map[string]string{"RAPPORT_DATA_DIR": filepath.Join(t.TempDir(), "data")})
	folder.run(0, "import", sampleExport)
	folder.run(2, "data", "forget")
	if out, said := folder.run(1, "data", "forget", "UTYPO"); out != "forgotten: 0; not known here: UTYPO\n" || !strings.Contains(said, "--team") {
		t.Errorf("of an id that nobody knows it says %q, %q", out, said)
	}
	if log, _ := folder.run(0, "admin", "log"); strings.Contains(log, "forget") {
		t.Errorf("nobody was forgotten, and the log says %q", log)
	}
	if out, _ := folder.run(0, "data", "forget", "--as", "ops", "UBEN"); out != "forgotten: 1\n" {
		t.Errorf("forget says %q", out)
	}
	if out, _ := folder.run(1, "data", "forget", "UTYPO", "UBEN"); out != "forgotten: 0; not known here: UTYPO\n" {
		t.Errorf("once more it says %q", out)
	}
	list, _ := folder.run(0, "data", "erased")
	if strings.Count(list, "\n") != 2 || !strings.Contains(list, `"member":"UBEN"`) || !strings.Contains(list, `"member":"UOLD"`) {
		t.Errorf("erased says %q", list)
	}
	beside := filepath.Join(t.TempDir(), "erased.jsonl")
	if err := os.WriteFile(beside, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	restored := newOperator(t, map[string]string{"RAPPORT_DATA_DIR": filepath.Join(t.TempDir(), "data")})
	restored.run(0, "import", sampleExport)
	restored.run(0, "data", "restored")
	list += `{"member":"UAFTER","at":"2026-03-01T00:00:00Z"}` + "\n" // who came after the backup
	if err := os.WriteFile(beside, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, said := restored.run(0, "data", "forget", "--from", beside); out != "forgotten: 1\n" || said != "" {
		t.Errorf("forget says %q, %q", out, said)
	}
	if list, _ := restored.run(0, "data", "erased"); !strings.Contains(list, `"UAFTER"`) {
		t.Errorf("who is on the list and not here is not noted: %q", list)
	}
	if exported, _ := restored.run(0, "export"); strings.Contains(exported, `\"Ben\"`) {
		t.Error("who was forgotten is still there")
	}
	if log, _ := restored.run(0, "admin", "log"); !strings.Contains(log, "restored") || !strings.Contains(log, "3 members") {
		t.Errorf("the log says %q", log)
	}
}

func TestToolsSayWhatIsWrongWithTheirVariables(t *testing.T) {
	dir := t.TempDir()
	key := filepath.Join(dir, "key")
	if err := os.WriteFile(key, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, env := range map[string]map[string]string{
		"REDIS_URL":        {"REDIS_URL": "redis://x:s3cret@127.0.0.1:1", "REDIS_URL_FILE": key},
		"REDIS_URL_FILE":   {"REDIS_URL_FILE": filepath.Join(dir, "none")},
		"ping store":       {"REDIS_URL": "redis://x:s3cret@127.0.0.1:1"},
		"RAPPORT_KEY":      {"RAPPORT_KEY": "s3cret", "RAPPORT_DATA_DIR": dir},
		"RAPPORT_KEY:":     {"RAPPORT_KEY_PATH": key, "RAPPORT_DATA_DIR": dir},
		"holds none":       {"RAPPORT_DATA_DIR": filepath.Join(dir, "nothing")},
		"RAPPORT_KEY_FILE": {"RAPPORT_KEY_FILE": filepath.Join(dir, "none")},
	} {
		_, said := newOperator(t, env).run(1, "data")
		if !strings.Contains(said, name) || strings.Contains(said, "s3cret") {
			t.Errorf("with %v it says %q, want it to name %s", env, said, name)
		}
	}
}

func TestARestoreIsSaidOnce(t *testing.T) {
	folder := newOperator(t, map[string]string{"RAPPORT_DATA_DIR": filepath.Join(t.TempDir(), "data")})
	folder.run(0, "import", sampleExport)
	copied := filepath.Join(t.TempDir(), "copied")
	if err := os.CopyFS(copied, os.DirFS(folder.env["RAPPORT_DATA_DIR"])); err != nil {
		t.Fatal(err)
	}
	out, said := newOperator(t, map[string]string{"RAPPORT_DATA_DIR": copied}).run(0, "data", "restored")
	if strings.Count(out+said, "looked for in Slack") != 1 {
		t.Errorf("it says %q and %q", out, said)
	}
}

func TestToolsKeepQuietAboutTheirConnections(t *testing.T) {
	var said bytes.Buffer
	storage.SetLog(slog.New(slog.NewJSONHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug})))
	o := newOperator(t, map[string]string{"REDIS_URL": "redis+sentinel://127.0.0.1:1/0?master_name=rapport"})
	if _, printed := o.run(1, "data"); strings.Count(printed, "\n") != 1 {
		t.Errorf("it prints %q", printed)
	}
	if said.Len() > 0 {
		t.Errorf("the client says %s", said.String())
	}
}
