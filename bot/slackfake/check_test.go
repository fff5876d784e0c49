package slackfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
)

// letters are n characters of two bytes each, so that counting bytes shows.
func letters(n int) string { return strings.Repeat("é", n) }

func plainObj(n int) in { return in{"type": "plain_text", "text": letters(n)} }

func mrkdwnObj(n int) in { return in{"type": "mrkdwn", "text": letters(n)} }

func button(more in) in {
	b := in{"type": "button", "text": plainObj(2)}
	maps.Copy(b, more)
	return b
}

func actions(elements ...any) in { return in{"type": "actions", "elements": elements} }

func input(element any, more in) in {
	b := in{"type": "input", "label": plainObj(2), "element": element}
	maps.Copy(b, more)
	return b
}

func choice(i int) in { return in{"text": plainObj(1), "value": fmt.Sprint(i)} }

func choicesOf(n int) []any {
	all := []any{}
	for i := range n {
		all = append(all, choice(i))
	}
	return all
}

func repeat(n int, item any) []any {
	all := []any{}
	for range n {
		all = append(all, item)
	}
	return all
}

func selectOf(more in) in {
	s := in{"type": "static_select", "options": choicesOf(1)}
	maps.Copy(s, more)
	return s
}

func pie(segments int, label int) in {
	all := []any{}
	for i := range segments {
		all = append(all, in{"label": letters(label-1) + fmt.Sprint(i), "value": 1})
	}
	return in{"type": "data_visualization", "title": "t", "chart": in{"type": "pie", "segments": all}}
}

// bars is a chart of so many series over so many points.
func bars(series, points int, axes in) in {
	var categories, data, all []any
	for i := range points {
		categories = append(categories, fmt.Sprint(i))
		data = append(data, in{"label": fmt.Sprint(i), "value": i - 3})
	}
	for i := range series {
		all = append(all, in{"name": fmt.Sprint(i), "data": data})
	}
	config := in{"categories": categories}
	maps.Copy(config, axes)
	return in{"type": "data_visualization", "title": "t", "chart": in{"type": "bar", "series": all, "axis_config": config}}
}

// edge is one limit of a message: what is built for n passes for most and is refused one above, at a path.
type edge struct {
	name  string
	most  int
	build func(n int) any // a block, or a list of blocks
	path  string
	code  string
}

