package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Reaction is an emoji that somebody put on a message, or took off it, as Slack tells it.
type Reaction struct {
	Token   Token
	Giver   string
	Author  string // of the message; empty where Slack does not say
	Channel string
	TS      string    // of the message
	Emoji   string    // Slack's name of it, with its skin tone: "clap::skin-tone-3"
	Gone    bool      // it was taken off
	At      time.Time // when, as Slack says: it tells things late, twice and in any order
}

// Reacted is the last that was heard of one emoji of a giver's on one message. Skin tones are emoji of their own: whoever puts two and takes one off
// still thanks.
type Reacted struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"` // as Slack says
	Gone bool      `json:"gone,omitempty"`
}

// ReactionLimit is the content of the message that tells a giver, once a day, that their emoji no longer count as kudos today.
type ReactionLimit struct {
	Emoji string // its name, without colons
	Limit int
}

// React counts the workspace's emoji on a colleague's message as a kudos without words: one for each giver and message. Taken off, the kudos is taken back, and
// put on again it is given again. What is no kudos changes nothing: on one's own message, a bot's or a stranger's, in a channel that the bot is not in or that
// another company reads, in a direct message. An event that is older than the last one of its emoji changes nothing either.
func (r *Recognition) React(ctx context.Context, now time.Time, e Reaction) error {
	wanted := EmojiName(r.Settings.Current().Kudos.Reaction)
	chosen := wanted != "" && EmojiName(e.Emoji) == wanted
	if e.Author == "" || e.Author == e.Giver || !chosen && !e.Gone {
		return nil
	}
	id := reactionID(e)
	if !chosen { // what was given while another emoji counted can be taken back
		if k, err := r.Store.Kudos(ctx, id); errors.Is(err, ErrNotFound) || err == nil && !k.knows(e.Emoji) {
			return nil
		} else if err != nil {
			return &Fault{Code: FaultUnread, Cause: err}
		}
	}
	scene, err := r.Scenes.Scene(ctx, e.Channel, e.Giver, e.Author)
	if err != nil {
		return &Fault{Code: FaultUnread, Cause: err}
	}
	p := reacting{Recognition: r, now: now, event: e, scene: scene, counts: chosen && r.reactionCounts(e, scene)}
	if p.counts {
		if done, err := p.add(ctx); done || err != nil {
			return err
		}
	}
	return p.change(ctx)
}

// reactionCounts reports whether an emoji of this giver on a message of this author in this channel is a kudos.
func (r *Recognition) reactionCounts(e Reaction, scene Scene) bool {
	giver, author, c := scene.Members[e.Giver], scene.Members[e.Author], scene.Channel
	guests := !r.Settings.Current().Kudos.NoGuests
	return giver.Person() && author.Person() && e.Author != "USLACKBOT" && (guests || !author.Guest) && c.ID == e.Channel && c.Postable() && !c.Shared
}

// reactionID names the kudos of one giver for one message.
func reactionID(e Reaction) string {
	return kudosID(Token("reaction " + e.Giver + " " + e.Channel + " " + e.TS))
}

// emojiAliases are the names that people type and Slack does not use in its events.
var emojiAliases = map[string]string{"thumbsup": "+1", "thumbsdown": "-1"}

// EmojiName is an emoji's name as Slack says it, without colons and skin tone, however it was typed: ":thumbsup::skin-tone-2:" is "+1".
func EmojiName(typed string) string {
	name, _, _ := strings.Cut(strings.Trim(strings.TrimSpace(typed), ":"), "::")
	name = strings.ToLower(name)
	return cmp.Or(emojiAliases[name], name)
}

// knows reports whether an emoji ever counted towards a kudos.
func (k Kudos) knows(emoji string) bool {
	return slices.ContainsFunc(k.Reacted, func(m Reacted) bool { return m.Name == emoji })
}

// hearing returns k with what an event says of its emoji; false if something newer is known.
func (k Kudos) hearing(e Reaction) (Kudos, bool) {
	heard := Reacted{Name: e.Emoji, At: e.At, Gone: e.Gone}
	k.Reacted = slices.Clone(k.Reacted)
	i := slices.IndexFunc(k.Reacted, func(m Reacted) bool { return m.Name == e.Emoji })
	switch {
	case i < 0:
		k.Reacted = append(k.Reacted, heard)
	case !e.At.After(k.Reacted[i].At):
		return k, false
	default:
		k.Reacted[i] = heard
	}
	return k, true
}

// worn reports whether the message bears an emoji of the giver's.
func (k Kudos) worn() bool {
	return slices.ContainsFunc(k.Reacted, func(m Reacted) bool { return !m.Gone })
}

// reacting is one event being applied.
type reacting struct {
	*Recognition
	now    time.Time
	event  Reaction
	scene  Scene
	counts bool // the emoji makes a kudos here
}

