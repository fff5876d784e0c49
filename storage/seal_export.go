package storage

import (
	"fmt"
	"io"
	"strings"
)

// CheckExportKeys returns [ErrOtherKey] if an export holds texts that were sealed with a key that the options do not have: [Server.Import] would bring what
// nobody here can read. It reads the file from where it stands and goes back to its beginning; a damaged one is a [BadExportError]. checked is false where
// the options have no key. The export brings its probes along, so that the bot notices when it starts.
func (v *Server) CheckExportKeys(file io.ReadSeeker) (checked bool, err error) {
	if len(v.options.Key) == 0 && len(v.options.Ring.Keys) == 0 {
		return false, nil
	}
	r, h, err := openExport(file)
	if err != nil {
		return false, err
	}
	s, err := v.unchecked(h.Team)
	if err != nil {
		return false, err
	}
	meta, sample := make(map[string]string), ""
	_, err = r.each(func(l exportLine, values []string) error {
		switch {
		case s.keys.prefix+l.Key == s.keys.meta():
			for i := 0; i+1 < len(values); i += 2 {
				meta[values[i]] = values[i+1]
			}
		case sample == "" && strings.HasPrefix(l.Key, nounCommitment+":") && l.Type == "hash":
			sample = values[1]
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	used, err := s.judgeKeys(meta, sample)
	if err == nil && used.wrong() {
		err = ErrOtherKey
	}
	if err != nil {
		return true, fmt.Errorf("import workspace %q: %w", h.Team, err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return true, fmt.Errorf("read export again: %w", err)
	}
	return true, nil
}
