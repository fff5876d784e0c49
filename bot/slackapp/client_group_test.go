package slackapp

import (
	"errors"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

func TestTheListOfUserGroupsIsBelievedForAWhile(t *testing.T) {
	some := []bot.UserGroup{{ID: "S1", Name: "Design"}}
	off := &bot.Fault{Code: bot.KudosGroupsOff, Cause: errors.New("missing_scope")}
	down := errors.New("no answer")
	for _, tt := range []struct {
		name    string
		learned []error // one after the other, a minute apart
		after   time.Duration
		known   bool
		groups  int
		err     error
	}{
		{name: "never asked"},
		{name: "at once", learned: []error{nil}, known: true, groups: 1},
		{name: "for minutes", learned: []error{nil}, after: groupsFresh - time.Second, known: true, groups: 1},
		{name: "not for ever", learned: []error{nil}, after: groupsFresh},
		{name: "not granted", learned: []error{off}, after: groupsFresh - time.Second, known: true, err: off},
		{name: "not granted, asked again", learned: []error{off}, after: groupsFresh},
		{name: "no answer", learned: []error{down}, after: groupsPause - time.Second, known: true, err: down},
		{name: "no answer, asked again soon", learned: []error{down}, after: groupsPause},
		{name: "no answer, but an older list", learned: []error{nil, down}, known: true, groups: 1},
		{name: "no longer granted", learned: []error{nil, off}, known: true, err: off},
		{name: "granted again", learned: []error{off, nil}, known: true, groups: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var l groupList
			now := wednesday
			for _, err := range tt.learned {
				now = now.Add(time.Minute)
				list := some
				if err != nil {
					list = nil
				}
				if _, got := l.learn(now, list, err); got != nil && err == nil {
					t.Errorf("a list that was read is %v", got)
				}
			}
			groups, known, err := l.known(now.Add(tt.after))
			if known != tt.known || len(groups) != tt.groups || !errors.Is(err, tt.err) {
				t.Errorf("known %v: %v, %v", known, groups, err)
			}
		})
	}
}

func TestUserGroupsInUseAreListedByName(t *testing.T) {
	got := userGroups([]slack.UserGroup{{ID: "S2", Name: "zoo"}, {ID: "S1", Name: "Art"}, {ID: "S3", Name: "Old", DateDelete: 1}, {ID: "S0", Name: "zoo"}})
	var ids string
	for _, g := range got {
		ids += g.ID + " "
	}
	if ids != "S1 S0 S2 " {
		t.Errorf("listed %q", ids)
	}
}

// What a group refuses for good is said as that, not as something to try again.
func TestAGroupThatCannotBeReadSaysWhy(t *testing.T) {
	for _, tt := range []struct {
		code string
		want bot.FaultCode // empty for an error that may pass
	}{
		{"missing_scope", bot.KudosGroupsOff}, {"plan_upgrade_required", bot.KudosGroupsOff}, {"no_such_subteam", bot.KudosGroupEmpty}, {"fatal_error", ""},
	} {
		var got bot.FaultCode
		if fault := refused(groupError("usergroups.users.list", slack.SlackErrorResponse{Err: tt.code})); fault != nil {
			got = fault.Code
		}
		if got != tt.want {
			t.Errorf("%s is %q, want %q", tt.code, got, tt.want)
		}
	}
	if err := groupError("usergroups.users.list", nil); err != nil {
		t.Errorf("no error is %v", err)
	}
}
