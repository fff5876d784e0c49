package bot

import "cmp"

// What the numbers of [KudosSettings] can be, beside 0 for the standard. CharactersMost is what an input of Slack's forms holds.
const (
	RecipientsMost  = 50
	LettersMost     = 100
	CharactersLeast = 100
	CharactersMost  = 3000
	DailyMost       = 1000
)

// What can be wrong with [KudosSettings]: a number out of its range, or no emoji.
const (
	RangeRecipients FaultCode = "range_recipients"
	RangeLetters    FaultCode = "range_letters"
	RangeCharacters FaultCode = "range_characters"
	RangeDaily      FaultCode = "range_daily"
	KudosEmoji      FaultCode = "kudos_emoji"
)

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

// Tidy is s as it is stored, of what was typed. What is no emoji stays as it is, for [KudosSettings.Wrong] to name.
func (s KudosSettings) Tidy() KudosSettings {
	if name, ok := emojiNamed(s.Reaction); ok {
		s.Reaction = name
	}
	return s
}

// Wrong lists what is wrong with tidy settings by themselves.
func (s KudosSettings) Wrong() []FaultCode {
	var wrong []FaultCode
	between := func(code FaultCode, n, least, most int) {
		if n != 0 && (n < least || n > most) {
			wrong = append(wrong, code)
		}
	}
	between(RangeRecipients, s.Recipients, 1, RecipientsMost)
	between(RangeLetters, s.Letters, 1, LettersMost)
	between(RangeCharacters, s.Characters, CharactersLeast, CharactersMost)
	between(RangeDaily, s.Daily, 1, DailyMost)
	if name, ok := emojiNamed(s.Reaction); s.Reaction != "" && (!ok || name != s.Reaction) {
		wrong = append(wrong, KudosEmoji)
	}
	return append(wrong, s.wrongChannel()...)
}

// wrongChannel names an id that no picker gives.
func (s KudosSettings) wrongChannel() []FaultCode {
	if s.Channel == "" || isSlackID(s.Channel, "CG") {
		return nil
	}
	return []FaultCode{KudosChannel}
}

// Seen tells one state of the settings from another.
func (s KudosSettings) Seen() string { return fingerprint(s) }

// changed names the settings in which now differs.
func (s KudosSettings) changed(now KudosSettings) []string {
	var names []string
	for _, f := range []struct {
		name    string
		differs bool
	}{
		{"recipients", s.Recipients != now.Recipients},
		{"letters", s.Letters != now.Letters},
		{"characters", s.Characters != now.Characters},
		{"daily", s.Daily != now.Daily},
		{"guests", s.NoGuests != now.NoGuests},
		{"channel", s.Channel != now.Channel},
		{"reaction", s.Reaction != now.Reaction},
	} {
		if f.differs {
			names = append(names, f.name)
		}
	}
	return names
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
