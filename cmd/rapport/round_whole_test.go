package main

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/bot"
)

// asked are the introductions of the whole round's story that somebody wanted besides their own, by pressing "Find me somebody else".
var asked = map[string]int{"max 1/2": 1}

// TestTheWholeRoundIsQuiet tells the story of the whole round once more, and counts in the end: a round cost nobody more than three messages that they did not
// ask for, and each came within the hours of everybody who read it.
func TestTheWholeRoundIsQuiet(t *testing.T) {
	t.Parallel()
	story, err := os.ReadFile("testdata/script/coffee_whole_round.txtar")
	if err != nil {
		t.Fatal(err)
	}
	s := &scenario{}
	for line := range strings.Lines(string(story)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := s.step(t, line); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	now := s.state()
	costs := roundCosts(t, now)
	if len(costs) < 15 {
		t.Errorf("only %d parts in rounds were found, which proves little: %v", len(costs), costs)
	}
	for who, messages := range costs {
		if len(messages) > 3+asked[who] {
			t.Errorf("%s got %q", who, messages)
		}
	}
}

// roundCosts lists the messages of each round by member and round, such as "ana 1/2", and finds those that came outside somebody's hours.
func roundCosts(t *testing.T, now scene) map[string][]string {
	t.Helper()
	names, zones := map[string]string{}, map[string]string{}
	for _, p := range now.People {
		names[p.ID], zones[p.ID] = p.Name, p.TZ
	}
	members := map[string][]string{}
	for _, c := range now.Channels {
		members[c.ID] = c.Members
	}
	costs := map[string][]string{}
	for _, m := range now.Messages {
		part := strings.Split(sidOf(m), "/")
		switch part[0] {
		case "pair", "no_pair", "released", "midway", "met":
		default:
			continue
		}
		seconds, err := strconv.ParseFloat(m.TS, 64)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range members[m.Channel] {
			if id == now.App.BotUser {
				continue
			}
			who := names[id] + " " + part[1] + "/" + part[2]
			costs[who] = append(costs[who], sidOf(m))
			h := bot.HoursOf(bot.Member{Zone: zones[id]}, bot.Preferences{}, "Europe/Berlin")
			if at := time.Unix(int64(seconds), 0); !h.Open(at) {
				t.Errorf("%s reached %s at %s", sidOf(m), who, at.In(h.Zone).Format("Mon 15:04"))
			}
		}
	}
	return costs
}
