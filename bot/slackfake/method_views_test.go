package slackfake

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"
)

func modal(title string, more in) in {
	view := in{
		"type": "modal", "title": in{"type": "plain_text", "text": title}, "callback_id": "c",
		"blocks": []any{section("hi")},
	}
	maps.Copy(view, more)
	return view
}

func home(text string) in { return in{"type": "home", "blocks": []any{section(text)}} }

// trigger makes a trigger_id as ana's act would.
func (o *office) trigger() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.newTrigger("UANA")
}

func TestViewsOpen(t *testing.T) {
	o := openOffice(t)
	used := o.trigger()
	o.must("views.open", in{"trigger_id": used, "view": modal("One", nil)})
	expired := o.trigger()
	o.mu.Lock()
	o.hub.triggers[expired].expires = time.Now().Add(-time.Millisecond) // triggers live in real time
	o.mu.Unlock()
	for _, r := range []row{
		{"opens", in{"trigger_id": o.trigger(), "view": modal("Two", nil)}, "", map[string]any{
			"view.title.text": "Two", "view.callback_id": "c", "view.previous_view_id": nil, "view.app_id": "A000000001", "view.type": "modal",
		}},
		{"used", in{"trigger_id": used, "view": modal("Two", nil)}, "exchanged_trigger_id", nil},
		{"expired", in{"trigger_id": expired, "view": modal("Two", nil)}, "expired_trigger_id", nil},
		{"invented", in{"trigger_id": "1.2.3", "view": modal("Two", nil)}, "invalid_trigger_id", nil},
		{"none", in{"view": modal("Two", nil)}, "invalid_arguments", nil},
		{"no view", in{"trigger_id": o.trigger()}, "invalid_arguments", nil},
		{"a home", in{"trigger_id": o.trigger(), "view": home("x")}, "invalid_arguments", nil},
		{"over a limit", in{"trigger_id": o.trigger(), "view": modal(strings.Repeat("x", 25), nil)}, "invalid_arguments", map[string]any{
			"response_metadata.messages.0": "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
		}},
		{"too large", in{"trigger_id": o.trigger(), "view": modal("Big", in{"blocks": many(90, section(strings.Repeat("x", 2900)))})}, "view_too_large", nil},
	} {
		t.Run(r.name, func(t *testing.T) { r.check(t, o.form("views.open", r.args)) })
	}
	t.Run("a refused view leaves the trigger", func(t *testing.T) {
		id := o.trigger()
		row{error: "invalid_arguments"}.check(t, o.json("views.open", in{"trigger_id": id, "view": modal("", nil)}))
		row{}.check(t, o.json("views.open", in{"trigger_id": id, "view": modal("Fine", nil)}))
	})
	t.Run("the same external_id", func(t *testing.T) {
		o.must("views.publish", in{"user_id": "UBEN", "view": in{"type": "home", "external_id": "mine", "blocks": []any{}}})
		row{error: "duplicate_external_id"}.check(t, o.json("views.open", in{"trigger_id": o.trigger(), "view": modal("X", in{"external_id": "mine"})}))
	})
}

func many(n int, block any) []any {
	blocks := make([]any, n)
	for i := range blocks {
		blocks[i] = block
	}
	return blocks
}

func TestViewsPush(t *testing.T) {
	o := openOffice(t)
	row{error: "not_found"}.check(t, o.form("views.push", in{"trigger_id": o.trigger(), "view": modal("X", nil)}))
	first := o.must("views.open", in{"trigger_id": o.trigger(), "view": modal("One", nil)})
	root := dig(first, "view.id")
	second := o.must("views.push", in{"trigger_id": o.trigger(), "view": modal("Two", nil)})
	row{want: map[string]any{"view.root_view_id": root, "view.previous_view_id": root}}.check(t, second)
	third := o.must("views.push", in{"trigger_id": o.trigger(), "view": modal("Three", nil)})
	row{want: map[string]any{"view.root_view_id": root, "view.previous_view_id": dig(second, "view.id")}}.check(t, third)
	row{error: "push_limit_reached"}.check(t, o.form("views.push", in{"trigger_id": o.trigger(), "view": modal("Four", nil)}))

	o.mu.Lock()
	top := o.world.topView("UANA")
	o.closeView(top, false)
	left := len(o.world.stacks["UANA"])
	o.closeView(o.world.topView("UANA"), true)
	cleared := len(o.world.stacks["UANA"])
	o.mu.Unlock()
	if left != 2 || cleared != 0 || !top.Closed {
		t.Errorf("after closing %d, after clearing %d, closed %v", left, cleared, top.Closed)
	}
	row{error: "not_found"}.check(t, o.form("views.update", in{"view_id": root, "view": modal("X", nil)}))
}

