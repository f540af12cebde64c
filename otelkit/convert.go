package otelkit

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/otelkit/otelkit-go/internal/attrvalue"
)

// appendErrors appends the error values that attr holds, groups included: an
// attribute keeps only their text.
func appendErrors(errs []error, attr slog.Attr) []error {
	switch v := attr.Value; v.Kind() {
	case slog.KindGroup:
		for _, member := range v.Group() {
			errs = appendErrors(errs, member)
		}
	case slog.KindAny:
		if err, ok := v.Any().(error); ok && !isNil(err) {
			errs = append(errs, err)
		}
	}
	return errs
}

// isNil reports whether err is a nil pointer in an interface, on which Error
// would panic.
func isNil(err error) bool {
	v := reflect.ValueOf(err)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// appendException appends the attributes that describe the first of errs
// (semantic conventions, "Exceptions in logs"). The SDK would derive them from
// Record.SetErr, but it calls Error unguarded.
func appendException(kvs []attribute.KeyValue, errs []error, stack string) []attribute.KeyValue {
	if len(errs) == 0 {
		return kvs
	}
	kvs = append(kvs,
		semconv.ExceptionType(errorType(errs[0])),
		attribute.KeyValue{Key: semconv.ExceptionMessageKey, Value: attrvalue.Of(errs[0])},
	)
	if stack != "" {
		kvs = append(kvs, semconv.ExceptionStacktrace(stack))
	}
	return kvs
}

// errorType names the type of err. Wrappers that only add text, such as those
// of [fmt.Errorf], say nothing about the cause, so the first type below them is
// taken.
func errorType(err error) (name string) {
	defer func() {
		// Unwrap is foreign code.
		if recover() != nil {
			name = fmt.Sprintf("%T", err)
		}
	}()
	if p, ok := err.(panicError); ok { //nolint:errorlint // what wraps it has a type of its own
		return fmt.Sprintf("%T", p.value)
	}
	typ := reflect.TypeOf(err)
	for typ == wrapErrorType {
		err = errors.Unwrap(err)
		if err == nil {
			break
		}
		typ = reflect.TypeOf(err)
	}
	return typ.String()
}

var wrapErrorType = reflect.TypeOf(fmt.Errorf("%w", errors.ErrUnsupported))

// lastOfEach removes, in place, each attribute whose key comes again later, and
// those without a key, which no record may have. The order of the rest stays.
func lastOfEach(kvs []attribute.KeyValue) []attribute.KeyValue {
	if len(kvs) > manyAttributes {
		return lastOfMany(kvs)
	}
	var seen uint64 // a bit for some keys: most keys differ from all others by theirs
	for i := range slices.Backward(kvs) {
		key := kvs[i].Key
		if key == "" {
			return withoutEarlier(kvs)
		}
		bit := uint64(1) << (sketch(key) % 64)
		if seen&bit != 0 && holds(kvs[i+1:], key) {
			return withoutEarlier(kvs)
		}
		seen |= bit
	}
	return kvs
}

// manyAttributes is from where on a table is faster than comparing all with all, and
// from where on a limit of attributes may cut some off.
const manyAttributes = 64

// lastOfMany is lastOfEach in linear time.
func lastOfMany(kvs []attribute.KeyValue) []attribute.KeyValue {
	seen := make(map[attribute.Key]bool, len(kvs))
	seen[""] = true
	start := len(kvs) // of what is kept, which grows towards the front
	for i := range slices.Backward(kvs) {
		if !seen[kvs[i].Key] {
			seen[kvs[i].Key] = true
			start--
			kvs[start] = kvs[i]
		}
	}
	return slices.Delete(kvs, 0, start)
}

// sketch tells most keys apart, and is the same for equal ones. key is not empty.
func sketch(key attribute.Key) uint {
	n := len(key)
	return uint(n) + 7*uint(key[0]) + 31*uint(key[n/2]) + 13*uint(key[n-1])
}

// withoutEarlier is lastOfEach where there is something to remove.
func withoutEarlier(kvs []attribute.KeyValue) []attribute.KeyValue {
	kept := kvs[:0]
	for i, kv := range kvs {
		if kv.Valid() && !holds(kvs[i+1:], kv.Key) {
			kept = append(kept, kv)
		}
	}
	clear(kvs[len(kept):])
	return kept
}

func holds(kvs []attribute.KeyValue, key attribute.Key) bool {
	for i := range kvs {
		if kvs[i].Key == key {
			return true
		}
	}
	return false
}
