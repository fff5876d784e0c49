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

	Mentorships MentorshipStore // of mentor programs
	Preferences PreferenceStore // holds what people note for themselves
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

// ProgramAct is something that somebody does about a program's settings.
type ProgramAct struct {
	Token   Token
	Actor   string
	Program string
	Version int    // of the settings that they looked at
	Channel string // where they do it; may be empty
}

// ProgramChange is what became of a change of settings. Where nothing changed both are the same; where the same act came again Was is the zero value.
type ProgramChange struct{ Was, Program Program }

// Unchanged reports whether there was nothing to change.
func (c ProgramChange) Unchanged() bool { return c.Was.ID != "" && c.Was.Version == c.Program.Version }

// Save creates a program, or changes the settings of the one that p.ID names if p.Version is the stored one. Any full member may create one, its
// editors may change it. Of p only the settings count: who owns the program, its channel and whether it is paused stay as stored.
func (c *Coffee) Save(ctx context.Context, now time.Time, token Token, actor string, p Program) (Program, error) {
	if p.ID == "" {
		return c.create(ctx, now, token, actor, p)
	}
	changed, err := c.Change(ctx, now, ProgramAct{Token: token, Actor: actor, Program: p.ID, Version: p.Version}, func(stored *Program) error {
		if p.Channel != stored.Channel {
			return &Fault{Code: FaultForbidden}
		}
		*stored = stored.with(p)
		return nil
	})
	return changed.Program, err
}

// nameTries is how often a program is stored whose name was found free, while others are given names.
const nameTries = 3

// Change changes a program's settings, for one of its editors who looked at the version that is stored. edit may be called more than once.
func (c *Coffee) Change(ctx context.Context, now time.Time, a ProgramAct, edit func(*Program) error) (ProgramChange, error) {
	for try := 1; ; try++ {
		change, named, err := c.changeOnce(ctx, now, a, edit)
		if !named || !errors.Is(err, ErrConflict) || try == nameTries {
			return change, err
		}
	}
}

// changeOnce is one try to change a program; named says that its name was new, so that a conflict may be one of names.
func (c *Coffee) changeOnce(ctx context.Context, now time.Time, a ProgramAct, edit func(*Program) error) (_ ProgramChange, named bool, err error) {
	stored, scene, err := c.editableIn(ctx, a.Program, a.Actor, a.Channel)
	if err != nil {
		return ProgramChange{}, false, err
	}
	wish := stored
	if err := edit(&wish); err != nil {
		return ProgramChange{}, false, err
	}
	wish.Version = a.Version
	changed := stored.with(wish).settled()
	if err := c.checkChange(ctx, stored, changed, scene); err != nil {
		return ProgramChange{}, false, err
	}
	if a.Version == stored.Version && changed.same(stored.settled()) {
		return ProgramChange{Was: stored, Program: stored}, false, nil
	}
	if err := c.reschedule(ctx, now, stored, &changed); err != nil {
		return ProgramChange{}, false, err
	}
	if named = changed.Name != stored.Name && a.Version == stored.Version; named {
		changed.Names = scene.Names
	}
	saved, repeated, err := c.put(ctx, a.Token, changed, Intents{invitationAgain(now, stored, changed.Version+1)})
	if err != nil || repeated {
		return ProgramChange{Program: saved}, named, err
	}
	return ProgramChange{Was: stored, Program: saved}, named, nil
}

// checkChange finds what is wrong with changed settings, by themselves and beside other programs and people.
func (c *Coffee) checkChange(ctx context.Context, was, p Program, scene ProgramScene) error {
	if err := checkProgram(p); err != nil {
		return err
	}
	if p.Name != was.Name {
		if err := checkName(p, scene.Programs); err != nil {
			return err
		}
	}
	if p.Theme != "" && p.Theme != was.Theme && !slices.Contains(c.Themes(), p.Theme) {
		return &Fault{Code: FaultInvalid}
	}
	if slices.Equal(p.Editors, was.Editors) {
		return nil
	}
	people, err := c.Scenes.Scene(ctx, "", p.Editors...)
	if err != nil {
		return &Fault{Code: FaultUnread, Cause: err}
	}
	return checkEditors(p, was.Editors, people.Members)
}

