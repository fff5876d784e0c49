package bot

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// Whoever of two avoids the other, they are not introduced, and what both get reads like any other round without a match.
func TestWhoAvoidsSomebodyIsNotIntroducedToThem(t *testing.T) {
	for _, avoids := range []string{"a b", "b a", ""} {
		k := openCafe(t, 2)
		p := k.setUp("C1", nil, "a", "b")
		if who, whom, ok := strings.Cut(avoids, " "); ok {
			k.stage.preferences[who] = Preferences{Member: who, Avoid: []string{whom}}
		}
		r := k.plan(p.ID)
		k.live(r.At.Add(time.Hour))
		want := []Kind{KindNoPair}
		if avoids == "" {
			want = []Kind{KindPair}
		}
		for _, id := range []string{"a", "b"} {
			if got := k.got(id); !slices.Equal(got, want) {
				t.Errorf("%q: %s got %v, want %v", avoids, id, got, want)
			}
		}
	}
}

// Between the drawing and the introduction it counts as well.
func TestAvoidingInTheLastMoment(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", nil, "a", "b")
	r := k.plan(p.ID)
	k.stage.preferences["b"] = Preferences{Member: "b", Avoid: []string{"a"}}
	k.live(r.End.Add(time.Hour))
	for _, id := range []string{"a", "b"} {
		if got := k.got(id); !slices.Equal(got, []Kind{KindNoPair}) {
			t.Errorf("%s got %v", id, got)
		}
	}
}

// Whose list cannot be read is introduced to nobody, and the others are as ever.
func TestAListThatCannotBeRead(t *testing.T) {
	k := openCafe(t, 3)
	p := k.setUp("C1", nil, "a", "b", "c")
	k.stage.preferences["b"] = Preferences{Member: "b", Unreadable: "sealed"}
	r := k.plan(p.ID)
	k.live(r.At.Add(time.Hour))
	for id, want := range map[string]Kind{"a": KindPair, "b": KindNoPair, "c": KindPair} {
		if got := k.got(id); !slices.Equal(got, []Kind{want}) {
			t.Errorf("%s got %v, want %v", id, got, want)
		}
	}
}

// A form changes what its sender changed in it. Who came onto the list meanwhile stays on it.
func TestAFormOpenedEarlierEndsNoLaterWish(t *testing.T) {
	many := letters(AvoidLimit)
	for name, tt := range map[string]struct {
		stored, shown, sent, want []string
	}{
		"nothing changed":        {[]string{"a", "b"}, []string{"a", "b"}, []string{"a", "b"}, []string{"a", "b"}},
		"one more":               {[]string{"a"}, []string{"a"}, []string{"a", "b"}, []string{"a", "b"}},
		"one fewer":              {[]string{"a", "b"}, []string{"a", "b"}, []string{"b"}, []string{"b"}},
		"added meanwhile":        {[]string{"a", "c"}, []string{"a"}, []string{"b"}, []string{"c", "b"}},
		"the same one meanwhile": {[]string{"a", "b"}, []string{"a"}, []string{"a", "b"}, []string{"a", "b"}},
		"taken off meanwhile":    {nil, []string{"a"}, []string{"a"}, nil},
		"sent twice":             {nil, nil, []string{"a", "a"}, []string{"a"}},
	} {
		got := AvoidForm{Shown: tt.shown, Sent: tt.sent}.on(tt.stored)
		if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(tt.want))) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
	if err := (AvoidForm{Sent: many}).fits(Preferences{Avoid: []string{"another"}}); code(err) != AvoidMany {
		t.Errorf("too many: %v", err)
	}
	lost := Preferences{Unreadable: "sealed"}
	if err := (AvoidForm{Sent: many}).fits(lost); code(err) != AvoidLost {
		t.Errorf("over a list that cannot be read: %v", err)
	}
	if err := (AvoidForm{Sent: many, Afresh: true}).fits(lost); err != nil {
		t.Errorf("a whole new list: %v", err)
	}
}
