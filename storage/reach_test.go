package storage_test

import (
	"net"
	"strings"
	"testing"

	"rapport/storage"
	"rapport/storage/redistest"
)

// Whether waiting can help is told by what really happens when a store is opened.
func TestWhatIsUnreachable(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and hangs up
	must(t, err)
	t.Cleanup(func() { _ = silent.Close() })
	go func() {
		for {
			conn, err := silent.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	locked := redistest.Start(t, redistest.Options{User: "rapport", Password: "pw"}).URL()
	plain := redistest.Start(t, redistest.Options{}).URL()
	for _, tt := range []struct {
		name, url string
		want      bool
	}{
		{"nobody listens", "redis://127.0.0.1:1", true},
		{"no socket", "unix:///nowhere/redis.sock", true},
		{"no Sentinel", "redis+sentinel://127.0.0.1:1/0?master_name=mymaster", true},
		{"no node", "redis+cluster://127.0.0.1:1", true},
		{"it hangs up", "redis://" + silent.Addr().String(), true},
		{"another password", strings.Replace(locked, ":pw@", ":other@", 1), false},
		{"no password", "redis://" + strings.SplitN(locked, "@", 2)[1], false},
		{"no cluster", strings.Replace(plain, "redis://", "redis+cluster://", 1), false},
		{"no address", "http://127.0.0.1", false},
	} {
		s, err := storage.Open(t.Context(), storage.Options{URL: tt.url, Team: "T1", Key: sealingKey, Now: newClock().Now})
		if err == nil {
			t.Errorf("%s: it was opened", tt.name)
			closeStore(t, s)
			continue
		}
		if got := storage.Unreachable(err); got != tt.want {
			t.Errorf("%s: unreachable is %v, want %v: %v", tt.name, got, tt.want, err)
		}
	}
	if storage.Unreachable(nil) {
		t.Error("no error is unreachable")
	}
}
