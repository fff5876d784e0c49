package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// appointed makes members Rapport's admins.
func (w *kudosTown) appointed(ids ...string) {
	current := w.Settings.Current()
	current.Admins = ids
	w.Settings.current.Store(&current)
}

// told lists those of the inserted sends that a prefix begins.
func (w *kudosTown) told(prefix string) []string {
	return slices.DeleteFunc(slices.Clone(w.order), func(sid string) bool { return !strings.HasPrefix(sid, prefix) })
}

func TestWhoCanReadAKudosCanReportIt(t *testing.T) {
	for _, tt := range []struct {
		name, channel, text, actor string
		change                     func(w *kudosTown, id string)
		fault                      FaultCode
	}{
		{"a recipient", "CPUB", "", "UBOB", nil, ""},
		{"a recipient of a private one", "CPUB", " --private", "UBOB", nil, ""},
		{"a colleague, of a public channel's", "CPUB", "", "UDEE", nil, ""},
		{"a colleague, of a private one", "CPUB", " --private", "UDEE", nil, FaultNotFound},
		{"a colleague, of one from a DM", "D1", "", "UDEE", nil, FaultNotFound},
		{"its giver", "CPUB", "", "UANA", nil, ReportOwn},
		{"a guest who is there", "CPUB", "", "UGUEST", nil, ""},
		{"a guest who is not", "CPUB", "", "UGUEST", func(w *kudosTown, _ string) { w.inside["CPUB"] = nil }, FaultNotFound},
		{"somebody from another company", "CPUB", "", "UFAR", nil, FaultNotFound},
		{"a bot", "CPUB", "", "UBOT", nil, FaultNotFound},
		{"a colleague, of a private channel's", "CPRIV", "", "UDEE", nil, FaultNotFound},
		{"who is in that private channel", "CPRIV", "", "UCYN", func(w *kudosTown, _ string) { w.inside["CPRIV"] = append(w.inside["CPRIV"], "UCYN") }, ""},
		{"nobody can tell who is in it", "CPRIV", "", "UCYN", func(w *kudosTown, _ string) { w.blind = true }, FaultNotFound},
		{"a tombstone", "CPUB", "", "UDEE", func(w *kudosTown, id string) { _, _ = w.Undo(t.Context(), w.now, "u", "UANA", id) }, FaultNotFound},
		{"where all hid it", "CPUB", "", "UDEE", func(w *kudosTown, id string) { _, _ = w.Hide(t.Context(), w.now, "h", "UBOB", id) }, FaultNotFound},
		{"the second time", "CPUB", "", "UDEE", func(w *kudosTown, id string) {
			_, _ = w.Report(t.Context(), w.now, ReportKudos{Token: "first", Actor: "UDEE", ID: id, Words: "other words"})
		}, ReportAgain},
		{"nobody looks after Rapport", "CPUB", "", "UDEE", func(w *kudosTown, _ string) { delete(w.scene.Members, "UADMIN") }, ReportNobody},
		{"no such kudos", "CPUB", "", "UDEE", func(w *kudosTown, id string) { delete(w.kudos, id) }, FaultNotFound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			k := w.given(t, "1", "UANA", tt.channel, "<@UBOB> "+helpful+tt.text).Kudos
			if tt.change != nil {
				tt.change(w, k.ID)
			}
			before := len(w.order)
			rep, err := w.Report(t.Context(), w.now, ReportKudos{Token: "r", Actor: tt.actor, ID: k.ID, Words: " unkind \n"})
			wantsFault(t, err, tt.fault)
			if tt.fault != "" {
				if len(w.order) != before {
					t.Errorf("somebody is told: %v", w.order[before:])
				}
				return
			}
			if again, err := w.Report(t.Context(), w.now, ReportKudos{Token: "r", Actor: tt.actor, ID: k.ID, Words: "unkind"}); err != nil || !again.At.Equal(rep.At) {
				t.Errorf("the same form again: %+v, %v", again, err)
			}
			if rep.Words != "unkind" || !slices.Equal(rep.Admins, []string{"UADMIN"}) || !slices.Equal(w.kudos[k.ID].Reporters, []string{tt.actor}) {
				t.Errorf("reported %+v", rep)
			}
			if want := []string{"report/" + k.ID + "/" + tt.actor + "/to/UADMIN"}; !slices.Equal(w.order[before:], want) {
				t.Errorf("told %v, want %v", w.order[before:], want)
			}
		})
	}
}

