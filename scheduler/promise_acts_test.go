package scheduler_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"rapport/bot"
	"rapport/bot/when"
)

func pick[T any](m *promiseTown, list []T) T { return list[m.dice.IntN(len(list))] }

func (m *promiseTown) another(id string) string {
	for {
		if other := pick(m, townIDs); other != id {
			return other
		}
	}
}

// press does something once, or twice at once, as two presses on two replicas do. Only what the store or the use case cannot do at all is wrong.
func (m *promiseTown) press(what string, do func(token bot.Token) error) {
	m.acts++
	token := bot.Token(fmt.Sprint("act ", m.acts))
	check := func(err error) {
		m.mu.Lock()
		m.history = append(m.history, fmt.Sprintf("%s %s: %v", m.clock.Now().Format("01-02 15:04:05"), what, err))
		m.mu.Unlock()
		fault, ok := errors.AsType[*bot.Fault](err)
		if err != nil && (!ok || fault.Code == bot.FaultUnsaved || fault.Code == bot.FaultUnread) {
			m.mu.Lock()
			m.wrong = append(m.wrong, fmt.Sprintf("%s: %v", what, err))
			m.mu.Unlock()
		}
	}
	if m.dice.IntN(4) > 0 {
		check(do(token))
		return
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { check(do(token)) })
	}
	both.Wait()
}

// act lets somebody do something.
func (m *promiseTown) act() {
	now, ctx, use := m.clock.Now(), m.t.Context(), m.bot.Promises
	if len(m.ids) == 0 || m.dice.IntN(4) == 0 {
		m.promise(now)
		return
	}
	id := pick(m, m.ids)
	c, err := m.store.Commitment(ctx, id)
	m.must(err)
	cps := slices.DeleteFunc(c.MembersTo(), func(to string) bool { return to == c.Owner })
	by := func(actor string) func(bot.Token) bot.Act {
		return func(t bot.Token) bot.Act { return bot.Act{Token: t, Actor: actor, ID: id} }
	}
	owner, side := by(c.Owner), by(pick(m, append(cps, townIDs...)))
	if len(cps) > 0 && m.dice.IntN(5) > 0 {
		side = by(pick(m, cps))
	}
	anyone := by(pick(m, townIDs))
	asked := owner
	if c.Giving != "" {
		asked = by(c.Giving)
	}
	plain := func(what string, a func(bot.Token) bot.Act, do func(bot.Act) (bot.Commitment, error)) {
		m.press(fmt.Sprintf("#%d %s by %s", id, what, a("").Actor), func(t bot.Token) error { _, err := do(a(t)); return err })
	}
	switch m.dice.IntN(21) {
	case 0:
		plain("complete", owner, func(a bot.Act) (bot.Commitment, error) { return use.Complete(ctx, now, a) })
	case 1:
		due := m.due(c.Owner)
		plain("move", owner, func(a bot.Act) (bot.Commitment, error) { return use.Move(ctx, now, a, due) })
	case 2:
		till := now.Add(time.Duration(1+m.dice.IntN(100)) * time.Hour)
		plain("snooze", owner, func(a bot.Act) (bot.Commitment, error) { return use.Snooze(ctx, now, a, till) })
	case 3, 4, 5:
		plain("undo", anyone, func(a bot.Act) (bot.Commitment, error) { return use.Undo(ctx, now, a) })
	case 6:
		to := m.another(c.Owner)
		plain("give", owner, func(a bot.Act) (bot.Commitment, error) { return use.Give(ctx, now, a, to) })
	case 7, 8:
		yes := m.dice.IntN(3) > 0
		m.handed[id] = m.handed[id] || c.Giving != ""
		plain("answer", asked, func(a bot.Act) (bot.Commitment, error) { return use.Answer(ctx, now, a, yes) })
	case 9:
		plain("share", owner, func(a bot.Act) (bot.Commitment, error) { return use.Share(ctx, now, a) })
	case 10, 11:
		plain("ask", side, func(a bot.Act) (bot.Commitment, error) { return use.Ask(ctx, now, a) })
	case 12:
		plain("on track", owner, func(a bot.Act) (bot.Commitment, error) { return use.OnTrack(ctx, now, a) })
	case 13:
		plain("undo on track", owner, func(a bot.Act) (bot.Commitment, error) { return use.UndoOnTrack(ctx, now, a) })
	case 14:
		plan := bot.Plan{Day: when.DateOf(now).AddDays(m.dice.IntN(6)), Cue: "after lunch"}
		plain("plan", owner, func(a bot.Act) (bot.Commitment, error) { return use.SetPlan(ctx, now, a, plan) })
	case 15:
		if len(cps) > 0 {
			m.tell(now, c, cps)
		}
	case 16:
		n := 1 + m.dice.IntN(3)
		if k := len(c.Said); k > 0 {
			n = c.Said[k-1].N
		}
		m.press("unsay", func(t bot.Token) error { _, err := use.Unsay(ctx, now, owner(t), n); return err })
	case 17:
		if m.dice.IntN(2) == 0 {
			plain("free", side, func(a bot.Act) (bot.Commitment, error) { return use.Free(ctx, now, a) })
			return
		}
		m.press("split", func(t bot.Token) error {
			list, err := use.Split(ctx, now, owner(t))
			m.mu.Lock()
			defer m.mu.Unlock()
			for _, c := range list {
				if !slices.Contains(m.ids, c.ID) {
					m.ids = append(m.ids, c.ID)
				}
			}
			return err
		})
	case 19:
		to := m.another(c.Owner)
		plain("keep on", side, func(a bot.Act) (bot.Commitment, error) {
			switch m.acts % 3 {
			case 0:
				return m.noted(use.KeepOn(ctx, now, a))
			case 1:
				return m.noted(use.PassOn(ctx, now, a, to))
			}
			return use.LetGo(ctx, now, a)
		})
	case 20:
		plain("choose anew", side, func(a bot.Act) (bot.Commitment, error) { return use.UndoChoice(ctx, now, a) })
	case 18:
		plain("release", owner, func(a bot.Act) (bot.Commitment, error) { return use.Release(ctx, now, a) })
	}
}

