package storage_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/when"
	"rapport/storage"
)

// pressed is what people did with promises before somebody presses a button, and the button.
type pressed struct {
	name   string
	before func(r *pressRoom)
	press  func(r *pressRoom, token bot.Token) error
	answer bool // everybody who presses gets the answer of the first
}

// pressRoom is a store with Ana, Bob and Cy, and the use cases.
type pressRoom struct {
	t      *testing.T
	store  *storage.Store
	clock  *clock
	use    *bot.Promises
	thanks *bot.Thanks
	tokens atomic.Int64
}

func openPressRoom(t *testing.T) *pressRoom {
	t.Helper()
	c := newClock()
	s := embedded(t, c)
	must(t, s.SaveMembers(t.Context(), bot.Member{ID: "UANA", Zone: "UTC"}, bot.Member{ID: "UBOB", Zone: "UTC"}, bot.Member{ID: "UCY", Zone: "UTC"}))
	settings := &bot.Settings{Store: s}
	r := &pressRoom{t: t, store: s, clock: c, use: &bot.Promises{Store: s, Scenes: s, Sent: s, Settings: settings}}
	r.thanks = &bot.Thanks{Promises: r.use, Kudos: &bot.Recognition{Store: s, Digests: s, Scenes: s, Sent: s, Settings: settings, Daily: 50}}
	return r
}

func (r *pressRoom) token() bot.Token {
	return bot.Token(fmt.Sprint("before ", r.tokens.Add(1)))
}

// due is a date some days ahead.
func (r *pressRoom) due(days int) when.Due {
	return when.Due{Date: when.DateOf(r.clock.Now()).AddDays(days), Time: when.Clock{Hour: 17}, Zone: "UTC"}
}

func (r *pressRoom) is(_ any, err error) {
	r.t.Helper()
	must(r.t, err)
}

// by is an act on the first promise.
func (r *pressRoom) by(actor string) bot.Act { return bot.Act{Token: r.token(), Actor: actor, ID: 1} }

// promise is Ana's to Bob and Cy, who see it: the first one.
func (r *pressRoom) promise() {
	due := r.due(4)
	r.is(r.use.Promise(r.t.Context(), r.clock.Now(), bot.Promise{
		Token: r.token(), By: "UANA", Owner: "UANA", Text: "the draft by tomorrow and the rest by friday", Due: &due, Shared: true,
		Counterparties: []bot.Counterparty{{Member: "UBOB"}, {Member: "UCY"}}, Parts: []when.Part{{Text: "the draft", Due: r.due(1)}, {Text: "the rest", Due: r.due(4)}},
	}))
}

func (r *pressRoom) leave() {
	must(r.t, r.store.EditMembers(r.t.Context(), []string{"UANA"}, func(m bot.Member) (bot.Member, bool) {
		m.Deleted = true
		return m, true
	}))
	must(r.t, r.use.PeopleGone(r.t.Context(), r.clock.Now(), r.store))
}

func (r *pressRoom) tell(token bot.Token, kept bool) error {
	a := r.by("UANA")
	a.Token = token
	_, err := r.use.Tell(r.t.Context(), r.clock.Now(), a, bot.Telling{To: []string{"UBOB", "UCY"}, Text: "It is a day late.", Kept: kept})
	return err
}

// out says that everything that waits for Bob went out.
func (r *pressRoom) out() {
	r.clock.pass(2 * time.Minute)
	for _, send := range sendsTo(r.t, r.store, "UBOB") {
		if claim := taking(r.t, r.store, r.clock, send, "w"+send.SID); claim.Held {
			r.is(r.store.Settle(r.t.Context(), r.clock.Now(), claim.Send, "w"+send.SID, bot.Outcome{State: bot.StateSent, Channel: "D1", TS: "1.1"}, nil))
		}
	}
}

// everything is all that is stored of the promises, and of what waits because of them.
func (r *pressRoom) everything() string {
	r.t.Helper()
	var all []any
	for id := 1; id <= 4; id++ {
		c, err := r.store.Commitment(r.t.Context(), id)
		all = append(all, c, fmt.Sprint(err))
	}
	for _, member := range []string{"UANA", "UBOB", "UCY"} {
		all = append(all, sendsTo(r.t, r.store, member))
		given, received, err := r.store.MemberKudos(r.t.Context(), member, 10)
		must(r.t, err)
		all = append(all, len(given), len(received))
	}
	text, err := json.Marshal(all)
	must(r.t, err)
	return string(text)
}

