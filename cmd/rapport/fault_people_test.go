//go:build unix

package main

import (
	"fmt"
	"time"
)

// downAcrossFires lets coffee's time come three times while nobody is there.
func downAcrossFires(r *faultRow) {
	r.onRedis()
	r.staff(2, nil)
	r.live(nil)
	for r.beforeCoffee() {
		pause(r.ctx, 50*time.Millisecond)
	}
	r.healing = time.Now()
	r.settled(r.patience())
	r.jump(3*7*24*time.Hour + time.Hour)
	r.round = 2 // of three that were missed the latest, within its grace
	r.staff(3, nil)
	r.over()
	r.settled(r.patience())
}

// sockets lets everything go wrong between Slack and the bot's sockets: acknowledgements are lost, what people do comes twice, in another order, late,
// on a connection that ends, and events come again an hour later, to another process.
func sockets(r *faultRow) {
	r.onRedis()
	r.staff(2, nil)
	var channels []string
	orders := []map[string]any{
		{"envelope": "slash_commands", "kind": "drop_ack", "count": 1},
		{"envelope": "slash_commands", "kind": "duplicate", "count": 3},
		{"envelope": "slash_commands", "kind": "reorder", "count": 1},
		{"envelope": "slash_commands", "kind": "late", "delay_ms": 300, "count": 1},
		{"envelope": "slash_commands", "kind": "disconnect", "reason": "reset", "count": 1},
		{"kind": "disconnect", "reason": "refresh_requested", "count": 1},
		{"kind": "disconnect", "reason": "reset", "count": 1},
	}
	struck := 0
	r.during(func() {
		for n := range map[bool]int{true: 60, false: 10}[r.full] {
			r.must(r.town.ask(r.ctx, "/faults", orders[n%len(orders)], nil))
			// Four times the same invitation: the bot introduces itself once.
			id, err := r.town.invite(r.ctx, fmt.Sprintf("new-%d", n), map[string]any{"envelope": "events_api", "kind": "duplicate", "count": 3})
			r.must(err)
			channels = append(channels, id)
			struck += 2
			pause(r.ctx, 300*time.Millisecond)
		}
	})
	r.must(r.town.ask(r.ctx, "/faults", map[string]any{"clear": true}, nil))
	pause(r.ctx, 2*time.Second)
	// The last invitations' acknowledgements are lost, everybody is replaced, and Slack brings them again an hour later.
	for n := range 3 {
		id, err := r.town.invite(r.ctx, fmt.Sprintf("later-%d", n), map[string]any{"envelope": "events_api", "kind": "drop_ack", "count": 1})
		r.must(err)
		channels = append(channels, id)
		struck++
	}
	pause(r.ctx, 500*time.Millisecond)
	r.jump(time.Hour)
	r.must(r.town.ask(r.ctx, "/faults", map[string]any{"clear": true}, nil))
	r.staff(2, nil)
	r.over()
	r.settled(r.patience())
	r.result.note = fmt.Sprintf("%d faults %s", struck, r.result.note)
	seen, err := r.town.look()
	r.must(err)
	for _, id := range channels {
		if n := seen.sids["intro/"+id]; n != 1 {
			r.result.note += fmt.Sprintf(" %d introductions in %s", n, id)
			if n == 0 {
				r.result.lost = append(r.result.lost, "intro/"+id)
			}
		}
	}
}
