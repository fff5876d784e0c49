package slackapp

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"rapport/bot"
)

// Workspaces answers what Rapport's admins set for everybody. All fields are required but NoReactions.
type Workspaces struct {
	Client      *Client
	Use         *bot.WorkspaceRules
	Daily       int  // kudos that a giver can give on one day where the workspace does not say
	NoReactions bool // the app is not allowed to hear of reactions
}

// The forms' inputs.
const (
	workspaceName       = "workspace_name"
	workspaceEmoji      = "workspace_emoji"
	workspaceColour     = "workspace_colour"
	workspaceSentence   = "workspace_sentence"
	workspaceRecipients = "workspace_recipients"
	workspaceLetters    = "workspace_letters"
	workspaceCharacters = "workspace_characters"
	workspaceDaily      = "workspace_daily"
	workspaceGuests     = "workspace_guests"
	workspaceChannel    = "workspace_channel"
	workspaceReaction   = "workspace_reaction"
)

// guestsThanked is the option that guests can be thanked.
const guestsThanked = "thanked"

// Routes implements [Noun].
func (n *Workspaces) Routes() []Route {
	return []Route{
		{Kind: OnCommand, Name: "/rapport workspace", Handle: n.open},
		{Kind: OnAction, Name: "workspace.open", Handle: n.open},
		{Kind: OnAction, Name: "workspace.value", Handle: n.openValue},
		{Kind: OnAction, Name: "workspace.remove", Handle: n.remove},
		{Kind: OnAction, Name: "workspace.put_back", Handle: n.putBack},
		{Kind: OnAction, Name: "workspace.standard", Handle: n.standard},
		{Kind: OnAction, Name: "workspace.kudos", Handle: n.openKudos},
		{Kind: OnSubmit, Name: "workspace.save_value", Handle: n.submitValue},
		{Kind: OnSubmit, Name: "workspace.save_kudos", Handle: n.submitKudos},
	}
}

// open shows admins what is set, and everybody else why they do not see it.
func (n *Workspaces) open(_ context.Context, r Request) (Response, error) {
	return n.Client.opening(r, workspaceTitle, func(ctx context.Context) (Modal, error) {
		look, err := n.Use.Look(ctx, r.User)
		if err != nil {
			return Modal{}, err
		}
		return n.view(look, ""), nil
	}), nil
}

// view is the list of what is set. note says what has just become of it.
func (n *Workspaces) view(look bot.WorkspaceLook, note string) Modal {
	return workspaceView(look, workspaceFacts{daily: n.Daily, noReactions: n.NoReactions}, note)
}

// under is what a form on top of the list remembers: which list that is, and what the person looked at. People can forge it: a forged list is a window of this app that an
// admin writes settings into, and what was looked at decides only whether the change is refused.
type under struct {
	root string // id of the list's view
	seen string
	name string // of the value; empty for a new one
}

func (u under) metadata() string { return strings.Join([]string{u.root, u.seen, u.name}, " ") }

func readUnder(metadata string) under {
	parts := strings.SplitN(metadata, " ", 3)
	for len(parts) < 3 {
		parts = append(parts, "")
	}
	return under{root: parts[0], seen: parts[1], name: parts[2]}
}

// refresh shows the list as it is now, below a form that closes.
func (n *Workspaces) refresh(root string, look bot.WorkspaceLook, note string) func(context.Context) error {
	if root == "" {
		return nil
	}
	return func(ctx context.Context) error {
		_, err := n.Client.UpdateModal(ctx, ViewRef{ID: root}, n.view(look, note))
		return err
	}
}

// openValue opens the form for a value, or for a new one, on top of the list.
func (n *Workspaces) openValue(ctx context.Context, r Request) (Response, error) {
	look, err := n.Use.Look(ctx, r.User)
	if err != nil {
		return Response{}, err
	}
	v := look.Value(r.Action.Value)
	if r.Action.Value != "" && v.Name == "" {
		return Response{Ack: UpdateModal(n.view(look, "Somebody has removed that value. This is what is set now."))}, nil
	}
	return Response{Ack: PushModal(valueForm(valueDraft{under: under{root: r.View.ID, seen: v.Seen(), name: v.Name}, value: v, stored: v}))}, nil
}

