// Package redistest starts real Redis servers for tests. What is promised about crashes, failovers and moved slots is the servers' doing as much as ours, and an
// imitation of one would prove nothing: so tests get real processes, on loopback, in a temporary directory, and may kill, stop and cut them off.
//
//   - [Start] is one server; its [Options] add a file of writes, TLS or a user.
//   - [StartSentinel] is a primary with two replicas, watched by three Sentinels.
//   - [StartCluster] is a cluster of three masters, if wanted with a replica each.
//
// Each ends with its test. Where processes may be ended by the death of their parent (Linux), they also end with the test's process. Valkey runs
// instead of Redis where RAPPORT_TEST_SERVER names its binary, or where it is the only one on the path.
package redistest
