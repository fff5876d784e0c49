package bot

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Bot is all use cases together. It composes what is due and plans what a schedule says; the use cases themselves are its fields.
type Bot struct {
	Settings    *Settings
	Recognition *Recognition
	Promises    *Promises
	Coffee      *Coffee
	Host        *Host
	Helper      *Helper
	Again       *Again // nil: nobody is asked whether a message is to be posted again
}

// Lost is what follows when nobody will ever be able to tell whether a message was posted; see [Again.Lost].
func (b *Bot) Lost(ctx context.Context, now time.Time, s Send) (Intents, error) {
	if b.Again == nil {
		return nil, nil
	}
	return b.Again.Lost(ctx, now, s)
}

// Compose implements [Composer].
func (b *Bot) Compose(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	if b.Again != nil && strings.HasPrefix(s.SID, againPrefix) {
		return b.Again.Compose(ctx, now, s)
	}
	switch s.Kind {
	case KindKudosPost:
		return b.Recognition.ComposePost(ctx, now, s)
	case KindKudosDM:
		return b.Recognition.ComposeNote(ctx, now, s)
	case KindReport:
		return b.Recognition.ComposeReport(ctx, now, s)
	case KindDigest:
		return b.Recognition.ComposeDigest(ctx, now, s)
	case KindQuietWork:
		return b.Recognition.ComposeQuiet(ctx, now, s)
	case KindTimed, KindReminders, KindProposal, KindAnswer:
		return b.Promises.Compose(ctx, now, s)
	case KindPair, KindMidway, KindMet, KindNoPair, KindProgram:
		return b.Coffee.Compose(ctx, now, s)
	case KindMentor, KindTheme:
		return b.Coffee.ComposeMentor(ctx, now, s)
	case KindPractice, KindIntro, KindWelcome:
		return b.Host.Compose(ctx, now, s)
	case KindHelp:
		return b.Helper.Compose(ctx, now, s)
	}
	return nil, Decision{}, fmt.Errorf("compose %q: no composer for kind %q", s.SID, s.Kind)
}

// Plan turns a due run of a schedule entry into messages. It can be called again for the same run without any further effect.
func (b *Bot) Plan(ctx context.Context, now time.Time, s Send) error {
	name, instant, ok := strings.Cut(s.Ref, " ")
	if !ok {
		return fmt.Errorf("plan %q: no instant in %q", s.SID, s.Ref)
	}
	at, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		return fmt.Errorf("plan %q: %w", s.SID, err)
	}
	kind, id, _ := strings.Cut(name, "/")
	switch kind {
	case "digest":
		return b.Recognition.PlanDigest(ctx, now, id, at)
	case "quiet":
		return b.Recognition.PlanQuiet(ctx, id, at)
	case "round":
		return b.Coffee.PlanRound(ctx, now, id, at)
	case "mentor":
		return b.Coffee.PlanMentoring(ctx, now, id)
	case "lapse":
		return b.Promises.Lapse(ctx, now, id)
	case "place", "regroup", "swap":
		return b.Coffee.PlanChange(ctx, now, kind, id)
	case "practice":
		return b.Host.PlanPractice(ctx, now, id, at)
	case "review":
		return b.Host.PlanReview(ctx, id, at)
	case "help":
		return b.Helper.Plan(ctx, now, id)
	}
	return fmt.Errorf("plan %q: no planner for %q", s.SID, name)
}
