package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/prompts"
)

// kudosTown keeps everything that [Recognition] needs in memory, as strictly as the real store: versions are compared, tokens and sids count once.
type kudosTown struct {
	*Recognition
	now     time.Time
	kudos   map[string]Kudos
	quota   map[string]int    // by giver and day
	twins   map[string]string // id by giver, recipients and text
	tokens  map[Token]string
	sends   map[string]Send
	order   []string // sids as they were inserted
	digests map[string]Digest
	entries map[string]Entry
	scene   Scene
	places  map[string]Channel
	inside  map[string][]string // members by channel
	groups  map[string][]string
	failing error  // of every write
	before  func() // runs once before the next ReplaceKudos: somebody else is faster
	blind   bool   // nobody can tell who is in a channel
	reportTown
}

// kudosDay is a Wednesday, in working hours in Berlin.
const kudosDay = "2026-03-25T10:00:00+01:00"

func newKudosTown(t *testing.T) *kudosTown {
	t.Helper()
	w := &kudosTown{
		now: instant(t, kudosDay), kudos: map[string]Kudos{}, quota: map[string]int{}, twins: map[string]string{}, tokens: map[Token]string{},
		sends: map[string]Send{}, digests: map[string]Digest{}, entries: map[string]Entry{},
		groups: map[string][]string{"SALL": {"UANA", "UBOB"}, "SSELF": {"UANA"}, "SNONE": {}},
		places: map[string]Channel{
			"CPUB": {ID: "CPUB", Inside: true}, "CPRIV": {ID: "CPRIV", Private: true, Inside: true}, "CSHARED": {ID: "CSHARED", Shared: true, Inside: true},
			"COUT": {ID: "COUT"}, "COLD": {ID: "COLD", Inside: true, Archived: true},
		},
		inside: map[string][]string{"CPUB": {"UANA", "UBOB", "UCYN", "UGUEST"}, "CPRIV": {"UANA", "UBOB"}, "CSHARED": {"UANA"}},
		scene:  Scene{Members: map[string]Member{}, Preferences: map[string]Preferences{}},
	}
	for _, m := range []Member{
		{ID: "UANA", Name: "Ana", Department: "Sales"},
		{ID: "UBOB", Name: "Bob", Department: "Design"},
		{ID: "UCYN", Name: "Cyn", Department: "Sales"},
		{ID: "UDEE", Name: "Dee"},
		{ID: "UBOT", Bot: true},
		{ID: "UGONE", Deleted: true},
		{ID: "UFAR", Stranger: true},
		{ID: "UGUEST", Name: "Gus", Guest: true},
		{ID: "UADMIN", Name: "Admin", Admin: true},
		{ID: "USLACKBOT", Name: "Slackbot"},
	} {
		m.Zone = "Europe/Berlin"
		w.scene.Members[m.ID] = m
	}
	library, err := prompts.Standard()
	if err != nil {
		t.Fatal(err)
	}
	settings := &Settings{}
	settings.current.Store(&Workspace{Zone: "Europe/Berlin", Values: StandardValues()})
	w.Recognition = &Recognition{
		Store: w, Digests: w, Scenes: w, Groups: w, Sent: w, Presence: w, Settings: settings, Prompts: library,
		Daily: 20, Site: "https://acme.slack.com/",
	}
	return w
}

func (w *kudosTown) insert(intents Intents) {
	for _, s := range intents {
		if _, there := w.sends[s.SID]; !there {
			s.State = StatePending
			w.sends[s.SID] = s
			w.order = append(w.order, s.SID)
		}
	}
}

