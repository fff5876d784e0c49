package bot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"rapport/prompts"
)

// DigestPost is the content of one message of a channel's digest. A digest shows the work, by time, and never how much anybody gave or received.
type DigestPost struct {
	Channel     string
	From, To    time.Time
	Page        int               // 0 is the digest itself, the others continue it in its thread
	Pages       int               // how many messages it has; 0 where that is not known
	Sections    []DigestSection   // of this page: by value, in the workspace's order; the one without a value and the reactions last
	More        int               // kudos that no page has room for; only on the last one
	Continued   bool              // the next page follows in the thread
	Givers      int               // how many people thanked, on all pages
	Recipients  int               // how many people were thanked
	Departments int               // that givers and recipients come from
	FirstTimers []string          // gave their first kudos
	Prompt      string            // one line that ends it
	People      map[string]Member // who is named

	shortened int // characters of an excerpt, where a page would not fit otherwise; 0: the standard
}

// DigestSection is the kudos of one value.
type DigestSection struct {
	Value     Value
	Reactions bool // they were given by an emoji, without words and value
	Kudos     []DigestItem
}

// DigestItem is one kudos of a digest, or several people's reactions with the same emoji to one message.
type DigestItem struct {
	Kudos      Kudos
	Recipients []string // those who did not hide it
	Link       string   // address of its message; empty if there is none
	Others     []Kudos  // reactions like Kudos, by others
}

// Givers are the people it comes from, by time.
func (i DigestItem) Givers() []string {
	givers := []string{i.Kudos.Giver}
	for _, k := range i.Others {
		givers = append(givers, k.Giver)
	}
	return unique(givers)
}

func (i DigestItem) ids() []string {
	ids := []string{i.Kudos.ID}
	for _, k := range i.Others {
		ids = append(ids, k.ID)
	}
	return ids
}

// DigestPreview is what somebody who asks is shown of a channel's digest.
type DigestPreview struct {
	Post   DigestPost
	Digest Digest // the zero value where it was never on
	On     bool
	May    bool // may switch it on and off
}

// PreviewDigest is what the digest of a channel would say now, for a member who asks in that channel. Without a digest it looks at the last week.
func (r *Recognition) PreviewDigest(ctx context.Context, now time.Time, actor, channel string) (DigestPreview, error) {
	scene, err := r.Scenes.Scene(ctx, channel, actor)
	if err != nil {
		return DigestPreview{}, fmt.Errorf("preview digest of %q: %w", channel, err)
	}
	c, m := scene.Channel, scene.Members[actor]
	switch {
	case !c.Postable():
		return DigestPreview{}, &Fault{Code: DigestOutside}
	case c.Shared:
		return DigestPreview{}, &Fault{Code: DigestShared}
	case (c.Private || m.Guest) && !r.present(ctx, c, actor, m): // everybody else could read it in the channel
		return DigestPreview{}, &Fault{Code: DigestOutside}
	}
	d, err := r.Digests.Digest(ctx, channel)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return DigestPreview{}, fmt.Errorf("preview digest of %q: %w", channel, err)
	}
	p := DigestPreview{Digest: d, On: err == nil && !d.Off, May: m.Person() && !m.Guest}
	ref := digestRef{digestWindow: digestWindow{Channel: channel, From: now.Add(-digestReach), To: now}}
	if p.On {
		ref.digestWindow = d.window(now)
	}
	week, err := r.gather(ctx, ref.digestWindow)
	if err != nil {
		return DigestPreview{}, fmt.Errorf("preview digest of %q: %w", channel, err)
	}
	if p.Post, err = r.digestPage(ctx, week, ref); err != nil {
		return DigestPreview{}, fmt.Errorf("preview digest of %q: %w", channel, err)
	}
	return p, nil
}

// digestWeek is what a digest can show, as it is stored now.
type digestWeek struct {
	scene  Scene        // everybody concerned and named, and the channel
	items  []DigestItem // in the order in which they are shown
	sealed bool         // there are kudos whose words no key opens
}

// pages spreads a week over messages; more is how many kudos none of them has room for.
func (w digestWeek) pages(values []Value, most int) (pages [][]DigestItem, more int) {
	return paginate(w.items, values, w.scene.Members, most)
}

// gather reads what a digest of a window can show.
func (r *Recognition) gather(ctx context.Context, w digestWindow) (digestWeek, error) {
	all, err := r.Store.ChannelKudos(ctx, w.Channel, w.From, w.To)
	if err != nil {
		return digestWeek{}, fmt.Errorf("gather digest of %q: %w", w.Channel, err)
	}
	var people []string
	for _, k := range all {
		people = append(append(append(people, k.Giver), k.Recipients...), mentioned(k.Message)...)
	}
	scene, err := r.Scenes.Scene(ctx, w.Channel, unique(people)...)
	if err != nil {
		return digestWeek{}, fmt.Errorf("gather digest of %q: %w", w.Channel, err)
	}
	items, err := r.linked(ctx, digestItems(all, scene))
	if err != nil {
		return digestWeek{}, fmt.Errorf("gather digest of %q: %w", w.Channel, err)
	}
	sealed := slices.ContainsFunc(all, func(k Kudos) bool { return k.Unreadable != "" })
	return digestWeek{scene: scene, items: inTurns(joinReactions(items)), sealed: sealed}, nil
}

