package slackapp

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/when"
)

// drawer keeps what the handlers of promises and settings need, in memory.
type drawer struct {
	commitments map[int]bot.Commitment
	prefs       map[string]bot.Preferences
	tokens      map[bot.Token]int
}

func (d *drawer) AddCommitment(_ context.Context, token bot.Token, c bot.Commitment, _ *bot.ProposalQuota, _ bot.Intents) (bot.Commitment, error) {
	if id, came := d.tokens[token]; came {
		return d.commitments[id], bot.ErrRepeated
	}
	c.ID, c.Version = len(d.commitments)+1, 1
	d.tokens[token], d.commitments[c.ID] = c.ID, c
	return c, nil
}

func (d *drawer) Commitment(_ context.Context, id int) (bot.Commitment, error) {
	if c, ok := d.commitments[id]; ok {
		return c, nil
	}
	return bot.Commitment{}, bot.ErrNotFound
}

func (d *drawer) CommitmentScene(ctx context.Context, id int, members ...string) (bot.Commitment, bot.Scene, error) {
	scene, err := d.Scene(ctx, "", members...)
	return d.commitments[id], scene, err
}

func (d *drawer) MemberCommitments(ctx context.Context, member string, since time.Time) (owned, owed []bot.Commitment, err error) {
	if owned, err = d.OwnedCommitments(ctx, member, since); err != nil {
		return nil, nil, err
	}
	owed, err = d.OwedCommitments(ctx, member, since)
	return owned, owed, err
}

func (d *drawer) ReplaceCommitment(_ context.Context, token bot.Token, _, c bot.Commitment, _ bot.Intents) error {
	if _, came := d.tokens[token]; came {
		return bot.ErrRepeated
	}
	c.Version++
	d.tokens[token], d.commitments[c.ID] = c.ID, c
	return nil
}

func (d *drawer) ChangeCommitments(_ context.Context, token bot.Token, step bot.CommitmentStep) ([]bot.Commitment, error) {
	if _, came := d.tokens[token]; came {
		return nil, bot.ErrRepeated
	}
	d.tokens[token] = 0
	for _, r := range step.Replace {
		r.Is.Version++
		d.commitments[r.Is.ID] = r.Is
	}
	var added []bot.Commitment
	for _, a := range step.Add {
		c := a.Commitment
		c.ID, c.Version = len(d.commitments)+1, 1
		d.commitments[c.ID] = c
		added = append(added, c)
	}
	return added, nil
}

func (d *drawer) OwnedCommitments(_ context.Context, owner string, _ time.Time) ([]bot.Commitment, error) {
	return slices.DeleteFunc(d.all(), func(c bot.Commitment) bool { return c.Owner != owner }), nil
}

func (d *drawer) OwedCommitments(_ context.Context, member string, _ time.Time) ([]bot.Commitment, error) {
	return slices.DeleteFunc(d.all(), func(c bot.Commitment) bool {
		return !slices.ContainsFunc(c.Counterparties, func(cp bot.Counterparty) bool { return cp.Member == member })
	}), nil
}

func (d *drawer) all() []bot.Commitment {
	var list []bot.Commitment
	for _, id := range slices.Sorted(maps.Keys(d.commitments)) {
		list = append(list, d.commitments[id])
	}
	return list
}

func (d *drawer) Scene(_ context.Context, _ string, members ...string) (bot.Scene, error) {
	s := bot.Scene{Members: map[string]bot.Member{}, Preferences: map[string]bot.Preferences{}}
	for _, id := range members {
		s.Members[id] = bot.Member{ID: id, Zone: "Europe/Berlin", Locale: "en-GB"}
		s.Preferences[id] = d.prefs[id]
	}
	return s, nil
}

func (d *drawer) Preferences(_ context.Context, members ...string) (map[string]bot.Preferences, error) {
	all := map[string]bot.Preferences{}
	for _, id := range members {
		if p, ok := d.prefs[id]; ok {
			all[id] = p
		}
	}
	return all, nil
}

func (d *drawer) SavePreferences(_ context.Context, _ bot.Token, p bot.Preferences, _ []bot.Entry, _ bot.Intents) error {
	if d.prefs[p.Member].Version != p.Version {
		return bot.ErrConflict
	}
	p.Version++
	d.prefs[p.Member] = p
	return nil
}

