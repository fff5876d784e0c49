//go:build unix && !linux

package storage

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// birthOf returns what a copy of a file does not have: its device and inode. A copy of the whole disk has the same.
func birthOf(path string) (string, error) {
	var s unix.Stat_t
	if err := unix.Lstat(path, &s); err != nil {
		return "", fmt.Errorf("read birth of %q: %w", path, err)
	}
	return fmt.Sprintf("inode %d:%d", s.Dev, s.Ino), nil
}