func (n *Workspaces) submitValue(ctx context.Context, r Request) (Response, error) {
	from := readUnder(r.View.PrivateMetadata)
	typed := typedValue(r.Values)
	if problems := valueProblems(typed); len(problems) > 0 {
		return Response{Ack: InputErrors(problems)}, nil
	}
	look, err := n.Use.SaveValue(ctx, bot.WorkspaceAct{Token: r.Token, Actor: r.User, Seen: from.seen}, from.name, typed)
	fault := refused(err)
	switch {
	case fault != nil && fault.Code == bot.FaultStale:
		return n.valueMoved(ctx, r, from, typed)
	case fault != nil:
		return Response{Ack: InputErrors(map[string]string{valueBlock(fault.Code): faultSentence(Reader{}, fault)})}, nil
	case err != nil:
		return Response{}, err
	}
	return Response{After: n.refresh(from.root, look, done(valueSaved(from.name, typed.Tidy())))}, nil
}

// valueMoved shows the form again, with what was typed and what somebody else made of the value meanwhile. Saving it then is a decision.
func (n *Workspaces) valueMoved(ctx context.Context, r Request, from under, typed bot.Value) (Response, error) {
	look, err := n.Use.Look(ctx, r.User)
	if err != nil {
		return Response{}, err
	}
	now := look.Value(from.name)
	d := valueDraft{under: under{root: from.root, seen: now.Seen(), name: now.Name}, value: typed, stored: now, moved: true}
	return Response{Ack: UpdateModal(valueForm(d))}, nil
}

// typedValue reads the form. A colour takes the emoji's place.
func typedValue(v Values) bot.Value {
	typed := bot.Value{Name: v.Text(workspaceName), Emoji: v.Text(workspaceEmoji), Sentence: v.Text(workspaceSentence)}
	if colour := v.Option(workspaceColour); colour != "" && colour != noColour {
		typed.Emoji = colour
	}
	return typed
}

// remove takes a value away, and offers to put it back. The button holds the value as it was shown.
func (n *Workspaces) remove(ctx context.Context, r Request) (Response, error) {
	v, err := carriedValue(r.Action.Value)
	if err != nil {
		return Response{}, err
	}
	look, err := n.Use.RemoveValue(ctx, bot.WorkspaceAct{Token: r.Token, Actor: r.User, Seen: v.Seen()}, v.Name)
	if err != nil {
		return Response{}, err
	}
	from := readUnder(r.View.PrivateMetadata)
	return Response{Ack: UpdateModal(valueRemoved(from, v)), After: n.refresh(from.root, look, done(valueTag(v)+" is removed."))}, nil
}

func (n *Workspaces) putBack(ctx context.Context, r Request) (Response, error) {
	v, err := carriedValue(r.Action.Value)
	if err != nil {
		return Response{}, err
	}
	look, err := n.Use.SaveValue(ctx, bot.WorkspaceAct{Token: r.Token, Actor: r.User}, "", v)
	if err != nil {
		return Response{}, err
	}
	note := done(valueTag(v) + " is back.")
	return Response{Ack: UpdateModal(workspaceNotice(note)), After: n.refresh(readUnder(r.View.PrivateMetadata).root, look, note)}, nil
}

// carriedValue reads a value that a button holds.
func carriedValue(text string) (bot.Value, error) {
	var v bot.Value
	if err := json.Unmarshal([]byte(text), &v); err != nil || v.Name == "" {
		return bot.Value{}, &bot.Fault{Code: bot.FaultInvalid}
	}
	return v, nil
}

// standard goes back to the standard values.
func (n *Workspaces) standard(ctx context.Context, r Request) (Response, error) {
	look, err := n.Use.ResetValues(ctx, bot.WorkspaceAct{Token: r.Token, Actor: r.User, Seen: r.Action.Value})
	if fault := refused(err); fault != nil && fault.Code == bot.FaultStale {
		if look, err = n.Use.Look(ctx, r.User); err == nil {
			return Response{Ack: UpdateModal(n.view(look, faultSentence(Reader{}, fault)))}, nil
		}
	}
	if err != nil {
		return Response{}, err
	}
	return Response{Ack: UpdateModal(n.view(look, done("Back to the standard four.")))}, nil
}

