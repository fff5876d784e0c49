package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"rapport/bot"
	"rapport/bot/slackapp"
	"rapport/prompts"
	"rapport/scheduler"
	"rapport/storage"
)

// clock is the one source of time: real, or a local Slack's.
type clock interface {
	Now() time.Time
	At(t time.Time, f func()) (stop func() bool)
	Begin() (end func())
}

// wiring is what one bot is made of. All fields are required but those that say otherwise.
type wiring struct {
	clock       clock
	log         *slog.Logger
	slack       slackapp.Config // tokens and address; the rest is filled in
	open        func(ctx context.Context, team string) (*storage.Store, error)
	zone        string
	installer   string         // may be empty
	departments departments    // may be zero
	kudosADay   int            //
	calendars   *bot.Calendars // of free days; nil: those of countries, for who chose one
	sweep       time.Duration  // how often to look for other replicas' work; 0: never
	tick        time.Duration  // between two looks at what may have changed outside: settings, permission to send, an operator's wish; 0: never
	retention   time.Duration  // between two looks for what was kept long enough; 0: never
	alive       time.Duration  // between two signs of life in the store; 0: none are given
	start       *start         // waits for Slack and the store; nil: if they are not there, that is an error

	dispatch func(store *storage.Store, team string) (scheduler.Dispatch, error) // who works on what is due; nil: this process alone
	observe  func(bot.Send, bot.Outcome)                                         // is told what became of every attempt to send; nil: nobody is
	tamper   func(*scheduler.Config)                                             // nil in production; tests put failing parts between the scheduler and its store and Slack
}

// house is a bot that is wired and connected, and runs until it is closed.
type house struct {
	app   *slackapp.App
	store *storage.Store
	bot   *bot.Bot
	sched *scheduler.Scheduler

	ended   chan error  // the app's end
	emptied atomic.Bool // it was said that the store was
	closers []func(context.Context) error
}

// build wires a bot and starts it. What it opened before an error is closed again.
func build(ctx context.Context, w wiring) (_ *house, err error) {
	h := &house{ended: make(chan error, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close(context.WithoutCancel(ctx)))
		}
	}()
	library, err := prompts.Standard()
	if err != nil {
		return nil, err
	}
	var poke func()
	w.slack.Clock, w.slack.Log, w.slack.Random = w.clock, w.log, mathrand.Float64
	w.slack.Handled = func() { poke() }
	late := &lateMemory{}
	w.slack.Memory = late
	h.app = slackapp.New(w.slack)
	me, err := awaitSlack(ctx, w, h.app)
	if err != nil {
		return nil, err
	}
	if h.store, err = awaitStore(ctx, w, me.Team); err != nil {
		return nil, err
	}
	h.closers = append(h.closers, func(context.Context) error { return h.store.Close() })
	if w.alive > 0 {
		h.closers = append(h.closers, func(ctx context.Context) error { h.leave(ctx, w); return nil })
		if err := h.giveSign(ctx, w); err != nil {
			return nil, err
		}
	}
	late.Memory = h.store
	directory, channels, err := people(w, h, me)
	if err != nil {
		return nil, err
	}
	h.bot = useCases(h.store, &slackapp.Scenes{Store: h.store, Directory: directory}, h.app.Client(), me.TeamURL, library, w.kudosADay, w.calendars)
	channels.Use, channels.Coffee, directory.Leavers = h.bot.Host, h.bot.Coffee, leavers{h}
	if err := h.bot.Host.MoveIn(ctx, w.clock.Now(), me.Team, me.User, w.installer, w.zone); err != nil {
		return nil, err
	}
	if err := h.bot.Host.OrderDepartments(ctx, w.departments.order); err != nil {
		return nil, err
	}
	if h.sched, err = newScheduler(w, h, me); err != nil {
		return nil, err
	}
	poke = h.sched.Poke
	if err := h.addNouns(w, me, directory, channels); err != nil {
		return nil, err
	}
	h.start(ctx, w, directory, channels)
	return h, nil
}

// lateMemory is the store's memory, which there is only once it is known which workspace's store to open.
type lateMemory struct{ slackapp.Memory }

func useCases(store *storage.Store, scenes bot.SceneReader, client *slackapp.Client, site string, library *prompts.Library, kudosADay int, calendars *bot.Calendars) *bot.Bot {
	scenes, stored := calendars.Scenes(scenes), calendars.Scenes(store)
	settings := &bot.Settings{Store: store}
	b := &bot.Bot{
		Settings: settings,
		Recognition: &bot.Recognition{
			Store: store, Digests: store, Scenes: scenes, Groups: client, Presence: client, Site: site, Sent: store, Settings: settings, Prompts: library,
			Daily: kudosADay,
		},
		Again:    &bot.Again{Sent: store, Dead: store, Kudos: store, Programs: store, Scenes: scenes, Settings: settings},
		Promises: &bot.Promises{Store: calendars.Commitments(store), Scenes: scenes, Sent: store, Settings: settings},
		Coffee: &bot.Coffee{
			Programs: store, Seats: store, Rounds: store, Scenes: stored, Sent: store, Presence: client, Settings: settings, Prompts: library,
			Mentorships: store, Preferences: store,
		},
		Host: &bot.Host{Workspaces: store, Preferences: store, Channels: store, Scenes: stored, Settings: settings, Prompts: library},
	}
	b.Helper = &bot.Helper{Preferences: store, Scenes: stored, Kudos: store, Coffee: b.Coffee, Promises: b.Promises, Sent: store, Settings: settings}
	return b
}

