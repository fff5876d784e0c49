package slackapp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// socket is one Socket Mode connection that is kept up. Two of them are held because the library closes the old connection before it opens the
// next whenever Slack asks for a new one.
type socket struct {
	app    *App
	number int
	client *socketmode.Client
	// turn is odd while connected; it tells an acknowledgement whether the connection that it belongs to is still there.
	turn atomic.Int64
}

func newSocket(a *App, number int) *socket {
	door := &doorkeeper{client: a.cfg.HTTP, random: a.cfg.Random}
	options := append(apiOptions(a.cfg.APIURL, a.cfg.HTTP), slack.OptionHTTPClient(door), slack.OptionAppLevelToken(a.cfg.AppToken))
	return &socket{app: a, number: number, client: socketmode.New(slack.New(a.cfg.BotToken, options...))}
}

// hold keeps the connection up until the context ends. It errs where Slack refuses the token.
func (s *socket) hold(ctx context.Context) error {
	if !sleep(ctx, time.Duration(s.number)*s.app.cfg.Stagger) {
		return nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ended := make(chan error, 1)
	go func() {
		ended <- s.client.RunContext(ctx)
		cancel(nil)
	}()
	s.listen(ctx, cancel)
	err := <-ended
	if s.turn.Load()%2 == 1 {
		s.disconnected()
	}
	if fatal, ok := errors.AsType[*TokenError](context.Cause(ctx)); ok {
		return fatal
	}
	if err == nil || errors.Is(err, context.Canceled) {
		return nil
	}
	return explain(callError("apps.connections.open", refusalOf(err)))
}

// listen passes on what the connection brings until the context ends.
func (s *socket) listen(ctx context.Context, fail context.CancelCauseFunc) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-s.client.Events:
			s.hear(ctx, e, fail)
		}
	}
}

func (s *socket) hear(ctx context.Context, e socketmode.Event, fail context.CancelCauseFunc) {
	switch e.Type {
	case socketmode.EventTypeConnected:
		s.turn.Add(1)
		s.app.count(1)
		s.app.log.Info("connected to Slack", "socket", s.number)
	case socketmode.EventTypeConnecting:
		if s.turn.Load()%2 == 1 {
			s.disconnected()
		}
	case socketmode.EventTypeConnectionError:
		s.notConnected(e.Data, fail)
	case socketmode.EventTypeErrorBadMessage: // the library does not know it; perhaps we do
		if bad, ok := e.Data.(*socketmode.ErrorBadMessage); ok {
			s.badMessage(ctx, bad.Message)
		}
	case socketmode.EventTypeErrorWriteFailed:
		s.app.log.Warn("acknowledgement not written", "socket", s.number)
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive:
		s.app.receive(ctx, s, envelope{
			ID: e.Request.EnvelopeID, Type: e.Request.Type, Payload: e.Request.Payload, Retry: e.Request.RetryAttempt,
		})
	}
}

func (s *socket) disconnected() {
	s.turn.Add(1)
	s.app.count(-1)
	s.app.log.Info("disconnected from Slack", "socket", s.number)
}

// notConnected gives up where the library would try for ever.
func (s *socket) notConnected(data any, fail context.CancelCauseFunc) {
	e, ok := data.(*slack.ConnectionErrorEvent)
	if !ok || e.ErrorObj == nil {
		return
	}
	err := explain(callError("apps.connections.open", refusalOf(e.ErrorObj)))
	if fatal, ok := errors.AsType[*TokenError](err); ok {
		fail(fatal)
		return
	}
	s.app.log.Warn("not connected to Slack", "socket", s.number, "attempt", e.Attempt, "retry_in", e.Backoff, "error", err)
}

// refusalOf gives an error of the library, which may be a bare code, the type that refusals have.
func refusalOf(err error) error {
	if _, ok := errors.AsType[slack.SlackErrorResponse](err); !ok && tokenCure(err.Error()) != "" {
		return slack.SlackErrorResponse{Err: err.Error()}
	}
	return err
}

func (s *socket) badMessage(ctx context.Context, raw json.RawMessage) {
	var e envelope
	if err := json.Unmarshal(raw, &e); err != nil || e.ID == "" {
		s.app.log.Warn("undecodable frame from Slack", "socket", s.number, "bytes", len(raw))
		return
	}
	s.app.receive(ctx, s, e)
}

// ack acknowledges. False means that the connection on which the envelope came is gone, so Slack will not hear of it.
func (s *socket) ack(ctx context.Context, envelopeID string, turn int64, payload any) (bool, error) {
	if s.turn.Load() != turn {
		return false, nil
	}
	return true, s.client.AckCtx(ctx, envelopeID, payload)
}

// sleep waits in real time. False means that the context ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// reconnectSpread is the longest, in real time, that a reconnect is put off so that many processes do not come back at the same moment. The
// library's own waiting has no jitter.
const reconnectSpread = 2 * time.Second

// doorkeeper is the HTTP client of a socket: every opening but the first waits a random moment.
type doorkeeper struct {
	client *http.Client
	random func() float64
	opened atomic.Bool
}

// Do implements the library's interface of an HTTP client.
func (d *doorkeeper) Do(r *http.Request) (*http.Response, error) {
	if d.opened.Swap(true) && !sleep(r.Context(), time.Duration(d.random()*float64(reconnectSpread))) {
		return nil, r.Context().Err()
	}
	return d.client.Do(r)
}
