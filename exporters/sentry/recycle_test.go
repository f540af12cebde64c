package sentry

import (
	"testing"

	"go.opentelemetry.io/otel/trace"
)

// A trace that the worker may hold on to must not become another one, and one
// that is used again must not keep what it told before.
func TestRecycle(t *testing.T) {
	t.Parallel()
	for name, used := range map[string]bool{"unknown to the worker": false, "known to the worker": true} {
		s := &newTraces().shards[0]
		first, _ := s.get(trace.TraceID{1})
		first.used = used
		s.step(first).message = "old news"
		if evicted := s.drop(first); evicted != nil {
			t.Errorf("%s: a trace without candidates is to be settled", name)
		}
		if n := s.like[0].Load(); n != 0 {
			t.Errorf("%s: %d traces seem to be left", name, n)
		}
		if s.crumbs != 0 || len(s.byID) != 0 {
			t.Errorf("%s: %d breadcrumbs, %d traces are left", name, s.crumbs, len(s.byID))
		}
		second, _ := s.get(trace.TraceID{2})
		if reused := first == second; reused == used {
			t.Errorf("%s: used again: %v", name, reused)
		}
		for _, c := range second.story[:cap(second.story)] {
			if c.message != "" {
				t.Errorf("%s: kept %q", name, c.message)
			}
		}
	}
}
