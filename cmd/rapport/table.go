package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// table reads a CSV file row by row and knows where each cell stands. Comma, semicolon and tab separate cells, whichever the first line uses.
type table struct {
	name    string // as problems name it
	data    []byte // without a byte order mark
	above   int    // lines before the one that names the columns
	starts  []int  // where each line of data starts, once a problem needs it
	reader  *csv.Reader
	at      map[string]int // cell by column; nil if rows cannot be read
	named   []bool         // which cells of the header hold a name
	row     []string
	wrong   *rowProblems
	damaged bool // some rows could not be read at all
}

// openTable reads the line that names the columns: those that are known, in any order, and at least those that are needed. It returns a table without rows if
// that cannot be read.
func openTable(name string, data []byte, known, needed []string, wrong *rowProblems) *table {
	t := &table{name: name, wrong: wrong}
	if name == "-" {
		t.name = "stdin"
	}
	t.data = lineFeeds(bytes.TrimPrefix(data, []byte("\uFEFF")))
	if !t.legible() {
		t.damaged = true
		return t
	}
	t.reader = csv.NewReader(bytes.NewReader(t.body()))
	t.reader.Comma, t.reader.FieldsPerRecord, t.reader.ReuseRecord = t.separator(), -1, true
	switch there := t.read(); {
	case t.damaged: // The first line is no CSV, which has been said.
	case !there:
		t.reportAt(1, 1, "the file is empty; its first line has to name the columns: %s", strings.Join(known, ","))
		t.damaged = true
	default:
		t.damaged = !t.readHeader(known, needed)
	}
	return t
}

// legible reports whether the file is text in UTF-8, and says so if not.
func (t *table) legible() bool {
	if bytes.HasPrefix(t.data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(t.data, []byte{0xFE, 0xFF}) {
		t.reportAt(1, 1, "the text is UTF-16; save the file as \"CSV UTF-8\"")
		return false
	}
	if !utf8.Valid(t.data) {
		line, column := t.place(invalidAt(t.data))
		t.reportAt(line, column, "the text is not UTF-8 from here on; save the file as \"CSV UTF-8\"")
		return false
	}
	return true
}

// lineFeeds ends lines with a line feed where the file is old enough to end them with a carriage return alone.
func lineFeeds(data []byte) []byte {
	if bytes.IndexByte(data, '\n') < 0 {
		return bytes.ReplaceAll(data, []byte{'\r'}, []byte{'\n'})
	}
	return data
}

// invalidAt returns where the first byte stands that is not UTF-8.
func invalidAt(data []byte) int {
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return len(data)
}

// body is the table itself: spreadsheets may write a line "sep=;" above it.
func (t *table) body() []byte {
	first, rest, _ := bytes.Cut(t.data, []byte{'\n'})
	if _, told := separatorTold(first); told {
		t.above = 1
		return rest
	}
	return t.data
}

func separatorTold(line []byte) (rune, bool) {
	told, found := strings.CutPrefix(strings.TrimRight(string(line), "\r"), "sep=")
	if !found || !slices.Contains([]string{",", ";", "\t", "|"}, told) {
		return 0, false
	}
	return rune(told[0]), true
}

// separator finds what stands between the cells of the first line.
func (t *table) separator() rune {
	first, _, _ := bytes.Cut(t.data, []byte{'\n'})
	if told, found := separatorTold(first); found {
		return told
	}
	for _, separator := range []rune{',', ';', '\t'} {
		if bytes.ContainsRune(first, separator) {
			return separator
		}
	}
	return ','
}

// readHeader names the columns by the row that was just read.
func (t *table) readHeader(known, needed []string) bool {
	before, complete := t.wrong.count, true
	t.at, t.named = make(map[string]int), make([]bool, len(t.row))
	for cell, written := range t.row {
		column := columnName(written)
		t.named[cell] = column != ""
		switch _, twice := t.at[column]; {
		case column == "":
		case twice:
			t.reportCell(cell, "column %q stands here a second time; remove one of them", column)
		case !slices.Contains(known, column):
			t.reportCell(cell, "column %q is not known; remove it, or call it one of %s", excerpt(written), strings.Join(known, ","))
		default:
			t.at[column] = cell
		}
	}
	for _, column := range needed {
		if !t.has(column) {
			t.reportCell(0, "there is no column %q; the first line has to name the columns: %s", column, strings.Join(known, ","))
			complete = false
		}
	}
	if !complete {
		t.at = nil
	}
	return t.wrong.count == before
}

// columnName is a column's name as people write it in a spreadsheet's first row.
func columnName(written string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(written)))
}

// next goes to the next row that is not empty and that fits the header. It reports those that do not.
func (t *table) next() bool {
	for t.at != nil && t.read() {
		if t.sound() {
			return true
		}
	}
	return false
}

