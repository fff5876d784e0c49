package slackfake

import "regexp"

// reactionMethods are about emoji below messages.
func reactionMethods() []*method {
	item := "channel timestamp file file_comment"
	return []*method{
		{name: "reactions.add", rate: tier(3), scopes: words("reactions:write"), required: words("name"), optional: words(item), act: reactionsAdd},
		{name: "reactions.remove", rate: tier(2), scopes: words("reactions:write"), required: words("name"), optional: words(item), act: reactionsRemove},
		{name: "reactions.get", rate: tier(3), scopes: words("reactions:read"), optional: words(item + " full"), act: reactionsGet},
	}
}

// emojiName is an emoji with or without a skin tone, no colons around it.
var emojiName = regexp.MustCompile(`^[\p{L}\p{N}_+'-]{1,100}(::skin-tone-[2-6])?$`)

// mostEmoji is how many different emoji a message may have.
const mostEmoji = 50

// item finds the message that a reaction is about.
func (c *call) item() (*Message, *refusal) {
	if c.args["channel"] == "" || c.args["timestamp"] == "" {
		return nil, refuse("no_item_specified")
	}
	if _, ok := parseTS(c.args["timestamp"]); !ok {
		return nil, refuse("bad_timestamp")
	}
	place, no := c.visible(c.args["channel"])
	if no != nil {
		return nil, no
	}
	m := c.world.message(place.ID, c.args["timestamp"])
	if m == nil || m.EphemeralTo != "" {
		return nil, refuse("message_not_found")
	}
	return m, nil
}

// reactable is item for a reaction that changes.
func (c *call) reactable() (*Message, *refusal) {
	if !emojiName.MatchString(c.args["name"]) {
		return nil, refuse("invalid_name")
	}
	m, no := c.item()
	if no != nil {
		return nil, no
	}
	switch place := c.world.channels[m.Channel]; {
	case place.Archived:
		return nil, refuse("is_archived")
	case !place.has(c.app.botUser):
		return nil, refuse("not_in_channel")
	}
	return m, nil
}

func reactionsAdd(c *call) (reply, *refusal) {
	m, no := c.reactable()
	if no != nil {
		return nil, no
	}
	if len(m.Reactions) >= mostEmoji {
		return nil, refuse("too_many_emoji")
	}
	return nil, refuseCode(c.addReaction(m, c.app.botUser, c.args["name"]))
}

func reactionsRemove(c *call) (reply, *refusal) {
	m, no := c.reactable()
	if no != nil {
		return nil, no
	}
	return nil, refuseCode(c.removeReaction(m, c.app.botUser, c.args["name"]))
}

func reactionsGet(c *call) (reply, *refusal) {
	m, no := c.item()
	if no != nil {
		return nil, no
	}
	out := c.messageJSON(m, false)
	out["permalink"] = c.permalink(m)
	return reply{"type": "message", "channel": m.Channel, "message": out}, nil
}
