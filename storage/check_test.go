package storage

import (
	"strings"
	"testing"
)

func TestServersAreJudgedByWhatTheySay(t *testing.T) {
	for _, test := range []struct {
		name, info string
		warns      bool
		refuses    string
	}{
		{name: "Redis 7", info: "redis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\nrole:master"},
		{name: "Redis 8", info: "redis_version:8.2.1\nmaxmemory_policy:noeviction\naof_enabled:1"},
		{name: "Redis 10", info: "redis_version:10.0.0\nmaxmemory_policy:noeviction"},
		{name: "Redis 6", info: "redis_version:6.2.14\nmaxmemory_policy:noeviction", refuses: "6.2.14"},
		{name: "Valkey", info: "redis_version:6.9.9\nserver_name:valkey\nvalkey_version:8.1.1\nmaxmemory_policy:noeviction\naof_enabled:1"},
		{name: "no version", info: "maxmemory_policy:noeviction\naof_enabled:1"},
		{name: "no append-only file", info: "redis_version:7.2.0\nmaxmemory_policy:noeviction\naof_enabled:0", warns: true},
		{name: "a cache", info: "redis_version:7.2.0\nmaxmemory_policy:allkeys-lru\naof_enabled:0", refuses: "allkeys-lru"},
		{name: "no policy", info: "redis_version:7.2.0", refuses: "noeviction"},
		{name: "a replica", info: "redis_version:7.2.0\nmaxmemory_policy:noeviction\nrole:slave", refuses: "replica"},
	} {
		warnings, err := judgeServer(parseInfo(test.info))
		if (len(warnings) > 0) != test.warns {
			t.Errorf("%s: warnings %q", test.name, warnings)
		}
		if (err != nil) != (test.refuses != "") || err != nil && !strings.Contains(err.Error(), test.refuses) {
			t.Errorf("%s: %v, want it refused for %q", test.name, err, test.refuses)
		}
	}
}
