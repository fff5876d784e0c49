package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/when"
)

// datedAsked is one text with who says it, when and where.
type datedAsked struct {
	Text    string `json:"text"`
	Now     string `json:"now"` // RFC 3339
	Zone    string `json:"tz"`  // IANA
	Locale  string `json:"locale"`
	Invoker string `json:"invoker"`
}

// localeForm is that of a BCP 47 tag. One that is well formed and unknown is read as English, and so is none.
var localeForm = regexp.MustCompile(`^([A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*)?$`)

// context is what the grammar takes.
func (a datedAsked) context() (when.Context, error) {
	now, err := time.Parse(time.RFC3339, a.Now)
	if err != nil {
		return when.Context{}, fmt.Errorf("read now %q: it has to be like 2026-03-25T10:17:00+01:00", a.Now)
	}
	zone, err := time.LoadLocation(a.Zone)
	if err != nil || a.Zone == "" || a.Zone == "Local" {
		return when.Context{}, fmt.Errorf("read time zone %q: it has to be an IANA name, such as Europe/Berlin", a.Zone)
	}
	if !localeForm.MatchString(a.Locale) {
		return when.Context{}, fmt.Errorf("read locale %q: it has to be like en-US", a.Locale)
	}
	return when.Context{Now: now, Zone: zone, Locale: a.Locale}, nil
}

// datedFlags are those of commands that read dates.
func datedFlags(flags *flag.FlagSet) *datedAsked {
	var a datedAsked
	flags.StringVar(&a.Now, "now", time.Now().Format(time.RFC3339), "when it is said, `RFC3339`")
	flags.StringVar(&a.Zone, "tz", "UTC", "the person's time `zone`, an IANA name")
	flags.StringVar(&a.Locale, "locale", "en-US", "the person's `language`, BCP 47: it decides the words beside English, and the order of numbers")
	return &a
}

// understoodDue is a deadline with its instant.
type understoodDue struct {
	Date         when.Date  `json:"date"`
	Time         when.Clock `json:"time"`
	Zone         string     `json:"zone"`
	UTC          time.Time  `json:"utc"`
	ExplicitTime bool       `json:"explicit_time"`
}

func dueUnderstood(d when.Due) understoodDue {
	return understoodDue{Date: d.Date, Time: d.Time, Zone: d.Zone, UTC: d.UTC(), ExplicitTime: d.ExplicitTime}
}

func understoodDues(due *when.Due, others []when.Due) (first *understoodDue, dates []string) {
	if due != nil {
		understood := dueUnderstood(*due)
		first = &understood
	}
	dates = []string{}
	for _, d := range others { // they may differ in their times alone
		if date := d.Date.String(); !slices.Contains(dates, date) {
			dates = append(dates, date)
		}
	}
	return first, dates
}

// understoodParty is somebody to whom something is promised.
type understoodParty struct {
	User  string `json:"user,omitempty"`
	Name  string `json:"name,omitempty"`
	Org   string `json:"org,omitempty"`
	Email string `json:"email,omitempty"`
}

// understoodFollowup is how a text after /followup was understood.
type understoodFollowup struct {
	Action         bot.FollowupAction `json:"action"`
	ID             int                `json:"id,omitempty"`
	Owner          string             `json:"owner"`
	Proposed       bool               `json:"proposed"`
	Counterparties []understoodParty  `json:"counterparties"`
	Text           string             `json:"text"`
	Due            *understoodDue     `json:"due"`
	Alternatives   []string           `json:"alternatives"`
	Confirm        bool               `json:"confirm"`
	Every          *when.Every        `json:"every"`
	Notice         when.Notice        `json:"notice,omitempty"`
	Parts          []understoodPart   `json:"parts,omitempty"` // the pieces of a text with several deadlines
	Suggestions    []string           `json:"suggestions,omitempty"`
	Error          bot.FaultCode      `json:"error"`
}

// understoodPart is one piece of a text with several deadlines.
type understoodPart struct {
	Text string        `json:"text"`
	Due  understoodDue `json:"due"`
}

func parseFollowup(ctx context.Context, args []string, s streams) error {
	flags := flag.NewFlagSet("parse followup", flag.ContinueOnError)
	asked := datedFlags(flags)
	flags.StringVar(&asked.Invoker, "invoker", "U1", "who says it, a Slack user `id`")
	return parseDated(ctx, flags, asked, args, s, func(a datedAsked, c when.Context) any {
		return followupUnderstood(bot.ParseFollowup(a.Text, bot.FollowupContext{When: c, Invoker: cmp.Or(a.Invoker, "U1")}))
	})
}

// parseDated reads texts with who says them, when and where.
func parseDated(ctx context.Context, flags *flag.FlagSet, asked *datedAsked, args []string, s streams, understand func(datedAsked, when.Context) any) error {
	texts, asJSON, err := parseArguments(flags, args, s)
	if err != nil {
		return err
	}
	set := func(a *datedAsked, text string) { a.Text = text }
	return parseEach(ctx, strings.TrimPrefix(flags.Name(), "parse "), asJSON, texts, *asked, set, s, func(a datedAsked) (any, error) {
		c, err := a.context()
		if err != nil {
			return nil, err
		}
		return understand(a, c), nil
	})
}

func followupUnderstood(in bot.FollowupInput) understoodFollowup {
	u := understoodFollowup{
		Action: in.Action, ID: in.ID, Owner: in.Owner, Proposed: in.Proposed, Counterparties: []understoodParty{}, Text: in.Text,
		Confirm: in.Confirm, Every: in.Every, Notice: in.Notice, Error: in.Fault,
	}
	for _, cp := range in.Counterparties {
		u.Counterparties = append(u.Counterparties, understoodParty{User: cp.Member, Name: cp.Name, Org: cp.Org, Email: cp.Email})
	}
	u.Due, u.Alternatives = understoodDues(in.Due, in.Alternatives)
	for _, p := range in.Parts {
		u.Parts = append(u.Parts, understoodPart{Text: p.Text, Due: dueUnderstood(p.Due)})
	}
	_, u.Suggestions = understoodDues(nil, in.Suggestions)
	return u
}

// understoodDate is how a date phrase was understood.
type understoodDate struct {
	Due          *understoodDue `json:"due"`
	Alternatives []string       `json:"alternatives"`
	Confirm      bool           `json:"confirm"`
	Every        *when.Every    `json:"every"`
	Notice       when.Notice    `json:"notice,omitempty"`
	Suggestions  []string       `json:"suggestions,omitempty"`
	Error        when.ErrorCode `json:"error"`
}

func parseDate(ctx context.Context, args []string, s streams) error {
	flags := flag.NewFlagSet("parse date", flag.ContinueOnError)
	return parseDated(ctx, flags, datedFlags(flags), args, s, func(a datedAsked, c when.Context) any { return dateUnderstood(readDate(a.Text, c)) })
}

// readDate reads a phrase that is a date or a rule, and nothing else.
func readDate(text string, c when.Context) when.Result {
	r := when.Phrase(text, c)
	if r.Err != nil && r.Err.Code == when.NotADate {
		if rule := when.Trailing(text, c); rule.Every != nil && rule.Rest == "" {
			return rule
		}
	}
	return r
}

func dateUnderstood(r when.Result) understoodDate {
	u := understoodDate{Confirm: r.Confirm, Every: r.Every, Notice: r.Notice}
	u.Due, u.Alternatives = understoodDues(r.Due, r.Alternatives)
	if r.Err != nil {
		u.Error = r.Err.Code
		_, u.Suggestions = understoodDues(nil, r.Err.Suggestions)
	}
	return u
}
