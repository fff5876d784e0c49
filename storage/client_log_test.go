package storage

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"testing"
)

// What the client says of its connections is in our log, as lines of ours.
func TestTheClientSpeaksThroughOurLog(t *testing.T) {
	var said bytes.Buffer
	SetLog(slog.New(slog.NewJSONHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { SetLog(slog.New(slog.DiscardHandler)) })
	if _, err := Check(t.Context(), "redis+sentinel://x:s3cret@127.0.0.1:1/0?master_name=rapport"); err == nil {
		t.Fatal("there are Sentinels at port 1")
	}
	lines := json.NewDecoder(&said)
	n := 0
	for ; ; n++ {
		var line struct{ Level, Msg, Said string }
		err := lines.Decode(&line)
		if err == io.EOF {
			break
		}
		if err != nil || line.Level != "DEBUG" || line.Said == "" || strings.Contains(line.Said, "s3cret") {
			t.Fatalf("line %d: %+v, %v", n+1, line, err)
		}
	}
	if n == 0 {
		t.Error("it says nothing")
	}
}
