package bot

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"
)

// helpTown is a town in which Ana may be helped with thanking, and what was promised to her.
type helpTown struct {
	*kudosTown
	help *Helper
	kept map[int]Commitment
}

// promiseShelf finds promises and nothing else.
type promiseShelf struct {
	CommitmentStore
	kept map[int]Commitment
}

func (s promiseShelf) Commitment(_ context.Context, id int) (Commitment, error) {
	c, ok := s.kept[id]
	if !ok {
		return Commitment{}, ErrNotFound
	}
	return c, nil
}

// helpShelf keeps preferences beside the town's scene, and their messages in its ledger.
type helpShelf struct{ town *kudosTown }

func (s helpShelf) Preferences(_ context.Context, members ...string) (map[string]Preferences, error) {
	found := map[string]Preferences{}
	for _, id := range members {
		if p, ok := s.town.scene.Preferences[id]; ok {
			found[id] = p
		}
	}
	return found, nil
}

func (s helpShelf) SavePreferences(_ context.Context, token Token, p Preferences, _ []Entry, intents Intents) error {
	if _, came := s.town.tokens[token]; came {
		return ErrRepeated
	}
	if s.town.scene.Preferences[p.Member].Version != p.Version {
		return ErrConflict
	}
	p.Version++
	s.town.tokens[token], s.town.scene.Preferences[p.Member] = p.Member, p
	s.town.insert(intents)
	return nil
}

func newHelpTown(t *testing.T, kinds ...Help) *helpTown {
	t.Helper()
	w := &helpTown{kudosTown: newKudosTown(t), kept: map[int]Commitment{}}
	shelf := helpShelf{w.kudosTown}
	w.help = &Helper{
		Preferences: shelf, Scenes: w.kudosTown, Kudos: w.kudosTown, Promises: &Promises{Store: promiseShelf{kept: w.kept}, Scenes: w.kudosTown}, Sent: w.kudosTown,
		Settings: w.Settings,
	}
	w.prefer(func(p *Preferences) { p.Help = kinds })
	return w
}

func (w *helpTown) prefer(change func(*Preferences)) {
	p := w.scene.Preferences["UANA"]
	p.Member = "UANA"
	change(&p)
	w.scene.Preferences["UANA"] = p
}

// promised makes a promise that an owner kept to Ana, and plans for it.
func (w *helpTown) promised(t *testing.T, id int, owner string) {
	t.Helper()
	w.kept[id] = Commitment{ID: id, Owner: owner, By: owner, Counterparties: []Counterparty{{Member: "UANA"}}, Text: "send it", State: Done, Shared: true}
	for _, s := range promiseHelp(w.now, w.kept[id]) {
		w.plan(t, s)
	}
}

// plan plans twice, as it may happen: that must be the same as once.
func (w *helpTown) plan(t *testing.T, s Send) {
	t.Helper()
	b := &Bot{Helper: w.help}
	for range 2 {
		if err := b.Plan(t.Context(), w.now, s); err != nil {
			t.Fatal(err)
		}
	}
}

// at is an instant on a day of that March, in Berlin.
func (w *helpTown) at(t *testing.T, day, hour int) time.Time {
	t.Helper()
	return instant(t, fmt.Sprintf("2026-03-%02dT%02d:00:00+01:00", day, hour))
}

// says is whom the message of a day names when it is due, or why it does not come.
func (w *helpTown) says(t *testing.T, now time.Time, day Date) (members []string, d Decision) {
	t.Helper()
	s, there := w.sends[helpSID("UANA", day)]
	if !there {
		return nil, Decision{Verdict: Drop, Reason: "never planned"}
	}
	content, d, err := w.help.Compose(t.Context(), now, s)
	if err != nil {
		t.Fatal(err)
	}
	if note, ok := content.(HelpNote); ok {
		for _, l := range note.Lines {
			members = append(members, append(l.Members, l.Channel)...)
		}
	}
	return slices.DeleteFunc(members, func(id string) bool { return id == "" }), d
}

// came says that the message of a day reached Ana then.
func (w *helpTown) came(day Date, at time.Time) {
	s := w.sends[helpSID("UANA", day)]
	s.State, s.Settled = StateSent, at
	w.sends[s.SID] = s
}

var helpDay = Date{Year: 2026, Month: 3, Day: 26}

