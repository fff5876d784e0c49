package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"rapport/bot/slackfake"
	"rapport/deploy"
)

// A scenario is a whole company with the real bot in a local Slack, told line by line:
//
//	scopes usergroups,reactions          what the workspace grants beside the minimal scopes; it stands before "now"
//	now 2026-03-25T10:17:00+01:00        the clock at the beginning
//	at 2026-03-27T15:05:00+01:00         go on to that instant;  advance 2h  for a while
//	ana #kudos /kudos @bob for …         somebody types a command in a channel, or "dm rapport" for the app's
//	ana says #general "words"            a message; "@rapport" is the app's conversation
//	ana presses "Undo this kudos"        a button: in her modal, in the newest message that has it, on her Home (first, if she is there)
//	ana opens home                       also: ana shortcut give_kudos "words of a message in a channel she is in"
//	ana submits block=value block=@bob   her modal; values in quotes may hold spaces; @names are people, a,b lists
//	ana types block="words"              into an input of her modal, and sends nothing yet;  ana closes  her modal
//	ana reacts clap "words"              puts an emoji on the newest message with these words; ana unreacts clap "words"
//	ana picks "Release #1"               an option of a menu, found like a button
//	ana joins #coffee                    also leaves; rapport joins #x by ana
//	see ack "words"                      what the last act was answered with; see #kudos "words", see dm ana "words", see group ana bob "words",
//	                                     see home ana "words", see modal ana "words", see alone ana "words" (ephemeral), see error ana "words" (in her modal)
//	not see …                            the same, denied
//	count dm ana 2                       how many messages of the app's are there;  count dm ana 1 "words"  how many say these words
//	repeat 3 <line>                      the line three times, {n} being the number of the time
//	company {"people":[…]}               whoever and whatever else there is: the body of POST /control/people
//	fault {"method":…}                   what goes wrong from now on: the body of POST /control/faults
//	kill                                 the bot's process ends like a killed one
//	crash                                the same, unless it is dead already, and another starts on the same store
//	doom after chat.postMessage          it dies by itself when it next calls that, before or after Slack has done it; crash starts the other one
//	connected                            waits until the bot has both of its sockets again, in real time
//	try <line>                           the line, of which Slack need not hear that it arrived
//
// After each line everything that Slack's limits and the bot's promises say must still hold.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(files) < 20 {
		t.Fatalf("found %d scenarios (%v), want at least 20", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			runScenario(t, string(txtar.Parse(raw).Comment))
		})
	}
}

// scenario is one run.
type scenario struct {
	remote
	company *company
	last    acted
	line    string
	trying  bool
	atHome  string // who opened Home and looks at it still
	granted []deploy.Feature
}

func runScenario(t *testing.T, script string) {
	t.Helper()
	s := &scenario{}
	for n, line := range strings.Split(script, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "# ") || line == "#" {
			continue
		}
		s.line = fmt.Sprintf("line %d: %s", n+1, line)
		if err := s.step(t, line); err != nil {
			t.Fatalf("%s\n\t%v", s.line, err)
		}
		if s.company == nil {
			continue
		}
		for _, broken := range s.state().Broken {
			t.Fatalf("%s\n\tbroke %s: %s", s.line, broken.Rule, broken.Detail)
		}
	}
}

// begin starts a company at an instant.
func (s *scenario) begin(t *testing.T, at time.Time) error {
	c := &company{town: &town{clock: slackfake.NewClock(at)}}
	manifest, err := deploy.Render(s.granted...)
	if err != nil {
		return err
	}
	c.slack, err = slackfake.Start(slackfake.Config{
		Addr: "127.0.0.1:0", Manifest: manifest, Clock: c.clock, AckTime: slackWaits, RateLimits: true, Sample: slackfake.Sample{People: 40, Seed: 1},
	})
	if err != nil {
		return err
	}
	s.company = c
	t.Cleanup(func() { c.end(t) })
	s.remote = remote{t: t, url: c.slack.ControlURL()}
	if err := c.start(t.Context(), s.cut); err != nil {
		return err
	}
	if err := s.connected(); err != nil {
		return err
	}
	s.advance("2m") // everybody's profile is read within Slack's rates
	return nil
}

// cut cuts all sockets without a word.
func (s *scenario) cut() {
	s.post("/faults", map[string]string{"kind": "disconnect", "reason": "reset"})
}

// settle lets everything that an act brought about reach its people: half a minute, which is more than pacing a handful of messages takes.
func (s *scenario) settle() { s.advance("30s") }

