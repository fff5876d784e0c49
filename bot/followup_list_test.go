package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// listed are the numbers of a list: "owe 1 2, owed 3", and how many of each no key opens.
func listed(l PromiseList) string {
	ids := func(list []Commitment) string {
		var all []string
		for _, c := range list {
			all = append(all, fmt.Sprintf(" %d", c.ID))
		}
		return strings.Join(all, "")
	}
	text := "owe" + ids(l.Owe) + ", owed" + ids(l.Owed)
	if l.Sealed.All() > 0 {
		text += fmt.Sprintf(", sealed %d %d", l.Sealed.Owe, l.Sealed.Owed)
	}
	return text
}

func (d *desk) listWith(member, with string) string {
	d.t.Helper()
	l, err := d.use.ListWith(d.t.Context(), d.now, member, with, Scene{})
	if err != nil {
		d.t.Fatal(err)
	}
	return listed(l)
}

func TestAListOfWhatIsBetweenTwo(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> send the deck by friday")                 // 1
	d.say("UANA", "<@UBOB> <@UCY> share the roadmap by monday")      // 2
	d.say("UANA", "<@UCY> the floor plan by friday")                 // 3
	d.say("UANA", "book the dentist by friday")                      // 4
	d.say("UANA", "<@UANA> water the plants by friday")              // 5
	d.say("UANA", `to "Jane Doe, Acme" send the offer by friday`)    // 6
	d.say("UBOB", "<@UANA> the secret draft by friday")              // 7
	shown := d.say("UBOB", "<@UANA> the open draft by friday")       // 8
	d.say("UBOB", "from <@UANA> the answers by tuesday")             // 9
	d.say("UANA", "from <@UBOB> the other answers by tuesday")       // 10
	offered := d.say("UBOB", "<@UCY> what Ana may take by thursday") // 11
	d.must(d.use.Share(t.Context(), d.now, d.press("UBOB", shown.ID)))
	d.must(d.use.Give(t.Context(), d.now, d.press("UBOB", offered.ID), "UANA"))
	for _, tt := range []struct{ member, with, want string }{
		{"UANA", "UBOB", "owe 11 1 2 9, owed 8 10"},
		{"UANA", "UCY", "owe 11 3 2, owed"},
		{"UANA", "UANA", "owe 4 5, owed"},
		{"UANA", "", "owe 11 1 3 4 5 6 2 9, owed 8 10"},
		{"UANA", "UNOBODY", "owe, owed"},
		{"UBOB", "UANA", "owe 7 8 10, owed 9"},
		{"UCY", "UBOB", "owe, owed"},
		{"UCY", "UANA", "owe, owed"},
	} {
		if got := d.listWith(tt.member, tt.with); got != tt.want {
			t.Errorf("%s with %q: %s, want %s", tt.member, tt.with, got, tt.want)
		}
	}
	d.prefs["UANA"] = Preferences{Member: "UANA", Avoid: []string{"UBOB"}}
	if got := d.listWith("UANA", "UBOB"); got != "owe 1 2, owed 10" {
		t.Errorf("who keeps Bob away: %s", got)
	}
}

