package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// writeDocument prints an object as one JSON document, with each entry of its lists in a line of its own: as easy to read as to compare line by line.
func writeDocument(out io.Writer, object any) error {
	var whole bytes.Buffer
	e := json.NewEncoder(&whole)
	e.SetEscapeHTML(false)
	if err := e.Encode(object); err != nil {
		return fmt.Errorf("print JSON: %w", err)
	}
	l := &layout{out: out}
	l.write(bytes.TrimSpace(whole.Bytes()))
	return nil
}

// layout breaks a JSON object without white space into lines. What cannot be written is noticed when the buffer is flushed.
type layout struct {
	out    io.Writer
	depth  int  // how many braces and brackets are open
	listed bool // the second of them is a bracket
	quoted bool // within a string
}

func (l *layout) write(text []byte) {
	from := 0
	for at := 0; at < len(text); at++ {
		if l.quoted && text[at] == '\\' {
			at++
			continue
		}
		if text[at] == '"' {
			l.quoted = !l.quoted
		}
		if l.quoted {
			continue
		}
		empty := at+1 < len(text) && text[at+1] == ']'
		if before, after := l.around(text[at], empty); before+after != "" {
			_, _ = fmt.Fprintf(l.out, "%s%s%c%s", text[from:at], before, text[at], after)
			from = at + 1
		}
	}
	_, _ = l.out.Write(append(text[from:len(text):len(text)], '\n'))
}

// around counts what a character opens and closes, and returns what stands before and after it; empty says that a list ends with the next one.
func (l *layout) around(c byte, empty bool) (before, after string) {
	switch c {
	case '{', '[':
		l.depth++
		switch l.depth {
		case 1:
			return "", "\n "
		case 2:
			l.listed = c == '['
			if l.listed && !empty {
				return "", "\n  "
			}
		}
	case '}', ']':
		l.depth--
		if l.depth == 0 {
			return "\n", ""
		}
	case ':':
		if l.depth == 1 {
			return "", " "
		}
	case ',':
		switch {
		case l.depth == 1:
			return "", "\n "
		case l.depth == 2 && l.listed:
			return "", "\n  "
		}
	}
	return "", ""
}
