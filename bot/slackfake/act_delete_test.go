package slackfake

import (
	"net/http"
	"testing"
)

func TestWhoMayDeleteAMessage(t *testing.T) {
	s := startSlack(t)
	s.mu.Lock()
	s.addUser(&User{ID: "UBOSS", Name: "boss", Admin: true})
	s.mu.Unlock()
	dial(t, s, nil).hello()
	acted(t, s, "/join", `{"user":"boss","channel":"general"}`)
	for _, tt := range []struct{ user, problem string }{{"ben", "cant_delete_message"}, {"ana", ""}, {"boss", ""}} {
		ts := acted(t, s, "/message", `{"user":"ana","channel":"general","text":"hi"}`)["ts"].(string)
		body := `{"user":"` + tt.user + `","channel":"general","ts":"` + ts + `"}`
		status, answer := post(t, s, "/delete", body)
		if problem, _ := answer["error"].(string); status != http.StatusOK || problem != tt.problem {
			t.Errorf("%s: %d %v, want %q", tt.user, status, answer, tt.problem)
		}
		if _, again := post(t, s, "/delete", body); tt.problem == "" && again["error"] != "message_not_found" {
			t.Errorf("%s, a second time: %v", tt.user, again)
		}
	}
	if _, answer := post(t, s, "/delete", `{"user":"boss","channel":"general","ts":"`+say(t, s, "UANA", `[]`)+`"}`); answer["error"] != "message_not_found" {
		t.Errorf("what another one sees alone: %v", answer)
	}
}

func TestTheAppHearsOfADeletedMessage(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	dm := acted(t, s, "/message", `{"user":"ana","channel":"@tester","text":"hi"}`)["ts"].(string)
	c.next()
	acted(t, s, "/delete", `{"user":"ana","channel":"@tester","ts":"`+dm+`"}`)
	wantAt(t, payloadOf(t, c.next().Payload), map[string]any{
		"event.type": "message", "event.subtype": "message_deleted", "event.deleted_ts": dm, "event.previous_message.user": "UANA", "event.hidden": true,
	})
}

func TestWhatABotSaysCarriesItsID(t *testing.T) {
	s := startSlack(t)
	s.mu.Lock()
	s.addUser(&User{ID: "UBUILD", Name: "build", RealName: "Build", Bot: true})
	s.mu.Unlock()
	c := dial(t, s, nil)
	c.hello()
	acted(t, s, "/join", `{"user":"build","channel":"general"}`)
	ts := acted(t, s, "/message", `{"user":"build","channel":"general","text":"all green"}`)["ts"].(string)
	acted(t, s, "/shortcut", `{"user":"ana","callback_id":"promise","channel":"general","ts":"`+ts+`"}`)
	for {
		w := c.next()
		p := payloadOf(t, w.Payload)
		if p["type"] != "message_action" {
			continue
		}
		wantAt(t, p, map[string]any{"message.user": "UBUILD", "message.bot_id": "BBUILD", "message.app_id": "ABUILD", "message.bot_profile.name": "Build"})
		return
	}
}
