package slackapp

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
)

func TestPoolIsBoundedAndDrains(t *testing.T) {
	p := newPool(2, 1)
	begun, goOn := make(chan bool), make(chan bool)
	var done atomic.Int64
	job := func() {
		begun <- true
		<-goOn
		done.Add(1)
	}
	for range 2 {
		if !p.offer(job) {
			t.Fatal("a free worker takes no job")
		}
		<-begun
	}
	if !p.offer(func() { done.Add(1) }) || p.offer(job) {
		t.Fatal("the queue does not hold exactly one")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.drain(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("drained without having finished: %v", err)
	}
	close(goOn)
	if err := p.drain(t.Context()); err != nil || done.Load() != 3 {
		t.Errorf("drained: %v, %d jobs done, want 3", err, done.Load())
	}
	if p.offer(job) {
		t.Error("a drained pool takes a job")
	}
}
