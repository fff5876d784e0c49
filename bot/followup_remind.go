package bot

import (
	"fmt"
	"slices"
	"time"

	"rapport/bot/when"
)

// The cadence of reminders. Two in a row without any act of the owner end an item's ladder: it stays on Home, and nobody nags.
const (
	remindMinute  = 9 * 60 // of the owner's day
	farWorkdays   = 5      // a due date further away than this is announced ahead
	aheadWorkdays = 2
	undatedDays   = 7
	ladderEnd     = 2 // reminders without an act
	timedLead     = 30 * time.Minute
	sameDayLead   = time.Hour
	sameDayLeast  = 2 * time.Hour
)

// overdueWorkdays are the working days after the due date on which an overdue item comes up again.
var overdueWorkdays = []int{1, 3, 7}

// Why says why an item is in a bundle.
type Why string

// The reasons.
const (
	WhyAhead   Why = "ahead"   // due in two working days
	WhyDue     Why = "due"     // due today, or on free days right after today
	WhyOverdue Why = "overdue" // its date has passed
	WhyPlanned Why = "planned" // its owner means to do it today
	WhyUndated Why = "undated" // has no date and is a week old
	WhySnoozed Why = "snoozed" // its owner wanted to hear of it now
)

// Rung is one day on which an item comes up.
type Rung struct {
	Day  Date
	Why  Why
	Last bool // it is the last one unless the owner does something about the item
}

// Ladder lists the days on which a commitment comes up from its owner's last act on, in order, at most two. It is empty for what is
// not open.
func Ladder(c Commitment, h Hours) []Rung {
	if c.State != Open {
		return nil
	}
	l := ladder{from: firstBundle(lastAct(c), h), most: ladderEnd}
	switch day := when.DateOf(c.SnoozedTill); {
	case snoozesAlone(c):
		l.most, l.from = ladderEnd-1, day.AddDays(1)
	case snoozedFor(c):
		l.from = day
		if again := h.NextWorkday(day); c.Due == nil || again != dueDay(c, h) { // that it is due says more
			l.add(again, WhySnoozed)
		}
	}
	plan, planned := planDay(c, l.from, h)
	if c.Due == nil {
		if check := h.NextWorkday(h.Today(lastAct(c)).AddDays(undatedDays)); !justKeptOn(c) && (!planned || plan.Before(check)) {
			l.add(check, WhyUndated)
		}
	} else {
		l.addDated(c, h, planned)
	}
	if planned {
		l.add(plan, WhyPlanned)
	}
	return l.rungs()
}

// addDated takes the days on which a commitment comes up for its date's sake. A plan of the owner's own stands in for what is said ahead.
func (l *ladder) addDated(c Commitment, h Hours, planned bool) {
	due, date := dueDay(c, h), dueDate(c, h)
	if !planned && farAway(h.Today(lastAct(c)), due, h) {
		l.add(h.Workdays(due, -aheadWorkdays), WhyAhead)
	}
	l.add(due, WhyDue)
	for _, n := range overdueWorkdays {
		l.add(h.Workdays(date, n), WhyOverdue)
	}
}

// ladder is a list of days being made.
type ladder struct {
	from Date
	most int
	days []Rung
}

// add takes a day that is not before the first possible one, nor there already.
func (l *ladder) add(d Date, why Why) {
	if !d.Before(l.from) && !slices.ContainsFunc(l.days, func(r Rung) bool { return r.Day == d }) {
		l.days = append(l.days, Rung{Day: d, Why: why})
	}
}

// rungs are the first days, in order.
func (l *ladder) rungs() []Rung {
	slices.SortFunc(l.days, func(a, b Rung) int { return b.Day.DaysUntil(a.Day) })
	rungs := l.days[:min(l.most, len(l.days))]
	if n := len(rungs); n > 0 {
		rungs[n-1].Last = true
	}
	return rungs
}

