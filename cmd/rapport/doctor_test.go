package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// doctorSays runs doctor without Slack; what it says of tokens is not looked at.
func doctorSays(t *testing.T, dir string) string {
	t.Helper()
	t.Setenv("RAPPORT_DATA_DIR", dir)
	t.Setenv("RAPPORT_KEY", sampleKey)
	t.Setenv("SLACK_API_URL", "http://127.0.0.1:1/")
	out, _ := newOperator(t, map[string]string{}).run(1, "doctor")
	return out
}

func TestDoctorLeavesAFolderAsItIs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	newOperator(t, map[string]string{"RAPPORT_DATA_DIR": dir, "RAPPORT_KEY": sampleKey}).run(0, "import", sampleExport)
	copied := filepath.Join(t.TempDir(), "copied")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(copied, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ dir, want string }{{dir, ""}, {copied, "other users of this machine may enter"}} {
		before := listed(t, row.dir)
		said := doctorSays(t, row.dir)
		if strings.Contains(said, "note:") != (row.want != "") || !strings.Contains(said, row.want) || strings.Contains(said, "store") && row.want == "" {
			t.Errorf("of %s it says %q", row.dir, said)
		}
		if after := listed(t, row.dir); after != before {
			t.Errorf("before:\n%s\nafter:\n%s", before, after)
		}
	}
}

// listed are the files of a folder with what they hold.
func listed(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "%s %x\n", e.Name(), sha256.Sum256(data))
	}
	return text.String()
}

func TestDoctorNamesAFolderThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if said := doctorSays(t, filepath.Join(file, "data")); !strings.Contains(said, "cannot be made or written to") || strings.Count(said, "RAPPORT_DATA_DIR") != 1 {
		t.Errorf("it says %q", said)
	}
	fine := filepath.Join(t.TempDir(), "a", "b")
	if said := doctorSays(t, fine); strings.Contains(said, "cannot be made") {
		t.Errorf("of one that can be made it says %q", said)
	}
	if _, err := os.Stat(filepath.Dir(fine)); err == nil {
		t.Error("it made the folder")
	}
}
