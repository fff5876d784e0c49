package bot

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// Until everybody has one, nobody has a third, unless somebody else would have none otherwise.
func TestNobodyHasAThirdBeforeEverybodyHasOne(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 1))
		people := 1 + rng.IntN(12)
		items := make([]DigestItem, rng.IntN(60))
		for i := range items {
			items[i].Kudos.ID = fmt.Sprint(i)
			for range 1 + rng.IntN(3) {
				items[i].Recipients = append(items[i].Recipients, fmt.Sprint("U", rng.IntN(people)*rng.IntN(2)))
			}
			if items[i].Recipients = unique(items[i].Recipients); rng.IntN(5) == 0 {
				items[i].Kudos.Team = fmt.Sprint("S", rng.IntN(2))
			}
		}
		got := inTurns(items)
		if problem := unfair(got); problem != "" {
			t.Fatalf("seed %d: %s", seed, problem)
		}
		slices.SortFunc(got, func(a, b DigestItem) int {
			return slices.Index(idsOf(items), a.Kudos.ID) - slices.Index(idsOf(items), b.Kudos.ID)
		})
		if !slices.Equal(idsOf(got), idsOf(items)) {
			t.Fatalf("seed %d: %v of %v", seed, idsOf(got), idsOf(items))
		}
	}
}

func idsOf(items []DigestItem) []string {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = item.Kudos.ID
	}
	return ids
}

// unfair says what is wrong with an order.
func unfair(items []DigestItem) string {
	waiting, shown := map[string]bool{}, map[string]int{}
	for _, item := range items {
		for _, id := range item.turns() {
			waiting[id] = true
		}
	}
	third := func(item DigestItem) bool {
		return slices.ContainsFunc(item.turns(), func(id string) bool { return shown[id] >= 2 })
	}
	for i, item := range items {
		if len(waiting) > 0 && third(item) {
			if !slices.ContainsFunc(item.turns(), func(id string) bool { return waiting[id] }) {
				return fmt.Sprintf("%s is a third for %v, while %v have none", item.Kudos.ID, item.turns(), waiting)
			}
			if j := slices.IndexFunc(items[i:], func(other DigestItem) bool { return !third(other) }); j >= 0 {
				return fmt.Sprintf("%s is a third, before %s, which is none", item.Kudos.ID, items[i+j].Kudos.ID)
			}
		}
		for _, id := range item.turns() {
			shown[id]++
			delete(waiting, id)
		}
	}
	return ""
}

func TestATeamHasOneTurnAndAllItsPeopleCount(t *testing.T) {
	w, post := digestTown(t)
	for i, k := range []Kudos{
		{Message: "team " + helpful, Recipients: []string{"UBOB", "UCYN", "UDEE"}, Team: "S1", TeamName: "Release <!here>"},
		{Message: "b1 " + helpful, Recipients: []string{"UBOB"}},
		{Message: "b2 " + helpful, Recipients: []string{"UBOB"}},
		{Message: "b3 " + helpful, Recipients: []string{"UBOB"}},
		{Message: "c1 " + helpful, Recipients: []string{"UCYN"}},
	} {
		k.ID, k.Giver, k.Channel, k.Posted, k.Given = fmt.Sprint("k", i), "UANA", "CPUB", true, w.now.Add(time.Duration(i)*time.Minute)
		w.kudos[k.ID] = k
	}
	if d := post(); d.said() != "team b1 b2 c1 b3" || d.Recipients != 3 {
		t.Errorf("shows %q of %d people", d.said(), d.Recipients)
	}
	k := w.kudos["k0"]
	if k.Hidden = k.Recipients; len(shownOf(k, w.scene)) > 0 {
		t.Fatal("all hid it, and it is shown")
	}
	w.kudos["k0"] = k
	if d := post(); strings.Contains(d.said(), "team") {
		t.Errorf("all of the team hid it: %q", d.said())
	}
}

