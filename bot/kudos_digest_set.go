package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rapport/bot/when"
)

// The standard digest: Friday afternoon, when a week's work can be seen.
const (
	DigestWeekday = time.Friday
	DigestMinute  = 15 * 60
)

const (
	// digestGrace is how late a digest still makes sense.
	digestGrace = 3 * 24 * time.Hour
	// digestReach is how far a channel's first digest looks back: whoever asks for one means this week.
	digestReach = 7 * 24 * time.Hour
)

// What can be wrong with a digest.
const (
	DigestOutside FaultCode = "digest_not_in_channel" // the bot, or the person, is not in the channel: both read the same
	DigestShared  FaultCode = "digest_shared_channel" // other companies read it
	DigestGuest   FaultCode = "digest_guest"          // guests do not decide for a channel
)

// SetDigest switches a channel's weekly digest on, or off with d.Off, for d.By, who has to be a full member of the company and in the channel. On
// when it is on, or off when it is off, changes nothing. Day, time and zone count where it was never on, without a zone that of d.By; otherwise it is
// as it was.
func (r *Recognition) SetDigest(ctx context.Context, now time.Time, token Token, d Digest) (Digest, error) {
	return r.editDigest(ctx, now, token, d, func(is *Digest) error {
		if is.Version == 0 && !d.Off {
			is.Weekday, is.Minute, is.QuietWork = d.Weekday, d.Minute, d.QuietWork
			if d.Zone != "" {
				is.Zone = zoneOrUTC(d.Zone)
			}
		}
		is.Off = d.Off
		return nil
	})
}

// ChangeDigest sets everything that people can set of a channel's digest to what d says, for d.By. d.Changed is what they looked at: where somebody
// else changed it meanwhile the answer is [FaultStale].
func (r *Recognition) ChangeDigest(ctx context.Context, now time.Time, token Token, d Digest) (Digest, error) {
	zone, err := time.LoadLocation(d.Zone)
	switch {
	case err != nil || d.Zone == "" || zone == time.Local:
		return Digest{}, &Fault{Code: SettingsZone, Typed: d.Zone}
	case d.Weekday < time.Sunday || d.Weekday > time.Saturday || d.Minute < 0 || d.Minute >= 24*60:
		return Digest{}, &Fault{Code: FaultInvalid}
	}
	return r.editDigest(ctx, now, token, d, func(is *Digest) error {
		was := *is
		is.Weekday, is.Minute, is.Zone, is.QuietWork, is.Off = d.Weekday, d.Minute, d.Zone, d.QuietWork, d.Off
		if *is != was && !was.Changed.Equal(d.Changed) {
			return &Fault{Code: FaultStale}
		}
		return nil
	})
}

// StopQuietWork ends the question on the day before a channel's digest, for a full member of the channel. Where it is not asked nothing changes.
func (r *Recognition) StopQuietWork(ctx context.Context, now time.Time, token Token, by, channel string) (Digest, error) {
	return r.editDigest(ctx, now, token, Digest{Channel: channel, By: by, Off: true}, func(is *Digest) error {
		is.QuietWork = false
		return nil
	})
}

// DigestSettings are what a channel's digest is set to, for somebody who may change that. Where it was never on they are the standard ones, in that
// person's zone, and its Version is 0.
func (r *Recognition) DigestSettings(ctx context.Context, by, channel string) (Digest, error) {
	scene, err := r.decider(ctx, Digest{Channel: channel, By: by})
	if err != nil {
		return Digest{}, err
	}
	return r.digestOf(ctx, channel, by, scene)
}