func TestAReportGoesToThoseWhomItDoesNotConcern(t *testing.T) {
	for _, tt := range []struct {
		name      string
		appointed []string
		installer string
		want      []string
	}{
		{"appointed and installer", []string{"UCYN"}, "UBOB", []string{"UCYN", "UBOB"}},
		{"never the giver or the reporter", []string{"UANA", "UDEE", "UCYN"}, "", []string{"UCYN"}},
		{"the workspace's own, where only those are left", []string{"UANA"}, "UGONE", []string{"UADMIN"}},
		{"no guest, nobody from outside", []string{"UGUEST", "UFAR"}, "", []string{"UADMIN"}},
	} {
		w := newKudosTown(t)
		w.appointed(tt.appointed...)
		current := w.Settings.Current()
		current.Installer = tt.installer
		w.Settings.current.Store(&current)
		k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
		rep, err := w.Report(t.Context(), w.now, ReportKudos{Token: "r", Actor: "UDEE", ID: k.ID})
		if err != nil || !slices.Equal(rep.Admins, tt.want) {
			t.Errorf("%s: %v, %v; want %v", tt.name, rep.Admins, err, tt.want)
		}
	}
	w := newKudosTown(t)
	var many []string
	for n := range 30 {
		id := fmt.Sprintf("UADM%d", n)
		w.scene.Members[id] = Member{ID: id, Name: id}
		many = append(many, id)
	}
	w.appointed(many...)
	k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	if rep, err := w.Report(t.Context(), w.now, ReportKudos{Token: "r", Actor: "UDEE", ID: k.ID}); err != nil || len(rep.Admins) != 10 {
		t.Errorf("asked %d, %v", len(rep.Admins), err)
	}
}

func TestReportsHaveLimits(t *testing.T) {
	w := newKudosTown(t)
	for n := range 6 {
		k := w.given(t, Token(fmt.Sprint(n)), "UANA", "CPUB", fmt.Sprintf("<@UBOB> %d %s", n, helpful)).Kudos
		_, err := w.Report(t.Context(), w.now, ReportKudos{Token: Token(fmt.Sprint("r", n)), Actor: "UDEE", ID: k.ID, Words: strings.Repeat("é", ReportWords)})
		want := FaultCode("")
		if n == 5 {
			want = ReportLimit
		}
		wantsFault(t, err, want)
		_, err = w.Report(t.Context(), w.now, ReportKudos{Token: Token(fmt.Sprint("l", n)), Actor: "UCYN", ID: k.ID, Words: strings.Repeat("é", ReportWords+1)})
		wantsFault(t, err, ReportLong)
	}
}

func TestAReportedKudosIsLeft(t *testing.T) {
	w := newKudosTown(t)
	w.appointed("UCYN", "UADMIN")
	k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	w.reported(t, "UDEE", k.ID)
	w.reported(t, "UBOB", k.ID)
	for _, actor := range []string{"UANA", "UBOB", "UDEE", "UGONE"} {
		_, err := w.Settle(t.Context(), w.now, "x", actor, k.ID, true)
		wantsFault(t, err, FaultNotFound)
	}
	for i, actor := range []string{"UCYN", "UCYN", "UADMIN"} {
		got, err := w.Settle(t.Context(), w.now, Token(actor), actor, k.ID, false)
		if err != nil || got.Before != (i > 0) || got.Report.LookedBy != "UCYN" || !got.Kudos.Undone.IsZero() {
			t.Errorf("%d: %+v, %v", i, got, err)
		}
	}
	if len(w.notes) != 1 || w.notes[0].By != "UCYN" || w.notes[0].What != noteLeft {
		t.Errorf("noted %+v", w.notes)
	}
	for _, by := range []string{"UDEE", "UBOB"} {
		prefix := "report/" + k.ID + "/" + by
		want := []string{prefix + "/to/UCYN", prefix + "/to/UADMIN", prefix + "/to/UCYN/v4.2", prefix + "/to/UADMIN/v4.2", prefix + "/answer"}
		if got := w.told(prefix); !slices.Equal(got, want) {
			t.Errorf("told %v, want %v", got, want)
		}
	}
	// After all.
	if got, err := w.Settle(t.Context(), w.now, "down", "UADMIN", k.ID, true); err != nil || got.Before || got.Kudos.Undone.IsZero() || !got.Report.Down {
		t.Errorf("taken down: %+v, %v", got, err)
	}
	if n := len(w.told("report/" + k.ID + "/UDEE/answer")); n != 1 {
		t.Errorf("the reporter hears of it %d times", n)
	}
}

// reported reports, and fails the test if that was not possible.
func (w *kudosTown) reported(t *testing.T, actor, id string) {
	t.Helper()
	if _, err := w.Report(t.Context(), w.now, ReportKudos{Token: Token("report " + actor + id), Actor: actor, ID: id, Words: "unkind words"}); err != nil {
		t.Fatalf("report: %v", err)
	}
}

