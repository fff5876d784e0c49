package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/bot/when"
)

// Bundle is the content of a member's reminders of one day: everything in one message.
type Bundle struct {
	Reader Member
	Hours  Hours
	Day    Date
	Items  []BundleItem
	People map[string]Member // whom the items name
	Review *Review           // the rest of the week's promises, on the day for which the reader asked for that; else nil
}

// BundleItem is one commitment that comes up.
type BundleItem struct {
	Commitment Commitment
	Why        Why
	Last       bool // it does not come up again by itself: its owner is asked whether to keep, move or release it
}

// TimedReminder is the content of the message shortly before a commitment's time.
type TimedReminder struct {
	Reader     Member
	Hours      Hours
	Commitment Commitment
	Why        Why // [WhyDue], or [WhySnoozed] at the time for which the owner asked
	People     map[string]Member
}

// Compose turns a send about commitments into content.
func (p *Promises) Compose(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	switch s.Kind {
	case KindReminders:
		return p.composeBundle(ctx, now, s)
	case KindTimed:
		return p.composeTimed(ctx, now, s)
	}
	return p.composeAddressed(ctx, now, s)
}

func (p *Promises) composeBundle(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	owner, text, _ := strings.Cut(s.Ref, " ")
	day, err := when.ParseDate(text)
	if err != nil {
		return nil, Decision{}, fmt.Errorf("compose %q: %w", s.SID, err)
	}
	scene, err := p.Scenes.Scene(ctx, "", owner)
	if err != nil {
		return nil, Decision{}, err
	}
	if d, err := p.bundleDecision(ctx, owner, day, scene, now); err != nil || d.Verdict != Go {
		return nil, d, err
	}
	owned, err := p.Store.OwnedCommitments(ctx, owner, now)
	if err != nil {
		return nil, Decision{}, err
	}
	h := scene.Hours(owner, p.zone())
	items, err := p.bundleItems(ctx, owned, day, h)
	if err != nil {
		return nil, Decision{}, err
	}
	review, err := p.reviewOn(ctx, now, owner, day, scene, items)
	if err != nil {
		return nil, Decision{}, err
	}
	later := laterBundles(owner, owned, day, h)
	if len(items) == 0 && review == nil {
		return nil, Decision{Verdict: Drop, Reason: ReasonNothing, Then: later}, nil
	}
	people, err := p.named(ctx, commitmentsOf(items)...)
	if err != nil {
		return nil, Decision{}, err
	}
	return Bundle{Reader: scene.Members[owner], Hours: h, Day: day, Items: items, People: people, Review: review}, Decision{Then: later}, nil
}

// laterBundles are the bundles of the days after this one on which something comes up. Most are planned since its owner's last act; those are not that it comes up on
// because the owner's zone, hours or holidays are others now.
func laterBundles(owner string, owned []Commitment, day Date, h Hours) Intents {
	planned := map[Date]bool{}
	var sends Intents
	for _, c := range owned {
		for _, rung := range Ladder(c, h) {
			if day.Before(rung.Day) && !planned[rung.Day] {
				planned[rung.Day] = true
				sends = append(sends, bundleSend(owner, rung.Day))
			}
		}
	}
	return sends
}

// bundleDecision decides whether a day's bundle can go now. One that cannot go on its own day becomes part of the bundle of the day on which it
// can, so that after a pause or an outage one message comes and not several.
func (p *Promises) bundleDecision(ctx context.Context, owner string, day Date, scene Scene, now time.Time) (Decision, error) {
	h := scene.Hours(owner, p.zone())
	if morning := h.At(day, remindMinute); now.Before(morning) {
		return Decision{Verdict: Wait, Reason: ReasonQuietHours, Until: morning}, nil
	}
	if m := scene.Members[owner]; m.Deleted && !m.Bot && !m.Stranger {
		// Who left may be back, as after a slip of an admin's: then they hear what they missed, as after a pause. Else it expires.
		return Decision{Verdict: Wait, Reason: ReasonUnreachable, Until: h.At(h.Today(now).AddDays(1), remindMinute)}, nil
	}
	d := reachable(scene.Members[owner], scene.Preferences[owner], KindReminders, h, now)
	if d.Verdict == Drop {
		return d, nil
	}
	opens := now
	if d.Verdict == Wait {
		opens = d.Until
	}
	target := h.Today(opens)
	if target == day {
		return d, nil
	}
	target, err := p.openBundle(ctx, owner, target, h)
	return Decision{Verdict: Drop, Reason: ReasonMerged, Then: Intents{bundleSend(owner, target)}}, err
}

// openBundle is the first working day from target on whose bundle was not made yet.
func (p *Promises) openBundle(ctx context.Context, owner string, target Date, h Hours) (Date, error) {
	for range bundleMemory {
		s, err := p.Sent.SendBySID(ctx, BundleSID(owner, target))
		if errors.Is(err, ErrNotFound) || err == nil && waits(s) {
			return target, nil
		}
		if err != nil {
			return Date{}, err
		}
		target = h.Workdays(target, 1)
	}
	return target, nil
}

// waits reports whether a send is still to be decided on.
func waits(s Send) bool { return s.State == StatePending || s.State == StateClaimed }

// bundleMemory is for how many days what should have been said is still said later, as after a pause. The ledger remembers eight weeks.
const bundleMemory = 50

