package bot

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// InboxReader finds what is, or was, on its way to a member.
type InboxReader interface {
	SentLister
	// SendsTo finds the sends that are addressed to a member, see [Send.AddressedTo]: those that wait, and the latest that were settled; in the order in which they
	// were to be looked at. Of a settled one it knows what [SentReader] knows; a hundred at most, and none that is older than five weeks.
	SendsTo(ctx context.Context, member string) ([]Send, error)
	// Paused returns the kinds of which nothing is sent for now.
	Paused(ctx context.Context) ([]Kind, error)
}

// AddressedTo is the member to whom the send brings what a colleague says about a commitment; empty for every other send.
func (s Send) AddressedTo() string {
	if s.Kind != KindProposal && s.Kind != KindAnswer || !strings.HasPrefix(s.SID, "followup/") || len(s.Members) != 1 {
		return ""
	}
	return s.Members[0]
}

const (
	// addressedMost and addressedRoom are how many items, and how many characters of them, one message tells of, so that each stands there in full; addressedFrame is
	// what stands around a text.
	addressedMost  = 9
	addressedRoom  = 8800
	addressedFrame = 350
	// addressedHead is how long the others wait for a message that took some of them in and is late.
	addressedHead = time.Minute
)

// letter is one thing that is addressed to a member, on its way in the ledger.
type letter struct {
	send Send
	item AddressedItem
	from string
}

// inboxOf is what decides when a member hears of what colleagues address to them.
type inboxOf struct {
	to     string
	own    []letter // that the message tells of, as far as they hold
	others []Send   // that are on their way to the member, or were
	free   []letter // of the others, those that hold and wait, unless something has to be waited for anyway
	scene  Scene
	hours  Hours
}

// openInbox reads the inbox of whom a send goes to.
func (p *Promises) openInbox(ctx context.Context, now time.Time, s Send) (*inboxOf, error) {
	box := &inboxOf{to: s.Members[0]}
	sends, err := p.Sent.SendsTo(ctx, box.to)
	if err != nil {
		return nil, err
	}
	own, err := p.heldBy(ctx, s, sends)
	if err != nil {
		return nil, err
	}
	if box.own, err = p.letters(ctx, box.to, own); err != nil || len(box.own) == 0 {
		return box, err
	}
	box.others = slices.DeleteFunc(sends, func(other Send) bool {
		return slices.ContainsFunc(own, func(s Send) bool { return s.SID == other.SID })
	})
	if !box.until(now, s).After(now) {
		if box.free, err = p.free(ctx, now, box); err != nil {
			return nil, err
		}
	}
	people := []string{box.to}
	for _, l := range slices.Concat(box.own, box.free) {
		people = append(people, l.from, l.item.Commitment.By, l.item.Commitment.Owner)
	}
	if box.scene, err = p.Scenes.Scene(ctx, "", unique(people)...); err != nil {
		return nil, err
	}
	box.hours = box.scene.Hours(box.to, p.zone())
	return box, nil
}

// heldBy is a send and those that it took in.
func (p *Promises) heldBy(ctx context.Context, s Send, known []Send) ([]Send, error) {
	if len(s.Took) == 0 {
		return []Send{s}, nil
	}
	taken, err := p.Sent.SendsBySID(ctx, s.Took...)
	if err != nil {
		return nil, err
	}
	list := []Send{s}
	for _, sid := range s.Took {
		if t, ok := taken[sid]; ok {
			list = append(list, t)
		}
	}
	// As they came; one that the index does not know comes first.
	place := func(s Send) int { return slices.IndexFunc(known, func(k Send) bool { return k.SID == s.SID }) }
	slices.SortStableFunc(list, func(a, b Send) int { return cmp.Compare(place(a), place(b)) })
	return list, nil
}

// letters reads what sends tell of, and leaves out what does not hold any more.
func (p *Promises) letters(ctx context.Context, to string, sends []Send) ([]letter, error) {
	var list []letter
	for _, s := range sends {
		c, rest, err := p.referred(ctx, s)
		if errors.Is(err, ErrUnreadable) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if item, from, ok := c.addressed(to, s.Kind, rest); ok {
			item.Kind, item.Ref = s.Kind, s.Ref
			list = append(list, letter{send: s, item: item, from: from})
		}
	}
	return list, nil
}

