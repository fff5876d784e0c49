// Package bot is what Rapport knows and does, kept apart from Slack, Redis, cron and clocks so that the rules about people can be read, argued
// about and tested on their own. This comment is the ten-minute tour of the code.
//
// # The house
//
//	cmd/rapport     one binary: environment, wiring, playground, operator's tools; the one door to envconfig and prometheus
//	bot             the nouns, their rules and use cases: this package
//	bot/when        the date language, pure
//	bot/pairing     who meets whom, pure
//	bot/slackapp    Slack in and out; the one door to slack-go
//	bot/slackfake   a local Slack, stricter than Slack; imports nothing of ours
//	scheduler       when something is due, and the steps of sending it; the one door to robfig/cron and asynq
//	storage         the state in Redis, or in a Redis inside the process; the one door to go-redis, miniredis and flock
//	prompts         the words, as text files
//	deploy          the app's manifest and what each permission is for
//
// scheduler, storage and bot/slackapp import this package and never each other. Each says in small interfaces what it needs; cmd/rapport puts
// them together in one function, build in wire.go. A test in cmd/rapport holds the arrows and the doors.
//
// The same noun has the same file name in every room. Kudos are bot/kudos*.go, bot/slackapp/kudos*.go with kudos*_view.go, and storage/kudos.go.
//
// # In which order to read
//
//  1. member.go, channel.go, workspace.go, preferences.go, hours.go: people, places, and when somebody may be written to.
//  2. kudos.go, then kudos_parse.go, kudos_give.go, kudos_place.go, kudos_message.go: one noun from typed text to message. kudos_inbox.go is why several come in
//     one message.
//  3. send.go: what a message is before it is one. This is the idea that the rest of the house is built on.
//  4. bot.go: how a send finds the use case that composes it, and how a due occasion becomes sends.
//  5. ../scheduler: schedule.go and decide.go decide, looking.go and take.go find what may go, deliver.go acts.
//  6. ../storage: keys.go, then change.go and lua/commit.lua: how a change, its token and its sends become one step.
//  7. slackapp/doc.go, routes.go, intake.go, delivery.go: how an envelope becomes an acknowledgement.
//  8. program.go, program_seat.go, round.go, then round_plan.go and pairing/doc.go: how a round is drawn; round_place.go begins with what may happen while
//     it runs. mentor.go is the same for pairs that last.
//  9. followup.go, followup_act.go, followup_undo.go: promises, and what can be done with one. followup_remind.go is when one comes up, followup_message.go the
//     day's one message, followup_addressed.go and followup_inbox.go what colleagues say to each other about one.
//  10. ../cmd/rapport: wire.go, then testdata/script: the whole bot, told line by line. scenario_test.go begins with the language.
//
// # The rooms
//
// This package holds nouns ([Kudos], [Commitment], [Program], [Seat], [Round], [Mentorship], [Preferences] with the [Profile], [Workspace]), the store interfaces that they need,
// and seven structs, gathered in [Bot]: [Recognition] for kudos, digests and reports, [Helper] for quiet help with thanking, [Promises] for commitments, [Coffee] for programs, rounds
// and mentorships, [Host] for moving in, settings and the weekly practice, [Again] for posts that nobody knows the fate of, [Settings] for the workspace's record. Beside them,
// [Appointments] say who is an admin, [WorkspaceRules] what admins set for everybody, [Thanks] make a kudos of a promise that was kept, and [Calendars] know
// which days are free.
// Parsers ([KudosGrammar.Parse], [ParseFollowup]) turn typed text into data and have no error: what cannot be understood opens a form. What a person may be
// told of a failure is a [Fault], a code without words; its cause is for the log.
//
// Package when reads dates at the end of a sentence with a small closed grammar, in five languages, and would rather ask than guess. Package
// pairing takes members, rules, history and a seed and returns groups with reasons; the same input and seed give the same round.
//
// Package slackapp holds two Socket Mode connections, a routes table, a pool of workers, and per noun one file of handlers and one of views. Views
// are pure functions from results to blocks. Everything that goes out is checked against Slack's limits first. All words that people read are
// there or in package prompts, none are here.
//
// Package scheduler wakes up when something is due, has it composed, claims it, posts it and notes what became of it. Each step survives a crash.
// Of a post whose fate is unknown it looks into the conversation before it posts again.
//
// Package storage keeps one workspace. Every key is named in keys.go, every script says its keys, arguments and answers, every mutation is
// idempotent by a token. Times come in as arguments, so that virtual time works. What was kept long enough is deleted there (forget.go), once a day.
//
// # How one kudos travels
//
// Ana types "/kudos @bob for explaining the bug #trust" in a channel.
//
//  1. slackapp decodes the envelope into a Request without a type of slack-go's, finds the route and calls Kudos.command on a worker.
//  2. [KudosGrammar.Parse] understands the text: whom, what for, which value. Unclear text opens the form instead.
//  3. [Recognition.Give] reads everybody concerned in one round trip ([SceneReader]), drops bots, strangers and Ana herself with a reason, and
//     decides where the kudos goes: into this channel, or to Bob alone.
//  4. [KudosStore.AddKudos] stores the kudos, counts it, and inserts its sends, all in one script and only if [Token] is new. A second delivery of
//     the same envelope changes nothing and gets the same answer.
//  5. Only now the handler returns, and Ana's acknowledgement goes out: what was understood, with "undo".
//  6. The scheduler is poked. For each [Send] it asks [Bot.Compose] what to say now: an undone kudos is dropped, Bob's note waits until Bob's
//     working hours, and tells then of whatever else waits for him. What may go it then claims, with the leave of Slack's rates in the same step.
//  7. slackapp's Sender posts with the sid in the message's metadata. The ledger settles the send as sent, with channel and timestamp, so
//     that "undo" later knows which message to delete: another send, which replaces the first.
//  8. When the channel's digest is due, the entry "digest/<channel>" runs. [Bot.Plan] makes a send of each of its pages; [Recognition.ComposeDigest] gathers
//     what stands there from what is stored then.
//
// # Rules of this package
//
// Time is an argument. Nothing here reads a clock, draws a random number or holds a goroutine. Whatever comes from a button or a form may be
// forged, so use cases check the stored object's owner; what is not yours to see reads the same as what does not exist ([FaultNotFound]).
package bot
