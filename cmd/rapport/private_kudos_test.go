package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot/slackfake"
	"rapport/deploy"
	"rapport/storage"
	"rapport/storage/redistest"
)

// whisper is a word that stands in what some people say to each other alone, in each form in which it may be looked for, and nowhere else. known says who may read
// it, by handle.
type whisper struct {
	word  string
	known []string
}

// The words of this story. The last is public: where it is not found, the search finds nothing.
var whispers = []whisper{
	{"waxwing", []string{"ana", "eli"}},
	{"wax&wing", []string{"ana", "eli"}},
	{"redstart", []string{"ana", "eli", "fay"}},
	{"red<start", []string{"ana", "eli", "fay"}},
}

const overheard = "goldcrest"

// whisperStory is a company in which Ana thanks Eli by every way in, privately and in a room with Fay, while others thank in public and look around. A line
// that begins with ~ is whispered: in the other life somebody asks for help instead.
const whisperStory = `
bob #kudos /kudos @cy for the goldcrest that stayed until the import worked #trust
~ana dm rapport /kudos @eli for the waxwing talk & the wax&wing after it --private
~ana #kudos /kudos @eli #trust for the second waxwing talk & the wax&wing, in public and not --private
~ana #kudos /kudos
~ana submits kudos_to=@eli kudos_message="for the waxwing in the form & the wax&wing" kudos_value=trust kudos_private=private,
~ana dm rapport /kudos @eli for the waxwing in no channel & the wax&wing
~ana #kudos /kudos @eli waxwing --private
~ana #kudos /kudos @waxwing wax&wing --private
~ana #quiet-room /kudos @eli for the redstart in the review & the red<start #listening
~eli says #quiet-room "The redstart report is through, red<start and all"
~fay shortcut give_kudos "redstart report is through"
~fay submits kudos_message="for the redstart report & the red<start"
~eli #quiet-room /kudos @fay @ana for the redstart and its patience & the red<start
~fay presses "Hide my name in the channel"
~ana dm rapport /kudos @eli for the waxwing with a misteak & the wax&wing --private
~ana presses "Edit this kudos"
~ana submits kudos_message="for the waxwing without a mistake & the wax&wing"
~ana #kudos /kudos @eli for the waxwing that is taken back & the wax&wing --private
~ana #kudos /kudos undo
eli dm rapport /kudos mine
ana dm rapport /kudos mine
fay #quiet-room /kudos digest
fay presses "Post this here every Friday"
bob #kudos /kudos digest
bob presses "Post this here every Friday"
ana opens home
eli opens home
fay opens home
bob opens home
cy opens home
max opens home
bob dm rapport /kudos mine
cy dm rapport /kudos mine
max #kudos /kudos digest
max dm rapport /kudos digest
max dm rapport /rapport admins
max dm rapport /rapport privacy
max dm rapport /kudos help
ivo #kudos /kudos mine
at 2026-03-27T15:05:00+01:00
advance 30m
bob opens home
max #kudos /kudos digest
at 2026-04-03T15:05:00+02:00
`

// TestWordsForFewAreReadByNobodyElse looks for what some people say to each other alone in everything that anybody else can read: every message, form and tab of
// others at every moment, and all that who runs the bot has, from the figures to the store itself.
func TestWordsForFewAreReadByNobodyElse(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) whisperStore{"folder": whisperFolder, "redis": whisperRedis} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			open := open(t)
			told := liveWhispers(t, open, true)
			told.nobodyElseReads(t, whispers)
			told.sameOutside(t, liveWhispers(t, open.anew(t), false))
		})
	}
}

// sameOutside expects that whoever is told nothing reads the same in another life.
func (o *overhearing) sameOutside(t *testing.T, without overhearing) {
	t.Helper()
	for who, reads := range o.outside {
		if other := without.outside[who]; !slices.Equal(reads, other) {
			t.Errorf("%s reads %d texts with what others whisper and %d without:\n%s\n\n%s", who, len(reads), len(other), onlyIn(reads, other), onlyIn(other, reads))
		}
	}
	if len(o.outside) < 30 {
		t.Errorf("only %d people were looked at", len(o.outside))
	}
}

