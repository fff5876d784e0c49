package pairing

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"
	"time"
)

// Input is everything a round depends on. The order of its slices does not matter.
type Input struct {
	// Members are the program's people, available or not; IDs are unique.
	Members []Member
	// Rules are the program's.
	Rules Rules
	// History holds the past rounds' meetings; the new round is numbered one after the last of them.
	History []Meeting
	// Date is the round's first day; only its calendar date matters. Required.
	Date time.Time
	// Days is the length of the round in calendar days, for overlapping hours. Zero means DefaultDays.
	Days int
	// Seed breaks ties: the same input and seed give the same round, another seed another one.
	Seed uint64
}

// check reports the first thing that makes the input unusable.
func (in *Input) check() error {
	if in.Date.IsZero() {
		return fmt.Errorf("read input: the date of the round is missing")
	}
	if in.Days < 0 {
		return fmt.Errorf("read input: %d days is no length of a round", in.Days)
	}
	seen := make(map[string]bool, len(in.Members))
	for i := range in.Members {
		id := in.Members[i].ID
		if id == "" {
			return fmt.Errorf("read members: entry %d has no id", i)
		}
		if seen[id] {
			return fmt.Errorf("read members: id %q occurs twice", id)
		}
		seen[id] = true
	}
	for i, m := range in.History {
		if m.A == m.B {
			return fmt.Errorf("read history: entry %d pairs %q with themselves", i, m.A)
		}
		if m.Outcome > NotMet {
			return fmt.Errorf("read history: entry %d has unknown outcome %d", i, m.Outcome)
		}
	}
	return nil
}

// Hash returns the SHA-256 of the input without its seed, in hexadecimal. Inputs that differ only in the order
// of their slices have the same hash. It covers the blocks, so treat it as no more public than they are.
func (in *Input) Hash() string {
	d := digest{sha256.New()}
	d.text("rapport pairing input 1")
	d.text(in.Date.Format(time.DateOnly))
	d.number(int64(in.Days))
	d.rules(in.Rules)
	members := slices.Clone(in.Members)
	slices.SortFunc(members, func(a, b Member) int { return strings.Compare(a.ID, b.ID) })
	d.number(int64(len(members)))
	for i := range members {
		d.member(&members[i])
	}
	lines := make([]string, 0, len(in.History))
	for _, m := range in.History {
		a, b := min(m.A, m.B), max(m.A, m.B)
		lines = append(lines, fmt.Sprintf("%q %q %d %d", a, b, m.Round, m.Outcome))
	}
	d.set(lines)
	return hex.EncodeToString(d.Sum(nil))
}

// digest writes values so that no two different sequences of values share their bytes.
type digest struct{ hash.Hash }

func (d digest) number(n int64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	_, _ = d.Write(b[:]) // A hash never returns an error.
}

func (d digest) text(s string) {
	d.number(int64(len(s)))
	_, _ = d.Write([]byte(s))
}

func (d digest) flag(b bool) {
	if b {
		d.number(1)
	} else {
		d.number(0)
	}
}

// set writes strings whose order does not matter.
func (d digest) set(items []string) {
	sorted := slices.Sorted(slices.Values(items))
	d.number(int64(len(sorted)))
	for _, s := range sorted {
		d.text(s)
	}
}

func (d digest) rules(r Rules) {
	for _, n := range []int64{
		int64(r.Size), int64(r.Department), int64(r.Overlap), int64(r.MinOverlap), int64(r.Language),
		int64(r.Window), int64(r.Office), int64(r.Level), int64(r.Tenure),
	} {
		d.number(n)
	}
	d.flag(r.Trios)
	d.flag(r.ExcludeManager)
	blocks := make([]string, 0, len(r.Blocks))
	for _, b := range r.Blocks {
		blocks = append(blocks, fmt.Sprintf("%q %q", min(b[0], b[1]), max(b[0], b[1])))
	}
	slices.Sort(blocks)
	d.set(slices.Compact(blocks))
}

func (d digest) member(m *Member) {
	d.text(m.ID)
	d.text(m.Department)
	d.text(zoneName(m.Zone))
	for _, s := range m.Hours {
		d.number(int64(s.Start))
		d.number(int64(s.End))
	}
	d.text(m.Manager)
	d.number(int64(m.SatOut))
	d.number(int64(m.LastSatOut))
	d.text(m.Joined.UTC().Format(time.RFC3339Nano))
	d.set(m.Offers)
	d.set(m.Asks)
	d.text(m.Office)
	d.text(m.Level)
	d.set(m.Languages)
	for _, b := range []bool{m.Bot, m.Deactivated, m.OptedOut, m.Paused, m.Skips} {
		d.flag(b)
	}
}

// zoneName returns the zone's name, or nothing for an unknown zone.
func zoneName(z *time.Location) string {
	if z == nil {
		return ""
	}
	return z.String()
}
