package slackfake

import (
	"fmt"
	"testing"
)

// everyInput is a modal with one input of each kind.
const everyInput = `{"type":"modal","callback_id":"all","private_metadata":"kept","notify_on_close":true,
"title":{"type":"plain_text","text":"All"},"submit":{"type":"plain_text","text":"Send"},"blocks":[
{"type":"input","block_id":"text","label":{"type":"plain_text","text":"x"},"element":{"type":"plain_text_input","action_id":"text","max_length":5}},
{"type":"input","block_id":"note","optional":true,"label":{"type":"plain_text","text":"x"},"element":{"type":"plain_text_input","action_id":"note","multiline":true}},
{"type":"input","block_id":"mail","label":{"type":"plain_text","text":"x"},"element":{"type":"email_text_input","action_id":"mail"}},
{"type":"input","block_id":"link","label":{"type":"plain_text","text":"x"},"element":{"type":"url_text_input","action_id":"link"}},
{"type":"input","block_id":"count","label":{"type":"plain_text","text":"x"},"element":{"type":"number_input","action_id":"count","is_decimal_allowed":false,"min_value":"1","max_value":"9"}},
{"type":"input","block_id":"rich","optional":true,"label":{"type":"plain_text","text":"x"},"element":{"type":"rich_text_input","action_id":"rich"}},
{"type":"input","block_id":"one","label":{"type":"plain_text","text":"x"},"element":{"type":"static_select","action_id":"one","options":[
  {"text":{"type":"plain_text","text":"Red"},"value":"red"},{"text":{"type":"plain_text","text":"Blue"},"value":"blue"}]}},
{"type":"input","block_id":"many","label":{"type":"plain_text","text":"x"},"element":{"type":"multi_static_select","action_id":"many","option_groups":[{"label":{"type":"plain_text","text":"g"},"options":[
  {"text":{"type":"plain_text","text":"Red"},"value":"red"},{"text":{"type":"plain_text","text":"Blue"},"value":"blue"}]}]}},
{"type":"input","block_id":"radio","label":{"type":"plain_text","text":"x"},"element":{"type":"radio_buttons","action_id":"radio","options":[
  {"text":{"type":"plain_text","text":"Yes"},"value":"y"},{"text":{"type":"plain_text","text":"No"},"value":"n"}],"initial_option":{"text":{"type":"plain_text","text":"No"},"value":"n"}}},
{"type":"input","block_id":"boxes","optional":true,"label":{"type":"plain_text","text":"x"},"element":{"type":"checkboxes","action_id":"boxes","options":[
  {"text":{"type":"plain_text","text":"Yes"},"value":"y"}]}},
{"type":"input","block_id":"who","label":{"type":"plain_text","text":"x"},"element":{"type":"users_select","action_id":"who"}},
{"type":"input","block_id":"whom","label":{"type":"plain_text","text":"x"},"element":{"type":"multi_users_select","action_id":"whom"}},
{"type":"input","block_id":"place","label":{"type":"plain_text","text":"x"},"element":{"type":"conversations_select","action_id":"place","response_url_enabled":true}},
{"type":"input","block_id":"places","label":{"type":"plain_text","text":"x"},"element":{"type":"multi_conversations_select","action_id":"places"}},
{"type":"input","block_id":"room","label":{"type":"plain_text","text":"x"},"element":{"type":"channels_select","action_id":"room"}},
{"type":"input","block_id":"rooms","optional":true,"label":{"type":"plain_text","text":"x"},"element":{"type":"multi_channels_select","action_id":"rooms"}},
{"type":"input","block_id":"day","label":{"type":"plain_text","text":"x"},"element":{"type":"datepicker","action_id":"day","initial_date":"2026-03-09"}},
{"type":"input","block_id":"hour","label":{"type":"plain_text","text":"x"},"element":{"type":"timepicker","action_id":"hour","timezone":"Europe/Berlin"}},
{"type":"input","block_id":"moment","label":{"type":"plain_text","text":"x"},"element":{"type":"datetimepicker","action_id":"moment"}},
{"type":"section","block_id":"beside","text":{"type":"mrkdwn","text":"x"},"accessory":{"type":"static_select","action_id":"beside","options":[
  {"text":{"type":"plain_text","text":"Red"},"value":"red"}]}}
]}`

