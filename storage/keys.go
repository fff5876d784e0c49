package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rapport/bot"
)

// Keys carry the workspace's id as their one hash tag, so that one script may touch all of them on a cluster too.
type keys struct {
	prefix string // "rapport:{T123}:"
}

func newKeys(team string) keys { return keys{prefix: "rapport:{" + team + "}:"} }

// pattern matches the workspace's keys, as SCAN reads it. What it matches beside them does not begin with the prefix.
func (k keys) pattern() string { return k.prefix + "*" }

// teamPattern matches one key of every workspace, as SCAN reads it.
const teamPattern = "rapport:{*}:meta"

// teamOf reads the workspace's id from its meta key.
func teamOf(meta string) (team string, ok bool) {
	team, found := strings.CutPrefix(meta, "rapport:{")
	team, ended := strings.CutSuffix(team, "}:meta")
	return team, found && ended && team != "" && newKeys(team).meta() == meta
}

// shards is how many hashes the objects of one noun are spread over: none grows so large that moving or deleting it blocks the server.
const shards = 16

// shard places an id. The sum of its bytes is simple enough for list.lua to compute as well.
func shard(id string) int {
	sum := 0
	for i := range len(id) {
		sum += int(id[i])
	}
	return sum % shards
}

func (k keys) sharded(noun, id string) string { return k.shardOf(noun, shard(id)) }

func (k keys) shardOf(noun string, n int) string { return k.prefix + noun + ":" + strconv.Itoa(n) }

// Nouns whose objects live in sharded hashes, by id.
const (
	nounMember      = "members"
	nounPreferences = "preferences"
	nounKudos       = "kudos"
	nounCommitment  = "commitments"
	nounReport      = "reports"
)

// Nouns that only have a sequence.
const (
	nounProgram = "programs"
	nounEntry   = "entries" // counts changes of entries
)

// meta is a hash: field "workspace" is the workspace's record, field "schema" the version of everything here.
func (k keys) meta() string { return k.prefix + "meta" }

// alive is a string with a time to live: a process that runs a bot on the workspace. See alive.go.
func (k keys) alive(process string) string { return k.prefix + "alive:" + process }

// isAlive reports whether a key is one that [keys.alive] makes.
func (k keys) isAlive(key string) bool { return strings.HasPrefix(key, k.alive("")) }

// sequence is a string: the last number given to a noun.
func (k keys) sequence(noun string) string { return k.prefix + "seq:" + noun }

// token is a string with a time to live: what the change of that token made. Tokens are hashed, for they may be long or hold what
// somebody typed.
func (k keys) token(t bot.Token) string { return k.prefix + "token:" + digest(string(t)) }

// seen is a string with a time to live: an event that came.
func (k keys) seen(t bot.Token) string { return k.prefix + "seen:" + digest(string(t)) }

// twin is a string with a time to live: the last kudos with the words, from the giver and to the people, of which name is made; see [sealer.name].
func (k keys) twin(name string) string { return k.prefix + "twin:" + name }

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// quota is a hash: giver to "<day>:<count>", and "proposals <member>" likewise for what a member proposed.
func (k keys) quota() string { return k.prefix + "kudos:quota" }

// kudosIn, kudosBy and kudosTo are sorted sets of kudos ids by the instant they were given. A channel has one for each month, in UTC: a server needs a quarter of the
// memory for small sets.
func (k keys) kudosIn(channel string, given time.Time) string {
	return k.prefix + "kudos:in:" + channel + ":" + given.UTC().Format("200601")
}
func (k keys) kudosBy(member string) string { return k.prefix + "kudos:by:" + member }
func (k keys) kudosTo(member string) string { return k.prefix + "kudos:to:" + member }

// kudosGiven is a sorted set of all kudos ids, those that were taken back too, by the instant they were given.
func (k keys) kudosGiven() string { return k.prefix + "kudos:given" }

// reportsMade is a sorted set of all reports' ids by the instant they were made.
func (k keys) reportsMade() string { return k.prefix + "reports:made" }

// channels is a hash: channel id to channel.
func (k keys) channels() string { return k.prefix + "channels" }

// digests is a hash: channel id to digest.
func (k keys) digests() string { return k.prefix + "digests" }

// owned and owed are sorted sets of commitment numbers by the instant they were closed, +inf while they are not.
func (k keys) owned(member string) string { return k.prefix + "owned:" + member }
func (k keys) owed(member string) string  { return k.prefix + "owed:" + member }

// closed is a sorted set of the numbers of closed commitments by the instant they were closed.
func (k keys) closed() string { return k.prefix + "commitments:closed" }

// gone is a sorted set of deactivated members by the instant at which that was first heard; +inf for those who were forgotten since.
func (k keys) gone() string { return k.prefix + "members:gone" }

// directory is a hash: how far the copy of Slack's directory is ("mark"), who works on it ("holder") until when ("until"), and when an operator asked for a
// sync ("asked"). listed is a set: whom the sync under way has met.
func (k keys) directory() string { return k.prefix + "directory" }
func (k keys) listed() string    { return k.prefix + "directory:listed" }

// erased is a hash: member to the instant at which they were forgotten last, also of those who came back. An import of what was stored before is held
// against it.
func (k keys) erased() string { return k.prefix + "erased" }

