package bot

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// friday is when the digest of the week of kudosDay is due.
const friday = "2026-03-27T15:00:00+01:00"

func standardDigest(channel, by string, off bool) Digest {
	return Digest{Channel: channel, Weekday: DigestWeekday, Minute: DigestMinute, Zone: "Europe/Berlin", By: by, Off: off}
}

func TestWhoDecidesOnADigest(t *testing.T) {
	for _, tt := range []struct {
		name, channel, by string
		fault             FaultCode
	}{
		{"somebody of the channel", "CPUB", "UANA", ""},
		{"somebody of a private channel", "CPRIV", "UBOB", ""},
		{"somebody who is not in it", "CPUB", "UDEE", DigestOutside},
		{"nor in the private one", "CPRIV", "UCYN", DigestOutside},
		{"not even an admin", "CPRIV", "UADMIN", DigestOutside},
		{"a guest who is in it", "CPUB", "UGUEST", DigestGuest},
		{"a stranger", "CSHARED", "UFAR", DigestOutside},
		{"a bot", "CPUB", "UBOT", DigestOutside},
		{"somebody unknown", "CPUB", "UWHO", DigestOutside},
		{"a shared channel", "CSHARED", "UANA", DigestShared},
		{"a channel without the bot", "COUT", "UANA", DigestOutside},
		{"an archived channel", "COLD", "UANA", DigestOutside},
		{"a DM", "D1", "UANA", DigestOutside},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			d, err := w.SetDigest(t.Context(), w.now, "on", standardDigest(tt.channel, tt.by, false))
			wantsFault(t, err, tt.fault)
			entry, there := w.entries["digest/"+tt.channel]
			if tt.fault != "" {
				if there {
					t.Error("it is on all the same")
				}
				return
			}
			if !there || entry.Off || entry.Spec != "0 15 * * 5" || entry.Zone != "Europe/Berlin" || d.By != tt.by {
				t.Errorf("%+v, %+v", d, entry)
			}
			for _, other := range []string{"UDEE", "UGUEST", "UFAR"} {
				if _, err := w.SetDigest(t.Context(), w.now, "off", standardDigest(tt.channel, other, true)); err == nil {
					t.Errorf("%s switched it off", other)
				}
			}
			if w.digests[tt.channel].Off {
				t.Error("it is off")
			}
		})
	}
}

func TestADigestIsSwitchedOnAndOffAndOn(t *testing.T) {
	w := newKudosTown(t)
	set := func(token Token, off bool, version int) {
		t.Helper()
		d, err := w.SetDigest(t.Context(), w.now, token, standardDigest("CPUB", "UANA", off))
		if err != nil || d.Off != off || d.Version != version || w.entries["digest/CPUB"].Off != off || w.digests["CPUB"].Version != version {
			t.Errorf("%s: %+v, %v; stored %+v", token, d, err, w.digests["CPUB"])
		}
	}
	if d, err := w.SetDigest(t.Context(), w.now, "off", standardDigest("CPUB", "UANA", true)); err != nil || !d.Off || len(w.digests) > 0 {
		t.Errorf("off before it was on: %+v, %v", d, err)
	}
	set("button", false, 1)
	set("button", false, 1) // pressed twice
	set("other", true, 2)
	set("button", false, 3) // the same button of the same message
	if since := w.digests["CPUB"].Since; !since.Equal(w.now.Add(-7 * 24 * time.Hour)) {
		t.Errorf("the first window begins %s", since)
	}
	w.planned(t, "CPUB", instant(t, friday))
	w.now = instant(t, friday).Add(time.Hour)
	set("other", true, 5)
	set("again", false, 6)
	if since := w.digests["CPUB"].Since; !since.Equal(instant(t, friday)) {
		t.Errorf("what was in a digest comes again: since %s", since)
	}
	bad := standardDigest("CPRIV", "UANA", false)
	bad.Zone = "Nowhere/Land"
	if d, err := w.SetDigest(t.Context(), w.now, "zone", bad); err != nil || d.Zone != "UTC" {
		t.Errorf("a zone that is none: %+v, %v", d, err)
	}
}

// planned makes the messages of a channel's digest.
func (w *kudosTown) planned(t *testing.T, channel string, end time.Time) {
	t.Helper()
	if err := w.PlanDigest(t.Context(), end.Add(digestSettles), channel, end); err != nil {
		t.Fatal(err)
	}
}