// openKudos opens the form for limits, guests, channel and emoji on top of the list.
func (n *Workspaces) openKudos(ctx context.Context, r Request) (Response, error) {
	look, err := n.Use.Look(ctx, r.User)
	if err != nil {
		return Response{}, err
	}
	d := rulesDraft{under: under{root: r.View.ID, seen: look.Kudos.Seen()}, set: look.Kudos, daily: n.Daily, noReactions: n.NoReactions}
	return Response{Ack: PushModal(rulesForm(d))}, nil
}

func (n *Workspaces) submitKudos(ctx context.Context, r Request) (Response, error) {
	from := readUnder(r.View.PrivateMetadata)
	set, problems := typedRules(r.Values)
	if len(problems) > 0 {
		return Response{Ack: InputErrors(problems)}, nil
	}
	look, err := n.Use.SaveKudos(ctx, bot.WorkspaceAct{Token: r.Token, Actor: r.User, Seen: from.seen}, set)
	fault := refused(err)
	switch {
	case fault != nil && fault.Code == bot.FaultStale:
		return n.rulesMoved(ctx, r, from, set)
	case fault != nil:
		return Response{Ack: InputErrors(map[string]string{rulesBlock(fault.Code): faultSentence(Reader{}, fault)})}, nil
	case err != nil:
		return Response{}, err
	}
	return Response{After: n.refresh(from.root, look, done("Saved."))}, nil
}

// rulesMoved shows the form again, with what was typed and what somebody else set meanwhile.
func (n *Workspaces) rulesMoved(ctx context.Context, r Request, from under, typed bot.KudosSettings) (Response, error) {
	look, err := n.Use.Look(ctx, r.User)
	if err != nil {
		return Response{}, err
	}
	d := rulesDraft{under: under{root: from.root, seen: look.Kudos.Seen()}, set: typed, daily: n.Daily, noReactions: n.NoReactions, moved: &look}
	return Response{Ack: UpdateModal(rulesForm(d))}, nil
}

// typedRules reads the form, and says what is wrong with it, by input.
func typedRules(v Values) (bot.KudosSettings, map[string]string) {
	problems := map[string]string{}
	number := func(block string) int {
		text := v.Text(block)
		if text == "" {
			return 0
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			problems[block] = "A whole number of 1 or more, or nothing for the standard."
		}
		return n
	}
	set := bot.KudosSettings{
		Recipients: number(workspaceRecipients), Letters: number(workspaceLetters), Characters: number(workspaceCharacters), Daily: number(workspaceDaily),
		NoGuests: !v.Ticked(workspaceGuests, guestsThanked), Reaction: v.Text(workspaceReaction),
	}
	if picked := v[workspaceChannel].Conversations; len(picked) > 0 {
		set.Channel = picked[0]
	}
	set = set.Tidy()
	for _, code := range set.Wrong() {
		if block := rulesBlock(code); problems[block] == "" {
			problems[block] = workspaceFaults(Reader{}, &bot.Fault{Code: code})
		}
	}
	return set, problems
}

// rulesBlock is the input below which a fault is shown.
func rulesBlock(code bot.FaultCode) string {
	switch code {
	case bot.RangeLetters:
		return workspaceLetters
	case bot.RangeCharacters:
		return workspaceCharacters
	case bot.RangeDaily:
		return workspaceDaily
	case bot.KudosChannel:
		return workspaceChannel
	case bot.KudosEmoji:
		return workspaceReaction
	}
	return workspaceRecipients
}

// valueProblems says what is wrong with a typed value, by input.
func valueProblems(typed bot.Value) map[string]string {
	problems := map[string]string{}
	for _, code := range typed.Tidy().Wrong() {
		problems[valueBlock(code)] = workspaceFaults(Reader{}, &bot.Fault{Code: code})
	}
	return problems
}

// valueBlock is the input below which a fault is shown.
func valueBlock(code bot.FaultCode) string {
	switch code {
	case bot.ValueEmoji:
		return workspaceEmoji
	case bot.ValueSentence:
		return workspaceSentence
	}
	return workspaceName
}
