package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/when"
)

// pastTime is how much of the company's life lies before the moment that the playground begins with, so that the first look is alive: at least one
// Monday round and one Friday digest.
const pastTime = 9 * 24 * time.Hour

// pastPeople is how many it takes to play the parts below; a smaller company begins without a past.
const pastPeople = 20

// pastPeopleMost is how many may work in a company that has a past: of more, nine days of reading profiles would go by before anybody saw anything.
const pastPeopleMost = 2000

// past is what happened: told day by day through the bot's own use cases, so that nothing in it is a picture of something else.
type past struct {
	town     *town
	members  []bot.Member
	channels map[string]string // id by name
	program  string            // the coffee program's id
	acts     int
}

// livePast lets the company live until now.
func (p *town) livePast(ctx context.Context, now time.Time) error {
	t := &past{town: p, channels: map[string]string{}}
	if err := t.meet(ctx); err != nil {
		return fmt.Errorf("live the past: %w", err)
	}
	if err := t.settleIn(ctx); err != nil {
		return fmt.Errorf("live the past: %w", err)
	}
	for i, at := range workingHours(p.clock.Now(), now, p.house.bot.Settings.Current().Zone) {
		if i == len(pastDays()) {
			break
		}
		if err := t.advance(ctx, at); err != nil {
			return fmt.Errorf("live day %d of the past: %w", i+1, err)
		}
		for _, act := range append(pastDays()[i], met(i)) {
			if err := act(ctx, t); err != nil {
				return fmt.Errorf("live day %d of the past: %w", i+1, err)
			}
		}
	}
	if err := t.advance(ctx, now); err != nil {
		return fmt.Errorf("live the past: %w", err)
	}
	return nil
}

// workingHours is one instant of each working day in [from, to), another time each day.
func workingHours(from, to time.Time, zone string) []time.Time {
	h := bot.HoursOf(bot.Member{}, bot.Preferences{}, zone)
	var list []time.Time
	for day := h.Today(from); ; day = day.AddDays(1) {
		at := h.At(day, 9*60+40+len(list)*67%400)
		if !at.Before(to) {
			return list
		}
		if at.After(from) && h.Workday(day) {
			list = append(list, at)
		}
	}
}

func (t *past) advance(ctx context.Context, to time.Time) error {
	t.town.house.sched.Poke()
	return t.town.clock.Advance(ctx, to)
}

// meet learns who there is.
func (t *past) meet(ctx context.Context) error {
	members, err := t.town.house.store.AllMembers(ctx)
	if err != nil {
		return err
	}
	t.members = slices.DeleteFunc(members, func(m bot.Member) bool { return !m.Person() || m.Guest })
	slices.SortFunc(t.members, func(a, b bot.Member) int { return strings.Compare(a.ID, b.ID) })
	channels, err := t.town.house.store.Channels(ctx)
	for _, c := range channels {
		t.channels[c.Name] = c.ID
	}
	return err
}

// person is the n-th of the company, counted from 0.
func (t *past) person(n int) string { return t.members[n].ID }

func (t *past) token() bot.Token {
	t.acts++
	return bot.Token(fmt.Sprintf("past %d", t.acts))
}

// settleIn sets up what the company has: a digest in #kudos, and coffee on Mondays in #coffee with most people in it.
func (t *past) settleIn(ctx context.Context) error {
	now, b := t.town.clock.Now(), t.town.house.bot
	if id := t.channels["kudos"]; id != "" {
		_, err := b.Recognition.SetDigest(ctx, now, t.token(), bot.Digest{
			Channel: id, Weekday: bot.DigestWeekday, Minute: bot.DigestMinute, Zone: b.Settings.Current().Zone, By: t.person(0),
		})
		if err != nil {
			return err
		}
	}
	id := t.channels["coffee"]
	if id == "" {
		return nil
	}
	program := bot.NewProgram(id, t.person(0), b.Settings.Current().Zone)
	program.Name, program.Purpose = "Monday coffee", "Meet the people behind the tickets."
	program, err := b.Coffee.Save(ctx, now, t.token(), t.person(0), program)
	if err != nil {
		return err
	}
	t.program = program.ID
	for i := range min(len(t.members), 21) {
		if _, _, err := b.Coffee.Join(ctx, now, bot.SeatAct{Token: t.token(), Program: program.ID, Member: t.person(i)}); err != nil {
			return err
		}
	}
	return nil
}

