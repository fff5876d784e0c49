package slackapp

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// raw is a block with any content, past the builders that keep the limits.
func raw(fields map[string]any) slack.Block { return sealedBlock(fields) }

func textObject(kind string, n int) map[string]any {
	return map[string]any{"type": kind, "text": strings.Repeat("ä", n)}
}

func rawButton(change map[string]any) map[string]any {
	b := map[string]any{"type": "button", "action_id": "a.b", "text": textObject("plain_text", 3)}
	maps.Copy(b, change)
	return b
}

func rawActions(elements ...any) slack.Block {
	return raw(map[string]any{"type": "actions", "elements": elements})
}

func rawOptions(n, text int) []any {
	options := make([]any, n)
	for i := range options {
		options[i] = map[string]any{"text": textObject("plain_text", text), "value": fmt.Sprint(i)}
	}
	return options
}

func rawInput(element map[string]any) slack.Block {
	return raw(map[string]any{"type": "input", "block_id": "b", "label": textObject("plain_text", 3), "element": element})
}

func TestMessagesAtAndOverEachLimit(t *testing.T) {
	for _, tt := range []struct {
		name  string
		at    []slack.Block
		over  []slack.Block
		where string // of the problem
	}{
		{
			"section",
			[]slack.Block{raw(map[string]any{"type": "section", "text": textObject("mrkdwn", 3000)})},
			[]slack.Block{raw(map[string]any{"type": "section", "text": textObject("mrkdwn", 3001)})},
			"blocks[0].text",
		},
		{
			"empty text",
			[]slack.Block{section("x")},
			[]slack.Block{raw(map[string]any{"type": "section", "text": textObject("mrkdwn", 0)})},
			"blocks[0].text",
		},
		{
			"fields",
			[]slack.Block{raw(map[string]any{"type": "section", "fields": slices.Repeat([]any{textObject("mrkdwn", 9)}, 10)})},
			[]slack.Block{raw(map[string]any{"type": "section", "fields": slices.Repeat([]any{textObject("mrkdwn", 9)}, 11)})},
			"blocks[0].fields",
		},
		{
			"field",
			[]slack.Block{raw(map[string]any{"type": "section", "fields": []any{textObject("mrkdwn", 2000)}})},
			[]slack.Block{raw(map[string]any{"type": "section", "fields": []any{textObject("mrkdwn", 2001)}})},
			"blocks[0].fields[0]",
		},
		{
			"header",
			[]slack.Block{raw(map[string]any{"type": "header", "text": textObject("plain_text", 150)})},
			[]slack.Block{raw(map[string]any{"type": "header", "text": textObject("plain_text", 151)})},
			"blocks[0].text",
		},
		{
			"mrkdwn in a header",
			[]slack.Block{header("x")},
			[]slack.Block{raw(map[string]any{"type": "header", "text": textObject("mrkdwn", 5)})},
			"blocks[0].text",
		},
		{
			"context",
			[]slack.Block{raw(map[string]any{"type": "context", "elements": slices.Repeat([]any{textObject("mrkdwn", 5)}, 10)})},
			[]slack.Block{raw(map[string]any{"type": "context", "elements": slices.Repeat([]any{textObject("mrkdwn", 5)}, 11)})},
			"blocks[0].elements",
		},
		{
			"buttons in a row",
			[]slack.Block{rawActions(slices.Repeat([]any{rawButton(nil)}, 25)...)},
			[]slack.Block{rawActions(slices.Repeat([]any{rawButton(nil)}, 26)...)},
			"blocks[0].elements",
		},
		{
			"button text",
			[]slack.Block{rawActions(rawButton(map[string]any{"text": textObject("plain_text", 75)}))},
			[]slack.Block{rawActions(rawButton(map[string]any{"text": textObject("plain_text", 76)}))},
			"blocks[0].elements[0].text",
		},
		{
			"button value",
			[]slack.Block{rawActions(rawButton(map[string]any{"value": strings.Repeat("v", 2000)}))},
			[]slack.Block{rawActions(rawButton(map[string]any{"value": strings.Repeat("v", 2001)}))},
			"blocks[0].elements[0].value",
		},
		{
			"action id",
			[]slack.Block{rawActions(rawButton(map[string]any{"action_id": strings.Repeat("a", 255)}))},
			[]slack.Block{rawActions(rawButton(map[string]any{"action_id": strings.Repeat("a", 256)}))},
			"blocks[0].elements[0].action_id",
		},
		{
			"no action id",
			[]slack.Block{rawActions(rawButton(nil))},
			[]slack.Block{rawActions(rawButton(map[string]any{"action_id": ""}))},
			"blocks[0].elements[0].action_id",
		},
		{
			"style",
			[]slack.Block{rawActions(rawButton(map[string]any{"style": "danger"}))},
			[]slack.Block{rawActions(rawButton(map[string]any{"style": "green"}))},
			"blocks[0].elements[0].style",
		},
		{
			"confirmation",
			[]slack.Block{actions(confirmed(button("a.b", "1", "x"), "t", strings.Repeat("q", 400), "y", "n"))},
			[]slack.Block{rawActions(rawButton(map[string]any{"confirm": map[string]any{
				"title": textObject("plain_text", 1), "text": textObject("plain_text", 301), "confirm": textObject("plain_text", 1), "deny": textObject("plain_text", 1),
			}}))},
			"blocks[0].elements[0].confirm.text",
		},
		{
			"options of a select",
			[]slack.Block{rawActions(map[string]any{"type": "static_select", "action_id": "a", "options": rawOptions(100, 75)})},
			[]slack.Block{rawActions(map[string]any{"type": "static_select", "action_id": "a", "options": rawOptions(101, 75)})},
			"blocks[0].elements[0].options",
		},
		{
			"option text",
			[]slack.Block{rawActions(map[string]any{"type": "overflow", "action_id": "a", "options": rawOptions(5, 75)})},
			[]slack.Block{rawActions(map[string]any{"type": "overflow", "action_id": "a", "options": rawOptions(5, 76)})},
			"blocks[0].elements[0].options[0].text",
		},
		{
			"overflow",
			[]slack.Block{rawActions(map[string]any{"type": "overflow", "action_id": "a", "options": rawOptions(5, 3)})},
			[]slack.Block{rawActions(map[string]any{"type": "overflow", "action_id": "a", "options": rawOptions(6, 3)})},
			"blocks[0].elements[0].options",
		},
		{
			"radio",
			[]slack.Block{rawActions(map[string]any{"type": "radio_buttons", "action_id": "a", "options": rawOptions(10, 3)})},
			[]slack.Block{rawActions(map[string]any{"type": "radio_buttons", "action_id": "a", "options": rawOptions(11, 3)})},
			"blocks[0].elements[0].options",
		},
		{
			"initial option",
			[]slack.Block{rawActions(map[string]any{"type": "static_select", "action_id": "a", "options": rawOptions(2, 3), "initial_option": rawOptions(2, 3)[1]})},
			[]slack.Block{rawActions(map[string]any{"type": "static_select", "action_id": "a", "options": rawOptions(2, 3), "initial_option": rawOptions(3, 3)[2]})},
			"blocks[0].elements[0].initial_option",
		},
		{
			"blocks", slices.Repeat([]slack.Block{divider()}, 50), slices.Repeat([]slack.Block{divider()}, 51), "blocks",
		},
		{
			"all text", slices.Repeat([]slack.Block{section(strings.Repeat("x", 2500))}, 4),
			append(slices.Repeat([]slack.Block{section(strings.Repeat("x", 2500))}, 4), section("x")), "blocks",
		},
		{
			"block ids",
			[]slack.Block{raw(map[string]any{"type": "divider", "block_id": "a"}), raw(map[string]any{"type": "divider", "block_id": "b"})},
			slices.Repeat([]slack.Block{raw(map[string]any{"type": "divider", "block_id": "a"})}, 2), "blocks[1].block_id",
		},
		{
			"image",
			[]slack.Block{raw(map[string]any{"type": "image", "image_url": "https://x", "alt_text": "x"})},
			[]slack.Block{raw(map[string]any{"type": "image", "image_url": "https://x"})},
			"blocks[0].alt_text",
		},
		{
			"markdown",
			[]slack.Block{raw(map[string]any{"type": "markdown", "text": strings.Repeat("x", 9000)})},
			[]slack.Block{raw(map[string]any{"type": "markdown", "text": strings.Repeat("x", 12001)})},
			"blocks[0].text",
		},
		{
			"pie", []slack.Block{raw(pie(6, 20))}, []slack.Block{raw(pie(7, 20))}, "blocks[0].chart.segments",
		},
		{
			"pie label", []slack.Block{raw(pie(1, 20))}, []slack.Block{raw(pie(1, 21))}, "blocks[0].chart.segments[0].label",
		},
		{
			"unknown block", []slack.Block{divider()}, []slack.Block{raw(map[string]any{"type": "video"})}, "blocks[0]",
		},
	} {
		if _, err := (Message{Text: "x", Blocks: tt.at}).seal(); err != nil {
			t.Errorf("%s at the limit: %v", tt.name, err)
		}
		if _, err := (Message{Text: "x", Blocks: tt.over}).seal(); err == nil || !strings.Contains(err.Error(), tt.where+":") {
			t.Errorf("%s over the limit: %v, want a problem at %s", tt.name, err, tt.where)
		}
	}
	for text, ok := range map[string]bool{"": false, "  \n": false, strings.Repeat("ü", 4000): true, strings.Repeat("ü", 4001): false} {
		if _, err := (Message{Text: text}).seal(); (err == nil) != ok {
			t.Errorf("text of %d bytes: %v", len(text), err)
		}
	}
}

