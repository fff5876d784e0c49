package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// parsed runs `rapport parse` and returns the exit status and both outputs.
func parsed(t *testing.T, stdin string, args ...string) (status int, out, said string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	env := func(string) (string, bool) { return "", false }
	status = execute(t.Context(), append([]string{"parse"}, args...), streams{out: &stdout, err: &stderr, env: env, in: strings.NewReader(stdin)})
	return status, stdout.String(), stderr.String()
}

// object decodes one line of JSON, and fails if it is not one.
func object(t *testing.T, line string) map[string]any {
	t.Helper()
	if strings.Count(line, "\n") != 1 {
		t.Errorf("not one line: %q", line)
	}
	var o map[string]any
	if err := json.Unmarshal([]byte(line), &o); err != nil {
		t.Fatalf("decode %q: %v", line, err)
	}
	return o
}

func TestParseSaysHowKudosAreUnderstood(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args []string
		want map[string]any
	}{
		{
			[]string{"--json", "--values", "trust,Über", "<@U1|ana> and <!subteam^S1|@ops> for untangling the invoices #über"},
			map[string]any{
				"action": "give", "recipients": []any{"U1"}, "groups": []any{"S1"}, "message": "untangling the invoices", "value": "Über", "private": false, "error": "",
			},
		},
		{
			[]string{"undo", "--json"},
			map[string]any{"action": "undo", "recipients": []any{}, "groups": []any{}, "message": "", "value": "", "private": false, "error": ""},
		},
		{
			[]string{"--json", "<@U1> <b> & so on, which was a great help --private #trust"},
			map[string]any{
				"action": "give", "recipients": []any{"U1"}, "groups": []any{}, "message": "<b> & so on, which was a great help", "value": "trust", "private": true, "error": "",
			},
		},
		{
			[]string{"--json", "<@U1> thx"},
			map[string]any{
				"action": "error", "recipients": []any{"U1"}, "groups": []any{}, "message": "thx", "value": "", "private": false, "error": "kudos_message_too_short",
			},
		},
	} {
		status, out, said := parsed(t, "", append([]string{"kudos"}, test.args...)...)
		if got := object(t, out); status != 0 || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%q: status %d, %v (%s), want %v", test.args, status, got, said, test.want)
		}
	}
}

func TestParseSaysHowPromisesAreUnderstood(t *testing.T) {
	t.Parallel()
	berlin := []string{"followup", "--json", "--now", "2026-03-25T10:17:00+01:00", "--tz", "Europe/Berlin"}
	friday := map[string]any{"date": "2026-03-27", "time": "17:00", "zone": "Europe/Berlin", "utc": "2026-03-27T16:00:00Z", "explicit_time": false}
	for _, test := range []struct {
		text string
		want map[string]any // among the rest
	}{
		{"<@U2> intro next friday", map[string]any{
			"action": "create", "owner": "U1", "proposed": false, "counterparties": []any{map[string]any{"user": "U2"}}, "text": "intro", "due": friday,
			"alternatives": []any{"2026-04-03"}, "confirm": false, "every": nil, "error": "",
		}},
		{"from <@U2> security answers", map[string]any{"owner": "U2", "proposed": true, "counterparties": []any{map[string]any{"user": "U1"}}, "due": nil}},
		{`to "Jane Doe, Acme" send SOW by friday`, map[string]any{"counterparties": []any{map[string]any{"name": "Jane Doe", "org": "Acme"}}, "due": friday}},
		{"move #7 to friday", map[string]any{"action": "move", "id": 7.0, "due": friday}},
		{"every 2 weeks check in with <@U2>", map[string]any{"every": map[string]any{"unit": "week", "n": 2.0, "anchor": "completion"}}},
		{"water the plants by yesterday", map[string]any{"action": "error", "error": "followup_past_date"}},
	} {
		status, out, said := parsed(t, "", append(slices.Clone(berlin), test.text)...)
		got := object(t, out)
		maps.DeleteFunc(got, func(name string, _ any) bool { _, asked := test.want[name]; return !asked })
		if status != 0 || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%q: status %d, %v (%s), want %v", test.text, status, got, said, test.want)
		}
	}
}

