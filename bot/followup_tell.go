package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What can be wrong with what an owner wants to let others know.
const (
	FollowupWordless  FaultCode = "followup_wordless"   // there are no words
	FollowupWordsLong FaultCode = "followup_words_long" // more than Limit characters
	FollowupTold      FaultCode = "followup_told"       // Names have exactly these words already
	FollowupMuchSaid  FaultCode = "followup_much_said"  // Limit words about it in two months
	FollowupWordOut   FaultCode = "followup_word_out"   // it went out already: what was said is said
)

const (
	tellMost  = 10                  // times that an owner lets others know something about one commitment within tellLife
	tellLife  = 62 * 24 * time.Hour // more than the ledger remembers of a message that was sent
	tellGrace = time.Minute         // before which nothing goes out, so that a slip can be taken back in working hours, too
)

// TellDraft is what an owner can let others know about a commitment, and whom. The words are theirs to write: what is proposed to them stands in the view.
type TellDraft struct {
	Commitment Commitment
	Kept       bool              // that it is done is what there is to say
	Occasion   int               // which one, of one that repeats
	To         []Member          // who gets it, as the owner chooses
	Gone       []Member          // who left, or is a bot: nothing reaches them
	Outside    []string          // names of people outside, as typed, Slack's escaping kept: the words are theirs to copy
	Told       []string          // ids of those who were told that it is done
	People     map[string]Member // whom the commitment names
	Hours      Hours             // the owner's
}

// Telling is one thing that an owner lets others know.
type Telling struct {
	To       []string // ids of counterparties inside the workspace
	Text     string   // as typed, Slack's escaping kept; at most 1,000 characters
	Kept     bool     // it says that the commitment was kept: it goes only as long as that holds, and can be thanked for
	Occasion int      // which one was kept, of one that repeats
}

// TellDraft reads what its owner needs to see before they let others know something about a commitment. kept asks for the word that it is done, also of one that
// repeats and is open again.
func (p *Promises) TellDraft(ctx context.Context, now time.Time, a Act, kept bool) (TellDraft, error) {
	c, _, err := p.owned(ctx, a)
	if err != nil {
		return TellDraft{}, err
	}
	if fault := c.tellable(); fault != nil {
		return TellDraft{}, fault
	}
	ids := unique(slices.Concat([]string{a.Actor}, c.colleagues(), mentioned(c.Text)))
	scene, err := p.Scenes.Scene(ctx, "", ids...)
	if err != nil {
		return TellDraft{}, &Fault{Code: FaultUnread, Cause: err}
	}
	d := TellDraft{Commitment: c, People: scene.Members, Hours: scene.Hours(a.Actor, p.zone())}
	switch {
	case c.State == Done:
		d.Kept, d.Occasion = true, c.Occasion
	case c.State == Open && c.Occasion > 0 && (kept || c.justKept(now)):
		d.Kept, d.Occasion = true, c.Occasion-1
	}
	d.choose(c, scene)
	if d.Kept {
		d.Told, err = p.toldKept(ctx, c, d.Occasion)
	}
	return d, err
}

// choose sorts the counterparties by how words reach them.
func (d *TellDraft) choose(c Commitment, scene Scene) {
	for _, cp := range c.Counterparties {
		m := scene.Members[cp.Member]
		m.ID = cp.Member
		switch {
		case cp.Member == c.Owner:
		case cp.Member == "":
			d.Outside = append(d.Outside, outsideWords(cp))
		case m.Stranger:
			d.Outside = append(d.Outside, EscapeText(m.Name))
		case m.Person():
			d.To = append(d.To, m)
		default:
			d.Gone = append(d.Gone, m)
		}
	}
}

func outsideWords(cp Counterparty) string {
	if cp.Email != "" {
		return cp.Email
	}
	return cp.Name
}

// tellable reports what stands against letting others know something.
func (c Commitment) tellable() *Fault {
	switch c.State {
	case Proposed:
		return &Fault{Code: FollowupWaiting}
	case Declined, Lapsed:
		return &Fault{Code: FollowupClosed}
	}
	return nil
}

// keptAt reports whether an occasion was kept, and still is.
func (c Commitment) keptAt(occasion int) bool {
	return c.State == Done && c.Occasion == occasion || c.Occasion > occasion
}

// toldKept are those who were told, or are about to be, that an occasion was kept.
func (p *Promises) toldKept(ctx context.Context, c Commitment, occasion int) ([]string, error) {
	var told []string
	for _, w := range c.Said {
		if !w.Kept || w.Occasion != occasion || w.Text == "" {
			continue
		}
		reaches, err := p.reaches(ctx, c, w)
		if err != nil {
			return nil, err
		}
		if reaches {
			told = append(told, w.To)
		}
	}
	return unique(told), nil
}

