package storage

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhereAFolderCanBeMade(t *testing.T) {
	base := t.TempDir()
	file, link := filepath.Join(base, "file"), filepath.Join(base, "link")
	ok(t, os.WriteFile(file, nil, 0o600))
	ok(t, os.Symlink(filepath.Join(base, "nowhere"), link))
	closed := errors.New("closed")
	for _, row := range []struct {
		name, dir string
		asked     string // which folder it is asked whether one may write there
		refuse    error  // the answer
		want      string // in the error; "" if there is none
	}{
		{"one that is there", base, base, nil, ""},
		{"one to be made", filepath.Join(base, "data"), base, nil, ""},
		{"one to be made with those above it", filepath.Join(base, "a", "b", "c"), base, nil, ""},
		{"a relative one", "rapport-data-of-nobody", ".", nil, ""},
		{"closed to us", base, base, closed, base},
		{"to be made where it is closed to us", filepath.Join(base, "a", "b"), base, closed, base},
		{"a file", file, "", nil, "no folder"},
		{"below a file", filepath.Join(file, "data"), "", nil, file},
		{"a link to nowhere", link, "", nil, link},
		{"none", "", "", nil, "none is named"},
	} {
		asked := ""
		err := checkFolder(row.dir, func(dir string) error { asked = dir; return row.refuse })
		if (err == nil) != (row.want == "") || err != nil && !strings.Contains(err.Error(), row.want) || asked != row.asked {
			t.Errorf("%s: %v, asked of %q", row.name, err, asked)
		}
	}
	if err := CheckFolder(filepath.Join(base, "a", "b")); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(base); err != nil || len(left) != 2 {
		t.Errorf("it left %v, %v", left, err)
	}
}
