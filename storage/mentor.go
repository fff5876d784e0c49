package storage

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"rapport/bot"
)

// SaveMentorship implements [bot.MentorshipStore].
func (s *Store) SaveMentorship(ctx context.Context, token bot.Token, m bot.Mentorship, seats []bot.Seat, intents bot.Intents) error {
	c := s.change()
	c.ID = m.ID
	c.once(token)
	if err := s.putMentorship(c, m); err != nil {
		return err
	}
	for _, seat := range seats {
		if err := s.putSeat(c, seat); err != nil {
			return err
		}
	}
	c.send(intents)
	return s.commit(ctx, c)
}

// putMentorship writes a mentorship where it is found by its program and where it is found by each of its two people.
func (s *Store) putMentorship(c *change, m bot.Mentorship) error {
	was := m.Version
	m.Version++
	if err := c.put(s.keys.mentorships(m.Program), m.ID, was, m); err != nil {
		return err
	}
	value, err := encodeValue(m.Version, m)
	if err != nil {
		return err
	}
	for _, member := range m.Members() {
		c.op("HSET", s.keys.mentoring(member), m.ID, value)
	}
	return nil
}

// MentorScene implements [bot.MentorshipStore].
func (s *Store) MentorScene(ctx context.Context, id string) (bot.MentorScene, error) {
	program, mentor, mentee, ok := bot.SplitMentorshipID(id)
	if !ok {
		return bot.MentorScene{}, fmt.Errorf("find mentorship %q: %w", id, bot.ErrNotFound)
	}
	members := []string{mentor, mentee}
	pipe := s.rdb.Pipeline()
	stored, held := pipe.HGet(ctx, s.keys.mentorships(program), id), pipe.HGet(ctx, s.keys.programs(), program)
	seats := pipe.HMGet(ctx, s.keys.seats(program), members...)
	people := s.lookScene(ctx, pipe, "", members)
	if _, err := pipe.Exec(ctx); err != nil && !isNil(err) {
		return bot.MentorScene{}, fmt.Errorf("find mentorship %q: %w", id, err)
	}
	if err := cmp.Or(seats.Err(), notNil(stored.Err()), notNil(held.Err())); err != nil {
		return bot.MentorScene{}, fmt.Errorf("find mentorship %q: %w", id, err)
	}
	if isNil(held.Err()) {
		return bot.MentorScene{}, fmt.Errorf("find mentorship %q: %w", id, bot.ErrNotFound)
	}
	scene := bot.MentorScene{Mentorship: bot.Mentorship{ID: id, Program: program, Mentor: mentor, Mentee: mentee}, Seats: make(map[string]bot.Seat, len(members))}
	if stored.Err() == nil {
		if err := decodeValue(stored.Val(), &scene.Mentorship); err != nil {
			return bot.MentorScene{}, fmt.Errorf("read mentorship %q: %w", id, err)
		}
	}
	if err := decodeValue(held.Val(), &scene.Program); err != nil {
		return bot.MentorScene{}, fmt.Errorf("read program %q: %w", program, err)
	}
	for i, value := range seats.Val() {
		text, there := value.(string)
		if !there {
			continue
		}
		var seat bot.Seat
		if err := decodeValue(text, &seat); err != nil {
			return bot.MentorScene{}, fmt.Errorf("read seat of %q in program %q: %w", members[i], program, err)
		}
		scene.Seats[members[i]] = seat
	}
	var err error
	scene.Scene, err = people.scene()
	return scene, err
}

// notNil is an error but for what only says that there is nothing of that name.
func notNil(err error) error {
	if isNil(err) {
		return nil
	}
	return err
}

// Mentorships implements [bot.MentorshipStore].
func (s *Store) Mentorships(ctx context.Context, program string) ([]bot.Mentorship, error) {
	stored, err := s.scanned(ctx, s.keys.mentorships(program))
	if err != nil {
		return nil, fmt.Errorf("read all mentorships of program %q: %w", program, err)
	}
	values := make([]string, 0, len(stored))
	for _, value := range stored {
		values = append(values, value)
	}
	return decodeAll(values, byMentorship)
}

// MemberMentorships implements [bot.MentorshipStore].
func (s *Store) MemberMentorships(ctx context.Context, member string) ([]bot.Mentorship, error) {
	return allObjects(ctx, s, "mentorships", s.keys.mentoring(member), byMentorship)
}

func byMentorship(a, b bot.Mentorship) int { return cmp.Compare(a.ID, b.ID) }

// forgetMentorships deletes all mentorships of a member, for the other of the two as well; [bot.ErrConflict] if one of them changed meanwhile.
func (s *Store) forgetMentorships(ctx context.Context, member string) error {
	list, err := s.MemberMentorships(ctx, member)
	if err != nil || len(list) == 0 {
		return err
	}
	c := s.change()
	for _, m := range list {
		c.remove(s.keys.mentorships(m.Program), m.ID, m.Version)
		for _, id := range m.Members() {
			c.op("HDEL", s.keys.mentoring(id), m.ID)
		}
	}
	if err := s.commit(ctx, c); err != nil {
		return fmt.Errorf("forget mentorships of %q: %w", member, err)
	}
	return nil
}

// mendMentorships stores each mentorship again where it is found by its two people.
func (s *Store) mendMentorships(ctx context.Context) error {
	return s.scan(ctx, func(keys []string) error {
		for _, key := range keys {
			if !strings.HasPrefix(key, s.keys.mentorships("")) {
				continue
			}
			err := s.mendShard(ctx, key, func(c *change, id, stored string) error {
				var m bot.Mentorship
				if err := decodeValue(stored, &m); err != nil {
					return err
				}
				for _, member := range m.Members() {
					c.op("HSET", s.keys.mentoring(member), id, stored)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
