package main

import (
	"context"
	"log/slog"
	"os"
	"strings"

	"go.opentelemetry.io/contrib/bridges/otelslog"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/metric"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/otelkit"
)

// subject is the telemetry of a service.
type subject string

const (
	plain subject = "plain"
	kit   subject = "otelkit"
)

// telemetry is a subject that is set up.
type telemetry struct {
	log    *slog.Logger
	tracer trace.Tracer
	meter  metric.Meter
	flush  func(context.Context) error
	close  func(context.Context) error
}

// foreign are parts of the service's own that are attached as well.
type foreign struct {
	spans   []sdktrace.SpanProcessor
	logs    []sdklog.Processor
	metrics []sdkmetric.Exporter
}

func (p plan) setUp(ctx context.Context, own foreign) (*telemetry, error) {
	if p.Subject == kit {
		return p.setUpKit(ctx, own)
	}
	return p.setUpPlain(ctx, own)
}

func (p plan) setUpKit(ctx context.Context, own foreign) (*telemetry, error) {
	opts := []otelkit.Option{
		otelkit.WithServiceName("delivery"),
		otelkit.WithEndpoint(p.Endpoint),
		otelkit.WithDiagnostics(os.Stderr),
		otelkit.WithoutRuntimeMetrics(),
	}
	if p.GRPC {
		opts = append(opts, otelkit.WithProtocol("grpc"))
	}
	if p.Spool != "" {
		opts = append(opts, otelkit.WithSpoolDir(p.Spool))
	}
	for _, sp := range own.spans {
		opts = append(opts, otelkit.WithSpanProcessor(sp))
	}
	for _, lp := range own.logs {
		opts = append(opts, otelkit.WithLogProcessor(lp))
	}
	for _, e := range own.metrics {
		opts = append(opts, otelkit.WithMetricExporter(e))
	}
	k, err := otelkit.Init(ctx, opts...)
	if err != nil {
		return nil, err
	}
	return &telemetry{
		k.Logger("delivery"), k.TracerProvider().Tracer("delivery"), k.MeterProvider().Meter("delivery"),
		k.ForceFlush, k.Shutdown,
	}, nil
}

// exporters are the official ones.
type exporters struct {
	spans   sdktrace.SpanExporter
	logs    sdklog.Exporter
	metrics sdkmetric.Exporter
}

func (p plan) setUpPlain(ctx context.Context, own foreign) (*telemetry, error) {
	e, err := p.exporters(ctx)
	if err != nil {
		return nil, err
	}
	traceOptions := []sdktrace.TracerProviderOption{sdktrace.WithBatcher(e.spans)}
	for _, sp := range own.spans {
		traceOptions = append(traceOptions, sdktrace.WithSpanProcessor(sp))
	}
	logOptions := []sdklog.LoggerProviderOption{sdklog.WithProcessor(sdklog.NewBatchProcessor(e.logs))}
	for _, lp := range own.logs {
		logOptions = append(logOptions, sdklog.WithProcessor(lp))
	}
	metricOptions := []sdkmetric.Option{sdkmetric.WithReader(sdkmetric.NewPeriodicReader(e.metrics))}
	for _, m := range own.metrics {
		metricOptions = append(metricOptions, sdkmetric.WithReader(sdkmetric.NewPeriodicReader(m)))
	}
	tp := sdktrace.NewTracerProvider(traceOptions...)
	lp := sdklog.NewLoggerProvider(logOptions...)
	mp := sdkmetric.NewMeterProvider(metricOptions...)
	return &telemetry{
		otelslog.NewLogger("delivery", otelslog.WithLoggerProvider(lp)), tp.Tracer("delivery"), mp.Meter("delivery"),
		inTurn(lp.ForceFlush, tp.ForceFlush, mp.ForceFlush), inTurn(tp.Shutdown, mp.Shutdown, lp.Shutdown),
	}, nil
}

func (p plan) exporters(ctx context.Context) (e exporters, err error) {
	if p.GRPC {
		addr := strings.TrimPrefix(p.Endpoint, "http://")
		if e.spans, err = otlptracegrpc.New(ctx, otlptracegrpc.WithEndpoint(addr), otlptracegrpc.WithInsecure()); err != nil {
			return e, err
		}
		if e.logs, err = otlploggrpc.New(ctx, otlploggrpc.WithEndpoint(addr), otlploggrpc.WithInsecure()); err != nil {
			return e, err
		}
		e.metrics, err = otlpmetricgrpc.New(ctx, otlpmetricgrpc.WithEndpoint(addr), otlpmetricgrpc.WithInsecure())
		return e, err
	}
	if e.spans, err = otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(p.Endpoint+"/v1/traces")); err != nil {
		return e, err
	}
	if e.logs, err = otlploghttp.New(ctx, otlploghttp.WithEndpointURL(p.Endpoint+"/v1/logs")); err != nil {
		return e, err
	}
	e.metrics, err = otlpmetrichttp.New(ctx, otlpmetrichttp.WithEndpointURL(p.Endpoint+"/v1/metrics"))
	return e, err
}

// inTurn is how the documentation of OpenTelemetry ends its providers. It
// returns the first error.
func inTurn(fns ...func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) (first error) {
		for _, fn := range fns {
			if err := fn(ctx); err != nil && first == nil {
				first = err
			}
		}
		return first
	}
}
