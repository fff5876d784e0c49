package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/kelseyhightower/envconfig"
)

// config is the environment of `rapport run` and `rapport doctor`. Every secret can also come from a file: NAME_FILE holds its path.
type config struct {
	// SLACK_BOT_TOKEN is the bot's token (xoxb-…), from the app's page "OAuth & Permissions". Required.
	SlackBotToken string `envconfig:"SLACK_BOT_TOKEN" secret:"true"`
	// SLACK_APP_TOKEN is the app-level token (xapp-…) with the scope connections:write, from "Basic Information". Required.
	SlackAppToken string `envconfig:"SLACK_APP_TOKEN" secret:"true"`
	// SLACK_API_URL is where Slack's Web API is. Only a local Slack needs another one.
	SlackAPIURL string `envconfig:"SLACK_API_URL" default:"https://slack.com/api/"`
	// REDIS_URL is the store, where it is a server: redis://, rediss:// (TLS), unix://, redis+sentinel:// or redis+cluster:// (rediss+… for TLS), with user and password
	// if it has any. Empty: the store is inside the process, in the folder RAPPORT_DATA_DIR.
	RedisURL string `envconfig:"REDIS_URL" secret:"true"`
	// RAPPORT_DATA_DIR is the folder of the store inside the process, for one process and up to about 2,000 members. The first start makes it. Not looked at if
	// REDIS_URL is set.
	DataDir string `envconfig:"RAPPORT_DATA_DIR" default:"rapport-data"`
	// HTTP_ADDR is where /healthz, /readyz and /metrics are served; port 0 takes any free one, and the log says which. Empty serves nothing.
	HTTPAddr string `envconfig:"HTTP_ADDR" default:"127.0.0.1:8080"`
	// RAPPORT_KEY seals what people promised, and what else is for few: 32 bytes, in hexadecimal or base64. Without it, RAPPORT_KEY_PATH holds one. Keep a copy:
	// what it sealed cannot be read without it.
	Key string `envconfig:"RAPPORT_KEY" secret:"true"`
	// RAPPORT_KEY_OLD are keys that open and no longer seal, separated by commas, while RAPPORT_KEY is being replaced; `rapport data reseal` makes them
	// superfluous.
	OldKeys string `envconfig:"RAPPORT_KEY_OLD" secret:"true"`
	// RAPPORT_KEY_PATH is the file that holds the key if RAPPORT_KEY does not; the first start makes it, mode 0600.
	KeyPath string `envconfig:"RAPPORT_KEY_PATH" default:"rapport.key"`
	// RAPPORT_ZONE is the IANA time zone of people and channels that have none of their own.
	Zone string `envconfig:"RAPPORT_ZONE" default:"UTC"`
	// RAPPORT_INSTALLER is the Slack user id of whoever sets Rapport up: the only person to whom it writes unasked, once. Empty: the first
	// workspace admin who opens Home.
	Installer string `envconfig:"RAPPORT_INSTALLER"`
	// RAPPORT_DEPARTMENTS is the order in which sources of a person's department are asked: own (what they set themselves), profile, groups, csv (what
	// `rapport people import` read). The first that says anything counts; one that is left out is not asked.
	Departments string `envconfig:"RAPPORT_DEPARTMENTS" default:"own,profile,groups,csv"`
	// RAPPORT_DEPARTMENT_FIELD is the label of the profile field that holds a person's department.
	DepartmentField string `envconfig:"RAPPORT_DEPARTMENT_FIELD" default:"Department"`
	// RAPPORT_MANAGER_FIELD is the label of the profile field that holds a person's manager.
	ManagerField string `envconfig:"RAPPORT_MANAGER_FIELD" default:"Manager"`
	// RAPPORT_OFFICE_FIELD is the label of the profile field that holds a person's office. Empty: none does.
	OfficeField string `envconfig:"RAPPORT_OFFICE_FIELD"`
	// RAPPORT_LEVEL_FIELD is the label of the profile field that holds a person's level. Empty: none does.
	LevelField string `envconfig:"RAPPORT_LEVEL_FIELD"`
	// RAPPORT_DEPARTMENT_GROUPS are the user groups that are departments, separated by commas: handles such as @sales, or their beginnings such as dept-*. Whoever is in
	// several counts to the one named first. It needs the feature usergroups.
	DepartmentGroups []string `envconfig:"RAPPORT_DEPARTMENT_GROUPS"`
	// RAPPORT_FEATURES names the optional features that are wanted, separated by commas: `rapport doctor` checks that their scopes are granted.
	Features []string `envconfig:"RAPPORT_FEATURES"`
	// RAPPORT_KUDOS_A_DAY is how many kudos a person can give on one day of theirs, against spam, where /rapport workspace does not say.
	KudosADay int `envconfig:"RAPPORT_KUDOS_A_DAY" default:"20"`
	// RAPPORT_HOLIDAYS is whose public holidays are free days for who does not choose themselves: country codes such as DE, zone for those of each one's own
	// country, or names of files in RAPPORT_HOLIDAY_FILES; several are separated by commas. Empty or none: nobody's.
	Holidays string `envconfig:"RAPPORT_HOLIDAYS"`
	// RAPPORT_HOLIDAY_FILES is a folder of iCalendar files with free days of a company or a region, read at the start: <CODE>.ics each, such as DE-BY.ics or ACME.ics. One
	// that begins with a country's code and a hyphen adds to that country's days. Empty: there are none.
	HolidayFiles string `envconfig:"RAPPORT_HOLIDAY_FILES"`
	// RAPPORT_DISPATCH says who works on what is due: pool (each process by itself, also several on one Redis) or asynq (queues in Redis that all processes share, with
	// priorities, which asynq's own tools can look into). asynq needs REDIS_URL.
	Dispatch string `envconfig:"RAPPORT_DISPATCH" default:"pool"`
	// LOG_LEVEL is debug, info, warn or error.
	LogLevel string `envconfig:"LOG_LEVEL" default:"info"`
}

