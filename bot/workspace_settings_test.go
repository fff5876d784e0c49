package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// ruleRecord is a workspace's record and the log of who changed what in it.
type ruleRecord struct {
	w      Workspace
	tokens map[Token]bool
	log    []string
	err    error  // of every write
	before func() // runs once before the next write: somebody else is faster
}

func (r *ruleRecord) Workspace(context.Context) (Workspace, error) { return r.w, nil }

func (r *ruleRecord) SaveWorkspace(context.Context, Token, Workspace, Intents) error { return nil }

func (r *ruleRecord) SaveWorkspaceRules(_ context.Context, token Token, w Workspace, actor string, changed []string) error {
	if faster := r.before; faster != nil {
		r.before = nil
		faster()
	}
	switch {
	case r.err != nil:
		return r.err
	case r.tokens[token]:
		return ErrRepeated
	case w.Version != r.w.Version:
		return ErrConflict
	}
	w.Version++
	r.w, r.tokens[token] = w, true
	r.log = append(r.log, actor+": "+strings.Join(changed, ","))
	return nil
}

// ruleTown is a workspace with an owner, somebody else, and channels of every kind.
func ruleTown() (*WorkspaceRules, *ruleRecord) {
	record := &ruleRecord{tokens: map[Token]bool{}, w: Workspace{Version: 3, Values: StandardValues()}}
	places := map[string]Channel{
		"CPUB": {ID: "CPUB", Inside: true}, "CPRIV": {ID: "CPRIV", Private: true, Inside: true}, "CSHARED": {ID: "CSHARED", Shared: true, Inside: true},
		"COUT": {ID: "COUT"}, "COLD": {ID: "COLD", Inside: true, Archived: true},
	}
	people := map[string]Member{"UOWNER": {ID: "UOWNER", Admin: true}, "UBOB": {ID: "UBOB"}}
	return &WorkspaceRules{Store: record, Scenes: ruleScenes{places, people}, Settings: &Settings{Store: record}}, record
}

type ruleScenes struct {
	places map[string]Channel
	people map[string]Member
}

func (s ruleScenes) Scene(_ context.Context, channel string, _ ...string) (Scene, error) {
	return Scene{Members: s.people, Channel: s.places[channel]}, nil
}

