package storage

import (
	"slices"
	"strings"
	"testing"
)

func TestAddressesAreRead(t *testing.T) {
	for _, url := range []string{"redis://:pw@10.0.0.1:6380/3", "redis://user:pw@host", "unix://user:pw@/run/redis.sock?db=1", "rediss://host:1/0?read_timeout=3s"} {
		a, err := parseURL(url)
		if err != nil || a.single == nil || a.sentinel != nil || a.cluster != nil || (a.single.TLSConfig != nil) != strings.HasPrefix(url, "rediss") {
			t.Errorf("%s: %+v, %v", url, a, err)
		}
	}
	a, err := parseURL("rediss+sentinel://user:p%40w@s1:26379/2?master_name=m&addr=s2:26380&addr=s3:26381&sentinel_username=su&sentinel_password=sp")
	if err != nil {
		t.Fatal(err)
	}
	if o := a.sentinel; o.Username != "user" || o.Password != "p@w" || o.SentinelUsername != "su" || o.SentinelPassword != "sp" || o.MasterName != "m" || o.DB != 2 ||
		!slices.Equal(o.SentinelAddrs, []string{"s1:26379", "s2:26380", "s3:26381"}) || o.TLSConfig == nil || o.TLSConfig.ServerName != "" {
		t.Errorf("sentinels: %+v", o)
	}
	a, err = parseURL("redis+cluster://user:pw@n1:7000?addr=n2:7001")
	if err != nil {
		t.Fatal(err)
	}
	if o := a.cluster; o.Username != "user" || o.Password != "pw" || !slices.Equal(o.Addrs, []string{"n1:7000", "n2:7001"}) || o.TLSConfig != nil {
		t.Errorf("cluster: %+v", o)
	}
}

func TestAddressesThatCannotBeReadAreNotRepeated(t *testing.T) {
	for url, says := range map[string]string{
		"":                                  "?://",
		"s3cret":                            "?://",
		"redis://u:s3cret@host:x/0":         "redis://…",
		"redis://u:s3cret@host/zero":        "redis://…",
		"redis://u:s3cret@host/?nonsense=1": "redis://…",
		"http+sentinel://u:s3cret@host":     "http+sentinel://…",
		"redis+magic://u:s3cret@host":       "redis+magic://…",
		"redis+sentinel://u:s3cret@host/0":  "master_name",
		"redis+sentinel://u:s3cret@h/0?master_name=m&addr=s3cret": "redis+sentinel://…",
		"redis+cluster://u:s3cret@host?addr=s3cret":               "redis+cluster://…",
		"redis://u:s3cret@host/0?ca_file=/s3":                     "rediss",
		"rediss://u:s3cret@host/0?cert_file=/c":                   "key_file",
		"rediss://u:s3cret@host/0?ca_file=/is/not/there.pem":      "authority",
	} {
		_, err := parseURL(url)
		if err == nil || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want it to say %q", url, err, says)
		}
	}
}

func TestReplicasAreFound(t *testing.T) {
	const master = "a1 127.0.0.1:1@2 myself,master - 0 0 1 connected 0-16383\n"
	if hasReplica(master) || !hasReplica(master+"b2 127.0.0.1:3@4 slave,fail a1 0 0 1 connected\n") {
		t.Error("replicas of a cluster are not told from masters")
	}
}
