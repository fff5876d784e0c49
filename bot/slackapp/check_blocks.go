package slackapp

import (
	"strconv"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// blocks checks what sealBlocks made.
func (c *checker) blocks(blocks []slack.Block) error {
	generic, err := toGeneric(blocks)
	if err != nil {
		return err
	}
	list, _ := generic.([]any)
	c.list("blocks", list, c.block)
	return nil
}

func (c *checker) block(path string, b map[string]any) {
	c.id(b, path, "block_id", c.blockIDs)
	switch b["type"] {
	case "section":
		c.section(path, b)
	case "header":
		c.text(b, path, "text", 1, maxHeader, slack.PlainTextType, true)
	case "context":
		elements, _ := b["elements"].([]any)
		c.count(join(path, "elements"), len(elements), 1, maxContext)
		c.list(join(path, "elements"), elements, c.contextElement)
	case "actions":
		elements, _ := b["elements"].([]any)
		c.count(join(path, "elements"), len(elements), 1, maxActions)
		c.list(join(path, "elements"), elements, c.element)
	case "input":
		c.input(path, b)
	case "image":
		c.image(path, b)
		c.text(b, path, "title", 1, maxValue, slack.PlainTextType, false)
	case "markdown":
		text, _ := b["text"].(string)
		c.length(join(path, "text"), text, 1, maxMarkdown)
		c.chars += utf8.RuneCountInString(text)
	case "data_visualization":
		c.chart(path, b)
	case "divider", "rich_text":
	default:
		c.problem(path, "blocks of type %v are not checked, so they are not sent", b["type"])
	}
}

func (c *checker) section(path string, b map[string]any) {
	list, _ := b["fields"].([]any)
	c.text(b, path, "text", 1, maxSection, "", len(list) == 0)
	c.count(join(path, "fields"), len(list), 0, maxFields)
	for i, f := range list {
		c.textObject(path+".fields["+strconv.Itoa(i)+"]", f, 1, maxField, "")
	}
	if accessory, ok := b["accessory"].(map[string]any); ok {
		c.element(join(path, "accessory"), accessory)
	}
}

func (c *checker) contextElement(path string, e map[string]any) {
	if e["type"] == "image" {
		c.image(path, e)
		return
	}
	c.textObject(path, e, 1, maxSection, "")
}

func (c *checker) image(path string, e map[string]any) {
	url, _ := e["image_url"].(string)
	c.length(join(path, "image_url"), url, 1, maxURL)
	alt, _ := e["alt_text"].(string)
	c.length(join(path, "alt_text"), alt, 1, maxAlt)
}

func (c *checker) input(path string, b map[string]any) {
	c.inputs++
	if id, _ := b["block_id"].(string); id == "" {
		c.problem(join(path, "block_id"), "is missing: nobody could find its value")
	}
	c.text(b, path, "label", 1, maxLabel, slack.PlainTextType, true)
	c.text(b, path, "hint", 1, maxLabel, slack.PlainTextType, false)
	element, ok := b["element"].(map[string]any)
	if !ok {
		c.problem(join(path, "element"), "is missing")
		return
	}
	c.element(join(path, "element"), element)
}

func (c *checker) chart(path string, b map[string]any) {
	chart, ok := b["chart"].(map[string]any)
	if !ok {
		c.problem(join(path, "chart"), "is missing")
		return
	}
	path = join(path, "chart")
	segments, _ := chart["segments"].([]any)
	if chart["type"] == "pie" {
		c.count(join(path, "segments"), len(segments), 1, maxPieSegments)
	}
	c.list(join(path, "segments"), segments, func(at string, s map[string]any) { c.string(s, at, "label", maxChartLabel) })
	series, _ := chart["series"].([]any)
	c.list(join(path, "series"), series, func(at string, s map[string]any) {
		c.string(s, at, "name", maxChartLabel)
		points, _ := s["data"].([]any)
		c.count(join(at, "data"), len(points), 1, maxChartPoints)
		c.list(join(at, "data"), points, func(at string, p map[string]any) { c.string(p, at, "label", maxChartLabel) })
	})
	if axis, ok := chart["axis_config"].(map[string]any); ok {
		c.string(axis, join(path, "axis_config"), "x_label", maxChartAxis)
		c.string(axis, join(path, "axis_config"), "y_label", maxChartAxis)
	}
}
