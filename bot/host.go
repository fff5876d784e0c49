package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rapport/prompts"
)

// Host is what the bot does around its jobs: moving in, introducing itself, each person's own settings, one practice a week for those who want
// one. All fields are required.
type Host struct {
	Workspaces  WorkspaceStore
	Preferences PreferenceStore
	Channels    ChannelStore
	Scenes      SceneReader
	Settings    *Settings
	Prompts     *prompts.Library
}

// What can be wrong with settings.
const (
	SettingsZone    FaultCode = "settings_zone"
	SettingsHours   FaultCode = "settings_hours"
	SettingsHoliday FaultCode = "settings_holidays"
	SettingsPast    FaultCode = "settings_past_date"
)

// Welcome is the content of the only message that comes unasked after installation, to the installer alone.
type Welcome struct{ Reader Member }

// ChannelIntro is the content of the bot's short introduction in a channel that it was added to.
type ChannelIntro struct{ Channel Channel }

// PracticeNote is the content of a week's practice.
type PracticeNote struct {
	Reader Member
	Prompt prompts.Prompt
}

// MoveIn makes sure that the workspace has a record, and loads it. Whoever installed hears of it once; installer may be empty, then the first
// workspace admin who opens Home counts as the installer.
func (h *Host) MoveIn(ctx context.Context, now time.Time, team, botUser, installer, zone string) error {
	w, err := h.Workspaces.Workspace(ctx)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("move in: %w", err)
	}
	fresh := errors.Is(err, ErrNotFound)
	if !fresh && w.BotUser == botUser && (w.Installer != "" || installer == "") && w.Zone == zone {
		return h.Settings.Refresh(ctx)
	}
	if fresh {
		w = Workspace{Team: team, Values: StandardValues(), Installed: now}
	}
	w.BotUser, w.Zone = botUser, zone
	var intents Intents
	if w.Installer == "" && installer != "" {
		w.Installer = installer
		intents = welcomeIntents(now, installer)
	}
	token := Token(fmt.Sprintf("move in %d %s %s %s", w.Version, botUser, installer, zone))
	err = h.Workspaces.SaveWorkspace(ctx, token, w, intents)
	if err != nil && !errors.Is(err, ErrConflict) && !errors.Is(err, ErrRepeated) {
		return fmt.Errorf("move in: %w", err)
	}
	return h.Settings.Refresh(ctx)
}

func welcomeIntents(now time.Time, installer string) Intents {
	return Intents{{SID: "welcome/" + installer, Kind: KindWelcome, Ref: installer, Members: []string{installer}, Due: now}}
}

// Enter notes that the bot is in a channel now, and introduces it there once.
func (h *Host) Enter(ctx context.Context, now time.Time, token Token, c Channel) error {
	c.Inside = true
	intro := Send{SID: "intro/" + c.ID, Kind: KindIntro, Ref: c.ID, Channel: c.ID, Due: now}
	if err := h.Channels.SaveChannel(ctx, token, c, Intents{intro}); err != nil && !errors.Is(err, ErrRepeated) {
		return fmt.Errorf("enter channel %q: %w", c.ID, err)
	}
	return nil
}

// Know notes what a channel is, without a word in it.
func (h *Host) Know(ctx context.Context, token Token, c Channel) error {
	if err := h.Channels.SaveChannel(ctx, token, c, nil); err != nil && !errors.Is(err, ErrRepeated) {
		return fmt.Errorf("save channel %q: %w", c.ID, err)
	}
	return nil
}

// Exit notes that the bot is no longer in a channel, or that it was archived. Everything else that is known of it stays.
func (h *Host) Exit(ctx context.Context, token Token, c Channel) error {
	scene, err := h.Scenes.Scene(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("leave channel %q: %w", c.ID, err)
	}
	if scene.Channel.ID == c.ID {
		c = scene.Channel
	}
	c.Inside = false
	if err := h.Channels.SaveChannel(ctx, token, c, nil); err != nil && !errors.Is(err, ErrRepeated) {
		return fmt.Errorf("leave channel %q: %w", c.ID, err)
	}
	return nil
}

// PreferencesOf reads what a member set, the zero value if nothing.
func (h *Host) PreferencesOf(ctx context.Context, member string) (Preferences, error) {
	all, err := h.Preferences.Preferences(ctx, member)
	if err != nil {
		return Preferences{}, &Fault{Code: FaultUnread, Cause: err}
	}
	p := all[member]
	p.Member = member
	return p, nil
}

