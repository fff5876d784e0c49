package storage

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// An export is JSON Lines: a header, a line for each key or part of one, an end. Whoever wants to look into one needs no more than a text editor, and
// whoever changes or cuts one is found out before anything is written.

// exportFormat is the version of the format. A file of another is refused.
const exportFormat = 1

// exportHeader is the first line.
type exportHeader struct {
	Format  int       `json:"rapport_export"`
	Schema  int       `json:"schema"`  // of what is stored
	Team    string    `json:"team"`    // whose it is; what is sealed in it opens in no other workspace
	At      time.Time `json:"at"`      // when the export began
	Version string    `json:"version"` // of the program that wrote it
}

// exportLine is one key, or a part of a large one.
type exportLine struct {
	Key     string    `json:"key"`              // without the workspace's prefix
	Type    string    `json:"type"`             // string, hash, zset, set or list, as Redis names them
	Part    int       `json:"part,omitempty"`   // the first is 0, and stands in for all that the key held
	Expires time.Time `json:"expires,omitzero"` // when the key goes by itself; zero: never
	Value   []string  `json:"value,omitempty"`  // a string; field, value, …; member, score, …; members; elements
	Base64  []string  `json:"base64,omitempty"` // the same, where something is no UTF-8
}

// exportEnd is the last line.
type exportEnd struct {
	Lines int    `json:"lines"`  // before this one
	Sum   string `json:"sha256"` // of all bytes before this line, in hexadecimal
}

// pairwise says for each type whether its values come in twos.
var pairwise = map[string]bool{"string": false, "hash": true, "zset": true, "set": false, "list": false}

// pack puts the values where they survive JSON.
func (l *exportLine) pack(values []string) {
	if !slices.ContainsFunc(values, func(v string) bool { return !utf8.ValidString(v) }) {
		l.Value = values
		return
	}
	for _, v := range values {
		l.Base64 = append(l.Base64, base64.StdEncoding.EncodeToString([]byte(v)))
	}
}

// unpack returns what pack was given, if it makes sense for the type.
func (l *exportLine) unpack() ([]string, error) {
	values := l.Value
	for _, v := range l.Base64 {
		raw, err := base64.StdEncoding.DecodeString(v)
		if err != nil {
			return nil, errors.New("a value is not base64")
		}
		values = append(values, string(raw))
	}
	twos, known := pairwise[l.Type]
	switch {
	case l.Key == "":
		return nil, errors.New("it names no key")
	case !known:
		return nil, fmt.Errorf("it has the type %q, which this version does not know", l.Type)
	case len(l.Value) > 0 && len(l.Base64) > 0, len(values) == 0, l.Part < 0, twos && len(values)%2 != 0, l.Type == "string" && len(values) != 1:
		return nil, fmt.Errorf("%d values make no %s", len(values), l.Type)
	}
	if l.Type == "zset" {
		for i := 1; i < len(values); i += 2 {
			if _, err := strconv.ParseFloat(values[i], 64); err != nil {
				return nil, fmt.Errorf("the score %d is no number", i/2+1)
			}
		}
	}
	return values, nil
}

// exportWriter writes lines and keeps count and sum.
type exportWriter struct {
	out   *bufio.Writer
	sum   hash.Hash
	lines int
	bytes int64
}

func newExportWriter(w io.Writer) *exportWriter {
	return &exportWriter{out: bufio.NewWriterSize(w, 1<<18), sum: sha256.New()}
}

func (w *exportWriter) write(line any) error {
	text, err := encodeJSON(line)
	if err != nil {
		return err
	}
	text += "\n"
	w.lines++
	w.bytes += int64(len(text))
	_, _ = io.WriteString(w.sum, text) // never fails
	if _, err := w.out.WriteString(text); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	return nil
}

// end writes the last line and what is still held back.
func (w *exportWriter) end() error {
	if err := w.write(exportEnd{Lines: w.lines, Sum: hex.EncodeToString(w.sum.Sum(nil))}); err != nil {
		return err
	}
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	return nil
}

// BadExportError says where and why a file is no export that can be imported.
type BadExportError struct {
	Line   int // from 1
	Reason string
}