// onlyIn are the texts of one that are not in the other.
func onlyIn(one, other []string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(one), func(text string) bool { return slices.Contains(other, text) }), "\n")
}

// whisperStore is where a company is stored, and how its operator looks at that.
type whisperStore struct {
	open func(ctx context.Context, team string, now func() time.Time) (*storage.Store, error)
	env  map[string]string         // of the operator's tools
	dump func(t *testing.T) string // all that is there, as it is there
	anew func(t *testing.T) whisperStore
}

// whisperKey is the key that the company's words are sealed with.
var whisperKey = bytes.Repeat([]byte{'w'}, 32)

func whisperFolder(t *testing.T) whisperStore {
	dir := filepath.Join(t.TempDir(), "data")
	return whisperStore{
		open: func(ctx context.Context, team string, now func() time.Time) (*storage.Store, error) {
			return storage.OpenFolder(ctx, storage.Options{Dir: dir, Team: team, Now: now, Key: whisperKey})
		},
		env: map[string]string{"RAPPORT_DATA_DIR": dir},
		dump: func(t *testing.T) string {
			t.Helper()
			var all strings.Builder
			err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
				if err != nil || !entry.Type().IsRegular() {
					return err
				}
				raw, err := os.ReadFile(path)
				all.Write(raw)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return all.String()
		},
		anew: whisperFolder,
	}
}

func whisperRedis(t *testing.T) whisperStore {
	server := redistest.Start(t, redistest.Options{})
	return whisperStore{
		open: func(ctx context.Context, team string, now func() time.Time) (*storage.Store, error) {
			return storage.Open(ctx, storage.Options{URL: server.URL(), Team: team, Now: now, Key: whisperKey})
		},
		env:  map[string]string{"REDIS_URL": server.URL()},
		dump: func(t *testing.T) string { t.Helper(); return dumpOf(t, server) },
		anew: whisperRedis,
	}
}

// dumpOf is every key and value of a server.
func dumpOf(t *testing.T, server *redistest.Server) string {
	t.Helper()
	client := server.Client()
	defer func() { _ = client.Close() }()
	var all strings.Builder
	names, err := client.Keys(t.Context(), "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range names {
		kind, err := client.Type(t.Context(), key).Result()
		if err != nil {
			t.Fatal(err)
		}
		read := map[string]func() (any, error){
			"string": func() (any, error) { return client.Get(t.Context(), key).Result() },
			"hash":   func() (any, error) { return client.HGetAll(t.Context(), key).Result() },
			"set":    func() (any, error) { return client.SMembers(t.Context(), key).Result() },
			"zset":   func() (any, error) { return client.ZRangeWithScores(t.Context(), key, 0, -1).Result() },
		}[kind]
		if read == nil {
			t.Fatalf("%s is a %s, which nobody looks into", key, kind)
		}
		value, err := read()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&all, key, value)
	}
	return all.String()
}

// overhearing is everything that was read in a company, and by whom.
type overhearing struct {
	shown   []exposure          // what people can read
	running map[string]string   // what who runs the bot can read, by where
	outside map[string][]string // what those can read who are told nothing, but for addresses, which tell when something was said
}

// exposure is a text in a place, and who can read it there, by handle.
type exposure struct {
	place, text string
	readers     []string // "" for a bot
}

// liveWhispers lets the company live, with what is whispered or without.
func liveWhispers(t *testing.T, in whisperStore, told bool) overhearing {
	t.Helper()
	return liveStory(t, in, whisperLines(whisperStory, told), "ana", "eli", "fay")
}

