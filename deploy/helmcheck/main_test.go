package helmcheck

import (
	"io"
	"log"
	"os"
	"testing"
)

// TestMain quiets Helm, which writes a line for each linked file and each refused value to the standard log.
func TestMain(m *testing.M) {
	log.SetOutput(io.Discard)
	os.Exit(m.Run())
}
