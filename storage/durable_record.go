package storage

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
)

// What the payload of a frame is, by its first byte.
const (
	payloadHeader = 'h' // JSON of a fileHeader; the first frame of every file
	payloadBatch  = 'b' // records in turn
	payloadEnd    = 'e' // nothing follows; the last frame of every file but the log that is written to
)

// What a record is, by its first byte.
const (
	recordTime    = 't' // varint: the instant up to which time has passed, ms since 1970
	recordScript  = 's' // text: the source of a script that commands call by its hash
	recordCommand = 'c' // number of texts, texts: a command that wrote something
	recordMarked  = 'm' // nothing: the doubt about messages that a restored folder is in was written down
)

// fileFormat is the version of these files.
const fileFormat = 1

// fileHeader is what a file says of itself.
type fileHeader struct {
	Format int `json:"format"`
	// Birth is the file's own identity in the file system when it was made: see birthOf. A copy has another. Logs only.
	Birth string `json:"birth,omitempty"`
	// Before is the name of the log before this one; "" for the first. Logs only.
	Before string `json:"before,omitempty"`
	// Restored says that an earlier log was a copy, and that nobody had written that down yet when this log began. Logs only.
	Restored bool `json:"restored,omitempty"`
	// Next is the name of the log that goes on where the snapshot ends. Snapshots only.
	Next string `json:"next,omitempty"`
}

func appendHeader(dst []byte, h fileHeader) ([]byte, error) {
	text, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("encode file header: %w", err)
	}
	return append(append(dst, payloadHeader), text...), nil
}

func readHeader(payload []byte) (fileHeader, error) {
	var h fileHeader
	if len(payload) == 0 || payload[0] != payloadHeader {
		return h, errors.New("read file header: it is none")
	}
	if err := json.Unmarshal(payload[1:], &h); err != nil {
		return h, fmt.Errorf("read file header: %w", err)
	}
	if h.Format != fileFormat {
		return h, fmt.Errorf("read file header: the file has format %d, this program knows %d", h.Format, fileFormat)
	}
	return h, nil
}

func appendTime(dst []byte, ms int64) []byte {
	return binary.AppendVarint(append(dst, recordTime), ms)
}

func appendScript(dst []byte, source string) []byte {
	return appendText(append(dst, recordScript), source)
}

func appendCommand(dst []byte, args []string) []byte {
	dst = binary.AppendUvarint(append(dst, recordCommand), uint64(len(args)))
	for _, a := range args {
		dst = appendText(dst, a)
	}
	return dst
}

func appendText(dst []byte, text string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}

// record is one step that is done again at the next start.
type record struct {
	kind byte
	ms   int64    // of recordTime
	args []string // of recordCommand; the source alone of recordScript
}

var errRecord = errors.New("read record: it does not end where it has to")

// readRecords calls do with each record of a batch, without its first byte.
func readRecords(batch []byte, do func(record) error) error {
	for len(batch) > 0 {
		r := record{kind: batch[0]}
		var err error
		if batch, err = r.read(batch[1:]); err != nil {
			return err
		}
		if err := do(r); err != nil {
			return err
		}
	}
	return nil
}

// read takes what follows the first byte and returns what is left.
func (r *record) read(rest []byte) ([]byte, error) {
	switch r.kind {
	case recordTime:
		ms, n := binary.Varint(rest)
		if n <= 0 {
			return nil, errRecord
		}
		r.ms = ms
		return rest[n:], nil
	case recordScript:
		return r.readTexts(rest, 1)
	case recordCommand:
		count, n := binary.Uvarint(rest)
		if n <= 0 || count == 0 || count > uint64(len(rest)) {
			return nil, errRecord
		}
		return r.readTexts(rest[n:], int(count))
	case recordMarked:
		return rest, nil
	}
	return nil, fmt.Errorf("read record: no kind is %q", r.kind)
}

func (r *record) readTexts(rest []byte, count int) ([]byte, error) {
	r.args = make([]string, 0, count)
	for range count {
		length, n := binary.Uvarint(rest)
		if n <= 0 || length > uint64(len(rest)-n) {
			return nil, errRecord
		}
		r.args = append(r.args, string(rest[n:n+int(length)]))
		rest = rest[n+int(length):]
	}
	return rest, nil
}
