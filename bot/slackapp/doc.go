// Package slackapp is Slack in and out: because Slack's library changes often and its rules are many, everything that knows Slack stands
// behind this one door. Nothing else imports slack-go, and nothing here decides what the bot does: that is package bot.
//
// # The way in
//
// [App] holds two Socket Mode connections (socket.go). An envelope is decoded into a [Request] without a type of the library's
// (envelope.go), queued for a bounded pool of workers (intake.go), routed by what it is (routes.go) and answered by a [Handler] with a
// [Response]: what is acknowledged, and what follows. The acknowledgement goes out after the handler returned, that is, after the change is
// stored; after 2.5 seconds the honest failure goes out instead, and what the handler answers later is shown another way (delivery.go).
// A panic or an error becomes words for the person and a line without their words for the log (words_fault.go).
//
// # The way out
//
// Handlers answer and open modals through [Client]. What the bot says on its own initiative goes through the ledger to [Sender], which says
// exactly what is known of each attempt (outcome.go) and finds messages again whose sending had no answer (sender_find.go). Every message
// and view is checked against Slack's limits before it is sent (check.go). [Directory] keeps the members equal to Slack's.
//
// # How to add a command
//
// Each noun has a file for its handlers and one for its views: kudos.go holds a struct with the use cases and the [Client] that it needs and
// lists its routes in one slice literal; kudos_view.go holds pure functions from results to [Message], [Modal] and [Home].
//
//	func (n *Kudos) Routes() []Route {
//		return []Route{
//			{Kind: OnCommand, Name: "/kudos", Handle: n.give},
//		}
//	}
//
//	func (n *Kudos) give(ctx context.Context, r Request) (Response, error) {
//		given, err := n.Use.Give(ctx, r.Now, bot.GiveKudos{Token: r.Token, Giver: r.User, Channel: r.Channel, Input: in}) // stored when it returns
//		if err != nil {
//			return Response{}, err // words_fault.go has the words
//		}
//		return Reply(givenMessage(given)), nil
//	}
//
// "/rapport profile" as a name routes by the first word, which wins over "/rapport"; [Request].Rest is what follows it. The command itself has to
// be in the manifest. A command that only opens a modal answers [Then] with [Client.OpenModal] and reads nothing before.
//
// # How to add a button
//
// In the view: button("kudos.undo", id+" "+version, "Undo these kudos"). In the routes: {Kind: OnAction, Name: "kudos.undo", …}. The handler
// reads [Request].Action.Value, which people can forge: the use case checks it. The message that held the button is changed by
// [Client.Rewrite] in After.
//
// # How to add a modal
//
// A function that returns a [Modal] whose CallbackID is "<noun>.<verb>", with inputs built by [Input]; a route {Kind: OnSubmit, Name: that id}.
// [Request].Values has the inputs by block id. Answer with [InputErrors] to keep the modal open, [UpdateModal], [PushModal], or nothing to
// close it. Values are as typed: pass them through [bot.EscapeText] where stored texts are Slack's.
//
// # How to add a kind of message
//
// The use case composes a content type of its own; render.go gets a case for it, and the noun's view file a function that returns the [Message].
// Other people's words go through [bot.OutgoingText] and names through [Name]; dates and numbers through [Reader]. Its text is a plain
// sentence that says what the blocks say. Add it to a golden test: testdata holds what was last looked at, -update accepts what is new.
package slackapp
