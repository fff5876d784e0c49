package main

import (
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/bot/pairing"
)

// The most that a command line may ask for, so that a mistyped number is noticed.
const (
	longestRound  = 366
	longestWindow = 10_000
	mostSimulated = 10_000
)

// matchCall is what a command line says of a match.
type matchCall struct {
	files    matchFiles
	rules    pairing.Rules // without blocks, which are in a file
	date     time.Time     // midnight UTC of the round's first day
	days     int
	seed     uint64
	json     bool
	simulate int      // how many rounds; 0 is one round, which is printed whole
	plain    []string // the flags that were given and that a replay has to repeat
	wishes   []string // and those that say what is preferred and required
}

func parseMatch(args []string, s streams, now time.Time) (matchCall, error) {
	c := matchCall{rules: pairing.Rules{Size: 2, MinOverlap: pairing.DefaultMinOverlap}}
	var date, seed string
	fs := flag.NewFlagSet("match", flag.ContinueOnError)
	fs.StringVar(&c.files.members, "members", "", "CSV `FILE` of the people, with a line that names the columns; needs a column id; - is standard input")
	fs.StringVar(&c.files.history, "history", "", "CSV `FILE` of who met whom: a,b,round,met")
	fs.StringVar(&c.files.blocks, "blocks", "", "CSV `FILE` of who must never meet whom: a,b")
	fs.IntVar(&c.rules.Size, "size", 2, "how many people meet: 2, 3 or 4")
	fs.StringVar(&date, "date", "", "first `DAY` of the round, such as 2026-03-30; today if not given")
	fs.StringVar(&seed, "seed", "", "`NUMBER` that decides between equals: the same files, date and seed give the same round; the date's digits if not given, such as 20260330")
	fs.IntVar(&c.days, "days", pairing.DefaultDays, "how many days a round lasts")
	fs.IntVar(&c.rules.Window, "window", pairing.DefaultWindow, "for how many rounds meeting again counts as a repeat")
	fs.BoolVar(&c.rules.Trios, "trio", true, "an odd number of people makes one group of three; else somebody sits out, in turn")
	fs.Func("different", "`WISH` for people who differ: department=require, prefer (so if not given) or ignore; also office, level, tenure=prefer; may be repeated", c.different)
	fs.Func("same", "`WISH` for people who are alike: office, level or tenure=prefer; may be repeated", c.same)
	fs.Func("overlap", "`WISH` for working hours in common: 2h=require, 2h=prefer, prefer (half an hour, so if not given) or ignore", c.overlap)
	fs.Func("language", "`WISH` for a language in common: require, prefer (so if not given) or ignore", c.language)
	fs.Func("manager", "whether `PEOPLE` may meet their own manager: allow (so if not given) or exclude", c.manager)
	fs.BoolVar(&c.json, "json", false, "as one JSON document")
	fs.IntVar(&c.simulate, "simulate", 0, "plays this `NUMBER` of rounds, one after the other, and tells what became of them")
	if err := parseFlags(fs, args, s); err != nil {
		return c, err
	}
	err := c.check()
	fs.Visit(func(f *flag.Flag) {
		if f.Name == "simulate" && c.simulate == 0 && err == nil {
			err = errSimulate // else it would quietly be one ordinary round
		}
	})
	if err == nil {
		err = c.settle(date, seed, now)
	}
	if err != nil {
		fmt.Fprintf(s.err, "rapport match: %v\n", err)
		return c, errUsage
	}
	fs.Visit(c.remember)
	return c, nil
}

var errSimulate = fmt.Errorf("--simulate: from 1 to %d rounds", mostSimulated)

// check reports the first number on the command line that cannot be.
func (c *matchCall) check() error {
	switch {
	case c.files.members == "":
		return fmt.Errorf("--members: name the CSV file of the people; - is standard input")
	case c.fromInput() > 1:
		return fmt.Errorf("only one file can be standard input")
	case c.rules.Size < 2 || c.rules.Size > 4:
		return fmt.Errorf("--size: 2, 3 or 4")
	case c.days < 1 || c.days > longestRound:
		return fmt.Errorf("--days: from 1 to %d", longestRound)
	case c.rules.Window < 1 || c.rules.Window > longestWindow:
		return fmt.Errorf("--window: from 1 to %d", longestWindow)
	case c.simulate < 0 || c.simulate > mostSimulated:
		return errSimulate
	}
	return nil
}

// fromInput counts the files that are standard input.
func (c *matchCall) fromInput() int {
	n := 0
	for _, name := range []string{c.files.members, c.files.history, c.files.blocks} {
		if name == "-" {
			n++
		}
	}
	return n
}