func newDrawer() (*drawer, *Followup, *Settings) {
	d := &drawer{commitments: map[int]bot.Commitment{}, prefs: map[string]bot.Preferences{}, tokens: map[bot.Token]int{}}
	settings := &bot.Settings{}
	promises := &bot.Promises{Store: d, Scenes: d, Settings: settings}
	home := &HomeTab{}
	return d, &Followup{Use: promises, Home: home}, &Settings{
		Use: &bot.Host{Preferences: d, Scenes: d, Settings: settings}, When: promises.WhenOf, Home: home,
	}
}

func faultOf(err error) bot.FaultCode {
	if fault, ok := errors.AsType[*bot.Fault](err); ok {
		return fault.Code
	}
	return ""
}

func TestForgedButtonsAndForms(t *testing.T) {
	d, f, _ := newDrawer()
	ask := Request{Kind: OnCommand, Name: "/followup", Now: wednesday, Token: "ask", User: "U1", Text: "<@U2> send the deck by friday"}
	if _, err := f.command(t.Context(), ask); err != nil {
		t.Fatal(err)
	}
	handlers := map[string]Handler{
		"done": f.done, "takeback": f.takeBack, "undo": f.undo, "share": f.share, "unshare": f.unshare, "split": f.split, "accept": f.accept, "decline": f.decline,
		"date": func(ctx context.Context, r Request) (Response, error) {
			r.Action.Value += " 2026-03-30"
			return f.setDate(ctx, r)
		},
		"more": func(ctx context.Context, r Request) (Response, error) {
			r.Action.Picked.Option = "snooze " + r.Action.Value + " 1"
			return f.more(ctx, r)
		},
		"edit form": func(ctx context.Context, r Request) (Response, error) {
			r.View.PrivateMetadata, r.Values = r.Action.Value, Values{followupText: {Text: "mine now"}}
			return f.submitEdit(ctx, r)
		},
		"tell form": func(ctx context.Context, r Request) (Response, error) {
			r.View.PrivateMetadata, r.Values = r.Action.Value, Values{tellText: {Text: "it is late"}, tellWho: {Options: []string{"U2"}}}
			return f.submitTell(ctx, r)
		},
		"give form": func(ctx context.Context, r Request) (Response, error) {
			r.View.PrivateMetadata, r.Values = r.Action.Value, Values{giveTo: {Users: []string{"U3"}}}
			return f.submitGive(ctx, r)
		},
		"take back words": func(ctx context.Context, r Request) (Response, error) {
			r.Action.Value += " 1"
			return f.unsay(ctx, r)
		},
		"move form": func(ctx context.Context, r Request) (Response, error) {
			r.View.PrivateMetadata, r.Values = r.Action.Value, Values{followupDate: {Date: "2026-03-30"}}
			return f.submitMove(ctx, r)
		},
	}
	for name, handle := range handlers {
		for i, user := range []string{"U2", "U3"} {
			for value, want := range map[string]bot.FaultCode{
				"1": bot.FaultNotFound, "99": bot.FaultNotFound, "-1": bot.FaultNotFound, "999999999999999999999": bot.FaultInvalid, "x": bot.FaultInvalid, "": bot.FaultInvalid,
			} {
				_, err := handle(t.Context(), Request{Kind: OnAction, Now: wednesday, Token: bot.Token(fmt.Sprint(name, i, value)), User: user, Action: Action{Value: value}})
				if got := faultOf(err); got != want {
					t.Errorf("%s of %q by %s: %v, want %s", name, value, user, err, want)
				}
			}
		}
	}
	for _, option := range []string{"", "snooze", "snooze 1", "snooze 1 0", "snooze 1 99999", "snooze 1 x", "drop", "explode 1", "snooze 1 -1", "edit", "share", "unshare x", "edit x", "more", "more x"} {
		_, err := f.more(t.Context(), Request{Now: wednesday, User: "U1", Action: Action{Picked: Picked{Option: option}}})
		if got := faultOf(err); got != bot.FaultInvalid {
			t.Errorf("menu %q: %v", option, err)
		}
	}
	if c := d.commitments[1]; c.Version != 1 {
		t.Errorf("changed: %+v", c)
	}
}

