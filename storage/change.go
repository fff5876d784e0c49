package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/bot"
)

// Windows in which the same thing counts as repeated.
const (
	tokenWindow = 3 * time.Hour   // the same token
	twinWindow  = 2 * time.Minute // the same kudos
)

// change is what commit.lua does in one step. Its fields are the script's; see there.
type change struct {
	ID      string      `json:"id,omitempty"`
	Once    []onceStep  `json:"once,omitempty"`
	Seq     *seqStep    `json:"seq,omitempty"`
	Check   []checkStep `json:"check,omitempty"`
	Count   []countStep `json:"count,omitempty"`
	Ops     [][]any     `json:"ops,omitempty"`
	Sends   []sendStep  `json:"sends,omitempty"`
	Tombs   []int       `json:"tombs,omitempty"`
	Entries []entryStep `json:"entries,omitempty"`
	keys    *keyList    // what the steps name by index
	now     time.Time   // of the change
	names   keys        // of the workspace
}

type onceStep struct {
	Key    int    `json:"k"`
	Window string `json:"window"`
}

type seqStep struct {
	Key    int    `json:"k"`
	Number string `json:"n"`
	By     int    `json:"by,omitempty"` // numbers drawn; 0 for one
}

type checkStep struct {
	Key     int    `json:"k"`
	Field   string `json:"f"`
	Version string `json:"v"`
}

type countStep struct {
	Key    int    `json:"k"`
	Field  string `json:"f"`
	Period string `json:"p"`
	By     int    `json:"by"`
	Max    int    `json:"max"`
}

type entryStep struct {
	Key    int    `json:"k"`
	Next   int    `json:"z"`
	Since  int    `json:"s"`
	Number int    `json:"q"`
	Name   string `json:"name"`
	JSON   string `json:"json"`
	Off    bool   `json:"off,omitempty"`
}

// keyList numbers the keys of a script call, each once, from 1 as Lua counts.
type keyList struct {
	list  []string
	index map[string]int
}

func newKeyList(first ...string) *keyList {
	l := &keyList{index: make(map[string]int, len(first)+8)}
	for _, key := range first {
		l.of(key)
	}
	return l
}

func (l *keyList) of(key string) int {
	i, ok := l.index[key]
	if !ok {
		l.list = append(l.list, key)
		i = len(l.list)
		l.index[key] = i
	}
	return i
}

func (s *Store) change() *change {
	return &change{keys: newKeyList(s.keys.meta()), now: s.now(), names: s.keys}
}

// once makes the change idempotent by a token; the empty one stands for none.
func (c *change) once(token bot.Token) {
	if token != "" {
		c.onceKey(c.names.token(token), tokenWindow)
	}
}

func (c *change) onceKey(key string, window time.Duration) {
	c.Once = append(c.Once, onceStep{Key: c.keys.of(key), Window: strconv.FormatInt(window.Milliseconds(), 10)})
}

// put stores an object in a field of a hash if the version that stands there is the given one, as one version higher. The object has to
// hold that higher version itself.
func (c *change) put(key, field string, version int, object any) error {
	value, err := encodeValue(version+1, object)
	if err != nil {
		return err
	}
	c.Check = append(c.Check, checkStep{Key: c.keys.of(key), Field: field, Version: strconv.Itoa(version)})
	c.op("HSET", key, field, value)
	return nil
}

// need lets the change be made only where a field of a hash is there.
func (c *change) need(key, field string) {
	c.Check = append(c.Check, checkStep{Key: c.keys.of(key), Field: field, Version: "*"})
}

// remove deletes an object from a field of a hash if the version that stands there is still the given one.
func (c *change) remove(key, field string, version int) {
	c.Check = append(c.Check, checkStep{Key: c.keys.of(key), Field: field, Version: strconv.Itoa(version)})
	c.op("HDEL", key, field)
}

// count raises a giver's counter of a day, or lowers it.
func (c *change) count(key, field string, day bot.Date, by, limit int) {
	period := fmt.Sprintf("%04d-%02d-%02d", day.Year, day.Month, day.Day)
	c.Count = append(c.Count, countStep{Key: c.keys.of(key), Field: field, Period: period, By: by, Max: limit})
}

// op adds a write.
func (c *change) op(command, key string, args ...any) {
	c.Ops = append(c.Ops, append([]any{command, c.keys.of(key)}, args...))
}

// fieldsAtOnce is how many fields of a hash one command of a script writes: Lua hands over no more than some thousand arguments.
const fieldsAtOnce = 500

// hset adds the writing of many fields and values, in turn.
func (c *change) hset(key string, fields []any) {
	for part := range slices.Chunk(fields, 2*fieldsAtOnce) {
		c.op("HSET", key, part...)
	}
}

// send adds the intents; "{id}" in them becomes the change's id.
func (c *change) send(intents bot.Intents) {
	if len(intents) == 0 {
		return
	}
	c.Tombs = c.keys.tombs(c.names.recentTombs(c.now))
	for _, s := range intents {
		s.SID, s.Ref = c.numbered(s.SID), c.numbered(s.Ref)
		s.Thread, s.Replaces = c.numbered(s.Thread), c.numbered(s.Replaces)
		c.Sends = append(c.Sends, newSendStep(c.keys, c.names, s))
	}
}

