package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"time"

	"rapport/bot/slackapp"
	"rapport/bot/slackfake"
	"rapport/deploy"
	"rapport/storage"
)

// playgroundFlags are the flags of `rapport playground`.
type playgroundFlags struct {
	addr   string
	app    string
	people int
	seed   uint64
	now    string
	noBot  bool
	rates  bool
	json   bool
}

// playground runs a local Slack with a company in it, and the bot unless told otherwise, until it is told to stop.
func playground(ctx context.Context, args []string, s streams) error {
	var f playgroundFlags
	fs := flag.NewFlagSet("playground", flag.ContinueOnError)
	fs.StringVar(&f.addr, "addr", "127.0.0.1:8790", "where to serve; a loopback address, port 0 for any free one")
	fs.IntVar(&f.people, "people", 40, "how many people work in the company")
	fs.Uint64Var(&f.seed, "seed", 1, "the same seed makes the same company")
	fs.StringVar(&f.now, "now", "", "what time it is at first, RFC 3339; the real time if empty")
	fs.BoolVar(&f.noBot, "no-bot", false, "the local Slack alone, for any app to connect to")
	fs.BoolVar(&f.rates, "rate-limits", false, "refuse calls over Slack's rate limits, as Slack does")
	fs.StringVar(&f.app, "manifest", "", "with --no-bot: the manifest (YAML or JSON) of the app that will connect; Rapport's if empty")
	fs.BoolVar(&f.json, "json", false, "print the addresses and tokens as one line of JSON first")
	if err := parseFlags(fs, args, s); err != nil {
		return err
	}
	start := time.Now()
	if f.now != "" {
		var err error
		if start, err = time.Parse(time.RFC3339, f.now); err != nil {
			fmt.Fprintf(s.err, "rapport playground: --now: %v\n", err)
			return errUsage
		}
	}
	if f.people < 0 || f.people > 100_000 {
		fmt.Fprintln(s.err, "rapport playground: --people: from 0 to 100000")
		return errUsage
	}
	log, err := newLog(s, "warn")
	if err != nil {
		return err
	}
	p, err := openPlayground(ctx, f, start, log)
	if ctx.Err() != nil {
		return nil // told to stop before it began
	}
	if err != nil {
		return err
	}
	if err := p.announce(s, f); err != nil {
		return errors.Join(err, p.close(ctx))
	}
	<-ctx.Done()
	return p.close(ctx)
}

// town is a local Slack and, unless it is empty, the bot in it.
type town struct {
	slack *slackfake.Server
	clock *slackfake.Clock
	house *house // nil without a bot
}

func openPlayground(ctx context.Context, f playgroundFlags, start time.Time, log *slog.Logger) (_ *town, err error) {
	begin := start
	lived := !f.noBot && f.people >= pastPeople && f.people <= pastPeopleMost
	if lived {
		begin = start.Add(-pastTime)
	}
	manifest, err := playedManifest(f.noBot)
	if err != nil {
		return nil, err
	}
	if f.app != "" && f.noBot {
		if manifest, err = os.ReadFile(f.app); err != nil {
			return nil, fmt.Errorf("read manifest: %w", err)
		}
	}
	p := &town{clock: slackfake.NewClock(begin)}
	p.slack, err = slackfake.Start(slackfake.Config{
		Addr: f.addr, Manifest: manifest, Clock: p.clock, Log: log, RateLimits: f.rates, Sample: slackfake.Sample{People: f.people, Seed: f.seed},
	})
	if err != nil {
		return nil, err
	}
	if !f.noBot {
		if p.house, err = build(ctx, townWiring(p, log)); err != nil {
			return nil, errors.Join(err, p.close(ctx))
		}
		if err := p.clock.Settle(ctx); err != nil {
			return nil, errors.Join(err, p.close(ctx))
		}
		if lived {
			if err := p.livePast(ctx, start); err != nil {
				return nil, errors.Join(err, p.close(ctx))
			}
		}
	}
	p.slack.Play(1)
	return p, nil
}

// playedManifest is that of the bot in the page: it grants what every part of the bot needs, so that each can be tried where nothing is at stake. Without a bot it is
// the minimal one.
func playedManifest(noBot bool) ([]byte, error) {
	if noBot {
		return deploy.Manifest(), nil
	}
	return deploy.Render(deploy.FeatureUserGroups, deploy.FeatureReactions, deploy.FeatureFiles, deploy.FeatureChannelHistory)
}

// townWiring is the bot as it stands in a local Slack: on its clock, with a store that lives as long as the process.
func townWiring(p *town, log *slog.Logger) wiring {
	return wiring{
		clock: p.clock, log: log, zone: "Europe/Berlin", installer: p.slack.FirstPerson(), kudosADay: 20, retention: retentionEvery,
		slack: slackapp.Config{BotToken: p.slack.BotToken(), AppToken: p.slack.AppToken(), APIURL: p.slack.APIURL(), Stagger: time.Millisecond},
		open: func(ctx context.Context, team string) (*storage.Store, error) {
			return storage.OpenEmbedded(ctx, storage.Options{Team: team, Now: p.clock.Now})
		},
	}
}

// announce says where everything is.
func (p *town) announce(s streams, f playgroundFlags) error {
	if f.json {
		return json.NewEncoder(s.out).Encode(map[string]string{
			"page_url": p.slack.PageURL(), "control_url": p.slack.ControlURL(), "api_url": p.slack.APIURL(),
			"bot_token": p.slack.BotToken(), "app_token": p.slack.AppToken(),
		})
	}
	_, err := fmt.Fprintf(s.out, "A company in a local Slack: %s\n", p.slack.PageURL())
	if err == nil && f.noBot {
		_, err = fmt.Fprintf(s.out, "\nConnect any Slack app to it:\n  SLACK_API_URL=%s\n  SLACK_BOT_TOKEN=%s\n  SLACK_APP_TOKEN=%s\n", p.slack.APIURL(), p.slack.BotToken(), p.slack.AppToken())
	}
	if err == nil {
		_, err = fmt.Fprintf(s.out, "Its control API: %s   (stop with Ctrl-C)\n", p.slack.ControlURL())
	}
	return err
}

// close ends the bot, then its Slack.
func (p *town) close(ctx context.Context) error {
	var err error
	if p.house != nil {
		err = closeWithin(ctx, p.house)
	}
	return errors.Join(err, p.slack.Close())
}
