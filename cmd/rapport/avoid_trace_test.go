package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot/slackfake"
	"rapport/deploy"
	"rapport/scheduler"
	"rapport/storage"
)

// aWish is what a company did, and everything that can be read there afterwards, except by the one who has the wish.
type aWish struct {
	people  map[string][]string // what each of the others can read, by handle
	his     string              // what came to the one whose wish it is by message
	queue   string
	metrics string
	logs    string
	export  string
	ids     map[string]string // by handle
}

// The story: Eli reports to Ana, so the two are not introduced in any case, whatever else he says. {wish} is what he says of her. She thanks him, asks him, offers him
// something, tells him that something is done, and he never answers.
const wishStory = `
fay #coffee /coffee setup
fay submits coffee_name="Monday coffee"
ana presses "Join Monday coffee"
eli presses "Join Monday coffee"
fay presses "Join Monday coffee"
max presses "Join Monday coffee"
ivo presses "Join Monday coffee"
eli dm rapport {wish}
ana #kudos /kudos @eli @fay for explaining the address bug to support
ana #general /followup from @eli security answers by end of month
ana #general /followup @fay order the posters by friday
ana #general /followup give #2 @eli
ana #general /followup @eli @fay send the deck by friday
ana #general /followup done #3
ana presses "Tell them #3 is done"
ana submits tell_text="The deck is with you."
ana #kudos /kudos @eli @fay for explaining the address bug to support
ana #general /followup list
advance 90m
ana dm rapport /kudos @eli for the talk in the corridor --private
ana presses "Edit this kudos"
ana submits kudos_message="for the long talk in the corridor"
max #kudos /kudos @eli for the patience with the new people
ana dm rapport /kudos mine
ana #kudos /kudos digest
fay #kudos /kudos digest
fay presses "Post this here every Friday"
ana opens home
fay opens home
at 2026-03-27T15:10:00+01:00
fay #coffee /coffee status
fay presses "Try the next round of Monday coffee"
at 2026-03-30T10:35:00+02:00
oto presses "Join Monday coffee"
max presses "Can't this time"
advance 10m
fay #coffee /coffee status
fay presses "Try the next round of Monday coffee"
ana #coffee /coffee
ana dm rapport /rapport privacy
ana dm rapport /rapport avoid
ana opens home
fay opens home
max opens home
at 2026-04-03T10:35:00+02:00
ana presses "We met"
at 2026-04-07T12:00:00+02:00
fay #coffee /coffee status
ana #general /followup list
ana dm rapport /kudos mine
ana opens home
`

// TestAWishToBeKeptApartLeavesNoTrace lets the same company live twice, once with the wish and once without. What anybody else can read must be the same to the
// letter: messages, tabs, forms, the owner's numbers, the queue, the figures. What operators keep says nowhere whom he avoids.
func TestAWishToBeKeptApartLeavesNoTrace(t *testing.T) {
	t.Parallel()
	with, without := liveWish(t, "/rapport avoid @ana"), liveWish(t, "/rapport avoid nobody")
	if len(with.people) < 10 {
		t.Errorf("only %d people were looked at", len(with.people))
	}
	for _, text := range []string{"address bug", "corridor", "security answers", "order the posters", "The deck is with you"} {
		if strings.Contains(with.his, text) || !strings.Contains(without.his, text) {
			t.Errorf("%q reaches him with the wish: %v, without: %v", text, strings.Contains(with.his, text), strings.Contains(without.his, text))
		}
	}
	if !strings.Contains(with.his, "patience with the new people") {
		t.Error("with the wish he does not hear of others either")
	}
	seen := 0
	for who, reads := range with.people {
		only := func(one, other []string) string {
			rest := slices.Clone(other)
			return strings.Join(slices.DeleteFunc(slices.Clone(one), func(text string) bool {
				at := slices.Index(rest, text)
				if at >= 0 {
					rest = slices.Delete(rest, at, at+1)
				}
				return at >= 0
			}), "\n")
		}
		if !slices.Equal(reads, without.people[who]) {
			t.Errorf("%s reads only with the wish\n%s\nand only without it\n%s", who, only(reads, without.people[who]), only(without.people[who], reads))
		}
		seen += len(reads)
	}
	if seen < 40 {
		t.Errorf("only %d texts were compared, which proves little", seen)
	}
	if with.queue != without.queue {
		t.Errorf("the queue says with the wish\n%s\nand without\n%s", with.queue, without.queue)
	}
	for _, text := range []string{with.queue, with.metrics, with.logs} {
		if strings.Contains(text, "avoid @") || strings.Contains(text, "<@"+with.ids["ana"]) {
			t.Errorf("operators read whom somebody avoids:\n%s", text)
		}
	}
	for line := range strings.Lines(with.logs) {
		if strings.Contains(line, with.ids["eli"]) && strings.Contains(line, with.ids["ana"]) {
			t.Errorf("one line of the log names both: %s", line)
		}
	}
	if one, other := with.named("ana"), without.named("ana"); one != other {
		t.Errorf("with the wish an export names the one whom it is about %d times, without %d times", one, other)
	}
	sealed := 0
	for line := range strings.Lines(with.export) {
		if strings.Contains(line, `sealed`) && strings.Contains(line, with.ids["eli"]) && strings.Contains(line, "preferences") {
			sealed++
		}
	}
	if sealed == 0 {
		t.Error("the export holds no sealed list, so it proves little")
	}
}

