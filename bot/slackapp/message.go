package slackapp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"
)

// Message is what is said: a plain sentence for who reads without eyes or on a lock screen, and blocks that say the same for the others.
type Message struct {
	Text   string // mrkdwn, required; for private kinds it names the kind, not the content
	Blocks []slack.Block
	Unfurl bool // show previews of links
}

// Modal is a view that opens over everything else.
type Modal struct {
	CallbackID      string // what the routes table knows its submission by: "<noun>.<verb>"
	Title           string // at most 24 characters; cut if longer
	Submit          string // the button's label; empty for a modal without inputs
	Close           string // the label of the way out; empty for Slack's own
	Blocks          []slack.Block
	PrivateMetadata string // comes back with the submission; people can forge it: check what it says
	ExternalID      string // unique in the workspace; to update it without knowing its id
	NotifyOnClose   bool
}

// Home is a person's Home tab.
type Home struct {
	Blocks          []slack.Block
	PrivateMetadata string
}

// sealedBlock is a block as it goes over the wire, after the checks.
type sealedBlock map[string]any

// BlockType implements [slack.Block].
func (b sealedBlock) BlockType() slack.MessageBlockType {
	kind, _ := b["type"].(string)
	return slack.MessageBlockType(kind)
}

// ID implements [slack.Block].
func (b sealedBlock) ID() string {
	id, _ := b["block_id"].(string)
	return id
}

// seal returns m as it goes over the wire, or an error that names what Slack would refuse.
func (m Message) seal() (Message, error) {
	blocks, err := sealBlocks(m.Blocks)
	if err != nil {
		return Message{}, fmt.Errorf("seal message: %w", err)
	}
	if err := checkMessage(m.Text, blocks); err != nil {
		return Message{}, fmt.Errorf("seal message: %w", err)
	}
	return Message{Text: m.Text, Blocks: blocks, Unfurl: m.Unfurl}, nil
}

// plain is m without its blocks, for when those cannot be shown.
func (m Message) plain() Message { return Message{Text: cutMrkdwn(m.Text, maxMessageText)} }

// seal returns the modal as it goes over the wire, or an error that names what Slack would refuse.
func (m Modal) seal() (slack.ModalViewRequest, error) {
	blocks, err := sealBlocks(m.Blocks)
	if err != nil {
		return slack.ModalViewRequest{}, fmt.Errorf("seal modal %q: %w", m.CallbackID, err)
	}
	v := slack.ModalViewRequest{
		Type: slack.VTModal, Title: plainText(m.Title, maxViewTitle), Blocks: slack.Blocks{BlockSet: blocks},
		CallbackID: m.CallbackID, PrivateMetadata: m.PrivateMetadata, ExternalID: m.ExternalID, NotifyOnClose: m.NotifyOnClose,
	}
	if m.Submit != "" {
		v.Submit = plainText(m.Submit, maxViewTitle)
	}
	if m.Close != "" {
		v.Close = plainText(m.Close, maxViewTitle)
	}
	if err := checkView(v); err != nil {
		return slack.ModalViewRequest{}, fmt.Errorf("seal modal %q: %w", m.CallbackID, err)
	}
	return v, nil
}

// seal returns the Home tab as it goes over the wire, or an error that names what Slack would refuse.
func (h Home) seal() (slack.HomeTabViewRequest, error) {
	blocks, err := sealBlocks(h.Blocks)
	if err != nil {
		return slack.HomeTabViewRequest{}, fmt.Errorf("seal home: %w", err)
	}
	v := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}, PrivateMetadata: h.PrivateMetadata}
	if err := checkView(v); err != nil {
		return slack.HomeTabViewRequest{}, fmt.Errorf("seal home: %w", err)
	}
	return v, nil
}

// sealBlocks turns blocks into what is sent and gives repeated action ids an ordinal.
func sealBlocks(blocks []slack.Block) ([]slack.Block, error) {
	if len(blocks) == 0 {
		return nil, nil
	}
	generic, err := toGeneric(blocks)
	if err != nil {
		return nil, err
	}
	list, _ := generic.([]any)
	numberActions(list, map[string]int{})
	sealed := make([]slack.Block, 0, len(list))
	for i, b := range list {
		block, ok := b.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("blocks[%d] is no object", i)
		}
		sealed = append(sealed, sealedBlock(block))
	}
	return sealed, nil
}

// toGeneric passes a value through JSON, numbers kept as they are written.
func toGeneric(v any) (any, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var generic any
	err = decoder.Decode(&generic)
	return generic, err
}

// ordinalMark stands between an action id and the ordinal that tells repeated ones apart.
const ordinalMark = ":"

// numberActions gives the second "kudos.undo" of a message the id "kudos.undo:2": Slack wants them to differ, views should not have to
// care. The object's id is in the value, so the ordinal means nothing.
func numberActions(node any, seen map[string]int) {
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			numberActions(child, seen)
		}
	case map[string]any:
		if id, ok := node["action_id"].(string); ok && id != "" {
			seen[id]++
			if n := seen[id]; n > 1 {
				node["action_id"] = id + ordinalMark + strconv.Itoa(n)
			}
		}
		for _, key := range [...]string{"accessory", "element", "elements"} {
			numberActions(node[key], seen)
		}
	}
}

// actionName undoes numberActions.
func actionName(id string) string {
	name, _, _ := strings.Cut(id, ordinalMark)
	return name
}
