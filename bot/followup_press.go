package bot

import (
	"hash/fnv"
	"slices"
	"strconv"
)

// pressesRemember is how many presses a commitment knows again. Slack may bring one once more within minutes.
const pressesRemember = 6

// pressMark is what is kept of a press; empty for an act that is none.
func pressMark(a Act) string {
	if a.Press == "" {
		return ""
	}
	h := fnv.New64a()
	h.Write([]byte(a.Actor + " " + a.Press)) // never fails
	return strconv.FormatUint(h.Sum64(), 36)
}

// pressed reports whether a press changed a commitment before. What came of it may have been undone since.
func (c Commitment) pressed(a Act) bool {
	mark := pressMark(a)
	return mark != "" && slices.Contains(c.Presses, mark)
}

// pressedBy are the presses to remember once an act has changed a commitment.
func (c Commitment) pressedBy(a Act) []string {
	mark := pressMark(a)
	if mark == "" {
		return c.Presses
	}
	presses := append(slices.Clone(c.Presses), mark)
	return presses[max(0, len(presses)-pressesRemember):]
}
