package slackapp

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"time"

	"rapport/bot"
)

// maxAck is how large an acknowledgement may be, in bytes: Slack drops those of 20 KB and more without a word.
const maxAck = 19_000

// delivery is one envelope on its way through the app. It is acknowledged once, by the handler or by the clock.
type delivery struct {
	app      *App
	socket   *socket
	turn     int64 // of the socket when it came
	envelope envelope
	request  Request // not changed any more: the clock may be answering it, too
	route    Route
	routed   bool   // there is a route
	end      func() // it is no longer in flight
	timer    *time.Timer
	answered atomic.Bool
	took     func() time.Duration // since it came, in real time
	fate     AckResult            // how whoever serves it will acknowledge it; "" as a handler does in time
}

// report tells whoever counts envelopes what became of this one. Whoever claimed it calls it, once.
func (d *delivery) report(result AckResult) {
	d.app.unanswered.Add(-1)
	d.app.cfg.Acked(Answered{Envelope: d.envelope.Type, Result: result, Took: d.took()})
}

// leave lets Slack bring an event again: it is not acknowledged.
func (d *delivery) leave() {
	if d.claim() {
		d.report(AckNone)
	}
}

// claim reports whether the caller may acknowledge.
func (d *delivery) claim() bool {
	if d.answered.Swap(true) {
		return false
	}
	if d.timer != nil {
		d.timer.Stop()
	}
	return true
}

// acknowledge sends the payload and reports whether Slack can have heard it.
func (d *delivery) acknowledge(ctx context.Context, payload any) bool {
	return d.claim() && d.send(ctx, payload, AckResult(orElse(string(d.fate), string(AckOK))))
}

func (d *delivery) send(ctx context.Context, payload any, result AckResult) bool {
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	sent, err := d.socket.ack(ctx, d.envelope.ID, d.turn, payload)
	if err != nil {
		d.app.log.Warn("not acknowledged", "kind", d.request.Kind, "name", d.request.Name, "error", err)
	}
	if err != nil || !sent {
		d.report(AckLost)
		return false
	}
	d.report(result)
	return true
}

// done acknowledges what a handler answered. Where that cannot be shown in the acknowledgement, because it is late, too large or the
// connection is gone, it is shown afterwards another way.
func (d *delivery) done(ctx context.Context, response Response) func(context.Context) error {
	payload, show := d.payload(response.Ack)
	if !d.acknowledge(ctx, payload) {
		return both(d.showLate(response.Ack), response.After)
	}
	return both(show, response.After)
}

// payload composes an acknowledgement; show is what remains to be shown afterwards, if anything.
func (d *delivery) payload(ack Ack) (payload any, show func(context.Context) error) {
	if ack == nil {
		return nil, nil
	}
	if fitting, show, ok := d.detour(ack); ok {
		ack = fitting
		if ack == nil {
			return nil, show
		}
	}
	payload, err := ack.compose()
	if err != nil {
		d.app.logFailure("acknowledgement", d.request, err)
		return d.unshown(ack), nil
	}
	raw, err := json.Marshal(payload)
	if err == nil && len(raw) < maxAck {
		return payload, nil
	}
	return d.placeholder(ack)
}

// detour finds the way for an answer that this kind of request cannot take in its acknowledgement: Slack ignores a message there unless a command
// is answered, and a view unless a modal was submitted.
func (d *delivery) detour(ack Ack) (fitting Ack, show func(context.Context) error, ok bool) {
	client, r := d.app.client, d.request
	switch a := ack.(type) {
	case ephemeralAck:
		switch r.Kind {
		case OnCommand:
			return nil, nil, false
		case OnSubmit:
			m := noticeModal(a.message.Text)
			if len(a.message.Blocks) > 0 {
				m.Blocks = a.message.Blocks
			}
			return UpdateModal(m), nil, true
		}
		_, show = d.saying(a.message)
		return nil, show, true
	case viewAck:
		if r.Kind == OnSubmit {
			return nil, nil, false
		}
		if a.action == "update" && r.View.ID != "" && !r.View.Home {
			return nil, d.updateModal(a.modal), true
		}
		return nil, func(ctx context.Context) error {
			_, err := client.ShowModal(ctx, r, a.modal)
			return err
		}, true
	}
	return nil, nil, false
}

// unshown says that what was done cannot be shown.
func (d *delivery) unshown(ack Ack) any {
	instead := UpdateModal(noticeModal(wordsMute))
	if a, ok := ack.(ephemeralAck); ok {
		instead = Ephemeral(a.message.plain())
		if a.message.Text == "" {
			instead = Ephemeral(Message{Text: wordsMute})
		}
	}
	payload, err := instead.compose()
	if err != nil {
		return nil
	}
	return payload
}

