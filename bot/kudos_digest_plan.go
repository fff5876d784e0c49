package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	// digestLongest is how much a digest tells of at most. It is more than a week where the bot was away, or somebody moved its day.
	digestLongest = 5 * 7 * 24 * time.Hour
	// digestSettles is how long after the end of its window a digest is planned: what was given in the last second is stored by then.
	digestSettles = 10 * time.Second
	// digestPatience is how long a digest waits for kudos whose words cannot be read, while keys are replaced. Then it comes without them.
	digestPatience = 2 * time.Hour
	// digestPace is how far apart the messages of one digest are.
	digestPace = time.Second
)

// PlanDigest turns a due digest into its messages and begins the next window. Planning the same run again changes nothing. A channel in which there
// can be no digest now keeps its window open: who comes back tells what they missed.
func (r *Recognition) PlanDigest(ctx context.Context, now time.Time, channel string, end time.Time) error {
	d, err := r.Digests.Digest(ctx, channel)
	if errors.Is(err, ErrNotFound) || err == nil && (d.Off || !d.Since.Before(end)) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("plan digest of %q: %w", channel, err)
	}
	if now.After(end.Add(digestGrace)) { // its messages would expire, and take the week with them: the next one tells of it
		return nil
	}
	if settled := end.Add(digestSettles); now.Before(settled) {
		return &PostponedError{Until: settled}
	}
	window := d.window(end)
	week, err := r.gather(ctx, window)
	if err != nil {
		return fmt.Errorf("plan digest of %q: %w", channel, err)
	}
	if !week.scene.Channel.Postable() || week.scene.Channel.Shared {
		return nil
	}
	if week.sealed && now.Before(end.Add(digestPatience)) {
		return &PostponedError{Until: now.Add(unreadLook)}
	}
	pages, more := week.pages(r.Settings.Current().Values, digestPages)
	sends := digestSends(window, pages, more)
	d.Since = end
	err = r.Digests.SaveDigest(ctx, Token("plan "+window.sid()), d, d.entries(), sends)
	if err != nil && !errors.Is(err, ErrRepeated) {
		return fmt.Errorf("plan digest of %q: %w", channel, err)
	}
	return nil
}

// digestWindow is what a digest tells of: what was posted in a channel in [From, To).
type digestWindow struct {
	Channel  string
	From, To time.Time
}

// window is what a digest tells of that ends at an instant.
func (d Digest) window(end time.Time) digestWindow {
	w := digestWindow{Channel: d.Channel, From: d.Since, To: end}
	if longest := end.Add(-digestLongest); w.From.Before(longest) {
		w.From = longest
	}
	return w
}

// sid is that of the digest's first message.
func (w digestWindow) sid() string { return fmt.Sprintf("digest/%s/%d", w.Channel, w.To.Unix()) }

// digestRef says what one message of a digest shows. Which kudos stand on which page is decided when it is planned: what is taken back while the pages
// go out leaves a gap on its page, and moves nothing from one that comes to one that is out already.
type digestRef struct {
	digestWindow
	Page, Pages int
	Kudos       []string // ids, in their order; nil: as many as fit, of what a page of that number would have now
	More        int      // kudos that no page has room for; only of the last page
}

// String writes a ref as readDigestRef reads it: channel, window, page of pages, ids, how many more.
func (r digestRef) String() string {
	return fmt.Sprintf("%s %s %s %d/%d %s %d", r.Channel, r.From.UTC().Format(time.RFC3339Nano), r.To.UTC().Format(time.RFC3339Nano),
		r.Page, r.Pages, strings.Join(r.Kudos, ","), r.More)
}

// readDigestRef also reads refs that name no kudos, as there were before: a channel, two instants and perhaps a page.
func readDigestRef(ref string) (digestRef, error) {
	parts := strings.Fields(ref)
	if len(parts) != 3 && len(parts) != 4 && len(parts) != 6 {
		return digestRef{}, fmt.Errorf("read digest %q: %d words", ref, len(parts))
	}
	read := digestRef{digestWindow: digestWindow{Channel: parts[0]}}
	var err error
	if read.From, err = time.Parse(time.RFC3339Nano, parts[1]); err != nil {
		return digestRef{}, fmt.Errorf("read digest %q: %w", ref, err)
	}
	if read.To, err = time.Parse(time.RFC3339Nano, parts[2]); err != nil {
		return digestRef{}, fmt.Errorf("read digest %q: %w", ref, err)
	}
	if len(parts) > 3 {
		page, pages, _ := strings.Cut(parts[3], "/")
		if read.Page, err = strconv.Atoi(page); err != nil || read.Page < 0 {
			return digestRef{}, fmt.Errorf("read digest %q: page %q", ref, page)
		}
		if read.Pages, err = strconv.Atoi(orElse(pages, "0")); err != nil {
			return digestRef{}, fmt.Errorf("read digest %q: %q pages", ref, pages)
		}
	}
	if len(parts) == 6 {
		read.Kudos = strings.Split(parts[4], ",")
		if read.More, err = strconv.Atoi(parts[5]); err != nil {
			return digestRef{}, fmt.Errorf("read digest %q: %w", ref, err)
		}
	}
	return read, nil
}

// digestSends are a digest and what continues it in its thread; none for a week without kudos.
func digestSends(w digestWindow, pages [][]DigestItem, more int) Intents {
	var sends Intents
	for i, page := range pages {
		ref := digestRef{digestWindow: w, Page: i, Pages: len(pages)}
		for _, item := range page {
			ref.Kudos = append(ref.Kudos, item.ids()...)
		}
		if i == len(pages)-1 {
			ref.More = more
		}
		send := Send{SID: w.sid(), Kind: KindDigest, Channel: w.Channel, Due: w.To.Add(time.Duration(i) * digestPace), NotAfter: w.To.Add(digestGrace), Ref: ref.String()}
		if i > 0 {
			send.SID, send.Thread = digestPageSID(w, i), w.sid()
		}
		sends = append(sends, send)
	}
	return sends
}

func digestPageSID(w digestWindow, page int) string { return fmt.Sprintf("%s/%d", w.sid(), page) }

// ComposeDigest gathers one message of a digest from what is stored now.
func (r *Recognition) ComposeDigest(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	ref, err := readDigestRef(s.Ref)
	if err != nil {
		return nil, Decision{}, err
	}
	if ref.Page > 1 && len(ref.Kudos) > 0 { // the first continuation waits for the digest itself, as all do
		before, err := r.Sent.SendBySID(ctx, digestPageSID(ref.digestWindow, ref.Page-1))
		switch {
		case err != nil && !errors.Is(err, ErrNotFound):
			return nil, Decision{}, err
		case onItsWay(before):
			return nil, Decision{Verdict: Wait, Reason: ReasonWaits, Until: now.Add(digestPace)}, nil
		}
	}
	week, err := r.gather(ctx, ref.digestWindow)
	if err != nil {
		return nil, Decision{}, err
	}
	if !week.scene.Channel.Postable() || week.scene.Channel.Shared {
		return nil, Decision{Verdict: Drop, Reason: ReasonUnreachable}, nil
	}
	post, err := r.digestPage(ctx, week, ref)
	if err != nil {
		return nil, Decision{}, err
	}
	// The digest itself stands above its thread, even where all that it would show itself is gone by now.
	if len(post.Sections) == 0 && (ref.Page > 0 || len(week.items) == 0) {
		return nil, Decision{Verdict: Drop, Reason: ReasonNothing}, nil
	}
	return post, Decision{}, nil
}
