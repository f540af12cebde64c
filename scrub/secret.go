package scrub

import (
	"fmt"
	"log/slog"
)

const secretMarker = "[REDACTED]"

// Secret holds a value that prints as a mask everywhere: in fmt, slog, JSON
// and text. [Secret.Expose] is the only way to the value. The zero value
// holds the zero value of T. Where fmt may not call methods, in an unexported
// field of a struct, a Secret prints as an address.
//
// Copies of a Secret are == to it, and no others are; [reflect.DeepEqual]
// compares the values.
type Secret[T any] struct {
	// A T. fmt prints an address for it, even where it tells of a wrong verb,
	// for which it does follow pointers to structs and slices.
	value *any
}

// NewSecret returns a Secret that holds v.
func NewSecret[T any](v T) Secret[T] {
	held := any(v)
	return Secret[T]{&held}
}

// Expose returns the value.
func (s Secret[T]) Expose() (v T) {
	if s.value != nil {
		v, _ = (*s.value).(T) // false if v is a nil interface
	}
	return v
}

// String returns the mask.
func (Secret[T]) String() string { return secretMarker }

// GoString returns the mask.
func (Secret[T]) GoString() string { return secretMarker }

// Format writes the mask for every verb.
func (Secret[T]) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(secretMarker)) }

// LogValue returns the mask.
func (Secret[T]) LogValue() slog.Value { return slog.StringValue(secretMarker) }

// MarshalJSON returns the mask as a JSON string.
func (Secret[T]) MarshalJSON() ([]byte, error) { return []byte(`"` + secretMarker + `"`), nil }

// MarshalText returns the mask.
func (Secret[T]) MarshalText() ([]byte, error) { return []byte(secretMarker), nil }