// reaches reports whether a word was sent or is on its way.
func (p *Promises) reaches(ctx context.Context, c Commitment, w Word) (bool, error) {
	s, err := Standing(ctx, p.Sent, wordSID(c.ID, w))
	switch {
	case errors.Is(err, ErrNotFound):
		return false, nil
	case err != nil:
		return false, &Fault{Code: FaultUnread, Cause: err}
	}
	return s.asIfOut() || s.State != StateDropped && s.State != StateExpired && s.State != StateDead, nil
}

// Tell lets counterparties inside the workspace know what the owner wrote, in their hours. They see these words and nothing else of a commitment that is not shared with
// them. The same words at once again are one telling; later they are [FollowupTold]. It fails with [FollowupWordless], [FollowupWordsLong] and [FollowupMuchSaid], with
// [FollowupNotTold] where nobody is named, [FollowupPerson] where somebody named left, and [FaultStale] where it says that something was kept which is not any more.
func (p *Promises) Tell(ctx context.Context, now time.Time, a Act, t Telling) (Commitment, error) {
	c, _, err := p.owned(ctx, a)
	if err != nil {
		return Commitment{}, err
	}
	if fault := c.tellable(); fault != nil {
		return c, fault
	}
	t.To, t.Text = unique(slices.Clone(t.To)), strings.TrimFunc(t.Text, isBlank)
	if fault := c.checkTelling(t); fault != nil {
		return c, fault
	}
	if err := p.checkTold(ctx, t); err != nil {
		return c, err
	}
	fresh, err := p.unheard(ctx, now, c, t)
	if err != nil || len(fresh) == 0 {
		return c, err
	}
	was := c
	words := c.remembered(now)
	n := 1
	if k := len(c.Said); k > 0 {
		n = c.Said[k-1].N + 1
	}
	if tellings(words) >= tellMost {
		return c, &Fault{Code: FollowupMuchSaid, Limit: tellMost}
	}
	var sends Intents
	for _, to := range fresh {
		w := Word{N: n, To: to, By: a.Actor, Text: t.Text, At: now, Kept: t.Kept, Occasion: t.Occasion}
		words = append(words, w)
		sends = append(sends, wordSend(now, c.ID, w))
		if t.Kept {
			sends = append(sends, helpPlan(now, to, fmt.Sprintf("%s/%d/%d", HelpPromise, c.ID, t.Occasion)))
		}
	}
	c.Said = words
	return p.replace(ctx, a, was, c, sends)
}

// checkTelling refuses what no honest form sends, and what does not hold any more.
func (c Commitment) checkTelling(t Telling) *Fault {
	foreign := func(to string) bool { return !slices.Contains(c.colleagues(), to) }
	switch n := CountText(t.Text); {
	case n == 0:
		return &Fault{Code: FollowupWordless}
	case n > promiseText:
		return &Fault{Code: FollowupWordsLong, Limit: promiseText}
	case len(t.To) == 0:
		return &Fault{Code: FollowupNotTold}
	case slices.ContainsFunc(t.To, foreign):
		return &Fault{Code: FaultNotFound}
	case t.Kept && (t.Occasion < 0 || !c.keptAt(t.Occasion)):
		return &Fault{Code: FaultStale}
	}
	return nil
}

// checkTold refuses those whom nothing reaches.
func (p *Promises) checkTold(ctx context.Context, t Telling) error {
	scene, err := p.Scenes.Scene(ctx, "", t.To...)
	if err != nil {
		return &Fault{Code: FaultUnread, Cause: err}
	}
	if wrong := strangers(t.To, "", scene); len(wrong) > 0 {
		return &Fault{Code: FollowupPerson, Names: wrong}
	}
	return nil
}

// unheard are those who do not have exactly these words yet: nobody, where the same was said a moment ago.
func (p *Promises) unheard(ctx context.Context, now time.Time, c Commitment, t Telling) ([]string, error) {
	var heard []string
	moment := true
	for _, w := range c.Said {
		if w.Text != t.Text || !slices.Contains(t.To, w.To) {
			continue
		}
		reaches, err := p.reaches(ctx, c, w)
		if err != nil {
			return nil, err
		}
		if reaches {
			heard = append(heard, w.To)
			moment = moment && now.Sub(w.At) < pressedTwice
		}
	}
	fresh := slices.DeleteFunc(slices.Clone(t.To), func(to string) bool { return slices.Contains(heard, to) })
	if len(fresh) == 0 && !moment {
		return nil, &Fault{Code: FollowupTold, Names: unique(heard)}
	}
	return fresh, nil
}

