package slackfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// The limits of a whole message or view. Where Slack's documents conflict, the stricter value stands. Lengths are characters, not bytes.
const (
	maxText          = 4_000  // above about 4,040 Slack splits a post into several
	maxMessageBlocks = 50     // docs.slack.dev/reference/block-kit/blocks
	maxMessageChars  = 10_000 // of all blocks together; msg_blocks_too_long was seen at about 13,200
	maxAttachments   = 100
	maxViewBlocks    = 100
	maxViewBytes     = 250_000 // docs.slack.dev/reference/views
	maxCharts        = 2       // data_visualization blocks in one message
)

// screen is where blocks are shown.
type screen string

const (
	onMessage screen = "message"
	onModal   screen = "modal"
	onHome    screen = "home"
)

// checker goes through blocks and notes what Slack would refuse.
type checker struct {
	screen    screen
	shapes    map[string]shape // of blocks
	elements  map[string]shape // of what stands in blocks
	problems  []problem
	blockIDs  map[string]bool
	actionIDs map[string]bool
	chars     int // that people read, in all blocks
	markdown  int // of them in markdown blocks
	counts    map[string]int
	focus     bool // an element has focus_on_load
}

func newChecker(on screen) *checker {
	return &checker{
		screen: on, shapes: blockShapes(), elements: elementShapes(), blockIDs: map[string]bool{}, actionIDs: map[string]bool{},
		counts: map[string]int{},
	}
}

func (k *checker) add(path, format string, args ...any) {
	k.problems = append(k.problems, problem{Path: path, Text: fmt.Sprintf(format, args...)})
}

func (k *checker) addCode(code, path, format string, args ...any) {
	k.problems = append(k.problems, problem{Path: path, Text: fmt.Sprintf(format, args...), Code: code})
}

// checkMessage says what Slack would refuse of a message; blocks and attachments may be empty.
func checkMessage(text string, blocks, attachments json.RawMessage) []problem {
	k := newChecker(onMessage)
	if utf8.RuneCountInString(text) > maxText {
		k.addCode("msg_too_long", "/text", "must be less than %d characters", maxText+1)
	}
	if len(blocks) > 0 {
		if value, ok := parseJSON(blocks); ok && isList(value) {
			k.blocks("/blocks", value.([]any), maxMessageBlocks)
		} else if value != nil || !ok {
			k.addCode("invalid_blocks_format", "/blocks", "must be an array of blocks")
		}
	}
	k.attachments(attachments)
	if k.chars > maxMessageChars {
		k.addCode("msg_blocks_too_long", "/blocks", "all blocks together must be less than %d characters, are %d", maxMessageChars+1, k.chars)
	}
	if k.markdown > maxMarkdown {
		k.addCode("msg_blocks_too_long", "/blocks", "all markdown blocks together must be less than %d characters", maxMarkdown+1)
	}
	for kind, most := range map[string]int{"data_visualization": maxCharts, "table": 1} {
		if k.counts[kind] > most {
			k.add("/blocks", "no more than %d blocks of type %s allowed", most, kind)
		}
	}
	return k.problems
}

func (k *checker) attachments(raw json.RawMessage) {
	value, ok := parseJSON(raw)
	if value == nil && ok {
		return
	}
	list, isList := value.([]any)
	if !ok || !isList {
		k.addCode("invalid_attachments", "/attachments", "must be an array of attachments")
		return
	}
	if len(list) > maxAttachments {
		k.addCode("too_many_attachments", "/attachments", "no more than %d items allowed", maxAttachments)
	}
	for i, item := range list {
		path := fmt.Sprintf("/attachments/%d", i)
		attachment, ok := item.(map[string]any)
		if !ok {
			k.addCode("invalid_attachments", path, "must provide an object")
			continue
		}
		if blocks, ok := attachment["blocks"].([]any); ok {
			k.blocks(path+"/blocks", blocks, maxMessageBlocks)
		}
	}
}

// checkView says what Slack would refuse of a modal or Home tab.
func checkView(raw json.RawMessage) []problem {
	value, ok := parseJSON(raw)
	view, isObject := value.(map[string]any)
	if !ok || !isObject {
		return []problem{{Path: "/view", Text: "must provide an object"}}
	}
	k := newChecker(screen(asString(view["type"])))
	if len(raw) > maxViewBytes {
		k.addCode("view_too_large", "/view", "must be at most %d bytes, is %d", maxViewBytes, len(raw))
	}
	sh, known := viewShapes()[string(k.screen)]
	if !known {
		k.add("/view/type", "must be a valid enum value: modal, home")
		return k.problems
	}
	k.object("/view", view, sh)
	if blocks, ok := view["blocks"].([]any); ok {
		k.blocks("/view/blocks", blocks, maxViewBlocks)
	}
	if k.screen == onModal && k.counts["input"] > 0 && view["submit"] == nil {
		k.add("/view", "missing required field: submit, because the view has inputs")
	}
	return k.problems
}

// blocks checks a list of blocks.
func (k *checker) blocks(path string, blocks []any, most int) {
	if len(blocks) > most {
		k.add(path, "no more than %d items allowed", most)
	}
	for i, item := range blocks {
		k.block(fmt.Sprintf("%s/%d", path, i), item)
	}
}

func (k *checker) block(path string, item any) {
	block, ok := item.(map[string]any)
	if !ok {
		k.add(path, "must provide an object")
		return
	}
	kind := asString(block["type"])
	sh, known := k.shapes[kind]
	switch {
	case kind == "":
		k.add(path, "missing required field: type")
		return
	case !known, !sh.isOn(k.screen):
		k.add(path+"/type", "unsupported type: %s", kind)
		return
	}
	k.counts[kind]++
	k.id(path+"/block_id", "block_id", block, k.blockIDs)
	k.object(path, block, sh)
}

// id checks that a block_id or action_id stands only once in a message or view.
func (k *checker) id(path, name string, in map[string]any, seen map[string]bool) {
	id := asString(in[name])
	if id == "" {
		return
	}
	if seen[id] {
		k.add(path, "`%s` %q already exists", name, id)
	}
	seen[id] = true
}

// parseJSON reads JSON with numbers as they were written; ok is false for what is no JSON. Nothing is nil.
func parseJSON(raw json.RawMessage) (value any, ok bool) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, true
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&value); err != nil || !json.Valid(raw) { // a decoder stops before what follows
		return nil, false
	}
	return value, true
}

func isList(value any) bool { _, ok := value.([]any); return ok }

func asString(value any) string {
	text, _ := value.(string)
	return text
}