// invitationAgain writes a program's invitation anew after a change.
func invitationAgain(now time.Time, p Program, version int) Send {
	return Send{
		SID: fmt.Sprintf("%s/v%d", invitationSID(p.ID), version), Kind: KindProgram, Ref: p.ID + " " + newsInvitation,
		Channel: p.Channel, Replaces: invitationSID(p.ID), Due: now,
	}
}

// create makes a program of its settings. Somebody may give another program a name meanwhile: then it is looked again whether this one's is free.
func (c *Coffee) create(ctx context.Context, now time.Time, token Token, actor string, p Program) (Program, error) {
	for try := 1; ; try++ {
		made, err := c.createOnce(ctx, now, token, actor, p)
		if !errors.Is(err, ErrConflict) || try == nameTries {
			return made, err
		}
	}
}

func (c *Coffee) createOnce(ctx context.Context, now time.Time, token Token, actor string, p Program) (Program, error) {
	p.Owner = actor
	p = p.settled()
	scene, err := c.scene(ctx, actor, p.Channel)
	if err != nil {
		return Program{}, err
	}
	m := scene.Members[actor]
	if !m.Person() || m.Guest {
		return Program{}, &Fault{Code: FaultForbidden}
	}
	if err := c.checkPlace(ctx, scene.Channel, m); err != nil {
		return Program{}, err
	}
	if twin, ok := p.twin(scene.Programs, now); ok {
		return twin, nil
	}
	if err := c.checkChange(ctx, Program{}, p, scene); err != nil {
		return Program{}, err
	}
	p.Version, p.Created, p.Closed, p.Paused, p.Names = 0, now, scene.Channel.Private, false, scene.Names
	p.Anchor = firstOccasion(now, p)
	return c.store(ctx, token, p, Intents{{
		SID: invitationSID("{id}"), Kind: KindProgram, Ref: "{id} " + newsInvitation, Channel: p.Channel, Due: now,
	}})
}

// twinWindow is how long the same form again is the same act, as long as stores keep tokens.
const twinWindow = 3 * time.Hour

// twin finds the program that the same person just made of the same form: a form may come twice, and its name is taken by then.
func (p Program) twin(all []Program, now time.Time) (Program, bool) {
	for _, other := range all {
		if other.Channel == p.Channel && other.Owner == p.Owner && other.Form == p.Form && now.Sub(other.Created) < twinWindow && other.same(other.with(p)) {
			return other, true
		}
	}
	return Program{}, false
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
	stored, _, err := c.put(ctx, token, p, intents)
	return stored, err
}

// put stores a program; repeated says that the same act came before.
func (c *Coffee) put(ctx context.Context, token Token, p Program, intents Intents) (stored Program, repeated bool, err error) {
	stored, err = c.Programs.SaveProgram(ctx, token, p, roundEntry(p), intents)
	switch {
	case errors.Is(err, ErrConflict):
		return Program{}, false, &Fault{Code: FaultStale, Cause: err}
	case errors.Is(err, ErrRepeated):
		return stored, true, nil
	case err != nil:
		return Program{}, false, &Fault{Code: FaultUnsaved, Cause: err}
	}
	return stored, false, nil
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
		regular := *p
		regular.Holidays = "" // the anchor is a day of the rhythm, not the one that a holiday moves a round to
		p.Anchor = when.DateOf(NextRound(regular, after))
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

// NextRound is when the program's next round after an instant begins, in its zone; see [Program.Begins].
func NextRound(p Program, after time.Time) time.Time {
	h := Hours{Zone: p.location()}
	for day := p.Anchor; ; day = day.AddDays(7 * max(1, p.Weeks)) {
		if at := p.Begins(h.At(day, p.Minute)); at.After(after) {
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
	p, _, err := c.editableIn(ctx, program, actor, channel)
	return p, err
}

// editableIn is editable with what was read.
func (c *Coffee) editableIn(ctx context.Context, program, actor, channel string) (Program, ProgramScene, error) {
	scene, err := c.scene(ctx, actor, channel)
	if err != nil {
		return Program{}, ProgramScene{}, err
	}
	p, err := scene.program(program)
	if err != nil {
		return Program{}, ProgramScene{}, err
	}
	if err := c.mustSee(ctx, p, scene.seat(program, actor), channel); err != nil {
		return Program{}, ProgramScene{}, err
	}
	if !p.EditableBy(scene.Members[actor], c.Settings.Current()) {
		return Program{}, ProgramScene{}, &Fault{Code: FaultForbidden}
	}
	return p, scene, nil
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
