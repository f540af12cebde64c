package sentry

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
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
	default:
		return tidy(v.AsInterface(), depth)
	}
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
		// JSON would have base64, in which no scrubber finds anything.
		if !utf8.Valid(v) {
			return fmt.Sprintf("(%d bytes)", len(v))
		}
		return cut(string(v), maxText)
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
// have in JSON.
func reencode(v any, depth int) (out any) {
	defer func() {
		if recover() != nil {
			out = fmt.Sprintf("(%T)", v)
		}
	}()
	if items, ok := v.([]float64); ok {
		list := make([]any, 0, len(items))
		for _, f := range items {
			list = append(list, number(f))
		}
		return tidy(list, depth)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return cut(fmt.Sprint(v), maxValue)
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return cut(fmt.Sprint(v), maxValue)
	}
	return tidy(out, depth)
}
