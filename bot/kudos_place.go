package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// KudosPlace is where a kudos goes, or why it goes to its recipients alone.
type KudosPlace string

// The places.
const (
	PlaceChannel KudosPlace = "channel" // into the channel where it was given, and to the recipients
	PlacePrivate KudosPlace = "private" // the giver wanted it so
	PlaceNowhere KudosPlace = "nowhere" // it was given outside of any channel
	PlaceOutside KudosPlace = "outside" // a DM, or a channel that the bot, or the giver, is not in
	PlaceShared  KudosPlace = "shared"  // other companies read that channel
	PlaceQuiet   KudosPlace = "quiet"   // every recipient chose to be thanked privately
	PlaceWider   KudosPlace = "wider"   // more people could read it there than the form said
)

// kudosPostLife is how late a kudos still belongs into its channel.
const kudosPostLife = 3 * 24 * time.Hour

// kudosNoteLife is how late a kudos still reaches its recipient: after a pause of seven weeks, a long leave, it is as welcome as on its day. It is
// less than the eight weeks for which the ledger tells what became of the post, which a note needs to say truthfully where the kudos stands.
const kudosNoteLife = 55 * 24 * time.Hour

// place decides where a kudos goes: into the channel where it was given if the bot can post there and nobody outside reads it, else to the
// recipients alone. A channel that the giver cannot be shown to be in is struck from g.
func (r *Recognition) place(ctx context.Context, g *GiveKudos, recipients []string, scene Scene) (KudosPlace, []string) {
	c, quiet := scene.Channel, quietOf(recipients, scene)
	switch {
	case g.Input.Private:
		return PlacePrivate, nil
	case g.Channel == "":
		return PlaceNowhere, nil
	case g.FromForm && (c.ID != g.Channel || !r.present(ctx, c, g.Giver, scene.Members[g.Giver])):
		g.Channel, g.AboutTS = "", ""
		return PlaceOutside, nil
	case c.ID != g.Channel || !c.Postable():
		return PlaceOutside, nil
	case c.Shared:
		return PlaceShared, nil
	case g.Said.narrower(c):
		return PlaceWider, nil
	case len(quiet) == len(recipients):
		return PlaceQuiet, nil
	}
	return PlaceChannel, quiet
}

// narrower reports whether a form named fewer readers than a post in the channel has now: somebody brought the bot in, or opened the channel to more people, while the
// form was open.
func (s KudosStage) narrower(c Channel) bool {
	switch s.Place {
	case PlaceNowhere, PlaceOutside, PlaceShared:
		return true
	}
	return s.Closed && !c.Private
}

// quietOf are those who want to be thanked privately.
func quietOf(recipients []string, scene Scene) []string {
	var quiet []string
	for _, id := range recipients {
		if scene.Preferences[id].KudosDM == KudosPrivately {
			quiet = append(quiet, id)
		}
	}
	return quiet
}

// present reports whether a member is in a channel, also one whom the directory does not know.
func (r *Recognition) present(ctx context.Context, c Channel, member string, m Member) bool {
	m.ID = member
	return present(ctx, r.Presence, c, m)
}

// Permalink is the address of a message in a channel; empty where it cannot be told.
func (r *Recognition) Permalink(channel, ts string) string {
	seconds, fraction, ok := strings.Cut(ts, ".")
	if r.Site == "" || !isSlackID(channel, "CDG") || !ok || !isNumber(seconds) || !isNumber(fraction) {
		return ""
	}
	return r.Site + "archives/" + channel + "/p" + seconds + fraction
}

func isNumber(s string) bool {
	return s != "" && len(s) <= 20 && strings.Trim(s, "0123456789") == ""
}

// KudosPostSID is the sid of a kudos's message in its channel.
func KudosPostSID(id string) string { return "kudos/" + id + "/post" }

func kudosNoteSID(id, member string) string { return "kudos/" + id + "/dm/" + member }

// noteSID is the sid of the message that tells a recipient of the kudos, as it stands.
func (k Kudos) noteSID(member string) string {
	if k.Revived == 0 {
		return kudosNoteSID(k.ID, member)
	}
	return fmt.Sprintf("%s/again%d", kudosNoteSID(k.ID, member), k.Revived)
}

// kudosRevivals is how often somebody is told anew of an emoji that comes and goes. After that it counts, and they find it on their Home.
const kudosRevivals = 3

// formerNotes are the sids of the last messages that told somebody of kudos before these were taken back and given again.
func formerNotes(to string, list []Kudos) []string {
	var sids []string
	for _, k := range list {
		if k.Revived > 0 {
			k.Revived--
			sids = append(sids, k.noteSID(to))
		}
	}
	return sids
}

// kudosPostSend is the message of a kudos in its channel.
func kudosPostSend(now time.Time, k Kudos) Send {
	return Send{SID: KudosPostSID(k.ID), Kind: KindKudosPost, Ref: k.ID, Channel: k.Channel, Due: now, NotAfter: now.Add(kudosPostLife)}
}

// kudosIntents are the messages that tell of a new kudos.
func kudosIntents(now time.Time, k Kudos) Intents {
	var sends Intents
	if k.Posted {
		sends = append(sends, kudosPostSend(now, k))
	}
	if k.Team != "" { // nobody is written to because a team was thanked
		return sends
	}
	for _, member := range k.Recipients {
		sends = append(sends, Send{
			SID: k.noteSID(member), Kind: KindKudosDM, Ref: k.ID, Members: []string{member}, Due: now, NotAfter: now.Add(kudosNoteLife),
		})
	}
	return sends
}

// shownOf are the recipients who can be named where others read: those who neither hid the kudos nor want to be thanked privately. Of a team nobody
// is named, so it stands there for as long as anybody of it did not hide it.
func shownOf(k Kudos, scene Scene) []string {
	return slices.DeleteFunc(slices.Clone(k.Recipients), func(id string) bool {
		return slices.Contains(k.Hidden, id) || k.Team == "" && scene.Preferences[id].KudosDM == KudosPrivately
	})
}

// fits reports whether a kudos may stand in its channel as that is now: what was given among few is not shown to more.
func (c Channel) fits(k Kudos) bool { return c.Postable() && !c.Shared && (c.Private || !k.Closed) }