// free are the others that the message may tell of, too: what waits, and nobody works on or holds back.
func (p *Promises) free(ctx context.Context, now time.Time, box *inboxOf) ([]letter, error) {
	waiting := slices.DeleteFunc(slices.Clone(box.others), func(s Send) bool {
		return s.State != StatePending || len(s.Took) > 0 || !s.NotAfter.IsZero() && now.After(s.NotAfter)
	})
	if len(waiting) == 0 {
		return nil, nil
	}
	paused, err := p.Sent.Paused(ctx)
	if err != nil {
		return nil, err
	}
	waiting = slices.DeleteFunc(waiting, func(s Send) bool { return slices.Contains(paused, s.Kind) })
	return p.letters(ctx, box.to, waiting)
}

// until is when the message may come, as far as the others are concerned; zero for any time.
func (b *inboxOf) until(now time.Time, s Send) time.Time {
	var until time.Time
	for _, other := range b.others {
		if other.State == StatePending && other.Due.Before(now.Add(-addressedHead)) {
			continue // somebody holds it back
		}
		if at := after(other, now, len(s.Took) == 0); at.After(until) {
			until = at
		}
	}
	return until
}

// decide decides whether the member is told now: whether they want it and can be written to, whether an hour has passed since the last message, and, last of
// all, whether they want to hear it from whom it comes.
func (b *inboxOf) decide(now time.Time, s Send) Decision {
	if len(b.own) == 0 {
		return Decision{Verdict: Drop, Reason: ReasonUndone}
	}
	wanted := slices.DeleteFunc(slices.Clone(b.own), b.muted)
	if len(wanted) == 0 {
		return Decision{Verdict: Drop, Reason: ReasonMuted}
	}
	if d := reachable(b.scene.Members[b.to], b.scene.Preferences[b.to], wanted[0].send.Kind, b.hours, now); d.Verdict != Go {
		return d
	}
	if until := b.until(now, s); until.After(now) {
		return Decision{Verdict: Wait, Reason: ReasonBundled, Until: until}
	}
	b.own = nil
	var held Decision
	for _, l := range wanted {
		switch d := b.heldBack(l, now); d.Verdict {
		case Go:
			b.own = append(b.own, l)
		case Wait:
			return d
		case Drop:
			held = d
		}
	}
	if len(b.own) == 0 {
		return held
	}
	return Decision{}
}

// muted reports whether the member takes no messages of that kind.
func (b *inboxOf) muted(l letter) bool {
	return slices.Contains(b.scene.Preferences[b.to].Muted, l.send.Kind)
}

// heldBack decides whether the member wants to hear it from whom it comes.
func (b *inboxOf) heldBack(l letter, now time.Time) Decision {
	if l.item.pointless(b.scene.Members[l.from]) {
		return Decision{Verdict: Drop, Reason: ReasonUndone}
	}
	if !l.item.unasked(b.to) {
		return Decision{}
	}
	return b.scene.heldBack(b.to, l.from, b.hours, now)
}

// takes are the others that the message tells of, too: as many of those that wait as have room beside its own.
func (b *inboxOf) takes(now time.Time) []letter {
	count, room := len(b.own), addressedRoom
	for _, l := range b.own {
		room -= l.item.size()
	}
	var taken []letter
	for _, l := range b.free {
		if size := l.item.size(); count < addressedMost && size <= room && !b.muted(l) && b.heldBack(l, now).Verdict == Go {
			taken, count, room = append(taken, l), count+1, room-size
		}
	}
	return taken
}

// size is how much room an item takes in a message, in characters.
func (i AddressedItem) size() int {
	size := addressedFrame
	for _, text := range []string{i.Commitment.Text, i.Words} {
		size += utf8.RuneCountInString(OutgoingText{KeepUsers: true}.Mrkdwn(text))
	}
	return size
}

// items are what letters say, what asks for something first. What says the same twice, as after an undo, is said once.
func (b *inboxOf) items(letters []letter) []AddressedItem {
	var items []AddressedItem
	for _, l := range letters {
		item := l.item
		item.From = b.scene.Members[l.from]
		same := func(i AddressedItem) bool {
			return i.What == item.What && i.Commitment.ID == item.Commitment.ID && i.From.ID == item.From.ID && i.Words == item.Words
		}
		if !slices.ContainsFunc(items, same) {
			items = append(items, item)
		}
	}
	slices.SortStableFunc(items, func(a, b AddressedItem) int {
		return cmp.Compare(slices.Index(KindProposal.Together(), a.Kind), slices.Index(KindProposal.Together(), b.Kind))
	})
	return items
}

