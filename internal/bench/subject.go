package bench

import (
	"context"
	"io"
	"log/slog"
	"os"
	"time"

	"go.opentelemetry.io/contrib/bridges/otelslog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/otelkit"
)

// Subject is something to measure.
type Subject string

// The subjects. Each records one thing a call.
const (
	SlogJSON     Subject = "slog JSON to nowhere"
	PlainLog     Subject = "log: otelslog, BatchProcessor, otlploghttp"
	KitLog       Subject = "log: otelkit"
	PlainSpan    Subject = "span: sdk/trace, otlptracehttp"
	KitSpan      Subject = "span: otelkit"
	SlogDisabled Subject = "disabled level: slog"
	KitDisabled  Subject = "disabled level: otelkit"
)

// rig is a subject that is set up.
type rig struct {
	call  func(n int)                 // records n things
	flush func(context.Context) error // returns when everything is delivered
	close func(context.Context) error
}

func nothing(context.Context) error { return nil }

func each(f func()) func(int) {
	return func(n int) {
		for range n {
			f()
		}
	}
}

// callDisabled has its loop around the call itself: calling a function that
// calls would take a third of the time.
func callDisabled(ctx context.Context, l *slog.Logger) func(int) {
	return func(n int) {
		for range n {
			l.DebugContext(ctx, "cache_hit")
		}
	}
}

// setUp makes the subject send to the receiver at endpoint.
func (s Subject) setUp(ctx context.Context, endpoint string) (*rig, error) {
	if s.isRequest() {
		return s.setUpRequest(ctx, endpoint)
	}
	switch s {
	case SlogJSON:
		return slogJSON(ctx), nil
	case PlainLog:
		return plainLog(ctx, endpoint)
	case PlainSpan:
		return plainSpan(ctx, endpoint)
	case SlogDisabled:
		l := slog.New(slog.NewJSONHandler(io.Discard, nil))
		return &rig{callDisabled(ctx, l), nothing, nothing}, nil
	}
	return s.setUpKit(ctx, endpoint)
}

func slogJSON(ctx context.Context) *rig {
	l := slog.New(slog.NewJSONHandler(io.Discard, nil))
	return &rig{each(func() { logTen(ctx, l) }), nothing, nothing}
}

func plainLog(ctx context.Context, endpoint string) (*rig, error) {
	exporter, err := otlploghttp.New(ctx, otlploghttp.WithEndpointURL(endpoint+"/v1/logs"))
	if err != nil {
		return nil, err
	}
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(exporter)))
	l := otelslog.NewLogger("bench", otelslog.WithLoggerProvider(provider))
	ctx, _ = sdktrace.NewTracerProvider().Tracer("bench").Start(ctx, "request")
	return &rig{each(func() { logTen(ctx, l) }), provider.ForceFlush, provider.Shutdown}, nil
}

func plainSpan(ctx context.Context, endpoint string) (*rig, error) {
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(endpoint+"/v1/traces"))
	if err != nil {
		return nil, err
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
	tracer := provider.Tracer("bench")
	return &rig{each(func() { spanFive(ctx, tracer) }), provider.ForceFlush, provider.Shutdown}, nil
}

// setUpKit has everything on: scrub and correlation by default, and Sentry
// armed, at a port where nobody listens, since nothing here is an issue.
func (s Subject) setUpKit(ctx context.Context, endpoint string) (*rig, error) {
	kit, err := newKit(ctx, endpoint)
	if err != nil {
		return nil, err
	}
	l := kit.Logger("bench")
	tracer := kit.TracerProvider().Tracer("bench")
	switch s {
	case KitDisabled:
		return &rig{callDisabled(ctx, l), nothing, kit.Shutdown}, nil
	case KitSpan:
		return &rig{each(func() { spanFive(ctx, tracer) }), kit.ForceFlush, kit.Shutdown}, nil
	}
	ctx, _ = tracer.Start(ctx, "request")
	return &rig{each(func() { logTen(ctx, l) }), kit.ForceFlush, kit.Shutdown}, nil
}

func newKit(ctx context.Context, endpoint string) (*otelkit.Kit, error) {
	// Metrics go out once a minute; here every flush would send them, which those
	// of the plain subjects do not.
	if err := os.Setenv("OTEL_METRICS_EXPORTER", "none"); err != nil {
		return nil, err
	}
	return otelkit.Init(ctx,
		otelkit.WithServiceName("bench"),
		otelkit.WithEndpoint(endpoint),
		otelkit.WithSentryDSN("http://key@127.0.0.1:9/1"),
		otelkit.WithDiagnostics(io.Discard),
		otelkit.WithoutGlobals())
}

type timeout struct{}

func (timeout) Error() string { return "gateway: connection timed out" }

var (
	errGateway error = timeout{}
	noon             = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
)

// logTen logs ten fields of mixed kinds, about 450 bytes encoded.
func logTen(ctx context.Context, l *slog.Logger) {
	l.LogAttrs(ctx, slog.LevelInfo, "order_paid",
		slog.String("order_id", "ord-2f9c41"),
		slog.String("customer_tier", "gold"),
		slog.String("warehouse", "north-3"),
		slog.Int("items", 3),
		slog.Int("attempt", 1),
		slog.Float64("weight_kg", 12.75),
		slog.Duration("took", 18*time.Millisecond),
		slog.Any("warning", errGateway),
		slog.Group("shipping", slog.String("carrier", "parcel"), slog.Int("days", 2)),
		slog.Time("promised", noon),
	)
}

func spanFive(ctx context.Context, tracer trace.Tracer) {
	_, span := tracer.Start(ctx, "charge")
	span.SetAttributes(
		attribute.String("order_id", "ord-2f9c41"),
		attribute.String("carrier", "parcel"),
		attribute.Int("items", 3),
		attribute.Float64("weight_kg", 12.75),
		attribute.Bool("express", true),
	)
	span.End()
}
