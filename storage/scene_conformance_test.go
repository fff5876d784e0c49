package storage_test

import (
	"reflect"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

func TestACommitmentIsReadWithItsPeople(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		must(t, s.SaveMembers(t.Context(), bot.Member{ID: "UANA", Name: "Ana"}))
		must(t, s.SavePreferences(t.Context(), "p", bot.Preferences{Member: "UANA", Zone: "Asia/Tokyo"}, nil, nil))
		want, err := s.AddCommitment(t.Context(), "c", commitment(c), nil, nil)
		must(t, err)
		for _, id := range []int{want.ID, 99} {
			got, scene, err := s.CommitmentScene(t.Context(), id, "UANA", "UNOBODY")
			must(t, err)
			if len(scene.Members) != 1 || scene.Members["UANA"].Name != "Ana" || scene.Preferences["UANA"].Zone != "Asia/Tokyo" {
				t.Errorf("with %d the people are %+v", id, scene)
			}
			if known := id == want.ID; known != (got.ID == id) || known && got.Text != want.Text || !known && got.Version != 0 {
				t.Errorf("%d is %+v", id, got)
			}
		}
	})
}

func TestBothListsOfCommitmentsComeTogether(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		mine := commitment(c)
		mine.Owner, mine.Counterparties = "UBEN", []bot.Counterparty{{Member: "UANA"}}
		for _, one := range []bot.Commitment{commitment(c), mine, commitment(c)} {
			_, err := s.AddCommitment(t.Context(), "", one, nil, nil)
			must(t, err)
		}
		owned, owed, err := s.MemberCommitments(t.Context(), "UANA", c.Now())
		must(t, err)
		if len(owned) != 2 || owned[0].ID != 1 || owned[1].ID != 3 || len(owed) != 1 || owed[0].ID != 2 || owed[0].Text != mine.Text {
			t.Errorf("owned %+v, owed %+v", owned, owed)
		}
		owned, owed, err = s.MemberCommitments(t.Context(), "UNOBODY", c.Now())
		must(t, err)
		if len(owned)+len(owed) != 0 {
			t.Errorf("nobody has %+v and %+v", owned, owed)
		}
	})
}

func TestProgramsAreReadWithWhoLooks(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		empty, err := s.ProgramScene(t.Context(), "C1", "UANA")
		must(t, err)
		if len(empty.Programs)+len(empty.Seats)+len(empty.Latest)+len(empty.Members) != 0 || empty.Channel.ID != "" {
			t.Errorf("an empty store has %+v", empty)
		}
		must(t, s.SaveMembers(t.Context(), bot.Member{ID: "UANA", Name: "Ana"}, bot.Member{ID: "UBEN"}))
		must(t, s.SaveChannel(t.Context(), "c", bot.Channel{ID: "C1", Inside: true}, nil))
		for _, name := range []string{"Coffee", "Lunch"} {
			_, err := s.SaveProgram(t.Context(), bot.Token(name), bot.Program{Name: name}, bot.Entry{}, nil)
			must(t, err)
		}
		must(t, s.SaveSeat(t.Context(), "s", bot.Seat{Program: "2", Member: "UANA"}, nil))
		must(t, s.SaveSeat(t.Context(), "other", bot.Seat{Program: "1", Member: "UBEN"}, nil))
		got, err := s.ProgramScene(t.Context(), "C1", "UANA")
		must(t, err)
		if len(got.Programs) != 2 || got.Programs[0].Name != "Coffee" || got.Programs[1].ID != "2" {
			t.Errorf("programs %+v", got.Programs)
		}
		if len(got.Seats) != 1 || got.Seats[0].Program != "2" || got.Seats[0].Version != 1 {
			t.Errorf("seats %+v", got.Seats)
		}
		if len(got.Members) != 1 || got.Members["UANA"].Name != "Ana" || !got.Channel.Inside || len(got.Latest) != 0 {
			t.Errorf("scene %+v, rounds %v", got.Scene, got.Latest)
		}
	})
}

func TestTheLastKudosIsReadWithItsPostAndItsGiver(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		must(t, s.SaveMembers(t.Context(), bot.Member{ID: "UANA", Name: "Ana"}))
		none, err := s.LastGiven(t.Context(), "UANA")
		must(t, err)
		if none.ID != "" || none.Scene.Members["UANA"].Name != "Ana" {
			t.Errorf("who gave none has %+v", none)
		}
		for i, id := range []string{"K1", "K2"} {
			k := bot.Kudos{ID: id, Giver: "UANA", Recipients: []string{"UBEN"}, Message: "thanks " + id, Given: c.Now().Add(time.Duration(i) * time.Minute)}
			_, err := s.AddKudos(t.Context(), bot.Token(id), k, bot.KudosQuota{Day: bot.Date{Year: 2026, Month: 3, Day: 30}, Limit: 9}, nil)
			must(t, err)
		}
		post := pair(c, bot.KudosPostSID("K2"))
		insert(t, s, "p", pair(c, bot.KudosPostSID("K1")), post)
		for _, want := range []bot.State{bot.StatePending, bot.StateSent} {
			last, err := s.LastGiven(t.Context(), "UANA")
			must(t, err)
			if last.ID != "K2" || last.Message != "thanks K2" || last.Post.SID != post.SID || last.Post.State != want {
				t.Errorf("want K2 with its post %s, got %+v", want, last)
			}
			if want == bot.StatePending {
				claimed(t, s, c, post, "w")
				if ok, err := s.Posting(t.Context(), c.Now(), post.SID, "w", reserve); err != nil || !ok {
					t.Fatalf("may post: %v, %v", ok, err)
				}
				sent(t, s, c, post, "w")
			}
		}
	})
}

func TestGroupsOfSeveralRoundsAreReadAtOnce(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		first, second := planOf(2), planOf(2)
		second.Program, second.ID = "2", "2/1"
		adopted(t, s, first)
		adopted(t, s, second)
		a, b := bot.GroupKey{Round: "1/1", Group: "g0"}, bot.GroupKey{Round: "2/1", Group: "g1"}
		groups, err := s.RoundGroups(t.Context(), a, b, bot.GroupKey{Round: "1/1", Group: "-"}, bot.GroupKey{Round: "1/9", Group: "g0"})
		must(t, err)
		if len(groups) != 2 {
			t.Fatalf("found %+v", groups)
		}
		for at, got := range groups {
			round, group, err := s.RoundGroup(t.Context(), at.Round, at.Group)
			must(t, err)
			if !reflect.DeepEqual(got, bot.RoundGroup{Round: round, Group: group}) || got.Group.Key != at.Group {
				t.Errorf("%+v is %+v, alone it is %+v of %+v", at, got, group, round)
			}
		}
		if _, err := s.RoundGroups(t.Context(), bot.GroupKey{Round: "no round"}); err == nil {
			t.Error("read something that is no round")
		}
		if groups, err := s.RoundGroups(t.Context()); err != nil || len(groups) != 0 {
			t.Errorf("of nothing: %+v, %v", groups, err)
		}
	})
}