const everyValue = `{"text":{"text":"hello"},"mail":{"mail":"ana@example.com"},"link":{"link":"https://example.com/x"},"count":{"count":7},"rich":{"rich":"so rich"},
"one":{"one":"blue"},"many":{"many":["red","blue"]},"boxes":{"boxes":["y"]},"who":{"who":"@ben"},"whom":{"whom":["ana","UBEN"]},"place":{"place":"general"},
"places":{"places":["general","@ben"]},"room":{"room":"#general"},"hour":{"hour":"09:30"},"moment":{"moment":"2026-03-09T09:30:00Z"}}`

func TestSubmitEveryInput(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	id := open(t, s, "UANA", everyInput)
	answer := acted(t, s, "/submit", `{"user":"ana","values":`+everyValue+`}`)
	w := c.next()
	if w.Type != "interactive" || !w.Accepts || answer["view_id"] != id {
		t.Fatalf("envelope %+v, act %v", w, answer)
	}
	p := payloadOf(t, w.Payload)
	blue := map[string]any{"text": map[string]any{"type": "plain_text", "text": "Blue"}, "value": "blue"}
	no := map[string]any{"text": map[string]any{"type": "plain_text", "text": "No"}, "value": "n"}
	wantAt(t, p, map[string]any{
		"type": "view_submission", "user.id": "UANA", "trigger_id": present, "view.id": id, "view.callback_id": "all", "view.hash": present,
		"view.private_metadata": "kept", "view.team_id": "T000000001", "view.app_id": s.app.id, "view.root_view_id": id, "view.previous_view_id": nil,
		"view.state.values.text.text":                                            map[string]any{"type": "plain_text_input", "value": "hello"},
		"view.state.values.note.note":                                            map[string]any{"type": "plain_text_input", "value": nil},
		"view.state.values.mail.mail":                                            map[string]any{"type": "email_text_input", "value": "ana@example.com"},
		"view.state.values.link.link":                                            map[string]any{"type": "url_text_input", "value": "https://example.com/x"},
		"view.state.values.count.count":                                          map[string]any{"type": "number_input", "value": "7"},
		"view.state.values.one.one":                                              map[string]any{"type": "static_select", "selected_option": blue},
		"view.state.values.radio.radio":                                          map[string]any{"type": "radio_buttons", "selected_option": no},
		"view.state.values.who.who":                                              map[string]any{"type": "users_select", "selected_user": "UBEN"},
		"view.state.values.whom.whom":                                            map[string]any{"type": "multi_users_select", "selected_users": []string{"UANA", "UBEN"}},
		"view.state.values.place.place":                                          map[string]any{"type": "conversations_select", "selected_conversation": "CGEN"},
		"view.state.values.room.room":                                            map[string]any{"type": "channels_select", "selected_channel": "CGEN"},
		"view.state.values.rooms.rooms":                                          map[string]any{"type": "multi_channels_select", "selected_channels": []string{}},
		"view.state.values.day.day":                                              map[string]any{"type": "datepicker", "selected_date": "2026-03-09"},
		"view.state.values.hour.hour":                                            map[string]any{"type": "timepicker", "selected_time": "09:30", "timezone": "Europe/Berlin"},
		"view.state.values.moment.moment":                                        map[string]any{"type": "datetimepicker", "selected_date_time": 1773048600},
		"view.state.values.beside.beside":                                        map[string]any{"type": "static_select", "selected_option": nil},
		"view.state.values.many.many.selected_options.0.value":                   "red",
		"view.state.values.boxes.boxes.selected_options.0.value":                 "y",
		"view.state.values.rich.rich.rich_text_value.elements.0.elements.0.text": "so rich",
		"view.state.values.places.places.selected_conversations.0":               "CGEN",
		"view.state.values.places.places.selected_conversations.1":               present, // the DM
		"response_urls.0.block_id":                                               "place",
		"response_urls.0.channel_id":                                             "CGEN",
		"response_urls.0.response_url":                                           present,
	})
	if views := stateOfSlack(t, s, "?viewer=ana")["views"].([]any); len(views) != 0 {
		t.Errorf("the modal is still open: %v", views)
	}
}

