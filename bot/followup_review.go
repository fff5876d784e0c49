package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Review is a member's week of promises at a glance. It comes as a part of one day's bundle, for who asked for it, and is never a message of its own.
type Review struct {
	Owe  []Commitment // open and proposed ones, without those that the bundle brings up by itself
	Owed []Commitment // what others owe the reader, as far as they may see it
}

// ReviewDays are the weekdays on which a review can come.
func ReviewDays() []time.Weekday { return []time.Weekday{time.Monday, time.Friday} }

// weekOf is the Monday of a date's week.
func weekOf(d Date) Date { return d.AddDays(-(int(d.Weekday()) + 6) % 7) }

// reviewDay is the day of a week, which begins at a Monday, on which a review comes: where the member does not work on a Monday, their next working
// day, where they do not work on a Friday, their last one before, and never in another week. A pause does not move it: what should have come in a pause comes with the first bundle after it,
// if that is still in the week.
func reviewDay(week Date, weekday time.Weekday, h Hours) (day Date, ok bool) {
	day, step, tries := week, 1, 7
	if weekday == time.Friday {
		day, step, tries = week.AddDays(4), -1, 5
	}
	for range tries {
		if h.Workday(day) {
			return day, true
		}
		day = day.AddDays(step)
	}
	return Date{}, false
}

// reviewHorizon is in how many weeks a member who is free for long is looked for a day.
const reviewHorizon = 8

// nextReview is the first day from now on whose bundle can still be a review.
func nextReview(now time.Time, weekday time.Weekday, h Hours) (Date, bool) {
	first := firstBundle(now, h)
	for n := range reviewHorizon {
		if day, ok := reviewDay(weekOf(first).AddDays(7*n), weekday, h); ok && !day.Before(first) {
			return day, true
		}
	}
	return Date{}, false
}

// reviewEntry lets a member's bundle of each week's review day be planned. It runs before any week begins anywhere on earth, so that it says nothing of where
// the member is; and people's runs are spread over that day.
func reviewEntry(p Preferences) Entry {
	minute := seedOf(reviewEntryName+p.Member) % (24 * 60)
	return Entry{
		Name: reviewEntryName + p.Member, Zone: time.UTC.String(), Off: p.Review == 0, Grace: 6 * 24 * time.Hour,
		Spec: fmt.Sprintf("%d %d * * %d", minute%60, minute/60, time.Saturday),
	}
}

// reviewEntryName begins the name of the entry; the member's id follows.
const reviewEntryName = "review/"

// reviewIntents are the next review's bundle, for who asked for one. Its day may be another than was planned before, as when they set other hours.
func reviewIntents(now time.Time, p Preferences, h Hours) Intents {
	if p.Review == 0 {
		return nil
	}
	day, ok := nextReview(now, p.Review, h)
	if !ok {
		return nil
	}
	return Intents{bundleSend(p.Member, day)}
}

// PlanReview makes sure that there is a bundle on the review day of the week that begins after a run of the member's entry. It can be called again
// without any further effect.
func (h *Host) PlanReview(ctx context.Context, member string, at time.Time) error {
	scene, err := h.Scenes.Scene(ctx, "", member)
	if err != nil {
		return fmt.Errorf("plan review of %q: %w", member, err)
	}
	p := scene.Preferences[member]
	if p.Review == 0 {
		return nil
	}
	hours := scene.Hours(member, h.Settings.Current().Zone)
	day, ok := reviewDay(weekOf(hours.Today(at).AddDays(3)), p.Review, hours) // it is Friday, Saturday or Sunday there
	if !ok {
		return nil
	}
	err = h.Preferences.SavePreferences(ctx, Token(fmt.Sprintf("plan review/%s/%d", member, at.Unix())), p, nil, Intents{bundleSend(member, day)})
	if err != nil && !errors.Is(err, ErrRepeated) {
		return fmt.Errorf("plan review of %q: %w", member, err)
	}
	return nil
}

// reviewOn is what a day's bundle says as its owner's weekly review, beside the items that come up by themselves; nil if it is none, or there is nothing
// to say.
func (p *Promises) reviewOn(ctx context.Context, now time.Time, owner string, day Date, scene Scene, items []BundleItem) (*Review, error) {
	due, err := p.reviewDue(ctx, owner, day, scene)
	if err != nil || !due {
		return nil, err
	}
	review, err := p.Review(ctx, now, owner, scene)
	if err != nil {
		return nil, err
	}
	review.Owe = slices.DeleteFunc(review.Owe, func(c Commitment) bool {
		return slices.ContainsFunc(items, func(item BundleItem) bool { return item.Commitment.ID == c.ID })
	})
	if len(items)+len(review.Owe)+len(review.Owed) == 0 {
		return nil, nil
	}
	return &review, nil
}

// reviewDue reports whether a day's bundle is its owner's review: it is the week's day for it, or the one whose bundle was to be it became part of a
// later one.
func (p *Promises) reviewDue(ctx context.Context, owner string, day Date, scene Scene) (bool, error) {
	weekday := scene.Preferences[owner].Review
	if weekday == 0 {
		return false, nil
	}
	planned, ok := reviewDay(weekOf(day), weekday, scene.Hours(owner, p.zone()))
	if !ok || day.Before(planned) {
		return false, nil
	}
	if planned == day {
		return true, nil
	}
	switch _, err := p.Sent.SendBySID(ctx, BundleSID(owner, planned)); {
	case errors.Is(err, ErrNotFound): // it was not asked for then
		return false, nil
	case err != nil:
		return false, err
	}
	return p.unsaid(ctx, map[string]Send{}, owner, planned, day)
}

// Review is everything that a review can say, at any time.
func (p *Promises) Review(ctx context.Context, now time.Time, member string, known Scene) (Review, error) {
	owe, owed, err := p.List(ctx, now, member, known)
	return Review{Owe: current(owe), Owed: current(owed)}, err
}

// Resting reports whether an open commitment comes up by itself no more, until its owner does something about it.
func Resting(c Commitment, h Hours, now time.Time) bool {
	if c.State != Open || c.SnoozedTill.After(now) {
		return false
	}
	today := firstBundle(now, h)
	return !slices.ContainsFunc(Ladder(c, h), func(rung Rung) bool { return !rung.Day.Before(today) })
}
