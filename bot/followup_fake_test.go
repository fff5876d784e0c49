package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot/when"
)

// notebook keeps commitments and the ledger in memory, as strictly as the real store: versions are compared, tokens count once.
type notebook struct {
	commitments map[int]Commitment
	sends       map[string]Send
	tokens      map[Token]int
	quota       map[string]int
	broken      error  // what every write answers
	paused      []Kind // what an operator holds back
	onReplace   func() // runs once, just before a commitment is replaced: somebody else is faster
}

func newNotebook() *notebook {
	return &notebook{commitments: map[int]Commitment{}, sends: map[string]Send{}, tokens: map[Token]int{}, quota: map[string]int{}}
}

func (n *notebook) AddCommitment(_ context.Context, token Token, c Commitment, q *ProposalQuota, intents Intents) (Commitment, error) {
	if n.broken != nil {
		return Commitment{}, n.broken
	}
	if id, came := n.tokens[token]; came {
		return n.commitments[id], ErrRepeated
	}
	if !n.count(q) {
		return Commitment{}, ErrLimit
	}
	c.ID, c.Version = len(n.commitments)+1, 1
	n.tokens[token], n.commitments[c.ID] = c.ID, c
	n.insert(intents, c.ID)
	return c, nil
}

func (n *notebook) Commitment(_ context.Context, id int) (Commitment, error) {
	c, ok := n.commitments[id]
	if !ok {
		return Commitment{}, ErrNotFound
	}
	return c, nil
}

// CommitmentScene knows nobody, so that people are read as scenes.
func (n *notebook) CommitmentScene(_ context.Context, id int, _ ...string) (Commitment, Scene, error) {
	return n.commitments[id], Scene{}, nil
}

func (n *notebook) MemberCommitments(ctx context.Context, member string, since time.Time) (owned, owed []Commitment, err error) {
	if owned, err = n.OwnedCommitments(ctx, member, since); err != nil {
		return nil, nil, err
	}
	owed, err = n.OwedCommitments(ctx, member, since)
	return owned, owed, err
}

func (n *notebook) ReplaceCommitment(_ context.Context, token Token, was, c Commitment, intents Intents) error {
	if f := n.onReplace; f != nil {
		n.onReplace = nil
		f()
	}
	if n.broken != nil {
		return n.broken
	}
	if _, came := n.tokens[token]; came {
		return ErrRepeated
	}
	if n.commitments[c.ID].Version != was.Version {
		return ErrConflict
	}
	c.Version++
	n.tokens[token], n.commitments[c.ID] = c.ID, c
	n.insert(intents, c.ID)
	return nil
}

func (n *notebook) count(q *ProposalQuota) bool {
	if q == nil {
		return true
	}
	day := q.Member + q.Day.String()
	if n.quota[day]+q.N > q.Limit {
		return false
	}
	n.quota[day] += q.N
	return true
}

func (n *notebook) ChangeCommitments(_ context.Context, token Token, step CommitmentStep) ([]Commitment, error) {
	if f := n.onReplace; f != nil {
		n.onReplace = nil
		f()
	}
	if n.broken != nil {
		return nil, n.broken
	}
	if _, came := n.tokens[token]; came {
		return nil, ErrRepeated
	}
	for _, r := range step.Replace {
		if n.commitments[r.Is.ID].Version != r.Was.Version {
			return nil, ErrConflict
		}
	}
	if !n.count(step.Quota) {
		return nil, ErrLimit
	}
	n.tokens[token] = 0
	for i, r := range step.Replace {
		if i == 0 {
			n.tokens[token] = r.Is.ID
		}
		r.Is.Version++
		n.commitments[r.Is.ID] = r.Is
	}
	var added []Commitment
	for _, a := range step.Add {
		c := a.Commitment
		c.ID, c.Version = len(n.commitments)+1, 1
		n.commitments[c.ID] = c
		n.insert(a.Intents, c.ID)
		added = append(added, c)
	}
	n.insert(step.Intents, 0)
	return added, nil
}

func (n *notebook) OwnedCommitments(_ context.Context, owner string, since time.Time) ([]Commitment, error) {
	return n.those(since, func(c Commitment) bool { return c.Owner == owner }), nil
}

func (n *notebook) OwedCommitments(_ context.Context, member string, since time.Time) ([]Commitment, error) {
	return n.those(since, func(c Commitment) bool {
		return c.Giving == member || slices.ContainsFunc(c.Counterparties, func(cp Counterparty) bool { return cp.Member == member })
	}), nil
}