func TestHelpComesOnTheNextWorkingDay(t *testing.T) {
	w := newHelpTown(t, HelpPromise)
	w.promised(t, 1, "UBOB")
	w.promised(t, 2, "UCYN")
	s := w.sends[helpSID("UANA", helpDay)]
	if len(w.sends) != 1 || !s.Due.Equal(w.at(t, 26, 10)) || !s.NotAfter.Equal(w.at(t, 31, 0).Add(-time.Hour)) {
		t.Fatalf("got %d messages, due %v until %v", len(w.sends), s.Due, s.NotAfter)
	}
	if got, _ := w.says(t, s.Due, helpDay); !slices.Equal(got, []string{"UBOB", "UCYN"}) {
		t.Errorf("it names %v", got)
	}
}

func TestWhomHelpDoesNotName(t *testing.T) {
	for name, change := range map[string]func(w *helpTown){
		"a promise that is open again": func(w *helpTown) { w.kept[1] = Commitment{ID: 1, Owner: "UBOB", State: Open} },
		"a promise that is gone":       func(w *helpTown) { delete(w.kept, 1) },
		"who left": func(w *helpTown) {
			w.scene.Members["UBOB"] = Member{ID: "UBOB", Deleted: true}
		},
		"whom she keeps away": func(w *helpTown) { w.prefer(func(p *Preferences) { p.Avoid = []string{"UBOB"} }) },
		"who was thanked since": func(w *helpTown) {
			w.kudos["k"] = Kudos{ID: "k", Giver: "UANA", Recipients: []string{"UBOB"}, Given: w.now.Add(time.Hour)}
		},
		"another kind than she wants": func(w *helpTown) { w.prefer(func(p *Preferences) { p.Help = []Help{HelpCoffee} }) },
		"she wants none":              func(w *helpTown) { w.prefer(func(p *Preferences) { p.Help = nil }) },
		"she muted it":                func(w *helpTown) { w.prefer(func(p *Preferences) { p.Muted = []Kind{KindHelp} }) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newHelpTown(t, HelpPromise)
			w.promised(t, 1, "UBOB")
			change(w)
			if got, d := w.says(t, w.at(t, 26, 10), helpDay); d.Verdict != Drop || len(got) > 0 {
				t.Errorf("it names %v: %+v", got, d)
			}
		})
	}
	t.Run("nobody asked", func(t *testing.T) {
		w := newHelpTown(t)
		w.promised(t, 1, "UBOB")
		if len(w.sends) > 0 || len(w.scene.Preferences["UANA"].Helped) > 0 {
			t.Errorf("%d messages for who asked for nothing", len(w.sends))
		}
	})
}

func TestHelpWaitsWhereRemindersCome(t *testing.T) {
	w := newHelpTown(t, HelpPromise)
	w.promised(t, 1, "UBOB")
	w.insert(Intents{bundleSend("UANA", helpDay)})
	_, d := w.says(t, w.at(t, 26, 10), helpDay)
	if d.Verdict != Wait || !d.Until.Equal(w.at(t, 27, 10)) {
		t.Fatalf("on a day with reminders: %+v", d)
	}
	if got, d := w.says(t, d.Until, helpDay); d.Verdict != Go || len(got) != 1 {
		t.Errorf("on the next one it names %v: %+v", got, d)
	}
	// A message of the next day says both, and the first one falls away.
	friday := helpDay.AddDays(1)
	w.now = w.at(t, 26, 12)
	w.promised(t, 2, "UCYN")
	if _, d := w.says(t, w.at(t, 27, 10), helpDay); d.Verdict != Drop || d.Reason != ReasonMerged {
		t.Errorf("beside another one: %+v", d)
	}
	if got, _ := w.says(t, w.at(t, 27, 10), friday); !slices.Equal(got, []string{"UBOB", "UCYN"}) {
		t.Errorf("the one that comes names %v", got)
	}
}

