package exportertest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/metric"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/internal/origin"
)

// defaultWatchdog is how long anything may take that must not block. It is far
// above what it takes, so that a busy machine does not fail a test, and far
// below "for ever".
const defaultWatchdog = 10 * time.Second

// rig is a service as the exporter sees it: providers in front of it, scrub
// between, a receiver behind it.
type rig struct {
	exporter Exporter
	receiver Receiver
	watchdog time.Duration

	spans   *sdktrace.TracerProvider
	logs    *sdklog.LoggerProvider
	metrics *sdkmetric.MeterProvider

	tracer  trace.Tracer
	logger  log.Logger
	counter metric.Int64Counter
}

func (s suite) rig(t testing.TB) *rig {
	t.Helper()
	r := &rig{watchdog: s.watchdog}
	r.exporter, r.receiver = s.new(t)
	res := resource.NewSchemaless(attribute.String("service.name", "exercise"), attribute.String("planted", Secret()))
	if s.scrub.Resource != nil {
		res = s.scrub.Resource(res)
	}
	r.provideSpans(s.scrub, res)
	r.provideLogs(s.scrub, res)
	if err := r.provideMetrics(s.scrub, res); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The receiver is closed after this; a deadline, since it may hang.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), r.watchdog)
		defer cancel()
		r.receiver.Break(Healthy)
		_ = r.metrics.Shutdown(ctx)
		_ = r.exporter.Shutdown(ctx)
	})
	return r
}

func (r *rig) provideSpans(s Scrub, res *resource.Resource) {
	opts := []sdktrace.TracerProviderOption{sdktrace.WithResource(res), sdktrace.WithSampler(sdktrace.AlwaysSample())}
	if p := r.exporter.SpanProcessor(); p != nil {
		if s.Spans != nil {
			p = s.Spans(p)
		}
		opts = append(opts, sdktrace.WithSpanProcessor(p))
	}
	r.spans = sdktrace.NewTracerProvider(opts...)
	r.tracer = r.spans.Tracer("exportertest")
}

func (r *rig) provideLogs(s Scrub, res *resource.Resource) {
	opts := []sdklog.LoggerProviderOption{sdklog.WithResource(res)}
	if p := r.exporter.LogProcessor(); p != nil {
		if s.Logs != nil {
			p = s.Logs(p)
		}
		opts = append(opts, sdklog.WithProcessor(p))
	}
	r.logs = sdklog.NewLoggerProvider(opts...)
	r.logger = r.logs.Logger("exportertest")
}

func (r *rig) provideMetrics(s Scrub, res *resource.Resource) (err error) {
	opts := []sdkmetric.Option{sdkmetric.WithResource(res)}
	if m, ok := r.exporter.(metricExporter); ok {
		if e := m.MetricExporter(); e != nil {
			if s.Metrics != nil {
				e = s.Metrics(e)
			}
			// The suite collects when it flushes, and at no other time.
			opts = append(opts, sdkmetric.WithReader(sdkmetric.NewPeriodicReader(e, sdkmetric.WithInterval(time.Hour))))
		}
	}
	r.metrics = sdkmetric.NewMeterProvider(opts...)
	r.counter, err = r.metrics.Meter("exportertest").Int64Counter("exercises")
	return err
}

var markers atomic.Int64

// newMarker returns a text that occurs nowhere else. It has no digits, which
// scrub or a grouping of issues might take for something variable.
func newMarker() string {
	b := []byte("marker")
	for n := markers.Add(1); n > 0; n /= 20 {
		b = append(b, byte('g'+n%20))
	}
	return string(b) + "end"
}

// record does what a failing request does, with marker in every place that an
// exporter might choose: an error on a root span, and its log record.
func (r *rig) record(ctx context.Context, marker string) {
	ctx, span := r.tracer.Start(ctx, "exercise "+marker, trace.WithNewRoot(), trace.WithAttributes(attribute.String("marker", marker)))
	err := errors.New("cannot " + marker)
	span.RecordError(err)
	span.SetStatus(codes.Error, err.Error())
	r.log(ctx, marker, err)
	span.End()
	r.counter.Add(ctx, 1, metric.WithAttributes(attribute.String("marker", marker)))
}

func (r *rig) log(ctx context.Context, marker string, err error, attrs ...attribute.KeyValue) {
	var rec log.Record
	rec.SetTimestamp(time.Now())
	rec.SetSeverity(log.SeverityError)
	rec.SetBody(attribute.StringValue("exercise_failed " + marker))
	rec.SetErr(err)
	rec.AddAttributes(attribute.String("marker", marker))
	rec.AddAttributes(attrs...)
	r.logger.Emit(origin.NewContext(ctx, &origin.Origin{Errors: []error{err}}), rec)
}

// flush delivers everything recorded so far.
func (r *rig) flush(ctx context.Context) error {
	return errors.Join(r.metrics.ForceFlush(ctx), r.exporter.ForceFlush(ctx))
}

// mustArrive records a marker and holds that it arrives while all is well.
func (r *rig) mustArrive(t testing.TB, when string) {
	t.Helper()
	marker := newMarker()
	r.record(t.Context(), marker)
	r.within(t, "ForceFlush "+when, func() {
		if err := r.flush(t.Context()); err != nil {
			t.Errorf("ForceFlush %s: %v", when, err)
		}
	})
	if !r.receiver.Contains(marker) {
		t.Errorf("what was recorded %s has not arrived when ForceFlush returns", when)
	}
}

// within fails the test if f blocks.
func (r *rig) within(t testing.TB, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(r.watchdog):
		t.Fatalf("%s still blocks after %v", what, r.watchdog)
	}
}

// manyMarkers returns n markers.
func manyMarkers(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = newMarker()
	}
	return all
}

// missing says which of the markers have not arrived.
func (r *rig) missing(markers []string) error {
	var n int
	for _, m := range markers {
		if !r.receiver.Contains(m) {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d records have not arrived", n, len(markers))
}
