package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// crew adds a user group of n colleagues beside who is in it already.
func (w *kudosTown) crew(group string, n int) {
	for i := range n {
		id := fmt.Sprintf("UX%03d", i)
		w.scene.Members[id] = Member{ID: id, Name: "Crew " + id, Zone: "Europe/Berlin"}
		w.groups[group] = append(w.groups[group], id)
	}
}

func TestATeamIsThankedAsOne(t *testing.T) {
	w := newKudosTown(t)
	w.groups["SBIG"] = []string{"UANA", "UBOT", "UGONE", "UFAR"}
	w.crew("SBIG", 40)
	w.scene.Preferences["UX000"] = Preferences{KudosDM: KudosPrivately}
	wish := w.wish("t", "UANA", "CPUB", "<!subteam^SBIG> "+helpful)
	given, err := w.Give(t.Context(), w.now, wish)
	wantsFault(t, err, KudosGroupLarge)
	if k := given.Kudos; k.Team != "SBIG" || k.TeamName != "The SBIG" || len(k.Recipients) != 40 || len(w.kudos)+len(w.sends) > 0 {
		t.Fatalf("it may be thanked as %+v; stored %v", k, w.order)
	}
	wish.Team = true
	given, err = w.Give(t.Context(), w.now, wish)
	if err != nil {
		t.Fatal(err)
	}
	k := w.kudos[given.Kudos.ID]
	if k.Team != "SBIG" || k.TeamName != "The SBIG" || len(k.Recipients) != 40 || !k.Posted || len(given.Left) != 4 || len(given.Quiet) > 0 {
		t.Errorf("stored %+v, left out %v, quiet %v", k, given.Left, given.Quiet)
	}
	if !slices.Equal(w.order, []string{KudosPostSID(k.ID)}) {
		t.Errorf("it sends %v, want the post alone", w.order)
	}
	if shown := shownOf(k, w.scene); len(shown) != 40 {
		t.Errorf("%d of the team count as shown", len(shown))
	}
}

func TestATeamNeedsAPlace(t *testing.T) {
	for _, tt := range []struct {
		name, channel, praise string
		private, named        bool
		fault                 FaultCode
		kept                  string
	}{
		{name: "a channel", channel: "CPUB", kept: "CPUB"},
		{name: "a private channel", channel: "CPRIV", kept: "CPRIV"},
		{name: "just between us", channel: "CPUB", private: true, fault: KudosTeamAlone},
		{name: "nowhere", fault: KudosTeamPlace},
		{name: "a DM", channel: "DANA", fault: KudosTeamPlace},
		{name: "a shared channel", channel: "CSHARED", fault: KudosTeamPlace},
		{name: "the channel for kudos", praise: "CPUB", named: true, kept: "CPUB"},
		{name: "a DM, with a channel for kudos", channel: "DANA", praise: "CPUB", named: true, kept: "CPUB"},
		{name: "a shared channel, with one for kudos", channel: "CSHARED", praise: "CPUB", named: true, kept: "CPUB"},
		{name: "the channel for kudos was not named", channel: "DANA", praise: "CPUB", fault: KudosTeamPlace},
		{name: "the channel for kudos is private", channel: "DANA", praise: "CPRIV", named: true, fault: KudosTeamPlace},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			w.crew("SBIG", 11)
			w.praise(tt.praise)
			wish := w.wish("t", "UANA", tt.channel, "<!subteam^SBIG> "+helpful)
			wish.Team, wish.Input.Private = true, tt.private
			if tt.named {
				wish.PostIn = tt.praise
			}
			given, err := w.Give(t.Context(), w.now, wish)
			wantsFault(t, err, tt.fault)
			if given.Kudos.Channel != tt.kept || (tt.fault != "") != (len(w.kudos) == 0) {
				t.Errorf("it stands in %q, %d stored", given.Kudos.Channel, len(w.kudos))
			}
		})
	}
}