// whisperLines are the lines of a story in which what is whispered is told, or in its place something that says nothing.
func whisperLines(story string, told bool) []string {
	var lines []string
	for line := range strings.Lines(story) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		line, whispered := strings.CutPrefix(line, "~")
		if who, _, _ := strings.Cut(line, " "); whispered && !told {
			line = who + " dm rapport /kudos help"
		}
		lines = append(lines, line)
	}
	return lines
}

// liveStory lets a company live line by line, and reads everything in it. The insiders are those who may be told something.
func liveStory(t *testing.T, in whisperStore, lines []string, insiders ...string) overhearing {
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
	logged := &pages{}
	w := patientWiring(p, slog.New(slog.NewJSONHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
	w.open = func(ctx context.Context, team string) (*storage.Store, error) { return in.open(ctx, team, p.clock.Now) }
	counts := newMetrics()
	counts.wire(&w)
	s := &scenario{remote: remote{t: t, url: p.slack.ControlURL()}}
	s.post("/people", json.RawMessage(`{"channels":[{"name":"quiet-room","kind":"private","members":["ana","eli","fay"]}]}`))
	if p.house, err = build(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	counts.watch(p.house, p.clock.Now)
	s.advance("2m")
	if err := s.step(t, "rapport joins #quiet-room by ana"); err != nil {
		t.Fatal(err)
	}
	all := overhearing{running: map[string]string{}, outside: map[string][]string{}}
	read := &reading{t: t, p: p, counts: counts}
	for _, line := range lines {
		if err := s.step(t, line); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all.look(s, line)
		read.look(p.clock.Now())
		all.running["store"] += in.dump(t)
	}
	all.keep(s.state(), insiders)
	all.running["queue"], all.running["metrics"], all.running["logs"] = read.texts["queue"], read.texts["metrics"], logged.String()
	if err := p.close(t.Context()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "export.jsonl")
	tools := newOperator(t, in.env)
	tools.run(0, "export", "--out", file)
	export, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all.running["export"] = string(export)
	for _, args := range [][]string{{"data"}, {"queue", "--json"}, {"queue", "--dead"}, {"admin", "log"}, {"admin", "kinds"}} {
		out, said := tools.run(0, args...)
		all.running["rapport "+strings.Join(args, " ")] = out + said
	}
	all.running["store"] += in.dump(t)
	return all
}

// look notes what the last act was answered with, and what everybody can read now.
func (o *overhearing) look(s *scenario, line string) {
	now := s.state()
	name := map[string]string{}
	for _, p := range now.People {
		if !p.Bot {
			name[p.ID] = p.Name
		}
	}
	if who, _, _ := strings.Cut(line, " "); now.person(who) != "" {
		o.shown = append(o.shown, exposure{"the answer to " + line, string(s.last.Response) + s.last.failure() + fmt.Sprint(s.last.Errors), []string{who}})
	}
	for _, m := range now.Messages {
		e := exposure{place: "a message in " + m.Channel, text: m.Text + string(m.Blocks) + string(m.Metadata)}
		for _, c := range now.Channels {
			if m.EphemeralTo == "" && c.ID == m.Channel {
				for _, id := range c.Members {
					e.readers = append(e.readers, name[id])
				}
			}
		}
		if m.EphemeralTo != "" {
			e.readers = []string{name[m.EphemeralTo]}
		}
		o.shown = append(o.shown, e)
	}
	for _, v := range now.Views {
		o.shown = append(o.shown, exposure{"a " + v.Type, string(v.View) + fmt.Sprint(v.Errors), []string{name[v.User]}})
	}
}

// address is what tells when a message was posted.
var address = regexp.MustCompile(`https?://[^|>\s"]*/archives/[^|>\s"]*`)

// keep notes what those can read who are told nothing.
func (o *overhearing) keep(now scene, insiders []string) {
	for _, p := range now.People {
		if p.Bot || slices.Contains(insiders, p.Name) {
			continue
		}
		reads := []string{}
		for _, m := range now.Messages {
			if m.EphemeralTo == "" && now.in(m.Channel, p.ID) || m.EphemeralTo == p.ID {
				reads = append(reads, address.ReplaceAllString(inOrder(m.Text, m.Blocks), ""))
			}
		}
		for _, v := range now.Views {
			if v.User == p.ID {
				reads = append(reads, address.ReplaceAllString(inOrder(v.Type, v.View), ""))
			}
		}
		slices.Sort(reads)
		o.outside[p.Name] = reads
	}
}

// disguises are the forms in which a word may stand somewhere.
func disguises(word string) []string {
	forms := []string{
		word, strings.ToUpper(word), url.QueryEscape(word), url.PathEscape(word), hex.EncodeToString([]byte(word)), fmt.Sprintf("%d", []byte(word)),
	}
	escaped := word
	for range 2 {
		escaped = strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(escaped)
		forms = append(forms, escaped)
	}
	for _, form := range slices.Clone(forms) {
		raw, err := json.Marshal(form)
		if err == nil {
			forms = append(forms, strings.Trim(string(raw), `"`))
		}
	}
	for shift := range 3 { // base64 of a text in which it stands reads in one of three ways
		code := base64.StdEncoding.EncodeToString(append(bytes.Repeat([]byte{'x'}, shift), word...))
		forms = append(forms, strings.TrimRight(code, "=")[4*((shift+2)/3):len(strings.TrimRight(code, "="))-1])
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// finds returns the part of a text around one of some words.
func finds(text string, forms []string) (around string, ok bool) {
	for _, form := range forms {
		if i := strings.Index(text, form); i >= 0 {
			return text[max(0, i-120):min(len(text), i+120)], true
		}
	}
	return "", false
}

// nobodyElseReads expects each word where it belongs, and nowhere else.
func (o *overhearing) nobodyElseReads(t *testing.T, whispers []whisper) {
	t.Helper()
	for _, w := range whispers {
		forms, knows, told := disguises(w.word), map[string]bool{}, map[string]bool{}
		for _, e := range o.shown {
			around, found := finds(e.text, forms)
			if !found {
				continue
			}
			for _, who := range e.readers {
				knows[who] = true
				if who != "" && !slices.Contains(w.known, who) && !told[who+e.place] {
					told[who+e.place] = true
					t.Errorf("%s reads %q in %s: …%s…", who, w.word, e.place, around)
				}
			}
		}
		for _, who := range w.known {
			if !knows[who] {
				t.Errorf("%s never read %q, so this proves little", who, w.word)
			}
		}
		for where, text := range o.running {
			if around, found := finds(text, forms); found {
				t.Errorf("%s: who runs the bot reads %q: …%s…", where, w.word, around)
			}
		}
	}
	o.findsWhatIsPublic(t)
}

// findsWhatIsPublic is the control: what everybody may read is found wherever it is.
func (o *overhearing) findsWhatIsPublic(t *testing.T) {
	t.Helper()
	forms, knows := disguises(overheard), map[string]bool{}
	for _, e := range o.shown {
		if _, found := finds(e.text, forms); found {
			for _, who := range e.readers {
				knows[who] = true
			}
		}
	}
	for _, who := range []string{"bob", "cy", "max", "ana"} {
		if !knows[who] {
			t.Errorf("%s never read what is public", who)
		}
	}
	for where, text := range o.running {
		_, found := finds(text, forms)
		if stored := where == "store" || where == "export"; found != stored {
			t.Errorf("%s: what is public is there: %v", where, found)
		}
		if text == "" {
			t.Errorf("%s is empty", where)
		}
	}
	for _, text := range []string{o.running["store"], o.running["export"]} {
		if !strings.Contains(text, `sealed`) {
			t.Error("nothing is sealed in the store, so this proves little")
		}
	}
}