// practiceMinute and practiceDay are when the week's practice comes, in the member's zone.
const (
	practiceMinute = 9*60 + 30
	practiceDay    = time.Tuesday
)

// SceneOf reads a member with their settings.
func (h *Host) SceneOf(ctx context.Context, member string) (Scene, error) {
	scene, err := h.Scenes.Scene(ctx, "", member)
	if err != nil {
		return Scene{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return scene, nil
}

// Set is [Host.SetIn] for who was not read yet.
func (h *Host) Set(ctx context.Context, now time.Time, token Token, member string, edit func(*Preferences)) (Preferences, error) {
	scene, err := h.SceneOf(ctx, member)
	if err != nil {
		return Preferences{}, err
	}
	return h.SetIn(ctx, now, token, member, scene, edit)
}

// SetIn stores a member's own settings; edit changes what the scene says is stored, or what is stored now if that changed meanwhile. Who is known as no
// colleague, as somebody from another company, has none.
func (h *Host) SetIn(ctx context.Context, now time.Time, token Token, member string, scene Scene, edit func(*Preferences)) (Preferences, error) {
	for attempt := range 3 {
		if attempt > 0 {
			var err error
			if scene, err = h.SceneOf(ctx, member); err != nil {
				return Preferences{}, err
			}
		}
		if m := scene.Members[member]; m.ID != "" && !m.Person() {
			return Preferences{}, &Fault{Code: FaultForbidden}
		}
		p := scene.Preferences[member]
		p.Member = member
		before := p
		edit(&p)
		p.Member, p.Version, p.Shown = member, before.Version, before.Shown
		hours := HoursOf(scene.Members[member], p, h.Settings.Current().Zone).observing(scene.Calendars)
		if err := checkPreferences(p, before.PausedTill, hours.Today(now), scene.Calendars); err != nil {
			return p, err
		}
		p.Updated = now
		err := h.Preferences.SavePreferences(ctx, token, p, weeklyEntries(before, p, hours), reviewIntents(now, p, hours))
		switch {
		case err == nil, errors.Is(err, ErrRepeated):
			return p, nil
		case !errors.Is(err, ErrConflict):
			return Preferences{}, &Fault{Code: FaultUnsaved, Cause: err}
		}
	}
	return Preferences{}, &Fault{Code: FaultStale}
}

func checkPreferences(p Preferences, before, today Date, calendars *Calendars) error {
	if p.Zone != "" {
		if _, err := time.LoadLocation(p.Zone); err != nil || strings.EqualFold(p.Zone, "Local") {
			return &Fault{Code: SettingsZone, Typed: p.Zone}
		}
	}
	if p.Hours != nil {
		for _, span := range p.Hours {
			if span.From < 0 || span.To > 24*60 || span.To < span.From {
				return &Fault{Code: SettingsHours}
			}
		}
	}
	if p.Holidays != "" && p.Holidays != HolidaysNone && !calendars.Knows(p.Holidays) {
		return &Fault{Code: SettingsHoliday, Typed: p.Holidays}
	}
	if p.PausedTill != before && !p.PausedTill.IsZero() && !today.Before(p.PausedTill) {
		return &Fault{Code: SettingsPast}
	}
	if p.Review != 0 && !slices.Contains(ReviewDays(), p.Review) {
		return &Fault{Code: FaultInvalid}
	}
	if p.KudosDM != "" && p.KudosDM != KudosPrivately && p.KudosDM != KudosNoDM {
		return &Fault{Code: FaultInvalid}
	}
	return nil
}

// weeklyEntries are the entries of what a member has, or had, come every week.
func weeklyEntries(before, p Preferences, h Hours) []Entry {
	var entries []Entry
	if before.Practice || p.Practice {
		entries = append(entries, practiceEntry(p, h))
	}
	if before.Review != 0 || p.Review != 0 {
		entries = append(entries, reviewEntry(p))
	}
	return entries
}

func practiceEntry(p Preferences, h Hours) Entry {
	return Entry{
		Name: "practice/" + p.Member, Zone: h.Zone.String(), Off: !p.Practice, Grace: 8 * time.Hour, Missed: MissedSkip,
		Spec: fmt.Sprintf("%d %d * * %d", practiceMinute%60, practiceMinute/60, practiceDay),
	}
}

// practiceKinds are the prompts that make a week's practice.
var practiceKinds = []prompts.Kind{
	prompts.KindGiveFirst, prompts.KindSupport, prompts.KindListening, prompts.KindTrust, prompts.KindRespect, prompts.KindInfluence,
	prompts.KindFeedback, prompts.KindFriction, prompts.KindSponsor, prompts.KindAdapt, prompts.KindClarity, prompts.KindPromise, prompts.KindKeepInTouch,
}

// PlanPractice chooses a member's practice of the week: one that they did not see within a year, else none.
func (h *Host) PlanPractice(ctx context.Context, _ time.Time, member string, at time.Time) error {
	p, err := h.PreferencesOf(ctx, member)
	if err != nil {
		return fmt.Errorf("plan practice of %q: %w", member, err)
	}
	sid := fmt.Sprintf("practice/%s/%d", member, at.Unix())
	prompt, ok := h.Prompts.Pick(prompts.Wish{Kinds: practiceKinds, Seen: []map[string]time.Time{p.Shown}, Today: at, Seed: seedOf(sid)})
	if !p.Practice || !ok {
		return nil
	}
	p.Shown = maps.Clone(p.Shown)
	if p.Shown == nil {
		p.Shown = map[string]time.Time{}
	}
	maps.DeleteFunc(p.Shown, func(_ string, seen time.Time) bool { return seen.Before(at.AddDate(-1, 0, 0)) })
	p.Shown[prompt.ID] = at
	send := Send{SID: sid, Kind: KindPractice, Ref: member + " " + prompt.ID, Members: []string{member}, Due: at, NotAfter: at.Add(8 * time.Hour)}
	err = h.Preferences.SavePreferences(ctx, Token("plan "+sid), p, nil, Intents{send})
	if err != nil && !errors.Is(err, ErrRepeated) {
		return fmt.Errorf("plan practice of %q: %w", member, err)
	}
	return nil
}

// Compose turns a send of the host's into content.
func (h *Host) Compose(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	id, rest, _ := strings.Cut(s.Ref, " ")
	if s.Kind == KindIntro {
		scene, err := h.Scenes.Scene(ctx, id)
		if err != nil || !scene.Channel.Postable() {
			return nil, Decision{Verdict: Drop, Reason: ReasonUnreachable}, err
		}
		return ChannelIntro{Channel: scene.Channel}, Decision{}, nil
	}
	scene, err := h.Scenes.Scene(ctx, "", id)
	if err != nil {
		return nil, Decision{}, err
	}
	if s.Kind == KindWelcome {
		// It answers an act of the installer's, so it comes at once.
		return Welcome{Reader: scene.Members[id]}, Decision{}, nil
	}
	prefs := scene.Preferences[id]
	if d := reachable(scene.Members[id], prefs, s.Kind, scene.Hours(id, h.Settings.Current().Zone), now); d.Verdict != Go {
		return nil, d, nil
	}
	prompt, ok := h.Prompts.ByID(rest)
	if !ok || !prefs.Practice {
		return nil, Decision{Verdict: Drop, Reason: ReasonUndone}, nil
	}
	return PracticeNote{Reader: scene.Members[id], Prompt: prompt}, Decision{}, nil
}

// Greet makes the first workspace admin who shows up the installer, where nobody is known to be it, and lets the three first steps be sent.
func (h *Host) Greet(ctx context.Context, now time.Time, member string) error {
	w := h.Settings.Current()
	if w.Installer != "" {
		return nil
	}
	scene, err := h.Scenes.Scene(ctx, "", member)
	if err != nil {
		return &Fault{Code: FaultUnread, Cause: err}
	}
	if m := scene.Members[member]; !m.Admin || !m.Person() {
		return nil
	}
	w.Installer = member
	err = h.Workspaces.SaveWorkspace(ctx, Token("greet "+member), w, welcomeIntents(now, member))
	if err != nil && !errors.Is(err, ErrConflict) && !errors.Is(err, ErrRepeated) {
		return &Fault{Code: FaultUnsaved, Cause: err}
	}
	return h.Settings.Refresh(ctx)
}
