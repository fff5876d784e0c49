package storage_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
	"rapport/storage/redistest"
)

// oldExport is of schema 1: one of everything that there was then.
const oldExport = "testdata/export-schema1.jsonl"

// exportTeam is whose it is.
const exportTeam = "T1SAMPLE"

// exported is when it was made.
var exported = time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC)

// place is somewhere that a workspace can be stored.
type place struct {
	connect func(t *testing.T) *storage.Server
	keyless func(t *testing.T) *storage.Server
	open    func(t *testing.T) (*storage.Store, error) // as the bot does
}

func folderPlace(t *testing.T, c *clock) place {
	o := storage.Options{Dir: t.TempDir(), Team: exportTeam, Key: sealingKey, Now: c.Now}
	return place{
		connect: func(t *testing.T) *storage.Server { return connected(t, o) },
		keyless: func(t *testing.T) *storage.Server { return connected(t, withoutKey(o)) },
		open:    func(t *testing.T) (*storage.Store, error) { return storage.OpenFolder(t.Context(), o) },
	}
}

func urlPlace(url string, c *clock) place {
	o := storage.Options{URL: url, Team: exportTeam, Key: sealingKey, Now: c.Now}
	return place{
		connect: func(t *testing.T) *storage.Server { return connected(t, o) },
		keyless: func(t *testing.T) *storage.Server { return connected(t, withoutKey(o)) },
		open:    func(t *testing.T) (*storage.Store, error) { return storage.Open(t.Context(), o) },
	}
}

func withoutKey(o storage.Options) storage.Options {
	o.Key = nil
	return o
}

func connected(t *testing.T, o storage.Options) *storage.Server {
	t.Helper()
	v, err := storage.ConnectNew(t.Context(), o)
	must(t, err)
	return v
}

// everyPlace runs a test on a folder, on a server and on a cluster that hold nothing yet.
func everyPlace(t *testing.T, test func(t *testing.T, p place, c *clock)) {
	t.Helper()
	at := func() *clock { return &clock{now: exported.Add(time.Hour)} }
	t.Run("folder", func(t *testing.T) {
		c := at()
		test(t, folderPlace(t, c), c)
	})
	t.Run("redis", func(t *testing.T) {
		c := at()
		test(t, urlPlace(redistest.Start(t, redistest.Options{}).URL(), c), c)
	})
	t.Run("cluster", func(t *testing.T) {
		c := at()
		test(t, urlPlace(redistest.StartCluster(t, false).URL(), c), c)
	})
}

// with does something on a server and closes it.
func (p place) with(t *testing.T, do func(v *storage.Server)) {
	t.Helper()
	v := p.connect(t)
	do(v)
	must(t, v.Close())
}

// bring imports an export, and fails the test if that fails.
func (p place) bring(t *testing.T, export []byte, o storage.ImportOptions) (done storage.Imported) {
	t.Helper()
	p.with(t, func(v *storage.Server) {
		var err error
		done, err = v.Import(t.Context(), bytes.NewReader(export), o)
		must(t, err)
	})
	return done
}

// export exports what the place holds.
func (p place) export(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	p.with(t, func(v *storage.Server) {
		_, err := v.Export(t.Context(), exportTeam, &out, "test")
		must(t, err)
	})
	return out.Bytes()
}

// store opens the place as the bot does, for as long as the test runs or until it is closed.
func (p place) store(t *testing.T) *storage.Store {
	t.Helper()
	s, err := p.open(t)
	must(t, err)
	return s
}

func readOld(t *testing.T) []byte {
	t.Helper()
	export, err := os.ReadFile(oldExport)
	must(t, err)
	return export
}

