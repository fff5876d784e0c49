package scheduler

import (
	"sync"
	"time"

	"rapport/bot"
)

// rests remembers until when rates are used up, as far as this process knows, so that it does not ask the ledger for what it will not get. The ledger
// alone decides. No rest is longer than a call has to keep from the next, whatever a clock says: a clock that is set back, or another process's that is
// fast, would silence this one for as long as they differ.
type rests struct {
	mu    sync.Mutex
	until map[string]time.Time // by name of the rate; "" is everybody's
}

// longestRest is how long nobody may call at most. If Slack wants it to be longer it says so again.
const longestRest = 10 * time.Minute

// mostOf returns how long a rate may rest; "" is everybody's.
func mostOf(rates []bot.Rate, name string) time.Duration {
	for _, r := range rates {
		if r.Name == name {
			return r.Every
		}
	}
	return longestRest
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
		r.note(c.Blocked, now.Add(min(c.Wait, mostOf(rates, c.Blocked))))
	}
}

// freeAt returns when all of the rates are free; zero if they are now, as far as is known. Whoever calls nobody waits for nothing.
func (r *rests) freeAt(now time.Time, rates []bot.Rate) time.Time {
	if len(rates) == 0 {
		return time.Time{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	free := r.at(now, "", longestRest)
	for _, rate := range rates {
		if at := r.at(now, rate.Name, rate.Every); at.After(free) {
			free = at
		}
	}
	return free
}

// at returns until when a rate rests, zero if it does not, and forgets a rest that is over. One that is further ahead than most is from before the clock was
// set back, and is brought down to that. The mutex is held.
func (r *rests) at(now time.Time, name string, most time.Duration) time.Time {
	until := r.until[name]
	if !until.After(now) {
		delete(r.until, name)
		return time.Time{}
	}
	if latest := now.Add(most); until.After(latest) {
		until = latest
		r.until[name] = until
	}
	return until
}

// everybody returns until when nobody may call; zero if they may.
func (r *rests) everybody(now time.Time) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at(now, "", longestRest)
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
