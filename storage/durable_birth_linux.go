package storage

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// birthOf returns what a copy of a file does not have: the instant at which the file was made, or, on file systems that do not keep it, its device and
// inode. A copy of the whole disk has the same.
func birthOf(path string) (string, error) {
	var s unix.Statx_t
	if err := unix.Statx(unix.AT_FDCWD, path, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_BTIME|unix.STATX_INO, &s); err != nil {
		return "", fmt.Errorf("read birth of %q: %w", path, err)
	}
	if s.Mask&unix.STATX_BTIME != 0 && s.Btime.Sec != 0 {
		return fmt.Sprintf("born %d.%09d", s.Btime.Sec, s.Btime.Nsec), nil
	}
	return fmt.Sprintf("inode %d:%d:%d", s.Dev_major, s.Dev_minor, s.Ino), nil
}