type pastAct func(ctx context.Context, t *past) error

// thanks is a kudos in a channel.
func thanks(channel string, giver int, text string, recipients ...int) pastAct {
	return func(ctx context.Context, t *past) error {
		var to []string
		for _, n := range recipients {
			to = append(to, "<@"+t.person(n)+">")
		}
		r := t.town.house.bot.Recognition
		_, err := r.Give(ctx, t.town.clock.Now(), bot.GiveKudos{
			Token: t.token(), Giver: t.person(giver), Channel: t.channels[channel], Input: bot.ParseKudos(strings.Join(to, " ")+" "+text, nil),
		})
		return err
	}
}

// promises is a commitment that is due some days later.
func promises(owner, to, days int, text string) pastAct {
	return func(ctx context.Context, t *past) error {
		p := t.town.house.bot.Promises
		in, err := p.WhenOf(ctx, t.town.clock.Now(), t.person(owner))
		if err != nil {
			return err
		}
		due := in.EndOfDay(when.DateOf(in.Now.In(in.Zone)).AddDays(days))
		_, err = p.Promise(ctx, in.Now, bot.Promise{
			Token: t.token(), By: t.person(owner), Owner: t.person(owner), Counterparties: []bot.Counterparty{{Member: t.person(to)}}, Text: text, Due: &due,
			Shared: days%2 == 0,
		})
		return err
	}
}

// met lets a third of the groups of the running round say that they met, another third each day.
func met(day int) pastAct {
	return func(ctx context.Context, t *past) error {
		round, err := t.town.house.store.CurrentRound(ctx, t.program)
		if errors.Is(err, bot.ErrNotFound) {
			return nil
		}
		now := t.town.clock.Now()
		if err != nil || now.Before(round.At.Add(20*time.Hour)) {
			return err
		}
		if round, err = t.town.house.store.Round(ctx, round.ID); err != nil {
			return err
		}
		for i, g := range round.Groups {
			if (i+day)%3 != 0 || len(g.Met) > 0 {
				continue
			}
			act := bot.RoundAct{Token: t.token(), Member: g.Members[0], Round: round.ID, Group: g.Key}
			if _, err := t.town.house.bot.Coffee.AnswerMet(ctx, now, act, bot.MetYes); err != nil {
				return err
			}
		}
		return nil
	}
}

// pastDays is what people did on each day.
func pastDays() [][]pastAct {
	return [][]pastAct{
		{
			thanks("kudos", 3, "for taking the night call with the customer in Osaka, and for the calm summary we found in the morning #trust", 7),
			promises(0, 1, 11, "Send the hiring plan for the second quarter"),
		},
		{
			thanks("kudos", 11, "for asking the one question that saved us two weeks of building the wrong import #listening", 4),
			promises(1, 0, 12, "Read the draft of the security answers"),
		},
		{
			thanks("general", 6, "for writing down how the release works, so that nobody has to ask you on your day off #respect", 14, 15),
		},
		{
			thanks("kudos", 0, "for saying early that the date would slip, with a plan in the same message #trust", 9),
			promises(5, 2, 10, "Share the notes of the customer visit"),
		},
		{
			thanks("kudos", 17, "for showing me how support reads a ticket; I write error messages differently now #influence", 2),
			thanks("kudos", 8, "for staying on the call until the last person had understood the new process", 12),
		},
		{
			thanks("product", 10, "for the prototype that ended a month of opinions within an afternoon #influence", 13),
			promises(0, 4, 9, "Introduce the design team to the new supplier"),
		},
		{
			thanks("kudos", 2, "for noticing that the new colleague had nobody to have lunch with #respect", 0),
			promises(4, 0, 8, "Answer the open questions about the budget"),
		},
		{
			thanks("kudos", 13, "for the patient review of a change that touched everything #listening", 1, 3),
		},
	}
}
