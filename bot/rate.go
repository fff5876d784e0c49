package bot

import "time"

// Rate is how often something may happen that sends bring about, such as a call of one of Slack's methods. All sends that name the same rate share
// it, in every process on a store.
type Rate struct {
	Name  string        // such as "chat.postMessage", or that and a conversation
	Every time.Duration // the least time between two; at least a millisecond
}

// Claim is the answer to asking for a due send.
type Claim struct {
	Send    Send          // as it stands, if it is held
	Held    bool          // it is the claimer's until the lease ends, and was counted against its rates
	Wait    time.Duration // not held, but may be asked for again after this: it is too soon. Zero and not held: it is not to be had
	Blocked string        // with Wait: the first of its rates that is not free yet; "" if nobody may call Slack, because Slack said so
}