func messageEdges() []edge {
	confirm := func(field string, v any) in {
		c := in{"title": plainObj(1), "text": mrkdwnObj(1), "confirm": plainObj(1), "deny": plainObj(1)}
		c[field] = v
		return button(in{"confirm": c})
	}
	return []edge{
		{"blocks", 50, func(n int) any { return repeat(n, in{"type": "divider"}) }, "/blocks", ""},
		{"all characters", 10_000, func(n int) any {
			return []any{in{"type": "markdown", "text": letters(n - 3000)}, in{"type": "section", "text": mrkdwnObj(3000)}}
		}, "/blocks", "msg_blocks_too_long"},
		{"section text", 3000, func(n int) any { return in{"type": "section", "text": mrkdwnObj(n)} }, "/blocks/0/text/text", ""},
		{"fields", 10, func(n int) any { return in{"type": "section", "fields": repeat(n, mrkdwnObj(1))} }, "/blocks/0/fields", ""},
		{"field text", 2000, func(n int) any { return in{"type": "section", "fields": []any{plainObj(n)}} }, "/blocks/0/fields/0/text", ""},
		{"header", 150, func(n int) any { return in{"type": "header", "text": plainObj(n)} }, "/blocks/0/text/text", ""},
		{"context elements", 10, func(n int) any { return in{"type": "context", "elements": repeat(n, mrkdwnObj(1))} }, "/blocks/0/elements", ""},
		{"actions", 25, func(n int) any { return actions(repeat(n, button(nil))...) }, "/blocks/0/elements", ""},
		{"button text", 75, func(n int) any { return actions(in{"type": "button", "text": plainObj(n)}) }, "/blocks/0/elements/0/text/text", ""},
		{"button value", 2000, func(n int) any { return actions(button(in{"value": letters(n)})) }, "/blocks/0/elements/0/value", ""},
		{"button url", 3000, func(n int) any { return actions(button(in{"url": "https://" + strings.Repeat("a", n-8)})) }, "/blocks/0/elements/0/url", ""},
		{"button label for screen readers", 75, func(n int) any { return actions(button(in{"accessibility_label": letters(n)})) }, "/blocks/0/elements/0/accessibility_label", ""},
		{"action_id", 255, func(n int) any { return actions(button(in{"action_id": letters(n)})) }, "/blocks/0/elements/0/action_id", ""},
		{"block_id", 255, func(n int) any { return in{"type": "divider", "block_id": letters(n)} }, "/blocks/0/block_id", ""},
		{"option text", 75, func(n int) any { return actions(selectOf(in{"options": []any{in{"text": plainObj(n), "value": "1"}}})) }, "/blocks/0/elements/0/options/0/text/text", ""},
		{"option value", 75, func(n int) any {
			return actions(selectOf(in{"options": []any{in{"text": plainObj(1), "value": letters(n)}}}))
		}, "/blocks/0/elements/0/options/0/value", ""},
		{"option description", 75, func(n int) any {
			return actions(selectOf(in{"options": []any{in{"text": plainObj(1), "value": "1", "description": plainObj(n)}}}))
		}, "/blocks/0/elements/0/options/0/description/text", ""},
		{"options", 100, func(n int) any { return actions(selectOf(in{"options": choicesOf(n)})) }, "/blocks/0/elements/0/options", ""},
		{"option groups", 100, func(n int) any {
			return actions(in{"type": "static_select", "option_groups": repeat(n, in{"label": plainObj(1), "options": choicesOf(1)})})
		}, "/blocks/0/elements/0/option_groups", ""},
		{"options of a group", 100, func(n int) any {
			return actions(in{"type": "static_select", "option_groups": []any{in{"label": plainObj(1), "options": choicesOf(n)}}})
		}, "/blocks/0/elements/0/option_groups/0/options", ""},
		{"group label", 75, func(n int) any {
			return actions(in{"type": "static_select", "option_groups": []any{in{"label": plainObj(n), "options": choicesOf(1)}}})
		}, "/blocks/0/elements/0/option_groups/0/label/text", ""},
		{"radio buttons", 10, func(n int) any { return actions(in{"type": "radio_buttons", "options": choicesOf(n)}) }, "/blocks/0/elements/0/options", ""},
		{"checkboxes", 10, func(n int) any { return actions(in{"type": "checkboxes", "options": choicesOf(n)}) }, "/blocks/0/elements/0/options", ""},
		{"overflow", 5, func(n int) any { return actions(in{"type": "overflow", "options": choicesOf(n)}) }, "/blocks/0/elements/0/options", ""},
		{"placeholder", 150, func(n int) any { return actions(selectOf(in{"placeholder": plainObj(n)})) }, "/blocks/0/elements/0/placeholder/text", ""},
		{"confirm title", 100, func(n int) any { return actions(confirm("title", plainObj(n))) }, "/blocks/0/elements/0/confirm/title/text", ""},
		{"confirm text", 300, func(n int) any { return actions(confirm("text", mrkdwnObj(n))) }, "/blocks/0/elements/0/confirm/text/text", ""},
		{"confirm yes", 30, func(n int) any { return actions(confirm("confirm", plainObj(n))) }, "/blocks/0/elements/0/confirm/confirm/text", ""},
		{"confirm no", 30, func(n int) any { return actions(confirm("deny", plainObj(n))) }, "/blocks/0/elements/0/confirm/deny/text", ""},
		{"image url", 3000, func(n int) any {
			return in{"type": "image", "alt_text": "a", "image_url": "https://" + strings.Repeat("a", n-8)}
		}, "/blocks/0/image_url", ""},
		{"image alt", 2000, func(n int) any {
			return in{"type": "image", "alt_text": letters(n), "image_url": "https://a.example/b.png"}
		}, "/blocks/0/alt_text", ""},
		{"input label", 2000, func(n int) any { return in{"type": "input", "label": plainObj(n), "element": selectOf(nil)} }, "/blocks/0/label/text", ""},
		{"input hint", 2000, func(n int) any { return input(selectOf(nil), in{"hint": plainObj(n)}) }, "/blocks/0/hint/text", ""},
		{"chart segments", 6, func(n int) any { return pie(n, 5) }, "/blocks/0/chart/segments", ""},
		{"chart label", 20, func(n int) any { return pie(1, n) }, "/blocks/0/chart/segments/0/label", ""},
		{"chart series", 6, func(n int) any { return bars(n, 2, nil) }, "/blocks/0/chart/series", ""},
		{"chart points", 20, func(n int) any { return bars(1, n, nil) }, "/blocks/0/chart/series/0/data", ""},
		{"chart x axis", 50, func(n int) any { return bars(1, 2, in{"x_label": letters(n)}) }, "/blocks/0/chart/axis_config/x_label", ""},
		{"chart y axis", 50, func(n int) any { return bars(1, 2, in{"y_label": letters(n)}) }, "/blocks/0/chart/axis_config/y_label", ""},
		{"charts", 2, func(n int) any { return repeat(n, pie(1, 3)) }, "/blocks", ""},
		{"table rows", 100, func(n int) any {
			return in{"type": "table", "rows": repeat(n, []any{in{"type": "raw_text", "text": "x"}})}
		}, "/blocks/0/rows", ""},
		{"table columns", 20, func(n int) any {
			return in{"type": "table", "rows": []any{repeat(n, in{"type": "raw_text", "text": "x"})}}
		}, "/blocks/0/rows/0", ""},
	}
}

