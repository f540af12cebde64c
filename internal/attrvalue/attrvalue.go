// Package attrvalue turns Go values of any type into OpenTelemetry attribute
// values, with their structure kept: a struct, a map or a slog group becomes a
// MAP whose keys a scrubber can judge, instead of one line of text that hides
// them.
//
// It calls methods of values it knows nothing about (Error, String, LogValue,
// MarshalText). Whatever these do, nothing panics out of this package.
package attrvalue

import (
	"encoding"
	"fmt"
	"log/slog"
	"math"
	"net/url"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
)

const (
	// maxDepth bounds how many pointers, structs, maps and slices deep a value
	// is followed. What lies deeper is named by its type only.
	maxDepth = 12
	// maxItems bounds the elements taken of one struct, map or slice.
	maxItems = 256
	// maxNodes bounds the elements taken of one value as a whole.
	maxNodes = 4096
)

// Of returns v as an attribute value. It never panics and ends for every v.
//
//   - nil and nil pointers are the empty value.
//   - bool, integers, floats and strings are themselves; an unsigned integer
//     above 2^63-1 and a complex number are their text.
//   - time.Time is RFC 3339 text with nanoseconds, time.Duration is text such
//     as 1.5s, []byte is text if it is valid UTF-8 and BYTESLICE otherwise.
//   - A slog.LogValuer is resolved, at any depth.
//   - An error, encoding.TextMarshaler or fmt.Stringer is its text, in this
//     order. A struct with scrub tags is no text but a MAP, unless it is an
//     error.
//   - A url.URL is its text, a *url.Userinfo a MAP of username and password.
//   - A struct is a MAP of its exported fields, named as encoding/json names
//     them. A field tagged json:"-" or scrub:"-" is left out, one tagged
//     scrub:"pii" is [REDACTED:pii.tag], likewise any other word.
//   - A map is a MAP, a slice or array of one basic kind the slice value of
//     that kind, any other slice a SLICE.
//   - A func, channel or unsafe pointer is its type.
//
// A method that panics yields text that starts with "!PANIC: ". A value that
// holds itself, lies too deep or has too many parts is cut there, with text
// that starts with "!CYCLE: ", "!DEPTH: " or "!TRUNCATED: ".
//
// Of reads v as encoding/json would: v must not be changed at the same time.
func Of(v any) attribute.Value {
	w := walker{nodes: maxNodes}
	return w.any(v)
}

// Text returns v as one text: what Of makes of it, with everything that has parts
// as JSON, whose keys a scrubber can judge. It never panics and ends for every v.
func Text(v any) string { return Of(v).String() }

// walker holds the bounds of one walk. It is used by one goroutine and thrown
// away.
type walker struct {
	nodes int   // elements that may still be taken
	depth int   // containers entered
	path  []ref // pointers, maps and slices entered, outermost first
}

// any is the way in for values that are not in a reflect.Value yet.
func (w *walker) any(v any) (out attribute.Value) {
	if v, ok := basic(v); ok {
		return v
	}
	// Errors are frequent; walk would come to the same by reflection.
	if err, ok := v.(error); ok {
		if _, ok := v.(slog.LogValuer); !ok {
			return call(err, err.Error)
		}
	}
	// Order is important here: methods are called with guards of their own,
	// this one is for what reflection may come across.
	defer func() {
		if r := recover(); r != nil {
			out = panicked(r)
		}
	}()
	return w.walk(reflect.ValueOf(v))
}

