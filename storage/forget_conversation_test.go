package storage_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rapport/bot"
	"rapport/storage"
)

// opened saves conversations in two weeks, many of them with Ana, who is UANA, and some with somebody whose id begins like hers, and returns who is in those
// that have nothing to do with her.
func opened(t *testing.T, s *storage.Store, c *clock) (others [][]string) {
	t.Helper()
	for i := range 2 {
		for n := range 510 / (1 + 100*i) { // in the first week more than is written in one step
			must(t, s.SaveConversation(t.Context(), []string{"UANA", fmt.Sprintf("UX%d%d", i, n)}, "G"))
		}
		others = append(others, []string{"UANA2", fmt.Sprint("UX", i)}, []string{fmt.Sprint("UY", i)})
		for _, members := range others[2*i:] {
			must(t, s.SaveConversation(t.Context(), members, "G"))
		}
		c.pass(7 * day)
	}
	must(t, s.SaveConversation(t.Context(), []string{"UANA"}, "D"))
	return others
}

// namesNot checks that nothing that is stored names a member, but for the lists of who was forgotten, and that conversations are known.
func namesNot(t *testing.T, s *storage.Store, member string, known [][]string) {
	t.Helper()
	for entry := range slices.Chunk(storage.EverythingStored(t, s), 2) {
		key, value := entry[0], entry[1]
		if strings.HasSuffix(key, ":erased") || strings.HasSuffix(key, ":members:gone") {
			continue
		}
		if slices.Contains(strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" :[]{}", r) }), member) {
			t.Errorf("%s stands in %s: %.200q", member, key, value)
		}
	}
	ids, err := s.Conversations(t.Context(), known)
	must(t, err)
	if slices.Contains(ids, "") {
		t.Errorf("of the conversations of others these are known: %q", ids)
	}
}

func TestConversationsWithWhoLeftAreForgotten(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		must(t, s.SaveMembers(t.Context(), bot.Member{ID: "UANA", Deleted: true}))
		others := opened(t, s, c)
		c.pass(15 * day)
		if gone := forget(t, s, c); gone.Members != 0 {
			t.Errorf("forgotten %+v", gone)
		}
		if ids, err := s.Conversations(t.Context(), [][]string{{"UANA"}, {"UANA", "UX00"}}); err != nil || slices.Contains(ids, "") {
			t.Errorf("known are %q, %v", ids, err)
		}
		c.pass(2 * day)
		forgets(t, s, c, storage.Forgotten{Members: 1})
		namesNot(t, s, "UANA", others)
	})
}

func TestConversationsWithWhoIsErasedAreForgotten(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		others := opened(t, s, c)
		must(t, s.Erase(t.Context(), "UANA"))
		namesNot(t, s, "UANA", others)
	})
}
