package storage

import (
	"slices"
	"strings"
)

// sealedExport is what an export shows of the keys that it was sealed with.
type sealedExport struct {
	meta   map[string]string
	sample string // a sealed commitment as it is stored; "" if there is none
	others bool   // there is something else that is sealed; see sealedBeside
}

// see takes what is needed from a line.
func (e *sealedExport) see(l exportLine, values []string) {
	nobodys := newKeys("") // whose keys they are is not in their names here
	switch {
	case nobodys.prefix+l.Key == nobodys.meta():
		if e.meta == nil {
			e.meta = make(map[string]string)
		}
		for i := 0; i+1 < len(values); i += 2 {
			e.meta[values[i]] = values[i+1]
		}
	case e.sample == "" && strings.HasPrefix(l.Key, nounCommitment+":") && l.Type == "hash":
		e.sample = values[1]
	case !e.others && l.Type == "hash" && slices.ContainsFunc(sealedBeside, func(noun string) bool { return strings.HasPrefix(l.Key, noun+":") }):
		e.others = anySealed(values)
	}
}

// anySealed reports whether there is something sealed among stored values: fields and what is stored in turn.
func anySealed(fields []string) bool {
	for i := 1; i < len(fields); i += 2 {
		if isSealed(fields[i]) {
			return true
		}
	}
	return false
}

// mayOpen returns [ErrOtherKey] if an export holds texts that were sealed with a key that is none of ours: importing it would bring what nobody here can read. Without
// any key of our own that cannot be known.
func (s *Store) mayOpen(e sealedExport) error {
	if s.seals.throwaway {
		return nil
	}
	used, err := s.judgeKeys(e.meta, e.sample)
	used.empty = used.empty && !e.others
	if err == nil && used.wrong() {
		err = ErrOtherKey
	}
	return err
}
