package slackapp

import (
	"context"
	"strings"

	"rapport/bot"
)

// Profiles answers what a person says of themselves. All fields are required.
type Profiles struct {
	Client *Client
	Use    *bot.Host
	Home   *HomeTab
}

// The form's inputs.
const (
	profileHelp      = "profile_help"
	profileOffers    = "profile_offers"
	profileAsks      = "profile_asks"
	profileSupport   = "profile_support"
	profileStyle     = "profile_style"
	profileOffice    = "profile_office"
	profileLanguages = "profile_languages"
)

// Routes implements [Noun].
func (n *Profiles) Routes() []Route {
	return []Route{
		{Kind: OnCommand, Name: "/rapport profile", Handle: n.open},
		{Kind: OnAction, Name: "profile.open", Handle: n.open},
		{Kind: OnAction, Name: "profile.preview", Handle: n.preview},
		{Kind: OnAction, Name: "profile.keep", Handle: n.keep},
		{Kind: OnSubmit, Name: "profile.save", Handle: n.submit},
	}
}

func (n *Profiles) open(_ context.Context, r Request) (Response, error) {
	return n.Client.opening(r, profileTitle, func(ctx context.Context) (Modal, error) {
		p, err := n.Use.PreferencesOf(ctx, r.User)
		if err != nil {
			return Modal{}, err
		}
		return profileForm(p.Profile, p.Profile.Mark(), ""), nil
	}), nil
}

// preview shows below the inputs how an introduction would say what stands in them.
func (n *Profiles) preview(ctx context.Context, r Request) (Response, error) {
	scene, err := n.Use.SceneOf(ctx, r.User)
	if err != nil {
		return Response{}, err
	}
	said, m := formProfile(r.Values), scene.Members[r.User]
	m.ID = r.User
	return Then(func(ctx context.Context) error {
		form := profileForm(said, r.View.PrivateMetadata, "")
		form.Blocks = append(form.Blocks, profilePreview(m, said.Tidy())...)
		_, err := n.Client.UpdateModal(ctx, ViewRef{ID: r.View.ID, Hash: r.View.Hash}, form)
		if RefusalCode(err) == "hash_conflict" { // somebody pressed twice: the first press has shown it
			return nil
		}
		return err
	}), nil
}

// submit saves the form. What does not fit is said below its input; where the profile changed elsewhere meanwhile, the form stays with what was typed.
func (n *Profiles) submit(ctx context.Context, r Request) (Response, error) {
	typed := formProfile(r.Values)
	if faults := typed.Tidy().Faults(); len(faults) > 0 {
		problems := map[string]string{}
		for _, f := range faults {
			problems[profileBlocks[f.Code]] = profileFaults(Reader{}, f)
		}
		return Response{Ack: InputErrors(problems)}, nil
	}
	p, m, err := n.Use.SaveProfile(ctx, r.Now, r.Token, r.User, r.View.PrivateMetadata, typed)
	if fault := refused(err); fault != nil && fault.Code == bot.FaultStale {
		return Response{Ack: UpdateModal(profileForm(typed, p.Mark(), profileChanged))}, nil
	}
	if err != nil {
		return Response{}, err
	}
	return Response{
		Ack:   UpdateModal(profileSaved(m, p)),
		After: func(ctx context.Context) error { return n.Home.Publish(ctx, r.User) },
	}, nil
}

// keep notes that a profile still holds.
func (n *Profiles) keep(ctx context.Context, r Request) (Response, error) {
	if _, err := n.Use.ConfirmProfile(ctx, r.Now, r.Token, r.User); err != nil {
		return Response{}, err
	}
	return n.Home.changed(r, paragraph("Thank you. I ask again in half a year at the earliest.")), nil
}

// formProfile reads the filled form, as typed.
func formProfile(v Values) bot.Profile {
	return bot.Profile{
		Help: v.Text(profileHelp), Offers: bot.ReadTopics(v.Text(profileOffers)), Asks: bot.ReadTopics(v.Text(profileAsks)), Support: v.Text(profileSupport),
		Style: v.Text(profileStyle), Office: v.Text(profileOffice), Languages: bot.ReadTopics(v.Text(profileLanguages)),
	}
}

// profileBlocks is the input below which each problem is shown.
var profileBlocks = map[bot.FaultCode]string{
	bot.ProfileHelp: profileHelp, bot.ProfileOffers: profileOffers, bot.ProfileAsks: profileAsks, bot.ProfileSupport: profileSupport,
	bot.ProfileStyle: profileStyle, bot.ProfileOffice: profileOffice, bot.ProfileLanguages: profileLanguages,
}

// askingProfile answers somebody who joined a program, and asks for their profile in the same breath, if they have none and were not asked in the last half year.
// respond is how the answer is given.
func (t *HomeTab) askingProfile(r Request, known bot.Preferences, m Message, respond func(Message) Response) Response {
	if !known.Profile.Empty() || !known.Profile.Due(r.Now) {
		return respond(m)
	}
	m.Blocks = append(m.Blocks, profileAsk()...)
	response := respond(m)
	after := response.After
	response.After = func(ctx context.Context) error {
		if after != nil {
			if err := after(ctx); err != nil {
				return err
			}
		}
		return t.Use.Host.AskedForProfile(ctx, r.Now, r.Token+" asked", r.User)
	}
	return response
}

// topicsText writes topics as the form reads them.
func topicsText(topics []string) string { return strings.Join(topics, ", ") }
