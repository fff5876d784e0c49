// Package storage exists so that one file can be asked what Rapport remembers: it keeps the workspace's state in Redis, or in a Redis
// inside the process, and nobody else speaks to either.
//
// What a person was told is kept, and kept once: a change, the message that tells of it and the token that makes it idempotent are
// written by one script in one round trip (commit.lua). Every noun's file only builds such a change. Names of keys stand in keys.go
// and nowhere else; every script says what it reads, writes and returns.
//
// Values are JSON behind their version number, with frequent words abbreviated (value_pack.go); times are stored as milliseconds since 1970 and come
// in as arguments, never from the server's clock, so that virtual time works.
//
// A server of its own is one Redis or Valkey, Sentinels, or a cluster (client.go). Where there are replicas, what others rely on counts once one of them has
// confirmed it (wait.go); after a restart nothing is claimed until it is clear what was forgotten (restart.go). Any store can be moved to any other (export.go,
// import.go).
//
// The Redis inside the process has two kinds. [OpenEmbedded] holds its state in memory alone, for the playground and for tests. [OpenFolder] holds it in a folder,
// too, and tells nobody of a change before the disk has it: files durable*.go. Every command goes through one mutex (durable_engine.go), so that the log
// (durable_log.go) has them in the order in which they were done; doing them again is how a start comes to the same state (durable_read.go). Snapshots take the
// place of what has grown long (durable_folder.go, durable_snapshot.go).
package storage
