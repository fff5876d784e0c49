// Package scheduler exists so that every message that should reach a person reaches them once, at a decent hour, whatever crashes.
//
// It has three parts. A schedule (schedule.go) says when a recurring occasion runs: robfig/cron reads the five fields, the stored next run is
// the truth. A ledger, kept by a store, holds one record for each message with a name that says what the message is, and alone
// decides whether it is sent. Dispatch wakes up (loop.go), looks for what is due (looking.go), takes what may go now (take.go) or hands it to queues that
// several processes share (dispatch.go, dispatch_asynq.go), and brings it to Slack (deliver.go), in steps that each survive a crash: compose, claim with the
// pace of Slack's limits, announce the post, post, settle. After a post whose fate is unknown it looks before it posts again. Conversations that a long round
// needs are opened before it is due (ahead.go).
//
// The package reads no clock and draws no random numbers: both come in through [Config], and virtual time is another [Clock]. What
// is decided is decided by pure functions (schedule.go, decide.go).
package scheduler
