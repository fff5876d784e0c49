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

// What a message about a mentorship says, or what is done about one; the last word of its Ref.
const (
	mentorAsk      = "ask"
	mentorAskAgain = "again"
	mentorNone     = "none" // no suitable match after all
	mentorLapse    = "lapse"
	mentorLapsed   = "lapsed"
	mentorIntro    = "intro"
	mentorOver     = "over"
	mentorTheme    = "theme" // with the month's number behind it, where it is a message
)

const waitWord = "wait"

// waitRef is what the message to a mentee who waits tells of.
func waitRef(program, member string) string { return waitWord + " " + program + " " + member }

// MentorQuestion asks one member whether they want to be the other's mentor, or mentee.
type MentorQuestion struct {
	MentorPart
	Again bool // it is the one reminder
}

// MentorNews tells one member what became of a proposal or of a mentorship.
type MentorNews struct {
	MentorPart
	State MentorshipState // declined: there was no suitable match, lapsed, ended
}

// MentorStart is the message that opens a pair's chat, with the first month's theme; alone, what each gets by themselves.
type MentorStart struct {
	MentorPart
	Hours map[string]Hours
	Times []time.Time // instants at which both work for a whole chat, up to three
	Alone bool        // the two share no hour, and each hears of it alone
	Team  string      // the workspace's id, for addresses
}

// ThemeNote is a month's theme, in the two's chat or alone.
type ThemeNote struct {
	MentorPart
	Alone bool
}

// MentorWait tells a mentee, once, that there is nobody for them yet.
type MentorWait struct {
	Program Program
	Reader  Member
	Next    time.Time
}

// ComposeMentor turns a send about a mentorship into content.
func (c *Coffee) ComposeMentor(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	ref := strings.Fields(s.Ref)
	if len(ref) != 3 || len(s.Members) == 0 {
		return nil, undone, nil
	}
	if ref[0] == waitWord {
		return c.composeWait(ctx, now, s, ref[1])
	}
	scene, err := c.Mentorships.MentorScene(ctx, ref[0])
	if errors.Is(err, ErrNotFound) {
		return nil, undone, nil
	}
	if err != nil {
		return nil, Decision{}, fmt.Errorf("compose %q: %w", s.SID, err)
	}
	if try, err := strconv.Atoi(ref[1]); err != nil || try != scene.Mentorship.Try {
		return nil, undone, nil
	}
	switch ref[2] {
	case mentorAsk, mentorAskAgain:
		return c.composeAsk(now, s, scene, ref[2] == mentorAskAgain)
	case mentorNone, mentorLapsed, mentorOver:
		return c.composeMentorNews(ctx, now, s, scene, ref[2])
	case mentorIntro:
		return c.composeStart(now, s, scene)
	}
	return c.composeTheme(now, s, scene, monthOf(ref[2]))
}

// mentorReachable decides about a message to one of the two.
func (c *Coffee) mentorReachable(now time.Time, s Send, scene MentorScene) Decision {
	to := s.Members[0]
	return reachable(scene.Members[to], scene.Preferences[to], s.Kind, scene.Hours(to, c.Settings.Current().Zone), now)
}

// composeAsk asks who is still there and has not answered. If the two may no longer meet the question is not asked.
func (c *Coffee) composeAsk(now time.Time, s Send, scene MentorScene, again bool) (any, Decision, error) {
	m, to := scene.Mentorship, s.Members[0]
	if m.State != MentorProposed || m.AcceptedBy(to) || !c.mayStillMeet(now, scene) {
		return nil, undone, nil
	}
	if d := c.mentorReachable(now, s, scene); d.Verdict != Go {
		return nil, d, nil
	}
	return MentorQuestion{MentorPart: c.mentorPart(scene, to), Again: again}, Decision{}, nil
}

// composeMentorNews tells what became of it. Of a proposal that lapsed only those hear who heard of it.
func (c *Coffee) composeMentorNews(ctx context.Context, now time.Time, s Send, scene MentorScene, what string) (any, Decision, error) {
	m, to := scene.Mentorship, s.Members[0]
	state := map[string]MentorshipState{mentorNone: MentorDeclined, mentorLapsed: MentorLapsed, mentorOver: MentorEnded}[what]
	if m.State != state || !scene.Seats[to].In() && state != MentorEnded {
		return nil, undone, nil
	}
	if d := c.mentorReachable(now, s, scene); d.Verdict != Go {
		return nil, d, nil
	}
	if state == MentorLapsed && !m.AcceptedBy(to) {
		asked, err := c.Sent.SendBySID(ctx, m.sid(mentorAsk, to))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, Decision{}, err
		}
		if asked.State != StateSent {
			return nil, Decision{Verdict: Drop, Reason: ReasonNothing}, nil
		}
	}
	return MentorNews{MentorPart: c.mentorPart(scene, to), State: state}, Decision{}, nil
}

