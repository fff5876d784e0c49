package slackapp

import (
	"reflect"
	"testing"

	"rapport/bot"
)

func TestAMessageIsFoundForWhatItTookIn(t *testing.T) {
	w := newSlack(t, false)
	before := sentBefore{}
	x := newSender(t, w, before)
	to := []string{w.person("ana")}
	head := bot.Send{SID: "kudos/1/dm/U1", Members: to, Took: []string{"kudos/2/dm/U1", "kudos/3/dm/U1"}, TriedAt: wednesday}
	o := x.Send(t.Context(), head, Message{Text: "three thanks"})
	if o.State != bot.StateSent {
		t.Fatalf("%+v", o)
	}
	for sid, want := range map[string]bot.Outcome{
		"kudos/1/dm/U1": {State: bot.StateSent, Channel: o.Channel, TS: o.TS, Took: head.Took},
		"kudos/3/dm/U1": {State: bot.StateSent, Channel: o.Channel, TS: o.TS, Into: "kudos/1/dm/U1"},
		"kudos/4/dm/U1": {State: bot.StatePending, Reason: reasonNotFound},
	} {
		got := x.Find(t.Context(), bot.Send{SID: sid, Members: to, State: bot.StateUnknown, TriedAt: wednesday})
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", sid, got, want)
		}
	}
	// What edits one that was taken in edits that message.
	head.State, head.PostedIn, head.PostedTS = bot.StateSent, o.Channel, o.TS
	before[head.SID], before["kudos/3/dm/U1"] = head, bot.Send{State: bot.StateDropped, Into: head.SID}
	edit := x.Send(t.Context(), bot.Send{SID: "kudos/3/dm/U1/v2", Members: to, Replaces: "kudos/3/dm/U1"}, Message{Text: "two thanks"})
	if edit.State != bot.StateSent || edit.TS != o.TS || len(w.said("two thanks")) != 1 || len(w.said("three thanks")) != 0 {
		t.Errorf("%+v", edit)
	}
}
