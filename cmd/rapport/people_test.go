package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// peopleFolder is a folder with a workspace of a few people, and a way to call `rapport people` on it.
func peopleFolder(t *testing.T) (call func(args ...string) (status int, out, errs string), look func(func(*storage.Store))) {
	t.Helper()
	dir := t.TempDir()
	env := map[string]string{"RAPPORT_DATA_DIR": filepath.Join(dir, "data"), "RAPPORT_KEY": strings.Repeat("ab", 32)}
	s := streams{env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
	ring := keyring(t, env["RAPPORT_KEY"])
	look = func(do func(*storage.Store)) {
		t.Helper()
		store, err := storage.OpenFolder(t.Context(), storage.Options{Dir: env["RAPPORT_DATA_DIR"], Team: "T1", Ring: ring, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		do(store)
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	look(func(store *storage.Store) {
		if err := store.SaveWorkspace(t.Context(), "w", bot.Workspace{Team: "T1"}, nil); err != nil {
			t.Fatal(err)
		}
		if err := store.SaveMembers(
			t.Context(), bot.Member{ID: "U1", Name: "Ana", Handle: "ana", Department: "People"}, bot.Member{ID: "U2", Name: "Bob", Handle: "bob"},
			bot.Member{ID: "U3", Name: "Cleo", Handle: "cleo", Guest: true}, bot.Member{ID: "U4", Name: "Otis", Handle: "otis", Deleted: true},
			bot.Member{ID: "U5", Name: "Deploys", Handle: "deploys", Bot: true},
		); err != nil {
			t.Fatal(err)
		}
	})
	call = func(args ...string) (int, string, string) {
		var out, errs strings.Builder
		s.out, s.err = &out, &errs
		status := execute(context.WithoutCancel(t.Context()), append([]string{"people"}, args...), s)
		return status, out.String(), errs.String()
	}
	return call, look
}

func keyring(t *testing.T, hex string) storage.Keyring {
	t.Helper()
	key, err := decodeKey(hex)
	if err != nil {
		t.Fatal(err)
	}
	return storage.NewKeyring(key)
}

func TestPeopleImport(t *testing.T) {
	call, look := peopleFolder(t)
	dir := t.TempDir()
	write := func(text string) string {
		t.Helper()
		name := filepath.Join(dir, "people.csv")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	steps := []struct {
		name, file string
		flags      []string
		status     int
		says       []string
		bob, cleo  string // departments afterwards
	}{
		{"a dry run changes nothing", "handle,department\nbob,Sales\n", []string{"--dry-run"}, 0, []string{"1  of whom no file said anything before", "dry run"}, "", ""},
		{"ids and handles", "id,handle,department,office,manager\n,@Bob,Sales,Berlin,ana\nU3,,Design,,\nU4,,Gone,,\n", nil, 0, []string{"2  of whom no file", "1  left out because"}, "Sales", "Design"},
		{"the same again", "id,department,office,manager\nU2,Sales,Berlin,U1\nU3,Design,,\n", nil, 0, []string{"2  as before"}, "Sales", "Design"},
		{"unknown, twice, a bot, too long", "id,department\nU9,Sales\nU2,Ops\nU2,Ops\nU5,Ops\nU3," + strings.Repeat("x", 81) + "\n", nil, 2, []string{
			`people.csv:2:1: Slack's directory knows no "U9"`, `people.csv:4:1: "U2" stands in line 3 already`, "people.csv:5:1:", "people.csv:6:4:", "4 problems in the file; nothing was changed",
		}, "Sales", "Design"},
		{"unknown column", "email,department\nana@example.com,Sales\n", nil, 2, []string{`people.csv:1:1: column "email" is not known`}, "Sales", "Design"},
		{"nobody is named", "department,office\nSales,Berlin\n", nil, 2, []string{`neither a column "id" nor "handle"`}, "Sales", "Design"},
		{"who is not in it any more loses it", "id,department\nU2,Ops\nU9,Ops\n", []string{"--skip-unknown"}, 0, []string{"1  of whom the last file said something else", "1  of whom the last file said something and this one does not", "1  passed over"}, "Ops", ""},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			status, out, errs := call(append([]string{"import", write(step.file)}, step.flags...)...)
			if status != step.status {
				t.Errorf("status %d, want %d: %s%s", status, step.status, out, errs)
			}
			for _, words := range step.says {
				if !strings.Contains(out+errs, words) {
					t.Errorf("it does not say %q:\n%s%s", words, out, errs)
				}
			}
			look(func(store *storage.Store) {
				known, err := store.Members(t.Context(), "U1", "U2", "U3")
				if err != nil || known["U2"].Department != step.bob || known["U3"].Department != step.cleo || known["U1"].Department != "People" {
					t.Errorf("%+v, %v", known, err)
				}
			})
		})
	}
	_, out, _ := call("list", "--json")
	var count headcount
	if err := json.Unmarshal([]byte(out), &count); err != nil {
		t.Fatal(err)
	}
	if count.People != 3 || count.Guests != 1 || count.Unknown != 1 || len(count.Departments) != 2 || count.Sources[1].Counts != 1 || count.Sources[3].Counts != 1 {
		t.Errorf("%+v", count)
	}
	if status, out, errs := call("list"); status != 0 || !strings.Contains(out, "3 people, 1 guest among them. Slack's directory was never read to its end.") || strings.Contains(out, "Ana") {
		t.Errorf("%d %s%s", status, out, errs)
	}
	if status, _, errs := call("sync"); status != 0 {
		t.Error(errs)
	}
	look(func(store *storage.Store) {
		mark, err := store.DirectorySync(t.Context())
		if err != nil || mark.Asked.IsZero() {
			t.Errorf("%+v, %v", mark, err)
		}
		log, err := store.Audit(t.Context(), 10)
		if err != nil || len(log) != 4 {
			t.Errorf("%d entries in the log, want 3 imports and a sync: %v", len(log), err)
		}
	})
}

func TestDepartmentsOfTheConfiguration(t *testing.T) {
	tests := []struct {
		order  string
		groups []string
		want   string
	}{
		{"own,profile,groups,csv", []string{"@sales", " dept-*"}, ""},
		{"", nil, ""},
		{"own,ldap", nil, `there is no source "ldap"`},
		{"own,profile", []string{"@sales"}, "leaves groups out"},
		{"own,groups", []string{"two words"}, "no handle"},
	}
	for _, tt := range tests {
		c := config{Departments: tt.order, DepartmentGroups: tt.groups}
		found := c.checkDepartments()
		if tt.want == "" && len(found) > 0 || tt.want != "" && (len(found) != 1 || !strings.Contains(found[0].What, tt.want)) {
			t.Errorf("%q %q: %v, want %q", tt.order, tt.groups, found, tt.want)
		}
	}
}
