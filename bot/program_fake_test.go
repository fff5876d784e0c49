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

// shelf keeps programs, seats and rounds in memory, as strictly as the real store: versions are compared, tokens count once.
type shelf struct {
	programs map[string]Program
	entries  map[string]Entry
	seats    map[string]Seat // by program, space, member
	rounds   map[string]Round
	latest   map[string]int
	meetings map[string]Meeting // by program, round, pair
	sends    map[string]Send
	tokens   map[Token]string
	saves    int
	names    int    // how often a program got a name
	onScene  func() // runs once, just after a program scene was read: somebody else is faster
	onRound  func() // runs once, just before a round is drafted: somebody else is faster
	onPart   func() // runs once, just before a part of one is put in
	broken   bool   // no part can be put in
	drafts   map[string]RoundPlan
	parts    map[string][]RoundPart // by round
	inserted map[string]int         // by round: how many of them are in
}

func newShelf() *shelf {
	return &shelf{
		programs: map[string]Program{}, entries: map[string]Entry{}, seats: map[string]Seat{}, rounds: map[string]Round{}, latest: map[string]int{},
		meetings: map[string]Meeting{}, sends: map[string]Send{}, tokens: map[Token]string{}, drafts: map[string]RoundPlan{}, parts: map[string][]RoundPart{},
		inserted: map[string]int{},
	}
}

func (s *shelf) once(t Token, made string) bool {
	_, came := s.tokens[t]
	if !came {
		s.tokens[t] = made
	}
	return !came
}

func (s *shelf) insert(intents Intents, id string) {
	for _, send := range intents {
		send.SID, send.Ref = strings.ReplaceAll(send.SID, "{id}", id), strings.ReplaceAll(send.Ref, "{id}", id)
		if _, there := s.sends[send.SID]; !there {
			send.State = StatePending
			s.sends[send.SID] = send
		}
	}
}

func (s *shelf) SaveProgram(_ context.Context, token Token, p Program, entry Entry, intents Intents) (Program, error) {
	if id, came := s.tokens[token]; came {
		return s.programs[id], ErrRepeated
	}
	if s.programs[p.ID].Version != p.Version || p.Names > 0 && p.Names != s.names+1 {
		return Program{}, ErrConflict
	}
	if p.Names > 0 {
		s.names, p.Names = p.Names, 0
	}
	if p.ID == "" {
		p.ID = fmt.Sprint(len(s.programs) + 1)
	}
	p.Version++
	s.tokens[token] = p.ID
	s.programs[p.ID] = p
	s.entries[strings.ReplaceAll(entry.Name, "{id}", p.ID)] = entry
	s.insert(intents, p.ID)
	return p, nil
}

func (s *shelf) Program(_ context.Context, id string) (Program, error) {
	p, ok := s.programs[id]
	if !ok {
		return Program{}, ErrNotFound
	}
	return p, nil
}

func (s *shelf) Programs(context.Context) ([]Program, error) {
	return slices.SortedFunc(maps.Values(s.programs), func(a, b Program) int { return strings.Compare(a.ID, b.ID) }), nil
}

func (s *shelf) RecentRounds(_ context.Context, program string, most int) ([]Round, error) {
	var rounds []Round
	for n := s.latest[program]; n > max(0, s.latest[program]-most); n-- {
		rounds = append(rounds, s.head(roundID(program, n)))
	}
	return rounds, nil
}

func (s *shelf) RoundGroups(ctx context.Context, keys ...GroupKey) (map[GroupKey]RoundGroup, error) {
	groups := map[GroupKey]RoundGroup{}
	for _, at := range keys {
		if r, g, err := s.RoundGroup(ctx, at.Round, at.Group); err == nil {
			groups[at] = RoundGroup{Round: r, Group: g}
		}
	}
	return groups, nil
}

// ProgramScene knows nobody, so that people and places are read as scenes.
func (s *shelf) ProgramScene(ctx context.Context, _, member string) (ProgramScene, error) {
	scene := ProgramScene{Latest: s.latest, Names: s.names + 1}
	if s.onScene != nil {
		defer func() { faster := s.onScene; s.onScene = nil; faster() }()
	}
	var err error
	if scene.Programs, err = s.Programs(ctx); err != nil {
		return ProgramScene{}, err
	}
	scene.Seats, err = s.MemberSeats(ctx, member)
	return scene, err
}

