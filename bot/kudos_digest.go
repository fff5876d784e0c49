package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/prompts"
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

// DigestPost is the content of one message of a channel's digest. A digest shows the work, by time, and never how much anybody gave or received.
type DigestPost struct {
	Channel     string
	From, To    time.Time
	Page        int               // 0 is the digest itself, the others continue it in its thread
	Sections    []DigestSection   // of this page: by value, in the workspace's order; the one without a value last
	More        int               // kudos that no page has room for; only on the last one
	Continued   bool              // the next page follows in the thread
	Givers      int               // how many people thanked, on all pages
	Recipients  int               // how many people were thanked
	Departments int               // that givers and recipients come from
	FirstTimers []string          // gave their first kudos
	Prompt      string            // one line that ends it
	People      map[string]Member // who is named
}

// DigestSection is the kudos of one value.
type DigestSection struct {
	Value Value
	Kudos []DigestItem
}

// DigestItem is one kudos of a digest.
type DigestItem struct {
	Kudos      Kudos
	Recipients []string // those who did not hide it
	Link       string   // address of its message; empty if there is none
}

// DigestPreview is what somebody who asks is shown of a channel's digest.
type DigestPreview struct {
	Post   DigestPost
	Digest Digest
	On     bool
	May    bool // may switch it on and off
}

// SetDigest switches a channel's weekly digest on, or off with d.Off, for d.By, who has to be a full member of the company and in the channel. On
// when it is on, or off when it is off, changes nothing.
func (r *Recognition) SetDigest(ctx context.Context, now time.Time, token Token, d Digest) (Digest, error) {
	scene, err := r.Scenes.Scene(ctx, d.Channel, d.By)
	if err != nil {
		return Digest{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if err := r.mayDecide(ctx, d, scene); err != nil {
		return Digest{}, err
	}
	stored, err := r.Digests.Digest(ctx, d.Channel)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Digest{}, &Fault{Code: FaultUnread, Cause: err}
	}
	switch there := err == nil; {
	case there && stored.Off == d.Off:
		return stored, nil
	case !there && d.Off:
		return d, nil
	case d.Off:
		by := d.By
		d = stored
		d.Off, d.By = true, by
	default:
		d.Version, d.Since = stored.Version, stored.Since
		if earliest := now.Add(-digestReach); d.Since.Before(earliest) {
			d.Since = earliest
		}
	}
	if zone, err := time.LoadLocation(d.Zone); err != nil || d.Zone == "" || zone == time.Local {
		d.Zone = "UTC"
	}
	// The version makes the same button, pressed again after the opposite one, another act.
	err = r.Digests.SaveDigest(ctx, Token(fmt.Sprintf("%s v%d", token, d.Version)), d, digestEntry(d), nil)
	switch {
	case errors.Is(err, ErrRepeated):
		if stored, err = r.Digests.Digest(ctx, d.Channel); err == nil {
			return stored, nil
		}
		return Digest{}, &Fault{Code: FaultUnsaved, Cause: err}
	case errors.Is(err, ErrConflict):
		return Digest{}, &Fault{Code: FaultStale, Cause: err}
	case err != nil:
		return Digest{}, &Fault{Code: FaultUnsaved, Cause: err}
	}
	d.Version++
	return d, nil
}

// mayDecide makes sure that a member may decide on a channel's digest, and that there can be one.
func (r *Recognition) mayDecide(ctx context.Context, d Digest, scene Scene) error {
	c, m := scene.Channel, scene.Members[d.By]
	switch {
	case m.Guest:
		return &Fault{Code: DigestGuest}
	case !m.Person(), !c.Postable() && !d.Off, !r.present(ctx, c, d.By, m):
		return &Fault{Code: DigestOutside}
	case c.Shared && !d.Off:
		return &Fault{Code: DigestShared}
	}
	return nil
}

func digestEntry(d Digest) Entry {
	return Entry{
		Name: "digest/" + d.Channel, Zone: d.Zone, Off: d.Off, Grace: digestGrace,
		Spec: fmt.Sprintf("%d %d * * %d", d.Minute%60, d.Minute/60, d.Weekday),
	}
}

// PlanDigest turns a due digest into its messages and begins the next window. Planning the same run again changes nothing.
func (r *Recognition) PlanDigest(ctx context.Context, channel string, end time.Time) error {
	d, err := r.Digests.Digest(ctx, channel)
	if errors.Is(err, ErrNotFound) || err == nil && (d.Off || !d.Since.Before(end)) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("plan digest of %q: %w", channel, err)
	}
	sends := digestSends(channel, d.Since, end)
	d.Since = end
	err = r.Digests.SaveDigest(ctx, Token("plan "+sends[0].SID), d, digestEntry(d), sends)
	if err != nil && !errors.Is(err, ErrRepeated) {
		return fmt.Errorf("plan digest of %q: %w", channel, err)
	}
	return nil
}

