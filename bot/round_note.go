package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// RoundNoteLong is the fault of a note that is longer than [MaxRoundNote]; Limit says how long it may be.
const RoundNoteLong FaultCode = "round_note_long"

const (
	// MaxRoundNote is how long a note may be, in characters (runes).
	MaxRoundNote = 300
	// RoundNoteLimit is how many notes are kept of a person: the latest. They are read with the person's preferences, so there may not be many.
	RoundNoteLimit = 6
)

// RoundNote is what somebody keeps for themselves of a coffee. Nobody else ever sees it: stores seal it, it stands in no message, and it goes with the person.
type RoundNote struct {
	Round string    `json:"round"` // id
	Group string    `json:"group"` // key
	With  []string  `json:"with"`  // the others of the group
	Text  string    `json:"text"`
	At    time.Time `json:"at"` // when it was last changed
}

// NoteOf finds the note on a round of a program; the zero note if there is none.
func (p Preferences) NoteOf(round string) RoundNote {
	i := slices.IndexFunc(p.Notes, func(n RoundNote) bool { return n.Round == round })
	if i < 0 {
		return RoundNote{}
	}
	return p.Notes[i]
}

// LastNote finds the note on the latest coffee of a program of which there is one; the zero note if there is none.
func (p Preferences) LastNote(program string) RoundNote {
	var last RoundNote
	for _, n := range p.Notes {
		if n.Round == roundID(program, numberOf(n.Round)) && (last.Round == "" || numberOf(n.Round) > numberOf(last.Round)) {
			last = n
		}
	}
	return last
}

// noted replaces the note on the same round, and keeps the latest. One without a text is taken away.
func (p Preferences) noted(n RoundNote) []RoundNote {
	notes := slices.DeleteFunc(slices.Clone(p.Notes), func(o RoundNote) bool { return o.Round == n.Round })
	if n.Text != "" {
		notes = append(notes, n)
	}
	return notes[max(0, len(notes)-RoundNoteLimit):]
}

// KeepNote keeps a member's own note on a coffee, in place of the one that they had on it; an empty text deletes that.
func (c *Coffee) KeepNote(ctx context.Context, now time.Time, a RoundAct, text string) (RoundNote, error) {
	text = strings.TrimSpace(cleanText(text))
	if utf8.RuneCountInString(text) > MaxRoundNote {
		return RoundNote{}, &Fault{Code: RoundNoteLong, Limit: MaxRoundNote}
	}
	note, err := c.NoteOn(ctx, a)
	if err != nil {
		return RoundNote{}, err
	}
	note.Text, note.At = text, now
	return note, c.changeNotes(ctx, a.Token, a.Member, func(p Preferences) []RoundNote { return p.noted(note) })
}

// NoteOn finds a member's own note on a coffee that they had, or an empty one. A note that is there stays theirs also when the groups of the round are kept no more.
func (c *Coffee) NoteOn(ctx context.Context, a RoundAct) (RoundNote, error) {
	p, err := c.preferencesOf(ctx, a.Member)
	if err != nil {
		return RoundNote{}, err
	}
	if note := p.NoteOf(a.Round); note.Round != "" {
		return note, nil
	}
	_, g, _, err := c.seated(ctx, a)
	if err != nil {
		return RoundNote{}, err
	}
	with := slices.DeleteFunc(slices.Clone(g.Members), func(id string) bool { return id == a.Member })
	return RoundNote{Round: a.Round, Group: g.Key, With: with}, nil
}

// ForgetNotes deletes all notes of a member.
func (c *Coffee) ForgetNotes(ctx context.Context, token Token, member string) error {
	return c.changeNotes(ctx, token, member, func(Preferences) []RoundNote { return nil })
}

// MyNotes are a member's own notes, the latest last.
func (c *Coffee) MyNotes(ctx context.Context, member string) ([]RoundNote, error) {
	p, err := c.preferencesOf(ctx, member)
	return p.Notes, err
}

func (c *Coffee) preferencesOf(ctx context.Context, member string) (Preferences, error) {
	all, err := c.Preferences.Preferences(ctx, member)
	if err != nil {
		return Preferences{}, &Fault{Code: FaultUnread, Cause: err}
	}
	p := all[member]
	p.Member = member
	return p, nil
}

func (c *Coffee) changeNotes(ctx context.Context, token Token, member string, edit func(Preferences) []RoundNote) error {
	for range 3 {
		p, err := c.preferencesOf(ctx, member)
		if err != nil {
			return err
		}
		p.Notes = edit(p)
		err = c.Preferences.SavePreferences(ctx, token, p, nil, nil)
		switch {
		case err == nil, errors.Is(err, ErrRepeated):
			return nil
		case !errors.Is(err, ErrConflict):
			return &Fault{Code: FaultUnsaved, Cause: err}
		}
	}
	return &Fault{Code: FaultStale}
}
