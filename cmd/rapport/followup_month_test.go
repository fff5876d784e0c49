//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/slackfake"
	"rapport/bot/when"
	"rapport/deploy"
	"rapport/storage/redistest"
)

// The month: Berlin's, with the change of its clocks on 29 March, Good Friday on 3 April and Easter Monday on the 6th.
const (
	monthBegins = "2026-03-09 07:00"
	monthEnds   = "2026-05-02 12:00" // all ladders are over
	monthDies   = "2026-03-20 18:00" // where the process is stopped for a week
	monthLives  = "2026-03-27 11:00"
	monthBack   = "2026-03-19" // the first day after the pause
)

// monthAct is one thing that Ana does, as she would type it, and when it is due from then on, for what the text does not say.
type monthAct struct{ at, text, due string }

// monthActs are what she does. Each new promise has the next number. While the process is down she does nothing.
func monthActs() []monthAct {
	return []monthAct{
		{"03-09 09:40", "@bob answer the survey by 2026-03-10", ""},       // 1
		{"03-09 09:40", "tidy the wiki", ""},                              // 2
		{"03-09 09:40", "@bob write the report by 2026-03-30", ""},        // 3
		{"03-09 09:40", `to "Jane Doe, Acme" send it by 2026-03-13`, ""},  // 4
		{"03-09 09:40", "call the supplier by 2026-03-12 15:00", ""},      // 5
		{"03-09 09:40", "open the stand by 2026-03-31 08:00", ""},         // 6
		{"03-09 09:40", "every friday water the plants", "2026-03-13"},    // 7
		{"03-09 09:40", "every 2 weeks check in with @cy", "2026-03-23"},  // 8
		{"03-09 09:40", "@bob plan the party by 2026-04-03", ""},          // 9
		{"03-09 09:40", "check the invoice by 2026-03-09", ""},            // 10
		{"03-10 10:10", "@bob draft the offer by 2026-03-11", ""},         // 11
		{"03-10 10:10", "@bob review the plan by 2026-03-20", ""},         // 12
		{"03-10 10:10", "sort the photos", ""},                            // 13
		{"03-10 10:10", "@cy send numbers by 2026-03-17", ""},             // 14
		{"03-10 10:10", "@cy send slides by 2026-03-18", ""},              // 15
		{"03-11 11:00", "done #1", ""},                                    //
		{"03-11 11:00", "accept the hiring numbers by 2026-03-25", ""},    // 16
		{"03-11 11:00", "@bob fix the door by 2026-03-14", ""},            // 17
		{"03-11 11:00", "@bob pay the fee by 2026-03-16", ""},             // 18
		{"03-12 13:00", "snooze #2 2026-03-20", ""},                       //
		{"03-12 13:00", "move #4 2026-03-27", ""},                         //
		{"03-13 16:00", "done #7", "2026-03-20"},                          //
		{"03-13 16:00", "@bob send the minutes by 2026-03-24 14:00", ""},  // 19
		{"03-13 16:00", "@bob book the room by 2026-03-23", ""},           // 20
		{"03-16 10:00", "@bob order chairs by 2026-03-19", ""},            // 21
		{"03-16 10:00", "write the blog by 2026-04-07", ""},               // 22
		{"03-16 10:00", "@bob meet the auditors by 2026-03-30 10:00", ""}, // 23
		{"03-16 10:00", "call the lawyer by 2026-04-03 15:00", ""},        // 24
		{"03-16 17:10", "pause", ""},                                      //
		{"03-19 11:00", "plan #22 2026-03-24", ""},                        //
		{"03-19 11:00", "@bob update the roadmap by 2026-03-27", ""},      // 25
		{"03-19 11:00", "snooze #12 2026-03-24 15:00", ""},                //
		{"03-20 12:00", "prepare the talk by 2026-04-10", ""},             // 26
		{"03-25 11:00", "done #8", "2026-04-08"},                          //
		{"03-25 11:00", "done #16", ""},                                   //
		{"03-27 11:30", "done #7", "2026-03-27"},                          // a week late, and so for today
		{"03-27 11:30", "keep #20", ""},                                   //
		{"03-27 11:30", "@bob read the contract by 2026-04-14", ""},       // 27
		{"03-27 11:30", "answer the press", ""},                           // 28
		{"03-30 10:20", "drop #18", ""},                                   //
		{"03-30 10:20", "@bob collect the votes by 2026-04-01", ""},       // 29
		{"03-30 10:20", "move #9 2026-04-09", ""},                         //
		{"04-01 10:00", "send the postcard by 2026-04-06", ""},            // 30
		{"04-01 10:00", "done #3", ""},                                    //
		{"04-07 10:00", "@bob thank the crew by 2026-04-08", ""},          // 31
		{"04-07 10:00", "done #22", ""},                                   //
	}
}

