package slackapp

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"rapport/bot"
)

// rules keeps a workspace's record, and who is asked of as who.
type rules struct {
	mu     sync.Mutex
	w      bot.Workspace
	people map[string]bot.Member
	places map[string]bot.Channel
	noted  []string
}

func (s *rules) Workspace(context.Context) (bot.Workspace, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w, nil
}

func (s *rules) SaveWorkspace(context.Context, bot.Token, bot.Workspace, bot.Intents) error {
	return nil
}

func (s *rules) SaveWorkspaceRules(_ context.Context, _ bot.Token, w bot.Workspace, actor string, changed []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w.Version != s.w.Version {
		return bot.ErrConflict
	}
	w.Version++
	s.w, s.noted = w, append(s.noted, actor+" "+strings.Join(changed, ","))
	return nil
}

func (s *rules) Scene(_ context.Context, channel string, _ ...string) (bot.Scene, error) {
	return bot.Scene{Members: s.people, Channel: s.places[channel]}, nil
}

// standing is what the record says now.
func (s *rules) standing() bot.Workspace {
	w, _ := s.Workspace(context.Background())
	return w
}

// ruleTown is a local Slack with the settings in it. Ana is the workspace's owner there.
func ruleTown(t *testing.T) (*town, *rules, *Workspaces) {
	t.Helper()
	s := &rules{w: bot.Workspace{Team: "T1", Version: 1, Values: bot.StandardValues()}, people: map[string]bot.Member{}, places: map[string]bot.Channel{}}
	n := &Workspaces{Use: &bot.WorkspaceRules{Store: s, Scenes: s, Settings: &bot.Settings{Store: s}}, Daily: 20}
	w := newTown(t, nil, func(c *Client) Noun {
		n.Client = c
		return n
	})
	for _, p := range w.state().People {
		s.people[p.ID] = bot.Member{ID: p.ID, Name: p.Name, Bot: p.Bot, Admin: p.Name == "ana"}
	}
	return w, s, n
}

func TestWhoIsNoAdminGetsNothingByForgedPayloads(t *testing.T) {
	w, s, n := ruleTown(t)
	trust := s.standing().Values[0]
	request := func(edit func(*Request)) Request {
		r := Request{User: w.person("bob"), Token: "forged", View: View{ID: "V1", PrivateMetadata: under{root: "V0", seen: trust.Seen(), name: "trust"}.metadata()}}
		edit(&r)
		return r
	}
	value := Values{workspaceName: {Text: "trust"}, workspaceEmoji: {Text: ":star:"}, workspaceSentence: {Text: "Mine."}}
	for _, tt := range []struct {
		name   string
		handle Handler
		r      Request
	}{
		{"the form of a value", n.openValue, request(func(r *Request) { r.Action.Value = "trust" })},
		{"a value", n.submitValue, request(func(r *Request) { r.Values = value })},
		{"removing", n.remove, request(func(r *Request) { r.Action.Value = carried(trust) })},
		{"putting back", n.putBack, request(func(r *Request) {
			r.Action.Value = carried(bot.Value{Name: "mine", Emoji: ":star:", Sentence: "Mine."})
		})},
		{"the standard", n.standard, request(func(r *Request) { r.Action.Value = s.standing().ValuesSeen() })},
		{"the form of the limits", n.openKudos, request(func(*Request) {})},
		{"the limits", n.submitKudos, request(func(r *Request) {
			r.View.PrivateMetadata = under{root: "V0", seen: bot.KudosSettings{}.Seen()}.metadata()
			r.Values = Values{workspaceDaily: {Text: "1000"}}
		})},
	} {
		response, err := tt.handle(t.Context(), tt.r)
		said := faultSentence(Reader{}, err)
		if errs, ok := response.Ack.(errorsAck); err == nil && ok {
			for _, sentence := range errs.sentences {
				said = sentence
			}
		}
		if !strings.Contains(said, "Only Rapport's admins") || response.After != nil {
			t.Errorf("%s: answered %q, %+v", tt.name, said, response)
		}
	}
	if len(s.noted) > 0 {
		t.Errorf("noted %q", s.noted)
	}
	for _, broken := range []string{"", "{", `{"emoji":":star:"}`} {
		r := request(func(r *Request) { r.User, r.Action.Value = w.person("ana"), broken })
		if _, err := n.remove(t.Context(), r); refused(err) == nil {
			t.Errorf("a button that holds %q: %v", broken, err)
		}
	}
}

func TestAFormOfValuesStandsOnItsList(t *testing.T) {
	w, s, _ := ruleTown(t)
	if a := w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/rapport", "text": "workspace"}); !a.Acked {
		t.Fatalf("not acknowledged: %+v", a)
	}
	w.settle()
	if got := w.modal("ana"); got != "workspace.view" {
		t.Fatalf("an admin sees %q", got)
	}
	w.pressIn("ana", "workspace.value", "trust")
	if a := w.fill("ana", map[string]any{workspaceColour: ":red_circle:"}); !a.Acked || len(a.Response.Errors) > 0 {
		t.Fatalf("refused: %+v", a)
	}
	var open []string
	for _, v := range w.state().Views {
		if v.Type == "modal" && v.User == w.person("ana") {
			open = append(open, v.CallbackID)
		}
	}
	if !slices.Equal(open, []string{"workspace.view"}) {
		t.Errorf("after saving she sees %q", open)
	}
	if v := s.standing().Value("trust"); v.Emoji != ":red_circle:" {
		t.Errorf("stored %+v", v)
	}
	w.unbroken()
}

