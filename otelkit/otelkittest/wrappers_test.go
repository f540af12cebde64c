package otelkittest

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/propagation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/otelkit/otelkit-go/exporters/console"
	"github.com/otelkit/otelkit-go/exporters/otlp"
	"github.com/otelkit/otelkit-go/exporters/sentry"
	"github.com/otelkit/otelkit-go/otelkit/otelkittest/internal/canary"
	"github.com/otelkit/otelkit-go/scrub"
)

// The wrappers of package scrub, by what they stand in front of.
const (
	spanWrapper       = "NewSpanProcessor"
	logWrapper        = "NewLogProcessor"
	metricWrapper     = "NewMetricExporter"
	viewWrapper       = "Views"
	resourceWrapper   = "Resource"
	loggerWrapper     = "NewLoggerProvider"
	propagatorWrapper = "NewPropagator"
	handlerWrapper    = "NewHandler"
	sentryWrapper     = "SentryEvent"
)

var allWrappers = []string{
	spanWrapper, logWrapper, metricWrapper, viewWrapper, resourceWrapper,
	loggerWrapper, propagatorWrapper, handlerWrapper, sentryWrapper,
}

// assembly builds the set-up of a service by hand, without some of the
// wrappers.
type assembly struct {
	protocol otlp.Protocol
	without  []string
}

func (a assembly) has(wrapper string) bool { return !slices.Contains(a.without, wrapper) }

func (a assembly) build(t testing.TB, exits *Exits) Pipeline {
	t.Helper()
	s, err := scrub.New()
	check(t, err)
	endpoint := exits.OTLPOverHTTP
	if a.protocol == otlp.GRPC {
		endpoint = exits.OTLPOverGRPC
	}
	collector, err := otlp.New(otlp.WithEndpoint(otlp.Endpoint{URL: endpoint(), Protocol: a.protocol, Compression: otlp.CompressionGzip}))
	check(t, err)
	lines, err := console.New(console.WithWriter(exits.Writer("console")), console.WithFormat(console.JSON))
	check(t, err)
	sentryOptions := []sentry.Option{sentry.WithDSN(exits.SentryDSN())}
	if a.has(sentryWrapper) {
		sentryOptions = append(sentryOptions, sentry.WithScrubber(s))
	}
	issues, err := sentry.New(sentryOptions...)
	check(t, err)

	res := resource.NewSchemaless(exits.Resource()...)
	if a.has(resourceWrapper) {
		res = scrub.Resource(res, s)
	}
	traces := []sdktrace.TracerProviderOption{sdktrace.WithResource(res)}
	logs := []sdklog.LoggerProviderOption{sdklog.WithResource(res)}
	for _, e := range []interface {
		SpanProcessor() sdktrace.SpanProcessor
		LogProcessor() sdklog.Processor
	}{collector, lines, issues} {
		sp, lp := e.SpanProcessor(), e.LogProcessor()
		if a.has(spanWrapper) {
			sp = scrub.NewSpanProcessor(sp, s)
		}
		if a.has(logWrapper) {
			lp = scrub.NewLogProcessor(lp, s)
		}
		traces, logs = append(traces, sdktrace.WithSpanProcessor(sp)), append(logs, sdklog.WithProcessor(lp))
	}
	tp, lp, mp := sdktrace.NewTracerProvider(traces...), sdklog.NewLoggerProvider(logs...), a.meters(collector, res, s)
	p := Pipeline{
		TracerProvider: tp, LoggerProvider: lp, MeterProvider: mp, Sentry: issues.Client(),
		Propagator: propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}),
		Shutdown: func(ctx context.Context) error {
			return errors.Join(tp.Shutdown(ctx), lp.Shutdown(ctx), mp.Shutdown(ctx), collector.Shutdown(ctx), lines.Shutdown(ctx), issues.Shutdown(ctx))
		},
	}
	if a.has(loggerWrapper) {
		p.LoggerProvider = scrub.NewLoggerProvider(lp, s)
	}
	if a.has(propagatorWrapper) {
		p.Propagator = scrub.NewPropagator(p.Propagator, s)
	}
	handler := slog.Handler(slog.NewMultiHandler(slog.NewJSONHandler(exits.Writer("JSON lines"), nil), slog.NewTextHandler(exits.Writer("text lines"), nil)))
	if a.has(handlerWrapper) {
		handler = scrub.NewHandler(handler, s)
	}
	p.Logger = slog.New(handler)
	return p
}

func (a assembly) meters(collector *otlp.Exporter, res *resource.Resource, s *scrub.Scrubber) *sdkmetric.MeterProvider {
	exporter := collector.MetricExporter()
	if a.has(metricWrapper) {
		exporter = scrub.NewMetricExporter(exporter, s)
	}
	options := []sdkmetric.Option{
		sdkmetric.WithResource(res),
		sdkmetric.WithReader(sdkmetric.NewPeriodicReader(exporter, sdkmetric.WithInterval(time.Hour))),
	}
	if a.has(viewWrapper) {
		options = append(options, sdkmetric.WithView(scrub.Views(s)...))
	}
	return sdkmetric.NewMeterProvider(options...)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// places returns where leaks were planted, each once.
func places(leaks []canary.Leak) []string {
	var all []string
	for _, l := range leaks {
		all = append(all, l.Place)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func startsWithAny(text string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(text, p) })
}
