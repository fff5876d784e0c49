package slackfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// watchers are the open pages and tools that want to know at once when something changed. They have a mutex of their own, so that
// whoever changes something may hold Server.mu or not.
type watchers struct {
	mu      sync.Mutex
	version int
	open    map[*watcher]bool
	touched map[string]bool // channels with new or changed messages, for [Server.scanTwice]
}

// watcher is one open event stream: what changed since it was last told.
type watcher struct {
	what   map[string]bool
	signal chan struct{} // holds one: something is in what
}

func newWatchers() *watchers { return &watchers{open: map[*watcher]bool{}, touched: map[string]bool{}} }

// changed raises the version and tells whoever watches what has changed: "messages:C1", "views:U1", "clock", "people", "journal".
func (s *Server) changed(what ...string) { s.watchers.tell(what...) }

func (ws *watchers) tell(what ...string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.version++
	for _, item := range what {
		if channel, ok := strings.CutPrefix(item, "messages:"); ok {
			ws.touched[channel] = true
		}
	}
	for w := range ws.open {
		for _, item := range what {
			w.what[item] = true
		}
		w.wake()
	}
}

// takeTouched returns the channels whose messages changed since it was last called.
func (ws *watchers) takeTouched() []string {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ids := slices.Sorted(maps.Keys(ws.touched))
	clear(ws.touched)
	return ids
}

func (ws *watchers) now() int {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return ws.version
}

func (ws *watchers) add() *watcher {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	w := &watcher{what: map[string]bool{}, signal: make(chan struct{}, 1)}
	ws.open[w] = true
	w.wake() // the first message tells the version that the stream begins with
	return w
}

func (ws *watchers) remove(w *watcher) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	delete(ws.open, w)
}

// take returns what has changed for w and forgets it.
func (ws *watchers) take(w *watcher) (version int, what []string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	what = make([]string, 0, len(w.what))
	for item := range w.what {
		what = append(what, item)
	}
	slices.Sort(what)
	clear(w.what)
	return ws.version, what
}

// wake never blocks: one signal stands for any number of changes.
func (w *watcher) wake() {
	select {
	case w.signal <- struct{}{}:
	default:
	}
}

// serveEvents is GET /control/events: a stream of server-sent events, one for each batch of changes.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	flusher := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	me := s.watchers.add()
	defer s.watchers.remove(me)
	for {
		select {
		case <-r.Context().Done():
			return
		case <-s.hub.closing: // a server that shuts down waits for its open requests
			return
		case <-me.signal:
		}
		version, what := s.watchers.take(me)
		data, err := json.Marshal(map[string]any{"version": version, "what": what})
		if err != nil {
			return
		}
		if _, err := fmt.Fprintf(w, "event: change\ndata: %s\n\n", data); err != nil {
			return
		}
		if err := flusher.Flush(); err != nil {
			return
		}
	}
}