// checkBlocks checks one block, or a list of blocks, as a message.
func checkBlocks(t *testing.T, blocks any) []problem {
	t.Helper()
	if _, ok := blocks.([]any); !ok {
		blocks = []any{blocks}
	}
	return checkMessage("text", asJSON(t, blocks), nil)
}

func asJSON(t *testing.T, v any) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// refusesAt says that there is a problem at a path, with a code.
func refusesAt(problems []problem, path, code string) bool {
	for _, p := range problems {
		if p.Path == path && p.Code == code {
			return true
		}
	}
	return false
}

func TestMessageLimits(t *testing.T) {
	for _, e := range messageEdges() {
		t.Run(e.name, func(t *testing.T) {
			if got := checkBlocks(t, e.build(e.most)); len(got) > 0 {
				t.Errorf("%d: %v", e.most, got)
			}
			if got := checkBlocks(t, e.build(e.most+1)); !refusesAt(got, e.path, e.code) {
				t.Errorf("%d is not refused at %s: %v", e.most+1, e.path, got)
			}
		})
	}
	if got := checkMessage(letters(4000), nil, nil); len(got) > 0 {
		t.Errorf("text of 4000: %v", got)
	}
	if got := checkMessage(letters(4001), nil, nil); !refusesAt(got, "/text", "msg_too_long") {
		t.Errorf("text of 4001: %v", got)
	}
	if got := checkMessage("x", nil, asJSON(t, repeat(100, in{"text": "a"}))); len(got) > 0 {
		t.Errorf("100 attachments: %v", got)
	}
	if got := checkMessage("x", nil, asJSON(t, repeat(101, in{"text": "a"}))); !refusesAt(got, "/attachments", "too_many_attachments") {
		t.Errorf("101 attachments: %v", got)
	}
	if got := checkBlocks(t, in{"type": "markdown", "text": letters(12_001)}); !refusesAt(got, "/blocks/0/text", "") {
		t.Errorf("markdown of 12,001: %v", got)
	}
}

