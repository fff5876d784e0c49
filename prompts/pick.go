package prompts

import (
	"hash/fnv"
	"slices"
	"strconv"
	"time"
)

// DefaultLanguage is what a prompt is written in unless it says otherwise, and what a reader gets where nothing is left in their own.
const DefaultLanguage = "en"

// Wish says which prompt is looked for.
type Wish struct {
	// Kinds are the kinds that will do; empty means any.
	Kinds []Kind
	// Theme is one that the prompt must have; "" means any.
	Theme string
	// Language is the readers' (ISO 639-1); "" means English. Where their language has none left, English is taken.
	Language string
	// Practice is the practice it must belong to; "" means any.
	Practice string
	// Seen says when a prompt's id was last shown, one map for each reader: a group is given what nobody in it has seen. Only the
	// date counts, in whatever zone the instants are given.
	Seen []map[string]time.Time
	// Today is the readers' date. Required when Seen is not empty.
	Today time.Time
	// Seed decides among those that fit: the same seed, the same prompt, also after the library has grown (unless the new one wins).
	Seed uint64
}

// Pick returns a prompt that fits and that none of the readers saw within the last year. It returns false when none is left; then
// say nothing rather than the same again.
func (l *Library) Pick(w Wish) (Prompt, bool) {
	for _, language := range languages(w.Language) {
		var best Prompt
		var bestRank uint64
		found := false
		for _, p := range l.prompts {
			if p.Language != language || !w.fits(p) {
				continue
			}
			if r := rank(w.Seed, p.ID); !found || r < bestRank {
				best, bestRank, found = p, r, true
			}
		}
		if found {
			return best, true
		}
	}
	return Prompt{}, false
}

func languages(wanted string) []string {
	if wanted == "" || wanted == DefaultLanguage {
		return []string{DefaultLanguage}
	}
	return []string{wanted, DefaultLanguage}
}

func (w Wish) fits(p Prompt) bool {
	if len(w.Kinds) > 0 && !slices.Contains(w.Kinds, p.Kind) {
		return false
	}
	if w.Theme != "" && !slices.Contains(p.Themes, w.Theme) {
		return false
	}
	if w.Practice != "" && p.Practice != w.Practice {
		return false
	}
	for _, seen := range w.Seen {
		if at, ok := seen[p.ID]; ok && civil(w.Today).Before(civil(at).AddDate(1, 0, 0)) {
			return false
		}
	}
	return true
}

// civil drops the time of day, so that a prompt is not freed or held by the hour at which it was shown.
func civil(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// rank orders prompts by a hash of seed and id (rendezvous hashing): each seed has its own order, and a prompt that is added moves
// no other.
func rank(seed uint64, id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(strconv.FormatUint(seed, 16) + "/" + id)) // a hash never errors
	// FNV's high bits mix badly for inputs that differ little: finish as splitmix64 does.
	x := h.Sum64()
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
