package storage_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

func TestPurgingLeavesNothingOfOneAndEverythingOfOthers(t *testing.T) {
	everyPlace(t, func(t *testing.T, p place, c *clock) {
		p.bring(t, readOld(t), storage.ImportOptions{})
		neighbour := strings.Split(strings.TrimSpace(string(readOld(t))), "\n")
		neighbour[0] = strings.Replace(neighbour[0], exportTeam, exportTeam+"2", 1)
		// What is sealed is bound to its workspace, so that no key opens it in this one.
		keyless := p.keyless(t)
		_, err := keyless.Import(t.Context(), bytes.NewReader(signed(neighbour[:len(neighbour)-1]...)), storage.ImportOptions{})
		must(t, err)
		must(t, keyless.Close())
		p.with(t, func(v *storage.Server) {
			teams, err := v.Teams(t.Context())
			must(t, err)
			if !slices.Equal(teams, []string{exportTeam, exportTeam + "2"}) {
				t.Errorf("held are %v", teams)
			}
			if _, err := v.Team(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "--team") {
				t.Errorf("of two, one was chosen: %v", err)
			}
			before, err := v.Holdings(t.Context(), exportTeam)
			must(t, err)
			counts := map[string]int{}
			keys := 0
			for _, n := range before.Nouns {
				counts[n.Noun], keys = n.Count, keys+n.Keys
			}
			for noun, want := range map[string]int{"members": 4, "kudos": 2, "commitments": 2, "programs": 1, "seats": 3, "rounds": 1, "sends": 11, "settled sends": 2, "forgotten members": 1} {
				if counts[noun] != want {
					t.Errorf("%d %s, want %d", counts[noun], noun, want)
				}
			}
			if _, there := counts["other"]; there && before.Schema != 2 {
				t.Errorf("holds %+v", before)
			}
			gone, err := v.Purge(t.Context(), exportTeam, false)
			must(t, err)
			if gone != keys {
				t.Errorf("%d keys deleted of %d", gone, keys)
			}
			only, err := v.Team(t.Context(), "")
			must(t, err)
			after, err := v.Holdings(t.Context(), only)
			must(t, err)
			left := 0
			for _, n := range after.Nouns {
				left += n.Keys
			}
			if only != exportTeam+"2" || left != keys {
				t.Errorf("of %s %d keys are left, want %d", only, left, keys)
			}
		})
	})
}

func TestABotKeepsOthersFromItsFolder(t *testing.T) {
	c := &clock{now: exported}
	p := folderPlace(t, c)
	s := p.store(t)
	defer closeStore(t, s)
	must(t, s.SaveWorkspace(t.Context(), "", bot.Workspace{Team: exportTeam}, nil))
	p.with(t, func(v *storage.Server) {
		if !v.Live() {
			t.Error("the bot is not seen")
		}
		_, err := v.Import(t.Context(), bytes.NewReader(readOld(t)), storage.ImportOptions{Replace: true})
		is(t, err, storage.ErrLive)
		_, err = v.Purge(t.Context(), exportTeam, false)
		is(t, err, storage.ErrLive)
		var out bytes.Buffer
		done, err := v.Export(t.Context(), exportTeam, &out, "")
		must(t, err)
		if done.Keys == 0 {
			t.Error("nothing was exported from under the bot")
		}
	})
}

// TestAnExportOfAStoreInUseIsPutRight exports while kudos are given, promises are made and messages are sent, and looks whether what was imported hangs together.
func TestAnExportOfAStoreInUseIsPutRight(t *testing.T) {
	everyPlace(t, func(t *testing.T, p place, c *clock) {
		s := p.store(t)
		must(t, s.SaveWorkspace(t.Context(), "", bot.Workspace{Team: exportTeam}, nil))
		given, stop := make(chan struct{}), make(chan struct{})
		var group sync.WaitGroup
		group.Go(func() { busy(t, s, c, given, stop) })
		<-given
		var export bytes.Buffer
		p.with(t, func(v *storage.Server) {
			_, err := v.Export(t.Context(), exportTeam, &export, "")
			must(t, err)
		})
		close(stop)
		group.Wait()
		closeStore(t, s)

		p.bring(t, export.Bytes(), storage.ImportOptions{Replace: true})
		s = p.store(t)
		defer closeStore(t, s)
		whole(t, s, c)
	})
}

