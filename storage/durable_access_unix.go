//go:build unix

package storage

import (
	"errors"

	"golang.org/x/sys/unix"
)

// mayWrite asks whether this process may make files in a folder. It makes none.
func mayWrite(dir string) error {
	err := unix.Access(dir, unix.W_OK|unix.X_OK)
	if errors.Is(err, unix.EACCES) {
		return errors.New("this user may not write there")
	}
	return err
}