func TestWhatIsTypedAfterList(t *testing.T) {
	refuse := func(id string) bool { return id == "UBOT" }
	for text, want := range map[string]string{
		"list <@UBOB>":           "list UBOB",
		" LIST  <@UBOB|bob> ":    "list UBOB",
		"list @me":               "list UANA",
		"list <@UANA>":           "list UANA",
		"list <@UBOB> <@UBOB>":   "list UBOB",
		"list <@UBOB> <@UCY>":    "followup_one_list",
		"list @bob":              "followup_unpicked_name",
		"list <@UBOT>":           "followup_person",
		"list <!channel>":        "followup_person",
		"list":                   "list",
		"list <@UBOB>'s plans":   "no",
		"list <@UBOB> by friday": "no",
		"list for <@UBOB>":       "no",
		"list the guests":        "no",
		"listen to <@UBOB>":      "no",
		"":                       "no",
	} {
		in := ParseFollowup(text, FollowupContext{Invoker: "UANA", Refused: refuse})
		got := "no"
		switch in.Action {
		case FollowupError:
			got = string(in.Fault)
		case FollowupList:
			got = string(in.Action)
			for _, cp := range in.Counterparties {
				got += " " + cp.Member
			}
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// sealedShelf has lost the key to some commitments.
type sealedShelf struct {
	*notebook
	lost map[int]bool
}

func (s *sealedShelf) Commitment(ctx context.Context, id int) (Commitment, error) {
	if s.lost[id] {
		return Commitment{}, fmt.Errorf("read commitment %d: %w", id, ErrUnreadable)
	}
	return s.notebook.Commitment(ctx, id)
}

func (s *sealedShelf) CommitmentLists(ctx context.Context, member string, since time.Time) (CommitmentLists, error) {
	owned, owed, err := s.MemberCommitments(ctx, member, since)
	var l CommitmentLists
	l.Owned, l.SealedOwned = s.apart(owned)
	l.Owed, l.SealedOwed = s.apart(owed)
	return l, err
}

func (s *sealedShelf) apart(list []Commitment) (readable, lost []Commitment) {
	for _, c := range list {
		if s.lost[c.ID] {
			lost = append(lost, unopened(c))
			continue
		}
		readable = append(readable, c)
	}
	return readable, lost
}

// TestWhatNoKeyOpensIsCounted for those who could see it, and for nobody else.
func TestWhatNoKeyOpensIsCounted(t *testing.T) {
	d := newDesk(t)
	d.use.Store = &sealedShelf{notebook: d.notebook, lost: map[int]bool{1: true, 2: true, 4: true, 5: true}}
	d.say("UANA", "<@UBOB> a lost deck by friday")          // 1, not shared
	d.say("UBOB", "from <@UANA> lost answers by monday")    // 2
	d.say("UANA", "<@UBOB> the floor plan by friday")       // 3
	done := d.say("UANA", "<@UBOB> something that is done") // 4
	d.say("UCY", "from <@UANA> other lost answers by monday")
	c := d.commitments[done.ID]
	c.State, c.Closed = Done, d.now
	d.commitments[done.ID] = c
	for _, tt := range []struct{ member, with, want string }{
		{"UANA", "", "owe 3, owed, sealed 3 0"},
		{"UANA", "UBOB", "owe 3, owed, sealed 2 0"},
		{"UANA", "UCY", "owe, owed, sealed 1 0"},
		{"UBOB", "", "owe, owed, sealed 0 1"},
		{"UBOB", "UCY", "owe, owed"},
		{"UELI", "", "owe, owed"},
	} {
		if got := d.listWith(tt.member, tt.with); got != tt.want {
			t.Errorf("%s with %q: %s, want %s", tt.member, tt.with, got, tt.want)
		}
	}
	d.prefs["UANA"] = Preferences{Member: "UANA", Avoid: []string{"UCY"}}
	if got := d.listWith("UANA", ""); got != "owe 3, owed, sealed 2 0" {
		t.Errorf("who keeps Cy away: %s", got)
	}
}

// TestAProposalLapsesWithoutItsWords, which come back with their key.
func TestAProposalLapsesWithoutItsWords(t *testing.T) {
	d := newDesk(t)
	shelf := &sealedShelf{notebook: d.notebook, lost: map[int]bool{1: true}}
	d.use.Store = shelf
	d.say("UBOB", "from <@UANA> the lost answers by end of month")
	for range 2 {
		if err := d.use.Lapse(t.Context(), d.now, "1"); err != nil {
			t.Fatal(err)
		}
	}
	c := d.commitments[1]
	if c.State != Lapsed || c.Closed.IsZero() || !strings.Contains(c.Text, "lost answers") || len(c.Counterparties) != 1 {
		t.Errorf("it is %+v", c)
	}
	if _, told := d.sends["followup/1/lapsed"]; !told {
		t.Error("Bob will not hear of it")
	}
	if err := d.use.Lapse(t.Context(), d.now, "77"); err != nil {
		t.Errorf("one that is gone: %v", err)
	}
	d.say("UBOB", "from <@UANA> more answers by end of month")
	d.broken = errors.New("no answer")
	if err := d.use.Lapse(t.Context(), d.now, "2"); err == nil {
		t.Error("a store that does not answer is no lapse")
	}
}
