package slackfake

import (
	"maps"
	"sync"
	"unicode/utf8"
)

// The limits of blocks, from docs.slack.dev/reference/block-kit/blocks.
const (
	maxSectionText   = 3_000
	maxFields        = 10
	maxFieldText     = 2_000
	maxHeader        = 150
	maxContext       = 10
	maxActions       = 25
	maxURL           = 3_000
	maxAlt           = 2_000
	maxImageTitle    = 2_000
	maxLabel         = 2_000
	maxMarkdown      = 12_000 // of all markdown blocks of a message
	maxID            = 255
	maxViewTitle     = 24
	maxPrivate       = 3_000
	maxTableRows     = 100
	maxTableColumns  = 20
	maxVideoTitle    = 200
	maxVideoAuthor   = 50
	maxAlert         = 200
	maxCardTitle     = 150
	maxCardBody      = 200
	maxCardActions   = 3
	maxCarousel      = 10
	maxContainer     = 10
	maxContainerText = 150
	maxFeedback      = 5
	maxRichText      = 100 // top elements of a rich_text block
)

// viewShapes are the two kinds of view; their blocks are looked at apart.
var viewShapes = sync.OnceValue(func() map[string]shape {
	both := fieldRules{
		"blocks": list(0, 1<<20, anything), "private_metadata": chars(0, maxPrivate), "callback_id": chars(0, maxID), "external_id": chars(0, maxID),
	}
	return map[string]shape{
		string(onModal): {
			fields: with(both, fieldRules{
				"title": plain1(maxViewTitle), "submit": plain1(maxViewTitle), "close": plain1(maxViewTitle),
				"clear_on_close": boolean, "notify_on_close": boolean, "submit_disabled": boolean,
			}),
			required: words("title blocks"),
		},
		string(onHome): {fields: both, required: words("blocks")},
	}
})

// blockShapes are the kinds of block. It is made once, because it is asked for with every message.
var blockShapes = sync.OnceValue(func() map[string]shape {
	shapes := joined(classicBlocks(), richBlocks(), chartBlocks())
	for _, sh := range shapes {
		sh.fields["block_id"] = chars(0, maxID)
	}
	return shapes
})

// joined puts shapes together by name.
func joined(sets ...map[string]shape) map[string]shape {
	all := map[string]shape{}
	for _, set := range sets {
		maps.Copy(all, set)
	}
	return all
}

// classicBlocks are those that Slack has had for years.
func classicBlocks() map[string]shape {
	return map[string]shape{
		"section": {
			fields: fieldRules{
				"text": rich1(maxSectionText), "fields": list(1, maxFields, rich1(maxFieldText)), "accessory": elementIn("section"), "expand": boolean,
			},
			also: func(k *checker, path string, b map[string]any) {
				if b["text"] == nil && b["fields"] == nil {
					k.add(path, "missing required field: text or fields")
				}
			},
		},
		"header":  {fields: fieldRules{"text": plain1(maxHeader), "level": integer(1, 6)}, required: words("text")},
		"divider": {fields: fieldRules{}},
		"context": {fields: fieldRules{"elements": list(1, maxContext, contextElement)}, required: words("elements")},
		"actions": {fields: fieldRules{"elements": list(1, maxActions, elementIn("actions"))}, required: words("elements")},
		"image": {
			fields: fieldRules{
				"image_url": address(maxURL), "slack_file": slackFile, "alt_text": read(0, maxAlt), "title": plain1(maxImageTitle),
			},
			required: words("alt_text"), also: oneSource,
		},
		"input": {
			fields: fieldRules{
				"label": plain1(maxLabel), "hint": plain1(maxLabel), "element": elementIn("input"), "optional": boolean, "dispatch_action": boolean,
			},
			required: words("label element"),
		},
		"file": {
			fields:   fieldRules{"external_id": chars(1, maxID), "source": oneOf("remote")},
			required: words("external_id source"), on: []screen{onMessage},
		},
		"video": {
			fields: fieldRules{
				"video_url": address(maxURL, "https"), "thumbnail_url": address(maxURL), "alt_text": read(0, maxAlt), "title": plain1(maxVideoTitle),
				"title_url": address(maxURL, "https"), "author_name": chars(0, maxVideoAuthor), "provider_name": chars(0, maxVideoAuthor),
				"provider_icon_url": address(maxURL), "description": plain1(maxVideoTitle),
			},
			required: words("video_url thumbnail_url alt_text title"),
		},
	}
}

// contextElement is a text or an image in a context block.
func contextElement(k *checker, path string, value any) {
	obj, ok := value.(map[string]any)
	if ok && (obj["type"] == plainText || obj["type"] == mrkdwn) {
		rich1(maxSectionText)(k, path, value)
		return
	}
	elementIn("context")(k, path, value)
}

