package console

import (
	"encoding/base64"
	"math"
	"strconv"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

const jsonTime = "2006-01-02T15:04:05.000000000Z07:00"

// jsonFormat writes the schema of the package documentation.
type jsonFormat struct{}

func (jsonFormat) format(b []byte, e *entry) []byte {
	b = append(b, `{"time":"`...)
	b = e.time.UTC().AppendFormat(b, jsonTime)
	b = append(b, '"')
	b = appendStringField(b, "level", e.level)
	b = append(b, `,"event":`...)
	b = appendJSONString(b, e.event)
	if e.message.Type() != attribute.EMPTY {
		b = append(b, `,"message":`...)
		b = appendJSON(b, e.message)
	}
	b = appendStringField(b, "logger", e.logger)
	if e.span != nil {
		b = appendSpanFields(b, e.span)
	}
	b = appendAttributes(b, e.attrs)
	if e.span != nil {
		b = appendEvents(b, e.span.Events())
	}
	b = appendIDs(b, e)
	return append(b, "}\n"...)
}

func appendSpanFields(b []byte, s sdktrace.ReadOnlySpan) []byte {
	b = appendStringField(b, "kind", s.SpanKind().String())
	b = append(b, `,"duration_ms":`...)
	b = strconv.AppendFloat(b, float64(duration(s).Round(time.Microsecond))/1e6, 'f', -1, 64)
	b = appendStringField(b, "status", statusNames[s.Status().Code])
	return appendStringField(b, "status_message", s.Status().Description)
}

func appendEvents(b []byte, events []sdktrace.Event) []byte {
	for i, ev := range events {
		if i == 0 {
			b = append(b, `,"events":[`...)
		} else {
			b = append(b, ',')
		}
		b = append(b, `{"time":"`...)
		b = ev.Time.UTC().AppendFormat(b, jsonTime)
		b = append(b, `","event":`...)
		b = appendJSONString(b, ev.Name)
		b = appendAttributes(b, ev.Attributes)
		b = append(b, '}')
	}
	if len(events) > 0 {
		b = append(b, ']')
	}
	return b
}

func appendIDs(b []byte, e *entry) []byte {
	if e.traceID.IsValid() {
		b = append(b, `,"trace_id":"`...)
		b = appendHexBytes(b, e.traceID[:])
		b = append(b, '"')
	}
	if e.spanID.IsValid() {
		b = appendSpanID(b, "span_id", e.spanID)
	}
	if e.span != nil && e.span.Parent().HasSpanID() {
		b = appendSpanID(b, "parent_span_id", e.span.Parent().SpanID())
	}
	return b
}

func appendSpanID(b []byte, field string, id trace.SpanID) []byte {
	b = append(b, `,"`...)
	b = append(b, field...)
	b = append(b, `":"`...)
	b = appendHexBytes(b, id[:])
	return append(b, '"')
}

func appendHexBytes(b []byte, raw []byte) []byte {
	for _, c := range raw {
		b = appendHex(b, uint32(c), 2)
	}
	return b
}

// appendStringField leaves the field out if it is empty.
func appendStringField(b []byte, field, s string) []byte {
	if s == "" {
		return b
	}
	b = append(b, `,"`...)
	b = append(b, field...)
	b = append(b, `":`...)
	return appendJSONString(b, s)
}

func appendAttributes(b []byte, attrs []attribute.KeyValue) []byte {
	if len(attrs) == 0 {
		return b
	}
	b = append(b, `,"attributes":`...)
	return appendObject(b, attrs)
}

func appendObject(b []byte, kvs []attribute.KeyValue) []byte {
	b = append(b, '{')
	for i, kv := range kvs {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSONString(b, string(kv.Key))
		b = append(b, ':')
		b = appendJSON(b, kv.Value)
	}
	return append(b, '}')
}

// appendJSON appends any value.
func appendJSON(b []byte, v attribute.Value) []byte {
	switch v.Type() {
	case attribute.BOOL:
		return strconv.AppendBool(b, v.AsBool())
	case attribute.INT64:
		return strconv.AppendInt(b, v.AsInt64(), 10)
	case attribute.FLOAT64:
		return appendFloat(b, v.AsFloat64())
	case attribute.STRING:
		return appendJSONString(b, v.AsString())
	case attribute.BYTESLICE:
		b = append(b, '"')
		b = base64.StdEncoding.AppendEncode(b, v.AsByteSlice())
		return append(b, '"')
	case attribute.BOOLSLICE:
		return appendArray(b, v.AsBoolSlice(), strconv.AppendBool)
	case attribute.INT64SLICE:
		return appendArray(b, v.AsInt64Slice(), func(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) })
	case attribute.FLOAT64SLICE:
		return appendArray(b, v.AsFloat64Slice(), appendFloat)
	case attribute.STRINGSLICE:
		return appendArray(b, v.AsStringSlice(), appendJSONString)
	case attribute.SLICE:
		return appendArray(b, v.AsSlice(), appendJSON)
	case attribute.MAP:
		return appendObject(b, v.AsMap())
	}
	return append(b, "null"...)
}

func appendArray[T any](b []byte, all []T, one func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, v := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, v)
	}
	return append(b, ']')
}

// appendFloat writes what JSON has no number for as a string.
func appendFloat(b []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		b = append(b, '"')
		b = strconv.AppendFloat(b, f, 'g', -1, 64)
		return append(b, '"')
	}
	return strconv.AppendFloat(b, f, 'g', -1, 64)
}

// appendJSONString escapes more than JSON asks for: everything that a terminal
// could take for a command, since people look at such lines in terminals too.
func appendJSONString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' && c != 0x7f {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r >= utf8.RuneSelf && harmless(r, size) {
			i += size
			continue
		}
		b = append(b, s[start:i]...)
		b = appendJSONEscape(b, r)
		i += size
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

func appendJSONEscape(b []byte, r rune) []byte {
	switch {
	case r == '"' || r == '\\':
		return append(b, '\\', byte(r))
	case r == '\n':
		return append(b, `\n`...)
	case r == '\r':
		return append(b, `\r`...)
	case r == '\t':
		return append(b, `\t`...)
	case r > 0xffff:
		high, low := utf16.EncodeRune(r)
		b = appendHex(append(b, `\u`...), uint32(high), 4)
		return appendHex(append(b, `\u`...), uint32(low), 4)
	}
	return appendHex(append(b, `\u`...), uint32(r), 4)
}