func TestAFormSubmittedTwiceMakesOnePromise(t *testing.T) {
	d, f, _ := newDrawer()
	r := Request{
		Kind: OnSubmit, Now: wednesday, Token: "view", User: "U1", View: View{PrivateMetadata: "javascript:alert(1)"},
		Values: Values{followupText: {Text: "send <the> deck"}, followupTo: {Users: []string{"U2", "U1"}}, followupDate: {Date: "2026-03-27"}, followupShare: {Options: []string{"share"}}},
	}
	for range 2 {
		if response, err := f.submit(t.Context(), r); err != nil || response.Ack != nil {
			t.Fatalf("%+v, %v", response, err)
		}
	}
	c := d.commitments[1]
	if len(d.commitments) != 1 || c.Text != "send &lt;the&gt; deck" || !c.Shared || c.About != "" || len(c.Counterparties) != 1 {
		t.Errorf("made %+v", d.commitments)
	}
	for block, values := range map[string]Values{
		followupText: {followupText: {Text: "  "}}, followupDate: {followupText: {Text: "x"}, followupDate: {Date: "2026-03-24"}},
	} {
		response, err := f.submit(t.Context(), Request{Now: wednesday, User: "U1", Token: bot.Token(block), Values: values})
		problems, ok := response.Ack.(errorsAck)
		if err != nil || !ok || problems.sentences[block] == "" {
			t.Errorf("%s: %+v, %v", block, response, err)
		}
	}
	far := Values{followupText: {Text: "x"}, followupDate: {Date: "9999-12-31"}}
	if response, err := f.submit(t.Context(), Request{Now: wednesday, User: "U1", Token: "far", Values: far}); err != nil || response.Ack.(errorsAck).sentences[followupDate] == "" {
		t.Errorf("the year 9999: %+v, %v", response, err)
	}
}

func TestSettingsComeBackAsTheyWere(t *testing.T) {
	week := bot.StandardWeek()
	week[time.Saturday], week[time.Monday] = bot.Span{From: 10 * 60, To: 24 * 60}, bot.Span{}
	for name, set := range map[string]bot.Preferences{
		"nothing set": {},
		"all set": {
			Zone: "Asia/Kathmandu", Hours: &week, Holidays: "DE", PausedTill: bot.Date{Year: 2026, Month: 4, Day: 1}, KudosDM: bot.KudosPrivately,
			Muted: []bot.Kind{bot.KindReminders, bot.KindMet}, Practice: true, Department: "Sales",
		},
		"an old pause":       {PausedTill: bot.Date{Year: 2026, Month: 1, Day: 1}},
		"no working hours":   {Hours: &bot.Week{}},
		"everything is mute": {Muted: []bot.Kind{bot.KindReminders, bot.KindTimed, bot.KindMidway, bot.KindMet, bot.KindKudosDM}},
	} {
		d, _, s := newDrawer()
		set.Member = "U1"
		d.prefs["U1"] = set
		form := formValues(t, settingsForm(set, "Europe/Berlin", when.DateOf(wednesday)))
		response, err := s.submit(t.Context(), Request{Kind: OnSubmit, Now: wednesday, Token: "view", User: "U1", Values: form})
		if err != nil || response.Ack != nil {
			t.Errorf("%s: %+v, %v", name, response, err)
			continue
		}
		got := d.prefs["U1"]
		set.PausedTill = set.Pause(when.DateOf(wednesday)) // one that is over is not offered again
		set.Version, set.Updated = got.Version, got.Updated
		if !reflect.DeepEqual(got, set) {
			t.Errorf("%s: came back as\n%+v, want\n%+v", name, got, set)
		}
	}
}

func TestSettingsRefuse(t *testing.T) {
	d, _, s := newDrawer()
	for block, change := range map[string]Picked{
		settingsZone: {Option: "Mars/Olympus"}, settingsHours + "3": {Text: "all day"}, settingsHolidays: {Option: "XX"}, settingsPause: {Date: "2026-03-25"},
	} {
		form := formValues(t, settingsForm(bot.Preferences{}, "Europe/Berlin", when.DateOf(wednesday)))
		form[block] = change
		response, err := s.submit(t.Context(), Request{Kind: OnSubmit, Now: wednesday, Token: "view", User: "U1", Values: form})
		problems, ok := response.Ack.(errorsAck)
		if err != nil || !ok || problems.sentences[block] == "" {
			t.Errorf("%s: %+v, %v", block, response, err)
		}
	}
	if len(d.prefs) != 0 {
		t.Errorf("saved %+v", d.prefs)
	}
}

func TestPauseInWords(t *testing.T) {
	for said, want := range map[string]string{
		"until monday": "2026-03-30", "Until Monday": "2026-03-30", "monday": "2026-03-30", "2 weeks": "2026-04-08", "for 2 weeks": "2026-04-08", "2026-04-01": "2026-04-01",
		"until tomorrow": "2026-03-26", "": "", "whenever": "", "until": "",
	} {
		d, _, s := newDrawer()
		if _, err := s.pause(t.Context(), Request{Kind: OnCommand, Now: wednesday, Token: "p", User: "U1", Rest: said, Text: "pause " + said}); err != nil {
			t.Errorf("%q: %v", said, err)
		}
		got := ""
		if p := d.prefs["U1"]; !p.PausedTill.IsZero() {
			got = p.PausedTill.String()
		}
		if got != want {
			t.Errorf("%q pauses till %q, want %q", said, got, want)
		}
		if _, err := s.resume(t.Context(), Request{Kind: OnCommand, Now: wednesday, Token: "r", User: "U1"}); err != nil || !d.prefs["U1"].PausedTill.IsZero() {
			t.Errorf("resume after %q: %+v, %v", said, d.prefs["U1"], err)
		}
	}
}

