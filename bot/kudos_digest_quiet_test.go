package bot

import (
	"slices"
	"testing"
	"time"
)

// thursday is when the channel is asked in the week of kudosDay.
const thursday = "2026-03-26T10:00:00+01:00"

func quietTown(t *testing.T) *kudosTown {
	t.Helper()
	w := newKudosTown(t)
	on := standardDigest("CPUB", "UANA", false)
	on.QuietWork = true
	if _, err := w.SetDigest(t.Context(), w.now, "on", on); err != nil {
		t.Fatal(err)
	}
	return w
}

// asked are the sids of the questions.
func (w *kudosTown) asked() []string {
	return slices.DeleteFunc(slices.Clone(w.order), func(sid string) bool { return w.sends[sid].Kind != KindQuietWork })
}

// question composes the first of them.
func (w *kudosTown) question(t *testing.T) (any, Decision) {
	t.Helper()
	content, d, err := w.ComposeQuiet(t.Context(), w.now, w.sends[w.asked()[0]])
	if err != nil {
		t.Fatal(err)
	}
	return content, d
}

func (w *kudosTown) planQuiet(t *testing.T, at time.Time) {
	t.Helper()
	if err := w.PlanQuiet(t.Context(), "CPUB", at); err != nil {
		t.Fatal(err)
	}
}

func TestAChannelIsAskedOnceAWeek(t *testing.T) {
	w := quietTown(t)
	at := instant(t, thursday)
	for range 3 {
		w.planQuiet(t, at)
	}
	if len(w.asked()) != 1 {
		t.Fatalf("asked %v", w.asked())
	}
	content, d := w.question(t)
	q, ok := content.(QuietWork)
	if !ok || d.Verdict != Go || q.Prompt == "" || q.Channel != "CPUB" || !q.Comes.Equal(instant(t, friday)) {
		t.Errorf("%+v, %+v", content, d)
	}
	// On Wednesday instead: the next question would come five days after the last one.
	if _, err := w.ChangeDigest(t.Context(), at.Add(time.Hour), "form", w.wished(func(d *Digest) { d.Weekday = time.Wednesday })); err != nil {
		t.Fatal(err)
	}
	for _, next := range []struct {
		at    string
		asked int
	}{{"2026-03-31T10:00:00+02:00", 1}, {"2026-04-02T10:00:00+02:00", 1}, {"2026-04-07T10:00:00+02:00", 2}, {"2026-04-14T10:00:00+02:00", 3}} {
		if w.planQuiet(t, instant(t, next.at)); len(w.asked()) != next.asked {
			t.Errorf("until %s asked %v, want %d", next.at, w.asked(), next.asked)
		}
	}
}

func TestWhenAChannelIsNotAsked(t *testing.T) {
	for name, change := range map[string]func(*kudosTown, *Digest){
		"off":                  func(_ *kudosTown, d *Digest) { d.Off = true },
		"nobody wanted it":     func(_ *kudosTown, d *Digest) { d.QuietWork = false },
		"the day was moved":    func(_ *kudosTown, d *Digest) { d.Weekday = time.Tuesday },
		"the bot left":         func(w *kudosTown, _ *Digest) { w.places["CPUB"] = Channel{ID: "CPUB"} },
		"archived":             func(w *kudosTown, _ *Digest) { w.places["CPUB"] = Channel{ID: "CPUB", Inside: true, Archived: true} },
		"another company came": func(w *kudosTown, _ *Digest) { w.places["CPUB"] = Channel{ID: "CPUB", Inside: true, Shared: true} },
	} {
		t.Run(name, func(t *testing.T) {
			before, after := quietTown(t), quietTown(t)
			after.planQuiet(t, instant(t, thursday))
			for _, w := range []*kudosTown{before, after} {
				d := w.digests["CPUB"]
				change(w, &d)
				w.digests["CPUB"] = d
			}
			if before.planQuiet(t, instant(t, thursday)); len(before.asked()) > 0 {
				t.Error("it is asked")
			}
			if _, d := after.question(t); d.Verdict != Drop {
				t.Errorf("planned before: %+v", d)
			}
		})
	}
	w := newKudosTown(t)
	if w.planQuiet(t, instant(t, thursday)); len(w.order) > 0 {
		t.Errorf("without a digest: %v", w.order)
	}
}

func TestAQuestionThatIsBroken(t *testing.T) {
	w := quietTown(t)
	for _, ref := range []string{"", "CPUB", "CPUB x", "CPUB 1 a b"} {
		if _, _, err := w.ComposeQuiet(t.Context(), w.now, Send{Ref: ref}); err == nil {
			t.Errorf("%q is composed", ref)
		}
	}
	content, _, err := w.ComposeQuiet(t.Context(), w.now, Send{Ref: "CPUB 1774515600 quiet-that-left-the-library"})
	if q, ok := content.(QuietWork); err != nil || !ok || q.Prompt != "" {
		t.Errorf("%+v, %v", content, err)
	}
}
