package slackapp

import "testing"

func TestTellIsHeardWhereItWasDoneOrByDM(t *testing.T) {
	w := newTown(t, nil, rapportNoun)
	ana := w.person("ana")
	var channel string
	for _, c := range w.state().Channels {
		if c.Name == "general" {
			channel = c.ID
		}
	}
	for name, tt := range map[string]struct{ channel, to string }{
		"in the channel":              {channel, ana},
		"a channel that there is not": {"C0NONE", ""},
		"a channel that is forged":    {"<!channel>", ""},
		"nowhere":                     {"", ""},
	} {
		if err := w.app.Client().Tell(t.Context(), ana, tt.channel, Message{Text: name}); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := w.said(name); len(got) != 1 || got[0].EphemeralTo != tt.to {
			t.Errorf("%s: %+v", name, got)
		}
	}
	w.fault(map[string]any{"method": "chat.postEphemeral", "kind": "500_after", "count": 1})
	if err := w.app.Client().Tell(t.Context(), ana, channel, Message{Text: "perhaps heard"}); err == nil || len(w.said("perhaps heard")) != 1 {
		t.Errorf("what may have been heard: %v, said %+v", err, w.said("perhaps heard"))
	}
	w.unbroken()
}
