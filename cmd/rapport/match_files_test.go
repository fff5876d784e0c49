package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// matchRun is what a call of `rapport match` did.
type matchRun struct {
	status    int
	out, said string
}

// runMatch runs a command line in the folder that the test is in.
func runMatch(t *testing.T, input, line string) matchRun {
	t.Helper()
	var out, said bytes.Buffer
	s := streams{out: &out, err: &said, in: strings.NewReader(input), env: func(string) (string, bool) { return "", false }}
	status := execute(t.Context(), strings.Fields(strings.TrimPrefix(line, "rapport ")), s)
	return matchRun{status, out.String(), said.String()}
}

// put writes a file into the folder that the test is in.
func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Clean(name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// What is wrong in a file is said with the place where it stands and what to do, and nothing is matched.
func TestMatchNamesWhatIsWrong(t *testing.T) {
	const good = "id\na\nb\n"
	for _, c := range []struct {
		name                     string
		members, history, blocks string
		want                     []string // beginnings of lines, in order
	}{
		{"empty file", "", "", "", []string{"m.csv:1:1: the file is empty"}},
		{"blank file", "\n\n", "", "", []string{"m.csv:1:1: the file is empty"}},
		{"only separators", ",,,\n", "", "", []string{"m.csv:1:1: the file is empty"}},
		{"no header", "ana,Sales\nbob,Support\n", "", "", []string{`m.csv:1:1: column "ana" is not known`, `m.csv:1:5: column "Sales" is not known`, `m.csv:1:1: there is no column "id"`}},
		{"unknown column", "id,name\na,Ana\n", "", "", []string{`m.csv:1:4: column "name" is not known; remove it`}},
		{"column twice", "id,tz,id\na,,a\n", "", "", []string{`m.csv:1:7: column "id" stands here a second time`}},
		{"no id column", "department\nSales\n", "", "", []string{`m.csv:1:1: there is no column "id"`}},
		{"id missing", "id,tz\n,UTC\n", "", "", []string{"m.csv:2:1: the id is missing"}},
		{"id of blanks", "tz,id\nUTC,   \n", "", "", []string{"m.csv:2:5: the id is missing"}},
		{"id twice", "id\na\nb\na\n", "", "", []string{`m.csv:4:1: id "a" stands in line 2 already`}},
		{"too few cells", "id,tz,level\na,UTC\n", "", "", []string{"m.csv:2:3: this row has 2 cells, the first line names 3"}},
		{"too many cells", "id,department\na,Sales, Berlin\n", "", "", []string{"m.csv:2:9: this row has 3 cells, the first line names 2"}},
		{"cell without a column", "id,\na,\nb,x\n", "", "", []string{"m.csv:3:3: this cell stands in a column without a name"}},
		{"quote inside a cell", "id,department\na,Sa\"les\n", "", "", []string{"m.csv:2:5: a double quote is out of place"}},
		{"text after a quote", "id,department\na,\"Sa\"les\n", "", "", []string{"m.csv:2:6: a double quote is out of place"}},
		{"quote never closed", "id,department\na,\"Sales\nb,Support\n", "", "", []string{"m.csv:2:3: a double quote opens here and never closes"}},
		{"line break in a cell", "id,department\na,\"Sa\nles\"\n", "", "", []string{"m.csv:2:3: the cell holds a line break"}},
		{"escape sequence", "id\n\x1b[31ma\n", "", "", []string{"m.csv:2:1: the cell holds a line break or another character"}},
		{"text from right to left", "id,level\na,x\u202Ey\n", "", "", []string{"m.csv:2:3: the cell holds"}},
		{"not UTF-8", "id\nJos\xe9\n", "", "", []string{"m.csv:2:4: the text is not UTF-8"}},
		{"UTF-16", "\xff\xfei\x00d\x00", "", "", []string{"m.csv:1:1: the text is UTF-16"}},
		{"columns count characters", "department,id,tz\nVerträge und Öl,a,Berlin\n", "", "", []string{`m.csv:2:19: "Berlin" is no time zone`}},
		{"lines count after sep", "sep=;\nid;tz\na;Berlin\n", "", "", []string{`m.csv:3:3: "Berlin" is no time zone`}},
		{"lines end as in Windows", "id,tz\r\na,UTC\r\nb,Mars\r\n", "", "", []string{`m.csv:3:3: "Mars" is no time zone`}},
		{"zone of this machine", "id,tz\na,Local\n", "", "", []string{`m.csv:2:3: "Local" is no time zone`}},
		{"hours in words", "id,work_start,work_end\na,nine,17:00\n", "", "", []string{`m.csv:2:3: "nine" is no time of day; write it as 09:00`}},
		{"hour 25", "id,work_start,work_end\na,09:00,25:00\n", "", "", []string{`m.csv:2:9: "25:00" is no time of day`}},
		{"only an end", "id,work_start,work_end\na,,17:00\n", "", "", []string{"m.csv:2:3: work_start and work_end go together; work_start is missing"}},
		{"no work at all", "id,work_start,work_end\na,09:00,9:00\n", "", "", []string{"m.csv:2:9: work ends when it begins"}},
		{"column of starts alone", "id,work_start\na,09:00\n", "", "", []string{"m.csv:1:4: work_start and work_end go together"}},
		{"no weekday", "id,work_days\na,mon;fun\n", "", "", []string{`m.csv:2:3: "fun" are no working days`}},
		{"half a range of weekdays", "id,work_days\na,mon-\n", "", "", []string{`m.csv:2:3: "mon-" are no working days`}},
		{"German date", "id,joined\na,30.03.2026\n", "", "", []string{`m.csv:2:3: "30.03.2026" is no day; write it as 2026-03-30`}},
		{"day that is none", "id,joined\na,2026-02-30\n", "", "", []string{`m.csv:2:3: "2026-02-30" is no day`}},
		{"less than never", "id,sat_out\na,-1\n", "", "", []string{`m.csv:2:3: "-1" is no whole number from 0`}},
		{"half a round", "id,sat_out\na,1.5\n", "", "", []string{`m.csv:2:3: "1.5" is no whole number`}},
		{"unknown role", "id,role\na,guru\n", "", "", []string{`m.csv:2:3: "guru" is no role`}},
		{"no mentees", "id,role\na,mentor:0\nb,mentee\n", "", "", []string{`m.csv:2:3: "0" is no number of people for a mentor`}},
		{"four at a leader's", "id,role\na,leader:4\n", "", "", []string{`m.csv:2:3: "4" is no number of people for a leader`}},
		{"mentee of two", "id,role\na,mentee:2\nb,mentor\n", "", "", []string{`m.csv:2:3: "2" is no number of people for a mentee`}},
		{"number without a role", "id,role\na,:2\n", "", "", []string{`m.csv:2:3: ":2" is no role`}},
		{"some without a side", "id,role\na,mentor\nb,\n", "", "", []string{"m.csv:3:3: line 2 makes this a mentor match"}},
		{"history empty", good, "\n", "", []string{"h.csv:1:1: the file is empty; its first line has to name the columns: a,b,round,met"}},
		{"history without rounds", good, "a,b\na,b\n", "", []string{`h.csv:1:1: there is no column "round"`}},
		{"history of a stranger", good, "a,b,round\na,b,1\na,zoe,1\n", "", []string{`h.csv:3:3: no member has the id "zoe"; remove this row, or add them`}},
		{"history, other case", good, "a,b,round\nA,b,1\n", "", []string{`h.csv:2:1: no member has the id "A"; is it "a"?`}},
		{"history with oneself", good, "a,b,round\na,a,1\n", "", []string{`h.csv:2:3: "a" stands on both sides`}},
		{"history twice", good, "a,b,round\na,b,1\nb,a,1\n", "", []string{`h.csv:3:1: "b" and "a" in round 1 stand in line 2 already`}},
		{"round 0", good, "a,b,round\na,b,0\n", "", []string{`h.csv:2:5: "0" is no whole number from 1`}},
		{"round missing", good, "a,b,round\na,b,\n", "", []string{"h.csv:2:5: the number of the round is missing"}},
		{"met perhaps", good, "a,b,round,met\na,b,1,maybe\n", "", []string{`h.csv:2:7: "maybe" is not true or false`}},
		{"block of a stranger", good, "", "a,b\nzoe,b\n", []string{`b.csv:2:1: no member has the id "zoe"`}},
		{"block of oneself", good, "", "a,b\nb,b\n", []string{`b.csv:2:3: "b" stands on both sides`}},
		{"a day as round", good, "a,b,round\na,b,2026-03-30\n", "", []string{`h.csv:2:5: "2026-03-30" is a day; rounds count up: write 1 for the first round`}},
		{"block twice, turned round", good, "", "a,b\na,b\nb,a\n", []string{`b.csv:3:1: "b" and "a" stand in line 2 already`}},
		{"block twice", good, "", "a,b\na,b\na,b\n", []string{`b.csv:3:1: "a" and "b" stand in line 2 already`}},
		{"block of nobody", good, "", "a,b\na,\n", []string{"b.csv:2:3: the id is missing"}},
		{"all of it at once", "id,tz\na,Mars\n,UTC\n", "a,b,round\na,zoe,1\n", "", []string{`m.csv:2:3: "Mars"`, "m.csv:3:1: the id", `h.csv:2:3: no member has the id "zoe"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			put(t, "m.csv", c.members)
			line := "match --members m.csv"
			if c.history != "" {
				put(t, "h.csv", c.history)
				line += " --history h.csv"
			}
			if c.blocks != "" {
				put(t, "b.csv", c.blocks)
				line += " --blocks b.csv"
			}
			run := runMatch(t, "", line)
			lines := strings.Split(strings.TrimSpace(run.said), "\n")
			if run.status != 2 || run.out != "" || len(lines) != len(c.want)+1 {
				t.Fatalf("status %d, %q on standard output, and it says\n%s", run.status, run.out, run.said)
			}
			for i, want := range c.want {
				if !strings.HasPrefix(lines[i], want) {
					t.Errorf("it says %s, want %s…", lines[i], want)
				}
			}
		})
	}
}

func TestMatchShowsTheFirstTwentyProblems(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "m.csv", "id,tz\n"+strings.Repeat("a,Mars\n", 30))
	run := runMatch(t, "", "match --members m.csv")
	if lines := strings.Count(run.said, "\n"); run.status != 2 || lines != shownProblems+2 || !strings.Contains(run.said, "… and 10 more\n") {
		t.Errorf("status %d, %d lines:\n%s", run.status, lines, run.said)
	}
}

// The same people, however a spreadsheet writes them.
func TestMatchReadsWhatSpreadsheetsWrite(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "plain.csv", "id,department,tz,work_start,work_end,work_days,sat_out,offers,joined\nana,Sales,Europe/Berlin,09:00,17:00,mon;tue;wed,1,go;sql,2024-01-02\nzoë,Support,,,,,,,\ncy,,,,,,,,\n")
	want := runMatch(t, "", "match --members plain.csv --date 2026-03-30 --json")
	if want.status != 0 {
		t.Fatal(want.said)
	}
	for name, text := range map[string]string{
		"order and case":          "Joined,Offers,Sat Out,WORK-DAYS,work_end,work_start,tz,department,id\n2024-01-02,go;sql,1,mon;tue;wed,17:00,09:00,Europe/Berlin,Sales,ana\n,,,,,,,Support,zoë\n,,,,,,,,cy\n",
		"byte order mark, CRLF":   "\uFEFFid,department,tz,work_start,work_end,work_days,sat_out,offers,joined\r\nana,Sales,Europe/Berlin,9:00 AM,5:00 PM,Mon-Wed,1,go; sql,2024-01-02\r\nzoë,Support,,,,,,,\r\ncy,,,,,,,,\r\n\r\n,,,,,,,,\r\n",
		"semicolons":              "id;department;tz;work_start;work_end;work_days;sat_out;offers;joined\nana;Sales;Europe/Berlin;09:00:00;17:00:00;\"mon;tue;wed\";1;go|sql;2024-01-02\nzoë;Support;;;;;;;\ncy;;;;;;;;\n",
		"told separator, quotes":  "sep=;\r\n\"id\";\"department\";tz;work_start;work_end;work_days;sat_out;offers;joined\r\n\"ana\";\"Sales\";Europe/Berlin;9:00;17:00;monday-wednesday;1;\"sql;go\";2024-01-02\r\nzoë;Support;;;;;;;\r\ncy;;;;;;;;\r\n",
		"tabs and old line ends":  "id\tdepartment\ttz\twork_start\twork_end\twork_days\tsat_out\toffers\tjoined\rana\tSales\tEurope/Berlin\t09:00\t17:00\tmon tue wed\t1\tgo|sql\t2024-01-02\rzoë\tSupport\t\t\t\t\t\t\t\rcy\t\t\t\t\t\t\t\t\r",
		"empty columns, no break": "id,department,tz,work_start,work_end,work_days,sat_out,offers,joined,,\n ana ,Sales,Europe/Berlin,09:00,17:00,mon-wed,1,go;;sql;,2024-01-02,,\nzoë,Support,,,,,0,,,,\n\u00A0cy,,,,,,,,,,",
	} {
		got := runMatch(t, text, "match --members - --date 2026-03-30 --json")
		if got != want {
			t.Errorf("%s: status %d, %s%s, want %s", name, got.status, got.out, got.said, want.out)
		}
	}
}

func TestMatchHistoryAndBlocks(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "m.csv", "id\na\nb\nc\nd\n")
	put(t, "h.csv", "round,met,b,a\n3,yes,a,b\n3,,c,d\n2,no,a,c\n2,1,b,d\n")
	put(t, "b.csv", "a,b\nd,a\n")
	run := runMatch(t, "", "match --members m.csv --history h.csv --blocks b.csv --json")
	// a and c did not meet in round 2; a and d must not meet. So a meets c, and b meets d again, which was longer ago than any other pair's.
	for _, want := range []string{`["a","c"],"reasons":[{"code":"first_meeting"`, `["b","d"],"reasons":[{"code":"met_before"`, `"relaxed": [` + "\n  " + `{"rule":"history","pairs":1,"window":1}]`} {
		if !strings.Contains(run.out, want) {
			t.Errorf("no %s in %s%s", want, run.out, run.said)
		}
	}
}

func TestMatchRefusesACallThatCannotBe(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "m.csv", "id\na\nb\n")
	put(t, "roles.csv", "id,role\na,mentor\nb,mentee\n")
	for _, flags := range []string{
		"", "--members none.csv", "--members .", "--members m.csv extra", "--members m.csv --what", "--members - --history -", "--members m.csv --size 5", "--members m.csv --size two", "--members m.csv --date 30.3.2026",
		"--members m.csv --seed -1", "--members m.csv --seed x", "--members m.csv --different department", "--members m.csv --different department=maybe", "--members m.csv --different shoes=prefer",
		"--members m.csv --different level=require", "--members m.csv --same department=prefer", "--members m.csv --overlap 2=require", "--members m.csv --overlap 0h=require", "--members m.csv --overlap 25h",
		"--members m.csv --overlap 2h=maybe", "--members m.csv --language german", "--members m.csv --manager include", "--members m.csv --trio=perhaps", "--members m.csv --window 0", "--members m.csv --days 0",
		"--members m.csv --simulate -1", "--members m.csv --simulate 0", "--members roles.csv --simulate 2", "--members m.csv --history none.csv",
	} {
		if run := runMatch(t, "", "match "+flags); run.status != 2 || run.out != "" || run.said == "" {
			t.Errorf("match %s: status %d, %q and %q", flags, run.status, run.out, run.said)
		}
	}
}

func FuzzMatchFiles(f *testing.F) {
	f.Add("id,tz\na,UTC\nb,\n", "a,b,round,met\na,b,1,no\n", "a,b\n")
	f.Add("sep=;\r\nid;work_days;role\r\n\"a;\"\"\";mon-fri;mentor:2\r\n", "a,b,round\n", "a,b\na,a\n")
	f.Add("\uFEFFid\n\"a", "\xff\xfe", "a,b\nä,\"x\"y\n")
	f.Fuzz(func(t *testing.T, members, history, blocks string) {
		call := matchCall{files: matchFiles{"m", "h", "b"}}
		var wrong rowProblems
		in := inputOf(call, matchTexts{[]byte(members), []byte(history), []byte(blocks)}, &wrong)
		texts := map[string]string{"m": members, "h": history, "b": blocks}
		for _, p := range wrong.first {
			lines := strings.Split(string(lineFeeds([]byte(texts[p.file]))), "\n")
			if p.line < 1 || p.line > len(lines) || p.column < 1 || p.column > len([]rune(lines[p.line-1]))+1 {
				t.Fatalf("%v is no place in %q", p, texts[p.file])
			}
		}
		if !wrong.none() {
			return
		}
		ids := make(map[string]bool)
		for _, m := range in.Members {
			if m.ID == "" || ids[m.ID] {
				t.Fatalf("id %q is empty or stands twice", m.ID)
			}
			ids[m.ID] = true
		}
		for _, pair := range in.Rules.Blocks {
			if !ids[pair[0]] || !ids[pair[1]] || pair[0] == pair[1] {
				t.Fatalf("%q is no pair of members", fmt.Sprint(pair))
			}
		}
		for _, m := range in.History {
			if !ids[m.A] || !ids[m.B] || m.A == m.B || m.Round < 1 {
				t.Fatalf("%v is no meeting of members", m)
			}
		}
	})
}
