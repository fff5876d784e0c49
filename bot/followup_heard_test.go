package bot

import "testing"

func TestWhatOthersLetSomebodyKnowStandsOnTheirHome(t *testing.T) {
	d := newDesk(t)
	d.prefs["UBOB"] = Preferences{Muted: []Kind{KindAnswer}}
	heard := func(who string) []Heard {
		t.Helper()
		all, err := d.use.listSince(t.Context(), d.now.Add(-heardFor), who)
		if err != nil {
			t.Fatal(err)
		}
		list, err := d.use.heard(t.Context(), d.now, who, all.others)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	c := d.say("UANA", "<@UBOB> send the secret deck by 2026-06-12")
	d.must(d.use.Tell(t.Context(), d.now, d.press("UANA", c.ID), Telling{To: []string{"UBOB"}, Text: "It comes a day later."}))
	if got := heard("UBOB"); len(got) != 0 {
		t.Errorf("before it is out: %+v", got)
	}
	d.wait("2026-03-26T12:00:00+01:00")
	if got := heard("UBOB"); len(got) != 1 || got[0].From != "UANA" || got[0].Text != "It comes a day later." {
		t.Errorf("Bob hears %+v", got)
	}
	for _, other := range []string{"UANA", "UCY"} {
		if got := heard(other); len(got) != 0 {
			t.Errorf("%s hears %+v", other, got)
		}
	}
	d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", c.ID)))
	if got := heard("UBOB"); len(got) != 1 {
		t.Errorf("once it was kept: %+v", got)
	}
	d.wait("2026-04-10T12:00:00+02:00")
	if got := heard("UBOB"); len(got) != 0 {
		t.Errorf("after two weeks: %+v", got)
	}
}

func TestWhatSomebodyIsAskedToTakeOverStandsAmongWhatTheyOwe(t *testing.T) {
	d := newDesk(t)
	c := d.say("UANA", "<@UCY> send the deck by friday")
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", c.ID), "UBOB"))
	owe, owed, err := d.use.List(t.Context(), d.now, "UBOB", Scene{})
	if err != nil || len(owe) != 1 || len(owed) != 0 || owe[0].State != Proposed || owe[0].By != "UANA" || owe[0].Giving != "" {
		t.Errorf("Bob sees %+v, %+v, %v", owe, owed, err)
	}
	d.prefs["UBOB"] = Preferences{Avoid: []string{"UANA"}}
	if owe, owed, err = d.use.List(t.Context(), d.now, "UBOB", Scene{}); err != nil || len(owe)+len(owed) != 0 {
		t.Errorf("who keeps Ana away sees %+v, %+v, %v", owe, owed, err)
	}
	d.prefs["UBOB"] = Preferences{}
	d.must(d.use.Answer(t.Context(), d.now, d.press("UBOB", c.ID), false))
	if owe, _, err = d.use.List(t.Context(), d.now, "UBOB", Scene{}); err != nil || len(owe) != 0 {
		t.Errorf("after a no: %+v, %v", owe, err)
	}
	if owe, _, err = d.use.List(t.Context(), d.now, "UANA", Scene{}); err != nil || len(owe) != 1 || owe[0].State != Open {
		t.Errorf("Ana owes %+v, %v", owe, err)
	}
}
