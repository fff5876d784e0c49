package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Helper gives quiet help with thanking, by direct message, to who asked for it. Something that happened makes a plan; the plan notes it for a day of that person's, and
// the message says what is then still so. What does not come on its days expires: nothing piles up. All fields are required.
type Helper struct {
	Preferences PreferenceStore
	Scenes      SceneReader
	Kudos       KudosStore
	Coffee      *Coffee
	Promises    *Promises
	Sent        SentLister
	Settings    *Settings
}

// HelpDay is what quiet help was meant to say on one of a member's days.
type HelpDay struct {
	Day       Date     `json:"day"`
	Occasions []string `json:"occasions"`      // what happened, as the plans' names have it; each comes up once
	Used      bool     `json:"used,omitempty"` // they pressed one of its buttons that thank
}

const (
	helpPrefix = "help/" // of a message's sid; a member and a day follow
	helpLimit  = "limit" // the second word of the ref of a message that is a [ReactionLimit]; the limit follows

	helpMinute   = 10 * 60 // of the member's day
	helpDays     = 3       // working days on which it may still come
	helpWeekly   = 3       // messages in a week; one less for who has a practice each week
	helpRemember = 60      // days for which it is known what has come up
	helpUnused   = 3       // messages in a row without a tap, after which there are fewer
	helpReach    = 90 * 24 * time.Hour
	// digestAhead is how long before its digest a channel's occasion is still of use.
	digestAhead = 23 * time.Hour
)

// helpGaps are how many days lie between two messages at least, by how often they were too many.
var helpGaps = []int{0, 7, 14, 28}

// HelpKinds are all kinds of quiet help, in the order in which they are offered.
func HelpKinds() []Help { return []Help{HelpCoffee, HelpPromise, HelpDigest} }

// AskHelp sets which quiet help somebody wants. Whoever changes that begins anew: it comes as often as it does at first.
func (p *Preferences) AskHelp(kinds []Help) {
	kinds = slices.DeleteFunc(HelpKinds(), func(h Help) bool { return !slices.Contains(kinds, h) })
	if slices.Equal(kinds, p.Help) {
		return
	}
	p.Help, p.HelpLess, p.Helped = kinds, 0, slices.Clone(p.Helped)
	for i := range p.Helped {
		p.Helped[i].Used = true
	}
}

// helpSID is the sid of a member's quiet help on one of their days.
func helpSID(member string, day Date) string { return helpPrefix + member + "/" + day.String() }

// helpPlan looks after something that somebody may want to thank for.
func helpPlan(now time.Time, member, occasion string) Send {
	return planSend(now, "help/"+member+"/"+occasion, "plan")
}

// coffeeHelp is for who says that they met.
func coffeeHelp(now time.Time, a RoundAct) Intents {
	return Intents{helpPlan(now, a.Member, fmt.Sprintf("%s/%s/%s", HelpCoffee, a.Round, a.Group))}
}

// promiseHelp is for those to whom a promise was kept that they know of. c is the commitment as it was when it was kept.
func promiseHelp(now time.Time, c Commitment) Intents {
	var sends Intents
	for _, member := range c.colleagues() {
		sends = append(sends, helpPlan(now, member, fmt.Sprintf("%s/%d/%d", HelpPromise, c.ID, c.Occasion)))
	}
	return sends
}

// sharedHelp is promiseHelp for a commitment that is kept without a word to those to whom it was: they know of it if it is shared.
func sharedHelp(now time.Time, c Commitment) Intents {
	if !c.Shared && !c.AskedFor() {
		return nil
	}
	return promiseHelp(now, c)
}

// helpBeforeDigest adds to intents the plans for those who gave or got kudos in a channel lately and asked to be reminded on the day before its digest. at is when
// that is said in the channel.
func (r *Recognition) helpBeforeDigest(ctx context.Context, at time.Time, channel string, intents Intents) (Intents, error) {
	list, err := r.Store.ChannelKudos(ctx, channel, at.Add(-helpReach), at)
	if err != nil {
		return intents, fmt.Errorf("find who thanks in %q: %w", channel, err)
	}
	var people []string
	for _, k := range list {
		people = append(append(people, k.Giver), k.Recipients...)
	}
	for part := range slices.Chunk(unique(people), 200) {
		scene, err := r.Scenes.Scene(ctx, channel, part...)
		if err != nil {
			return intents, fmt.Errorf("find who thanks in %q: %w", channel, err)
		}
		for _, member := range part {
			if slices.Contains(scene.Preferences[member].Help, HelpDigest) && scene.Members[member].Person() {
				intents = append(intents, helpPlan(at, member, fmt.Sprintf("%s/%s/%d", HelpDigest, channel, at.Unix())))
			}
		}
	}
	return intents, nil
}