func (n *notebook) those(since time.Time, belongs func(Commitment) bool) []Commitment {
	var list []Commitment
	for _, id := range slices.Sorted(maps.Keys(n.commitments)) {
		if c := n.commitments[id]; belongs(c) && (c.Closed.IsZero() || !c.Closed.Before(since)) {
			list = append(list, c)
		}
	}
	return list
}

func (n *notebook) SendBySID(_ context.Context, sid string) (Send, error) {
	s, ok := n.sends[sid]
	if !ok {
		return Send{}, ErrNotFound
	}
	return s, nil
}

// insert does as the ledger does: what is there stays, unless it still waits and is due earlier now.
func (n *notebook) insert(intents Intents, id int) {
	number := fmt.Sprint(id)
	for _, s := range intents {
		s.SID, s.Ref = strings.ReplaceAll(s.SID, "{id}", number), strings.ReplaceAll(s.Ref, "{id}", number)
		if there, ok := n.sends[s.SID]; ok {
			if there.State == StatePending && s.Due.Before(there.Due) {
				there.Due = s.Due
				n.sends[s.SID] = there
			}
			continue
		}
		s.State = StatePending
		n.sends[s.SID] = s
	}
}

// desk is people with promises, a clock and a postman.
type desk struct {
	*notebook
	t       *testing.T
	now     time.Time
	members map[string]Member
	prefs   map[string]Preferences
	use     *Promises
	presses int
	post    []posted
}

// posted is a message that went out.
type posted struct {
	at      time.Time
	to      string
	content any
}

func (d *desk) Scene(_ context.Context, _ string, members ...string) (Scene, error) {
	s := Scene{Members: map[string]Member{}, Preferences: map[string]Preferences{}}
	for _, id := range members {
		if m, ok := d.members[id]; ok {
			s.Members[id] = m
		}
		if p, ok := d.prefs[id]; ok {
			s.Preferences[id] = p
		}
	}
	return s, nil
}

// newDesk is in Berlin but for UNEW, who is in New York, and UFAR, who is in Tokyo. It is a Wednesday, 10:17.
func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{notebook: newNotebook(), t: t, now: instant(t, "2026-03-25T10:17:00+01:00"), prefs: map[string]Preferences{}}
	d.members = map[string]Member{
		"UANA": {ID: "UANA", Zone: "Europe/Berlin"}, "UBOB": {ID: "UBOB", Zone: "Europe/Berlin"}, "UCY": {ID: "UCY", Zone: "Europe/Berlin"},
		"UNEW": {ID: "UNEW", Zone: "America/New_York"}, "UFAR": {ID: "UFAR", Zone: "Asia/Tokyo"},
		"UBOT": {ID: "UBOT", Bot: true}, "UGONE": {ID: "UGONE", Deleted: true}, "UALIEN": {ID: "UALIEN", Stranger: true},
	}
	d.use = &Promises{Store: d.notebook, Scenes: d, Sent: d.notebook, Settings: &Settings{}}
	return d
}

// press is a new act, as of a button that nobody pressed before.
func (d *desk) press(actor string, id int) Act {
	d.presses++
	return Act{Token: Token(fmt.Sprint("press ", d.presses)), Actor: actor, ID: id}
}

// say reads and keeps what somebody types after /followup.
func (d *desk) say(who, text string) Commitment {
	d.t.Helper()
	c, err := d.try(who, text)
	if err != nil {
		d.t.Fatalf("%s says %q: %v", who, text, err)
	}
	return c
}

func (d *desk) try(who, text string) (Commitment, error) {
	in, read, err := d.use.Read(d.t.Context(), d.now, who, text)
	if err != nil || in.Action != FollowupCreate {
		d.t.Fatalf("read %q: %v %s %v", text, in.Action, in.Fault, err)
	}
	d.presses++
	return d.use.Promise(d.t.Context(), d.now, Promise{
		Token: Token(fmt.Sprint("say ", d.presses)), By: who, Owner: in.Owner, Counterparties: in.Counterparties, Text: in.Text, Due: in.Due,
		Every: in.Every, Parts: in.Parts, Known: read.Scene,
	})
}

