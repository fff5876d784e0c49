package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// reactionTown is a town whose workspace counts :clap: as a kudos.
func reactionTown(t *testing.T, set ...func(*KudosSettings)) *kudosTown {
	t.Helper()
	w := newKudosTown(t)
	current := w.Settings.Current()
	current.Kudos.Reaction = "clap"
	for _, change := range set {
		change(&current.Kudos)
	}
	w.Settings.current.Store(&current)
	return w
}

// clap is Ana's emoji on Bob's message, so many seconds after the town's time.
func (w *kudosTown) clap(after int, change ...func(*Reaction)) Reaction {
	e := Reaction{Giver: "UANA", Author: "UBOB", Channel: "CPUB", TS: "1774429200.000100", Emoji: "clap", At: w.now.Add(time.Duration(after) * time.Second)}
	for _, c := range change {
		c(&e)
	}
	e.Token = Token(fmt.Sprint(e.Giver, e.Channel, e.TS, e.Emoji, e.Gone, e.At))
	return e
}

func takenOff(e *Reaction) { e.Gone = true }

func toned(e *Reaction) { e.Emoji = "clap::skin-tone-3" }

func (w *kudosTown) react(t *testing.T, events ...Reaction) {
	t.Helper()
	for _, e := range events {
		if err := w.React(t.Context(), w.now, e); err != nil {
			t.Fatalf("react %+v: %v", e, err)
		}
	}
}

// clapped is the kudos of [kudosTown.clap], and how many of Ana's are counted today.
func (w *kudosTown) clapped() (Kudos, int) {
	return w.kudos[reactionID(w.clap(0))], w.quota["UANA2026-03-25"]
}

func TestAReactionComesAndGoes(t *testing.T) {
	for name, row := range map[string]struct {
		events func(w *kudosTown) []Reaction
		stands bool
	}{
		"put":                        {func(w *kudosTown) []Reaction { return []Reaction{w.clap(0)} }, true},
		"put twice":                  {func(w *kudosTown) []Reaction { return []Reaction{w.clap(0), w.clap(0)} }, true},
		"put and taken off":          {func(w *kudosTown) []Reaction { return []Reaction{w.clap(0), w.clap(1, takenOff)} }, false},
		"taken off twice":            {func(w *kudosTown) []Reaction { return []Reaction{w.clap(0), w.clap(1, takenOff), w.clap(1, takenOff)} }, false},
		"put again":                  {func(w *kudosTown) []Reaction { return []Reaction{w.clap(0), w.clap(1, takenOff), w.clap(2)} }, true},
		"put again, heard twice":     {func(w *kudosTown) []Reaction { return []Reaction{w.clap(0), w.clap(1, takenOff), w.clap(2), w.clap(2)} }, true},
		"the first one comes late":   {func(w *kudosTown) []Reaction { return []Reaction{w.clap(0), w.clap(1, takenOff), w.clap(0)} }, false},
		"taken off is heard first":   {func(w *kudosTown) []Reaction { return []Reaction{w.clap(1, takenOff), w.clap(0)} }, false},
		"heard in the wrong order":   {func(w *kudosTown) []Reaction { return []Reaction{w.clap(2), w.clap(1, takenOff), w.clap(0)} }, true},
		"the last is heard first":    {func(w *kudosTown) []Reaction { return []Reaction{w.clap(1, takenOff), w.clap(2), w.clap(0)} }, true},
		"only taken off":             {func(w *kudosTown) []Reaction { return []Reaction{w.clap(0, takenOff)} }, false},
		"in another skin tone":       {func(w *kudosTown) []Reaction { return []Reaction{w.clap(0, toned)} }, true},
		"one of two tones taken off": {func(w *kudosTown) []Reaction { return []Reaction{w.clap(0), w.clap(1, toned), w.clap(2, takenOff)} }, true},
		"both tones taken off": {func(w *kudosTown) []Reaction {
			return []Reaction{w.clap(0), w.clap(1, toned), w.clap(2, takenOff), w.clap(3, toned, takenOff)}
		}, false},
		"another emoji is taken off": {func(w *kudosTown) []Reaction {
			return []Reaction{w.clap(0), w.clap(1, takenOff, func(e *Reaction) { e.Emoji = "tada" })}
		}, true},
		"another emoji":                {func(w *kudosTown) []Reaction { return []Reaction{w.clap(0, func(e *Reaction) { e.Emoji = "tada" })} }, false},
		"the emoji no longer counts":   {func(w *kudosTown) []Reaction { return []Reaction{w.clap(0), w.clap(1, takenOff)} }, false},
		"an older emoji's name is new": {func(w *kudosTown) []Reaction { return []Reaction{w.clap(0, func(e *Reaction) { e.Emoji = "clapper" })} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := reactionTown(t)
			w.react(t, row.events(w)...)
			k, n := w.clapped()
			if stands := k.ID != "" && k.Undone.IsZero(); stands != row.stands {
				t.Errorf("it stands: %v, want %v: %+v", stands, row.stands, k)
			}
			if want := map[bool]int{true: 1}[row.stands]; n != want {
				t.Errorf("%d are counted today, want %d", n, want)
			}
			if !row.stands && k.About != "" {
				t.Errorf("a tombstone still says what it was about: %q", k.About)
			}
		})
	}
}

