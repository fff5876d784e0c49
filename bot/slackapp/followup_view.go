package slackapp

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/when"
)

const (
	followupTextLimit = 1000
	followupListed    = 8 // items of each kind on a page
	followupBundled   = 15
)

func outsideName(cp bot.Counterparty) string {
	switch {
	case cp.Email != "":
		return cp.Email
	case cp.Org != "":
		return cp.Name + ", " + cp.Org
	}
	return cp.Name
}

// How much of a commitment is shown: by itself, and in a list of many, which together have to fit into a message.
const (
	commitmentAlone  = 1200
	commitmentListed = 140
	namesShown       = 3
	nameShown        = 60
)

// commitmentLine is a commitment in one line: its number, what it is and for whom. Only its own people are shown it, in places where naming
// somebody does not notify them.
func commitmentLine(c bot.Commitment, limit int) string {
	text := c.Text
	if limit < commitmentAlone { // in a list a line is a line
		text = strings.Join(strings.Fields(text), " ")
	}
	line := fmt.Sprintf("*#%d* %s", c.ID, bot.OutgoingText{Max: limit, KeepUsers: true}.Mrkdwn(text))
	var to []string
	for _, cp := range c.Counterparties {
		switch {
		case cp.Member == "":
			to = append(to, bot.OutgoingText{Max: nameShown}.Mrkdwn(outsideName(cp)))
		case cp.Member != c.Owner && !strings.Contains(c.Text, "<@"+cp.Member+">") && !strings.Contains(c.Text, "<@"+cp.Member+"|"):
			to = append(to, Mention(cp.Member))
		}
	}
	if len(to) > 0 {
		line += " · for " + Reader{}.ListShort(to, namesShown)
	}
	return line
}

// dueWords says when something is due, for its owner: "by Friday, 27 March", with the time only if it was stated.
func dueWords(r Reader, d *when.Due, now time.Time) string {
	if d == nil {
		return "no date"
	}
	if d.ExplicitTime {
		return "by " + r.DateNear(d.UTC(), now) + ", " + r.Time(d.UTC())
	}
	return "by " + r.DayNear(d.Date, now)
}

func everyWords(r Reader, e *when.Every) string {
	if e == nil {
		return ""
	}
	unit := r.Count(e.N, string(e.Unit), string(e.Unit)+"s")
	if e.N <= 1 {
		unit = string(e.Unit)
	}
	if len(e.On) == 0 {
		return "every " + unit
	}
	var on []string
	for _, o := range e.On {
		day := onWords(o)
		if o.Nth != 0 {
			day = "the " + day
		}
		on = append(on, day)
	}
	if e.Unit == when.WeekUnit && e.N <= 1 {
		return "every " + List(on...)
	}
	return "every " + unit + " on " + List(on...)
}

// onWords names a day of a rule: "Friday", "last Friday", "day 15".
func onWords(o when.On) string {
	if o.Day > 0 {
		return fmt.Sprintf("day %d", o.Day)
	}
	day := o.Weekday.String()
	return strings.TrimSuffix(o.String(), strings.ToLower(day)) + day
}

// followupCreated echoes what was understood, with one-tap corrections.
func followupCreated(r Reader, c bot.Commitment, in bot.FollowupInput, offers []when.Due) Message {
	head := "Noted"
	if c.State == bot.Proposed {
		head = "Proposed to " + Mention(c.Owner) + "; nothing is promised until they accept"
	}
	due := dueWords(r, c.Due, c.Created)
	text := fmt.Sprintf("%s: #%d, %s.", head, c.ID, due)
	details := []string{":calendar: " + due}
	if c.Every != nil {
		details = append(details, ":repeat: "+everyWords(r, c.Every))
	}
	if words := noticeWords[in.Notice]; words != "" {
		details = append(details, words)
	}
	if c.About != "" {
		details = append(details, aboutWords(c))
	}
	blocks := []slack.Block{section(head + ": " + commitmentLine(c, commitmentAlone)), contextLine(details...)}
	if words := strings.TrimSpace(confirmWords(c, in) + " " + proposalReading(r, c, in)); words != "" {
		blocks = append(blocks, contextLine(":grey_question: "+words))
	}
	return Message{Text: text, Blocks: append(blocks, actions(echoButtons(r, c, in, offers)...))}
}

