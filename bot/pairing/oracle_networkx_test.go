package pairing

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/big"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// oracleProgram reads graphs and prints, for each, how many edges a matching of maximum cardinality has and how much the
// heaviest of those weighs. It is NetworkX's own algorithm in a language of its own, with numbers of any size.
const oracleProgram = `
import sys, networkx
lines = iter(sys.stdin)
for line in lines:
    graph = networkx.Graph()
    for _ in range(int(line)):
        u, v, w = next(lines).split()
        graph.add_edge(int(u), int(v), weight=int(w))
    pairs = networkx.max_weight_matching(graph, maxcardinality=True)
    print(len(pairs), sum(graph[u][v]["weight"] for u, v in pairs))
`

// needOracle makes sure of the program. Without NetworkX the test is left out, except where
// everything is required (RAPPORT_TEST_REQUIRE=all).
func needOracle(t *testing.T) {
	t.Helper()
	if err := exec.CommandContext(t.Context(), "python3", "-c", "import networkx").Run(); err != nil {
		if os.Getenv("RAPPORT_TEST_REQUIRE") == "all" {
			t.Fatal("python3 with networkx is not installed, and RAPPORT_TEST_REQUIRE=all")
		}
		t.Skip("python3 with networkx is not installed; continuous integration sets RAPPORT_TEST_REQUIRE=all and has it")
	}
}

// answer is what the oracle says of a graph.
type answer struct {
	pairs  int
	weight string
}

// askOracle hands graphs over and returns its answers.
func askOracle(t *testing.T, graphs io.Reader) []answer {
	t.Helper()
	var said, wrong bytes.Buffer
	command := exec.CommandContext(t.Context(), "python3", "-c", oracleProgram)
	command.Stdin, command.Stdout, command.Stderr = graphs, &said, &wrong
	if err := command.Run(); err != nil {
		t.Fatalf("run the oracle: %v\n%s", err, wrong.String())
	}
	var answers []answer
	for lines := bufio.NewScanner(&said); lines.Scan(); {
		var a answer
		if _, err := fmt.Sscan(lines.Text(), &a.pairs, &a.weight); err != nil {
			t.Fatalf("read %q: %v", lines.Text(), err)
		}
		answers = append(answers, a)
	}
	return answers
}

// referenceWeight returns what a pair weighs in levels 2 to 6 as one number of any size, in which each level leaves room for
// all that a whole round can have of those below.
func referenceWeight(p *pool, i, j int32) *big.Int {
	v := p.value(i, j)
	w := big.NewInt(int64(p.priority[i] + p.priority[j]))
	for _, level := range []struct{ digits, of int64 }{
		{4096, v.fresh}, {1 << 20, v.age}, {4096, v.department}, {4096, v.hours}, {1 << 20, v.profile},
	} {
		w.Mul(w, big.NewInt(level.digits)).Add(w, big.NewInt(level.of))
	}
	return w
}

// TestRoundEqualsAnotherLibrarys compares rounds of pairs with those of an independent solver, which is given the rules as
// the tests state them a second time. Smaller pools are compared with brute force: see TestRoundEqualsBruteForce.
func TestRoundEqualsAnotherLibrarys(t *testing.T) {
	t.Parallel()
	needOracle(t)
	const rounds = 3000 / slowdown
	r := rand.New(rand.NewPCG(20, 21))
	var graphs bytes.Buffer
	var got []answer
	for at := range rounds {
		n := 9 + r.IntN(6)
		if at == 0 {
			n = 2*pricedFrom + 30
		}
		in := randomInput(t, r, n)
		in.Rules.Trios = false
		if at == 0 { // so dense that it is solved on a part of the edges first
			in.Rules.Overlap, in.Rules.Language, in.Rules.Blocks = Prefer, Prefer, nil
		}
		if at%3 == 0 {
			in.Rules.Department, in.Rules.Blocks = Prefer, in.Rules.Blocks[:len(in.Rules.Blocks)/2]
		}
		p, err := prepare(&in)
		if err != nil {
			t.Fatal(err)
		}
		may := newReference(&in, p).may
		var lines strings.Builder
		edges := 0
		for i := range int32(p.size()) {
			for j := i + 1; int(j) < p.size(); j++ {
				if may[i][j] {
					fmt.Fprintln(&lines, i, j, referenceWeight(p, i, j))
					edges++
				}
			}
		}
		if at == 0 && edges < pricedFrom*p.size() {
			t.Fatalf("%d edges among %d are not dense", edges, p.size())
		}
		fmt.Fprintf(&graphs, "%d\n%s", edges, lines.String())
		pl := p.planExactly()
		sum := new(big.Int)
		for _, g := range pl.groups {
			if !may[g[0]][g[1]] {
				t.Fatalf("instance %d: %d and %d must not meet", at, g[0], g[1])
			}
			sum.Add(sum, referenceWeight(p, g[0], g[1]))
		}
		got = append(got, answer{len(pl.groups), sum.String()})
	}
	for at, want := range askOracle(t, &graphs) {
		if got[at] != want {
			t.Errorf("instance %d: %+v, the library finds %+v", at, got[at], want)
		}
		got[at].pairs = -1
	}
	for at, a := range got {
		if a.pairs >= 0 {
			t.Fatalf("the library said nothing of instance %d", at)
		}
	}
}
