package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// manyMembers is a file of so many members with all that people usually export.
func manyMembers(n int) []byte {
	var b strings.Builder
	b.WriteString("id,department,tz,work_start,work_end,work_days,manager,joined,sat_out,offers,asks,office,language,level\n")
	zones := []string{"Europe/Berlin", "America/New_York", "Asia/Tokyo"}
	for i := range n {
		fmt.Fprintf(&b, "u%d@example.com,Department %d,%s,09:00,17:30,mon-fri,u%d@example.com,2021-03-%02d,%d,topic %d;topic %d,topic %d,Office %d,de;en,%d\n",
			i, i%20, zones[i%3], i/8, 1+i%28, i%3, i%50, i%49, i%48, i%9, i%5)
	}
	return []byte(b.String())
}

// BenchmarkMatchFiles reads 100,000 members.
func BenchmarkMatchFiles(b *testing.B) {
	data := manyMembers(100_000)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		var wrong rowProblems
		in := inputOf(matchCall{date: time.Unix(0, 0)}, matchTexts{members: data}, &wrong)
		if len(in.Members) != 100_000 || !wrong.none() {
			b.Fatal(wrong.first)
		}
	}
}

// BenchmarkMatchWhole reads 100,000 members, matches them and prints the round.
func BenchmarkMatchWhole(b *testing.B) {
	name := filepath.Join(b.TempDir(), "members.csv")
	if err := os.WriteFile(name, manyMembers(100_000), 0o600); err != nil {
		b.Fatal(err)
	}
	for _, form := range []string{"text", "json"} {
		b.Run(form, func(b *testing.B) {
			for b.Loop() {
				s := streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}
				if err := match(b.Context(), []string{"--members", name, "--json=" + strconv.FormatBool(form == "json")}, s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
