package bot

import (
	"errors"
	"time"
)

// ErrUnreadable is a store's answer for a commitment whose words no key opens. Lists leave it out or only count it, as [UnopenedStore] has it, so that one damaged
// value ends no list, no reminder and no Home tab; it stays stored until a key for it is found, or an operator deletes it.
var ErrUnreadable = errors.New("words that no key opens")

// unreadable decides on a message about a commitment whose words no key opens: it waits, as one about such a kudos does.
func unreadable(err error, now time.Time) (Decision, bool) {
	if !errors.Is(err, ErrUnreadable) {
		return Decision{}, false
	}
	return Decision{Verdict: Wait, Reason: ReasonWaits, Until: now.Add(unreadLook)}, true
}
