package otelkit

import (
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// scope is a request, task or command under way. Its goroutines share it.
type scope struct {
	mu      sync.Mutex
	late    []attribute.KeyValue // of BindScope; replaced, never written to
	failure error                // the first one captured
	span    trace.Span           // of the whole, to have bound attributes; may be nil
	ring    *ring                // nil unless DEBUG lines are kept

	exchange *exchange // the HTTP request that the scope is, or nil
	call     *grpcCall // the gRPC request that it is, or nil
}

func (k *Kit) newScope() *scope {
	if k.off() {
		return &scope{}
	}
	return &scope{ring: k.newRing()}
}

// add appends attributes to those of every later line.
func (s *scope) add(kvs []attribute.KeyValue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	// A new slice: lines under way read the old one.
	late := make([]attribute.KeyValue, 0, len(s.late)+len(kvs))
	s.late = lastOfEach(append(append(late, s.late...), kvs...))
	if s.span != nil {
		s.span.SetAttributes(kvs...)
	}
}

func (s *scope) appendTo(kvs []attribute.KeyValue) []attribute.KeyValue {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(kvs, s.late...)
}

// fail remembers that err was captured, and has the span named as well as can
// be, since what is captured is reported at once. It reports whether this is news:
// an error that is returned up to whoever runs the scope comes by again.
func (s *scope) fail(err error) bool {
	if s == nil {
		return true
	}
	serving := s.exchange != nil && isServing()
	s.mu.Lock()
	defer s.mu.Unlock()
	if serving {
		s.nameSpanLocked()
	}
	if s.failure == nil {
		s.failure = err
		return true
	}
	return !isAny(err, []error{s.failure})
}

// failed returns the first error that was captured, or nil.
func (s *scope) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failure
}
