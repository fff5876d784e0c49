package bot

import (
	"context"
	"maps"
	"time"
)

// Worth is one member's answer to whether a coffee was worth their time. It can be left open, and only sums of it are ever shown.
type Worth string

// The answers.
const (
	WorthYes    Worth = "yes"
	WorthPartly Worth = "partly"
	WorthNo     Worth = "not_this_time"
)

// WorthSums counts the answers of a round.
type WorthSums struct{ Yes, Partly, No int }

// Said is how many answers there are.
func (s WorthSums) Said() int { return s.Yes + s.Partly + s.No }

// Known reports whether there are enough answers for them to be shown.
func (s WorthSums) Known() bool { return s.Said() >= few }

// WorthSums counts what a group's members said.
func (g Group) WorthSums() WorthSums {
	var sums WorthSums
	for _, said := range g.Worth {
		switch said {
		case WorthYes:
			sums.Yes++
		case WorthPartly:
			sums.Partly++
		case WorthNo:
			sums.No++
		}
	}
	return sums
}

func (s WorthSums) plus(o WorthSums) WorthSums {
	return WorthSums{Yes: s.Yes + o.Yes, Partly: s.Partly + o.Partly, No: s.No + o.No}
}

// AnswerWorth says for one member whether a coffee that they had was worth their time. It can be said again, and goes with the answer that they met.
func (c *Coffee) AnswerWorth(ctx context.Context, now time.Time, a RoundAct, worth Worth) (MetQuestion, error) {
	if worth != WorthYes && worth != WorthPartly && worth != WorthNo {
		return MetQuestion{}, &Fault{Code: FaultInvalid}
	}
	err := c.answer(ctx, now, a, func(g *Group, _ *Course) ([]Meeting, Intents) {
		if g.Met[a.Member] == MetYes {
			g.Worth = withWorth(g.Worth, a.Member, worth)
		}
		return nil, nil
	})
	if err != nil {
		return MetQuestion{}, err
	}
	return c.MetQuestion(ctx, now, a)
}

// withWorth is what was said with a member's answer; an empty one takes it away.
func withWorth(said map[string]Worth, member string, worth Worth) map[string]Worth {
	said = maps.Clone(said)
	if worth == "" {
		delete(said, member)
		return said
	}
	if said == nil {
		said = map[string]Worth{}
	}
	said[member] = worth
	return said
}
