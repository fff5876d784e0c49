package slackfake

import (
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func fetchPage(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func TestPageServesItselfUnderAPolicy(t *testing.T) {
	s := startSample(t, 3, wednesday)
	res, body := fetchPage(t, s.PageURL())
	if res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Content-Type"), "text/html") {
		t.Errorf("page: %s %s", res.Status, res.Header.Get("Content-Type"))
	}
	if !strings.Contains(body, "<title>Rapport at Acme") {
		t.Errorf("the page does not name app and team:\n%s", body)
	}
	policy := res.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q lacks %q", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q allows something unsafe", policy)
	}
}

var (
	pageReference = regexp.MustCompile(`(?:src|href)="(/static/[^"]+)"`)
	jsImport      = regexp.MustCompile(`(?m)^(?:import|export)[^;]*from "\./([\w.-]+)";|^import "\./([\w.-]+)";`)
)

func TestPageFilesAreAllServedAndAllUsed(t *testing.T) {
	s := startSample(t, 3, wednesday)
	_, body := fetchPage(t, s.PageURL())
	waiting := []string{"/static/tour.json"}
	for _, m := range pageReference.FindAllStringSubmatch(body, -1) {
		waiting = append(waiting, m[1])
	}
	served := map[string]bool{}
	for len(waiting) > 0 {
		at := waiting[0]
		waiting = waiting[1:]
		if served[at] {
			continue
		}
		served[at] = true
		res, file := fetchPage(t, "http://"+s.Addr()+at)
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", at, res.Status)
		}
		if kind := res.Header.Get("Content-Type"); kind != contentType(at) || res.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s is served as %q", at, kind)
		}
		for _, m := range jsImport.FindAllStringSubmatch(file, -1) {
			waiting = append(waiting, path.Dir(at)+"/"+m[1]+m[2])
		}
	}
	eachPageFile(t, func(name, _ string) {
		if strings.HasPrefix(name, "page/static/") && !served[strings.TrimPrefix(name, "page")] {
			t.Errorf("%s is embedded but nothing on the page uses it", name)
		}
	})
}

// TestPageFilesAskNobodyElse holds what the policy enforces in the browser: no other host, no parsing of HTML, no inline anything.
func TestPageFilesAskNobodyElse(t *testing.T) {
	address := regexp.MustCompile(`(?i)(?:src|href|url\(|fetch\(|import\()\s*[=(]?\s*["'\x60]?(?:https?:)?//`)
	eachPageFile(t, func(name, text string) {
		if found := address.FindString(text); found != "" {
			t.Errorf("%s refers to another host: %q", name, found)
		}
		for _, word := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "<script>", "<style", " onclick=\""} {
			if strings.Contains(text, word) {
				t.Errorf("%s uses %q", name, word)
			}
		}
		if lines := strings.Count(text, "\n"); lines > 450 {
			t.Errorf("%s has %d lines", name, lines)
		}
	})
}

func eachPageFile(t *testing.T, do func(name, text string)) {
	t.Helper()
	err := fs.WalkDir(pageFiles, "page", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(pageFiles, name)
		do(name, string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPageKeepsToItsFiles(t *testing.T) {
	s := startSample(t, 3, wednesday)
	for _, at := range []string{"/static/nothing.js", "/static/", "/static/../index.html", "/static/..%2f..%2fpage.go", "/static/js"} {
		if res, _ := fetchPage(t, "http://"+s.Addr()+at); res.StatusCode == http.StatusOK {
			t.Errorf("GET %s: %s", at, res.Status)
		}
	}
}

func TestPermalinksLeadToThePage(t *testing.T) {
	s := startSample(t, 3, wednesday)
	for at, want := range map[string]string{
		"/archives/C000000001":                                                       "/#channel=C000000001",
		"/archives/C000000001/p1774429020000100":                                     "/#channel=C000000001&message=1774429020.000100",
		"/archives/C1/p1774429020000100?thread_ts=1774429010.000100&cid=C1":          "/#channel=C1&message=1774429020.000100&thread=1774429010.000100",
		"/archives/C1/nonsense":                                                      "/#channel=C1",
		"/archives/%0d%0aSet-Cookie:%20a/p1774429020000100?thread_ts=1%0d%0aevil: 1": "/#channel=%0D%0ASet-Cookie%3A+a&message=1774429020.000100",
	} {
		res, _ := fetchPage(t, "http://"+s.Addr()+strings.ReplaceAll(at, " ", "%20"))
		if got := res.Header.Get("Location"); res.StatusCode != http.StatusFound || !strings.HasPrefix(got, want) {
			t.Errorf("%s leads to %s %q, want %q", at, res.Status, got, want)
		}
		if res.Header.Get("Set-Cookie") != "" || res.Header.Get("Evil") != "" {
			t.Errorf("%s set a header of its own", at)
		}
	}
}

// TestTourIsSound holds that the tour speaks of people, places and verbs that exist.
func TestTourIsSound(t *testing.T) {
	s := startSample(t, 40, wednesday)
	raw, err := fs.ReadFile(pageFiles, "page/static/tour.json")
	if err != nil {
		t.Fatal(err)
	}
	var tour struct {
		Steps []struct {
			ID, Title, As, Place, Done string
			Text                       []string
			Do                         []map[string]json.RawMessage
			Look                       struct{ Channel, Group, To, Text string }
		}
	}
	if err := json.Unmarshal(raw, &tour); err != nil {
		t.Fatal(err)
	}
	if len(tour.Steps) != 5 {
		t.Errorf("%d steps, want 5", len(tour.Steps))
	}
	verbs := []string{"command", "message", "press", "submit", "advance", "monday", "see", "until"}
	for _, step := range tour.Steps {
		if step.ID == "" || step.Title == "" || step.Done == "" || len(step.Text) == 0 || len(step.Do) == 0 {
			t.Errorf("step %q is incomplete", step.ID)
		}
		if s.world.user(step.As) == nil {
			t.Errorf("step %q: nobody is called %q", step.ID, step.As)
		}
		if step.Place != "home" && step.Place != "@app" && s.world.channel(step.Place) == nil {
			t.Errorf("step %q: no place %q", step.ID, step.Place)
		}
		if _, err := regexp.Compile(step.Look.Text); err != nil || step.Look.Text == "" {
			t.Errorf("step %q looks for %q: %v", step.ID, step.Look.Text, err)
		}
		for _, order := range step.Do {
			for verb, body := range order {
				if !slices.Contains(verbs, verb) {
					t.Errorf("step %q: unknown verb %q", step.ID, verb)
				}
				for _, handle := range handlesIn(t, body) {
					if s.world.user(handle) == nil {
						t.Errorf("step %q: nobody is called %q", step.ID, handle)
					}
				}
			}
		}
	}
}

// handlesIn are the people in an order: who acts, and whom a text mentions.
func handlesIn(t *testing.T, body json.RawMessage) []string {
	t.Helper()
	var order struct {
		User any
		Text string
	}
	if json.Unmarshal(body, &order) != nil {
		return nil // a plain duration or time
	}
	var handles []string
	for _, m := range regexp.MustCompile(`@(\w+)`).FindAllStringSubmatch(order.Text, -1) {
		handles = append(handles, m[1])
	}
	switch user := order.User.(type) {
	case string:
		handles = append(handles, user)
	case []any:
		for _, each := range user {
			handles = append(handles, each.(string))
		}
	}
	return handles
}
