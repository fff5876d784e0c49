package slackfake

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// pageFiles are the page's template, scripts and styles. They are served as they stand: no build step, nothing from another host.
//
//go:embed page
var pageFiles embed.FS

var pageTemplate = template.Must(template.ParseFS(pageFiles, "page/index.html"))

// pagePolicy lets the page load from this server and nothing else. Texts in it come from people; should one ever escape its escaping,
// there is still no inline script and no other host to reach.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// pageData is what the template knows; everything else comes from the control API.
type pageData struct {
	Team, App string
}

// routePage serves the page for people: the page itself, its files, and the targets of permalinks.
func (s *Server) routePage(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.servePage)
	mux.HandleFunc("GET /static/", servePageFile)
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/static/icon.svg", http.StatusMovedPermanently)
	})
	mux.HandleFunc("GET /archives/{channel}", servePermalink)
	mux.HandleFunc("GET /archives/{channel}/{message}", servePermalink)
}

func (s *Server) servePage(w http.ResponseWriter, _ *http.Request) {
	var page bytes.Buffer
	if err := pageTemplate.Execute(&page, pageData{Team: s.teamName(), App: s.app.name}); err != nil {
		s.log.Error("render page", "err", err)
		http.Error(w, "render page", http.StatusInternalServerError)
		return
	}
	pageHeaders(w)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = page.WriteTo(w) // a reader who left needs no answer
}

func (s *Server) teamName() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.Team.Name
}

func servePageFile(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	file, err := fs.ReadFile(pageFiles, "page/"+name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	pageHeaders(w)
	w.Header().Set("Content-Type", contentType(name))
	_, _ = w.Write(file) // a reader who left needs no answer
}

// contentType is by ending and not by the machine's MIME table, which differs from one to the next.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json":
		return "application/json; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return "application/octet-stream"
	}
}

func pageHeaders(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
}

// servePermalink sends /archives/C1/p1774429020000100 (what chat.getPermalink gives) to that place on the page.
func servePermalink(w http.ResponseWriter, r *http.Request) {
	fragment := "channel=" + url.QueryEscape(r.PathValue("channel"))
	if digits, ok := strings.CutPrefix(r.PathValue("message"), "p"); ok && len(digits) > 6 {
		at := len(digits) - 6
		fragment += "&message=" + url.QueryEscape(digits[:at]+"."+digits[at:])
	}
	if thread := r.URL.Query().Get("thread_ts"); thread != "" {
		fragment += "&thread=" + url.QueryEscape(thread)
	}
	w.Header().Set("Location", fmt.Sprintf("/#%s", fragment))
	w.WriteHeader(http.StatusFound)
}
