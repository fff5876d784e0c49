package bot

import (
	"strings"
	"time"

	"rapport/bot/pairing"
)

// Introduction is the content of the message that opens a group's chat; alone, of the message that each gets by themselves.
type Introduction struct {
	Program  Program
	Round    Round
	Group    Group
	Question string // the question to begin with; empty if there is none left
	People   map[string]Member
	Profiles map[string]Profile // what they say of themselves, as it is now
	Hours    map[string]Hours
	Times    []time.Time // instants at which all of them work for a whole chat, up to three
	Alone    string      // the reader, when the group has no common hour and each hears of it alone
	Team     string      // the workspace's id, for addresses
	Late     bool        // the group came about while its round was under way, and this tells them so
	There    []string    // who of the group still takes part, the reader among them; only where it is read again
	Joins    string      // who then joined two or more who knew of each other already; empty in a group that is new to all of them
}

func (c *Coffee) introduction(now time.Time, t table, alone string) Introduction {
	hours, all := c.hoursOf(t)
	i := Introduction{
		Program: t.program, Round: t.round, Group: t.group, Question: c.QuestionOf(t.group), People: map[string]Member{}, Profiles: map[string]Profile{}, Hours: hours,
		Times: meetingTimes(now, t.round.End, all), Alone: alone, Team: c.Settings.Current().Team,
	}
	for _, id := range t.group.Members {
		m := t.scene.Members[id]
		m.Department = t.scene.department(id, c.Settings.Current().Departments)
		i.People[id], i.Profiles[id] = m, t.scene.Preferences[id].Profile
	}
	return i
}

// TopicMatch is one member who offers what another would like to learn.
type TopicMatch struct{ Offers, Asks, Topic string }

// Matches lists who offers what somebody else of the group asks for. A topic that one of them took out of their profile since the round was drawn is not said.
func (i Introduction) Matches() []TopicMatch {
	var list []TopicMatch
	for _, r := range i.Group.Reasons {
		if r.Code == pairing.OfferMeetsAsk && hasTopic(i.Profiles[r.A].Offers, r.Topic) && hasTopic(i.Profiles[r.B].Asks, r.Topic) {
			list = append(list, TopicMatch{Offers: r.A, Asks: r.B, Topic: r.Topic})
		}
	}
	return list
}

// Office is where all of them can be met, as the first wrote it; empty if they did not all name the same.
func (i Introduction) Office() string {
	office := i.Profiles[i.Group.Members[0]].Office
	for _, id := range i.Group.Members[1:] {
		if !strings.EqualFold(i.Profiles[id].Office, office) {
			return ""
		}
	}
	return office
}

// MayBegin reports whether a chat of the group can begin at an instant that came back from outside: it is one that could have been proposed in this round.
func (i Introduction) MayBegin(t time.Time) bool {
	return t.Equal(t.Truncate(chatStep)) && t.After(i.Round.At) && t.Before(i.Round.End)
}

// firstStepper chooses who writes first. It rotates, but where somebody keeps a leader's seat it is they: for the others it is hard to write up.
func firstStepper(round, group int, members []string, seats map[string]Seat) string {
	for _, id := range members {
		if seats[id].Leader > 0 {
			return id
		}
	}
	return members[(round+group)%len(members)]
}
