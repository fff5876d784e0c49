package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rapport/bot"
)

func TestWhatIsAbbreviatedReadsAsItWas(t *testing.T) {
	for _, text := range []string{
		"", "{}", `{"id":"k1"}`, `{"a":"2026-03-02T09:00:00Z","b":"2026-03-02T09:00:00.123456789+01:00"}`, `"T"`, `"2026-13-45T99:99:99Z"`, `"2024-02-30T00:00:00"`,
		`"1969-12-31T23:59:59Z"`, `"9999-12-31T23:59:59Z"`, `"2026-03-02T09:00:0"`, `T2026-03-02T09:00:00T`, `"2026-03-02T09:00:002026-03-02T09:00:00"`, `"é ☕"`,
		strings.Join(dictionary, ""), strings.Join(dictionary, "2026-03-02T09:00:00"),
	} {
		if got := unpack(pack(text)); got != text {
			t.Errorf("%q reads as %q", text, got)
		}
		if got := unpack(text); got != text {
			t.Errorf("%q, which was not abbreviated, reads as %q", text, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		k := bot.Kudos{
			ID: rapid.String().Draw(t, "id"), Message: rapid.String().Draw(t, "message"), Recipients: rapid.SliceOf(rapid.SampledFrom(dictionary)).Draw(t, "words"),
			Given: time.Unix(rapid.Int64Range(-1e9, 1e11).Draw(t, "seconds"), rapid.Int64Range(0, 999999999).Draw(t, "part")).UTC(),
		}
		text, err := encodeJSON(k)
		if err != nil {
			t.Fatal(err)
		}
		if got := unpack(pack(text)); got != text {
			t.Fatalf("%q reads as %q", text, got)
		}
	})
}

func FuzzUnpack(f *testing.F) {
	for _, word := range dictionary {
		f.Add(pack(word))
	}
	f.Add(pack("2026-03-02T09:00:00Z"))
	f.Add("\x1e12")
	f.Add("\x1d")
	f.Add("\x1f\x00")
	f.Fuzz(func(t *testing.T, stored string) {
		text := unpack(stored) // of whatever stands there, without panicking
		if json.Valid([]byte(stored)) && !strings.ContainsAny(stored, "\t\n\r") && text != stored {
			t.Errorf("%q, which was not abbreviated, reads as %q", stored, text)
		}
	})
}

// TestTheDictionaryOnlyGrows fails when a word of a store that exists would be read as another. Adding words at the end is right: raise the count, and the
// sum over so many.
func TestTheDictionaryOnlyGrows(t *testing.T) {
	const (
		count = 123
		sum   = "da4ca928e6863575"
	)
	got := sha256.Sum256([]byte(strings.Join(dictionary[:count], "\n")))
	if hex.EncodeToString(got[:8]) != sum {
		t.Errorf("the first %d words have the sum %x, want %s", count, got[:8], sum)
	}
	if len(dictionary) > shortWords+0x7f-longFirst {
		t.Errorf("%d words are more than there are abbreviations", len(dictionary))
	}
	for i, word := range dictionary {
		if slices.Index(dictionary, word) != i || len(word) < 3 && i >= shortWords || strings.ContainsFunc(word, func(r rune) bool { return r < 0x20 }) {
			t.Errorf("word %d, %q, is there before, saves nothing, or is no JSON of ours", i, word)
		}
	}
}

func BenchmarkPack(b *testing.B) {
	seat := bot.Seat{Program: "1", Member: member(7), Joined: time.Unix(1772442000, 0).UTC(), Shown: map[string]time.Time{}}
	for i := range 54 {
		seat.Shown["coffee-question-"+string(rune('A'+i))] = time.Unix(1772442000+int64(i)*604800, 0).UTC()
	}
	text, err := encodeJSON(seat)
	noError(b, err)
	stored := pack(text)
	b.Run("pack", func(b *testing.B) {
		for b.Loop() {
			pack(text)
		}
	})
	b.Run("unpack", func(b *testing.B) {
		for b.Loop() {
			unpack(stored)
		}
	})
	b.Logf("%d bytes become %d", len(text), len(stored))
}
