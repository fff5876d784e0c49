package slackapp

import (
	"fmt"
	"slices"
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
		on = append(on, onWords(o))
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
	if words := confirmWords(c, in); words != "" {
		blocks = append(blocks, contextLine(":grey_question: "+words))
	}
	buttons := splitButtons(c)
	if c.Owner == c.By {
		buttons = append(buttons, dateButtons(r, c, in, offers)...)
		if c.Due == nil && len(in.Alternatives) == 0 {
			buttons = append(buttons, button("followup.date", fmt.Sprintf("%d %s", c.ID, noDate), fmt.Sprintf("No date for #%d", c.ID)))
		}
		if len(colleagues(c)) > 0 && !c.Shared {
			buttons = append(buttons, shareButton(c))
		}
		buttons = append(buttons, button("followup.edit", fmt.Sprint(c.ID), fmt.Sprintf("Edit #%d", c.ID)))
	}
	buttons = append(buttons, button("followup.takeback", fmt.Sprint(c.ID), fmt.Sprintf("Take back #%d", c.ID)))
	return Message{Text: text, Blocks: append(blocks, actions(buttons...))}
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

// followupFaults are the words for what can be wrong with a commitment.
func followupFaults(_ Reader, f *bot.Fault) string {
	switch f.Code {
	case bot.FollowupPerson:
		if len(f.Names) > 0 {
			return "A promise is between people who work here: " + mentionList(f.Names) + " cannot be part of it. For somebody outside, write their name: `to \"Jane Doe, Acme\" …`. Nothing was saved."
		}
		return "A promise is between people: a bot, a channel or a group cannot be part of it. Nothing was saved."
	case bot.FollowupEmpty:
		return "Say in a few words what you will do. Nothing was saved."
	case bot.FollowupLong:
		return fmt.Sprintf("A promise has at most %d characters; shorter ones are easier to keep. Nothing was saved.", f.Limit)
	case bot.FollowupMany:
		return fmt.Sprintf("A promise is to at most %d people, and of those outside their names or addresses are enough. Nothing was saved.", f.Limit)
	case bot.FollowupProposals:
		return fmt.Sprintf("You have asked others for %d things today, which is as many as I pass on in one day. Nothing was saved.", f.Limit)
	case bot.FollowupWaiting:
		return "That one is only proposed so far. Accept it first, or decline it."
	case bot.FollowupClosed:
		return "That one is closed already. Nothing had to be changed."
	case bot.FollowupAsked:
		return "Somebody asked you for that one: they keep seeing it, and its words are theirs, too. You can move it, give it or release it."
	case bot.FollowupParted:
		return "One of them was kept, answered or given away meanwhile, so they stay apart. Nothing was changed."
	case bot.FollowupPlanLate:
		return "That is after its date. Plan it for an earlier day, or move its date."
	case bot.FollowupUnasked:
		return "That question is over: it was answered, or it was a while ago. Nothing had to be changed."
	case bot.FollowupUnagreed:
		return "That one is only proposed so far, so there is nothing to ask yet."
	case bot.FollowupChosen:
		return "You chose otherwise for that one before. Within ten minutes you can undo that and choose again. Nothing was changed."
	case bot.FollowupBack:
		return "Whose it was is back, so it is theirs as before. Nothing was changed."
	case bot.FollowupNotTold:
		return "There is nobody inside the company to tell."
	case bot.FollowupPast:
		return "That date is over. Already done? Then there is nothing to note; else pick a day ahead. Nothing was saved."
	case bot.FollowupImpossible:
		return "There is no such day in the calendar. Nothing was saved."
	case bot.FollowupMismatch:
		return "The weekday and the date that you wrote exclude each other. Nothing was saved."
	case bot.FollowupTooFar:
		return "That is more than ten years ahead. Nothing was saved."
	case bot.FollowupNotADate, bot.FollowupNeedsDate:
		return "I did not understand when. Try `friday`, `in 3 days`, `2026-04-01 17:00`. Nothing was changed."
	case bot.FollowupNeedsID:
		return "Which one? Give its number, like `#7`. `/followup list` shows them."
	case bot.FollowupOneID:
		return "One at a time, please: `/followup done #7`."
	case bot.FollowupNeedsOne:
		return "Who takes it over? Name one colleague: `/followup give #7 @ana`."
	case bot.FollowupUnpicked:
		return "I do not guess who is meant by a name. Pick them from the completion while you type. Nothing was saved."
	}
	return tellProblem(f)
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
			"• `… every friday`, `… every 2 weeks` for what repeats\n• `/followup list` shows what you owe and are owed, with buttons for everything\n• `done #7` `move #7 friday` `snooze #7 tomorrow` `give #7 @cy` `drop #7`\n" +
			"• `/followup review` shows your week in promises; `review monday` or `review friday` adds it to that day's message, `review off` ends that\n" +
			"• On any message: *More actions → Follow up on this*"),
		contextLine("Only you see your promises, and whoever you share one with. They are sealed in the database, no manager sees them, and nothing is counted. You are reminded in your working hours, in one message a day."),
	}}
}

// followupList is a page of what a member owes and is owed. top is what they just did on it, done its commitment; from is how many of each are on
// earlier pages.
func followupList(r Reader, owe, owed []bot.Commitment, from int, now time.Time, top string, done bot.Commitment) Message {
	owe, owed = stillOpen(owe), stillOpen(owed)
	if from >= max(len(owe), len(owed)) {
		from = 0
	}
	var blocks []slack.Block
	if top != "" {
		blocks = append(blocks, section(top))
		if done.Before != nil {
			blocks = append(blocks, actions(button("followup.undo", fmt.Sprint(done.ID, " ", onList), fmt.Sprintf("Undo #%d", done.ID))))
		}
	}
	if from == 0 || from < len(owe) {
		blocks = append(blocks, header("What you owe"))
	}
	if len(owe) == 0 && from == 0 {
		blocks = append(blocks, section("Nothing. A promise you note is one you need not carry in your head: `/followup @name … by friday`."))
	}
	for _, c := range page(owe, from) {
		blocks = append(blocks, ownBlocks(commitmentLine(c, commitmentListed)+"\n"+stateWords(r, c, now), r, c, onList, now)...)
	}
	if from == 0 || from < len(owed) {
		blocks = append(blocks, header("What you are owed"))
	}
	if len(owed) == 0 && from == 0 {
		blocks = append(blocks, section("Nothing that was shared with you."))
	}
	for _, c := range page(owed, from) {
		blocks = append(append(blocks, section(owedLine(r, c, commitmentListed, now))), owedRow(r, c, onList, now)...)
	}
	buttons := []slack.BlockElement{button("followup.open", "", "Note a promise")}
	if next := from + followupListed; next < max(len(owe), len(owed)) {
		buttons = append(buttons, button("followup.list", fmt.Sprint(next), "Show the next ones"))
	}
	if from > 0 {
		buttons = append(buttons, button("followup.list", fmt.Sprint(max(0, from-followupListed)), "Show the ones before"))
	}
	return Message{Text: "What you owe and what you are owed. Only you see this.", Blocks: append(blocks, actions(buttons...))}
}

func stillOpen(list []bot.Commitment) []bot.Commitment {
	return slices.DeleteFunc(slices.Clone(list), func(c bot.Commitment) bool { return c.State != bot.Open && c.State != bot.Proposed })
}

func page(list []bot.Commitment, from int) []bot.Commitment {
	from = min(max(from, 0), len(list))
	return list[from:min(from+followupListed, len(list))]
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