// digestSends are a digest and what may have to continue it in its thread; a page without content is dropped when it is due.
func digestSends(channel string, from, end time.Time) Intents {
	window := channel + " " + from.UTC().Format(time.RFC3339Nano) + " " + end.UTC().Format(time.RFC3339Nano)
	first := fmt.Sprintf("digest/%s/%d", channel, end.Unix())
	sends := Intents{{SID: first, Kind: KindDigest, Channel: channel, Due: end, NotAfter: end.Add(digestGrace), Ref: window}}
	for page := 1; page < digestPages; page++ {
		next := sends[0]
		next.SID, next.Ref, next.Thread = fmt.Sprintf("%s/%d", first, page), fmt.Sprintf("%s %d", window, page), first
		sends = append(sends, next)
	}
	return sends
}

// ComposeDigest gathers one page of a digest from what is stored now.
func (r *Recognition) ComposeDigest(ctx context.Context, _ time.Time, s Send) (any, Decision, error) {
	channel, from, to, page, err := readDigestRef(s.Ref)
	if err != nil {
		return nil, Decision{}, err
	}
	scene, err := r.Scenes.Scene(ctx, channel)
	if err != nil {
		return nil, Decision{}, err
	}
	if !scene.Channel.Postable() || scene.Channel.Shared {
		return nil, Decision{Verdict: Drop, Reason: ReasonUnreachable}, nil
	}
	post, err := r.gather(ctx, channel, from, to, page)
	if err != nil {
		return nil, Decision{}, err
	}
	if len(post.Sections) == 0 {
		return nil, Decision{Verdict: Drop, Reason: ReasonNothing}, nil
	}
	return post, Decision{}, nil
}

// PreviewDigest is what the digest of a channel would say now, for a member who asks in that channel. Without a digest it looks at the last week.
func (r *Recognition) PreviewDigest(ctx context.Context, now time.Time, actor, channel string) (DigestPreview, error) {
	scene, err := r.Scenes.Scene(ctx, channel, actor)
	if err != nil {
		return DigestPreview{}, fmt.Errorf("preview digest of %q: %w", channel, err)
	}
	switch {
	case !scene.Channel.Postable():
		return DigestPreview{}, &Fault{Code: DigestOutside}
	case scene.Channel.Shared:
		return DigestPreview{}, &Fault{Code: DigestShared}
	}
	d, err := r.Digests.Digest(ctx, channel)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return DigestPreview{}, fmt.Errorf("preview digest of %q: %w", channel, err)
	}
	m := scene.Members[actor]
	p := DigestPreview{Digest: d, On: err == nil && !d.Off, May: m.Person() && !m.Guest}
	from := now.Add(-digestReach)
	if p.On {
		from = d.Since
	}
	if p.Post, err = r.gather(ctx, channel, from, now, 0); err != nil {
		return DigestPreview{}, fmt.Errorf("preview digest of %q: %w", channel, err)
	}
	return p, nil
}

func readDigestRef(ref string) (channel string, from, to time.Time, page int, err error) {
	parts := strings.Fields(ref)
	if len(parts) == 4 {
		page, err = strconv.Atoi(parts[3])
	}
	if err != nil || len(parts) < 3 || len(parts) > 4 {
		return "", from, to, 0, fmt.Errorf("read digest %q: not a channel, two instants and perhaps a page", ref)
	}
	if from, err = time.Parse(time.RFC3339Nano, parts[1]); err != nil {
		return "", from, to, 0, fmt.Errorf("read digest %q: %w", ref, err)
	}
	if to, err = time.Parse(time.RFC3339Nano, parts[2]); err != nil {
		return "", from, to, 0, fmt.Errorf("read digest %q: %w", ref, err)
	}
	return parts[0], from, to, page, nil
}

