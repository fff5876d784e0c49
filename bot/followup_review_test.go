package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// reviews says which of somebody's bundles were reviews: when, in their zone, and what stands in them.
func (d *desk) reviews(who string) string {
	d.t.Helper()
	h := HoursOf(d.members[who], d.prefs[who], "UTC")
	var lines []string
	for _, m := range d.post {
		b, ok := m.content.(Bundle)
		if m.to != who || !ok || b.Review == nil {
			continue
		}
		line := m.at.In(h.Zone).Format("Mon 01-02 15:04")
		for _, item := range b.Items {
			line += fmt.Sprintf(" today #%d", item.Commitment.ID)
		}
		for _, c := range b.Review.Owe {
			line += fmt.Sprintf(" owes #%d", c.ID)
		}
		for _, c := range b.Review.Owed {
			line += fmt.Sprintf(" owed #%d", c.ID)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

// reviewing is a desk whose people set their reviews.
type reviewing struct {
	*lodge
	host *Host
}

func newReviewing(t *testing.T) reviewing {
	l, h := newLodge(t)
	return reviewing{l, h}
}

func (r reviewing) set(who string, edit func(*Preferences)) {
	r.t.Helper()
	r.presses++
	if _, err := r.host.Set(r.t.Context(), r.now, Token(fmt.Sprint("set ", r.presses)), who, edit); err != nil {
		r.t.Fatal(err)
	}
}

func (r reviewing) on(who string, day time.Weekday) {
	r.set(who, func(p *Preferences) { p.Review = day })
}

// weeks goes on for some weeks, in each of which somebody's entry runs on Saturday, twice.
func (r reviewing) weeks(n int, who string) {
	r.t.Helper()
	for range n {
		saturday := time.Date(r.now.Year(), r.now.Month(), r.now.Day()+6-int(r.now.Weekday()), 7, 0, 0, 0, time.UTC)
		r.wait(saturday.Format(time.RFC3339))
		for range 2 {
			if err := r.host.PlanReview(r.t.Context(), who, saturday); err != nil {
				r.t.Fatal(err)
			}
		}
		r.wait(saturday.AddDate(0, 0, 1).Format(time.RFC3339))
	}
	r.wait(r.now.AddDate(0, 0, 5).Format(time.RFC3339))
}

func TestTheDaysOfReviews(t *testing.T) {
	sundayToThursday := StandardWeek()
	sundayToThursday[time.Sunday], sundayToThursday[time.Friday] = sundayToThursday[time.Monday], Span{}
	weekend := Week{time.Saturday: {From: 540, To: 900}, time.Sunday: {From: 540, To: 900}}
	for _, tt := range []struct {
		name           string
		prefs          Preferences
		week           Date
		monday, friday string
	}{
		{"an ordinary week", Preferences{}, day(2026, 3, 30), "2026-03-30", "2026-04-03"},
		{"Good Friday", Preferences{Holidays: "DE"}, day(2026, 3, 30), "2026-03-30", "2026-04-02"},
		{"Easter Monday", Preferences{Holidays: "DE"}, day(2026, 4, 6), "2026-04-07", "2026-04-10"},
		{"a pause moves nothing", Preferences{PausedTill: day(2026, 4, 8)}, day(2026, 4, 6), "2026-04-06", "2026-04-10"},
		{"Sunday to Thursday", Preferences{Hours: &sundayToThursday}, day(2026, 4, 6), "2026-04-06", "2026-04-09"},
		{"the weekend only", Preferences{Hours: &weekend}, day(2026, 4, 6), "2026-04-11", ""},
		{"no working hours", Preferences{Hours: &Week{}}, day(2026, 4, 6), "", ""},
	} {
		h := HoursOf(Member{Zone: "Europe/Berlin"}, tt.prefs, "UTC")
		for weekday, want := range map[time.Weekday]string{time.Monday: tt.monday, time.Friday: tt.friday} {
			got, ok := reviewDay(tt.week, weekday, h)
			if ok != (want != "") || ok && got.String() != want {
				t.Errorf("%s: %v's review is on %v, %v; want %q", tt.name, weekday, got, ok, want)
			}
		}
	}
}

func TestAWeekBeginsOnMonday(t *testing.T) {
	for d := range 7 {
		if got := weekOf(day(2026, 3, 30+d)); got != day(2026, 3, 30) {
			t.Errorf("the week of %v begins on %v", day(2026, 3, 30+d), got)
		}
	}
}

func TestAReviewEachWeek(t *testing.T) {
	r := newReviewing(t)
	r.say("UANA", "write the report by 2026-06-12")
	r.say("UANA", "send the deck by friday")
	r.say("UBOB", "<@UANA> bring the cake by 2026-06-11")
	r.say("UBOB", "<@UANA> keep this to myself by 2026-06-11")
	r.must(r.use.Share(t.Context(), r.now, r.press("UBOB", 3)))
	r.on("UANA", time.Friday)
	r.on("UBOB", time.Monday)
	r.weeks(3, "UANA")
	if got, want := r.reviews("UANA"), "Fri 03-27 09:00 today #2 owes #1 owed #3; Fri 04-03 09:00 owes #2 owes #1 owed #3; Fri 04-10 09:00 owes #2 owes #1 owed #3; Fri 04-17 09:00 owes #2 owes #1 owed #3"; got != want {
		t.Errorf("Ana reviews\n\t%s\nwant\n\t%s", got, want)
	}
	// Bob's entry never ran: what he set brought the first.
	if got, want := r.reviews("UBOB"), "Mon 03-30 09:00 owes #3 owes #4"; got != want {
		t.Errorf("Bob reviews %s, want %s", got, want)
	}
}

func TestOneBundleADayWithItsReview(t *testing.T) {
	r := newReviewing(t)
	r.say("UANA", "send the deck by friday")
	r.on("UANA", time.Friday)
	r.on("UANA", time.Friday)
	r.on("UANA", time.Monday)
	r.on("UANA", time.Friday)
	r.wait("2026-03-29T12:00:00+01:00")
	if len(r.post) != 1 || r.reviews("UANA") != "Fri 03-27 09:00 today #1" {
		t.Errorf("%d messages, reviews %s", len(r.post), r.reviews("UANA"))
	}
}

func TestNothingOpenIsNoReview(t *testing.T) {
	r := newReviewing(t)
	r.on("UANA", time.Monday)
	r.weeks(3, "UANA")
	if len(r.post) != 0 {
		t.Errorf("got %s", r.got("UANA"))
	}
	r.say("UANA", "send the deck by 2026-06-12")
	r.weeks(1, "UANA")
	if r.reviews("UANA") == "" {
		t.Error("no review of what was noted since")
	}
}

func TestAReviewIsOff(t *testing.T) {
	r := newReviewing(t)
	r.say("UANA", "send the deck by 2026-06-12")
	r.weeks(2, "UANA")
	r.on("UANA", time.Monday)
	if e := r.entries["review/UANA"]; e.Off || e.Zone != "UTC" || !strings.HasSuffix(e.Spec, " * * 6") {
		t.Errorf("the entry is %+v", e)
	}
	r.on("UANA", 0)
	if e := r.entries["review/UANA"]; !e.Off {
		t.Errorf("the entry is %+v", e)
	}
	r.weeks(3, "UANA")
	if len(r.post) != 0 {
		t.Errorf("got %s", r.got("UANA"))
	}
	if _, err := r.host.Set(t.Context(), r.now, "T", "UANA", func(p *Preferences) { p.Review = time.Sunday + 3 }); faultCode(err) != FaultInvalid {
		t.Errorf("a review on Wednesdays: %v", err)
	}
}

func TestAMutedReviewComesNeverAndAPauseMovesItWithinItsWeek(t *testing.T) {
	r := newReviewing(t)
	r.say("UANA", "send the deck by 2026-06-12")
	r.on("UANA", time.Monday)
	r.set("UANA", func(p *Preferences) { p.Muted = []Kind{KindReminders} })
	r.wait("2026-04-03T12:00:00Z")
	r.set("UANA", func(p *Preferences) { p.Muted, p.PausedTill = nil, day(2026, 4, 8) })
	r.wait("2026-04-10T12:00:00Z")
	r.weeks(1, "UANA")
	if got, want := r.reviews("UANA"), "Wed 04-08 09:00 owes #1; Mon 04-13 09:00 owes #1"; got != want {
		t.Errorf("reviews %s, want %s", got, want)
	}
	r.set("UANA", func(p *Preferences) { p.Review, p.PausedTill = time.Friday, day(2026, 4, 27) })
	r.wait("2026-04-30T12:00:00Z")
	if got, want := r.reviews("UANA"), "Wed 04-08 09:00 owes #1; Mon 04-13 09:00 owes #1"; got != want {
		t.Errorf("after a pause over Friday: %s, want %s", got, want)
	}
}

func TestAReviewAfterAnOutageComesInItsWeekOnce(t *testing.T) {
	r := newReviewing(t)
	r.say("UANA", "send the deck by 2026-06-12")
	r.on("UANA", time.Monday)
	r.now = instant(t, "2026-03-31T11:00:00+02:00") // nothing was delivered since Wednesday
	r.wait("2026-04-05T12:00:00+02:00")
	if got, want := r.reviews("UANA"), "Tue 03-31 11:00 owes #1"; got != want {
		t.Errorf("reviews %s, want %s", got, want)
	}
	// Also where the entry itself runs late.
	if err := r.host.PlanReview(t.Context(), "UANA", instant(t, "2026-04-04T07:00:00Z")); err != nil {
		t.Fatal(err)
	}
	r.now = instant(t, "2026-04-08T11:00:00+02:00")
	r.wait("2026-04-12T12:00:00+02:00")
	if got, want := r.reviews("UANA"), "Tue 03-31 11:00 owes #1; Wed 04-08 11:00 owes #1"; got != want {
		t.Errorf("reviews %s, want %s", got, want)
	}
	if len(r.post) != 2 {
		t.Errorf("%d messages, want 2: %s", len(r.post), r.got("UANA"))
	}
}

func TestAReviewIsAskedForInTheMiddleOfAWeek(t *testing.T) {
	r := newReviewing(t) // it is Wednesday
	r.say("UANA", "send the deck by tomorrow")
	r.on("UANA", time.Monday)
	r.wait("2026-03-29T12:00:00+01:00")
	if got := r.reviews("UANA"); got != "" {
		t.Errorf("Monday was over: %s", got)
	}
	r.wait("2026-04-02T12:00:00+01:00")
	if got, want := r.reviews("UANA"), "Mon 03-30 09:00 owes #1"; got != want {
		t.Errorf("reviews %s, want %s", got, want)
	}
}

func TestAReviewFollowsItsReader(t *testing.T) {
	for _, zones := range [][2]string{
		{"Asia/Tokyo", "Europe/Lisbon"}, {"Europe/Lisbon", "Asia/Tokyo"}, {"Pacific/Kiritimati", "Pacific/Pago_Pago"}, {"Pacific/Pago_Pago", "Pacific/Kiritimati"},
	} {
		r := newReviewing(t)
		move := func(zone string) { r.members["UANA"] = Member{ID: "UANA", Zone: zone} }
		move(zones[0])
		r.say("UANA", "send the deck by 2026-06-12")
		r.on("UANA", time.Monday)
		move(zones[1])
		r.weeks(2, "UANA")
		if got, want := r.reviews("UANA"), "Mon 03-30 09:00 owes #1; Mon 04-06 09:00 owes #1"; got != want && got != want+"; Mon 04-13 09:00 owes #1" {
			t.Errorf("from %s to %s: %s", zones[0], zones[1], got)
		}
	}
}

func TestWhoKeepsSomebodyAwayReviewsWithoutThem(t *testing.T) {
	r := newReviewing(t)
	r.say("UBOB", "<@UANA> bring the cake by 2026-06-11")
	r.must(r.use.Share(t.Context(), r.now, r.press("UBOB", 1)))
	r.say("UBOB", "from <@UANA> water the plants by 2026-06-11")
	r.set("UANA", func(p *Preferences) { p.Avoid, p.Review = []string{"UBOB"}, time.Monday })
	r.weeks(1, "UANA")
	if got := r.reviews("UANA"); got != "" {
		t.Errorf("reviews %s", got)
	}
}

func TestWhatRests(t *testing.T) {
	d := newDesk(t)
	deck := d.say("UANA", "send the deck by friday")
	undated := d.say("UANA", "clean the desk")
	far := d.say("UANA", "write the report by 30 april")
	h := HoursOf(d.members["UANA"], Preferences{}, "UTC")
	for _, tt := range []struct {
		at                 string
		deck, undated, far bool
	}{
		{"2026-03-25T11:00:00+01:00", false, false, false},
		{"2026-03-30T08:59:00+02:00", false, false, false},
		{"2026-03-30T09:00:00+02:00", true, false, false},
		{"2026-04-01T09:00:00+02:00", true, true, false},
		{"2026-04-30T09:00:00+02:00", true, true, true},
	} {
		at := instant(t, tt.at)
		if a, b, c := Resting(deck, h, at), Resting(undated, h, at), Resting(far, h, at); a != tt.deck || b != tt.undated || c != tt.far {
			t.Errorf("%s: %v %v %v", tt.at, a, b, c)
		}
	}
	deck.SnoozedTill = instant(t, "2026-05-04T09:00:00+02:00")
	if Resting(deck, h, instant(t, "2026-04-30T12:00:00+02:00")) {
		t.Error("what was snoozed rests")
	}
	deck.State = Done
	if Resting(deck, h, instant(t, "2026-06-30T12:00:00+02:00")) {
		t.Error("what was kept rests")
	}
}
