package slackapp

import (
	"context"
	"sync"

	"rapport/bot"
)

// remembered is how many tokens a process remembers by itself: far more than an hour of one workspace's direct messages to a bot.
const remembered = 20_000

// recent remembers the newest tokens in the process. The zero value is empty.
type recent struct {
	mu    sync.Mutex
	known map[bot.Token]bool
	ring  []bot.Token
	next  int
}

// Seen implements [Memory].
func (m *recent) Seen(_ context.Context, token bot.Token) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known[token] {
		return false, nil
	}
	if m.known == nil {
		m.known = map[bot.Token]bool{}
	}
	m.known[token] = true
	if len(m.ring) < remembered {
		m.ring = append(m.ring, token)
		return true, nil
	}
	delete(m.known, m.ring[m.next])
	m.ring[m.next] = token
	m.next = (m.next + 1) % remembered
	return true, nil
}

// Unsee implements [Memory]. The token's place in the ring stays taken.
func (m *recent) Unsee(_ context.Context, token bot.Token) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.known, token)
	return nil
}