// digestItems leaves out what must not leave its audience.
func digestItems(all []Kudos, scene Scene) []DigestItem {
	var items []DigestItem
	for _, k := range all {
		to := shownOf(k, scene)
		if !k.Posted || k.Private || !k.Undone.IsZero() || k.Unreadable != "" || !scene.Channel.fits(k) || len(to) == 0 {
			continue
		}
		items = append(items, DigestItem{Kudos: k, Recipients: to})
	}
	return items
}

// linked finds the items' messages. A kudos whose message never came into the channel is not shown there by the digest either.
func (r *Recognition) linked(ctx context.Context, items []DigestItem) ([]DigestItem, error) {
	sids := make([]string, len(items))
	for i, item := range items {
		sids[i] = item.Kudos.PostSID()
	}
	posts, err := r.Sent.SendsBySID(ctx, sids...)
	if err != nil {
		return nil, err
	}
	var kept []DigestItem
	for i, item := range items {
		post := posts[sids[i]]
		if neverSent(post) {
			continue
		}
		switch {
		case item.Kudos.Reaction != "":
			item.Link = item.Kudos.About
		case post.PostedTS != "":
			item.Link = r.Permalink(post.PostedIn, post.PostedTS)
		}
		kept = append(kept, item)
	}
	return kept, nil
}

// digestPage is one message of a week's digest.
func (r *Recognition) digestPage(ctx context.Context, week digestWeek, ref digestRef) (DigestPost, error) {
	values := r.Settings.Current().Values
	post := countDigest(week.items, week.scene, r.Settings.Current().Departments)
	post.Channel, post.From, post.To, post.Page, post.People = ref.Channel, ref.From, ref.To, ref.Page, week.scene.Members
	shown := planned(week.items, ref.Kudos)
	post.Pages, post.More, post.Continued = ref.Pages, ref.More, ref.Page+1 < ref.Pages
	if ref.Kudos == nil {
		pages, more := week.pages(values, digestPagesBefore)
		post.Pages, post.Continued = len(pages), ref.Page+1 < len(pages)
		if ref.Page < len(pages) {
			shown = pages[ref.Page]
		}
		if ref.Page+1 == len(pages) {
			post.More = more
		}
	}
	post.Sections = sectionsOf(shown, values)
	post.shortened = fittingExcerpt(shown, values, week.scene.Members)
	if ref.Page > 0 {
		return post, nil
	}
	post.Prompt = r.promptOfWeek(prompts.KindDigest, ref.Channel, ref.To).Text
	var err error
	if post.FirstTimers, err = r.firstTimers(ctx, week.items, ref.Channel, ref.From); err != nil {
		return DigestPost{}, fmt.Errorf("gather digest of %q: %w", ref.Channel, err)
	}
	return post, nil
}

// promptOfWeek is the prompt of a kind whose turn it is in a channel: each comes once before one comes again. The zero value if there are none.
func (r *Recognition) promptOfWeek(kind prompts.Kind, channel string, at time.Time) prompts.Prompt {
	list := slices.DeleteFunc(r.Prompts.All(), func(p prompts.Prompt) bool { return p.Kind != kind || p.Language != prompts.DefaultLanguage })
	if len(list) == 0 {
		return prompts.Prompt{}
	}
	rand.New(rand.NewPCG(seedOf(channel), 0)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	const week = 7 * 24 * 60 * 60
	return list[at.Unix()/week%int64(len(list))]
}

// firstTimers returns those who thanked somebody for the first time in the window, as far as the channel's people can read, in the order of the items.
func (r *Recognition) firstTimers(ctx context.Context, items []DigestItem, channel string, from time.Time) ([]string, error) {
	var givers []string
	for _, item := range items {
		givers = append(givers, item.Givers()...)
	}
	givers = unique(givers)
	first, err := r.Store.FirstGiven(ctx, channel, givers...)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(givers, func(id string) bool {
		at, known := first[id]
		return !known || at.Before(from)
	}), nil
}

func countDigest(items []DigestItem, scene Scene, order []Source) DigestPost {
	givers, recipients, departments := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, item := range items {
		for _, id := range item.Givers() {
			givers[id] = true
		}
		for _, id := range item.Recipients {
			recipients[id] = true
		}
		for _, id := range append(item.Givers(), item.Recipients...) {
			if d := scene.department(id, order); d != "" {
				departments[d] = true
			}
		}
	}
	return DigestPost{Givers: len(givers), Recipients: len(recipients), Departments: len(departments)}
}
