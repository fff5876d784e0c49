package slackapp

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/pairing"
)

// try shows an editor what the next round would be if it were drawn now. A large one takes a second or two, so the modal opens first.
func (c *Coffee) try(_ context.Context, r Request) (Response, error) {
	program, _ := pressed(r)
	return c.Client.opening(r, "Try the next round", func(ctx context.Context) (Modal, error) {
		t, err := c.Use.Try(ctx, r.Now, program, r.User, r.Channel)
		if err != nil {
			return Modal{}, err
		}
		reader, err := readerOf(ctx, c.Use, r.User)
		if err != nil {
			return Modal{}, err
		}
		return trialModal(reader, t, r.Now), nil
	}), nil
}

func trialModal(r Reader, t bot.Trial, now time.Time) Modal {
	p := t.Program
	blocks := []slack.Block{section("The round of *" + programName(p) + "* on " + onDate(r, t.At, now) + ", as it would be if it were drawn now. Nothing is saved and nobody is told.")}
	if !t.Known {
		blocks = append(blocks, section("Fewer than five people are in. That is too few to show."))
	} else {
		blocks = append(blocks, fields(
			"*People who are in*\n"+about(r, t.In), "*Introduced to somebody*\n"+about(r, t.Matched), "*Groups*\n"+about(r, t.Groups), "*Groups across departments*\n"+about(r, t.Across),
			"*Not in this round*\n"+about(r, t.Away), "*Nobody to meet*\n"+about(r, t.LeftOut), "*Pairs who met lately*\n"+about(r, t.Repeats),
		), section(relaxedWords(t.Relaxed)))
	}
	small := "Numbers are rounded down to fives; below five I say nothing. " +
		"“Not in this round” is a skip, a pause, a rhythm of one's own, a day off or no answer lately; “nobody to meet” is any rule that leaves somebody over."
	return Modal{CallbackID: "coffee.tried", Title: "Try the next round", Close: "Close", Blocks: append(blocks, contextLine(small))}
}

// about is a number that was rounded down to fives.
func about(r Reader, n int) string {
	if n == 0 {
		return "fewer than five"
	}
	return "about " + r.Number(n)
}

func relaxedWords(relaxed []pairing.Preferred) string {
	words := map[pairing.Preferred]string{
		pairing.PreferredHistory: "people whom one has not met lately", pairing.PreferredHours: "common working hours", pairing.PreferredDepartment: "different departments",
	}
	var parts []string
	for _, rule := range relaxed {
		parts = append(parts, words[rule])
	}
	if len(parts) == 0 {
		return "Nearly everybody gets what the program prefers."
	}
	return "Some would do without " + List(parts...) + ", so that nobody is left out who need not be."
}
