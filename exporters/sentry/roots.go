package sentry

import (
	"sync"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Bounds of what is remembered about open roots.
const (
	rootSets  = 256
	setLength = 16 // a full set gives up its roots in turn
	// sweepTime is how long an ended root may be kept from the garbage
	// collector.
	sweepTime = time.Second
)

// roots remembers the local root spans that are open, for the events that
// cannot wait for their end: these want the name and the request of the root
// too.
//
// A root comes by when it starts and not when it ends, since asking an ended
// span for its ids costs more than all else that it is asked. Room for a new
// one is made by looking which of its set have ended, and the worker looks at
// all of them now and then.
type roots struct {
	sets [rootSets]rootSet
	// wake tells the worker that there is something to sweep.
	wake chan struct{}
}

type rootSet struct {
	mu    sync.Mutex
	roots [setLength]openRoot
	taken int // places that are not free
	next  int // the place that is given up next, if no root of the set has ended
}

// openRoot is a local root span that has not ended, as far as is known. Its
// name may still change.
type openRoot struct {
	id   trace.TraceID
	span sdktrace.ReadWriteSpan // nil in a free place
}

func newRoots() *roots { return &roots{wake: make(chan struct{}, 1)} }

// of returns the set of id. Its last bytes are random in every generator in use.
func (r *roots) of(id trace.TraceID) *rootSet { return &r.sets[id[14]] }

func (r *roots) add(id trace.TraceID, span sdktrace.ReadWriteSpan) {
	s := r.of(id)
	s.mu.Lock()
	if s.taken == setLength {
		s.sweep()
	}
	first := s.taken == 0
	*s.place() = openRoot{id, span}
	s.mu.Unlock()
	if first {
		select {
		case r.wake <- struct{}{}:
		default:
		}
	}
}

// place returns a free place, or one that has to give way.
func (s *rootSet) place() *openRoot {
	if s.taken < setLength {
		s.taken++
		for i := range s.roots {
			if o := &s.roots[i]; o.span == nil {
				return o
			}
		}
	}
	o := &s.roots[s.next]
	s.next = (s.next + 1) % setLength
	return o
}

// innermost returns the open root of a trace that started last, nil if there
// is none. There is more than one if the process calls itself.
func (r *roots) innermost(id trace.TraceID) (found sdktrace.ReadOnlySpan) {
	s := r.of(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.roots {
		o := &s.roots[i]
		if o.id != id || o.span == nil || !o.span.IsRecording() {
			continue
		}
		if found == nil || found.StartTime().Before(o.span.StartTime()) {
			found = o.span
		}
	}
	return found
}

// above returns the root in which, or right below which, c was seen, nil if it is
// not known. It may have ended by now.
func (r *roots) above(c *candidate) (found sdktrace.ReadOnlySpan) {
	s := r.of(c.traceID)
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.roots {
		o := &s.roots[i]
		if o.id != c.traceID || o.span == nil {
			continue
		}
		switch o.span.SpanContext().SpanID() {
		case c.spanID:
			return o.span
		case c.parentID:
			found = o.span
		}
	}
	return found
}

// sweep forgets the roots that have ended, and reports whether any are left.
func (r *roots) sweep() (left bool) {
	for i := range r.sets {
		s := &r.sets[i]
		s.mu.Lock()
		s.sweep()
		left = left || s.taken > 0
		s.mu.Unlock()
	}
	return left
}

func (s *rootSet) sweep() {
	if s.taken == 0 {
		return
	}
	s.taken = 0
	for i := range s.roots {
		switch o := &s.roots[i]; {
		case o.span == nil:
		case o.span.IsRecording():
			s.taken++
		default:
			*o = openRoot{}
		}
	}
}
