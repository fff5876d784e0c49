package scheduler

import (
	"sync"
	"time"

	"rapport/bot"
)

// rests remembers until when rates are used up, as far as this process knows, so that it does not ask the ledger for what it will not get. The ledger
// alone decides.
type rests struct {
	mu    sync.Mutex
	until map[string]time.Time // by name of the rate; "" is everybody's
}

// note says that a rate is not free before an instant.
func (r *rests) note(name string, until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.until == nil {
		r.until = make(map[string]time.Time)
	}
	if until.After(r.until[name]) {
		r.until[name] = until
	}
}

// learn takes over what a claim says of its rates.
func (r *rests) learn(now time.Time, rates []bot.Rate, c bot.Claim) {
	switch {
	case c.Held:
		for _, rate := range rates {
			r.note(rate.Name, now.Add(rate.Every))
		}
	case c.Wait > 0:
		r.note(c.Blocked, now.Add(c.Wait))
	}
}

// freeAt returns when all of the rates are free; zero if they are now, as far as is known. Whoever calls nobody waits for nothing.
func (r *rests) freeAt(now time.Time, rates []bot.Rate) time.Time {
	if len(rates) == 0 {
		return time.Time{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	free := r.at(now, "")
	for _, rate := range rates {
		if at := r.at(now, rate.Name); at.After(free) {
			free = at
		}
	}
	return free
}

// at returns until when a rate rests, zero if it does not, and forgets a rest that is over. The mutex is held.
func (r *rests) at(now time.Time, name string) time.Time {
	until := r.until[name]
	if until.After(now) {
		return until
	}
	delete(r.until, name)
	return time.Time{}
}

// everybody returns until when nobody may call; zero if they may.
func (r *rests) everybody(now time.Time) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at(now, "")
}

// sweep forgets the rests that are over, for most conversations are not asked about again.
func (r *rests) sweep(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, until := range r.until {
		if !until.After(now) {
			delete(r.until, name)
		}
	}
}