func TestValuesAreSaved(t *testing.T) {
	trust := StandardValues()[0]
	star := Value{Name: "team-work", Emoji: ":star:", Sentence: "You made room."}
	changed := func(v Value, edit func(*Value)) Value { edit(&v); return v }
	many := make([]Value, ValueLimit)
	for i := range many {
		many[i] = Value{Name: fmt.Sprint("v", i), Emoji: ":star:", Sentence: "s"}
	}
	for _, tt := range []struct {
		name, actor, was, seen string
		values                 []Value
		v                      Value
		want                   FaultCode
		log, emoji             string
	}{
		{"a new one", "UOWNER", "", "", nil, star, "", "UOWNER: value-added", ":star:"},
		{"typed loosely", "UOWNER", "", "", nil, Value{Name: " #Mut ", Emoji: "star", Sentence: " You \n dared. "}, "", "UOWNER: value-added", ":star:"},
		{"an emoji of a keyboard", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Emoji = "👏🏽" }), "", "UOWNER: value-added", ":clap:"},
		{"an emoji without a known name", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Emoji = "👩‍👩‍👧" }), "", "UOWNER: value-added", "👩‍👩‍👧"},
		{"another script", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Name = "विश्वास" }), "", "UOWNER: value-added", ":star:"},
		{"changed", "UOWNER", "trust", trust.Seen(), nil, changed(trust, func(v *Value) { v.Emoji = ":anchor:" }), "", "UOWNER: value-changed", ":anchor:"},
		{"another spelling of its own name", "UOWNER", "trust", trust.Seen(), nil, changed(trust, func(v *Value) { v.Name = "Trust" }), "", "UOWNER: value-changed", trust.Emoji},
		{"as it is", "UOWNER", "trust", "", nil, trust, "", "", trust.Emoji},
		{"by nobody special", "UBOB", "", "", nil, star, AdminsOnly, "", ""},
		{"by a stranger", "UNOBODY", "", "", nil, star, AdminsOnly, "", ""},
		{"the name of another", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Name = "T_rust" }), ValueTaken, "", ""},
		{"the name of another, changed", "UOWNER", "trust", trust.Seen(), nil, changed(trust, func(v *Value) { v.Name = "respect" }), ValueTaken, "", ""},
		{"another one, word for word", "UOWNER", "trust", trust.Seen(), nil, StandardValues()[1], ValueTaken, "", ""},
		{"renamed", "UOWNER", "trust", trust.Seen(), nil, star, "", "UOWNER: value-changed", ":star:"},
		{"spaces", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Name = "team work" }), ValueName, "", ""},
		{"no letter", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Name = "-_-" }), ValueName, "", ""},
		{"too long", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Name = strings.Repeat("ö", ValueNameLimit+1) }), ValueName, "", ""},
		{"marks of Slack", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Name = "<!here>" }), ValueName, "", ""},
		{"what forms call none", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Name = "None" }), ValueReserved, "", ""},
		{"no emoji", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Emoji = "" }), ValueEmoji, "", ""},
		{"words for an emoji", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Emoji = "a star" }), ValueEmoji, "", ""},
		{"two emoji", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Emoji = "🦩🦩" }), ValueEmoji, "", ""},
		{"two names of emoji", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Emoji = ":star::moon:" }), ValueEmoji, "", ""},
		{"a mention for an emoji", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Emoji = "<!channel>" }), ValueEmoji, "", ""},
		{"no sentence", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Sentence = " \u202e " }), ValueSentence, "", ""},
		{"a long sentence", "UOWNER", "", "", nil, changed(star, func(v *Value) { v.Sentence = strings.Repeat("x", ValueSentenceLimit+1) }), ValueSentence, "", ""},
		{"one too many", "UOWNER", "", "", many, star, ValueMany, "", ""},
		{"the last one, changed", "UOWNER", "v0", many[0].Seen(), many, star, "", "UOWNER: value-changed", ":star:"},
		{"changed meanwhile", "UOWNER", "trust", "older", nil, changed(trust, func(v *Value) { v.Emoji = ":anchor:" }), FaultStale, "", ""},
		{"removed meanwhile", "UOWNER", "courage", "older", nil, star, FaultStale, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, record := ruleTown()
			if tt.values != nil {
				record.w.Values = slices.Clone(tt.values)
			}
			was := slices.Clone(record.w.Values)
			act := WorkspaceAct{Token: "form", Actor: tt.actor, Seen: tt.seen}
			look, err := u.SaveValue(t.Context(), act, tt.was, tt.v)
			if code(err) != tt.want || strings.Join(record.log, ";") != tt.log {
				t.Fatalf("answered %v, noted %q", err, record.log)
			}
			if tt.want != "" {
				if !slices.Equal(record.w.Values, was) {
					t.Errorf("stored %+v", record.w.Values)
				}
				return
			}
			tidy := tt.v.Tidy()
			if got := record.w.Value(tidy.Name); got != tidy || got.Emoji != tt.emoji || got.Name == "Mut" && got.Sentence != "You dared." {
				t.Errorf("stored %+v, of %+v", got, tt.v)
			}
			if tt.log != "" && u.Settings.Current().Version != record.w.Version {
				t.Error("who saved it does not know it yet")
			}
			again, err := u.SaveValue(t.Context(), act, tt.was, tt.v)
			if err != nil || len(record.log) > 1 || !slices.Equal(again.Values, look.Values) {
				t.Errorf("the same form again: %v, %q", err, record.log)
			}
		})
	}
}

