package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// doors names the one package that may import a vendor's package; its test files and the packages inside it may too.
var doors = map[string]string{
	"github.com/slack-go/slack":            "bot/slackapp",
	"github.com/arran4/golang-ical":        "bot/slackapp",
	"github.com/redis/go-redis/v9":         "storage",
	"github.com/alicebob/miniredis/v2":     "storage",
	"github.com/gofrs/flock":               "storage",
	"github.com/robfig/cron/v3":            "scheduler",
	"github.com/hibiken/asynq":             "scheduler",
	"github.com/kelseyhightower/envconfig": "cmd/rapport",
	"github.com/prometheus":                "cmd/rapport",
}

// arrows lists what of ours each package may import. What is not listed may import nothing of ours.
var arrows = map[string][]string{
	"cmd/rapport":   {"bot", "bot/pairing", "bot/when", "bot/slackapp", "bot/slackfake", "scheduler", "prompts", "storage", "deploy"},
	"bot":           {"bot/pairing", "bot/when", "prompts"},
	"bot/slackapp":  {"bot", "bot/pairing", "bot/when", "prompts"},
	"scheduler":     {"bot", "bot/when"},
	"storage":       {"bot", "bot/when"},
	"bot/pairing":   {},
	"bot/when":      {},
	"bot/slackfake": {},
	"prompts":       {},
	"deploy":        {},
	// Real servers for tests, as net/http/httptest is for HTTP.
	"storage/redistest": {},
}

// testArrows are what tests alone may import beside that: the local Slack is driven by the real client, and real stores stand behind the use cases.
var testArrows = map[string][]string{
	"cmd/rapport":   {"storage/redistest"},
	"bot/slackapp":  {"bot/slackfake", "deploy"},
	"bot/slackfake": {"deploy"},
	"scheduler":     {"storage", "storage/redistest"},
	"storage":       {"bot/pairing", "storage/redistest"},
}

// topLevel is what the project's root may hold beside files; bin is built and ignored.
var topLevel = []string{".ci", ".git", ".github", "bin", "bot", "cmd", "deploy", "docs", "prompts", "scheduler", "storage"}

func TestArchitecture(t *testing.T) {
	root := filepath.Join("..", "..")
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !slices.Contains(topLevel, e.Name()) {
			t.Errorf("top-level folder %s is not part of the house", e.Name())
		}
	}
	seen := map[string]bool{}
	err = filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (slices.Contains([]string{"testdata", ".git", "node_modules"}, d.Name()) || file != root && isModule(file)) {
			return filepath.SkipDir
		}
		if strings.HasSuffix(file, ".go") {
			rel, err := filepath.Rel(root, file)
			if err != nil {
				return err
			}
			pkg := path.Dir(filepath.ToSlash(rel))
			seen[pkg] = true
			checkImports(t, filepath.ToSlash(rel), pkg, file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range arrows {
		if !seen[pkg] {
			t.Errorf("package %s is in the plan of the house but not in the tree", pkg)
		}
	}
}

// isModule reports whether a folder is a Go module of its own: its requirements are not ours.
func isModule(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	return err == nil
}

func checkImports(t *testing.T, name, pkg, file string) {
	t.Helper()
	allowed, known := arrows[pkg]
	if !known {
		t.Errorf("%s: package %s is not part of the house", name, pkg)
		return
	}
	if strings.HasSuffix(name, "_test.go") {
		allowed = append(append([]string{pkg}, allowed...), testArrows[pkg]...)
	}
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	for _, spec := range f.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if ours, ok := strings.CutPrefix(imported, "rapport/"); ok && !slices.Contains(allowed, ours) {
			t.Errorf("%s imports %s: that arrow is not in the house", name, imported)
		}
		for vendor, door := range doors {
			if (imported == vendor || strings.HasPrefix(imported, vendor+"/")) && pkg != door && path.Dir(pkg) != door {
				t.Errorf("%s imports %s, whose one door is %s", name, imported, door)
			}
		}
	}
}
