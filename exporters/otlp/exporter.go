package otlp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/otelkit/otelkit-go/exporters/otlp/internal/wire"
)

// DefaultShutdownTimeout bounds Shutdown when its context has no deadline.
const DefaultShutdownTimeout = 5 * time.Second

// DefaultFlushTimeout bounds ForceFlush when its context has no deadline.
const DefaultFlushTimeout = 30 * time.Second

// Exporter sends the three signals to their receivers. Its methods are safe
// for concurrent use. A nil Exporter is off.
type Exporter struct {
	traces, metrics, logs *pipe // nil when the signal is off

	temporality sdkmetric.TemporalitySelector
	aggregation sdkmetric.AggregationSelector
}

// New returns an Exporter for the signals that have an endpoint. It makes no
// connection; a receiver that cannot be reached is not an error. Errors name
// the setting that is wrong and never hold a credential.
func New(opts ...Option) (*Exporter, error) {
	c := newConfig(opts)
	e := &Exporter{temporality: c.temporality, aggregation: c.aggregation}
	var errs [3]error
	e.traces, errs[0] = c.start(Traces, wire.SpanShape, wire.SpanPath)
	e.metrics, errs[1] = c.start(Metrics, wire.MetricShape, wire.MetricPath)
	e.logs, errs[2] = c.start(Logs, wire.LogShape, wire.LogPath)
	if err := errors.Join(errs[:]...); err != nil {
		_ = e.Shutdown(context.Background())
		return nil, err
	}
	return e, nil
}

func newConfig(opts []Option) config {
	c := config{
		endpoints:   map[Signal]Endpoint{},
		batches:     map[Signal]Batch{},
		spoolDelay:  DefaultSpoolDelay,
		handler:     func(err error) { fmt.Fprintln(os.Stderr, err) },
		temporality: sdkmetric.DefaultTemporalitySelector,
		aggregation: sdkmetric.DefaultAggregationSelector,
		dial:        dial,
	}
	for _, o := range opts {
		if o != nil {
			o.apply(&c)
		}
	}
	return c
}

func (c config) start(signal Signal, shape wire.Shape, path wire.Path) (*pipe, error) {
	endpoint, on := c.endpoints[signal]
	if !on {
		return nil, nil
	}
	return newPipe(signal, shape, path, c, endpoint)
}

// SpanProcessor returns the processor to register with a TracerProvider, nil
// if traces have no endpoint.
func (e *Exporter) SpanProcessor() sdktrace.SpanProcessor {
	if e == nil || e.traces == nil {
		return nil
	}
	return traces{e.traces}
}

// LogProcessor returns the processor to register with a LoggerProvider, nil if
// logs have no endpoint.
func (e *Exporter) LogProcessor() sdklog.Processor {
	if e == nil || e.logs == nil {
		return nil
	}
	return logs{e.logs}
}

// MetricExporter returns the exporter to give to a PeriodicReader, nil if
// metrics have no endpoint.
func (e *Exporter) MetricExporter() sdkmetric.Exporter {
	if e == nil || e.metrics == nil {
		return nil
	}
	return metrics{e.metrics, e.temporality, e.aggregation}
}

func (e *Exporter) pipes() []*pipe {
	if e == nil {
		return nil
	}
	return slices.DeleteFunc([]*pipe{e.traces, e.metrics, e.logs}, func(p *pipe) bool { return p == nil })
}

// ForceFlush sends what was accepted before the call and returns when as many
// records have been delivered or dropped as were waiting then, or ctx ends. What
// is not sent by then stays in the queue. Usually these are the records that were
// accepted before. If one request fails again and again while later ones are
// taken, these stand in for it: ForceFlush may then return nil although it still
// waits. Stats says what is pending.
func (e *Exporter) ForceFlush(ctx context.Context) error {
	return sideBySide(e.pipes(), func(p *pipe) error { return p.ForceFlush(ctx) })
}

// Shutdown sends what is left and ends the exporter's goroutines, within the
// deadline of ctx or DefaultShutdownTimeout if it has none. The error says how
// much could not be sent. Records that come later are ignored. Only the first
// call has an effect; others wait for it and return nil.
func (e *Exporter) Shutdown(ctx context.Context) error {
	return sideBySide(e.pipes(), func(p *pipe) error { return p.Shutdown(ctx) })
}

func sideBySide(pipes []*pipe, do func(*pipe) error) error {
	errs := make([]error, len(pipes))
	var all sync.WaitGroup
	for i, p := range pipes {
		all.Go(func() { errs[i] = do(p) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// Stats returns the books of all signals.
func (e *Exporter) Stats() Stats {
	var s Stats
	if e == nil {
		return s
	}
	if e.traces != nil {
		s.Traces = e.traces.ledger.books()
	}
	if e.metrics != nil {
		s.Metrics = e.metrics.ledger.books()
	}
	if e.logs != nil {
		s.Logs = e.logs.ledger.books()
	}
	return s
}
