package wire

import (
	"encoding/binary"
	"slices"
)

// A field is one field of a message as it lies on the wire.
type field struct {
	number uint64
	value  uint64 // of a varint
	bytes  []byte // of a length-delimited field
	whole  []byte // key and value
}

// next takes the first field off msg. It returns false when msg is malformed.
func next(msg []byte) (f field, rest []byte, ok bool) {
	key, n := binary.Uvarint(msg)
	if n <= 0 || key>>3 == 0 {
		return f, nil, false
	}
	f.number = key >> 3
	switch key & 7 {
	case typeVarint:
		v, m := binary.Uvarint(msg[n:])
		if m <= 0 {
			return f, nil, false
		}
		f.value = v
		n += m
	case typeFixed64:
		n += 8
	case typeFixed32:
		n += 4
	case typeBytes:
		size, m := binary.Uvarint(msg[n:])
		if m <= 0 || size > uint64(len(msg)-n-m) {
			return f, nil, false
		}
		n += m
		f.bytes = msg[n : n+int(size)]
		n += int(size)
	default:
		return f, nil, false
	}
	if n > len(msg) {
		return f, nil, false
	}
	f.whole = msg[:n]
	return f, msg[n:], true
}

// Paths lead from an export request to its records: at each step the message
// is in one of the given fields. Log records and spans end at the third step,
// data points at the fifth.
var (
	LogPath    = Path{{1}, {2}, {2}}
	SpanPath   = Path{{1}, {2}, {2}}
	MetricPath = Path{{1}, {2}, {2}, {metricGauge, metricSum, metricHistogram, metricExponentialHistogram, metricSummary}, {1}}
)

// A Path is a list of steps, each a list of field numbers.
type Path [][]uint64

// Count returns how many records request holds, false if it is malformed.
func (p Path) Count(request []byte) (n int, ok bool) {
	if len(p) == 0 {
		return 1, true
	}
	for len(request) > 0 {
		var f field
		if f, request, ok = next(request); !ok {
			return 0, false
		}
		if slices.Contains(p[0], f.number) {
			inner, ok := p[1:].Count(f.bytes)
			if !ok {
				return 0, false
			}
			n += inner
		}
	}
	return n, true
}

// Split returns two requests that together hold the records of request. It
// returns false if there are fewer than two records or it is malformed. The
// halves are equal in the outermost list that has more than one element.
func (p Path) Split(request []byte) (a, b []byte, ok bool) {
	if len(p) == 0 {
		return nil, nil, false
	}
	var items, others [][]byte
	var only field
	for rest := request; len(rest) > 0; {
		var f field
		if f, rest, ok = next(rest); !ok {
			return nil, nil, false
		}
		if slices.Contains(p[0], f.number) {
			items, only = append(items, f.whole), f
		} else {
			others = append(others, f.whole)
		}
	}
	switch len(items) {
	case 0:
		return nil, nil, false
	case 1:
		if a, b, ok = p[1:].Split(only.bytes); !ok {
			return nil, nil, false
		}
		return join(others, wrap(only.number, a)), join(others, wrap(only.number, b)), true
	}
	half := len(items) / 2
	return join(others, items[:half]...), join(others, items[half:]...), true
}

func wrap(number uint64, msg []byte) []byte {
	out := binary.AppendUvarint(nil, number<<3|typeBytes)
	out = binary.AppendUvarint(out, uint64(len(msg)))
	return append(out, msg...)
}

func join(others [][]byte, items ...[]byte) []byte {
	return append(slices.Concat(others...), slices.Concat(items...)...)
}

// A Response is the answer to an export request.
type Response struct {
	// Rejected counts the records that the receiver did not take.
	Rejected int64
	// Message says why, or is a warning.
	Message string
}

// ParseResponse reads an Export…ServiceResponse; the three have the same
// fields. It returns false if b is not one.
func ParseResponse(b []byte) (r Response, ok bool) {
	for len(b) > 0 {
		var f field
		if f, b, ok = next(b); !ok {
			return Response{}, false
		}
		if f.number != 1 {
			continue
		}
		for partial := f.bytes; len(partial) > 0; {
			if f, partial, ok = next(partial); !ok {
				return Response{}, false
			}
			switch f.number {
			case 1:
				r.Rejected = int64(f.value)
			case 2:
				r.Message = string(f.bytes)
			}
		}
	}
	return r, true
}

// ParseCutResponse reads what it can of an Export…ServiceResponse whose end is
// missing: the count, which stands before the message.
func ParseCutResponse(b []byte) (r Response) {
	key, n := binary.Uvarint(b)
	if n <= 0 || key != 1<<3|typeBytes {
		return r
	}
	_, m := binary.Uvarint(b[n:])
	if m <= 0 {
		return r
	}
	for f, rest, ok := next(b[n+m:]); ok; f, rest, ok = next(rest) {
		if f.number == 1 {
			r.Rejected = int64(f.value)
		}
	}
	return r
}

// ParseStatus returns the message of a google.rpc.Status, "" if b is not one.
func ParseStatus(b []byte) string {
	var message string
	for len(b) > 0 {
		f, rest, ok := next(b)
		if !ok {
			return ""
		}
		if f.number == 2 {
			message = string(f.bytes)
		}
		b = rest
	}
	return message
}

// ParseRetryInfo returns the delay of a google.rpc.RetryInfo in seconds and
// nanoseconds.
func ParseRetryInfo(b []byte) (seconds, nanos int64) {
	for len(b) > 0 {
		f, rest, ok := next(b)
		if !ok {
			return 0, 0
		}
		for d := f.bytes; f.number == 1 && len(d) > 0; {
			var part field
			if part, d, ok = next(d); !ok {
				return 0, 0
			}
			switch part.number {
			case 1:
				seconds = int64(part.value)
			case 2:
				nanos = int64(part.value)
			}
		}
		b = rest
	}
	return seconds, nanos
}
