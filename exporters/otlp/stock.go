package otlp

import (
	"context"
	"sync"

	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/grpc/credentials"
)

// This file stands in for the direct path while that is being built: the same
// interface over the exporters of the OpenTelemetry project. Their books stay
// empty.

type traces struct {
	sdktrace.SpanProcessor
	noBooks
	once sync.Once
}

func (t *traces) Shutdown(ctx context.Context) (err error) {
	t.once.Do(func() { err = t.SpanProcessor.Shutdown(ctx) })
	return err
}

type metrics struct {
	sdkmetric.Exporter
	noBooks
	once sync.Once
}

func (m *metrics) Shutdown(ctx context.Context) (err error) {
	m.once.Do(func() { err = m.Exporter.Shutdown(ctx) })
	return err
}

type logs struct {
	sdklog.Processor
	noBooks
	once sync.Once
}

func (l *logs) Shutdown(ctx context.Context) (err error) {
	l.once.Do(func() { err = l.Processor.Shutdown(ctx) })
	return err
}

type noBooks struct{}

func (noBooks) books() Books { return Books{} }

func (e *Exporter) startTraces(c config, ep Endpoint, t target) error {
	var x sdktrace.SpanExporter
	var err error
	if ep.Protocol == GRPC {
		opts := []otlptracegrpc.Option{otlptracegrpc.WithEndpoint(t.dialAddr()), otlptracegrpc.WithHeaders(ep.Headers), otlptracegrpc.WithTimeout(ep.timeout())}
		if t.secure {
			opts = append(opts, otlptracegrpc.WithTLSCredentials(credentials.NewTLS(ep.TLS)))
		} else {
			opts = append(opts, otlptracegrpc.WithInsecure())
		}
		if t.gzip {
			opts = append(opts, otlptracegrpc.WithCompressor("gzip"))
		}
		x, err = otlptracegrpc.New(context.Background(), opts...)
	} else {
		opts := []otlptracehttp.Option{otlptracehttp.WithEndpointURL(t.url.String()), otlptracehttp.WithHeaders(ep.Headers), otlptracehttp.WithTimeout(ep.timeout())}
		if t.secure && ep.TLS != nil {
			opts = append(opts, otlptracehttp.WithTLSClientConfig(ep.TLS))
		}
		if t.gzip {
			opts = append(opts, otlptracehttp.WithCompression(otlptracehttp.GzipCompression))
		}
		x, err = otlptracehttp.New(context.Background(), opts...)
	}
	if err != nil {
		return err
	}
	var opts []sdktrace.BatchSpanProcessorOption
	b := c.batches[Traces]
	if b.MaxQueueSize > 0 {
		opts = append(opts, sdktrace.WithMaxQueueSize(b.MaxQueueSize))
	}
	if b.ScheduleDelay > 0 {
		opts = append(opts, sdktrace.WithBatchTimeout(b.ScheduleDelay))
	}
	if b.MaxExportBatchSize > 0 {
		opts = append(opts, sdktrace.WithMaxExportBatchSize(b.MaxExportBatchSize))
	}
	e.traces = &traces{SpanProcessor: sdktrace.NewBatchSpanProcessor(x, opts...)}
	return nil
}

func (e *Exporter) startMetrics(c config, ep Endpoint, t target) error {
	var x sdkmetric.Exporter
	var err error
	if ep.Protocol == GRPC {
		opts := []otlpmetricgrpc.Option{
			otlpmetricgrpc.WithEndpoint(t.dialAddr()), otlpmetricgrpc.WithHeaders(ep.Headers), otlpmetricgrpc.WithTimeout(ep.timeout()),
			otlpmetricgrpc.WithTemporalitySelector(c.temporality), otlpmetricgrpc.WithAggregationSelector(c.aggregation),
		}
		if t.secure {
			opts = append(opts, otlpmetricgrpc.WithTLSCredentials(credentials.NewTLS(ep.TLS)))
		} else {
			opts = append(opts, otlpmetricgrpc.WithInsecure())
		}
		if t.gzip {
			opts = append(opts, otlpmetricgrpc.WithCompressor("gzip"))
		}
		x, err = otlpmetricgrpc.New(context.Background(), opts...)
	} else {
		opts := []otlpmetrichttp.Option{
			otlpmetrichttp.WithEndpointURL(t.url.String()), otlpmetrichttp.WithHeaders(ep.Headers), otlpmetrichttp.WithTimeout(ep.timeout()),
			otlpmetrichttp.WithTemporalitySelector(c.temporality), otlpmetrichttp.WithAggregationSelector(c.aggregation),
		}
		if t.secure && ep.TLS != nil {
			opts = append(opts, otlpmetrichttp.WithTLSClientConfig(ep.TLS))
		}
		if t.gzip {
			opts = append(opts, otlpmetrichttp.WithCompression(otlpmetrichttp.GzipCompression))
		}
		x, err = otlpmetrichttp.New(context.Background(), opts...)
	}
	if err != nil {
		return err
	}
	e.metrics = &metrics{Exporter: x}
	return nil
}

func (e *Exporter) startLogs(c config, ep Endpoint, t target) error {
	var x sdklog.Exporter
	var err error
	if ep.Protocol == GRPC {
		opts := []otlploggrpc.Option{otlploggrpc.WithEndpoint(t.dialAddr()), otlploggrpc.WithHeaders(ep.Headers), otlploggrpc.WithTimeout(ep.timeout())}
		if t.secure {
			opts = append(opts, otlploggrpc.WithTLSCredentials(credentials.NewTLS(ep.TLS)))
		} else {
			opts = append(opts, otlploggrpc.WithInsecure())
		}
		if t.gzip {
			opts = append(opts, otlploggrpc.WithCompressor("gzip"))
		}
		x, err = otlploggrpc.New(context.Background(), opts...)
	} else {
		opts := []otlploghttp.Option{otlploghttp.WithEndpointURL(t.url.String()), otlploghttp.WithHeaders(ep.Headers), otlploghttp.WithTimeout(ep.timeout())}
		if t.secure && ep.TLS != nil {
			opts = append(opts, otlploghttp.WithTLSClientConfig(ep.TLS))
		}
		if t.gzip {
			opts = append(opts, otlploghttp.WithCompression(otlploghttp.GzipCompression))
		}
		x, err = otlploghttp.New(context.Background(), opts...)
	}
	if err != nil {
		return err
	}
	var opts []sdklog.BatchProcessorOption
	b := c.batches[Logs]
	if b.MaxQueueSize > 0 {
		opts = append(opts, sdklog.WithMaxQueueSize(b.MaxQueueSize))
	}
	if b.ScheduleDelay > 0 {
		opts = append(opts, sdklog.WithExportInterval(b.ScheduleDelay))
	}
	if b.MaxExportBatchSize > 0 {
		opts = append(opts, sdklog.WithExportMaxBatchSize(b.MaxExportBatchSize))
	}
	e.logs = &logs{Processor: sdklog.NewBatchProcessor(x, opts...)}
	return nil
}