// problem is one thing that is wrong with a configuration, and what mends it.
type problem struct{ What, Cure string }

func (p problem) String() string { return p.What + "\n    → " + p.Cure }

// problems are all that is wrong, as one error.
type problems []problem

func (p problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = "  - " + one.String()
	}
	return fmt.Sprintf("%d problem(s) with the configuration:\n%s", len(p), strings.Join(lines, "\n"))
}

// readConfig reads the environment and checks every value that can be checked without the network. What is wrong comes all at once, as [problems].
func readConfig(env func(string) (string, bool)) (config, error) {
	var c config
	if err := envconfig.Process("", &c); err != nil {
		return c, problems{describeEnvError(err)}
	}
	found := c.readSecretFiles(env)
	found = append(found, c.check()...)
	if len(found) > 0 {
		return c, found
	}
	return c, nil
}

func describeEnvError(err error) problem {
	if parse, ok := errors.AsType[*envconfig.ParseError](err); ok {
		return problem{parse.KeyName + " cannot be read as " + parse.TypeName, "Give it a value of that kind, or unset it for its default."}
	}
	return problem{err.Error(), "See the table of variables in README.md."}
}

// readSecretFiles takes each secret from the file that NAME_FILE names, where that is set.
func (c *config) readSecretFiles(env func(string) (string, bool)) problems {
	var found problems
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Tag.Get("secret") == "" {
			continue
		}
		value, wrong := secretOr(env, field.Tag.Get("envconfig"), v.Field(i).String())
		if wrong != (problem{}) {
			found = append(found, wrong)
			continue
		}
		v.Field(i).SetString(value)
	}
	return found
}

// secretOr is a secret as it is set, or what the file holds that NAME_FILE names. The zero problem is none.
func secretOr(env func(string) (string, bool), name, value string) (string, problem) {
	path, _ := env(name + "_FILE")
	switch {
	case path == "":
		return value, problem{}
	case value != "":
		return "", problem{name + " and " + name + "_FILE are both set", "Keep one of them."}
	}
	data, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return "", problem{name + "_FILE cannot be read: " + err.Error(), "Check the path and its permissions."}
	}
	return strings.TrimSpace(string(data)), problem{}
}

