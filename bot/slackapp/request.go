package slackapp

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/bot"
)

// Request is one thing that a person did or that happened in Slack, the same for all kinds. What a kind does not have is zero.
type Request struct {
	Kind        Kind
	Name        string    // what the routes table knows it by: "/kudos", "kudos.undo", a callback id, "message.im"
	Now         time.Time // of the clock, when it was received
	Token       bot.Token // the same for the same act, however often and by whichever connection it comes
	Team        string
	User        string // who did it
	Channel     string // where; empty in a modal and on Home
	TriggerID   string // opens one modal within three seconds
	ResponseURL string // five uses in thirty minutes
	Text        string // of a command or message, as Slack escaped it
	Rest        string // of a command routed by its first word: what follows that word
	Action      Action
	View        View
	Values      Values
	Message     Source
	Event       Event

	press string // tells one press of a button from the next, where the token does not; empty for other kinds
}

// Action is a button that was pressed or an element that was changed.
type Action struct {
	ID      string // "<noun>.<verb>", without the ordinal that keeps repeated ones apart
	BlockID string
	Value   string // of a button: the object's id and whatever the view put there
	Picked  Picked // of every other element
}

// View is the modal or Home tab in which something was done.
type View struct {
	ID              string
	Home            bool
	CallbackID      string
	ExternalID      string
	Hash            string   // changes with each update; pass it on to not overwrite a newer one
	PrivateMetadata string   // people can forge it: check what it says
	Inputs          []string // block ids of its inputs, from top to bottom
}

// Source is the message that holds the button, or on which a shortcut was used.
type Source struct {
	Channel   string
	TS        string
	ThreadTS  string
	User      string // its author; empty for some bots
	Bot       bool   // written by an app
	Text      string // as Slack escaped it
	Ephemeral bool   // only its reader has it: it is changed through the response URL alone
}

// Event is what the Events API told. Raw is the inner event for kinds with more to say, such as user_change.
type Event struct {
	ID       string // Slack's; not stable over redeliveries
	Type     string // with the channel type for messages: "message.im"
	Subtype  string
	User     string
	Bot      bool // of a message: an app wrote it
	Channel  string
	Text     string
	TS       string
	ThreadTS string
	Tab      string // of app_home_opened: home or messages
	Inviter  string // of member_joined_channel
	Reaction string // of reaction_added and reaction_removed
	ItemTS   string // of the message that was reacted to
	Raw      json.RawMessage
}

// Values are a form's inputs by block id; an input block has one element.
type Values map[string]Picked

// Picked is what stands in one input or was picked in one element.
type Picked struct {
	Text          string   // of text inputs, as typed: not escaped
	Option        string   // value of the option of a select, radio buttons or overflow menu
	Options       []string // values of the options of checkboxes or a multi-select
	Date          string   // 2026-03-27
	Time          string   // 17:00
	At            int64    // seconds since 1970, of a date-time picker
	User          string
	Users         []string
	Conversation  string // also of a channel select
	Conversations []string
}

// Text returns a text input, trimmed; "" if it is empty or missing.
func (v Values) Text(block string) string { return strings.TrimSpace(v[block].Text) }

// Option returns the picked option's value, or "".
func (v Values) Option(block string) string { return v[block].Option }

// Options returns the values of the ticked options.
func (v Values) Options(block string) []string { return v[block].Options }

// Ticked reports whether the option is among the ticked ones.
func (v Values) Ticked(block, option string) bool {
	return slices.Contains(v[block].Options, option)
}

// User returns the picked member's id, or "".
func (v Values) User(block string) string { return v[block].User }

// Users returns the picked members' ids.
func (v Values) Users(block string) []string { return v[block].Users }

// Conversation returns the picked conversation's id, or "".
func (v Values) Conversation(block string) string { return v[block].Conversation }

// Date returns the picked day. False if none was picked, or what came is no date.
func (v Values) Date(block string) (bot.Date, bool) { return v[block].Day() }

// Minute returns the picked time in minutes after midnight. False if none was picked, or what came is no time.
func (v Values) Minute(block string) (int, bool) { return v[block].Minute() }

// Number returns a number that was typed or picked. False if it is none.
func (v Values) Number(block string) (int, bool) {
	text := v.Text(block)
	if text == "" {
		text = v.Option(block)
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// Day returns the picked day. False if none was picked, or what came is no date.
func (p Picked) Day() (bot.Date, bool) {
	t, err := time.Parse(time.DateOnly, p.Date)
	if err != nil {
		return bot.Date{}, false
	}
	return bot.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}, true
}

// Minute returns the picked time in minutes after midnight. False if none was picked, or what came is no time.
func (p Picked) Minute() (int, bool) {
	t, err := time.Parse("15:04", p.Time)
	if err != nil {
		return 0, false
	}
	return t.Hour()*60 + t.Minute(), true
}