func TestValuesAsTheyStandInTheState(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	id := open(t, s, "UANA", everyInput)
	for _, body := range []string{
		`"block_id":"one","action_id":"one","option":{"text":{"type":"plain_text","text":"Blue"},"value":"blue"}`,
		`"block_id":"text","action_id":"text","value":{"type":"plain_text_input","value":"hello"}`,
		`"block_id":"many","action_id":"many","options":{"selected_options":[{"value":"red"}]}`,
	} {
		acted(t, s, "/select", `{"user":"ana","view_id":"`+id+`",`+body+`}`)
	}
	wantAt(t, stateOfSlack(t, s, "")["views"], map[string]any{
		"0.state.values.one.one.selected_option.text.text": "Blue", "0.state.values.text.text.value": "hello",
		"0.state.values.many.many.selected_options.0.text.text": "Red",
	})
}

func TestSlackItselfRefusesInputs(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	open(t, s, "UANA", everyInput)
	status, answer := post(t, s, "/submit", `{"user":"ana","values":{"text":{"text":"too long"},"mail":{"mail":"nobody"},"link":{"link":"nowhere"},"count":{"count":"3.5"}}}`)
	if status != 200 || answer["error"] != "invalid_input" || answer["acked"] != false || len(c.frames) != 0 {
		t.Fatalf("answered %d %v, %d frames", status, answer, len(c.frames))
	}
	wantAt(t, answer, map[string]any{
		"errors.text": "Please enter at most 5 characters.", "errors.mail": "Please enter a valid email address.",
		"errors.link": "Please enter a valid URL.", "errors.count": "Please enter a whole number.", "errors.who": "Please complete this required field.",
		"errors.note": nil, "errors.radio": nil, "errors.day": nil,
	})
	// What was typed is kept, and the errors are shown.
	view := stateOfSlack(t, s, "?viewer=ana")["views"].([]any)[0]
	wantAt(t, view, map[string]any{"state.values.text.text.value": "too long", "errors.mail": present})
	for _, values := range []string{`{"nope":{"nope":"x"}}`, `{"one":{"one":"green"}}`, `{"day":{"day":"tomorrow"}}`, `{"who":{"who":"zoe"}}`, `{"text":{"text":{}}}`} {
		if _, answer := post(t, s, "/submit", `{"user":"ana","values":`+values+`}`); answer["error"] == nil || answer["error"] == "invalid_input" {
			t.Errorf("%s: %v", values, answer)
		}
	}
}

const small = `{"type":"modal","callback_id":"%s","notify_on_close":true,"title":{"type":"plain_text","text":"S"},"submit":{"type":"plain_text","text":"Send"},"blocks":[
{"type":"input","block_id":"text","label":{"type":"plain_text","text":"x"},"element":{"type":"plain_text_input","action_id":"a"}},
{"type":"section","block_id":"plain","text":{"type":"mrkdwn","text":"x"}}]}`

func TestResponseActions(t *testing.T) {
	view := func(name string) map[string]any {
		return map[string]any{
			"type": "modal", "callback_id": name, "title": map[string]any{"type": "plain_text", "text": "S"},
			"blocks": []any{map[string]any{"type": "divider", "block_id": "d"}},
		}
	}
	for _, tt := range []struct {
		name   string
		answer any
		stack  []string // callback ids of the open modals, bottom first
		want   map[string]any
		bad    bool
	}{
		{name: "nothing closes the top", stack: []string{"below"}},
		{name: "clear closes all", answer: map[string]any{"response_action": "clear"}, stack: []string{}},
		{name: "errors", answer: map[string]any{"response_action": "errors", "errors": map[string]any{"text": "no"}}, stack: []string{"below", "top"}, want: map[string]any{"1.errors.text": "no"}},
		{name: "errors below what is no input", answer: map[string]any{"response_action": "errors", "errors": map[string]any{"plain": "no"}}, stack: []string{"below", "top"}, bad: true},
		{name: "no errors", answer: map[string]any{"response_action": "errors"}, stack: []string{"below", "top"}, bad: true},
		{name: "update", answer: map[string]any{"response_action": "update", "view": view("fresh")}, stack: []string{"below", "fresh"}},
		{name: "push", answer: map[string]any{"response_action": "push", "view": view("third")}, stack: []string{"below", "top", "third"}, want: map[string]any{"2.previous_view_id": present}},
		{name: "update without a view", answer: map[string]any{"response_action": "update"}, stack: []string{"below", "top"}, bad: true},
		{name: "unknown", answer: map[string]any{"response_action": "dance"}, stack: []string{"below", "top"}, bad: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := startSlack(t)
			dial(t, s, func(wire) any { return tt.answer }).hello()
			open(t, s, "UANA", fmt.Sprintf(small, "below"))
			s.mu.Lock()
			_, no := s.pushView("UANA", []byte(fmt.Sprintf(small, "top")))
			s.mu.Unlock()
			if no != nil {
				t.Fatal(no)
			}
			_, answer := post(t, s, "/submit", `{"user":"ana","values":{"text":{"a":"x"}}}`)
			if answer["acked"] != true || (answer["error"] != nil) != tt.bad {
				t.Errorf("act answered %v", answer)
			}
			views := stateOfSlack(t, s, "?viewer=ana")["views"].([]any)
			names := []string{}
			for _, v := range views {
				names = append(names, at(t, v, "callback_id").(string))
			}
			if fmt.Sprint(names) != fmt.Sprint(tt.stack) {
				t.Errorf("open are %v, want %v", names, tt.stack)
			}
			wantAt(t, views, tt.want)
		})
	}
}

