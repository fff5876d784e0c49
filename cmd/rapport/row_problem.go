package main

import (
	"fmt"
	"io"
	"unicode/utf8"
)

// shownProblems is how many problems are printed: more than fit on a screen help nobody.
const shownProblems = 20

// rowProblem is something in a file that has to be mended, and how. Line and column count from 1, columns in characters.
type rowProblem struct {
	file         string
	line, column int
	what         string
}

// String is the form that editors and terminals make links of.
func (p rowProblem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", p.file, p.line, p.column, p.what)
}

// rowProblems collects what is wrong, so that all of it can be mended at once.
type rowProblems struct {
	first []rowProblem
	count int
}

func (p *rowProblems) none() bool { return p.count == 0 }

func (p *rowProblems) add(one rowProblem) {
	p.count++
	if len(p.first) < shownProblems {
		p.first = append(p.first, one)
	}
}

func (p *rowProblems) write(w io.Writer) {
	for _, one := range p.first {
		fmt.Fprintln(w, one)
	}
	if more := p.count - len(p.first); more > 0 {
		fmt.Fprintf(w, "… and %d more\n", more)
	}
	fmt.Fprintf(w, "rapport match: %s in the files; nothing was matched\n", countOf(p.count, "problem"))
}

// excerpt is as much of what somebody wrote as a message quotes.
func excerpt(text string) string {
	const most = 40
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}

// countOf is a number with its noun.
func countOf(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
