package main

import (
	"context"
	"errors"
	"log/slog"
	"math"

	"go.opentelemetry.io/otel/metric"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// foreign returns the part that a script attaches to make trouble.
func (s *script) foreign() (f foreign) {
	switch s.Script {
	case "panic exporter":
		f.metrics = append(f.metrics, brokenExporter{})
	case "panic processor":
		f.logs = append(f.logs, brokenProcessor{})
	}
	return f
}

type brokenProcessor struct{ sdklog.Processor }

func (brokenProcessor) Enabled(context.Context, sdklog.EnabledParameters) bool { return true }
func (brokenProcessor) OnEmit(context.Context, *sdklog.Record) error           { panic("broken processor") }
func (brokenProcessor) ForceFlush(context.Context) error                       { return nil }
func (brokenProcessor) Shutdown(context.Context) error                         { return nil }

type brokenExporter struct{}

func (brokenExporter) Temporality(k sdkmetric.InstrumentKind) metricdata.Temporality {
	return sdkmetric.DefaultTemporalitySelector(k)
}

func (brokenExporter) Aggregation(k sdkmetric.InstrumentKind) sdkmetric.Aggregation {
	return sdkmetric.DefaultAggregationSelector(k)
}

func (brokenExporter) Export(context.Context, *metricdata.ResourceMetrics) error {
	panic("broken exporter")
}
func (brokenExporter) ForceFlush(context.Context) error { return nil }
func (brokenExporter) Shutdown(context.Context) error   { return nil }

const aliveBody = "still_here"

// alive lives for a few collections and says so.
func alive(ctx context.Context, s *script) outcome {
	s.counter("good").Add(ctx, 1)
	_ = pause(ctx, cycles)
	s.log.InfoContext(ctx, aliveBody)
	return outcome{}
}

type brokenValuer struct{}

func (brokenValuer) LogValue() slog.Value { panic("broken valuer") }

const troubleBody = "charge_failed"

func panicLogValuer(ctx context.Context, s *script) outcome {
	s.log.ErrorContext(ctx, troubleBody, "cause", brokenValuer{})
	return alive(ctx, s)
}

type emptyError struct{ text string }

func (e *emptyError) Error() string { return e.text }

func typedNil(ctx context.Context, s *script) outcome {
	var none *emptyError
	var err error = none
	s.log.ErrorContext(ctx, troubleBody, "cause", err)
	return alive(ctx, s)
}

func panicCallback(ctx context.Context, s *script) outcome {
	s.observe(func(context.Context, metric.Int64Observer) error { panic("broken callback") })
	return alive(ctx, s)
}

func failingCallback(ctx context.Context, s *script) outcome {
	s.observe(func(context.Context, metric.Int64Observer) error { return errors.New("no answer from the pool") })
	return alive(ctx, s)
}

func (s *script) observe(f metric.Int64Callback) {
	if _, err := s.meter.Int64ObservableGauge("pool", metric.WithInt64Callback(f)); err != nil {
		panic(err)
	}
}

func nan(ctx context.Context, s *script) outcome {
	c := s.counter("good")
	c.Add(ctx, 1)
	c.Add(ctx, math.NaN())
	c.Add(ctx, 2)
	_ = pause(ctx, cycles)
	return outcome{}
}