// read goes to the next row that holds anything, reporting and passing over those that are no CSV.
func (t *table) read() bool {
	for {
		row, err := t.reader.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return false
		case errors.As(err, &broken):
			t.reportQuotes(broken)
			t.damaged = true
		case err != nil:
			t.reportAt(1, 1, "%v", err)
			return false
		case slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) != "" }):
			t.row = row
			return true
		}
	}
}

// rows is about how many rows there are, so that a long file is kept without moving it again and again.
func (t *table) rows() int { return bytes.Count(t.data, []byte{'\n'}) }

// sound reports whether a row fits its header.
func (t *table) sound() bool {
	if len(t.row) != len(t.named) {
		t.reportCell(min(len(t.row)-1, len(t.named)), "this row has %s, the first line names %d; a cell with %q in it has to stand in double quotes",
			countOf(len(t.row), "cell"), len(t.named), t.reader.Comma)
		t.damaged = true
		return false
	}
	sound := true
	for cell, written := range t.row {
		switch {
		case strings.IndexFunc(written, unprintable) >= 0:
			t.reportCell(cell, "the cell holds a line break or another character that cannot be seen; remove it")
			sound = false
		case !t.named[cell] && strings.TrimSpace(written) != "":
			t.reportCell(cell, "this cell stands in a column without a name; name the column in the first line, or remove it")
			sound = false
		}
	}
	t.damaged = t.damaged || !sound
	return sound
}

// unprintable reports whether a character would disturb a terminal or deceive who reads there. A tab is white space.
func unprintable(r rune) bool {
	if r < utf8.RuneSelf { // nearly all
		return r < ' ' && r != '\t' || r == 0x7F
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// cell returns what the row holds in a column, without white space around it; nothing if the file has no such column.
func (t *table) cell(column string) string {
	at, there := t.at[column]
	if !there {
		return ""
	}
	return strings.TrimSpace(strings.ReplaceAll(t.row[at], "\u00A0", " "))
}

// has reports whether the file has a column.
func (t *table) has(column string) bool {
	_, there := t.at[column]
	return there
}

// line is where the row begins, from 1.
func (t *table) line() int {
	line, _ := t.reader.FieldPos(0)
	return line + t.above
}

// report says what is wrong with the row's cell in a column.
func (t *table) report(column, format string, args ...any) {
	t.reportCell(t.at[column], format, args...)
}

func (t *table) reportCell(cell int, format string, args ...any) {
	line, column := t.positionOf(cell)
	t.reportAt(line, column, format, args...)
}

// position is where the row's cell in a column stands.
func (t *table) position(column string) (line, character int) { return t.positionOf(t.at[column]) }

func (t *table) positionOf(cell int) (line, character int) {
	line, offset := t.reader.FieldPos(cell)
	line += t.above
	return line, t.characters(line, offset-1) + 1
}

func (t *table) reportAt(line, column int, format string, args ...any) {
	t.wrong.add(rowProblem{t.name, line, column, fmt.Sprintf(format, args...)})
}

// reportQuotes says where a row's double quotes make no sense.
func (t *table) reportQuotes(broken *csv.ParseError) {
	if broken.Line != broken.StartLine {
		line := broken.StartLine + t.above
		t.reportAt(line, t.characters(line, openQuote(t.textOf(line)))+1, "a double quote opens here and never closes")
		return
	}
	line := broken.Line + t.above
	t.reportAt(line, t.characters(line, broken.Column-1)+1, "a double quote is out of place; put the whole cell in double quotes and double each that is inside")
}

// openQuote returns where in a line the cell begins whose quotes do not close in it; 0 if there is none.
func openQuote(line []byte) int {
	inside, opened := false, 0
	for at := 0; at < len(line); at++ {
		switch {
		case line[at] != '"':
		case inside && at+1 < len(line) && line[at+1] == '"':
			at++
		default:
			inside = !inside
			if inside {
				opened = at
			}
		}
	}
	if !inside {
		return 0
	}
	return opened
}

// characters counts the characters before a byte of a line.
func (t *table) characters(line, offset int) int {
	text := t.textOf(line)
	return utf8.RuneCount(text[:max(0, min(offset, len(text)))])
}

// textOf returns a line of the file.
func (t *table) textOf(line int) []byte {
	t.findLines()
	from, to := t.starts[min(line, len(t.starts))-1], len(t.data)
	if line < len(t.starts) {
		to = t.starts[line] - 1
	}
	return t.data[from:to]
}

// place returns line and column of a byte of the file, from 1.
func (t *table) place(offset int) (line, column int) {
	t.findLines()
	line, exact := slices.BinarySearch(t.starts, offset)
	if exact {
		line++
	}
	return line, utf8.RuneCount(t.data[t.starts[line-1]:offset]) + 1
}

func (t *table) findLines() {
	if t.starts != nil {
		return
	}
	t.starts = []int{0}
	for at, b := range t.data {
		if b == '\n' {
			t.starts = append(t.starts, at+1)
		}
	}
}
