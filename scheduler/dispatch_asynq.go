package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/hibiken/asynq"

	"rapport/bot"
)

// AsynqConfig is what an [AsynqDispatch] works with.
type AsynqConfig struct {
	Redis   asynq.RedisConnOpt // required. asynq closes the clients that this makes, several times: one that others use too needs a Close without effect
	Team    string             // required: the workspace, whose queues are its own
	Workers int                // sends at a time in this process; 0: 4
	Log     *slog.Logger       // nil: silent
}

// AsynqDispatch is a [Dispatch] by asynq: several processes share the work, queues have priorities, and operators can look into them and pause them with
// asynq's own tools. It runs in real time alone.
//
// asynq keeps its keys beside the workspace's, as asynq:{<queue>}:…, and everything in them can be lost. Of asynq only plain tasks are used: no uniqueness, no
// groups, and not its scheduler, which runs things once for each process.
type AsynqDispatch struct {
	cfg       AsynqConfig
	client    *asynq.Client
	inspector *asynq.Inspector
	server    *asynq.Server
	cancel    context.CancelFunc
}

// The queues, and how often they have their turn when all are full. A kind that is not named goes with what is due.
const (
	queuePlan    = "plan"
	queueDue     = "due"
	queueOverdue = "overdue"
	queueCoffee  = "coffee"
	queueKudos   = "kudos"
	queuePrompts = "prompts"
)

func queueTurns() map[string]int {
	return map[string]int{queuePlan: 32, queueDue: 16, queueOverdue: 8, queueCoffee: 4, queueKudos: 2, queuePrompts: 1}
}

func queueOf(k bot.Kind) string {
	switch k {
	case bot.KindPlan:
		return queuePlan
	case bot.KindReminders:
		return queueOverdue
	case bot.KindPair, bot.KindMidway, bot.KindMet, bot.KindNoPair, bot.KindProgram, bot.KindMentor:
		return queueCoffee
	case bot.KindKudosPost, bot.KindKudosDM, bot.KindDigest, bot.KindQuietWork, bot.KindReport:
		return queueKudos
	case bot.KindHelp, bot.KindTheme, bot.KindPractice, bot.KindIntro, bot.KindWelcome:
		return queuePrompts
	}
	return queueDue
}

// taskType is the one type of task; its payload is a sid.
const taskType = "rapport:send"

const (
	asynqRetries  = 30                     // at least as often as a store may be away; later the sweep offers it again
	asynqTimeout  = 2 * time.Minute        // of one task: longer than a lease
	asynqIdle     = 250 * time.Millisecond // between two looks into empty queues
	asynqForward  = time.Second            // between two looks for what is to be tried again
	asynqShutdown = 15 * time.Second       // for what is being handled
)

