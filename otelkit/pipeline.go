package otelkit

import (
	"context"
	"errors"
	"slices"

	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdkresource "go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/otelkit/otelkit-go/exporters/console"
	"github.com/otelkit/otelkit-go/exporters/otlp"
	"github.com/otelkit/otelkit-go/exporters/sentry"
	"github.com/otelkit/otelkit-go/scrub"
)

// pipeline is all that stands behind the providers. This file is the only place
// where an exporter or a foreign processor is attached, and attach is the only
// way to do it, behind the scrubber.
type pipeline struct {
	spans     sdktrace.SpanProcessor
	logs      sdklog.Processor
	metrics   *sdkmetric.MeterProvider
	collector *otlp.Exporter
	sentry    *sentry.Sink // nil if errors do not go there

	exporters []exporter // in the order in which they are shut down
}

// exporter is what the packages below exporters have in common. A processor is
// nil if its signal does not go there.
type exporter interface {
	SpanProcessor() sdktrace.SpanProcessor
	LogProcessor() sdklog.Processor
	Shutdown(context.Context) error
}

func newPipeline(cfg config, res *sdkresource.Resource, report func(error)) (*pipeline, error) {
	p := &pipeline{}
	if err := p.open(cfg, res, report); err != nil {
		p.abandon()
		return nil, err
	}
	p.attach(cfg, report)
	return p, nil
}

// abandon ends what has been opened, without waiting: nothing is recorded yet.
func (p *pipeline) abandon() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if p.metrics != nil {
		_ = p.metrics.Shutdown(ctx)
	}
	_ = p.shutdown(ctx)
}

// open makes the exporters and the provider of metrics, with which the later
// ones count what they do. What is open when one of them fails is in p.
func (p *pipeline) open(cfg config, res *sdkresource.Resource, report func(error)) error {
	collector, err := otlp.New(otlpOptions(cfg, report)...)
	if err != nil {
		return err
	}
	p.exporters, p.collector = append(p.exporters, collector), collector

	metrics := cfg.metricExporters
	if m := collector.MetricExporter(); m != nil {
		metrics = append(metrics, m)
	}
	for i, m := range metrics {
		metrics[i] = scrub.NewMetricExporter(m, cfg.scrubber)
	}
	if p.metrics, err = newMeterProvider(cfg, res, metrics, report); err != nil {
		return err
	}
	if _, err := collector.Observe(p.metrics); err != nil {
		return err
	}

	if cfg.console != ConsoleOff {
		lines, err := console.New(consoleOptions(cfg)...)
		if err != nil {
			return err
		}
		p.exporters = append(p.exporters, lines)
	}
	if cfg.sentryOn() {
		sink, err := sentry.New(sentryOptions(cfg, p.metrics, report)...)
		if err != nil {
			return err
		}
		p.exporters, p.sentry = append(p.exporters, sink), sink
	}
	return nil
}

// attach puts the exporters, and the processors that were given as options,
// behind the scrubber.
func (p *pipeline) attach(cfg config, report func(error)) {
	spans := spanFan{next: cfg.spanProcessors, report: report}
	logs := logFan{next: slices.Clone(cfg.logProcessors), report: report}
	if cfg.sampledLogs {
		for i, lp := range logs.next {
			logs.next[i] = sampledLogs{lp}
		}
	}
	for _, e := range p.exporters {
		if sp := e.SpanProcessor(); sp != nil {
			spans.next = append(spans.next, sp)
		}
		if lp := e.LogProcessor(); lp != nil {
			if cfg.sampledLogs && e != exporter(p.sentry) {
				lp = sampledLogs{lp}
			}
			logs.next = append(logs.next, lp)
		}
	}
	p.spans = scrub.NewSpanProcessor(cfg.spanValues.spans(spans), cfg.scrubber)
	p.logs = scrub.NewLogProcessor(cfg.logValues.logs(logs), cfg.scrubber)
}

// shutdown ends the exporters, after the providers have handed them everything.
func (p *pipeline) shutdown(ctx context.Context) error {
	var errs []error
	for _, e := range p.exporters {
		errs = append(errs, e.Shutdown(ctx))
	}
	return errors.Join(errs...)
}
