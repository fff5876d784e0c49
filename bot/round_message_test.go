package bot

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWhoWasLeftOutIsToldWithoutAReasonAndComesFirst(t *testing.T) {
	k := openCafe(t, 3)
	p := k.setUp("C1", func(p *Program) { p.Trios = false }, letters(3)...)
	out := map[string]int{}
	for range 3 {
		r := k.plan(p.ID)
		if len(r.LeftOut) != 1 {
			t.Fatalf("left out %v", r.LeftOut)
		}
		left := r.LeftOut[0]
		out[left]++
		s := k.shelf.sends[noPairSID(r.ID, left)]
		content, d, err := k.Compose(t.Context(), k.now, s)
		if note, ok := content.(NoPairNote); err != nil || d.Verdict != Go || !ok || note.Reader.ID != left {
			t.Errorf("composed %#v, %+v, %v", content, d, err)
		}
		k.deliver(r.End.Add(time.Hour))
		k.answerAll(r.ID, MetYes)
	}
	if len(out) != 3 {
		t.Errorf("left out in three rounds: %v", out)
	}
}

func TestIntroductionsComeInEverybodysHours(t *testing.T) {
	for _, tt := range []struct {
		name   string
		zones  []string // of a and b
		hours  *Week    // of b
		want   []string // member or members, and when in UTC
		midway bool
	}{
		{"one zone", []string{"Europe/Berlin", "Europe/Berlin"}, nil, []string{"ab 03-16 08:00"}, true},
		{"berlin and new york", []string{"Europe/Berlin", "America/New_York"}, nil, []string{"ab 03-16 13:00"}, true},
		{"berlin and kolkata", []string{"Europe/Berlin", "Asia/Kolkata"}, nil, []string{"ab 03-16 08:00"}, true},
		{"berlin and los angeles: half an hour", []string{"Europe/Berlin", "America/Los_Angeles"}, nil, []string{"ab 03-16 16:00"}, true},
		{"berlin and sydney never", []string{"Europe/Berlin", "Australia/Sydney"}, nil, []string{"a 03-16 08:00", "b 03-16 22:00"}, false},
		{"somebody who works on wednesdays", []string{"Europe/Berlin", "Europe/Berlin"}, &Week{time.Wednesday: {From: 540, To: 1020}}, []string{"a 03-16 08:00", "b 03-18 08:00"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 2)
			for i, id := range []string{"a", "b"} {
				m := k.stage.members[id]
				m.Zone = tt.zones[i]
				k.stage.members[id] = m
			}
			if tt.hours != nil {
				k.stage.preferences["b"] = Preferences{Hours: tt.hours}
			}
			p := k.setUp("C1", nil, "a", "b")
			r := k.plan(p.ID)
			var got []string
			midway := false
			for _, s := range k.deliver(r.End.Add(48 * time.Hour)) {
				for _, id := range s.Members {
					if at := k.shelf.sends[s.SID].Settled; !HoursOf(k.stage.members[id], k.stage.preferences[id], "UTC").Open(at) {
						t.Errorf("%s reaches %s outside their hours, at %v", s.Kind, id, at)
					}
				}
				midway = midway || s.Kind == KindMidway
				if s.Kind == KindPair {
					got = append(got, strings.Join(s.Members, "")+" "+s.Settled.UTC().Format("01-02 15:04"))
				}
			}
			if !slices.Equal(got, tt.want) || midway != tt.midway {
				t.Errorf("got %q, midway %t", got, midway)
			}
		})
	}
}

func TestComposingAnIntroductionLooksAgain(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*cafe, Program) // between planning and sending
		want   map[string][]Kind
	}{
		{"nothing changed", func(*cafe, Program) {}, map[string][]Kind{"a": {KindPair}, "b": {KindPair}}},
		{"b left the program", func(k *cafe, p Program) { _, _ = k.Leave(k.t.Context(), k.now, k.act(p.ID, "b")) }, map[string][]Kind{"a": {KindNoPair}, "b": {}}},
		{"b left the company", func(k *cafe, _ Program) { k.stage.members["b"] = Member{ID: "b", Deleted: true} }, map[string][]Kind{"a": {KindNoPair}, "b": {}}},
		{"b works at night now", func(k *cafe, _ Program) {
			week := Week{}
			for d := range week {
				week[d] = Span{From: 0, To: 6 * 60}
			}
			k.stage.preferences["b"] = Preferences{Hours: &week}
		}, map[string][]Kind{"a": {KindPair}, "b": {KindPair}}},
		{"b pauses until Wednesday", func(k *cafe, _ Program) { k.stage.preferences["b"] = Preferences{PausedTill: day(2026, 3, 18)} }, map[string][]Kind{"a": {KindPair}, "b": {KindPair}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 2)
			p := k.setUp("C1", nil, "a", "b")
			r := k.plan(p.ID)
			tt.change(k, p)
			for _, s := range k.live(r.At.Add(50 * time.Hour)) {
				for _, id := range s.Members {
					if h := HoursOf(k.stage.members[id], k.stage.preferences[id], "UTC"); s.Channel == "" && !h.Open(s.Settled) {
						t.Errorf("%s reaches %s outside their hours, at %v", s.Kind, id, s.Settled)
					}
				}
			}
			for id, want := range tt.want {
				got := slices.DeleteFunc(k.got(id), func(kind Kind) bool { return kind == KindMidway })
				if !slices.Equal(got, want) {
					t.Errorf("%s got %v, want %v", id, got, want)
				}
			}
		})
	}
}