// bundleItems chooses what comes up on a day: what the ladders say for it, and what earlier bundles should have said but did not.
func (p *Promises) bundleItems(ctx context.Context, owned []Commitment, day Date, h Hours) ([]BundleItem, error) {
	var items []BundleItem
	earlier := map[string]Send{}
	for _, c := range owned {
		var latest Rung
		for _, rung := range Ladder(c, h) {
			if !day.Before(rung.Day) {
				latest = rung
			}
		}
		if latest.Day.IsZero() {
			continue
		}
		if latest.Day.Before(day) {
			unsaid, err := p.unsaid(ctx, earlier, c.Owner, latest.Day, day)
			if err != nil {
				return nil, err
			}
			if !unsaid {
				continue
			}
			latest.Why = whyNow(c, latest.Why, day, h)
		}
		items = append(items, BundleItem{Commitment: c, Why: latest.Why, Last: latest.Last})
	}
	slices.SortStableFunc(items, func(a, b BundleItem) int {
		return cmp.Or(slices.Index(whyOrder, a.Why)-slices.Index(whyOrder, b.Why), byDue(a.Commitment, b.Commitment))
	})
	return items, nil
}

// whyOrder is in which order items stand in a bundle: what is for today first.
var whyOrder = []Why{WhyDue, WhyOverdue, WhyPlanned, WhySnoozed, WhyAhead, WhyUndated}

// unsaid reports whether nobody told the owner what a bundle of an earlier day was for: it became part of a later one, still waits although its
// day is over, came too late, or was never planned because the owner's days were others then; and no bundle went out since, which would have
// told it. known remembers what was looked up.
func (p *Promises) unsaid(ctx context.Context, known map[string]Send, owner string, planned, day Date) (bool, error) {
	if planned.AddDays(bundleMemory).Before(day) {
		return false, nil
	}
	for d := planned; d.Before(day); d = d.AddDays(1) {
		sid := BundleSID(owner, d)
		s, ok := known[sid]
		if !ok {
			var err error
			if s, err = p.Sent.SendBySID(ctx, sid); err != nil && !errors.Is(err, ErrNotFound) {
				return false, err
			}
			known[sid] = s
		}
		switch {
		case s.State == "", waits(s), s.State == StateExpired, s.State == StateDropped && s.Reason == ReasonMerged:
		case d == planned, s.State != StateDropped:
			return false, nil
		}
	}
	return true, nil
}

// whyNow is the reason on a later day than was planned.
func whyNow(c Commitment, planned Why, day Date, h Hours) Why {
	if c.Due == nil {
		return planned
	}
	switch due := dueDay(c, h); {
	case due.Before(day):
		return WhyOverdue
	case due == day:
		return WhyDue
	}
	return planned
}

func commitmentsOf(items []BundleItem) []Commitment {
	list := make([]Commitment, len(items))
	for i, item := range items {
		list[i] = item.Commitment
	}
	return list
}

// named reads the members whom commitments name.
func (p *Promises) named(ctx context.Context, list ...Commitment) (map[string]Member, error) {
	var ids []string
	for _, c := range list {
		ids = append(ids, c.Owner, c.By)
		for _, cp := range c.Counterparties {
			if cp.Member != "" {
				ids = append(ids, cp.Member)
			}
		}
	}
	scene, err := p.Scenes.Scene(ctx, "", unique(ids)...)
	return scene.Members, err
}

func (p *Promises) composeTimed(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	c, rest, err := p.referred(ctx, s)
	if wait, sealed := unreadable(err, now); sealed {
		return nil, wait, nil
	}
	if err != nil {
		return nil, Decision{}, err
	}
	revision, what, _ := strings.Cut(rest, " ")
	why := WhyDue
	if what == sendSnoozed {
		why = WhySnoozed
	}
	if c.State != Open || fmt.Sprint(c.Revision) != revision || why == WhyDue && (c.Due == nil || !now.Before(s.NotAfter)) {
		return nil, Decision{Verdict: Drop, Reason: ReasonUndone}, nil
	}
	scene, h, d, err := p.audience(ctx, now, s, c.Owner)
	if err != nil || d.Verdict == Drop {
		return nil, d, err
	}
	if d.Verdict == Wait && why == WhyDue && !d.Until.Before(s.NotAfter) {
		return nil, Decision{Verdict: Drop, Reason: d.Reason}, nil
	}
	people, err := p.named(ctx, c)
	return TimedReminder{Reader: scene.Members[c.Owner], Hours: h, Commitment: c, Why: why, People: people}, d, err
}

// referred reads the commitment whose number a send's ref begins with, and the rest of the ref.
func (p *Promises) referred(ctx context.Context, s Send) (Commitment, string, error) {
	number, rest, _ := strings.Cut(s.Ref, " ")
	id, err := strconv.Atoi(number)
	if err != nil {
		return Commitment{}, "", fmt.Errorf("compose %q: %w", s.SID, err)
	}
	c, err := p.Store.Commitment(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return Commitment{}, rest, nil // its state is none that a message tells of
	}
	return c, rest, err
}

// audience reads the people of a message, the first of whom it is for, and decides whether it reaches that one now.
func (p *Promises) audience(ctx context.Context, now time.Time, s Send, people ...string) (Scene, Hours, Decision, error) {
	scene, err := p.Scenes.Scene(ctx, "", unique(people)...)
	if err != nil {
		return Scene{}, Hours{}, Decision{}, err
	}
	h := scene.Hours(people[0], p.zone())
	return scene, h, reachable(scene.Members[people[0]], scene.Preferences[people[0]], s.Kind, h, now), nil
}
