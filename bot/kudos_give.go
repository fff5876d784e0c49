package bot

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"slices"
	"strings"
	"time"

	"rapport/prompts"
)

// Recognition is what people can do with kudos. All fields are required but those that say otherwise.
type Recognition struct {
	Store    KudosStore
	Digests  DigestStore
	Scenes   SceneReader
	Groups   GroupReader
	Sent     SentLister
	Presence Presence // nil: nobody can tell who is in a channel, so a form that names a private one is not believed
	Settings *Settings
	Prompts  *prompts.Library
	Daily    int    // kudos that a giver can give on one day of theirs, where the workspace's settings do not say
	Site     string // the workspace's address, ending in a slash, that permalinks begin with; empty: there are no permalinks
}

// GroupReader expands user groups. It answers a *[Fault] with [KudosGroupsOff] where the workspace did not grant that.
type GroupReader interface {
	GroupMembers(ctx context.Context, group string) ([]string, error)
}

// What can be wrong with a kudos once its people are known.
const (
	KudosGroupsOff  FaultCode = "kudos_groups_off"
	KudosGroupEmpty FaultCode = "kudos_group_empty"
	KudosGroupLarge FaultCode = "kudos_group_large" // more than Limits.Recipients people
	KudosOnlySelf   FaultCode = "kudos_only_self"
	KudosNobody     FaultCode = "kudos_nobody" // all recipients are left out; Left says why
	KudosLimit      FaultCode = "kudos_daily_limit"
	KudosTwin       FaultCode = "kudos_twin"         // the same to the same within two minutes: "send again?"
	KudosNothing    FaultCode = "kudos_none_to_undo" // none was given within the last day
)

// GiveKudos is one wish to thank.
type GiveKudos struct {
	Token    Token
	Giver    string
	Channel  string // where it was given; empty for nowhere
	FromForm bool   // Channel comes out of a form, which people can forge: it counts only if the giver is there
	Input    KudosInput
	AboutTS  string // timestamp of the message in Channel that it thanks for; empty for none
	Again    bool   // the giver saw what is odd about it, such as a twin or few words, and wants it as it is
}

// GivenKudos is what became of it.
type GivenKudos struct {
	Kudos    Kudos
	Place    KudosPlace
	Quiet    []string          // recipients who are thanked privately though the kudos is posted: they chose that
	Left     []LeftOut         // who was named but not thanked
	Repeated bool              // it had been given before, by the same token
	People   map[string]Member // the directory's word on everybody concerned and named
}

// LeftOut is somebody who was named but is not a recipient.
type LeftOut struct {
	Member string
	Why    LeftOutWhy
}

// LeftOutWhy says why.
type LeftOutWhy string

// The reasons for leaving somebody out.
const (
	LeftSelf     LeftOutWhy = "self"
	LeftBot      LeftOutWhy = "bot"
	LeftGone     LeftOutWhy = "deactivated"
	LeftStranger LeftOutWhy = "stranger"
	LeftUnknown  LeftOutWhy = "unknown"
)

// Give resolves the people, stores the kudos and the messages that tell of it in one step, or explains with a *[Fault] why not. The same
// token gets the same answer, also when what was true then no longer is.
func (r *Recognition) Give(ctx context.Context, now time.Time, g GiveKudos) (GivenKudos, error) {
	given, err := r.give(ctx, now, g)
	fault, ok := errors.AsType[*Fault](err)
	if !ok || fault.Code == FaultUnsaved {
		return given, err
	}
	if k, readErr := r.Store.Kudos(ctx, kudosID(g.Token)); readErr == nil && k.Giver == g.Giver {
		return repeated(GivenKudos{Kudos: k}), nil
	}
	return given, err
}

func (r *Recognition) give(ctx context.Context, now time.Time, g GiveKudos) (GivenKudos, error) {
	if err := r.checkWish(&g); err != nil {
		return GivenKudos{}, err
	}
	named, err := r.named(ctx, g.Input)
	if err != nil {
		return GivenKudos{}, err
	}
	scene, err := r.Scenes.Scene(ctx, g.Channel, unique(slices.Concat([]string{g.Giver}, named, mentioned(g.Input.Message)))...)
	if err != nil {
		return GivenKudos{}, &Fault{Code: FaultUnread, Cause: err}
	}
	recipients, left := chooseRecipients(g.Giver, named, scene)
	switch m, known := scene.Members[g.Giver]; {
	case known && !m.Person():
		return GivenKudos{}, &Fault{Code: FaultForbidden}
	case len(recipients) == 0:
		return GivenKudos{Left: left, People: scene.Members}, nobodyLeft(left)
	case len(recipients) > r.Limits().Recipients:
		return GivenKudos{}, &Fault{Code: KudosGroupLarge, Limit: r.Limits().Recipients}
	}
	given := GivenKudos{Left: left, People: scene.Members}
	given.Place, given.Quiet = r.place(ctx, &g, recipients, scene)
	given.Kudos = newKudos(now, g, recipients, given.Place, scene.Channel)
	given.Kudos.About = r.Permalink(g.Channel, g.AboutTS)
	return r.store(ctx, now, g.Token, given, scene)
}