func TestValuesAreRemovedAndReset(t *testing.T) {
	u, record := ruleTown()
	trust := StandardValues()[0]
	if _, err := u.RemoveValue(t.Context(), WorkspaceAct{Token: "a", Actor: "UBOB", Seen: trust.Seen()}, "trust"); code(err) != AdminsOnly {
		t.Errorf("by nobody special: %v", err)
	}
	if _, err := u.RemoveValue(t.Context(), WorkspaceAct{Token: "a", Actor: "UOWNER", Seen: "older"}, "trust"); code(err) != FaultStale {
		t.Errorf("changed meanwhile: %v", err)
	}
	for range 2 {
		if _, err := u.RemoveValue(t.Context(), WorkspaceAct{Token: "b", Actor: "UOWNER", Seen: trust.Seen()}, "trust"); err != nil || len(record.w.Values) != 3 {
			t.Fatalf("answered %v, stored %+v", err, record.w.Values)
		}
	}
	if got := record.w.ShownValue("trust"); got != (Value{Name: "trust"}) {
		t.Errorf("a kudos of before shows %+v", got)
	}
	if got := record.w.ShownValue("respect"); got != StandardValues()[1] {
		t.Errorf("a value that is there shows %+v", got)
	}
	if _, err := u.ResetValues(t.Context(), WorkspaceAct{Token: "c", Actor: "UOWNER", Seen: "older"}); code(err) != FaultStale {
		t.Errorf("an old list: %v", err)
	}
	if _, err := u.ResetValues(t.Context(), WorkspaceAct{Token: "c", Actor: "UBOB", Seen: record.w.ValuesSeen()}); code(err) != AdminsOnly {
		t.Errorf("by nobody special: %v", err)
	}
	seen := record.w.ValuesSeen()
	for range 2 {
		if _, err := u.ResetValues(t.Context(), WorkspaceAct{Token: "d", Actor: "UOWNER", Seen: seen}); err != nil || !slices.Equal(record.w.Values, StandardValues()) {
			t.Fatalf("answered %v, stored %+v", err, record.w.Values)
		}
	}
	if got := strings.Join(record.log, ";"); got != "UOWNER: value-removed;UOWNER: standard-values" {
		t.Errorf("noted %q", got)
	}
}

