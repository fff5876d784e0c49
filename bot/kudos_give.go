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
	// UserGroups lists the user groups that are in use, by name. It may be some minutes old.
	UserGroups(ctx context.Context) ([]UserGroup, error)
}

// What can be wrong with a kudos once its people are known.
const (
	KudosGroupsOff  FaultCode = "kudos_groups_off"
	KudosGroupEmpty FaultCode = "kudos_group_empty"
	KudosGroupLarge FaultCode = "kudos_group_large" // more than Limits.Recipients people; where they are one team, it can be thanked as one
	KudosTeamLarge  FaultCode = "kudos_team_large"  // more than [KudosTeamMost] people
	KudosTeamPlace  FaultCode = "kudos_team_place"  // there is no channel to thank the team in
	KudosTeamAlone  FaultCode = "kudos_team_alone"  // a team is thanked in a channel, never privately
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
	AboutTS  string     // timestamp of the message in Channel that it thanks for; empty for none
	Again    bool       // the giver saw what is odd about it, such as a twin or few words, and wants it as it is
	Team     bool       // the giver wants the user group thanked as one, however many they are
	Said     KudosStage // where a form said that it goes: it is never posted for more people than that; the zero value where nothing was said
	PostIn   string     // where it goes if it cannot be posted in Channel: the workspace's channel for kudos, which the giver saw named; empty for nowhere
}

// GivenKudos is what became of it.
type GivenKudos struct {
	Kudos    Kudos
	Place    KudosPlace
	Quiet    []string          // recipients who are not named where the kudos is posted, or can be: they chose to be thanked privately
	Left     []LeftOut         // who was named but not thanked
	Repeated bool              // it had been given before, by the same token
	Offer    Channel           // where it can be posted, too, if its giver says so; the zero value for nowhere
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
	LeftGuest    LeftOutWhy = "guest" // the workspace decided that guests are not thanked
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
	given, scene, err := r.prepare(ctx, now, &g)
	if err != nil {
		return given, err
	}
	return r.store(ctx, now, g.Token, given, scene)
}

// Preview is what Give would store and answer now, and stores nothing.
func (r *Recognition) Preview(ctx context.Context, now time.Time, g GiveKudos) (GivenKudos, error) {
	given, _, err := r.prepare(ctx, now, &g)
	return given, err
}

// prepare checks a wish, resolves its people and decides where it goes. With [KudosGroupLarge] it answers the team that can be thanked as one, if there
// is one, in Kudos.
func (r *Recognition) prepare(ctx context.Context, now time.Time, g *GiveKudos) (GivenKudos, Scene, error) {
	if err := r.checkWish(g); err != nil {
		return GivenKudos{}, Scene{}, err
	}
	named, team, err := r.named(ctx, g.Input)
	if err != nil {
		return GivenKudos{}, Scene{}, err
	}
	scene, err := r.Scenes.Scene(ctx, g.Channel, unique(slices.Concat([]string{g.Giver}, named, mentioned(g.Input.Message)))...)
	if err != nil {
		return GivenKudos{}, Scene{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if err := checkRoom(g.Input.Message, scene.Members); err != nil {
		return GivenKudos{}, scene, err
	}
	recipients, left := r.chooseRecipients(g.Giver, named, scene)
	given := GivenKudos{Left: left, People: scene.Members}
	switch m, known := scene.Members[g.Giver]; {
	case known && !m.Person():
		return GivenKudos{}, scene, &Fault{Code: FaultForbidden}
	case len(recipients) == 0:
		return given, scene, nobodyLeft(left)
	case len(recipients) > r.Limits().Recipients && (team == "" || !g.Team):
		given.Kudos = Kudos{Recipients: recipients, Team: team, TeamName: r.teamName(ctx, team)}
		return given, scene, &Fault{Code: KudosGroupLarge, Limit: r.Limits().Recipients}
	}
	g.Team = g.Team && team != ""
	if err := r.settle(ctx, now, g, recipients, &scene, &given); err != nil {
		return given, scene, err
	}
	if g.Team {
		given.Kudos.Team, given.Kudos.TeamName = team, r.teamName(ctx, team)
	}
	return given, scene, nil
}

// settle decides where a kudos goes, and writes it.
func (r *Recognition) settle(ctx context.Context, now time.Time, g *GiveKudos, recipients []string, scene *Scene, given *GivenKudos) error {
	if g.Team && g.Input.Private {
		return &Fault{Code: KudosTeamAlone}
	}
	given.Place, given.Quiet = r.place(ctx, g, recipients, *scene)
	about := r.Permalink(g.Channel, g.AboutTS)
	if elsewhere := r.elsewhere(ctx, given.Place, g.Giver, g.Team, *scene); elsewhere.ID != "" && (g.Team || len(quietOf(recipients, *scene)) < len(recipients)) {
		if g.PostIn == elsewhere.ID {
			given.Place, given.Quiet = PlaceChannel, quietOf(recipients, *scene)
			g.Channel, scene.Channel = elsewhere.ID, elsewhere
		} else {
			given.Offer, given.Quiet = elsewhere, quietOf(recipients, *scene)
		}
	}
	switch {
	case g.Team && given.Place != PlaceChannel && given.Place != PlaceQuiet:
		return &Fault{Code: KudosTeamPlace}
	case g.Team: // it names nobody
		given.Place, given.Quiet = PlaceChannel, nil
	}
	given.Kudos = newKudos(now, *g, recipients, given.Place, scene.Channel)
	given.Kudos.About = about
	return nil
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

// named lists everybody who was named, groups expanded, each once. team is the one user group that they all are, if it is one.
func (r *Recognition) named(ctx context.Context, in KudosInput) (named []string, team string, err error) {
	named = slices.Clone(in.Recipients)
	for _, group := range in.Groups {
		members, err := r.Groups.GroupMembers(ctx, group)
		if err != nil {
			return nil, "", err
		}
		if len(members) == 0 {
			return nil, "", &Fault{Code: KudosGroupEmpty}
		}
		named = append(named, members...)
		if len(in.Groups) == 1 && within(in.Recipients, members) {
			team = group
		}
	}
	named = unique(named)
	if len(named) > KudosTeamMost {
		return nil, "", &Fault{Code: KudosTeamLarge, Limit: KudosTeamMost}
	}
	return named, team, nil
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
func (r *Recognition) chooseRecipients(giver string, named []string, scene Scene) (recipients []string, left []LeftOut) {
	w := r.Settings.Current()
	for _, id := range named {
		m, known := scene.Members[id]
		why := LeftOutWhy("")
		switch {
		case id == giver:
			why = LeftSelf
		case id == "USLACKBOT" || id == w.BotUser || m.Bot:
			why = LeftBot
		case !known:
			why = LeftUnknown
		case m.Deleted:
			why = LeftGone
		case m.Stranger:
			why = LeftStranger
		case m.Guest && w.Kudos.NoGuests:
			why = LeftGuest
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
