package bot

import (
	"context"
	"slices"
	"strings"
	"time"
)

// FollowupPlanLate is what is wrong with a plan for a day after the date that it is for.
const FollowupPlanLate FaultCode = "followup_plan_late"

const (
	planCue    = 150           // characters
	planOffers = 4             // days to choose from
	planLeast  = 2 * time.Hour // what is due sooner needs no plan
)

// Planned is when a commitment's owner still means to do it, seen on a day of theirs: without a day that is over, or that lies after a date ahead. It is the
// zero value where there is no plan, as for the next time of one that repeats.
func (c Commitment) Planned(today Date, zone *time.Location) Plan {
	if c.Plan == nil || c.State != Open || c.Plan.Occasion != c.Occasion {
		return Plan{}
	}
	plan := *c.Plan
	if plan.Day.Before(today) || planLate(c, plan.Day, today, zone) {
		plan.Day = Date{}
	}
	return plan
}

// planLate reports whether a plan's day lies after the date that it is for. A date that is over itself holds nobody up.
func planLate(c Commitment, day, today Date, zone *time.Location) bool {
	if c.Due == nil || day.IsZero() {
		return false
	}
	due := DateIn(*c.Due, zone)
	return !due.Before(today) && due.Before(day)
}

// SetPlan notes when an owner means to do what they promised; the zero value takes their plan away. A day of it is today or later, not after a date that is
// ahead, and not more than ten years away; a cue has at most 150 characters. It is an act: reminders count from it, and a snooze beyond the day ends.
// Other days are [FollowupImpossible], [FollowupPast], [FollowupTooFar] and [FollowupPlanLate], a longer cue is [FaultInvalid].
func (p *Promises) SetPlan(ctx context.Context, now time.Time, a Act, plan Plan) (Commitment, error) {
	plan.Cue = strings.Join(strings.Fields(plan.Cue), " ")
	c, scene, err := p.owned(ctx, a)
	if err != nil {
		return Commitment{}, err
	}
	if plan.Occasion = c.Occasion; c.State == Open && samePlan(c.Plan, plan) {
		return c, nil
	}
	a.Read = FollowupRead{Scene: scene, Commitment: c}
	a.Token = a.once(c)
	return p.act(ctx, now, a, func(c *Commitment, h Hours) (Intents, error) {
		if fault := checkPlan(*c, plan, h.Today(now), h); fault != nil {
			return nil, fault
		}
		if c.Plan = nil; plan.Day != (Date{}) || plan.Cue != "" {
			c.Plan = &plan
		}
		if !plan.Day.IsZero() && plan.Day.Before(h.Today(c.SnoozedTill)) {
			c.SnoozedTill = time.Time{}
			c.Revision++
		}
		return nil, nil
	})
}

func checkPlan(c Commitment, plan Plan, today Date, h Hours) *Fault {
	switch {
	case CountText(plan.Cue) > planCue:
		return &Fault{Code: FaultInvalid}
	case plan.Day.IsZero():
		return nil
	case !plan.Day.Valid():
		return &Fault{Code: FollowupImpossible}
	case plan.Day.Before(today):
		return &Fault{Code: FollowupPast}
	case today.AddDays(farthestDays).Before(plan.Day):
		return &Fault{Code: FollowupTooFar}
	case planLate(c, plan.Day, today, h.Zone):
		return &Fault{Code: FollowupPlanLate}
	}
	return nil
}

// samePlan reports whether a plan is what stands already.
func samePlan(stands *Plan, plan Plan) bool {
	if stands == nil {
		return plan.Day.IsZero() && plan.Cue == ""
	}
	return *stands == plan
}

// PlanDays are up to four days that make sense as an answer to "when will you do it?", in order: today, while enough of it is left, the next working day, the
// one before the date, and the day itself. There are none for what is not open, repeats, has a plan, is due within two hours or overdue.
func PlanDays(now time.Time, c Commitment, h Hours) []Date {
	today := h.Today(now)
	switch {
	case c.State != Open || c.Every != nil || c.Planned(today, h.Zone) != (Plan{}):
		return nil
	case c.Due != nil && Deadline(c, h).Sub(now) < planLeast:
		return nil
	}
	next := h.Workdays(today, 1)
	days := []Date{today, next}
	if c.Due == nil {
		days = append(days, h.Workdays(next, 1), h.NextWorkday(today.AddDays(undatedDays)))
	} else {
		due := dueDay(c, h)
		days = append(days, h.Workdays(due, -1), due)
		days = slices.DeleteFunc(days, func(d Date) bool { return d.Before(today) || due.Before(d) })
	}
	if _, end := h.window(today); end.Sub(now) < planLeast || today.Before(h.PausedTill) {
		days = slices.DeleteFunc(days, func(d Date) bool { return d == today })
	}
	slices.SortFunc(days, func(a, b Date) int { return b.DaysUntil(a) })
	days = slices.Compact(days)
	return days[:min(planOffers, len(days))]
}
