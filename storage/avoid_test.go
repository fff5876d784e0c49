package storage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"rapport/bot"
	"rapport/storage"
)

// avoid saves members' lists, each of whom avoids the member of the next number.
func avoid(t *testing.T, s *storage.Store, n int) {
	t.Helper()
	for i := range n {
		member := fmt.Sprint("UAVOIDER", i)
		must(t, s.SavePreferences(t.Context(), bot.Token(member), bot.Preferences{Member: member, Practice: true, Avoid: avoidedBy(i)}, nil, nil))
	}
}

// avoidedBy is whom the member of a number avoids.
func avoidedBy(i int) []string { return []string{fmt.Sprint("UAVOIDED", i), "UAVOIDEDBYALL"} }

// avoids expects that members' lists are whole.
func avoids(t *testing.T, s *storage.Store, n int) {
	t.Helper()
	for i := range n {
		member := fmt.Sprint("UAVOIDER", i)
		all, err := s.Preferences(t.Context(), member)
		must(t, err)
		if got := all[member]; !slices.Equal(got.Avoid, avoidedBy(i)) || !got.Practice {
			t.Errorf("%s has %+v", member, got)
		}
	}
}

// readsAvoided reports whether a text says whom somebody avoids.
func readsAvoided(text string) bool { return strings.Contains(text, "UAVOIDED") }

func TestListsOfWhomSomebodyAvoidsAreSealedAnew(t *testing.T) {
	everyVault(t, func(t *testing.T, v vault) {
		const many = 70
		v.with(onlyA, func(s *storage.Store) { avoid(t, s, many) })
		v.refuses(onlyB)
		v.with(fromAToB, func(s *storage.Store) {
			avoids(t, s, many)
			must(t, s.SavePreferences(t.Context(), "new", bot.Preferences{Member: "UAVOIDER" + fmt.Sprint(many), Practice: true, Avoid: avoidedBy(many)}, nil, nil))
		})
		done, err := v.reseal(fromAToB, storage.ResealOptions{})
		must(t, err)
		if done.Sealed != many || done.Unreadable != 0 || done.Deleted != 0 {
			t.Errorf("sealed anew %+v", done)
		}
		v.refuses(onlyA)
		v.with(onlyB, func(s *storage.Store) {
			avoids(t, s, many+1)
			all, err := s.Preferences(t.Context(), "UAVOIDER0")
			must(t, err)
			if all["UAVOIDER0"].Version != 1 {
				t.Errorf("sealing anew made it version %d", all["UAVOIDER0"].Version)
			}
		})
	})
}

// With a lost key the lists are lost as well, and nothing else that somebody set.
func TestALostKeyTakesListsAlong(t *testing.T) {
	everyVault(t, func(t *testing.T, v vault) {
		v.with(onlyA, func(s *storage.Store) { avoid(t, s, 3) })
		v.refuses(onlyB)
		_, err := v.reseal(onlyB, storage.ResealOptions{})
		is(t, err, storage.ErrOtherKey)
		done, err := v.reseal(onlyB, storage.ResealOptions{DeleteUnreadable: true})
		must(t, err)
		if done.Deleted != 3 {
			t.Errorf("sealed anew %+v", done)
		}
		v.with(onlyB, func(s *storage.Store) {
			all, err := s.Preferences(t.Context(), "UAVOIDER1")
			must(t, err)
			if got := all["UAVOIDER1"]; len(got.Avoid) != 0 || !got.Practice {
				t.Errorf("after the key was lost: %+v", got)
			}
			scene, err := s.Scene(t.Context(), "", "UAVOIDER0", "UAVOIDER2")
			must(t, err)
			if len(scene.Preferences) != 2 {
				t.Errorf("a scene has %+v", scene.Preferences)
			}
		})
	})
}

// Sealing anew and people who change their lists at the same time do not get in each other's way.
func TestSealingListsAnewDisturbsNobody(t *testing.T) {
	everyVault(t, func(t *testing.T, v vault) {
		const many, changes = 20, 5
		v.with(onlyA, func(s *storage.Store) { avoid(t, s, many) })
		v.with(fromAToB, func(s *storage.Store) {
			var people sync.WaitGroup
			for i := range many {
				people.Go(func() {
					for n := range changes {
						if err := lengthen(t.Context(), s, fmt.Sprint("UAVOIDER", i), fmt.Sprint("UMORE", n)); err != nil { // a conflict, too
							t.Errorf("member %d: %v", i, err)
							return
						}
					}
				})
			}
			_, err := v.reseal(fromAToB, storage.ResealOptions{})
			people.Wait()
			must(t, err)
		})
		v.with(onlyB, func(s *storage.Store) {
			for i := range many {
				member := fmt.Sprint("UAVOIDER", i)
				all, err := s.Preferences(t.Context(), member)
				must(t, err)
				if got := all[member]; len(got.Avoid) != 2+changes || got.Version != 1+changes {
					t.Errorf("%s has %+v", member, got)
				}
			}
		})
	})
}

// lengthen puts one more on a member's list.
func lengthen(ctx context.Context, s *storage.Store, member, other string) error {
	all, err := s.Preferences(ctx, member)
	if err != nil {
		return err
	}
	p := all[member]
	p.Avoid = append(p.Avoid, other)
	return s.SavePreferences(ctx, bot.Token(member+" "+other), p, nil, nil)
}

