package slackapp

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/prompts"
)

// kudosShelf is what [bot.Recognition] needs, in memory: enough for what handlers do with it.
type kudosShelf struct {
	kudos    map[string]bot.Kudos
	digests  map[string]bot.Digest
	channels map[string]bot.Channel
	sends    bot.Intents
	groups   map[string][]string
	inside   bool   // everybody is in every channel
	onRead   func() // runs before a kudos is read
}

func (s *kudosShelf) AddKudos(_ context.Context, _ bot.Token, k bot.Kudos, _ bot.KudosQuota, intents bot.Intents) (bot.Kudos, error) {
	for _, old := range s.kudos {
		if old.ID == k.ID || !k.Twin && old.Message == k.Message && slices.Equal(old.Recipients, k.Recipients) {
			return old, bot.ErrRepeated
		}
	}
	s.kudos[k.ID] = k
	s.sends = append(s.sends, intents...)
	return k, nil
}

func (s *kudosShelf) Kudos(_ context.Context, id string) (bot.Kudos, error) {
	if s.onRead != nil {
		s.onRead()
	}
	k, ok := s.kudos[id]
	if !ok {
		return bot.Kudos{}, bot.ErrNotFound
	}
	return k, nil
}

func (s *kudosShelf) ReplaceKudos(_ context.Context, _ bot.Token, k bot.Kudos, _ *bot.KudosQuota, intents bot.Intents) error {
	k.Version++
	s.kudos[k.ID] = k
	s.sends = append(s.sends, intents...)
	return nil
}

func (s *kudosShelf) ChannelKudos(_ context.Context, channel string, _, _ time.Time) ([]bot.Kudos, error) {
	var list []bot.Kudos
	for _, k := range s.kudos {
		if k.Channel == channel {
			list = append(list, k)
		}
	}
	return list, nil
}

func (s *kudosShelf) MemberKudos(_ context.Context, member string, limit int) (given, received []bot.Kudos, err error) {
	for _, k := range s.kudos {
		if k.Giver == member && k.Undone.IsZero() && len(given) < limit {
			given = append(given, k)
		}
		if slices.Contains(k.Recipients, member) && k.Undone.IsZero() && len(received) < limit {
			received = append(received, k)
		}
	}
	return given, received, nil
}

func (s *kudosShelf) LastGiven(ctx context.Context, member string) (bot.LastKudos, error) {
	var last bot.LastKudos
	given, _, err := s.MemberKudos(ctx, member, 1)
	if len(given) > 0 {
		last.Kudos = given[0]
	}
	return last, err
}

func (s *kudosShelf) FirstGiven(context.Context, string, ...string) (map[string]time.Time, error) {
	return nil, nil
}

func (s *kudosShelf) Digest(_ context.Context, channel string) (bot.Digest, error) {
	d, ok := s.digests[channel]
	if !ok {
		return bot.Digest{}, bot.ErrNotFound
	}
	return d, nil
}

func (s *kudosShelf) SaveDigest(_ context.Context, _ bot.Token, d bot.Digest, _ []bot.Entry, _ bot.Intents) error {
	s.digests[d.Channel] = d
	return nil
}

func (s *kudosShelf) Scene(_ context.Context, channel string, members ...string) (bot.Scene, error) {
	scene := bot.Scene{Members: map[string]bot.Member{}, Channel: s.channels[channel]}
	for _, id := range members {
		scene.Members[id] = bot.Member{ID: id, Name: "Name of " + id, Bot: id == "UBOT", Guest: id == "UGUEST"}
	}
	return scene, nil
}

func (s *kudosShelf) GroupMembers(_ context.Context, group string) ([]string, error) {
	return s.groups[group], nil
}

func (s *kudosShelf) UserGroups(context.Context) ([]bot.UserGroup, error) {
	return []bot.UserGroup{{ID: "SBIG", Name: "Design & <!here>", Handle: "design"}, {ID: "SFEW", Handle: "few"}}, nil
}

func (s *kudosShelf) SendBySID(context.Context, string) (bot.Send, error) {
	return bot.Send{}, bot.ErrNotFound
}

func (s *kudosShelf) SendsBySID(context.Context, ...string) (map[string]bot.Send, error) {
	return nil, nil
}

func (s *kudosShelf) InChannel(context.Context, string, string) (bool, error) { return s.inside, nil }

