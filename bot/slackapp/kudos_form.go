package slackapp

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/bot"
)

// The form's inputs, and the actions by which it tells of a change.
const (
	kudosTo        = "kudos_to"
	kudosGroup     = "kudos_group"
	kudosMessage   = "kudos_message"
	kudosValue     = "kudos_value"
	kudosPrivate   = "kudos_private"
	kudosElsewhere = "kudos_elsewhere"
)

// kudosDraft is what a form begins with, and what stands in it.
type kudosDraft struct {
	Input   bot.KudosInput
	Channel string          // where it was opened; empty for nowhere
	AboutTS string          // timestamp of the message in Channel that it thanks for
	About   string          // that message's address; may be empty
	Stage   bot.KudosStage  // where it can stand; the zero value where nobody could tell
	PostIn  bool            // it is to be posted in Stage.Elsewhere
	Groups  []bot.UserGroup // that can be picked; empty where the workspace did not grant that
	Team    kudosTeam       // that is thanked as one; the zero value for none
	Again   bool            // the giver saw that it says little, and wants it as it is
	Odd     bot.FaultCode   // what the giver was told is odd about it, and can send all the same: [bot.KudosTooShort], [bot.KudosTwin]; empty for nothing
	Notice  string          // a sentence above the form, in mrkdwn
	Picked  string          // a sentence about the group that was picked, in mrkdwn
}

// kudosTeam is a user group that is too large for a thank-you to each.
type kudosTeam struct {
	Group  string
	People int
}

// stageTime bounds what is looked up before a form opens: its trigger works for three seconds.
const stageTime = 700 * time.Millisecond

// form opens the form. Where something could not be looked up in time it opens without; user groups, which can take a second, come into it when they are there.
func (k *Kudos) form(r Request, d kudosDraft) Response {
	return Then(func(ctx context.Context) error {
		d.Stage = k.stage(ctx, r.User, d.Channel)
		groups, known, _ := k.Client.groups.known(r.Now)
		d.Groups = groups
		ref, err := k.Client.OpenModal(ctx, r.TriggerID, k.filledForm(d))
		if err != nil {
			return errors.Join(err, k.unopened(ctx, r))
		}
		if known {
			return nil
		}
		if d.Groups, err = k.Use.Groups.UserGroups(ctx); refused(err) != nil || len(d.Groups) == 0 && err == nil {
			return nil // there are none to pick, as the form says
		}
		if err != nil {
			return err
		}
		return k.redrawn(ctx, ViewRef{ID: ref.ID, Hash: ref.Hash}, d)
	})
}

// unopened gives the text back that the form would have held.
func (k *Kudos) unopened(ctx context.Context, r Request) error {
	if r.ResponseURL == "" {
		return nil
	}
	return k.Client.Respond(ctx, r.ResponseURL, returned("I could not open the form, so nothing was sent. Please try again in a minute.", orElse(r.Text, r.Action.Value)))
}

func (k *Kudos) stage(ctx context.Context, member, channel string) bot.KudosStage {
	ctx, cancel := context.WithTimeout(ctx, stageTime)
	defer cancel()
	stage, err := k.Use.Stage(ctx, member, channel)
	if err != nil {
		return bot.KudosStage{} // the form does without; what is given is checked again
	}
	return stage
}

func (k *Kudos) filledForm(d kudosDraft) Modal {
	return kudosForm(d, k.Settings.Current(), k.Use.Limits())
}

// redrawn shows the form anew, unless the person did something in it meanwhile: then what follows from that shows it. What was typed stays, for the inputs
// keep their names.
func (k *Kudos) redrawn(ctx context.Context, ref ViewRef, d kudosDraft) error {
	_, err := k.Client.UpdateModal(ctx, ref, k.filledForm(d))
	if RefusalCode(err) == "hash_conflict" {
		return nil
	}
	return err
}

// redraw answers a change in the form by showing what follows from it.
func (k *Kudos) redraw(_ context.Context, r Request) (Response, error) {
	return Then(func(ctx context.Context) error {
		return k.redrawn(ctx, ViewRef{ID: r.View.ID, Hash: r.View.Hash}, k.draftOf(ctx, r))
	}), nil
}