func TestOnlyThreeViewsLieOnOneAnother(t *testing.T) {
	s := startSlack(t)
	push := map[string]any{"response_action": "push", "view": map[string]any{
		"type": "modal", "title": map[string]any{"type": "plain_text", "text": "S"}, "submit": map[string]any{"type": "plain_text", "text": "Go"}, "blocks": []any{map[string]any{"type": "divider"}},
	}}
	dial(t, s, func(wire) any { return push }).hello()
	open(t, s, "UANA", fmt.Sprintf(small, "first"))
	acted(t, s, "/submit", `{"user":"ana","values":{"text":{"a":"x"}}}`)
	acted(t, s, "/submit", `{"user":"ana"}`)
	if _, answer := post(t, s, "/submit", `{"user":"ana"}`); answer["error"] != "push_limit_reached" {
		t.Errorf("the fourth view: %v", answer)
	}
}

func TestUnansweredSubmissionKeepsTheModal(t *testing.T) {
	s := startSlack(t)
	impatient(s)
	dial(t, s, func(wire) any { return noAck }).hello()
	open(t, s, "UANA", fmt.Sprintf(small, "it"))
	if _, answer := post(t, s, "/submit", `{"user":"ana","values":{"text":{"a":"typed"}}}`); answer["error"] != "no ack in 3 s" {
		t.Fatalf("act answered %v", answer)
	}
	wantAt(t, stateOfSlack(t, s, "")["views"], map[string]any{"0.callback_id": "it", "0.state.values.text.a.value": "typed"})
}

func TestViewClosed(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	id := open(t, s, "UANA", fmt.Sprintf(small, "it"))
	acted(t, s, "/close", `{"user":"ana"}`)
	wantAt(t, payloadOf(t, c.next().Payload), map[string]any{"type": "view_closed", "is_cleared": false, "view.id": id, "view.callback_id": "it", "user.id": "UANA"})
	open(t, s, "UANA", `{"type":"modal","title":{"type":"plain_text","text":"S"},"blocks":[{"type":"divider"}]}`)
	if answer := acted(t, s, "/close", `{"user":"ana"}`); answer["envelope_id"] != "" || len(c.frames) != 0 {
		t.Errorf("told of a view that did not ask: %v", answer)
	}
	open(t, s, "UANA", fmt.Sprintf(small, "below"))
	s.mu.Lock()
	_, no := s.pushView("UANA", []byte(fmt.Sprintf(small, "top")))
	s.mu.Unlock()
	if no != nil {
		t.Fatal(no)
	}
	acted(t, s, "/close", `{"user":"ana","clear":true}`)
	for _, name := range []string{"top", "below"} {
		wantAt(t, payloadOf(t, c.next().Payload), map[string]any{"view.callback_id": name, "is_cleared": true})
	}
	if _, answer := post(t, s, "/close", `{"user":"ana"}`); answer["error"] != "view_not_found" {
		t.Errorf("closed what is closed: %v", answer)
	}
}

