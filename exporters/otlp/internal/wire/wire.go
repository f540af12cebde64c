// Package wire writes OTLP messages in the protobuf wire format straight from
// the types of the OpenTelemetry SDK, and takes requests apart that are too
// large. Field numbers are those of opentelemetry-proto v1.11.
package wire

import (
	"encoding/binary"
	"math"
	"strings"
	"time"
	"unicode/utf8"
)

// Encoder appends messages to a buffer it owns. It is not safe for concurrent
// use. The zero value is ready and caps values at DefaultMaxValue.
type Encoder struct {
	buf []byte
	// MaxValue is the most bytes of one string or byte value; longer ones are
	// cut. 0 means DefaultMaxValue.
	MaxValue int
	// Repaired counts strings whose invalid UTF-8 was replaced since Reset.
	Repaired int
	// Truncated counts values that were cut since Reset.
	Truncated int
}

// DefaultMaxValue is the most bytes of one value.
const DefaultMaxValue = 1 << 20

// TruncationMark ends a string that was cut.
const TruncationMark = "…[truncated]"

// maxDepth is how deep values nest before the rest is left out. The protobuf
// runtimes refuse messages nested deeper than 100 (some 10,000); a value costs
// two or three levels.
const maxDepth = 24

// Reset empties the buffer and the counts.
func (e *Encoder) Reset() {
	e.buf = e.buf[:0]
	e.Repaired, e.Truncated = 0, 0
}

// Next empties the buffer and keeps the counts.
func (e *Encoder) Next() { e.buf = e.buf[:0] }

// Bytes returns what was appended since Reset or Next, valid until the next call.
func (e *Encoder) Bytes() []byte { return e.buf }

func (e *Encoder) maxValue() int {
	if e.MaxValue > 0 {
		return e.MaxValue
	}
	return DefaultMaxValue
}

// The wire types.
const (
	typeVarint  = 0
	typeFixed64 = 1
	typeBytes   = 2
	typeFixed32 = 5
)

// tag appends the key of a field.
func (e *Encoder) tag(field, wireType uint64) { e.uvarint(field<<3 | wireType) }

// uvarint appends to e.buf in place: unlike an assignment of what
// binary.AppendUvarint returns, that stores no pointer, and so costs no write
// barrier while the garbage collector is at work.
func (e *Encoder) uvarint(v uint64) {
	for v >= 1<<7 {
		e.buf = append(e.buf, byte(v)|1<<7)
		v >>= 7
	}
	e.buf = append(e.buf, byte(v))
}

func (e *Encoder) raw64(v uint64) {
	e.buf = append(e.buf, byte(v), byte(v>>8), byte(v>>16), byte(v>>24),
		byte(v>>32), byte(v>>40), byte(v>>48), byte(v>>56))
}

// The fields below follow proto3: a zero value is left out.

func (e *Encoder) uint(field, v uint64) {
	if v != 0 {
		e.tag(field, typeVarint)
		e.uvarint(v)
	}
}

func (e *Encoder) sint(field uint64, v int32) {
	e.uint(field, uint64(uint32(v)<<1^uint32(v>>31)))
}

func (e *Encoder) fixed64(field, v uint64) {
	if v != 0 {
		e.oneofFixed64(field, v)
	}
}

func (e *Encoder) fixed32(field uint64, v uint32) {
	if v != 0 {
		e.tag(field, typeFixed32)
		e.buf = append(e.buf, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
	}
}

func (e *Encoder) double(field uint64, v float64) {
	e.fixed64(field, math.Float64bits(v))
}

func (e *Encoder) bytes(field uint64, v []byte) {
	if len(v) != 0 {
		e.tag(field, typeBytes)
		e.uvarint(uint64(len(v)))
		e.buf = append(e.buf, v...)
	}
}

func (e *Encoder) string(field uint64, s string) {
	if s != "" {
		e.oneofString(field, s)
	}
}

func (e *Encoder) time(field uint64, t time.Time) {
	e.fixed64(field, uint64(max(0, t.UnixNano())))
}

// count appends a number of dropped things.
func (e *Encoder) count(field uint64, n int) {
	e.uint(field, uint64(min(max(0, n), math.MaxUint32)))
}

// The fields of a oneof, and optional ones, are there even when they are zero.

func (e *Encoder) oneofFixed64(field, v uint64) {
	e.tag(field, typeFixed64)
	e.raw64(v)
}

func (e *Encoder) oneofString(field uint64, s string) {
	if limit := e.maxValue(); len(s) > limit {
		s = cut(s, limit)
		e.Truncated++
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
		e.Repaired++
	}
	e.tag(field, typeBytes)
	e.uvarint(uint64(len(s)))
	e.buf = append(e.buf, s...)
}

func (e *Encoder) oneofBytes(field uint64, b []byte) {
	if limit := e.maxValue(); len(b) > limit {
		b = b[:limit]
		e.Truncated++
	}
	e.tag(field, typeBytes)
	e.uvarint(uint64(len(b)))
	e.buf = append(e.buf, b...)
}

// cut shortens s to at most limit bytes on a rune boundary and marks it. A
// limit without room for the mark leaves only the text.
func cut(s string, limit int) string {
	mark := TruncationMark
	if limit < len(mark) {
		mark = ""
	}
	end := limit - len(mark)
	for end > 0 && end > limit-len(mark)-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + mark
}

// open starts a nested message and close ends it. One byte is set aside for
// the length; the few messages that need more are moved.
func (e *Encoder) open(field uint64) (start int) {
	e.tag(field, typeBytes)
	e.buf = append(e.buf, 0)
	return len(e.buf)
}

func (e *Encoder) close(start int) {
	n := len(e.buf) - start
	if n < 1<<7 {
		e.buf[start-1] = byte(n)
		return
	}
	extra := uvarintLen(uint64(n)) - 1
	e.buf = append(e.buf, "\x00\x00\x00\x00\x00\x00\x00\x00\x00"[:extra]...)
	copy(e.buf[start+extra:], e.buf[start:start+n])
	binary.PutUvarint(e.buf[start-1:], uint64(n))
}

func uvarintLen(v uint64) int {
	n := 1
	for v >= 1<<7 {
		v >>= 7
		n++
	}
	return n
}
