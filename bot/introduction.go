package bot

import "time"

// Introduction is the content of the message that opens a group's chat; alone, of the message that each gets by themselves.
type Introduction struct {
	Program  Program
	Round    Round
	Group    Group
	Question string // the question to begin with; empty if there is none left
	People   map[string]Member
	Hours    map[string]Hours
	Times    []time.Time // instants at which all of them work for a whole chat, up to three
	Alone    string      // the reader, when the group has no common hour and each hears of it alone
	Team     string      // the workspace's id, for addresses
}

func (c *Coffee) introduction(now time.Time, t table, alone string) Introduction {
	hours, all := c.hoursOf(t)
	question, _ := c.Prompts.ByID(t.group.Question)
	return Introduction{
		Program: t.program, Round: t.round, Group: t.group, Question: question.Text, People: t.scene.Members, Hours: hours,
		Times: meetingTimes(now, t.round.End, all), Alone: alone, Team: c.Settings.Current().Team,
	}
}
