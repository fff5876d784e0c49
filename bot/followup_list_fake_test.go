package bot

import (
	"context"
	"slices"
	"time"
)

// CommitmentLists knows of nothing that no key opens: see sealedShelf.
func (n *notebook) CommitmentLists(ctx context.Context, member string, since time.Time) (CommitmentLists, error) {
	owned, owed, err := n.MemberCommitments(ctx, member, since)
	return CommitmentLists{Owned: owned, Owed: owed}, err
}

func (n *notebook) UnopenedCommitment(_ context.Context, id int) (Commitment, error) {
	c, ok := n.commitments[id]
	if !ok {
		return Commitment{}, ErrNotFound
	}
	return unopened(c), nil
}

// unopened is a commitment without what is sealed of it.
func unopened(c Commitment) Commitment {
	c.Text, c.Parts, c.Plan, c.Said = "", nil, nil, nil
	c.Counterparties = slices.DeleteFunc(slices.Clone(c.Counterparties), func(cp Counterparty) bool { return cp.Member == "" })
	return c
}

func (n *notebook) ReplaceUnopened(ctx context.Context, token Token, was, c Commitment, intents Intents) error {
	kept := n.commitments[c.ID]
	c.Text, c.Parts, c.Plan, c.Said, c.Counterparties = kept.Text, kept.Parts, kept.Plan, kept.Said, kept.Counterparties
	return n.ReplaceCommitment(ctx, token, was, c, intents)
}
