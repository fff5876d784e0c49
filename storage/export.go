package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Exported is how much an export holds.
type Exported struct {
	Team  string
	Keys  int
	Lines int // header and end among them
	Bytes int64
}

// Export writes everything that is stored of a workspace, so that [Server.Import] can put it into any other store. version is the program's, for
// whoever looks into the file. What is sealed stays sealed: the key is not in the export, and both sides need the same.
//
// It holds no more than a page at a time, and keeps nobody from working. So what changes while it is written may be in it or not: an import puts
// right what refers to something that is not there, but a store that is to be moved should not be written to meanwhile.
func (v *Server) Export(ctx context.Context, team string, w io.Writer, version string) (Exported, error) {
	s, err := v.unchecked(team)
	if err != nil {
		return Exported{}, err
	}
	state, err := s.readState(ctx)
	if err != nil {
		return Exported{}, err
	}
	if err := state.usable(); err != nil {
		return Exported{}, fmt.Errorf("export workspace %q: %w", team, err)
	}
	now := s.now()
	out := newExportWriter(w)
	h := exportHeader{Format: exportFormat, Schema: state.schema, Team: team, At: now.UTC().Truncate(time.Millisecond), Version: version}
	if err := out.write(h); err != nil {
		return Exported{}, err
	}
	done := Exported{Team: team}
	err = s.scan(ctx, func(keys []string) error {
		keys = slices.DeleteFunc(keys, s.keys.isAlive) // who runs on this store says nothing of the next
		for page := range slices.Chunk(keys, pipelineSize) {
			n, err := s.dump(ctx, now, page, out.write)
			done.Keys += n
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return done, fmt.Errorf("export workspace %q: %w", team, err)
	}
	if err := out.end(); err != nil {
		return done, err
	}
	done.Lines, done.Bytes = out.lines, out.bytes
	return done, nil
}

// dump writes what some keys hold. It returns how many of them are still there.
func (s *Store) dump(ctx context.Context, now time.Time, keys []string, write func(line any) error) (int, error) {
	lines, err := s.describe(ctx, now, keys)
	if err != nil {
		return 0, err
	}
	pipe := s.rdb.Pipeline()
	reads := make([]pageRead, len(lines))
	for i, l := range lines {
		reads[i] = s.readPage(ctx, pipe, l, 0)
	}
	if _, err := pipe.Exec(ctx); err != nil && !isNil(err) {
		return 0, fmt.Errorf("read %d keys: %w", len(lines), err)
	}
	for i, l := range lines {
		if err := s.dumpKey(ctx, l, reads[i], write); err != nil {
			return i, err
		}
	}
	return len(lines), nil
}

// describe reads of which type the keys are and when they go. A key that is gone is left out.
func (s *Store) describe(ctx context.Context, now time.Time, keys []string) ([]exportLine, error) {
	pipe := s.rdb.Pipeline()
	types, lives := make([]*redis.StatusCmd, len(keys)), make([]*redis.DurationCmd, len(keys))
	for i, key := range keys {
		types[i], lives[i] = pipe.Type(ctx, key), pipe.PTTL(ctx, key)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("read the types of %d keys: %w", len(keys), err)
	}
	lines := make([]exportLine, 0, len(keys))
	for i, key := range keys {
		l := exportLine{Key: strings.TrimPrefix(key, s.keys.prefix), Type: types[i].Val()}
		if l.Type == "none" {
			continue
		}
		if _, known := pairwise[l.Type]; !known {
			return nil, fmt.Errorf("read key %q: it is a %s, which no version of Rapport stores", l.Key, l.Type)
		}
		if life := lives[i].Val(); life > 0 { // negative: it stays
			l.Expires = now.Add(life).UTC().Truncate(time.Millisecond)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// dumpKey writes a key, page by page; first is the read of its first page.
func (s *Store) dumpKey(ctx context.Context, l exportLine, first pageRead, write func(line any) error) error {
	for read := first; ; {
		values, cursor, err := read()
		if isNil(err) {
			return nil // it went meanwhile
		}
		if err != nil {
			return fmt.Errorf("read key %q: %w", l.Key, err)
		}
		for _, part := range splitValues(values, pairwise[l.Type]) {
			line := l
			line.pack(part)
			if err := write(line); err != nil {
				return err
			}
			l.Part++
		}
		if cursor == 0 {
			return nil
		}
		pipe := s.rdb.Pipeline()
		read = s.readPage(ctx, pipe, l, cursor)
		if _, err := pipe.Exec(ctx); err != nil && !isNil(err) {
			return fmt.Errorf("read key %q: %w", l.Key, err)
		}
	}
}

// pageRead is a page that was asked for, and where the next one begins; 0 after the last.
type pageRead func() (values []string, next uint64, err error)

// readPage asks for a page of a key.
func (s *Store) readPage(ctx context.Context, pipe redis.Pipeliner, l exportLine, cursor uint64) pageRead {
	key := s.keys.prefix + l.Key
	switch l.Type {
	case "hash":
		return pipe.HScan(ctx, key, cursor, "", scanPage).Result
	case "zset":
		return pipe.ZScan(ctx, key, cursor, "", scanPage).Result
	case "set":
		return pipe.SScan(ctx, key, cursor, "", scanPage).Result
	case "list":
		read := pipe.LRange(ctx, key, int64(cursor), int64(cursor)+scanPage-1) //nolint:gosec // a list's length fits
		return func() ([]string, uint64, error) {
			values, err := read.Result()
			if len(values) < scanPage {
				return values, 0, err
			}
			return values, cursor + scanPage, err
		}
	}
	read := pipe.Get(ctx, key)
	return func() ([]string, uint64, error) {
		value, err := read.Result()
		return []string{value}, 0, err
	}
}

// lineBytes is how much a line of several values holds at most, roughly.
const lineBytes = 1 << 18

// splitValues cuts values into lines; twos keeps those together that belong together.
func splitValues(values []string, twos bool) [][]string {
	var lines [][]string
	step := 1
	if twos {
		step = 2
	}
	start, size := 0, 0
	for i := 0; i < len(values); i += step {
		one := 0
		for _, v := range values[i:min(i+step, len(values))] {
			one += len(v)
		}
		if i > start && (size+one > lineBytes || i-start >= step*scanPage) {
			lines, start, size = append(lines, values[start:i]), i, 0
		}
		size += one
	}
	if start < len(values) {
		lines = append(lines, values[start:])
	}
	return lines
}

// errImporting is the answer of a store whose import broke off.
var errImporting = errors.New("an import has not finished: run it again")