func (s *scenario) step(t *testing.T, line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "scopes":
		s.granted = deploy.ParseFeatures(rest)
		return nil
	case "now":
		at, err := time.Parse(time.RFC3339, rest)
		if err != nil {
			return err
		}
		return s.begin(t, at)
	case "at":
		at, err := time.Parse(time.RFC3339, rest)
		if err == nil {
			s.setClock(at)
		}
		return err
	case "advance":
		s.advance(rest)
		return nil
	case "see":
		return s.see(rest, true)
	case "not":
		return s.see(strings.TrimPrefix(rest, "see "), false)
	case "count":
		return s.count(rest)
	case "repeat":
		return s.repeat(t, rest)
	case "company", "fault":
		s.post(map[string]string{"company": "/people", "fault": "/faults"}[verb], json.RawMessage(rest))
		s.settle()
		return nil
	case "doom":
		when, method, _ := strings.Cut(rest, " ")
		s.company.running().doom(method, when == "after")
		return nil
	case "kill":
		s.company.running().die()
		return nil
	case "crash":
		if err := s.company.crash(t.Context(), s.cut, strings.TrimPrefix(rest, "doomed ")); err != nil {
			return err
		}
		return s.connected()
	case "connected":
		return s.connected()
	case "try":
		s.trying = true
		defer func() { s.trying = false }()
		return s.step(t, rest)
	}
	return s.actAs(verb, rest)
}

// repeat does a line several times.
func (s *scenario) repeat(t *testing.T, rest string) error {
	times, line, _ := strings.Cut(rest, " ")
	n, err := strconv.Atoi(times)
	for i := 1; i <= n && err == nil; i++ {
		err = s.step(t, strings.ReplaceAll(line, "{n}", strconv.Itoa(i)))
	}
	return err
}

func (s *scenario) actAs(handle, rest string) error {
	now := s.state()
	user := now.person(handle)
	if user == "" {
		return fmt.Errorf("nobody is called %q", handle)
	}
	verb, rest, _ := strings.Cut(rest, " ")
	var err error
	if s.atHome == user && verb != "presses" && verb != "picks" && verb != "submits" && verb != "types" && verb != "closes" {
		s.atHome = ""
	}
	switch verb {
	case "presses":
		err = s.use(now, user, unquote(rest), theButton, "/click")
	case "picks":
		err = s.use(now, user, unquote(rest), theOption, "/select")
	case "opens":
		s.atHome = user
		s.last = s.act("/home", map[string]any{"user": user, "tab": "home"})
	case "types":
		err = s.typeInto(now, user, rest)
	case "closes":
		s.last = s.act("/close", map[string]any{"user": user})
	case "submits":
		err = s.submit(now, user, rest)
	case "shortcut":
		callback, text, _ := strings.Cut(rest, " ")
		err = s.shortcut(now, user, callback, unquote(text))
	case "reacts", "unreacts":
		emoji, text, _ := strings.Cut(rest, " ")
		err = s.react(now, user, emoji, unquote(text), verb == "unreacts")
	case "joins", "leaves":
		channel, by, _ := strings.Cut(rest, " by ")
		body := map[string]any{"user": user, "channel": channel}
		if by != "" {
			body["by"] = now.person(by)
		}
		s.last = s.act("/"+strings.TrimSuffix(verb, "s"), body)
	case "says":
		channel, text, _ := strings.Cut(rest, " ")
		s.last = s.act("/message", map[string]any{"user": user, "channel": channel, "text": unquote(text)})
	default:
		channel, _ := now.place(verb)
		if verb == "dm" {
			_, rest, _ = strings.Cut(rest, " ")
			channel = "@rapport"
		}
		command, text, _ := strings.Cut(rest, " ")
		if !strings.HasPrefix(command, "/") || channel == "" {
			return fmt.Errorf("cannot do %q", verb+" "+rest)
		}
		s.last = s.act("/command", map[string]any{"user": user, "channel": channel, "command": command, "text": text})
	}
	if err == nil && !s.trying && !s.last.Acked && s.last.failure() != "" {
		err = fmt.Errorf("not done: %s", s.last.failure())
	}
	s.settle()
	return err
}

// finder finds what has a label in blocks, as the body of an act.
type finder func(blocks json.RawMessage, label string) map[string]any

// use finds a button or an option by its label: in the person's modal, in what only they see, or in a message. Home comes last, or first for who
// opened it and did nothing elsewhere since.
func (s *scenario) use(now scene, user, label string, find finder, act string) error {
	body := onView(now, user, label, "modal", find)
	if body == nil && s.atHome == user {
		body = onView(now, user, label, "home", find)
	}
	if body == nil {
		body = onMessage(now, user, label, find)
	}
	if body == nil {
		body = onView(now, user, label, "home", find)
	}
	if body == nil {
		return fmt.Errorf("nothing is called %q", label)
	}
	s.last = s.act(act, body)
	return nil
}

func onView(now scene, user, label, kind string, find finder) map[string]any {
	for _, v := range slices.Backward(now.Views) {
		if v.User != user || v.Type != kind {
			continue
		}
		if body := find(v.View, label); body != nil {
			body["user"], body["view_id"] = user, v.ID
			return body
		}
	}
	return nil
}

