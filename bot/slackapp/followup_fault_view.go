package slackapp

import (
	"fmt"

	"rapport/bot"
)

// followupFaults are the words for what can be wrong with a commitment.
func followupFaults(_ Reader, f *bot.Fault) string {
	switch f.Code {
	case bot.FollowupPerson:
		if len(f.Names) > 0 {
			return "A promise is between people who work here: " + mentionList(f.Names) + " cannot be part of it. For somebody outside, write their name: `to \"Jane Doe, Acme\" …`. Nothing was saved."
		}
		return "A promise is between people: a bot, a channel or a group cannot be part of it, and nobody outside can be asked for one. What they owe you, you can note as your own to follow up: `to \"Jane Doe, Acme\" …`. Nothing was saved."
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
	case bot.FollowupOneList:
		return "One colleague at a time: `/followup list @bob`. `/followup list` alone shows everything."
	case bot.FollowupUnpicked:
		return "I do not guess who is meant by a name. Pick them from the completion while you type. Nothing was saved."
	}
	return tellProblem(f)
}