// remembered are the words that are kept: the last one always, for it holds the count, others for two months.
func (c Commitment) remembered(now time.Time) []Word {
	var words []Word
	for i, w := range c.Said {
		if i == len(c.Said)-1 || now.Sub(w.At) < tellLife {
			words = append(words, w)
		}
	}
	return words
}

// tellings counts how often something was said, to however many people.
func tellings(words []Word) int {
	seen := map[int]bool{}
	for _, w := range words {
		seen[w.N] = true
	}
	return len(seen)
}

func wordSID(id int, w Word) string { return fmt.Sprintf("followup/%d/said/%d/%s", id, w.N, w.To) }

func wordSend(now time.Time, id int, w Word) Send {
	what := WhatSaid
	if w.Kept {
		what = WhatKept
	}
	return Send{
		SID: wordSID(id, w), Kind: KindAnswer, Ref: fmt.Sprintf("%d %s %s %d", id, what, w.By, w.N), Members: []string{w.To}, Due: now.Add(tellGrace),
	}
}

// wordTo finds what was said to a member by its number; what was taken back is gone.
func (c Commitment) wordTo(member string, n int) (Word, bool) {
	i := slices.IndexFunc(c.Said, func(w Word) bool { return w.N == n && w.To == member && w.Text != "" })
	if i < 0 {
		return Word{}, false
	}
	return c.Said[i], true
}

// keptWord finds what told a member that an occasion was kept.
func (c Commitment) keptWord(member string, occasion int) (Word, bool) {
	for _, w := range slices.Backward(c.Said) {
		if w.To == member && w.Kept && w.Occasion == occasion && w.Text != "" {
			return w, true
		}
	}
	return Word{}, false
}

// said reads what an owner said to a member, as the rest of a send's ref names it. Of what they may not see there is nothing but the words.
func (c Commitment) said(to string, item AddressedItem, from, number string) (AddressedItem, string, bool) {
	if number == "" && item.What == WhatKept { // written by a process that knew no words: it says what a draft would
		item.Words = DraftDone + c.Text
		return item, from, c.State == Done && c.Owner == from && c.VisibleTo(to)
	}
	n, err := strconv.Atoi(number)
	w, ok := c.wordTo(to, n)
	if !c.VisibleTo(to) {
		item.Commitment = Commitment{ID: c.ID, Owner: c.Owner}
	}
	if err != nil || !ok || w.By != from || w.Kept && !c.keptAt(w.Occasion) {
		return item, from, false
	}
	item.Words, item.Word = w.Text, w.N
	return item, from, true
}

// Unsaid is what became of words that their owner wanted back.
type Unsaid struct {
	Commitment Commitment
	To         []string // ids of those whom it does not reach
	Out        []string // ids of those to whom it had gone
}

// Unsay takes back what was said under a number, as far as it did not go out. If it had gone to everybody that is [FollowupWordOut]. A second time changes nothing.
func (p *Promises) Unsay(ctx context.Context, _ time.Time, a Act, n int) (Unsaid, error) {
	c, _, err := p.owned(ctx, a)
	if err != nil {
		return Unsaid{}, err
	}
	var u Unsaid
	was := c
	c.Said = slices.Clone(c.Said)
	changed := false
	for i, w := range c.Said {
		if w.N != n || w.By != "" && w.By != a.Actor { // what who owed it before said is theirs
			continue
		}
		waiting, err := p.waiting(ctx, c.ID, w)
		switch {
		case err != nil:
			return Unsaid{}, err
		case w.Text != "" && !waiting:
			u.Out = append(u.Out, w.To)
			continue
		}
		u.To = append(u.To, w.To)
		changed = changed || w.Text != ""
		c.Said[i].Text = ""
	}
	switch {
	case len(u.To)+len(u.Out) == 0:
		return Unsaid{}, &Fault{Code: FaultNotFound}
	case len(u.To) == 0:
		return Unsaid{}, &Fault{Code: FollowupWordOut, Names: u.Out}
	case changed:
		c, err = p.replace(ctx, a, was, c, nil)
	}
	u.Commitment = c
	return u, err
}

// waiting reports whether a word did not go out so far.
func (p *Promises) waiting(ctx context.Context, id int, w Word) (bool, error) {
	s, err := Standing(ctx, p.Sent, wordSID(id, w))
	switch {
	case errors.Is(err, ErrNotFound):
		return false, nil
	case err != nil:
		return false, &Fault{Code: FaultUnread, Cause: err}
	}
	return !s.asIfOut() && (s.State == StatePending || s.State == StateDropped || s.State == StateExpired), nil
}
