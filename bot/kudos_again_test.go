package bot

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// again is what ana's emoji on bob's message does, taken off and put again.
func (w *kudosTown) again(t *testing.T, after int) {
	t.Helper()
	w.react(t, w.clap(after, takenOff), w.clap(after+1))
}

func TestWhoIsToldOfAnEmojiThatIsPutAgain(t *testing.T) {
	note := func(w *kudosTown) string { return kudosNoteSID(reactionID(w.clap(0)), "UBOB") }
	for name, row := range map[string]struct {
		before  func(w *kudosTown) // what became of the first note
		verdict Verdict            // on the second
	}{
		"the first was dropped":      {func(w *kudosTown) { w.settled(note(w), StateDropped) }, Go},
		"the first waits still":      {func(*kudosTown) {}, Go},
		"the first came just before": {func(w *kudosTown) { w.came(note(w), w.now) }, Wait},
		"the first came long ago":    {func(w *kudosTown) { w.came(note(w), w.now.Add(-noteGap)) }, Go},
	} {
		t.Run(name, func(t *testing.T) {
			w := reactionTown(t)
			w.react(t, w.clap(0))
			row.before(w)
			w.again(t, 30)
			k, _ := w.clapped()
			if _, d := w.composed(t, note(w)); d.Verdict != Drop {
				t.Errorf("the first note: %+v", d)
			}
			_, d := w.composed(t, k.noteSID("UBOB"))
			if k.noteSID("UBOB") == note(w) || d.Verdict != row.verdict || d.Verdict == Wait && !d.Until.Equal(w.now.Add(noteGap)) {
				t.Errorf("the note %s: %+v", k.noteSID("UBOB"), d)
			}
			w.react(t, w.clap(40, takenOff))
			for _, sid := range w.order {
				if s := w.sends[sid]; s.Replaces != "" && strings.HasSuffix(sid, "/v4") && s.Replaces != k.noteSID("UBOB") {
					t.Errorf("taken off again, %s replaces %s", sid, s.Replaces)
				}
			}
			if _, there := w.sends[k.noteSID("UBOB")+"/v4"]; !there {
				t.Errorf("nothing takes the second note away: %v", w.order)
			}
		})
	}
}

// came says that a message came at an instant.
func (w *kudosTown) came(sid string, at time.Time) {
	w.posted(sid, "1.1")
	s := w.sends[sid]
	s.Settled = at
	w.sends[sid] = s
}

func TestAnEmojiThatComesAndGoesIsNoSpam(t *testing.T) {
	w := reactionTown(t)
	w.react(t, w.clap(0))
	for i := range 12 {
		w.again(t, 2*i+1)
	}
	notes := 0
	for _, sid := range w.order {
		switch s := w.sends[sid]; {
		case s.Kind == KindKudosPost:
			t.Errorf("an emoji has no post to change: %s", sid)
		case s.Replaces == "":
			notes++
		}
	}
	if k, n := w.clapped(); notes != 1+kudosRevivals || !k.Undone.IsZero() || n != 1 {
		t.Errorf("%d notes, want %d; it stands: %t, counted %d", notes, 1+kudosRevivals, k.Undone.IsZero(), n)
	}
}

// What was told in a message with others, taken off and put again, is told of in its own note alone.
func TestARevivedKudosStandsInOneMessage(t *testing.T) {
	w := reactionTown(t)
	w.react(t, w.clap(0))
	k, _ := w.clapped()
	other := w.thanks(t, "UCYN", "cyn")
	if got := w.delivered(t, kudosNoteSID(k.ID, "UBOB")); len(got.Notes) != 2 {
		t.Fatalf("told together: %+v", got)
	}
	w.again(t, 30)
	if _, err := w.Edit(t.Context(), w.now, "e", "UCYN", noteIDs([]string{other})[0], "cyn once more "+helpful); err != nil {
		t.Fatal(err)
	}
	content, d := w.composed(t, other+"/v2")
	if d.Verdict != Go || says(content.(KudosNotes)) != "cyn" {
		t.Errorf("the first message says %+v, %+v", content, d)
	}
}

