package bot

import (
	"context"
	"slices"
	"time"
)

// Share lets the counterparties inside the workspace see a commitment. They are not told: it is on their Home. Where there are none it is [FollowupNotTold].
func (p *Promises) Share(ctx context.Context, _ time.Time, a Act) (Commitment, error) {
	c, _, err := p.owned(ctx, a)
	if err != nil {
		return Commitment{}, err
	}
	if len(c.colleagues()) == 0 {
		return c, &Fault{Code: FollowupNotTold}
	}
	if c.Shared {
		return c, nil
	}
	was := c
	c.Shared = true
	return p.replace(ctx, a, was, c, nil)
}

// Unshare takes a commitment out of the counterparties' sight again, at any time; what they saw, they saw. Who asked for it keeps seeing it:
// [FollowupAsked] where it is to nobody else.
func (p *Promises) Unshare(ctx context.Context, _ time.Time, a Act) (Commitment, error) {
	c, _, err := p.owned(ctx, a)
	if err != nil {
		return Commitment{}, err
	}
	if c.AskedFor() && len(c.Sharable()) == 0 {
		return c, &Fault{Code: FollowupAsked}
	}
	if !c.Shared {
		return c, nil
	}
	was := c
	c.Shared = false
	return p.replace(ctx, a, was, c, nil)
}

// Sharable are the counterparties inside the workspace who see a commitment only while its owner shares it: all but who asked for it.
func (c Commitment) Sharable() []string {
	return slices.DeleteFunc(c.colleagues(), func(member string) bool { return member == c.By })
}

// AskedFor reports whether somebody whom it is to asked for a commitment. They see it whatever its owner does, and its words are theirs, too.
func (c Commitment) AskedFor() bool {
	return c.By != c.Owner && slices.ContainsFunc(c.Counterparties, func(cp Counterparty) bool { return cp.Member == c.By })
}