func TestKudosSettingsAreSaved(t *testing.T) {
	all := KudosSettings{Recipients: 5, Letters: 3, Characters: 300, Daily: 4, NoGuests: true, Channel: "CPUB", Reaction: "clap"}
	with := func(edit func(*KudosSettings)) KudosSettings { s := all; edit(&s); return s }
	for _, tt := range []struct {
		name, actor string
		set         KudosSettings
		want        FaultCode
		log         string
	}{
		{"everything", "UOWNER", all, "", "UOWNER: recipients,letters,characters,daily,guests,channel,reaction"},
		{"one", "UOWNER", KudosSettings{Daily: DailyMost}, "", "UOWNER: daily"},
		{"the most", "UOWNER", KudosSettings{Recipients: RecipientsMost, Letters: LettersMost, Characters: CharactersMost}, "", "UOWNER: recipients,letters,characters"},
		{"an emoji as it is typed", "UOWNER", KudosSettings{Reaction: " :ThumbsUp::skin-tone-3: "}, "", "UOWNER: reaction"},
		{"the standard again", "UOWNER", KudosSettings{}, "", ""},
		{"by nobody special", "UBOB", all, AdminsOnly, ""},
		{"nobody", "UOWNER", with(func(s *KudosSettings) { s.Recipients = -1 }), RangeRecipients, ""},
		{"too many people", "UOWNER", with(func(s *KudosSettings) { s.Recipients = RecipientsMost + 1 }), RangeRecipients, ""},
		{"too many letters", "UOWNER", with(func(s *KudosSettings) { s.Letters = LettersMost + 1 }), RangeLetters, ""},
		{"too few characters", "UOWNER", with(func(s *KudosSettings) { s.Characters = CharactersLeast - 1 }), RangeCharacters, ""},
		{"too many characters", "UOWNER", with(func(s *KudosSettings) { s.Characters = CharactersMost + 1 }), RangeCharacters, ""},
		{"too many kudos", "UOWNER", with(func(s *KudosSettings) { s.Daily = DailyMost + 1 }), RangeDaily, ""},
		{"words for an emoji", "UOWNER", with(func(s *KudosSettings) { s.Reaction = "well done" }), KudosEmoji, ""},
		{"a picture without a known name", "UOWNER", with(func(s *KudosSettings) { s.Reaction = "🦩" }), KudosEmoji, ""},
		{"a private channel", "UOWNER", with(func(s *KudosSettings) { s.Channel = "CPRIV" }), KudosChannel, ""},
		{"a channel of others", "UOWNER", with(func(s *KudosSettings) { s.Channel = "CSHARED" }), KudosChannel, ""},
		{"a channel that the bot is not in", "UOWNER", with(func(s *KudosSettings) { s.Channel = "COUT" }), KudosChannel, ""},
		{"an archived channel", "UOWNER", with(func(s *KudosSettings) { s.Channel = "COLD" }), KudosChannel, ""},
		{"an unknown channel", "UOWNER", with(func(s *KudosSettings) { s.Channel = "CNEW" }), KudosChannel, ""},
		{"no channel at all", "UOWNER", with(func(s *KudosSettings) { s.Channel = "<!here>" }), KudosChannel, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, record := ruleTown()
			act := WorkspaceAct{Token: "form", Actor: tt.actor, Seen: KudosSettings{}.Seen()}
			_, err := u.SaveKudos(t.Context(), act, tt.set)
			if code(err) != tt.want || strings.Join(record.log, ";") != tt.log {
				t.Fatalf("answered %v, noted %q", err, record.log)
			}
			if want := tt.set.Tidy(); tt.want == "" && record.w.Kudos != want || tt.want != "" && record.w.Kudos != (KudosSettings{}) {
				t.Errorf("stored %+v", record.w.Kudos)
			}
			if _, err := u.SaveKudos(t.Context(), act, tt.set); tt.want == "" && (err != nil || len(record.log) > 1) {
				t.Errorf("the same form again: %v, %q", err, record.log)
			}
		})
	}
}

func TestAChannelThatWentAwayDoesNotKeepTheRestFromBeingSaved(t *testing.T) {
	u, record := ruleTown()
	record.w.Kudos = KudosSettings{Channel: "COLD"}
	look, err := u.Look(t.Context(), "UOWNER")
	if err != nil || look.Place.Postable() || look.Place.ID != "COLD" {
		t.Fatalf("sees %+v, %v", look.Place, err)
	}
	if _, err := u.SaveKudos(t.Context(), WorkspaceAct{Token: "t", Actor: "UOWNER", Seen: record.w.Kudos.Seen()}, KudosSettings{Channel: "COLD", Daily: 3}); err != nil {
		t.Errorf("saving the rest: %v", err)
	}
	look, err = u.SaveKudos(t.Context(), WorkspaceAct{Token: "u", Actor: "UOWNER", Seen: record.w.Kudos.Seen()}, KudosSettings{Daily: 3})
	if err != nil || look.Kudos.Channel != "" || look.Place != (Channel{}) {
		t.Errorf("taken out: %+v, %v", look, err)
	}
}

