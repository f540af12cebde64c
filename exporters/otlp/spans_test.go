package otlp

import (
	"context"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	otelcodes "go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	coltrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

// spanClient counts spans by name, unless it is down.
type spanClient struct {
	down atomic.Bool

	mu    sync.Mutex
	names map[string]int
}

func (c *spanClient) send(_ context.Context, payload []byte) result {
	if c.down.Load() {
		return result{verdict: retry, err: errDown}
	}
	var req coltrace.ExportTraceServiceRequest
	if err := proto.Unmarshal(payload, &req); err != nil {
		return result{verdict: refuse, err: err}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range req.ResourceSpans {
		for _, s := range r.ScopeSpans {
			for _, span := range s.Spans {
				c.names[span.Name]++
			}
		}
	}
	return result{}
}

func (c *spanClient) close() {}

func spanExporter(t *testing.T, opts ...Option) (*Exporter, *spanClient) {
	t.Helper()
	c := &spanClient{names: map[string]int{}}
	e, err := New(append(opts, WithTraces(Endpoint{URL: "http://localhost/v1/traces"}), WithErrorHandler(nil),
		optionFunc(func(cfg *config) {
			cfg.dial = func(Signal, Endpoint, target) (client, error) { return c, nil }
		}))...)
	if err != nil {
		t.Fatal(err)
	}
	return e, c
}

func TestFailedSpansAreTheLastToGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, c := spanExporter(t, WithQueueBytes(100<<10))
		c.down.Store(true)
		tracer := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(e.SpanProcessor())).Tracer("t")
		for range 100 {
			_, span := tracer.Start(t.Context(), "failed")
			span.SetStatus(otelcodes.Error, "no")
			span.End()
		}
		for range 5000 {
			_, span := tracer.Start(t.Context(), "fine")
			span.End()
		}
		c.down.Store(false)
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		b := e.Stats().Traces
		if c.names["failed"] != 100 || b.Dropped[DropQueueFull] == 0 || int(b.Delivered) != 100+c.names["fine"] {
			t.Errorf("delivered %v, books %+v", c.names, b)
		}
	})
}

// A span that is recorded but not sampled stays here.
func TestUnsampledSpansStay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, c := spanExporter(t)
		tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(e.SpanProcessor()),
			sdktrace.WithSampler(sdktrace.AlwaysRecord(sdktrace.NeverSample())))
		_, span := tp.Tracer("t").Start(t.Context(), "unsampled")
		if !span.IsRecording() {
			t.Fatal("the span is not recording, so nothing is proved")
		}
		span.End()
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if b := e.Stats().Traces; b.Accepted != 0 || len(c.names) != 0 {
			t.Errorf("sent %v, books %+v", c.names, b)
		}
	})
}

// net/http may read a body after the request has come back.
func TestBodyOutlivesItsRequest(t *testing.T) {
	t.Parallel()
	want := strings.Repeat("first", 1000)
	z := squeeze([]byte(want))
	body, err := z.body()
	if err != nil {
		t.Fatal(err)
	}
	z.release()
	for range 10 {
		squeeze([]byte(strings.Repeat("other", 1000)))
	}
	compressed, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := gunzip(compressed); err != nil || string(got) != want {
		t.Errorf("the body has changed: %v", err)
	}
	_ = body.Close()
	_ = body.Close() // twice is once
	if n := z.holders.Load(); n != 0 {
		t.Errorf("%d holders left", n)
	}
}
