package slackapp

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/slack-go/slack"
)

// element checks an interactive element, or an image beside a section.
func (c *checker) element(path string, e map[string]any) {
	kind, _ := e["type"].(string)
	if kind == "image" {
		c.image(path, e)
		return
	}
	if id, _ := e["action_id"].(string); id == "" {
		c.problem(join(path, "action_id"), "is missing: nobody could route it")
	}
	c.id(e, path, "action_id", c.actions)
	c.text(e, path, "placeholder", 1, maxPlaceholder, slack.PlainTextType, false)
	if confirm, ok := e["confirm"].(map[string]any); ok {
		c.confirm(join(path, "confirm"), confirm)
	}
	switch {
	case kind == "button":
		c.button(path, e)
	case kind == "overflow":
		c.options(path, e, maxOverflow)
	case kind == "radio_buttons" || kind == "checkboxes":
		c.options(path, e, maxRadio)
	case kind == "static_select" || kind == "multi_static_select":
		c.selection(path, e)
	case strings.HasSuffix(kind, "_select"):
	case kind == "plain_text_input" || kind == "email_text_input" || kind == "url_text_input" || kind == "number_input":
		c.textInput(path, e)
	case kind == "datepicker" || kind == "timepicker" || kind == "datetimepicker" || kind == "rich_text_input":
	default:
		c.problem(path, "elements of type %q are not checked, so they are not sent", kind)
	}
}

func (c *checker) button(path string, e map[string]any) {
	c.text(e, path, "text", 1, maxButton, slack.PlainTextType, true)
	c.string(e, path, "value", maxValue)
	c.string(e, path, "url", maxURL)
	c.string(e, path, "accessibility_label", maxButton)
	if style, ok := e["style"].(string); ok && style != "primary" && style != "danger" {
		c.problem(join(path, "style"), "is %q", style)
	}
}

func (c *checker) confirm(path string, e map[string]any) {
	c.text(e, path, "title", 1, maxConfirmTitle, slack.PlainTextType, true)
	c.text(e, path, "text", 1, maxConfirmText, "", true)
	c.text(e, path, "confirm", 1, maxConfirmButton, slack.PlainTextType, true)
	c.text(e, path, "deny", 1, maxConfirmButton, slack.PlainTextType, true)
}

func (c *checker) selection(path string, e map[string]any) {
	groups, ok := e["option_groups"].([]any)
	if !ok {
		c.options(path, e, maxSelect)
		return
	}
	c.count(join(path, "option_groups"), len(groups), 1, maxSelect)
	c.list(join(path, "option_groups"), groups, func(at string, g map[string]any) {
		c.text(g, at, "label", 1, maxOption, slack.PlainTextType, true)
		c.options(at, g, maxSelect)
	})
}

// options checks a list of options, and that what is ticked at first is among them, as Slack does.
func (c *checker) options(path string, e map[string]any, most int) {
	options, _ := e["options"].([]any)
	c.count(join(path, "options"), len(options), 1, most)
	var known []string
	c.list(join(path, "options"), options, func(at string, o map[string]any) {
		c.text(o, at, "text", 1, maxOption, "", true)
		c.text(o, at, "description", 1, maxOption, "", false)
		value, _ := o["value"].(string)
		c.length(join(at, "value"), value, 1, maxOption)
		known = append(known, written(o))
	})
	initial, _ := e["initial_options"].([]any)
	if one, ok := e["initial_option"]; ok {
		initial = append(initial, one)
	}
	for _, o := range initial {
		if !slices.Contains(known, written(o)) {
			c.problem(join(path, "initial_option"), "is none of the options")
		}
	}
}

func (c *checker) textInput(path string, e map[string]any) {
	c.string(e, path, "initial_value", maxInputText)
	most, hasMost := number(e["max_length"])
	least, _ := number(e["min_length"])
	if hasMost && (most < 1 || most > maxInputText) {
		c.problem(join(path, "max_length"), "is %d, 1 to %d are allowed", most, maxInputText)
	}
	if hasMost && least > most {
		c.problem(join(path, "min_length"), "is above max_length")
	}
	if initial, _ := e["initial_value"].(string); hasMost {
		c.length(join(path, "initial_value"), initial, 0, int(most))
	}
}

// written is an option as JSON; equal ones are the same to Slack.
func written(o any) string {
	raw, err := json.Marshal(o)
	if err != nil {
		return ""
	}
	return string(raw)
}

func number(v any) (int64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return i, err == nil
}