func TestViewLimits(t *testing.T) {
	view := func(more in) any {
		v := modal("t", in{"submit": plainObj(2)})
		maps.Copy(v, more)
		return v
	}
	for _, e := range []edge{
		{"blocks", 100, func(n int) any { return view(in{"blocks": repeat(n, in{"type": "divider"})}) }, "/view/blocks", ""},
		{"blocks of a home", 100, func(n int) any { return in{"type": "home", "blocks": repeat(n, in{"type": "divider"})} }, "/view/blocks", ""},
		{"title", 24, func(n int) any { return view(in{"title": plainObj(n)}) }, "/view/title/text", ""},
		{"submit", 24, func(n int) any { return view(in{"submit": plainObj(n)}) }, "/view/submit/text", ""},
		{"close", 24, func(n int) any { return view(in{"close": plainObj(n)}) }, "/view/close/text", ""},
		{"private_metadata", 3000, func(n int) any { return view(in{"private_metadata": letters(n)}) }, "/view/private_metadata", ""},
		{"callback_id", 255, func(n int) any { return view(in{"callback_id": letters(n)}) }, "/view/callback_id", ""},
		{"external_id", 255, func(n int) any { return view(in{"external_id": letters(n)}) }, "/view/external_id", ""},
		{"placeholder", 150, func(n int) any {
			return view(in{"blocks": []any{input(in{"type": "plain_text_input", "placeholder": plainObj(n)}, nil)}})
		}, "/view/blocks/0/element/placeholder/text", ""},
		{"longest input", 3000, func(n int) any {
			return view(in{"blocks": []any{input(in{"type": "plain_text_input", "max_length": n}, nil)}})
		}, "/view/blocks/0/element/max_length", ""},
		{"initial value", 3000, func(n int) any {
			return view(in{"blocks": []any{input(in{"type": "plain_text_input", "initial_value": letters(n)}, nil)}})
		}, "/view/blocks/0/element/initial_value", ""},
	} {
		t.Run(e.name, func(t *testing.T) {
			if got := checkView(asJSON(t, e.build(e.most))); len(got) > 0 {
				t.Errorf("%d: %v", e.most, got)
			}
			if got := checkView(asJSON(t, e.build(e.most+1))); !refusesAt(got, e.path, e.code) {
				t.Errorf("%d is not refused at %s: %v", e.most+1, e.path, got)
			}
		})
	}
	t.Run("bytes", func(t *testing.T) {
		raw := asJSON(t, view(in{"blocks": repeat(84, section(strings.Repeat("x", 2900)))}))
		pad := maxViewBytes - len(raw)
		if pad < 0 || pad > 3000 {
			t.Fatalf("the view is %d bytes", len(raw))
		}
		padded := append(raw[:len(raw)-1:len(raw)-1], []byte(strings.Repeat(" ", pad)+"}")...)
		if got := checkView(padded); len(padded) != maxViewBytes || len(got) > 0 {
			t.Errorf("%d bytes: %v", len(padded), got)
		}
		if got := checkView(append(padded, ' ')); !refusesAt(got, "/view", "view_too_large") {
			t.Errorf("one byte more: %v", got)
		}
	})
}

// wrong is something that Slack refuses and where.
type wrong struct {
	name   string
	blocks any
	path   string
}

