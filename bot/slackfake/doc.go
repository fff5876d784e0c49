// Package slackfake is a local Slack: whoever builds or tries a Slack app needs something that behaves like Slack, refuses what
// Slack refuses and can be broken on purpose, without an account and without a network.
//
// It serves the Web API under /api/, Socket Mode under /socket, a control API under /control and a page for people under /.
// It is stricter than Slack: every message and view is checked against Slack's documented limits and refused with the path of what
// is wrong. It knows nothing of the app that talks to it: any Slack app or SDK can connect, so it imports nothing of this
// project and no Slack client library, and a mistake there or here shows.
//
// The tour: [Server] holds one workspace ([world]) under one mutex; person.go, places.go, message.go, view.go and group.go hold its nouns
// and tell the app what happens to them; wire.go writes them as Slack does. api.go reads calls of the Web API, method.go lists the
// methods, method_*.go answer them; scopes come from the manifest (manifest.go, app.go), limits on how often from rate.go, limits on what
// from check_*.go. socket.go and envelope.go deliver to the app; act_*.go do what people do; control_*.go expose both over HTTP; [Clock]
// is its time.
//
// A method is added with one entry in the list of its method_*.go (name, scopes, tier, arguments), one function that answers, and rows in
// the table of its test. A limit is added as a rule in a shape of check_block.go or check_element.go, and as an edge in check_test.go.
package slackfake
