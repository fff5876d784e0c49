package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// ImportOptions say what to import and over what.
type ImportOptions struct {
	// Team is whose export is expected. Empty: whosever it is.
	Team string
	// Replace deletes what the store holds of the workspace. Without it a store that holds the workspace is refused.
	Replace bool
	// Force does it although a bot gives signs of life ([ErrAlive]).
	Force bool
}

// Imported is what an import brought.
type Imported struct {
	Team    string
	At      time.Time // when the export was made
	Version string    // of the program that made it
	Schema  int       // that it had
	Lines   int
	Erased  int // people who were forgotten since the export was made, and now again
	// KeysTried says that the sealing keys open what the export holds. Without keys nobody can try: the export brings its probes along, so that the bot notices
	// when it starts.
	KeysTried bool
}

// Errors of an import that was refused before the first write.
var (
	// ErrHeld is the answer of a store that holds the workspace already.
	ErrHeld = errors.New("the store holds this workspace already: look whether it is the right one, then say --replace")
	// ErrLive is the answer of a folder that a bot runs on.
	ErrLive = errors.New("a bot runs on this folder: stop it first")
)

// Import puts an export into the store. The file is read twice: all of it is checked before the first write, so one that is cut, changed, of a newer
// version or of another kind changes nothing ([BadExportError]), nor does one with texts that none of the keys in the options opens ([ErrOtherKey]).
//
// Nobody else may write to the workspace meanwhile: stop its bots; while one gives signs of life this is [ErrAlive]. From before the first write until after the last, the store is marked, and
// [Open] refuses it; an import that broke off is made again from the beginning, without Replace.
//
// Who was forgotten after the export was made stays forgotten: the store's own list of them outlives Replace, and they are forgotten again before the
// mark is taken away. Messages that the export says are waiting may have gone out since: they are in doubt, as after any restore ([Store.MarkRestored]).
//
// What was stored while the export was being written can refer to what is not in it; the lists of kudos and commitments and the ledger's queues are
// therefore made anew from the objects and records themselves.
func (v *Server) Import(ctx context.Context, file io.ReadSeeker, o ImportOptions) (Imported, error) {
	if v.live {
		return Imported{}, ErrLive
	}
	found, err := checkExport(file)
	if err != nil {
		return Imported{}, err
	}
	h := found.header
	if o.Team != "" && o.Team != h.Team {
		return Imported{}, fmt.Errorf("import workspace %q: the export is of %q", o.Team, h.Team)
	}
	s, err := v.unchecked(h.Team)
	if err != nil {
		return Imported{}, err
	}
	if err = s.mayOpen(found.sealed); err == nil {
		err = s.mayImport(ctx, o)
	}
	if err != nil {
		return Imported{}, fmt.Errorf("import workspace %q: %w", h.Team, err)
	}
	done := Imported{Team: h.Team, At: h.At, Version: h.Version, Schema: h.Schema, Lines: found.lines, KeysTried: !s.seals.throwaway}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return Imported{}, fmt.Errorf("read export again: %w", err)
	}
	if done.Erased, err = s.replaceAll(ctx, file, h, found.sum); err != nil {
		return done, fmt.Errorf("import workspace %q: %w", h.Team, err)
	}
	return done, nil
}

// VerifyExport reads an export from where the file stands to its end and goes back to its beginning. One that [Server.Import] would refuse whatever the store holds is
// a [BadExportError]: so a tool learns that before it makes a store to put it in.
func VerifyExport(file io.ReadSeeker) error {
	if _, err := checkExport(file); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read export again: %w", err)
	}
	return nil
}

// checkedExport is what the first reading of an export found.
type checkedExport struct {
	header exportHeader
	sum    string
	lines  int
	sealed sealedExport
}

// checkExport reads a file from where it stands to its end.
func checkExport(file io.Reader) (found checkedExport, err error) {
	r, h, err := openExport(file)
	if err != nil {
		return found, err
	}
	found.header = h
	found.sum, err = r.each(func(l exportLine, values []string) error {
		found.sealed.see(l, values)
		return nil
	})
	found.lines = r.lines
	return found, err
}

// mayImport refuses to put something over a workspace unasked, or under a bot.
func (s *Store) mayImport(ctx context.Context, o ImportOptions) error {
	if !o.Force {
		if err := s.nobodyAlive(ctx); err != nil {
			return err
		}
	}
	state, err := s.readState(ctx)
	if err != nil || state.importing != "" {
		return err // one that broke off was allowed, and is made again
	}
	if state.schema > schema {
		return state.usable()
	}
	held, err := s.holds(ctx)
	if err != nil || !held || o.Replace {
		return err
	}
	return ErrHeld
}