// An export says of nobody whom they avoid, and brings it to the next place.
func TestListsMoveSealedAndArePurged(t *testing.T) {
	everyVault(t, func(t *testing.T, from vault) {
		from.with(onlyA, func(s *storage.Store) { avoid(t, s, 3) })
		var file bytes.Buffer
		from.server(storage.Keyring{}, func(server *storage.Server) {
			_, err := server.Export(t.Context(), exportTeam, &file, "test")
			must(t, err)
		})
		if !strings.Contains(file.String(), "UAVOIDER1") || readsAvoided(file.String()) {
			t.Errorf("the export reads\n%s", file.String())
		}
		everyVault(t, func(t *testing.T, to vault) {
			to.server(onlyA, func(server *storage.Server) {
				_, err := server.Import(t.Context(), bytes.NewReader(file.Bytes()), storage.ImportOptions{})
				must(t, err)
			})
			to.refuses(onlyB)
			to.server(onlyB, func(server *storage.Server) {
				_, err := server.Import(t.Context(), bytes.NewReader(file.Bytes()), storage.ImportOptions{Replace: true})
				is(t, err, storage.ErrOtherKey)
			})
			to.with(onlyA, func(s *storage.Store) { avoids(t, s, 3) })
			to.server(onlyA, func(server *storage.Server) {
				_, err := server.Purge(t.Context(), exportTeam, false)
				must(t, err)
			})
			to.with(onlyB, func(s *storage.Store) { // nothing sealed is left that would need the other key
				all, err := s.Preferences(t.Context(), "UAVOIDER1")
				must(t, err)
				if len(all["UAVOIDER1"].Avoid) != 0 {
					t.Errorf("after the purge: %+v", all)
				}
			})
		})
	})
}

func TestWhoIsForgottenGoesFromEveryList(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		const many = 60
		avoid(t, s, many)
		must(t, s.Erase(t.Context(), "UAVOIDEDBYALL", "UAVOIDED7", "UAVOIDER9"))
		for i := range many {
			member := fmt.Sprint("UAVOIDER", i)
			all, err := s.Preferences(t.Context(), member)
			must(t, err)
			want := []string{fmt.Sprint("UAVOIDED", i)}
			if i == 7 || i == 9 {
				want = nil
			}
			if got := all[member]; !slices.Equal(got.Avoid, want) || got.Practice != (i != 9) {
				t.Errorf("%s has %+v", member, got)
			}
		}
	})
}

// People who change their lists while somebody is forgotten keep what they change, and the one who is forgotten is on no list in the end.
func TestForgettingWhileListsChange(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		const many, changes = 20, 6
		avoid(t, s, many)
		var people sync.WaitGroup
		for i := range many {
			people.Go(func() {
				for n := range changes {
					err := bot.ErrConflict
					for errors.Is(err, bot.ErrConflict) { // as the use case does, it reads again
						err = lengthen(t.Context(), s, fmt.Sprint("UAVOIDER", i), fmt.Sprint("UMORE", n))
					}
					if err != nil {
						t.Errorf("member %d: %v", i, err)
						return
					}
				}
			})
		}
		err := s.Erase(t.Context(), "UAVOIDEDBYALL")
		people.Wait()
		must(t, err)
		for i := range many {
			member := fmt.Sprint("UAVOIDER", i)
			all, err := s.Preferences(t.Context(), member)
			must(t, err)
			if got := all[member].Avoid; len(got) != 1+changes || slices.Contains(got, "UAVOIDEDBYALL") {
				t.Errorf("%s has %v", member, got)
			}
		}
	})
}

// A list that no key opens is its owner's trouble alone: everybody else's scenes are read, and what is stored stays until its owner writes another one.
func TestAListThatNoKeyOpens(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		const damaged = "lost:AAAA"
		avoid(t, s, 2)
		must(t, s.SavePreferences(t.Context(), "damage", bot.Preferences{Member: "UDAMAGED", Unreadable: damaged}, nil, nil))
		read := func() bot.Preferences {
			t.Helper()
			scene, err := s.Scene(t.Context(), "", "UAVOIDER0", "UDAMAGED", "UAVOIDER1")
			must(t, err)
			if got := scene.Preferences["UAVOIDER1"]; !slices.Equal(got.Avoid, avoidedBy(1)) || got.Unreadable != "" {
				t.Errorf("somebody else has %+v", got)
			}
			return scene.Preferences["UDAMAGED"]
		}
		p := read()
		if p.Unreadable != damaged || len(p.Avoid) != 0 {
			t.Errorf("read %+v", p)
		}
		p.Practice = true
		must(t, s.SavePreferences(t.Context(), "other setting", p, nil, nil))
		if p = read(); p.Unreadable != damaged || !p.Practice {
			t.Errorf("after another setting: %+v", p)
		}
		p.Notes = []bot.RoundNote{{}}
		if err := s.SavePreferences(t.Context(), "note", p, nil, nil); err == nil {
			t.Error("a note took the list's place")
		}
		p.Notes, p.Avoid, p.Unreadable = nil, []string{"UAVOIDED1"}, ""
		must(t, s.SavePreferences(t.Context(), "new list", p, nil, nil))
		if p = read(); p.Unreadable != "" || !slices.Equal(p.Avoid, []string{"UAVOIDED1"}) {
			t.Errorf("after a new list: %+v", p)
		}
	})
}
