package storage_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
	"rapport/storage/redistest"
)

var (
	keyA, keyB = bytes.Repeat([]byte{'a'}, 32), bytes.Repeat([]byte{'b'}, 32)
	onlyA      = storage.NewKeyring(keyA)
	onlyB      = storage.NewKeyring(keyB)
	fromAToB   = storage.NewKeyring(keyB, keyA)
)

// vault is somewhere that a workspace is stored, whatever key one comes with.
type vault struct {
	t *testing.T
	o storage.Options
}

// everyVault runs a test in a folder and on a server that hold nothing yet.
func everyVault(t *testing.T, test func(t *testing.T, v vault)) {
	t.Helper()
	now := (&clock{now: exported.Add(time.Hour)}).Now
	t.Run("folder", func(t *testing.T) {
		test(t, vault{t, storage.Options{Dir: t.TempDir(), Team: exportTeam, Now: now}})
	})
	t.Run("redis", func(t *testing.T) {
		test(t, vault{t, storage.Options{URL: redistest.Start(t, redistest.Options{}).URL(), Team: exportTeam, Now: now}})
	})
}

// open opens the store as a bot does.
func (v vault) open(ring storage.Keyring) (*storage.Store, error) {
	o := v.o
	o.Ring = ring
	if o.URL == "" {
		return storage.OpenFolder(v.t.Context(), o)
	}
	return storage.Open(v.t.Context(), o)
}

// with does something as a bot does.
func (v vault) with(ring storage.Keyring, do func(s *storage.Store)) {
	v.t.Helper()
	s, err := v.open(ring)
	must(v.t, err)
	defer closeStore(v.t, s)
	do(s)
}

// refuses expects that a bot with these keys does not start.
func (v vault) refuses(ring storage.Keyring) {
	v.t.Helper()
	s, err := v.open(ring)
	if err == nil {
		closeStore(v.t, s)
	}
	is(v.t, err, storage.ErrOtherKey)
}

// server does something as an operator's tool does.
func (v vault) server(ring storage.Keyring, do func(server *storage.Server)) {
	v.t.Helper()
	o := v.o
	o.Ring = ring
	server := connected(v.t, o)
	do(server)
	must(v.t, server.Close())
}

// reseal seals anew as an operator's tool does.
func (v vault) reseal(ring storage.Keyring, o storage.ResealOptions) (done storage.Resealed, err error) {
	v.t.Helper()
	v.server(ring, func(server *storage.Server) {
		s, storeErr := server.Store(v.t.Context(), exportTeam)
		must(v.t, storeErr)
		done, err = s.Reseal(v.t.Context(), o)
	})
	return done, err
}

// promise adds some promises whose words are their numbers in this call.
func promise(t *testing.T, s *storage.Store, prefix string, n int) {
	t.Helper()
	for i := range n {
		words := fmt.Sprint(prefix, i)
		_, err := s.AddCommitment(t.Context(), bot.Token(words), bot.Commitment{
			Owner: "UANA", By: "UANA", Text: words, State: bot.Open, Created: exported, Counterparties: []bot.Counterparty{{Member: "UBEN"}},
		}, nil, nil)
		must(t, err)
	}
}

// promised expects the words of all promises, in their order.
func promised(t *testing.T, s *storage.Store, want ...string) {
	t.Helper()
	list, err := s.OwnedCommitments(t.Context(), "UANA", time.Time{})
	must(t, err)
	owed, err := s.OwedCommitments(t.Context(), "UBEN", time.Time{})
	must(t, err)
	got := make([]string, len(list))
	for i, c := range list {
		got[i] = c.Text
	}
	if strings.Join(got, " ") != strings.Join(want, " ") || len(owed) != len(want) {
		t.Errorf("promised are %v, %d are owed, want %v", got, len(owed), want)
	}
}

func words(prefix string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint(prefix, i)
	}
	return list
}

func TestAKeyIsReplaced(t *testing.T) {
	everyVault(t, func(t *testing.T, v vault) {
		const many = 300 // more than a piece
		all := append(words("old", many), words("new", 5)...)
		v.with(onlyA, func(s *storage.Store) { promise(t, s, "old", many) })
		v.refuses(onlyB)
		if _, err := v.reseal(fromAToB, storage.ResealOptions{}); err == nil || errors.Is(err, storage.ErrOtherKey) {
			t.Errorf("sealed anew with a key that no bot has: %v", err)
		}
		v.with(onlyA, func(s *storage.Store) { promised(t, s, words("old", many)...) })
		v.with(fromAToB, func(s *storage.Store) {
			promised(t, s, words("old", many)...)
			promise(t, s, "new", 5)
			promised(t, s, all...)
		})
		v.refuses(onlyB)
		v.refuses(onlyA)
		v.with(storage.NewKeyring(keyA, keyB), func(s *storage.Store) { promised(t, s, all...) }) // a process that comes later
		done, err := v.reseal(fromAToB, storage.ResealOptions{})
		must(t, err)
		if done.Sealed != many || done.Before != 5 || done.Unreadable != 0 || done.Deleted != 0 || done.Key != fromAToB.Current {
			t.Errorf("sealed anew %+v", done)
		}
		done, err = v.reseal(onlyB, storage.ResealOptions{})
		must(t, err)
		if done.Sealed != 0 || done.Before != many+5 {
			t.Errorf("the second time %+v", done)
		}
		v.refuses(onlyA)
		v.with(onlyB, func(s *storage.Store) { promised(t, s, all...) })
	})
}