func (s *kudosShelf) Workspace(context.Context) (bot.Workspace, error) { return viewWorkspace(), nil }

func (s *kudosShelf) SaveWorkspace(context.Context, bot.Token, bot.Workspace, bot.Intents) error {
	return nil
}

func newKudosNoun(t *testing.T) (*Kudos, *kudosShelf) {
	t.Helper()
	s := &kudosShelf{kudos: map[string]bot.Kudos{}, digests: map[string]bot.Digest{}, inside: true, channels: map[string]bot.Channel{
		"CPUB": {ID: "CPUB", Inside: true}, "CPRIV": {ID: "CPRIV", Inside: true, Private: true}, "CSHARED": {ID: "CSHARED", Inside: true, Shared: true},
	}}
	settings := &bot.Settings{Store: s}
	if err := settings.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	library, err := prompts.Standard()
	if err != nil {
		t.Fatal(err)
	}
	return &Kudos{Settings: settings, Use: &bot.Recognition{
		Store: s, Digests: s, Scenes: s, Groups: s, Sent: s, Presence: s, Settings: settings, Prompts: library, Daily: 1000,
		Site: "https://acme.slack.com/",
	}}, s
}

// typed is a command of Ana's in the public channel.
func typed(token, text string) Request {
	return Request{Kind: OnCommand, Token: bot.Token(token), Now: wednesday, User: "UANA", Channel: "CPUB", Text: text}
}

func TestKudosCommandsAreAnswered(t *testing.T) {
	const good = "<@UBOB> for staying with the customer"
	for _, tt := range []struct{ text, channel, says string }{
		{good, "CPUB", "posted in <#CPUB>"},
		{good + " --private", "CPUB", "Just between you"},
		{good, "D1", "cannot post in that conversation"},
		{good, "CSHARED", "Other companies"},
		{"<@UANA> for being so very helpful", "CPUB", "Kudos go to others"},
		{"<@UBOT> for being so very helpful", "CPUB", "is a bot"},
		{"<@UBOB> thx", "CPUB", "Say what they did"},
		{"help", "CPUB", "Thank colleagues"},
		{"mine", "CPUB", "Nothing here yet"},
		{"undo", "CPUB", "nothing to take back"},
		{"digest", "CPUB", "No kudos in this channel"},
		{"digest", "D1", "/invite @Rapport"},
		{"digest", "CSHARED", "other companies"},
		{"forget-me", "CPUB", "It cannot be undone"},
	} {
		k, _ := newKudosNoun(t)
		r := typed("t", tt.text)
		r.Channel = tt.channel
		response, err := k.command(t.Context(), r)
		ack, ok := response.Ack.(ephemeralAck)
		if err != nil || !ok {
			t.Errorf("%q: %+v, %v", tt.text, response, err)
			continue
		}
		if _, err := ack.compose(); err != nil {
			t.Errorf("%q: %v", tt.text, err)
		}
		if all := unescapedJSON(t, ack.message); !strings.Contains(all, tt.says) {
			t.Errorf("%q does not say %q:\n%s", tt.text, tt.says, all)
		}
	}
}

// form is a submission of the form.
func form(metadata, user, text, value string, to ...string) Request {
	return Request{
		Kind: OnSubmit, Token: "v", Now: wednesday, User: user, View: View{PrivateMetadata: metadata},
		Values: Values{kudosTo: {Users: to}, kudosMessage: {Text: text}, kudosValue: {Option: value}},
	}
}