// monthAlone are the messages that come beside the bundles, each at its minute.
func monthAlone(down bool) []string {
	list := []string{"03-09 16:00 #10", "03-12 14:30 #5", "03-24 13:30 #19", "03-24 15:00 #12", "03-27 16:00 #7", "03-30 09:30 #23", "03-30 17:00 #6", "04-02 17:00 #24"}
	if down { // what was before a time is over; what she asked to hear again comes late
		list[2], list[3] = "", "03-27 11:00 #12"
	}
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// TestFollowupMonth lets somebody live with thirty promises for a month, undisturbed and with a process that is down for a week, on both kinds of store. What
// comes is compared, day by day, with what a calendar and a pencil say.
func TestFollowupMonth(t *testing.T) {
	t.Parallel()
	for _, down := range []bool{false, true} {
		for _, store := range []string{"memory", "redis"} {
			name := store
			if down {
				name += ", a week down"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				m := openMonth(t, store == "redis")
				pencil := newPencil(down)
				m.live(pencil, down)
				m.judge(pencil, down)
			})
		}
	}
}

// month is Ana's: a local Slack, the bot, and what she got.
type month struct {
	remote
	t       *testing.T
	company *company
	redis   string
	ana     string
	acts    int
}

func openMonth(t *testing.T, onRedis bool) *month {
	t.Helper()
	begin := berlinTime(t, monthBegins)
	m := &month{t: t, company: &company{town: &town{clock: slackfake.NewClock(begin)}}}
	if onRedis {
		m.redis = redistest.Start(t, redistest.Options{}).URL()
	}
	var err error
	m.company.slack, err = slackfake.Start(slackfake.Config{
		Addr: "127.0.0.1:0", Manifest: deploy.Manifest(), Clock: m.company.clock, AckTime: slackWaits, RateLimits: true, Sample: slackfake.Sample{People: 5, Seed: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.company.end(t) })
	m.remote = remote{t: t, url: m.company.slack.ControlURL()}
	m.begin()
	m.advance("2m")
	m.ana = m.state().person("ana")
	_, err = m.company.house.bot.Host.Set(t.Context(), begin, "holidays", m.ana, func(p *bot.Preferences) { p.Holidays = "DE" })
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// begin starts a process.
func (m *month) begin() {
	m.t.Helper()
	cut := func() { m.post("/faults", map[string]string{"kind": "disconnect", "reason": "reset"}) }
	m.post("/limits", map[string]bool{"rate_limits": false}) // of opening connections, in real time
	if err := m.company.startBehind(m.t.Context(), cut, func(i *instance) http.RoundTripper { return i }, m.redis); err != nil {
		m.t.Fatal(err)
	}
	if err := m.connected(); err != nil {
		m.t.Fatal(err)
	}
	m.post("/limits", map[string]bool{"rate_limits": true})
}

func berlinTime(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, berlin())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// live lets the days go by.
func (m *month) live(p *pencil, down bool) {
	m.t.Helper()
	dies, lives := berlinTime(m.t, monthDies), berlinTime(m.t, monthLives)
	dead := false
	stop := func(until time.Time) {
		if down && !dead && until.After(dies) {
			m.setClock(dies)
			m.company.running().die()
			m.company.graves = append(m.company.graves, m.company.house)
			dead = true
			m.setClock(lives)
			m.begin()
			m.advance("1m")
		}
	}
	for _, act := range monthActs() {
		at := berlinTime(m.t, "2026-"+act.at)
		if down && at.After(dies) && at.Before(lives) {
			continue
		}
		stop(at)
		if m.company.clock.Now().Before(at) {
			m.setClock(at)
		}
		p.note(m.t, act, m.do(act))
	}
	m.setClock(berlinTime(m.t, monthEnds))
}

// do does one thing as Ana would, and returns the number of what is new, else 0.
func (m *month) do(act monthAct) int {
	m.t.Helper()
	ctx, now, use := m.t.Context(), m.company.clock.Now(), m.company.house.bot.Promises
	m.acts++
	a := bot.Act{Token: bot.Token(fmt.Sprint("act ", m.acts)), Actor: m.ana, ID: numberOf(act.text)}
	verb, rest, _ := strings.Cut(act.text, " ")
	must := func(_ bot.Commitment, err error) {
		m.t.Helper()
		if err != nil {
			m.t.Fatalf("%s: %v", act.text, err)
		}
		m.company.house.sched.Poke()
	}
	switch verb {
	case "plan":
		day, err := when.ParseDate(rest[strings.Index(rest, " ")+1:])
		if err != nil {
			m.t.Fatal(err)
		}
		must(use.SetPlan(ctx, now, a, bot.Plan{Day: day}))
		return 0
	case "keep":
		must(use.Keep(ctx, now, a))
		return 0
	case "pause":
		m.say("ana", "/rapport", "pause until "+monthBack)
		return 0
	case "accept":
		said := m.say("bob", "/followup", "from @ana "+rest)
		a.ID = numberOf(said)
		must(use.Answer(ctx, now, a, true))
		return a.ID
	}
	said := m.say("ana", "/followup", act.text)
	if a.ID != 0 {
		return 0
	}
	return numberOf(said)
}

// say types a command and returns what is answered.
func (m *month) say(who, command, text string) string {
	m.t.Helper()
	now := m.state()
	for _, handle := range []string{"ana", "bob", "cy"} {
		text = strings.ReplaceAll(text, "@"+handle, "<@"+now.person(handle)+">")
	}
	place, _ := now.place("#general")
	a := m.act("/command", map[string]any{"user": now.person(who), "channel": place, "command": command, "text": text})
	if !a.Acked {
		m.t.Fatalf("%s %s: not acknowledged", command, text)
	}
	return words("", a.Response)
}

var itemNumber = regexp.MustCompile(`#(\d+)`)

// numberOf is the first number of a commitment in a text, 0 for none.
func numberOf(text string) int {
	found := itemNumber.FindStringSubmatch(text)
	if found == nil {
		return 0
	}
	n, _ := strconv.Atoi(found[1]) // digits alone
	return n
}

// judge compares what came with what was to come.
func (m *month) judge(p *pencil, down bool) {
	m.t.Helper()
	now := m.state()
	for _, b := range now.Broken {
		m.t.Errorf("broken: %s: %s", b.Rule, b.Detail)
	}
	bundles, alone := map[string][]int{}, []string{}
	for _, msg := range now.Messages {
		sid := sidOf(msg)
		if !m.toAna(now, msg) || sid == "" || strings.HasPrefix(sid, "welcome/") {
			continue
		}
		at := stamped(m.t, msg.TS)
		m.decent(sid, at)
		switch {
		case strings.HasPrefix(sid, "bundle/"):
			day := at.Format("01-02")
			if _, twice := bundles[day]; twice {
				m.t.Errorf("%s: a second bundle", day)
			}
			bundles[day] = itemsIn(msg.Blocks)
			if late := at.Format("15:04"); late != "09:00" && at.Format("2006-01-02 15:04") != monthLives {
				m.t.Errorf("%s: the bundle came at %s", day, late)
			}
		case strings.HasSuffix(sid, "/timed"), strings.HasSuffix(sid, "/snoozed"):
			alone = append(alone, at.Format("01-02 15:04 ")+fmt.Sprintf("#%d", itemsIn(msg.Blocks)[0]))
		}
	}
	want := p.days(m.t)
	for _, day := range slices.Sorted(maps.Keys(want)) {
		if !slices.Equal(bundles[day], want[day]) {
			m.t.Errorf("%s: in the bundle %v, want %v", day, bundles[day], want[day])
		}
		delete(bundles, day)
	}
	if len(bundles) > 0 {
		m.t.Errorf("bundles that were not to come: %v", bundles)
	}
	slices.Sort(alone)
	if !slices.Equal(alone, monthAlone(down)) {
		m.t.Errorf("alone: %v, want %v", alone, monthAlone(down))
	}
	if len(want) < 15 || len(p.items) < 30 {
		m.t.Errorf("%d bundles of %d items: too few to say anything", len(want), len(p.items))
	}
}

// decent complains of what came at night, on a free day or in the pause.
func (m *month) decent(sid string, at time.Time) {
	m.t.Helper()
	clock := at.Format("15:04")
	day := at.Format("2006-01-02")
	if !workday(at) || clock < "09:00" || clock >= "17:30" || day == "2026-03-17" || day == "2026-03-18" {
		m.t.Errorf("%s came on %s", sid, at.Format("Mon 2006-01-02 15:04"))
	}
}

func (m *month) toAna(now scene, msg said) bool {
	for _, c := range now.Channels {
		if c.ID == msg.Channel {
			return c.Kind == "im" && slices.Contains(c.Members, m.ana) && slices.Contains(c.Members, now.App.BotUser)
		}
	}
	return false
}

var boldNumber = regexp.MustCompile(`\*#(\d+)\*`)

// itemsIn are the numbers of the items that a message shows, in order.
func itemsIn(blocks json.RawMessage) []int {
	var list []int
	for _, found := range boldNumber.FindAllStringSubmatch(string(blocks), -1) {
		n, _ := strconv.Atoi(found[1]) // digits alone
		list = append(list, n)
	}
	slices.Sort(list)
	return list
}

// workday reports whether Berlin works on the day of an instant: an almanac's answer, and nobody's library.
func workday(at time.Time) bool {
	switch at.Format("2006-01-02") {
	case "2026-04-03", "2026-04-06", "2026-05-01":
		return false
	}
	return at.Weekday() != time.Saturday && at.Weekday() != time.Sunday
}
