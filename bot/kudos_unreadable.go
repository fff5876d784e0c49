package bot

import "time"

// unreadLook is how often a message that tells of a kudos looks whether its words can be read again.
const unreadLook = 10 * time.Minute

// unread decides on what tells of a kudos whose words no key opens: it waits. While keys are replaced another process may have the one that opens them, and a key
// that was mislaid may come back.
func (k Kudos) unread(now time.Time) Decision {
	if k.Unreadable == "" || !k.Undone.IsZero() {
		return Decision{}
	}
	return Decision{Verdict: Wait, Reason: ReasonWaits, Until: now.Add(unreadLook)}
}
