package storage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// encodeValue puts an object's version in front of its abbreviated JSON, where scripts can compare it without decoding.
func encodeValue(version int, object any) (string, error) {
	text, err := encodeJSON(object)
	if err != nil {
		return "", err
	}
	return strconv.Itoa(version) + " " + pack(text), nil
}

// decodeValue reads what encodeValue wrote, without the version: the object holds that itself.
func decodeValue(stored string, object any) error {
	_, text, ok := strings.Cut(stored, " ")
	if !ok {
		return fmt.Errorf("decode stored value of %d bytes: no version in front", len(stored))
	}
	if err := json.Unmarshal([]byte(unpack(text)), object); err != nil {
		return fmt.Errorf("decode stored value of %d bytes: %w", len(stored), err)
	}
	return nil
}

// encodeJSON writes compact JSON without the escapes that only web pages need.
func encodeJSON(object any) (string, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(object); err != nil {
		return "", fmt.Errorf("encode %T: %w", object, err)
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// millis is an instant as it is stored: milliseconds since 1970, a part of one counted as whole so that nothing is early. The zero
// instant is the empty string.
func millis(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(ceilMillis(t), 10)
}

func ceilMillis(t time.Time) int64 {
	ms := t.UnixMilli()
	if t.After(time.UnixMilli(ms)) {
		ms++
	}
	return ms
}

// floorMillis is the instant of asking: a part of a millisecond has not passed yet.
func floorMillis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// instant reads what millis wrote.
func instant(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	ms, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("read instant %q: %w", s, err)
	}
	return time.UnixMilli(ms).UTC(), nil
}

// instantOfScore is an instant that a sorted set orders by.
func instantOfScore(score float64) time.Time {
	return time.UnixMilli(int64(score)).UTC()
}