// checkWish refuses what nobody can type and no honest form sends, and drops a value that the workspace no longer has.
func (r *Recognition) checkWish(g *GiveKudos) error {
	in := &g.Input
	in.Message = strings.TrimFunc(in.Message, isBlank)
	in.Recipients = unique(slices.Clone(in.Recipients))
	in.Value = r.Settings.Current().Value(in.Value).Name
	invalid := func(firsts string) func(string) bool {
		return func(id string) bool { return !isSlackID(id, firsts) }
	}
	switch {
	case slices.ContainsFunc(in.Recipients, invalid("UW")) || slices.ContainsFunc(in.Groups, invalid("S")):
		return &Fault{Code: FaultInvalid}
	case len(in.Recipients)+len(in.Groups) == 0:
		return &Fault{Code: KudosNoRecipient}
	case len(in.Recipients) > r.Limits().Recipients:
		return &Fault{Code: KudosTooMany, Limit: r.Limits().Recipients}
	}
	return r.checkMessage(in.Message, g.Again)
}

// checkMessage checks what is thanked for; short says that few words will do.
func (r *Recognition) checkMessage(message string, short bool) error {
	switch {
	case CountText(message) > r.Limits().Characters:
		return &Fault{Code: KudosTooLong, Limit: r.Limits().Characters, Typed: message}
	case message == "" || !short && !r.Limits().enough(message):
		return &Fault{Code: KudosTooShort, Typed: message}
	}
	return nil
}

// named lists everybody who was named, groups expanded, each once.
func (r *Recognition) named(ctx context.Context, in KudosInput) ([]string, error) {
	// Who is not a recipient in the end may be in a group, but a company's whole user group is not worth reading.
	const most = 200
	named := slices.Clone(in.Recipients)
	for _, group := range in.Groups {
		members, err := r.Groups.GroupMembers(ctx, group)
		if err != nil {
			return nil, err
		}
		if len(members) == 0 {
			return nil, &Fault{Code: KudosGroupEmpty}
		}
		named = append(named, members...)
	}
	named = unique(named)
	if len(named) > most {
		return nil, &Fault{Code: KudosGroupLarge, Limit: r.Limits().Recipients}
	}
	return named, nil
}

// unique keeps the first of equal strings, in order.
func unique(list []string) []string {
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(list, func(s string) bool {
		again := seen[s]
		seen[s] = true
		return again
	})
}

// mentioned lists the members whom a text mentions, so that their names can be shown.
func mentioned(text string) []string {
	var ids []string
	for _, p := range ScanPieces(text) {
		if p.Kind == PieceUser {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// chooseRecipients splits the named into those who can be thanked and those who cannot, with the reason.
func chooseRecipients(giver string, named []string, scene Scene) (recipients []string, left []LeftOut) {
	for _, id := range named {
		m, known := scene.Members[id]
		why := LeftOutWhy("")
		switch {
		case id == giver:
			why = LeftSelf
		case id == "USLACKBOT" || m.Bot:
			why = LeftBot
		case !known:
			why = LeftUnknown
		case m.Deleted:
			why = LeftGone
		case m.Stranger:
			why = LeftStranger
		}
		if why == "" {
			recipients = append(recipients, id)
		} else {
			left = append(left, LeftOut{Member: id, Why: why})
		}
	}
	return recipients, left
}

func nobodyLeft(left []LeftOut) *Fault {
	if len(left) == 1 && left[0].Why == LeftSelf {
		return &Fault{Code: KudosOnlySelf}
	}
	names := make([]string, 0, len(left))
	for _, l := range left {
		names = append(names, l.Member)
	}
	return &Fault{Code: KudosNobody, Names: names}
}

func newKudos(now time.Time, g GiveKudos, recipients []string, place KudosPlace, in Channel) Kudos {
	return Kudos{
		ID: kudosID(g.Token), Giver: g.Giver, Recipients: recipients, Groups: g.Input.Groups, Message: g.Input.Message, Value: g.Input.Value,
		Private: g.Input.Private, Channel: g.Channel, Posted: place == PlaceChannel, Closed: in.Private, Given: now, Twin: g.Again,
	}
}

// kudosID names a kudos after the act that made it, so that the same act can only ever make the same kudos.
func kudosID(token Token) string {
	sum := sha256.Sum256([]byte("kudos " + string(token)))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

// store stores a kudos with its messages, and tells one that is new from one that had been given.
func (r *Recognition) store(ctx context.Context, now time.Time, token Token, given GivenKudos, scene Scene) (GivenKudos, error) {
	k := given.Kudos
	quota := KudosQuota{Day: scene.Hours(k.Giver, r.Settings.Current().Zone).Today(now), Limit: r.DailyLimit()}
	stored, err := r.Store.AddKudos(ctx, token, k, quota, kudosIntents(now, k))
	if errors.Is(err, ErrConflict) { // the token is forgotten by now, the kudos is not
		if stored, err = r.Store.Kudos(ctx, k.ID); err == nil {
			err = ErrRepeated
		}
	}
	switch {
	case errors.Is(err, ErrLimit):
		return GivenKudos{}, &Fault{Code: KudosLimit, Limit: r.DailyLimit()}
	case errors.Is(err, ErrRepeated) && stored.ID != k.ID:
		return GivenKudos{Kudos: stored}, &Fault{Code: KudosTwin}
	case err != nil && !errors.Is(err, ErrRepeated):
		return GivenKudos{}, &Fault{Code: FaultUnsaved, Cause: err}
	}
	given.Kudos = stored
	if err != nil {
		given = repeated(given)
	}
	return given, nil
}

// repeated is the answer to an act that came again: where the kudos went is what was stored, not what would be decided now.
func repeated(given GivenKudos) GivenKudos {
	given.Repeated = true
	switch {
	case given.Kudos.Posted:
		given.Place = PlaceChannel
	case given.Kudos.Private:
		given.Place = PlacePrivate
	case given.Place == PlaceChannel || given.Place == "":
		given.Place = PlaceOutside
	}
	return given
}
