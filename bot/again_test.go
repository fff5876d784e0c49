package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// lostFound is a ledger in which one message was given up.
type lostFound struct {
	*shelf
	kudos  map[string]Kudos
	err    error // of Resend and Discard
	resent []string
	gone   []string // discarded
}

func (l *lostFound) Kudos(_ context.Context, id string) (Kudos, error) {
	k, ok := l.kudos[id]
	if !ok {
		return Kudos{}, ErrNotFound
	}
	return k, nil
}

func (l *lostFound) Resend(_ context.Context, _ time.Time, sid string) error {
	if l.err == nil {
		l.resent = append(l.resent, sid)
	}
	return l.err
}

func (l *lostFound) Discard(_ context.Context, _ time.Time, sid string) error {
	if l.err == nil {
		l.gone = append(l.gone, sid)
	}
	return l.err
}

// givenUp is a use case after a message was given up: a kudos of ana's in C1, or the invitation of her program there.
func givenUp(t *testing.T, sid string, change func(*lostFound)) (*Again, *lostFound, Send) {
	t.Helper()
	k := openCafe(t, 2)
	l := &lostFound{shelf: k.shelf, kudos: map[string]Kudos{"k1": {ID: "k1", Giver: "a", Recipients: []string{"b"}, Channel: "C1", Posted: true}}}
	l.programs["7"] = Program{ID: "7", Owner: "a", Channel: "C1"}
	s := Send{SID: sid, Channel: "C1", State: StateUnknown, Settled: instant(t, sunday), Attempt: 2}
	l.sends[sid] = s
	if change != nil {
		change(l)
	}
	return &Again{Sent: l, Dead: l, Kudos: l, Programs: l, Scenes: k.stage, Settings: k.Settings}, l, s
}

func TestWhoIsAskedAboutALostMessage(t *testing.T) {
	for _, tt := range []struct {
		name string
		sid  string
		edit func(*Send)
		want string
	}{
		{"a kudos: its giver", "kudos/k1/post", nil, "a"},
		{"an invitation: who owns the program", "program/7/invitation", nil, "a"},
		{"an edit of a kudos: nobody, it is repeated", "kudos/k1/post", func(s *Send) { s.Replaces = "kudos/k1/post" }, ""},
		{"a message to one person: nobody, it is looked for", "kudos/k1/post", func(s *Send) { s.Channel = "" }, ""},
		{"a digest: nobody", "digest/C1/2026-03-13", nil, ""},
		{"an introduction of the bot: nobody", "intro/C1", nil, ""},
		{"a kudos that is gone: nobody", "kudos/k9/post", nil, ""},
		{"what only looks like a kudos: nobody", "kudos/k1/post/v2", nil, ""},
		{"a kudos that is posted anew: its giver", "kudos/k1/post/anew1", nil, "a"},
		{"what only looks like one: nobody", "kudos/k1/post/anew1/v3", nil, ""},
	} {
		a, _, s := givenUp(t, tt.sid, nil)
		if tt.edit != nil {
			tt.edit(&s)
		}
		intents, err := a.Lost(t.Context(), instant(t, sunday), s)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		asked := ""
		for _, i := range intents {
			asked += strings.Join(i.Members, "")
			if i.Ref != tt.sid || !strings.HasPrefix(i.SID, "again/"+tt.sid) || i.Channel != "" {
				t.Errorf("%s: %+v", tt.name, i)
			}
		}
		if asked != tt.want {
			t.Errorf("%s: asked %q", tt.name, asked)
		}
	}
}

func TestTheQuestionComesWhileItIsOpen(t *testing.T) {
	monday := "2026-03-16T09:00:00+01:00"
	for _, tt := range []struct {
		name   string
		at     string
		change func(*lostFound)
		want   Verdict
	}{
		{"in their hours", monday, nil, Go},
		{"at night it waits", sunday, nil, Wait},
		{"it was taken back", monday, func(l *lostFound) { l.kudos["k1"] = Kudos{ID: "k1", Giver: "a", Undone: instant(t, sunday)} }, Drop},
		{"it was posted anew", monday, func(l *lostFound) { l.kudos["k1"] = Kudos{ID: "k1", Giver: "a", Reposted: 1} }, Drop},
		{"it was found", monday, func(l *lostFound) { l.sends["kudos/k1/post"] = Send{State: StateSent, Settled: instant(t, sunday)} }, Drop},
		{"it was sent again by hand", monday, func(l *lostFound) { l.sends["kudos/k1/post"] = Send{State: StatePending} }, Drop},
		{"its record is gone", monday, func(l *lostFound) { delete(l.sends, "kudos/k1/post") }, Drop},
	} {
		a, _, s := givenUp(t, "kudos/k1/post", nil)
		intents, err := a.Lost(t.Context(), instant(t, tt.at), s)
		if err != nil || len(intents) != 1 {
			t.Fatal(intents, err)
		}
		a, _, _ = givenUp(t, "kudos/k1/post", tt.change)
		content, d, err := (&Bot{Again: a}).Compose(t.Context(), instant(t, tt.at), intents[0])
		if err != nil || d.Verdict != tt.want {
			t.Errorf("%s: %+v, %v", tt.name, d, err)
		}
		if q, ok := content.(AgainQuestion); ok != (tt.want == Go) || ok && (q.SID != s.SID || q.Lost.Kudos.ID != "k1" || q.Lost.Channel != "C1") {
			t.Errorf("%s: composed %#v", tt.name, content)
		}
	}
}