// placeholder acknowledges something small in place of what is too large, which follows.
func (d *delivery) placeholder(ack Ack) (payload any, show func(context.Context) error) {
	a, ok := ack.(viewAck)
	if !ok {
		return nil, d.showLate(ack)
	}
	small := noticeModal("One moment…")
	small.Title = a.modal.Title
	// The acknowledgement goes by the socket and the view by HTTP, which may be faster: by this name it is found only once the placeholder
	// is there, which would otherwise overwrite it.
	small.ExternalID = "late-" + d.envelope.ID
	payload, err := viewAck{action: a.action, modal: small}.compose()
	if err != nil {
		return nil, nil
	}
	return payload, func(ctx context.Context) error {
		return d.app.client.fillModal(ctx, small.ExternalID, a.modal)
	}
}

// showLate shows an answer without an acknowledgement: by the response URL, or in the modal that is still open.
func (d *delivery) showLate(ack Ack) func(context.Context) error {
	client, r := d.app.client, d.request
	switch a := ack.(type) {
	case ephemeralAck:
		if r.ResponseURL != "" {
			return func(ctx context.Context) error { return client.Respond(ctx, r.ResponseURL, a.message) }
		}
	case viewAck:
		return d.updateModal(a.modal)
	case nil, clearAck:
		if r.Kind == OnSubmit {
			return d.updateModal(noticeModal("That is saved. You can close this."))
		}
	}
	return nil
}

func (d *delivery) updateModal(m Modal) func(context.Context) error {
	if d.request.View.ID == "" {
		return nil
	}
	return func(ctx context.Context) error {
		_, err := d.app.client.UpdateModal(ctx, ViewRef{ID: d.request.View.ID}, m)
		return err
	}
}

// failed acknowledges an error in words. An event that may yet succeed is not acknowledged: Slack brings it again.
func (d *delivery) failed(ctx context.Context, err error) func(context.Context) error {
	d.app.logFailure("handler", d.request, err)
	if refused(err) == nil {
		d.fate = AckFailed
	}
	if d.request.Kind != OnEvent {
		return d.tell(ctx, FaultMessage(Reader{}, err, d.request.Text))
	}
	if final(err) {
		d.acknowledge(ctx, nil)
	} else {
		d.leave()
	}
	return nil
}

// final reports whether an error will be the same when the request comes again. A store that did not answer may answer then.
func final(err error) bool {
	if _, ok := errors.AsType[*panicked](err); ok {
		return true
	}
	fault, ok := errors.AsType[*bot.Fault](err)
	return ok && fault.Code != bot.FaultUnsaved && fault.Code != bot.FaultUnread && !errors.Is(err, context.DeadlineExceeded)
}

// unknown answers what has no route.
func (d *delivery) unknown(ctx context.Context) func(context.Context) error {
	d.app.log.Info("no route", "kind", d.request.Kind, "name", d.request.Name)
	if d.request.Kind == OnEvent || d.request.Kind == OnClose {
		d.acknowledge(ctx, nil)
		return nil
	}
	return d.tell(ctx, returned(wordsUnknown, d.request.Text))
}

// busy refuses what there is no room for.
func (d *delivery) busy(ctx context.Context) {
	d.fate = AckRefused
	if d.request.Kind == OnEvent {
		d.leave()
		return
	}
	d.app.sayLater(ctx, d.request, d.tell(ctx, returned(wordsBusy, d.request.Text)))
}

// giveUp acknowledges on time what is not done yet. What the handler answers later is shown another way.
func (d *delivery) giveUp(ctx context.Context) {
	if d.answered.Swap(true) {
		return
	}
	d.app.log.Warn("handler is late", "kind", d.request.Kind, "name", d.request.Name)
	if d.request.Kind == OnEvent {
		d.report(AckNone)
		return // it comes again, and the handler's token keeps its effect single
	}
	payload, show := d.saying(returned(wordsLate, d.request.Text))
	d.send(ctx, payload, AckLate)
	d.app.sayLater(ctx, d.request, show)
}

// tell acknowledges with a message, or shows it the way that fits the request.
func (d *delivery) tell(ctx context.Context, m Message) func(context.Context) error {
	payload, show := d.saying(m)
	if d.acknowledge(ctx, payload) {
		return show
	}
	return d.showLate(Ephemeral(m))
}

// saying finds the way to say something in answer to the request: an acknowledgement's payload, and what has to follow it.
func (d *delivery) saying(m Message) (payload any, show func(context.Context) error) {
	client, r := d.app.client, d.request
	switch {
	case r.Kind == OnCommand:
		return d.payload(Ephemeral(m))
	case r.Kind == OnSubmit && len(r.View.Inputs) > 0:
		return d.payload(InputErrors(map[string]string{r.View.Inputs[0]: m.Text})) // what was typed stays
	case r.Kind == OnSubmit:
		return d.payload(UpdateModal(noticeModal(m.Text)))
	case r.ResponseURL != "":
		return nil, func(ctx context.Context) error { return client.Respond(ctx, r.ResponseURL, m) }
	case r.TriggerID != "":
		return nil, func(ctx context.Context) error {
			_, err := client.ShowModal(ctx, r, noticeModal(m.Text))
			return err
		}
	}
	return nil, nil
}

// both does one thing, then the other.
func both(first, second func(context.Context) error) func(context.Context) error {
	if first == nil {
		return second
	}
	if second == nil {
		return first
	}
	return func(ctx context.Context) error { return errors.Join(first(ctx), second(ctx)) }
}
