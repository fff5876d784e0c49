package slackfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// elementState is one element in state.values: its type and its value under the key that its type has.
type elementState map[string]any

// stateValues is state.values as Slack sends it: by block id and action id.
type stateValues map[string]map[string]elementState

func (v stateValues) set(e element, st elementState) {
	if v[e.blockID] == nil {
		v[e.blockID] = map[string]elementState{}
	}
	v[e.blockID][e.actionID] = st
}

// readState decodes {"values":…}; nil where there is none yet.
func readState(raw json.RawMessage) stateValues {
	var state struct {
		Values stateValues `json:"values"`
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	_ = d.Decode(&state) // an empty state is none
	return state.Values
}

// stateOf is the state of all elements of a message or view: what the person has entered so far, and else what the app began with.
func stateOf(elements []element, entered stateValues) stateValues {
	values := stateValues{}
	for _, e := range elements {
		if !e.stateful() {
			continue
		}
		st, ok := entered[e.blockID][e.actionID]
		if !ok || st["type"] != e.kind {
			st = e.initial()
		}
		values.set(e, st)
	}
	return values
}

// initial is what an element holds before anybody has touched it.
func (e element) initial() elementState {
	if value, ok := e.fields[e.initialKey()]; ok {
		return e.holding(value)
	}
	return e.holding(nil)
}

// holding is an element's state with a value; nil for none.
func (e element) holding(value any) elementState {
	key, many := e.valueKey()
	if value == nil && many {
		value = []any{}
	}
	st := elementState{"type": e.kind, key: value}
	if e.kind == "rich_text_input" && value == nil {
		delete(st, key) // Slack sends no key for it
	}
	if zone, ok := e.fields["timezone"]; ok && e.kind == "timepicker" {
		st["timezone"] = zone
	}
	return st
}

// empty says that nothing was entered.
func (e element) empty(st elementState) bool {
	key, many := e.valueKey()
	value := st[key]
	if many {
		list, _ := value.([]any)
		return len(list) == 0
	}
	return value == nil || value == ""
}

// reading is how plain values that a caller enters become what Slack would hold; names of people and channels become ids.
type reading struct {
	user    func(ref string) (id string, ok bool)
	channel func(ref string) (id string, ok bool)
	file    func(id string) (file any, ok bool)
}

// enter makes an element's state of a plain value: a string, a number, a list of strings, for rich text an object. A value as it stands
// in state.values is taken too.
func (e element) enter(value any, r reading) (elementState, error) {
	key, many := e.valueKey()
	if wrapped, ok := value.(map[string]any); ok {
		if inner, ok := wrapped[key]; ok {
			value = inner
		}
	}
	if value == nil {
		return e.holding(nil), nil
	}
	if !many {
		one, err := e.enterOne(value, r)
		if err != nil {
			return nil, err
		}
		return e.holding(one), nil
	}
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	held := make([]any, 0, len(list))
	for _, item := range list {
		one, err := e.enterOne(item, r)
		if err != nil {
			return nil, err
		}
		held = append(held, one)
	}
	if limit, ok := number(e.fields["max_selected_items"]); ok && len(held) > int(limit) {
		return nil, fmt.Errorf("%s takes at most %v items", e.actionID, limit)
	}
	return e.holding(held), nil
}

func (e element) enterOne(value any, r reading) (any, error) {
	if e.kind == "rich_text_input" {
		return richText(value), nil
	}
	if e.kind == "datetimepicker" {
		return e.enterInstant(value)
	}
	if option, ok := value.(map[string]any); ok {
		value = option["value"]
	}
	text, ok := plain(value)
	if !ok {
		return nil, fmt.Errorf("%s takes no %T", e.actionID, value)
	}
	if text == "" {
		return nil, nil
	}
	switch e.kind {
	case "static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow":
		option, ok := e.option(text)
		if !ok {
			return nil, fmt.Errorf("%s has no option with the value %q", e.actionID, text)
		}
		return option, nil
	case "external_select", "multi_external_select":
		return map[string]any{"text": map[string]any{"type": "plain_text", "text": text, "emoji": true}, "value": text}, nil
	case "users_select", "multi_users_select":
		return resolve(text, "user", r.user)
	case "channels_select", "multi_channels_select", "conversations_select", "multi_conversations_select":
		return resolve(text, "conversation", r.channel)
	case "file_input":
		file, ok := r.file(text)
		if !ok {
			return nil, fmt.Errorf("no file %q", text)
		}
		return file, nil
	case "datepicker":
		return text, layout(text, time.DateOnly)
	case "timepicker":
		return text, layout(text, "15:04")
	default:
		return text, nil
	}
}

// enterInstant reads a datetimepicker's value: seconds since 1970, or RFC 3339 for convenience.
func (e element) enterInstant(value any) (any, error) {
	if text, ok := value.(string); ok {
		if t, err := time.Parse(time.RFC3339, text); err == nil {
			return t.Unix(), nil
		}
	}
	if n, ok := number(value); ok {
		return int64(n), nil
	}
	return nil, fmt.Errorf("%s takes seconds since 1970 or RFC 3339", e.actionID)
}

func resolve(ref, what string, find func(string) (string, bool)) (any, error) {
	id, ok := find(ref)
	if !ok {
		return nil, fmt.Errorf("no %s %q", what, ref)
	}
	return id, nil
}

func layout(text, layout string) error {
	if _, err := time.Parse(layout, text); err != nil {
		return fmt.Errorf("%q is not of the form %s", text, layout)
	}
	return nil
}

// richText makes a rich_text block of plain text; an object is taken as it is.
func richText(value any) any {
	text, ok := value.(string)
	if !ok {
		return value
	}
	return map[string]any{"type": "rich_text", "elements": []any{map[string]any{
		"type": "rich_text_section", "elements": []any{map[string]any{"type": "text", "text": text}},
	}}}
}

// plain writes a string or number as text.
func plain(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	default:
		return "", false
	}
}