func TestParseReadsLines(t *testing.T) {
	t.Parallel()
	lines := `{"text":"3/4","now":"2026-03-25T10:17:00+01:00","tz":"Europe/Berlin","locale":"de-DE"}

{"text":"3/4","now":"2026-03-25T10:17:00+01:00","tz":"Europe/Berlin","locale":"en-US"}
{"text":"whenever"}
`
	status, out, said := parsed(t, lines, "date", "--now", "2026-03-25T10:17:00+01:00")
	var dates []any
	for line := range strings.Lines(out) {
		date := any(nil)
		if due, ok := object(t, line)["due"].(map[string]any); ok {
			date = due["date"]
		}
		dates = append(dates, date, object(t, line)["error"])
	}
	if want := []any{"2026-04-03", "", "2027-03-04", "", nil, "not_a_date"}; status != 0 || !reflect.DeepEqual(dates, want) {
		t.Errorf("status %d, %v (%s), want %v", status, dates, said, want)
	}
}

func TestParseRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		stdin, out, said string
		args             []string
	}{
		{args: []string{"date", "--tz", "Berlin", "friday"}, said: `read time zone "Berlin": it has to be an IANA name, such as Europe/Berlin`},
		{args: []string{"date", "--now", "noon", "friday"}, said: `read now "noon"`},
		{args: []string{"poem"}, said: `unknown act "poem"`},
		{args: []string{"kudos", "--colour", "red", "x"}, said: "flag provided but not defined"},
		{args: []string{"kudos"}, stdin: `{"text":"help"}` + "\n{\"txt\":\"help\"}\n", out: `"action":"help"`, said: `line 2: read a JSON object`},
		{args: []string{"kudos"}, stdin: `{"text":"help"} {}`, out: `"action":"error"`, said: "line 1: read a JSON object: something stands behind it"},
		{args: []string{"kudos"}, stdin: `{"text":"help"} }`, out: `"action":"error"`, said: "line 1: read a JSON object: something stands behind it"},
		{args: []string{"kudos"}, stdin: `help`, out: `"action":"error"`, said: "line 1"},
		{args: []string{"kudos"}, stdin: "\n{\"text\":\"mine\"}\nnull\n", out: `"action":"mine"`, said: "line 3: read a JSON object"},
		{args: []string{"kudos"}, stdin: `["help"]`, out: `"action":"error"`, said: "line 1: read a JSON object"},
		{args: []string{"kudos"}, stdin: `{"text":7}`, out: `"action":"error"`, said: "line 1: read a JSON object"},
		{args: []string{"kudos"}, stdin: `{"text":"` + strings.Repeat("a", longestLine) + `"}`, said: "line 1: longer than 4 MiB"},
	} {
		status, out, said := parsed(t, test.stdin, test.args...)
		if status != 2 || !strings.Contains(said, test.said) || !strings.Contains(out, test.out) || test.out == "" && out != "" {
			t.Errorf("%q < %q: status %d, %q, %q", test.args, test.stdin, status, out, said)
		}
	}
}