func TestAFormIsNotBelievedBlindly(t *testing.T) {
	const good = "for staying with the customer <!channel> & <@UDEE> --private #trust"
	for _, tt := range []struct {
		name     string
		request  Request
		inside   bool
		problems string // inputs with a sentence
		posts    int
		value    string
	}{
		{"honest", form("CPUB 1774429020.000100", "UANA", good, "", "UBOB"), true, "", 1, "trust"},
		{"no value, said so", form("CPUB", "UANA", good, noValue, "UBOB"), true, "", 1, ""},
		{"another value", form("CPUB", "UANA", good, "respect", "UBOB"), true, "", 1, "respect"},
		{"a value that there is not", form("CPUB", "UANA", good, "gold", "UBOB"), true, "", 1, ""},
		{"a channel the giver is not in", form("CPRIV 1.1", "UANA", good, "", "UBOB"), false, "", 0, "trust"},
		{"a channel that there is not", form("<!channel> x", "UANA", good, "", "UBOB"), true, "", 0, "trust"},
		{"a DM", form("D1", "UANA", good, "", "UBOB"), true, "", 0, "trust"},
		{"nobody", form("CPUB", "UANA", good, ""), true, kudosTo, 0, ""},
		{"oneself", form("CPUB", "UANA", good, "", "UANA"), true, kudosTo, 0, ""},
		{"no id", form("CPUB", "UANA", good, "", "U1> <!channel"), true, kudosMessage, 0, ""},
		{"nothing at all", form("CPUB", "UANA", "", ""), true, kudosMessage + " " + kudosTo, 0, ""},
		{"too long", form("CPUB", "UANA", strings.Repeat("a", 1001), "", "UBOB"), true, kudosMessage, 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k, s := newKudosNoun(t)
			s.inside = tt.inside
			response, err := k.submit(t.Context(), tt.request)
			if err != nil {
				t.Fatal(err)
			}
			var inputs []string
			if ack, ok := response.Ack.(errorsAck); ok {
				for input, sentence := range ack.sentences {
					inputs = append(inputs, input)
					if strings.Contains(sentence, "<@") {
						t.Errorf("plain text holds %q", sentence)
					}
				}
			}
			slices.Sort(inputs)
			posts := 0
			for _, send := range s.sends {
				if send.Kind == bot.KindKudosPost {
					posts++
				}
			}
			if strings.Join(inputs, " ") != tt.problems || posts != tt.posts {
				t.Fatalf("problems %v, %d posts", inputs, posts)
			}
			for _, given := range s.kudos {
				if given.Value != tt.value || given.Private || given.Message != bot.EscapeText(good) || strings.Contains(given.Channel+given.About, "<") {
					t.Errorf("stored %+v", given)
				}
			}
		})
	}
}

// forged is a button, or a form, with a value of somebody's choice.
func forged(user, value string) Request {
	return Request{
		Kind: OnAction, Token: bot.Token("a " + user + value), Now: wednesday, User: user, Channel: "CPUB", TriggerID: "t", Action: Action{Value: value},
		View: View{PrivateMetadata: value}, Values: Values{kudosMessage: {Text: "other words that somebody else would put there"}},
	}
}

func TestForgedButtonsGetNothing(t *testing.T) {
	k, s := newKudosNoun(t)
	if _, err := k.command(t.Context(), typed("t", "<@UBOB> for staying with the customer --private")); err != nil {
		t.Fatal(err)
	}
	var id string
	for id = range s.kudos {
	}
	before := fmt.Sprint(s.kudos, len(s.sends))
	handlers := map[string]Handler{"undo": k.undo, "hide": k.hide, "change": k.submitEdit}
	for name, handle := range handlers {
		for _, value := range []string{id, "", "nothing", id + " CPRIV", "../" + id} {
			if name == "hide" && value == id {
				continue
			}
			response, err := handle(t.Context(), forged("UEVE", value))
			all := fmt.Sprint(err)
			if ack, ok := response.Ack.(errorsAck); ok {
				all = fmt.Sprint(ack.sentences)
			}
			if err == nil && response.Ack == nil || strings.Contains(all, "customer") || fmt.Sprint(s.kudos, len(s.sends)) != before {
				t.Errorf("%s %q: %+v, %v", name, value, response, err)
			}
		}
	}
	if _, err := k.hide(t.Context(), forged("UEVE", id)); err == nil || fmt.Sprint(s.kudos, len(s.sends)) != before {
		t.Error("somebody who was not thanked hid it")
	}
	var crowd strings.Builder
	for n := range 11 {
		fmt.Fprintf(&crowd, "<@U%d> ", n)
	}
	if response, err := k.again(t.Context(), forged("UEVE", crowd.String()+"for all of that work")); err != nil || response.After == nil || len(s.kudos) != 1 {
		t.Errorf("eleven people: %+v, %v", response, err)
	}
	s.inside = false
	digests := &Digests{Use: k.Use}
	for name, handle := range map[string]Handler{"on": digests.on, "off": digests.off} {
		for _, user := range []string{"UEVE", "UGUEST", "UBOT"} {
			if _, err := handle(t.Context(), forged(user, "CPRIV")); err == nil || len(s.digests) > 0 {
				t.Errorf("%s switched the digest %s: %v", user, name, err)
			}
		}
	}
}

