package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestParseSaysEveryActionOfFollowups has a line for each action and each error, with the exact words that tools read.
func TestParseSaysEveryActionOfFollowups(t *testing.T) {
	t.Parallel()
	const rest = `"alternatives":[],"confirm":false,"every":null,`
	friday := dueJSON("2026-03-27", "17:00", "2026-03-27T16:00:00Z", false)
	line := func(action, who, text, due, fault string) string {
		return `{"action":"` + action + `",` + who + `,"text":"` + text + `","due":` + due + `,` + rest + `"error":"` + fault + `"}`
	}
	nobody := `"owner":"U1","proposed":false,"counterparties":[]`
	seven := `"id":7,` + nobody
	for _, test := range []struct{ text, want string }{
		{" ", line("modal", nobody, "", "null", "")},
		{"<@U2>", line("modal", `"owner":"U1","proposed":false,"counterparties":[{"user":"U2"}]`, "", "null", "")},
		{"HELP", line("help", nobody, "", "null", "")},
		{"list", line("list", nobody, "", "null", "")},
		{"done #7", line("done", seven, "", "null", "")},
		{"drop #7 it rained", line("drop", seven, "it rained", "null", "")},
		{"move #7 to friday", line("move", seven, "", friday, "")},
		{"snooze #7 until friday", line("snooze", seven, "", friday, "")},
		{"give #7 <@U2>", line("give", `"id":7,"owner":"U2","proposed":true,"counterparties":[]`, "", "null", "")},
		{"from <@U2> answers fri", line("create", `"owner":"U2","proposed":true,"counterparties":[{"user":"U1"}]`, "answers", friday, "")},
		{"a\x00b by friday", line("create", nobody, `a\u0000b`, friday, "")},
		{"done 7", line("error", nobody, "", "null", "followup_needs_id")},
		{"done #7 #8", line("error", seven, "", "null", "followup_one_id")},
		{"move #7", line("error", seven, "", "null", "followup_needs_date")},
		{"move #7 to the moon", line("error", seven, "", "null", "followup_not_a_date")},
		{"give #7", line("error", seven, "", "null", "followup_needs_person")},
		{"@ana deck fri", line("error", nobody, "deck", friday, "followup_unpicked_name")},
		{"<!here> deck fri", line("error", nobody, "deck", friday, "followup_person")},
		{"deck by yesterday", line("error", nobody, "deck", "null", "followup_past_date")},
		{"deck by 2126-03-01", line("error", nobody, "deck", "null", "followup_too_far")},
	} {
		asked, err := json.Marshal(map[string]string{"text": test.text, "now": "2026-03-25T10:17:00+01:00", "tz": "Europe/Berlin", "locale": "en-US", "invoker": "U1"})
		if err != nil {
			t.Fatal(err)
		}
		arguments := []string{"followup", "--json", "--now", "2026-03-25T10:17:00+01:00", "--tz", "Europe/Berlin", "--locale", "en-US", "--invoker", "U1", "--", test.text}
		for way, out := range map[string]string{"argument": second(parsed(t, "", arguments...)), "line": second(parsed(t, string(asked), "followup"))} {
			if out != test.want+"\n" {
				t.Errorf("%q as %s:\n got %swant %s", test.text, way, out, test.want)
			}
		}
	}
}

func TestParseFollowupReadsAMegabyte(t *testing.T) {
	t.Parallel()
	text := "<@U2> " + strings.Repeat("\u00fc", 1<<19) + " by friday"
	for _, name := range []string{"followup", "date"} {
		status, out, said := parsed(t, `{"text":"`+text+`","now":"2026-03-25T10:17:00+01:00","tz":"Europe/Berlin"}`, name)
		if due, dated := object(t, out)["due"].(map[string]any); status != 0 || dated != (name == "followup") || dated && due["date"] != "2026-03-27" {
			t.Errorf("%s: status %d, %.100s, %s", name, status, out, said)
		}
	}
}

// TestParseFollowupRefusesBadLines holds that a bad line is answered and named, and that those around it are read.
func TestParseFollowupRefusesBadLines(t *testing.T) {
	t.Parallel()
	good := `{"text":"x by friday","now":"2026-03-25T10:17:00+01:00","tz":"Europe/Berlin"}` + "\n"
	for bad, want := range map[string]string{
		`nonsense`: "line 2: read a JSON object", `{"text":"x","tz":"Mars/Base"}`: `line 2: read time zone "Mars/Base"`, `{"text":"x","now":"soon"}`: `line 2: read now "soon"`,
		`{"text":"x","locale":"in English"}`: `line 2: read locale "in English"`, `{"text":"x","now":7}`: "line 2: read a JSON object",
		`{"text":"x","user":"U1"}`: "line 2: read a JSON object", `{"text":["x"]}`: "line 2: read a JSON object",
	} {
		for _, name := range []string{"followup", "date"} {
			status, out, said := parsed(t, good+bad+"\n"+good, name)
			answers := strings.SplitAfter(out, "\n")
			if status != 2 || !strings.Contains(said, want) || len(answers) != 4 || answers[0] == answers[1] || answers[0] != answers[2] {
				t.Fatalf("%s around %s: status %d, %q, %q", name, bad, status, out, said)
			}
			if answer := object(t, answers[1]); answer["action"] != "error" || !strings.HasPrefix(answer["error"].(string), want) {
				t.Errorf("%s around %s: answered with %v", name, bad, answer)
			}
		}
	}
	// What a line does not say is what the command line says, or its default.
	status, out, said := parsed(t, "{}\n"+`{"text":"from <@U2> x"}`+"\n", "followup", "--invoker", "U9")
	if status != 0 || !strings.Contains(out, `"action":"modal","owner":"U9"`) || !strings.Contains(out, `"owner":"U2","proposed":true,"counterparties":[{"user":"U9"}]`) {
		t.Errorf("status %d, %s, %s", status, out, said)
	}
}

func TestParseDateReadsRules(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"every first monday": `{"due":` + dueJSON("2026-04-06", "17:00", "2026-04-06T15:00:00Z", false) +
			`,"alternatives":[],"confirm":false,"every":{"unit":"month","n":1,"on":["first monday"],"anchor":"calendar"},"error":""}`,
		"every 2 weeks": `{"due":` + dueJSON("2026-04-08", "17:00", "2026-04-08T15:00:00Z", false) +
			`,"alternatives":[],"confirm":false,"every":{"unit":"week","n":2,"anchor":"completion"},"error":""}`,
		"deck every friday": `{"due":null,"alternatives":[],"confirm":false,"every":null,"error":"not_a_date"}`,
		"":                  `{"due":null,"alternatives":[],"confirm":false,"every":null,"error":"not_a_date"}`,
	} {
		if _, out, said := parsed(t, "", "date", "--json", "--now", "2026-03-25T10:17:00+01:00", "--tz", "Europe/Berlin", "--", text); out != want+"\n" {
			t.Errorf("%q:\n got %s%swant %s", text, out, said, want)
		}
	}
}
