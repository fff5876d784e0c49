package slackapp

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot"
)

// lostPost is a ledger that gave up the post of a kudos.
type lostPost struct {
	*counter
	giver  string
	resent int
	gone   []string // discarded
}

func (l *lostPost) Kudos(_ context.Context, id string) (bot.Kudos, error) {
	if id != "k1" {
		return bot.Kudos{}, bot.ErrNotFound
	}
	return bot.Kudos{ID: "k1", Giver: l.giver, Recipients: []string{"U2"}, Channel: "C1", Posted: true}, nil
}

func (l *lostPost) Resend(context.Context, time.Time, string) error {
	if l.resent++; l.resent > 1 {
		return bot.ErrRepeated
	}
	return nil
}

func (l *lostPost) Discard(_ context.Context, _ time.Time, sid string) error {
	l.gone = append(l.gone, sid)
	return nil
}

func sampleQuestion(giver string) bot.AgainQuestion {
	k := bot.Kudos{ID: "k1", Giver: giver, Recipients: []string{"U2", "U3"}, Channel: "C1", Posted: true}
	return bot.AgainQuestion{SID: bot.KudosPostSID("k1"), Lost: bot.LostPost{Author: bot.Member{ID: giver}, Channel: "C1", Kudos: k}}
}

func TestTheAgainQuestionLooksAsItDid(t *testing.T) {
	invitation := bot.AgainQuestion{SID: "program/3/invitation", Lost: bot.LostPost{Channel: "C1", Program: coffeeProgram()}}
	kudos := sampleQuestion("U1")
	messages := map[string]Message{
		"kudos": againQuestion(kudos), "invitation": againQuestion(invitation), "gone": againAnswer(kudos.Lost, bot.AgainGone), "there": againAnswer(invitation.Lost, bot.AgainThere),
		"posted": againAnswer(kudos.Lost, bot.AgainPosted), "on_way": againAnswer(kudos.Lost, bot.AgainOnWay),
	}
	for name, m := range messages {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, "again_"+name, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
	}
}

func TestTheAuthorDecidesWhetherItIsPostedAgain(t *testing.T) {
	k := &counter{programs: map[string]bot.Program{}}
	l := &lostPost{counter: k}
	w := newTown(t, nil, func(c *Client) Noun {
		return &Again{Client: c, Use: &bot.Again{Sent: k, Dead: l, Kudos: l, Programs: k, Scenes: k, Settings: &bot.Settings{Store: k}}}
	})
	ana := w.person("ana")
	l.giver = ana
	p := coffeeProgram()
	p.ID, p.Channel, p.Owner = "1", w.channel("coffee"), ana
	k.programs["1"] = p
	lost := bot.AgainQuestion{SID: bot.KudosPostSID("k1"), Lost: bot.LostPost{Channel: w.channel("kudos"), Kudos: bot.Kudos{ID: "k1", Recipients: []string{w.person("cy")}}}}
	kudos := w.postTo(againQuestion(lost), ana)
	invitation := w.postTo(againQuestion(bot.AgainQuestion{SID: "program/1/invitation", Lost: bot.LostPost{Channel: p.Channel, Program: p}}), ana)

	bobs := w.postTo(paragraph("Something else"), w.person("bob"))
	elis := w.postTo(paragraph("Something else"), w.person("eli"))
	w.forge("bob", bobs, "again.post", lost.SID)
	w.forge("eli", elis, "again.there", lost.SID)
	if got := w.text(bobs) + w.text(elis); l.resent+len(l.gone) != 0 || strings.Count(got, "Something else") != 4 {
		t.Errorf("after somebody else's press: resent %d, %s", l.resent, got)
	}
	w.press("ana", kudos, "again.post", lost.SID)
	if got := w.text(kudos); l.resent != 1 || !strings.Contains(got, "I post it again") || strings.Contains(got, "again.post") {
		t.Errorf("after “post it again”: resent %d, %s", l.resent, got)
	}
	w.forge("ana", kudos, "again.post", lost.SID) // a button that is gone, from another device
	if got := w.text(kudos); !strings.Contains(got, "on its way") {
		t.Errorf("after a second time: %s", got)
	}
	w.press("ana", invitation, "again.there", "program/1/invitation")
	if got := w.text(invitation); l.resent != 2 || !slices.Equal(l.gone, []string{"program/1/invitation"}) || !strings.Contains(got, "Nothing is posted again") {
		t.Errorf("after “it is there”: resent %d, discarded %v, %s", l.resent, l.gone, got)
	}
	w.unbroken()
}