// add stores the first that is heard of a giver's emoji on a message; false if something is stored already. The news that it is gone may come first: then there is
// nothing to thank for, and what is kept is a tombstone, which the older news that it was put there does not change.
func (p reacting) add(ctx context.Context) (done bool, err error) {
	k := p.given(Kudos{
		ID: reactionID(p.event), Giver: p.event.Giver, Recipients: []string{p.event.Author}, Channel: p.event.Channel, Twin: true,
	})
	k, _ = k.hearing(p.event)
	intents := p.notes(k)
	if p.event.Gone {
		k, intents = p.tombstone(k), nil
	}
	_, err = p.Store.AddKudos(ctx, p.event.Token, k, p.quota(p.now), intents)
	if errors.Is(err, ErrLimit) {
		_, err = p.Store.AddKudos(ctx, p.event.Token+" limit", p.tombstone(k), p.quota(p.now), p.limitReached())
	}
	switch {
	case errors.Is(err, ErrConflict):
		return false, nil
	case err != nil && !errors.Is(err, ErrRepeated):
		return true, &Fault{Code: FaultUnsaved, Cause: err}
	}
	return true, nil
}

// change applies the event to what is stored, again if somebody else changed that in between.
func (p reacting) change(ctx context.Context) error {
	for range 5 {
		was, err := p.Store.Kudos(ctx, reactionID(p.event))
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return &Fault{Code: FaultUnread, Cause: err}
		}
		next, changes := p.after(was)
		if !changes {
			return nil
		}
		err = p.Store.ReplaceKudos(ctx, p.event.Token, next.kudos, next.refund, next.intents)
		if errors.Is(err, ErrLimit) {
			heard, _ := was.hearing(p.event)
			err = p.Store.ReplaceKudos(ctx, p.event.Token+" limit", heard, nil, p.limitReached())
		}
		switch {
		case err == nil, errors.Is(err, ErrRepeated):
			return nil
		case !errors.Is(err, ErrConflict):
			return &Fault{Code: FaultUnsaved, Cause: err}
		}
	}
	return &Fault{Code: FaultStale}
}

// after is what an event makes of a kudos; false if that is nothing.
func (p reacting) after(was Kudos) (revision, bool) {
	k, news := was.hearing(p.event)
	if !news {
		return revision{}, false
	}
	switch {
	case !was.Undone.IsZero() && p.counts && !p.event.Gone:
		k = p.given(k)
		k.Revived = min(k.Revived+1, kudosRevivals) // the last message about it may be gone for good
		quota := p.quota(p.now)
		return revision{kudos: k, refund: &quota, intents: p.notes(k)}, true
	case was.Undone.IsZero() && !k.worn():
		quota := p.quota(was.Given)
		return revision{kudos: p.tombstone(k), refund: &quota, intents: changedNotes(p.now, was)}, true
	}
	return revision{kudos: k}, true
}

// given makes a kudos of now of k, as people and channel are now.
func (p reacting) given(k Kudos) Kudos {
	w := p.Settings.Current()
	k.Reaction, k.Given, k.Undone = EmojiName(p.event.Emoji), p.now, time.Time{}
	k.About = p.Permalink(p.event.Channel, p.event.TS)
	k.Closed = p.scene.Channel.Private
	// Everybody can see the emoji. What the recipient chose decides on whatever Rapport makes of it.
	k.Posted = p.scene.Preferences[p.event.Author].KudosDM != KudosPrivately
	k.Value = ""
	for _, v := range w.Values {
		if k.Value == "" && v.Emoji != "" && EmojiName(v.Emoji) == k.Reaction {
			k.Value = v.Name
		}
	}
	return k
}

func (p reacting) tombstone(k Kudos) Kudos {
	k.Undone, k.About = p.now, ""
	return k
}

// reactionRests is how long a recipient's message about an emoji waits: a thumb that slips takes it off again, and puts the right one.
const reactionRests = 20 * time.Second

// notes tell the recipient, once for each time that the emoji is put there, a few times at most. There is no post: the emoji is there.
func (p reacting) notes(k Kudos) Intents {
	sends := slices.DeleteFunc(kudosIntents(p.now, k), func(s Send) bool { return s.Kind == KindKudosPost })
	for i := range sends {
		sends[i].Due = p.now.Add(reactionRests)
	}
	return sends
}

// quota is that of the giver's day.
func (p reacting) quota(at time.Time) KudosQuota {
	return KudosQuota{Day: p.hours().Today(at), Limit: p.DailyLimit()}
}

func (p reacting) hours() Hours {
	return p.scene.Hours(p.event.Giver, p.Settings.Current().Zone)
}

// limitReached tells the giver that the day's kudos are used up: nothing else would, for an emoji has no answer.
func (p reacting) limitReached() Intents {
	day := p.hours().Today(p.now)
	return Intents{{
		SID: fmt.Sprintf("%slimit/%s/%s", helpPrefix, p.event.Giver, day), Kind: KindHelp, Ref: fmt.Sprintf("%s %s %d", p.event.Giver, helpLimit, p.DailyLimit()), Members: []string{p.event.Giver},
		Due: p.now, NotAfter: p.hours().At(day.AddDays(1), 0),
	}}
}
