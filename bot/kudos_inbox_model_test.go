package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// inboxModel is a town whose ledger several processes work on, step by step and in any order, as the scripts of the real one have it: what composing came to is
// claimed later, or never, and what was claimed may be posted without anybody hearing of it.
type inboxModel struct {
	*kudosTown
	acts  int
	work  []*inboxWork // of each process; nil for none
	there []*inboxMessage
	holds map[string]bool          // sids that a process has claimed
	lost  map[string]*inboxMessage // what is there of a send whose process has died
}

// inboxWork is one send on its way through a process.
type inboxWork struct {
	sid      string
	at       time.Time // when it was composed
	knew     int       // how many it had taken in by then
	content  any
	decision Decision
	claimed  bool
}

// inboxMessage is a message in somebody's conversation with the bot.
type inboxMessage struct {
	to               string
	composed, posted time.Time
	notes            []KudosNote
}

// inboxProcesses is how many work on the ledger.
const inboxProcesses = 3

func newInboxModel(t *testing.T) *inboxModel {
	return &inboxModel{kudosTown: reactionTown(t), work: make([]*inboxWork, inboxProcesses), holds: map[string]bool{}, lost: map[string]*inboxMessage{}}
}

func (m *inboxModel) token() Token {
	m.acts++
	return Token(fmt.Sprint("act ", m.acts))
}

// inboxPatience is how long a process can hold what it has composed: then the lease is over, or it is another process.
const inboxPatience = 8 * time.Second

// pass lets time go by. Who held something for too long has lost it.
func (m *inboxModel) pass(d time.Duration) {
	m.now = m.now.Add(d)
	for p, w := range m.work {
		if w == nil || m.now.Sub(w.at) < inboxPatience {
			continue
		}
		m.work[p] = nil
		if w.claimed {
			delete(m.holds, w.sid)
			m.settled(w.sid, StatePending)
		}
	}
}

// due are the sends that somebody can work on now.
func (m *inboxModel) due() []string {
	var sids []string
	for _, sid := range m.order {
		if s := m.sends[sid]; (s.State == StatePending || s.State == StateUnknown) && !m.holds[sid] && !s.Due.After(m.now) {
			sids = append(sids, sid)
		}
	}
	return sids
}

// compose has a free process compose a send, as the scheduler does: what edits a message that is not there yet waits.
func (m *inboxModel) compose(t *rapid.T, process int, sid string) {
	s := m.sends[sid]
	w := &inboxWork{sid: sid, at: m.now, knew: len(s.Took)}
	m.work[process] = w
	if s.State == StateUnknown {
		return
	}
	if s.Replaces != "" {
		parent, err := Standing(t.Context(), m, s.Replaces)
		switch {
		case err != nil || neverSent(parent):
			w.decision = undone
			return
		case parent.State != StateSent:
			w.decision = Decision{Verdict: Wait, Reason: ReasonWaits, Until: latest(parent.Due, m.now).Add(5 * time.Second)}
			return
		}
	}
	compose := m.ComposeNote
	if s.Kind == KindKudosPost {
		compose = m.ComposePost
	}
	var err error
	if w.content, w.decision, err = compose(t.Context(), m.now, s); err != nil {
		t.Fatalf("compose %s: %v", sid, err)
	}
}

// claim takes what a process has composed, with everything that it takes in, or nothing.
func (m *inboxModel) claim(process int) {
	w := m.work[process]
	s := m.sends[w.sid]
	m.work[process] = nil
	if s.State != StatePending && s.State != StateUnknown || m.holds[w.sid] || s.Due.After(m.now) || len(s.Took) != w.knew {
		return
	}
	for _, sid := range w.decision.Takes {
		if other := m.sends[sid]; other.State != StatePending || m.holds[sid] {
			return
		}
	}
	m.tookIn(w.sid, w.decision.Takes)
	switch s = m.sends[w.sid]; {
	case s.State == StateUnknown:
		m.find(s)
		return
	case w.decision.Verdict == Drop:
		s.State, s.Reason, s.Settled = StateDropped, w.decision.Reason, m.now
	case w.decision.Verdict == Wait:
		s.Due = latest(w.decision.Until, m.now.Add(time.Second))
	default:
		s.State, w.claimed, m.holds[w.sid], m.work[process] = StateClaimed, true, true, w
	}
	m.sends[w.sid] = s
}