// busy does one thing after the other until it is stopped. given is closed once there is something to export.
func busy(t *testing.T, s *storage.Store, c *clock, given, stop chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		if i == 300 {
			close(given)
		}
		k := kudos(c, fmt.Sprint("k", i))
		send := bot.Send{SID: "dm/" + k.ID, Kind: bot.KindKudosDM, Members: []string{"UBEN"}, Due: c.Now()}
		_, err := s.AddKudos(t.Context(), "", k, bot.KudosQuota{Day: quota.Day, Limit: 1 << 30}, bot.Intents{send})
		if err == nil {
			_, err = s.AddCommitment(t.Context(), "", commitment(c), nil, nil)
		}
		if err == nil && i%2 == 0 {
			var claim bot.Claim
			if claim, err = s.Claim(t.Context(), c.Now(), send, "w", time.Minute, nil); err == nil && claim.Held && i%4 == 0 {
				_, err = s.Settle(t.Context(), c.Now(), claim.Send, "w", bot.Outcome{State: bot.StateSent}, nil)
			}
		}
		if err != nil {
			t.Error(err)
			return
		}
	}
}

// whole checks that lists, objects and queues of a store fit each other.
func whole(t *testing.T, s *storage.Store, c *clock) {
	t.Helper()
	given, _, err := s.MemberKudos(t.Context(), "UANA", -1)
	must(t, err)
	_, got, err := s.MemberKudos(t.Context(), "UBEN", -1)
	must(t, err)
	owned, err := s.OwnedCommitments(t.Context(), "UANA", time.Time{})
	must(t, err)
	owed, err := s.OwedCommitments(t.Context(), "UBEN", time.Time{})
	must(t, err)
	if len(given) < 300 || len(given) != len(got) || len(owned) < 299 || len(owned) != len(owed) {
		t.Errorf("%d given, %d received, %d owned, %d owed", len(given), len(got), len(owned), len(owed))
	}
	held := storage.EverythingStored(t, s)
	backlog, err := s.Backlog(t.Context(), []bot.Kind{bot.KindKudosDM})
	must(t, err)
	queued := backlog.Waiting[bot.KindKudosDM] + backlog.Inflight + backlog.Dead
	records := 0
	for _, text := range held {
		if strings.Contains(text, "}:send:") {
			records++
		}
	}
	if records != queued {
		t.Errorf("%d records and %d of them in a queue", records, queued)
	}
	year := storage.Retention{Kudos: 24 * time.Hour}
	c.pass(48 * time.Hour)
	gone, err := s.Forget(t.Context(), c.Now(), year)
	must(t, err)
	if gone.Kudos < len(given) {
		t.Errorf("%d kudos forgotten of %d: some are in no list", gone.Kudos, len(given))
	}
	for _, key := range storage.KeysLeft(t, s) {
		if strings.HasPrefix(key, "kudos:") && key != "kudos:quota" {
			t.Errorf("%q is left", key)
		}
	}
}

func TestLargeKeysAreExportedInParts(t *testing.T) {
	everyPlace(t, func(t *testing.T, p place, c *clock) {
		s := p.store(t)
		var all []bot.Member
		for i := range 30_000 {
			all = append(all, bot.Member{ID: fmt.Sprintf("U%05d", i), Name: strings.Repeat("x", 50)})
		}
		must(t, s.SaveMembers(t.Context(), all...))
		odd := bot.Channel{ID: "C\xff\x00", Name: "no UTF-8 in the id"}
		must(t, s.SaveChannel(t.Context(), "", odd, nil))
		closeStore(t, s)
		export := p.export(t)
		parts, longest := map[string]bool{}, 0
		for line := range bytes.Lines(export) {
			longest = max(longest, len(line))
			if i := bytes.Index(line, []byte(`"part":`)); i > 0 {
				parts[string(line[:i])] = true
			}
		}
		if len(parts) == 0 || longest > 200_000 {
			t.Errorf("keys in parts: %v; the longest line has %d bytes", slices.Collect(maps.Keys(parts)), longest)
		}
		c.pass(time.Minute)
		p.bring(t, export, storage.ImportOptions{Replace: true})
		s = p.store(t)
		defer closeStore(t, s)
		members, err := s.AllMembers(t.Context())
		must(t, err)
		channels, err := s.Channels(t.Context())
		must(t, err)
		if len(members) != 30_000 || len(channels) != 1 {
			t.Errorf("%d members and %d channels", len(members), len(channels))
		}
	})
}

func FuzzImport(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"rapport_export":1,"schema":1,"team":"T1","at":"2026-04-02T09:00:00Z","version":""}` + "\n"} {
		f.Add([]byte(seed))
	}
	f.Add(signed(`{"rapport_export":1,"schema":1,"team":"T1","at":"2026-04-02T09:00:00Z","version":""}`, `{"key":"a","type":"string","value":["x"]}`))
	f.Fuzz(func(t *testing.T, export []byte) {
		_ = storage.CheckExport(io.NewSectionReader(bytes.NewReader(export), 0, int64(len(export)))) // says what is wrong, without panicking
	})
}
