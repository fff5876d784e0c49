package storage_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// reported stores a kudos of Ana's to Ben and Eva, and Ben's report of it.
func reported(t *testing.T, s *storage.Store, c *clock) (bot.Kudos, bot.Report) {
	t.Helper()
	k, err := s.AddKudos(t.Context(), "give", kudos(c, "k1"), quota, nil)
	must(t, err)
	rep := bot.Report{Kudos: "k1", By: "UBEN", Giver: "UANA", Words: "a secret <@UEVA> & é", At: c.Now(), Admins: []string{"UADMIN"}}
	k.Reporters = []string{"UBEN"}
	must(t, s.AddReport(t.Context(), "report", k, rep, bot.KudosQuota{Day: quota.Day, Limit: 5}, bot.Intents{{SID: "report/k1/UBEN/to/UADMIN", Kind: bot.KindKudosDM, Ref: "k1 UBEN ask", Members: []string{"UADMIN"}, Due: c.Now()}}))
	k.Version, rep.Version = 2, 1
	return k, rep
}

func TestReportsAreFoundAsTheyWereMade(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		k, rep := reported(t, s, c)
		is(t, s.AddReport(t.Context(), "report", k, rep, quota, nil), bot.ErrRepeated)
		stale := k
		stale.Version = 1
		other := bot.Report{Kudos: "k1", By: "UEVA", Giver: "UANA", At: c.Now().Add(time.Second), Admins: []string{"UADMIN"}}
		is(t, s.AddReport(t.Context(), "stale", stale, other, quota, nil), bot.ErrConflict)
		rep.Version = 0
		is(t, s.AddReport(t.Context(), "second", k, rep, quota, nil), bot.ErrConflict)
		other.By = "UBEN"
		other.Kudos = "k1"
		got, err := s.Reports(t.Context(), "k1", "UEVA", "UBEN")
		must(t, err)
		if len(got) != 1 || got[0].Words != rep.Words || got[0].Version != 1 || !got[0].At.Equal(rep.At) || !slices.Equal(got[0].Admins, rep.Admins) {
			t.Errorf("got %+v", got)
		}
		if got, err := s.Reports(t.Context(), "k2", "UBEN"); err != nil || len(got) > 0 {
			t.Errorf("of another: %+v, %v", got, err)
		}
		stored, err := s.Kudos(t.Context(), "k1")
		must(t, err)
		if !slices.Equal(stored.Reporters, []string{"UBEN"}) || stored.Version != 2 || stored.Message != k.Message {
			t.Errorf("the kudos is %+v", stored)
		}
		send, err := s.SendBySID(t.Context(), "report/k1/UBEN/to/UADMIN")
		must(t, err)
		if send.Ref != "k1 UBEN ask" {
			t.Errorf("the message is %+v", send)
		}
	})
}

func TestReportsHaveADaysLimit(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		for n := range 3 {
			id := fmt.Sprint("k", n)
			given := kudos(c, id)
			given.Twin = true
			k, err := s.AddKudos(t.Context(), bot.Token("give"+id), given, quota, nil)
			must(t, err)
			err = s.AddReport(t.Context(), bot.Token("report"+id), k, bot.Report{Kudos: id, By: "UBEN", Giver: "UANA", At: c.Now()}, bot.KudosQuota{Day: quota.Day, Limit: 2}, nil)
			if n < 2 {
				must(t, err)
			} else {
				is(t, err, bot.ErrLimit)
			}
		}
	})
}

func TestReportsAreSettledWithTheirKudosOrNotAtAll(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		k, rep := reported(t, s, c)
		gone := k
		gone.Undone, gone.Message = c.Now(), ""
		note := bot.ReportNote{By: "UADMIN", What: "take down kudos", Of: []string{"k1"}}
		stale := rep
		stale.Version = 7
		is(t, s.SettleReports(t.Context(), "stale", &gone, &quota, []bot.Report{stale}, note, nil), bot.ErrConflict)
		rep.Looked, rep.LookedBy, rep.Down = c.Now(), "UADMIN", true
		must(t, s.SettleReports(t.Context(), "down", &gone, &quota, []bot.Report{rep}, note, bot.Intents{{SID: "kudos/k1/taken", Kind: bot.KindKudosDM, Members: []string{"UANA"}, Due: c.Now()}}))
		is(t, s.SettleReports(t.Context(), "down", &gone, &quota, []bot.Report{rep}, note, nil), bot.ErrRepeated)
		stored, err := s.Kudos(t.Context(), "k1")
		must(t, err)
		given, _, err := s.MemberKudos(t.Context(), "UANA", 10)
		must(t, err)
		got, err := s.Reports(t.Context(), "k1", "UBEN")
		must(t, err)
		if stored.Undone.IsZero() || len(given) > 0 || len(got) != 1 || !got[0].Down || got[0].Words != rep.Words || got[0].Version != 2 {
			t.Errorf("the kudos is %+v, listed are %d, the report is %+v", stored, len(given), got)
		}
		log, err := s.Audit(t.Context(), 10)
		must(t, err)
		if len(log) != 1 || log[0].By != "UADMIN" || log[0].What != "take down kudos" || !slices.Equal(log[0].Of, []string{"k1"}) {
			t.Errorf("the log says %+v", log)
		}
		if _, err := s.SendBySID(t.Context(), "kudos/k1/taken"); err != nil {
			t.Error(err)
		}
		// One that is left stays as it is.
		k2 := kudos(c, "k2")
		k2.Twin = true
		left, err := s.AddKudos(t.Context(), "give2", k2, quota, nil)
		must(t, err)
		other := bot.Report{Kudos: "k2", By: "UEVA", Giver: "UANA", At: c.Now(), Admins: []string{"UADMIN"}}
		must(t, s.AddReport(t.Context(), "report2", left, other, quota, nil))
		other.Version, other.Looked = 1, c.Now()
		must(t, s.SettleReports(t.Context(), "leave", nil, nil, []bot.Report{other}, note, nil))
		if stored, err := s.Kudos(t.Context(), "k2"); err != nil || !stored.Undone.IsZero() || stored.Message == "" {
			t.Errorf("left: %+v, %v", stored, err)
		}
	})
}