// programs is a hash: program id to program.
func (k keys) programs() string { return k.prefix + "programs" }

// seats is a hash: member to their seat in the program. seatsOf holds the same seats by program for one member, so that either
// question is one read.
func (k keys) seats(program string) string  { return k.prefix + "seats:" + program }
func (k keys) seatsOf(member string) string { return k.prefix + "seats:of:" + member }

// mentorships is a hash: mentorship id to mentorship, one hash for each program. mentoring holds the same by id for one member, so that either question is
// one read.
func (k keys) mentorships(program string) string { return k.prefix + "mentorships:" + program }
func (k keys) mentoring(member string) string    { return k.prefix + "mentoring:" + member }

// round is a hash: a round's plan, the plan's parts, its groups, and counts; see storedPlan.
func (k keys) round(program string, number int) string {
	return k.prefix + "round:" + program + ":" + strconv.Itoa(number)
}

// roundOf is the key of a round by its id; [bot.ErrNotFound] for what is no id.
func (k keys) roundOf(id string) (string, error) {
	program, name, _ := strings.Cut(id, "/")
	number, err := strconv.Atoi(name)
	if err != nil {
		return "", fmt.Errorf("find round %q: %w", id, bot.ErrNotFound)
	}
	return k.round(program, number), nil
}

// draft is a hash like [keys.round]: a round that was planned and is not the one that counts. name is what [draftName] makes.
func (k keys) draft(name string) string { return k.prefix + "draft:" + name }

// drafts is a sorted set: names of drafts by the instant at which something was last written to them.
func (k keys) drafts() string { return k.prefix + "drafts" }

// draftName names a draft of a round after its content.
func draftName(program string, number int, hash string) string {
	return program + ":" + strconv.Itoa(number) + ":" + hash
}

// latestRound and firstRound are hashes: program to the number of its latest round, and of the first that is still kept, if any was deleted.
func (k keys) latestRound() string { return k.prefix + "rounds:latest" }
func (k keys) firstRound() string  { return k.prefix + "rounds:first" }

// history is a hash: "<member> <member>" to "" (not said), "1" (met) or "0" (did not), one hash for each round.
func (k keys) history(program string, round int) string {
	return k.prefix + "history:" + program + ":" + strconv.Itoa(round)
}

// entries is a hash: entry name to schedule entry.
func (k keys) entries() string { return k.prefix + "entries" }

// next is a sorted set of entry names by their stored next run; a score under zero numbers a change after which it has to be computed.
func (k keys) next() string { return k.prefix + "next" }

// since is a hash: entry name to the instant of the entry's last change.
func (k keys) since() string { return k.prefix + "entries:since" }

// fired is a hash: entry name to the civil time of its latest claimed run.
func (k keys) fired() string { return k.prefix + "fired" }

// send is a hash: one record of the ledger that is on its way, dead or expired.
func (k keys) send(sid string) string { return k.prefix + "send:" + sid }

// ledger is a hash about the ledger as a whole: field "n" counts claims, postings and settlings, "run" is the run id of the server on which it was last found
// whole, "doubt" the instant before which it may have forgotten what was posted; see restart.go.
func (k keys) ledger() string { return k.prefix + "ledger" }

// due is a sorted set: sids of a kind that wait, by the instant they are to be looked at.
func (k keys) due(kind bot.Kind) string { return k.prefix + "due:" + string(kind) }

// addressed is a sorted set with a time to live: sids of what colleagues address to a member, by the instant it was to be looked at first; see inbox.go.
func (k keys) addressed(member string) string { return k.prefix + "addressed:" + member }

// inflight is a sorted set: "<kind> <sid>" of what somebody works on, by the end of the lease.
func (k keys) inflight() string { return k.prefix + "inflight" }

// dead is a sorted set: sids of sends that need an operator's eye (dead, expired, unknown for good), by the instant they got there.
func (k keys) dead() string { return k.prefix + "dead" }

// paused is a set: the kinds of message that an operator holds back.
func (k keys) paused() string { return k.prefix + "paused" }

// audit is a sorted set: what was done by hand, as JSON, by the instant it was done.
func (k keys) audit() string { return k.prefix + "audit" }

// tombs is a hash: sid to what became of a settled send, one hash for each week of settling.
func (k keys) tombs(week int) string { return k.prefix + "sent:" + strconv.Itoa(week) }

// tombWeeks is how many weeks a tombstone is looked for: the eight that it is promised to live, and the one that has begun.
const tombWeeks = 9

// recentTombs lists the tombstone hashes of now and of the weeks before.
func (k keys) recentTombs(now time.Time) []string {
	list := make([]string, 0, tombWeeks)
	for i := range tombWeeks {
		list = append(list, k.tombs(week(now)-i))
	}
	return list
}

// conversations is a hash: the sorted members of a DM or group DM that was opened to its id, one hash for each week of opening.
func (k keys) conversations(week int) string { return k.prefix + "conversations:" + strconv.Itoa(week) }

// week counts whole weeks since 1970.
func week(t time.Time) int { return int(t.Unix() / (7 * 24 * 60 * 60)) }

// pace is a string with a time to live: when the next call of that name may start.
func (k keys) pace(name string) string { return k.prefix + "pace:" + name }

// paceUntil is a string: nobody calls Slack before this instant.
func (k keys) paceUntil() string { return k.prefix + "pace" }
