package storage_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"rapport/storage"
)

func TestCheckingAServerLeavesNothingThere(t *testing.T) {
	url := realServer(t)
	before := storage.AllKeys(t, url)
	warnings, err := storage.Check(t.Context(), url)
	must(t, err)
	if len(warnings) != 1 || !strings.Contains(warnings[0], "append-only") {
		t.Errorf("warnings %q, want one of the append-only file: this server has none", warnings)
	}
	if after := storage.AllKeys(t, url); !slices.Equal(before, after) {
		t.Errorf("keys before %d and after %d", len(before), len(after))
	}
}

func TestCheckingWhatIsNoServer(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, url := range []string{"", "s3cret", "http://user:s3cret@host", "redis://user:s3cret@127.0.0.1:1/x", "redis://user:s3cret@127.0.0.1:1/0"} {
		if _, err := storage.Check(ended, url); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("error is %v", err)
		}
	}
}
