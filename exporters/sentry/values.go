package sentry

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/internal/attrvalue"
)

// Bounds of a value in an event.
const (
	maxDepth = 8
	maxItems = 100
	maxValue = 2 << 10 // bytes of a text
)

// jsonValue turns v into what encoding/json can encode. One NaN would make
// sentry-go drop all contexts of an event.
func jsonValue(v attribute.Value, depth int) any {
	if depth > maxDepth {
		return "…"
	}
	switch v.Type() {
	case attribute.BOOL:
		return v.AsBool()
	case attribute.INT64:
		return v.AsInt64()
	case attribute.FLOAT64:
		return number(v.AsFloat64())
	case attribute.STRING:
		return cut(v.AsString(), maxValue)
	case attribute.SLICE:
		var out []any
		for i, item := range v.AsSlice() {
			if i == maxItems {
				return append(out, "…")
			}
			out = append(out, jsonValue(item, depth+1))
		}
		return out
	case attribute.MAP:
		out := map[string]any{}
		for i, kv := range v.AsMap() {
			if i == maxItems {
				out["…"] = "…"
				break
			}
			out[string(kv.Key)] = jsonValue(kv.Value, depth+1)
		}
		return out
	case attribute.EMPTY:
		return nil
	case attribute.BYTESLICE:
		return bytesText(v.AsByteSlice())
	case attribute.BOOLSLICE:
		return items(v.AsBoolSlice(), func(b bool) any { return b })
	case attribute.INT64SLICE:
		return items(v.AsInt64Slice(), func(i int64) any { return i })
	case attribute.FLOAT64SLICE:
		return items(v.AsFloat64Slice(), number)
	case attribute.STRINGSLICE:
		return items(v.AsStringSlice(), func(s string) any { return cut(s, maxValue) })
	default:
		return cut(v.String(), maxValue)
	}
}

func items[T any](list []T, value func(T) any) []any {
	out := make([]any, 0, min(len(list), maxItems+1))
	for i, item := range list {
		if i == maxItems {
			return append(out, "…")
		}
		out = append(out, value(item))
	}
	return out
}

// bytesText is what is shown of bytes. JSON would have base64, in which no
// scrubber finds anything.
func bytesText(b []byte) string {
	if !utf8.Valid(b) {
		return fmt.Sprintf("(%d bytes)", len(b))
	}
	return cut(string(b), maxText)
}

func number(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return f
}

// tidy copies a value of a context, of which nothing is known: sentry-go users
// and BeforeSend put anything there. What comes back is of the types that
// encoding/json decodes to, and shares nothing with what was given.
func tidy(v any, depth int) any {
	if depth > maxDepth {
		return "…"
	}
	switch v := v.(type) {
	case nil, bool, int, int64, uint64:
		return v
	case string:
		return cut(v, maxText)
	case []byte:
		return bytesText(v)
	case float64:
		return number(v)
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, item := range v {
			out[k] = tidy(item, depth+1)
		}
		return out
	case []any:
		out := make([]any, 0, min(len(v), maxItems))
		for i, item := range v {
			if i == maxItems {
				break
			}
			out = append(out, tidy(item, depth+1))
		}
		return out
	default:
		return reencode(v, depth)
	}
}

// reencode gives values with methods and tags of their own the form they would
// have in JSON, or in a log line if they have none in JSON: not every value can
// be encoded, and some contain themselves.
func reencode(v any, depth int) (out any) {
	defer func() {
		if recover() != nil {
			out = fmt.Sprintf("(%T)", v)
		}
	}()
	raw, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		return jsonValue(attrvalue.Of(v), depth)
	}
	found := encodings{left: maxLooked, bytes: map[string][]byte{}}
	if !found.collect(reflect.ValueOf(v)) {
		return jsonValue(attrvalue.Of(v), depth)
	}
	return tidy(found.decode(out), depth)
}

// maxLooked bounds how much of a value is searched for bytes.
const maxLooked = 4096

// encodings are the byte slices of a value by the base64 that JSON makes of
// them.
type encodings struct {
	left  int
	bytes map[string][]byte
}

// collect finds the byte slices in v, and reports whether it saw all of v.
func (e *encodings) collect(v reflect.Value) bool {
	if e.left--; e.left < 0 {
		return false
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return e.collect(v.Elem())
	case reflect.Struct:
		for field, item := range v.Fields() {
			if (field.IsExported() || field.Anonymous) && !e.collect(item) {
				return false
			}
		}
	case reflect.Map:
		for _, item := range v.Seq2() {
			if !e.collect(item) {
				return false
			}
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			if v.Kind() == reflect.Slice {
				e.bytes[base64.StdEncoding.EncodeToString(v.Bytes())] = v.Bytes()
			}
			return true
		}
		for i := range v.Len() {
			if !e.collect(v.Index(i)) {
				return false
			}
		}
	default:
	}
	return true
}

// decode puts the bytes in place of their encodings in a value that was JSON.
func (e *encodings) decode(v any) any {
	switch v := v.(type) {
	case string:
		if b, ok := e.bytes[v]; ok {
			return b
		}
	case []any:
		for i, item := range v {
			v[i] = e.decode(item)
		}
	case map[string]any:
		for k, item := range v {
			v[k] = e.decode(item)
		}
	}
	return v
}