// TestReactionsInAnyOrder plays every order of some events: what was last, as Slack says, decides.
func TestReactionsInAnyOrder(t *testing.T) {
	for _, length := range []int{2, 3, 4, 5} {
		order := make([]int, length)
		for i := range order {
			order[i] = i
		}
		permute(order, func(order []int) {
			w := reactionTown(t)
			for _, i := range order {
				e := w.clap(i)
				if i%2 == 1 {
					e = w.clap(i, takenOff)
				}
				w.react(t, e, e)
			}
			k, n := w.clapped()
			stands := (length-1)%2 == 0
			if got := k.Undone.IsZero(); got != stands || n != map[bool]int{true: 1}[stands] {
				t.Fatalf("in order %v it stands: %v and %d are counted, want %v", order, got, n, stands)
			}
		})
	}
}

// permute calls f with every order of list.
func permute(list []int, f func([]int)) {
	var rest func(int)
	rest = func(n int) {
		if n == len(list) {
			f(slices.Clone(list))
			return
		}
		for i := n; i < len(list); i++ {
			list[n], list[i] = list[i], list[n]
			rest(n + 1)
			list[n], list[i] = list[i], list[n]
		}
	}
	rest(0)
}

func TestWhatAReactionIs(t *testing.T) {
	w := reactionTown(t)
	w.react(t, w.clap(0, toned))
	k, _ := w.clapped()
	want := "https://acme.slack.com/archives/CPUB/p1774429200000100"
	if k.Reaction != "clap" || k.About != want || k.Message != "" || !k.Posted || k.Closed || k.Private || !slices.Equal(k.Recipients, []string{"UBOB"}) {
		t.Errorf("got %+v", k)
	}
	if _, posted := w.sends[KudosPostSID(k.ID)]; posted {
		t.Error("it is posted, though the emoji is there")
	}
	if _, told := w.sends[kudosNoteSID(k.ID, "UBOB")]; !told {
		t.Error("its recipient does not hear of it")
	}
}

func TestAReactionBringsItsValue(t *testing.T) {
	w := reactionTown(t, func(s *KudosSettings) { s.Reaction = ":handshake:" })
	w.react(t, w.clap(0, func(e *Reaction) { e.Emoji = "handshake::skin-tone-2-3" }))
	if k, _ := w.clapped(); k.Value != "trust" {
		t.Errorf("the value is %q, want trust", k.Value)
	}
}

func TestWhereAReactionCounts(t *testing.T) {
	in := func(channel string) func(*Reaction) { return func(e *Reaction) { e.Channel = channel } }
	of := func(author string) func(*Reaction) { return func(e *Reaction) { e.Author = author } }
	by := func(giver string) func(*Reaction) { return func(e *Reaction) { e.Giver = giver } }
	for name, row := range map[string]struct {
		change func(*Reaction)
		set    func(*KudosSettings)
		counts bool
	}{
		"a colleague's message": {counts: true},
		"a guest's message":     {change: of("UGUEST"), counts: true},
		"a guest's, guests off": {change: of("UGUEST"), set: func(s *KudosSettings) { s.NoGuests = true }},
		"a guest's emoji":       {change: by("UGUEST"), counts: true},
		"one's own message":     {change: of("UANA")},
		"a bot's message":       {change: of("UBOT")},
		"Slackbot's message":    {change: of("USLACKBOT")},
		"nobody's message":      {change: of("")},
		"a stranger's message":  {change: of("UFAR")},
		"who left":              {change: of("UGONE")},
		"somebody unknown":      {change: of("UNEW")},
		"a bot's emoji":         {change: by("UBOT")},
		"a stranger's emoji":    {change: by("UFAR")},
		"a private channel":     {change: in("CPRIV"), counts: true},
		"a shared channel":      {change: in("CSHARED")},
		"an archived channel":   {change: in("COLD")},
		"a channel outside":     {change: in("COUT")},
		"a direct message":      {change: in("D0")},
		"switched off":          {set: func(s *KudosSettings) { s.Reaction = "" }},
	} {
		t.Run(name, func(t *testing.T) {
			w := reactionTown(t)
			current := w.Settings.Current()
			if row.set != nil {
				row.set(&current.Kudos)
				w.Settings.current.Store(&current)
			}
			change := row.change
			if change == nil {
				change = func(*Reaction) {}
			}
			w.react(t, w.clap(0, change))
			if (len(w.kudos) == 1) != row.counts || (len(w.sends) == 1) != row.counts {
				t.Errorf("it counts: %d kudos and %d messages, want %v", len(w.kudos), len(w.sends), row.counts)
			}
			w.react(t, w.clap(1, change, takenOff))
			for _, k := range w.kudos {
				if k.Undone.IsZero() {
					t.Error("it stands after it was taken off")
				}
			}
		})
	}
}

