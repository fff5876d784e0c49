package storage

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// Files of the durable store are rows of frames. What is written with one fsync is one frame, and the next frame is begun only after that fsync:
// so a frame that cannot be read and has a good one behind it is damage, and one that has none is what a crash left unfinished.
//
// A frame is, little-endian: seed (4 bytes), length of the payload (4), number of the frame in its file (8), CRC-32C of the payload (4), CRC-32C of the
// 20 bytes before (4), payload. The seed is made of the file's name, part of which is random: nobody can write a text that looks like a frame.
const (
	frameHeader = 24
	// maxFrame bounds a payload, against lengths that make no sense.
	maxFrame = 1 << 30
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// seedOf is what the frames of a file of this name begin with.
func seedOf(name string) uint32 { return crc32.Checksum([]byte(name), castagnoli) }

// appendFrame appends a frame to dst.
func appendFrame(dst []byte, seed uint32, number uint64, payload []byte) []byte {
	start := len(dst)
	dst = binary.LittleEndian.AppendUint32(dst, seed)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(payload)))
	dst = binary.LittleEndian.AppendUint64(dst, number)
	dst = binary.LittleEndian.AppendUint32(dst, crc32.Checksum(payload, castagnoli))
	dst = binary.LittleEndian.AppendUint32(dst, crc32.Checksum(dst[start:], castagnoli))
	return append(dst, payload...)
}

// errFrame says that no frame can be read where one has to be.
var errFrame = errors.New("no whole frame here")

// frameReader reads the frames of one file in turn.
type frameReader struct {
	r      *bufio.Reader
	seed   uint32
	number uint64 // of the next frame
	offset int64  // where it begins
}

func newFrameReader(r io.Reader, seed uint32) *frameReader {
	return &frameReader{r: bufio.NewReaderSize(r, 64<<10), seed: seed}
}

// next returns the payload of the next frame: io.EOF behind the last one, errFrame if what is there is none.
func (f *frameReader) next() ([]byte, error) {
	var head [frameHeader]byte
	n, err := io.ReadFull(f.r, head[:])
	if n == 0 && errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	if err != nil {
		return nil, shortOr(err)
	}
	length, sum, ok := readFrameHeader(head[:], f.seed)
	if !ok || binary.LittleEndian.Uint64(head[8:]) != f.number {
		return nil, errFrame
	}
	var payload bytes.Buffer // grows with what is there, not with what the length says
	if _, err := io.CopyN(&payload, f.r, int64(length)); err != nil {
		return nil, shortOr(err)
	}
	if crc32.Checksum(payload.Bytes(), castagnoli) != sum {
		return nil, errFrame
	}
	f.number++
	f.offset += int64(frameHeader) + int64(length)
	return payload.Bytes(), nil
}

// shortOr keeps an error of the disk apart from a file that ends early.
func shortOr(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errFrame
	}
	return fmt.Errorf("read frame: %w", err)
}

func readFrameHeader(head []byte, seed uint32) (length, sum uint32, ok bool) {
	length, sum = binary.LittleEndian.Uint32(head[4:]), binary.LittleEndian.Uint32(head[16:])
	ok = binary.LittleEndian.Uint32(head) == seed && length <= maxFrame &&
		binary.LittleEndian.Uint32(head[20:]) == crc32.Checksum(head[:20], castagnoli)
	return length, sum, ok
}

// frameBehind looks for a whole frame anywhere in what stands behind the place where reading stopped.
func frameBehind(rest []byte, seed uint32) bool {
	begin := binary.LittleEndian.AppendUint32(nil, seed)
	for {
		at := bytes.Index(rest, begin)
		if at < 0 || len(rest)-at < frameHeader {
			return false
		}
		rest = rest[at:]
		length, sum, ok := readFrameHeader(rest, seed)
		if body := rest[frameHeader:]; ok && uint64(length) <= uint64(len(body)) && crc32.Checksum(body[:length], castagnoli) == sum {
			return true
		}
		rest = rest[1:]
	}
}
