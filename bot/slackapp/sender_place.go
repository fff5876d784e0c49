package slackapp

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"rapport/bot"
)

// ConversationStore keeps which conversations were opened, for all processes and across restarts.
type ConversationStore interface {
	// Conversations finds the id of the conversation with each list of members; "" if it is not known.
	Conversations(ctx context.Context, members [][]string) ([]string, error)
	SaveConversation(ctx context.Context, members []string, id string) error
}

// places are the DMs and group DMs that are known, and those that were looked for in vain. Opening one again gives the same, so forgetting is harmless.
type places struct {
	mu      sync.Mutex
	ids     map[string]string
	unknown map[string]time.Time // until when the store is not asked again
}

const (
	// maxPlaces is how many conversations are remembered: one for each member of a large company.
	maxPlaces = 200_000
	// askAgain is how long a conversation that the store does not know counts as one that has to be opened; another process may open it meanwhile.
	askAgain = 5 * time.Minute
)

func conversationKey(members []string) string {
	return strings.Join(slices.Sorted(slices.Values(members)), " ")
}

// find returns the id, and whether that there is none is known too.
func (p *places) find(now time.Time, members []string) (id string, sure bool) {
	key := conversationKey(members)
	p.mu.Lock()
	defer p.mu.Unlock()
	if id = p.ids[key]; id != "" {
		return id, true
	}
	return "", p.unknown[key].After(now)
}

// learn remembers an id, or that there is none yet.
func (p *places) learn(now time.Time, members []string, id string) {
	key := conversationKey(members)
	p.mu.Lock()
	defer p.mu.Unlock()
	if id == "" {
		if p.unknown == nil || len(p.unknown) >= maxPlaces {
			p.unknown = make(map[string]time.Time)
		}
		p.unknown[key] = now.Add(askAgain)
		return
	}
	delete(p.unknown, key)
	if p.ids == nil || len(p.ids) >= maxPlaces {
		p.ids = make(map[string]string)
	}
	p.ids[key] = id
}

// known returns the conversation with these members, as far as it was opened before; "" if it was not.
func (x *Sender) known(ctx context.Context, members []string) (string, error) {
	now := x.Client.clock.Now()
	if id, sure := x.places.find(now, members); sure || x.Conversations == nil {
		return id, nil
	}
	ids, err := x.Conversations.Conversations(ctx, [][]string{members})
	if err != nil {
		return "", err
	}
	x.places.learn(now, members, ids[0])
	return ids[0], nil
}

// place returns the conversation that s goes to, opening it where needed. A zero outcome means that there is one.
func (x *Sender) place(ctx context.Context, s bot.Send) (string, bot.Outcome) {
	if s.Channel != "" {
		return s.Channel, bot.Outcome{}
	}
	id, err := x.known(ctx, s.Members)
	if err != nil {
		x.Log.Error("conversation not looked up", "sid", s.SID, "error", err)
		return "", bot.Outcome{State: bot.StatePending, Reason: reasonStore}
	}
	if id != "" {
		return id, bot.Outcome{}
	}
	if id, err = x.Client.OpenConversation(ctx, s.Members...); err != nil {
		return "", again(x.failed(s, err, false)) // opening is silent, and the same each time
	}
	x.places.learn(x.Client.clock.Now(), s.Members, id)
	if x.Conversations != nil {
		if err := x.Conversations.SaveConversation(ctx, s.Members, id); err != nil {
			x.Log.Warn("conversation not kept, it will be opened again", "error", err)
		}
	}
	return id, bot.Outcome{}
}

// postingPlace returns where to post s. A person's id stands for the conversation with them: chat.postMessage takes it as its channel and answers with
// the conversation's, so that nothing has to be opened (docs.slack.dev/reference/methods/chat.postMessage).
func (x *Sender) postingPlace(ctx context.Context, s bot.Send) (string, bot.Outcome) {
	if s.Channel == "" && len(s.Members) == 1 {
		if id, _ := x.places.find(x.Client.clock.Now(), s.Members); id != "" {
			return id, bot.Outcome{}
		}
		return s.Members[0], bot.Outcome{}
	}
	return x.place(ctx, s)
}

// Closed returns those of the sends whose conversation has to be opened before they can be posted.
func (x *Sender) Closed(ctx context.Context, sends []bot.Send) ([]bot.Send, error) {
	now := x.Client.clock.Now()
	var closed []bot.Send
	var ask [][]string
	for _, s := range sends {
		if s.Channel != "" || s.Thread != "" || s.Replaces != "" || len(s.Members) < 2 {
			continue
		}
		if id, _ := x.places.find(now, s.Members); id == "" {
			closed, ask = append(closed, s), append(ask, s.Members)
		}
	}
	if x.Conversations == nil || len(ask) == 0 {
		return closed, nil
	}
	ids, err := x.Conversations.Conversations(ctx, ask)
	if err != nil {
		return nil, err
	}
	left := closed[:0]
	for i, s := range closed {
		x.places.learn(now, s.Members, ids[i])
		if ids[i] == "" {
			left = append(left, s)
		}
	}
	return left, nil
}

// Open opens the conversation of a send ahead of it. Nobody in it notices. Sent means that it is open.
func (x *Sender) Open(ctx context.Context, s bot.Send) bot.Outcome {
	ctx, cancel := context.WithTimeout(ctx, httpTimeout)
	defer cancel()
	id, o := x.place(ctx, s)
	if o.State != "" {
		return o
	}
	return bot.Outcome{State: bot.StateSent, Channel: id}
}
