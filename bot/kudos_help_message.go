package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// HelpNote is the content of a message of quiet help: what happened lately that its reader may want to thank for.
type HelpNote struct {
	Reader Member
	Day    Date // of the reader, that the message was planned for
	Lines  []HelpLine
	People map[string]Member
	Fewer  bool // it can come less often still
}

// HelpLine is one occasion.
type HelpLine struct {
	Help    Help
	Members []string   // whom to thank, at least one; nobody in particular before a digest
	Promise Commitment // that was kept; the zero value for other kinds
	Channel string     // whose digest comes; empty for other kinds
}

// helpLines is how many occasions a message has.
const helpLines = 5

// Compose turns a send of quiet help into content.
func (h *Helper) Compose(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	member, what, _ := strings.Cut(s.Ref, " ")
	scene, err := h.Scenes.Scene(ctx, "", member)
	if err != nil {
		return nil, Decision{}, err
	}
	p, hours := scene.Preferences[member], scene.Hours(member, h.Settings.Current().Zone)
	if d := reachable(scene.Members[member], p, KindHelp, hours, now); d.Verdict != Go {
		return nil, d, nil
	}
	if limit, ok := strings.CutPrefix(what, helpLimit+" "); ok {
		return h.composeLimit(limit)
	}
	var day Date
	if err := day.UnmarshalText([]byte(what)); err != nil {
		return nil, Decision{}, fmt.Errorf("compose %q: %w", s.SID, err)
	}
	if len(p.Help) == 0 {
		return nil, undone, nil
	}
	occasions, d, err := h.dueOn(ctx, now, p, day, hours)
	if err != nil || d.Verdict != Go {
		return nil, d, err
	}
	note := HelpNote{Reader: scene.Members[member], Day: day, Fewer: p.HelpLess < len(helpGaps)-1}
	if err := h.gather(ctx, now, &note, p, occasions, hours); err != nil {
		return nil, Decision{}, fmt.Errorf("compose %q: %w", s.SID, err)
	}
	if len(note.Lines) == 0 {
		return nil, Decision{Verdict: Drop, Reason: ReasonNothing}, nil
	}
	return note, Decision{}, nil
}

func (h *Helper) composeLimit(limit string) (any, Decision, error) {
	emoji := EmojiName(h.Settings.Current().Kudos.Reaction)
	if emoji == "" {
		return nil, undone, nil
	}
	n, err := strconv.Atoi(limit)
	if err != nil {
		return nil, Decision{}, fmt.Errorf("read limit %q: %w", limit, err)
	}
	return ReactionLimit{Emoji: emoji, Limit: n}, Decision{}, nil
}

// dueOn decides whether a day's message may come now, and which days' occasions it says: its own, and those of the days before on which none came. On a day with a
// bundle of reminders none comes, and of those that wait the latest says everything.
func (h *Helper) dueOn(ctx context.Context, now time.Time, p Preferences, day Date, hours Hours) ([]string, Decision, error) {
	today := hours.Today(now)
	sids := []string{BundleSID(p.Member, today)}
	for _, d := range p.Helped {
		sids = append(sids, helpSID(p.Member, d.Day))
	}
	sent, err := h.Sent.SendsBySID(ctx, sids...)
	if err != nil {
		return nil, Decision{}, fmt.Errorf("find help for %q: %w", p.Member, err)
	}
	if b, there := sent[BundleSID(p.Member, today)]; there && !neverSent(b) {
		return nil, Decision{Verdict: Wait, Reason: ReasonWaits, Until: hours.At(hours.Workdays(today, 1), helpMinute)}, nil
	}
	week, most := 0, helpWeekly
	if p.Practice {
		most--
	}
	monday := today.AddDays(-(int(today.Weekday()) + 6) % 7)
	var occasions []string
	for _, d := range p.Helped {
		other := sent[helpSID(p.Member, d.Day)]
		switch came := hours.Today(other.Settled); {
		case d.Day == day:
			occasions = append(occasions, d.Occasions...)
		case other.State == StateSent && (came == today || day.Before(d.Day)), onItsWay(other) && day.Before(d.Day) && !today.Before(d.Day):
			return nil, Decision{Verdict: Drop, Reason: ReasonMerged}, nil
		case other.State == StateSent:
			occasions = nil // it said those of the days before
			if !came.Before(monday) {
				week++
			}
		case other.State != StateSent && d.Day.Before(day) && !d.Day.Before(hours.Workdays(today, 1-helpDays)):
			occasions = append(occasions, d.Occasions...)
		}
	}
	if week >= most {
		return nil, Decision{Verdict: Drop, Reason: ReasonNothing}, nil
	}
	return occasions, Decision{}, nil
}

// gather looks up what became of the occasions. Who was thanked since, has left, or is not to come up for the reader, is left out.
func (h *Helper) gather(ctx context.Context, now time.Time, note *HelpNote, p Preferences, occasions []string, hours Hours) error {
	for _, occasion := range occasions {
		kind, rest, _ := strings.Cut(occasion, "/")
		line, err := h.line(ctx, now, p, Help(kind), rest)
		if err != nil {
			return err
		}
		if len(line.Members) > 0 || line.Channel != "" {
			note.Lines = append(note.Lines, line)
		}
	}
	if len(note.Lines) == 0 {
		return nil
	}
	people := []string{p.Member}
	for _, line := range note.Lines {
		people = append(people, line.Members...)
	}
	scene, err := h.Scenes.Scene(ctx, "", unique(people)...)
	if err != nil {
		return err
	}
	given, _, err := h.Kudos.MemberKudos(ctx, p.Member, helpReads)
	if err != nil {
		return err
	}
	since := hours.At(hours.Workdays(note.Day, -helpDays), 0)
	named := map[string]bool{}
	for _, k := range given {
		for _, id := range k.Recipients {
			named[id] = named[id] || k.Given.After(since)
		}
	}
	note.People = scene.Members
	var lines []HelpLine
	for _, l := range note.Lines {
		l.Members = slices.DeleteFunc(l.Members, func(id string) bool {
			return named[id] || !scene.Members[id].Person() || scene.keepsAway(p.Member, id)
		})
		for _, id := range l.Members { // nobody comes up twice
			named[id] = true
		}
		if len(l.Members) > 0 || l.Channel != "" {
			lines = append(lines, l)
		}
	}
	note.Lines = lines[:min(len(lines), helpLines)]
	return nil
}

// helpReads is how many of a member's latest kudos are looked through for whom they thanked.
const helpReads = 50

// line is what an occasion says now; without members and channel it says nothing.
func (h *Helper) line(ctx context.Context, now time.Time, p Preferences, kind Help, rest string) (HelpLine, error) {
	l := HelpLine{Help: kind}
	if !slices.Contains(p.Help, kind) {
		return l, nil
	}
	var err error
	switch kind {
	case HelpCoffee:
		l.Members, err = h.helpCoffee(ctx, p.Member, rest)
	case HelpPromise:
		if l.Promise, err = h.helpPromise(ctx, p.Member, rest); l.Promise.Owner != "" {
			l.Members = []string{l.Promise.Owner}
		}
	case HelpDigest:
		channel, at, _ := strings.Cut(rest, "/")
		if unix, bad := strconv.ParseInt(at, 10, 64); bad == nil && now.Before(time.Unix(unix, 0).Add(digestAhead)) {
			l.Channel = channel
		}
	}
	return l, err
}