func TestAReactionInAPrivateChannelStaysThere(t *testing.T) {
	w := reactionTown(t)
	w.react(t, w.clap(0, func(e *Reaction) { e.Channel = "CPRIV" }))
	for _, k := range w.kudos {
		if !k.Closed || k.Public() {
			t.Errorf("everybody may read it: %+v", k)
		}
	}
}

func TestWhoWantsToBeThankedPrivately(t *testing.T) {
	w := reactionTown(t)
	w.scene.Preferences["UBOB"] = Preferences{KudosDM: KudosPrivately}
	w.react(t, w.clap(0))
	k, _ := w.clapped()
	if k.Posted || len(w.sends) != 1 {
		t.Errorf("a digest may show it: %v; %d messages, want one", k.Posted, len(w.sends))
	}
}

func TestTheDailyLimitHoldsForReactions(t *testing.T) {
	w := reactionTown(t, func(s *KudosSettings) { s.Daily = 1 })
	other := func(e *Reaction) { e.TS = "1774429300.000100" }
	third := func(e *Reaction) { e.TS = "1774429400.000100" }
	w.react(t, w.clap(0), w.clap(1, other), w.clap(2, third), w.clap(1, other))
	if _, n := w.clapped(); n != 1 {
		t.Fatalf("%d are counted, want 1", n)
	}
	told := 0
	for _, s := range w.sends {
		if s.Kind == KindHelp {
			told++
			if s.Members[0] != "UANA" || !strings.HasPrefix(s.Ref, "UANA limit 1") {
				t.Errorf("the wrong message: %+v", s)
			}
		}
	}
	if told != 1 {
		t.Errorf("the giver is told %d times, want once", told)
	}
	// What counted is taken off, and what did not is put there again.
	w.react(t, w.clap(3, takenOff), w.clap(4, other, takenOff), w.clap(5, other))
	if _, n := w.clapped(); n != 1 {
		t.Errorf("%d are counted, want 1", n)
	}
	if k := w.kudos[reactionID(w.clap(0, other))]; !k.Undone.IsZero() {
		t.Error("the second one does not count, though there is room for it")
	}
	w.react(t, w.clap(6)) // no room any more
	if k, n := w.clapped(); n != 1 || k.Undone.IsZero() {
		t.Errorf("%d are counted and it stands: %v", n, k.Undone.IsZero())
	}
}

func TestAReactionTakenBackByHand(t *testing.T) {
	w := reactionTown(t)
	w.react(t, w.clap(0))
	k, _ := w.clapped()
	if _, err := w.UndoLast(t.Context(), w.now, "undo", "UANA"); err != nil {
		t.Fatal(err)
	}
	w.react(t, w.clap(0)) // heard again
	if k, n := w.clapped(); k.Undone.IsZero() || n != 0 {
		t.Errorf("it stands again: %+v, %d counted", k, n)
	}
	w.react(t, w.clap(1, takenOff), w.clap(2))
	if again, n := w.clapped(); !again.Undone.IsZero() || n != 1 || again.About != k.About || !slices.Equal(again.Recipients, k.Recipients) {
		t.Errorf("put again it is %+v, %d counted", again, n)
	}
}

func TestTwoReplicasHearOfOneMessage(t *testing.T) {
	w := reactionTown(t)
	w.react(t, w.clap(0))
	w.before = func() { w.react(t, w.clap(2)) } // another process is faster with what came after
	w.react(t, w.clap(1, takenOff))
	if k, n := w.clapped(); !k.Undone.IsZero() || n != 1 {
		t.Errorf("it does not stand: %+v, %d counted", k, n)
	}
}

func TestEmojiNames(t *testing.T) {
	for typed, want := range map[string]string{
		"clap": "clap", ":clap:": "clap", " :Clap: ": "clap", "clap::skin-tone-3": "clap", ":clap::skin-tone-3:": "clap", ":thumbsup:": "+1", "+1": "+1", "": "", "::": "",
	} {
		if got := EmojiName(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}
