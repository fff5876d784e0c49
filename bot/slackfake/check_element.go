package slackfake

import (
	"fmt"
	"regexp"
	"slices"
	"sync"
)

// The limits of elements, from docs.slack.dev/reference/block-kit/block-elements and …/composition-objects.
const (
	maxButtonText   = 75
	maxButtonValue  = 2_000
	maxOptionText   = 75
	maxOptions      = 100
	maxChoices      = 10 // radio buttons, checkboxes
	maxOverflow     = 5
	maxPlaceholder  = 150
	maxInput        = 3_000
	maxConfirmTitle = 100
	maxConfirmText  = 300
	maxConfirmLabel = 30
	maxFilesInput   = 10
)

// elementPlaces says which elements may stand where.
var elementPlaces = sync.OnceValue(func() map[string][]string {
	selects := words("static_select external_select users_select conversations_select channels_select")
	multi := words("multi_static_select multi_external_select multi_users_select multi_conversations_select multi_channels_select")
	pickers := words("datepicker timepicker checkboxes radio_buttons")
	return map[string][]string{
		"section":         slices.Concat(selects, multi, pickers, words("button overflow image workflow_button")),
		"actions":         slices.Concat(selects, multi, pickers, words("button overflow datetimepicker workflow_button")),
		"context":         words("image"),
		"context_actions": words("feedback_buttons icon_button"),
		"input": slices.Concat(selects, multi, pickers, words("datetimepicker plain_text_input email_text_input url_text_input"),
			words("number_input rich_text_input file_input")),
	}
})

// elementShapes are the kinds of element. It is made once, because it is asked for with every message.
var elementShapes = sync.OnceValue(func() map[string]shape {
	shapes := joined(buttonElements(), selectElements(), pickerElements(), inputElements())
	for _, sh := range shapes {
		sh.fields["action_id"] = chars(0, maxID)
	}
	return shapes
})

// confirm is a question before an action.
func confirm(k *checker, path string, value any) {
	object(shape{
		fields: fieldRules{
			"title": plain1(maxConfirmTitle), "text": rich1(maxConfirmText), "confirm": plain1(maxConfirmLabel), "deny": plain1(maxConfirmLabel),
			"style": oneOf("primary", "danger"),
		},
		required: words("title text confirm deny"),
	})(k, path, value)
}

func buttonElements() map[string]shape {
	style := oneOf("primary", "danger")
	feedback := object(shape{
		fields:   fieldRules{"text": plain1(maxButtonText), "value": chars(0, maxButtonValue), "accessibility_label": chars(0, maxButtonText)},
		required: words("text value"),
	})
	return map[string]shape{
		"button": {
			fields: fieldRules{
				"text": plain1(maxButtonText), "value": chars(0, maxButtonValue), "url": address(maxURL), "style": style, "confirm": confirm,
				"accessibility_label": chars(0, maxButtonText), "agent_prompt": anything, "agent_prompt_display": anything,
				"visible_to_user_ids": anything,
			},
			required: words("text"),
		},
		"workflow_button": {
			fields:   fieldRules{"text": plain1(maxButtonText), "workflow": anything, "style": style, "accessibility_label": chars(0, maxButtonText)},
			required: words("text workflow"),
		},
		"icon_button": {
			fields: fieldRules{
				"icon": chars(1, maxID), "text": plain1(maxButtonText), "value": chars(0, maxButtonValue), "confirm": confirm,
				"accessibility_label": chars(0, maxButtonText), "visible_to_user_ids": anything,
			},
			required: words("icon text"),
		},
		"feedback_buttons": {
			fields:   fieldRules{"positive_button": feedback, "negative_button": feedback},
			required: words("positive_button negative_button"),
		},
		"overflow": {
			fields:   fieldRules{"options": list(1, maxOverflow, option(true, true)), "confirm": confirm},
			required: words("options"),
		},
		"image": {
			fields:   fieldRules{"image_url": address(maxURL), "slack_file": slackFile, "alt_text": read(0, maxAlt)},
			required: words("alt_text"), also: oneSource,
		},
	}
}

// option is one choice; plain is for plain text alone, linked allows a URL.
func option(plain, linked bool) rule {
	fields := fieldRules{
		"text": text(plain, 1, maxOptionText), "value": chars(0, maxOptionText), "description": text(plain, 1, maxOptionText),
	}
	if linked {
		fields["url"] = address(maxURL)
	}
	return object(shape{fields: fields, required: words("text value")})
}

func selectElements() map[string]shape {
	group := object(shape{
		fields:   fieldRules{"label": plain1(maxOptionText), "options": list(1, maxOptions, option(true, false))},
		required: words("label options"),
	})
	filter := object(shape{fields: fieldRules{
		"include":                          list(1, 4, oneOf("im", "mpim", "private", "public")),
		"exclude_external_shared_channels": boolean, "exclude_bot_users": boolean,
	}})
	ids := list(1, maxOptions, chars(1, maxID))
	common := fieldRules{"placeholder": plain1(maxPlaceholder), "confirm": confirm, "focus_on_load": boolean}
	static := fieldRules{"options": list(1, maxOptions, option(true, false)), "option_groups": list(1, maxOptions, group)}
	conversation := fieldRules{"filter": filter, "default_to_current_conversation": boolean, "response_url_enabled": inModal}
	one := option(true, false)
	shapes := map[string]shape{
		"static_select":        {fields: with(common, static, fieldRules{"initial_option": one}), also: choices},
		"external_select":      {fields: with(common, fieldRules{"initial_option": one, "min_query_length": integer(0, 1000)})},
		"users_select":         {fields: with(common, fieldRules{"initial_user": chars(1, maxID)})},
		"conversations_select": {fields: with(common, conversation, fieldRules{"initial_conversation": chars(1, maxID)})},
		"channels_select":      {fields: with(common, fieldRules{"initial_channel": chars(1, maxID), "response_url_enabled": inModal})},
	}
	many := fieldRules{"max_selected_items": integer(1, maxOptions)}
	initial := map[string]fieldRules{
		"static_select":        {"initial_options": list(1, maxOptions, one)},
		"external_select":      {"initial_options": list(1, maxOptions, one)},
		"users_select":         {"initial_users": ids},
		"conversations_select": {"initial_conversations": ids},
		"channels_select":      {"initial_channels": ids},
	}
	for kind, more := range initial {
		sh := shape{fields: with(shapes[kind].fields, many, more), also: shapes[kind].also}
		for _, single := range words("initial_option initial_user initial_conversation initial_channel response_url_enabled") {
			delete(sh.fields, single)
		}
		shapes["multi_"+kind] = sh
	}
	return shapes
}

