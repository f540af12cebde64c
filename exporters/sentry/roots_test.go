package sentry

import (
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// started returns a root span that is added to no roots.
func started(t *testing.T, name string) sdktrace.ReadWriteSpan {
	t.Helper()
	_, span := sdktrace.NewTracerProvider().Tracer("test").Start(t.Context(), name)
	return span.(sdktrace.ReadWriteSpan)
}

// nameOf is the name of the innermost open root of id.
func nameOf(r *roots, id trace.TraceID) string {
	if span := r.innermost(id); span != nil {
		return span.Name()
	}
	return ""
}

func TestSweepLetsEndedRootsGo(t *testing.T) {
	t.Parallel()
	r := newRoots()
	open, ended := started(t, "open"), started(t, "ended")
	r.add(trace.TraceID{1}, open)
	r.add(trace.TraceID{2}, ended)
	ended.End()
	if !r.sweep() {
		t.Error("nothing is left, want the open root")
	}
	if got := nameOf(r, trace.TraceID{1}); got != "open" {
		t.Errorf("the open root is %q", got)
	}
	for _, o := range r.sets[0].roots {
		if o.span == ended {
			t.Error("the ended root is kept from the garbage collector")
		}
	}
	open.End()
	if r.sweep() {
		t.Error("something is left, want nothing")
	}
}

func TestInnermostRoot(t *testing.T) {
	t.Parallel()
	r, id := newRoots(), trace.TraceID{1}
	outer := started(t, "outer")
	inner := started(t, "inner")
	r.add(id, outer)
	r.add(id, inner)
	for _, want := range []struct {
		name string
		then func()
	}{
		{"inner", func() { inner.End() }},
		{"outer", func() { outer.End() }},
		{"", func() {}},
	} {
		if got := nameOf(r, id); got != want.name {
			t.Errorf("innermost is %q, want %q", got, want.name)
		}
		want.then()
	}
}

// A full set gives up ended roots first, then open ones in turn.
func TestFullSet(t *testing.T) {
	t.Parallel()
	r := newRoots()
	for i := range setLength {
		span := started(t, "ended")
		if i == 3 {
			span = started(t, "open")
		} else {
			span.End()
		}
		r.add(trace.TraceID{byte(i)}, span)
	}
	for i := range setLength - 1 {
		r.add(trace.TraceID{100, byte(i)}, started(t, "later"))
	}
	if got := nameOf(r, trace.TraceID{3}); got != "open" {
		t.Errorf("the open root is %q after ended ones gave way", got)
	}
	for i := range setLength {
		r.add(trace.TraceID{200, byte(i)}, started(t, "last"))
	}
	if got := nameOf(r, trace.TraceID{3}); got != "" {
		t.Errorf("the open root is %q, want that it gave way", got)
	}
	if got := nameOf(r, trace.TraceID{200, 0}); got != "last" {
		t.Errorf("the newest root is %q", got)
	}
}
