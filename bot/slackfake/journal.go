package slackfake

import (
	"cmp"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// journalSize bounds the journal: the newest entries stay.
const journalSize = 2000

// journalBody is the longest request or response that is kept, in bytes; of longer ones only the length is.
const journalBody = 64 << 10

// journal remembers what went to the app and what came from it, and which promises were broken meanwhile. It has a mutex of its
// own, so that whoever writes may hold Server.mu or not.
type journal struct {
	mu      sync.Mutex
	seq     int
	entries []journalEntry // a ring: entry seq stands at seq % journalSize
	broken  []Broken
	said    map[string]bool // rule and detail of each broken promise, so that none is told twice
}

// Directions of a journal entry.
const (
	toApp   = "to_app"
	fromApp = "from_app"
)

// journalEntry is one payload and its answer, as GET /control/journal gives them. No entry holds a token.
type journalEntry struct {
	Seq       int             `json:"seq"`
	At        time.Time       `json:"at"` // virtual
	Direction string          `json:"direction"`
	Kind      string          `json:"kind"` // slash_commands, interactive, events_api, api, response_url or socket
	Name      string          `json:"name"` // the command, the method, the event or the kind of interaction
	Request   json.RawMessage `json:"request"`
	Response  json.RawMessage `json:"response"`
	Status    int             `json:"status,omitempty"` // HTTP status, for calls
	MS        int             `json:"ms"`               // real milliseconds until the answer
}

func newJournal() *journal { return &journal{said: map[string]bool{}} }

// add numbers an entry and keeps it.
func (j *journal) add(e journalEntry) {
	e.Request, e.Response = journalJSON(e.Request), journalJSON(e.Response)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seq++
	e.Seq = j.seq
	if len(j.entries) < journalSize {
		j.entries = append(j.entries, e)
		return
	}
	j.entries[(j.seq-1)%journalSize] = e
}

// after returns the kept entries that are newer than seq, oldest first.
func (j *journal) after(seq int) []journalEntry {
	j.mu.Lock()
	defer j.mu.Unlock()
	list := []journalEntry{}
	for n := max(seq, j.seq-len(j.entries)) + 1; n <= j.seq; n++ {
		list = append(list, j.entries[(n-1)%journalSize])
	}
	return list
}

// journalCall keeps one call of the Web API or of a response_url; [Server.withFaults] calls it for every method.
func (s *Server) journalCall(kind, name string, request, response json.RawMessage, status int, took time.Duration) {
	s.journal.add(journalEntry{
		At: s.clock.Now(), Direction: fromApp, Kind: kind, Name: name,
		Request: request, Response: response, Status: status, MS: int(took.Milliseconds()),
	})
	s.changed("journal")
}

// tickets are in the addresses of Socket Mode connections.
var tickets = regexp.MustCompile(`ticket=[0-9a-f]+`)

// journalJSON makes any bytes a JSON value that can stand in the journal: without tokens, and short.
func journalJSON(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("null")
	}
	if len(raw) > journalBody {
		return mustJSON(map[string]any{"left_out_bytes": len(raw)})
	}
	raw = tickets.ReplaceAll(raw, []byte("ticket=(hidden)"))
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) == nil {
		if _, ok := fields["token"]; ok {
			fields["token"] = json.RawMessage(`"(hidden)"`)
			return mustJSON(fields)
		}
		return raw
	}
	if json.Valid(raw) {
		return raw
	}
	return mustJSON(string(raw))
}

// serveJournal is GET /control/journal?after=N.
func (s *Server) serveJournal(w http.ResponseWriter, r *http.Request) {
	after, err := strconv.Atoi(cmp.Or(r.FormValue("after"), "0"))
	if err != nil {
		writeControlError(w, http.StatusBadRequest, "after must be a number")
		return
	}
	writeJSON(w, http.StatusOK, s.journal.after(after))
}
