// Package scheduler exists so that every message that should reach a person reaches them once, at a decent hour, whatever crashes.
//
// It has three parts. A schedule (schedule.go) says when a recurring occasion runs: robfig/cron reads the five fields, the stored next run is
// the truth. A ledger, kept by a store, holds one record for each message with a name that says what the message is, and alone
// decides whether it is sent. Dispatch (loop.go, deliver.go) wakes up, takes what is due and brings it to Slack, in steps that each survive a
// crash: claim, compose, announce the post, post, settle. After a post whose fate is unknown it looks before it posts again.
//
// The package reads no clock and draws no random numbers: both come in through [Config], and virtual time is another [Clock]. What
// is decided is decided by pure functions (schedule.go, decide.go).
package scheduler