func TestAdminsWhoSaveAtTheSameTimeLoseNothing(t *testing.T) {
	trust, respect := StandardValues()[0], StandardValues()[1]
	mine, theirs := trust, respect
	mine.Emoji, theirs.Emoji = ":anchor:", ":leaves:"
	u, record := ruleTown()
	record.before = func() {
		if _, err := u.SaveValue(t.Context(), WorkspaceAct{Token: "theirs", Actor: "UOWNER", Seen: respect.Seen()}, "respect", theirs); err != nil {
			t.Errorf("the faster one: %v", err)
		}
	}
	if _, err := u.SaveValue(t.Context(), WorkspaceAct{Token: "mine", Actor: "UOWNER", Seen: trust.Seen()}, "trust", mine); err != nil {
		t.Fatalf("another value at the same time: %v", err)
	}
	if record.w.Value("trust") != mine || record.w.Value("respect") != theirs || len(record.log) != 2 {
		t.Errorf("stored %+v, noted %q", record.w.Values, record.log)
	}
	seen := record.w.Kudos.Seen()
	record.before = func() {
		if _, err := u.SaveKudos(t.Context(), WorkspaceAct{Token: "their limits", Actor: "UOWNER", Seen: seen}, KudosSettings{Daily: 5}); err != nil {
			t.Errorf("the faster one: %v", err)
		}
	}
	if _, err := u.SaveKudos(t.Context(), WorkspaceAct{Token: "my limits", Actor: "UOWNER", Seen: seen}, KudosSettings{Daily: 9}); code(err) != FaultStale {
		t.Errorf("the same settings at the same time: %v", err)
	}
	if record.w.Kudos.Daily != 5 {
		t.Errorf("stored %+v", record.w.Kudos)
	}
}

func TestWhatIsNotConfirmedIsSaidToBeSo(t *testing.T) {
	u, record := ruleTown()
	record.err = errors.New("gone")
	if _, err := u.SaveKudos(t.Context(), WorkspaceAct{Token: "t", Actor: "UOWNER", Seen: KudosSettings{}.Seen()}, KudosSettings{Daily: 3}); code(err) != FaultUnsaved {
		t.Errorf("answered %v", err)
	}
	record.err = ErrConflict // without end
	if _, err := u.SaveKudos(t.Context(), WorkspaceAct{Token: "t", Actor: "UOWNER", Seen: KudosSettings{}.Seen()}, KudosSettings{Daily: 3}); code(err) != FaultStale {
		t.Errorf("answered %v", err)
	}
}

func TestAnotherProcessLearnsOfLimitsWhenItLooks(t *testing.T) {
	u, record := ruleTown()
	other := &Recognition{Settings: &Settings{Store: record}, Daily: 20}
	refresh := func() {
		if err := other.Settings.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	refresh()
	if other.DailyLimit() != 20 || other.Limits() != StandardKudosLimits() {
		t.Errorf("at first %d, %+v", other.DailyLimit(), other.Limits())
	}
	set := KudosSettings{Recipients: 2, Letters: 5, Characters: 3000, Daily: 7}
	if _, err := u.SaveKudos(t.Context(), WorkspaceAct{Token: "t", Actor: "UOWNER", Seen: KudosSettings{}.Seen()}, set); err != nil {
		t.Fatal(err)
	}
	refresh()
	if want := (KudosLimits{Recipients: 2, Letters: 5, Dense: 2, Characters: 3000}); other.DailyLimit() != 7 || other.Limits() != want {
		t.Errorf("then %d, %+v", other.DailyLimit(), other.Limits())
	}
}

func TestANameOfAValueIsUnderstoodAsItIsTyped(t *testing.T) {
	for _, name := range []string{"team-work", "Übermut", "信頼", "विश्वास", "a_b-c", "2026", "-edge-"} {
		v := Value{Name: name, Emoji: ":star:", Sentence: "s"}.Tidy()
		if wrong := v.Wrong(); len(wrong) > 0 {
			t.Errorf("%q is refused: %v", name, wrong)
			continue
		}
		g := KudosGrammar{Values: []string{v.Name}, Limits: StandardKudosLimits()}
		for _, typed := range []string{name, strings.ToUpper(name), strings.NewReplacer("-", "", "_", "").Replace(name)} {
			if in := g.Parse("<@U1> for staying until the import worked #" + typed); in.Value != v.Name || in.Action != KudosGive {
				t.Errorf("%q typed as %q: %+v", name, typed, in)
			}
		}
	}
}
