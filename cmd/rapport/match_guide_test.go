package main

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write anew what the examples of rapport match print")

// The examples in the guide, and in pages of examples that nobody but this test reads, print what they say. A block "csv NAME" is a file; a block "console" holds
// command lines after "$ ", each with what it prints.
func TestMatchGuide(t *testing.T) {
	pages, err := filepath.Glob("testdata/match/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatal("no pages of examples", err)
	}
	for _, page := range append(pages, "../../docs/matching.md") {
		t.Run(filepath.Base(page), func(t *testing.T) {
			page, err := filepath.Abs(page)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := os.ReadFile(page) //nolint:gosec // G304: a page of this project.
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			got := replayPage(t, string(raw))
			if got == string(raw) {
				return
			}
			if *update {
				if err := os.WriteFile(page, []byte(got), 0o644); err != nil { //nolint:gosec // G306: everybody reads it.
					t.Fatal(err)
				}
				return
			}
			t.Errorf("the examples print something else (go test ./cmd/rapport -run TestMatchGuide -update writes them anew):\n%s", firstDifference(string(raw), got))
		})
	}
}

// replayPage puts the page's files where they are found, and returns the page with what its commands print now.
func replayPage(t *testing.T, page string) string {
	t.Helper()
	var told strings.Builder
	for block := ""; ; {
		before, rest, found := strings.Cut(page, "```")
		told.WriteString(before)
		if !found {
			return told.String()
		}
		kind, rest, _ := strings.Cut(rest, "\n")
		block, page, found = strings.Cut(rest, "```\n")
		if !found {
			t.Fatalf("the block %q does not end", kind)
		}
		if name, isFile := strings.CutPrefix(kind, "csv "); isFile {
			put(t, name, block)
		}
		if kind == "console" {
			block = replayBlock(t, block)
		}
		told.WriteString("```" + kind + "\n" + block + "```\n")
	}
}

// replayBlock runs the command lines of a block.
func replayBlock(t *testing.T, block string) string {
	t.Helper()
	var told strings.Builder
	last := matchRun{}
	for line := range strings.Lines(block) {
		command, isCommand := strings.CutPrefix(line, "$ ")
		if !isCommand {
			continue
		}
		told.WriteString(line)
		if command == "echo $?\n" {
			told.WriteString(strconv.Itoa(last.status) + "\n")
			continue
		}
		last = runMatch(t, "", strings.TrimSpace(command))
		told.WriteString(last.out + last.said)
	}
	return told.String()
}

// firstDifference is where two texts part.
func firstDifference(want, got string) string {
	wants, gots := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(wants), len(gots)) {
		if wants[i] != gots[i] {
			return "line " + strconv.Itoa(i+1) + ": " + wants[i] + "\nnow:    " + gots[i]
		}
	}
	return "one ends before the other"
}