// basic converts the types that need neither reflection nor a guard.
func basic(v any) (attribute.Value, bool) {
	switch v := v.(type) {
	case nil:
		return attribute.Value{}, true
	case string:
		return attribute.StringValue(v), true
	case bool:
		return attribute.BoolValue(v), true
	case int:
		return attribute.IntValue(v), true
	case int64:
		return attribute.Int64Value(v), true
	case int32:
		return attribute.Int64Value(int64(v)), true
	case uint64:
		return unsigned(v), true
	case uint32:
		return attribute.Int64Value(int64(v)), true
	case float64:
		return attribute.Float64Value(v), true
	case float32:
		return attribute.Float64Value(float64(v)), true
	case time.Duration:
		return attribute.StringValue(v.String()), true
	case time.Time:
		return timestamp(v), true
	case []string:
		return attribute.StringSliceValue(v), true
	case []byte:
		return bytes(v), true
	case attribute.Value:
		return v, true
	case []attribute.KeyValue:
		return attribute.MapValue(v...), true
	}
	return attribute.Value{}, false
}

func unsigned(u uint64) attribute.Value {
	if u > math.MaxInt64 {
		return attribute.StringValue(strconv.FormatUint(u, 10))
	}
	return attribute.Int64Value(int64(u))
}

func timestamp(t time.Time) attribute.Value {
	return attribute.StringValue(t.Format(time.RFC3339Nano))
}

func bytes(b []byte) attribute.Value {
	if utf8.Valid(b) {
		return attribute.StringValue(string(b))
	}
	return attribute.ByteSliceValue(b)
}

// special converts a value that says itself how it is to be shown.
func (w *walker) special(v any, tagged bool) (attribute.Value, bool) {
	switch v := v.(type) {
	case slog.LogValuer:
		return w.slog(slog.AnyValue(v)), true
	case slog.Value:
		return w.slog(v), true
	case slog.Attr:
		return w.group([]slog.Attr{v}), true
	case []slog.Attr:
		return w.group(v), true
	case attribute.KeyValue:
		return attribute.MapValue(v), true
	case attribute.Set:
		return attribute.MapValue(v.ToSlice()...), true
	case time.Time:
		return timestamp(v), true
	case time.Duration:
		return attribute.StringValue(v.String()), true
	case error:
		return call(v, v.Error), true
	case url.URL:
		return call(v, v.String), true
	case *url.Userinfo:
		return userinfo(v), true
	}
	if tagged {
		return attribute.Value{}, false
	}
	switch v := v.(type) {
	case encoding.TextMarshaler:
		return call(v, func() string { return marshalText(v) }), true
	case fmt.Stringer:
		return call(v, v.String), true
	}
	return attribute.Value{}, false
}

// userinfo keeps apart what the text of a Userinfo joins, so that the password
// has a key.
func userinfo(u *url.Userinfo) attribute.Value {
	if u == nil {
		return attribute.Value{}
	}
	kvs := []attribute.KeyValue{attribute.String("username", u.Username())}
	if password, ok := u.Password(); ok {
		kvs = append(kvs, attribute.String("password", password))
	}
	return attribute.MapValue(kvs...)
}

func marshalText(v encoding.TextMarshaler) string {
	text, err := v.MarshalText()
	if err != nil {
		return "!ERROR: " + err.Error()
	}
	return string(text)
}

// call runs a method of receiver. A nil pointer whose method does not expect
// it is shown as such, as slog does.
func call(receiver any, method func() string) (out attribute.Value) {
	defer func() {
		if r := recover(); r != nil {
			if isNil(receiver) {
				out = attribute.Value{}
				return
			}
			out = panicked(r)
		}
	}()
	return attribute.StringValue(method())
}

func isNil(v any) bool {
	rv := reflect.ValueOf(v)
	return rv.Kind() == reflect.Pointer && rv.IsNil()
}

// panicked is the text for a value whose method panicked with r. It may hold
// what r holds: it is scrubbed like any other text.
func panicked(r any) attribute.Value {
	return attribute.StringValue("!PANIC: " + brief(r))
}

// brief is what a panic value says if it is a text or an error, else its type:
// looking further into what comes from a method that panics could go on for ever.
func brief(r any) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("%T", r)
		}
	}()
	switch r := r.(type) {
	case string:
		return r
	case error:
		return r.Error()
	}
	return fmt.Sprintf("%T", r)
}