func TestRefusedBlocks(t *testing.T) {
	named := func(id string) in { return button(in{"action_id": id}) }
	for _, w := range []wrong{
		{"unknown block", in{"type": "sausage"}, "/blocks/0/type"},
		{"no type", in{"text": "x"}, "/blocks/0"},
		{"no object", "x", "/blocks/0"},
		{"empty section", in{"type": "section"}, "/blocks/0"},
		{"no text", in{"type": "section", "text": plainObj(0)}, "/blocks/0/text/text"},
		{"markdown in a header", in{"type": "header", "text": mrkdwnObj(2)}, "/blocks/0/text/type"},
		{"unknown field", in{"type": "divider", "colour": "red"}, "/blocks/0"},
		{"unknown field of a text", in{"type": "section", "text": in{"type": "plain_text", "text": "x", "verbatim": true}}, "/blocks/0/text"},
		{"no elements", in{"type": "context", "elements": []any{}}, "/blocks/0/elements"},
		{"a button in a context", in{"type": "context", "elements": []any{button(nil)}}, "/blocks/0/elements/0/type"},
		{"a text field in actions", actions(in{"type": "plain_text_input"}), "/blocks/0/elements/0/type"},
		{"a button as input", input(button(nil), nil), "/blocks/0/element/type"},
		{"a date and time in a section", in{"type": "section", "text": plainObj(1), "accessory": in{"type": "datetimepicker"}}, "/blocks/0/accessory/type"},
		{"a style", actions(button(in{"style": "blue"})), "/blocks/0/elements/0/style"},
		{"an address", actions(button(in{"url": "not an address"})), "/blocks/0/elements/0/url"},
		{"an image without address", in{"type": "image", "alt_text": "a"}, "/blocks/0"},
		{"an image without alt text", in{"type": "image", "image_url": "https://a.example/b.png"}, "/blocks/0"},
		{"an option without value", actions(selectOf(in{"options": []any{in{"text": plainObj(1)}}})), "/blocks/0/elements/0/options/0"},
		{"a select without options", actions(in{"type": "static_select"}), "/blocks/0/elements/0"},
		{"options and groups", actions(selectOf(in{"option_groups": []any{in{"label": plainObj(1), "options": choicesOf(1)}}})), "/blocks/0/elements/0"},
		{"a choice that is none", actions(selectOf(in{"initial_option": choice(7)})), "/blocks/0/elements/0/initial_option"},
		{"a box that is none", actions(in{"type": "checkboxes", "options": choicesOf(2), "initial_options": []any{choice(1), choice(9)}}), "/blocks/0/elements/0/initial_options/1"},
		{"a date", actions(in{"type": "datepicker", "initial_date": "2026-3-2"}), "/blocks/0/elements/0/initial_date"},
		{"a time", actions(in{"type": "timepicker", "initial_time": "25:00"}), "/blocks/0/elements/0/initial_time"},
		{"an instant", actions(in{"type": "datetimepicker", "initial_date_time": "soon"}), "/blocks/0/elements/0/initial_date_time"},
		{"the same block_id", []any{in{"type": "divider", "block_id": "b"}, in{"type": "divider", "block_id": "b"}}, "/blocks/1/block_id"},
		{"the same action_id", []any{actions(named("a")), actions(named("a"))}, "/blocks/1/elements/0/action_id"},
		{"two in focus", []any{actions(selectOf(in{"focus_on_load": true})), actions(selectOf(in{"focus_on_load": true}))}, "/blocks/1/elements/0/focus_on_load"},
		{"a response_url outside a modal", actions(in{"type": "conversations_select", "response_url_enabled": true}), "/blocks/0/elements/0/response_url_enabled"},
		{"a table of two widths", in{"type": "table", "rows": []any{repeat(2, in{"type": "raw_text", "text": "x"}), repeat(1, in{"type": "raw_text", "text": "x"})}}, "/blocks/0/rows/1"},
		{"a segment of nothing", in{"type": "data_visualization", "title": "t", "chart": in{"type": "pie", "segments": []any{in{"label": "x", "value": 0}}}}, "/blocks/0/chart/segments/0/value"},
		{"a chart of an unknown kind", in{"type": "data_visualization", "title": "t", "chart": in{"type": "radar"}}, "/blocks/0/chart/type"},
		{"a pie without segments", pie(0, 3), "/blocks/0/chart/segments"},
		{"a series of other points", in{"type": "data_visualization", "title": "t", "chart": in{
			"type": "line", "series": []any{in{"name": "s", "data": []any{in{"label": "b", "value": 1}}}}, "axis_config": in{"categories": []any{"a"}},
		}}, "/blocks/0/chart/series/0/data"},
		{"a rich text of unknown parts", in{"type": "rich_text", "elements": []any{in{"type": "rich_text_poem", "elements": []any{}}}}, "/blocks/0/elements/0/type"},
		{"a carousel of dividers", in{"type": "carousel", "elements": []any{in{"type": "divider"}}}, "/blocks/0/elements/0/type"},
	} {
		t.Run(w.name, func(t *testing.T) {
			if got := checkBlocks(t, w.blocks); !refusesAt(got, w.path, "") {
				t.Errorf("not refused at %s: %v", w.path, got)
			}
		})
	}
}

func TestRefusedViews(t *testing.T) {
	for _, c := range []struct {
		name string
		view any
		path string
	}{
		{"no object", []any{}, "/view"},
		{"unknown type", in{"type": "workflow", "blocks": []any{}}, "/view/type"},
		{"no title", in{"type": "modal", "blocks": []any{}}, "/view"},
		{"no blocks", in{"type": "modal", "title": plainObj(1)}, "/view"},
		{"inputs without submit", modal("t", in{"blocks": []any{input(in{"type": "plain_text_input"}, nil)}}), "/view"},
		{"unknown field", modal("t", in{"colour": "red"}), "/view"},
		{"a title on Home", in{"type": "home", "title": plainObj(1), "blocks": []any{}}, "/view"},
		{"a chart", modal("t", in{"blocks": []any{pie(1, 3)}}), "/view/blocks/0/type"},
		{"markdown", modal("t", in{"blocks": []any{in{"type": "markdown", "text": "x"}}}), "/view/blocks/0/type"},
		{"a number without decimals said", modal("t", in{"submit": plainObj(1), "blocks": []any{input(in{"type": "number_input"}, nil)}}), "/view/blocks/0/element"},
		{"a text of no length", modal("t", in{"submit": plainObj(1), "blocks": []any{input(in{"type": "plain_text_input", "min_length": 9, "max_length": 3}, nil)}}), "/view/blocks/0/element/min_length"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := checkView(asJSON(t, c.view)); !refusesAt(got, c.path, "") {
				t.Errorf("not refused at %s: %v", c.path, got)
			}
		})
	}
}