// slackFile names a file of the workspace.
func slackFile(k *checker, path string, value any) {
	object(shape{fields: fieldRules{"id": chars(1, maxID), "url": address(maxURL)}})(k, path, value)
}

// oneSource says that an image has an address or is a file, not both.
func oneSource(k *checker, path string, b map[string]any) {
	switch {
	case b["image_url"] == nil && b["slack_file"] == nil:
		k.add(path, "missing required field: image_url or slack_file")
	case b["image_url"] != nil && b["slack_file"] != nil:
		k.add(path, "only one of image_url and slack_file is allowed")
	}
}

// richBlocks are the younger ones that hold running text, cards and other blocks.
func richBlocks() map[string]shape {
	messages := []screen{onMessage}
	card := shape{
		fields: fieldRules{
			"hero_image": elementIn("context"), "icon": elementIn("context"), "slack_icon": anything, "title": rich1(maxCardTitle),
			"subtitle": rich1(maxCardTitle), "body": rich1(maxCardBody), "subtext": rich1(maxCardBody),
			"actions": list(1, maxCardActions, elementIn("actions")),
		},
		also: func(k *checker, path string, b map[string]any) {
			if b["title"] == nil && b["body"] == nil && b["hero_image"] == nil && b["actions"] == nil {
				k.add(path, "missing required field: title, body, hero_image or actions")
			}
		},
	}
	return map[string]shape{
		"markdown":  {fields: fieldRules{"text": markdownText}, required: words("text"), on: messages},
		"rich_text": {fields: fieldRules{"elements": list(0, maxRichText, richTextElement)}, required: words("elements")},
		"alert": {
			fields:   fieldRules{"text": rich1(maxAlert), "level": oneOf("default", "info", "warning", "error", "success")},
			required: words("text"),
		},
		"card":     card,
		"carousel": {fields: fieldRules{"elements": list(1, maxCarousel, innerBlock("card"))}, required: words("elements")},
		"container": {
			fields: fieldRules{
				"title": rich1(maxContainerText), "rich_text_title": innerBlock("rich_text"), "subtitle": rich1(maxContainerText),
				"icon": elementIn("context"), "width": anything, "is_collapsible": boolean, "default_collapsed": boolean,
				"has_header_divider": boolean, "child_blocks": list(1, maxContainer, innerBlock("")),
			},
			required: words("child_blocks"),
		},
		"context_actions": {
			fields:   fieldRules{"elements": list(1, maxFeedback, elementIn("context_actions"))},
			required: words("elements"), on: messages,
		},
		"task_card": {
			fields: fieldRules{
				"task_id": chars(1, maxID), "title": read(1, maxHeader), "status": oneOf("pending", "in_progress", "complete", "error"),
				"details": innerBlock("rich_text"), "output": innerBlock("rich_text"), "sources": anything, "hide_title": boolean,
			},
			required: words("task_id title"), on: messages,
		},
		"plan": {fields: fieldRules{"title": read(1, maxHeader), "tasks": list(0, maxMessageBlocks, innerBlock("task_card"))}, required: words("title"), on: messages},
	}
}

// markdownText counts for itself and for the whole message.
func markdownText(k *checker, path string, value any) {
	read(1, maxMarkdown)(k, path, value)
	k.markdown += utf8.RuneCountInString(asString(value))
}

// innerBlock is a block in a block; kind may be empty for any.
func innerBlock(kind string) rule {
	return func(k *checker, path string, value any) {
		obj, ok := value.(map[string]any)
		if ok && kind != "" && obj["type"] != kind {
			k.add(path+"/type", "must be a valid enum value: %s", kind)
			return
		}
		k.block(path, value)
	}
}

// richTextElement is a section, list, quote or code block; the words in it count.
func richTextElement(k *checker, path string, value any) {
	obj, ok := value.(map[string]any)
	if !ok {
		k.add(path, "must provide an object")
		return
	}
	oneOf("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")(k, path+"/type", obj["type"])
	elements, ok := obj["elements"].([]any)
	if !ok {
		k.add(path, "missing required field: elements")
	}
	for _, item := range elements {
		k.countRichText(item)
	}
}

// countRichText counts the characters of rich text at any depth.
func (k *checker) countRichText(value any) {
	obj, ok := value.(map[string]any)
	if !ok {
		return
	}
	k.chars += utf8.RuneCountInString(asString(obj["text"]))
	if elements, ok := obj["elements"].([]any); ok {
		for _, item := range elements {
			k.countRichText(item)
		}
	}
}