// Plan notes an occasion for the member's next day on which it can come up, if they asked for its kind. id is the member, a slash and the occasion. Planning it
// again changes nothing.
func (h *Helper) Plan(ctx context.Context, now time.Time, id string) error {
	member, occasion, ok := strings.Cut(id, "/")
	kind, _, _ := strings.Cut(occasion, "/")
	if !ok {
		return fmt.Errorf("plan help %q: no member and occasion", id)
	}
	for range 3 {
		scene, err := h.Scenes.Scene(ctx, "", member)
		if err != nil {
			return fmt.Errorf("plan help %q: %w", id, err)
		}
		p := scene.Preferences[member]
		if !scene.Members[member].Person() || !slices.Contains(p.Help, Help(kind)) || p.cameUp(occasion) {
			return nil
		}
		hours := scene.Hours(member, h.Settings.Current().Zone)
		day := hours.Workdays(hours.Today(now), 1)
		if Help(kind) == HelpDigest {
			day = hours.NextWorkday(hours.Today(now))
		}
		if soon, err := h.tooSoon(ctx, p, day); soon || err != nil {
			return err
		}
		p.Helped = p.helpedWith(day, occasion)
		err = h.Preferences.SavePreferences(ctx, Token("help "+id), p, nil, Intents{helpSend(now, member, day, hours)})
		if err == nil || errors.Is(err, ErrRepeated) {
			return nil
		}
		if !errors.Is(err, ErrConflict) {
			return fmt.Errorf("plan help %q: %w", id, err)
		}
	}
	return fmt.Errorf("plan help %q: %w", id, ErrConflict)
}

func helpSend(now time.Time, member string, day Date, h Hours) Send {
	due := h.At(day, helpMinute)
	if due.Before(now) {
		due = now
	}
	return Send{
		SID: helpSID(member, day), Kind: KindHelp, Ref: member + " " + day.String(), Members: []string{member}, Due: due,
		NotAfter: h.At(h.Workdays(day, helpDays-1).AddDays(1), 0),
	}
}

// cameUp reports whether an occasion was noted already.
func (p Preferences) cameUp(occasion string) bool {
	return slices.ContainsFunc(p.Helped, func(d HelpDay) bool { return slices.Contains(d.Occasions, occasion) })
}

// helpedWith are the days with another occasion, the latest last; what is long ago is forgotten.
func (p Preferences) helpedWith(day Date, occasion string) []HelpDay {
	days := slices.DeleteFunc(slices.Clone(p.Helped), func(d HelpDay) bool { return d.Day.Before(day.AddDays(-helpRemember)) })
	i := slices.IndexFunc(days, func(d HelpDay) bool { return d.Day == day })
	if i < 0 {
		days, i = append(days, HelpDay{Day: day}), len(days)
	}
	days[i].Occasions = append(slices.Clone(days[i].Occasions), occasion)
	slices.SortFunc(days, func(a, b HelpDay) int { return -a.Day.DaysUntil(b.Day) })
	return days
}

// tooSoon reports whether a message on a day would be more than somebody wants: after three in a row without a tap, and whenever they say so, there are half as many.
func (h *Helper) tooSoon(ctx context.Context, p Preferences, day Date) (bool, error) {
	var sids []string
	for _, d := range p.Helped {
		sids = append(sids, helpSID(p.Member, d.Day))
	}
	if len(sids) == 0 {
		return false, nil
	}
	sent, err := h.Sent.SendsBySID(ctx, sids...)
	if err != nil {
		return false, fmt.Errorf("count help for %q: %w", p.Member, err)
	}
	unused, last := 0, Date{}
	for _, d := range slices.Backward(p.Helped) {
		if sent[helpSID(p.Member, d.Day)].State != StateSent {
			continue
		}
		if last.IsZero() {
			last = d.Day
		}
		if d.Used {
			break
		}
		unused++
	}
	gap := helpGaps[min(p.HelpLess+unused/helpUnused, len(helpGaps)-1)]
	return !last.IsZero() && day.Before(last.AddDays(gap)), nil
}

