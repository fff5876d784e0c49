package main

import (
	"context"
	"flag"
	"strings"

	"rapport/bot"
)

// kudosAsked is one text after /kudos.
type kudosAsked struct {
	Text   string   `json:"text"`
	Values []string `json:"values"`
}

func parseKudos(ctx context.Context, args []string, s streams) error {
	flags := flag.NewFlagSet("parse kudos", flag.ContinueOnError)
	values := flags.String("values", "", "the workspace's values, `a,b`; those that every workspace begins with if empty")
	texts, asJSON, err := parseArguments(flags, args, s)
	if err != nil {
		return err
	}
	asked := kudosAsked{}
	for name := range strings.SplitSeq(*values, ",") {
		if name = strings.TrimPrefix(strings.TrimSpace(name), "#"); name != "" {
			asked.Values = append(asked.Values, name)
		}
	}
	set := func(a *kudosAsked, text string) { a.Text = text }
	return parseEach(ctx, "kudos", asJSON, texts, asked, set, s, func(a kudosAsked) (any, error) {
		return bot.ParseKudos(a.Text, a.Values), nil
	})
}