// tombs lists indexes of tombstone hashes.
func (l *keyList) tombs(hashes []string) []int {
	list := make([]int, 0, len(hashes))
	for _, key := range hashes {
		list = append(list, l.of(key))
	}
	return list
}

// schedule adds a schedule entry; one without a name is none.
func (c *change) schedule(e bot.Entry) error {
	e.Name = c.numbered(e.Name)
	if e.Name == "" {
		return nil
	}
	text, err := encodeJSON(e)
	if err != nil {
		return err
	}
	c.Entries = append(c.Entries, entryStep{
		Key: c.keys.of(c.names.entries()), Next: c.keys.of(c.names.next()), Since: c.keys.of(c.names.since()), Number: c.keys.of(c.names.sequence(nounEntry)),
		Name: e.Name, JSON: text, Off: e.Off,
	})
	return nil
}

func (c *change) numbered(s string) string { return strings.ReplaceAll(s, "{id}", c.ID) }

// errNumber says that the sequence stands elsewhere than the change took it to.
type errNumber struct{ stands int }

func (e errNumber) Error() string { return "sequence stands at " + strconv.Itoa(e.stands) }

// repeatedError is [bot.ErrRepeated] with what the first change made.
type repeatedError struct{ id string }

func (e repeatedError) Error() string { return bot.ErrRepeated.Error() + " as " + strconv.Quote(e.id) }
func (e repeatedError) Unwrap() error { return bot.ErrRepeated }

// commit applies the change, or answers [bot.ErrConflict], [bot.ErrLimit], [ErrEmptied], a repeatedError or an errNumber.
func (s *Store) commit(ctx context.Context, c *change) error {
	text, err := encodeJSON(c)
	if err != nil {
		return err
	}
	if s.age != nil {
		s.age(c.now)
	}
	cmd, err := s.confirmed(ctx, commitScript, c.keys.list, floorMillis(c.now), s.call(), text)
	if err != nil { // also one that no replica confirmed: it may be gone tomorrow, and whoever asks again with the same token learns more
		return fmt.Errorf("commit change: %w", err)
	}
	reply, err := cmd.Slice()
	if err != nil {
		return fmt.Errorf("commit change: %w", err)
	}
	return readCommit(reply)
}

func readCommit(reply []any) error {
	if len(reply) != 2 {
		return fmt.Errorf("read commit's answer: %d parts instead of 2", len(reply))
	}
	detail := fmt.Sprint(reply[1])
	switch reply[0] {
	case "ok":
		return nil
	case "repeated":
		return repeatedError{id: detail}
	case "conflict":
		return bot.ErrConflict
	case "limit":
		return bot.ErrLimit
	case "emptied":
		return ErrEmptied
	case "number":
		n, err := strconv.Atoi(detail)
		if err != nil {
			return fmt.Errorf("read commit's answer: sequence %q: %w", detail, err)
		}
		return errNumber{stands: n}
	}
	return fmt.Errorf("read commit's answer: %v", reply[0])
}

// numbering hands out the numbers of a noun to one change at a time: a change has to name its keys, and with them its number, before the server
// draws it. So the store takes the one after the last it saw, and asks again if another process was quicker.
type numbering struct {
	turn chan struct{} // holds one element while nobody draws
	last int           // where the sequence was seen
}

func newNumbering() *numbering {
	n := &numbering{turn: make(chan struct{}, 1)}
	n.turn <- struct{}{}
	return n
}

// numberAttempts bounds how often a number is drawn again. The first change after a start needs two.
const numberAttempts = 20

// commitNumbered commits what build makes of the next number of a noun, and returns the number.
func (s *Store) commitNumbered(ctx context.Context, noun string, build func(c *change, number int) error) (int, error) {
	return s.commitNumbers(ctx, noun, 1, build)
}

// commitNumbers commits what build makes of the next few numbers of a noun, at least one, and returns the first of them. The change's id is the last
// one, unless build sets another.
func (s *Store) commitNumbers(ctx context.Context, noun string, count int, build func(c *change, first int) error) (int, error) {
	n := s.numbers[noun]
	select {
	case <-n.turn:
	case <-ctx.Done():
		return 0, fmt.Errorf("draw number of %s: %w", noun, ctx.Err())
	}
	defer func() { n.turn <- struct{}{} }()
	for range numberAttempts {
		first, last := n.last+1, n.last+count
		c := s.change()
		c.ID = strconv.Itoa(last)
		c.Seq = &seqStep{Key: c.keys.of(s.keys.sequence(noun)), Number: c.ID, By: count}
		if err := build(c, first); err != nil {
			return 0, err
		}
		err := s.commit(ctx, c)
		if other, ok := errors.AsType[errNumber](err); ok {
			n.last = other.stands
			continue
		}
		if err == nil {
			n.last = last
		}
		return first, err
	}
	return 0, fmt.Errorf("draw number of %s: others were quicker %d times: %w", noun, numberAttempts, bot.ErrConflict)
}
