package bot

import "cmp"

// KudosSettings are what a workspace decided about kudos. The zero value is the standard.
type KudosSettings struct {
	Recipients int    `json:"recipients,omitempty"` // people that can be thanked at once; 0: the standard, as with every number here
	Letters    int    `json:"letters,omitempty"`    // that a message needs; half of it, rounded down but at least one, in scripts without spaces
	Characters int    `json:"characters,omitempty"` // that a message may have
	Daily      int    `json:"daily,omitempty"`      // kudos that a giver can give on one day of theirs
	NoGuests   bool   `json:"no_guests,omitempty"`  // guests are not thanked
	Channel    string `json:"channel,omitempty"`    // where a kudos can be posted, after a preview, that was given where the bot cannot post; empty for nowhere
	Reaction   string `json:"reaction,omitempty"`   // name of the emoji that counts as a kudos, without colons; empty for none
}

// Help is one kind of quiet help with thanking, by direct message, for who asked for it.
type Help string

// The kinds of help.
const (
	HelpCoffee  Help = "coffee"  // after a coffee that was met
	HelpPromise Help = "promise" // after a promise that was kept for them
	HelpDigest  Help = "digest"  // the day before a digest of a channel in which they gave or got kudos: whose work went unseen?
)

// Limits bound what a kudos may be in this workspace.
func (r *Recognition) Limits() KudosLimits {
	set, limits := r.Settings.Current().Kudos, StandardKudosLimits()
	limits.Recipients = cmp.Or(set.Recipients, limits.Recipients)
	limits.Characters = cmp.Or(set.Characters, limits.Characters)
	if set.Letters > 0 {
		limits.Letters, limits.Dense = set.Letters, max(1, set.Letters/2)
	}
	return limits
}

// DailyLimit is how many kudos a giver can give on one day of theirs.
func (r *Recognition) DailyLimit() int { return cmp.Or(r.Settings.Current().Kudos.Daily, r.Daily) }