// editDigest changes a channel's digest in one step with its schedule entries. wish says where, who, and whether they want it off.
func (r *Recognition) editDigest(ctx context.Context, now time.Time, token Token, wish Digest, edit func(is *Digest) error) (Digest, error) {
	const tries = 3 // its own run changes a digest too
	scene, err := r.decider(ctx, wish)
	if err != nil {
		return Digest{}, err
	}
	for range tries {
		was, err := r.digestOf(ctx, wish.Channel, wish.By, scene)
		if err != nil {
			return Digest{}, err
		}
		is := was
		if err := edit(&is); err != nil {
			return Digest{}, err
		}
		if is == was {
			return was, nil
		}
		is = is.changed(now, was, wish.By)
		// The version makes the same button, pressed again after the opposite one, another act.
		err = r.Digests.SaveDigest(ctx, Token(fmt.Sprintf("%s v%d", token, was.Version)), is, is.entries(), nil)
		switch {
		case err == nil:
			is.Version++
			return is, nil
		case errors.Is(err, ErrRepeated):
			return r.digestOf(ctx, wish.Channel, wish.By, scene)
		case !errors.Is(err, ErrConflict):
			return Digest{}, &Fault{Code: FaultUnsaved, Cause: err}
		}
	}
	return Digest{}, &Fault{Code: FaultStale}
}

// changed is a digest that somebody changed from what it was.
func (d Digest) changed(now time.Time, was Digest, by string) Digest {
	d.By, d.Changed = by, now
	if earliest := now.Add(-digestReach); was.Off && !d.Off && d.Since.Before(earliest) {
		d.Since = earliest
	}
	if d.Zone != was.Zone && was.Version > 0 {
		// Runs are told apart by what the clocks show. Those of another zone may show again what was shown when the last one came.
		d.Earliest = when.DateOf(d.Since.In(zoneOf(was.Zone))).AddDays(1)
	}
	return d
}

// digestOf reads a channel's digest; where it was never on, that is the standard one, off, in the zone of by.
func (r *Recognition) digestOf(ctx context.Context, channel, by string, scene Scene) (Digest, error) {
	d, err := r.Digests.Digest(ctx, channel)
	switch {
	case errors.Is(err, ErrNotFound):
		zone := scene.Hours(by, r.Settings.Current().Zone).Zone.String()
		return Digest{Channel: channel, Weekday: DigestWeekday, Minute: DigestMinute, Zone: zone, Off: true}, nil
	case err != nil:
		return Digest{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return d, nil
}

// decider reads the channel of a wish and makes sure that whoever has it may decide there, and that there can be a digest.
func (r *Recognition) decider(ctx context.Context, wish Digest) (Scene, error) {
	scene, err := r.Scenes.Scene(ctx, wish.Channel, wish.By)
	if err != nil {
		return Scene{}, &Fault{Code: FaultUnread, Cause: err}
	}
	c, m := scene.Channel, scene.Members[wish.By]
	switch {
	case m.Guest:
		return Scene{}, &Fault{Code: DigestGuest}
	case !m.Person(), !c.Postable() && !wish.Off, !r.present(ctx, c, wish.By, m):
		return Scene{}, &Fault{Code: DigestOutside}
	case c.Shared && !wish.Off:
		return Scene{}, &Fault{Code: DigestShared}
	}
	return scene, nil
}

// entries are all occasions of a channel's digest.
func (d Digest) entries() []Entry { return []Entry{d.entry(), d.quietEntry()} }

// entry is when the digest comes.
func (d Digest) entry() Entry {
	return Entry{
		Name: "digest/" + d.Channel, Zone: d.Zone, Off: d.Off, Grace: digestGrace, Anchor: d.Earliest,
		Spec: fmt.Sprintf("%d %d * * %d", d.Minute%60, d.Minute/60, d.Weekday),
	}
}

// Next is the next occasion of a digest after an instant; where clocks skip its time of day, about then.
func (d Digest) Next(after time.Time) time.Time {
	zone := zoneOf(d.Zone)
	day := when.DateOf(after.In(zone))
	if day.Before(d.Earliest) {
		day = d.Earliest
	}
	for {
		at := time.Date(day.Year, day.Month, day.Day, 0, d.Minute, 0, 0, zone)
		if day.Weekday() == d.Weekday && at.After(after) {
			return at
		}
		day = day.AddDays(1)
	}
}

// zoneOf is a stored zone.
func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(zoneOrUTC(name))
	if err != nil {
		return time.UTC
	}
	return zone
}

// zoneOrUTC is the name of a zone, or else UTC's.
func zoneOrUTC(name string) string {
	if zone, err := time.LoadLocation(name); err != nil || name == "" || zone == time.Local {
		return "UTC"
	}
	return name
}