// leavers ends what people were in who left, and has what follows from that looked at.
type leavers struct{ house *house }

func (l leavers) MemberGone(ctx context.Context, now time.Time, member string) error {
	defer l.house.sched.Poke()
	return errors.Join(l.house.bot.Coffee.MemberGone(ctx, now, member), l.house.bot.Promises.MemberGone(ctx, now, member))
}

func (l leavers) PeopleGone(ctx context.Context, now time.Time) error {
	defer l.house.sched.Poke()
	return errors.Join(l.house.bot.Coffee.PeopleGone(ctx, now), l.house.bot.Promises.PeopleGone(ctx, now, l.house.store))
}

func newScheduler(w wiring, h *house, me slackapp.Identity) (*scheduler.Scheduler, error) {
	readers := slackapp.Readers{Members: h.store, Preferences: h.store, Zone: func() string { return h.bot.Settings.Current().Zone }}
	sender := &slackapp.Sender{Client: h.app.Client(), Sends: h.store, Readers: readers, BotUser: me.User, Log: w.log, Conversations: h.store}
	cfg := scheduler.Config{
		Clock: w.clock, Ledger: h.store, Entries: h.store, Composer: h.bot, Planner: h.bot, Pacer: h.store, Log: w.log, Token: rand.Text, Sweep: w.sweep,
		Sender: sender, Retractor: sender, Opener: sender, Upcoming: h.store, Pauses: h.store, Observe: w.observe, Lost: h.bot.Lost,
	}
	if w.dispatch != nil {
		var err error
		if cfg.Dispatch, err = w.dispatch(h.store, me.Team); err != nil {
			return nil, err
		}
	}
	if w.tamper != nil {
		w.tamper(&cfg)
	}
	return scheduler.New(cfg)
}

// departments says where people's departments are known from. The zero value is the standard.
type departments struct {
	order  []bot.Source           // in which sources are asked
	fields slackapp.ProfileLabels // of the profile
	groups []string               // handles of user groups
}

func people(w wiring, h *house, me slackapp.Identity) (*slackapp.Directory, *slackapp.Channels, error) {
	zone, err := time.LoadLocation(w.zone)
	if err != nil {
		return nil, nil, fmt.Errorf("load zone %q: %w", w.zone, err)
	}
	directory := &slackapp.Directory{
		Client: h.app.Client(), Store: h.store, Clock: w.clock, Log: w.log, Process: rand.Text(), Team: me.Team, Zone: zone,
		Fields: w.departments.fields, Groups: w.departments.groups, Order: w.departments.order,
	}
	return directory, &slackapp.Channels{Client: h.app.Client(), Clock: w.clock, Log: w.log, BotUser: me.User}, nil
}

func (h *house) addNouns(w wiring, me slackapp.Identity, directory *slackapp.Directory, channels *slackapp.Channels) error {
	client := h.app.Client()
	home := &slackapp.HomeTab{Client: client, Clock: w.clock, Use: h.bot}
	coffee := &slackapp.Coffee{Client: client, Use: h.bot.Coffee, Settings: h.bot.Settings, Home: home}
	kudos := &slackapp.Kudos{Client: client, Use: h.bot.Recognition, Settings: h.bot.Settings}
	return h.app.Add(
		directory, channels, home,
		&slackapp.Rapport{Client: client},
		&slackapp.Admins{Client: client, Use: &bot.Appointments{
			Store: h.store, Scenes: h.bot.Host.Scenes, Settings: h.bot.Settings,
		}},
		&slackapp.Workspaces{
			Client: client, Use: &bot.WorkspaceRules{Store: h.store, Scenes: h.bot.Host.Scenes, Settings: h.bot.Settings}, Daily: w.kudosADay,
			NoReactions: me.Scopes != nil && !slices.Contains(me.Scopes, "reactions:read"),
		},
		&slackapp.Again{Client: client, Use: h.bot.Again},
		&slackapp.KudosSay{
			Client: client, Use: h.bot.Recognition, Settings: h.bot.Settings, Memory: h.store, Clock: w.clock, Files: slices.Contains(me.Scopes, "files:write"),
		},
		&slackapp.Digests{Client: client, Use: h.bot.Recognition},
		kudos,
		&slackapp.Reactions{Use: h.bot.Recognition},
		&slackapp.Help{Client: client, Use: h.bot.Helper, Kudos: kudos},
		&slackapp.Followup{Client: client, Use: h.bot.Promises, Home: home, Thanks: &bot.Thanks{Promises: h.bot.Promises, Kudos: h.bot.Recognition}},
		coffee,
		&slackapp.Rounds{Client: client, Coffee: coffee},
		&slackapp.Avoid{Client: client, Use: h.bot.Host},
		&slackapp.Profiles{Client: client, Use: h.bot.Host, Home: home},
		&slackapp.Introductions{Client: client, Use: h.bot.Coffee, Memory: h.store, Clock: w.clock, Files: slices.Contains(me.Scopes, "files:write")},
		&slackapp.Mentor{Client: client, Use: h.bot.Coffee, Settings: h.bot.Settings, Home: home},
		&slackapp.Settings{Client: client, Use: h.bot.Host, When: h.bot.Promises.WhenOf, Home: home},
	)
}

