package bot

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestQuietHelpKeepsItsBudget lives a month in which promises are kept to Ana at any time, on days with and without a bundle of reminders. Quiet help comes three times a week at
// most, once a day at most, never on a day with a bundle, never outside her hours, and says nothing twice.
func TestQuietHelpKeepsItsBudget(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newHelpTown(t, HelpPromise)
		most := helpWeekly
		if rapid.Bool().Draw(rt, "practice") {
			w.prefer(func(p *Preferences) { p.Practice = true })
			most--
		}
		hours := w.scene.Hours("UANA", "Europe/Berlin")
		owners := []string{"UBOB", "UCYN", "UDEE", "UADMIN"}
		weeks, days, said, bundled := map[int]int{}, map[Date]int{}, map[int]bool{}, map[Date]bool{}
		begin := w.now
		for id := 1; w.now.Before(begin.AddDate(0, 0, 31)); {
			w.now = w.now.Add(time.Duration(rapid.IntRange(5, 300).Draw(rt, "minutes")) * time.Minute)
			today := hours.Today(w.now)
			if _, known := bundled[today]; !known {
				bundled[today] = rapid.IntRange(0, 2).Draw(rt, "bundle") == 0
				if bundled[today] {
					w.insert(Intents{{SID: BundleSID("UANA", today), Kind: KindReminders, Ref: "UANA", Members: []string{"UANA"}, Due: w.now}})
					w.posted(BundleSID("UANA", today), "1.1")
				}
			}
			if rapid.IntRange(0, 2).Draw(rt, "kept") == 0 {
				w.promised(t, id, rapid.SampledFrom(owners).Draw(rt, "owner"))
				id++
			}
			for _, sid := range w.order {
				s := w.sends[sid]
				if s.Kind != KindHelp || s.State != StatePending || s.Due.After(w.now) {
					continue
				}
				if w.now.After(s.NotAfter) {
					w.settled(sid, StateExpired)
					continue
				}
				content, d, err := w.help.Compose(rt.Context(), w.now, s)
				if err != nil {
					rt.Fatal(err)
				}
				switch d.Verdict {
				case Wait:
					s.Due = latest(d.Until, w.now.Add(time.Second))
				case Drop:
					s.State, s.Reason, s.Settled = StateDropped, d.Reason, w.now
				default:
					s.State, s.Settled = StateSent, w.now
					_, week := w.now.In(hours.Zone).ISOWeek()
					weeks[week]++
					days[today]++
					switch {
					case weeks[week] > most:
						rt.Errorf("%d in week %d", weeks[week], week)
					case days[today] > 1:
						rt.Errorf("%d on %s", days[today], today)
					case bundled[today]:
						rt.Errorf("it came on %s, with a bundle", today)
					case !hours.Open(w.now):
						rt.Errorf("it came at %s", w.now)
					}
					for _, l := range content.(HelpNote).Lines {
						if said[l.Promise.ID] {
							rt.Errorf("promise %d is said twice", l.Promise.ID)
						}
						said[l.Promise.ID] = true
					}
				}
				w.sends[sid] = s
			}
			if used := rapid.IntRange(0, 3).Draw(rt, "used") == 0; used {
				if err := w.help.Used(rt.Context(), Token(fmt.Sprint("used ", w.now)), "UANA", today); err != nil {
					rt.Fatal(err)
				}
			}
		}
	})
}