func TestWorkspaceSettingsLookAsTheyDid(t *testing.T) {
	standard := bot.WorkspaceLook{Workspace: bot.Workspace{Version: 3, Values: bot.StandardValues()}}
	own := bot.WorkspaceLook{
		Workspace: bot.Workspace{
			Values: []bot.Value{
				{Name: "team_work", Emoji: ":large_blue_circle:", Sentence: "You made room & <time> for *somebody* else."},
				{Name: "שיתוף", Emoji: "👩‍👩‍👧", Sentence: "You shared it."},
			},
			Kudos: bot.KudosSettings{Recipients: 3, Letters: 1, Characters: 3000, Daily: 1000, NoGuests: true, Channel: "C1", Reaction: "clap"},
		},
		Place: bot.Channel{ID: "C1", Inside: true},
	}
	full := bot.WorkspaceLook{}
	for range bot.ValueLimit {
		full.Values = append(full.Values, bot.Value{
			Name: strings.Repeat("ü", bot.ValueNameLimit), Emoji: ":" + strings.Repeat("x", 40) + ":", Sentence: strings.Repeat("&", bot.ValueSentenceLimit),
		})
	}
	gone := own
	gone.Place = bot.Channel{}
	facts := workspaceFacts{daily: 20}
	trust, mine := bot.StandardValues()[0], own.Values[0]
	list := under{root: "V1", seen: "s", name: "trust"}
	for name, m := range map[string]Modal{
		"view":           workspaceView(standard, facts, ""),
		"view_own":       workspaceView(own, facts, done("Saved.")),
		"view_gone":      workspaceView(gone, workspaceFacts{daily: 20, noReactions: true}, ""),
		"view_none":      workspaceView(bot.WorkspaceLook{}, facts, ""),
		"view_full":      workspaceView(full, facts, valueSaved(full.Values[0].Name, trust)),
		"value_new":      valueForm(valueDraft{under: under{root: "V1"}}),
		"value_change":   valueForm(valueDraft{under: list, value: trust, stored: trust}),
		"value_colour":   valueForm(valueDraft{under: list, value: mine, stored: mine}),
		"value_moved":    valueForm(valueDraft{under: list, value: mine, stored: trust, moved: true}),
		"value_gone":     valueForm(valueDraft{under: under{root: "V1"}, value: mine, moved: true}),
		"value_longest":  valueForm(valueDraft{under: list, value: full.Values[0], stored: full.Values[0]}),
		"value_removed":  valueRemoved(list, mine),
		"rules":          rulesForm(rulesDraft{under: list, daily: 20}),
		"rules_own":      rulesForm(rulesDraft{under: list, daily: 20, set: own.Kudos, noReactions: true}),
		"rules_moved":    rulesForm(rulesDraft{under: list, daily: 20, set: bot.KudosSettings{Daily: 9}, moved: &own}),
		"notice_is_back": workspaceNotice(done(valueTag(mine) + " is back.")),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, "workspace_"+name, sealed)
	}
}

func TestWhatIsWrongWithSettingsIsSaidInWords(t *testing.T) {
	for _, code := range []bot.FaultCode{
		bot.ValueName, bot.ValueReserved, bot.ValueTaken, bot.ValueEmoji, bot.ValueSentence, bot.ValueMany, bot.RangeRecipients, bot.RangeLetters,
		bot.RangeCharacters, bot.RangeDaily, bot.KudosEmoji, bot.KudosChannel, bot.AdminsOnly,
	} {
		if got := faultSentence(Reader{}, &bot.Fault{Code: code, Limit: 20, Typed: "trust"}); got == wordsWrong || got == "" {
			t.Errorf("%s has no words", code)
		}
	}
}

func TestTypedRulesAreReadWhole(t *testing.T) {
	set, problems := typedRules(Values{
		workspaceRecipients: {Text: " 3 "}, workspaceLetters: {}, workspaceCharacters: {Text: "1000"}, workspaceDaily: {Text: "7"},
		workspaceGuests: {Options: []string{guestsThanked}}, workspaceChannel: {Conversations: []string{"C1"}}, workspaceReaction: {Text: ":Clap:"},
	})
	if want := (bot.KudosSettings{Recipients: 3, Characters: 1000, Daily: 7, Channel: "C1", Reaction: "clap"}); set != want || len(problems) > 0 {
		t.Errorf("read %+v, %v", set, problems)
	}
	_, problems = typedRules(Values{
		workspaceRecipients: {Text: "0"}, workspaceLetters: {Text: "-4"}, workspaceCharacters: {Text: "1,000"}, workspaceDaily: {Text: "1001"},
		workspaceReaction: {Text: "thanks a lot"},
	})
	for _, block := range []string{workspaceRecipients, workspaceLetters, workspaceCharacters, workspaceDaily, workspaceReaction} {
		if problems[block] == "" {
			t.Errorf("nothing is wrong with %s", block)
		}
	}
}
