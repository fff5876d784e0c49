package bot

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestMyKudosAreTurnedPageByPage(t *testing.T) {
	w := newKudosTown(t)
	w.Daily = 100
	for n := range 2*MinePage + 3 {
		w.now = w.now.Add(time.Minute)
		w.given(t, Token(fmt.Sprint(n)), "UANA", "CPUB", fmt.Sprintf("<@UBOB> %d %s of <@UCYN>", n, helpful))
	}
	w.given(t, "back", "UBOB", "CPUB", "<@UANA> "+helpful)
	for _, tt := range []struct {
		page, got, given, received int
		older                      bool
	}{{0, 0, 10, 1, true}, {1, 1, 10, 0, true}, {2, 2, 3, 0, false}, {3, 2, 3, 0, false}, {1 << 40, 2, 3, 0, false}, {-1, 0, 10, 1, true}} {
		list, err := w.MyPage(t.Context(), "UANA", tt.page)
		if err != nil || list.Page != tt.got || len(list.Given) != tt.given || len(list.Received) != tt.received || list.Older != tt.older {
			t.Errorf("page %d: %d of %d given, %d received, older %v, %v", tt.page, list.Page, len(list.Given), len(list.Received), list.Older, err)
		}
		if len(list.Given) > 0 && (list.Reader.ID != "UANA" || list.People["UCYN"].Name != "Cyn") {
			t.Errorf("page %d is read by %+v and names %+v", tt.page, list.Reader, list.People)
		}
	}
	if list, err := w.MyPage(t.Context(), "UDEE", 0); err != nil || len(list.Given)+len(list.Received) > 0 || list.Older {
		t.Errorf("of nobody: %+v, %v", list, err)
	}
}

func TestEveryKudosIsInTheTableOnce(t *testing.T) {
	w := newKudosTown(t)
	w.Daily = 10_000
	const many = 2*mineBatch + 7
	for n := range many {
		if n%50 != 0 { // many in one instant
			w.now = w.now.Add(time.Second)
		}
		if n == mineBatch/2 {
			w.now = w.now.Add(time.Hour)
		}
		w.given(t, Token(fmt.Sprint(n)), "UANA", "CPUB", fmt.Sprintf("<@UBOB> %d %s", n, helpful))
	}
	at := w.now
	for n := range mineBatch + 20 { // more than a batch in one instant
		w.now = at
		w.given(t, Token(fmt.Sprint("s", n)), "UBOB", "CPUB", fmt.Sprintf("<@UANA> %d %s", n, helpful))
	}
	k := w.given(t, "undone", "UANA", "CPUB", "<@UBOB> nothing that stays "+helpful).Kudos
	if _, err := w.Undo(t.Context(), w.now, "u", "UANA", k.ID); err != nil {
		t.Fatal(err)
	}
	seen, received := map[string]int{}, 0
	err := w.EachMine(t.Context(), "UANA", func(lines []MyLine, people map[string]Member) error {
		for _, l := range lines {
			seen[l.Kudos.ID]++
			if l.Received {
				received++
			}
			if people[l.Kudos.Giver].Name == "" {
				t.Errorf("nobody knows %q", l.Kudos.Giver)
			}
		}
		return nil
	})
	if err != nil || len(seen) != many+mineBatch+20 || received != mineBatch+20 || seen[k.ID] > 0 {
		t.Errorf("%d kudos, %d received, %v", len(seen), received, err)
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s is there %d times", id, n)
		}
	}
	calls := 0
	if err := w.EachMine(t.Context(), "UANA", func([]MyLine, map[string]Member) error { calls++; return ErrEnough }); err != nil || calls != 1 {
		t.Errorf("went on %d times, %v", calls, err)
	}
	if err := w.EachMine(t.Context(), "UANA", func([]MyLine, map[string]Member) error { return errors.New("full disk") }); err == nil {
		t.Error("an error was lost")
	}
}

func TestATableSaysWhereAKudosStands(t *testing.T) {
	w := newKudosTown(t)
	posted := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	w.posted(KudosPostSID(posted.ID), "1774429020.000100")
	alone := w.given(t, "2", "UANA", "D1", "<@UBOB> quietly "+helpful).Kudos
	links := map[string]string{}
	if err := w.EachMine(t.Context(), "UBOB", func(lines []MyLine, _ map[string]Member) error {
		for _, l := range lines {
			links[l.Kudos.ID] = l.Channel.ID + " " + l.Link
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if links[posted.ID] != "CPUB https://acme.slack.com/archives/CPUB/p1774429020000100" || links[alone.ID] != " " {
		t.Errorf("links %q", links)
	}
}