func TestAReportedKudosIsTakenDownWhoeverCanReadIt(t *testing.T) {
	for name, text := range map[string]string{"public": "", "private": " --private"} {
		w := newKudosTown(t)
		k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful+text).Kudos
		w.reported(t, "UBOB", k.ID)
		w.before = func() {
			w.before = nil
			_, _ = w.Edit(t.Context(), w.now, "meanwhile", "UANA", k.ID, "other words, as long as that")
		}
		for range 2 {
			got, err := w.Settle(t.Context(), w.now, "s", "UADMIN", k.ID, true)
			if err != nil || got.Kudos.Undone.IsZero() || got.Kudos.Message != "" {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
		}
		if n := w.quota["UANA"+day(2026, 3, 25).String()]; n != 0 {
			t.Errorf("%s: the day counts %d", name, n)
		}
		if got := w.told("kudos/" + k.ID + "/taken"); len(got) != 1 || len(w.notes) != 1 || w.notes[0].What != noteTakenDown {
			t.Errorf("%s: the giver is told by %v, noted is %+v", name, got, w.notes)
		}
	}
}

func TestAnAdminsTakingDownIsToldAndNoted(t *testing.T) {
	w := newKudosTown(t)
	k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	for range 2 {
		if got, err := w.Undo(t.Context(), w.now, "u", "UADMIN", k.ID); err != nil && err.Error() != string(FaultNotFound) {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if got := w.told("kudos/" + k.ID + "/taken"); len(got) != 1 || len(w.notes) != 1 || w.notes[0].By != "UADMIN" {
		t.Errorf("the giver is told by %v, noted is %+v", got, w.notes)
	}
	mine := w.given(t, "2", "UADMIN", "CPUB", "<@UBOB> "+helpful).Kudos
	if _, err := w.Undo(t.Context(), w.now, "m", "UADMIN", mine.ID); err != nil || len(w.told("kudos/"+mine.ID+"/taken")) > 0 || len(w.notes) != 1 {
		t.Errorf("their own: %v, noted %+v", err, w.notes)
	}
}

// composedReport composes a send of a report.
func (w *kudosTown) composedReport(t *testing.T, sid string) (any, Decision) {
	t.Helper()
	content, d, err := w.ComposeReport(t.Context(), w.now, w.sends[sid])
	if err != nil {
		t.Fatal(err)
	}
	return content, d
}

func TestReportsAreTold(t *testing.T) {
	w := newKudosTown(t)
	k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	w.reported(t, "UDEE", k.ID)
	ask := "report/" + k.ID + "/UDEE/to/UADMIN"
	evening := w.now
	w.now = instant(t, "2026-03-25T20:00:00+01:00")
	if _, d := w.composedReport(t, ask); d.Verdict != Wait || d.Reason != ReasonQuietHours {
		t.Errorf("in the evening: %+v", d)
	}
	w.now = evening
	c, d := w.composedReport(t, ask)
	if got, ok := c.(ReportedKudos); !ok || d.Verdict != Go || got.Report.Words != "unkind words" || got.Kudos.Message == "" {
		t.Errorf("asked with %+v, %+v", c, d)
	}
	admin := w.scene.Members["UADMIN"]
	admin.Admin = false
	w.scene.Members["UADMIN"] = admin
	if _, d := w.composedReport(t, ask); d.Verdict != Drop {
		t.Errorf("who is no admin any more: %+v", d)
	}
	admin.Admin = true
	w.scene.Members["UADMIN"] = admin
	w.posted(ask, "1.1")
	if _, err := w.Undo(t.Context(), w.now, "u", "UANA", k.ID); err != nil {
		t.Fatal(err)
	}
	c, d = w.composedReport(t, ask+"/v3.2")
	if got, ok := c.(ReportedKudos); !ok || d.Verdict != Go || got.Kudos.Message != "" || got.Report.Down {
		t.Errorf("taken back by its giver: %+v, %+v", c, d)
	}
	w.sends[ask] = Send{SID: ask, Kind: KindReport, Ref: w.sends[ask].Ref, Members: []string{"UADMIN"}}
	if _, d := w.composedReport(t, ask); d.Verdict != Drop {
		t.Errorf("asks about what is gone: %+v", d)
	}
	delete(w.reports, k.ID+" UDEE")
	if c, d := w.composedReport(t, ask); c != nil || d.Verdict != Drop {
		t.Errorf("a report that is not kept any more: %+v, %+v", c, d)
	}
}

func TestTheAnswerSaysOnlyThatSomebodyLooked(t *testing.T) {
	w := newKudosTown(t)
	k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos
	w.reported(t, "UDEE", k.ID)
	if _, err := w.Settle(t.Context(), w.now.Add(time.Minute), "s", "UADMIN", k.ID, true); err != nil {
		t.Fatal(err)
	}
	if c, d := w.composedReport(t, "report/"+k.ID+"/UDEE/answer"); d.Verdict != Go || c.(ReportAnswer).Report.By != "UDEE" {
		t.Errorf("answered with %+v, %+v", c, d)
	}
	if c, d := w.composedReport(t, "kudos/"+k.ID+"/taken"); d.Verdict != Go || c.(KudosTaken).Kudos.Message != "" {
		t.Errorf("its giver hears %+v, %+v", c, d)
	}
}