// NewAsynqDispatch makes one. It asks Redis for nothing yet.
func NewAsynqDispatch(cfg AsynqConfig) (*AsynqDispatch, error) {
	if cfg.Redis == nil || cfg.Team == "" {
		return nil, errors.New("make asynq dispatch: a required part is missing")
	}
	if cfg.Workers <= 0 {
		cfg.Workers = standardWorkers
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &AsynqDispatch{cfg: cfg, client: asynq.NewClient(cfg.Redis), inspector: asynq.NewInspector(cfg.Redis)}, nil
}

// queue is the workspace's own of that name.
func (d *AsynqDispatch) queue(name string) string { return "rapport:" + d.cfg.Team + ":" + name }

// Start implements [Dispatch].
func (d *AsynqDispatch) Start(handle Handler) error {
	queues := make(map[string]int)
	for name, turns := range queueTurns() {
		queues[d.queue(name)] = turns
	}
	d.server = asynq.NewServer(d.cfg.Redis, asynq.Config{
		Concurrency: d.cfg.Workers, Queues: queues, Logger: asynqLog{d.cfg.Log}, LogLevel: asynq.WarnLevel,
		TaskCheckInterval: asynqIdle, DelayedTaskCheckInterval: asynqForward, ShutdownTimeout: asynqShutdown,
		RetryDelayFunc: func(n int, err error, _ *asynq.Task) time.Duration { return retryAfter(n, err) },
		IsFailure:      isFailure,
	})
	// A send that is being posted goes on if asynq's own lease is lost: only the end of everything breaks it off.
	working, cancel := context.WithCancel(context.Background())
	d.cancel = cancel
	return d.server.Start(asynq.HandlerFunc(func(_ context.Context, t *asynq.Task) error { return handle(working, string(t.Payload())) }))
}

// retryAfter says when asynq tries a task again.
func retryAfter(retried int, err error) time.Duration {
	if errors.Is(err, asynq.ErrLeaseExpired) {
		return time.Second
	}
	if late, ok := errors.AsType[*NotYetError](err); ok {
		return late.Wait
	}
	return min(pauseAfter(retried+1), time.Minute)
}

// isFailure reports whether an error counts; waiting for the pace does not.
func isFailure(err error) bool {
	_, late := errors.AsType[*NotYetError](err)
	return err != nil && !late
}

// Offer implements [Dispatch]. A task is named by the send and the attempt, so that handing it over twice is one.
func (d *AsynqDispatch) Offer(ctx context.Context, due []bot.Send) error {
	for _, s := range due {
		err := d.enqueue(ctx, s)
		if errors.Is(err, asynq.ErrTaskIDConflict) && d.removeArchived(s) {
			err = d.enqueue(ctx, s)
		}
		if err != nil && !errors.Is(err, asynq.ErrTaskIDConflict) {
			return fmt.Errorf("hand over send %q: %w", s.SID, err)
		}
	}
	return nil
}

func (d *AsynqDispatch) enqueue(ctx context.Context, s bot.Send) error {
	_, err := d.client.EnqueueContext(ctx, asynq.NewTask(taskType, []byte(s.SID)), asynq.TaskID(offerName(s)), asynq.Queue(d.queue(queueOf(s.Kind))),
		asynq.MaxRetry(asynqRetries), asynq.Timeout(asynqTimeout))
	return err
}

// removeArchived deletes a task that asynq gave up, which else keeps its name for good, and reports whether it did.
func (d *AsynqDispatch) removeArchived(s bot.Send) bool {
	queue := d.queue(queueOf(s.Kind))
	task, err := d.inspector.GetTaskInfo(queue, offerName(s))
	if err != nil || task.State != asynq.TaskStateArchived {
		return false
	}
	return d.inspector.DeleteTask(queue, offerName(s)) == nil
}

// Paused returns the kinds whose queue an operator paused. It implements [Pauses].
func (d *AsynqDispatch) Paused(context.Context) ([]bot.Kind, error) {
	existing, err := d.inspector.Queues()
	if err != nil {
		return nil, fmt.Errorf("list queues: %w", err)
	}
	var paused []bot.Kind
	for name := range queueTurns() {
		if !slices.Contains(existing, d.queue(name)) {
			continue
		}
		info, err := d.inspector.GetQueueInfo(d.queue(name))
		if errors.Is(err, asynq.ErrQueueNotFound) {
			continue // deleted meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("look into queue %q: %w", name, err)
		}
		if info.Paused {
			paused = append(paused, slices.DeleteFunc(Kinds(), func(k bot.Kind) bool { return queueOf(k) != name })...)
		}
	}
	return paused, nil
}

// Stop implements [Dispatch].
func (d *AsynqDispatch) Stop(ctx context.Context) error {
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		if d.server != nil {
			d.server.Shutdown()
			d.cancel()
		}
	}()
	var ended error
	select {
	case <-stopped:
	case <-ctx.Done():
		ended = ctx.Err()
		if d.cancel != nil {
			d.cancel()
		}
	}
	return errors.Join(ended, d.client.Close(), d.inspector.Close())
}

// asynqLog is a logger of asynq's; its lines hold names of tasks, which are sids.
type asynqLog struct{ log *slog.Logger }

func (l asynqLog) Debug(args ...any) { l.log.Debug("asynq", "said", fmt.Sprint(args...)) }
func (l asynqLog) Info(args ...any)  { l.log.Info("asynq", "said", fmt.Sprint(args...)) }
func (l asynqLog) Warn(args ...any)  { l.log.Warn("asynq", "said", fmt.Sprint(args...)) }
func (l asynqLog) Error(args ...any) { l.log.Error("asynq", "said", fmt.Sprint(args...)) }

// Fatal does not end the process: that is for its owner to decide.
func (l asynqLog) Fatal(args ...any) { l.log.Error("asynq", "said", fmt.Sprint(args...)) }
