package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// wordsFound reads what a pattern finds in the code of some packages, tests aside.
func wordsFound(t *testing.T, pattern string, packages ...string) []string {
	t.Helper()
	var words []string
	for _, pkg := range packages {
		files, err := filepath.Glob(filepath.Join("..", "..", pkg, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			code, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(code), -1) {
				words = append(words, m[1])
			}
		}
	}
	if len(words) < 10 {
		t.Fatalf("%q finds only %q", pattern, words)
	}
	return words
}

// Whoever adds a reason or a method adds it to the lists, or the metrics call it "other". A discarded message is no outcome of an attempt, so nothing counts it.
func TestOurOwnWordsAreKnown(t *testing.T) {
	for _, reason := range wordsFound(t, `\bReason = "([a-z_]+)"`, "bot", "scheduler", "bot/slackapp", "storage") {
		if reasonWord(reason) == other && reason != "discarded" {
			t.Errorf("reason %q is on no list", reason)
		}
	}
	for _, method := range wordsFound(t, `(?:callError|showModal)\((?:ctx, )?"([a-zA-Z.]+)"`, "bot/slackapp") {
		if known(knownMethods, method) == other {
			t.Errorf("method %q is on no list", method)
		}
	}
}