func TestAnOldExportReadsAsItWas(t *testing.T) {
	everyPlace(t, func(t *testing.T, p place, c *clock) {
		done := p.bring(t, readOld(t), storage.ImportOptions{Team: exportTeam})
		if done.Schema != 1 || done.Lines != 83 || done.Version != "v0.1.0" || !done.At.Equal(exported) {
			t.Errorf("imported %+v", done)
		}
		s := p.store(t)
		defer closeStore(t, s)
		people(t, s)
		places(t, s)
		promises(t, s)
		coffee(t, s)
		messages(t, s)
		s2, err := s.Erasures(t.Context())
		must(t, err)
		if len(s2) != 1 || s2[0].Member != "UOLD" {
			t.Errorf("forgotten are %+v, want UOLD: the migration notes whom schema 1 knew", s2)
		}
		_, err = s.AddKudos(t.Context(), "k1", kudos(c, "again"), quota, nil)
		is(t, err, bot.ErrRepeated) // the token of what was given lives on
	})
}

func people(t *testing.T, s *storage.Store) {
	t.Helper()
	members, err := s.AllMembers(t.Context())
	must(t, err)
	var ids []string
	for _, m := range members {
		ids = append(ids, m.ID)
	}
	if !slices.Equal(ids, []string{"UANA", "UBEN", "UDAN", "UEVA"}) || members[0].Department != "Product" || !members[2].Deleted {
		t.Errorf("members are %+v", members)
	}
	must(t, s.SaveMembers(t.Context(), bot.Member{ID: "UOLD", Deleted: true}))
	if all, err := s.Members(t.Context(), "UOLD"); err != nil || len(all) != 0 {
		t.Errorf("who was forgotten came back: %v, %v", all, err)
	}
	p, err := s.Preferences(t.Context(), "UANA")
	must(t, err)
	if got := p["UANA"]; got.Version != 1 || got.Holidays != "DE" || got.Hours == nil || got.Hours[1].From != 540 || !got.Practice {
		t.Errorf("preferences are %+v", got)
	}
}

func places(t *testing.T, s *storage.Store) {
	t.Helper()
	w, err := s.Workspace(t.Context())
	must(t, err)
	if w.Installer != "UANA" || w.Zone != "Europe/Berlin" || len(w.Values) == 0 {
		t.Errorf("workspace is %+v", w)
	}
	channels, err := s.Channels(t.Context())
	must(t, err)
	digest, err := s.Digest(t.Context(), "C1")
	must(t, err)
	if len(channels) != 2 || !channels[1].Private || digest.Minute != 960 {
		t.Errorf("channels %+v, digest %+v", channels, digest)
	}
	k, err := s.Kudos(t.Context(), "k1")
	must(t, err)
	given, _, err := s.MemberKudos(t.Context(), "UANA", 10)
	must(t, err)
	_, received, err := s.MemberKudos(t.Context(), "UEVA", 10)
	must(t, err)
	posted, err := s.ChannelKudos(t.Context(), "C1", time.Time{}, exported.Add(time.Hour))
	must(t, err)
	if k.Message != "thanks for k1 & {id} <@UBEN> é\u2028\n\"" || len(given) != 1 || len(received) != 1 || len(posted) != 1 {
		t.Errorf("kudos is %+v; %d given, %d received, %d posted, want 1 of each: the other was taken back", k, len(given), len(received), len(posted))
	}
}

func promises(t *testing.T, s *storage.Store) {
	t.Helper()
	owned, err := s.OwnedCommitments(t.Context(), "UANA", time.Time{})
	must(t, err)
	owed, err := s.OwedCommitments(t.Context(), "UBEN", exported.Add(time.Hour))
	must(t, err)
	if len(owned) != 2 || owned[0].Text != "send the {id} draft" || owned[0].Counterparties[1].Email != "kim@example.com" || owned[0].Due == nil || owned[1].State != bot.Done {
		t.Errorf("owned are %+v", owned)
	}
	if len(owed) != 1 || owed[0].ID != 2 {
		t.Errorf("owed and open are %+v, want number 2", owed)
	}
	next, err := s.AddCommitment(t.Context(), "next", bot.Commitment{Owner: "UANA", By: "UANA", Created: exported}, nil, nil)
	must(t, err)
	if next.ID != 4 {
		t.Errorf("the next number is %d, want 4", next.ID)
	}
}

