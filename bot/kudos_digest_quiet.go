package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rapport/bot/when"
	"rapport/prompts"
)

const (
	// quietMinute is when a channel is asked, in its zone.
	quietMinute = 10 * 60
	// quietGrace is how late the question still comes: not at the end of a working day.
	quietGrace = 6 * time.Hour
	// quietApart is how many days lie between two of them at least, also where the digest's day was moved.
	quietApart = 7
)

// QuietWork asks a channel, on the working day before its digest, whose work went unseen.
type QuietWork struct {
	Channel string
	Prompt  string // empty: the plain question will do
	Digest  Digest
	Comes   time.Time // the digest
}

// quietDay is the day of the week on which a channel is asked: the last of Monday to Friday before its digest.
func (d Digest) quietDay() time.Weekday {
	switch d.Weekday {
	case time.Monday, time.Sunday:
		return time.Friday
	default:
		return d.Weekday - 1
	}
}

// quietEntry is when the channel is asked, and people are who want to be. It runs while the digest is on.
func (d Digest) quietEntry() Entry {
	return Entry{
		Name: "quiet/" + d.Channel, Zone: d.Zone, Off: d.Off, Grace: quietGrace,
		Spec: fmt.Sprintf("%d %d * * %d", quietMinute%60, quietMinute/60, d.quietDay()),
	}
}

// before reports whether an instant is of the day before the digest, as that is set now.
func (d Digest) before(at time.Time) bool {
	return !d.Off && at.In(zoneOf(d.Zone)).Weekday() == d.quietDay()
}

// asks reports whether the channel is asked on the day of an instant: it wants to be, and was not within a week.
func (d Digest) asks(at time.Time) bool {
	zone := zoneOf(d.Zone)
	return d.QuietWork && (d.Asked.IsZero() || when.DateOf(d.Asked.In(zone)).DaysUntil(when.DateOf(at.In(zone))) >= quietApart)
}

// PlanQuiet turns the day before a digest into its messages: the question in the channel, where that wants it, and those to people who want to be helped.
// Planning the same run again changes nothing.
func (r *Recognition) PlanQuiet(ctx context.Context, channel string, at time.Time) error {
	d, err := r.Digests.Digest(ctx, channel)
	if errors.Is(err, ErrNotFound) || err == nil && !d.before(at) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("plan day before digest of %q: %w", channel, err)
	}
	scene, err := r.Scenes.Scene(ctx, channel)
	if err != nil {
		return fmt.Errorf("plan day before digest of %q: %w", channel, err)
	}
	if !scene.Channel.Postable() || scene.Channel.Shared {
		return nil
	}
	var sends Intents
	if d.asks(at) {
		prompt := r.promptOfWeek(prompts.KindQuietWork, channel, at)
		sends = append(sends, Send{
			SID: fmt.Sprintf("quiet/%s/%d", channel, at.Unix()), Kind: KindQuietWork, Channel: channel, Due: at, NotAfter: at.Add(quietGrace),
			Ref: strings.TrimSpace(fmt.Sprintf("%s %d %s", channel, at.Unix(), prompt.ID)),
		})
		d.Asked = at
	}
	if sends, err = r.helpBeforeDigest(ctx, at, channel, sends); err != nil {
		return fmt.Errorf("plan day before digest of %q: %w", channel, err)
	}
	if len(sends) == 0 {
		return nil
	}
	token := Token(fmt.Sprintf("plan quiet/%s/%d", channel, at.Unix()))
	err = r.Digests.SaveDigest(ctx, token, d, d.entries(), sends)
	if err != nil && !errors.Is(err, ErrRepeated) {
		return fmt.Errorf("plan day before digest of %q: %w", channel, err)
	}
	return nil
}

// ComposeQuiet decides whether a channel is still asked whose work went unseen.
func (r *Recognition) ComposeQuiet(ctx context.Context, _ time.Time, s Send) (any, Decision, error) {
	parts := strings.Fields(s.Ref)
	if len(parts) < 2 || len(parts) > 3 {
		return nil, Decision{}, fmt.Errorf("read question %q: %d words", s.Ref, len(parts))
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return nil, Decision{}, fmt.Errorf("read question %q: %w", s.Ref, err)
	}
	at := time.Unix(seconds, 0)
	d, err := r.Digests.Digest(ctx, parts[0])
	if errors.Is(err, ErrNotFound) || err == nil && (!d.QuietWork || !d.before(at)) {
		return nil, Decision{Verdict: Drop, Reason: ReasonUndone}, nil
	}
	if err != nil {
		return nil, Decision{}, err
	}
	scene, err := r.Scenes.Scene(ctx, d.Channel)
	if err != nil {
		return nil, Decision{}, err
	}
	if !scene.Channel.Postable() || scene.Channel.Shared {
		return nil, Decision{Verdict: Drop, Reason: ReasonUnreachable}, nil
	}
	asked := QuietWork{Channel: d.Channel, Digest: d, Comes: d.Next(at)}
	if len(parts) == 3 {
		prompt, _ := r.Prompts.ByID(parts[2])
		asked.Prompt = prompt.Text
	}
	return asked, Decision{}, nil
}
