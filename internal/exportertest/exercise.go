package exportertest

import (
	"context"
	"testing"
	"time"

	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// Exporter is the shape that all exporters share. A processor may be nil if
// the exporter has nothing for that signal. An exporter that also has a method
// MetricExporter() sdkmetric.Exporter is given metrics too.
type Exporter interface {
	SpanProcessor() sdktrace.SpanProcessor
	LogProcessor() sdklog.Processor
	ForceFlush(ctx context.Context) error
	Shutdown(ctx context.Context) error
}

type metricExporter interface{ MetricExporter() sdkmetric.Exporter }

// Receiver is the other end of an exporter. Its methods are safe for
// concurrent use.
type Receiver interface {
	// Contains reports whether text is in anything that has arrived.
	Contains(text string) bool
	// WaitFor returns nil once it is. It fails when ctx is done.
	WaitFor(ctx context.Context, text string) error
	// Break makes the receiver behave like f from now on.
	Break(f Fault)
}

// Fault is a state of a receiver.
type Fault int

// The states.
const (
	Healthy  Fault = iota
	Refusing       // answers each time that it cannot take it now
	Gone           // nobody listens
	Hanging        // takes the request and never answers
)

func (f Fault) String() string {
	return [...]string{"healthy", "refusing", "gone", "hanging"}[f]
}

// New makes an exporter and the receiver it sends to. It is called many times,
// also at the same time. An exporter that limits how much it sends is made with
// its limits out of the way: each case looks for what it recorded. New registers what the receiver needs done in the end
// with tb.Cleanup; the suite shuts down the exporter.
type New func(tb testing.TB) (Exporter, Receiver)

// Scrub is what stands between the providers and the exporter. Fields that are
// nil change nothing.
type Scrub struct {
	Spans    func(next sdktrace.SpanProcessor) sdktrace.SpanProcessor
	Logs     func(next sdklog.Processor) sdklog.Processor
	Metrics  func(next sdkmetric.Exporter) sdkmetric.Exporter
	Resource func(*resource.Resource) *resource.Resource
}

// Option configures [Exercise].
type Option interface{ apply(*suite) }

type optionFunc func(*suite)

func (f optionFunc) apply(s *suite) { f(s) }

// WithScrub puts s in front of the exporter instead of the stand-in.
func WithScrub(s Scrub) Option {
	return optionFunc(func(suite *suite) { suite.scrub = s })
}

type suite struct {
	new      New
	scrub    Scrub
	watchdog time.Duration
}

// Exercise runs the suite, each case in a parallel subtest with an exporter of
// its own. Run it under the race detector.
func Exercise(t *testing.T, newExporter New, opts ...Option) {
	t.Helper()
	s := suite{new: newExporter, scrub: standIn, watchdog: defaultWatchdog}
	for _, o := range opts {
		o.apply(&s)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.why)
			c.run(t, s.rig(t))
		})
	}
}
