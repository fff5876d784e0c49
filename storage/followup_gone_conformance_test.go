package storage_test

import (
	"slices"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// What somebody kept of a promise whose owner left is theirs, also when all that is known of the owner is forgotten.
func TestWhatIsKeptOutlivesWhoLeft(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		must(t, s.EditMembers(t.Context(), []string{"UANA", "UBOB", "UCY"}, func(m bot.Member) (bot.Member, bool) {
			m.Name, m.Zone = m.ID, "Europe/Berlin"
			return m, true
		}))
		p := &bot.Promises{Store: s, Scenes: s, Sent: s, Settings: &bot.Settings{Store: s}}
		first, err := p.Promise(t.Context(), c.Now(), bot.Promise{
			Token: "note", By: "UANA", Owner: "UANA", Text: "return the camera", Shared: true, Counterparties: []bot.Counterparty{{Member: "UBOB"}, {Member: "UCY"}},
		})
		must(t, err)
		_, err = p.Ask(t.Context(), c.Now(), bot.Act{Token: "ask", Actor: "UCY", ID: first.ID})
		must(t, err)
		must(t, s.EditMembers(t.Context(), []string{"UANA"}, func(m bot.Member) (bot.Member, bool) {
			m.Deleted = true
			return m, true
		}))
		for range 2 {
			must(t, p.PeopleGone(t.Context(), c.Now(), s))
		}
		told, err := s.SendBySID(t.Context(), "followup/1/left/UANA/UBOB")
		must(t, err)
		if !slices.Equal(told.Members, []string{"UBOB"}) || told.Kind != bot.KindProposal {
			t.Errorf("told %+v", told)
		}
		kept, err := p.KeepOn(t.Context(), c.Now(), bot.Act{Token: "keep", Actor: "UBOB", ID: first.ID})
		must(t, err)
		old, err := s.Commitment(t.Context(), first.ID)
		must(t, err)
		if len(old.Asked) != 1 || old.Asked[0].By != "UCY" || !old.OwnerLeft() || len(old.Chosen) != 1 || !slices.Equal(old.MembersTo(), []string{"UCY"}) {
			t.Errorf("stored %+v", old)
		}
		c.pass(31 * 24 * time.Hour)
		if gone := forget(t, s, c); gone.Members != 1 || gone.Commitments != 1 {
			t.Errorf("forgotten %+v", gone)
		}
		owned, owed, err := s.MemberCommitments(t.Context(), "UBOB", c.Now())
		must(t, err)
		if len(owned) != 1 || owned[0].ID != kept.ID || owned[0].Text != "return the camera" || len(owed) != 0 {
			t.Errorf("Bob owns %+v and is owed %+v", owned, owed)
		}
	})
}