// takenIn is what the ledger keeps of a message that came in another's; of what he mutes nothing comes.
var takenIn = regexp.MustCompile(` ref [^"]*`)

// named counts how often an export names somebody.
func (w aWish) named(who string) int {
	return strings.Count(takenIn.ReplaceAllString(w.export, ""), w.ids[who])
}

// blockIDs are what Slack calls the parts of a message; nobody sees them.
var blockIDs = regexp.MustCompile(`"block_id":"[^"]*",?`)

// kudosIDs are made of what Slack calls an act, which is another word each time. So are addresses, of when something was posted.
var kudosIDs = regexp.MustCompile(`\b[a-z2-7]{16}\b`)

// plainly is a text without what differs from one life to the next.
func plainly(text string) string {
	return kudosIDs.ReplaceAllString(address.ReplaceAllString(text, ""), "kudos")
}

// liveWish lets a company live in a folder of its own.
func liveWish(t *testing.T, wish string) aWish {
	t.Helper()
	begin := time.Date(2026, 3, 25, 9, 17, 0, 0, time.UTC)
	p := &town{clock: slackfake.NewClock(begin)}
	var err error
	p.slack, err = slackfake.Start(slackfake.Config{
		Addr: "127.0.0.1:0", Manifest: deploy.Manifest(), Clock: p.clock, AckTime: slackWaits, RateLimits: true, Sample: slackfake.Sample{People: 40, Seed: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	folder, logged := filepath.Join(t.TempDir(), "data"), &pages{}
	w := patientWiring(p, slog.New(slog.NewJSONHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
	w.open = func(ctx context.Context, team string) (*storage.Store, error) {
		return storage.OpenFolder(ctx, storage.Options{Dir: folder, Team: team, Now: p.clock.Now, Key: bytes.Repeat([]byte{'k'}, 32)})
	}
	counts := newMetrics()
	counts.wire(&w)
	if p.house, err = build(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	counts.watch(p.house, p.clock.Now)
	s := &scenario{remote: remote{t: t, url: p.slack.ControlURL()}}
	s.advance("2m")
	var seen aWish
	for line := range strings.Lines(wishStory) {
		if line = strings.TrimSpace(strings.ReplaceAll(line, "{wish}", wish)); line == "" {
			continue
		}
		if err := s.step(t, line); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if who, _, _ := strings.Cut(line, " "); who != "eli" && s.state().person(who) != "" {
			seen.look(s.state(), who, s.last)
		}
	}
	now := s.state()
	seen.ids = map[string]string{}
	for _, person := range now.People {
		seen.ids[person.Name] = person.ID
		switch {
		case person.Name == "eli":
			seen.his = messagesTo(now, "eli")
		case !person.Bot:
			seen.read(now, person.Name, person.ID)
		}
	}
	read := &reading{t: t, p: p, counts: counts}
	read.look(p.clock.Now())
	seen.metrics, seen.logs = read.texts["metrics"], logged.String()
	seen.queue = queueOf(t, p)
	if err := p.close(t.Context()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "export.jsonl")
	newOperator(t, map[string]string{"RAPPORT_DATA_DIR": folder}).run(0, "export", "--out", file)
	export, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	seen.export = string(export)
	return seen
}

// messagesTo are the app's messages to somebody alone.
func messagesTo(now scene, who string) string {
	var all []string
	place, _ := now.place("dm " + who)
	for _, m := range now.Messages {
		if m.Channel == place && m.User == now.App.BotUser {
			all = append(all, words(m.Text, m.Blocks))
		}
	}
	return strings.Join(all, "\n")
}

// look notes what somebody was answered with.
func (w *aWish) look(now scene, who string, last acted) {
	if w.people == nil {
		w.people = map[string][]string{}
	}
	w.people[who] = append(w.people[who], plainly(inOrder(last.failure()+fmt.Sprint(last.Errors), last.Response)))
	w.read(now, who, now.person(who))
}

// inOrder are the words of something, in one order whatever its fields are in.
func inOrder(text string, blocks json.RawMessage) string {
	lines := strings.Split(words(text, blocks), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// read notes everything that somebody can read: messages of their conversations, what only they see, their tab and their forms.
func (w *aWish) read(now scene, who, id string) {
	var reads []string
	for _, m := range now.Messages {
		if m.EphemeralTo != "" && m.EphemeralTo != id || m.EphemeralTo == "" && !now.in(m.Channel, id) {
			continue
		}
		reads = append(reads, plainly(m.Channel+" "+sidOf(m)+" "+m.Text+" "+blockIDs.ReplaceAllString(string(m.Blocks), "")))
	}
	for _, v := range now.Views {
		if v.User == id {
			reads = append(reads, v.Type+" "+plainly(inOrder("", v.View)))
		}
	}
	slices.Sort(reads)
	w.people[who] = append(w.people[who], reads...)
}

// queueOf is what the queue and the dead letters are, in their order.
func queueOf(t *testing.T, p *town) string {
	t.Helper()
	var all []string
	for _, dead := range []bool{false, true} {
		look, err := lookAtQueue(t.Context(), p.house.store, scheduler.Kinds(), queueFlags{limit: 1000, dead: dead})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := look.writeJSON(&out); err != nil {
			t.Fatal(err)
		}
		if !json.Valid(out.Bytes()) {
			t.Fatalf("the queue is no JSON: %s", out.String())
		}
		all = append(all, out.String())
	}
	return plainly(strings.Join(all, "\n"))
}