func (d *desk) due(who, text string) *when.Due {
	d.t.Helper()
	in, err := d.use.WhenOf(d.t.Context(), d.now, who)
	if err != nil {
		d.t.Fatal(err)
	}
	r := when.Phrase(text, in)
	if r.Due == nil {
		d.t.Fatalf("%q is no date", text)
	}
	return r.Due
}

// must passes on what an act came to.
func (d *desk) must(c Commitment, err error) Commitment {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

// wait goes on to an instant and delivers what is due on the way, as the scheduler does.
func (d *desk) wait(until string) {
	d.t.Helper()
	end := instant(d.t, until)
	for range 10_000 {
		s, ok := d.earliest(end)
		if !ok {
			d.now = end
			return
		}
		if s.Due.After(d.now) {
			d.now = s.Due
		}
		d.settle(s)
	}
	d.t.Fatal("the ledger does not come to rest")
}

func (d *desk) earliest(end time.Time) (Send, bool) {
	var first Send
	for _, sid := range slices.Sorted(maps.Keys(d.sends)) {
		s := d.sends[sid]
		if s.State == StatePending && !s.Due.After(end) && (first.SID == "" || s.Due.Before(first.Due)) {
			first = s
		}
	}
	return first, first.SID != ""
}

func (d *desk) settle(s Send) {
	d.t.Helper()
	if !s.NotAfter.IsZero() && d.now.After(s.NotAfter) {
		s.State = StateExpired
		d.sends[s.SID] = s
		return
	}
	if s.Kind == KindPlan {
		name, _, _ := strings.Cut(s.Ref, " ")
		if id, lapses := strings.CutPrefix(name, "lapse/"); lapses { // what else is planned is nobody's promise
			if err := d.use.Lapse(d.t.Context(), d.now, id); err != nil {
				d.t.Fatal(err)
			}
		}
		s.State = StateSent
		d.sends[s.SID] = s
		return
	}
	content, decision, err := d.use.Compose(d.t.Context(), d.now, s)
	if err != nil {
		d.t.Fatalf("compose %s: %v", s.SID, err)
	}
	switch decision.Verdict {
	case Go:
		s = d.takeIn(s, decision)
		s.State, s.Settled = StateSent, d.now
		d.post = append(d.post, posted{d.now, s.Members[0], content})
	case Wait:
		if !decision.Until.After(d.now) {
			d.t.Fatalf("%s waits for what is over: %v", s.SID, decision.Until)
		}
		s.Due = decision.Until
	case Drop:
		s.State, s.Reason = StateDropped, decision.Reason
	}
	d.sends[s.SID] = s
	d.insert(decision.Then, 0)
}

// got says what somebody got, a line for each message: when, in their zone, and what.
func (d *desk) got(who string) string {
	d.t.Helper()
	h := HoursOf(d.members[who], d.prefs[who], "UTC")
	var lines []string
	for _, m := range d.post {
		if m.to == who {
			lines = append(lines, m.at.In(h.Zone).Format("01-02 15:04 ")+gist(m.content))
		}
	}
	return strings.Join(lines, "; ")
}

func gist(content any) string {
	switch c := content.(type) {
	case Bundle:
		items := make([]string, len(c.Items))
		for i, item := range c.Items {
			items[i] = fmt.Sprintf("#%d %s", item.Commitment.ID, item.Why)
		}
		return strings.Join(items, ", ")
	case TimedReminder:
		return fmt.Sprintf("alone #%d %s", c.Commitment.ID, c.Why)
	case Addressed:
		var items []string
		for _, item := range c.Items {
			says := map[What]string{WhatProposed: "proposes", WhatOffered: "offers"}[item.What]
			items = append(items, fmt.Sprintf("%s %s #%d", item.From.ID, cmp.Or(says, string(item.What)), item.Commitment.ID))
		}
		return strings.Join(items, ", ")
	}
	return fmt.Sprintf("%T", content)
}

func (d *desk) expect(who, want string) {
	d.t.Helper()
	if got := d.got(who); got != want {
		d.t.Errorf("%s got\n\t%s\nwant\n\t%s", who, got, want)
	}
}

func (d *desk) refused(err error, want FaultCode) {
	d.t.Helper()
	if got := faultCode(err); got != want {
		d.t.Errorf("refused with %q (%v), want %q", got, err, want)
	}
}

func faultCode(err error) FaultCode {
	if fault, ok := errors.AsType[*Fault](err); ok {
		return fault.Code
	}
	return ""
}
