package slackapp

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// Slack's limits, in characters unless stated; where its documents conflict, the stricter value. Source: the Block Kit reference and
// chat.postMessage's errors.
const (
	maxMessageText   = 4000
	maxMessageChars  = 10_000 // of all blocks together
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxViewBytes     = 250 * 1024
	maxViewTitle     = 24 // also submit and close
	maxMetadata      = 3000
	maxID            = 255 // block_id, action_id, callback_id, external_id
	maxSection       = 3000
	maxFields        = 10
	maxField         = 2000
	maxHeader        = 150
	maxContext       = 10
	maxActions       = 25
	maxButton        = 75
	maxValue         = 2000
	maxURL           = 3000
	maxOption        = 75 // text, value, description
	maxSelect        = 100
	maxRadio         = 10
	maxOverflow      = 5
	maxPlaceholder   = 150
	maxLabel         = 2000
	maxInputText     = 3000
	maxConfirmTitle  = 100
	maxConfirmText   = 300
	maxConfirmButton = 30
	maxAlt           = 2000
	maxMarkdown      = 12_000
	maxChartLabel    = 20
	maxChartAxis     = 50
	maxPieSegments   = 6
	maxChartPoints   = 20
)

// checkMessage returns an error that names each place where Slack would refuse the message.
func checkMessage(text string, blocks []slack.Block) error {
	c := newChecker()
	c.length("text", text, 0, maxMessageText)
	if strings.TrimSpace(text) == "" {
		c.problem("text", "is empty: who cannot see the blocks gets nothing")
	}
	c.count("blocks", len(blocks), 0, maxMessageBlocks)
	if err := c.blocks(blocks); err != nil {
		return err
	}
	if c.chars > maxMessageChars {
		c.problem("blocks", "%d characters together, at most %d", c.chars, maxMessageChars)
	}
	return c.err()
}

// checkView returns an error that names each place where Slack would refuse the modal or Home tab.
func checkView(view any) error {
	generic, err := toGeneric(view)
	if err != nil {
		return err
	}
	v, _ := generic.(map[string]any)
	c := newChecker()
	if raw, err := json.Marshal(generic); err == nil && len(raw) > maxViewBytes {
		c.problem("view", "%d bytes, at most %d", len(raw), maxViewBytes)
	}
	c.string(v, "", "private_metadata", maxMetadata)
	c.string(v, "", "callback_id", maxID)
	c.string(v, "", "external_id", maxID)
	list, _ := v["blocks"].([]any)
	c.count("blocks", len(list), 0, maxViewBlocks)
	c.list("blocks", list, c.block)
	if v["type"] == "modal" {
		c.modal(v)
	}
	return c.err()
}

func (c *checker) modal(v map[string]any) {
	for _, key := range [...]string{"title", "submit", "close"} {
		c.text(v, "", key, 1, maxViewTitle, slack.PlainTextType, key == "title")
	}
	if _, ok := v["submit"]; !ok && c.inputs > 0 {
		c.problem("submit", "is missing, yet there are inputs")
	}
}

// checker collects what is wrong.
type checker struct {
	problems []string
	blockIDs map[string]bool
	actions  map[string]bool
	chars    int // in all text objects
	inputs   int
}

func newChecker() *checker { return &checker{blockIDs: map[string]bool{}, actions: map[string]bool{}} }

func (c *checker) err() error {
	if len(c.problems) == 0 {
		return nil
	}
	return errors.New(strings.Join(c.problems, "; "))
}

func (c *checker) problem(path, format string, args ...any) {
	c.problems = append(c.problems, path+": "+fmt.Sprintf(format, args...))
}

func (c *checker) length(path, text string, least, most int) {
	if n := utf8.RuneCountInString(text); n < least || n > most {
		c.problem(path, "%d characters, %d to %d are allowed", n, least, most)
	}
}

func (c *checker) count(path string, n, least, most int) {
	if n < least || n > most {
		c.problem(path, "%d of them, %d to %d are allowed", n, least, most)
	}
}

// string checks an optional string.
func (c *checker) string(node map[string]any, path, key string, most int) {
	if text, ok := node[key].(string); ok {
		c.length(join(path, key), text, 0, most)
	}
}

// id checks an id that has to differ from those seen before.
func (c *checker) id(node map[string]any, path, key string, seen map[string]bool) {
	id, _ := node[key].(string)
	c.length(join(path, key), id, 0, maxID)
	if id != "" && seen[id] {
		c.problem(join(path, key), "%q stands there twice", id)
	}
	seen[id] = true
}

// text checks the text object that stands under a key. kind may be empty for either.
func (c *checker) text(node map[string]any, path, key string, least, most int, kind string, required bool) {
	value, there := node[key]
	switch {
	case there && value != nil:
		c.textObject(join(path, key), value, least, most, kind)
	case required:
		c.problem(join(path, key), "is missing")
	}
}

func (c *checker) textObject(path string, value any, least, most int, kind string) {
	object, ok := value.(map[string]any)
	if !ok {
		c.problem(path, "is no text object")
		return
	}
	if got, _ := object["type"].(string); got != slack.PlainTextType && got != slack.MarkdownType || kind != "" && got != kind {
		c.problem(path, "is of type %q", got)
	}
	text, _ := object["text"].(string)
	c.length(path, text, least, most)
	c.chars += utf8.RuneCountInString(text)
}

// list checks every object of a list.
func (c *checker) list(path string, nodes []any, check func(path string, node map[string]any)) {
	for i, n := range nodes {
		at := fmt.Sprintf("%s[%d]", path, i)
		node, ok := n.(map[string]any)
		if !ok {
			c.problem(at, "is no object")
			continue
		}
		check(at, node)
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
