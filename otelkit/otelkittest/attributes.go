package otelkittest

import (
	"strings"

	"go.opentelemetry.io/otel/attribute"
)

// Attributes are the attributes of something, by key. Values are strings,
// bools, int64, float64, []byte, slices of these, []any, and Attributes for
// groups and maps.
type Attributes map[string]any

// Get returns the value under key, and nil if there is none. A key of a value
// within groups is written with dots: "request.user.id". An attribute whose key
// itself has dots comes first.
func (a Attributes) Get(key string) any {
	if v, ok := a[key]; ok {
		return v
	}
	for i, c := range key {
		if c != '.' {
			continue
		}
		if group, ok := a[key[:i]].(Attributes); ok {
			if v := group.Get(key[i+1:]); v != nil {
				return v
			}
		}
	}
	return nil
}

func attributesOf(kvs []attribute.KeyValue) Attributes {
	out := make(Attributes, len(kvs))
	for _, kv := range kvs {
		out[string(kv.Key)] = plain(kv.Value)
	}
	return out
}

// plain returns v as a value of Go's own types.
func plain(v attribute.Value) any {
	switch v.Type() {
	case attribute.MAP:
		return attributesOf(v.AsMap())
	case attribute.SLICE:
		var list []any
		for _, e := range v.AsSlice() {
			list = append(list, plain(e))
		}
		return list
	}
	return v.AsInterface()
}

// walk calls f for each key at any depth, with the keys it is within.
func (a Attributes) walk(within string, f func(path, key string, value any)) {
	for key, value := range a {
		path := strings.TrimPrefix(within+"."+key, ".")
		f(path, key, value)
		if group, ok := value.(Attributes); ok {
			group.walk(path, f)
		}
	}
}