// inModal is a switch that Slack only knows in modals.
func inModal(k *checker, path string, value any) {
	boolean(k, path, value)
	if k.screen != onModal {
		k.add(path, "is only allowed in modals")
	}
}

// choices checks that there is one set of options and that what is chosen at first is among them.
func choices(k *checker, path string, e map[string]any) {
	options, _ := e["options"].([]any)
	groups, grouped := e["option_groups"].([]any)
	switch {
	case len(options) == 0 && !grouped:
		if e["options"] == nil {
			k.add(path, "missing required field: options or option_groups")
		}
		return
	case len(options) > 0 && grouped:
		k.add(path, "only one of options and option_groups is allowed")
	}
	for _, g := range groups {
		if group, ok := g.(map[string]any); ok {
			more, _ := group["options"].([]any)
			options = append(options, more...)
		}
	}
	if first := e["initial_option"]; first != nil && !among(options, first) {
		k.add(path+"/initial_option", "must be one of the options")
	}
	if first, ok := e["initial_options"].([]any); ok {
		for i, o := range first {
			if !among(options, o) {
				k.add(fmt.Sprintf("%s/initial_options/%d", path, i), "must be one of the options")
			}
		}
	}
}

// among says that an option with the same value and words is in a list.
func among(options []any, wanted any) bool {
	value, words := optionOf(wanted)
	return slices.ContainsFunc(options, func(o any) bool {
		v, w := optionOf(o)
		return v == value && w == words
	})
}

func optionOf(o any) (value, words string) {
	obj, _ := o.(map[string]any)
	t, _ := obj["text"].(map[string]any)
	return asString(obj["value"]), asString(t["text"])
}

func pickerElements() map[string]shape {
	common := fieldRules{"placeholder": plain1(maxPlaceholder), "confirm": confirm, "focus_on_load": boolean}
	picks := fieldRules{"options": list(1, maxChoices, option(false, false)), "confirm": confirm, "focus_on_load": boolean}
	return map[string]shape{
		"datepicker": {fields: with(common, fieldRules{"initial_date": matching(dayForm, "YYYY-MM-DD")})},
		"timepicker": {fields: with(common, fieldRules{"initial_time": matching(timeForm, "HH:mm"), "timezone": chars(1, maxID)})},
		"datetimepicker": {fields: fieldRules{
			"initial_date_time": integer(1_000_000_000, 9_999_999_999), "confirm": confirm, "focus_on_load": boolean,
		}},
		"radio_buttons": {
			fields:   with(picks, fieldRules{"initial_option": option(false, false)}),
			required: words("options"), also: choices,
		},
		"checkboxes": {
			fields:   with(picks, fieldRules{"initial_options": list(1, maxChoices, option(false, false)), "visible_to_user_ids": anything}),
			required: words("options"), also: choices,
		},
	}
}

var (
	dayForm  = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
	timeForm = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)
)

// matching is a string of a form.
func matching(form *regexp.Regexp, name string) rule {
	return func(k *checker, path string, value any) {
		if !form.MatchString(asString(value)) {
			k.add(path, "must be in the format %s", name)
		}
	}
}

func inputElements() map[string]shape {
	dispatch := object(shape{fields: fieldRules{"trigger_actions_on": list(1, 2, oneOf("on_enter_pressed", "on_character_entered"))}})
	common := fieldRules{"placeholder": plain1(maxPlaceholder), "dispatch_action_config": dispatch, "focus_on_load": boolean}
	line := fieldRules{"initial_value": chars(0, maxInput)}
	return map[string]shape{
		"plain_text_input": {
			fields: with(common, line, fieldRules{"multiline": boolean, "min_length": integer(0, maxInput), "max_length": integer(1, maxInput)}),
			also: func(k *checker, path string, e map[string]any) {
				least, some := number(e["min_length"])
				if most, limited := number(e["max_length"]); some && limited && least > most {
					k.add(path+"/min_length", "must be at most max_length")
				}
			},
		},
		"email_text_input": {fields: with(common, line)},
		"url_text_input":   {fields: with(common, line)},
		"number_input": {
			fields: with(common, line, fieldRules{
				"is_decimal_allowed": boolean, "min_value": chars(1, maxID), "max_value": chars(1, maxID),
			}),
			required: words("is_decimal_allowed"),
		},
		"rich_text_input": {fields: with(common, fieldRules{"initial_value": anything, "min_lines": integer(1, 100), "max_lines": integer(1, 100)})},
		"file_input":      {fields: fieldRules{"filetypes": list(0, maxOptions, chars(1, maxID)), "max_files": integer(1, maxFilesInput)}},
	}
}
