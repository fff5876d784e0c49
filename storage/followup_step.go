package storage

import (
	"context"
	"strconv"
	"strings"

	"rapport/bot"
)

// ChangeCommitments implements [bot.CommitmentStore]: one script, however many commitments it changes.
func (s *Store) ChangeCommitments(ctx context.Context, token bot.Token, step bot.CommitmentStep) ([]bot.Commitment, error) {
	if len(step.Add) == 0 {
		ch := s.change()
		if err := s.addStep(ch, token, step); err != nil {
			return nil, err
		}
		return nil, s.commit(ctx, ch)
	}
	made, err := s.sealedAdditions(step.Add)
	if err != nil {
		return nil, err
	}
	added := make([]bot.Commitment, len(made))
	_, err = s.commitNumbers(ctx, nounCommitment, len(made), func(ch *change, first int) error {
		if err := s.addStep(ch, token, step); err != nil {
			return err
		}
		for i, stored := range made {
			stored.ID = first + i
			added[i] = step.Add[i].Commitment
			added[i].ID, added[i].Version = stored.ID, stored.Version
			if err := s.putCommitment(ch, 0, stored, forNumber(stored.ID, step.Add[i].Intents)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return added, nil
}

// sealedAdditions seals what is new: once, also where its numbers have to be drawn again.
func (s *Store) sealedAdditions(list []bot.NewCommitment) ([]sealedCommitment, error) {
	made := make([]sealedCommitment, len(list))
	for i, add := range list {
		c := add.Commitment
		c.Version = 1
		stored, err := s.sealCommitment(c)
		if err != nil {
			return nil, err
		}
		made[i] = stored
	}
	return made, nil
}

// addStep adds to a change what of a step needs no new number. Its token stands for the first commitment that it replaces.
func (s *Store) addStep(ch *change, token bot.Token, step bot.CommitmentStep) error {
	if len(step.Replace) > 0 {
		ch.ID = strconv.Itoa(step.Replace[0].Is.ID)
	}
	ch.once(token)
	s.countProposals(ch, step.Quota)
	for _, r := range step.Replace {
		if err := s.replaceCommitment(ch, r.Was, r.Is); err != nil {
			return err
		}
	}
	ch.send(step.Intents)
	return nil
}

// forNumber are intents with a number in place of "{id}".
func forNumber(id int, intents bot.Intents) bot.Intents {
	fill := strings.NewReplacer("{id}", strconv.Itoa(id))
	numbered := make(bot.Intents, len(intents))
	for i, send := range intents {
		send.SID, send.Ref = fill.Replace(send.SID), fill.Replace(send.Ref)
		send.Thread, send.Replaces = fill.Replace(send.Thread), fill.Replace(send.Replaces)
		numbered[i] = send
	}
	return numbered
}
