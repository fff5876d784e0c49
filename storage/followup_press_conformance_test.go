package storage_test

import (
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// A press that comes again is known by what is stored of it, also once the store has forgotten its token, and after an undo.
func TestAPressIsKnownAgain(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		must(t, s.SaveMembers(t.Context(), bot.Member{ID: "UANA", Zone: "UTC"}))
		p := &bot.Promises{Store: s, Scenes: s, Sent: s, Settings: &bot.Settings{Store: s}}
		_, err := p.Promise(t.Context(), c.Now(), bot.Promise{Token: "note", By: "UANA", Owner: "UANA", Text: "return the camera"})
		must(t, err)
		press := func(at string) bot.Act { return bot.Act{Token: "done", Press: at, Actor: "UANA", ID: 1} }
		is := func(want bot.CommitmentState) {
			t.Helper()
			stored, err := s.Commitment(t.Context(), 1)
			must(t, err)
			if stored.State != want {
				t.Errorf("it is %s, want %s", stored.State, want)
			}
		}
		_, err = p.Complete(t.Context(), c.Now(), press("1"))
		must(t, err)
		_, err = p.Undo(t.Context(), c.Now(), bot.Act{Token: "undo", Press: "2", Actor: "UANA", ID: 1})
		must(t, err)
		for range 2 {
			_, err = p.Complete(t.Context(), c.Now(), press("1"))
			must(t, err)
			is(bot.Open)
			c.pass(4 * time.Hour)
		}
		_, err = p.Complete(t.Context(), c.Now(), press("3"))
		must(t, err)
		is(bot.Done)
	})
}