// Used notes that somebody thanked from a message of a day.
func (h *Helper) Used(ctx context.Context, token Token, member string, day Date) error {
	_, err := h.change(ctx, token, member, func(p *Preferences) bool {
		i := slices.IndexFunc(p.Helped, func(d HelpDay) bool { return d.Day == day })
		if i < 0 || p.Helped[i].Used {
			return false
		}
		p.Helped = slices.Clone(p.Helped)
		p.Helped[i].Used = true
		return true
	})
	return err
}

// Fewer halves how often quiet help comes to somebody. It returns what they set.
func (h *Helper) Fewer(ctx context.Context, token Token, member string) (Preferences, error) {
	return h.change(ctx, token, member, func(p *Preferences) bool {
		if len(p.Help) == 0 || p.HelpLess >= len(helpGaps)-1 {
			return false
		}
		p.HelpLess++
		return true
	})
}

// Stop ends all quiet help for somebody. It returns what they set.
func (h *Helper) Stop(ctx context.Context, token Token, member string) (Preferences, error) {
	return h.change(ctx, token, member, func(p *Preferences) bool {
		was := len(p.Help)
		p.AskHelp(nil)
		return was > 0
	})
}

// change stores what edit makes of somebody's settings; edit reports false where there is nothing to change.
func (h *Helper) change(ctx context.Context, token Token, member string, edit func(*Preferences) bool) (Preferences, error) {
	for range 3 {
		all, err := h.Preferences.Preferences(ctx, member)
		if err != nil {
			return Preferences{}, &Fault{Code: FaultUnread, Cause: err}
		}
		p := all[member]
		p.Member = member
		if !edit(&p) {
			return p, nil
		}
		err = h.Preferences.SavePreferences(ctx, token, p, nil, nil)
		switch {
		case err == nil, errors.Is(err, ErrRepeated):
			return p, nil
		case !errors.Is(err, ErrConflict):
			return Preferences{}, &Fault{Code: FaultUnsaved, Cause: err}
		}
	}
	return Preferences{}, &Fault{Code: FaultStale}
}

// helpCoffee reads the others of a coffee that somebody still says took place; rest is its round and its group's key.
func (h *Helper) helpCoffee(ctx context.Context, member, rest string) ([]string, error) {
	i := strings.LastIndexByte(rest, '/')
	if i < 0 {
		return nil, nil
	}
	_, g, course, err := h.Coffee.seated(ctx, RoundAct{Member: member, Round: rest[:i], Group: rest[i+1:]})
	if fault, ok := errors.AsType[*Fault](err); ok && fault.Code == FaultNotFound {
		return nil, nil
	}
	if err != nil || g.Met[member] != MetYes {
		return nil, err
	}
	return slices.DeleteFunc(course.Rest(g), func(id string) bool { return id == member }), nil
}

// helpPromise reads a promise that is still kept, as far as somebody to whom it was may know; rest is its number and which of its times it was. The zero value if
// there is nothing to thank for.
func (h *Helper) helpPromise(ctx context.Context, member, rest string) (Commitment, error) {
	number, occasion, _ := strings.Cut(rest, "/")
	id, err := strconv.Atoi(number)
	if err != nil {
		return Commitment{}, nil
	}
	which, err := strconv.Atoi(occasion)
	if err != nil {
		return Commitment{}, nil
	}
	c, err := h.Promises.Store.Commitment(ctx, id)
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrUnreadable) {
		return Commitment{}, nil
	}
	kept := c.State == Done && c.Occasion == which || c.Occasion > which
	if err != nil || !kept || !slices.Contains(c.colleagues(), member) {
		return Commitment{}, err
	}
	if c.VisibleTo(member) {
		return c, nil
	}
	w, told := c.keptWord(member, which)
	if !told {
		return Commitment{}, nil
	}
	return Commitment{ID: c.ID, Owner: w.By, Text: w.Text}, nil
}