// find looks for a message of unknown fate.
func (m *inboxModel) find(s Send) {
	if is := m.lost[s.SID]; is != nil {
		m.sent(s, is)
		return
	}
	s.State, s.Due = StatePending, m.now
	m.sends[s.SID] = s
}

// sent says that a message is there.
func (m *inboxModel) sent(s Send, is *inboxMessage) {
	s.State, s.Settled, s.PostedIn, s.PostedTS = StateSent, m.now, "D1", fmt.Sprint(slices.Index(m.there, is), ".1")
	m.sends[s.SID] = s
}

// fates of a post.
var inboxFates = []string{"posted", "posted", "posted", "posted", "refused", "died before", "died after"}

// post does with what was claimed what comes of it.
func (m *inboxModel) post(process int, fate string) {
	w := m.work[process]
	s := m.sends[w.sid]
	delete(m.holds, w.sid)
	m.work[process] = nil
	var is *inboxMessage
	if fate == "posted" || fate == "died after" {
		is = m.take(s, w)
	}
	switch {
	case fate == "posted":
		m.sent(s, is)
		return
	case fate == "refused", s.Replaces != "":
		s.State, s.Due = StatePending, m.now.Add(30*time.Second)
	default:
		s.State, s.Due, m.lost[w.sid] = StateUnknown, m.now.Add(75*time.Second), is
	}
	m.sends[w.sid] = s
}

// take is what Slack makes of a call.
func (m *inboxModel) take(s Send, w *inboxWork) *inboxMessage {
	notes, _ := w.content.(KudosNotes)
	switch {
	case s.Kind == KindKudosPost:
		return nil
	case s.Replaces == "":
		is := &inboxMessage{to: s.Members[0], composed: w.at, posted: m.now, notes: notes.Notes}
		m.there = append(m.there, is)
		return is
	}
	parent, _ := Standing(context.Background(), m, s.Replaces)
	var n int
	_, _ = fmt.Sscanf(parent.PostedTS, "%d.1", &n)
	m.there[n].notes = notes.Notes
	return m.there[n]
}

// step lets a process go one step on.
func (m *inboxModel) step(t *rapid.T, process int) {
	switch w := m.work[process]; {
	case w == nil:
		if due := m.due(); len(due) > 0 {
			m.compose(t, process, rapid.SampledFrom(due).Draw(t, "send"))
		}
	case w.claimed:
		m.post(process, rapid.SampledFrom(inboxFates).Draw(t, "fate"))
	default:
		m.claim(process)
		// An edit is made in one go: what becomes of two at the same time is not looked at here.
		if is := m.work[process]; is != nil && m.sends[is.sid].Replaces != "" {
			m.work[process] = nil
			delete(m.holds, is.sid)
			m.settled(is.sid, StatePending)
			m.compose(t, process, is.sid)
			m.claim(process)
			if m.work[process] != nil {
				m.post(process, rapid.SampledFrom(inboxFates).Draw(t, "fate"))
			}
		}
	}
}

// calm lets everything come to its end, without any more trouble.
func (m *inboxModel) calm(t *rapid.T) {
	for range 100_000 {
		for p := range m.work {
			if w := m.work[p]; w != nil && !w.claimed {
				m.claim(p)
			}
			if w := m.work[p]; w != nil {
				m.post(p, "posted")
			}
		}
		if due := m.due(); len(due) > 0 {
			m.compose(t, 0, due[0])
			continue
		}
		var next time.Time
		for _, s := range m.sends {
			if onItsWay(s) && (next.IsZero() || s.Due.Before(next)) {
				next = s.Due
			}
		}
		if next.IsZero() {
			return
		}
		m.now = latest(m.now, next)
	}
	t.Fatalf("there is no end to it: %v wait at %s", m.due(), m.now)
}

