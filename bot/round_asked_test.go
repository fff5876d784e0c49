package bot

import (
	"testing"
	"time"
)

// A program in Los Angeles, whose rounds end when it is evening in London, on Saturday in Sydney: whoever is there is asked in their own morning, while there is a day to
// answer.
func TestEverybodyHasADayToSayWhetherTheyMet(t *testing.T) {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	r := Round{At: time.Date(2026, 3, 30, 9, 0, 0, 0, zone), End: time.Date(2026, 4, 3, 10, 0, 0, 0, zone)}
	short := Week{time.Monday: {From: 540, To: 1050}}
	for _, tt := range []struct {
		name string
		hours
		want string
	}{
		{"in the program's zone", hours{zone: "America/Los_Angeles"}, "2026-04-03T17:00:00Z"},
		{"where the end is in the night before", hours{zone: "Asia/Tokyo"}, "2026-04-03T00:00:00Z"},
		{"where it is evening", hours{zone: "Europe/London"}, "2026-04-03T08:00:00Z"},
		{"where it is evening, and a holiday", hours{zone: "Europe/London", holidays: "GB"}, "2026-04-02T08:00:00Z"},
		{"where it is late in the afternoon", hours{zone: "America/New_York"}, "2026-04-03T17:00:00Z"},
		{"where it is almost evening", hours{zone: "America/Sao_Paulo"}, "2026-04-03T12:00:00Z"},
		{"who works on one day alone", hours{zone: "Europe/London", week: &short}, "2026-04-03T17:00:00Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := HoursOf(Member{Zone: tt.zone}, Preferences{Holidays: tt.holidays, Hours: tt.week}, "UTC")
			if got := metDue(r, r.At, h); !got.Equal(instant(t, tt.want)) {
				t.Errorf("asked at %s, want %s", got.UTC().Format(time.RFC3339), tt.want)
			}
		})
	}
}

type hours struct {
	zone, holidays string
	week           *Week
}

// Silence counts only once there was a working day to break it.
func TestSilenceTakesAWorkingDay(t *testing.T) {
	friday := func(clock string) string { return "2026-04-03T" + clock + "Z" }
	const monday, tuesday = "2026-04-06T", "2026-04-07T"
	for _, tt := range []struct {
		name    string
		state   State
		settled string
		at      string
		silent  bool
	}{
		{"asked on Friday morning, and it is Monday", StateSent, friday("08:00:00"), monday + "08:00:00Z", true},
		{"asked on Friday evening, and it is Monday morning", StateSent, friday("15:00:00"), monday + "08:00:00Z", false},
		{"asked on Friday evening, and it is Monday night", StateSent, friday("15:00:00"), monday + "16:30:00Z", true},
		{"asked this morning", StateSent, monday + "08:00:00Z", monday + "16:00:00Z", false},
		{"asked yesterday morning", StateSent, monday + "08:00:00Z", tuesday + "08:00:00Z", true},
		{"it is being sent", StatePosting, "", monday + "08:00:00Z", false},
		{"it waits", StatePending, "", monday + "08:00:00Z", false},
		{"they want no such question", StateDropped, "", monday + "08:00:00Z", true},
		{"it could not be sent at all", StateExpired, "", monday + "08:00:00Z", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := Send{State: tt.state}
			if tt.settled != "" {
				s.Settled = instant(t, tt.settled)
			}
			h := HoursOf(Member{Zone: "Europe/London"}, Preferences{}, "UTC")
			if got := timely(s, instant(t, tt.at), h); got != tt.silent {
				t.Errorf("counts as silence: %t, want %t", got, tt.silent)
			}
		})
	}
}

// The question of somebody in London was late, because Slack was away on Friday: their round in Los Angeles begins hours later, and they are in it.
func TestAQuestionThatCameThisMorningIsNobodysSilence(t *testing.T) {
	for _, tt := range []struct {
		name   string
		asked  string
		groups int
	}{{"on Friday", "2026-03-20T09:00:00Z", 0}, {"this morning", "2026-03-23T09:00:00Z", 1}} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 2)
			for _, id := range letters(2) {
				m := k.stage.members[id]
				m.Zone = "Europe/London"
				k.stage.members[id] = m
			}
			p := k.setUp("C1", func(p *Program) { p.Zone = "America/Los_Angeles" }, letters(2)...)
			r := k.plan(p.ID)
			k.deliver(r.At.AddDate(0, 0, 2))
			for _, id := range letters(2) {
				s := k.shelf.sends[metSID(r.ID, id)]
				s.State, s.Settled = StateSent, instant(t, tt.asked)
				k.shelf.sends[s.SID] = s
			}
			if next := k.plan(p.ID); len(next.Groups) != tt.groups {
				t.Errorf("%d groups, want %d", len(next.Groups), tt.groups)
			}
		})
	}
}

// What the directory knows of somebody's office and level counts for who wants to meet people unlike themselves; what they say of themselves wins.
func TestTheDirectorysOfficeAndLevelCount(t *testing.T) {
	k := openCafe(t, 1)
	p := k.setUp("C1", nil, "a")
	m := k.stage.members["a"]
	m.Office, m.Level = "Lisbon", "senior"
	scene := Scene{Members: map[string]Member{"a": m}, Preferences: map[string]Preferences{}}
	input := func() (office, level string) {
		in := k.matchInput(p, Round{At: k.now, End: k.now.AddDate(0, 0, 4)}, []Seat{k.seat(p.ID, "a")}, scene, nil)
		return in.Members[0].Office, in.Members[0].Level
	}
	if office, level := input(); office != "Lisbon" || level != "senior" {
		t.Errorf("office %q, level %q", office, level)
	}
	scene.Preferences["a"] = Preferences{Profile: Profile{Office: "Bonn"}}
	if office, _ := input(); office != "Bonn" {
		t.Errorf("office %q, where they say Bonn", office)
	}
}