// number reads a JSON number or a string of digits.
func number(value any) (float64, bool) {
	text, ok := plain(value)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

// complaint is what Slack itself says about an input before it sends anything to the app; empty where it is content.
func (e element) complaint(st elementState) string {
	if e.empty(st) {
		if e.optional {
			return ""
		}
		return "Please complete this required field."
	}
	text, _ := st["value"].(string)
	switch e.kind {
	case "plain_text_input":
		return e.lengthComplaint(utf8.RuneCountInString(text))
	case "number_input":
		return e.numberComplaint(text)
	case "email_text_input":
		return cond(looksLikeEmail(text), "", "Please enter a valid email address.")
	case "url_text_input":
		return cond(looksLikeURL(text), "", "Please enter a valid URL.")
	}
	return ""
}

func (e element) lengthComplaint(n int) string {
	if low, ok := number(e.fields["min_length"]); ok && n < int(low) {
		return fmt.Sprintf("Please enter at least %d characters.", int(low))
	}
	if high, ok := number(e.fields["max_length"]); ok && n > int(high) {
		return fmt.Sprintf("Please enter at most %d characters.", int(high))
	}
	return ""
}

func (e element) numberComplaint(text string) string {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return "Please enter a number."
	}
	if e.fields["is_decimal_allowed"] != true && n != float64(int64(n)) {
		return "Please enter a whole number."
	}
	if low, ok := number(e.fields["min_value"]); ok && n < low {
		return fmt.Sprintf("Please enter a number of at least %v.", low)
	}
	if high, ok := number(e.fields["max_value"]); ok && n > high {
		return fmt.Sprintf("Please enter a number of at most %v.", high)
	}
	return ""
}

func cond(ok bool, yes, no string) string {
	if ok {
		return yes
	}
	return no
}

// inputBlocks are the ids of a view's input blocks, which alone may carry errors.
func inputBlocks(elements []element) []string {
	var ids []string
	for _, e := range elements {
		if e.input && !slices.Contains(ids, e.blockID) {
			ids = append(ids, e.blockID)
		}
	}
	return ids
}