// judge compares what recipients see with what stands.
func (m *inboxModel) judge(t *rapid.T) {
	last := map[string]*inboxMessage{}
	shown := map[string][]KudosNote{}
	for _, is := range m.there {
		for _, n := range is.notes {
			key := n.Kudos.ID + " " + is.to
			shown[key] = append(shown[key], n)
		}
		hours := m.scene.Hours(is.to, "Europe/Berlin")
		if !hours.Open(is.composed) {
			t.Errorf("a message came to %s at %s", is.to, is.composed)
		}
		if before := last[is.to]; before != nil && m.counts(before) && is.composed.Sub(before.posted) < noteGap {
			t.Errorf("%s hears of %q at %s, and of %q at %s", is.to, says(KudosNotes{before.notes}), before.posted, says(KudosNotes{is.notes}), is.composed)
		}
		last[is.to] = is
	}
	for id, k := range m.kudos {
		for _, to := range k.Recipients {
			list := shown[id+" "+to]
			switch {
			case !k.Undone.IsZero() && len(list) > 0:
				t.Errorf("%q of %s was taken back, and %s sees it", k.Message, k.Giver, to)
			case k.Undone.IsZero() && len(list) != 1 && k.Revived < kudosRevivals:
				t.Errorf("%s (%q of %s, version %d) is shown to %s %d times: %+v", id, k.Message, k.Giver, k.Version, to, len(list), m.sends[k.noteSID(to)])
			case len(list) == 1 && list[0].Kudos.Message != k.Message:
				t.Errorf("%s says %q and %s reads %q", id, k.Message, to, list[0].Kudos.Message)
			}
		}
	}
}

// counts reports whether a message is there that others have to keep away from. One whose clap came and went too often may have stood for nothing meanwhile.
func (m *inboxModel) counts(is *inboxMessage) bool {
	return slices.ContainsFunc(is.notes, func(n KudosNote) bool { return m.kudos[n.Kudos.ID].Revived < kudosRevivals })
}

// some draws one of the kudos; false where there are none.
func (m *inboxModel) some(t *rapid.T) (Kudos, bool) {
	var ids []string
	for _, sid := range m.order {
		if id := noteIDs([]string{sid})[0]; strings.HasPrefix(sid, "kudos/") && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return Kudos{}, false
	}
	return m.kudos[rapid.SampledFrom(ids).Draw(t, "kudos")], true
}

// allows fails the test unless an act was done or refused with a reason.
func allows(t *rapid.T, err error) {
	if err != nil && !strings.Contains(fmt.Sprintf("%T", err), "Fault") {
		t.Fatal(err)
	}
}

var inboxPeople = []string{"UANA", "UBOB", "UCYN"}

// TestEveryKudosIsToldOnce lets people thank each other, change their minds, and clap, while three processes work on the ledger in any order and die on the way.
// Every kudos that stands is told to each of its recipients in exactly one message, as it stands; what was taken back is in none; and nobody gets two messages in
// an hour, nor one outside their hours.
func TestEveryKudosIsToldOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := newInboxModel(t)
		rt.Repeat(map[string]func(*rapid.T){
			"process": func(t *rapid.T) { m.step(t, rapid.IntRange(0, inboxProcesses-1).Draw(t, "process")) },
			"work": func(t *rapid.T) {
				for range 6 {
					m.step(t, 0)
				}
			},
			"second": func(t *rapid.T) {
				m.pass(time.Duration(rapid.IntRange(1, 40).Draw(t, "seconds")) * time.Second)
			},
			"while": func(t *rapid.T) {
				m.pass(time.Duration(rapid.IntRange(1, 300).Draw(t, "minutes")) * time.Minute)
			},
			"give": func(t *rapid.T) {
				giver := rapid.SampledFrom(inboxPeople).Draw(t, "giver")
				place := rapid.SampledFrom([]string{"", "CPUB"}).Draw(t, "place")
				to := "<@UBOB> "
				if giver == "UBOB" {
					to = "<@UANA> <@UCYN> "
				}
				_, err := m.Give(t.Context(), m.now, m.wish(m.token(), giver, place, fmt.Sprint(to, "n", m.acts, " ", helpful)))
				allows(t, err)
			},
			"clap": func(t *rapid.T) {
				e := m.clap(0, func(e *Reaction) { e.Gone = rapid.Bool().Draw(t, "gone") })
				e.Token = m.token()
				allows(t, m.React(t.Context(), m.now, e))
			},
			"edit": func(t *rapid.T) {
				if k, ok := m.some(t); ok && k.Reaction == "" {
					_, err := m.Edit(t.Context(), m.now, m.token(), k.Giver, k.ID, fmt.Sprint("e", m.acts, " ", helpful))
					allows(t, err)
				}
			},
			"undo": func(t *rapid.T) {
				if k, ok := m.some(t); ok {
					_, err := m.Undo(t.Context(), m.now, m.token(), k.Giver, k.ID)
					allows(t, err)
				}
			},
		})
		m.calm(rt)
		m.judge(rt)
	})
}
