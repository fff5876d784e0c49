package bot

import (
	"context"
	"time"
)

// Member is one person of the workspace as the directory knows them: synchronised from Slack, never typed by hand.
type Member struct {
	ID         string    `json:"id"` // Slack's user id, U… or W…
	Name       string    `json:"name"`
	Handle     string    `json:"handle,omitempty"`
	Title      string    `json:"title,omitempty"`
	Department string    `json:"department,omitempty"` // as the first source in the workspace's order says, the person's own apart: see [Department]
	Zone       string    `json:"zone,omitempty"`       // IANA name; empty if Slack has none
	Locale     string    `json:"locale,omitempty"`     // BCP 47, such as en-US
	Manager    string    `json:"manager,omitempty"`    // a member's id, or whatever the profile's field holds
	Office     string    `json:"office,omitempty"`
	Level      string    `json:"level,omitempty"`
	Bot        bool      `json:"bot,omitempty"`
	Deleted    bool      `json:"deleted,omitempty"`
	Guest      bool      `json:"guest,omitempty"`
	Stranger   bool      `json:"stranger,omitempty"` // from another company, over Slack Connect
	Admin      bool      `json:"admin,omitempty"`    // workspace owner or admin
	Seen       time.Time `json:"seen,omitzero"`      // when the directory last learned something new of them
	Read       time.Time `json:"read,omitzero"`      // when their custom profile fields were read; zero: never
	Stale      bool      `json:"stale,omitempty"`    // the custom profile fields are to be read again

	Says Said `json:"says,omitzero"` // what each source says, so that another order needs no other look
}

// Person reports whether the member is a present human colleague: the ones who can be thanked, promised to and paired.
func (m Member) Person() bool { return m.ID != "" && !m.Bot && !m.Deleted && !m.Stranger }

// Directory looks people up. Ids that it does not know are missing from the answer; that is no error.
type Directory interface {
	Members(ctx context.Context, ids ...string) (map[string]Member, error)
}

// Roster is every member of the directory.
type Roster interface {
	AllMembers(ctx context.Context) ([]Member, error)
}
