package slackfake

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// upload posts a body to an upload address and returns the status.
func upload(t *testing.T, address, contentType string, body io.Reader) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	return res.StatusCode
}

func TestUploads(t *testing.T) {
	o := openOffice(t)
	promised := func(length string) (id, address string) {
		out := o.must("files.getUploadURLExternal", in{"filename": "calendar.ics", "length": length})
		return out["file_id"].(string), out["upload_url"].(string)
	}
	id, address := promised("5")
	if got := upload(t, address, "text/calendar", strings.NewReader("hello")); got != http.StatusOK {
		t.Fatalf("raw upload: %d", got)
	}
	second, address := promised("3")
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "calendar.ics")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte("abc")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := upload(t, address, w.FormDataContentType(), &form); got != http.StatusOK {
		t.Fatalf("form upload: %d", got)
	}
	out := o.must("files.completeUploadExternal", in{
		"files": []any{in{"id": id, "title": "Lunch"}, in{"id": second}}, "channel_id": "CGEN", "initial_comment": "here",
	})
	row{want: map[string]any{"files.0.id": id, "files.0.title": "Lunch", "files.1.title": "calendar.ics"}}.check(t, out)
	history := o.must("conversations.history", in{"channel": "CGEN"})
	row{want: map[string]any{"messages.0.text": "here", "messages.0.files.0.title": "Lunch", "messages.0.files.0.size": 5.0}}.check(t, history)

	if got := fetch(t, dig(out, "files.0.url_private").(string)); got != "hello" {
		t.Errorf("download %q", got)
	}
}

func TestUploadsRefused(t *testing.T) {
	table(t, "files.getUploadURLExternal", []row{
		{"no length", in{"filename": "a"}, "invalid_arguments", nil},
		{"zero", in{"filename": "a", "length": "0"}, "invalid_arguments", nil},
		{"huge", in{"filename": "a", "length": "99999999999"}, "file_upload_size_restricted", nil},
		{"fine", in{"filename": "a", "length": 7}, "", nil},
	})
	o := openOffice(t)
	out := o.must("files.getUploadURLExternal", in{"filename": "a.txt", "length": "5"})
	id, address := out["file_id"].(string), out["upload_url"].(string)
	if got := upload(t, address, "text/plain", strings.NewReader("four")); got != http.StatusBadRequest {
		t.Errorf("another length: %d", got)
	}
	if got := upload(t, address+"x", "text/plain", strings.NewReader("hello")); got != http.StatusNotFound {
		t.Errorf("another address: %d", got)
	}
	row{error: "file_not_found"}.check(t, o.form("files.completeUploadExternal", in{"files": []any{in{"id": id}}}))
	upload(t, address, "text/plain", strings.NewReader("hello"))
	for _, r := range []row{
		{args: in{"files": []any{in{"id": "FNONE"}}}, error: "file_not_found"},
		{args: in{"files": []any{}}, error: "invalid_arguments"},
		{args: in{"files": []any{in{"id": id}}, "channel_id": "CNONE"}, error: "channel_not_found"},
		{args: in{"files": []any{in{"id": id}}, "channel_id": "CRAND"}, error: "not_in_channel"},
		{args: in{"files": []any{in{"id": id}}}},
		{args: in{"files": []any{in{"id": id}}}, error: "file_not_found"}, // it is complete
	} {
		r.check(t, o.form("files.completeUploadExternal", r.args))
	}
}
