package slackapp

import (
	"context"
	"sync"
)

// pool is a bounded queue and the workers that empty it: a slow store or Slack must fill a queue, not the memory.
type pool struct {
	mu      sync.RWMutex // held for writing while it closes
	closed  bool
	jobs    chan func()
	workers sync.WaitGroup
}

// newPool starts the workers.
func newPool(workers, waiting int) *pool {
	p := &pool{jobs: make(chan func(), waiting)}
	for range workers {
		p.workers.Go(func() {
			for job := range p.jobs {
				job()
			}
		})
	}
	return p
}

// offer queues a job. It never blocks: false means that the queue is full or the pool is closing.
func (p *pool) offer(job func()) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.closed {
		return false
	}
	select {
	case p.jobs <- job:
		return true
	default:
		return false
	}
}

// drain takes no more jobs and waits for those it has, until the context ends.
func (p *pool) drain(ctx context.Context) error {
	p.mu.Lock()
	if !p.closed {
		p.closed = true
		close(p.jobs)
	}
	p.mu.Unlock()
	done := make(chan struct{})
	go func() {
		p.workers.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
