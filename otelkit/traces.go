package otelkit

import (
	"context"
	"strconv"

	sdkresource "go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// newTracerProvider returns the provider whose ended spans go to p.
func newTracerProvider(cfg config, res *sdkresource.Resource, p sdktrace.SpanProcessor, report func(error)) *sdktrace.TracerProvider {
	sampler := cfg.sampler
	if cfg.sentryOn() {
		// Errors of traces that are not sampled reach Sentry as well; exporters
		// still get sampled spans only.
		sampler = sdktrace.AlwaysRecord(sampler)
	}
	if cfg.boundSpans {
		p = boundSpans{p}
	}
	opts := []sdktrace.TracerProviderOption{
		sdktrace.WithResource(res),
		sdktrace.WithSampler(newRequestSampler(sampler, report)),
		sdktrace.WithRawSpanLimits(cfg.spanLimits),
		sdktrace.WithSpanProcessor(p),
	}
	if cfg.idGenerator != nil {
		opts = append(opts, sdktrace.WithIDGenerator(cfg.idGenerator))
	}
	return sdktrace.NewTracerProvider(opts...)
}

// tracerProvider is what the service sees of the provider. The SDK's own lets
// anybody attach a processor to it, beside the scrubber.
//
// It is comparable, as OpenTelemetry's globals want it.
type tracerProvider struct{ trace.TracerProvider }

// readSampler reads the sampler, by the names of the specification.
func (c *config) readSampler(env *environment) {
	const name, argName = "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"
	kind := "parentbased_always_on"
	env.choice(name, &kind, "always_on", "always_off", "traceidratio",
		"parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio")

	ratio := 1.0
	if v, ok := env.get(argName); ok {
		r, err := strconv.ParseFloat(v, 64)
		if err != nil || !(r >= 0 && r <= 1) {
			env.fail(argName, v, "must be a ratio from 0 to 1")
		}
		ratio = r
	}
	c.sampler = map[string]sdktrace.Sampler{
		"always_on":                sdktrace.AlwaysSample(),
		"always_off":               sdktrace.NeverSample(),
		"traceidratio":             sdktrace.TraceIDRatioBased(ratio),
		"parentbased_always_on":    sdktrace.ParentBased(sdktrace.AlwaysSample()),
		"parentbased_always_off":   sdktrace.ParentBased(sdktrace.NeverSample()),
		"parentbased_traceidratio": sdktrace.ParentBased(sdktrace.TraceIDRatioBased(ratio)),
	}[kind]
}

// spanFan hands spans to several processors. A panic in one of them costs it
// that span and nobody else anything.
type spanFan struct {
	next   []sdktrace.SpanProcessor
	report func(error)
}

var _ sdktrace.SpanProcessor = spanFan{}

func (f spanFan) OnStart(ctx context.Context, s sdktrace.ReadWriteSpan) {
	for _, p := range f.next {
		f.start(ctx, p, s)
	}
}

func (f spanFan) OnEnd(s sdktrace.ReadOnlySpan) {
	for _, p := range f.next {
		f.end(p, s)
	}
}

func (f spanFan) start(ctx context.Context, p sdktrace.SpanProcessor, s sdktrace.ReadWriteSpan) {
	defer reportPanic(f.report, "a span processor's OnStart")
	p.OnStart(ctx, s)
}

func (f spanFan) end(p sdktrace.SpanProcessor, s sdktrace.ReadOnlySpan) {
	defer reportPanic(f.report, "a span processor's OnEnd")
	p.OnEnd(s)
}

func (f spanFan) ForceFlush(ctx context.Context) error {
	return ofEach(f.next, f.report, "a span processor's ForceFlush", func(p sdktrace.SpanProcessor) error { return p.ForceFlush(ctx) })
}

func (f spanFan) Shutdown(ctx context.Context) error {
	return ofEach(f.next, f.report, "a span processor's Shutdown", func(p sdktrace.SpanProcessor) error { return p.Shutdown(ctx) })
}
