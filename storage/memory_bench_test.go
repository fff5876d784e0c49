package storage

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
	"rapport/bot/pairing"
	"rapport/bot/when"
	"rapport/storage/redistest"
)

// What a company of a hundred thousand has after three years, of which retention has left: one kudos per member and month for a year; of six
// commitments a year one that is open and those that were closed in the last 180 days; weekly rounds that everybody takes part in, of which 26 are kept, nine with
// their groups; and what became of the messages of the last nine weeks.
const (
	townMembers  = 100_000
	townShare    = 20 // an ordinary run has one in so many of the members, and the same of everything for each
	townKudos    = 12
	townClosed   = 3
	townOpen     = 1
	townRounds   = 26
	townGroups   = tombWeeks // rounds of which the groups are kept
	townShown    = 54        // prompts for coffee that the library has
	townPerPlace = 100
	townWords    = "Thank you for taking the night call with the customer in Osaka, and for the calm summary that we found in the morning. It saved the week. #trust"
	townPromise  = "Send the hiring plan for the second quarter, with the numbers of last year beside it"
)

// townTarget is what all of it may take, for [townMembers].
const townTarget = 2 << 30

// BenchmarkMemory reports how much memory a real server needs for that, and for what. RAPPORT_BENCH=full generates all of it.
func BenchmarkMemory(b *testing.B) {
	members := townMembers / townShare
	if os.Getenv("RAPPORT_BENCH") == "full" {
		members = townMembers
	}
	server := redistest.Start(b, redistest.Options{})
	now := time.Date(2029, 3, 5, 9, 0, 0, 0, time.UTC)
	o := Options{URL: server.URL(), Team: "T0TOWN", Key: []byte("0123456789abcdef0123456789abcdef"), Now: func() time.Time { return now }}
	v, err := Connect(b.Context(), o)
	noError(b, err)
	defer func() { noError(b, v.Close()) }()
	empty := usedMemory(b, v.rdb)
	s, err := v.unchecked(o.Team)
	noError(b, err)
	t := newTown(b, s, members, now)
	for range b.N {
		t.fill()
	}
	b.StopTimer()
	total := usedMemory(b, v.rdb) - empty
	scale := float64(townMembers) / float64(members)
	b.ReportMetric(float64(total)*scale/(1<<20), "MB/100000members")
	b.ReportMetric(float64(townTarget)/(1<<20), "MB-target")
	h, err := v.Holdings(b.Context(), o.Team)
	noError(b, err)
	for _, noun := range h.Nouns {
		b.ReportMetric(float64(noun.Bytes)*scale/(1<<20), "MB-"+strings.ReplaceAll(noun.Noun, " ", "-"))
		b.Logf("%-16s %9d objects in %9d keys, %8.1f MB for %d members", noun.Noun, noun.Count, noun.Keys, float64(noun.Bytes)*scale/(1<<20), townMembers)
	}
}

