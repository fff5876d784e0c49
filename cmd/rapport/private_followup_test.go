package main

import (
	"testing"
)

// unshared are the words of what Eli promises Bob and others without showing it to anybody. Names and addresses outside are words of his, too.
var unshared = []whisper{
	{"waxwing", []string{"eli"}},
	{"wax&wing", []string{"eli"}},
	{"Redstart", []string{"eli"}},   // somebody outside, and her company
	{"bluethroat", []string{"eli"}}, // how he plans to do it
	{"misteak", []string{"eli"}},    // what was refused, corrected, or taken back
}

// unsharedStory is a company in which Eli notes promises by every way in and does with them what can be done, while those to whom they are, and admins, look around
// and try the numbers. A line that begins with ~ says what he keeps to himself.
const unsharedStory = `
bob #kudos /kudos @cy for the goldcrest that stayed until the import worked #trust
~eli #general /followup @bob send the waxwing offer & the wax&wing plan by friday
~eli picks "#1 when something happens …"
~eli submits followup_plan_cue="after the bluethroat review & the wax&wing"
~eli #general /followup
~eli submits followup_text="the waxwing in the form & the wax&wing" followup_to=@bob,@fay followup_outside="Redstart Doe, Redstart & Sons" followup_date=2026-03-31
~eli #general /followup to "Redstart Jane, Redstart Ltd" send the waxwing SOW by 1 april
~eli #general /followup to jane@waxwing.example the wax&wing SOW by friday 3pm
~eli #general /followup every friday @bob @fay the waxwing numbers & the wax&wing
~eli #general /followup waxwing draft for @bob by thursday and wax&wing final by monday
~eli presses "Make #6 two promises"
~eli #general /followup @bob the misteak by yesterday
~eli #general /followup @misteak wax&wing fri
~eli #general /followup @bob the misteak & the wax&wing by friday
~eli presses "Edit #8"
~eli submits followup_text="without a mistake: the waxwing & the wax&wing"
~eli #general /followup @bob the misteak that is taken back by friday
~eli presses "Take back #9"
fay says #quiet-room "Who finds the quiet report?"
~eli shortcut follow_up "quiet report"
~eli submits followup_text="find the waxwing report & the wax&wing" followup_date=2026-03-27
~eli #general /followup done #8
~eli presses "Undo #8"
~eli #general /followup move #1 monday
~eli #general /followup snooze #2 tomorrow
~eli #general /followup drop #4
~eli #general /followup list
~eli opens home
bob #general /followup list
bob opens home
fay #general /followup list
fay opens home
bob #general /followup done #1
bob #general /followup move #1 friday
bob #general /followup give #1 @cy
bob #general /followup drop #1
ana #general /followup done #1
ana opens home
ana #general /rapport workspace
ana #general /rapport admins
max #general /followup list
max opens home
bob #general /rapport privacy
at 2026-03-26T09:10:00+01:00
at 2026-03-27T15:05:00+01:00
bob opens home
at 2026-03-31T12:00:00+02:00
~eli #general /followup done #1
~eli #general /followup list
bob #general /followup list
at 2026-04-08T12:00:00+02:00
bob opens home
fay opens home
ana opens home
ivo #kudos /kudos digest
`

// TestWhatIsNotSharedIsReadByNobodyElse looks for the words of promises that nobody was shown in everything that anybody else can read: those to whom they are,
// admins, and who runs the bot, from the figures and the logs to the export and the store itself. They read the same as if nothing had been promised.
func TestWhatIsNotSharedIsReadByNobodyElse(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) whisperStore{"folder": whisperFolder, "redis": whisperRedis} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			open := open(t)
			told := liveStory(t, open, whisperLines(unsharedStory, true), "eli")
			told.nobodyElseReads(t, unshared)
			told.sameOutside(t, liveStory(t, open.anew(t), whisperLines(unsharedStory, false), "eli"))
		})
	}
}

// shared are the words of promises that Eli shows, or that are asked of him.
var shared = []whisper{
	{"waxwing", []string{"eli", "bob"}},
	{"wax&wing", []string{"eli", "bob"}},
	{"redstart", []string{"eli", "bob", "fay"}},
	{"misteak", []string{"eli"}},     // before it was shown, and after
	{"bluethroat", []string{"eli"}},  // how he plans to do it
	{"Nightingale", []string{"eli"}}, // who else waits for it, outside
	{"nuthatch", []string{"eli", "gwen"}},
}

// sharedStory is a company in which Eli shows some promises, and then no longer; the lines themselves say when Bob finds them.
const sharedStory = `
bob #kudos /kudos @cy for the goldcrest that stayed until the import worked #trust
eli #general /followup @bob send the waxwing offer & the wax&wing plan by friday
eli picks "#1 when something happens …"
eli submits followup_plan_cue="after the bluethroat review"
bob opens home
not see home bob "waxwing"
eli #general /followup list
eli picks "More for #1 …"
eli presses "Show #1 to them"
eli closes
bob opens home
see home bob "waxwing"
bob #general /followup list
see ack "waxwing"
eli #general /followup list
eli picks "More for #1 …"
eli presses "Stop showing #1"
eli closes
bob opens home
not see home bob "waxwing"
bob #general /followup list
not see ack "waxwing"
bob presses "Still good? #1"
advance 90m
not see dm eli "still good"
eli #general /followup
eli submits followup_text="the redstart report" followup_to=@bob,@fay followup_outside="Nightingale Doe, Nightingale Ltd" followup_date=2026-03-31 followup_share=share
bob #general /followup list
see ack "redstart"
fay opens home
see home fay "redstart"
bob presses "Still good? #2"
eli #general /followup @bob the misteak by friday
gwen #general /followup from @eli the nuthatch answers by monday
advance 90m
eli presses "Accept #4"
eli #general /followup done #2
advance 5m
bob #general /followup list
fay opens home
not see home fay "redstart"
ana opens home
ana #general /rapport workspace
ana #general /followup list
max opens home
max #general /followup list
cy #general /followup list
at 2026-03-27T15:05:00+01:00
bob opens home
max opens home
at 2026-04-08T12:00:00+02:00
bob opens home
ana opens home
`

// TestWhatIsSharedIsReadByWhomItIsTo is the other half: what is shown is found by those to whom it is while it is shown, and by nobody else, and nothing of it is more
// than its words.
func TestWhatIsSharedIsReadByWhomItIsTo(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) whisperStore{"folder": whisperFolder, "redis": whisperRedis} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := liveStory(t, open(t), whisperLines(sharedStory, true), "eli", "bob", "fay", "gwen")
			told.nobodyElseReads(t, shared)
		})
	}
}