// longAhead is from when on a date is called a long way ahead.
const longAhead = 90 * 24 * time.Hour

// confirmWords ask whether a date was read as it was meant, where it may not have been. Of two dates the notice asks already.
func confirmWords(c bot.Commitment, in bot.FollowupInput) string {
	switch {
	case !in.Confirm || in.Notice == when.TwoDates:
		return ""
	case c.Due != nil && c.Due.UTC().Sub(c.Created) > longAhead:
		return "That is a long way ahead. Right, or did you mean another day?"
	}
	return "Is that the day you meant, or another one?"
}

// dateButtons are other dates that may have been meant; for an item without one, those that fit most.
func dateButtons(r Reader, c bot.Commitment, in bot.FollowupInput, offers []when.Due) []slack.BlockElement {
	var buttons []slack.BlockElement
	add := func(d when.Due) {
		label := fmt.Sprintf("#%d by %s", c.ID, r.DayNear(d.Date, c.Created))
		if d.ExplicitTime {
			label += ", " + r.Minute(d.Time.Hour*60+d.Time.Minute)
		}
		buttons = append(buttons, button("followup.date", fmt.Sprintf("%d %s", c.ID, dueValue(d)), label))
	}
	for _, d := range in.Alternatives {
		add(d)
	}
	if c.Due == nil && len(in.Alternatives) == 0 {
		for _, d := range offers {
			add(d)
		}
	}
	return append(buttons, button("followup.pick", fmt.Sprint(c.ID), fmt.Sprintf("Another day for #%d", c.ID)))
}

var noticeWords = map[when.Notice]string{
	when.NextWorkDay:  "Today's working day is over, so this is the next one.",
	when.AfterHours:   "Today's working day is over, so this is the end of the day.",
	when.GapTime:      "That time does not exist on that day: the clocks go forward.",
	when.RepeatedTime: "That time comes twice on that day; this is the one that is still ahead.",
	when.TwoDates:     "I saw two dates and took the earlier one. Two promises are easier to keep as two.",
	when.Unsure:       "I was not sure whether a date is meant, so there is none. One tap sets it.",
}

// followupRefused says what is wrong with a text, gives it back and offers the form with what was understood.
func followupRefused(r Reader, in bot.FollowupInput, typed string, now time.Time) Message {
	if in.ID > 0 {
		return verbRefused(r, in)
	}
	text := followupFaults(r, &bot.Fault{Code: in.Fault})
	if text == "" {
		text = wordsWrong
	}
	var buttons []slack.BlockElement
	if len(in.Suggestions) > 0 {
		var days []string
		for _, d := range in.Suggestions {
			day := r.DayNear(d.Date, now)
			days = append(days, day)
			if again, ok := retyped(in, d); ok {
				buttons = append(buttons, button("followup.open", again, "By "+day))
			}
		}
		text += " Did you mean " + ListOr(days...) + "?"
	}
	m := returned(text, typed)
	if again, ok := retyped(in, when.Due{}); ok {
		buttons = append(buttons, button("followup.open", again, "Open the form"))
	}
	if len(buttons) > 0 {
		m.Blocks = append(m.Blocks, actions(buttons...))
	}
	return m
}

// retyped is what somebody would have typed for what was understood, with another date. ok is false where the form cannot hold it.
func retyped(in bot.FollowupInput, due when.Due) (text string, ok bool) {
	if in.Text == "" || in.Proposed {
		return "", false
	}
	for _, cp := range in.Counterparties {
		if cp.Member != "" {
			text += Mention(cp.Member) + " "
		}
	}
	text += in.Text
	if !due.Date.IsZero() {
		text += " by " + due.Date.String()
	}
	return text, bot.CountText(text) <= buttonText && len([]rune(text)) <= buttonText
}