func TestMidwayComesOnlyWhereNobodyAnswered(t *testing.T) {
	for _, found := range []Time{TimeUnknown, TimeScheduled, TimeCannot, TimeNotYet} {
		k := openCafe(t, 2)
		p := k.setUp("C1", nil, "a", "b")
		r := k.plan(p.ID)
		k.deliver(k.now.Add(time.Hour))
		if found != TimeUnknown {
			k.found(r, "b", found)
		}
		k.deliver(r.End.Add(time.Hour))
		got := k.got("a")
		if slices.Contains(got, KindMidway) != (found == TimeUnknown) {
			t.Errorf("%q: got %v", found, got)
		}
		if slices.Contains(got, KindMet) == (found == TimeCannot) {
			t.Errorf("%q: asked whether they met: %v", found, got)
		}
	}
}

func TestMeetingTimes(t *testing.T) {
	monday := "2026-03-23T08:00:00Z" // Berlin changes its clocks on the 29th, New York has on the 8th
	for _, tt := range []struct {
		name  string
		now   string
		end   string
		zones []string
		want  []string // UTC
	}{
		{"one zone", monday, "2026-03-27T09:00:00Z", []string{"Europe/Berlin", "Europe/Berlin"}, []string{"2026-03-23T13:00:00Z", "2026-03-24T14:00:00Z", "2026-03-25T11:00:00Z"}},
		{"berlin and new york", monday, "2026-03-27T09:00:00Z", []string{"Europe/Berlin", "America/New_York"}, []string{"2026-03-23T13:30:00Z", "2026-03-24T15:30:00Z", "2026-03-25T14:00:00Z"}},
		{"an hour later after the clocks change", "2026-03-30T07:00:00Z", "2026-04-03T08:00:00Z", []string{"Europe/Berlin", "America/New_York"}, []string{"2026-03-30T13:30:00Z", "2026-03-31T14:30:00Z", "2026-04-01T13:30:00Z"}},
		{"berlin and sydney never", monday, "2026-03-27T09:00:00Z", []string{"Europe/Berlin", "Australia/Sydney"}, nil},
		{"one day left", "2026-03-26T08:00:00Z", "2026-03-26T17:00:00Z", []string{"Europe/Berlin", "Europe/Berlin"}, []string{"2026-03-26T13:00:00Z", "2026-03-26T16:00:00Z"}},
		{"nothing left", "2026-03-26T15:00:00Z", "2026-03-26T17:00:00Z", []string{"Europe/Berlin", "Europe/Berlin"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var all []Hours
			for _, zone := range tt.zones {
				all = append(all, hoursIn(t, zone, Preferences{}))
			}
			var got []string
			for _, at := range meetingTimes(instant(t, tt.now), instant(t, tt.end), all) {
				got = append(got, at.UTC().Format(time.RFC3339))
				for i, h := range all {
					if !h.Open(at) || !h.Open(at.Add(ChatLength-1)) {
						t.Errorf("%v is no time for %s", at, tt.zones[i])
					}
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNobodyHearsOfARoundAfterLeaving(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", nil, "a", "b")
	r := k.plan(p.ID)
	k.deliver(k.now.Add(time.Hour))
	if _, err := k.Leave(t.Context(), k.now, k.act(p.ID, "b")); err != nil {
		t.Fatal(err)
	}
	k.deliver(r.End.Add(time.Hour))
	if got := k.got("b"); !slices.Equal(got, []Kind{KindPair}) {
		t.Errorf("who left got %v", got)
	}
	if got := k.got("a"); !slices.Equal(got, []Kind{KindPair}) { // there is nobody any more whom they could have met
		t.Errorf("the other got %v", got)
	}
}

func TestComposeOfWhatIsGone(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", nil, "a", "b")
	r := k.plan(p.ID)
	for _, s := range []Send{
		{Kind: KindPair, Ref: "9/1 abc", Members: []string{"a", "b"}},
		{Kind: KindPair, Ref: p.ID + "/9 abc", Members: []string{"a", "b"}},
		{Kind: KindMet, Ref: r.ID + " abc", Members: []string{"a"}},
		{Kind: KindProgram, Ref: "9 invitation", Channel: "C1"},
		{Kind: KindNoPair, Ref: r.ID, Members: []string{"z"}},
	} {
		content, d, err := k.Compose(t.Context(), k.now, s)
		if content != nil || d.Verdict != Drop || err != nil {
			t.Errorf("%+v: %v, %+v, %v", s, content, d, err)
		}
	}
}

func TestTheQuestionWhetherTheyMetLeadsToTheGroupsChat(t *testing.T) {
	for _, tt := range []struct{ name, zone, chat string }{
		{"introduced together", "Europe/Berlin", "G a b"},
		{"introduced alone", "Australia/Sydney", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 2)
			b := k.stage.members["b"]
			b.Zone = tt.zone
			k.stage.members["b"] = b
			p := k.setUp("C1", nil, "a", "b")
			r := k.plan(p.ID)
			question := k.shelf.sends[metSID(r.ID, "a")]
			k.deliver(r.End)
			content, d, err := k.Compose(t.Context(), instant(t, "2026-03-23T10:00:00+01:00"), question)
			if q, ok := content.(MetQuestion); err != nil || !ok || q.Chat != tt.chat || q.Team != "T1" {
				t.Errorf("asked %+v, %+v, %v; want the chat %q", content, d, err, tt.chat)
			}
			q, err := k.MetQuestion(t.Context(), k.now, RoundAct{Member: "a", Round: r.ID, Group: r.Groups[0].Key})
			if err != nil || q.Chat != tt.chat {
				t.Errorf("shown again with the chat %q, %v; want %q", q.Chat, err, tt.chat)
			}
		})
	}
}
