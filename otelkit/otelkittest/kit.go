package otelkittest

import (
	"context"
	"encoding/binary"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"testing"

	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/otelkit"
)

// Kit is an [otelkit.Kit] that keeps in memory what would leave the process.
// Its methods are safe for concurrent use and see everything that was recorded
// before they were called, spans once they have ended.
type Kit struct {
	*otelkit.Kit

	tb      testing.TB
	order   *order
	spans   *spanRecorder
	logs    *logRecorder
	metrics *metricRecorder
	sentry  *sentryRecorder
}

// New starts a kit that ends with t. It reads no environment variable, touches
// no globals, sends nothing and prints nothing, so that tests run in parallel.
// All levels are on, all traces are sampled, and Sentry is on.
//
// Ids count from 1 in each kit. For a clock that is the same in every run, call
// New inside [testing/synctest.Test]; [Kit.Snapshot] levels times anyway.
//
// opts are put behind its own and may change all that.
func New(t testing.TB, opts ...otelkit.Option) *Kit {
	t.Helper()
	return start(t, append([]otelkit.Option{otelkit.WithoutGlobals()}, opts...))
}

// NewGlobal is [New] for code that logs through package slog or uses the globals
// of OpenTelemetry: until t ends, the kit is that of the process, as after
// [otelkit.Init] in main. Only one test at a time can have it, so it panics in
// parallel ones. OpenTelemetry's globals go on using the kit after that, which does
// nothing then.
func NewGlobal(t testing.TB, opts ...otelkit.Option) *Kit {
	t.Helper()
	t.Setenv("OTELKITTEST_GLOBAL", t.Name()) // it knows whether t is parallel
	return start(t, opts)
}

func start(t testing.TB, opts []otelkit.Option) *Kit {
	t.Helper()
	o := &order{}
	k := &Kit{tb: t, order: o, spans: newSpanRecorder(o), logs: &logRecorder{order: o}, metrics: &metricRecorder{}, sentry: &sentryRecorder{}}
	kit, err := otelkit.Init(t.Context(), append([]otelkit.Option{
		otelkit.WithoutEnvironment(),
		otelkit.WithServiceName("test"),
		otelkit.WithLogLevel(slog.LevelDebug),
		otelkit.WithConsole(otelkit.ConsoleOff),
		otelkit.WithDiagnostics(io.Discard),
		otelkit.WithoutRuntimeMetrics(),
		otelkit.WithIDGenerator(&ids{}),
		otelkit.WithSpanProcessor(k.spans),
		otelkit.WithLogProcessor(k.logs),
		otelkit.WithMetricExporter(k.metrics),
		otelkit.WithSentryDSN("http://publickey@sentry.invalid/1"),
		otelkit.WithSentryHTTPClient(&http.Client{Transport: k.sentry}),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	k.Kit = kit
	t.Cleanup(func() {
		if err := kit.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return k
}

// flush brings everything that was recorded to the recorders.
func (k *Kit) flush() {
	k.tb.Helper()
	if err := k.ForceFlush(context.WithoutCancel(k.tb.Context())); err != nil {
		k.tb.Error(err)
	}
}

// order counts what happens, across the signals.
type order struct{ last atomic.Int64 }

func (o *order) next() int64 { return o.last.Add(1) }

// ids is an id generator that counts.
type ids struct{ traces, spans atomic.Uint64 }

func (g *ids) NewIDs(ctx context.Context) (trace.TraceID, trace.SpanID) {
	var id trace.TraceID
	binary.BigEndian.PutUint64(id[8:], g.traces.Add(1))
	return id, g.NewSpanID(ctx, id)
}

func (g *ids) NewSpanID(context.Context, trace.TraceID) (id trace.SpanID) {
	binary.BigEndian.PutUint64(id[:], g.spans.Add(1))
	return id
}