func TestViewsUpdate(t *testing.T) {
	o := openOffice(t)
	opened := o.must("views.open", in{"trigger_id": o.trigger(), "view": modal("One", in{"external_id": "ext"})})
	id, hash := dig(opened, "view.id"), dig(opened, "view.hash")
	updated := o.must("views.update", in{"view_id": id, "hash": hash, "view": modal("Two", in{"external_id": "ext"})})
	row{want: map[string]any{"view.id": id, "view.title.text": "Two"}}.check(t, updated)
	if dig(updated, "view.hash") == hash {
		t.Error("the hash stayed")
	}
	for _, r := range []row{
		{args: in{"view_id": id, "hash": hash, "view": modal("Three", nil)}, error: "hash_conflict"},
		{args: in{"view_id": "VNONE", "view": modal("Three", nil)}, error: "not_found"},
		{args: in{"external_id": "other", "view": modal("Three", nil)}, error: "not_found"},
		{args: in{"view": modal("Three", nil)}, error: "invalid_arguments"},
		{args: in{"view_id": id, "view": home("x")}, error: "invalid_arguments"},
		{args: in{"external_id": "ext", "view": modal("Three", nil)}, want: map[string]any{"view.id": id}},
		{args: in{"external_id": "ext", "view": modal("Four", nil)}, error: "not_found"}, // the last update took the name away
	} {
		r.check(t, o.form("views.update", r.args))
	}
}

func TestViewsPublish(t *testing.T) {
	o := openOffice(t)
	first := o.must("views.publish", in{"user_id": "UANA", "view": home("one")})
	again := o.must("views.publish", in{"user_id": "UANA", "view": home("two"), "hash": dig(first, "view.hash")})
	row{want: map[string]any{"view.id": dig(first, "view.id"), "view.blocks.0.text.text": "two"}}.check(t, again)
	for _, r := range []row{
		{args: in{"user_id": "UANA", "view": home("three"), "hash": dig(first, "view.hash")}, error: "hash_conflict"},
		{args: in{"user_id": "UBEN", "view": home("three"), "hash": "1.2"}, error: "hash_conflict"},
		{args: in{"user_id": "UNONE", "view": home("three")}, error: "invalid_arguments"},
		{args: in{"user_id": "UANA", "view": modal("x", nil)}, error: "invalid_arguments"},
		{args: in{"user_id": "UANA", "view": in{"type": "home", "title": "no", "blocks": []any{}}}, error: "invalid_arguments"},
	} {
		r.check(t, o.json("views.publish", r.args))
	}
	t.Run("no Home in the manifest", func(t *testing.T) {
		o := openWith(t, Config{Manifest: []byte("display_information: {name: Homeless}\n")})
		row{error: "not_enabled"}.check(t, o.form("views.publish", in{"user_id": "UANA", "view": home("x")}))
	})
}

func TestBlocksGetNames(t *testing.T) {
	o := openOffice(t)
	button := in{"type": "button", "text": in{"type": "plain_text", "text": "Go"}}
	blocks := []any{section("hi"), section("hi"), in{"type": "actions", "block_id": "mine", "elements": []any{button, button}}}
	out := o.must("chat.postMessage", in{"channel": "CGEN", "text": "x", "blocks": blocks})
	seen := map[string]bool{}
	for _, path := range []string{
		"message.blocks.0.block_id", "message.blocks.1.block_id", "message.blocks.2.elements.0.action_id", "message.blocks.2.elements.1.action_id",
	} {
		id, _ := dig(out, path).(string)
		if id == "" || seen[id] {
			t.Errorf("%s is %q", path, id)
		}
		seen[id] = true
	}
	row{want: map[string]any{"message.blocks.2.block_id": "mine"}}.check(t, out)
	view := o.must("views.publish", in{"user_id": "UANA", "view": in{"type": "home", "blocks": blocks}})
	if fmt.Sprint(dig(view, "view.blocks.0.block_id")) == "<nil>" {
		t.Error("a view's block has no name")
	}
}