func TestPlanningTwiceChangesNothing(t *testing.T) {
	w := newKudosTown(t)
	if _, err := w.SetDigest(t.Context(), w.now, "on", standardDigest("CPUB", "UANA", false)); err != nil {
		t.Fatal(err)
	}
	w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful)
	digests := func() []string {
		return slices.DeleteFunc(slices.Clone(w.order), func(sid string) bool { return w.sends[sid].Kind != KindDigest })
	}
	end := instant(t, friday)
	for range 3 {
		w.planned(t, "CPUB", end)
	}
	if d, got := w.digests["CPUB"], digests(); len(got) != 1 || got[0] != fmt.Sprintf("digest/CPUB/%d", end.Unix()) || d.Version != 2 || !d.Since.Equal(end) {
		t.Errorf("planned %v; %+v", got, d)
	}
	if w.planned(t, "CPUB", end.Add(-7*24*time.Hour)); len(digests()) != 1 {
		t.Errorf("an earlier run: %v", digests())
	}
	w.now = end.Add(time.Hour)
	w.given(t, "2", "UANA", "CPUB", "<@UBOB> again "+helpful)
	later := end.Add(14 * 24 * time.Hour) // a week was missed: one digest, up to the latest end
	w.planned(t, "CPUB", later)
	ref, err := readDigestRef(w.sends[digests()[1]].Ref)
	if err != nil || ref.Channel != "CPUB" || !ref.From.Equal(end) || !ref.To.Equal(later) || ref.Page != 0 || ref.Pages != 1 || len(ref.Kudos) != 1 {
		t.Errorf("%+v, %v", ref, err)
	}
	if w.planned(t, "CNONE", end); len(digests()) != 2 {
		t.Error("a channel without a digest has one")
	}
}

func TestADigestIsPlannedWhenItsWindowIsClosedForGood(t *testing.T) {
	w := newKudosTown(t)
	if _, err := w.SetDigest(t.Context(), w.now, "on", standardDigest("CPUB", "UANA", false)); err != nil {
		t.Fatal(err)
	}
	end := instant(t, friday)
	err := w.PlanDigest(t.Context(), end.Add(time.Second), "CPUB", end)
	if later, ok := errors.AsType[*PostponedError](err); !ok || !later.Until.Equal(end.Add(digestSettles)) || w.digests["CPUB"].Since.Equal(end) {
		t.Errorf("planned at once: %v", err)
	}
	k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	k.Unreadable, k.Message = "sealed", ""
	w.kudos[k.ID] = k
	err = w.PlanDigest(t.Context(), end.Add(time.Minute), "CPUB", end)
	if _, ok := errors.AsType[*PostponedError](err); !ok {
		t.Errorf("planned while words cannot be read: %v", err)
	}
	if err := w.PlanDigest(t.Context(), end.Add(digestPatience), "CPUB", end); err != nil || !w.digests["CPUB"].Since.Equal(end) {
		t.Errorf("words that nobody will read again keep it back: %v", err)
	}
}

func TestAWindowStaysOpenWhereNobodyCanPost(t *testing.T) {
	for name, gone := range map[string]Channel{"left": {ID: "CPUB"}, "archived": {ID: "CPUB", Inside: true, Archived: true}, "shared": {ID: "CPUB", Inside: true, Shared: true}} {
		w := newKudosTown(t)
		if _, err := w.SetDigest(t.Context(), w.now, "on", standardDigest("CPUB", "UANA", false)); err != nil {
			t.Fatal(err)
		}
		w.given(t, "1", "UANA", "CPUB", "<@UBOB> kept "+helpful)
		begin, there := w.digests["CPUB"].Since, w.places["CPUB"]
		w.places["CPUB"] = gone
		if w.planned(t, "CPUB", instant(t, friday)); !w.digests["CPUB"].Since.Equal(begin) {
			t.Errorf("%s: the window ends", name)
		}
		w.places["CPUB"] = there
		end := instant(t, friday).Add(7 * 24 * time.Hour)
		w.planned(t, "CPUB", end)
		content, _ := w.composed(t, fmt.Sprintf("digest/CPUB/%d", end.Unix()))
		if post, ok := content.(DigestPost); !ok || post.said() != "kept" {
			t.Errorf("%s, then back: %+v", name, content)
		}
	}
}