// gather makes one page of the digest of what was posted in a channel in [from, to).
func (r *Recognition) gather(ctx context.Context, channel string, from, to time.Time, page int) (DigestPost, error) {
	all, err := r.Store.ChannelKudos(ctx, channel, from, to)
	if err != nil {
		return DigestPost{}, fmt.Errorf("gather digest of %q: %w", channel, err)
	}
	var people []string
	for _, k := range all {
		people = slices.Concat(people, []string{k.Giver}, k.Recipients, mentioned(k.Message))
	}
	scene, err := r.Scenes.Scene(ctx, channel, unique(people)...)
	if err != nil {
		return DigestPost{}, fmt.Errorf("gather digest of %q: %w", channel, err)
	}
	items, err := r.linked(ctx, digestItems(all, scene))
	if err != nil {
		return DigestPost{}, fmt.Errorf("gather digest of %q: %w", channel, err)
	}
	digest := countDigest(items, scene, r.Settings.Current().Departments)
	digest.Channel, digest.From, digest.To, digest.Page, digest.People = channel, from, to, page, scene.Members
	values := r.Settings.Current().Values
	pages, more := paginate(items, values, scene.Members)
	if page < len(pages) {
		digest.Sections = sectionsOf(pages[page], values)
	}
	digest.Continued = page+1 < len(pages)
	if page+1 == len(pages) {
		digest.More = more
	}
	if page > 0 {
		return digest, nil
	}
	prompt, _ := r.Prompts.Pick(prompts.Wish{Kinds: []prompts.Kind{prompts.KindDigest}, Seed: seedOf(channel + to.Format(time.DateOnly))})
	digest.Prompt = prompt.Text
	if digest.FirstTimers, err = r.firstTimers(ctx, items, from); err != nil {
		return DigestPost{}, fmt.Errorf("gather digest of %q: %w", channel, err)
	}
	return digest, nil
}

// linked finds the items' messages. A kudos whose message never came into the channel is not shown there by the digest either.
func (r *Recognition) linked(ctx context.Context, items []DigestItem) ([]DigestItem, error) {
	var kept []DigestItem
	for _, item := range items {
		post, err := r.Sent.SendBySID(ctx, KudosPostSID(item.Kudos.ID))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, err
		}
		if neverSent(post) {
			continue
		}
		if post.PostedTS != "" {
			item.Link = r.Permalink(post.PostedIn, post.PostedTS)
		}
		kept = append(kept, item)
	}
	return kept, nil
}

// firstTimers returns those who thanked somebody for the first time in the window, in the order of the items.
func (r *Recognition) firstTimers(ctx context.Context, items []DigestItem, from time.Time) ([]string, error) {
	var givers []string
	for _, item := range items {
		givers = append(givers, item.Kudos.Giver)
	}
	givers = unique(givers)
	first, err := r.Store.FirstGiven(ctx, givers...)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(givers, func(id string) bool {
		at, known := first[id]
		return !known || at.Before(from)
	}), nil
}

// digestItems leaves out what must not leave its audience and orders the rest by time, in turns: at most two of a recipient before
// everybody has one.
func digestItems(all []Kudos, scene Scene) []DigestItem {
	var first, later []DigestItem
	shown := map[string]int{}
	for _, k := range all {
		to := shownOf(k, scene)
		if !k.Posted || k.Private || !k.Undone.IsZero() || !scene.Channel.fits(k) || len(to) == 0 {
			continue
		}
		item := DigestItem{Kudos: k, Recipients: to}
		if slices.ContainsFunc(to, func(id string) bool { return shown[id] < 2 }) {
			first = append(first, item)
		} else {
			later = append(later, item)
		}
		for _, id := range to {
			shown[id]++
		}
	}
	return append(first, later...)
}

func countDigest(items []DigestItem, scene Scene, order []Source) DigestPost {
	givers, recipients, departments := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, item := range items {
		givers[item.Kudos.Giver] = true
		for _, id := range append([]string{item.Kudos.Giver}, item.Recipients...) {
			if d := scene.department(id, order); d != "" {
				departments[d] = true
			}
		}
		for _, id := range item.Recipients {
			recipients[id] = true
		}
	}
	return DigestPost{Givers: len(givers), Recipients: len(recipients), Departments: len(departments)}
}
