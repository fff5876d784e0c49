package storage

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage/redistest"
)

// oldStores opens several stores on one server that holds what schema 1 held: somebody forgotten, and a round with an answer. They have not looked at the schema yet.
func oldStores(t *testing.T, now func() time.Time, count int) []*Store {
	t.Helper()
	url := redistest.Start(t, redistest.Options{}).URL()
	stores := make([]*Store, count)
	for i := range stores {
		v, err := Connect(t.Context(), Options{URL: url, Now: now})
		check(t, err)
		t.Cleanup(func() { check(t, v.Close()) })
		stores[i], err = v.unchecked("T1")
		check(t, err)
	}
	s := stores[0]
	check(t, s.rdb.HSet(t.Context(), s.keys.meta(), schemaField, 1).Err())
	check(t, s.rdb.Do(t.Context(), "ZADD", s.keys.gone(), "inf", "UOLD", "1", "UDAN").Err())
	check(t, s.rdb.HSet(t.Context(), s.keys.round("1", 1), planField, `1 {"id":"1/1","program":"1","number":1,"groups":["g"]}`, changesField, 2,
		groupField("g"), `2 {"key":"g","members":["UANA","UBEN"],"met":{"UANA":"met","UBEN":"later"}}`).Err())
	return stores
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnOlderStoreIsMigratedOnce(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	stores := oldStores(t, func() time.Time { return now }, 5)
	var group sync.WaitGroup
	for _, s := range stores {
		group.Go(func() {
			if err := s.checkSchema(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	s := stores[0]
	list, err := s.Erasures(t.Context())
	check(t, err)
	if len(list) != 1 || list[0] != (Erasure{"UOLD", now}) {
		t.Errorf("forgotten are %+v", list)
	}
	r, err := s.Round(t.Context(), "1/1")
	check(t, err)
	if r.Met != 1 || r.Answered != 2 || len(r.Groups) != 1 {
		t.Errorf("the round is %+v", r)
	}
	meta, err := s.rdb.HGetAll(t.Context(), s.keys.meta()).Result()
	check(t, err)
	if len(meta) != 1 || meta[schemaField] != "2" {
		t.Errorf("meta is %v, want the schema alone", meta)
	}
}

func TestAMigrationThatBrokeOffIsTakenUp(t *testing.T) {
	var mu sync.Mutex
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	now := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return at
	}
	stores := oldStores(t, now, 2)
	_, mine, err := stores[0].migrateClaim(t.Context(), 0)
	check(t, err)
	if !mine {
		t.Fatal("the first does not get the work")
	}
	// Its process has ended. The other waits as long as it may be at work, and no longer.
	waiting, cancel := context.WithTimeout(t.Context(), 5*migrateLook/2) // in the middle between two looks
	defer cancel()
	if err := stores[1].checkSchema(waiting); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v, want that of the deadline", err)
	}
	mu.Lock()
	at = at.Add(migrateLease)
	mu.Unlock()
	check(t, stores[1].checkSchema(t.Context()))
	reached, mine, err := stores[0].migrateClaim(t.Context(), 0)
	if err != nil || reached != schema || mine {
		t.Errorf("the first is at %d, has the work: %v, %v", reached, mine, err)
	}
}

func TestANewerOrUnreadableStoreIsRefused(t *testing.T) {
	for version, want := range map[string]string{"3": "newer version of Rapport", "x": "no number", "0": "no number"} {
		s := oldStores(t, time.Now, 1)[0]
		check(t, s.rdb.HSet(t.Context(), s.keys.meta(), schemaField, version).Err())
		if err := s.checkSchema(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("schema %q: error is %v, want one with %q", version, err, want)
		}
		if err := s.mustBeCurrent(t.Context()); err == nil {
			t.Errorf("schema %q: a tool may work with it", version)
		}
	}
}

func TestAToolDoesNotMigrate(t *testing.T) {
	s := oldStores(t, time.Now, 1)[0]
	if err := s.mustBeCurrent(t.Context()); err == nil || !strings.Contains(err.Error(), "start the bot") {
		t.Errorf("error is %v", err)
	}
	state, err := s.readState(t.Context())
	if err != nil || state.schema != 1 {
		t.Errorf("schema is %d, %v", state.schema, err)
	}
}

func TestEveryMigrationHasItsStep(t *testing.T) {
	for at := 1; at < schema; at++ {
		if migrations[at] == nil {
			t.Errorf("there is no step from schema %d", at)
		}
	}
	var _ bot.RoundStore = (*Store)(nil)
}