// envSecret reads a secret from its variable or its file, for tools, which need no other configuration.
func envSecret(env func(string) (string, bool), name string) (string, error) {
	value, _ := env(name)
	value, wrong := secretOr(env, name, value)
	if wrong != (problem{}) {
		return "", fmt.Errorf("read %s: %s", name, wrong.What)
	}
	return value, nil
}

// check finds what is wrong without asking anybody. No value of a secret is in what it says.
func (c *config) check() problems {
	var found problems
	add := func(what, cure string) { found = append(found, problem{what, cure}) }
	checkToken(add, "SLACK_BOT_TOKEN", c.SlackBotToken, "xoxb-", `the bot token from the app's page "OAuth & Permissions"`)
	checkToken(add, "SLACK_APP_TOKEN", c.SlackAppToken, "xapp-", `an app-level token with the scope connections:write, from "Basic Information"`)
	if u, err := url.Parse(c.SlackAPIURL); err != nil || u.Host == "" || !strings.HasSuffix(c.SlackAPIURL, "/") {
		add("SLACK_API_URL is not a URL that ends in a slash", "Unset it for Slack itself, or use the api_url that the playground prints.")
	}
	if u, err := url.Parse(c.RedisURL); c.RedisURL != "" && (err != nil || !slices.Contains(redisSchemes, u.Scheme)) {
		add("REDIS_URL is not a redis://, rediss://, unix://, redis+sentinel:// or redis+cluster:// URL", "Such as redis://user:password@host:6379/0; empty for a store inside the process.")
	}
	if c.HTTPAddr != "" {
		if _, _, err := net.SplitHostPort(c.HTTPAddr); err != nil {
			add("HTTP_ADDR is not host:port", "Such as 127.0.0.1:8080; empty serves nothing.")
		}
	}
	if c.Key != "" {
		if _, err := decodeKey(c.Key); err != nil {
			add("RAPPORT_KEY is not 32 bytes in hexadecimal or base64", "Make one: openssl rand -hex 32.")
		}
	}
	if _, err := decodeKeys(c.OldKeys); err != nil {
		add("RAPPORT_KEY_OLD is not a list of keys of 32 bytes in hexadecimal or base64", "Separate them by commas; empty unless RAPPORT_KEY is being replaced.")
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" || c.Zone == "Local" {
		add("RAPPORT_ZONE is not an IANA time zone", "Such as Europe/Berlin or America/New_York.")
	}
	found = append(found, c.checkDepartments()...)
	_, wrong := c.calendars()
	found = append(found, wrong...)
	if c.KudosADay < 1 {
		add("RAPPORT_KUDOS_A_DAY is less than 1", "20 is the default.")
	}
	switch {
	case c.Dispatch != dispatchPool && c.Dispatch != dispatchAsynq:
		add("RAPPORT_DISPATCH is neither pool nor asynq", "pool is the default, and right unless you want to look into queues with asynq's tools.")
	case c.Dispatch == dispatchAsynq && c.RedisURL == "":
		add("RAPPORT_DISPATCH is asynq, but REDIS_URL is not set", "asynq keeps its queues in Redis: set REDIS_URL, or use pool.")
	}
	if _, err := parseLevel(c.LogLevel); err != nil {
		add("LOG_LEVEL is none of debug, info, warn, error", "info is the default.")
	}
	return found
}

// redisSchemes are those of the addresses that storage reads.
var redisSchemes = []string{"redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster"}

func checkToken(add func(what, cure string), name, token, prefix, want string) {
	switch {
	case token == "":
		add(name+" is not set", "Set it to "+want+".")
	case !strings.HasPrefix(token, prefix):
		add(name+" is a token of another kind: it does not begin with "+prefix, "Set it to "+want+".")
	}
}

// The values of RAPPORT_DISPATCH.
const (
	dispatchPool  = "pool"
	dispatchAsynq = "asynq"
)
