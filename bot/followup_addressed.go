package bot

import (
	"strconv"
	"strings"
)

// Addressed is the content of a message that tells a member what colleagues address to them about commitments.
type Addressed struct {
	Reader Member
	Hours  Hours
	Items  []AddressedItem
	People map[string]Member // whom the items name
}

// AddressedItem is one thing that somebody addresses to a member.
type AddressedItem struct {
	What       What
	Commitment Commitment
	From       Member // who says it; of [WhatLapsed] who did not answer, of [WhatLeft] who left
	Words      string // what they wrote along, as typed, Slack's escaping kept; empty for most
	Word       int    // the number of these words among those said about the commitment; 0 for others
	Kind       Kind   // of its send
	Ref        string // of its send
	Over       bool   // it does not hold any more, as once the reader answered: only a message that is shown again says so
	Declined   bool   // of an offer that is over: the reader said no, and can take that back
	Chose      bool   // of one that somebody left: the reader chose what becomes of it, and can take that back
	Thanked    Kudos  // of [WhatKept] that is shown again: how the reader thanked for it, also where they took that back; the zero value for not at all
}

// What says what somebody addresses to a member about a commitment. Those up to [WhatLeft] ask for something and go as [KindProposal], the others as [KindAnswer].
type What string

// What can be said.
const (
	WhatProposed What = "proposed" // take this on
	WhatOffered  What = "offered"  // take this over from me
	WhatAsked    What = "asked"    // is its date still good?
	WhatLeft     What = "left"     // somebody in it left: keep, give or release it
	WhatAccepted What = "accepted" // what the reader proposed or offered
	WhatDeclined What = "declined"
	WhatLapsed   What = "lapsed" // nobody answered what the reader proposed
	WhatKept     What = "kept"   // it is done
	WhatOnTrack  What = "on_track"
	WhatSaid     What = "said" // an honest word of its owner's
)

// unasked reports whether somebody says it of their own accord to a member who did not ask for it: then whom that one keeps away does not reach them with it.
func (i AddressedItem) unasked(to string) bool {
	switch i.What {
	case WhatProposed, WhatOffered, WhatAsked, WhatFreed, WhatSaid:
		return true
	case WhatKept:
		return i.Commitment.By != to
	}
	return false
}

// addressed reads what a send's ref says after the commitment's number: of what asks the reader to take something on nothing, or the version at which it was
// offered; else what is said, who says it, and what else that needs. ok is false for what does not hold any more.
func (c Commitment) addressed(to string, kind Kind, ref string) (item AddressedItem, from string, ok bool) {
	word, rest, _ := strings.Cut(ref, " ")
	from, _, _ = strings.Cut(rest, " ")
	item = AddressedItem{What: What(word), Commitment: c}
	if kind == KindProposal && strings.Trim(word, "0123456789") == "" {
		return c.askedFor(to, word)
	}
	switch item.What {
	case WhatAccepted:
		if !c.VisibleTo(to) && (c.Before == nil || c.Before.Owner != to) { // what its new owner makes of it is theirs
			item.Commitment = Commitment{ID: c.ID, Owner: c.Owner}
		}
		ok = c.Owner == from && c.State != Proposed && c.State != Declined
	case WhatDeclined:
		ok = c.State == Declined && c.By == to || c.Owner == to && c.Owner != from && c.Giving != from
	case WhatLapsed:
		ok = c.State == Lapsed && c.By == to
	case WhatKept, WhatSaid:
		_, n, _ := strings.Cut(rest, " ")
		return c.said(to, item, from, n)
	case WhatAsked, WhatOnTrack, WhatMoved:
		_, said, _ := strings.Cut(rest, " ")
		return c.question(to, item, from, said)
	case WhatFreed:
		return c.freed(to, item, from)
	case WhatLeft:
		return c.leaving(to, item, from)
	}
	return item, from, ok
}

// askedFor reads a proposal, or an offer, that a member was asked to answer.
func (c Commitment) askedFor(to, version string) (item AddressedItem, from string, ok bool) {
	if o, offered := c.offered(); offered && o.To == to && strconv.Itoa(o.Version) == version {
		return AddressedItem{What: WhatOffered, Commitment: c}, c.Owner, true
	}
	return AddressedItem{What: WhatProposed, Commitment: c}, c.By, c.State == Proposed && c.Owner == to
}