func TestReactionsStandTogether(t *testing.T) {
	w, post := digestTown(t)
	about := w.Permalink("CPUB", "1774429020.000100")
	for i, giver := range []string{"UANA", "UCYN", "UDEE", "UANA"} {
		k := Kudos{ID: fmt.Sprint("r", i), Giver: giver, Recipients: []string{"UBOB"}, Reaction: "clap", About: about, Channel: "CPUB", Posted: true, Given: w.now.Add(time.Duration(i) * time.Minute)}
		if i == 3 {
			k.About = w.Permalink("CPUB", "1774429099.000100")
		}
		w.kudos[k.ID] = k
	}
	w.given(t, "1", "UANA", "CPUB", "<@UCYN> worded "+helpful)
	d := post()
	if len(d.Sections) != 2 || d.Sections[0].Reactions || !d.Sections[1].Reactions || len(d.Sections[1].Kudos) != 2 {
		t.Fatalf("%+v", d.Sections)
	}
	together := d.Sections[1].Kudos[0]
	if !slices.Equal(together.Givers(), []string{"UANA", "UCYN", "UDEE"}) || together.Link != about || d.Givers != 3 || d.Recipients != 2 {
		t.Errorf("%v at %q; %d thanked %d", together.Givers(), together.Link, d.Givers, d.Recipients)
	}
	// Who was first takes it back after it was planned: the others stay, on the same page.
	k := w.kudos["r0"]
	k.Undone = w.now
	w.kudos["r0"] = k
	content, _ := w.composed(t, fmt.Sprintf("digest/CPUB/%d", instant(t, friday).Unix()))
	sections := content.(DigestPost).Sections
	if rest := sections[len(sections)-1].Kudos; !sections[len(sections)-1].Reactions || !slices.Equal(rest[0].Givers(), []string{"UCYN", "UDEE"}) || len(rest) != 2 {
		t.Errorf("%+v", sections)
	}
}

func TestPromptsOfADigestComeInTurn(t *testing.T) {
	w := newKudosTown(t)
	for _, channel := range []string{"CPUB", "CPRIV"} {
		seen := map[string]bool{}
		for week := range 8 {
			p := w.promptOfWeek("digest", channel, w.now.AddDate(0, 0, 7*week))
			if seen[p.ID] || p.Text == "" {
				t.Errorf("%s, week %d: %q again", channel, week, p.ID)
			}
			seen[p.ID] = true
		}
	}
}

// long gives so many kudos in CPUB.
func (w *kudosTown) long(t *testing.T, count int, text string) {
	t.Helper()
	w.Daily = count
	for i := range count {
		w.given(t, Token(fmt.Sprint(i)), "UANA", "CPUB", fmt.Sprintf("<@UBOB> %d %s #%s", i, text, StandardValues()[i%4].Name))
	}
}

func TestALongDigestGoesOnInItsThread(t *testing.T) {
	const all = 230
	w, post := digestTown(t)
	w.long(t, all, strings.Repeat("🎉 &amp; well done ", 30))
	pages := post().Pages
	first := fmt.Sprintf("digest/CPUB/%d", instant(t, friday).Unix())
	seen := map[string]bool{}
	for page := range pages {
		sid := first
		if page > 0 {
			if sid = fmt.Sprintf("%s/%d", first, page); w.sends[sid].Thread != first {
				t.Errorf("page %d goes into %q", page, w.sends[sid].Thread)
			}
		}
		if page > 1 {
			if _, d := w.composed(t, sid); d.Verdict != Wait {
				t.Errorf("page %d does not wait for the one before: %+v", page, d)
			}
			w.posted(fmt.Sprintf("%s/%d", first, page-1), "1.1")
		}
		content, d := w.composed(t, sid)
		post, ok := content.(DigestPost)
		if !ok || d.Verdict != Go || post.Page != page || post.Pages != pages || post.Continued != (page < pages-1) || (post.Prompt != "") != (page == 0) || post.More > 0 {
			t.Fatalf("page %d: %+v, %+v", page, post, d)
		}
		for _, s := range post.Sections {
			for _, item := range s.Kudos {
				if seen[item.Kudos.ID] {
					t.Errorf("page %d shows %s again", page, item.Kudos.ID)
				}
				seen[item.Kudos.ID] = true
			}
		}
	}
	if len(seen) != all || pages < 6 {
		t.Errorf("shows %d on %d pages, want %d", len(seen), pages, all)
	}
	short, one := digestTown(t)
	short.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful)
	if d := one(); d.Continued || d.More > 0 || d.Pages != 1 {
		t.Errorf("one kudos goes on: %+v", d)
	}
}