func coffee(t *testing.T, s *storage.Store) {
	t.Helper()
	program, err := s.Program(t.Context(), "1")
	must(t, err)
	seats, err := s.Seats(t.Context(), "1")
	must(t, err)
	mine, err := s.MemberSeats(t.Context(), "UEVA")
	must(t, err)
	history, err := s.History(t.Context(), "1", 0)
	must(t, err)
	if program.Name != "Coffee" || len(seats) != 3 || len(mine) != 1 || len(history) != 1 || history[0].Met == nil || !*history[0].Met {
		t.Errorf("program %+v, seats %+v, history %+v", program, seats, history)
	}
}

func messages(t *testing.T, s *storage.Store) {
	t.Helper()
	for sid, want := range map[string]bot.State{
		"sent/1": bot.StateSent, "dropped/1": bot.StateDropped, "dead/1": bot.StateDead, "unknown/1": bot.StateUnknown, "waits/1": bot.StatePending,
		"claimed/1": bot.StateClaimed, "posting/1": bot.StatePosting, "pair/1/1/g1": bot.StatePending,
	} {
		if got, err := s.SendBySID(t.Context(), sid); err != nil || got.State != want {
			t.Errorf("%s is %s, %v; want %s", sid, got.State, err, want)
		}
	}
	dead, err := s.Dead(t.Context(), 10)
	must(t, err)
	backlog, err := s.Backlog(t.Context(), []bot.Kind{bot.KindReminders, bot.KindPractice, bot.KindPair, bot.KindKudosPost, bot.KindKudosDM})
	must(t, err)
	if len(dead) != 2 || backlog.Inflight != 2 || backlog.Waiting[bot.KindReminders] != 3 || backlog.Waiting[bot.KindPractice] != 1 || backlog.Waiting[bot.KindPair] != 1 {
		t.Errorf("dead are %d, backlog is %+v", len(dead), backlog)
	}
	names := dueEntries(t, s, exported.Add(30*day))
	slices.Sort(names)
	if !slices.Equal(names, []string{"digest/C1", "practice/UANA", "round/1"}) {
		t.Errorf("entries are %v", names)
	}
}

// contents are an export's lines by key and part, without those that differ between two exports of the same.
func contents(t *testing.T, export []byte) map[string]string {
	t.Helper()
	all := make(map[string]string)
	for line := range bytes.Lines(export) {
		var l struct {
			Key, Type, Expires string
			Part               int
			Value, Base64      []string
		}
		must(t, json.Unmarshal(line, &l))
		if l.Key == "" || l.Key == "ledger" {
			continue
		}
		if l.Type == "hash" || l.Type == "zset" {
			var pairs []string
			for pair := range slices.Chunk(l.Value, 2) {
				pairs = append(pairs, strings.Join(pair, "="))
			}
			l.Value = pairs
		}
		slices.Sort(l.Value)
		all[fmt.Sprint(l.Key, " ", l.Part)] = fmt.Sprint(l.Type, l.Expires != "", l.Value, l.Base64)
	}
	return all
}

func TestWhatIsExportedAndImportedStaysTheSame(t *testing.T) {
	c := &clock{now: exported}
	first := folderPlace(t, c)
	first.bring(t, readOld(t), storage.ImportOptions{})
	export := first.export(t)
	want := contents(t, export)
	if len(want) != 82 {
		t.Errorf("%d keys, want 82: those of the old export, and who was forgotten", len(want))
	}
	everyPlace(t, func(t *testing.T, p place, _ *clock) {
		c.pass(time.Millisecond)
		p.bring(t, export, storage.ImportOptions{})
		got := contents(t, p.export(t))
		for key, value := range want {
			if got[key] != value && !strings.HasPrefix(key, "twin:") && !strings.HasPrefix(key, "pace:") && !strings.HasPrefix(key, "token:") {
				t.Errorf("%s is %s, want %s", key, got[key], value)
			}
		}
	})
}