func noError(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func usedMemory(b *testing.B, rdb redis.UniversalClient) int64 {
	b.Helper()
	info, err := rdb.Info(b.Context(), "memory").Result()
	noError(b, err)
	n, err := strconv.ParseInt(parseInfo(info)["used_memory"], 10, 64)
	noError(b, err)
	return n
}

// town writes what its people would have left, in the store's own words: each change is built as ever, and its writes go out without the script.
type town struct {
	b       *testing.B
	s       *Store
	ctx     context.Context
	members int
	now     time.Time
	random  *rand.Rand
	pipe    redis.Pipeliner
}

func newTown(b *testing.B, s *Store, members int, now time.Time) *town {
	return &town{b: b, s: s, ctx: b.Context(), members: members, now: now, random: rand.New(rand.NewPCG(1, 2)), pipe: s.rdb.Pipeline()}
}

func (t *town) fill() {
	t.people()
	t.kudos()
	t.commitments()
	t.coffee()
	t.settled()
	t.conversations()
	t.flush()
}

// write sends the writes of a change.
func (t *town) write(c *change) {
	for _, op := range c.Ops {
		args := append([]any{op[0], c.keys.list[op[1].(int)-1]}, op[2:]...)
		t.pipe.Do(t.ctx, args...)
	}
	if t.pipe.Len() > 5000 {
		t.flush()
	}
}

func (t *town) flush() {
	_, err := t.pipe.Exec(t.ctx)
	noError(t.b, err)
}

func member(n int) string { return fmt.Sprintf("U%010d", n) }

// somebody is anybody but one.
func (t *town) somebody(but int) int { return (but + 1 + t.random.IntN(t.members-1)) % t.members }

// ago is an instant at most so many days back.
func (t *town) ago(days int) time.Time {
	return t.now.Add(-time.Duration(t.random.Int64N(int64(days) * 24 * int64(time.Hour))))
}

func (t *town) people() {
	var part []bot.Member
	for n := range t.members {
		id := member(n)
		part = append(part, bot.Member{
			ID: id, Name: "Maximiliane Musterfrau", Handle: "maximiliane.muster", Title: "Senior Engineer, Platform", Department: "Product and Engineering",
			Zone: "America/New_York", Locale: "en-US", Manager: member(n / 8), Seen: t.now,
		})
		if len(part) == 2000 || n == t.members-1 {
			noError(t.b, t.s.SaveMembers(t.ctx, part...))
			part = nil
		}
		if n%3 != 0 {
			continue
		}
		shown := make(map[string]time.Time)
		for week := range 52 { // a year of small practices
			shown[fmt.Sprintf("practice-%02d-words", week)] = t.now.AddDate(0, 0, -7*week)
		}
		hours := bot.StandardWeek()
		c := t.s.change()
		noError(t.b, c.put(t.s.keys.sharded(nounPreferences, id), id, 2, bot.Preferences{
			Member: id, Version: 3, Zone: "America/New_York", Hours: &hours, Holidays: "US", Practice: true, Shown: shown, Updated: t.now,
		}))
		t.write(c)
		entry := bot.Entry{Name: practiceEntry + id, Spec: "30 9 * * 2", Zone: "America/New_York", Grace: 8 * time.Hour}
		text, err := encodeJSON(entry)
		noError(t.b, err)
		t.pipe.HSet(t.ctx, t.s.keys.entries(), entry.Name, text)
		t.pipe.HSet(t.ctx, t.s.keys.since(), entry.Name, millis(t.now))
		t.pipe.HSet(t.ctx, t.s.keys.fired(), entry.Name, "2029-02-27T09:30")
		t.pipe.ZAdd(t.ctx, t.s.keys.next(), redis.Z{Score: float64(t.now.UnixMilli()), Member: entry.Name})
	}
}

func (t *town) kudos() {
	for n := range t.members {
		for month := range townKudos {
			k := bot.Kudos{
				ID: fmt.Sprintf("k%015d", n*townKudos+month), Version: 1, Giver: member(n), Recipients: []string{member(t.somebody(n))}, Message: townWords, Value: "trust",
				Channel: fmt.Sprintf("C%010d", n/townPerPlace), Posted: true, Given: t.ago(365),
			}
			c := t.s.change()
			noError(t.b, c.put(t.s.keys.sharded(nounKudos, k.ID), k.ID, 0, k))
			c.op("ZADD", t.s.keys.kudosGiven(), millis(k.Given), k.ID)
			t.s.indexKudos(c, k)
			t.write(c)
		}
	}
}

func (t *town) commitments() {
	for n := range t.members {
		for i := range townOpen + townClosed {
			made := t.ago(180)
			co := bot.Commitment{
				ID: n*(townOpen+townClosed) + i + 1, Version: 3, Revision: 1, Owner: member(n), By: member(n), Text: townPromise, State: bot.Open, Shared: true, Created: made,
				Counterparties: []bot.Counterparty{{Member: member(t.somebody(n))}}, Acted: made,
				Due: &when.Due{Date: when.Date{Year: 2029, Month: 3, Day: 20}, Time: when.Clock{Hour: 17, Minute: 30}, Zone: "America/New_York"},
			}
			if i >= townOpen {
				co.State, co.Closed = bot.Done, made.Add(5*24*time.Hour)
				co.Before = &bot.Undo{State: bot.Open, Due: co.Due, Till: co.Closed.Add(time.Hour)}
			}
			stored, err := t.s.sealCommitment(co)
			noError(t.b, err)
			c := t.s.change()
			noError(t.b, t.s.putCommitment(c, 2, stored, nil))
			t.write(c)
		}
	}
}

// coffee is a program of weekly rounds in pairs.
func (t *town) coffee() {
	for number := 1; number <= townRounds; number++ {
		t.round(number)
	}
	for n := range t.members {
		seat := bot.Seat{
			Program: "1", Member: member(n), Version: townRounds + 1, Joined: t.now.AddDate(-1, 0, 0), Matched: townRounds, Group: fmt.Sprintf("%012x", n/2), Silent: true,
			Shown: map[string]time.Time{},
		}
		for i := range townShown {
			seat.Shown[fmt.Sprintf("coffee-question-%02d", i)] = t.now.AddDate(0, 0, -7*i)
		}
		c := t.s.change()
		noError(t.b, t.s.putSeat(c, seat))
		t.write(c)
	}
}

// round is a round as it stands when it is over.
func (t *town) round(number int) {
	at := t.now.AddDate(0, 0, -7*(townRounds-number))
	r := bot.Round{ID: fmt.Sprintf("1/%d", number), Program: "1", Number: number, At: at, End: at.AddDate(0, 0, 6), Seed: 7, Hash: "0123456789abcdef"}
	order := t.random.Perm(t.members)
	var meetings []bot.Meeting
	yes := true
	for i := 0; i+1 < len(order); i += 2 {
		a, b := member(order[i]), member(order[i+1])
		r.Groups = append(r.Groups, bot.Group{
			Key: fmt.Sprintf("%012x", i/2), Members: []string{a, b}, Question: "coffee-question-07", First: a, Found: bot.TimeScheduled, Met: map[string]bot.Met{a: bot.MetYes},
			Reasons: []pairing.Reason{{Code: pairing.DifferentDepartments, A: a, B: b}},
		})
		meetings = append(meetings, bot.Meeting{A: a, B: b, Round: number, Met: &yes})
	}
	d, err := newDraft(bot.RoundPlan{Round: r})
	noError(t.b, err)
	c := t.s.change()
	key := t.s.keys.round(r.Program, r.Number)
	for _, piece := range d.pieces {
		c.op("HSET", key, piece...)
	}
	if number <= townRounds-townGroups {
		c.Ops = nil // no longer kept
	}
	for part, groups := range chunked(r.Groups, groupsInPart) {
		intros := make([]string, len(groups))
		for i, g := range groups {
			intros[i] = g.Key
		}
		text, err := encodeJSON(intros)
		noError(t.b, err)
		if number > townRounds-townGroups {
			c.op("HSET", key, introField(part), text)
		}
	}
	t.s.putMeetings(c, r.Program, meetings)
	t.write(c)
}

func chunked[T any](list []T, size int) map[int][]T {
	parts := make(map[int][]T)
	for i := 0; i*size < len(list); i++ {
		parts[i] = list[i*size : min((i+1)*size, len(list))]
	}
	return parts
}

// settled leaves a tombstone of every message of the last weeks: the rounds' and the kudos', a bundle of reminders for each date, and the practices.
func (t *town) settled() {
	for back := range tombWeeks {
		at := t.now.AddDate(0, 0, -7*back)
		bury := func(sid string, kind bot.Kind) {
			send := bot.Send{SID: sid, Kind: kind}
			t.pipe.HSet(t.ctx, t.s.keys.tombs(week(at)), sid, tombstone(send, at, bot.Outcome{State: bot.StateSent, Channel: "D0123456789", TS: "1867230000.123456"}))
			if t.pipe.Len() > 5000 {
				t.flush()
			}
		}
		for n := range t.members {
			round := fmt.Sprintf("1/%d", townRounds-back)
			bury("met/"+round+"/"+member(n), bot.KindMet)
			if n%2 == 0 {
				bury("pair/"+round+"/"+fmt.Sprintf("%012x", n/2), bot.KindPair)
				bury("midway/"+round+"/"+fmt.Sprintf("%012x", n/2), bot.KindMidway)
			}
			if n%3 == 0 {
				bury(fmt.Sprintf("practice/%s/%d", member(n), at.Unix()), bot.KindPractice)
			}
			if n*12*7/365 != (n+1)*12*7/365 { // a kudos a month
				bury("kudos/"+fmt.Sprintf("k%015d", n)+"/post", bot.KindKudosPost)
				bury("kudos/"+fmt.Sprintf("k%015d", n)+"/dm/"+member(n), bot.KindKudosDM)
			}
			if n*6*7/365*2 != (n+1)*6*7/365*2 { // two bundles for each of six commitments a year
				bury("bundle/"+member(n)+"/2029-03-02", bot.KindReminders)
				bury("bundle/"+member(n)+"/2029-03-03", bot.KindReminders)
			}
		}
	}
}

// conversations are those that were opened for rounds and for people: a group's each week, a person's anew when it was forgotten.
func (t *town) conversations() {
	for back := range conversationWeeks {
		key := t.s.keys.conversations(week(t.now) - back)
		order := t.random.Perm(t.members)
		for i := 0; i+1 < len(order); i += 2 {
			t.pipe.HSet(t.ctx, key, conversationField([]string{member(order[i]), member(order[i+1])}), "G0123456789")
		}
		for n := back; n < t.members; n += conversationWeeks {
			t.pipe.HSet(t.ctx, key, conversationField([]string{member(n)}), "D0123456789")
		}
		t.flush()
	}
}