// TestParseSaysEveryActionOfKudos has a line for each action and each error, with the exact words that tools read.
func TestParseSaysEveryActionOfKudos(t *testing.T) {
	t.Parallel()
	const did = "untangled the release scripts"
	for _, test := range []struct{ text, want string }{
		{"", `{"action":"modal","recipients":[],"groups":[],"message":"","value":"","private":false,"error":""}`},
		{" HELP ", `{"action":"help","recipients":[],"groups":[],"message":"","value":"","private":false,"error":""}`},
		{"mine", `{"action":"mine","recipients":[],"groups":[],"message":"","value":"","private":false,"error":""}`},
		{"undo", `{"action":"undo","recipients":[],"groups":[],"message":"","value":"","private":false,"error":""}`},
		{"digest", `{"action":"digest","recipients":[],"groups":[],"message":"","value":"","private":false,"error":""}`},
		{"forget-me", `{"action":"forget-me","recipients":[],"groups":[],"message":"","value":"","private":false,"error":""}`},
		{
			"<@U1|ana>, <@W2> and <!subteam^S1|@h> for " + did + " #trust --private",
			`{"action":"give","recipients":["U1","W2"],"groups":["S1"],"message":"` + did + `","value":"trust","private":true,"error":""}`,
		},
		{"<@U1>", `{"action":"modal","recipients":["U1"],"groups":[],"message":"","value":"","private":false,"error":""}`},
		{"help <@U1> was great", `{"action":"modal","recipients":["U1"],"groups":[],"message":"help <@U1> was great","value":"","private":false,"error":"kudos_no_recipient"}`},
		{"@ana " + did, `{"action":"modal","recipients":[],"groups":[],"message":"@ana ` + did + `","value":"","private":false,"error":"kudos_unpicked_person"}`},
		{"<#C1|general> " + did, `{"action":"modal","recipients":[],"groups":[],"message":"<#C1|general> ` + did + `","value":"","private":false,"error":"kudos_no_recipient"}`},
		{"<@U1> " + did + " --privat", `{"action":"modal","recipients":["U1"],"groups":[],"message":"` + did + ` --privat","value":"","private":true,"error":"kudos_unclear_private"}`},
		{"<@U1> thx", `{"action":"error","recipients":["U1"],"groups":[],"message":"thx","value":"","private":false,"error":"kudos_message_too_short"}`},
		{
			"<@U1> " + strings.Repeat("ü", 1001),
			`{"action":"error","recipients":["U1"],"groups":[],"message":"` + strings.Repeat("ü", 1001) + `","value":"","private":false,"error":"kudos_message_too_long"}`,
		},
		{
			"<@U1><@U2><@U3><@U4><@U5><@U6><@U7><@U8><@U9><@U10><@U11> " + did,
			`{"action":"error","recipients":["U1","U2","U3","U4","U5","U6","U7","U8","U9","U10","U11"],"groups":[],"message":"` + did + `","value":"","private":false,"error":"kudos_too_many_people"}`,
		},
		{"<@U1> a\x00b " + did, `{"action":"give","recipients":["U1"],"groups":[],"message":"a\u0000b ` + did + `","value":"","private":false,"error":""}`},
	} {
		line, err := json.Marshal(map[string]string{"text": test.text})
		if err != nil {
			t.Fatal(err)
		}
		for way, out := range map[string]string{
			"argument": second(parsed(t, "", "kudos", "--json", "--", test.text)), "line": second(parsed(t, string(line), "kudos")),
		} {
			if out != test.want+"\n" {
				t.Errorf("%.200q as %s:\n got %swant %s", test.text, way, out, test.want)
			}
		}
	}
}

// second is what a command printed.
func second(_ int, out, _ string) string { return out }

func TestParseReadsAMegabyte(t *testing.T) {
	t.Parallel()
	text := "<@U1> " + strings.Repeat("\u00fc", 1<<20)
	status, out, said := parsed(t, `{"text":"`+text+`"}`, "kudos")
	if status != 0 || object(t, out)["error"] != "kudos_message_too_long" {
		t.Errorf("status %d, %.100s, %s", status, out, said)
	}
}

func TestParseForAPersonTakesSeveralLines(t *testing.T) {
	t.Parallel()
	status, out, _ := parsed(t, "", "kudos", "help")
	if status != 0 || !strings.Contains(out, "\n  \"action\": \"help\",\n") {
		t.Errorf("status %d, %q", status, out)
	}
}