// signed ends an export anew, after something in it was changed.
func signed(lines ...string) []byte {
	body := strings.Join(lines, "\n") + "\n"
	sum := sha256.Sum256([]byte(body))
	return fmt.Appendf(nil, "%s{\"lines\":%d,\"sha256\":%q}\n", body, len(lines), hex.EncodeToString(sum[:]))
}

func TestADamagedExportChangesNothing(t *testing.T) {
	c := newClock()
	p := folderPlace(t, c)
	whole := readOld(t)
	lines := strings.Split(strings.TrimSuffix(string(whole), "\n"), "\n")
	head, body := lines[0], lines[1:len(lines)-1]
	swapped := slices.Clone(lines)
	swapped[3], swapped[4] = swapped[4], swapped[3]
	all := func(lines []string) []byte { return []byte(strings.Join(lines, "\n") + "\n") }
	for name, test := range map[string]struct {
		export []byte
		line   int // 0: the error is another
	}{
		"empty":            {nil, 1},
		"another kind":     {[]byte("{\"hello\":1}\n"), 1},
		"text":             {[]byte("hello\n"), 1},
		"no end":           {whole[:len(whole)-len(lines[82])-1], 83},
		"no last newline":  {whole[:len(whole)-1], 83},
		"cut in a line":    {whole[:3000], bytes.Count(whole[:3000], []byte("\n")) + 1},
		"a line less":      {all(slices.Delete(slices.Clone(lines), 5, 6)), 82},
		"a line twice":     {all(slices.Insert(slices.Clone(lines), 5, lines[5])), 84},
		"lines swapped":    {all(swapped), 83},
		"a word changed":   {bytes.Replace(whole, []byte("Coffee"), []byte("Toffee"), 1), 83},
		"something behind": {append(slices.Clone(whole), "x\n"...), 84},
		"newer format":     {signed(append([]string{strings.Replace(head, `"rapport_export":1`, `"rapport_export":2,"more":1`, 1)}, body...)...), 1},
		"newer schema":     {signed(append([]string{strings.Replace(head, `"schema":1`, `"schema":99`, 1)}, body...)...), 1},
		"unknown type":     {signed(head, `{"key":"a","type":"stream","value":["x"]}`), 2},
		"unknown field":    {signed(head, `{"key":"a","type":"string","value":["x"],"more":1}`), 2},
		"no key":           {signed(head, `{"type":"string","value":["x"]}`), 2},
		"half a pair":      {signed(head, body[0], `{"key":"a","type":"hash","value":["x"]}`), 3},
		"no number":        {signed(head, `{"key":"a","type":"zset","value":["x","y"]}`), 2},
		"no base64":        {signed(head, `{"key":"a","type":"string","base64":["%"]}`), 2},
		"two on a line":    {signed(head, `{"key":"a","type":"string","value":["x"]} {}`), 2},
		"a team's key":     {signed(strings.Replace(head, exportTeam, "T1}:x{", 1)), 1},
	} {
		t.Run(name, func(t *testing.T) {
			p.with(t, func(v *storage.Server) {
				_, err := v.Import(t.Context(), bytes.NewReader(test.export), storage.ImportOptions{Replace: true})
				bad, ok := errors.AsType[*storage.BadExportError](err)
				if !ok || bad.Line != test.line {
					t.Errorf("error is %v, want one of line %d", err, test.line)
				}
				teams, err := v.Teams(t.Context())
				must(t, err)
				if len(teams) != 0 {
					t.Errorf("the store holds %v", teams)
				}
			})
		})
	}
	p.with(t, func(v *storage.Server) {
		if _, err := v.Import(t.Context(), bytes.NewReader(whole), storage.ImportOptions{Team: "T2"}); err == nil {
			t.Error("an export of another workspace was taken")
		}
	})
}

