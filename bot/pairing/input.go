package pairing

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
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
	if err := checkSeats(in.Members); err != nil {
		return err
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
// of their slices have the same hash. It covers the blocks, so treat it as no more public than they are. It is empty if
// members have no IDs or share one.
func (in *Input) Hash() string {
	r, err := newRoll(in)
	if err != nil {
		return ""
	}
	return r.hash(in)
}

// hash returns the hash of the input that the roll was made of.
func (r *roll) hash(in *Input) string {
	d := digest{sha256.New(), new([]byte)}
	d.text("rapport pairing input 2")
	d.text(in.Date.Format(time.DateOnly))
	d.number(int64(in.Days))
	d.rules(in.Rules)
	d.number(int64(len(r.members)))
	for _, m := range r.members {
		d.member(m)
	}
	d.meetings(r, in.History)
	return hex.EncodeToString(d.Sum(nil))
}

// digest writes values so that no two different sequences of values share their bytes.
type digest struct {
	hash.Hash
	scratch *[]byte // so that a million values need no memory each
}

func (d digest) number(n int64) {
	*d.scratch = binary.BigEndian.AppendUint64((*d.scratch)[:0], uint64(n))
	_, _ = d.Write(*d.scratch) // A hash never returns an error.
}

func (d digest) text(s string) {
	d.number(int64(len(s)))
	*d.scratch = append((*d.scratch)[:0], s...)
	_, _ = d.Write(*d.scratch)
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
	sorted := inOrder(items)
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
	d.text(string(m.Role))
	d.number(int64(m.Seats))
	for _, b := range []bool{m.Leader, m.Stretch, m.Bot, m.Deactivated, m.OptedOut, m.Paused, m.Skips} {
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
