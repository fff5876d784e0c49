package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"strings"
	"time"

	"rapport/bot/slackapp"
	"rapport/deploy"
	"rapport/scheduler"
	"rapport/storage"
)

const (
	// doctorTime bounds each question to the outside.
	doctorTime = 10 * time.Second
	// clockSkew is how far the clock may be off before requests, claims and reminders go wrong.
	clockSkew = 30 * time.Second
)

// errUnwell is returned after the problems were printed.
var errUnwell = errors.New("the configuration has problems")

// doctor names every problem of the configuration at once, each with its cure.
func doctor(ctx context.Context, args []string, s streams) error {
	if err := parseFlags(flag.NewFlagSet("doctor", flag.ContinueOnError), args, s); err != nil {
		return err
	}
	cfg, err := readConfig(s.env)
	var found problems
	if err != nil && !errors.As(err, &found) {
		return err
	}
	found = append(found, checkZoneData()...)
	me, slack := checkSlack(ctx, cfg)
	found = append(found, slack...)
	found = append(found, checkStore(ctx, cfg)...)
	notes, held := checkHeld(ctx, cfg, me.Team, me.Scopes)
	found = append(found, held...)
	for _, note := range notes {
		fmt.Fprintln(s.out, "note:", note)
	}
	if len(found) == 0 {
		_, err := fmt.Fprintln(s.out, "Everything that can be checked is fine: configuration, tokens and their scopes, store, clock, zone data.")
		return err
	}
	fmt.Fprintln(s.out, found.Error())
	return errUnwell
}

// checkZoneData finds out whether people's zones exist here.
func checkZoneData() problems {
	for _, zone := range []string{"Europe/Berlin", "America/New_York", "Pacific/Auckland"} {
		if _, err := time.LoadLocation(zone); err != nil {
			return problems{{"the time zone data is missing", "Build with the tag timetzdata, or install the package tzdata."}}
		}
	}
	return nil
}

// checkSlack asks Slack who the tokens belong to and what they may do. Tokens of the wrong kind were named before. me is the zero
// value if that cannot be known.
func checkSlack(ctx context.Context, c config) (me slackapp.Identity, found problems) {
	ctx, cancel := context.WithTimeout(ctx, doctorTime)
	defer cancel()
	app := slackapp.New(slackapp.Config{BotToken: c.SlackBotToken, AppToken: c.SlackAppToken, APIURL: c.SlackAPIURL, Clock: scheduler.RealClock{}})
	if strings.HasPrefix(c.SlackBotToken, "xoxb-") {
		var err error
		if me, err = app.Connect(ctx); err != nil {
			found = append(found, problem{"SLACK_BOT_TOKEN does not work: " + err.Error(), "Check the token and SLACK_API_URL; reinstalling the app makes a new token."})
		} else {
			found = append(found, missingScopes(me.Scopes, c.wantedFeatures())...)
		}
	}
	if strings.HasPrefix(c.SlackAppToken, "xapp-") {
		if err := app.CheckSocket(ctx); err != nil {
			found = append(found, problem{"SLACK_APP_TOKEN does not work: " + err.Error(), `Make an app-level token with the scope connections:write under "Basic Information".`})
		}
	}
	return me, append(found, checkClock(ctx, c.SlackAPIURL)...)
}

func missingScopes(granted, features []string) problems {
	var found problems
	for _, scope := range deploy.Missing(granted, deploy.ParseFeatures(strings.Join(features, ","))...) {
		found = append(found, problem{
			"the scope " + scope.Name + " is missing: " + scope.Without,
			"Add it under \"OAuth & Permissions\" (rapport manifest prints all) and reinstall the app. It is needed to " + scope.Why + ".",
		})
	}
	return found
}

// checkClock compares this machine's clock with the time of the answer's Date header.
func checkClock(ctx context.Context, url string) problems {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil // the address was named before
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return problems{{"Slack cannot be reached: " + err.Error(), "Check the network, a proxy (HTTPS_PROXY), and SLACK_API_URL."}}
	}
	defer func() { _ = response.Body.Close() }()
	theirs, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return nil
	}
	if off := time.Since(theirs).Abs(); off > clockSkew {
		return problems{{fmt.Sprintf("this machine's clock is off by %v", off.Round(time.Second)), "Switch on time synchronisation (NTP): messages would come at wrong hours."}}
	}
	return nil
}

// checkStore asks the server what it would be asked at the start, or whether the folder can be made. It writes nothing.
func checkStore(ctx context.Context, c config) problems {
	if c.RedisURL == "" {
		if err := storage.CheckFolder(c.DataDir); err != nil {
			return problems{{"the store's folder cannot be made or written to: " + err.Error(), "Set RAPPORT_DATA_DIR to a folder of this user's, or REDIS_URL to a server."}}
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, doctorTime)
	defer cancel()
	warnings, err := storage.Check(ctx, c.RedisURL)
	if err != nil {
		return problems{{"the store cannot be used: " + err.Error(), "Check REDIS_URL, that Redis runs, its version, and its policy for memory (noeviction)."}}
	}
	var found problems
	for _, warning := range warnings {
		found = append(found, problem{warning, "See the page on operating: Redis should have appendonly yes, and where there are several servers a replica of each."})
	}
	return found
}