func TestReportsAreForgotten(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		reported(t, s, c)
		found := func() int {
			t.Helper()
			list, err := s.Reports(t.Context(), "k1", "UBEN")
			must(t, err)
			return len(list)
		}
		_, err := s.Forget(t.Context(), c.Now().Add(bot.ReportLife), storage.StandardRetention())
		must(t, err)
		if found() != 1 {
			t.Error("it is gone too early")
		}
		_, err = s.Forget(t.Context(), c.Now().Add(bot.ReportLife+time.Second), storage.StandardRetention())
		must(t, err)
		if found() != 0 {
			t.Error("it is kept for longer than 90 days")
		}
	})
}

func TestReportsGoWithEitherPerson(t *testing.T) {
	for _, who := range []string{"UBEN", "UANA", "UEVA"} {
		everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
			reported(t, s, c)
			must(t, s.Erase(t.Context(), who))
			list, err := s.Reports(t.Context(), "k1", "UBEN")
			must(t, err)
			if gone := len(list) == 0; gone != (who != "UEVA") {
				t.Errorf("after %s is forgotten there are %d", who, len(list))
			}
		})
	}
}

func TestKudosAreReadUpToAnInstant(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		begin := c.Now()
		for n := range 5 {
			k := kudos(c, fmt.Sprint("k", n))
			k.Twin, k.Given = true, begin.Add(time.Duration(n)*time.Minute+time.Duration(n)*time.Microsecond)
			_, err := s.AddKudos(t.Context(), bot.Token(k.ID), k, quota, nil)
			must(t, err)
		}
		for _, tt := range []struct {
			member string
			given  bool
			until  time.Time
			limit  int
			want   string
			more   bool
		}{
			{"UANA", true, time.Time{}, 10, "k4 k3 k2 k1 k0", false},
			{"UANA", true, time.Time{}, 2, "k4 k3", true},
			{"UANA", true, begin.Add(3*time.Minute + 3*time.Microsecond), 2, "k3 k2", true},
			{"UBEN", false, begin.Add(3 * time.Minute), 10, "k2 k1 k0", false},
			{"UBEN", true, time.Time{}, 10, "", false},
			{"UANA", false, time.Time{}, 10, "", false},
		} {
			list, more, err := s.KudosUntil(t.Context(), tt.member, tt.given, tt.until, tt.limit)
			must(t, err)
			var ids []string
			for _, k := range list {
				ids = append(ids, k.ID)
			}
			if got := strings.Join(ids, " "); got != tt.want || more != tt.more {
				t.Errorf("%+v: %q, more %v", tt, got, more)
			}
		}
	})
}

// What somebody says about a kudos moves sealed, is found in the next place, and is sealed anew with everything else.
func TestReportsMoveSealed(t *testing.T) {
	now := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	everyVault(t, func(t *testing.T, from vault) {
		from.with(onlyA, func(s *storage.Store) { reported(t, s, &clock{now: now}) })
		var file bytes.Buffer
		from.server(storage.Keyring{}, func(server *storage.Server) {
			_, err := server.Export(t.Context(), exportTeam, &file, "test")
			must(t, err)
		})
		if !strings.Contains(file.String(), "k1 UBEN") || strings.Contains(file.String(), "a secret") {
			t.Errorf("the export reads\n%s", file.String())
		}
		everyVault(t, func(t *testing.T, to vault) {
			to.server(onlyA, func(server *storage.Server) {
				_, err := server.Import(t.Context(), bytes.NewReader(file.Bytes()), storage.ImportOptions{})
				must(t, err)
			})
			to.with(fromAToB, func(*storage.Store) {
				_, err := to.reseal(fromAToB, storage.ResealOptions{})
				must(t, err)
			})
			to.with(onlyB, func(s *storage.Store) {
				list, err := s.Reports(t.Context(), "k1", "UBEN")
				must(t, err)
				if len(list) != 1 || !strings.Contains(list[0].Words, "a secret") {
					t.Errorf("it brings %+v", list)
				}
				_, err = s.Forget(t.Context(), now.Add(bot.ReportLife+time.Hour), storage.StandardRetention())
				must(t, err)
				if list, err := s.Reports(t.Context(), "k1", "UBEN"); err != nil || len(list) > 0 {
					t.Errorf("it is kept: %+v, %v", list, err)
				}
			})
		})
	})
}
