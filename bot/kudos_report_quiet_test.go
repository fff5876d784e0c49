package bot

import (
	"slices"
	"testing"
)

// asks is what an admin is asked by the report of a member.
func (w *kudosTown) asks(t *testing.T, k Kudos, by, admin string) (ReportedKudos, Decision) {
	t.Helper()
	content, d, err := w.ComposeReport(t.Context(), w.now, w.sends["report/"+k.ID+"/"+by+"/to/"+admin])
	if err != nil {
		t.Fatalf("compose report of %s to %s: %v", by, admin, err)
	}
	c, _ := content.(ReportedKudos)
	return c, d
}

func TestAReportNamesNobodyWhoIsNotNamedInTheChannel(t *testing.T) {
	for _, tt := range []struct {
		name, text, by string
		want           []string
	}{
		{"a colleague", "", "UDEE", []string{"UBOB", "UCYN"}},
		{"one who was thanked", "", "UBOB", []string{"UCYN"}},
		{"one of a private kudos, which names all", " --private", "UBOB", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			w.scene.Members["UEVE"] = Member{ID: "UEVE", Name: "Eve"}
			k := w.given(t, "1", "UANA", "CPUB", "<@UBOB> <@UCYN> <@UEVE> "+helpful+tt.text).Kudos
			w.scene.Preferences["UCYN"] = Preferences{KudosDM: KudosPrivately}
			if tt.want != nil {
				if _, err := w.Hide(t.Context(), w.now, "h", "UBOB", k.ID); err != nil {
					t.Fatal(err)
				}
			}
			wish, err := w.Reportable(t.Context(), w.now, tt.by, k.ID)
			if err != nil || !slices.Equal(wish.Quiet, tt.want) {
				t.Errorf("the form leaves out %v, %v; want %v", wish.Quiet, err, tt.want)
			}
			if _, err := w.Report(t.Context(), w.now, ReportKudos{Token: "r", Actor: tt.by, ID: k.ID}); err != nil {
				t.Fatal(err)
			}
			if asked, _ := w.asks(t, k, tt.by, "UADMIN"); !slices.Equal(asked.Quiet, tt.want) {
				t.Errorf("the question leaves out %v, want %v", asked.Quiet, tt.want)
			}
			settled, err := w.Settle(t.Context(), w.now, "s", "UADMIN", k.ID, false)
			if err != nil || !slices.Equal(settled.Quiet, tt.want) {
				t.Errorf("the answer leaves out %v, %v; want %v", settled.Quiet, err, tt.want)
			}
		})
	}
}

func TestAReportSparesWhoKeepsItsAuthorAway(t *testing.T) {
	for _, tt := range []struct {
		name   string
		admins []string
		avoid  []string
		change func(w *kudosTown)
		told   []string
	}{
		{"nobody does", []string{"UBOB", "UCYN"}, nil, nil, []string{"UBOB", "UCYN"}},
		{"one of two", []string{"UBOB", "UCYN"}, []string{"UBOB"}, nil, []string{"UCYN"}},
		{"both: somebody has to look", []string{"UBOB", "UCYN"}, []string{"UBOB", "UCYN"}, nil, []string{"UBOB", "UCYN"}},
		{"the only one", []string{"UBOB"}, []string{"UBOB"}, nil, []string{"UBOB"}},
		{"the other one is no admin any more", []string{"UBOB", "UCYN"}, []string{"UBOB"}, func(w *kudosTown) { w.appointed("UBOB") }, []string{"UBOB"}},
		{"the other one mutes reports", []string{"UBOB", "UCYN"}, []string{"UBOB"}, func(w *kudosTown) {
			w.scene.Preferences["UCYN"] = Preferences{Muted: []Kind{KindReport}}
		}, []string{"UBOB"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			w.appointed(tt.admins...)
			for _, id := range tt.avoid {
				w.scene.Preferences[id] = Preferences{Avoid: []string{"UDEE"}}
			}
			w.scene.Members["UEVE"] = Member{ID: "UEVE", Name: "Eve"}
			k := w.given(t, "1", "UANA", "CPUB", "<@UEVE> "+helpful).Kudos
			rep, err := w.Report(t.Context(), w.now, ReportKudos{Token: "r", Actor: "UDEE", ID: k.ID, Words: "look"})
			if err != nil || !slices.Equal(rep.Admins, tt.admins) {
				t.Fatalf("its author hears of %v, %v; want %v", rep.Admins, err, tt.admins)
			}
			if tt.change != nil {
				tt.change(w)
			}
			var told []string
			for _, id := range tt.admins {
				_, d := w.asks(t, k, "UDEE", id)
				switch {
				case d.Verdict == Go:
					told = append(told, id)
				case d.Reason != ReasonMuted && d.Reason != ReasonUnreachable:
					t.Errorf("%s: %+v", id, d)
				}
			}
			if !slices.Equal(told, tt.told) {
				t.Errorf("told %v, want %v", told, tt.told)
			}
		})
	}
}

func TestAnEmojiHasNoWordsToChange(t *testing.T) {
	w := reactionTown(t)
	w.react(t, w.clap(0))
	k, _ := w.clapped()
	_, err := w.Edit(t.Context(), w.now, "e", "UANA", k.ID, helpful)
	wantsFault(t, err, FaultInvalid)
	w.react(t, w.clap(1, takenOff))
	if k, _ := w.clapped(); k.Message != "" || k.Undone.IsZero() {
		t.Errorf("left is %+v", k)
	}
}