func followupHelp() Message {
	text := "Note what you promised: `/followup @bob send the Q2 deck by friday`."
	return Message{Text: text, Blocks: []slack.Block{
		header("Promises"), section(text),
		section("• `/followup` opens a form\n• `to \"Jane Doe, Acme\" …` for somebody outside; they are never messaged\n• `from @bob … by monday` asks Bob, who can accept or decline\n" +
			"• `… every friday`, `… every 2 weeks` for what repeats\n• `/followup list` shows what you owe and are owed, with buttons for everything; `list @bob` only what is between you and Bob\n• `done #7` `move #7 friday` `snooze #7 tomorrow` `give #7 @cy` `drop #7`\n" +
			"• `/followup review` shows your week in promises; `review monday` or `review friday` adds it to that day's message, `review off` ends that\n" +
			"• On any message: *More actions → Follow up on this*"),
		contextLine("Only you see your promises, and whoever you share one with. They are sealed in the database, no manager sees them, and nothing is counted. You are reminded in your working hours, in one message a day."),
	}}
}

// stateWords says where a commitment stands, to its owner.
func stateWords(r Reader, c bot.Commitment, now time.Time) string {
	words := dueWords(r, c.Due, now)
	switch {
	case c.State == bot.Proposed:
		words += " · " + Mention(c.By) + " asks you for it"
	case c.Giving != "":
		words += " · offered to " + Mention(c.Giving)
	}
	if isOver(r, c, now) {
		words += " · the date has passed"
	}
	words += freedWords(c)
	if c.Every != nil {
		words += " · " + everyWords(r, c.Every)
	}
	if plan := planWords(r, c, now); plan != "" {
		words += " · " + plan
	}
	if c.About != "" {
		words += " · " + aboutWords(c)
	}
	return words
}

// owedLine is a commitment to somebody whom it is to. Who else waits for it is its owner's to tell.
func owedLine(r Reader, c bot.Commitment, limit int, now time.Time) string {
	line := commitmentLine(withoutPeople(c), limit) + "\n" + Mention(c.Owner) + " · " + dueWords(r, c.Due, now)
	if c.State == bot.Proposed {
		return line + " · proposed, waits for a yes"
	}
	if c.Every != nil {
		line += " · " + everyWords(r, c.Every)
	}
	if isOver(r, c, now) {
		line += " · the date has passed"
	}
	return line + owedNews(r, c, now)
}

func withoutPeople(c bot.Commitment) bot.Commitment {
	c.Counterparties = nil
	return c
}

// isOver reports whether the date has passed where the reader is.
func isOver(r Reader, c bot.Commitment, now time.Time) bool {
	switch {
	case c.Due == nil || c.State != bot.Open:
		return false
	case c.Due.ExplicitTime:
		return c.Due.UTC().Before(now)
	}
	return c.Due.In(r.zone()).Before(now)
}

// aboutWords links to the message that a commitment follows up on.
func aboutWords(c bot.Commitment) string { return Link(c.About, "about this message") }

// Where the buttons of an item stand, as the second word of their value: what is pressed there changes a list, or the whole message.
const (
	onList  = "list"
	onAlone = "alone"
)

// itemButtons are what can be done with one item, at a time.
func itemButtons(c bot.Commitment, where string, now time.Time) slack.Block {
	id := fmt.Sprint(c.ID)
	value := strings.TrimSpace(id + " " + where)
	if c.State == bot.Proposed {
		return actions(button("followup.accept", value, "Accept #"+id), button("followup.decline", value, "Decline #"+id))
	}
	buttons := []slack.BlockElement{doneButton(c, where), button("followup.pick", id, "Move #"+id)}
	if c.Plan != nil {
		buttons = append(buttons, button("followup.replan", id, "Plan #"+id))
	}
	return actions(append(buttons, itemMenu(c, where, now))...)
}