// composeStart introduces the two. Where their hours do not meet any more, each gets it alone.
func (c *Coffee) composeStart(now time.Time, s Send, scene MentorScene) (any, Decision, error) {
	if scene.Mentorship.State != MentorActive || !scene.there(scene.Mentorship.Mentor) || !scene.there(scene.Mentorship.Mentee) {
		return nil, undone, nil
	}
	if d := c.togetherNow(now, s, scene); d.Verdict != Go {
		return nil, d, nil
	}
	return c.mentorStart(now, scene, reader(s)), Decision{}, nil
}

// reader is the only recipient of a send; "" if there are several.
func reader(s Send) string {
	if len(s.Members) == 1 {
		return s.Members[0]
	}
	return ""
}

func (c *Coffee) mentorStart(now time.Time, scene MentorScene, alone string) MentorStart {
	m := scene.Mentorship
	start := MentorStart{MentorPart: c.mentorPart(scene, alone), Hours: map[string]Hours{}, Alone: alone != "", Team: c.Settings.Current().Team}
	var all []Hours
	for _, id := range m.Members() {
		h := scene.Hours(id, c.Settings.Current().Zone)
		start.Hours[id] = h
		all = append(all, h)
	}
	start.Times = meetingTimes(now, now.Add(2*7*24*time.Hour), all)
	return start
}

// togetherNow decides about a message to both, or to each alone: both, where it goes to both, have to be at work.
func (c *Coffee) togetherNow(now time.Time, s Send, scene MentorScene) Decision {
	if len(s.Members) == 1 {
		return c.mentorReachable(now, s, scene)
	}
	var all []Hours
	for _, id := range scene.Mentorship.Members() {
		all = append(all, scene.Hours(id, c.Settings.Current().Zone))
	}
	open, ok := CommonOpen(now, introWindow, all...)
	switch {
	case !ok:
		what := s.Ref[strings.LastIndexByte(s.Ref, ' ')+1:]
		var alone Intents
		for _, id := range scene.Mentorship.Members() {
			alone = append(alone, scene.Mentorship.send(s.Kind, what, now, id))
		}
		return Decision{Verdict: Drop, Reason: ReasonQuietHours, Then: alone}
	case open.After(now):
		return Decision{Verdict: Wait, Reason: ReasonQuietHours, Until: open}
	}
	return Decision{}
}

// composeTheme brings the theme of the month that it is now, unless one of the two wants none.
func (c *Coffee) composeTheme(now time.Time, s Send, scene MentorScene, month int) (any, Decision, error) {
	m := scene.Mentorship
	part := c.mentorPart(scene, reader(s))
	switch {
	case m.State != MentorActive || m.Month != month || part.Theme == "" || scene.Program.Paused:
		return nil, undone, nil
	case m.Quiet:
		return nil, Decision{Verdict: Drop, Reason: ReasonMuted}, nil
	}
	for _, id := range m.Members() {
		if slices.Contains(scene.Preferences[id].Muted, s.Kind) {
			return nil, Decision{Verdict: Drop, Reason: ReasonMuted}, nil
		}
	}
	if d := c.togetherNow(now, s, scene); d.Verdict != Go {
		return nil, d, nil
	}
	return ThemeNote{MentorPart: part, Alone: reader(s) != ""}, Decision{}, nil
}

// composeWait tells who still waits that there is nobody yet.
func (c *Coffee) composeWait(ctx context.Context, now time.Time, s Send, program string) (any, Decision, error) {
	to := s.Members[0]
	p, err := c.Programs.Program(ctx, program)
	if errors.Is(err, ErrNotFound) || err == nil && p.Paused {
		return nil, undone, nil
	}
	if err != nil {
		return nil, Decision{}, err
	}
	scene, err := c.Scenes.Scene(ctx, "", to)
	if err != nil {
		return nil, Decision{}, err
	}
	if d := reachable(scene.Members[to], scene.Preferences[to], s.Kind, scene.Hours(to, c.Settings.Current().Zone), now); d.Verdict != Go {
		return nil, d, nil
	}
	mine, err := c.MyMentoring(ctx, now, to)
	if err != nil {
		return nil, Decision{}, err
	}
	for _, part := range mine {
		if part.Program.ID == program && part.Waits() {
			return MentorWait{Program: p, Reader: scene.Members[to], Next: NextRound(p, now)}, Decision{}, nil
		}
	}
	return nil, undone, nil
}
