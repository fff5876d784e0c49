package slackapp

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/bot"
)

// viewNotes are notes to Bob: n of them, by several givers, each with a text of so many characters and so many recipients.
func viewNotes(n, characters, recipients int) bot.KudosNotes {
	var all bot.KudosNotes
	for i := range n {
		k := viewKudos()
		k.ID, k.Giver, k.Given = fmt.Sprintf("abcdefghijklmn%02d", i), fmt.Sprintf("U0000000A%02d", i%5), wednesday.Add(time.Duration(i)*time.Minute)
		k.Message, k.Recipients = strings.Repeat("für dich ", characters/9), []string{"UBOB"}
		for r := range recipients - 1 {
			k.Recipients = append(k.Recipients, fmt.Sprintf("U0000000B%02d", r))
		}
		k.Edited = k.Given
		all.Notes = append(all.Notes, bot.KudosNote{
			Kudos: k, Value: bot.StandardValues()[0], Reader: bot.Member{ID: "UBOB"}, Posted: true, Shown: true,
			Link: "https://acme-of-somewhere.slack.com/archives/C0123456789/p1774429020000100", People: viewPeople(),
		})
	}
	return all
}

func TestBundledNotesLookAsTheyDid(t *testing.T) {
	reaction := bot.Kudos{ID: "k3", Version: 1, Giver: "UCYN", Recipients: []string{"UBOB"}, Reaction: "clap", Channel: "CPUB", Posted: true, About: "https://acme.slack.com/archives/CPUB/p1774429020000200", Given: wednesday}
	private := viewKudos()
	private.ID, private.Private, private.Posted, private.Recipients, private.Value, private.About = "k2", true, false, []string{"UBOB"}, "", ""
	notes := viewNotes(1, 30, 2)
	notes.Notes[0].Kudos.Giver = "UANA"
	reacted := bot.KudosNote{Kudos: reaction, Reader: bot.Member{ID: "UBOB"}, Posted: true, Shown: true, People: viewPeople()}
	notes.Notes = append(notes.Notes, bot.KudosNote{Kudos: private, Reader: bot.Member{ID: "UBOB"}, People: viewPeople()}, reacted)
	for name, m := range map[string]Message{
		"kudos_bundle":        kudosNotes(notes),
		"kudos_bundle_of_one": kudosNotes(bot.KudosNotes{Notes: viewNotes(2, 30, 1).Notes[:1]}),
		"kudos_note_reaction": kudosNote(reacted, 0),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
	}
}

// What bot takes together fits in full; what grew since fits, too.
func TestABundleIsWithinLimits(t *testing.T) {
	for _, tt := range []struct {
		n, characters, recipients int
		full                      bool
	}{
		{14, 27, 10, true}, {14, 162, 1, true}, {6, 990, 1, true}, {5, 990, 10, true}, {14, 999, 10, false}, {14, 3000, 10, false},
	} {
		t.Run(fmt.Sprint(tt), func(t *testing.T) {
			notes := viewNotes(tt.n, tt.characters, tt.recipients)
			m := kudosNotes(notes)
			sealed, err := m.seal()
			if err != nil {
				t.Fatal(err)
			}
			if cut := strings.Contains(mustMarshal(t, sealed.Blocks), "/kudos mine"); cut == tt.full {
				t.Errorf("it is cut: %v", cut)
			}
			for _, n := range notes.Notes {
				if !strings.Contains(mustMarshal(t, sealed.Blocks), n.Kudos.ID) {
					t.Errorf("%s has no entry", n.Kudos.ID)
				}
			}
		})
	}
}

func TestTheLockScreenShowsHowManyThanked(t *testing.T) {
	two := viewNotes(2, 30, 1)
	same := viewNotes(6, 30, 1)
	same.Notes = append(same.Notes[:1], same.Notes[5])
	for text, notes := range map[string]bot.KudosNotes{
		"Two people thanked you.":              two,
		"<@U0000000A00> thanked you twice.":    same,
		"Five people thanked you.":             viewNotes(14, 30, 1),
		"Somebody thanked you: a kudos from <": {Notes: two.Notes[:1]},
	} {
		if got := kudosNotes(notes).Text; !strings.HasPrefix(got, text) || strings.Contains(got, "dich") {
			t.Errorf("%q, want %q", got, text)
		}
	}
}

func TestAButtonOfABundleKnowsTheOthers(t *testing.T) {
	for value, want := range map[string]string{"": " []", "k1": "k1 [k1]", "k2 k1 k2 k3": "k2 [k1 k2 k3]"} {
		id, all := kudosNoteOf(value)
		if got := id + " " + fmt.Sprint(all); got != want {
			t.Errorf("%q is %q, want %q", value, got, want)
		}
	}
	if got := kudosNoteValue("k2", []string{"k1", "k2"}); got != "k2 k1 k2" {
		t.Errorf("made %q", got)
	}
}