// planDay is the working day from a day on, on which a commitment comes up because its owner means to do it then: the last one before, if they chose a free
// day, or the next where that is over. ok is false where there is none, and from the day on which it is due.
func planDay(c Commitment, from Date, h Hours) (day Date, ok bool) {
	plan := c.Planned(from, h.Zone)
	if plan.Day.IsZero() {
		return Date{}, false
	}
	if day = h.LastWorkday(plan.Day); day.Before(from) {
		day = h.NextWorkday(plan.Day)
	}
	if c.Due == nil {
		return day, true
	}
	due := dueDay(c, h)
	return day, day.Before(due) || due.Before(from)
}

// lastAct is when the owner last did something about a commitment.
func lastAct(c Commitment) time.Time {
	if c.Acted.IsZero() {
		return c.Created
	}
	return c.Acted
}

// firstBundle is the first day whose bundle is not made yet at an instant.
func firstBundle(since time.Time, h Hours) Date {
	day := h.Today(since)
	if since.Before(h.At(day, remindMinute)) {
		return day
	}
	return day.AddDays(1)
}

// snoozedFor reports whether the last act left a snooze: one that is over when something else is done means nothing any more.
func snoozedFor(c Commitment) bool { return c.SnoozedTill.After(lastAct(c)) }

// snoozesAlone reports whether a snoozed item comes up by itself, at another time than a bundle. SnoozedTill keeps the clock of the place where it
// was said, so that this stays the same when the owner is elsewhere.
func snoozesAlone(c Commitment) bool {
	return snoozedFor(c) && c.SnoozedTill.Hour()*60+c.SnoozedTill.Minute() > remindMinute
}

// snoozeReaches is when a snooze till an instant is over for somebody: outside their hours that is with the bundle of the day on which these begin again.
func snoozeReaches(now, till time.Time, h Hours) time.Time {
	if snoozeBundled(till, h) || h.Open(till) {
		return till
	}
	open, ok := h.NextOpen(till)
	if !ok {
		return till
	}
	if morning := h.At(h.Today(open), remindMinute); morning.After(now) {
		return morning
	}
	return open
}

// snoozeBundled reports whether an instant is the one that stands for a working day's bundle.
func snoozeBundled(till time.Time, h Hours) bool {
	day := h.Today(till)
	return till.Equal(h.At(day, remindMinute)) && h.Workday(day) && !day.Before(h.PausedTill)
}

// dueDate is the owner's date on which a commitment is due.
func dueDate(c Commitment, h Hours) Date { return DateIn(*c.Due, h.Zone) }

// dueDay is the working day on which a commitment is due for its owner: the last one before, if the date itself is free.
func dueDay(c Commitment, h Hours) Date { return h.LastWorkday(dueDate(c, h)) }

func farAway(from, due Date, h Hours) bool {
	return h.Workdays(from, farWorkdays).Before(due)
}

// Deadline is the instant at which a commitment is due. Without a stated time that is the end of the owner's working day, wherever the
// owner is now.
func Deadline(c Commitment, h Hours) time.Time {
	if c.Due.ExplicitTime {
		return c.Due.UTC()
	}
	return h.At(c.Due.Date, h.dayEnd(c.Due.Date.Weekday()))
}

// BundleSID is the sid of a member's bundle of reminders on one of their days.
func BundleSID(owner string, day Date) string { return "bundle/" + owner + "/" + day.String() }

// firstZone is how far ahead of UTC the clocks are that show a morning first.
const firstZone = 14 * time.Hour

// bundleSend looks at a day's bundle when that morning begins anywhere on earth: the owner may be elsewhere by then. Composing it waits for the
// morning where they are.
func bundleSend(owner string, day Date) Send {
	first := time.Date(day.Year, day.Month, day.Day, 0, remindMinute, 0, 0, time.UTC).Add(-firstZone)
	return Send{SID: BundleSID(owner, day), Kind: KindReminders, Ref: owner + " " + day.String(), Members: []string{owner}, Due: first}
}

