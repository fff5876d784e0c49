package bot

import "testing"

// What waits in a ledger from before owners had words of their own is told as a draft would have it.
func TestAnAnswerFromBeforeThereWereWords(t *testing.T) {
	kept := Commitment{ID: 7, Owner: "UANA", By: "UANA", State: Done, Shared: true, Text: "send the deck", Counterparties: []Counterparty{{Member: "UBOB"}}}
	for _, c := range []struct {
		name   string
		change func(*Commitment)
		ok     bool
	}{
		{"it holds", func(*Commitment) {}, true},
		{"undone", func(c *Commitment) { c.State = Open }, false},
		{"not shared any more", func(c *Commitment) { c.Shared = false }, false},
		{"somebody else's", func(c *Commitment) { c.Owner = "UCY" }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := kept
			c.change(&is)
			item, from, ok := is.addressed("UBOB", KindAnswer, "kept UANA")
			if ok != c.ok || ok && (from != "UANA" || item.Words != "Done: send the deck" || item.Word != 0) {
				t.Errorf("%+v from %q, %t", item, from, ok)
			}
		})
	}
}