func TestWhoIsATeam(t *testing.T) {
	for _, tt := range []struct {
		name  string
		text  string
		crew  int
		fault FaultCode
		team  string
	}{
		{"a large group", "<!subteam^SBIG> ", 11, "", "SBIG"},
		{"a group of whom some are named", "<@UX000> <!subteam^SBIG> ", 11, "", "SBIG"},
		{"a group and somebody else", "<@UBOB> <!subteam^SBIG> ", 11, KudosGroupLarge, ""},
		{"two groups", "<!subteam^SALL> <!subteam^SBIG> ", 11, KudosGroupLarge, ""},
		{"a group that is small by now", "<!subteam^SBIG> ", 3, "", "SBIG"},
		{"people", "<@UBOB> <@UCYN> ", 11, "", ""},
		{"five hundred", "<!subteam^SBIG> ", 500, "", "SBIG"},
		{"more", "<!subteam^SBIG> ", 501, KudosTeamLarge, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newKudosTown(t)
			w.crew("SBIG", tt.crew)
			wish := w.wish("t", "UANA", "CPUB", tt.text+helpful)
			wish.Team = true
			given, err := w.Give(t.Context(), w.now, wish)
			wantsFault(t, err, tt.fault)
			if given.Kudos.Team != tt.team {
				t.Errorf("the team is %q, want %q", given.Kudos.Team, tt.team)
			}
		})
	}
}

func TestATeamIsCountedBeforeItIsThanked(t *testing.T) {
	w := newKudosTown(t)
	w.groups["SBIG"] = []string{"UANA", "UBOT"}
	w.crew("SBIG", 11)
	for _, tt := range []struct {
		group  string
		people int
		large  bool
		fault  FaultCode
	}{{"SBIG", 11, true, ""}, {"SALL", 1, false, ""}, {"SSELF", 0, false, KudosOnlySelf}, {"SNONE", 0, false, KudosGroupEmpty}, {"SOFF", 0, false, KudosGroupsOff}, {"channel>", 0, false, FaultInvalid}} {
		team, err := w.Team(t.Context(), "UANA", tt.group)
		wantsFault(t, err, tt.fault)
		if len(team.People) != tt.people || team.Large != tt.large {
			t.Errorf("%s: %+v", tt.group, team)
		}
	}
}

func TestGuestsAreThankedUnlessTheWorkspaceSaysNo(t *testing.T) {
	w := newKudosTown(t)
	w.given(t, "1", "UANA", "CPUB", "<@UGUEST> "+helpful)
	w.set(func(s *KudosSettings) { s.NoGuests = true })
	_, err := w.Give(t.Context(), w.now, w.wish("2", "UANA", "CPUB", "<@UGUEST> once more "+helpful))
	wantsFault(t, err, KudosNobody)
	given := w.given(t, "3", "UANA", "CPUB", "<@UGUEST> <@UBOB> "+helpful)
	if got := fmt.Sprint(given.Kudos.Recipients, given.Left); got != "[UBOB] [{UGUEST guest}]" {
		t.Errorf("thanked and left out: %s", got)
	}
}

func TestTheBotItselfIsABot(t *testing.T) {
	w := newKudosTown(t)
	s := w.Settings.Current()
	s.BotUser = "URAPPORT"
	w.Settings.current.Store(&s)
	given, err := w.Give(t.Context(), w.now, w.wish("1", "UANA", "CPUB", "<@URAPPORT> "+helpful))
	wantsFault(t, err, KudosNobody)
	if len(given.Left) != 1 || given.Left[0].Why != LeftBot {
		t.Errorf("left out %v", given.Left)
	}
}

func TestAPreviewStoresNothing(t *testing.T) {
	w := newKudosTown(t)
	wish := w.wish("t", "UANA", "CPUB", "<@UANA> <@UBOB> "+helpful)
	shown, err := w.Preview(t.Context(), w.now, wish)
	if err != nil || len(w.kudos)+len(w.sends) > 0 || shown.Place != PlaceChannel || len(shown.Left) != 1 {
		t.Fatalf("%+v, %v; stored %v", shown, err, w.order)
	}
	given, err := w.Give(t.Context(), w.now, wish)
	if err != nil || strings.Join(given.Kudos.Recipients, " ") != strings.Join(shown.Kudos.Recipients, " ") || given.Kudos.Message != shown.Kudos.Message {
		t.Errorf("given is %+v, %v", given.Kudos, err)
	}
}
