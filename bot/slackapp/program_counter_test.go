package slackapp

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"rapport/bot"
)

// counter keeps what the coffee's use cases need, in memory. Versions and tokens are the stores' own business and tested there.
type counter struct {
	mu               sync.Mutex
	programs         map[string]bot.Program
	seats            map[string]bot.Seat
	rounds           map[string]bot.Round
	progress         bot.RoundProgress
	bot.RoundPlanner // nobody plans here
	scene            bot.Scene
	channels         map[string]bot.Channel
	sends            bot.Intents
}

func (k *counter) SaveProgram(_ context.Context, _ bot.Token, p bot.Program, _ bot.Entry, intents bot.Intents) (bot.Program, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if p.ID == "" {
		p.ID = fmt.Sprint(len(k.programs) + 1)
	}
	p.Version++
	k.programs[p.ID] = p
	k.sends = append(k.sends, intents...)
	return p, nil
}

func (k *counter) Program(_ context.Context, id string) (bot.Program, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	p, ok := k.programs[id]
	if !ok {
		return p, bot.ErrNotFound
	}
	return p, nil
}

func (k *counter) Programs(context.Context) ([]bot.Program, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var list []bot.Program
	for n := range len(k.programs) {
		list = append(list, k.programs[fmt.Sprint(n+1)])
	}
	return list, nil
}

func (k *counter) RecentRounds(ctx context.Context, program string, _ int) ([]bot.Round, error) {
	r, err := k.CurrentRound(ctx, program)
	if errors.Is(err, bot.ErrNotFound) {
		return nil, nil
	}
	return []bot.Round{r}, err
}

func (k *counter) ProgramScene(ctx context.Context, channel, member string) (bot.ProgramScene, error) {
	scene := bot.ProgramScene{Latest: map[string]int{}}
	for _, r := range k.rounds {
		scene.Latest[r.Program] = max(scene.Latest[r.Program], r.Number)
	}
	var err error
	if scene.Programs, err = k.Programs(ctx); err != nil {
		return bot.ProgramScene{}, err
	}
	if scene.Seats, err = k.MemberSeats(ctx, member); err != nil {
		return bot.ProgramScene{}, err
	}
	scene.Scene, err = k.Scene(ctx, channel, member)
	return scene, err
}

func (k *counter) SaveSeat(_ context.Context, _ bot.Token, s bot.Seat, _ bot.Intents) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	s.Version++
	k.seats[s.Program+" "+s.Member] = s
	return nil
}

func (k *counter) Seats(_ context.Context, program string) ([]bot.Seat, error) {
	return k.seatsThat(func(s bot.Seat) bool { return s.Program == program }), nil
}

func (k *counter) MemberSeats(_ context.Context, member string) ([]bot.Seat, error) {
	return k.seatsThat(func(s bot.Seat) bool { return s.Member == member }), nil
}

func (k *counter) seatsThat(keep func(bot.Seat) bool) []bot.Seat {
	k.mu.Lock()
	defer k.mu.Unlock()
	var list []bot.Seat
	for _, s := range k.seats {
		if keep(s) {
			list = append(list, s)
		}
	}
	return list
}

func (k *counter) SeatsOf(_ context.Context, program string, members ...string) (map[string]bot.Seat, error) {
	found := map[string]bot.Seat{}
	for _, s := range k.seatsThat(func(s bot.Seat) bool { return s.Program == program && slices.Contains(members, s.Member) }) {
		found[s.Member] = s
	}
	return found, nil
}

func (k *counter) Round(_ context.Context, id string) (bot.Round, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r, ok := k.rounds[id]
	if !ok {
		return r, bot.ErrNotFound
	}
	return r, nil
}

func (k *counter) CurrentRound(ctx context.Context, program string) (bot.Round, error) {
	k.mu.Lock()
	n := 0
	for _, r := range k.rounds {
		if r.Program == program {
			n = max(n, r.Number)
		}
	}
	k.mu.Unlock()
	return k.Round(ctx, fmt.Sprintf("%s/%d", program, n))
}

func (k *counter) RoundGroup(ctx context.Context, id, key string) (bot.Round, bot.Group, error) {
	r, err := k.Round(ctx, id)
	if err != nil || key == "" {
		return r, bot.Group{}, err
	}
	for _, g := range r.Groups {
		if g.Key == key {
			return r, g, nil
		}
	}
	return bot.Round{}, bot.Group{}, bot.ErrNotFound
}

func (k *counter) RoundGroups(ctx context.Context, keys ...bot.GroupKey) (map[bot.GroupKey]bot.RoundGroup, error) {
	groups := map[bot.GroupKey]bot.RoundGroup{}
	for _, at := range keys {
		if r, g, err := k.RoundGroup(ctx, at.Round, at.Group); err == nil {
			groups[at] = bot.RoundGroup{Round: r, Group: g}
		}
	}
	return groups, nil
}

func (k *counter) ReplaceGroup(_ context.Context, _ bot.Token, round string, _, g bot.Group, _ []bot.Meeting) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.rounds[round]
	r.Groups = slices.Clone(r.Groups)
	for i := range r.Groups {
		if r.Groups[i].Key == g.Key {
			r.Groups[i] = g
		}
	}
	k.rounds[round] = r
	return nil
}

func (k *counter) GroupCourse(ctx context.Context, round, key string) (bot.Round, bot.Group, bot.Course, error) {
	r, g, err := k.RoundGroup(ctx, round, key)
	return r, g, bot.Course{}, err
}

func (k *counter) ChangeRound(ctx context.Context, token bot.Token, change bot.RoundChange) error {
	for _, g := range change.Groups {
		if err := k.ReplaceGroup(ctx, token, change.Round, g.Was, g.Is, change.Meetings); err != nil {
			return err
		}
	}
	return nil
}

func (k *counter) SendsBySID(context.Context, ...string) (map[string]bot.Send, error) {
	return nil, nil
}

func (k *counter) RoundProgress(context.Context, string, int) (bot.RoundProgress, error) {
	return k.progress, nil
}

func (k *counter) History(context.Context, string, int) ([]bot.Meeting, error) { return nil, nil }

func (k *counter) SendBySID(context.Context, string) (bot.Send, error) {
	return bot.Send{}, bot.ErrNotFound
}

func (k *counter) Scene(_ context.Context, channel string, _ ...string) (bot.Scene, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	scene := k.scene
	scene.Channel = k.channels[channel]
	return scene, nil
}

func (k *counter) Workspace(context.Context) (bot.Workspace, error) {
	return bot.Workspace{Team: "T1", Zone: "Europe/Berlin"}, nil
}

func (k *counter) SaveWorkspace(context.Context, bot.Token, bot.Workspace, bot.Intents) error {
	return nil
}

func (k *counter) change(w *town, channel string, change func(*bot.Channel)) {
	c := k.channels[w.channel(channel)]
	change(&c)
	k.channels[c.ID] = c
}

func (k *counter) Preferences(_ context.Context, members ...string) (map[string]bot.Preferences, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	found := map[string]bot.Preferences{}
	for _, id := range members {
		if p, ok := k.scene.Preferences[id]; ok {
			found[id] = p
		}
	}
	return found, nil
}

func (k *counter) SavePreferences(_ context.Context, _ bot.Token, p bot.Preferences, _ []bot.Entry, _ bot.Intents) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	p.Version++
	all := maps.Clone(k.scene.Preferences) // scenes that were handed out keep theirs
	if all == nil {
		all = map[string]bot.Preferences{}
	}
	all[p.Member] = p
	k.scene.Preferences = all
	return nil
}
