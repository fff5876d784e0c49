package prompts

import (
	"errors"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func standard(t *testing.T) *Library {
	t.Helper()
	l, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func folder(files map[string]string) fs.FS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

const good = `---
id: ask-first
themes: respect, curiosity
kind: respect
practice: expertise
minutes: 5
---
Before you decide, ask the one
who knows most.

Then decide.
`

func TestLoad(t *testing.T) {
	second := strings.NewReplacer("ask-first", "frage-zuerst", "minutes: 5", "minutes: 5\nlanguage: de").Replace(good)
	l, err := Load(folder(map[string]string{"a/b.txt": "# a note\n\n" + good + second, "README.md": "no prompt"}),
		folder(map[string]string{"mine.txt": "\uFEFF" + strings.ReplaceAll(strings.ReplaceAll(good, "ask-first", "mine"), "\n", "\r\n")}))
	if err != nil {
		t.Fatal(err)
	}
	p, ok := l.ByID("ask-first")
	if !ok || p.Text != "Before you decide, ask the one who knows most.\n\nThen decide." || p.Language != "en" || p.Minutes != 5 ||
		p.Kind != KindRespect || p.Practice != "expertise" || !slices.Equal(p.Themes, []string{"respect", "curiosity"}) {
		t.Errorf("got %+v", p)
	}
	if p.File != "a/b.txt" || p.Line != 3 {
		t.Errorf("stands at %s line %d", p.File, p.Line)
	}
	if p, _ := l.ByID("frage-zuerst"); p.Language != "de" {
		t.Errorf("language is %q", p.Language)
	}
	if p, _ := l.ByID("mine"); p.Text != "Before you decide, ask the one who knows most.\n\nThen decide." {
		t.Errorf("Windows line ends: got %q", p.Text)
	}
	if _, ok := l.ByID("gone"); ok {
		t.Error("an unknown id is found")
	}
	if got := len(l.All()); got != 3 {
		t.Errorf("%d prompts", got)
	}
}

func TestLoadProblems(t *testing.T) {
	tests := []struct {
		name, text string
		line       int
		says       string
	}{
		{"missing field", strings.Replace(good, "kind: respect\n", "", 1), 1, `"kind" is missing`},
		{"unknown field", strings.Replace(good, "kind:", "kinds:", 1), 4, `no field "kinds"`},
		{"field twice", strings.Replace(good, "minutes: 5", "minutes: 5\nminutes: 6", 1), 7, "twice"},
		{"empty field", strings.Replace(good, "minutes: 5", "minutes:", 1), 6, "empty"},
		{"no field", strings.Replace(good, "minutes: 5", "five", 1), 6, "no field"},
		{"bad id", strings.Replace(good, "ask-first", "Ask first", 1), 2, "lower-case"},
		{"bad theme", strings.Replace(good, "respect, curiosity", "respect; curiosity", 1), 3, "commas"},
		{"unknown kind", strings.Replace(good, "kind: respect", "kind: joke", 1), 4, "the kinds are coffee"},
		{"unknown practice", strings.Replace(good, "expertise", "magic", 1), 5, "the practices are reliable"},
		{"bad minutes", strings.Replace(good, "minutes: 5", "minutes: an hour", 1), 6, "from 1 to 30"},
		{"too many minutes", strings.Replace(good, "minutes: 5", "minutes: 31", 1), 6, "from 1 to 30"},
		{"bad language", strings.Replace(good, "minutes: 5", "minutes: 5\nlanguage: english", 1), 7, "two lower-case letters"},
		{"no text", good[:strings.LastIndex(good, "---")+4], 1, "no text"},
		{"too long", good + strings.Repeat("word ", 100), 1, "400 is the most"},
		{"mention", good + "<@U1>", 1, "plain words"},
		{"not closed", good[:strings.LastIndex(good, "---")], 1, "not closed"},
		{"text first", "Hello\n" + good, 1, "before the first front matter"},
		{"id twice", good + good, 12, "stands in x.txt line 1 already"},
		{"not UTF-8", good + "\xff", 1, "UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Load(folder(map[string]string{"x.txt": tt.text}))
			var problem *Problem
			if !errors.As(err, &problem) {
				t.Fatalf("got %v", err)
			}
			if problem.File != "x.txt" || problem.Line != tt.line || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v; want line %d and %q", err, tt.line, tt.says)
			}
		})
	}
}

func TestLoadReportsAllProblems(t *testing.T) {
	bad := strings.NewReplacer("kind: respect", "kind: joke", "minutes: 5", "minutes: 0").Replace(good)
	_, err := Load(folder(map[string]string{"a.txt": bad, "b.txt": bad}))
	if err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("want four lines, got %v", err)
	}
}

func TestStandardLibraryCovers(t *testing.T) {
	l := standard(t)
	practices, kinds := map[string]int{}, map[Kind]int{}
	for _, p := range l.All() {
		practices[p.Practice]++
		kinds[p.Kind]++
	}
	for _, p := range Practices() {
		if practices[p.ID] < 2 {
			t.Errorf("practice %q (%s) has %d prompts, want at least two", p.ID, p.Sentence, practices[p.ID])
		}
	}
	for _, k := range Kinds() {
		if kinds[k] < 4 {
			t.Errorf("kind %q has %d prompts, want at least four", k, kinds[k])
		}
	}
	if got := len(l.All()); got < 150 {
		t.Errorf("%d prompts, want at least 150", got)
	}
}

// TestStandardLibraryTone holds what a machine can hold of the tone; the rest is for a second reader.
func TestStandardLibraryTone(t *testing.T) {
	preachy := regexp.MustCompile(`(?i)\b(you should|you must|must not|always remember|never forget|don't forget|shame|lazy|guilty|leverage|synerg|streak|score|best practice)`)
	texts := map[string]string{}
	for _, p := range standard(t).All() {
		if found := preachy.FindString(p.Text); found != "" {
			t.Errorf("%s line %d says %q", p.File, p.Line, found)
		}
		if other, ok := texts[p.Text]; ok {
			t.Errorf("%s line %d says the same as %s", p.File, p.Line, other)
		}
		texts[p.Text] = p.ID
		if end := p.Text[len(p.Text)-1]; !strings.ContainsRune(`.?!"`, rune(end)) {
			t.Errorf("%s line %d does not end like a sentence: %q", p.File, p.Line, p.Text)
		}
	}
}

// TestReadme keeps the writers' guide complete.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("library/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Practices() {
		if !strings.Contains(string(text), "| `"+p.ID+"` | "+p.Sentence+" |") {
			t.Errorf("README.md does not list practice %q as in the code", p.ID)
		}
	}
	for _, k := range Kinds() {
		if !strings.Contains(string(text), "`"+string(k)+"`") {
			t.Errorf("README.md does not list kind %q", k)
		}
	}
	example := regexp.MustCompile("(?s)```\n(---\n.*?)```").FindSubmatch(text)
	if example == nil {
		t.Fatal("README.md has no example")
	}
	if _, err := Load(folder(map[string]string{"example.txt": string(example[1])})); err != nil {
		t.Errorf("the example of README.md: %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(good)
	f.Add("---\n---\n---\n")
	f.Add("---\nid:\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := Load(folder(map[string]string{"x.txt": text}))
		if err != nil {
			return
		}
		for _, p := range l.All() {
			if p.ID == "" || p.Text == "" || len(p.Themes) == 0 || p.Minutes < 1 || p.Line < 1 {
				t.Fatalf("loaded %+v from %q", p, text)
			}
		}
	})
}