// start sets everything going: the sockets, the schedule, and the syncs that catch up with what happened meanwhile.
func (h *house) start(ctx context.Context, w wiring, directory *slackapp.Directory, channels *slackapp.Channels) {
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	go func() { h.ended <- h.app.Run(running) }()
	h.closers = append(h.closers, func(ctx context.Context) error {
		stop()
		select {
		case err := <-h.ended:
			return err
		case <-ctx.Done():
			return fmt.Errorf("stop Slack app: %w", ctx.Err())
		}
	})
	syncing, stopSync := context.WithCancel(running)
	h.closers = append(h.closers, func(context.Context) error { stopSync(); return nil })
	if err := channels.Sync(syncing); err != nil {
		w.log.Error("channels not synchronised", "error", err)
	}
	directory.Keep(syncing, w.tick)
	every(syncing, w, w.tick, "settings", h.bot.Settings.Refresh)
	every(syncing, w, w.tick, "sending", h.tryAgain)
	every(syncing, w, ownersEvery, "owners", func(ctx context.Context) error {
		defer h.sched.Poke()
		return h.bot.Coffee.OwnersGone(ctx, w.clock.Now())
	})
	every(syncing, w, w.alive, "sign of life", func(ctx context.Context) error { return h.giveSign(ctx, w) })
	if w.retention > 0 {
		forget := func(ctx context.Context) error { return h.forget(ctx, w) }
		// A process that is started anew each day forgets, too, but not while it is still starting.
		after(syncing, w, forgetAfter, "retention", forget)
		every(syncing, w, w.retention, "retention", forget)
	}
	h.sched.Start(running)
	h.closers = append(h.closers, h.stopSending)
}

// stopSendingTime is what the scheduler gets to finish what is being sent: two calls of Slack and the step that notes their outcome. Where the store hangs, that
// would eat up what is left for the answers to people.
const stopSendingTime = 12 * time.Second

func (h *house) stopSending(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopSendingTime)
	defer cancel()
	if err := h.sched.Stop(ctx); err != nil {
		return fmt.Errorf("stop sending: %w", err)
	}
	return nil
}

// ownersEvery is how often it is looked whether a program's owner left the company.
const ownersEvery = time.Hour

// forgetAfter is when a process first looks for what was kept long enough.
const forgetAfter = 10 * time.Minute

// every does something now and then, by the clock, until the context ends.
func every(ctx context.Context, w wiring, interval time.Duration, what string, do func(context.Context) error) {
	if interval <= 0 {
		return
	}
	after(ctx, w, interval, what, func(ctx context.Context) error {
		defer every(ctx, w, interval, what, do)
		return do(ctx)
	})
}

// after does something once, by the clock, unless the context ends before.
func after(ctx context.Context, w wiring, wait time.Duration, what string, do func(context.Context) error) {
	w.clock.At(w.clock.Now().Add(wait), func() {
		if ctx.Err() != nil {
			return
		}
		if err := do(ctx); err != nil && ctx.Err() == nil {
			w.log.ErrorContext(ctx, "recurring work not done", "work", what, "error", err)
		}
	})
}

// tryAgain lets messages go out again after Slack refused the app as a whole: a scope may have been granted meanwhile. If not, the first message finds out.
func (h *house) tryAgain(context.Context) error {
	if h.sched.Halted() {
		h.sched.Resume()
	}
	return nil
}

// forget deletes what was kept long enough.
func (h *house) forget(ctx context.Context, w wiring) error {
	gone, err := h.store.Forget(ctx, w.clock.Now(), storage.StandardRetention())
	if err == nil && gone != (storage.Forgotten{}) {
		w.log.InfoContext(ctx, "forgotten what was kept long enough", "kudos", gone.Kudos, "commitments", gone.Commitments, "members", gone.Members,
			"rounds", gone.Rounds, "sends", gone.Sends)
	}
	return err
}

// close ends everything, what was started last first.
func (h *house) close(ctx context.Context) error {
	var all error
	for _, v := range slices.Backward(h.closers) {
		all = errors.Join(all, v(ctx))
	}
	h.closers = nil
	return all
}
