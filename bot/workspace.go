package bot

import (
	"context"
	"time"
)

// Workspace is what the bot knows of the place it is installed in, and its settings.
type Workspace struct {
	Version   int       `json:"version"`
	Team      string    `json:"team"`
	BotUser   string    `json:"bot_user"`
	Installer string    `json:"installer,omitempty"` // the only person who hears from the bot unasked, once
	Zone      string    `json:"zone"`                // for whom and what has none of its own
	Values    []Value   `json:"values"`              // what kudos can be given for
	Admins    []string  `json:"admins,omitempty"`    // appointed, beside the workspace's own admins
	Installed time.Time `json:"installed"`

	Kudos       KudosSettings `json:"kudos,omitzero"`
	Departments []Source      `json:"departments,omitempty"` // the order in which sources of departments are asked; empty: [StandardSources]
}

// Value is one thing that a workspace wants to see thanked: "#trust".
type Value struct {
	Name     string `json:"name"`     // letters, digits, "-" and "_", unlike every other one; those of an earlier version may hold spaces
	Emoji    string `json:"emoji"`    // ":handshake:" or the emoji itself; a colour is the emoji of a circle or square in it
	Sentence string `json:"sentence"` // what it means, unescaped
}

// StandardValues are the values that every workspace begins with.
func StandardValues() []Value {
	return []Value{
		{Name: "trust", Emoji: ":handshake:", Sentence: "You did what you said, or said early that you could not."},
		{Name: "respect", Emoji: ":raised_hands:", Sentence: "You took somebody's time, work or view seriously."},
		{Name: "listening", Emoji: ":ear:", Sentence: "You heard what was meant before you answered."},
		{Name: "influence", Emoji: ":bulb:", Sentence: "You changed how I see or do something."},
	}
}

// WorkspaceStore keeps the workspace's record.
type WorkspaceStore interface {
	// Workspace answers [ErrNotFound] before the first start.
	Workspace(ctx context.Context) (Workspace, error)
	// SaveWorkspace stores w if the stored version is still w.Version, else [ErrConflict].
	SaveWorkspace(ctx context.Context, token Token, w Workspace, intents Intents) error
}

// ShownValue is how the value of a kudos is shown: as the workspace has it, or by its name alone once it is no longer there.
func (w Workspace) ShownValue(name string) Value {
	if v := w.Value(name); v.Name != "" {
		return v
	}
	return Value{Name: name}
}

// Value finds a value by its name; the zero value if there is none of that name.
func (w Workspace) Value(name string) Value {
	for _, v := range w.Values {
		if v.Name == name {
			return v
		}
	}
	return Value{}
}
