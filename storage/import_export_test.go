package storage

import "io"

// CheckExport reads an export to its end and says what is wrong with it.
func CheckExport(r io.Reader) error {
	_, err := checkExport(r)
	return err
}
