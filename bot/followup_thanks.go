package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Thanks lets whoever was told that a promise to them was kept say thank you with one tap. All fields are required.
type Thanks struct {
	Promises *Promises
	Kudos    *Recognition
}

// keptThanks begins what such a thank-you says.
const keptThanks = "for keeping your word: "

// DraftDone begins what an owner is proposed to say when something is done; a thank-you quotes what comes after it.
const DraftDone = "Done: "

// Thank gives who told the actor, by the word with this number, that a commitment was kept, a kudos between the two of them. It says no more than the actor was told, or
// may see. Pressed again it is the same kudos, also after it was taken back. To everybody else, and while the word is not out, it is [FaultNotFound].
func (t *Thanks) Thank(ctx context.Context, now time.Time, actor string, id, n int) (GivenKudos, error) {
	c, w, err := t.told(ctx, actor, id, n)
	if err != nil {
		return GivenKudos{}, err
	}
	return t.Kudos.Give(ctx, now, GiveKudos{
		Token: thanksToken(actor, id, n), Giver: actor, Again: true,
		Input: KudosInput{Recipients: []string{w.By}, Message: t.words(c, w, actor), Private: true},
	})
}

// Unthank takes that kudos back. A second time changes nothing.
func (t *Thanks) Unthank(ctx context.Context, now time.Time, token Token, actor string, id, n int) (ChangedKudos, error) {
	return t.Kudos.Undo(ctx, now, token, actor, kudosID(thanksToken(actor, id, n)))
}

// Standing is [Promises.AddressedNow] that also knows how the actor thanked for what was kept.
func (t *Thanks) Standing(ctx context.Context, now time.Time, actor string, list ...StandingItem) (Addressed, error) {
	a, err := t.Promises.AddressedNow(ctx, now, actor, list...)
	if err != nil {
		return Addressed{}, err
	}
	for i, item := range a.Items {
		if item.What != WhatKept || item.Word == 0 {
			continue
		}
		k, err := t.Kudos.Store.Kudos(ctx, kudosID(thanksToken(actor, item.Commitment.ID, item.Word)))
		switch {
		case err == nil:
			a.Items[i].Thanked = k
		case !errors.Is(err, ErrNotFound):
			return Addressed{}, &Fault{Code: FaultUnread, Cause: err}
		}
	}
	return a, nil
}

func thanksToken(actor string, id, n int) Token {
	return Token(fmt.Sprintf("thanks for followup/%d/said/%d/%s", id, n, actor))
}

// told reads what told the actor that a commitment was kept.
func (t *Thanks) told(ctx context.Context, actor string, id, n int) (Commitment, Word, error) {
	c, _, err := t.Promises.Store.CommitmentScene(ctx, id, actor)
	if err != nil {
		return Commitment{}, Word{}, &Fault{Code: FaultUnread, Cause: err}
	}
	w, ok := c.wordTo(actor, n)
	if !ok || !w.Kept {
		return Commitment{}, Word{}, &Fault{Code: FaultNotFound}
	}
	waiting, err := t.Promises.waiting(ctx, id, w)
	switch {
	case err != nil:
		return Commitment{}, Word{}, err
	case waiting:
		return Commitment{}, Word{}, &Fault{Code: FaultNotFound}
	}
	return c, w, nil
}

// words are what the actor thanks for: the promise, if they may see it, else what they were told.
func (t *Thanks) words(c Commitment, w Word, actor string) string {
	about := strings.TrimSpace(strings.TrimPrefix(w.Text, DraftDone))
	if c.VisibleTo(actor) && c.Owner == w.By { // who gave it away since is not told what it says now
		about = c.Text
	}
	return cutTyped(keptThanks+about, t.Kudos.Limits().Characters)
}

// cutTyped shortens a text as Slack escapes it to as many characters as a person would count, never inside a mention, a link or a grapheme.
func cutTyped(text string, most int) string {
	if CountText(text) <= most {
		return text
	}
	var b strings.Builder
	for _, p := range ScanPieces(text) {
		raw := p.Raw(text)
		if CountText(b.String()+raw) < most {
			b.WriteString(raw)
			continue
		}
		if p.Kind == PieceText {
			b.WriteString(EscapeText(CutText(UnescapeText(raw), most-CountText(b.String()))))
		}
		break
	}
	return b.String()
}

// KeptItem is what told a member that a commitment was kept, as they were told it; also once that does not hold any more. To everybody else it is [FaultNotFound].
func (p *Promises) KeptItem(ctx context.Context, member string, id, n int) (AddressedItem, error) {
	c, scene, err := p.Store.CommitmentScene(ctx, id, member)
	if err != nil {
		return AddressedItem{}, &Fault{Code: FaultUnread, Cause: err}
	}
	w, ok := c.wordTo(member, n)
	if !ok || !w.Kept {
		return AddressedItem{}, &Fault{Code: FaultNotFound}
	}
	switch waiting, err := p.waiting(ctx, id, w); {
	case err != nil:
		return AddressedItem{}, err
	case waiting: // it can be taken back
		return AddressedItem{}, &Fault{Code: FaultNotFound}
	}
	if scene, err = p.scene(ctx, scene, []string{member, w.By}); err != nil {
		return AddressedItem{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if !c.VisibleTo(member) {
		c = Commitment{ID: c.ID, Owner: c.Owner}
	}
	return AddressedItem{What: WhatKept, Commitment: c, From: scene.Members[w.By], Words: w.Text, Word: w.N}, nil
}
