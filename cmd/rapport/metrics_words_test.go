package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rapport/bot"
)

// wordsFound reads what a pattern finds in the code of some packages, tests aside.
func wordsFound(t *testing.T, pattern string, packages ...string) []string {
	t.Helper()
	var words []string
	for _, pkg := range packages {
		files, err := filepath.Glob(filepath.Join("..", "..", pkg, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			code, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(code), -1) {
				words = append(words, m[1])
			}
		}
	}
	if len(words) < 10 {
		t.Fatalf("%q finds only %q", pattern, words)
	}
	return words
}

// reasonsOf reads the constants of type bot.Reason in a package, tests aside, and complains of reasons that are written down where they are used.
func reasonsOf(t *testing.T, pkg string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", pkg, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var reasons []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for _, value := range n.Values {
					if named(n.Type) == "Reason" {
						reasons = append(reasons, literal(t, file, value))
					}
				}
			case *ast.CompositeLit:
				if slices.Contains([]string{"Outcome", "Decision", "Send"}, named(n.Type)) && writtenDown(n.Elts) {
					t.Errorf("%s writes a reason down where it is used: give it a name", file)
				}
			case *ast.AssignStmt: // o.Reason = …
				for i, to := range n.Lhs {
					if _, written := n.Rhs[min(i, len(n.Rhs)-1)].(*ast.BasicLit); written && named(to) == "Reason" {
						t.Errorf("%s writes a reason down where it is used: give it a name", file)
					}
				}
			}
			return true
		})
	}
	return reasons
}

// writtenDown reports whether the field Reason is given a literal.
func writtenDown(fields []ast.Expr) bool {
	return slices.ContainsFunc(fields, func(field ast.Expr) bool {
		pair, ok := field.(*ast.KeyValueExpr)
		if !ok || named(pair.Key) != "Reason" {
			return false
		}
		_, ok = pair.Value.(*ast.BasicLit)
		return ok
	})
}

// named is the last part of a name; "" of what is no name.
func named(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func literal(t *testing.T, file string, e ast.Expr) string {
	t.Helper()
	if lit, ok := e.(*ast.BasicLit); ok {
		if text, err := strconv.Unquote(lit.Value); err == nil {
			return text
		}
	}
	t.Fatalf("%s has a reason that is no word but made of something", file)
	return ""
}

// Whoever adds a reason or a method adds it to the lists, or the metrics call it "other". A discarded message is no outcome of an attempt, so nothing counts it.
func TestOurOwnWordsAreKnown(t *testing.T) {
	for pkg, least := range map[string]int{"bot": 10, "scheduler": 8, "bot/slackapp": 6, "storage": 1} {
		reasons := reasonsOf(t, pkg)
		if len(reasons) < least {
			t.Errorf("package %s has only the reasons %q", pkg, reasons)
		}
		for _, reason := range reasons {
			uncounted := slices.Contains([]bot.Reason{bot.ReasonDiscarded, bot.ReasonMayBeThere}, bot.Reason(reason))
			if reasonWord(reason) == other && !uncounted {
				t.Errorf("reason %q of package %s is on no list", reason, pkg)
			}
		}
	}
	for _, method := range wordsFound(t, `(?:callError|showModal)\((?:ctx, )?"([a-zA-Z.]+)"`, "bot/slackapp") {
		if known(knownMethods, method) == other {
			t.Errorf("method %q is on no list", method)
		}
	}
}
