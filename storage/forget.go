package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// Retention says how long things are kept. A period of zero keeps them for good. Records of settled and dead messages are kept eight weeks
// whatever this says, for what has to go out once rests on them.
type Retention struct {
	// Kudos is counted from when it was given, for one that was taken back too. Standard: 365 days.
	Kudos time.Duration
	// Commitments is counted from when one was done, released, declined or lapsed; one that is open stays. Standard: 180 days.
	Commitments time.Duration
	// Members is counted from when the directory first heard that somebody was deactivated. Standard: 30 days.
	Members time.Duration
	// Rounds is how many rounds of a program are kept, by number; a program whose window is longer keeps its window. Standard: 26, half a
	// year of weekly rounds, which is also the window of a new program.
	Rounds int
	// Groups is how many rounds of a program are kept with their groups and what was answered in them; of older ones that are kept only who met whom is. Zero: as
	// many as rounds. Standard: 9, as many weeks as it is known what became of a message.
	Groups int
}

// StandardRetention is what a workspace has that asked for nothing else.
func StandardRetention() Retention {
	const day = 24 * time.Hour
	return Retention{Kudos: 365 * day, Commitments: 180 * day, Members: 30 * day, Rounds: 26, Groups: tombWeeks}
}

// Forgotten is how much one call of [Store.Forget] deleted.
type Forgotten struct {
	Kudos       int
	Commitments int // those of forgotten members among them
	Members     int
	Rounds      int
	Sends       int // dead ones; settled ones go by the week and are not counted
}

// Forget deletes what is older than it is to be kept, with everything that leads to it:
//
//   - Kudos with their places in the channel's, the giver's and the recipients' lists, and counts of days before yesterday's.
//   - Closed commitments with their places in the owner's and the counterparties' lists.
//   - Members who were deactivated: directory entry, preferences with the weekly practice and review, seats, mentorships, the commitments that they own, the ids of
//     conversations that they are in. Kudos that they gave or got and rounds that they were in stay for the others until their own time is up, and so do
//     commitments that others own. What is left of them else is their id with the instant in the list of who was forgotten, so that neither the next
//     reading of Slack's directory nor an import brings them back.
//   - Reports of kudos, 90 days after they were made, and those that members made or whose kudos they are about with these members.
//   - Rounds with their meetings; their groups and answers sooner.
//   - Records of messages that were settled, or given up, more than eight weeks ago, and ids of conversations that were opened as long ago.
//
// It works in batches, each of them one step, so that nobody else waits long for the server. A call that breaks off has forgotten a part, and
// the next one goes on there. Several processes may call it at the same time; calling it once a day is enough.
func (s *Store) Forget(ctx context.Context, now time.Time, keep Retention) (Forgotten, error) {
	var gone Forgotten
	for _, noun := range []struct {
		count  *int
		kept   bool // for good
		forget func() (int, error)
	}{
		{&gone.Kudos, keep.Kudos <= 0, func() (int, error) { return s.forgetKudos(ctx, now.Add(-keep.Kudos)) }},
		{&gone.Commitments, keep.Commitments <= 0, func() (int, error) { return s.forgetCommitments(ctx, now.Add(-keep.Commitments)) }},
		{&gone.Members, keep.Members <= 0, func() (n int, err error) {
			var owned int
			if err := s.forgetConversationsOf(ctx, now.Add(-keep.Members)); err != nil {
				return 0, err
			}
			n, owned, err = s.forgetMembers(ctx, now.Add(-keep.Members))
			gone.Commitments += owned
			return n, err
		}},
		{&gone.Rounds, keep.Rounds <= 0, func() (int, error) { return s.forgetRounds(ctx, keep) }},
		{&gone.Sends, false, func() (int, error) { return s.forgetSends(ctx, now) }},
		{new(int), false, func() (int, error) { return s.forgetQuotas(ctx, now) }},
		{new(int), false, func() (int, error) { return s.forgetReports(ctx, now.Add(-bot.ReportLife)) }},
		{new(int), false, func() (int, error) { return 0, s.forgetConversations(ctx, now) }},
		{new(int), false, func() (int, error) { return s.forgetAudit(ctx, now) }},
	} {
		if noun.kept {
			continue
		}
		n, err := noun.forget()
		*noun.count += n
		if err != nil {
			return gone, err
		}
	}
	return gone, nil
}

// forgetAtOnce is how many objects are deleted in one step.
const forgetAtOnce = 100

// forgetTries is how often a step is tried that others are in the way of: they changed what was just read.
const forgetTries = 5

// forgetOlder deletes the objects that an index has before an instant; see forgetListed.
func (s *Store) forgetOlder(ctx context.Context, index string, before time.Time, remove func(ids []string) (int, error)) (int, error) {
	return s.forgetListed(ctx, index, "("+floorMillis(before), remove)
}

// forgetListed deletes the objects that an index has up to a score, the lowest first. remove deletes a batch of ids, and has to take them out of the
// index.
func (s *Store) forgetListed(ctx context.Context, index, highest string, remove func(ids []string) (int, error)) (int, error) {
	batch := &redis.ZRangeBy{Min: "-inf", Max: highest, Count: forgetAtOnce}
	var last []string
	gone, tries := 0, 0
	for {
		ids, err := s.rdb.ZRangeByScore(ctx, index, batch).Result()
		if err != nil {
			return gone, fmt.Errorf("list what is old in %q: %w", index, err)
		}
		if len(ids) == 0 {
			return gone, nil
		}
		if !slices.Equal(ids, last) { // whoever is in the way gets on with it
			last, tries = ids, 0
		}
		n, err := remove(ids)
		gone += n
		tries++
		if err != nil && (!errors.Is(err, bot.ErrConflict) || tries == forgetTries) {
			return gone, fmt.Errorf("delete what is old in %q: %w", index, err)
		}
	}
}
