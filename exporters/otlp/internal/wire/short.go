package wire

import (
	"encoding/binary"
	"math"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
)

// maxShort is the most bytes of a key and a text whose KeyValue, with the tags
// and lengths around them, has lengths of one byte each.
const maxShort = 1<<7 - 1 - 6

// short appends the KeyValue of a short key with a number, a bool or a short text,
// which most attributes are: what it does with them is what keyValue does, but
// with all lengths known beforehand. It reports whether kv was one.
func (e *Encoder) short(field uint64, kv *attribute.KeyValue) bool {
	key := string(kv.Key)
	if len(key) == 0 || len(key) > maxShort-binary.MaxVarintLen64 {
		return false
	}
	switch kv.Value.Type() {
	case attribute.STRING:
		return e.shortText(field, key, kv.Value.AsString())
	case attribute.INT64:
		n := uint64(kv.Value.AsInt64())
		if b := e.shortKey(field, key, 1+uvarintLen(n)); b != nil {
			b[0] = anyInt<<3 | typeVarint
			binary.PutUvarint(b[1:], n)
			return true
		}
	case attribute.FLOAT64:
		if b := e.shortKey(field, key, 1+8); b != nil {
			b[0] = anyDouble<<3 | typeFixed64
			binary.LittleEndian.PutUint64(b[1:], math.Float64bits(kv.Value.AsFloat64()))
			return true
		}
	case attribute.BOOL:
		if b := e.shortKey(field, key, 1+1); b != nil {
			b[0], b[1] = anyBool<<3|typeVarint, 0
			if kv.Value.AsBool() {
				b[1] = 1
			}
			return true
		}
	}
	return false
}

func (e *Encoder) shortText(field uint64, key, text string) bool {
	if len(key)+len(text) > maxShort || len(text) > e.maxValue() {
		return false
	}
	n := len(e.buf)
	b := e.room(8 + len(key) + len(text))
	b[0], b[1], b[2], b[3] = byte(field<<3|typeBytes), byte(6+len(key)+len(text)), 1<<3|typeBytes, byte(len(key))
	copy(b[4:], key)
	v := b[4+len(key):]
	v[0], v[1], v[2], v[3] = 2<<3|typeBytes, byte(2+len(text)), anyString<<3|typeBytes, byte(len(text))
	copy(v[4:], text)
	// Tags and lengths are ASCII here, so one look at all of it does.
	if isASCII(b) || utf8.ValidString(key) && utf8.ValidString(text) {
		return true
	}
	e.buf = e.buf[:n]
	return false
}

// shortKey appends the KeyValue of key up to its value, whose size bytes it
// returns, or nil if key is not UTF-8.
func (e *Encoder) shortKey(field uint64, key string, size int) []byte {
	n := len(e.buf)
	b := e.room(6 + len(key) + size)
	b[0], b[1], b[2], b[3] = byte(field<<3|typeBytes), byte(4+len(key)+size), 1<<3|typeBytes, byte(len(key))
	copy(b[4:], key)
	v := b[4+len(key):]
	v[0], v[1] = 2<<3|typeBytes, byte(size)
	if isASCII(b[:4+len(key)]) || utf8.ValidString(key) {
		return v[2:]
	}
	e.buf = e.buf[:n]
	return nil
}

// room appends n bytes, at least 4, of which the caller writes all.
func (e *Encoder) room(n int) []byte {
	start := len(e.buf)
	if cap(e.buf)-start < n {
		e.buf = append(e.buf, make([]byte, n)...)[:start]
	}
	e.buf = e.buf[:start+n]
	return e.buf[start:]
}

func isASCII(b []byte) bool {
	var all uint64
	for ; len(b) >= 8; b = b[8:] {
		all |= binary.LittleEndian.Uint64(b)
	}
	for _, c := range b {
		all |= uint64(c)
	}
	return all&0x8080808080808080 == 0
}
