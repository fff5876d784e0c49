package slackfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
)

// nameBlocks gives blocks without a block_id one, and elements without an action_id, as Slack does. The same blocks are named the same
// each time. What is no list of blocks is returned as it is.
func nameBlocks(raw json.RawMessage) json.RawMessage {
	var blocks []json.RawMessage
	if len(raw) == 0 || json.Unmarshal(raw, &blocks) != nil {
		return raw
	}
	for i, block := range blocks {
		blocks[i] = nameBlock(block, i)
	}
	named, err := json.Marshal(blocks)
	if err != nil {
		return raw
	}
	return named
}

// nameViewBlocks is nameBlocks for the blocks of a view.
func nameViewBlocks(raw json.RawMessage) json.RawMessage {
	var view map[string]json.RawMessage
	if json.Unmarshal(raw, &view) != nil || len(view["blocks"]) == 0 {
		return raw
	}
	view["blocks"] = nameBlocks(view["blocks"])
	named, err := json.Marshal(view)
	if err != nil {
		return raw
	}
	return named
}

// nameBlock names one block and what stands in it.
func nameBlock(raw json.RawMessage, place int) json.RawMessage {
	raw = prepend(raw, "block_id", shortName(raw, "b", place))
	var block map[string]json.RawMessage
	if json.Unmarshal(raw, &block) != nil {
		return raw
	}
	changed := false
	for _, field := range []string{"accessory", "element"} {
		if len(block[field]) > 0 {
			block[field] = nameElement(block[field], place)
			changed = true
		}
	}
	var elements []json.RawMessage
	if string(block["type"]) == `"actions"` && json.Unmarshal(block["elements"], &elements) == nil {
		for i, e := range elements {
			elements[i] = nameElement(e, i)
		}
		block["elements"], changed = mustJSON(elements), true
	}
	if !changed {
		return raw
	}
	return mustJSON(block)
}

// nameElement gives an interactive element its action_id.
func nameElement(raw json.RawMessage, place int) json.RawMessage {
	var head struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(raw, &head) != nil || head.Type == "image" {
		return raw
	}
	return prepend(raw, "action_id", shortName(raw, "a", place))
}

// prepend adds a field to an object that lacks it.
func prepend(raw json.RawMessage, field, value string) json.RawMessage {
	var have map[string]json.RawMessage
	if json.Unmarshal(raw, &have) != nil || have == nil {
		return raw
	}
	if old := have[field]; len(old) > 0 && string(old) != `""` && string(old) != "null" {
		return raw
	}
	delete(have, field)
	have[field] = json.RawMessage(strconv.Quote(value))
	named, err := json.Marshal(have)
	if err != nil {
		return raw
	}
	return named
}

// shortName is five or more letters and digits that depend on what is named and where it stands.
func shortName(raw json.RawMessage, kind string, place int) string {
	sum := fnv.New32a()
	_, _ = fmt.Fprintf(sum, "%s %d ", kind, place) // a hash does not fail
	_, _ = sum.Write(bytes.TrimSpace(raw))
	return kind + strconv.FormatUint(uint64(sum.Sum32()), 36)
}
