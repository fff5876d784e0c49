package prompts

import (
	"bufio"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed library
var embedded embed.FS

// maxText is how many characters a prompt may have: it has to fit beside other things in one section of a message, and to be read
// in one glance.
const maxText = 400

// Library is a checked set of prompts. Make one with [Standard] or [Load].
type Library struct {
	prompts []Prompt
	byID    map[string]int
}

// Standard returns the prompts that are built in.
func Standard() (*Library, error) {
	folder, err := fs.Sub(embedded, "library")
	if err != nil {
		return nil, fmt.Errorf("open built-in prompts: %w", err)
	}
	return Load(folder)
}

// Load reads every .txt file of the folders and of what lies below them. Other files are ignored. All problems are reported at once, joined, one
// *[Problem] each. An id may stand once in all folders together.
func Load(folders ...fs.FS) (*Library, error) {
	l := &Library{byID: map[string]int{}}
	var problems []error
	for _, folder := range folders {
		err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil {
				return fmt.Errorf("read prompts %q: %w", name, err)
			}
			if entry.IsDir() || path.Ext(name) != ".txt" {
				return nil
			}
			text, err := fs.ReadFile(folder, name)
			if err != nil {
				return fmt.Errorf("read prompts %q: %w", name, err)
			}
			found, bad := parseFile(name, string(text))
			problems = append(problems, bad...)
			for _, p := range found {
				problems = append(problems, l.add(p)...)
			}
			return nil
		})
		if err != nil {
			problems = append(problems, err)
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return l, nil
}

func (l *Library) add(p Prompt) []error {
	if at, ok := l.byID[p.ID]; ok {
		first := l.prompts[at]
		return []error{&Problem{p.File, p.Line, fmt.Sprintf("the id %q stands in %s line %d already", p.ID, first.File, first.Line)}}
	}
	l.byID[p.ID] = len(l.prompts)
	l.prompts = append(l.prompts, p)
	return nil
}

// All returns every prompt, in the order of files and lines. The slice is the caller's.
func (l *Library) All() []Prompt { return slices.Clone(l.prompts) }

// ByID returns one prompt, and whether there is one: an id that was stored may have left the library since.
func (l *Library) ByID(id string) (Prompt, bool) {
	at, ok := l.byID[id]
	if !ok {
		return Prompt{}, false
	}
	return l.prompts[at], true
}

// Problem is something wrong in a prompt file, told so that whoever wrote the file can mend it.
type Problem struct {
	File string
	Line int // from 1
	What string
}

// Error implements error.
func (p *Problem) Error() string {
	return fmt.Sprintf("prompts %s line %d: %s", p.File, p.Line, p.What)
}

// field is one "name: value" line of a front matter.
type field struct {
	value string
	line  int
}

// fileReader reads one file: front matter between two lines of three hyphens, then the text, up to the next such line.
type fileReader struct {
	name     string
	prompts  []Prompt
	problems []error
	inside   bool // between the two lines
	started  bool // there was a front matter
	at       int  // line of the front matter's first hyphens
	fields   map[string]field
	text     []string
}

func parseFile(name, text string) ([]Prompt, []error) {
	r := &fileReader{name: name}
	if !utf8.ValidString(text) {
		r.problem(1, "the file is not saved as UTF-8 text")
		return nil, r.problems
	}
	scan := bufio.NewScanner(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
	scan.Buffer(nil, len(text)+bufio.MaxScanTokenSize)
	line := 0
	for scan.Scan() {
		line++
		r.line(line, strings.TrimRightFunc(scan.Text(), unicode.IsSpace))
	}
	if r.inside {
		r.problem(r.at, "the front matter is not closed: a second line of three hyphens (---) is missing")
		return r.prompts, r.problems
	}
	r.finish()
	return r.prompts, r.problems
}

func (r *fileReader) problem(line int, format string, args ...any) {
	r.problems = append(r.problems, &Problem{r.name, line, fmt.Sprintf(format, args...)})
}

func (r *fileReader) line(n int, line string) {
	switch {
	case line == "---" && !r.inside:
		r.finish()
		r.inside, r.started, r.at = true, true, n
		r.fields, r.text = map[string]field{}, nil
	case line == "---":
		r.inside = false
	case r.inside:
		r.field(n, line)
	case r.started:
		r.text = append(r.text, line)
	case line != "" && !strings.HasPrefix(line, "#"):
		r.problem(n, "there is text before the first front matter; a note for editors begins with #")
		r.started = true // once is enough
	}
}

var fieldNames = []string{"id", "themes", "kind", "language", "practice", "minutes"}

func (r *fileReader) field(n int, line string) {
	if line == "" {
		return
	}
	name, value, ok := strings.Cut(line, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch {
	case !ok:
		r.problem(n, "%q is no field; fields look like \"id: some-words\" (or is the closing line of hyphens missing above?)", line)
	case !slices.Contains(fieldNames, name):
		r.problem(n, "there is no field %q; the fields are %s", name, strings.Join(fieldNames, ", "))
	case r.fields[name].line != 0:
		r.problem(n, "the field %q stands here twice", name)
	case value == "":
		r.problem(n, "the field %q is empty", name)
	default:
		r.fields[name] = field{value, n}
	}
}

// finish turns what was read since the last front matter into a prompt.
func (r *fileReader) finish() {
	if r.fields == nil {
		return
	}
	before := len(r.problems)
	p := Prompt{
		ID: r.word("id"), Themes: r.themes(), Kind: r.kind(), Language: r.language(), Practice: r.practice(), Minutes: r.minutes(),
		Text: r.body(), File: r.name, Line: r.at,
	}
	r.fields = nil
	if len(r.problems) == before {
		r.prompts = append(r.prompts, p)
	}
}

// need returns a field that has to be there.
func (r *fileReader) need(name string) (field, bool) {
	f, ok := r.fields[name]
	if !ok {
		r.problem(r.at, "the field %q is missing", name)
	}
	return f, ok
}

func (r *fileReader) word(name string) string {
	f, ok := r.need(name)
	if ok && !isWord(f.value) {
		r.problem(f.line, "%s %q: use lower-case letters, digits and hyphens", name, f.value)
	}
	return f.value
}

func (r *fileReader) themes() []string {
	f, ok := r.need("themes")
	if !ok {
		return nil
	}
	var themes []string
	for theme := range strings.SplitSeq(f.value, ",") {
		theme = strings.TrimSpace(theme)
		if !isWord(theme) {
			r.problem(f.line, "theme %q: use lower-case letters, digits and hyphens, and commas between themes", theme)
		}
		themes = append(themes, theme)
	}
	return themes
}

func (r *fileReader) kind() Kind {
	f, ok := r.need("kind")
	kind := Kind(f.value)
	if ok && !slices.Contains(Kinds(), kind) {
		r.problem(f.line, "there is no kind %q; the kinds are %s", f.value, listKinds())
	}
	return kind
}

func (r *fileReader) language() string {
	f, ok := r.fields["language"]
	if !ok {
		return DefaultLanguage
	}
	if len(f.value) != 2 || !isWord(f.value) {
		r.problem(f.line, "language %q: use two lower-case letters, such as en or de", f.value)
	}
	return f.value
}

func (r *fileReader) practice() string {
	f, ok := r.need("practice")
	if ok && !isPractice(f.value) {
		r.problem(f.line, "there is no practice %q; the practices are %s", f.value, listPractices())
	}
	return f.value
}

func (r *fileReader) minutes() int {
	f, ok := r.need("minutes")
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(f.value)
	if err != nil || n < 1 || n > 30 {
		r.problem(f.line, "minutes %q: use a whole number from 1 to 30", f.value)
	}
	return n
}

// body joins lines into paragraphs.
func (r *fileReader) body() string {
	var paragraphs []string
	for part := range strings.SplitSeq(strings.Join(r.text, "\n"), "\n\n") {
		if words := strings.Join(strings.Fields(part), " "); words != "" {
			paragraphs = append(paragraphs, words)
		}
	}
	text := strings.Join(paragraphs, "\n\n")
	switch {
	case text == "":
		r.problem(r.at, "the prompt has no text below its front matter")
	case utf8.RuneCountInString(text) > maxText:
		r.problem(r.at, "the text has %d characters; %d is the most that people read", utf8.RuneCountInString(text), maxText)
	case strings.ContainsAny(text, "<>&*_~`@"):
		r.problem(r.at, "the text has one of < > & * _ ~ ` @, which Slack would read as something else: write plain words")
	}
	return text
}

func isWord(s string) bool {
	if s == "" || strings.HasPrefix(s, "-") || strings.HasSuffix(s, "-") {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' }) < 0
}

func listKinds() string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

func listPractices() string {
	var names []string
	for _, p := range Practices() {
		names = append(names, p.ID)
	}
	return strings.Join(names, ", ")
}
