package main

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/storage"
	"rapport/storage/redistest"
)

// Keys in the ways in which they can be written. sampleKey is the one that the sample export is sealed with.
const (
	sampleKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	otherKey  = "1111111111111111111111111111111111111111111111111111111111111111"
)

// onEveryStore runs a test with the variables of a folder and of a server that hold nothing yet.
func onEveryStore(t *testing.T, test func(t *testing.T, env map[string]string)) {
	t.Helper()
	t.Run("folder", func(t *testing.T) {
		test(t, map[string]string{"RAPPORT_DATA_DIR": filepath.Join(t.TempDir(), "data")})
	})
	t.Run("redis", func(t *testing.T) {
		test(t, map[string]string{"REDIS_URL": redistest.Start(t, redistest.Options{}).URL()})
	})
}

// keyed is an operator with keys.
func keyed(t *testing.T, env map[string]string, key, old string) operator {
	t.Helper()
	env = maps.Clone(env)
	env["RAPPORT_KEY"], env["RAPPORT_KEY_OLD"] = key, old
	return newOperator(t, env)
}

// startsAs opens the store as `rapport run` with these variables does.
func startsAs(t *testing.T, o operator) error {
	t.Helper()
	env := func(name string) (string, bool) { v, ok := o.env[name]; return v, ok }
	opts, err := toolOptions(streams{env: env, err: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := keysOf(env)
	if err != nil {
		t.Fatal(err)
	}
	opts.Team, opts.Ring = "T1SAMPLE", storage.Keyring{}
	s, err := openStore(t.Context(), opts, keys, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return s.Close()
}

func TestAKeyIsReplacedByHand(t *testing.T) {
	onEveryStore(t, func(t *testing.T, env map[string]string) {
		if _, said := keyed(t, env, otherKey, "").run(1, "import", sampleExport); !strings.Contains(said, "another RAPPORT_KEY") {
			t.Errorf("an import with another key says %q", said)
		}
		old := keyed(t, env, sampleKey, "")
		if _, said := old.run(0, "import", sampleExport); strings.Count(said, "\n") != 1 {
			t.Errorf("an import says %q, want one sentence", said)
		}
		change := keyed(t, env, otherKey, " \n"+sampleKey+",\n")
		if _, said := change.run(1, "data", "reseal"); !strings.Contains(said, "no bot was started with this RAPPORT_KEY yet") {
			t.Errorf("before a bot was started it says %q", said)
		}
		if err := startsAs(t, change); err != nil {
			t.Fatal(err)
		}
		out, _ := change.run(0, "data", "reseal", "--as", "ops")
		if !strings.Contains(out, "texts sealed anew: 2, ") || !strings.Contains(out, "take away RAPPORT_KEY_OLD") {
			t.Errorf("sealing anew says %q", out)
		}
		fresh := keyed(t, env, otherKey, "")
		if err := startsAs(t, fresh); err != nil {
			t.Error(err)
		}
		if err := startsAs(t, old); err == nil || !strings.Contains(err.Error(), "another RAPPORT_KEY") {
			t.Errorf("with the former key it starts: %v", err)
		}
		if log, _ := fresh.run(0, "admin", "log"); !strings.Contains(log, "ops") || !strings.Contains(log, "reseal") {
			t.Errorf("the log says %q", log)
		}
		// A key that nobody has any more.
		old.run(1, "data", "reseal")
		old.run(2, "data", "reseal", "--team", "T2", "--delete-unreadable", "T1SAMPLE")
		old.run(1, "data", "reseal", "--delete-unreadable", "T2")
		out, _ = old.run(0, "data", "reseal", "--delete-unreadable", "T1SAMPLE")
		if !strings.Contains(out, "deleted as unreadable: 2") {
			t.Errorf("deleting says %q", out)
		}
		if err := startsAs(t, old); err != nil {
			t.Error(err)
		}
		if _, said := newOperator(t, maps.Clone(env)).run(1, "data", "reseal"); !strings.Contains(said, "no sealing key") {
			t.Errorf("without a key it says %q", said)
		}
	})
}

func TestDoctorNamesAKeyThatDoesNotFit(t *testing.T) {
	onEveryStore(t, func(t *testing.T, env map[string]string) {
		conf := config{RedisURL: env["REDIS_URL"], DataDir: env["RAPPORT_DATA_DIR"], KeyPath: filepath.Join(t.TempDir(), "key")}
		if _, found := checkHeld(t.Context(), conf, "", nil); len(found) != 0 {
			t.Errorf("of a store that is not there it says %v", found)
		}
		newOperator(t, env).run(0, "import", sampleExport)
		short := filepath.Join(t.TempDir(), "short")
		if err := os.WriteFile(short, []byte("short"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, row := range []struct {
			name           string
			key, old, path string
			team           string
			want           string
		}{
			{"the key", sampleKey, "", "", "T1SAMPLE", ""},
			{"the key, and nobody knows whose", sampleKey, "", "", "", ""},
			{"the key as a former one", otherKey, sampleKey, "", "T1SAMPLE", ""},
			{"another", otherKey, "", "", "T1SAMPLE", "another RAPPORT_KEY"},
			{"another, and nobody knows whose", otherKey, "", "", "", "another RAPPORT_KEY"},
			{"another workspace", otherKey, "", "", "T2", ""},
			{"none", "", "", "", "T1SAMPLE", "there is no sealing key"},
			{"a damaged file", "", "", short, "T1SAMPLE", "cannot be read"},
			{"a damaged variable, which was named before", "short", "", "", "T1SAMPLE", ""},
			{"a damaged former one, which was named before", otherKey, "short", "", "T1SAMPLE", ""},
		} {
			c := conf
			c.Key, c.OldKeys = row.key, row.old
			if row.path != "" {
				c.KeyPath = row.path
			}
			_, found := checkHeld(t.Context(), c, row.team, nil)
			if row.want == "" && len(found) != 0 || row.want != "" && (len(found) != 1 || !strings.Contains(found[0].What, row.want)) {
				t.Errorf("%s: it says %v, want %q", row.name, found, row.want)
			}
		}
		if _, err := os.Stat(conf.KeyPath); err == nil {
			t.Error("it made a key")
		}
	})
}

func TestFormerKeysAreAList(t *testing.T) {
	for _, row := range []struct {
		text string
		want int // -1: refused
	}{
		{"", 0},
		{" \n", 0},
		{otherKey, 1},
		{otherKey + ", " + sampleKey + "\n", 2},
		{otherKey + "\n" + sampleKey, 2},
		{otherKey + ",short", -1},
	} {
		keys, err := decodeKeys(row.text)
		if (err == nil) != (row.want >= 0) || err == nil && len(keys) != row.want {
			t.Errorf("%q: %d keys, %v; want %d", row.text, len(keys), err, row.want)
		}
		found := (&config{OldKeys: row.text}).check()
		named := false
		for _, one := range found {
			named = named || strings.HasPrefix(one.What, "RAPPORT_KEY_OLD")
			if strings.Contains(one.String(), otherKey) {
				t.Error("a key is printed")
			}
		}
		if named != (row.want < 0) {
			t.Errorf("%q: problems are %v", row.text, found)
		}
	}
}

func TestTheFirstStartMakesAKeyAndTheNextTakesIt(t *testing.T) {
	onEveryStore(t, func(t *testing.T, env map[string]string) {
		o := newOperator(t, env)
		path := env["RAPPORT_KEY_PATH"]
		if err := startsAs(t, o); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode() != fs.FileMode(0o600) {
			t.Fatalf("the file is %v, %v", info, err)
		}
		first, err := keySource{path: path}.read()
		if err != nil {
			t.Fatal(err)
		}
		if err := startsAs(t, o); err != nil {
			t.Fatal(err)
		}
		// The file moves away to be the former key, and a new start makes another, for nothing is sealed yet.
		if err := os.Rename(path, path+".old"); err != nil {
			t.Fatal(err)
		}
		env["RAPPORT_KEY_OLD_FILE"] = path + ".old"
		if err := startsAs(t, o); err != nil {
			t.Fatal(err)
		}
		second, err := keySource{path: path}.read()
		if err != nil || len(first.Keys) != 1 || second.Current == first.Current {
			t.Errorf("the keys are %d, then %d, %v", len(first.Keys), len(second.Keys), err)
		}
		both, err := toolOptions(streams{env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }, err: io.Discard})
		if err != nil || len(both.Ring.Keys) != 2 || both.Ring.Current != second.Current || both.Ring.Keys[first.Current] == nil {
			t.Errorf("with the former one there are %d keys, %v", len(both.Ring.Keys), err)
		}
	})
}

// A key that was made beside a store of another key would be taken for the right one.
func TestNoKeyIsMadeForAStoreOfAnother(t *testing.T) {
	onEveryStore(t, func(t *testing.T, env map[string]string) {
		env["RAPPORT_KEY_PATH"] = filepath.Join(t.TempDir(), "key")
		newOperator(t, env).run(0, "import", sampleExport)
		if err := startsAs(t, newOperator(t, env)); err == nil || !strings.Contains(err.Error(), env["RAPPORT_KEY_PATH"]) {
			t.Errorf("it starts, or does not say where it looked for the key: %v", err)
		}
		if _, err := os.Stat(env["RAPPORT_KEY_PATH"]); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("it left a key: %v", err)
		}
		if err := startsAs(t, keyed(t, env, sampleKey, "")); err != nil {
			t.Error(err)
		}
	})
}

func TestNoKeyIsMadeForAFolderThatAnotherHas(t *testing.T) {
	env := map[string]string{"RAPPORT_DATA_DIR": filepath.Join(t.TempDir(), "data"), "RAPPORT_KEY_PATH": filepath.Join(t.TempDir(), "key")}
	held, err := storage.OpenFolder(t.Context(), storage.Options{Dir: env["RAPPORT_DATA_DIR"], Team: "T1SAMPLE", Key: make([]byte, 32), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = held.Close() }()
	if err := startsAs(t, newOperator(t, env)); err == nil || !strings.Contains(err.Error(), "another process uses it") {
		t.Errorf("it says %v", err)
	}
	if _, err := os.Stat(env["RAPPORT_KEY_PATH"]); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it left a key: %v", err)
	}
}