func (s *shelf) SaveSeat(_ context.Context, token Token, seat Seat, intents Intents) error {
	key := seat.Program + " " + seat.Member
	switch {
	case s.tokens[token] != "":
		return ErrRepeated
	case s.seats[key].Version != seat.Version:
		return ErrConflict
	}
	s.once(token, key)
	s.saves++
	s.putSeat(seat)
	s.insert(intents, "")
	return nil
}

func (s *shelf) putSeat(seat Seat) {
	seat.Version++
	s.seats[seat.Program+" "+seat.Member] = seat
}

func (s *shelf) seatsThat(keep func(Seat) bool) []Seat {
	var list []Seat
	for _, key := range slices.Sorted(maps.Keys(s.seats)) {
		if keep(s.seats[key]) {
			list = append(list, s.seats[key])
		}
	}
	return list
}

func (s *shelf) Seats(_ context.Context, program string) ([]Seat, error) {
	return s.seatsThat(func(seat Seat) bool { return seat.Program == program }), nil
}

func (s *shelf) SeatsOf(_ context.Context, program string, members ...string) (map[string]Seat, error) {
	found := map[string]Seat{}
	for _, id := range members {
		if seat, ok := s.seats[program+" "+id]; ok {
			found[id] = seat
		}
	}
	return found, nil
}

func (s *shelf) MemberSeats(_ context.Context, member string) ([]Seat, error) {
	return s.seatsThat(func(seat Seat) bool { return seat.Member == member }), nil
}

func (s *shelf) SendBySID(_ context.Context, sid string) (Send, error) {
	send, ok := s.sends[sid]
	if !ok {
		return Send{}, ErrNotFound
	}
	if send.State == StateSent || send.State == StateDropped { // what the real store keeps of it
		return Send{
			SID: send.SID, State: send.State, Kind: send.Kind, Settled: send.Settled, PostedIn: send.PostedIn, PostedTS: send.PostedTS, Reason: send.Reason,
		}, nil
	}
	return send, nil
}

// stage is people and places.
type stage struct {
	members     map[string]Member
	preferences map[string]Preferences
	channels    map[string]Channel
	inside      map[string]bool // channel, space, member
	asked       int             // how often somebody looked into a channel
	blind       bool            // nobody can tell who is in a channel
}

func (s *stage) Scene(_ context.Context, channel string, members ...string) (Scene, error) {
	scene := Scene{Members: map[string]Member{}, Preferences: map[string]Preferences{}, Channel: s.channels[channel]}
	for _, id := range members {
		if m, ok := s.members[id]; ok {
			scene.Members[id] = m
		}
		if p, ok := s.preferences[id]; ok {
			scene.Preferences[id] = p
		}
	}
	return scene, nil
}

func (s *stage) InChannel(_ context.Context, channel, member string) (bool, error) {
	s.asked++
	if s.blind {
		return false, errors.New("no answer")
	}
	return s.inside[channel+" "+member], nil
}

type oneWorkspace struct{}

func (oneWorkspace) Workspace(context.Context) (Workspace, error) {
	return Workspace{Team: "T1", Zone: "Europe/Berlin"}, nil
}

func (oneWorkspace) SaveWorkspace(context.Context, Token, Workspace, Intents) error { return nil }

// cafe is the use cases on a shelf and a stage, with a clock to turn.
type cafe struct {
	*Coffee
	t     *testing.T
	shelf *shelf
	stage *stage
	now   time.Time
	acts  int
}

// sunday is when the tests' programs are set up: the day before the first round.
const sunday = "2026-03-15T12:00:00Z"

// openCafe has the channel C1 and people a, b, c and so on in it, each in a department of their own, all in Berlin.
func openCafe(t *testing.T, people int) *cafe {
	t.Helper()
	library, err := prompts.Standard()
	if err != nil {
		t.Fatal(err)
	}
	k := &cafe{t: t, shelf: newShelf(), now: instant(t, sunday), stage: &stage{
		members: map[string]Member{}, preferences: map[string]Preferences{}, inside: map[string]bool{},
		channels: map[string]Channel{"C1": {ID: "C1", Name: "coffee", Inside: true}, "P1": {ID: "P1", Private: true, Inside: true}},
	}}
	for i := range people {
		id := string(rune('a' + i))
		k.stage.members[id] = Member{ID: id, Name: strings.ToUpper(id), Department: "D" + id, Zone: "Europe/Berlin"}
		k.stage.inside["C1 "+id] = true
	}
	settings := &Settings{Store: oneWorkspace{}}
	if err := settings.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	k.Coffee = &Coffee{
		Programs: k.shelf, Seats: k.shelf, Rounds: k.shelf, Scenes: k.stage, Sent: k.shelf, Presence: k.stage, Settings: settings, Prompts: library,
	}
	return k
}

