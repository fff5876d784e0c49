package bot

import (
	"context"
	"slices"
	"strings"
	"time"
)

// RoundProgress is how far the introductions of a round are. Of a large round only a share is asked for, evenly spread over it.
type RoundProgress struct {
	Introductions int  // in the ledger so far
	Groups        int  // of the round; each is introduced in one chat, or each of its members alone
	Planned       bool // all introductions are in the ledger
	Asked         int  // introductions that were asked for
	Waiting       int  // of those: on their way
	Lost          int  // of those: in need of an operator's eye
}

// Exact reports whether every introduction was asked for.
func (p RoundProgress) Exact() bool { return p.Planned && p.Asked == p.Introductions }

// All is how many introductions the round has, those included that are not in the ledger yet.
func (p RoundProgress) All() int {
	if p.Planned {
		return p.Introductions
	}
	return max(p.Introductions, p.Groups)
}

// Waits is how many introductions are on their way, as far as those that were asked for stand for all.
func (p RoundProgress) Waits() int { return p.scaled(p.Waiting) + p.All() - p.Introductions }

// Missing is how many introductions need an operator's eye, likewise.
func (p RoundProgress) Missing() int { return p.scaled(p.Lost) }

// Out is how many introductions are settled: posted, or decided against when they were due.
func (p RoundProgress) Out() int { return p.All() - p.Waits() - p.Missing() }

func (p RoundProgress) scaled(n int) int {
	if p.Asked == 0 {
		return 0
	}
	return (n*p.Introductions + p.Asked - 1) / p.Asked // who is waited for is not rounded away
}

func (c *Coffee) progress(ctx context.Context, r Round) (RoundProgress, error) {
	p, err := c.Rounds.RoundProgress(ctx, r.ID, progressAtMost)
	p.Groups = r.GroupCount
	return p, err
}

const (
	// progressAtMost is how many introductions are asked for when an owner looks: what it costs does not grow with the round.
	progressAtMost = 5000
	// longRound is how many groups a round has at least whose owner hears when it begins and when it is out.
	longRound = 500
	// longRoundAgain is how often it is looked whether a long round is out.
	longRoundAgain = 10 * time.Minute
)

// What a send about a long round tells, the second word of its Ref; the first is the round's id.
const (
	newsBegins = "begins"
	newsOut    = "out"
)

// LongRoundNote tells the owner of a program that a long round begins, or that it is out.
type LongRoundNote struct {
	Program  Program
	Round    Round
	Reader   Member
	Progress RoundProgress
	Out      bool
}

// progressIntents tell the owner of a long round that it begins and, when it is, that it is out.
func progressIntents(now time.Time, p Program, r Round, part RoundPart) Intents {
	if r.GroupCount <= longRound || part.Number != 0 {
		return nil
	}
	news := func(what string) Send {
		return Send{
			SID: "program/" + p.ID + "/round/" + r.ID[strings.LastIndex(r.ID, "/")+1:] + "/" + what, Kind: KindProgram, Ref: r.ID + " " + what,
			Members: []string{p.Owner}, Due: now, NotAfter: r.End,
		}
	}
	return Intents{news(newsBegins), news(newsOut)}
}

// composeLongRound tells how a long round goes.
func (c *Coffee) composeLongRound(ctx context.Context, now time.Time, s Send, p Program, round, news string) (any, Decision, error) {
	r, _, err := c.Rounds.RoundGroup(ctx, round, "")
	if err != nil {
		return nil, Decision{}, err
	}
	scene, err := c.Scenes.Scene(ctx, "", p.Owner)
	if err != nil {
		return nil, Decision{}, err
	}
	if news == newsOut {
		if d, err := c.isOut(ctx, now, r); err != nil || d.Verdict != Go {
			return nil, d, err
		}
	}
	hours := scene.Hours(p.Owner, c.Settings.Current().Zone)
	if d := reachable(scene.Members[p.Owner], scene.Preferences[p.Owner], s.Kind, hours, now); d.Verdict != Go {
		return nil, d, nil
	}
	progress, err := c.progress(ctx, r)
	return LongRoundNote{Program: p, Round: r, Reader: scene.Members[p.Owner], Progress: progress, Out: news == newsOut}, Decision{}, err
}

// isOut decides whether a round can be called out: first by a share of it, then by all of it.
func (c *Coffee) isOut(ctx context.Context, now time.Time, r Round) (Decision, error) {
	for _, atMost := range []int{longRound, 2*r.GroupCount + r.People} {
		p, err := c.Rounds.RoundProgress(ctx, r.ID, atMost)
		if err != nil {
			return Decision{}, err
		}
		if !p.Planned || p.Waiting > 0 {
			return Decision{Verdict: Wait, Reason: ReasonWaits, Until: now.Add(longRoundAgain)}, nil
		}
	}
	return Decision{}, nil
}

func isLongRoundNews(news string) bool { return slices.Contains([]string{newsBegins, newsOut}, news) }