// settle reads date and seed, or takes their defaults.
func (c *matchCall) settle(date, seed string, now time.Time) error {
	year, month, day := now.Date()
	c.date = time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	var err error
	if date != "" {
		if c.date, err = time.Parse(time.DateOnly, date); err != nil {
			return fmt.Errorf("--date: %q is no day; write it as 2026-03-30", date)
		}
	}
	if seed == "" {
		seed = c.date.Format("20060102")
	}
	if c.seed, err = strconv.ParseUint(seed, 10, 64); err != nil {
		return fmt.Errorf("--seed: %q is no whole number from 0 to %d", seed, uint64(1<<64-1))
	}
	return nil
}

// remember keeps a flag for the line that replays the round; date and seed are said there in any case.
func (c *matchCall) remember(f *flag.Flag) {
	switch f.Name {
	case "members", "date", "seed", "json", "simulate", "different", "same", "overlap", "language", "manager":
	default:
		c.plain = append(c.plain, "--"+f.Name+"="+f.Value.String())
	}
}

// strictness reads how much something is wanted.
func strictness(word string) (pairing.Preference, error) {
	switch word {
	case "require":
		return pairing.Require, nil
	case "prefer":
		return pairing.Prefer, nil
	case "ignore":
		return pairing.Ignore, nil
	}
	return 0, fmt.Errorf("%q is not require, prefer or ignore", word)
}

func (c *matchCall) different(value string) error {
	what, wish, _ := strings.Cut(value, "=")
	if what == "department" {
		var err error
		if c.rules.Department, err = strictness(wish); err == nil {
			c.repeat("different", value)
		}
		return err
	}
	return c.lean("different", value, pairing.Apart, "department, office, level or tenure")
}

func (c *matchCall) same(value string) error {
	return c.lean("same", value, pairing.Alike, "office, level or tenure")
}

// lean sets an attribute that can break near ties and no more.
func (c *matchCall) lean(name, value string, to pairing.Affinity, known string) error {
	what, wish, _ := strings.Cut(value, "=")
	attribute, found := map[string]*pairing.Affinity{"office": &c.rules.Office, "level": &c.rules.Level, "tenure": &c.rules.Tenure}[what]
	switch {
	case !found && meant(what, known) != "":
		return fmt.Errorf("%q is not %s; did you mean %s?", what, known, meant(what, known))
	case !found:
		return fmt.Errorf("%q is not %s; write it as office=prefer", what, known)
	case wish == "ignore":
		to = pairing.Indifferent
	case wish != "prefer":
		return fmt.Errorf("%q is not prefer or ignore: of these, only department can be required", wish)
	}
	*attribute = to
	c.repeat(name, value)
	return nil
}

// meant is the one of some words that begins as a mistyped one does; empty if none does.
func meant(typed, known string) string {
	const enough = 3
	for word := range strings.FieldsFuncSeq(known, func(r rune) bool { return r == ',' || r == ' ' }) {
		if len(typed) >= enough && len(word) >= enough && strings.EqualFold(typed[:enough], word[:enough]) {
			return word
		}
	}
	return ""
}

func (c *matchCall) overlap(value string) error {
	length, wish, both := strings.Cut(value, "=")
	if !both {
		if _, err := time.ParseDuration(value); err == nil {
			wish = "prefer"
		} else {
			length, wish = pairing.DefaultMinOverlap.String(), value
		}
	}
	least, err := time.ParseDuration(length)
	if err != nil || least < time.Minute || least > 24*time.Hour {
		return fmt.Errorf("%q is no length from 1m to 24h; write it as 2h or 30m", length)
	}
	if c.rules.Overlap, err = strictness(wish); err != nil {
		return err
	}
	c.rules.MinOverlap = least
	c.repeat("overlap", value)
	return nil
}

func (c *matchCall) language(value string) (err error) {
	if c.rules.Language, err = strictness(value); err == nil {
		c.repeat("language", value)
	}
	return err
}

func (c *matchCall) manager(value string) error {
	switch value {
	case "exclude":
		c.rules.ExcludeManager = true
	case "allow":
		c.rules.ExcludeManager = false
	default:
		return fmt.Errorf("%q is not exclude or allow", value)
	}
	c.repeat("manager", value)
	return nil
}

// repeat keeps a flag whose value the flag package does not, for the line that replays the round.
func (c *matchCall) repeat(name, value string) {
	c.wishes = append(c.wishes, "--"+name+"="+value)
}

// replay is the command line that makes a round again.
func (c *matchCall) replay(date time.Time, seed uint64) string {
	words := []string{"rapport", "match"}
	for _, flag := range slices.Concat([]string{"--members=" + c.files.members}, c.plain, c.wishes) {
		words = append(words, shellWord(flag))
	}
	return strings.Join(append(words, "--date="+date.Format(time.DateOnly), "--seed="+strconv.FormatUint(seed, 10)), " ")
}

// shellWord quotes a word where a shell would read something else.
func shellWord(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_=./,:@%+", r)
	}
	if strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
