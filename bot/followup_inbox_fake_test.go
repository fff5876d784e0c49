package bot

import (
	"context"
	"maps"
	"slices"
	"time"
)

// SendsBySID implements [SentLister].
func (n *notebook) SendsBySID(_ context.Context, sids ...string) (map[string]Send, error) {
	found := map[string]Send{}
	for _, sid := range sids {
		if s, ok := n.sends[sid]; ok {
			found[sid] = s
		}
	}
	return found, nil
}

// SendsTo implements [InboxReader]. Of a settled send it tells what the ledger would.
func (n *notebook) SendsTo(_ context.Context, member string) ([]Send, error) {
	var list []Send
	for _, sid := range slices.Sorted(maps.Keys(n.sends)) {
		if s := n.sends[sid]; s.AddressedTo() == member {
			list = append(list, s)
		}
	}
	for i, s := range list {
		if s.State == StateSent {
			list[i].Ref, list[i].Members = "", nil
		}
	}
	return list, nil
}

// Paused implements [InboxReader].
func (n *notebook) Paused(context.Context) ([]Kind, error) { return n.paused, nil }

// takeIn does what the claim of a send does with those that it takes in.
func (d *desk) takeIn(s Send, decision Decision) Send {
	d.t.Helper()
	for i, sid := range decision.Takes {
		other := d.sends[sid]
		if other.State != StatePending || other.Kind != decision.TakesKinds[i] || len(other.Took) > 0 {
			d.t.Fatalf("%s takes %+v in", s.SID, other)
		}
		other.State, other.Reason, other.Into, other.Settled = StateDropped, ReasonMerged, s.SID, d.now
		d.sends[sid] = other
		s.Took = append(s.Took, sid)
		s.NotAfter = latest(s.NotAfter, other.NotAfter)
	}
	return s
}

// refusedBySlack is how a claimed send comes back that Slack did not take.
func (d *desk) refusedBySlack(sid string, retry time.Duration) {
	d.t.Helper()
	s := d.sends[sid]
	_, decision, err := d.use.Compose(d.t.Context(), d.now, s)
	if err != nil || decision.Verdict != Go {
		d.t.Fatalf("compose %s: %+v, %v", sid, decision, err)
	}
	s = d.takeIn(s, decision)
	s.Due = d.now.Add(retry)
	d.sends[sid] = s
}
