package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rapport/bot/when"
	"rapport/prompts"
)

// Coffee is what people can do with programs and their rounds. All fields but Presence are required.
type Coffee struct {
	Programs ProgramStore
	Seats    SeatStore
	Rounds   RoundStore
	Scenes   SceneReader
	Sent     SentReader
	Presence Presence // nil: nobody can tell who is in a channel, so nobody counts as being in a private one
	Settings *Settings
	Prompts  *prompts.Library
}

// Presence tells who is in a channel. It is asked where somebody brings something into a channel, or reaches for what belongs to a private one.
type Presence interface {
	InChannel(ctx context.Context, channel, member string) (bool, error)
}

// present reports whether a member is in a channel. Where nobody can tell in time, a public channel counts for a full member, who could join it
// with one click, and a private one does not.
func present(ctx context.Context, p Presence, c Channel, m Member) bool {
	if p != nil {
		if inside, err := p.InChannel(ctx, c.ID, m.ID); err == nil {
			return inside
		}
	}
	return !c.Private && m.Person() && !m.Guest
}

// roundGrace is how late a round still makes sense.
const roundGrace = 24 * time.Hour

// How long what an editor writes can be, in characters.
const (
	ProgramNameLimit    = 40
	ProgramPurposeLimit = 200
)

// What can be wrong with a program.
const (
	ProgramOutside  FaultCode = "program_not_in_channel" // the bot, or the person, is not in the channel: both read the same
	ProgramShared   FaultCode = "program_shared_channel"
	ProgramGuest    FaultCode = "program_guest" // guests do not take part in this program
	ProgramNotIn    FaultCode = "program_not_joined"
	ProgramName     FaultCode = "program_name"
	ProgramPurpose  FaultCode = "program_purpose"
	ProgramCadence  FaultCode = "program_cadence"
	ProgramZone     FaultCode = "program_zone"
	ProgramPastDate FaultCode = "program_past_date"
)

// NewProgram is a program as setup proposes it: Mondays at 9:00, every week, pairs from different departments.
func NewProgram(channel, owner, zone string) Program {
	return Program{
		Name: "Coffee", Channel: channel, Owner: owner, Zone: zone, Weekday: time.Monday, Minute: 9 * 60, Weeks: 1, Size: 2, Trios: true,
		Department: Prefer, Window: 26,
	}
}

// Save creates a program, or changes the settings of the one that p.ID names if p.Version is the stored one. Any full member may create one, its
// editors may change it. Of p only the settings count: who owns the program, its channel and whether it is paused stay as stored.
func (c *Coffee) Save(ctx context.Context, now time.Time, token Token, actor string, p Program) (Program, error) {
	if err := checkProgram(p); err != nil {
		return Program{}, err
	}
	if p.ID == "" {
		return c.create(ctx, now, token, actor, p)
	}
	stored, err := c.editable(ctx, p.ID, actor, "")
	if err != nil {
		return Program{}, err
	}
	if p.Channel != stored.Channel {
		return Program{}, &Fault{Code: FaultForbidden}
	}
	changed := stored.with(p)
	if err := c.reschedule(ctx, now, stored, &changed); err != nil {
		return Program{}, err
	}
	version := changed.Version + 1
	return c.store(ctx, token, changed, Intents{{
		SID: fmt.Sprintf("%s/v%d", invitationSID(p.ID), version), Kind: KindProgram, Ref: p.ID + " " + newsInvitation,
		Channel: stored.Channel, Replaces: invitationSID(p.ID), Due: now,
	}})
}

// create makes a program of its settings.
func (c *Coffee) create(ctx context.Context, now time.Time, token Token, actor string, p Program) (Program, error) {
	scene, err := c.Scenes.Scene(ctx, p.Channel, actor)
	if err != nil {
		return Program{}, &Fault{Code: FaultUnread, Cause: err}
	}
	m := scene.Members[actor]
	if !m.Person() || m.Guest {
		return Program{}, &Fault{Code: FaultForbidden}
	}
	if err := c.checkPlace(ctx, scene.Channel, m); err != nil {
		return Program{}, err
	}
	p.Version, p.Owner, p.Created, p.Closed, p.Paused = 0, actor, now, scene.Channel.Private, false
	p.Anchor = firstOccasion(now, p)
	return c.store(ctx, token, p, Intents{{
		SID: invitationSID("{id}"), Kind: KindProgram, Ref: "{id} " + newsInvitation, Channel: p.Channel, Due: now,
	}})
}