func TestTheListIsWorkedThroughInOneMessage(t *testing.T) {
	d, f, s := newDrawer()
	w := newTown(t, nil, func(c *Client) Noun { f.Client, f.Home = c, &HomeTab{Client: c}; return f }, func(c *Client) Noun { s.Client = c; return s })
	for _, text := range []string{"<@" + w.person("bob") + "> send the deck by friday", "water the plants", "call Jane by 9 april"} {
		w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/followup", "text": text})
	}
	w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/followup", "text": "list"})
	w.settle()
	listed := w.said("What you owe")
	if len(listed) != 1 || listed[0].EphemeralTo != w.person("ana") {
		t.Fatalf("listed %+v", listed)
	}
	press := func(action string) {
		w.do("/click", map[string]any{"user": "ana", "channel": listed[0].Channel, "ts": listed[0].TS, "action_id": action})
		w.settle()
	}
	press("followup.done")
	press("followup.done:2")
	if c := d.commitments; c[1].State != bot.Done || c[2].State != bot.Done || c[3].State != bot.Open { // #2 has no date, so it comes last
		t.Errorf("after two presses: %v %v %v", c[1].State, c[2].State, c[3].State)
	}
	press("followup.undo")
	if c := d.commitments[2]; c.State != bot.Open {
		t.Errorf("after undo: %+v", c)
	}
	if got := w.said("What you owe"); len(got) != 1 || got[0].TS != listed[0].TS {
		t.Errorf("the list is not in its place: %+v", got)
	}
	press("followup.pick")
	w.do("/command", map[string]any{"user": "bob", "channel": "#general", "command": "/rapport", "text": "settings"})
	w.settle()
	if got := w.views(); got != "followup.move settings.save" {
		t.Errorf("open: %s", got)
	}
	w.unbroken()
}

func TestADoneButtonNamesItsOccasion(t *testing.T) {
	d, f, _ := newDrawer()
	w := newTown(t, nil, func(c *Client) Noun { f.Client, f.Home = c, &HomeTab{Client: c}; return f })
	w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/followup", "text": "every friday water the plants"})
	w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/followup", "text": "list"})
	w.settle()
	listed := w.said("What you owe")
	shows := func(value string) bool {
		return strings.Contains(written([]slack.Block{itemButtons(d.commitments[1], onList, time.Time{})}), `"value":"`+value+`"`)
	}
	if len(listed) != 1 || !shows("1 0 list") {
		t.Fatalf("listed %+v", listed)
	}
	done := func(token, value string) bot.FaultCode {
		_, err := f.done(t.Context(), Request{Kind: OnAction, Now: wednesday.Add(time.Hour), Token: bot.Token(token), User: w.person("ana"), Action: Action{Value: value}})
		return faultOf(err)
	}
	w.do("/click", map[string]any{"user": "ana", "channel": listed[0].Channel, "ts": listed[0].TS, "action_id": "followup.done"})
	w.settle()
	if c := d.commitments[1]; c.Occasion != 1 || c.State != bot.Open {
		t.Errorf("after a press: %+v", c)
	}
	if !shows("1 1 list") {
		t.Errorf("the next button is of another occasion")
	}
	c := d.commitments[1]
	c.Before.Till = wednesday // an act before this morning
	d.commitments[1] = c
	for i, value := range []string{"1 0 list", "1 0", "1 0 alone", "1 -1", "1 99 list"} {
		if got := done(fmt.Sprint("old", i), value); got != bot.FaultDone {
			t.Errorf("%q: %q, want %s", value, got, bot.FaultDone)
		}
	}
	if c := d.commitments[1]; c.Occasion != 1 {
		t.Errorf("after old buttons: %+v", c)
	}
	for value, want := range map[string]string{"7": "7", "7 list": "7 list", "7 3": "7", "7 3 list": "7 list", "": "", "7 99999999999999999999": "7 99999999999999999999"} {
		if got, _ := doneValue(value); got != want {
			t.Errorf("%q acts on %q, want %q", value, got, want)
		}
	}
}
