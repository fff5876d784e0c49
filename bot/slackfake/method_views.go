package slackfake

// viewMethods are about modals and Home.
func viewMethods() []*method {
	return []*method{
		{name: "views.open", rate: tier(4), required: words("view"), optional: words("trigger_id interactivity_pointer"), act: viewsOpen},
		{name: "views.push", rate: tier(4), required: words("view"), optional: words("trigger_id interactivity_pointer"), act: viewsPush},
		{name: "views.update", rate: tier(4), required: words("view"), optional: words("view_id external_id hash"), act: viewsUpdate},
		{name: "views.publish", rate: tier(4), required: words("user_id view"), optional: words("hash"), act: viewsPublish},
	}
}

// actor exchanges the call's trigger for who has acted, after the view was found good: a refused view leaves the trigger as it was.
func (c *call) actor() (string, *refusal) {
	id := c.args["trigger_id"]
	if id == "" {
		id = c.args["interactivity_pointer"]
	}
	if id == "" {
		return "", refuse("invalid_arguments", "[ERROR] missing required field: trigger_id")
	}
	if _, no := c.readView("modal", c.args.object("view"), nil); no != nil {
		return "", no
	}
	user, code := c.useTrigger(id)
	return user, refuseCode(code)
}

func viewsOpen(c *call) (reply, *refusal) {
	user, no := c.actor()
	if no != nil {
		return nil, no
	}
	return c.shown(c.openView(user, c.args.object("view")))
}

func viewsPush(c *call) (reply, *refusal) {
	user, no := c.actor()
	if no != nil {
		return nil, no
	}
	return c.shown(c.pushView(user, c.args.object("view")))
}

// shown answers with a view as it now is.
func (c *call) shown(v *View, no *refusal) (reply, *refusal) {
	if no != nil {
		return nil, no
	}
	return reply{"view": c.viewJSON(v)}, nil
}

func viewsUpdate(c *call) (reply, *refusal) {
	id, external := c.args["view_id"], c.args["external_id"]
	if id == "" && external == "" {
		return nil, refuse("invalid_arguments", "[ERROR] missing required field: view_id or external_id")
	}
	v := c.world.views[id]
	if id == "" {
		v = c.world.external[external]
	}
	if v == nil {
		return nil, refuse("not_found")
	}
	return c.shown(v, c.updateView(v, c.args.object("view"), c.args["hash"]))
}

func viewsPublish(c *call) (reply, *refusal) {
	u := c.world.users[c.args["user_id"]]
	switch {
	case !c.app.homeTab:
		return nil, refuse("not_enabled")
	case u == nil:
		return nil, refuse("invalid_arguments", "[ERROR] must be a user of this workspace [json-pointer:/user_id]")
	}
	return c.shown(c.publishHome(u.ID, c.args.object("view"), c.args["hash"]))
}
