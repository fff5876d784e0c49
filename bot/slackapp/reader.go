package slackapp

import (
	"context"

	"rapport/bot"
)

// Readers finds out how a member reads, for messages whose content does not say it.
type Readers struct {
	Members     bot.Directory       // required
	Preferences bot.PreferenceStore // required
	Zone        func() string       // required: the workspace's zone, an IANA name
}

// Reader returns how a member reads, in two reads of the store. Whom the directory does not know reads English in the workspace's zone.
func (r Readers) Reader(ctx context.Context, member string) (Reader, error) {
	members, err := r.Members.Members(ctx, member)
	if err != nil {
		return Reader{}, err
	}
	preferences, err := r.Preferences.Preferences(ctx, member)
	if err != nil {
		return Reader{}, err
	}
	return NewReader(members[member], preferences[member], r.Zone()), nil
}

// Everybody is the reader of what many people read at once: English, in the workspace's zone.
func (r Readers) Everybody() Reader { return Reader{Zone: firstZone(r.Zone())} }