// noted notes what is new.
func (m *promiseTown) noted(c bot.Commitment, err error) (bot.Commitment, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil && c.ID != 0 && !slices.Contains(m.ids, c.ID) {
		m.ids = append(m.ids, c.ID)
	}
	return c, err
}

// leave lets somebody leave the company, or come back to it.
func (m *promiseTown) leave() {
	id := pick(m, townIDs)
	m.gone[id] = !m.gone[id]
	m.touched[id] = true
	m.left = true
	m.must(m.store.EditMembers(m.t.Context(), []string{id}, func(member bot.Member) (bot.Member, bool) {
		member.Deleted = m.gone[id]
		return member, true
	}))
	m.history = append(m.history, fmt.Sprint(m.clock.Now().Format("01-02 15:04:05"), " gone ", id, m.gone[id]))
	m.press("gone", func(bot.Token) error { return m.bot.Promises.MemberGone(m.t.Context(), m.clock.Now(), id) })
}

func (m *promiseTown) tell(now time.Time, c bot.Commitment, cps []string) {
	to := []string{pick(m, cps)}
	if m.dice.IntN(2) == 0 {
		to = cps
	}
	t := bot.Telling{To: to, Text: fmt.Sprintf("Word nr%d", m.acts), Kept: c.State == bot.Done, Occasion: c.Occasion}
	m.press("tell", func(token bot.Token) error {
		_, err := m.bot.Promises.Tell(m.t.Context(), now, bot.Act{Token: token, Actor: c.Owner, ID: c.ID}, t)
		return err
	})
}

func (m *promiseTown) promise(now time.Time) {
	by := pick(m, townIDs)
	in := bot.Promise{By: by, Owner: by, Text: fmt.Sprintf("item nr%d", m.acts), Due: m.due(by), Shared: m.dice.IntN(2) == 0}
	for range m.dice.IntN(3) {
		to := m.another(by)
		if !slices.ContainsFunc(in.Counterparties, func(cp bot.Counterparty) bool { return cp.Member == to }) {
			in.Counterparties = append(in.Counterparties, bot.Counterparty{Member: to})
		}
	}
	if m.dice.IntN(3) == 0 {
		in.Owner = m.another(by)
		in.Due = m.due(in.Owner)
		in.Counterparties = nil
	}
	if in.Due != nil && !in.Due.ExplicitTime && m.dice.IntN(4) == 0 {
		later := *in.Due
		later.Date = later.Date.AddDays(2)
		in.Parts = []when.Part{{Text: in.Text + " draft", Due: *in.Due}, {Text: in.Text + " final", Due: later}}
	}
	m.press("promise", func(t bot.Token) error {
		in := in
		in.Token = t
		c, err := m.bot.Promises.Promise(m.t.Context(), now, in)
		m.mu.Lock()
		defer m.mu.Unlock()
		if err == nil && !slices.Contains(m.ids, c.ID) {
			m.ids = append(m.ids, c.ID)
		}
		return err
	})
}

// set lets somebody change their settings: then what comes to them is no longer what it would have been.
func (m *promiseTown) set() {
	id := pick(m, townIDs)
	now := m.clock.Now()
	other := m.another(id)
	today := when.DateOf(now)
	edits := map[string]func(*bot.Preferences){
		"pause":  func(p *bot.Preferences) { p.PausedTill = today.AddDays(3) },
		"resume": func(p *bot.Preferences) { p.PausedTill = bot.Date{} },
		"zone":   func(p *bot.Preferences) { p.Zone = "Europe/Lisbon" },
		"east":   func(p *bot.Preferences) { p.Zone = "Pacific/Apia" },
		"mute":   func(p *bot.Preferences) { p.Muted = []bot.Kind{bot.KindProposal} },
		"avoid":  func(p *bot.Preferences) { p.Avoid = []string{other} },
		"review": func(p *bot.Preferences) { p.Review = time.Monday },
		"friday": func(p *bot.Preferences) { p.Review = time.Friday },
	}
	names := []string{"pause", "resume", "zone", "east", "mute", "avoid", "review", "friday", "review", "friday"}
	name := pick(m, names)
	m.history = append(m.history, fmt.Sprint(now.Format("01-02 15:04:05"), " set ", id, " ", name))
	m.press("set "+name, func(t bot.Token) error {
		_, err := m.bot.Host.Set(m.t.Context(), now, t, id, edits[name])
		return err
	})
	if name == "review" || name == "friday" {
		m.rescheduled[id] = m.rescheduled[id] || m.chose[id] != "" && m.chose[id] != name
		m.chose[id] = name
	}
	if name == "mute" || name == "avoid" {
		m.touched[id] = true
	}
	if name == "zone" || name == "east" {
		m.moved[id] = true
	}
}
