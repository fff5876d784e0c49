package bot

import (
	"fmt"
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
	if err := w.PlanDigest(t.Context(), "CPUB", instant(t, friday)); err != nil {
		t.Fatal(err)
	}
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

func TestPlanningTwiceChangesNothing(t *testing.T) {
	w := newKudosTown(t)
	if _, err := w.SetDigest(t.Context(), w.now, "on", standardDigest("CPUB", "UANA", false)); err != nil {
		t.Fatal(err)
	}
	end := instant(t, friday)
	var first []string
	for range 3 {
		if err := w.PlanDigest(t.Context(), "CPUB", end); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = slices.Clone(w.order)
		}
	}
	if d := w.digests["CPUB"]; !slices.Equal(w.order, first) || len(first) != digestPages || d.Version != 2 || !d.Since.Equal(end) {
		t.Errorf("planned %v, then %v; %+v", first, w.order, d)
	}
	if err := w.PlanDigest(t.Context(), "CPUB", end.Add(-7*24*time.Hour)); err != nil || len(w.order) != len(first) {
		t.Errorf("an earlier run: %v, %v", w.order, err)
	}
	later := end.Add(14 * 24 * time.Hour) // a week was missed: one digest, up to the latest end
	if err := w.PlanDigest(t.Context(), "CPUB", later); err != nil {
		t.Fatal(err)
	}
	channel, from, to, page, err := readDigestRef(w.sends[w.order[digestPages]].Ref)
	if err != nil || channel != "CPUB" || !from.Equal(end) || !to.Equal(later) || page != 0 {
		t.Errorf("%s from %s to %s, page %d, %v", channel, from, to, page, err)
	}
	for _, sid := range w.order[1:digestPages] {
		if w.sends[sid].Thread != w.order[0] {
			t.Errorf("%s goes into %q", sid, w.sends[sid].Thread)
		}
	}
	if err := w.PlanDigest(t.Context(), "CNONE", end); err != nil {
		t.Errorf("a channel without a digest: %v", err)
	}
}

// digestTown has a digest in CPUB for the window [Wednesday, Friday 15:00).
func digestTown(t *testing.T) (*kudosTown, func() DigestPost) {
	t.Helper()
	w := newKudosTown(t)
	sends := digestSends("CPUB", w.now, instant(t, friday))
	w.insert(sends)
	return w, func() DigestPost {
		t.Helper()
		content, d := w.composed(t, sends[0].SID)
		post, ok := content.(DigestPost)
		if d.Verdict != Go && d.Reason != ReasonNothing || d.Verdict == Go && !ok {
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
		w, _ := digestTown(t)
		w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful)
		w.places["CPUB"] = c
		if _, d := w.composed(t, w.order[0]); d.Verdict != Drop || d.Reason != ReasonUnreachable {
			t.Errorf("%s: %+v", name, d)
		}
	}
	w := newKudosTown(t)
	w.given(t, "1", "UANA", "CPRIV", "<@UBOB> "+helpful)
	sends := digestSends("CPRIV", w.now, instant(t, friday))
	w.insert(sends)
	if content, d := w.composed(t, sends[0].SID); d.Verdict != Go || content.(DigestPost).said() == "" || sends[0].Channel != "CPRIV" {
		t.Errorf("a private channel's own digest: %+v, %+v", content, d)
	}
}

func TestEverybodyHasTwoTurnsFirst(t *testing.T) {
	w, post := digestTown(t)
	for i, line := range []string{"<@UBOB> b1", "<@UBOB> b2", "<@UBOB> b3", "<@UBOB> <@UCYN> bc", "<@UCYN> c1", "<@UBOB> b4", "<@UCYN> c2", "<@UDEE> d1"} {
		w.now = w.now.Add(time.Minute)
		w.given(t, Token(fmt.Sprint(i)), "UANA", "CPUB", line+" "+helpful)
	}
	if got, want := post().said(), "b1 b2 bc c1 d1 b3 b4 c2"; got != want {
		t.Errorf("shows %q, want %q", got, want)
	}
}

func TestADigestCountsAndGroups(t *testing.T) {
	w, post := digestTown(t)
	early := w.now
	w.now = early.Add(-time.Hour)
	w.given(t, "0", "UBOB", "CPRIV", "<@UANA> before "+helpful)
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

func TestALongDigestGoesOnInItsThread(t *testing.T) {
	w, _ := digestTown(t)
	w.Daily = 1000
	const all = 230
	for i := range all {
		value := StandardValues()[i%4].Name
		w.given(t, Token(fmt.Sprint(i)), "UANA", "CPUB", fmt.Sprintf("<@UBOB> %d %s #%s", i, strings.Repeat("🎉 &amp; well done ", 30), value))
	}
	seen := map[string]bool{}
	more := 0
	for page := range digestPages {
		content, d := w.composed(t, w.order[page])
		post, ok := content.(DigestPost)
		if !ok || d.Verdict != Go || post.Page != page || post.Continued != (page < digestPages-1) || (post.Prompt != "") != (page == 0) {
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
		more = post.More
	}
	if len(seen)+more != all || more == 0 {
		t.Errorf("shows %d and counts %d more, want %d together", len(seen), more, all)
	}
	short, post := digestTown(t)
	short.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful)
	if d := post(); d.Continued || d.More > 0 {
		t.Errorf("one kudos goes on: %+v", d)
	}
	if _, d := short.composed(t, short.order[1]); d.Verdict != Drop || d.Reason != ReasonNothing {
		t.Errorf("a page without content: %+v", d)
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
	for _, ref := range []string{"", "C1", "C1 x y", "C1 2026-03-25T09:00:00Z y", "C1 2026-03-25T09:00:00Z 2026-03-27T09:00:00Z x", "C1 a b c d"} {
		if _, _, _, _, err := readDigestRef(ref); err == nil {
			t.Errorf("%q is read", ref)
		}
	}
}