// pickGroup answers a group that was picked: it says how many people that are, and whether they are thanked as one.
func (k *Kudos) pickGroup(_ context.Context, r Request) (Response, error) {
	return Then(func(ctx context.Context) error {
		d := k.draftOf(ctx, r)
		d.Team = kudosTeam{}
		if len(d.Input.Groups) > 0 {
			team, err := k.Use.Team(ctx, r.User, d.Input.Groups[0])
			switch {
			case err != nil:
				d.Picked = ":warning: " + faultSentence(Reader{}, err)
			case team.Large:
				d.Team = kudosTeam{Group: team.Group, People: len(team.People)}
			default:
				d.Picked = k.reader().Count(len(team.People), "person", "people") + ". Each of them is thanked."
			}
		}
		return k.redrawn(ctx, ViewRef{ID: r.View.ID, Hash: r.View.Hash}, d)
	}), nil
}

// preview lays on the form how the kudos would stand, and who is left out.
func (k *Kudos) preview(ctx context.Context, r Request) (Response, error) {
	d := k.draftOf(ctx, r)
	if problems := kudosFormProblems(d.Input, k.Use.Limits()); len(problems) > 0 {
		return Response{Ack: PushModal(kudosNoPreview(problems))}, nil
	}
	wish := d.wish(r)
	given, err := k.Use.Preview(ctx, r.Now, wish)
	if fault := refused(err); fault != nil && fault.Code == bot.KudosGroupLarge && given.Kudos.Team != "" {
		d.Team = kudosTeam{Group: given.Kudos.Team}
		given, err = k.Use.Preview(ctx, r.Now, d.wish(r))
	}
	if fault := refused(err); fault != nil {
		sentence := kudosFaultSentence(fault, leftOutLines(given.Left, Mention))
		return Response{Ack: PushModal(kudosNoPreview(map[string]string{kudosTo: sentence}))}, nil
	}
	if err != nil {
		return Response{}, err
	}
	return Response{Ack: PushModal(kudosPreview(given, k.Settings.Current()))}, nil
}

// shortcut opens the form for the author of a message.
func (k *Kudos) shortcut(_ context.Context, r Request) (Response, error) {
	return k.form(r, k.draftAbout(r)), nil
}

// draftAbout is a form about a message. Where its author is nobody who can be thanked, it says why it begins empty.
func (k *Kudos) draftAbout(r Request) kudosDraft {
	d := kudosDraft{Channel: r.Message.Channel, AboutTS: r.Message.TS, About: k.Use.Permalink(r.Message.Channel, r.Message.TS)}
	switch author := r.Message.User; {
	case r.Message.Bot || author != "" && author == k.Settings.Current().BotUser:
		d.Notice = "An app wrote that message, so nobody is filled in. Who is behind it?"
	case author == r.User:
		d.Notice = "That message is your own, and kudos go to others, so nobody is filled in. Who made it possible?"
	case author == "" || author == slackbot:
		d.Notice = "I cannot see who wrote that message, so nobody is filled in. Whom do you want to thank for it?"
	default:
		d.Input.Recipients = []string{author}
	}
	return d
}

func (k *Kudos) submit(ctx context.Context, r Request) (Response, error) {
	d := k.draftOf(ctx, r)
	if problems := kudosFormProblems(d.Input, k.Use.Limits()); len(problems) > 0 {
		return Response{Ack: InputErrors(problems)}, nil
	}
	given, err := k.Use.Give(ctx, r.Now, d.wish(r))
	if fault := refused(err); fault != nil {
		return k.amiss(r, d, given, fault), nil
	}
	if err != nil {
		return Response{}, err
	}
	return k.told(r, d.Channel, kudosGiven(given, k.Settings.Current())), nil
}

// amiss keeps the form open: below the input that a fault is about, or, where the person decides, with the question whether a group is thanked as one team, or whether the
// text is sent as it is, or once more.
func (k *Kudos) amiss(r Request, d kudosDraft, given bot.GivenKudos, fault *bot.Fault) Response {
	if fault.Code == bot.KudosGroupLarge && given.Kudos.Team != "" {
		d.Team, d.Picked = kudosTeam{Group: given.Kudos.Team, People: len(given.Kudos.Recipients)}, ""
		return Response{Ack: UpdateModal(k.filledForm(d))}
	}
	if kudosOddities[fault.Code] != "" && d.Input.Message != "" {
		d.Odd = fault.Code
		return Response{Ack: UpdateModal(k.filledForm(d))}
	}
	left := leftOutLines(given.Left, func(id string) string { return plainName(given.People, id) })
	block := kudosFaultBlock(fault)
	if _, shown := r.Values[block]; !shown && block == kudosGroup {
		block = kudosTo
	}
	return Response{Ack: InputErrors(map[string]string{block: kudosFaultSentence(fault, left)})}
}

