package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"rapport/bot"
	"rapport/prompts"
	"rapport/scheduler"
)

// digestDesk keeps one channel's digest, and fires its entry as the scheduler does.
type digestDesk struct {
	bot.KudosStore // nobody thanks anybody here
	bot.SentLister

	digest  bot.Digest
	entry   bot.Entry
	changed time.Time // the entry
	claimed string    // the latest run
	now     time.Time
}

func (d *digestDesk) Digest(context.Context, string) (bot.Digest, error) {
	if d.digest.Version == 0 {
		return bot.Digest{}, bot.ErrNotFound
	}
	return d.digest, nil
}

func (d *digestDesk) SaveDigest(_ context.Context, _ bot.Token, digest bot.Digest, entries []bot.Entry, _ bot.Intents) error {
	if digest.Version != d.digest.Version {
		return bot.ErrConflict
	}
	digest.Version++
	if d.digest = digest; entries[0] != d.entry {
		d.entry, d.changed = entries[0], d.now
	}
	return nil
}

func (d *digestDesk) ChannelKudos(context.Context, string, time.Time, time.Time) ([]bot.Kudos, error) {
	return nil, nil
}

func (d *digestDesk) SendsBySID(context.Context, ...string) (map[string]bot.Send, error) {
	return nil, nil
}

func (d *digestDesk) Scene(context.Context, string, ...string) (bot.Scene, error) {
	return bot.Scene{Channel: bot.Channel{ID: "C1", Inside: true}, Members: map[string]bot.Member{"U1": {ID: "U1", Zone: "Europe/Berlin"}}}, nil
}

// due is the latest run that has come and was not claimed yet: of several that were missed only that one counts.
func (d *digestDesk) due(last time.Time) (bot.Entry, scheduler.Run, error) {
	var latest scheduler.Run
	after := last
	if d.changed.After(after) {
		after = d.changed
	}
	for !d.entry.Off {
		run, err := scheduler.Next(d.entry, after)
		if err != nil || run.At.IsZero() || run.At.After(d.now) {
			return d.entry, latest, err
		}
		after = run.At
		if run.At.After(d.now.Add(-d.entry.Grace)) && run.Civil > d.claimed {
			latest = run
		}
	}
	return d.entry, latest, nil
}

// Whatever day, time and zone a channel chooses, however often, and however long nobody is there: each window begins where the one before it ended, and
// the next digest comes on the day that people were told.
func TestWindowsOfADigestMeet(t *testing.T) {
	library, err := prompts.Standard()
	if err != nil {
		t.Fatal(err)
	}
	zones := []string{"Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Honolulu", "Asia/Kathmandu", "UTC"}
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 7))
		desk := &digestDesk{now: time.Date(2026, 2, 20, rng.IntN(24), rng.IntN(60), 0, 0, time.UTC)}
		use := &bot.Recognition{Store: desk, Digests: desk, Sent: desk, Scenes: desk, Settings: &bot.Settings{}, Prompts: library}
		if _, err := use.SetDigest(t.Context(), desk.now, "on", bot.Digest{Channel: "C1", By: "U1", Weekday: bot.DigestWeekday, Minute: bot.DigestMinute}); err != nil {
			t.Fatal(err)
		}
		begin, windows, looked := desk.digest.Since, 0, desk.now
		promised := desk.digest.Next(desk.now)
		for desk.now.Before(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)) {
			step := time.Duration(rng.IntN(36*60)) * time.Minute
			away := rng.IntN(30) == 0
			if away {
				step = time.Duration(rng.IntN(20*24)) * time.Hour
			}
			desk.now = desk.now.Add(step)
			_, run, err := desk.due(looked)
			if err != nil {
				t.Fatal(err)
			}
			if looked = desk.now; !run.At.IsZero() {
				before := desk.digest
				desk.claimed = run.Civil
				if err := planDigest(t, use, desk.now, run.At); err != nil {
					t.Fatal(err)
				}
				zone, err := time.LoadLocation(before.Zone)
				if err != nil {
					t.Fatal(err)
				}
				if told, came := promised.In(zone).Format(time.DateOnly), run.At.In(zone).Format(time.DateOnly); told != came && !away {
					t.Fatalf("seed %d: told %s, came %s (%s)", seed, told, came, before.Zone)
				}
				if since := desk.digest.Since; !since.Equal(run.At) || !since.After(before.Since) {
					t.Fatalf("seed %d: after the run of %s the next window begins %s, before %s", seed, run.At, since, before.Since)
				}
				windows++
				promised = desk.digest.Next(desk.now)
			} else if away { // what was missed by more than three days does not come
				promised = desk.digest.Next(desk.now)
			}
			if rng.IntN(8) == 0 {
				wish := desk.digest
				wish.By = "U1"
				switch rng.IntN(3) {
				case 0:
					wish.Weekday = time.Weekday(rng.IntN(7))
				case 1:
					wish.Minute = rng.IntN(24 * 60)
				default:
					wish.Zone = zones[rng.IntN(len(zones))]
				}
				since := desk.digest.Since
				if _, err := use.ChangeDigest(t.Context(), desk.now, bot.Token(fmt.Sprint(desk.now)), wish); err != nil {
					t.Fatal(err)
				}
				if !desk.digest.Since.Equal(since) {
					t.Fatalf("seed %d: a change of settings moves the window from %s to %s", seed, since, desk.digest.Since)
				}
				promised = desk.digest.Next(desk.now)
			}
		}
		if windows < 10 || !desk.digest.Since.After(begin) {
			t.Errorf("seed %d: only %d windows", seed, windows)
		}
	}
}

// planDigest plans a run, again after the seconds that it may want to wait.
func planDigest(t *testing.T, use *bot.Recognition, now, end time.Time) error {
	t.Helper()
	err := use.PlanDigest(t.Context(), now, "C1", end)
	if later, ok := errors.AsType[*bot.PostponedError](err); ok {
		return use.PlanDigest(t.Context(), later.Until, "C1", end)
	}
	return err
}
