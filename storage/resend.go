package storage

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

var (
	//go:embed lua/resend.lua
	resendSource string
	//go:embed lua/discard.lua
	discardSource string
)

var (
	resendScript  = redis.NewScript(resendSource)
	discardScript = redis.NewScript(discardSource)
)

// resendLife is how long a send that is sent again by hand may at least still go out: its own time may be over long since.
const resendLife = 24 * time.Hour

// Resend makes a send that was put before an operator (dead, expired, or unknown for good) due again at now. One that was unknown may be there
// already: whoever asks for it has looked. It can go out for at least a day from now, whatever its own end was.
//
// Errors: [bot.ErrNotFound] where the sid is not known; [bot.ErrRepeated] where the send is on its way, such as one that was sent again before;
// [bot.ErrConflict] where it was sent, or decided against.
func (s *Store) Resend(ctx context.Context, now time.Time, sid string) error {
	call := s.call()
	err := s.settleByHand(ctx, sid, func(send bot.Send) (bool, error) {
		keys := []string{s.keys.send(sid), s.keys.due(send.Kind), s.keys.dead()}
		return resendScript.Run(ctx, s.rdb, keys, sid, floorMillis(now), millis(now.Add(resendLife)), call).Bool()
	})
	if err != nil {
		return fmt.Errorf("resend %q: %w", sid, err)
	}
	return nil
}

// Discard drops a send that was put before an operator, with the reason [bot.ReasonDiscarded], or [bot.ReasonMayBeThere] for one that was unknown. Its sid stays taken for eight weeks, so nothing sends it meanwhile. The errors are those of
// [Store.Resend].
func (s *Store) Discard(ctx context.Context, now time.Time, sid string) error {
	err := s.settleByHand(ctx, sid, func(send bot.Send) (bool, error) {
		why := bot.ReasonDiscarded
		if send.State == bot.StateUnknown {
			why = bot.ReasonMayBeThere
		}
		tomb := tombstone(send, now, bot.Outcome{State: bot.StateDropped, Reason: why})
		keys := []string{s.keys.send(sid), s.keys.dead(), s.keys.tombs(week(now))}
		return discardScript.Run(ctx, s.rdb, keys, sid, tomb).Bool()
	})
	if err != nil {
		return fmt.Errorf("discard %q: %w", sid, err)
	}
	return nil
}

// settleByHand does something with a send that is before an operator, and says why not if it is not.
func (s *Store) settleByHand(ctx context.Context, sid string, do func(bot.Send) (bool, error)) error {
	send, err := s.SendBySID(ctx, sid)
	if err != nil {
		return err
	}
	if err := byHand(send); err != nil {
		return err
	}
	done, err := do(send)
	if err != nil || done {
		return err
	}
	// Somebody else did something with it since it was read.
	if send, err = s.SendBySID(ctx, sid); err != nil {
		return err
	}
	if err := byHand(send); err != nil {
		return err
	}
	return errors.New("it changed while it was worked on")
}

// byHand says why a send is not an operator's to decide about; nil if it is.
func byHand(send bot.Send) error {
	switch {
	case send.State == bot.StateSent, send.State == bot.StateDropped:
		return fmt.Errorf("it was %s: %w", send.State, bot.ErrConflict)
	case send.Settled.IsZero():
		return fmt.Errorf("it is on its way (%s): %w", send.State, bot.ErrRepeated)
	}
	return nil
}