// reminderIntents are the messages that an open commitment brings about. "{id}" stands for a number that is not drawn yet.
func reminderIntents(now time.Time, c Commitment, h Hours) Intents {
	var sends Intents
	for _, rung := range Ladder(c, h) {
		sends = append(sends, bundleSend(c.Owner, rung.Day))
	}
	if c.State != Open {
		return nil
	}
	number := "{id}"
	if c.ID != 0 {
		number = fmt.Sprint(c.ID)
	}
	own := func(what string, at, notAfter time.Time) {
		sends = append(sends, Send{
			SID: fmt.Sprintf("followup/%s/r%d/%s", number, c.Revision, what), Kind: KindTimed, Ref: fmt.Sprintf("%s %d %s", number, c.Revision, what),
			Members: []string{c.Owner}, Due: at, NotAfter: notAfter,
		})
	}
	if at, ok := timedReminder(now, c, h); ok {
		own(sendTimed, at, Deadline(c, h))
	}
	if snoozesAlone(c) {
		own(sendSnoozed, c.SnoozedTill, c.SnoozedTill.AddDate(0, 0, bundleMemory))
	}
	return sends
}

// What a message of an item's own is, in its sid and ref.
const (
	sendTimed   = "timed"
	sendSnoozed = "snoozed"
)

// timedReminder is when the item gets a message of its own: half an hour before a time that was stated, and an hour before the end of the day if
// it was promised, or moved, for the day on which that was said.
func timedReminder(now time.Time, c Commitment, h Hours) (time.Time, bool) {
	if c.State != Open || c.Due == nil {
		return time.Time{}, false
	}
	at, ok := statedLead(now, Deadline(c, h), h), c.Due.ExplicitTime
	if !ok {
		at, ok = lateReminder(now, c, h)
	}
	if snoozedFor(c) && !at.After(c.SnoozedTill) {
		return time.Time{}, false
	}
	return at, ok && at.After(now)
}

// lateReminder is an hour before the end of the day on which a commitment became due for that very day, after its bundle.
func lateReminder(now time.Time, c Commitment, h Hours) (time.Time, bool) {
	today := h.Today(lastAct(c))
	if dueDay(c, h) != today || firstBundle(lastAct(c), h) == today {
		return time.Time{}, false
	}
	end := h.At(today, h.dayEnd(today.Weekday()))
	return end.Add(-sameDayLead), end.Sub(now) >= sameDayLeast
}

// statedLead is half an hour before a deadline. Outside the owner's hours it is half an hour before the end of the previous working day or,
// where that is over, of the same day's hours.
func statedLead(now, deadline time.Time, h Hours) time.Time {
	at := deadline.Add(-timedLead)
	if h.Open(at) {
		return at
	}
	for _, day := range []Date{h.Workdays(h.Today(at), -1), h.Today(at)} {
		from, to := h.window(day)
		if early := to.Add(-timedLead); from.Before(to) && early.After(now) && early.Before(at) {
			return early
		}
	}
	return now
}

// WhenContext is what the date language needs to know of a member.
func (h Hours) WhenContext(now time.Time, locale string) when.Context {
	c := when.Context{Now: now, Zone: h.Zone, Locale: locale, Holiday: func(d Date) bool { return h.calendars.Free(h.Holidays, d) }}
	for day, span := range h.Week {
		c.WorkDays[day] = span.To > span.From
		end := min(h.dayEnd(time.Weekday(day)), 24*60-1)
		c.DayEnds[day] = when.Clock{Hour: end / 60, Minute: end % 60}
	}
	return c
}

// DateIn is the date of a deadline for who is in a zone: one without a stated time is on its date everywhere.
func DateIn(d when.Due, zone *time.Location) Date {
	if d.ExplicitTime {
		return when.DateOf(d.UTC().In(zone))
	}
	return d.Date
}
