package slackapp

import (
	"context"
	"strings"

	"rapport/bot"
)

// A command says what to do and rarely to which program: [pick] finds that one, and where several are left the person is asked.

// pick returns the programs that a command can mean: those whose name begins as typed, else the ones of the conversation, else all.
func pick(programs []bot.Program, name, channel string) []bot.Program {
	name = strings.ToLower(strings.TrimSpace(name))
	var named, local []bot.Program
	for _, p := range programs {
		if name != "" && strings.HasPrefix(strings.ToLower(p.Name), name) {
			named = append(named, p)
		}
		if p.Channel == channel {
			local = append(local, p)
		}
	}
	switch {
	case name != "":
		return named
	case len(local) > 0:
		return local
	}
	return programs
}

func programsOf(mine []bot.Mine) []bot.Program {
	programs := make([]bot.Program, len(mine))
	for i, m := range mine {
		programs[i] = m.Program
	}
	return programs
}

// meant does something with the one program that a command means. With none it shows what there is, with several it asks which.
func (c *Coffee) meant(ctx context.Context, r Request, from func(bot.Here) []bot.Program, name string, ask question,
	do func(ctx context.Context, r Request, h bot.Here, program string) (Response, error),
) (Response, error) {
	h, err := c.Use.Look(ctx, r.Now, r.User, r.Channel)
	if err != nil {
		return Response{}, err
	}
	switch programs := pick(from(h), name, r.Channel); len(programs) {
	case 0:
		if h, err = c.Use.Groups(ctx, h); err != nil {
			return Response{}, err
		}
		m := coffeeHere(hereReader(h), h, r.Now)
		if name != "" {
			m = unknownWord(m, name)
		}
		return Reply(m), nil
	case 1:
		return do(ctx, r, h, programs[0].ID)
	default:
		return Reply(coffeeWhich(ask, programs)), nil
	}
}

func joinable(h bot.Here) []bot.Program {
	list := append(append([]bot.Program{}, h.Open...), programsOf(h.Mine)...)
	return append(list, h.Elsewhere...)
}

func mineOnly(h bot.Here) []bot.Program { return programsOf(h.Mine) }

func editable(h bot.Here) []bot.Program { return h.Runs }

func (c *Coffee) commandJoin(ctx context.Context, r Request) (Response, error) {
	return c.meant(ctx, r, joinable, r.Rest, askJoin, c.joinProgram)
}

func (c *Coffee) commandLeave(ctx context.Context, r Request) (Response, error) {
	return c.meant(ctx, r, mineOnly, r.Rest, askLeave, c.leaveProgram)
}

func (c *Coffee) commandSkip(ctx context.Context, r Request) (Response, error) {
	return c.meant(ctx, r, mineOnly, r.Rest, askSkip, c.skipProgram)
}

func (c *Coffee) commandPause(ctx context.Context, r Request) (Response, error) {
	return c.meant(ctx, r, mineOnly, "", askPause, c.pauseProgram)
}

func (c *Coffee) commandResume(ctx context.Context, r Request) (Response, error) {
	return c.meant(ctx, r, mineOnly, r.Rest, askResume, c.resumeProgram)
}

func (c *Coffee) commandStatus(ctx context.Context, r Request) (Response, error) {
	return c.meant(ctx, r, editable, r.Rest, askStatus, func(ctx context.Context, r Request, _ bot.Here, program string) (Response, error) {
		return c.statusOf(ctx, r, program)
	})
}
