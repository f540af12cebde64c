package otlp

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	otellog "go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

type capture struct {
	sdklog.Processor

	record sdklog.Record
}

func (c *capture) OnEmit(_ context.Context, r *sdklog.Record) error {
	c.record = r.Clone()
	return nil
}

// tenFields is the record that performance is measured with.
func tenFields() *sdklog.Record {
	var c capture
	var r otellog.Record
	now := time.Now()
	r.SetTimestamp(now)
	r.SetObservedTimestamp(now)
	r.SetBody(attribute.StringValue("event_sent_to_kafka"))
	r.SetSeverity(info)
	r.SetSeverityText("INFO")
	r.AddAttributes(
		attribute.String("event_uuid", "0b8d5e0e-6e8c-4b5c-9d0e-0d3c3f1f6a11"),
		attribute.String("kafka_topic", "default"), attribute.String("request_id", "req-7f3a9c"),
		attribute.Int("attempt", 3), attribute.Int("partition", 12), attribute.Float64("ratio", .75),
		attribute.Int64("duration", int64(time.Second)), attribute.String("error", errors.New("broken pipe").Error()),
		attribute.Map("group", attribute.String("a", "b"), attribute.Int("n", 1)),
		attribute.String("time", now.Format(time.RFC3339Nano)),
	)
	newEmitter(&c).logger.Emit(context.Background(), r)
	return &c.record
}

// The log path takes one allocation for each map or array, to read it, and
// none of its own.
func TestLogAllocs(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes sync.Pool forget")
	}
	e, _ := logExporter(t, &fakeClient{answer: always(result{})}, WithBatch(Logs, Batch{MaxExportBatchSize: 1 << 20, ScheduleDelay: time.Hour}))
	defer func() { _ = e.Shutdown(t.Context()) }()
	p, r := e.LogProcessor(), tenFields()
	if got := testing.AllocsPerRun(5000, func() { _ = p.OnEmit(t.Context(), r) }); got > 2 {
		t.Errorf("OnEmit: %v allocations, want at most 2", got)
	}
}

func TestSpanAllocs(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes sync.Pool forget")
	}
	e, err := New(WithTraces(Endpoint{URL: "http://127.0.0.1:9/v1/traces"}), WithErrorHandler(nil),
		WithBatch(Traces, Batch{MaxExportBatchSize: 1 << 20, ScheduleDelay: time.Hour}))
	if err != nil {
		t.Fatal(err)
	}
	span := endedSpan()
	p := e.SpanProcessor()
	got := testing.AllocsPerRun(5000, func() { p.OnEnd(span) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_ = e.Shutdown(ctx)
	if got > 1 {
		t.Errorf("OnEnd: %v allocations, want at most 1", got)
	}
}

type keeper struct {
	sdktrace.SpanProcessor

	span sdktrace.ReadOnlySpan
}

func (k *keeper) OnStart(context.Context, sdktrace.ReadWriteSpan) {}
func (k *keeper) OnEnd(s sdktrace.ReadOnlySpan)                   { k.span = s }

func endedSpan() sdktrace.ReadOnlySpan {
	var k keeper
	tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(&k))
	_, span := tp.Tracer("t").Start(context.Background(), "op", trace.WithSpanKind(trace.SpanKindServer))
	span.SetAttributes(attribute.String("a", "b"), attribute.Int("n", 1), attribute.Bool("ok", true),
		attribute.String("http.route", "/items/{id}"), attribute.Float64("f", 1.5))
	span.End()
	return k.span
}

func BenchmarkOnEmit(b *testing.B) {
	e := newBenchExporter(b)
	p, r := e.LogProcessor(), tenFields()
	b.ReportAllocs()
	for b.Loop() {
		_ = p.OnEmit(b.Context(), r)
	}
}

func BenchmarkOnEmitParallel(b *testing.B) {
	e := newBenchExporter(b)
	p, r := e.LogProcessor(), tenFields()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_ = p.OnEmit(b.Context(), r)
		}
	})
}

// discard takes everything.
type discard struct{}

func (discard) send(context.Context, []byte) result { return result{} }
func (discard) close()                              {}

func newBenchExporter(b *testing.B) *Exporter {
	e, err := New(WithLogs(Endpoint{URL: "http://localhost/v1/logs"}), optionFunc(func(c *config) {
		c.dial = func(Signal, Endpoint, target) (client, error) { return discard{}, nil }
	}))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = e.Shutdown(b.Context()) })
	return e
}
