package redistest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// errMissing says that no server is installed.
var errMissing = errors.New("neither redis-server nor valkey-server is installed")

// Program returns the path of the server binary that is run where [Options] name none.
func Program() (string, error) {
	if named := os.Getenv("RAPPORT_TEST_SERVER"); named != "" {
		return find(named)
	}
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errMissing
}

// Valkey returns the path of Valkey's server, or an error if it is not installed.
func Valkey() (string, error) { return find("valkey-server") }

func find(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errMissing, err)
	}
	return filepath.Clean(path), nil
}

// Need ends the test if a server could not be started: it is skipped where none is installed, unless RAPPORT_TEST_REQUIRE=all, and fails otherwise. CI
// installs Redis and sets RAPPORT_TEST_REQUIRE.
func Need(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case errors.Is(err, errMissing) && os.Getenv("RAPPORT_TEST_REQUIRE") != "all":
		t.Skipf("%v: the embedded store is tested, and CI tests both", err)
	default:
		t.Fatal(err)
	}
}