// digestTown has a digest in CPUB for the window [Wednesday, Friday 15:00), of which the first page is composed.
func digestTown(t *testing.T) (*kudosTown, func() DigestPost) {
	t.Helper()
	w := newKudosTown(t)
	window := digestWindow{Channel: "CPUB", From: w.now, To: instant(t, friday)}
	return w, func() DigestPost {
		t.Helper()
		week, err := w.gather(t.Context(), window)
		if err != nil {
			t.Fatal(err)
		}
		pages, more := week.pages(StandardValues(), digestPages)
		if len(pages) == 0 {
			return DigestPost{}
		}
		w.insert(digestSends(window, pages, more))
		content, d := w.composed(t, window.sid())
		post, ok := content.(DigestPost)
		if d.Verdict != Go || !ok {
			t.Fatalf("%+v, %+v", content, d)
		}
		return post
	}
}

// said lists the messages of a digest in its order.
func (d DigestPost) said() string {
	var list []string
	for _, s := range d.Sections {
		for _, item := range s.Kudos {
			word, _, _ := strings.Cut(item.Kudos.Message, " ")
			list = append(list, word)
		}
	}
	return strings.Join(list, " ")
}

func TestADigestsWindowIsHalfOpen(t *testing.T) {
	w, post := digestTown(t)
	begin, end := w.now, instant(t, friday)
	for word, at := range map[string]time.Time{
		"before": begin.Add(-time.Millisecond), "first": begin, "last": end.Add(-time.Millisecond), "after": end,
	} {
		w.now = at
		w.given(t, Token(word), "UANA", "CPUB", "<@UBOB> "+word+" "+helpful)
	}
	if got := post().said(); got != "first last" {
		t.Errorf("shows %q", got)
	}
}

func TestWhatADigestLeavesOut(t *testing.T) {
	for _, tt := range []struct {
		name, channel, text string
		change              func(*kudosTown, Kudos)
		shown               bool
	}{
		{name: "as given", channel: "CPUB", shown: true},
		{name: "private", channel: "CPUB", text: " --private"},
		{name: "another channel's", channel: "CPRIV"},
		{name: "hidden", channel: "CPUB", change: func(w *kudosTown, k Kudos) { _, _ = w.Hide(t.Context(), w.now, "h", "UBOB", k.ID) }},
		{name: "taken back", channel: "CPUB", change: func(w *kudosTown, k Kudos) { _, _ = w.Undo(t.Context(), w.now, "u", "UANA", k.ID) }},
		{name: "privately", channel: "CPUB", change: func(w *kudosTown, _ Kudos) { w.scene.Preferences["UBOB"] = Preferences{KudosDM: KudosPrivately} }},
		{name: "never posted", channel: "CPUB", change: func(w *kudosTown, k Kudos) { w.settled(KudosPostSID(k.ID), StateDead) }},
		{name: "posted", channel: "CPUB", change: func(w *kudosTown, k Kudos) { w.posted(KudosPostSID(k.ID), "1.1") }, shown: true},
		{name: "given while the channel was private", channel: "CPUB", change: func(w *kudosTown, k Kudos) { k.Closed = true; w.kudos[k.ID] = k }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, post := digestTown(t)
			k := w.given(t, "1", "UANA", tt.channel, "<@UBOB> "+helpful+tt.text).Kudos
			if tt.change != nil {
				tt.change(w, k)
			}
			d := post()
			if (d.said() != "") != tt.shown || !tt.shown && d.Givers+d.Recipients+len(d.FirstTimers) > 0 {
				t.Errorf("shows %+v", d)
			}
		})
	}
}

func TestADigestStaysInItsChannel(t *testing.T) {
	for name, c := range map[string]Channel{"left": {}, "archived": {Inside: true, Archived: true}, "shared": {Inside: true, Shared: true}} {
		w, post := digestTown(t)
		w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful)
		post()
		w.places["CPUB"] = c
		if _, d := w.composed(t, w.order[len(w.order)-1]); d.Verdict != Drop || d.Reason != ReasonUnreachable {
			t.Errorf("%s: %+v", name, d)
		}
	}
	w := newKudosTown(t)
	if _, err := w.SetDigest(t.Context(), w.now, "on", standardDigest("CPRIV", "UANA", false)); err != nil {
		t.Fatal(err)
	}
	w.given(t, "1", "UANA", "CPRIV", "<@UBOB> "+helpful)
	w.planned(t, "CPRIV", instant(t, friday))
	send := w.sends[w.order[len(w.order)-1]]
	if content, d := w.composed(t, send.SID); d.Verdict != Go || content.(DigestPost).said() == "" || send.Channel != "CPRIV" {
		t.Errorf("a private channel's own digest: %+v, %+v", content, d)
	}
}

