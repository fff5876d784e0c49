package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// CheckFolder finds out whether [OpenFolder] could make the folder, or write to it if it is there. It changes nothing. The error names the first part of the path that is in
// the way.
func CheckFolder(dir string) error { return checkFolder(dir, mayWrite) }

func checkFolder(dir string, mayWrite func(dir string) error) error {
	if dir == "" {
		return errors.New("check folder for the store: none is named")
	}
	for path := filepath.Clean(dir); ; path = filepath.Dir(path) {
		_, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) && path != filepath.Dir(path) {
			continue
		}
		if err != nil {
			return fmt.Errorf("check folder for the store: %w", err)
		}
		info, err := os.Stat(path) // a link that leads nowhere is in the way, too
		if err == nil && !info.IsDir() {
			err = errors.New("it is no folder")
		}
		if err == nil {
			err = mayWrite(path)
		}
		if err != nil {
			return fmt.Errorf("check %q for the store's folder: %w", path, err)
		}
		return nil
	}
}