func TestPostItAgain(t *testing.T) {
	down := errors.New("connection refused")
	for _, tt := range []struct {
		name   string
		actor  string
		change func(*lostFound)
		want   AgainAnswer
		code   FaultCode
	}{
		{"its giver", "a", nil, AgainPosted, ""},
		{"somebody else", "b", nil, "", FaultNotFound},
		{"nobody", "", nil, "", FaultNotFound},
		{"a second time", "a", func(l *lostFound) { l.err = ErrRepeated }, AgainOnWay, ""},
		{"it was found meanwhile", "a", func(l *lostFound) {
			l.err = ErrConflict
			l.sends["kudos/k1/post"] = Send{State: StateSent}
		}, AgainThere, ""},
		{"it was decided against", "a", func(l *lostFound) {
			l.err = ErrConflict
			l.sends["kudos/k1/post"] = Send{State: StateDropped}
		}, AgainGone, ""},
		{"too long ago", "a", func(l *lostFound) { l.err = ErrNotFound }, AgainGone, ""},
		{"taken back", "a", func(l *lostFound) {
			l.kudos["k1"] = Kudos{ID: "k1", Giver: "a", Undone: instant(t, sunday)}
			l.err = errors.New("asked although it was taken back")
		}, AgainGone, ""},
		{"posted anew", "a", func(l *lostFound) {
			l.kudos["k1"] = Kudos{ID: "k1", Giver: "a", Reposted: 1}
			l.err = errors.New("asked although another message stands for it")
		}, AgainGone, ""},
		{"the store does not answer", "a", func(l *lostFound) { l.err = down }, "", FaultUnsaved},
		{"a kudos that is gone", "a", func(l *lostFound) { delete(l.kudos, "k1") }, "", FaultNotFound},
	} {
		a, l, s := givenUp(t, "kudos/k1/post", tt.change)
		_, what, err := a.Post(t.Context(), instant(t, sunday), tt.actor, s.SID)
		if what != tt.want || code(err) != tt.code {
			t.Errorf("%s: %q, %v", tt.name, what, err)
		}
		if resent := len(l.resent) == 1; resent != (tt.want == AgainPosted) {
			t.Errorf("%s: resent %v", tt.name, l.resent)
		}
	}
}

func TestItIsThere(t *testing.T) {
	for _, tt := range []struct {
		name  string
		actor string
		err   error // of the store
		want  AgainAnswer
		code  FaultCode
	}{
		{"its owner: it is no dead letter any more", "a", nil, AgainThere, ""},
		{"somebody else", "b", nil, "", FaultNotFound},
		{"it was found meanwhile, or decided before", "a", ErrConflict, AgainThere, ""},
		{"its record is gone", "a", ErrNotFound, AgainThere, ""},
		{"an operator posts it again", "a", ErrRepeated, AgainOnWay, ""},
		{"the store does not answer", "a", errors.New("connection refused"), "", FaultUnsaved},
	} {
		a, l, s := givenUp(t, "program/7/invitation", func(l *lostFound) { l.err = tt.err })
		_, what, err := a.There(t.Context(), instant(t, sunday), tt.actor, s.SID)
		if what != tt.want || code(err) != tt.code {
			t.Errorf("%s: %q, %v", tt.name, what, err)
		}
		if discarded := len(l.gone) == 1 && l.gone[0] == s.SID; discarded != (tt.want == AgainThere && tt.err == nil) || len(l.resent) != 0 {
			t.Errorf("%s: discarded %v, resent %v", tt.name, l.gone, l.resent)
		}
	}
}

func TestWhatHasNoAuthorIsNotPostedAgain(t *testing.T) {
	a, l, _ := givenUp(t, "program/7/invitation", nil)
	for _, sid := range []string{"", "kudos", "kudos//post", "program/7/stranded/v1", "digest/C1/1", "again/kudos/k1/post/2"} {
		if _, _, err := a.Post(t.Context(), instant(t, sunday), "a", sid); code(err) != FaultNotFound {
			t.Errorf("%q: %v", sid, err)
		}
		if _, _, err := a.There(t.Context(), instant(t, sunday), "a", sid); code(err) != FaultNotFound {
			t.Errorf("%q: %v", sid, err)
		}
	}
	if len(l.resent)+len(l.gone) != 0 {
		t.Errorf("resent %v, discarded %v", l.resent, l.gone)
	}
}

func TestWithoutResendingNobodyIsAsked(t *testing.T) {
	intents, err := (&Bot{}).Lost(t.Context(), instant(t, sunday), Send{SID: "kudos/k1/post", Channel: "C1"})
	if err != nil || len(intents) != 0 {
		t.Errorf("%+v, %v", intents, err)
	}
}
