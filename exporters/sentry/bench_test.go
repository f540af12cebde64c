package sentry_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/exporters/sentry"
	"github.com/otelkit/otelkit-go/internal/sentrytest"
)

// The cost for the caller: each benchmark runs the same path without and with
// a Sink.

// idle is a processor that costs what any processor costs.
type idle struct{}

func (idle) OnStart(context.Context, sdktrace.ReadWriteSpan)        {}
func (idle) OnEnd(sdktrace.ReadOnlySpan)                            {}
func (idle) Enabled(context.Context, sdklog.EnabledParameters) bool { return true }
func (idle) OnEmit(context.Context, *sdklog.Record) error           { return nil }
func (idle) ForceFlush(context.Context) error                       { return nil }
func (idle) Shutdown(context.Context) error                         { return nil }

// benchSink swallows what it is told: its server never answers.
func benchSink(b *testing.B) *sentry.Sink {
	r := sentrytest.New(b)
	r.Behave(sentrytest.BlackHole)
	sink, err := sentry.New(sentry.WithDSN(r.DSN()), sentry.WithErrorHandler(func(error) {}))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.WithoutCancel(b.Context()))
		cancel()
		_ = sink.Shutdown(ctx)
	})
	return sink
}

func eachProcessor(b *testing.B, f func(*testing.B, sdktrace.SpanProcessor, sdklog.Processor)) {
	b.Run("without", func(b *testing.B) { b.ReportAllocs(); f(b, idle{}, idle{}) })
	b.Run("with", func(b *testing.B) {
		b.ReportAllocs()
		sink := benchSink(b)
		f(b, sink.SpanProcessor(), sink.LogProcessor())
	})
}

// keepSpan is a processor that keeps the last span.
type keepSpan struct {
	idle
	span sdktrace.ReadOnlySpan
}

func (k *keepSpan) OnEnd(s sdktrace.ReadOnlySpan) { k.span = s }

func endedSpan(parent context.Context) sdktrace.ReadOnlySpan {
	k := &keepSpan{}
	_, span := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(k)).Tracer("bench").
		Start(parent, "work", trace.WithAttributes(attribute.String("k", "v")))
	span.End()
	return k.span
}

func BenchmarkSpanEnd(b *testing.B) {
	ctx := b.Context()
	for name, parent := range map[string]context.Context{
		"child": trace.ContextWithSpanContext(ctx, trace.NewSpanContext(trace.SpanContextConfig{
			TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagsSampled,
		})),
		"root": ctx,
	} {
		span := endedSpan(parent)
		b.Run(name, func(b *testing.B) {
			eachProcessor(b, func(b *testing.B, p sdktrace.SpanProcessor, _ sdklog.Processor) {
				for b.Loop() {
					p.OnEnd(span)
				}
			})
		})
	}
	b.Run("root beside a trace that logs", func(b *testing.B) {
		span := endedSpan(ctx)
		eachProcessor(b, func(b *testing.B, p sdktrace.SpanProcessor, logs sdklog.Processor) {
			r := infoRecord()
			_ = logs.OnEmit(ctx, &r)
			for b.Loop() {
				p.OnEnd(span)
			}
		})
	})
	b.Run("root started and ended", func(b *testing.B) {
		eachProcessor(b, func(b *testing.B, p sdktrace.SpanProcessor, _ sdklog.Processor) {
			tracer := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(p)).Tracer("bench")
			for b.Loop() {
				_, span := tracer.Start(ctx, "work")
				span.End()
			}
		})
	})
}

// keep is a processor that keeps the last record.
type keep struct {
	idle
	record sdklog.Record
}

func (k *keep) OnEmit(_ context.Context, r *sdklog.Record) error {
	k.record = r.Clone()
	return nil
}

func infoRecord() sdklog.Record {
	var r log.Record
	r.SetSeverity(log.SeverityInfo)
	r.SetBody(attribute.StringValue("event_sent_to_kafka"))
	r.AddAttributes(attribute.String("event_uuid", "0193"), attribute.String("kafka_topic", "default"), attribute.Int("size", 4711))
	k := &keep{}
	ctx := trace.ContextWithSpanContext(context.Background(),
		trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}}))
	sdklog.NewLoggerProvider(sdklog.WithProcessor(k)).Logger("bench").Emit(ctx, r)
	return k.record
}

func BenchmarkInfo(b *testing.B) {
	ctx := b.Context()
	eachProcessor(b, func(b *testing.B, _ sdktrace.SpanProcessor, p sdklog.Processor) {
		r := infoRecord()
		for b.Loop() {
			_ = p.OnEmit(ctx, &r)
		}
	})
}

// BenchmarkError logs an error in a trace of its own, over and over. What the
// worker does runs beside it in "with" and not at all in "with, caller alone",
// which is what an error costs the goroutine that logs it.
func BenchmarkError(b *testing.B) {
	b.Run("without", func(b *testing.B) { logErrors(b, idle{}, func() {}) })
	b.Run("with", func(b *testing.B) { logErrors(b, benchSink(b).LogProcessor(), func() {}) })
	b.Run("with, caller alone", func(b *testing.B) {
		sink := sentry.NewStill(b)
		logErrors(b, sink.LogProcessor(), sink.Empty)
	})
}

// logErrors calls empty before a Sink has to give up traces.
func logErrors(b *testing.B, p sdklog.Processor, empty func()) {
	b.ReportAllocs()
	logger := slog.New(handler{logger: sdklog.NewLoggerProvider(sdklog.WithProcessor(p)).Logger("bench")})
	err := fmt.Errorf("checkout: %w", errDeclined)
	var id trace.TraceID
	for i := 0; b.Loop(); i++ {
		if i%2048 == 0 {
			b.StopTimer()
			empty()
			b.StartTimer()
		}
		id[0], id[15] = byte(i>>8)+1, byte(i)
		ctx := trace.ContextWithSpanContext(b.Context(),
			trace.NewSpanContext(trace.SpanContextConfig{TraceID: id, SpanID: trace.SpanID{1}}))
		logger.ErrorContext(ctx, "checkout failed", "error", err)
	}
}

// BenchmarkCaptureError is the cost for the caller alone.
func BenchmarkCaptureError(b *testing.B) {
	b.ReportAllocs()
	sink := sentry.NewStill(b)
	err := fmt.Errorf("checkout: %w", errDeclined)
	for i := 0; b.Loop(); i++ {
		if i%1024 == 0 {
			b.StopTimer()
			sink.Empty()
			b.StartTimer()
		}
		sink.CaptureError(b.Context(), err)
	}
}
