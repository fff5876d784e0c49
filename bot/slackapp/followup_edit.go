package slackapp

import (
	"context"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/when"
)

// edit opens the form with what a promise says.
func (f *Followup) edit(_ context.Context, r Request) (Response, error) {
	return f.editItem(r, r.Action.Value)
}

func (f *Followup) editItem(r Request, value string) (Response, error) {
	act, err := actOf(r, value)
	if err != nil {
		return Response{}, err
	}
	return f.opening(r, "Edit a promise", func(ctx context.Context) (Modal, error) {
		c, err := f.Use.Show(ctx, act)
		if err == nil && c.AskedFor() {
			err = &bot.Fault{Code: bot.FollowupAsked}
		}
		if err != nil {
			return Modal{}, err
		}
		people, err := f.people(ctx, mentioned(c.Text))
		return followupEditForm(c, people), err
	}), nil
}

func followupEditForm(c bot.Commitment, people map[string]bot.Member) Modal {
	d := followupDraft{Input: bot.FollowupInput{Text: c.Text, Counterparties: c.Counterparties, Due: c.Due, Every: c.Every}, About: c.About, People: people}
	m := Modal{CallbackID: "followup.edit", Title: "Edit a promise", Submit: "Save", Close: "Cancel", PrivateMetadata: fmt.Sprint(c.ID, " ", c.Revision), Blocks: d.inputs()}
	if c.Shared {
		m.Blocks = append(m.Blocks, contextLine("Colleagues named above see it, and what you change."))
	}
	return m
}

func (f *Followup) submitEdit(ctx context.Context, r Request) (Response, error) {
	act, err := actOf(r, r.View.PrivateMetadata)
	if err != nil {
		return Response{}, err
	}
	c, in, read, err := f.Use.Editing(ctx, r.Now, act)
	if err != nil {
		return Response{}, err
	}
	act.Read = read
	people, err := f.calledBy(ctx, r.Values, c.Text)
	if err != nil {
		return Response{}, err
	}
	said := readForm(r.Values, formDays{writer: in, owner: in}, c, people)
	if len(said.problems) > 0 {
		return Response{Ack: InputErrors(said.problems)}, nil
	}
	if outdated(r.View.PrivateMetadata, c) && (said.text != c.Text || !sameDue(said.due, c.Due)) {
		return Response{Ack: InputErrors(map[string]string{followupText: "Its date or its words have changed since this form was opened. Please open the form again; nothing was saved."})}, nil
	}
	c, err = f.Use.Edit(ctx, r.Now, act, bot.Edit{Text: said.text, Counterparties: formCounterparties(r.Values, ""), Due: said.due, Every: said.every})
	if fault := refused(err); fault != nil && followupInputs[fault.Code] != "" {
		return Response{Ack: InputErrors(map[string]string{followupInputs[fault.Code]: faultSentence(Reader{}, err)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	return f.Home.told(r, followupEdited(Reader{Zone: in.Zone, Locale: in.Locale}, c)), nil
}

// outdated reports whether a commitment was moved, split or had back since the form was opened: what stands in the form for it is not what it says now.
func outdated(metadata string, c bot.Commitment) bool {
	_, revision, ok := strings.Cut(metadata, " ")
	return ok && revision != fmt.Sprint(c.Revision)
}

func followupEdited(r Reader, c bot.Commitment) Message {
	text := fmt.Sprintf("Changed: #%d, %s.", c.ID, dueWords(r, c.Due, c.Acted))
	blocks := []slack.Block{section("Changed: " + commitmentLine(c, commitmentAlone)), contextLine(dueDetails(r, c)...)}
	buttons := []slack.BlockElement{button("followup.edit", fmt.Sprint(c.ID), fmt.Sprintf("Edit #%d", c.ID)), undoButton(c)}
	return Message{Text: text, Blocks: append(blocks, actions(buttons...))}
}

// dueDetails are when a promise is due and how often.
func dueDetails(r Reader, c bot.Commitment) []string {
	details := []string{":calendar: " + dueWords(r, c.Due, c.Created)}
	if c.Every != nil {
		details = append(details, ":repeat: "+everyWords(r, c.Every))
	}
	return details
}

// formReading is what a form says, and what is wrong with it by input.
type formReading struct {
	text     string
	due      *when.Due
	every    *when.Every
	problems map[string]string
}

// formDays are the days of who writes a form, and of whose day a date in it ends.
type formDays struct{ writer, owner when.Context }

// readForm reads the inputs of a form; was is the promise that it changes, if it does, and people are those whom its text calls by name. What was left as
// it stands there keeps its zone, and its date also where that is over.
func readForm(v Values, days formDays, was bot.Commitment, people map[string]bot.Member) formReading {
	said := formReading{text: sentWords(v.Text(followupText), was.Text, people), problems: map[string]string{}}
	if sameDay(v, was.Due) {
		said.due = was.Due
	} else {
		said.due, said.problems = formDue(v, days.owner)
	}
	if said.text == "" {
		said.problems[followupText] = "Say in a few words what you will do."
	}
	typed := v.Text(followupEvery)
	if typed == "" {
		return said
	}
	if was.Every != nil && typed == ruleText(was.Every) {
		said.every = was.Every
		return said
	}
	every, first, ok := readRule(typed, days.writer, days.owner)
	if !ok {
		said.problems[followupEvery] = "I did not understand how often. Try `every 2 weeks`, `every friday` or `every first monday`."
		return said
	}
	said.every = &every
	if said.due == nil && said.problems[followupDate] == "" {
		said.due = &first
	}
	return said
}

// sameDay reports whether a form's date and time are those of a date.
func sameDay(v Values, due *when.Due) bool {
	day, dated := v.Date(followupDate)
	minute, timed := v.Minute(followupTime)
	if due == nil || !dated {
		return due == nil && !dated && !timed
	}
	return day == due.Date && timed == due.ExplicitTime && (!timed || minute == due.Time.Hour*60+due.Time.Minute)
}
