package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rapport/prompts"
)

// lodge is everything that a host needs, in memory.
type lodge struct {
	*desk
	workspace *Workspace
	channels  map[string]Channel
	entries   map[string]Entry
	spoilt    int // how many saves of preferences somebody else is faster at
}

func (l *lodge) Workspace(context.Context) (Workspace, error) {
	if l.workspace == nil {
		return Workspace{}, ErrNotFound
	}
	return *l.workspace, nil
}

func (l *lodge) SaveWorkspace(_ context.Context, _ Token, w Workspace, intents Intents) error {
	if l.workspace != nil && l.workspace.Version != w.Version {
		return ErrConflict
	}
	w.Version++
	l.workspace = &w
	l.insert(intents, 0)
	return nil
}

func (l *lodge) Preferences(_ context.Context, members ...string) (map[string]Preferences, error) {
	s, err := l.desk.Scene(context.Background(), "", members...)
	return s.Preferences, err
}

func (l *lodge) SavePreferences(_ context.Context, token Token, p Preferences, entries []Entry, intents Intents) error {
	if _, came := l.tokens[token]; came {
		return ErrRepeated
	}
	if l.spoilt > 0 {
		l.spoilt--
		other := l.prefs[p.Member]
		other.Member, other.Department = p.Member, "by somebody else"
		other.Version++
		l.prefs[p.Member] = other
	}
	if l.prefs[p.Member].Version != p.Version {
		return ErrConflict
	}
	p.Version++
	l.prefs[p.Member], l.tokens[token] = p, 1
	for _, entry := range entries {
		l.entries[entry.Name] = entry
	}
	l.insert(intents, 0)
	return nil
}

func (l *lodge) SaveChannel(_ context.Context, _ Token, c Channel, intents Intents) error {
	l.channels[c.ID] = c
	l.insert(intents, 0)
	return nil
}

func (l *lodge) Channels(context.Context) ([]Channel, error) { return nil, nil }

func (l *lodge) Scene(ctx context.Context, channel string, members ...string) (Scene, error) {
	s, err := l.desk.Scene(ctx, channel, members...)
	s.Channel = l.channels[channel]
	return s, err
}

func newLodge(t *testing.T) (*lodge, *Host) {
	t.Helper()
	library, err := prompts.Standard()
	if err != nil {
		t.Fatal(err)
	}
	l := &lodge{desk: newDesk(t), channels: map[string]Channel{}, entries: map[string]Entry{}}
	h := &Host{Workspaces: l, Preferences: l, Channels: l, Scenes: l, Settings: &Settings{Store: l}, Prompts: library}
	return l, h
}

func (l *lodge) waiting() string {
	var sids []string
	for sid := range l.sends {
		sids = append(sids, sid)
	}
	return strings.Join(sids, " ")
}