// checkPlace makes sure that a program can live in a channel and that the person, who has to be in it, may put one there: it posts an invitation.
func (c *Coffee) checkPlace(ctx context.Context, channel Channel, actor Member) error {
	if !channel.Postable() || !present(ctx, c.Presence, channel, actor) {
		return &Fault{Code: ProgramOutside}
	}
	if channel.Shared {
		return &Fault{Code: ProgramShared}
	}
	return nil
}

func (c *Coffee) store(ctx context.Context, token Token, p Program, intents Intents) (Program, error) {
	stored, err := c.Programs.SaveProgram(ctx, token, p, roundEntry(p), intents)
	switch {
	case errors.Is(err, ErrConflict):
		return Program{}, &Fault{Code: FaultStale, Cause: err}
	case err != nil && !errors.Is(err, ErrRepeated):
		return Program{}, &Fault{Code: FaultUnsaved, Cause: err}
	}
	return stored, nil
}

func checkProgram(p Program) error {
	zone, err := time.LoadLocation(p.Zone)
	switch {
	case CountText(p.Name) == 0 || CountText(p.Name) > ProgramNameLimit:
		return &Fault{Code: ProgramName, Limit: ProgramNameLimit}
	case CountText(p.Purpose) > ProgramPurposeLimit:
		return &Fault{Code: ProgramPurpose, Limit: ProgramPurposeLimit}
	case p.Weeks < 1 || p.Weeks > 12 || p.Minute < 0 || p.Minute >= 24*60 || p.Weekday < time.Sunday || p.Weekday > time.Saturday:
		return &Fault{Code: ProgramCadence}
	case err != nil || p.Zone == "" || zone == time.Local:
		return &Fault{Code: ProgramZone, Cause: err}
	case p.Size < 2 || p.Size > 4 || p.Window < 0:
		return &Fault{Code: FaultInvalid}
	case p.Department != Ignore && p.Department != Prefer && p.Department != Require:
		return &Fault{Code: FaultInvalid}
	}
	return nil
}

// with is the program with another's settings, as far as the form has them. The version is the other's: what its author looked at.
func (p Program) with(wish Program) Program {
	p.Version, p.Name, p.Purpose = wish.Version, wish.Name, wish.Purpose
	p.Weekday, p.Minute, p.Zone, p.Weeks = wish.Weekday, wish.Minute, wish.Zone, wish.Weeks
	p.Size, p.Trios, p.Department, p.Managers = wish.Size, wish.Trios, wish.Department, wish.Managers
	return p
}

// reschedule sets when the next round of a changed program is due: not before half of the new rhythm has passed since the last one.
func (c *Coffee) reschedule(ctx context.Context, now time.Time, was Program, p *Program) error {
	if was.Weekday == p.Weekday && was.Minute == p.Minute && was.Zone == p.Zone && was.Weeks == p.Weeks {
		return nil
	}
	last, err := c.Rounds.CurrentRound(ctx, p.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return &Fault{Code: FaultUnread, Cause: err}
	}
	after := now
	if soonest := last.At.Add(time.Duration(p.Weeks) * 7 * 24 * time.Hour / 2); err == nil && soonest.After(after) {
		after = soonest
	}
	if was.Weekday == p.Weekday && was.Weeks == p.Weeks {
		p.Anchor = when.DateOf(NextRound(*p, after)) // the rhythm stays
		return nil
	}
	p.Anchor = firstOccasion(after, *p)
	return nil
}

// firstOccasion is the date of the first round after an instant, in the program's zone: the program's weekday, that very day only if the time is
// still to come.
func firstOccasion(after time.Time, p Program) Date {
	h := Hours{Zone: p.location()}
	day := h.Today(after)
	for day.Weekday() != p.Weekday || !h.At(day, p.Minute).After(after) {
		day = day.AddDays(1)
	}
	return day
}

