package bot

import (
	"strings"
	"testing"
)

// What a form said of who reads it is the most that can happen, whatever became of the channel while it was open.
func TestAKudosIsNeverMorePublicThanItsFormSaid(t *testing.T) {
	said := func(place KudosPlace) KudosStage { return KudosStage{Place: place} }
	closed := func(place KudosPlace) KudosStage { return KudosStage{Place: place, Closed: true} }
	for _, tt := range []struct {
		name    string
		said    KudosStage
		channel Channel // where it was opened, as it is now
		place   KudosPlace
	}{
		{"here, as it was", said(PlaceChannel), Channel{Inside: true}, PlaceChannel},
		{"nobody could tell", KudosStage{}, Channel{Inside: true}, PlaceChannel},
		{"nobody there wanted to be named", said(PlaceQuiet), Channel{Inside: true}, PlaceChannel},
		{"the bot was brought in", said(PlaceOutside), Channel{Inside: true}, PlaceWider},
		{"the bot was brought into a private channel", said(PlaceOutside), Channel{Inside: true, Private: true}, PlaceWider},
		{"the other company left", said(PlaceShared), Channel{Inside: true}, PlaceWider},
		{"a forged place", said("everywhere"), Channel{Inside: true}, PlaceChannel},
		{"private, as it was", closed(PlaceChannel), Channel{Inside: true, Private: true}, PlaceChannel},
		{"private, and public by now", closed(PlaceChannel), Channel{Inside: true}, PlaceWider},
		{"public, and private by now", said(PlaceChannel), Channel{Inside: true, Private: true}, PlaceChannel},
		{"public, and shared by now", said(PlaceChannel), Channel{Inside: true, Shared: true}, PlaceShared},
		{"the bot was sent away", said(PlaceChannel), Channel{}, PlaceOutside},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			tt.channel.ID = "CPUB"
			w.places["CPUB"] = tt.channel
			g := w.wish("t", "UANA", "CPUB", "<@UBOB> "+helpful)
			g.Said = tt.said
			given, err := w.Give(t.Context(), w.now, g)
			if err != nil || given.Place != tt.place || given.Kudos.Posted != (tt.place == PlaceChannel) {
				t.Fatalf("place %q, stored %+v, %v", given.Place, given.Kudos, err)
			}
			if _, posted := w.sends[KudosPostSID(given.Kudos.ID)]; posted != given.Kudos.Posted {
				t.Errorf("sends %v", w.order)
			}
		})
	}
}

// Where a form offered the workspace's channel for kudos, that stays, also if the bot was brought in where it was opened.
func TestTheChannelThatTheFormNamedStays(t *testing.T) {
	w := newKudosTown(t)
	w.places["COPEN"] = Channel{ID: "COPEN", Inside: true}
	w.praise("COPEN")
	g := w.wish("t", "UANA", "CPUB", "<@UBOB> "+helpful)
	g.Said, g.PostIn = KudosStage{Place: PlaceOutside, Elsewhere: Channel{ID: "COPEN"}}, "COPEN"
	given, err := w.Give(t.Context(), w.now, g)
	if err != nil || !given.Kudos.Posted || given.Kudos.Channel != "COPEN" {
		t.Errorf("ticked, it is stored as %+v, %v", given.Kudos, err)
	}
	g = w.wish("u", "UANA", "CPUB", "<@UBOB> once more "+helpful)
	g.Said = KudosStage{Place: PlaceOutside, Elsewhere: Channel{ID: "COPEN"}}
	given, err = w.Give(t.Context(), w.now, g)
	if err != nil || given.Kudos.Posted || given.Offer.ID != "COPEN" {
		t.Errorf("not ticked, it is stored as %+v, offers %q, %v", given.Kudos, given.Offer.ID, err)
	}
}

func TestTextsThatNoMessageHoldsAreRefused(t *testing.T) {
	name := strings.Repeat("&", 80)
	for _, tt := range []struct {
		name, text string
		most       int // characters that the workspace allows
		fault      FaultCode
	}{
		{"a thousand signs", strings.Repeat("&amp;", 1000), 1000, ""},
		{"a thousand signs on lines of their own", strings.Repeat("&amp;\n", 500), 1000, ""},
		{"three thousand letters", strings.Repeat("a", 3000), 3000, ""},
		{"three thousand signs", strings.Repeat("&amp;", 3000), 3000, KudosTooWide},
		{"as many signs on lines of their own", strings.Repeat("&amp;\n", 1500), 3000, KudosTooWide},
		{"fifteen names", strings.Repeat("<@UBOB> ", 14) + "were all there for us", 1000, ""},
		{"a hundred names", strings.Repeat("<@UBOB> ", 100) + "were all there for us", 1000, KudosTooWide},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			w.set(func(s *KudosSettings) { s.Characters = tt.most })
			bob := w.scene.Members["UBOB"]
			bob.Name = name
			w.scene.Members["UBOB"] = bob
			g := GiveKudos{Token: "t", Giver: "UANA", Channel: "CPUB", Again: true, Input: KudosInput{Recipients: []string{"UBOB"}, Message: tt.text}}
			_, err := w.Give(t.Context(), w.now, g)
			wantsFault(t, err, tt.fault)
			if stored := len(w.kudos); (stored == 1) != (tt.fault == "") {
				t.Errorf("stored %d", stored)
			}
		})
	}
}

func TestAnEditIsNoLongerThanAMessageHolds(t *testing.T) {
	w := newKudosTown(t)
	w.set(func(s *KudosSettings) { s.Characters = 3000 })
	id := w.given(t, "t", "UANA", "CPUB", "<@UBOB> "+helpful).Kudos.ID
	_, err := w.Edit(t.Context(), w.now, "e", "UANA", id, "for this "+strings.Repeat("&amp;", 2900)+helpful)
	wantsFault(t, err, KudosTooWide)
	_, err = w.Edit(t.Context(), w.now, "f", "UANA", id, helpful+strings.Repeat(" and so on", 280))
	wantsFault(t, err, "")
}