func (w *kudosTown) AddKudos(_ context.Context, token Token, k Kudos, q KudosQuota, intents Intents) (Kudos, error) {
	if w.failing != nil {
		return Kudos{}, w.failing
	}
	if id, came := w.tokens[token]; came {
		return w.kudos[id], ErrRepeated
	}
	twin := fmt.Sprint(k.Giver, slices.Sorted(slices.Values(k.Recipients)), k.Message)
	if earlier, ok := w.kudos[w.twins[twin]]; ok && !k.Twin && earlier.Undone.IsZero() && k.Given.Sub(earlier.Given) < 2*time.Minute {
		return earlier, ErrRepeated
	}
	if _, there := w.kudos[k.ID]; there {
		return Kudos{}, ErrConflict
	}
	if day := k.Giver + q.Day.String(); k.Undone.IsZero() {
		if w.quota[day] >= q.Limit {
			return Kudos{}, ErrLimit
		}
		w.quota[day]++
	}
	k.Version = 1
	w.twins[twin], w.tokens[token], w.kudos[k.ID] = k.ID, k.ID, k
	w.insert(intents)
	return k, nil
}

func (w *kudosTown) Kudos(_ context.Context, id string) (Kudos, error) {
	k, ok := w.kudos[id]
	if !ok {
		return Kudos{}, ErrNotFound
	}
	return k, nil
}

func (w *kudosTown) ReplaceKudos(_ context.Context, token Token, k Kudos, quota *KudosQuota, intents Intents) error {
	if faster := w.before; faster != nil {
		w.before = nil
		faster()
	}
	if w.failing != nil {
		return w.failing
	}
	if _, came := w.tokens[token]; came {
		return ErrRepeated
	}
	if w.kudos[k.ID].Version != k.Version {
		return ErrConflict
	}
	if quota != nil {
		switch day := k.Giver + quota.Day.String(); {
		case !k.Undone.IsZero():
			w.quota[day]--
		case w.quota[day] >= quota.Limit:
			return ErrLimit
		default:
			w.quota[day]++
		}
	}
	k.Version++
	w.tokens[token], w.kudos[k.ID] = k.ID, k
	w.insert(intents)
	return nil
}