func TestDoubtsAreAsked(t *testing.T) {
	k, s := newKudosNoun(t)
	const text = "<@UBOB> for staying with the customer"
	for i, want := range []string{"Thank you", "You sent exactly this"} {
		response, err := k.command(t.Context(), typed(fmt.Sprint(i), text))
		if ack, ok := response.Ack.(ephemeralAck); err != nil || !ok || !strings.HasPrefix(ack.message.Text, want) {
			t.Fatalf("%d: %+v, %v", i, response, err)
		}
	}
	for _, value := range []string{text, text, "<@UBOB> thx"} {
		r := forged("UANA", value)
		if response, err := k.again(t.Context(), r); err != nil || response.After == nil || response.Ack != nil {
			t.Errorf("again %q: %+v, %v", value, response, err)
		}
	}
	if len(s.kudos) != 3 {
		t.Errorf("%d kudos, want 3", len(s.kudos))
	}
}

// A digest of a very busy week still fits, whatever people write and are called.
func TestABusyWeeksDigestFits(t *testing.T) {
	for name, text := range map[string]string{
		"emoji": strings.Repeat("🎉", 1000), "ampersands": strings.Repeat("&amp;", 1000), "lines": strings.Repeat("a\n", 499) + "a", "short": "thank you so much",
	} {
		k, s := newKudosNoun(t)
		for i := range 400 {
			id := fmt.Sprint(i)
			var to []string
			for n := range 1 + i%10 {
				to = append(to, fmt.Sprintf("U%030d", n))
			}
			value := ""
			if i%5 < 4 {
				value = bot.StandardValues()[i%5].Name
			}
			s.kudos[id] = bot.Kudos{ID: id, Giver: "UANA", Recipients: to, Message: text, Value: value, Channel: "CPUB", Posted: true, Given: wednesday}
		}
		for page := range 6 {
			ref := fmt.Sprintf("CPUB %s %s %d", wednesday.Format(time.RFC3339), wednesday.Add(time.Hour).Format(time.RFC3339), page)
			content, d, err := k.Use.ComposeDigest(t.Context(), wednesday, bot.Send{Ref: ref})
			if err != nil || (d.Verdict == bot.Go) != (page < 5) {
				t.Fatalf("%s, page %d: %+v, %v", name, page, d, err)
			}
			if page == 5 {
				continue
			}
			m, err := render(k.reader(), content)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := m.seal(); err != nil {
				t.Errorf("%s, page %d: %v", name, page, err)
			}
		}
		response, err := k.command(t.Context(), typed("t", "digest"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := response.Ack.compose(); err != nil {
			t.Errorf("%s, preview: %v", name, err)
		}
	}
}

func TestAKudosIsReadAfterItsFormIsOpen(t *testing.T) {
	k, s := newKudosNoun(t)
	w := newTown(t, nil, func(c *Client) Noun {
		k.Client = c
		return k
	})
	w.do("/command", map[string]any{"user": "ana", "channel": "#kudos", "command": "/kudos", "text": "<@" + w.person("bob") + "> for staying with the customer"})
	w.settle()
	var id string
	for id = range s.kudos {
	}
	w.do("/command", map[string]any{"user": "bob", "channel": "#kudos", "command": "/kudos", "text": "help"})
	w.settle()
	for _, act := range []struct {
		user string
		do   func(user string, m seen, action, value string)
	}{{"ana", w.press}, {"bob", w.forge}} {
		var meanwhile []string
		s.onRead = func() { meanwhile = append(meanwhile, w.modal(act.user)) }
		act.do(act.user, w.answer(act.user), "kudos.edit", id)
		if !slices.Equal(meanwhile, []string{"rapport.notice"}) {
			t.Errorf("while the kudos is read, %s sees %q", act.user, meanwhile)
		}
	}
	if got := w.modal("ana"); got != "kudos.change" {
		t.Errorf("the giver gets %q", got)
	}
	if got := w.modal("bob"); got != "rapport.notice" {
		t.Errorf("who did not give it gets %q", got)
	}
	w.unbroken()
}