// setUp makes a program of a channel in which everybody is; change may be nil.
func (k *cafe) setUp(channel string, change func(*Program), members ...string) Program {
	k.t.Helper()
	for id := range k.stage.members {
		k.stage.inside[channel+" "+id] = true
	}
	p := NewProgram(channel, "a", "Europe/Berlin")
	if change != nil {
		change(&p)
	}
	p, err := k.Save(k.t.Context(), k.now, k.token(), "a", p)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, id := range members {
		k.join(p.ID, id)
	}
	return p
}

func (k *cafe) token() Token {
	k.acts++
	return Token(fmt.Sprint("act ", k.acts))
}

func (k *cafe) act(program, member string) SeatAct {
	return SeatAct{Token: k.token(), Member: member, Program: program, Channel: k.shelf.programs[program].Channel}
}

func (k *cafe) join(program, member string) {
	k.t.Helper()
	if _, _, err := k.Join(k.t.Context(), k.now, k.act(program, member)); err != nil {
		k.t.Fatal(err)
	}
}

// hold plans the program's next round when it is due and delivers everything up to its end, the question "did you meet?" included.
func (k *cafe) hold(program string) Round {
	k.t.Helper()
	r := k.plan(program)
	k.deliver(r.End.Add(time.Hour))
	return k.shelf.rounds[r.ID]
}

// plan plans the program's next round when it is due.
func (k *cafe) plan(program string) Round {
	k.t.Helper()
	k.now = NextRound(k.shelf.programs[program], k.now)
	if err := k.PlanRound(k.t.Context(), k.now, program, k.now); err != nil {
		k.t.Fatal(err)
	}
	r, err := k.latest(k.t.Context(), program)
	if err != nil {
		k.t.Fatal(err)
	}
	return k.shelf.rounds[r.ID]
}

// deliver composes everything that is due until an instant as the ledger would, and takes what goes for sent.
func (k *cafe) deliver(until time.Time) []Send {
	k.t.Helper()
	var sent []Send
	for {
		next, ok := k.earliest(until)
		if !ok {
			k.now = until
			return sent
		}
		if next.Due.After(k.now) {
			k.now = next.Due
		}
		if !next.NotAfter.IsZero() && k.now.After(next.NotAfter) {
			next.State = StateExpired
			k.shelf.sends[next.SID] = next
			continue
		}
		content, d, err := k.Compose(k.t.Context(), k.now, next)
		switch {
		case err != nil:
			k.t.Fatalf("compose %s: %v", next.SID, err)
		case d.Verdict == Wait:
			if !d.Until.After(k.now) {
				k.t.Fatalf("%s waits until %v, and it is %v", next.SID, d.Until, k.now)
			}
			next.Due, next.Reason = d.Until, d.Reason
		case d.Verdict == Drop:
			next.State, next.Reason = StateDropped, d.Reason
			k.shelf.insert(d.Then, "")
		default:
			if content == nil {
				k.t.Fatalf("%s goes without content", next.SID)
			}
			next.State, next.PostedIn, next.Settled = StateSent, "G "+strings.Join(next.Members, " "), k.now
			sent = append(sent, next)
		}
		k.shelf.sends[next.SID] = next
	}
}

// earliest is the send that is due next, until an instant.
func (k *cafe) earliest(until time.Time) (Send, bool) {
	var best Send
	for _, sid := range slices.Sorted(maps.Keys(k.shelf.sends)) {
		s := k.shelf.sends[sid]
		if s.State == StatePending && !s.Due.After(until) && (best.SID == "" || s.Due.Before(best.Due)) {
			best = s
		}
	}
	return best, best.SID != ""
}

// got lists the kinds of message that a member got, in order.
func (k *cafe) got(member string) []Kind {
	var list []Send
	for _, s := range k.shelf.sends {
		if s.State == StateSent && slices.Contains(s.Members, member) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b Send) int { return a.Settled.Compare(b.Settled) })
	kinds := make([]Kind, len(list))
	for i, s := range list {
		kinds[i] = s.Kind
	}
	return kinds
}

func (k *cafe) seat(program, member string) Seat { return k.shelf.seats[program+" "+member] }

func code(err error) FaultCode {
	if fault, ok := errors.AsType[*Fault](err); ok {
		return fault.Code
	}
	if err != nil {
		return FaultCode("no fault: " + err.Error())
	}
	return ""
}
