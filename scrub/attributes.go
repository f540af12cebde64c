package scrub

import (
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/scrub/internal/detect"
)

// failureMarker stands in for what a wrapper could not scrub.
var failureMarker = detect.Bound.Marker

// failed counts a panic that came up in a wrapper, outside the guard that the
// engine puts around each value.
func (s *Scrubber) failed(sig signal) {
	s = s.orDefault()
	s.stats.fail(sig)
}

// gone tells that kv, which was changed, is to be left out. An attribute that is
// not Valid may just have an empty key.
func gone(kv attribute.KeyValue) bool { return kv.Key == "" && kv.Value.Type() == attribute.EMPTY }

// attributes returns kvs without their sensitive parts, and whether anything
// changed. It never changes kvs: if nothing changed the result is kvs itself,
// and nothing is allocated.
func (s *Scrubber) attributes(sig signal, kvs []attribute.KeyValue) ([]attribute.KeyValue, bool) {
	var out []attribute.KeyValue
	changed := false
	s = s.orDefault()
	for i := range kvs {
		kv := &kvs[i]
		if s.clean(kv) {
			if changed {
				out = append(out, *kv)
			}
			continue
		}
		clean, hit := s.closer(sig, kv)
		if hit && !changed {
			out = append(make([]attribute.KeyValue, 0, len(kvs)), kvs[:i]...)
			changed = true
		}
		if changed && !(hit && gone(clean)) {
			out = append(out, clean)
		}
	}
	if !changed {
		return kvs, false
	}
	return out, true
}

// rewrite applies f to each element of in. Like attributes it copies on the
// first change only. f returns false for keep to leave an element out.
func rewrite[T any](in []T, f func(T) (out T, keep, changed bool)) ([]T, bool) {
	var out []T
	changed := false
	for i, elem := range in {
		clean, keep, hit := f(elem)
		if hit && !changed {
			out = append(make([]T, 0, len(in)), in[:i]...)
			changed = true
		}
		if changed && keep {
			out = append(out, clean)
		}
	}
	if !changed {
		return in, false
	}
	return out, true
}

// set returns the set without its sensitive parts, and whether anything
// changed.
func (s *Scrubber) set(sig signal, set attribute.Set) (attribute.Set, bool) {
	s = s.orDefault()
	for it := set.Iter(); it.Next(); {
		kv := it.Attribute()
		if s.clean(&kv) {
			continue
		}
		// What is not clean is read, and counted, only here.
		kvs, changed := s.attributes(sig, set.ToSlice())
		if !changed {
			return set, false
		}
		return attribute.NewSet(kvs...), true
	}
	return set, false
}

// traceState returns ts without its sensitive parts. A list member whose mask
// would not be a valid value (W3C Trace Context, 3.3.1.3.2) is left out.
func (s *Scrubber) traceState(sig signal, ts trace.TraceState) (trace.TraceState, bool) {
	if ts.Len() == 0 {
		return ts, false
	}
	out, changed := ts, false
	ts.Walk(func(key, value string) bool {
		clean, hit := s.text(sig, key, value)
		if !hit {
			return true
		}
		changed = true
		next, err := out.Insert(key, clean)
		if err != nil || clean == "" {
			next = out.Delete(key)
		}
		out = next
		return true
	})
	return out, changed
}

// spanContext returns sc with its trace state scrubbed. Ids and flags stay.
func (s *Scrubber) spanContext(sig signal, sc trace.SpanContext) (trace.SpanContext, bool) {
	ts, hit := s.traceState(sig, sc.TraceState())
	if !hit {
		return sc, false
	}
	return sc.WithTraceState(ts), true
}