// location is the program's zone; UTC if the zone database no longer knows it.
func (p Program) location() *time.Location {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// NextRound is the program's next round after an instant, in its zone.
func NextRound(p Program, after time.Time) time.Time {
	h := Hours{Zone: p.location()}
	for day := p.Anchor; ; day = day.AddDays(7 * max(1, p.Weeks)) {
		if at := h.At(day, p.Minute); at.After(after) {
			return at
		}
	}
}

func roundEntry(p Program) Entry {
	id := p.ID
	if id == "" {
		id = "{id}"
	}
	return Entry{
		Name: "round/" + id, Zone: p.Zone, Weeks: p.Weeks, Anchor: p.Anchor, Grace: roundGrace, Off: p.Paused,
		Spec: fmt.Sprintf("%d %d * * %d", p.Minute%60, p.Minute/60, p.Weekday),
	}
}

// EditableBy reports whether a member may change the program.
func (p Program) EditableBy(m Member, w Workspace) bool {
	return m.Person() && (p.runBy(m.ID) || w.Admin(m))
}

// runBy reports whether the program was put into a member's hands.
func (p Program) runBy(member string) bool {
	return member == p.Owner || slices.Contains(p.Editors, member)
}

// Edit returns a program for one of its editors, who asks from a channel.
func (c *Coffee) Edit(ctx context.Context, program, actor, channel string) (Program, error) {
	return c.editable(ctx, program, actor, channel)
}

// editable finds a program for one of its editors. To whom it does not exist it is not found; who sees it without being an editor may not.
func (c *Coffee) editable(ctx context.Context, program, actor, channel string) (Program, error) {
	scene, err := c.scene(ctx, actor, channel)
	if err != nil {
		return Program{}, err
	}
	p, err := scene.program(program)
	if err != nil {
		return Program{}, err
	}
	if err := c.mustSee(ctx, p, scene.seat(program, actor), channel); err != nil {
		return Program{}, err
	}
	if !p.EditableBy(scene.Members[actor], c.Settings.Current()) {
		return Program{}, &Fault{Code: FaultForbidden}
	}
	return p, nil
}

// Halt pauses a program or lets it go on, for one of its editors. Nobody's seat changes.
func (c *Coffee) Halt(ctx context.Context, _ time.Time, a SeatAct, halt bool) (Program, error) {
	p, err := c.editable(ctx, a.Program, a.Member, a.Channel)
	if err != nil || p.Paused == halt {
		return p, err
	}
	if !halt {
		scene, err := c.Scenes.Scene(ctx, p.Channel)
		if err != nil {
			return Program{}, &Fault{Code: FaultUnread, Cause: err}
		}
		if !scene.Channel.Postable() {
			return Program{}, &Fault{Code: ProgramOutside}
		}
	}
	p.Paused = halt
	return c.store(ctx, a.token(p.Version), p, nil)
}

// LoseChannel pauses the programs of a channel that the bot is no longer in, and tells their owners once.
func (c *Coffee) LoseChannel(ctx context.Context, now time.Time, channel string) error {
	programs, err := c.Programs.Programs(ctx)
	if err != nil {
		return fmt.Errorf("pause programs of %q: %w", channel, err)
	}
	for _, p := range programs {
		if p.Channel != channel || p.Paused {
			continue
		}
		if err := c.strand(ctx, now, p); err != nil {
			return fmt.Errorf("pause programs of %q: %w", channel, err)
		}
	}
	return nil
}

// strand pauses a program whose channel is gone. Somebody who changes it at the same time wins: the next round tries again.
func (c *Coffee) strand(ctx context.Context, now time.Time, p Program) error {
	p.Paused = true
	sid := fmt.Sprintf("program/%s/stranded/v%d", p.ID, p.Version)
	_, err := c.Programs.SaveProgram(ctx, Token(sid), p, roundEntry(p), Intents{{
		SID: sid, Kind: KindProgram, Ref: p.ID + " " + newsStranded, Members: []string{p.Owner}, Due: now,
	}})
	if errors.Is(err, ErrRepeated) || errors.Is(err, ErrConflict) {
		return nil
	}
	return err
}

// followChannel makes a program as private as its channel has become.
func (c *Coffee) followChannel(ctx context.Context, p Program, channel Channel) error {
	p.Closed = channel.Private
	token := Token(fmt.Sprintf("program/%s/closed/v%d", p.ID, p.Version))
	_, err := c.Programs.SaveProgram(ctx, token, p, roundEntry(p), nil)
	if errors.Is(err, ErrRepeated) || errors.Is(err, ErrConflict) {
		return nil // whoever was faster: the next round looks again
	}
	return err
}
