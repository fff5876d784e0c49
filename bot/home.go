package bot

import (
	"context"
	"slices"
	"time"
)

// Home is everything that a member's Home tab shows: what a person who mutes every message can still find.
type Home struct {
	Reader      Member
	Hours       Hours
	Preferences Preferences
	Owe, Owed   []Commitment // open and proposed ones only
	Sealed      Sealed       // how many more of them there are whose words no key opens
	Heard       []Heard      // what others let the reader know lately about promises to them, the newest first
	Coffee      []Mine
	Questions   map[string]string // the texts of the groups' questions, by prompt id
	Received    []Kudos           // the newest first, a few
	Given       []Kudos
	People      map[string]Member
	Installer   bool // shows the three first steps
	Admin       bool
}

// homeKudos is how many kudos Home shows.
const homeKudos = 5

// Home gathers a member's Home tab.
func (b *Bot) Home(ctx context.Context, now time.Time, member string) (Home, error) {
	all, err := b.Promises.listSince(ctx, now.Add(-heardFor), member)
	if err != nil {
		return Home{}, err
	}
	h := Home{Owe: current(all.owe), Owed: current(all.owed)} // before it is known whom the member keeps away
	if h.Heard, err = b.Promises.heard(ctx, now, member, all.others); err != nil {
		return Home{}, err
	}
	if h.Coffee, err = b.Coffee.Mine(ctx, now, member); err != nil {
		return Home{}, err
	}
	if h.Given, h.Received, err = b.Recognition.Mine(ctx, member, homeKudos); err != nil {
		return Home{}, err
	}
	scene, err := b.Host.Scenes.Scene(ctx, "", h.people(member)...)
	if err != nil {
		return Home{}, &Fault{Code: FaultUnread, Cause: err}
	}
	list := all.reaching(scene, member).with(member, "")
	h.Owe, h.Owed, h.Sealed = list.Owe, scene.ownersBack(list.Owed), list.Sealed
	h.Received = scene.thanking(member, h.Received)
	h.Heard = slices.DeleteFunc(h.Heard, func(w Heard) bool { return scene.keepsAway(member, w.From) })
	h.Questions = map[string]string{}
	for _, m := range h.Coffee {
		h.Questions[m.Group.Question] = b.Coffee.QuestionOf(m.Group)
	}
	w := b.Settings.Current()
	h.Reader, h.Preferences, h.People = scene.Members[member], scene.Preferences[member], scene.Members
	h.Preferences.Member = member
	h.Hours = scene.Hours(member, w.Zone)
	h.Installer, h.Admin = w.Installer == member, w.Admin(h.Reader)
	return h, nil
}

func current(list []Commitment) []Commitment {
	var kept []Commitment
	for _, c := range list {
		if c.State == Open || c.State == Proposed {
			kept = append(kept, c)
		}
	}
	return kept
}

// people lists whom the tab names, the reader first.
func (h Home) people(reader string) []string {
	ids := []string{reader}
	for _, list := range [][]Commitment{h.Owe, h.Owed} {
		for _, c := range list {
			ids = append(ids, c.Owner, c.By)
			for _, cp := range c.Counterparties {
				if cp.Member != "" {
					ids = append(ids, cp.Member)
				}
			}
		}
	}
	for _, w := range h.Heard {
		ids = append(ids, w.From)
	}
	for _, k := range slices.Concat(h.Received, h.Given) {
		ids = append(append(ids, k.Giver), k.Recipients...)
	}
	for _, m := range h.Coffee {
		ids = append(ids, m.Group.Members...)
	}
	return unique(ids)
}