func onMessage(now scene, user, label string, find finder) map[string]any {
	for _, m := range slices.Backward(now.Messages) {
		if m.EphemeralTo != "" && m.EphemeralTo != user || !now.in(m.Channel, user) {
			continue
		}
		if body := find(m.Blocks, label); body != nil {
			body["user"], body["channel"], body["ts"] = user, m.Channel, m.TS
			return body
		}
	}
	return nil
}

func (s scene) in(channel, user string) bool {
	for _, c := range s.Channels {
		if c.ID == channel {
			return slices.Contains(c.Members, user)
		}
	}
	return false
}

func theButton(blocks json.RawMessage, label string) map[string]any {
	action, block, value, ok := findButton(blocks, label)
	if !ok {
		return nil
	}
	return map[string]any{"action_id": action, "block_id": block, "value": value}
}

func theOption(blocks json.RawMessage, label string) map[string]any {
	var tree any
	if json.Unmarshal(blocks, &tree) != nil {
		return nil
	}
	action, block, value, ok := options(tree, label)
	if !ok {
		return nil
	}
	return map[string]any{"action_id": action, "block_id": block, "option": value}
}

func findButton(blocks json.RawMessage, label string) (action, block, value string, ok bool) {
	var tree any
	if json.Unmarshal(blocks, &tree) != nil {
		return "", "", "", false
	}
	return buttons(tree, label)
}

// submit fills the person's modal: each input by its block id, which is its action id too.
func (s *scenario) submit(now scene, user, rest string) error {
	values := map[string]map[string]any{}
	for _, pair := range splitPairs(rest) {
		block, text, ok := strings.Cut(pair, "=")
		if !ok {
			return fmt.Errorf("%q is no block=value", pair)
		}
		values[block] = map[string]any{block: formValue(now, text)}
	}
	s.last = s.act("/submit", map[string]any{"user": user, "values": values})
	if s.last.failure() == "invalid_input" {
		s.last.Acked = true // Slack itself complains; a scenario may want to see that
	}
	return nil
}

// typeInto fills one input of the person's modal. Slack tells the app when it is sent, or of every change where the input asks for that.
func (s *scenario) typeInto(now scene, user, rest string) error {
	block, text, ok := strings.Cut(rest, "=")
	if !ok {
		return fmt.Errorf("%q is no block=value", rest)
	}
	for _, v := range slices.Backward(now.Views) {
		if v.User == user && v.Type == "modal" {
			s.last = s.act("/select", map[string]any{"user": user, "view_id": v.ID, "block_id": block, "action_id": block, "value": formValue(now, text)})
			return nil
		}
	}
	return fmt.Errorf("%s has no modal", user)
}

// formValue reads a value: @names are people, commas make lists of them or of options.
func formValue(now scene, text string) any {
	quoted := strings.HasPrefix(text, `"`)
	text = unquote(text)
	if quoted {
		return text
	}
	if strings.HasPrefix(text, "#") {
		id, _ := now.place(text)
		return id
	}
	parts := strings.Split(text, ",")
	list := make([]any, len(parts))
	for i, part := range parts {
		list[i] = part
		if name, ok := strings.CutPrefix(part, "@"); ok {
			list[i] = now.person(name)
		}
	}
	if len(list) == 1 && !strings.HasPrefix(text, "@") {
		return list[0]
	}
	return list
}

// splitPairs splits at spaces that are not inside quotes.
func splitPairs(text string) []string {
	var pairs []string
	inside, start := false, 0
	for i, r := range text {
		switch {
		case r == '"':
			inside = !inside
		case r == ' ' && !inside:
			if i > start {
				pairs = append(pairs, text[start:i])
			}
			start = i + 1
		}
	}
	if start < len(text) {
		pairs = append(pairs, text[start:])
	}
	return pairs
}

func unquote(text string) string { return strings.Trim(strings.TrimSpace(text), `"`) }

func (s *scenario) react(now scene, user, emoji, text string, remove bool) error {
	for _, m := range slices.Backward(now.Messages) {
		if m.EphemeralTo == "" && strings.Contains(words(m.Text, m.Blocks), text) && now.in(m.Channel, user) {
			s.last = s.act("/react", map[string]any{"user": user, "channel": m.Channel, "ts": m.TS, "emoji": emoji, "remove": remove})
			return nil
		}
	}
	return fmt.Errorf("no message says %q", text)
}

func (s *scenario) shortcut(now scene, user, callback, text string) error {
	for _, m := range slices.Backward(now.Messages) {
		if m.EphemeralTo == "" && strings.Contains(words(m.Text, m.Blocks), text) && now.in(m.Channel, user) {
			s.last = s.act("/shortcut", map[string]any{"user": user, "callback_id": callback, "channel": m.Channel, "ts": m.TS})
			return nil
		}
	}
	return fmt.Errorf("no message says %q", text)
}
