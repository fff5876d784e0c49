package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

// promiseRow is one row of the contract, or one of several inputs of it. Texts hold people as {a}, which is the id of whoever has that part in the case: giver (who
// types), a, b, or somebody of the sample company by handle.
type promiseRow struct {
	number int
	name   string
	said   string // when: one of promiseMoments; empty: that Wednesday morning
	locale string // empty: en-GB
	zone   string // empty: Berlin
	typed  string // after /followup
	form   *promiseForm
	noForm string // why the form cannot say it, where form is nil
	want   promiseWant
	inForm *promiseWant // where the form's answer is another one
	// then is a button of the answer, and after what has to stand once it was pressed. Where it opens a form, that is sent as it opens.
	then  string
	after *promiseWant
	story func(c *promiseCase) // goes on from there, on every way
}

// promiseForm is how the form is filled.
type promiseForm struct {
	text    string // as it is typed there: nothing is escaped
	to      string // names
	outside string
	owner   string // by name; empty: who fills it
	every   string // the rule
	day     string // of the picker
	clock   string
}

// promiseWant is what has to come of it.
type promiseWant struct {
	text     string // as it is stored; empty: nothing is
	due      string // "2026-03-27T16:00:00Z"; a "!" behind it if the time was stated; empty: no date
	day      string // the civil date of it, where it is not that of UTC
	to       string // names, or somebody outside as "Jane Doe/Acme" or an address
	owner    string // by name; empty: the giver
	state    string // empty: open
	every    string // as "2 week completion []"
	says     []string
	unsaid   []string
	buttons  []string // {n} is the number
	opens    bool     // a form opens
	reminded string   // the owner's first message about it, in their zone and to the half hour; empty: not looked at; "never": none for some weeks
}

// The moments at which rows are said, in their order.
var promiseMoments = []struct {
	name string
	at   time.Time
}{
	{"in New York on Friday the sixth", time.Date(2026, 3, 6, 22, 0, 0, 0, time.UTC)},
	{"", time.Date(2026, 3, 25, 9, 17, 0, 0, time.UTC)},
	{"at half past six", time.Date(2026, 3, 25, 17, 30, 0, 0, time.UTC)},
	{"on Friday at ten", time.Date(2026, 3, 27, 9, 0, 0, 0, time.UTC)},
}

// promiseHorizon is when it is looked at who was reminded.
var promiseHorizon = time.Date(2026, 4, 9, 16, 0, 0, 0, time.UTC)

// promisePlan is one row on one way.
type promisePlan struct {
	rowPlan
	promise promiseRow
}

// promisePlans are all cases of all rows, in the order in which they are said.
func promisePlans(rows []promiseRow) []promisePlan {
	var plans []promisePlan
	for _, moment := range promiseMoments {
		for i, row := range rows {
			if row.said != moment.name {
				continue
			}
			ways := []string{byCommand}
			if row.form != nil {
				ways = append(ways, byForm, byShortcut)
			}
			for _, way := range ways {
				plans = append(plans, promisePlan{promise: row, rowPlan: rowPlan{
					row: kudosRow{number: row.number, name: row.name}, way: way, key: fmt.Sprintf("row%02d-%d%c", row.number, i, way[0]),
				}})
			}
		}
	}
	return plans
}

// promiseRoles are the people of every case: who types, and two colleagues.
var promiseRoles = []string{"giver", "a", "b"}

// openPromiseTown starts a company early in March, with the people of each case in it before the bot comes.
func openPromiseTown(t *testing.T, plans []promisePlan, open storeOpener) *rowTown {
	t.Helper()
	w := newRowTown(t, promiseMoments[0].at.Add(-2*time.Hour), open, func(w *rowTown, r remote) {
		var people []map[string]any
		members := []string{r.state().App.BotUser}
		for _, p := range plans {
			for _, role := range promiseRoles {
				members = append(members, p.handle(role))
				people = append(people, map[string]any{
					"name": p.handle(role), "real_name": strings.ToUpper(role) + " of " + p.key,
					"tz": cmp.Or(p.promise.zone, "Europe/Berlin"), "locale": cmp.Or(p.promise.locale, "en-GB"),
				})
			}
		}
		r.post("/people", map[string]any{"people": people})
		r.post("/people", map[string]any{
			"channels": []map[string]any{{"name": "promises", "kind": "public", "members": members}},
		})
		w.know(r.state())
	})
	w.remote(t).advance("1h") // everybody's profile is read at the pace that Slack allows
	return w
}

// goTo lets time pass until an instant, unless it is later already.
func (w *rowTown) goTo(t *testing.T, at time.Time) {
	t.Helper()
	if w.clock.Now().Before(at) {
		w.remote(t).setClock(at)
	}
}

// at is when the row is said.
func (row promiseRow) at() time.Time {
	for _, m := range promiseMoments {
		if m.name == row.said {
			return m.at
		}
	}
	return time.Time{}
}

// place is where the row's people are.
func (row promiseRow) place(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(cmp.Or(row.zone, "Europe/Berlin"))
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// instant is when a message was posted.
func instant(t *testing.T, ts string) time.Time {
	t.Helper()
	seconds, _, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return time.Unix(n, 0)
}