func TestAMadWeekNamesTheRest(t *testing.T) {
	const all = 700
	w, post := digestTown(t)
	w.long(t, all, strings.Repeat("well done and thank you ", 20))
	pages := post().Pages
	shown := 0
	for page := range pages {
		ref, err := readDigestRef(w.sends[w.order[len(w.order)-pages+page]].Ref)
		if err != nil || ref.More > 0 != (page == pages-1) {
			t.Fatalf("page %d: %+v, %v", page, ref, err)
		}
		if shown += len(ref.Kudos); page == pages-1 && shown+ref.More != all {
			t.Errorf("%d shown and %d more, want %d together", shown, ref.More, all)
		}
	}
	if pages != digestPages {
		t.Errorf("%d pages, want %d", pages, digestPages)
	}
}

// What is taken back, hidden or edited while the pages go out changes its own page alone.
func TestPagesStayAsTheyWerePlanned(t *testing.T) {
	w, post := digestTown(t)
	w.long(t, 120, helpful)
	before := post()
	first := fmt.Sprintf("digest/CPUB/%d", instant(t, friday).Unix())
	second := func() []string { return w.shownOn(t, first+"/1") }
	planned := second()
	for i, s := range before.Sections {
		gone := s.Kudos[0].Kudos
		if i%2 == 0 {
			gone.Undone, gone.Message = w.now, ""
		} else {
			gone.Hidden = gone.Recipients
		}
		w.kudos[gone.ID] = gone
	}
	if got := second(); !slices.Equal(got, planned) {
		t.Errorf("the second page shows %v, planned were %v", got, planned)
	}
	if left := len(w.shownOn(t, first)); left+len(before.Sections) == 0 || left >= len(w.refOf(t, first).Kudos) {
		t.Errorf("the first page shows %d of %d", left, len(w.refOf(t, first).Kudos))
	}
	for _, id := range planned {
		k := w.kudos[id]
		k.Message = strings.Repeat("longer by far than it was ", 38)
		w.kudos[id] = k
	}
	content, _ := w.composed(t, first+"/1")
	if long := content.(DigestPost); long.shortened == 0 || len([]rune(long.Excerpt(long.Sections[0].Kudos[0]))) > long.shortened {
		t.Errorf("words that became longer are cut to %d", long.shortened)
	}
	for _, id := range w.refOf(t, first).Kudos {
		k := w.kudos[id]
		k.Undone = w.now
		w.kudos[id] = k
	}
	content, d := w.composed(t, first)
	if empty, ok := content.(DigestPost); !ok || d.Verdict != Go || len(empty.Sections) > 0 || !empty.Continued {
		t.Errorf("above a thread that has something: %+v, %+v", content, d)
	}
	for id, k := range w.kudos {
		k.Undone = w.now
		w.kudos[id] = k
	}
	for _, sid := range []string{first, first + "/1"} {
		if _, d := w.composed(t, sid); d.Verdict != Drop || d.Reason != ReasonNothing {
			t.Errorf("%s without anything: %+v", sid, d)
		}
	}
}

func (w *kudosTown) refOf(t *testing.T, sid string) digestRef {
	t.Helper()
	ref, err := readDigestRef(w.sends[sid].Ref)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// shownOn are the ids of what a page shows.
func (w *kudosTown) shownOn(t *testing.T, sid string) []string {
	t.Helper()
	content, _ := w.composed(t, sid)
	post, ok := content.(DigestPost)
	if !ok {
		t.Fatalf("%s: %+v", sid, content)
	}
	var ids []string
	for _, s := range post.Sections {
		for _, item := range s.Kudos {
			ids = append(ids, item.ids()...)
		}
	}
	return ids
}