func pressedButtons() []pressed {
	act := func(actor string, do func(*pressRoom, bot.Act) error) func(*pressRoom, bot.Token) error {
		return func(r *pressRoom, token bot.Token) error { return do(r, bot.Act{Token: token, Actor: actor, ID: 1}) }
	}
	ask := func(r *pressRoom) {
		r.is(r.use.Ask(r.t.Context(), r.clock.Now(), r.by("UBOB")))
		r.is(r.use.Ask(r.t.Context(), r.clock.Now(), r.by("UCY")))
	}
	return []pressed{
		{"split", nil, act("UANA", func(r *pressRoom, a bot.Act) error {
			_, err := r.use.Split(r.t.Context(), r.clock.Now(), a)
			return err
		}), true},
		{
			"join", func(r *pressRoom) { r.is(r.use.Split(r.t.Context(), r.clock.Now(), r.by("UANA"))) },
			act("UANA", func(r *pressRoom, a bot.Act) error { _, err := r.use.Undo(r.t.Context(), r.clock.Now(), a); return err }), false,
		},
		{"plan", nil, act("UANA", func(r *pressRoom, a bot.Act) error {
			_, err := r.use.SetPlan(r.t.Context(), r.clock.Now(), a, bot.Plan{Day: r.due(2).Date})
			return err
		}), true},
		{"give", nil, act("UANA", func(r *pressRoom, a bot.Act) error {
			_, err := r.use.Give(r.t.Context(), r.clock.Now(), a, "UBOB")
			return err
		}), false},
		{
			"take", func(r *pressRoom) { r.is(r.use.Give(r.t.Context(), r.clock.Now(), r.by("UANA"), "UBOB")) },
			act("UBOB", func(r *pressRoom, a bot.Act) error {
				_, err := r.use.Answer(r.t.Context(), r.clock.Now(), a, true)
				return err
			}), false,
		},
		{"ask", nil, act("UBOB", func(r *pressRoom, a bot.Act) error { _, err := r.use.Ask(r.t.Context(), r.clock.Now(), a); return err }), true},
		{"on track", ask, act("UANA", func(r *pressRoom, a bot.Act) error {
			_, err := r.use.OnTrack(r.t.Context(), r.clock.Now(), a)
			return err
		}), true},
		{"slip", ask, act("UANA", func(r *pressRoom, a bot.Act) error {
			due := r.due(7)
			_, err := r.use.Move(r.t.Context(), r.clock.Now(), a, &due)
			return err
		}), false},
		{"free", nil, act("UBOB", func(r *pressRoom, a bot.Act) error { _, err := r.use.Free(r.t.Context(), r.clock.Now(), a); return err }), true},
		{"tell", nil, func(r *pressRoom, token bot.Token) error { return r.tell(token, false) }, true},
		{
			"take back", func(r *pressRoom) { must(r.t, r.tell(r.token(), false)) },
			act("UANA", func(r *pressRoom, a bot.Act) error {
				_, err := r.use.Unsay(r.t.Context(), r.clock.Now(), a, 1)
				return err
			}), true,
		},
		{"thank", func(r *pressRoom) {
			r.is(r.use.Complete(r.t.Context(), r.clock.Now(), r.by("UANA")))
			must(r.t, r.tell(r.token(), true))
			r.out()
		}, func(r *pressRoom, _ bot.Token) error {
			_, err := r.thanks.Thank(r.t.Context(), r.clock.Now(), "UBOB", 1, 1)
			return err
		}, true},
		{"keep of who left", (*pressRoom).leave, act("UBOB", func(r *pressRoom, a bot.Act) error {
			_, err := r.use.KeepOn(r.t.Context(), r.clock.Now(), a)
			return err
		}), true},
		{"pass on of who left", (*pressRoom).leave, act("UBOB", func(r *pressRoom, a bot.Act) error {
			_, err := r.use.PassOn(r.t.Context(), r.clock.Now(), a, "UCY")
			return err
		}), true},
		{"let go of who left", (*pressRoom).leave, act("UBOB", func(r *pressRoom, a bot.Act) error {
			_, err := r.use.LetGo(r.t.Context(), r.clock.Now(), a)
			return err
		}), true},
		{"choose again", func(r *pressRoom) {
			r.leave()
			r.is(r.use.KeepOn(r.t.Context(), r.clock.Now(), r.by("UBOB")))
		}, act("UBOB", func(r *pressRoom, a bot.Act) error {
			_, err := r.use.UndoChoice(r.t.Context(), r.clock.Now(), a)
			return err
		}), false},
	}
}

// What comes four times at once, as by four connections, is done once: what is stored, and what waits, is what one press leaves. So it is where somebody presses two
// buttons that say the same.
func TestAPressThatComesFourTimesIsOne(t *testing.T) {
	for _, p := range pressedButtons() {
		for _, same := range []bool{true, false} {
			t.Run(fmt.Sprint(p.name, " ", same), func(t *testing.T) {
				t.Parallel()
				stored := func(times int) string {
					r := openPressRoom(t)
					r.promise()
					if p.before != nil {
						p.before(r)
					}
					r.clock.pass(time.Second)
					errs := make([]error, times)
					var all sync.WaitGroup
					for i := range times {
						token := bot.Token("press")
						if !same {
							token = bot.Token(fmt.Sprint("press ", i))
						}
						all.Go(func() { errs[i] = p.press(r, token) })
					}
					all.Wait()
					failed := slices.DeleteFunc(slices.Clone(errs), func(err error) bool { return err == nil })
					if len(failed) == times || same && p.answer && len(failed) > 0 {
						t.Errorf("%d presses: %v", times, failed)
					}
					return r.everything()
				}
				if once, four := stored(1), stored(4); once != four {
					t.Errorf("once leaves\n%s\nfour times at once leave\n%s", once, four)
				}
			})
		}
	}
}