// Error implements error.
func (e *BadExportError) Error() string {
	return fmt.Sprintf("read export, line %d: %s", e.Line, e.Reason)
}

// longestLine bounds what a line may hold: the plan of a round of a million people is well below.
const longestLine = 64 << 20

// exportReader reads lines and keeps count and sum. What is wrong comes as a [BadExportError].
type exportReader struct {
	in    *bufio.Reader
	sum   hash.Hash
	lines int
}

// openExport reads the header.
func openExport(in io.Reader) (*exportReader, exportHeader, error) {
	r := &exportReader{in: bufio.NewReaderSize(in, 1<<18), sum: sha256.New()}
	var h exportHeader
	line, err := r.next()
	if errors.Is(err, io.EOF) {
		return nil, h, &BadExportError{Line: 1, Reason: "the file is empty"}
	}
	if err != nil {
		return nil, h, err
	}
	// Loosely at first: a later format may have more in its header, and is to be named as what it is.
	if err := json.Unmarshal(line, &h); err != nil || h.Format == 0 {
		return nil, h, r.bad("this is no export of Rapport")
	}
	switch {
	case h.Format != exportFormat:
		return nil, h, r.bad("it has format %d, this version of Rapport reads %d", h.Format, exportFormat)
	case h.Schema > schema:
		return nil, h, r.bad("it was written by a newer version of Rapport (schema %d, this one knows %d): import it with that version, or a later one", h.Schema, schema)
	case h.Schema < 1, strictly(line, &h) != nil, h.Team == "", strings.ContainsAny(h.Team, notInTeam), h.At.IsZero():
		return nil, h, r.bad("the header is damaged")
	}
	return r, h, nil
}

// each visits the lines between header and end, and checks the end. It returns the sum that the end holds.
func (r *exportReader) each(visit func(l exportLine, values []string) error) (sum string, err error) {
	for {
		before := hex.EncodeToString(r.sum.Sum(nil))
		text, err := r.next()
		if errors.Is(err, io.EOF) {
			return "", &BadExportError{Line: r.lines + 1, Reason: "the file is cut off: its last line is missing"}
		}
		if err != nil {
			return "", err
		}
		var l exportLine
		if bytes.HasPrefix(text, []byte(`{"lines":`)) {
			return before, r.atEnd(text, before)
		}
		if err := strictly(text, &l); err != nil {
			return "", r.bad("it is damaged")
		}
		values, err := l.unpack()
		if err != nil {
			return "", r.bad("%s", err)
		}
		if err := visit(l, values); err != nil {
			return "", err
		}
	}
}

// atEnd checks the last line.
func (r *exportReader) atEnd(text []byte, sum string) error {
	var end exportEnd
	if strictly(text, &end) != nil {
		return r.bad("it is damaged")
	}
	if end.Lines != r.lines-1 {
		return r.bad("%d lines are above, and there were %d: some are missing or added", r.lines-1, end.Lines)
	}
	if end.Sum != sum {
		return r.bad("the checksum differs: something above was changed")
	}
	if _, err := r.in.ReadByte(); !errors.Is(err, io.EOF) {
		return &BadExportError{Line: r.lines + 1, Reason: "something follows after the end"}
	}
	return nil
}

// next reads a line without its end; io.EOF if there is none.
func (r *exportReader) next() ([]byte, error) {
	var line []byte
	for {
		part, err := r.in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > longestLine:
			r.lines++
			return nil, r.bad("it is longer than any line of an export")
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) > 0:
			r.lines++
			return nil, r.bad("the file is cut off in it")
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("read export: %w", err)
		case err != nil:
			return nil, io.EOF
		}
		r.lines++
		_, _ = r.sum.Write(line) // never fails
		return line[:len(line)-1], nil
	}
}

func (r *exportReader) bad(format string, args ...any) error {
	return &BadExportError{Line: r.lines, Reason: fmt.Sprintf(format, args...)}
}

// strictly decodes JSON that holds nothing but what into knows.
func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.InputOffset() != int64(len(text)) {
		return errors.New("more than one value")
	}
	return nil
}
