package slackfake

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// element is one thing in a message or view that a person can press, choose from or type into.
type element struct {
	blockID  string
	actionID string
	kind     string         // button, static_select, …
	fields   map[string]any // as the app sent them
	input    bool           // it stands in an input block
	dispatch bool           // its input block sends block_actions too
	optional bool           // its input block may stay empty
}

// elementsOf finds the elements of a message's blocks or of a view, in order of reading.
func elementsOf(raw json.RawMessage) []element {
	var root any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&root) != nil {
		return nil
	}
	var found []element
	collectElements(root, element{}, &found)
	return found
}

// collectElements walks blocks of any kind, also those that hold further blocks; in says which block it is in.
func collectElements(v any, in element, found *[]element) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			collectElements(item, in, found)
		}
	case map[string]any:
		if id, ok := v["block_id"].(string); ok {
			in = element{blockID: id, input: v["type"] == "input", dispatch: v["dispatch_action"] == true, optional: v["optional"] == true}
		}
		if id, ok := v["action_id"].(string); ok {
			in.actionID, in.fields = id, v
			in.kind, _ = v["type"].(string)
			*found = append(*found, in)
			return
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			collectElements(v[key], in, found)
		}
	}
}

// options returns the options of a select, radio group, checkbox group or overflow menu.
func (e element) options() []map[string]any {
	var list []map[string]any
	add := func(options any) {
		items, _ := options.([]any)
		for _, item := range items {
			if option, ok := item.(map[string]any); ok {
				list = append(list, option)
			}
		}
	}
	add(e.fields["options"])
	groups, _ := e.fields["option_groups"].([]any)
	for _, group := range groups {
		if g, ok := group.(map[string]any); ok {
			add(g["options"])
		}
	}
	return list
}

// option finds an option by its value.
func (e element) option(value string) (map[string]any, bool) {
	for _, option := range e.options() {
		if option["value"] == value {
			return option, true
		}
	}
	return nil, false
}

// valueKey is the field that holds an element's value in state.values and actions, "" for elements without a state such as buttons.
// many says that it is a list.
func (e element) valueKey() (key string, many bool) {
	switch e.kind {
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		return "value", false
	case "rich_text_input":
		return "rich_text_value", false
	case "static_select", "external_select", "radio_buttons", "overflow":
		return "selected_option", false
	case "multi_static_select", "multi_external_select", "checkboxes":
		return "selected_options", true
	case "users_select":
		return "selected_user", false
	case "multi_users_select":
		return "selected_users", true
	case "conversations_select":
		return "selected_conversation", false
	case "multi_conversations_select":
		return "selected_conversations", true
	case "channels_select":
		return "selected_channel", false
	case "multi_channels_select":
		return "selected_channels", true
	case "datepicker":
		return "selected_date", false
	case "timepicker":
		return "selected_time", false
	case "datetimepicker":
		return "selected_date_time", false
	case "file_input":
		return "files", true
	default:
		return "", false
	}
}

// initialKey is the field in which the app says what an element begins with.
func (e element) initialKey() string {
	switch e.kind {
	case "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input":
		return "initial_value"
	case "static_select", "external_select", "radio_buttons":
		return "initial_option"
	case "multi_static_select", "multi_external_select", "checkboxes":
		return "initial_options"
	case "users_select":
		return "initial_user"
	case "multi_users_select":
		return "initial_users"
	case "conversations_select":
		return "initial_conversation"
	case "multi_conversations_select":
		return "initial_conversations"
	case "channels_select":
		return "initial_channel"
	case "multi_channels_select":
		return "initial_channels"
	case "datepicker":
		return "initial_date"
	case "timepicker":
		return "initial_time"
	case "datetimepicker":
		return "initial_date_time"
	default:
		return ""
	}
}

// stateful says that an element stands in state.values.
func (e element) stateful() bool {
	key, _ := e.valueKey()
	return key != "" && e.kind != "overflow"
}