func TestWhichDigestTellsOfWhatIsPostedLater(t *testing.T) {
	w := newKudosTown(t)
	w.praise("CPUB")
	id := w.given(t, "t", "UANA", "DANA", "<@UBOB> "+helpful).Kudos.ID
	end := w.now.Add(time.Hour)
	w.now = w.now.Add(2 * time.Hour)
	if _, err := w.PostIn(t.Context(), w.now, "p", "UANA", id, "CPUB"); err != nil {
		t.Fatal(err)
	}
	for when, want := range map[[2]time.Time]int{{end.Add(-7 * 24 * time.Hour), end}: 0, {end, end.Add(7 * 24 * time.Hour)}: 1} {
		week, err := w.gather(t.Context(), digestWindow{Channel: "CPUB", From: when[0], To: when[1]})
		if err != nil || len(week.items) != want {
			t.Errorf("the digest of %v tells of %d, %v, want %d", when, len(week.items), err, want)
		}
	}
}

func TestWhichDigestTellsOfWhatIsShownAgain(t *testing.T) {
	for name, row := range map[string]struct {
		hidden, digest, shown time.Duration // after it was given; no digest: 0
		moved                 bool
	}{
		"hidden while the digest came":   {time.Hour, 2 * time.Hour, 3 * time.Hour, true},
		"hidden after the digest came":   {2 * time.Hour, time.Hour, 3 * time.Hour, false},
		"shown before any digest":        {time.Hour, 0, 3 * time.Hour, false},
		"the last digest was before all": {time.Hour, -time.Hour, 3 * time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newKudosTown(t)
			k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
			w.posted(KudosPostSID(k.ID), "1.1")
			if _, err := w.Hide(t.Context(), k.Given.Add(row.hidden), "h", "UBOB", k.ID); err != nil {
				t.Fatal(err)
			}
			if row.digest != 0 {
				w.digests["CPUB"] = Digest{Channel: "CPUB", Version: 1, Since: k.Given.Add(row.digest)}
			}
			at := k.Given.Add(row.shown)
			shown, err := w.Show(t.Context(), at, "s", "UBOB", k.ID)
			if err != nil || shown.Reposted != 1 || shown.StandsSince().Equal(at) != row.moved {
				t.Errorf("shown %+v, %v", shown, err)
			}
		})
	}
}

// What somebody changed whom the reader came to avoid is not shown because another's change redraws the message.
func TestAnothersChangeBringsNoWordsOfWhomOneAvoids(t *testing.T) {
	for name, row := range map[string]struct {
		edited bool
		want   string
	}{"it was not changed": {false, "ana cyn"}, "it was changed": {true, "cyn"}} {
		t.Run(name, func(t *testing.T) {
			w := newKudosTown(t)
			ana, cyn := w.thanks(t, "UANA", "ana"), w.thanks(t, "UCYN", "cyn")
			if got := w.delivered(t, ana); len(got.Notes) != 2 {
				t.Fatalf("told together: %+v", got)
			}
			w.scene.Preferences["UBOB"] = Preferences{Avoid: []string{"UANA"}}
			w.now = w.now.Add(time.Minute)
			edit := func(sid, giver string) {
				t.Helper()
				if _, err := w.Edit(t.Context(), w.now, Token(sid), giver, noteIDs([]string{sid})[0], strings.ToLower(giver[1:])+" otherwise "+helpful); err != nil {
					t.Fatal(err)
				}
			}
			if row.edited {
				edit(ana, "UANA")
				if _, d := w.composed(t, ana+"/v2"); d.Verdict != Drop {
					t.Errorf("ana's own change: %+v", d)
				}
			}
			edit(cyn, "UCYN")
			content, d := w.composed(t, cyn+"/v2")
			notes, _ := content.(KudosNotes)
			if d.Verdict != Go || says(notes) != row.want {
				t.Errorf("the message says %q, %+v, want %q", says(notes), d, row.want)
			}
			if slices.ContainsFunc(notes.Notes, func(n KudosNote) bool { return strings.HasPrefix(n.Kudos.Message, "ana otherwise") }) {
				t.Error("it brings ana's new words")
			}
		})
	}
}