func TestAcceptedBlocks(t *testing.T) {
	styled := in{"type": "rich_text", "elements": []any{in{"type": "rich_text_section", "elements": []any{in{"type": "text", "text": "x", "style": in{"bold": true}}}}}}
	for name, blocks := range map[string]any{
		"an accessory":  in{"type": "section", "text": mrkdwnObj(3), "accessory": in{"type": "overflow", "options": []any{in{"text": plainObj(1), "value": "1", "url": "https://a.example"}}}},
		"an image file": in{"type": "image", "alt_text": "", "slack_file": in{"id": "F1"}},
		"rich text":     styled,
		"a select of people": actions(in{"type": "users_select", "initial_user": "U1", "placeholder": plainObj(3)},
			in{"type": "multi_users_select", "initial_users": []any{"U1"}, "max_selected_items": 3}),
		"pickers": actions(in{"type": "datepicker", "initial_date": "2026-03-02"}, in{"type": "timepicker", "initial_time": "09:00", "timezone": "Europe/Paris"},
			in{"type": "datetimepicker", "initial_date_time": 1772442000}),
		"radio with markdown": actions(in{"type": "radio_buttons", "options": []any{in{"text": mrkdwnObj(3), "value": "1"}}, "initial_option": in{"text": mrkdwnObj(3), "value": "1"}}),
		"a context":           in{"type": "context", "elements": []any{mrkdwnObj(1), plainObj(1), in{"type": "image", "image_url": "https://a.example/b.png", "alt_text": "b"}}},
		"feedback": in{"type": "context_actions", "elements": []any{in{
			"type": "feedback_buttons", "positive_button": in{"text": plainObj(1), "value": "+"}, "negative_button": in{"text": plainObj(1), "value": "-"},
		}}},
		"a table":    in{"type": "table", "rows": []any{[]any{in{"type": "raw_text", "text": "a"}, in{"type": "raw_number", "value": 1.5}}}},
		"a card":     in{"type": "card", "title": mrkdwnObj(3), "actions": []any{button(nil)}},
		"a carousel": in{"type": "carousel", "elements": []any{in{"type": "card", "body": mrkdwnObj(3)}}},
		"null":       in{"type": "section", "text": mrkdwnObj(3), "accessory": nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := checkBlocks(t, blocks); len(got) > 0 {
				t.Errorf("refused: %v", got)
			}
		})
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(`[{"type":"section","text":{"type":"mrkdwn","text":"x"}}]`))
	f.Add([]byte(`{"type":"modal","title":{"type":"plain_text","text":"t"},"blocks":[{"type":"input"}]}`))
	f.Add([]byte(`[{"type":"actions","elements":[{"type":"static_select","options":[null]}]}]`))
	f.Add([]byte(`null]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		problems := checkMessage(string(raw), raw, raw)
		checkView(raw)
		if len(problems) == 0 && len(bytes.TrimSpace(raw)) > 0 && !json.Valid(raw) {
			t.Errorf("what is no JSON passed: %q", raw)
		}
		if named := nameBlocks(raw); json.Valid(raw) && !json.Valid(named) {
			t.Errorf("naming broke %q: %q", raw, named)
		}
	})
}

func BenchmarkCheckMessage(b *testing.B) {
	raw, err := json.Marshal([]any{
		section("*hello*"), actions(button(nil), selectOf(in{"options": choicesOf(20)})), in{"type": "context", "elements": []any{mrkdwnObj(40)}},
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if got := checkMessage("hello", raw, nil); len(got) > 0 {
			b.Fatal(got)
		}
	}
}
