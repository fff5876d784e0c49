package bot

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTopicsAreReadAsPeopleTypeThem(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                   nil,
		" , ;\n ":                            nil,
		"Go, hiring; sourdough":              {"Go", "hiring", "sourdough"},
		"Go,go, GO ,#Go":                     {"Go"},
		"public   speaking\nSQL":             {"public speaking", "SQL"},
		"見積もり、採用，料理":                         {"見積もり", "採用", "料理"},
		"\u202eevil\u202c, zero\u0007 width": {"evil", "zero width"},
	} {
		if got := ReadTopics(text); !slices.Equal(got, want) {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestWhatIsTooLongInAProfileIsSaid(t *testing.T) {
	long := strings.Repeat("é", MaxProfileText)
	topics := make([]string, MaxTopics)
	for i := range topics {
		topics[i] = strings.Repeat("界", MaxTopic-1) + string(rune('a'+i))
	}
	fits := Profile{Help: long, Support: long, Style: long, Office: strings.Repeat("x", MaxOffice), Offers: topics, Asks: topics, Languages: topics}
	if got := fits.Tidy().Faults(); len(got) > 0 {
		t.Errorf("at the limit: %v", got)
	}
	nine := append(slices.Clone(topics), "one more")
	for code, p := range map[FaultCode]Profile{
		ProfileHelp: {Help: long + "!"}, ProfileSupport: {Support: long + "!"}, ProfileStyle: {Style: long + "!"}, ProfileOffice: {Office: strings.Repeat("x", MaxOffice+1)},
		ProfileOffers: {Offers: nine}, ProfileAsks: {Asks: []string{strings.Repeat("a", MaxTopic+1)}}, ProfileLanguages: {Languages: nine},
	} {
		faults := p.Tidy().Faults()
		if len(faults) != 1 || faults[0].Code != code || faults[0].Limit == 0 {
			t.Errorf("%s: %v", code, faults)
		}
	}
}

func TestAProfileIsSavedChangedAndCleared(t *testing.T) {
	l, h := newLodge(t)
	at := l.now
	save := func(token Token, seen string, p Profile) (Profile, error) {
		at = at.Add(time.Hour)
		saved, m, err := h.SaveProfile(t.Context(), at, token, "UANA", seen, p)
		if err == nil && m.ID != "UANA" {
			t.Errorf("saved for %q", m.ID)
		}
		return saved, err
	}
	empty := Profile{}.Mark()
	first, err := save("1", empty, Profile{Help: " I help\nall ", Offers: []string{"Go", "go"}})
	if err != nil || first.Help != "I help all" || len(first.Offers) != 1 || !first.Updated.Equal(at) {
		t.Fatalf("saved %+v, %v", first, err)
	}
	l.spoilt = 1 // other settings changed at the same moment
	second, err := save("2", first.Mark(), Profile{Asks: []string{"SQL"}})
	if err != nil || l.prefs["UANA"].Profile.Help != "" || l.prefs["UANA"].Department != "by somebody else" {
		t.Fatalf("changed %+v, %v; stored %+v", second, err, l.prefs["UANA"])
	}
	stale, err := save("3", first.Mark(), Profile{Help: "typed in another window"})
	if fault, ok := errors.AsType[*Fault](err); !ok || fault.Code != FaultStale || stale.Mark() != second.Mark() || l.prefs["UANA"].Profile.Help != "" {
		t.Errorf("of an old form: %+v, %v", stale, err)
	}
	if _, err := save("3", second.Mark(), Profile{Help: "typed in another window"}); err != nil {
		t.Errorf("the same form again: %v", err)
	}
	if _, err := save("4", l.prefs["UANA"].Profile.Mark(), Profile{Help: "  "}); err != nil || !l.prefs["UANA"].Profile.Empty() {
		t.Errorf("cleared: %v, %+v", err, l.prefs["UANA"].Profile)
	}
	version := l.prefs["UANA"].Version
	if _, err := save("4", empty, Profile{}); err != nil || l.prefs["UANA"].Version != version {
		t.Errorf("sent twice: %v, version %d after %d", err, l.prefs["UANA"].Version, version)
	}
	if _, _, err := h.SaveProfile(t.Context(), at, "5", "UANA", empty, Profile{Office: strings.Repeat("x", MaxOffice+1)}); err == nil {
		t.Error("a forged form was saved")
	}
	l.members["UFAR"] = Member{ID: "UFAR", Stranger: true}
	if _, _, err := h.SaveProfile(t.Context(), at, "6", "UFAR", empty, Profile{Help: "x"}); err == nil {
		t.Error("somebody from another company has a profile")
	}
}

func TestAProfileIsAskedForOnceInHalfAYear(t *testing.T) {
	l, h := newLodge(t)
	due := func(after time.Duration) bool { return l.prefs["UANA"].Profile.Due(l.now.Add(after)) }
	if !due(0) {
		t.Error("who never had one is not asked")
	}
	if err := h.AskedForProfile(t.Context(), l.now, "1", "UANA"); err != nil || due(179*24*time.Hour) || !due(180*24*time.Hour) {
		t.Errorf("after the question: %v", err)
	}
	if _, err := h.ConfirmProfile(t.Context(), l.now.Add(24*time.Hour), "2", "UANA"); err != nil || due(180*24*time.Hour) || !due(181*24*time.Hour) {
		t.Errorf("after it was confirmed: %v", err)
	}
}
