package otelkit

import (
	"context"
	"errors"

	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/otelkit/otelkit-go/exporters/otlp"
	"github.com/otelkit/otelkit-go/scrub"
)

// pipeline is all that stands behind the providers. This file is the only place
// where an exporter or a foreign processor is attached, and attach is the only
// way to do it, behind the scrubber.
type pipeline struct {
	spans   sdktrace.SpanProcessor
	logs    sdklog.Processor
	metrics []sdkmetric.Exporter

	exporters []exporter // in the order in which they are shut down
}

// exporter is what the packages below exporters have in common. A processor is
// nil if its signal does not go there.
type exporter interface {
	SpanProcessor() sdktrace.SpanProcessor
	LogProcessor() sdklog.Processor
	Shutdown(context.Context) error
}

func newPipeline(cfg config, report func(error)) (*pipeline, error) {
	p := &pipeline{}
	if err := p.open(cfg, report); err != nil {
		return nil, errors.Join(err, p.shutdown(context.Background()))
	}
	p.attach(cfg, report)
	return p, nil
}

// open makes the exporters. What is open when one of them fails is in
// p.exporters.
func (p *pipeline) open(cfg config, report func(error)) error {
	out, err := otlp.New(otlpExporterOptions(cfg, report)...)
	if err != nil {
		return err
	}
	p.exporters = append(p.exporters, out)
	if m := out.MetricExporter(); m != nil {
		p.metrics = append(p.metrics, m)
	}
	return nil
}

// attach puts the exporters, and the processors that were given as options,
// behind the scrubber.
func (p *pipeline) attach(cfg config, report func(error)) {
	spans := spanFan{next: cfg.spanProcessors, report: report}
	logs := logFan{next: cfg.logProcessors, report: report}
	for _, e := range p.exporters {
		if sp := e.SpanProcessor(); sp != nil {
			spans.next = append(spans.next, sp)
		}
		if lp := e.LogProcessor(); lp != nil {
			logs.next = append(logs.next, lp)
		}
	}
	p.spans = scrub.NewSpanProcessor(spans, cfg.scrubber)
	p.logs = scrub.NewLogProcessor(logs, cfg.scrubber)
	p.metrics = append(p.metrics, cfg.metricExporters...)
	for i, m := range p.metrics {
		p.metrics[i] = scrub.NewMetricExporter(m, cfg.scrubber)
	}
}

// shutdown ends the exporters, after the providers have handed them everything.
func (p *pipeline) shutdown(ctx context.Context) error {
	var errs []error
	for _, e := range p.exporters {
		errs = append(errs, e.Shutdown(ctx))
	}
	return errors.Join(errs...)
}

func otlpExporterOptions(cfg config, report func(error)) []otlp.Option {
	opts := []otlp.Option{
		otlp.WithErrorHandler(report),
		otlp.WithBatch(otlp.Traces, cfg.spanBatch),
		otlp.WithBatch(otlp.Logs, cfg.logBatch),
	}
	if cfg.spoolDir != "" {
		opts = append(opts, otlp.WithSpool(cfg.spoolDir))
	}
	with := map[otlp.Signal]func(otlp.Endpoint) otlp.Option{
		otlp.Traces: otlp.WithTraces, otlp.Metrics: otlp.WithMetrics, otlp.Logs: otlp.WithLogs,
	}
	for s, e := range cfg.otlp {
		opts = append(opts, with[s](e))
	}
	return opts
}
