package slackfake

// appMethods are about the app, its workspace and its connections.
func appMethods() []*method {
	return []*method{
		{name: "api.test", rate: hundreds(), optional: words("error foo"), anyToken: true, act: apiTest},
		{name: "auth.test", rate: hundreds(), act: authTest},
		{name: "apps.connections.open", rate: connectRate(), scopes: words(appScope), appLevel: true, act: connectionsOpen},
		{name: "team.info", rate: tier(3), scopes: words("team:read"), optional: words("team domain"), act: teamInfo},
		{name: "bots.info", rate: tier(3), scopes: words("users:read"), optional: words("bot team_id"), act: botsInfo},
	}
}

// apiTest gives back what it was sent.
func apiTest(c *call) (reply, *refusal) {
	if code := c.args["error"]; code != "" {
		return reply{"args": c.args}, refuse(code)
	}
	return reply{"args": c.args}, nil
}

func authTest(c *call) (reply, *refusal) {
	return reply{
		"url": c.teamURL(), "team": c.world.Team.Name, "user": c.app.handle, "team_id": c.world.Team.ID, "user_id": c.app.botUser,
		"bot_id": c.app.botID, "is_enterprise_install": false,
	}, nil
}

// teamURL is the workspace's address here, where Slack's would be https://acme.slack.com/.
func (s *Server) teamURL() string { return s.base() + "/" }

// base is where this server is reached, without a slash behind it.
func (s *Server) base() string {
	if s.listener == nil {
		return "http://" + s.cfg.Addr
	}
	return "http://" + s.Addr()
}

func connectionsOpen(c *call) (reply, *refusal) {
	if !c.app.socketMode {
		return nil, refuse("forbidden_team", "[ERROR] socket_mode_enabled is not set in the app's manifest")
	}
	return reply{"url": c.newSocketURL()}, nil
}

func teamInfo(c *call) (reply, *refusal) {
	team := c.world.Team
	if id := c.args["team"]; id != "" && id != team.ID {
		return nil, refuse("team_not_found")
	}
	return reply{"team": map[string]any{
		"id": team.ID, "name": team.Name, "url": c.teamURL(), "domain": team.Domain, "email_domain": team.Domain + ".example",
		"icon": map[string]any{"image_default": true}, "is_verified": false,
	}}, nil
}

func botsInfo(c *call) (reply, *refusal) {
	if id := c.args["bot"]; id != "" && id != c.app.botID {
		return nil, refuse("bot_not_found")
	}
	bot := c.botJSON()
	bot["user_id"] = c.app.botUser
	return reply{"bot": bot}, nil
}

// botJSON is the app's bot.
func (s *Server) botJSON() map[string]any {
	return s.botProfile(&Message{User: s.app.botUser, BotID: s.app.botID, AppID: s.app.id})
}

// botProfile is the bot that wrote a message, as that shows it in bot_profile.
func (s *Server) botProfile(m *Message) map[string]any {
	u := s.world.users[m.User]
	name := u.RealName
	if u.ID == s.app.botUser {
		name = s.app.name
	}
	return map[string]any{
		"id": m.BotID, "deleted": false, "name": name, "app_id": m.AppID, "team_id": s.world.Team.ID, "updated": u.Updated.Unix(), "icons": icons(s.avatar(u.ID)),
	}
}

func icons(url string) map[string]any {
	return map[string]any{"image_36": url, "image_48": url, "image_72": url}
}