// holds reports whether anything is stored that a bot which was only started once, and never connected, would not have left.
func (s *Store) holds(ctx context.Context) (bool, error) {
	errFound := errors.New("found")
	err := s.scan(ctx, func(keys []string) error {
		for _, key := range keys {
			if key != s.keys.meta() && key != s.keys.erased() && key != s.keys.ledger() && !s.keys.isAlive(key) {
				return errFound
			}
		}
		return nil
	})
	if errors.Is(err, errFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	held, err := s.rdb.HExists(ctx, s.keys.meta(), workspaceField).Result()
	if err != nil {
		return false, fmt.Errorf("look for workspace: %w", err)
	}
	return held, nil
}

// replaceAll puts what an export holds in the place of everything that is stored, and returns how many people were forgotten again. Made again after it broke
// off, it comes to the same.
func (s *Store) replaceAll(ctx context.Context, file io.Reader, h exportHeader, sum string) (erased int, err error) {
	now := s.now()
	if s.age != nil {
		s.age(now)
	}
	if state, err := s.readState(ctx); err != nil {
		return 0, err
	} else if state.schema > 0 && state.schema < schema && state.importing == "" {
		if err := s.migrateInTurn(ctx); err != nil { // who was forgotten stands elsewhere in older ones
			return 0, err
		}
	}
	if err := s.rdb.HSet(ctx, s.keys.meta(), importField, sum+" "+floorMillis(now)).Err(); err != nil {
		return 0, fmt.Errorf("mark store: %w", err)
	}
	if err := s.clearForImport(ctx, h.Schema); err != nil {
		return 0, err
	}
	if err := s.load(ctx, file, now, sum); err != nil {
		return 0, err
	}
	return s.finishImport(ctx, h, now)
}

// clearForImport deletes everything but the mark and the list of who was forgotten.
func (s *Store) clearForImport(ctx context.Context, schema int) error {
	if _, err := s.wipe(ctx, s.keys.meta(), s.keys.erased()); err != nil {
		return err
	}
	fields, err := s.rdb.HKeys(ctx, s.keys.meta()).Result()
	if err != nil {
		return fmt.Errorf("list what is known of the store: %w", err)
	}
	fields = slices.DeleteFunc(fields, func(f string) bool { return f == importField })
	pipe := s.rdb.Pipeline()
	if len(fields) > 0 {
		pipe.HDel(ctx, s.keys.meta(), fields...)
	}
	pipe.HSet(ctx, s.keys.meta(), schemaField, schema)
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("prepare store: %w", err)
	}
	return nil
}

// load writes the lines of an export.
func (s *Store) load(ctx context.Context, file io.Reader, now time.Time, sum string) error {
	r, _, err := openExport(file)
	if err != nil {
		return err
	}
	erased, err := s.rdb.HGetAll(ctx, s.keys.erased()).Result()
	if err != nil {
		return fmt.Errorf("list who was forgotten: %w", err)
	}
	w := importWriter{store: s, pipe: s.rdb.Pipeline(), now: now, erased: erased}
	again, err := r.each(func(l exportLine, values []string) error { return w.write(ctx, l, values) })
	if err != nil {
		return err
	}
	if err := w.flush(ctx); err != nil {
		return err
	}
	if again != sum {
		return errors.New("read export again: the file changed meanwhile")
	}
	return nil
}

// finishImport brings what was loaded up to date and takes the mark away.
func (s *Store) finishImport(ctx context.Context, h exportHeader, now time.Time) (erased int, err error) {
	if err := s.migrateInTurn(ctx); err != nil {
		return 0, err
	}
	if err := s.mend(ctx); err != nil {
		return 0, err
	}
	if erased, err = s.eraseAgain(ctx, h.At); err != nil {
		return erased, err
	}
	if err := s.MarkRestored(ctx, now); err != nil {
		return erased, err
	}
	if err := s.rdb.HDel(ctx, s.keys.meta(), importField).Err(); err != nil {
		return erased, fmt.Errorf("take mark from store: %w", err)
	}
	return erased, nil
}

// importWriter writes lines in batches.
type importWriter struct {
	store  *Store
	pipe   redis.Pipeliner
	now    time.Time
	erased map[string]string // what the store says of who was forgotten, and when
	bytes  int
}

// importBatch is how many bytes go out together, roughly.
const importBatch = 1 << 20

func (w *importWriter) write(ctx context.Context, l exportLine, values []string) error {
	key := w.store.keys.prefix + l.Key
	switch key {
	case w.store.keys.meta():
		values = without(values, schemaField, importField, migratingField)
	case w.store.keys.erased():
		values = w.laterErased(values)
	default:
		if l.Part == 0 {
			w.pipe.Unlink(ctx, key)
		}
	}
	if len(values) == 0 || !l.Expires.IsZero() && !l.Expires.After(w.now) {
		return nil
	}
	w.pipe.Do(ctx, loadCommand(l.Type, key, values)...)
	if !l.Expires.IsZero() {
		w.pipe.PExpire(ctx, key, l.Expires.Sub(w.now))
	}
	for _, v := range values {
		w.bytes += len(v)
	}
	if w.pipe.Len() < pipelineSize && w.bytes < importBatch {
		return nil
	}
	return w.flush(ctx)
}

// loadCommand writes values to a key.
func loadCommand(kind, key string, values []string) []any {
	name := map[string]string{"string": "SET", "hash": "HSET", "zset": "ZADD", "set": "SADD", "list": "RPUSH"}[kind]
	command := make([]any, 2, len(values)+2)
	command[0], command[1] = name, key
	if kind == "zset" { // scanned as member, score; added as score, member
		for i := 0; i+1 < len(values); i += 2 {
			command = append(command, values[i+1], values[i])
		}
		return command
	}
	for _, v := range values {
		command = append(command, v)
	}
	return command
}

// without leaves fields out.
func without(values []string, fields ...string) []string {
	var kept []string
	for pair := range slices.Chunk(values, 2) {
		if !slices.Contains(fields, pair[0]) {
			kept = append(kept, pair...)
		}
	}
	return kept
}

// laterErased leaves out whom the store knows to have been forgotten later than the export says.
func (w *importWriter) laterErased(values []string) []string {
	var kept []string
	for pair := range slices.Chunk(values, 2) {
		ours, _ := strconv.ParseInt(w.erased[pair[0]], 10, 64) // 0: not known
		if theirs, err := strconv.ParseInt(pair[1], 10, 64); err == nil && theirs > ours {
			kept = append(kept, pair...)
		}
	}
	return kept
}

func (w *importWriter) flush(ctx context.Context) error {
	if w.pipe.Len() == 0 {
		return nil
	}
	w.bytes = 0
	if _, err := w.pipe.Exec(ctx); err != nil {
		return fmt.Errorf("write what was exported: %w", err)
	}
	return nil
}