func pie(segments, label int) map[string]any {
	list := make([]any, segments)
	for i := range list {
		list[i] = map[string]any{"label": strings.Repeat("x", label), "value": 1}
	}
	return map[string]any{"type": "data_visualization", "chart": map[string]any{"type": "pie", "segments": list}}
}

func TestModalsAtAndOverEachLimit(t *testing.T) {
	input := Input{Block: "b", Label: "l"}.text("", "", 0, false)
	for name, tt := range map[string]struct {
		modal Modal
		ok    bool
	}{
		"long title is cut":             {Modal{Title: strings.Repeat("t", 30), Blocks: []slack.Block{divider()}}, true},
		"input without submit":          {Modal{Title: "t", Blocks: []slack.Block{input}}, false},
		"input with submit":             {Modal{Title: "t", Submit: "s", Blocks: []slack.Block{input}}, true},
		"the same input twice":          {Modal{Title: "t", Submit: "s", Blocks: []slack.Block{input, input}}, false},
		"metadata":                      {Modal{Title: "t", PrivateMetadata: strings.Repeat("m", 3000), Blocks: []slack.Block{divider()}}, true},
		"metadata too long":             {Modal{Title: "t", PrivateMetadata: strings.Repeat("m", 3001), Blocks: []slack.Block{divider()}}, false},
		"callback id too long":          {Modal{Title: "t", CallbackID: strings.Repeat("m", 256), Blocks: []slack.Block{divider()}}, false},
		"100 blocks":                    {Modal{Title: "t", Blocks: slices.Repeat([]slack.Block{divider()}, 100)}, true},
		"101 blocks":                    {Modal{Title: "t", Blocks: slices.Repeat([]slack.Block{divider()}, 101)}, false},
		"over 250 KB":                   {Modal{Title: "t", Blocks: slices.Repeat([]slack.Block{section(strings.Repeat("ä", 2900))}, 50)}, false},
		"placeholder too long":          {Modal{Title: "t", Submit: "s", Blocks: []slack.Block{rawInput(map[string]any{"type": "plain_text_input", "action_id": "a", "placeholder": textObject("plain_text", 151)})}}, false},
		"max_length below min_length":   {Modal{Title: "t", Submit: "s", Blocks: []slack.Block{rawInput(map[string]any{"type": "plain_text_input", "action_id": "a", "min_length": 5, "max_length": 4})}}, false},
		"initial value over max_length": {Modal{Title: "t", Submit: "s", Blocks: []slack.Block{rawInput(map[string]any{"type": "plain_text_input", "action_id": "a", "initial_value": "12345", "max_length": 4})}}, false},
		"unknown element":               {Modal{Title: "t", Submit: "s", Blocks: []slack.Block{rawInput(map[string]any{"type": "file_input", "action_id": "a"})}}, false},
	} {
		if _, err := tt.modal.seal(); (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (Home{Blocks: slices.Repeat([]slack.Block{divider()}, 101)}).seal(); err == nil {
		t.Error("home with 101 blocks is sealed")
	}
}

// Whatever is put into the builders, Slack takes what comes out.
func TestBuildersKeepTheLimits(t *testing.T) {
	long := strings.Repeat("👩‍👩‍👧 <@U123> wörd ", 900)
	blocks := []slack.Block{
		header(long), section(long), fields(slices.Repeat([]string{"f"}, 12)...), contextLine(slices.Repeat([]string{"c"}, 12)...),
		sectionWith("x", menu("a.menu", option("1", long), optionWith("2", long, long))),
		actions(primary(button("a.b", "1", long)), confirmed(danger(button("a.b", "1", long)), long, long, long, long)),
	}
	if _, err := (Message{Text: "x", Blocks: blocks}).seal(); err != nil {
		t.Error(err)
	}
	form := []slack.Block{
		Input{Block: "1", Label: long, Hint: long}.text(long, long, 100, true),
		Input{Block: "2", Label: "l"}.choice("b", long, option("a", "A"), option("b", "B")),
		Input{Block: "3", Label: "l"}.radio("zzz", option("a", "A")),
		Input{Block: "4", Label: "l"}.checkboxes([]string{"a"}, option("a", "A"), option("b", "B")),
		Input{Block: "5", Label: "l"}.date(bot.Date{Year: 2026, Month: 3, Day: 7}),
		Input{Block: "6", Label: "l"}.clock(9*60 + 5),
		Input{Block: "8", Label: "l", Optional: true}.members(nil, long, 10),
		Input{Block: "9", Label: "l", Dispatch: true}.channel("C1", long),
	}
	view, err := (Modal{Title: long, Submit: long, Close: long, CallbackID: "a.b", Blocks: form}).seal()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "form", shortened(view))
}

// shortened keeps only the beginning of what was cut, for reading.
func shortened(v any) any {
	generic, err := toGeneric(v)
	if err != nil {
		return err.Error()
	}
	var walk func(any) any
	walk = func(node any) any {
		switch node := node.(type) {
		case map[string]any:
			for k, v := range node {
				node[k] = walk(v)
			}
		case []any:
			for i, v := range node {
				node[i] = walk(v)
			}
		case string:
			return bot.CutText(node, 30)
		}
		return node
	}
	return walk(generic)
}

func TestParagraphsLoseNothing(t *testing.T) {
	text := strings.Repeat("<@U123> said `code` and 👩‍👩‍👧 more. ", 400)
	var joined strings.Builder
	for _, b := range paragraphs(text) {
		part := b.(*slack.SectionBlock).Text.Text
		if strings.Count(part, "<") != strings.Count(part, ">") || strings.HasPrefix(part, "\u200d") {
			t.Error("cut inside a mention or an emoji")
		}
		joined.WriteString(part)
	}
	if joined.String() != text {
		t.Error("the paragraphs are not the text")
	}
	if hostile := strings.Repeat("`", 1) + strings.Repeat("x", 9000) + "`"; len(paragraphs(hostile)) == 0 {
		t.Error("a piece longer than a paragraph is lost")
	}
}

func TestRepeatedActionsGetAnOrdinal(t *testing.T) {
	m, err := Message{Text: "x", Blocks: []slack.Block{
		actions(button("kudos.undo", "1", "Undo A"), button("kudos.undo", "2", "Undo B")), sectionWith("x", button("kudos.undo", "3", "Undo C")),
	}}.seal()
	if err != nil {
		t.Fatal(err)
	}
	got := written(m.Blocks)
	for _, want := range []string{`"kudos.undo"`, `"kudos.undo:2"`, `"kudos.undo:3"`} {
		if strings.Count(got, `"action_id":`+want) != 1 {
			t.Errorf("%s is not there once: %s", want, got)
		}
	}
	if actionName("kudos.undo:3") != "kudos.undo" || actionName("kudos.undo") != "kudos.undo" {
		t.Error("the ordinal is part of the name")
	}
}
