package scheduler

import "rapport/bot"

// Kinds lists every kind of send in the order in which due ones are taken: planning first, for it makes the others; then what a person set a time
// for, what is overdue, what people wait for from each other, introductions, kudos, and what can wait.
func Kinds() []bot.Kind {
	return []bot.Kind{
		bot.KindPlan, bot.KindTimed, bot.KindReminders, bot.KindProposal, bot.KindAnswer, bot.KindPair, bot.KindMidway, bot.KindMet,
		bot.KindNoPair, bot.KindProgram, bot.KindMentor, bot.KindKudosPost, bot.KindKudosDM, bot.KindDigest,
		bot.KindQuietWork, bot.KindReport, bot.KindHelp, bot.KindTheme, bot.KindPractice, bot.KindIntro, bot.KindWelcome,
	}
}