func (w *kudosTown) thatAre(keep func(Kudos) bool) []Kudos {
	list := slices.Collect(maps.Values(w.kudos))
	list = slices.DeleteFunc(list, func(k Kudos) bool { return !k.Undone.IsZero() || !keep(k) })
	slices.SortFunc(list, func(a, b Kudos) int {
		if c := a.Given.Compare(b.Given); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list
}

func (w *kudosTown) ChannelKudos(_ context.Context, channel string, from, to time.Time) ([]Kudos, error) {
	return w.thatAre(func(k Kudos) bool {
		return k.Posted && k.Channel == channel && !k.StandsSince().Before(from) && k.StandsSince().Before(to)
	}), nil
}

func (w *kudosTown) MemberKudos(_ context.Context, member string, limit int) (given, received []Kudos, err error) {
	given = w.thatAre(func(k Kudos) bool { return k.Giver == member })
	received = w.thatAre(func(k Kudos) bool { return slices.Contains(k.Recipients, member) })
	slices.Reverse(given)
	slices.Reverse(received)
	return given[:min(limit, len(given))], received[:min(limit, len(received))], nil
}

func (w *kudosTown) LastGiven(ctx context.Context, member string) (LastKudos, error) {
	scene, err := w.Scene(ctx, "", member)
	last := LastKudos{Scene: scene}
	if given, _, _ := w.MemberKudos(ctx, member, 1); len(given) > 0 {
		last.Kudos, last.Post = given[0], w.sends[KudosPostSID(given[0].ID)]
	}
	return last, err
}

func (w *kudosTown) FirstGiven(_ context.Context, channel string, members ...string) (map[string]time.Time, error) {
	first := map[string]time.Time{}
	for _, id := range members {
		if list := w.thatAre(func(k Kudos) bool {
			return k.Giver == id && k.Posted && !k.Private && (!k.Closed || k.Channel == channel)
		}); len(list) > 0 {
			first[id] = list[0].Given
		}
	}
	return first, nil
}

func (w *kudosTown) Digest(_ context.Context, channel string) (Digest, error) {
	d, ok := w.digests[channel]
	if !ok {
		return Digest{}, ErrNotFound
	}
	return d, nil
}

func (w *kudosTown) SaveDigest(_ context.Context, token Token, d Digest, entries []Entry, intents Intents) error {
	if _, came := w.tokens[token]; came {
		return ErrRepeated
	}
	if w.digests[d.Channel].Version != d.Version {
		return ErrConflict
	}
	d.Version++
	w.tokens[token], w.digests[d.Channel] = d.Channel, d
	for _, e := range entries {
		w.entries[e.Name] = e
	}
	w.insert(intents)
	return nil
}

func (w *kudosTown) Scene(_ context.Context, channel string, members ...string) (Scene, error) {
	s := Scene{Members: map[string]Member{}, Preferences: map[string]Preferences{}, Channel: w.places[channel]}
	for _, id := range members {
		if m, ok := w.scene.Members[id]; ok {
			s.Members[id] = m
		}
		if p, ok := w.scene.Preferences[id]; ok {
			s.Preferences[id] = p
		}
	}
	return s, nil
}

func (w *kudosTown) GroupMembers(_ context.Context, group string) ([]string, error) {
	members, ok := w.groups[group]
	if !ok {
		return nil, &Fault{Code: KudosGroupsOff}
	}
	return members, nil
}

func (w *kudosTown) UserGroups(context.Context) ([]UserGroup, error) {
	var list []UserGroup
	for _, id := range slices.Sorted(maps.Keys(w.groups)) {
		list = append(list, UserGroup{ID: id, Name: "The " + id, Handle: strings.ToLower(id)})
	}
	return list, nil
}

func (w *kudosTown) SendBySID(_ context.Context, sid string) (Send, error) {
	s, ok := w.sends[sid]
	if !ok {
		return Send{}, ErrNotFound
	}
	return s, nil
}

func (w *kudosTown) SendsBySID(ctx context.Context, sids ...string) (map[string]Send, error) {
	found := map[string]Send{}
	for _, sid := range sids {
		if s, err := w.SendBySID(ctx, sid); err == nil {
			found[sid] = s
		}
	}
	return found, nil
}

func (w *kudosTown) InChannel(_ context.Context, channel, member string) (bool, error) {
	if w.blind {
		return false, errors.New("no answer")
	}
	return slices.Contains(w.inside[channel], member), nil
}

// helpful is a message that says enough.
const helpful = "for staying with the customer until the import worked"

// wish is what somebody types in a channel.
func (w *kudosTown) wish(token Token, giver, channel, text string) GiveKudos {
	return GiveKudos{Token: token, Giver: giver, Channel: channel, Input: ParseKudos(text, nil)}
}

// given gives, and fails the test if that was not possible.
func (w *kudosTown) given(t *testing.T, token Token, giver, channel, text string) GivenKudos {
	t.Helper()
	g, err := w.Give(t.Context(), w.now, w.wish(token, giver, channel, text))
	if err != nil {
		t.Fatalf("give %q: %v", text, err)
	}
	return g
}

// posted says that a message came into its conversation.
func (w *kudosTown) posted(sid, ts string) {
	s := w.sends[sid]
	s.State, s.PostedIn, s.PostedTS = StateSent, orElse(s.Channel, "D1"), ts
	w.sends[sid] = s
}

// settled says that a message ended in a state.
func (w *kudosTown) settled(sid string, state State) {
	s := w.sends[sid]
	s.State = state
	w.sends[sid] = s
}

// wantsFault fails the test unless err is a fault of that code; "" stands for no error.
func wantsFault(t *testing.T, err error, code FaultCode) {
	t.Helper()
	fault, ok := errors.AsType[*Fault](err)
	switch {
	case code == "" && err != nil:
		t.Errorf("got %v, want no error", err)
	case code != "" && (!ok || fault.Code != code):
		t.Errorf("got %v, want %s", err, code)
	}
}