func TestEverybodyHasTwoTurnsFirst(t *testing.T) {
	w, post := digestTown(t)
	for i, line := range []string{"<@UBOB> b1", "<@UBOB> b2", "<@UBOB> b3", "<@UBOB> <@UCYN> bc", "<@UCYN> c1", "<@UBOB> b4", "<@UCYN> c2", "<@UDEE> d1"} {
		w.now = w.now.Add(time.Minute)
		w.given(t, Token(fmt.Sprint(i)), "UANA", "CPUB", line+" "+helpful)
	}
	if got, want := post().said(), "b1 b2 c1 c2 d1 b3 bc b4"; got != want {
		t.Errorf("shows %q, want %q", got, want)
	}
}

func TestADigestCountsAndGroups(t *testing.T) {
	w, post := digestTown(t)
	early := w.now
	w.now = early.Add(-time.Hour)
	w.given(t, "0", "UBOB", "CPUB", "<@UANA> before "+helpful)
	w.given(t, "-", "UANA", "CPRIV", "<@UBOB> among few "+helpful)
	w.given(t, "--", "UANA", "CPUB", "<@UBOB> between us "+helpful+" --private")
	w.now = early
	w.given(t, "1", "UANA", "CPUB", "<@UBOB> plain "+helpful)
	w.given(t, "2", "UBOB", "CPUB", "<@UCYN> <@UDEE> respected "+helpful+" #respect")
	w.given(t, "3", "UBOB", "CPUB", "<@UDEE> trusted "+helpful+" #trust")
	w.scene.Preferences["UDEE"] = Preferences{Department: "Legal"}
	d := post()
	if d.said() != "trusted respected plain" || len(d.Sections) != 3 || d.Sections[2].Value.Name != "" {
		t.Errorf("shows %q in %d sections", d.said(), len(d.Sections))
	}
	if d.Givers != 2 || d.Recipients != 3 || d.Departments != 3 || !slices.Equal(d.FirstTimers, []string{"UANA"}) || d.Prompt == "" {
		t.Errorf("%d people thanked %d across %d departments, first %v, prompt %q", d.Givers, d.Recipients, d.Departments, d.FirstTimers, d.Prompt)
	}
}

func TestPreviewDigest(t *testing.T) {
	w := newKudosTown(t)
	w.given(t, "1", "UANA", "CPUB", "<@UBOB> shown "+helpful)
	w.now = w.now.Add(time.Hour)
	for _, tt := range []struct {
		actor, channel string
		may            bool
		fault          FaultCode
	}{
		{"UANA", "CPUB", true, ""},
		{"UGUEST", "CPUB", false, ""},
		{"UANA", "COUT", false, DigestOutside},
		{"UANA", "D1", false, DigestOutside},
		{"UANA", "CSHARED", false, DigestShared},
	} {
		p, err := w.PreviewDigest(t.Context(), w.now, tt.actor, tt.channel)
		wantsFault(t, err, tt.fault)
		if err == nil && (p.On || p.May != tt.may || p.Post.said() != "shown") {
			t.Errorf("%s in %s: %+v", tt.actor, tt.channel, p)
		}
	}
	if _, err := w.SetDigest(t.Context(), w.now, "on", standardDigest("CPUB", "UANA", false)); err != nil {
		t.Fatal(err)
	}
	if p, err := w.PreviewDigest(t.Context(), w.now, "UANA", "CPUB"); err != nil || !p.On || p.Post.said() != "shown" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestReadDigestRef(t *testing.T) {
	for _, ref := range []string{
		"", "C1 x y", "C1 2026-03-25T09:00:00Z y", "C1 2026-03-25T09:00:00Z 2026-03-27T09:00:00Z x", "C1 2026-03-25T09:00:00Z 2026-03-27T09:00:00Z -1", "C1 a b c d",
		"C1 2026-03-25T09:00:00Z 2026-03-27T09:00:00Z 0/x a,b 0", "C1 2026-03-25T09:00:00Z 2026-03-27T09:00:00Z 0/2 a,b x", "C1 2026-03-25T09:00:00Z 2026-03-27T09:00:00Z 0/2 a,b",
	} {
		if _, err := readDigestRef(ref); err == nil {
			t.Errorf("%q is read", ref)
		}
	}
	want := digestRef{
		digestWindow: digestWindow{Channel: "C1", From: instant(t, kudosDay).UTC(), To: instant(t, friday).UTC()}, Page: 2, Pages: 3, Kudos: []string{"a", "b"}, More: 7,
	}
	if got, err := readDigestRef(want.String()); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	// A digest that was planned before pages named their kudos.
	if got, err := readDigestRef("C1 2026-03-25T09:00:00Z 2026-03-27T09:00:00Z 3"); err != nil || got.Page != 3 || got.Kudos != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}
