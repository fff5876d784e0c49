package slackapp

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/when"
)

// The inputs of the plan's form.
const (
	followupPlanDay = "followup_plan_day"
	followupPlanCue = "followup_plan_cue"

	planCueLimit = 150
	planText     = 60 // of a commitment's words in a hint
)

// planSelect asks when somebody will do it: one tap for a day, or a form for "when something happens". It may be left alone. where is where it stands.
func planSelect(r Reader, c bot.Commitment, days []bot.Date, now time.Time, where string) slack.BlockElement {
	today := when.DateOf(now.In(r.zone()))
	var options []*slack.OptionBlockObject
	for _, day := range days {
		options = append(options, option(planValue(c, day.String(), where), planDayLabel(r, c, day, today)))
	}
	options = append(options, option(planValue(c, planByCue, where), fmt.Sprintf("#%d when something happens …", c.ID)))
	placeholder := plainText(fmt.Sprintf("When will you do #%d?", c.ID), maxPlaceholder)
	return slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, placeholder, "followup.plan", options...)
}

// planDayLabel names a day, so that it makes sense alone: "#7 tomorrow, Thursday, March 26".
func planDayLabel(r Reader, c bot.Commitment, day, today bot.Date) string {
	label := fmt.Sprintf("#%d %s", c.ID, dayOf(r, day, today))
	switch today.DaysUntil(day) {
	case 0:
		label = fmt.Sprintf("#%d today", c.ID)
	case 1:
		label = fmt.Sprintf("#%d tomorrow, %s", c.ID, r.Day(day))
	}
	if c.Due != nil && day == bot.DateIn(*c.Due, r.zone()) {
		label += ", when it is due"
	}
	return label
}

func followupPlanForm(c bot.Commitment, plan bot.Plan) Modal {
	hint := "Something that happens anyway. Such plans are the ones that work."
	return Modal{
		CallbackID: "followup.plan", Title: "My plan", Submit: "Save", Close: "Cancel", PrivateMetadata: fmt.Sprint(c.ID),
		Blocks: []slack.Block{
			section(commitmentLine(c, commitmentAlone)),
			Input{Block: followupPlanCue, Label: "After what?", Hint: hint, Optional: true}.text(bot.UnescapeText(plan.Cue), "After the stand-up", planCueLimit, false),
			Input{Block: followupPlanDay, Label: "On which day?", Hint: "It comes up in that day's message, if you get one for it.", Optional: true}.date(plan.Day),
			contextLine("Only you see your plan. To remove it, leave both empty."),
		},
	}
}

// planWords are an owner's plan for a commitment, "your plan: Thursday, March 26, after the stand-up"; empty where there is none that still holds.
func planWords(r Reader, c bot.Commitment, now time.Time) string {
	today := when.DateOf(now.In(r.zone()))
	words := plainPlan(r, c.Planned(today, r.zone()), today)
	if words == "" {
		return ""
	}
	return "your plan: " + words
}

// plainPlan says a plan's day and cue.
func plainPlan(r Reader, plan bot.Plan, today bot.Date) string {
	var parts []string
	switch {
	case plan.Day.IsZero():
	case plan.Day == today:
		parts = append(parts, "today")
	default:
		parts = append(parts, dayOf(r, plan.Day, today))
	}
	if plan.Cue != "" {
		parts = append(parts, bot.OutgoingText{Max: planCueLimit, KeepUsers: true}.Mrkdwn(plan.Cue))
	}
	return strings.Join(parts, ", ")
}

// dayOf is a day as it is said on another one: with its year only if that is another.
func dayOf(r Reader, day, today bot.Date) string {
	if day.Year != today.Year {
		return Reader{Locale: r.Locale}.DateYear(midnight(day))
	}
	return r.Day(day)
}

// followupPlanned says what the plan is now, and when the item comes up next; next is zero for never.
func followupPlanned(r Reader, c bot.Commitment, next, today bot.Date) Message {
	words := plainPlan(r, c.Planned(today, r.zone()), today)
	text := fmt.Sprintf("Your plan for #%d: %s.", c.ID, words)
	if words == "" {
		text = fmt.Sprintf("#%d has no plan now. Its date and its reminders stay.", c.ID)
	} else if c.Plan != nil && !c.Plan.Day.IsZero() && !next.IsZero() {
		text += " I bring it up on " + r.Day(next) + "."
		if next == c.Plan.Day {
			text = fmt.Sprintf("Your plan for #%d: %s. I bring it up that morning.", c.ID, words)
		}
	}
	id := fmt.Sprint(c.ID)
	change := button("followup.replan", id, "Change the plan for #"+id)
	if words == "" {
		change = button("followup.replan", id, "Plan #"+id)
	}
	return Message{Text: fmt.Sprintf("Your plan for #%d.", c.ID), Blocks: []slack.Block{
		section(text + "\n" + commitmentLine(c, commitmentAlone)),
		actions(change, button("followup.pick", id, "Another day for #"+id), undoButton(c)),
	}}
}

// followupStays answers who keeps an item as it is.
func followupStays(r Reader, c bot.Commitment, next, _ bot.Date) Message {
	text := fmt.Sprintf("#%d stays as it is. It rests on Home from here, and I do not bring it up by myself.", c.ID)
	if !next.IsZero() {
		text = fmt.Sprintf("#%d stays as it is. I bring it up again on %s.", c.ID, r.Day(next))
	}
	return Message{Text: text, Blocks: []slack.Block{section(text + "\n" + commitmentLine(c, commitmentAlone)), actions(undoButton(c))}}
}
