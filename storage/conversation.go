package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// conversationWeeks is how many weeks an opened conversation is known: this one and those before. Opening one again gives the same, so forgetting it costs
// one call.
const conversationWeeks = 9

// conversationField names a conversation by who is in it beside the bot, in whichever order they come.
func conversationField(members []string) string {
	return strings.Join(slices.Sorted(slices.Values(members)), " ")
}

// Conversations finds the ids of conversations that were opened, one for each list of members, in the order asked for; "" for one that is not known. It
// asks once, whatever their number.
func (s *Store) Conversations(ctx context.Context, members [][]string) ([]string, error) {
	ids := make([]string, len(members))
	if len(members) == 0 {
		return ids, nil
	}
	fields := make([]string, len(members))
	for i, m := range members {
		fields[i] = conversationField(m)
	}
	pipe := s.rdb.Pipeline()
	var weeks []*redis.SliceCmd
	for back := range conversationWeeks {
		weeks = append(weeks, pipe.HMGet(ctx, s.keys.conversations(week(s.now())-back), fields...))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("find %d conversations: %w", len(members), err)
	}
	for _, w := range weeks {
		for i, v := range w.Val() {
			if id, ok := v.(string); ok && ids[i] == "" {
				ids[i] = id
			}
		}
	}
	return ids, nil
}

// SaveConversation keeps the id of a conversation that was opened with these members, for at least eight weeks.
func (s *Store) SaveConversation(ctx context.Context, members []string, id string) error {
	if err := s.rdb.HSet(ctx, s.keys.conversations(week(s.now())), conversationField(members), id).Err(); err != nil {
		return fmt.Errorf("store conversation %q: %w", id, err)
	}
	return nil
}

// forgetConversations deletes those that are not looked for any more.
func (s *Store) forgetConversations(ctx context.Context, now time.Time) error {
	var old []string
	for back := conversationWeeks; back < conversationWeeks+52; back++ {
		old = append(old, s.keys.conversations(week(now)-back))
	}
	if err := s.rdb.Unlink(ctx, old...).Err(); err != nil {
		return fmt.Errorf("delete old conversations: %w", err)
	}
	return nil
}
