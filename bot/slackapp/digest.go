package slackapp

import (
	"context"
	"time"

	"rapport/bot"
)

func (k *Kudos) digest(ctx context.Context, r Request) (Response, error) {
	preview, err := k.Use.PreviewDigest(ctx, r.Now, r.User, r.Channel)
	return answered(digestPreview(k.reader(), preview), err)
}

// reader is the channel's: nobody in particular, in the workspace's zone.
func (k *Kudos) reader() Reader { return Reader{Zone: firstZone(k.Settings.Current().Zone)} }

func (k *Kudos) digestOn(ctx context.Context, r Request) (Response, error) {
	return k.setDigest(ctx, r, false)
}

func (k *Kudos) digestOff(ctx context.Context, r Request) (Response, error) {
	return k.setDigest(ctx, r, true)
}

func (k *Kudos) setDigest(ctx context.Context, r Request, off bool) (Response, error) {
	d, err := k.Use.SetDigest(ctx, r.Now, r.Token, bot.Digest{
		Channel: r.Channel, Weekday: bot.DigestWeekday, Minute: bot.DigestMinute, Zone: k.Settings.Current().Zone, By: r.User, Off: off,
	})
	if err != nil {
		return Response{}, err
	}
	message := digestSet(k.reader(), d, r.Now)
	if !r.Message.Ephemeral {
		// The button stands in a message for everybody: that stays, and who pressed it is answered alone.
		return Then(func(ctx context.Context) error { return k.Client.Whisper(ctx, r.Channel, r.User, message) }), nil
	}
	return k.rewritten(r, message), nil
}

// nextDigest is the next occasion of a digest after an instant.
func nextDigest(d bot.Digest, after time.Time) time.Time {
	zone := firstZone(d.Zone)
	local := after.In(zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, d.Minute, 0, 0, zone)
	for day.Weekday() != d.Weekday || !day.After(after) {
		day = time.Date(day.Year(), day.Month(), day.Day()+1, 0, d.Minute, 0, 0, zone)
	}
	return day
}
