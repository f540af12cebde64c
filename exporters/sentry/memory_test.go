package sentry_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/otelkit/otelkit-go/exporters/sentry"
	"github.com/otelkit/otelkit-go/internal/sentrytest"
)

const mebibyte = 1 << 20

// heap is how much is in use after everything that can be was collected.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestMemoryOfSpansThatNeverEnd(t *testing.T) {
	if underRace {
		t.Skip("measures the heap, of which the race detector makes a multiple")
	}
	s := newService(t)
	ctx := t.Context()
	before := heap()
	for range 1_000_000 {
		_, _ = s.tracer.Start(ctx, "never ended")
	}
	grown := heap() - before
	t.Logf("heap grew by %.1f MiB", float64(grown)/mebibyte)
	if grown > 8*mebibyte {
		t.Errorf("heap grew by %.1f MiB, want less than 8", float64(grown)/mebibyte)
	}
	if n := s.sink.Stats().Traces; n > 4096 {
		t.Errorf("%d traces are remembered, want 4096 at most", n)
	}
	runtime.KeepAlive(s)
}

// 10,000 errors a second for 15 seconds while the server holds a request.
func TestMemoryInABlackHole(t *testing.T) {
	if underRace {
		t.Skip("measures the heap, of which the race detector makes a multiple")
	}
	s := newService(t, with(sentry.WithTotalRate(1_000_000), sentry.WithRate(1_000_000, time.Second)))
	s.receiver.Behave(sentrytest.BlackHole)
	second := func(n int) {
		for i := range 10_000 {
			ctx, span := s.tracer.Start(t.Context(), "job")
			s.log.InfoContext(ctx, "job_started", "job", i)
			s.log.ErrorContext(ctx, "job failed", "error", fmt.Errorf("failure %d of second %d", i, n))
			span.End()
		}
	}
	// How full the queues are when the heap is looked at is chance, and some
	// mebibytes. What grows is there in each of the last looks.
	before, after := int64(0), int64(math.MaxInt64)
	for n := range 3 {
		second(n)
		before = max(before, heap())
	}
	for n := range 12 {
		second(n + 3)
		if n >= 9 {
			after = min(after, heap())
		}
	}
	grown := after - before
	t.Logf("heap grew by %.1f MiB after the first three seconds; %+v", float64(grown)/mebibyte, s.sink.Stats())
	if grown > 8*mebibyte {
		t.Errorf("heap grew by %.1f MiB, want it flat", float64(grown)/mebibyte)
	}
	runtime.KeepAlive(s)
}
