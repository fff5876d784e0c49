package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// How long the parts of a profile may be, in characters (runes). An introduction of four people who fill in everything still fits into one message of Slack's.
const (
	MaxProfileText = 200 // of each sentence
	MaxTopics      = 8   // offers, asks or languages
	MaxTopic       = 40
	MaxOffice      = 60
)

// profileRest is how long nobody is asked for a profile again after they last saved it, confirmed it or were asked.
const profileRest = 180 * 24 * time.Hour

// What can be too long in a profile; Limit says how much is not.
const (
	ProfileHelp      FaultCode = "profile_help"
	ProfileOffers    FaultCode = "profile_offers"
	ProfileAsks      FaultCode = "profile_asks"
	ProfileSupport   FaultCode = "profile_support"
	ProfileStyle     FaultCode = "profile_style"
	ProfileOffice    FaultCode = "profile_office"
	ProfileLanguages FaultCode = "profile_languages"
)

// Empty reports whether the profile says nothing.
func (p Profile) Empty() bool {
	return p.Help+p.Support+p.Style+p.Office == "" && len(p.Offers)+len(p.Asks)+len(p.Languages) == 0
}

// Due reports whether it is time to ask for the profile, or whether it still holds: nothing was heard of it for half a year, or ever.
func (p Profile) Due(now time.Time) bool {
	last := p.Updated
	if p.Asked.After(last) {
		last = p.Asked
	}
	return now.Sub(last) >= profileRest
}

// Mark tells what a profile says from what another one says, whenever either was saved.
func (p Profile) Mark() string {
	p.Updated, p.Asked = time.Time{}, time.Time{}
	raw, err := json.Marshal(p)
	if err != nil { // strings and lists of strings always are JSON
		return ""
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8])
}

// Tidy returns the profile as it is kept: each part on one line, without what only harms, no topic twice.
func (p Profile) Tidy() Profile {
	for _, text := range []*string{&p.Help, &p.Support, &p.Style, &p.Office} {
		*text = oneLine(*text)
	}
	for _, list := range []*[]string{&p.Offers, &p.Asks, &p.Languages} {
		*list = ReadTopics(strings.Join(*list, ","))
	}
	return p
}

// oneLine drops control characters and turns every stretch of space into one space.
func oneLine(text string) string { return strings.Join(strings.Fields(cleanText(text)), " ") }

// ReadTopics reads topics as people type them, with commas or on lines of their own; each once, whatever its case.
func ReadTopics(text string) []string {
	var topics []string
	for part := range strings.FieldsFuncSeq(cleanText(text), func(r rune) bool { return strings.ContainsRune(",;\n、，；،", r) }) {
		topic := strings.TrimPrefix(oneLine(part), "#")
		if topic != "" && !slices.ContainsFunc(topics, func(known string) bool { return sameTopic(known, topic) }) {
			topics = append(topics, topic)
		}
	}
	return topics
}

func sameTopic(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

func hasTopic(list []string, topic string) bool {
	return slices.ContainsFunc(list, func(own string) bool { return sameTopic(own, topic) })
}

// Faults are all that is too long in a profile, in the order of the form.
func (p Profile) Faults() []*Fault {
	var faults []*Fault
	text := func(code FaultCode, said string, limit int) {
		if utf8.RuneCountInString(said) > limit {
			faults = append(faults, &Fault{Code: code, Limit: limit})
		}
	}
	topics := func(code FaultCode, list []string) {
		long := slices.ContainsFunc(list, func(topic string) bool { return utf8.RuneCountInString(topic) > MaxTopic })
		if long || len(list) > MaxTopics {
			faults = append(faults, &Fault{Code: code, Limit: MaxTopics})
		}
	}
	text(ProfileHelp, p.Help, MaxProfileText)
	topics(ProfileOffers, p.Offers)
	topics(ProfileAsks, p.Asks)
	text(ProfileSupport, p.Support, MaxProfileText)
	text(ProfileStyle, p.Style, MaxProfileText)
	text(ProfileOffice, p.Office, MaxOffice)
	topics(ProfileLanguages, p.Languages)
	return faults
}

// SaveProfile stores what a member says of themselves; an empty profile deletes the one that is there. seen is the [Profile.Mark] of the one that they had before them: if
// they changed it elsewhere meanwhile, nothing is saved, and the answer is [FaultStale] with what is stored now.
// It also returns the member as the directory knows them.
func (h *Host) SaveProfile(ctx context.Context, now time.Time, token Token, member, seen string, said Profile) (Profile, Member, error) {
	said = said.Tidy()
	if faults := said.Faults(); len(faults) > 0 {
		return Profile{}, Member{}, faults[0]
	}
	return h.changeProfile(ctx, token, member, func(p Profile) (Profile, error) {
		if mark := p.Mark(); mark != seen && mark != said.Mark() {
			return p, &Fault{Code: FaultStale}
		}
		said.Updated, said.Asked = now, p.Asked
		return said, nil
	})
}

// ConfirmProfile notes that a member's profile still holds.
func (h *Host) ConfirmProfile(ctx context.Context, now time.Time, token Token, member string) (Profile, error) {
	p, _, err := h.changeProfile(ctx, token, member, func(p Profile) (Profile, error) {
		p.Updated = now
		return p, nil
	})
	return p, err
}

// AskedForProfile notes that a member was asked for their profile, so that nobody asks again for half a year.
func (h *Host) AskedForProfile(ctx context.Context, now time.Time, token Token, member string) error {
	_, _, err := h.changeProfile(ctx, token, member, func(p Profile) (Profile, error) {
		p.Asked = now
		return p, nil
	})
	return err
}

// changeProfile stores what edit makes of a member's profile as it is now, or returns what edit returned with its error.
func (h *Host) changeProfile(ctx context.Context, token Token, member string, edit func(Profile) (Profile, error)) (Profile, Member, error) {
	for range 3 {
		scene, err := h.SceneOf(ctx, member)
		if err != nil {
			return Profile{}, Member{}, err
		}
		m := scene.Members[member]
		if m.ID != "" && !m.Person() {
			return Profile{}, Member{}, &Fault{Code: FaultForbidden}
		}
		p := scene.Preferences[member]
		p.Member = member
		changed, err := edit(p.Profile)
		if err != nil {
			return changed, m, err
		}
		p.Profile = changed
		err = h.Preferences.SavePreferences(ctx, token, p, nil, nil)
		switch {
		case err == nil, errors.Is(err, ErrRepeated):
			m.ID = member
			return changed, m, nil
		case !errors.Is(err, ErrConflict):
			return Profile{}, Member{}, &Fault{Code: FaultUnsaved, Cause: err}
		}
	}
	return Profile{}, Member{}, &Fault{Code: FaultStale}
}
