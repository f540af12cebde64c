package spool

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// A record in a segment file is a header and the payload. Numbers are
// little-endian; both checksums are CRC-32C (Castagnoli, RFC 3720 B.4) and start
// from the file's salt.
//
//	0  4  magic, the last byte is the version of the format
//	4  1  state: live, or done; not under the checksum, as it is written over
//	5  1  signal
//	6  1  class
//	7  1  0
//	8  4  length of the payload
//	12 4  number of records inside
//	16 8  stamp: Unix nanoseconds of Put, made strictly increasing
//	24 4  checksum of the payload
//	28 4  checksum of bytes 0 to 27, the state taken as 0
const (
	headerSize  = 32
	stateOffset = 4

	// The two states differ in all eight bits: a few flipped ones make neither, and
	// what is neither counts as live, because a duplicate is better than a loss.
	stateLive = 0xA5
	stateDone = 0x5A
)

var (
	magic      = []byte{0xF7, 'o', 'k', 1}
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

type header struct {
	state    byte
	signal   byte
	class    Class
	length   uint32
	records  uint32
	stamp    uint64
	checksum uint32
}

// size is the room of the whole record.
func (h header) size() int64 { return headerSize + int64(h.length) }

func (h header) item(payload []byte) Item {
	return Item{Signal: h.signal, Class: h.class, Records: int(h.records), Payload: payload}
}

// appendRecord appends the record of an item to b.
func appendRecord(b []byte, salt uint32, stamp uint64, it Item) []byte {
	start := len(b)
	b = append(b, magic...)
	b = append(b, 0, it.Signal, byte(it.Class), 0)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(it.Payload)))
	b = binary.LittleEndian.AppendUint32(b, uint32(it.Records))
	b = binary.LittleEndian.AppendUint64(b, stamp)
	b = binary.LittleEndian.AppendUint32(b, crc32.Update(salt, castagnoli, it.Payload))
	b = binary.LittleEndian.AppendUint32(b, crc32.Update(salt, castagnoli, b[start:]))
	b[start+stateOffset] = stateLive
	return append(b, it.Payload...)
}

// parseHeader reads the header at the start of b, which is at least headerSize
// long.
func parseHeader(b []byte, salt uint32) (h header, ok bool) {
	if !bytes.HasPrefix(b, magic) {
		return header{}, false
	}
	var sealed [headerSize - 4]byte
	copy(sealed[:], b)
	sealed[stateOffset] = 0
	if crc32.Update(salt, castagnoli, sealed[:]) != binary.LittleEndian.Uint32(b[28:]) {
		return header{}, false
	}
	return header{
		state:    b[stateOffset],
		signal:   b[5],
		class:    Class(b[6]),
		length:   binary.LittleEndian.Uint32(b[8:]),
		records:  binary.LittleEndian.Uint32(b[12:]),
		stamp:    binary.LittleEndian.Uint64(b[16:]),
		checksum: binary.LittleEndian.Uint32(b[24:]),
	}, true
}

// maxVersion is the highest version of the format that there may ever be: what is
// above is damage.
const maxVersion = 31

var errVersion = errors.New("of another version of the format")

// otherVersion says whether a file starts with a record of another version of the
// format, and not with one of this version whose number is damaged.
func otherVersion(r io.ReaderAt, salt uint32, size int64) (bool, error) {
	var b [headerSize]byte
	if err := readFull(r, b[:min(size, headerSize)], 0); err != nil {
		return false, err
	}
	last := len(magic) - 1
	if version := b[last]; !bytes.HasPrefix(b[:], magic[:last]) || version == magic[last] || version == 0 || version > maxVersion {
		return false, nil
	}
	b[last] = magic[last]
	_, damaged := parseHeader(b[:], salt)
	return !damaged, nil
}

// findRecord returns the first header in r between off and end, and where it is.
// That is off itself unless something there is damaged. Without one it returns
// io.EOF.
func findRecord(r io.ReaderAt, salt uint32, off, end int64) (header, int64, error) {
	var b [headerSize]byte
	if off+headerSize > end {
		return header{}, end, io.EOF
	}
	if err := readFull(r, b[:], off); err != nil {
		return header{}, off, err
	}
	if h, ok := parseHeader(b[:], salt); ok {
		return h, off, nil
	}
	return searchRecord(r, salt, off+1, end)
}

// searchRecord looks for a header byte by byte. The salt, which only the file's
// name tells, keeps a payload from smuggling one in.
func searchRecord(r io.ReaderAt, salt uint32, off, end int64) (header, int64, error) {
	window := make([]byte, min(64<<10, max(0, end-off)))
	for off+headerSize <= end {
		b := window[:min(int64(len(window)), end-off)]
		if err := readFull(r, b, off); err != nil {
			return header{}, off, err
		}
		// A header has to be whole inside the window; the next one overlaps for that.
		last := len(b) - headerSize
		for i := 0; i <= last; i++ {
			hit := bytes.Index(b[i:last+len(magic)], magic)
			if hit < 0 {
				break
			}
			i += hit
			if h, ok := parseHeader(b[i:], salt); ok {
				return h, off + int64(i), nil
			}
		}
		off += int64(last) + 1
	}
	return header{}, end, io.EOF
}

// readPayload returns the payload of the record at off. It returns false if the
// checksum does not match.
func readPayload(r io.ReaderAt, salt uint32, off int64, h header) (payload []byte, ok bool, err error) {
	payload = make([]byte, h.length)
	if err := readFull(r, payload, off+headerSize); err != nil {
		return nil, false, err
	}
	return payload, crc32.Update(salt, castagnoli, payload) == h.checksum, nil
}

// readFull is ReadAt with an end before b is full as io.ErrUnexpectedEOF.
func readFull(r io.ReaderAt, b []byte, off int64) error {
	n, err := r.ReadAt(b, off)
	switch {
	case n == len(b):
		return nil
	case err == io.EOF:
		return io.ErrUnexpectedEOF
	}
	return err
}
