package slackapp

import "context"

// Response is what a handler answers: the acknowledgement, and what follows it.
type Response struct {
	// Ack is what Slack shows at once; nil acknowledges without a word. One of [Ephemeral], [InputErrors], [UpdateModal], [PushModal],
	// [ClearModals].
	Ack Ack
	// After is what follows the acknowledgement, if anything: opening a modal, publishing Home, updating the message that held the button. Its
	// context outlives the handler's. It must not be what keeps a promise: it does not survive a crash.
	After func(ctx context.Context) error
}

// Ack is the payload of an acknowledgement.
type Ack interface {
	// compose checks it against Slack's limits and returns what is marshalled.
	compose() (any, error)
}

// Ephemeral answers with a message that only the person sees: below a command, a pressed button or a message shortcut; in place of a submitted modal;
// on Home in a modal.
func Ephemeral(m Message) Ack { return ephemeralAck{message: m} }

// InputErrors keeps a modal open with a sentence below each input that needs another look, by block id.
func InputErrors(sentences map[string]string) Ack { return errorsAck{sentences: sentences} }

// UpdateModal replaces the modal that was submitted or in which something was pressed. Where there is none, it opens one.
func UpdateModal(m Modal) Ack { return viewAck{action: "update", modal: m} }

// PushModal puts another modal on top of the one in which the person acted; three is the most that Slack stacks.
func PushModal(m Modal) Ack { return viewAck{action: "push", modal: m} }

// ClearModals closes all modals of the stack.
func ClearModals() Ack { return clearAck{} }

// Reply is a response that says one thing and does nothing afterwards.
func Reply(m Message) Response { return Response{Ack: Ephemeral(m)} }

// Then is a response that says nothing and does one thing afterwards.
func Then(after func(ctx context.Context) error) Response { return Response{After: after} }

type ephemeralAck struct{ message Message }

func (a ephemeralAck) compose() (any, error) {
	m, err := a.message.seal()
	if err != nil {
		return nil, err
	}
	return struct {
		ResponseType string `json:"response_type"`
		Text         string `json:"text"`
		Blocks       any    `json:"blocks,omitempty"`
	}{"ephemeral", m.Text, orNil(m.Blocks)}, nil
}

type errorsAck struct{ sentences map[string]string }

func (a errorsAck) compose() (any, error) {
	return struct {
		ResponseAction string            `json:"response_action"`
		Errors         map[string]string `json:"errors"`
	}{"errors", a.sentences}, nil
}

type viewAck struct {
	action string
	modal  Modal
}

func (a viewAck) compose() (any, error) {
	view, err := a.modal.seal()
	if err != nil {
		return nil, err
	}
	return struct {
		ResponseAction string `json:"response_action"`
		View           any    `json:"view"`
	}{a.action, view}, nil
}

type clearAck struct{}

func (clearAck) compose() (any, error) {
	return map[string]string{"response_action": "clear"}, nil
}

// orNil keeps an empty list out of JSON.
func orNil[T any](list []T) any {
	if len(list) == 0 {
		return nil
	}
	return list
}