func TestHelpComesThreeTimesAWeekAtMost(t *testing.T) {
	for _, row := range []struct {
		sent     int
		practice bool
		comes    bool
	}{{2, false, true}, {3, false, false}, {1, true, true}, {2, true, false}} {
		w := newHelpTown(t, HelpPromise)
		w.prefer(func(p *Preferences) {
			p.Practice = row.practice
			for i := range row.sent {
				p.Helped = append(p.Helped, HelpDay{Day: helpDay.AddDays(i - 3), Used: true})
			}
		})
		for _, d := range w.scene.Preferences["UANA"].Helped {
			w.insert(Intents{{SID: helpSID("UANA", d.Day), Kind: KindHelp}})
			w.came(d.Day, w.at(t, d.Day.Day, 10))
		}
		w.promised(t, 1, "UBOB")
		if _, d := w.says(t, w.at(t, 26, 10), helpDay); (d.Verdict == Go) != row.comes {
			t.Errorf("after %d in the week, practice %v: %+v", row.sent, row.practice, d)
		}
	}
}

func TestHelpComesLessOftenUnused(t *testing.T) {
	for _, row := range []struct {
		name          string
		unused, fewer int
		away          int // days since the last one
		comes         bool
	}{
		{"two unused", 2, 0, 1, true},
		{"three unused", 3, 0, 6, false},
		{"three unused, a week later", 3, 0, 7, true},
		{"six unused, a week later", 6, 0, 7, false},
		{"six unused, two weeks later", 6, 0, 14, true},
		{"fewer wanted", 0, 1, 6, false},
		{"fewer wanted, a week later", 0, 1, 7, true},
		{"fewer wanted, and three unused", 3, 1, 13, false},
		{"nothing but unused", 12, 3, 28, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newHelpTown(t, HelpPromise)
			w.prefer(func(p *Preferences) {
				p.HelpLess = row.fewer
				last := helpDay.AddDays(-row.away)
				p.Helped = append(p.Helped, HelpDay{Day: last.AddDays(-row.unused), Used: true})
				for i := range row.unused {
					p.Helped = append(p.Helped, HelpDay{Day: last.AddDays(i + 1 - row.unused)})
				}
			})
			for _, d := range w.scene.Preferences["UANA"].Helped {
				w.insert(Intents{{SID: helpSID("UANA", d.Day), Kind: KindHelp}})
				w.came(d.Day, w.at(t, 1, 10))
			}
			w.promised(t, 1, "UBOB")
			if _, planned := w.sends[helpSID("UANA", helpDay)]; planned != row.comes {
				t.Errorf("it is planned: %v, want %v", planned, row.comes)
			}
		})
	}
}

func TestTheWaysOutOfHelp(t *testing.T) {
	w := newHelpTown(t, HelpPromise, HelpDigest)
	for i, want := range []int{1, 2, 3, 3} {
		p, err := w.help.Fewer(t.Context(), Token(fmt.Sprint("fewer", i)), "UANA")
		if err != nil || p.HelpLess != want || len(p.Help) != 2 {
			t.Errorf("press %d: %+v, %v", i+1, p, err)
		}
	}
	w.promised(t, 1, "UBOB")
	if err := w.help.Used(t.Context(), "used", "UANA", helpDay); err != nil || !w.scene.Preferences["UANA"].Helped[0].Used {
		t.Errorf("it is not noted that it was of use: %v", err)
	}
	for i := range 2 {
		p, err := w.help.Stop(t.Context(), Token(fmt.Sprint("stop", i)), "UANA")
		if err != nil || len(p.Help) > 0 || p.HelpLess != 0 {
			t.Errorf("stopped it is %+v, %v", p, err)
		}
	}
}

func TestHelpBeforeADigest(t *testing.T) {
	w := newHelpTown(t, HelpDigest)
	w.given(t, "t", "UANA", "CPUB", "<@UBOB> "+helpful)
	plans, err := w.helpBeforeDigest(t.Context(), w.at(t, 26, 10), "CPUB", nil)
	if err != nil || len(plans) != 1 {
		t.Fatalf("got %d plans, %v: only Ana asked", len(plans), err)
	}
	w.now = w.at(t, 26, 10)
	w.plan(t, plans[0])
	if got, d := w.says(t, w.now, helpDay); d.Verdict != Go || !slices.Equal(got, []string{"CPUB"}) {
		t.Errorf("on the day before: %v %+v", got, d)
	}
	if _, d := w.says(t, w.at(t, 27, 16), helpDay); d.Verdict != Drop {
		t.Errorf("after the digest: %+v", d)
	}
	if plans, _ := w.helpBeforeDigest(t.Context(), w.at(t, 26, 10).AddDate(0, 0, 120), "CPUB", nil); len(plans) > 0 {
		t.Error("who thanked there months ago is asked")
	}
}