func TestAWorkspaceIsReplacedOnlyIfThatIsSaid(t *testing.T) {
	everyPlace(t, func(t *testing.T, p place, c *clock) {
		p.bring(t, readOld(t), storage.ImportOptions{})
		s := p.store(t)
		_, err := s.AddKudos(t.Context(), "later", kudos(c, "later"), bot.KudosQuota{Limit: 99}, nil)
		must(t, err)
		c.pass(time.Minute)
		must(t, s.Erase(t.Context(), "UBEN", "UNOBODY"))
		closeStore(t, s)
		p.with(t, func(v *storage.Server) {
			_, err := v.Import(t.Context(), bytes.NewReader(readOld(t)), storage.ImportOptions{})
			is(t, err, storage.ErrHeld)
		})
		s = p.store(t)
		_, err = s.Kudos(t.Context(), "later")
		must(t, err)
		closeStore(t, s)

		done := p.bring(t, readOld(t), storage.ImportOptions{Replace: true})
		if done.Erased != 2 {
			t.Errorf("%d forgotten again, want UBEN and UNOBODY", done.Erased)
		}
		s = p.store(t)
		defer closeStore(t, s)
		_, err = s.Kudos(t.Context(), "later")
		is(t, err, bot.ErrNotFound)
		members, err := s.Members(t.Context(), "UANA", "UBEN")
		must(t, err)
		seats, err := s.Seats(t.Context(), "1")
		must(t, err)
		if len(members) != 1 || len(seats) != 2 {
			t.Errorf("members %v, seats %v: UBEN was forgotten after the export was made", members, seats)
		}
	})
}

// breaking is a file that cannot be read a second time to its end.
type breaking struct {
	*bytes.Reader
	again bool
	left  int
}

func (b *breaking) Seek(offset int64, whence int) (int64, error) {
	b.again = true
	return b.Reader.Seek(offset, whence)
}

func (b *breaking) Read(p []byte) (int, error) {
	if !b.again {
		return b.Reader.Read(p)
	}
	if b.left <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := b.Reader.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func TestAnImportThatBrokeOffIsMadeAgain(t *testing.T) {
	everyPlace(t, func(t *testing.T, p place, c *clock) {
		s := p.store(t)
		must(t, s.SaveMembers(t.Context(), bot.Member{ID: "UGONE", Name: "Gus"}))
		c.pass(time.Minute)
		must(t, s.Erase(t.Context(), "UBEN"))
		closeStore(t, s)
		for left := 0; left < len(readOld(t)); left += 4000 {
			p.with(t, func(v *storage.Server) {
				_, err := v.Import(t.Context(), &breaking{Reader: bytes.NewReader(readOld(t)), left: left}, storage.ImportOptions{Replace: left == 0})
				if err == nil {
					t.Fatal("no error")
				}
				held, err := v.Holdings(t.Context(), exportTeam)
				must(t, err)
				if !held.Importing {
					t.Error("the store says nothing of the import")
				}
				if _, err := v.Export(t.Context(), exportTeam, io.Discard, ""); err == nil {
					t.Error("half a workspace was exported")
				}
			})
			if _, err := p.open(t); err == nil || !strings.Contains(err.Error(), "an import has not finished") {
				t.Fatalf("the bot's opening says %v", err)
			}
		}
		if done := p.bring(t, readOld(t), storage.ImportOptions{}); done.Erased != 1 {
			t.Errorf("%d forgotten again, want UBEN", done.Erased)
		}
		s = p.store(t)
		defer closeStore(t, s)
		members, err := s.Members(t.Context(), "UANA", "UBEN", "UGONE")
		must(t, err)
		if len(members) != 1 || members["UANA"].Name != "Ana" {
			t.Errorf("members are %v, want UANA alone", members)
		}
		messages(t, s)
	})
}
