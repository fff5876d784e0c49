package slackapp

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"time"
)

// Call is one call of Slack, for whoever counts them.
type Call struct {
	Method string        // "chat.postMessage"; "response_url" for every address that Slack gave for an answer
	Code   string        // "" if Slack did it, else its word for why not: "channel_not_found", "ratelimited", "http_502"; "no_answer" if it gave none
	Took   time.Duration // real time, up to the end of the answer
}

// Answered is what became of one envelope, for whoever counts them.
type Answered struct {
	Envelope string // slash_commands, interactive or events_api
	Result   AckResult
	Took     time.Duration // real time since it came off the socket
}

// AckResult is how an envelope was acknowledged.
type AckResult string

// The results. Of what is acknowledged late or failed the person was told so in words.
const (
	AckOK      AckResult = "ok"      // by its handler, in time
	AckFailed  AckResult = "failed"  // its handler erred
	AckLate    AckResult = "late"    // by the clock, while its handler still worked
	AckRefused AckResult = "refused" // there was no room for it
	AckLost    AckResult = "lost"    // the connection had gone; the answer was shown another way, if there was one
	AckNone    AckResult = "none"    // an event that was left to come again
)

// stopwatch measures real time, which is what Slack and people wait for whatever the clock of the workspace says.
func stopwatch() func() time.Duration {
	begun := time.Now()                                      //nolint:forbidigo // real time, see above
	return func() time.Duration { return time.Since(begun) } //nolint:forbidigo // real time, see above
}

// observed reports every call that goes through it. It changes none.
type observed struct {
	next   http.RoundTripper
	apiURL string // what is elsewhere is a response URL
	tell   func(Call)
}

// observeCalls returns a client that reports its calls.
func observeCalls(client *http.Client, apiURL string, tell func(Call)) *http.Client {
	watched := *client
	watched.Transport = observed{next: client.Transport, apiURL: apiURL, tell: tell}
	if client.Transport == nil {
		watched.Transport = observed{next: http.DefaultTransport, apiURL: apiURL, tell: tell}
	}
	return &watched
}

// RoundTrip implements [http.RoundTripper].
func (o observed) RoundTrip(r *http.Request) (*http.Response, error) {
	took := stopwatch()
	method := "response_url"
	if strings.HasPrefix(r.URL.String(), o.apiURL) {
		method = path.Base(r.URL.Path)
	}
	response, err := o.next.RoundTrip(r)
	if err != nil {
		o.tell(Call{Method: method, Code: codeNoAnswer, Took: took()})
		return nil, err
	}
	response.Body = &readBody{ReadCloser: response.Body, told: func(start []byte, err error) {
		o.tell(Call{Method: method, Code: codeOf(response.StatusCode, start, err), Took: took()})
	}}
	return response, nil
}

const codeNoAnswer = "no_answer"

// codeOf reads what Slack says of a call from the start of its answer. An answer that is longer is no refusal: those are short.
func codeOf(status int, start []byte, err error) string {
	switch {
	case err != nil:
		return codeNoAnswer
	case status == http.StatusTooManyRequests:
		return codeRateLimited
	case status != http.StatusOK:
		return fmt.Sprintf("http_%d", status)
	}
	var refusal struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	if json.Unmarshal(start, &refusal) != nil || refusal.OK == nil || *refusal.OK {
		return ""
	}
	return refusal.Error
}

// readBody keeps the start of a body that somebody reads, and tells at its end what that was.
type readBody struct {
	io.ReadCloser
	start []byte
	told  func(start []byte, err error) // nil once it was told
}

// startSize is more than Slack says when it refuses.
const startSize = 8 << 10

// Read implements [io.Reader].
func (b *readBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if room := startSize - len(b.start); room > 0 {
		b.start = append(b.start, p[:min(n, room)]...)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		b.end(err)
	}
	return n, err
}

// Close implements [io.Closer].
func (b *readBody) Close() error {
	b.end(nil)
	return b.ReadCloser.Close()
}

func (b *readBody) end(err error) {
	if b.told != nil {
		b.told(b.start, err)
	}
	b.told = nil
}