// wish is what the form asks for.
func (d kudosDraft) wish(r Request) bot.GiveKudos {
	g := bot.GiveKudos{Token: r.Token, Giver: r.User, Channel: d.Channel, FromForm: true, Input: d.Input, AboutTS: d.AboutTS, Again: d.Again || d.Odd != "", Team: d.team(), Said: d.Stage}
	if (g.Team || d.PostIn) && !d.standsHere() {
		g.PostIn = d.Stage.Elsewhere.ID
	}
	return g
}

// team reports whether the picked group is thanked as one.
func (d kudosDraft) team() bool {
	return d.Team.Group != "" && slices.Equal(d.Input.Groups, []string{d.Team.Group})
}

// standsHere reports whether it can be posted where the form was opened.
func (d kudosDraft) standsHere() bool {
	return d.Stage.Place == bot.PlaceChannel || d.Stage.Place == bot.PlaceQuiet
}

// metadata is what the form has to know when it comes back, beside its inputs.
func (d kudosDraft) metadata() string {
	more := url.Values{}
	set := func(name, value string) {
		if value != "" {
			more.Set(name, value)
		}
	}
	set("at", string(d.Stage.Place))
	set("in", d.Stage.Elsewhere.ID)
	set("name", d.Stage.Elsewhere.Name)
	set("odd", string(d.Odd))
	if d.Again {
		set("again", "yes")
	}
	if d.Stage.Closed {
		set("closed", "yes")
	}
	if d.Team.Group != "" {
		set("team", d.Team.Group)
		set("people", strconv.Itoa(d.Team.People))
	}
	return strings.TrimRight(d.Channel+" "+d.AboutTS+" "+more.Encode(), " ")
}

// draftOf reads the form. What its metadata says is checked by the use case.
func (k *Kudos) draftOf(ctx context.Context, r Request) kudosDraft {
	parts := append(strings.SplitN(r.View.PrivateMetadata, " ", 3), "", "")
	more, err := url.ParseQuery(parts[2])
	if err != nil {
		more = url.Values{}
	}
	d := kudosDraft{
		Channel: parts[0], AboutTS: parts[1], About: k.Use.Permalink(parts[0], parts[1]), Input: k.filled(r.Values), PostIn: r.Values.Ticked(kudosElsewhere, "post"),
		Stage: bot.KudosStage{Place: bot.KudosPlace(more.Get("at")), Elsewhere: bot.Channel{ID: more.Get("in"), Name: more.Get("name")}},
	}
	if odd := bot.FaultCode(more.Get("odd")); kudosOddities[odd] != "" {
		d.Odd = odd
	}
	d.Again, d.Stage.Closed = more.Get("again") != "", more.Get("closed") != ""
	d.Team.Group = more.Get("team")
	d.Team.People, _ = strconv.Atoi(more.Get("people"))
	if _, shown := r.Values[kudosGroup]; !shown && d.Team.Group != "" {
		d.Input.Groups = []string{d.Team.Group}
	}
	if _, shown := r.Values[kudosGroup]; shown {
		d.Groups, _ = k.Use.Groups.UserGroups(ctx) // the form does without names
	}
	if !d.team() {
		d.Team = kudosTeam{}
	}
	return d
}

// filled reads the form's inputs. What they say is taken as it is: words in the message are no switches here, but for a value where none was picked.
func (k *Kudos) filled(v Values) bot.KudosInput {
	in := bot.KudosInput{Recipients: v.Users(kudosTo), Message: bot.EscapeText(v.Text(kudosMessage)), Private: v.Ticked(kudosPrivate, "private")}
	if group := v.Option(kudosGroup); group != "" && group != noGroup {
		in.Groups = []string{group}
	}
	switch picked := v.Option(kudosValue); picked {
	case "":
		in.Value = k.parse(in.Message).Value
	case noValue:
	default:
		in.Value = picked
	}
	return in
}