func TestSelectOnMessage(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	ts := say(t, s, "", `[{"type":"actions","block_id":"b","elements":[
		{"type":"static_select","action_id":"colour","placeholder":{"type":"plain_text","text":"Which?"},"options":[{"text":{"type":"plain_text","text":"Red"},"value":"red"}]},
		{"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"Skip"},"value":"skip"}]},
		{"type":"datepicker","action_id":"day","initial_date":"2026-03-03"},
		{"type":"timepicker","action_id":"hour"},{"type":"datetimepicker","action_id":"moment"},
		{"type":"users_select","action_id":"who"},{"type":"multi_users_select","action_id":"whom"},
		{"type":"conversations_select","action_id":"place"},{"type":"channels_select","action_id":"room"},
		{"type":"checkboxes","action_id":"boxes","options":[{"text":{"type":"plain_text","text":"Yes"},"value":"y"}]}]}]`)
	for _, tt := range []struct{ action, value, path, want string }{
		{"colour", `"option":"red"`, "selected_option.value", "red"},
		{"more", `"option":"skip"`, "selected_option.value", "skip"},
		{"day", `"date":"2026-03-05"`, "selected_date", "2026-03-05"},
		{"hour", `"time":"09:30"`, "selected_time", "09:30"},
		{"moment", `"datetime":1773048600`, "selected_date_time", "1773048600"},
		{"who", `"person":"ben"`, "selected_user", "UBEN"},
		{"whom", `"users":["ben","ana"]`, "selected_users.1", "UANA"},
		{"place", `"conversation":"general"`, "selected_conversation", "CGEN"},
		{"room", `"channel_id":"CGEN"`, "selected_channel", "CGEN"},
		{"boxes", `"options":["y"]`, "selected_options.0.value", "y"},
	} {
		acted(t, s, "/select", `{"user":"ana","channel":"general","ts":"`+ts+`","action_id":"`+tt.action+`",`+tt.value+`}`)
		p := payloadOf(t, c.next().Payload)
		wantAt(t, p, map[string]any{"type": "block_actions", "actions.0.action_id": tt.action, "actions.0.action_ts": present, "actions.0.type": present})
		if got := at(t, p, "actions.0."+tt.path); fmt.Sprintf("%.0f", got) != tt.want && got != tt.want {
			t.Errorf("%s: %v, want %s", tt.action, got, tt.want)
		}
		// What was chosen before stays chosen, overflow menus hold nothing.
		if tt.action == "boxes" {
			wantAt(t, p, map[string]any{"state.values.b.colour.selected_option.value": "red", "state.values.b.day.selected_date": "2026-03-05", "state.values.b.more": nil})
		}
	}
	acted(t, s, "/select", `{"user":"ana","channel":"general","ts":"`+ts+`","action_id":"colour","option":""}`)
	wantAt(t, payloadOf(t, c.next().Payload), map[string]any{"actions.0.selected_option": nil, "actions.0.placeholder.text": "Which?"})
	for _, value := range []string{`"option":"green"`, `"option":"red","date":"2026-03-05"`, `"forge":false`} {
		if _, answer := post(t, s, "/select", `{"user":"ana","channel":"general","ts":"`+ts+`","action_id":"colour",`+value+`}`); answer["error"] == nil {
			t.Errorf("%s: %v", value, answer)
		}
	}
}

func TestSelectInView(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	id := open(t, s, "UANA", everyInput)
	if answer := acted(t, s, "/select", `{"user":"ana","action_id":"one","block_id":"one","option":"blue"}`); answer["envelope_id"] != "" {
		t.Errorf("an input told the app before submission: %v", answer)
	}
	acted(t, s, "/select", `{"user":"ana","view_id":"`+id+`","action_id":"beside","block_id":"beside","option":"red"}`)
	p := payloadOf(t, c.next().Payload)
	wantAt(t, p, map[string]any{
		"type": "block_actions", "container.type": "view", "container.view_id": id, "view.id": id, "actions.0.selected_option.value": "red",
		"view.state.values.one.one.selected_option.value": "blue", "view.state.values.beside.beside.selected_option.value": "red", "trigger_id": present,
	})
	for _, key := range []string{"channel", "message", "response_url"} {
		if _, ok := p[key]; ok {
			t.Errorf("an action in a view has %s", key)
		}
	}
}