func TestOnlyTheInstallerHearsOfTheInstallation(t *testing.T) {
	l, h := newLodge(t)
	for range 2 {
		if err := h.MoveIn(t.Context(), l.now, "T1", "UBOT", "UANA", "Europe/Berlin"); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Greet(t.Context(), l.now, "UBOB"); err != nil {
		t.Fatal(err)
	}
	if got := l.waiting(); got != "welcome/UANA" || l.workspace.Version != 1 {
		t.Errorf("sends %q, version %d", got, l.workspace.Version)
	}
}

func TestTheFirstAdminOnHomeCountsAsInstaller(t *testing.T) {
	l, h := newLodge(t)
	if err := h.MoveIn(t.Context(), l.now, "T1", "UBOT", "", "Europe/Berlin"); err != nil {
		t.Fatal(err)
	}
	l.members["UCY"] = Member{ID: "UCY", Admin: true}
	l.members["UBOT"] = Member{ID: "UBOT", Bot: true, Admin: true}
	for _, who := range []string{"UANA", "UBOT", "UCY", "UBOB"} {
		if err := h.Greet(t.Context(), l.now, who); err != nil {
			t.Fatal(err)
		}
	}
	if got := l.waiting(); got != "welcome/UCY" || h.Settings.Current().Installer != "UCY" {
		t.Errorf("sends %q, installer %q", got, h.Settings.Current().Installer)
	}
}

func TestAChannelIsIntroducedToOnceAndItsNameIsKept(t *testing.T) {
	l, h := newLodge(t)
	c := Channel{ID: "C1", Name: "general", Private: true}
	for range 2 {
		if err := h.Enter(t.Context(), l.now, "enter", c); err != nil {
			t.Fatal(err)
		}
	}
	if got := l.waiting(); got != "intro/C1" {
		t.Errorf("sends %q", got)
	}
	if _, d, err := h.Compose(t.Context(), l.now, l.sends["intro/C1"]); err != nil || d.Verdict != Go {
		t.Errorf("the introduction: %+v, %v", d, err)
	}
	if err := h.Exit(t.Context(), "exit", Channel{ID: "C1"}); err != nil {
		t.Fatal(err)
	}
	if got := l.channels["C1"]; got.Inside || got.Name != "general" || !got.Private {
		t.Errorf("after leaving: %+v", got)
	}
	if _, d, err := h.Compose(t.Context(), l.now, l.sends["intro/C1"]); err != nil || d.Verdict != Drop {
		t.Errorf("an introduction where it no longer is: %+v, %v", d, err)
	}
}

func TestSetRefuses(t *testing.T) {
	l, h := newLodge(t)
	for name, tt := range map[string]struct {
		edit func(*Preferences)
		want FaultCode
	}{
		"no zone":        {func(p *Preferences) { p.Zone = "Mars/Olympus" }, SettingsZone},
		"this computer":  {func(p *Preferences) { p.Zone = "local" }, SettingsZone},
		"a path":         {func(p *Preferences) { p.Zone = "../etc/passwd" }, SettingsZone},
		"long day":       {func(p *Preferences) { p.Hours = &Week{{From: 0, To: 1441}} }, SettingsHours},
		"backwards":      {func(p *Preferences) { p.Hours = &Week{{From: 600, To: 500}} }, SettingsHours},
		"before morning": {func(p *Preferences) { p.Hours = &Week{{From: -5, To: 500}} }, SettingsHours},
		"no country":     {func(p *Preferences) { p.Holidays = "XX" }, SettingsHoliday},
		"until today":    {func(p *Preferences) { p.PausedTill = day(2026, 3, 25) }, SettingsPast},
		"no such choice": {func(p *Preferences) { p.KudosDM = "loudly" }, FaultInvalid},
	} {
		if _, err := h.Set(t.Context(), l.now, Token(name), "UANA", tt.edit); faultCode(err) != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
	if len(l.prefs) != 0 {
		t.Errorf("saved %+v", l.prefs)
	}
}

func TestSetKeepsWhatOthersChangeMeanwhile(t *testing.T) {
	l, h := newLodge(t)
	l.spoilt = 2
	p, err := h.Set(t.Context(), l.now, "T", "UANA", func(p *Preferences) { p.Member, p.Holidays = "UBOB", "DE" })
	if err != nil || p.Member != "UANA" || l.prefs["UANA"].Holidays != "DE" || l.prefs["UANA"].Department == "" {
		t.Errorf("set %+v, %v; stored %+v", p, err, l.prefs)
	}
	l.spoilt = 3
	_, err = h.Set(t.Context(), l.now, "T2", "UANA", func(p *Preferences) { p.Holidays = "FR" })
	if faultCode(err) != FaultStale {
		t.Errorf("always overtaken: %v", err)
	}
	if len(l.entries) != 0 {
		t.Errorf("entries of somebody without a practice: %+v", l.entries)
	}
}

func TestTheWeeklyPractice(t *testing.T) {
	l, h := newLodge(t)
	set := func(token Token, on bool) {
		if _, err := h.Set(t.Context(), l.now, token, "UNEW", func(p *Preferences) { p.Practice = on }); err != nil {
			t.Fatal(err)
		}
	}
	set("on", true)
	if e := l.entries["practice/UNEW"]; e.Off || e.Zone != "America/New_York" || e.Spec != "30 9 * * 2" {
		t.Errorf("the entry is %+v", e)
	}
	tuesday := instant(t, "2026-03-31T09:30:00-04:00")
	seen := map[string]bool{}
	for week := range 8 {
		at := tuesday.AddDate(0, 0, 7*week)
		for range 2 {
			if err := h.PlanPractice(t.Context(), at, "UNEW", at); err != nil {
				t.Fatal(err)
			}
		}
		for sid, s := range l.sends {
			content, d, err := h.Compose(t.Context(), at, s)
			if err != nil || d.Verdict != Go {
				t.Fatalf("%s: %+v, %v", sid, d, err)
			}
			seen[content.(PracticeNote).Prompt.ID] = true
		}
		if len(l.sends) != week+1 || len(seen) != week+1 {
			t.Fatalf("after %d weeks %d messages, %d practices", week+1, len(l.sends), len(seen))
		}
	}
	set("off", false)
	if e := l.entries["practice/UNEW"]; !e.Off {
		t.Errorf("the entry is %+v", e)
	}
	for _, s := range l.sends {
		if _, d, err := h.Compose(t.Context(), tuesday, s); err != nil || d.Verdict != Drop {
			t.Errorf("switched off: %+v, %v", d, err)
		}
	}
}

func TestSettingsThatCannotBeRead(t *testing.T) {
	l, h := newLodge(t)
	h.Scenes = brokenScenes{}
	if _, err := h.Set(t.Context(), l.now, "T", "UANA", func(*Preferences) {}); faultCode(err) != FaultUnread {
		t.Errorf("set: %v", err)
	}
	if err := h.Exit(t.Context(), "T", Channel{ID: "C1"}); err == nil {
		t.Error("left a channel without a store")
	}
}

// brokenScenes is a store that does not answer.
type brokenScenes struct{}

func (brokenScenes) Scene(context.Context, string, ...string) (Scene, error) {
	return Scene{}, errors.New("dial tcp: refused")
}

func TestAPauseOrAFreeWeekIsNeverOpen(t *testing.T) {
	h := hoursIn(t, "Europe/Berlin", Preferences{PausedTill: day(9999, 1, 1)})
	if h.Open(instant(t, "2026-03-25T10:00:00+01:00")) {
		t.Error("open in a pause")
	}
	if at, ok := h.NextOpen(instant(t, "2026-03-25T10:00:00+01:00")); !ok || at.Year() != 9999 {
		t.Errorf("open at %v, %v", at, ok)
	}
	if _, ok := CommonOpen(instant(t, "2026-03-25T10:00:00Z"), 24*time.Hour, h, hoursIn(t, "UTC", Preferences{Hours: &Week{}})); ok {
		t.Error("a common hour with somebody who has none")
	}
}
