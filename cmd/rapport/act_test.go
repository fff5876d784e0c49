package main

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestWrongUsage(t *testing.T) {
	for _, line := range []string{
		"", "dance", "admin", "admin dance", "admin pause", "admin log extra", "admin log --limit 0", "admin --team T1 log", "admin kinds --as eva",
		"data dance", "data show extra", "data --what", "data forget", "data purge", "queue --limit 0", "queue extra", "import a b", "version extra", "playground --people -1",
	} {
		o := newOperator(t, map[string]string{})
		if out, said := o.run(2, strings.Fields(line)...); out != "" || said == "" {
			t.Errorf("%q: %q and %q", line, out, said)
		}
	}
}

// Whoever asks what there is gets an answer and no error, however they ask.
func TestHelpIsNoError(t *testing.T) {
	o := newOperator(t, map[string]string{"RAPPORT_DATA_DIR": filepath.Join(t.TempDir(), "none")})
	for _, ask := range []string{"-h", "-help", "--help", "help"} {
		for _, parent := range []string{"", "admin", "data", "parse", "people"} {
			_, said := o.run(0, append(strings.Fields(parent), ask)...)
			if !strings.HasPrefix(said, "Usage: rapport") && !strings.HasPrefix(said, "Rapport helps") {
				t.Errorf("%s %s: it says %q", parent, ask, said)
			}
		}
	}
	for _, c := range slices.Concat(commands(), adminCommands(), dataCommands(), parseCommands(), peopleCommands()) {
		if slices.Contains([]string{"admin", "data", "parse", "people"}, c.name) {
			continue
		}
		_, said := o.run(0, append(strings.Fields(c.name), "-h")...)
		usage, does, _ := strings.Cut(said, "\n")
		if !strings.HasPrefix(usage, "Usage: rapport "+c.name) || !strings.HasSuffix(usage, c.takes) || !strings.Contains(does, sentence(c.does)) {
			t.Errorf("%s: it says %q", c.name, said)
		}
		if config := strings.Contains(said, "see README"); config != (c.name == "run" || c.name == "doctor") {
			t.Errorf("%s: it says of its variables %t in %q", c.name, config, said)
		}
	}
	if _, said := o.run(0, "import", "-h"); !strings.HasPrefix(said, "Usage: rapport import [flags] [FILE]\n") {
		t.Errorf("it says %q", said)
	}
	if _, said := o.run(2, "admin", "pause", "--what"); !strings.Contains(said, "Usage: rapport admin pause [flags] KIND…\n") {
		t.Errorf("it says %q", said)
	}
}

// An act that may be left out has the flags that it has with its name.
func TestTheActThatNeedsNoName(t *testing.T) {
	o := newOperator(t, map[string]string{"RAPPORT_DATA_DIR": filepath.Join(t.TempDir(), "data")})
	o.run(0, "import", sampleExport)
	want, _ := o.run(0, "data", "show", "--json", "--team", "T1SAMPLE")
	for _, line := range []string{"data -json -team T1SAMPLE", "data --json --team=T1SAMPLE", "data -json"} {
		if out, _ := o.run(0, strings.Fields(line)...); out != want {
			t.Errorf("%s: %q, want %q", line, out, want)
		}
	}
}

func TestNoFlagIsNamedWithOneDash(t *testing.T) {
	for _, c := range slices.Concat(commands(), adminCommands(), dataCommands()) {
		var out, said bytes.Buffer
		_ = c.run(t.Context(), []string{"-h"}, streams{out: &out, err: &said, env: func(string) (string, bool) { return "", false }})
		for word := range strings.FieldsSeq(strings.ReplaceAll(said.String(), "\n  -", "\n")) {
			if len(word) > 2 && word[0] == '-' && word[1] != '-' {
				t.Errorf("%s: %q", c.name, word)
			}
		}
	}
}
