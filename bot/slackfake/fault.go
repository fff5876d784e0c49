package slackfake

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// The kinds of faults of a method.
const (
	faultDelay      = "delay"       // answer late, delay_ms
	fault429        = "429"         // refuse with Retry-After before any effect
	fault500        = "500"         // fail before any effect
	fault500After   = "500_after"   // do it, then answer 500
	faultResetAfter = "reset_after" // do it, then cut the connection
)

// The kinds of faults of an envelope.
const (
	faultLate       = "late"       // deliver it delay_ms late
	faultDuplicate  = "duplicate"  // deliver it twice
	faultReorder    = "reorder"    // deliver it after the next one
	faultDropAck    = "drop_ack"   // lose its acknowledgement on the way
	faultDisconnect = "disconnect" // end the connection, at once or when the envelope is delivered
)

// fault is one thing that goes wrong on purpose.
type fault struct {
	Method     string `json:"method,omitempty"`   // a Web API method, or * for all
	Envelope   string `json:"envelope,omitempty"` // slash_commands, interactive, events_api or * for all
	Kind       string `json:"kind"`
	DelayMS    int    `json:"delay_ms,omitempty"`    // real time
	RetryAfter int    `json:"retry_after,omitempty"` // seconds
	Count      int    `json:"count"`                 // how often still; 0 = until cleared
	Reason     string `json:"reason,omitempty"`      // of a disconnect
}

func (f fault) delay() time.Duration { return time.Duration(f.DelayMS) * time.Millisecond }

// faults are what was ordered to go wrong. It has a mutex of its own: calls look here before they take Server.mu.
type faults struct {
	mu      sync.Mutex
	list    []fault
	limited map[string]limited // what was refused with Retry-After
}

func newFaults() *faults { return &faults{limited: map[string]limited{}} }

func (fs *faults) limit(key string, l limited) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.limited[key] = l
}

func (fs *faults) limitOf(key string) (limited, bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	l, ok := fs.limited[key]
	return l, ok
}

func (fs *faults) add(f fault) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.list = append(fs.list, f)
}

func (fs *faults) clear() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.list = nil
}

func (fs *faults) all() []fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	list := make([]fault, len(fs.list)) // empty, never null
	copy(list, fs.list)
	return list
}

// takeMethod uses up one turn of the first fault of these kinds that fits a method.
func (fs *faults) takeMethod(method string, kinds ...string) (fault, bool) {
	return fs.take(func(f fault) bool {
		return (f.Method == method || f.Method == "*") && slices.Contains(kinds, f.Kind)
	})
}

// takeEnvelope uses up one turn of the first fault of this kind that fits a kind of envelope.
func (fs *faults) takeEnvelope(envelope, kind string) (fault, bool) {
	return fs.take(func(f fault) bool {
		return (f.Envelope == envelope || f.Envelope == "*") && f.Kind == kind
	})
}

func (fs *faults) take(fits func(fault) bool) (fault, bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	i := slices.IndexFunc(fs.list, fits)
	if i < 0 {
		return fault{}, false
	}
	f := fs.list[i]
	switch f.Count {
	case 0: // until cleared
	case 1:
		fs.list = slices.Delete(fs.list, i, i+1)
	default:
		fs.list[i].Count--
	}
	return f, true
}

// check completes a fault as it was ordered, and says what is wrong with it.
func (f *fault) check() error {
	if f.Kind == "" && f.DelayMS > 0 {
		f.Kind = faultDelay
	}
	switch f.Kind {
	case faultDelay, fault429, fault500, fault500After, faultResetAfter:
		if f.Method == "" {
			return fmt.Errorf("kind %q needs a method", f.Kind)
		}
	case faultLate, faultDuplicate, faultReorder, faultDropAck:
		if f.Envelope == "" {
			return fmt.Errorf("kind %q needs an envelope", f.Kind)
		}
	case faultDisconnect:
		if !slices.Contains(disconnectReasons, f.Reason) {
			return fmt.Errorf("reason %q is none of %v", f.Reason, disconnectReasons)
		}
	default:
		return fmt.Errorf("unknown kind %q", f.Kind)
	}
	if f.DelayMS < 0 || f.RetryAfter < 0 || f.Count < 0 {
		return errors.New("delay_ms, retry_after and count must not be negative")
	}
	if f.Kind == fault429 && f.RetryAfter == 0 {
		f.RetryAfter = 30
	}
	return nil
}