// composeAddressed tells a member what colleagues address to them, if it still holds, and takes in what else waits for them.
func (p *Promises) composeAddressed(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	box, err := p.openInbox(ctx, now, s)
	if err != nil {
		return nil, Decision{}, err
	}
	if d := box.decide(now, s); d.Verdict != Go {
		if d.Reason == ReasonUndone {
			_, _, err = p.referred(ctx, s)
			if wait, sealed := unreadable(err, now); sealed {
				return nil, wait, nil
			}
		}
		return nil, d, nil
	}
	var d Decision
	taken := box.takes(now)
	for _, l := range taken {
		d.Takes, d.TakesKinds = append(d.Takes, l.send.SID), append(d.TakesKinds, l.send.Kind)
	}
	content := Addressed{Reader: box.scene.Members[box.to], Hours: box.hours, Items: box.items(slices.Concat(box.own, taken))}
	content.People, err = p.named(ctx, commitmentsIn(content.Items)...)
	return content, d, err
}

func commitmentsIn(items []AddressedItem) []Commitment {
	list := make([]Commitment, len(items))
	for i, item := range items {
		list[i] = item.Commitment
	}
	return list
}

// StandingItem names an item of a message that tells of several, as its buttons do. People can forge it.
type StandingItem struct {
	Kind Kind
	Ref  string
}

// AddressedNow is a message that told the actor of these items, as they stand now: what was answered, or does not hold any more, says so. Of what the actor may not
// see, only the number is left, and whether they can take back what they did.
func (p *Promises) AddressedNow(ctx context.Context, now time.Time, actor string, list ...StandingItem) (Addressed, error) {
	if len(list) > addressedMost {
		return Addressed{}, &Fault{Code: FaultInvalid}
	}
	var items []AddressedItem
	var senders []string
	for _, one := range list {
		if !slices.Contains(KindProposal.Together(), one.Kind) {
			return Addressed{}, &Fault{Code: FaultInvalid}
		}
		item, from, err := p.standingItem(ctx, now, actor, one)
		if err != nil {
			return Addressed{}, &Fault{Code: FaultUnread, Cause: err}
		}
		items, senders = append(items, item), append(senders, from)
	}
	scene, err := p.Scenes.Scene(ctx, "", unique(append([]string{actor}, senders...))...)
	if err != nil {
		return Addressed{}, &Fault{Code: FaultUnread, Cause: err}
	}
	for i := range items {
		items[i].From = scene.Members[senders[i]]
		items[i].Over = items[i].Over || items[i].pointless(items[i].From)
	}
	people, err := p.named(ctx, commitmentsIn(items)...)
	if err != nil {
		return Addressed{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return Addressed{Reader: scene.Members[actor], Hours: scene.Hours(actor, p.zone()), Items: items, People: people}, nil
}

// standingItem reads one of them.
func (p *Promises) standingItem(ctx context.Context, now time.Time, actor string, one StandingItem) (AddressedItem, string, error) {
	c, rest, err := p.referred(ctx, Send{Ref: one.Ref})
	if err != nil && !errors.Is(err, ErrUnreadable) {
		return AddressedItem{}, "", err
	}
	if c.Before != nil && now.After(c.Before.Till) {
		c.Before = nil // too late for that
	}
	item, from, ok := c.addressed(actor, one.Kind, rest)
	item.Kind, item.Ref, item.Over = one.Kind, one.Ref, !ok
	item.Declined, item.Chose = c.declinedBy(actor, now), c.choseLately(actor, now)
	if w, said := c.wordTo(actor, item.Word); said {
		waiting, err := p.waiting(ctx, c.ID, w)
		if err != nil {
			return AddressedItem{}, "", err
		}
		if waiting { // nobody was told of it yet
			item.Words, item.Word, item.Over = "", 0, true
		}
	}
	if actor != c.Owner && actor != c.Giving {
		item.Commitment = item.Commitment.seenBy(actor)
	}
	if !c.VisibleTo(actor) && item.Words == "" {
		number, _, _ := strings.Cut(one.Ref, " ")
		id, _ := strconv.Atoi(number) // it was one a moment ago
		item.Over, item.Commitment, from = true, Commitment{ID: id}, ""
	}
	return item, from, nil
}

// declinedBy reports whether a member said no to an offer, and can take that back.
func (c Commitment) declinedBy(member string, now time.Time) bool {
	return c.Owner != member && c.SaidNo(member) && !now.After(c.Offers[len(c.Offers)-1].No.Add(undoWindow))
}

// choseLately reports whether somebody chose what becomes of a commitment to them whose owner left, and can take that back.
func (c Commitment) choseLately(member string, now time.Time) bool {
	ch, chose := c.chosenBy(member)
	return chose && c.Owner != member && !now.After(ch.At.Add(undoWindow))
}