func TestAStoreFromBeforeProbesKnowsItsKey(t *testing.T) {
	everyVault(t, func(t *testing.T, v vault) {
		v.server(storage.Keyring{}, func(server *storage.Server) {
			_, err := server.Import(t.Context(), bytes.NewReader(readOld(t)), storage.ImportOptions{})
			must(t, err)
			if err := server.CheckKeys(t.Context(), exportTeam); err == nil || errors.Is(err, storage.ErrOtherKey) {
				t.Errorf("without a key the check says %v", err)
			}
		})
		v.refuses(onlyB)
		v.server(onlyB, func(server *storage.Server) { is(t, server.CheckKeys(t.Context(), exportTeam), storage.ErrOtherKey) })
		its := storage.NewKeyring(sealingKey)
		v.server(its, func(server *storage.Server) { must(t, server.CheckKeys(t.Context(), exportTeam)) })
		both := storage.NewKeyring(keyB, sealingKey)
		v.with(both, func(*storage.Store) {})
		v.refuses(onlyB)
		done, err := v.reseal(both, storage.ResealOptions{})
		must(t, err)
		if done.Sealed != 2 {
			t.Errorf("sealed anew %+v, want 2", done)
		}
		v.refuses(its)
		v.with(onlyB, func(s *storage.Store) { promises(t, s) })
	})
}

func TestAStoreThatHoldsNothingSealedTakesAnyKey(t *testing.T) {
	everyVault(t, func(t *testing.T, v vault) {
		v.with(onlyA, func(*storage.Store) {})
		v.with(onlyB, func(s *storage.Store) { promise(t, s, "p", 1) })
		v.refuses(onlyA)
		v.with(onlyB, func(s *storage.Store) { promised(t, s, "p0") })
	})
}

func TestALostKeyTakesOnlyItsPromisesAlong(t *testing.T) {
	everyVault(t, func(t *testing.T, v vault) {
		v.with(onlyA, func(s *storage.Store) { promise(t, s, "lost", 120) })
		v.with(fromAToB, func(s *storage.Store) { promise(t, s, "kept", 3) })
		_, err := v.reseal(onlyB, storage.ResealOptions{})
		is(t, err, storage.ErrOtherKey)
		done, err := v.reseal(onlyB, storage.ResealOptions{DeleteUnreadable: true})
		must(t, err)
		if done.Deleted != 120 || done.Unreadable != 0 || done.Before != 3 {
			t.Errorf("sealed anew %+v", done)
		}
		v.with(onlyB, func(s *storage.Store) { promised(t, s, words("kept", 3)...) })
	})
}

func TestSealingAnewDisturbsNobody(t *testing.T) {
	everyVault(t, func(t *testing.T, v vault) {
		const many, rounds = 40, 6
		v.with(onlyA, func(s *storage.Store) { promise(t, s, "p", many) })
		v.with(fromAToB, func(s *storage.Store) {
			var people sync.WaitGroup
			for id := 1; id <= many; id++ {
				people.Go(func() {
					for range rounds {
						c, err := s.Commitment(t.Context(), id)
						if err == nil {
							was := c
							c.Text += "!"
							err = s.ReplaceCommitment(t.Context(), "", was, c, nil)
						}
						if err != nil { // a conflict, too: sealing anew changes no version
							t.Errorf("change promise %d: %v", id, err)
							return
						}
					}
				})
			}
			done, err := v.reseal(fromAToB, storage.ResealOptions{}) // from outside, in a folder through its socket
			people.Wait()
			must(t, err)
			if done.Sealed > many || done.Unreadable > 0 {
				t.Errorf("sealed anew %+v", done)
			}
		})
		want := words("p", many)
		for i := range want {
			want[i] += strings.Repeat("!", rounds)
		}
		v.with(onlyB, func(s *storage.Store) { promised(t, s, want...) })
	})
}

func TestAnExportIsHeldAgainstTheKey(t *testing.T) {
	everyVault(t, func(t *testing.T, from vault) {
		var file bytes.Buffer
		from.with(onlyA, func(s *storage.Store) { promise(t, s, "p", 1) })
		from.server(storage.Keyring{}, func(server *storage.Server) {
			_, err := server.Export(t.Context(), exportTeam, &file, "test")
			must(t, err)
		})
		for _, row := range []struct {
			name  string
			file  []byte
			ring  storage.Keyring
			tried bool
			want  error
		}{
			{"its key", file.Bytes(), onlyA, true, nil},
			{"its key among others", file.Bytes(), fromAToB, true, nil},
			{"another", file.Bytes(), onlyB, false, storage.ErrOtherKey},
			{"none", file.Bytes(), storage.Keyring{}, false, nil},
			{"from before probes, its key", readOld(t), storage.NewKeyring(sealingKey), true, nil},
			{"from before probes, another", readOld(t), onlyB, false, storage.ErrOtherKey},
		} {
			from.server(row.ring, func(server *storage.Server) {
				done, err := server.Import(t.Context(), bytes.NewReader(row.file), storage.ImportOptions{Replace: true})
				if done.KeysTried != row.tried || !errors.Is(err, row.want) {
					t.Errorf("%s: tried %v, %v", row.name, done.KeysTried, err)
				}
			})
		}
		from.server(onlyA, func(server *storage.Server) {
			_, err := server.Import(t.Context(), bytes.NewReader(file.Bytes()), storage.ImportOptions{Replace: true})
			must(t, err)
		})
		from.server(onlyB, func(server *storage.Server) { // which changes nothing
			_, err := server.Import(t.Context(), bytes.NewReader(file.Bytes()), storage.ImportOptions{Replace: true})
			is(t, err, storage.ErrOtherKey)
		})
		from.refuses(onlyB) // the probe came along
		from.with(onlyA, func(s *storage.Store) { promised(t, s, "p0") })
	})
}
