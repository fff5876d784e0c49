package slackapp

import (
	"context"
	"strings"
	"time"

	"rapport/bot"
)

// Digests answers what is about a channel's settings for its digest. All fields are required.
type Digests struct {
	Client *Client
	Use    *bot.Recognition
}

// The form's inputs.
const (
	digestOn      = "digest_on"
	digestWeekday = "digest_weekday"
	digestTime    = "digest_time"
	digestZone    = "digest_zone"
	digestQuiet   = "digest_quiet"
)

// Routes implements [Noun].
func (d *Digests) Routes() []Route {
	return []Route{
		{Kind: OnAction, Name: "digest.on", Handle: d.on},
		{Kind: OnAction, Name: "digest.off", Handle: d.off},
		{Kind: OnAction, Name: "digest.settings", Handle: d.open},
		{Kind: OnAction, Name: "digest.quiet_off", Handle: d.quietOff},
		{Kind: OnSubmit, Name: "digest.save", Handle: d.save},
	}
}

// open opens the form for the channel in which the button was pressed.
func (d *Digests) open(_ context.Context, r Request) (Response, error) {
	return d.Client.opening(r, digestFormTitle, func(ctx context.Context) (Modal, error) {
		set, err := d.Use.DigestSettings(ctx, r.User, r.Channel)
		if err != nil {
			return Modal{}, err
		}
		return digestForm(set), nil
	}), nil
}

func (d *Digests) save(ctx context.Context, r Request) (Response, error) {
	wish, err := readDigestForm(r)
	if err != nil {
		return Response{}, err
	}
	if _, ok := r.Values.Minute(digestTime); !ok {
		return Response{Ack: InputErrors(map[string]string{digestTime: "Pick a time of day."})}, nil
	}
	set, err := d.Use.ChangeDigest(ctx, r.Now, r.Token, wish)
	if fault := refused(err); fault != nil {
		block := digestOn
		if fault.Code == bot.SettingsZone {
			block = digestZone
		}
		return Response{Ack: InputErrors(map[string]string{block: faultSentence(Reader{}, fault)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	return Then(func(ctx context.Context) error {
		return d.Client.Tell(ctx, r.User, set.Channel, digestSet(Reader{}, set, r.Now))
	}), nil
}

// on and off switch a channel's digest.
func (d *Digests) on(ctx context.Context, r Request) (Response, error) { return d.set(ctx, r, false) }

func (d *Digests) off(ctx context.Context, r Request) (Response, error) { return d.set(ctx, r, true) }

// set switches the digest on or off. Whoever is the first to switch it on gives it the standard day and time, in their zone.
func (d *Digests) set(ctx context.Context, r Request, off bool) (Response, error) {
	set, err := d.Use.SetDigest(ctx, r.Now, r.Token, bot.Digest{
		Channel: r.Channel, Weekday: bot.DigestWeekday, Minute: bot.DigestMinute, By: r.User, Off: off,
	})
	if err != nil {
		return Response{}, err
	}
	message := digestSet(channelReader(d.Use.Settings.Current()), set, r.Now)
	return Then(func(ctx context.Context) error {
		if r.Message.Ephemeral {
			return d.Client.Rewrite(ctx, r, message)
		}
		// The button stands in a message for everybody: that stays, and who pressed it is answered alone.
		return d.Client.Whisper(ctx, r.Channel, r.User, message)
	}), nil
}

// quietOff ends the question on the day before. The message with the button is the channel's and stays; who pressed it is answered alone.
func (d *Digests) quietOff(ctx context.Context, r Request) (Response, error) {
	if _, err := d.Use.StopQuietWork(ctx, r.Now, r.Token, r.User, r.Channel); err != nil {
		return Response{}, err
	}
	return Then(func(ctx context.Context) error { return d.Client.Whisper(ctx, r.Channel, r.User, quietStopped()) }), nil
}

// digestMetadata is that of the form: the channel, and when what it shows was set.
func digestMetadata(d bot.Digest) string {
	return d.Channel + " " + d.Changed.UTC().Format(time.RFC3339Nano)
}

// readDigestForm reads the filled form. What the metadata says is checked by the use case.
func readDigestForm(r Request) (bot.Digest, error) {
	channel, set, _ := strings.Cut(r.View.PrivateMetadata, " ")
	changed, err := time.Parse(time.RFC3339Nano, set)
	if err != nil {
		return bot.Digest{}, &bot.Fault{Code: bot.FaultInvalid}
	}
	minute, _ := r.Values.Minute(digestTime)
	return bot.Digest{
		Channel: channel, By: r.User, Changed: changed, Weekday: time.Weekday(numberOr(r.Values, digestWeekday, -1)), Minute: minute,
		Zone: r.Values.Option(digestZone), Off: r.Values.Option(digestOn) == "off", QuietWork: r.Values.Ticked(digestQuiet, "ask"),
	}, nil
}

func (k *Kudos) digest(ctx context.Context, r Request) (Response, error) {
	preview, err := k.Use.PreviewDigest(ctx, r.Now, r.User, r.Channel)
	return answered(digestPreview(k.reader(), preview), err)
}

// reader is the channel's: nobody in particular, in the workspace's zone.
func (k *Kudos) reader() Reader { return channelReader(k.Settings.Current()) }

func channelReader(w bot.Workspace) Reader { return Reader{Zone: firstZone(w.Zone)} }

// nextDigest is the next occasion of a digest after an instant.
func nextDigest(d bot.Digest, after time.Time) time.Time { return d.Next(after) }
