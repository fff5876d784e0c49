package storage

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// recovered is what reading the folder found beside the state.
type recovered struct {
	files    durableFiles
	logs     []readLog
	restored bool // the folder is a copy, and nobody has written down the doubt that this brings
	bytes    int64
}

// readLog is what was found in one log.
type readLog struct {
	name    string
	header  fileHeader
	frames  uint64
	good    int64 // bytes up to the end of the last whole frame
	torn    int64 // bytes behind that
	batches int
	ended   bool
	marked  bool
	copied  bool // its birth is not what it says of itself
}

// recoverFolder brings the engine to the state that the folder holds, and changes nothing there.
func recoverFolder(dir string, e *engine) (recovered, error) {
	files, err := listDurable(dir)
	found := recovered{files: files}
	if err != nil {
		return found, err
	}
	before := ""
	if files.snapshot != nil {
		if before, err = e.readSnapshot(dir, files); err != nil {
			return found, err
		}
	}
	for i, entry := range files.logs {
		log, err := e.readLog(dir, entry.name)
		if err != nil {
			return found, err
		}
		if i > 0 && log.header.Before != before || i == 0 && files.snapshot != nil && entry.name != before {
			return found, missing(dir, fmt.Sprintf("log %q does not follow on what is before it", entry.name))
		}
		before = entry.name
		found.logs = append(found.logs, log)
		found.bytes += log.good
	}
	return found, found.judge(dir)
}

// judge refuses a log that ends early with something behind it, drops logs that were only begun, and tells a copy.
func (r *recovered) judge(dir string) error {
	for i, log := range r.logs {
		if log.ended {
			continue
		}
		for _, later := range r.logs[i+1:] {
			if later.batches > 0 || later.ended {
				return damaged(filepath.Join(dir, log.name), log.good, errors.New("it ends there, but another log follows"))
			}
			r.files.leftover = append(r.files.leftover, later.name)
		}
		r.logs = r.logs[:i+1]
		break
	}
	if n := len(r.logs); n > 0 {
		last := r.logs[n-1]
		r.restored = last.copied || last.header.Restored && !last.marked
	}
	return nil
}

// readSnapshot returns the name of the log that goes on where the snapshot ends.
func (e *engine) readSnapshot(dir string, files durableFiles) (next string, err error) {
	path := filepath.Join(dir, files.snapshot.name)
	header := fileHeader{}
	found, err := e.readFrames(path, files.snapshot.name, &header, nil)
	if err != nil {
		return "", err
	}
	if !found.ended || found.torn > 0 {
		return "", damaged(path, found.good, errFrame)
	}
	return header.Next, nil
}

func (e *engine) readLog(dir, name string) (readLog, error) {
	path := filepath.Join(dir, name)
	var header fileHeader
	marked := false
	found, err := e.readFrames(path, name, &header, func(r record) {
		marked = marked || r.kind == recordMarked
	})
	if err != nil {
		return found, err
	}
	birth, err := birthOf(path)
	if err != nil {
		return found, err
	}
	found.header, found.marked, found.copied = header, marked, birth != header.Birth
	return found, nil
}

// readFrames does again what a file holds. What a crash may have left unfinished at its end is only counted.
func (e *engine) readFrames(path, name string, header *fileHeader, see func(record)) (found readLog, err error) {
	f, err := os.Open(path)
	if err != nil {
		return found, fmt.Errorf("read store: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	found.name = name
	frames, s := newFrameReader(f, seedOf(name)), newSession()
	for {
		payload, err := frames.next()
		found.frames, found.good = frames.number, frames.offset
		switch {
		case errors.Is(err, io.EOF) && found.frames > 0:
			return found, nil
		case errors.Is(err, errFrame) && found.frames > 0 && !found.ended:
			found.torn, err = tornTail(f, path, found.good, seedOf(name))
			return found, err
		case err != nil:
			return found, damaged(path, found.good, err)
		case found.ended:
			return found, damaged(path, found.good, errors.New("something stands behind its end"))
		case found.frames == 1:
			*header, err = readHeader(payload)
		default:
			err = e.replayPayload(s, payload, &found, see)
		}
		if err != nil {
			return found, damaged(path, found.good, err)
		}
	}
}

func (e *engine) replayPayload(s *session, payload []byte, found *readLog, see func(record)) error {
	if len(payload) == 0 {
		return errRecord
	}
	switch payload[0] {
	case payloadEnd:
		found.ended = true
		return nil
	case payloadBatch:
		found.batches++
		return readRecords(payload[1:], func(r record) error {
			if see != nil {
				see(r)
			}
			return e.replay(s, r)
		})
	}
	return fmt.Errorf("no frame is %q", payload[0])
}

// tornTail returns how many bytes stand behind the last whole frame, and refuses them if there is a whole one among them.
func tornTail(f *os.File, path string, good int64, seed uint32) (int64, error) {
	if _, err := f.Seek(good, io.SeekStart); err != nil {
		return 0, fmt.Errorf("read store: %w", err)
	}
	rest, err := io.ReadAll(f)
	if err != nil {
		return 0, fmt.Errorf("read store: %w", err)
	}
	if frameBehind(rest, seed) {
		return 0, damaged(path, good, errFrame)
	}
	return int64(len(rest)), nil
}
